#include "ui/panels/MainWindow.h"

#include "ui/panels/AddressDialog.h"
#include "ui/panels/CommandPalette.h"
#include "ui/panels/ShortcutsDialog.h"
#include "ui/style/Announcer.h"
#include "ui/text/ChatText.h"
#include "ui/text/PlainText.h"

#include <QApplication>
#include <QCloseEvent>
#include <QDesktopServices>
#include <QKeyEvent>
#include <QLineEdit>
#include <QMenu>
#include <QShortcut>
#include <QSplitter>
#include <QStackedWidget>

namespace parley::ui {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int kStripBelow = 1180;
constexpr int kDrawerBelow = 1000;
constexpr int kLowBelow = 700;

bool isRecordAct(Act act)
{
    switch (act) {
    case Act::OtherTab:
    case Act::SaveRecord:
    case Act::OpenRecord:
    case Act::AttachCase:
    case Act::AttachTask:
    case Act::AddNote:
    case Act::FindRecord:
    case Act::ChooseOption:
        return true;
    default:
        return false;
    }
}

} // namespace

MainWindow::MainWindow(Theme &theme, settings::Settings &settings, std::function<QDateTime()> now,
                       QWidget *side, QWidget *parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_settings(settings)
    , m_rail(new Rail(theme, this))
    , m_pages(new QStackedWidget(this))
    , m_splitter(new QSplitter(Qt::Horizontal, m_pages))
    , m_list(new ChatListPane(theme, now, m_splitter))
    , m_chat(new ChatPane(theme, now, m_splitter))
    , m_side(side ? new Ground(theme, &Palette::bgSide, this, Qt::LeftEdge) : nullptr)
    , m_sync(new SyncPage(theme, now, m_pages))
    , m_settingsPage(new SettingsPage(theme, settings, m_pages))
    , m_palette(new CommandPalette(theme, this))
{
    setObjectName(u"mainWindow"_s);
    setWindowTitle(tr("Parley"));
    setMinimumSize(880, 600);
    resize(1440, 900);
    build(side);
    bindKeys();
    restore();
    adapt();
}

MainWindow::~MainWindow()
{
    // The children lose the focus only after this class is gone: nobody must be told then.
    disconnect(qApp, nullptr, this, nullptr);
}

void MainWindow::build(QWidget *side)
{
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    row->addWidget(m_rail);
    row->addWidget(m_pages, 1);
    m_splitter->setObjectName(u"splitter"_s);
    m_splitter->setHandleWidth(0); // the panes draw their own edges; Qt widens the place where one can drag
    m_splitter->setChildrenCollapsible(false);
    m_list->setMinimumWidth(240);
    m_list->setMaximumWidth(420);
    m_splitter->addWidget(m_list);
    m_splitter->addWidget(m_chat);
    if (m_side) {
        auto *holder = new QHBoxLayout(m_side);
        holder->setContentsMargins(m_theme.lineWidth(), 0, 0, 0);
        holder->addWidget(side);
        m_side->setMinimumWidth(320);
        m_splitter->addWidget(m_side);
    }
    for (QWidget *pane : {static_cast<QWidget *>(m_list), static_cast<QWidget *>(m_chat), m_side}) {
        if (pane)
            pane->raise(); // children are read in this order
    }
    m_splitter->setStretchFactor(1, 1);
    m_splitter->setSizes({304, 664, 400});
    connect(m_splitter, &QSplitter::splitterMoved, this, [this] {
        if (const QList<int> sizes = m_splitter->sizes(); !m_isDrawer && sizes.size() == 3)
            m_sideWidth = sizes.at(2); // the agent's own measure from here on
    });
    m_pages->addWidget(m_splitter);
    m_pages->addWidget(m_sync);
    m_pages->addWidget(m_settingsPage);
    m_chat->installEventFilter(this);
    m_splitter->installEventFilter(this);

    connect(m_rail, &Rail::pageAsked, this, &MainWindow::showPage);
    connect(m_rail, &Rail::shortcutsAsked, this, [this] { act(Act::Shortcuts, 0); });
    connect(&m_chat->header(), &ChatHeader::sideAsked, this, [this] { act(Act::ToggleSide, 0); });
    connect(&m_chat->composer(), &Composer::escaped, this, &MainWindow::peel);
    connect(m_list, &ChatListPane::moreAsked, this, &MainWindow::showMore);
    connect(m_list, &ChatListPane::searchAsked, this, &MainWindow::openPalette);
    connect(m_list, &ChatListPane::widthAsked, this, [this] {
        m_isListOpened = true;
        adapt();
    });
    // The strip that was widened goes back when the agent goes elsewhere.
    connect(qApp, &QApplication::focusChanged, this, [this](QWidget *, QWidget *now) {
        if (m_isListOpened && now && !m_list->isAncestorOf(now)) {
            m_isListOpened = false;
            adapt();
        }
    });
}

void MainWindow::bindKeys()
{
    for (const Shortcut &shortcut : shortcutTable()) {
        for (int n = 0; n < shortcut.keys.size(); ++n) {
            auto *key = new QShortcut(shortcut.keys.at(n), this);
            key->setAutoRepeat(shortcut.act == Act::NextChat || shortcut.act == Act::PreviousChat);
            connect(key, &QShortcut::activated, this,
                    [this, act = shortcut.act, n] { this->act(act, n + 1); });
            if (isRecordAct(shortcut.act)) {
                key->setEnabled(false);
                m_recordShortcuts += key;
            }
        }
    }
}

void MainWindow::setRecordActs(std::function<void(Act, int)> handler)
{
    m_recordActs = std::move(handler);
    for (QObject *key : std::as_const(m_recordShortcuts))
        static_cast<QShortcut *>(key)->setEnabled(m_recordActs != nullptr);
}

void MainWindow::act(Act act, int n)
{
    switch (act) {
    case Act::Search:
        openPalette();
        return;
    case Act::NextPane:
        goToPane(1);
        return;
    case Act::PreviousPane:
        goToPane(-1);
        return;
    case Act::SwitchMode: {
        Composer &composer = m_chat->composer();
        composer.setMode(composer.mode() == Composer::Mode::Reply ? Composer::Mode::Note
                                                                  : Composer::Mode::Reply);
        composer.focusEdit();
        return;
    }
    case Act::AttachFile:
        if (m_chat->composer().isVisible())
            m_chat->composer().attach();
        return;
    case Act::FindInChat:
        m_chat->openFind();
        return;
    case Act::ToggleSide:
        setSideShown(!isSideShown());
        return;
    case Act::Settings:
        showPage(Page::Settings);
        return;
    case Act::Status:
        m_rail->openStatusMenu();
        return;
    case Act::Shortcuts:
        (new ShortcutsDialog(m_theme, this))->open();
        return;
    default:
        break;
    }
    if (isRecordAct(act)) {
        actOnRecord(act, n);
        return;
    }
    emit acted(act, n);
}

void MainWindow::actOnRecord(Act act, int n)
{
    if (!m_recordActs || m_pages->currentWidget() != m_splitter)
        return;
    const bool isSeen = act == Act::SaveRecord || act == Act::OpenRecord || isSideShown();
    if (!isSeen) {
        // What a key changes there must be seen, though the words that are being typed keep their place.
        QWidget *const before = focusWidget();
        setSideShown(true);
        if (before && act != Act::OtherTab)
            before->setFocus(Qt::OtherFocusReason);
    }
    m_recordActs(act, n);
}

void MainWindow::showPage(Page page)
{
    m_rail->setPage(page);
    m_list->setQueueOnly(page == Page::Queue);
    QWidget *shown = page == Page::Sync       ? static_cast<QWidget *>(m_sync)
                     : page == Page::Settings ? static_cast<QWidget *>(m_settingsPage)
                                              : m_splitter;
    m_pages->setCurrentWidget(shown);
}

Page MainWindow::page() const
{
    return m_rail->page();
}

void MainWindow::announce(const QString &text)
{
    ui::announce(this, text);
}

bool MainWindow::isSideShown() const
{
    return m_side && !m_side->isHidden(); // also while another page is in front
}

void MainWindow::setSideShown(bool shown)
{
    if (!m_side)
        return;
    if (!m_isDrawer)
        m_isSideWanted = shown;
    const bool hadFocus = m_side->isAncestorOf(focusWidget());
    m_side->setVisible(shown);
    if (shown && m_isDrawer) {
        placeDrawer();
        focusInto(m_side);
    } else if (!shown && hadFocus) {
        m_chat->composer().focusEdit();
    }
    m_chat->header().setSideButtonVisible(m_isDrawer || !isSideShown());
}

void MainWindow::setSideWidth(int width)
{
    m_sideWidth = width;
    QList<int> sizes = m_splitter->sizes();
    if (m_isDrawer || sizes.size() < 3)
        return;
    const int room = sizes.at(1) + sizes.at(2);
    sizes[2] = std::clamp(width, 320, std::max(320, room - 416));
    sizes[1] = room - sizes.at(2);
    m_splitter->setSizes(sizes);
}

void MainWindow::adapt()
{
    const bool strip = width() < kStripBelow && !m_isListOpened;
    const bool wasStrip = m_list->isCompact();
    if (strip != wasStrip) {
        m_list->setCompact(strip);
        m_list->setMinimumWidth(strip ? 72 : 240);
        m_list->setMaximumWidth(strip ? 72 : 420);
    }
    m_chat->composer().setLow(height() < kLowBelow);
    adaptSide();
    if (strip != wasStrip) {
        // The splitter keeps the room of a pane that got narrower: it must be told who takes it.
        QList<int> sizes = m_splitter->sizes();
        const int list = strip ? 72 : 304;
        sizes[1] += sizes.at(0) - list;
        sizes[0] = list;
        m_splitter->setSizes(sizes);
    }
}

void MainWindow::adaptSide()
{
    if (!m_side)
        return;
    const bool drawer = width() < kDrawerBelow;
    if (drawer != m_isDrawer) {
        m_isDrawer = drawer;
        if (drawer) {
            m_side->setParent(m_chat);
            m_side->hide();
        } else {
            m_splitter->addWidget(m_side);
            m_splitter->setStretchFactor(1, 1);
            m_side->setVisible(m_isSideWanted);
            setSideWidth(m_sideWidth);
        }
    }
    if (m_isDrawer)
        placeDrawer();
    m_chat->header().setSideButtonVisible(m_isDrawer || !isSideShown());
}

void MainWindow::placeDrawer()
{
    // Over the thread, never over the composer and its typing strip: the visitor comes first.
    Composer &composer = m_chat->composer();
    const int floor = composer.isVisible() ? composer.mapTo(m_chat, QPoint(0, 0)).y() - 36 : m_chat->height();
    const int width = std::min(400, m_chat->width() - 48);
    m_side->setGeometry(paint::placed(layoutDirection(), m_chat->rect(),
                                      QRect(m_chat->width() - width, 64, width, std::max(120, floor - 64))));
    m_side->raise();
}

QList<QWidget *> MainWindow::panes() const
{
    if (m_pages->currentWidget() != m_splitter)
        return {m_rail, m_pages->currentWidget()};
    QList<QWidget *> all{m_rail, m_list};
    if (!m_chat->shown().isEmpty())
        all += {&m_chat->header(), &m_chat->thread(), &m_chat->composer()};
    if (isSideShown()) {
        // The side pane may name its parts; else it is one pane.
        QList<QWidget *> parts;
        for (const QString &name : {u"sideTabs"_s, u"sideBody"_s, u"sideStatus"_s}) {
            auto *part = m_side->findChild<QWidget *>(name);
            if (part && part->isVisibleTo(this))
                parts += part;
        }
        all += parts.isEmpty() ? QList<QWidget *>{m_side} : parts;
    }
    return all;
}

QWidget *MainWindow::paneOf(QWidget *widget) const
{
    for (QWidget *pane : panes()) {
        if (widget && (pane == widget || pane->isAncestorOf(widget)))
            return pane;
    }
    return nullptr;
}

void MainWindow::goToPane(int step)
{
    const QList<QWidget *> all = panes();
    const qsizetype at = all.indexOf(paneOf(focusWidget()));
    for (qsizetype i = 1; i <= all.size(); ++i) {
        const qsizetype next = ((at < 0 ? (step > 0 ? -1 : 0) : at) + step * i + all.size() * 2) % all.size();
        focusInto(all.at(next));
        if (paneOf(focusWidget()) == all.at(next))
            return;
    }
}

void MainWindow::focusInto(QWidget *pane)
{
    if (pane == m_rail) {
        m_rail->focusCurrent();
    } else if (pane == m_list) {
        m_list->focusList();
    } else if (pane == &m_chat->composer()) {
        m_chat->composer().edit()->setFocus(Qt::TabFocusReason);
    } else if (pane->focusPolicy() & Qt::TabFocus) {
        pane->setFocus(Qt::TabFocusReason);
    } else {
        QWidget *const start = pane;
        for (QWidget *next = start->nextInFocusChain(); next != start; next = next->nextInFocusChain()) {
            if (pane->isAncestorOf(next) && (next->focusPolicy() & Qt::TabFocus) && next->isVisibleTo(this) &&
                next->isEnabled()) {
                next->setFocus(Qt::TabFocusReason);
                return;
            }
        }
    }
}

bool MainWindow::focusNextPrevChild(bool next)
{
    // Tab stays inside a pane; F6 leaves it.
    QWidget *const from = focusWidget();
    QWidget *const pane = paneOf(from);
    if (!from || !pane)
        return QWidget::focusNextPrevChild(next);
    const auto step = [next](QWidget *widget) {
        return next ? widget->nextInFocusChain() : widget->previousInFocusChain();
    };
    for (QWidget *widget = step(from); widget && widget != from; widget = step(widget)) {
        const bool fits = pane->isAncestorOf(widget) && (widget->focusPolicy() & Qt::TabFocus) &&
                          widget->isVisibleTo(this) && widget->isEnabled() && !widget->focusProxy();
        if (fits) {
            widget->setFocus(next ? Qt::TabFocusReason : Qt::BacktabFocusReason);
            return true;
        }
    }
    return true; // the only one in its pane
}

void MainWindow::peel()
{
    if (m_chat->closeTop())
        return;
    if (m_isDrawer && isSideShown()) {
        setSideShown(false);
        m_chat->composer().focusEdit();
        return;
    }
    if (m_pages->currentWidget() != m_splitter)
        showPage(Page::Chats);
    if (m_chat->composer().isVisible())
        m_chat->composer().focusEdit();
}

void MainWindow::showMore(const QPoint &globalPos)
{
    auto *menu = new QMenu(this);
    menu->setObjectName(u"windowMoreMenu"_s);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    if (!m_visitorPage.isEmpty())
        connect(menu->addAction(tr("Open a visitor's page")), &QAction::triggered, this,
                &MainWindow::openVisitorPage);
    QAction *shortcuts = menu->addAction(tr("All shortcuts"));
    shortcuts->setShortcut(keyOf(Act::Shortcuts));
    connect(shortcuts, &QAction::triggered, this, [this] { act(Act::Shortcuts, 0); });
    menu->popup(globalPos);
}

void MainWindow::openPalette()
{
    m_palette->open(paletteEntries());
}

QList<PaletteEntry> MainWindow::paletteEntries()
{
    QList<PaletteEntry> entries;
    const ChatListModel &model = m_list->model();
    for (int row = 0; row < model.rowCount(); ++row) {
        const desk::ChatRow &chat = model.at(row);
        const QString state = chat.state == ChatState::Waiting ? tr("waits")
                              : chat.state == ChatState::Ended ? tr("ended")
                                                               : badgeText(chat.badge, chat.matches);
        entries += {.kind = PaletteEntry::Kind::Chat,
                    .text = visitorName(chat),
                    .detail = state,
                    .also = QStringList{safeLine(chat.company), safeLine(chat.segment),
                                        safeLine(chat.department), previewText(chat)}
                                .join(u' '),
                    .run = [this, id = chat.id] {
                        emit m_list->chatOpened(id);
                    }};
    }
    for (const Shortcut &shortcut : shortcutTable()) {
        const bool isRange = shortcut.keys.size() > 1; // "chat 1 to 9": nothing that one entry could do
        if (isRange || shortcut.act == Act::Search || (isRecordAct(shortcut.act) && !m_recordActs))
            continue;
        entries += {.icon = iconOf(shortcut.act),
                    .text = shortcut.words,
                    .keys = shownKeys(shortcut),
                    .also = shortcut.group,
                    .run = [this, act = shortcut.act] {
                        this->act(act, 1);
                    }};
    }
    const auto goTo = [this, &entries](const QString &icon, const QString &words, Page page) {
        entries += {.icon = icon, .text = words, .run = [this, page] {
                        showPage(page);
                    }};
    };
    goTo(u"chats"_s, tr("Go to Chats"), Page::Chats);
    goTo(u"queue"_s, tr("Go to Queue"), Page::Queue);
    goTo(u"sync"_s, tr("Go to Sync"), Page::Sync);
    if (!m_visitorPage.isEmpty())
        entries += {.icon = u"globe"_s, .text = tr("Open a visitor's page"), .run = [this] {
                        openVisitorPage();
                    }};
    return entries;
}

void MainWindow::openVisitorPage()
{
    if (!QDesktopServices::openUrl(m_visitorPage))
        (new AddressDialog(m_theme, m_visitorPage, this))->open();
}

void MainWindow::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Escape) {
        peel();
    } else if (event->key() == Qt::Key_Question || event->text() == "?"_L1) {
        act(Act::Shortcuts, 0); // a text field that has the focus has taken the key already
    } else {
        QWidget::keyPressEvent(event);
    }
}

