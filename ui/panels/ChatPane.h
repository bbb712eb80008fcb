// The middle of the window: a chat's header, thread and composer, or what to do when there is none.
#pragma once

#include "ui/panels/ChatHeader.h"
#include "ui/panels/Composer.h"
#include "ui/panels/EndChatPanel.h"
#include "ui/panels/ThreadView.h"

class QLineEdit;
class QStackedWidget;

namespace parley::ui {

class Toasts;

class ChatPane : public Ground
{
    Q_OBJECT

public:
    ChatPane(Theme &theme, std::function<QDateTime()> now, QWidget *parent = nullptr);

    void showNothing();
    /// The parts of the chat that is shown; whoever calls gives them all when the chat changes.
    void showRow(const desk::ChatRow &row, const QString &crmName, const QString &crmShort);
    [[nodiscard]] ChatId shown() const { return m_row.id; }
    void setLoading(bool loading);                                ///< "Reading earlier messages…"
    void setOffline(const QString &title, const QString &detail); ///< empty title: online
    void openFind();
    bool closeTop(); ///< Esc: the uppermost of find bar and end panel; false: nothing was open

    [[nodiscard]] ChatHeader &header() { return *m_header; }
    [[nodiscard]] ContextBar &context() { return *m_context; }
    [[nodiscard]] ThreadView &thread() { return *m_thread; }
    [[nodiscard]] TypingStrip &typing() { return *m_typing; }
    [[nodiscard]] Composer &composer() { return *m_composer; }
    [[nodiscard]] EndChatPanel &endPanel() { return *m_endPanel; }
    [[nodiscard]] Toasts &toasts() { return *m_toasts; }

signals:
    void acceptAsked(const parley::ChatId &id);

protected:
    void resizeEvent(QResizeEvent *event) override;
    bool eventFilter(QObject *object, QEvent *event) override;

private:
    void buildChat();
    void buildFind(QVBoxLayout &column);
    void placeFloating();

    Theme &m_theme;
    QStackedWidget *m_stack;
    EmptyState *m_nothing;
    QWidget *m_chat;
    ChatHeader *m_header;
    ContextBar *m_context;
    QWidget *m_findBar = nullptr;
    QLineEdit *m_findEdit = nullptr;
    Label *m_findResult = nullptr;
    Skeleton *m_skeleton;
    ThreadView *m_thread;
    Banner *m_offline;
    TypingStrip *m_typing;
    Composer *m_composer;
    QWidget *m_acceptRow;
    EndChatPanel *m_endPanel;
    Toasts *m_toasts;
    desk::ChatRow m_row;
};

} // namespace parley::ui
