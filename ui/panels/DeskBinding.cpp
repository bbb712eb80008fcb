#include "ui/panels/DeskBinding.h"

#include "ui/panels/ConnectionsView.h"
#include "ui/panels/Toasts.h"
#include "ui/text/ChatText.h"
#include "ui/text/PlainText.h"
#include "ui/text/Sentences.h"
#include "ui/text/When.h"

#include <QApplication>
#include <QClipboard>
#include <QDesktopServices>
#include <QMenu>
#include <QTimeZone>

namespace parley::ui {

using namespace Qt::Literals::StringLiterals;

DeskBinding::DeskBinding(desk::Desk &desk, MainWindow &window, Clock &clock,
                         std::function<void(ChatId)> showChat, QString hubAddress)
    : QObject(&window)
    , m_desk(desk)
    , m_window(window)
    , m_clock(clock)
    , m_showChat(std::move(showChat))
    , m_hubAddress(std::move(hubAddress))
{
    bindDesk();
    bindWindow();
    bindComposer();
    m_window.list().model().assign(m_desk.chats());
    m_window.list().setCapacity(m_desk.capacity());
    m_window.chat().composer().setCanned(m_desk.cannedResponses());
    m_second.setInterval(1000);
    connect(&m_second, &QTimer::timeout, this, [this] {
        tellHub();
        tellWaits();
    });
    m_second.start();
    tellHub();
    tellCrm();
    tellCounts();
    tellSync();
    if (m_showChat)
        m_showChat({});
}

void DeskBinding::bindDesk()
{
    connect(&m_desk, &desk::Desk::hubStatusChanged, this, [this] {
        m_window.rail().setMe(m_desk.me().name, m_desk.presence()); // known once the hub let us in
        m_window.list().setCapacity(m_desk.capacity());
        m_window.chat().composer().setCanned(m_desk.cannedResponses());
        m_window.list().model().assign(m_desk.chats());
        tellHub();
        tellCounts();
        tellConnection();
    });
    connect(&m_desk, &desk::Desk::presenceChanged, this, [this] {
        m_window.rail().setMe(m_desk.me().name, m_desk.presence());
        m_window.list().setCapacity(m_desk.capacity());
    });
    connect(&m_desk, &desk::Desk::chatChanged, this, &DeskBinding::takeRow);
    connect(&m_desk, &desk::Desk::chatRemoved, this, [this](const ChatId &id) {
        m_window.list().model().remove(id);
        m_carets.remove(id);
        m_announcedWaits.remove(id);
        if (id == m_open)
            openChat({});
        tellCounts();
        tellSync();
    });
    connect(&m_desk, &desk::Desk::threadChanged, this, [this](const ChatId &id) {
        if (id != m_open)
            return;
        ThreadView &thread = m_window.chat().thread();
        const int before = thread.thread().rowCount();
        thread.updateThread(m_desk.thread(id));
        m_window.chat().setLoading(false);
        tellNotSent();
        const int now = thread.thread().rowCount();
        if (now > before) {
            const ThreadEntry &last = thread.thread().entry(now - 1);
            if (last.kind == ThreadEntry::Kind::In)
                m_window.announce(thread.thread().index(now - 1).data(Qt::AccessibleTextRole).toString());
        }
    });
    connect(&m_desk, &desk::Desk::typingChanged, this, [this](const ChatId &id) {
        if (id == m_open)
            showTyping();
    });
    connect(&m_desk, &desk::Desk::crmStatusChanged, this, [this] {
        tellCrm();
        tellSync();
        tellConnection();
    });
    connect(&m_desk, &desk::Desk::recordTabChanged, this, [this](const ChatId &) {
        tellSync();
        tellCounts();
    });
    connect(&m_desk, &desk::Desk::writeFinished, this, &DeskBinding::onWriteFinished);
    connect(&m_desk, &desk::Desk::visitorArrived, this, [this](const ChatId &id) {
        takeRow(id);
        QApplication::alert(&m_window, 3000); // marks the window in the task bar; never takes the focus
        if (const auto row = m_window.list().model().find(id))
            m_window.announce(tr("New visitor waiting: %1").arg(visitorName(*row)));
    });
}

void DeskBinding::tellNotSent()
{
    ThreadModel &thread = m_window.chat().thread().thread();
    const int last = thread.rowCount() - 1;
    for (int row = last; row >= 0 && row > last - 50; --row) { // what failed is among the last
        const desk::ThreadItem &item = thread.entry(row).item;
        if (item.delivery != desk::Delivery::NotSent)
            m_saidNotSent.remove(item.message.clientId);
        else if (!m_saidNotSent.contains(item.message.clientId)) {
            m_saidNotSent.insert(item.message.clientId);
            m_window.announce(thread.index(row).data(Qt::AccessibleTextRole).toString());
        }
    }
}

void DeskBinding::bindWindow()
{
    connect(&m_window, &MainWindow::acted, this, &DeskBinding::onAct);
    connect(&m_window.list(), &ChatListPane::chatOpened, this, &DeskBinding::openChat);
    connect(&m_window.list(), &ChatListPane::acceptAsked, this, &DeskBinding::accept);
    connect(&m_window.chat(), &ChatPane::acceptAsked, this, &DeskBinding::accept);
    connect(&m_window.rail(), &Rail::presenceChosen, this,
            [this](Presence presence) { m_desk.setPresence(presence); });
    connect(&m_window.rail(), &Rail::pageAsked, this, [this](Page page) {
        if (page == Page::Settings)
            tellConnection();
    });
    connect(&m_window.sync(), &SyncPage::chatAsked, this, [this](const ChatId &id) {
        m_window.showPage(Page::Chats);
        openChat(id);
    });
    connect(&m_window.sync(), &SyncPage::recordAsked, this,
            [](const QUrl &url) { QDesktopServices::openUrl(url); });
    connect(&m_window.settingsPage().connections(), &ConnectionsView::signInAsked, this,
            &DeskBinding::crmSignInAsked);
    ChatHeader &header = m_window.chat().header();
    connect(&header, &ChatHeader::endAsked, this, &DeskBinding::askEnd);
    connect(&header, &ChatHeader::dismissAsked, this, [this] { m_desk.dismiss(m_open); });
    connect(&header, &ChatHeader::badgeClicked, this, &DeskBinding::openBadge);
    connect(&header, &ChatHeader::moreAsked, this, &DeskBinding::showMore);
    connect(&m_window.chat().endPanel(), &EndChatPanel::confirmed, this, &DeskBinding::confirmEnd);
    connect(&m_window.chat().endPanel(), &EndChatPanel::wrapUpTyped, this,
            [this](const QString &text) { m_desk.setWrapUp(m_open, text); });
    ThreadView &thread = m_window.chat().thread();
    connect(&thread, &ThreadView::imageWanted, this, &DeskBinding::fetchImage);
    connect(&thread, &ThreadView::fileAsked, this, &DeskBinding::saveFile);
    connect(&thread, &ThreadView::resendAsked, this,
            [this](const ClientId &id) { m_desk.resend(m_open, id); });
    connect(&thread, &ThreadView::discardAsked, this,
            [this](const ClientId &id) { m_desk.discard(m_open, id); });
    m_window.rail().setMe(m_desk.me().name, m_desk.presence());
}

void DeskBinding::bindComposer()
{
    Composer &composer = m_window.chat().composer();
    composer.setFiller(
        [this](const desk::CannedResponse &response) { return m_desk.filled(response, m_open); });
    connect(&composer, &Composer::sent, this, [this](const QString &text) {
        m_desk.send(m_open, text);
        m_desk.setTyping(m_open, {});
        m_window.chat().thread().scrollToEnd();
    });
    connect(&composer, &Composer::noted, this, [this](const QString &text) {
        m_desk.addNote(m_open, text);
        m_window.chat().thread().scrollToEnd();
    });
    connect(&composer, &Composer::draftChanged, this, [this](const QString &text) {
        m_desk.setDraft(m_open, text);
        // A note is nobody's business but the agents': not even that it is being typed.
        if (m_window.chat().composer().mode() == Composer::Mode::Reply)
            m_desk.setTyping(m_open, text);
    });
    connect(&composer, &Composer::modeChanged, this, [this] { m_desk.setTyping(m_open, {}); });
    connect(&composer, &Composer::fileChosen, this, [this](const QString &path) {
        m_desk.sendFile(m_open, path);
        m_window.chat().thread().scrollToEnd();
    });
}

void DeskBinding::onAct(Act act, int n)
{
    ChatListPane &list = m_window.list();
    switch (act) {
    case Act::OpenNth:
        if (const ChatId id = list.nth(n); !id.isEmpty())
            openChat(id);
        break;
    case Act::NextChat:
    case Act::PreviousChat:
        if (const ChatId id = list.neighbour(act == Act::NextChat ? 1 : -1); !id.isEmpty())
            openChat(id);
        break;
    case Act::LongestWait:
        if (const ChatId id = list.longestWaiting(); !id.isEmpty())
            openChat(id);
        break;
    case Act::AcceptNext:
        accept({});
        break;
    case Act::EndChat:
        if (const auto row = list.model().find(m_open)) {
            if (row->state == ChatState::Ended)
                m_desk.dismiss(m_open);
            else if (row->state == ChatState::Open)
                askEnd();
        }
        break;
    default:
        break;
    }
}

void DeskBinding::openChat(const ChatId &id)
{
    Composer &composer = m_window.chat().composer();
    const bool isOther = id != m_open;
    if (!m_open.isEmpty() && isOther) {
        m_carets.insert(m_open, composer.edit()->textCursor().position());
        m_desk.setTyping(m_open, {}); // nobody types there now; the draft is kept
    }
    m_open = id;
    m_window.list().setOpenChat(id);
    if (m_window.page() != Page::Chats && m_window.page() != Page::Queue)
        m_window.showPage(Page::Chats);
    if (m_showChat && isOther)
        m_showChat(id);
    if (id.isEmpty()) {
        const bool hadFocus = m_window.chat().isAncestorOf(m_window.focusWidget());
        m_window.chat().showNothing();
        if (hadFocus)
            m_window.list().focusList();
        return;
    }
    showOpenRow();
    if (isOther) {
        const QList<desk::ThreadItem> items = m_desk.thread(id);
        m_window.chat().setLoading(items.isEmpty());
        // A log that does not come must not leave grey bars for ever.
        QTimer::singleShot(8000, this, [this, id] {
            if (id == m_open)
                m_window.chat().setLoading(false);
        });
        m_window.chat().thread().showThread(items);
        composer.setDraft(m_desk.draft(id));
        QTextCursor caret = composer.edit()->textCursor();
        caret.setPosition(std::min(m_carets.value(id, caret.position()), int(composer.draft().size())));
        composer.edit()->setTextCursor(caret);
    }
    m_desk.openChat(id);
    showTyping();
    if (composer.isVisible())
        composer.focusEdit();
}

void DeskBinding::accept(const ChatId &id)
{
    const auto full = [this] {
        int open = 0;
        for (const desk::ChatRow &row : m_desk.chats())
            open += row.state == ChatState::Open ? 1 : 0;
        return m_desk.capacity() > 0 && open >= m_desk.capacity() ? open : 0;
    };
    if (const int open = full(); open > 0) {
        const QString words = tr("You have %1 of %2 chats").arg(open).arg(m_desk.capacity());
        m_window.chat().toasts().show({.kind = BannerKind::Info, .title = words, .group = u"capacity"_s});
        return;
    }
    if (m_window.list().model().waiting() == 0) {
        m_window.announce(tr("Nobody waits"));
        return;
    }
    whenDone(m_desk.accept(id), this, [this](Result<ChatId> accepted) {
        if (accepted)
            openChat(*accepted);
        else
            fail(accepted.error(), Doing::AcceptChat);
    });
}

void DeskBinding::takeRow(const ChatId &id)
{
    const QList<desk::ChatRow> rows = m_desk.chats();
    const auto row = std::ranges::find(rows, id, &desk::ChatRow::id);
    if (row == rows.end())
        m_window.list().model().remove(id);
    else
        m_window.list().model().upsert(*row);
    tellCounts();
    if (id == m_open)
        showOpenRow();
}

void DeskBinding::showOpenRow()
{
    const auto row = m_window.list().model().find(m_open);
    if (!row)
        return;
    const desk::CrmStatus crm = m_desk.crmStatus();
    m_window.chat().showRow(*row, crm.name, crm.shortName);
    showContext();
}

void DeskBinding::showContext()
{
    const Chat chat = m_desk.chat(m_open);
    const auto field = [&chat](const QString &key) {
        return chat.fields.value(key);
    };
    QString address = field(fields::visitorPage);
    if (address.isEmpty())
        address = field(fields::chatPage);
    for (const QString &scheme : {u"https://"_s, u"http://"_s}) {
        if (address.startsWith(scheme, Qt::CaseInsensitive))
            address.remove(0, scheme.size());
    }
    QString page = field(fields::visitorPageTitle);
    if (page.isEmpty())
        page = std::exchange(address, QString());
    QString here;
    if (chat.state == ChatState::Ended)
        here = tr("Chat ended");
    else if (!chat.visitorOnline)
        here = tr("Left the page");
    else if (chat.startedAt.isValid())
        here = tr("%1 here").arg(
            roughDuration(std::chrono::seconds(std::max<qint64>(0, chat.startedAt.secsTo(m_clock.now())))));
    QStringList place;
    for (const QString &key : {fields::visitorCity, fields::visitorCountry}) {
        if (!field(key).isEmpty())
            place += field(key);
    }
    const QTimeZone zone(field(fields::visitorTimeZone).toLatin1());
    if (!field(fields::visitorTimeZone).isEmpty() && zone.isValid())
        place += clockText(m_clock.now().toTimeZone(zone).time());
    m_window.chat().context().showContext(page, address, here, place.join(u", "_s));
}

void DeskBinding::showTyping()
{
    const QString text = m_desk.typingText(m_open);
    const auto row = m_window.list().model().find(m_open);
    const bool isTyping = !text.isEmpty() || (row && row->isTyping);
    m_window.chat().typing().showTyping(isTyping && row ? shortName(visitorName(*row)) : QString(), text);
}

void DeskBinding::tellHub()
{
    const desk::HubStatus hub = m_desk.hubStatus();
    ChatListPane &list = m_window.list();
    list.setLoading(hub.state == desk::LineState::Connecting);
    if (hub.state == desk::LineState::Offline ||
        (hub.state == desk::LineState::Connecting && list.model().rowCount() > 0)) {
        const std::chrono::seconds offline(std::max<qint64>(0, hub.since.secsTo(m_clock.now())));
        m_window.chat().setOffline(tr("Offline for %1").arg(timerText(offline)),
                                   tr("Messages are sent when you are back."));
        list.setNotice(BannerKind::Warn, tr("You are offline"), tr("Parley tries again by itself."));
    } else if (hub.state == desk::LineState::SignedOut) {
        const QString why = hub.lastError ? explain(*hub.lastError, Doing::SignInHub).detail : QString();
        list.setNotice(BannerKind::Warn, tr("You are signed out"), why);
        m_window.chat().setOffline({}, {});
    } else {
        m_window.chat().setOffline({}, {});
        list.setNotice(BannerKind::Info, {}, {});
    }
}

void DeskBinding::tellWaits()
{
    // The thresholds are spoken once each; the timers themselves never.
    const QDateTime now = m_clock.now();
    for (const desk::ChatRow &row : m_desk.chats()) {
        if (!row.waitingSince.isValid()) {
            m_announcedWaits.remove(row.id);
            continue;
        }
        const qint64 waited = row.waitingSince.secsTo(now);
        const int step = waited >= 180 ? 2 : waited >= 60 ? 1 : 0;
        if (step > m_announcedWaits.value(row.id)) {
            m_announcedWaits.insert(row.id, step);
            m_window.announce(step == 2 ? tr("%1 waits over 3 minutes").arg(visitorName(row))
                                        : tr("%1 waits over 1 minute").arg(visitorName(row)));
        }
    }
}

void DeskBinding::tellCrm()
{
    m_window.list().setCrmShortName(m_desk.crmStatus().shortName);
    showOpenRow();
}

void DeskBinding::tellCounts()
{
    const ChatListModel &model = m_window.list().model();
    m_window.rail().setUnread(model.unread());
    m_window.rail().setWaiting(model.waiting());
    m_window.rail().setNeedsYou(m_desk.writesNeedingYou());
    const int count = model.unread() + model.waiting();
    m_window.setWindowTitle(count > 0 ? tr("(%1) Parley").arg(count) : tr("Parley"));
}

void DeskBinding::tellSync()
{
    QList<SyncRow> rows;
    for (const desk::ChatRow &chat : m_desk.chats()) {
        for (const desk::WriteLine &line : m_desk.recordTab(chat.id).writes)
            rows += SyncRow{chat.id, visitorName(chat), line};
    }
    m_window.sync().showWrites(rows, m_desk.crmStatus());
}

void DeskBinding::tellConnection()
{
    m_window.settingsPage().showConnection(m_desk.hubStatus(), m_desk.me(), m_hubAddress, m_desk.crmStatus());
}

void DeskBinding::openBadge()
{
    const desk::RecordTab tab = m_desk.recordTab(m_open);
    if (tab.state == desk::TabState::Matched && !tab.cards.isEmpty() &&
        tab.cards.first().record.url.isValid())
        QDesktopServices::openUrl(tab.cards.first().record.url);
    else
        m_window.setSideShown(true); // the chooser, the options or the reason are there
}

void DeskBinding::showMore(const QPoint &globalPos)
{
    auto *menu = new QMenu(&m_window);
    menu->setObjectName(u"chatMoreMenu"_s);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    const ChatId id = m_open;
    QAction *find = menu->addAction(tr("Find in this chat"));
    find->setShortcut(keyOf(Act::FindInChat));
    connect(find, &QAction::triggered, &m_window, [this] { m_window.chat().openFind(); });
    connect(menu->addAction(tr("Copy transcript")), &QAction::triggered, this, [this, id] {
        QList<Message> messages;
        for (const desk::ThreadItem &item : m_desk.thread(id))
            messages += item.message;
        QApplication::clipboard()->setText(transcriptOf(m_desk.chat(id), messages));
    });
    connect(menu->addAction(tr("Copy chat number")), &QAction::triggered, this,
            [id] { QApplication::clipboard()->setText(id.value); });
    menu->popup(globalPos);
}

void DeskBinding::fail(const Error &error, Doing doing)
{
    const Explained words = explain(error, doing, m_desk.crmStatus().name);
    if (words.title.isEmpty())
        return;
    m_window.chat().toasts().show(
        {.kind = BannerKind::Bad, .title = words.title, .detail = words.detail, .group = words.title});
}

void DeskBinding::onWriteFinished(const ChatId &id, const desk::WriteLine &line)
{
    const auto row = m_window.list().model().find(id);
    const QString visitor = row ? visitorName(*row) : QString();
    QString kind = kindText(line.kind);
    if (!kind.isEmpty())
        kind[0] = kind.at(0).toUpper();
    Toast toast{.kind = BannerKind::Ok, .detail = visitor};
    const bool isChange = line.action == crm::IntentAction::Update;
    if (line.state == desk::WriteState::NeedsYou) {
        toast.kind = BannerKind::Bad;
        toast.title = isChange ? tr("%1 not saved").arg(kind) : tr("%1 not written").arg(kind);
        toast.stays = true;
        toast.action = tr("Fix");
        toast.run = [this, id] {
            if (m_window.list().model().find(id))
                openChat(id);
            else
                m_window.showPage(Page::Sync);
        };
    } else if (isChange) {
        toast.title = tr("%1 saved").arg(kind);
        toast.detail = safeLine(line.title, 80);
    } else {
        toast.title = line.resultTitle.isEmpty()
                          ? tr("%1 written").arg(kind)
                          : tr("%1 %2 attached").arg(kind, safeLine(line.resultTitle, 80));
        toast.group = u"done/"_s + line.kind.name;
        toast.mergedTitle = [kind](int count) {
            return tr("%1: %n attached", nullptr, count).arg(kind);
        };
        if (line.url.isValid()) {
            toast.action = tr("Open");
            toast.run = [url = line.url] {
                QDesktopServices::openUrl(url);
            };
        }
    }
    m_window.chat().toasts().show(toast);
    tellSync();
    tellCounts();
}

} // namespace parley::ui