void MainWindow::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    adapt();
}

bool MainWindow::eventFilter(QObject *object, QEvent *event)
{
    if (object == m_chat && event->type() == QEvent::Resize && m_isDrawer && isSideShown())
        QMetaObject::invokeMethod(
            this, [this] { placeDrawer(); }, Qt::QueuedConnection);
    if (object == m_splitter && event->type() == QEvent::Resize) {
        // Once the splitter has shared the new room out its own way: what a narrow window took from the side
        // comes back with a wide one.
        QMetaObject::invokeMethod(
            this,
            [this] {
                if (isSideShown())
                    setSideWidth(m_sideWidth);
            },
            Qt::QueuedConnection);
    }
    return QWidget::eventFilter(object, event);
}

void MainWindow::restore()
{
    const QByteArray geometry = m_settings.value(settings::keys::windowGeometry).toByteArray();
    if (!geometry.isEmpty())
        restoreGeometry(geometry);
    const QByteArray state = m_settings.value(settings::keys::windowState).toByteArray();
    if (!state.isEmpty())
        m_splitter->restoreState(state);
    if (const QList<int> sizes = m_splitter->sizes(); !state.isEmpty() && sizes.size() == 3)
        m_sideWidth = std::clamp(sizes.at(2), 320, 640);
    m_splitter->setHandleWidth(0); // a saved state brings its own
    m_splitter->setChildrenCollapsible(false);
}

void MainWindow::closeEvent(QCloseEvent *event)
{
    m_settings.setValue(settings::keys::windowGeometry, saveGeometry());
    if (!m_isDrawer && !m_list->isCompact())
        m_settings.setValue(settings::keys::windowState, m_splitter->saveState());
    emit closing();
    QWidget::closeEvent(event);
}

} // namespace parley::ui
