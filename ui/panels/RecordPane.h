// The right pane of the console: the visitor, the visitor's CRM record, and the forms to make one. Joins the
// views to the desk.
#pragma once

#include "core/desk/DeskValues.h"
#include "ui/panels/FormView.h"
#include "ui/panels/Shortcuts.h"

#include <QStackedWidget>

class QShortcut;

namespace parley::desk {
class Desk;
}

namespace parley::ui {

class RecordTabView;
class RecordTabs;
class VisitorPane;

class RecordPane : public QWidget
{
    Q_OBJECT

public:
    RecordPane(desk::Desk &desk, Theme &theme, QWidget *parent);
    ~RecordPane() override;

    /// An empty id: no chat is open.
    void showChat(ChatId id);
    [[nodiscard]] ChatId chat() const { return m_chat; }
    /// 400; 440 while there is one of several to choose; 608 with a form.
    [[nodiscard]] int preferredWidth() const { return m_preferredWidth; }
    /// The window's keys that are about the record; n is the option's number.
    void act(Act act, int n);

signals:
    void preferredWidthChanged(int width);
    void toggleRequested(); ///< show or hide this pane
    void connectRequested();
    void signInRequested();
    void syncOpened();

private:
    QWidget *buildTabsPage();
    void joinView();
    void joinForm();
    void readRecent();
    void addKeys();
    void save();
    void switchTab();
    void tellTab();
    void tellChat();
    void tellStatus();
    void tellWidth();
    void openForm(desk::CreateOption option);
    void showForm(bool shown);
    void saveForm(const FieldMap &values, bool evenIfDuplicate);
    void useDuplicate(const RecordRef &ref);
    void closeForm();
    void focusView();
    void leaveForm();
    void openUrl(const QUrl &url);
    [[nodiscard]] bool isFormShown() const;

    desk::Desk &m_desk;
    Theme &m_theme;
    ChatId m_chat;
    int m_preferredWidth = 400;
    /// Forms that stay open while the agent looks at another chat.
    QHash<ChatId, desk::RecordForm> m_forms;
    QStackedWidget *m_stack = nullptr; ///< tabs, or the form
    QShortcut *m_escape = nullptr;
    RecordTabs *m_tabs = nullptr;
    QStackedWidget *m_pages = nullptr;
    VisitorPane *m_visitor = nullptr;
    RecordTabView *m_view = nullptr;
    FormView *m_form = nullptr;
    IconLabel *m_statusIcon = nullptr;
    ElidedLabel *m_status = nullptr;
    Button *m_openSync = nullptr;
    IconButton *m_lookAgain = nullptr;
};

} // namespace parley::ui
