// The console's window: rail, list, chat and the pane beside it, and the keys that move between them.
#pragma once

#include "core/settings/Settings.h"
#include "ui/panels/ChatListPane.h"
#include "ui/panels/ChatPane.h"
#include "ui/panels/Rail.h"
#include "ui/panels/SettingsPage.h"
#include "ui/panels/Shortcuts.h"
#include "ui/panels/SyncPage.h"

class QSplitter;
class QStackedWidget;

namespace parley::ui {

class CommandPalette;
struct PaletteEntry;

class MainWindow : public QWidget
{
    Q_OBJECT

public:
    /// side is the pane beside the chat (may be null); the window takes it over. now is the wall clock.
    MainWindow(Theme &theme, settings::Settings &settings, std::function<QDateTime()> now, QWidget *side,
               QWidget *parent = nullptr);
    ~MainWindow() override;

    [[nodiscard]] Rail &rail() { return *m_rail; }
    [[nodiscard]] ChatListPane &list() { return *m_list; }
    [[nodiscard]] ChatPane &chat() { return *m_chat; }
    [[nodiscard]] SyncPage &sync() { return *m_sync; }
    [[nodiscard]] SettingsPage &settingsPage() { return *m_settingsPage; }

    void showPage(Page page);
    [[nodiscard]] Page page() const;
    /// Says it politely to assistive technology, without taking the focus.
    void announce(const QString &text);
    /// The record's keys (save, attach, options …) are pressed in the window and done by the side pane, which
    /// may be hidden at that moment.
    void setRecordActs(std::function<void(Act, int)> handler);
    /// Where the company's website (here: the demo's) can be looked at as a visitor does; empty: not offered.
    void setVisitorPage(const QUrl &page) { m_visitorPage = page; }
    [[nodiscard]] bool isSideDrawer() const { return m_isDrawer; }
    [[nodiscard]] bool isSideShown() const;
    void setSideShown(bool shown);
    void setSideWidth(int width); ///< as the side pane asks: 400, 440, 608; the chat keeps its minimum

signals:
    void acted(parley::ui::Act act, int n); ///< what the binding must do: open, accept, end, attach …
    void closing();

protected:
    void resizeEvent(QResizeEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void closeEvent(QCloseEvent *event) override;
    bool focusNextPrevChild(bool next) override;
    bool eventFilter(QObject *object, QEvent *event) override;

private:
    void build(QWidget *side);
    void bindKeys();
    void act(Act act, int n);
    void actOnRecord(Act act, int n);
    void adapt();
    void adaptSide();
    void placeDrawer();
    [[nodiscard]] QList<QWidget *> panes() const;
    [[nodiscard]] QWidget *paneOf(QWidget *widget) const;
    void goToPane(int step);
    void focusInto(QWidget *pane);
    void peel();
    void showMore(const QPoint &globalPos);
    void openPalette();
    [[nodiscard]] QList<PaletteEntry> paletteEntries();
    void openVisitorPage();
    void restore();

    Theme &m_theme;
    settings::Settings &m_settings;
    Rail *m_rail;
    QStackedWidget *m_pages;
    QSplitter *m_splitter;
    ChatListPane *m_list;
    ChatPane *m_chat;
    QWidget *m_side;
    SyncPage *m_sync;
    SettingsPage *m_settingsPage;
    CommandPalette *m_palette;
    std::function<void(Act, int)> m_recordActs;
    QList<QObject *> m_recordShortcuts;
    QUrl m_visitorPage;
    int m_sideWidth = 400;
    bool m_isDrawer = false;
    bool m_isSideWanted = true;  ///< as the agent chose it for the wide window
    bool m_isListOpened = false; ///< the strip is a list for as long as the agent looks at who waits
};

} // namespace parley::ui
