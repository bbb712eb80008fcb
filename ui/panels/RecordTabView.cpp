#include "ui/panels/RecordTabView.h"

#include "ui/panels/CandidateList.h"
#include "ui/panels/RecentView.h"
#include "ui/panels/RecordAttachView.h"
#include "ui/panels/RecordCardView.h"
#include "ui/panels/RecordNotFoundView.h"
#include "ui/style/Announcer.h"
#include "ui/text/RecordText.h"

#include <QApplication>
#include <QClipboard>
#include <QGuiApplication>
#include <QScrollBar>

namespace parley::ui {

using namespace Qt::Literals::StringLiterals;
using desk::CrmState;
using desk::TabState;

namespace {
constexpr int kPaneWidth = 400;
constexpr int kCandidatesWidth = 440;
constexpr int kSkeletonDelayMs = 200;
constexpr int kSpareCards = 4; // contact or lead, account, and the other of them
} // namespace

RecordTabView::RecordTabView(Theme &theme, RecordSearch search, QWidget *parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_search(std::move(search))
    , m_scroll(new QScrollArea(this))
{
    auto *outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    m_scroll->setWidgetResizable(true);
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_scroll->viewport()->setAutoFillBackground(false);
    m_scroll->setFocusPolicy(Qt::NoFocus);
    outer->addWidget(m_scroll);
    auto *body = new QWidget;
    body->setObjectName(u"scrollBody"_s);
    body->setAutoFillBackground(false);
    auto *column = new QVBoxLayout(body);
    column->setContentsMargins(12, 12, 12, 12);
    column->setSpacing(12);
    m_scroll->setWidget(body);
    buildPlain(column);

    m_matched = new QWidget(body);
    m_cardColumn = new QVBoxLayout(m_matched);
    m_cardColumn->setContentsMargins(0, 0, 0, 0);
    m_cardColumn->setSpacing(12);
    column->addWidget(m_matched);
    m_notFound = new RecordNotFoundView(theme, m_search, body);
    column->addWidget(m_notFound, 1); // its last line stands at the pane's lower edge
    m_candidates = new CandidateList(theme, body);
    column->addWidget(m_candidates);
    m_recent = new RecentView(theme, body);
    column->addWidget(m_recent);
    connect(m_recent, &RecentView::asked, this, &RecordTabView::recentAsked);
    connect(m_recent, &RecentView::urlOpened, this, &RecordTabView::urlOpened);
    m_attach = new RecordAttachView(theme, body);
    column->addWidget(m_attach);
    column->addStretch(0);
    // A scroll area follows the Tab key by itself, but not the arrows inside a group.
    connect(qApp, &QApplication::focusChanged, body, [body, scroll = m_scroll](QWidget *, QWidget *now) {
        if (now && body->isAncestorOf(now) && QGuiApplication::mouseButtons() == Qt::NoButton)
            scroll->ensureWidgetVisible(now, 0, 12);
    });

    m_skeletonDelay.setSingleShot(true);
    m_skeletonDelay.setInterval(kSkeletonDelayMs);
    connect(&m_skeletonDelay, &QTimer::timeout, this,
            [this] { m_looking->setVisible(m_tab.state == TabState::Looking); });
    connectNotFound();
    connectAttach();
    setTab({});
}

void RecordTabView::buildPlain(QVBoxLayout *column)
{
    m_signIn = new Banner(m_theme, BannerKind::Warn, {}, tr("What you typed is kept."), this);
    m_signIn->setObjectName(u"signInBanner"_s);
    Button *signIn = m_signIn->addButton(tr("Sign in"));
    signIn->setObjectName(u"signIn"_s);
    connect(signIn, &QPushButton::clicked, this, &RecordTabView::signInRequested);
    m_offline = new Banner(m_theme, BannerKind::Warn, {}, {}, this);
    m_offline->setObjectName(u"offlineBanner"_s);
    m_memoryOnly = new Banner(
        m_theme, BannerKind::Info, tr("This sign-in ends with Parley"),
        tr("No system keychain answered, so it is kept in memory only. You sign in again next time."), this);
    m_memoryOnly->setObjectName(u"memoryOnlyBanner"_s);
    for (Banner *banner : {m_signIn, m_offline, m_memoryOnly}) {
        banner->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Preferred);
        column->addWidget(banner);
    }

    m_notConnected = new EmptyState(m_theme, u"plug"_s, {}, {}, this);
    m_notConnected->setObjectName(u"notConnected"_s);
    Button *connectButton = m_notConnected->addButton(tr("Connect"), ButtonKind::Primary);
    connectButton->setObjectName(u"connectCrm"_s);
    connect(connectButton, &QPushButton::clicked, this, &RecordTabView::connectRequested);
    column->addWidget(m_notConnected, 10);

    m_noChat = new EmptyState(m_theme, u"chats"_s, tr("Pick a chat"),
                              tr("Who you are chatting with appears here."), this);
    m_noChat->setObjectName(u"noChat"_s);
    column->addWidget(m_noChat, 10);

    m_looking = new Card(m_theme, this);
    m_looking->setObjectName(u"looking"_s);
    auto *inside = new QVBoxLayout(m_looking);
    inside->setContentsMargins(0, 0, 0, 12);
    inside->setSpacing(4);
    inside->addWidget(new Skeleton(m_theme, Skeleton::Shape::Fields, m_looking));
    auto *words = new QHBoxLayout;
    words->setContentsMargins(16, 0, 16, 0);
    words->setSpacing(6);
    words->addWidget(new IconLabel(m_theme, u"search"_s, 14, &Palette::tx3, m_looking));
    m_lookingText = new Label(m_theme, {}, TextRole::Meta, &Palette::tx3, m_looking);
    words->addWidget(m_lookingText, 1);
    inside->addLayout(words);
    column->addWidget(m_looking);

    m_failed = new EmptyState(m_theme, u"error"_s, {}, {}, this);
    m_failed->setObjectName(u"failed"_s);
    Button *again = m_failed->addButton(tr("Try again"));
    again->setIconName(u"refresh"_s);
    again->setObjectName(u"tryAgain"_s);
    connect(again, &QPushButton::clicked, this, &RecordTabView::lookAgainRequested);
    Button *copy = m_failed->addButton(tr("Copy for my admin"));
    copy->setIconName(u"copy"_s);
    copy->setObjectName(u"copyForAdmin"_s);
    connect(copy, &QPushButton::clicked, this, [this, copy] {
        if (!m_tab.error)
            return;
        QGuiApplication::clipboard()->setText(RecordText::forAdmin(*m_tab.error, m_tab.crm));
        copy->setText(tr("Copied"));
        QTimer::singleShot(2000, copy, [copy] { copy->setText(tr("Copy for my admin")); });
    });
    column->addWidget(m_failed, 10);
}

void RecordTabView::connectNotFound()
{
    connect(m_notFound, &RecordNotFoundView::lookAgainRequested, this, &RecordTabView::lookAgainRequested);
    connect(m_notFound, &RecordNotFoundView::linkRequested, this, &RecordTabView::linkRequested);
    connect(m_notFound, &RecordNotFoundView::optionChosen, this, &RecordTabView::optionChosen);
    connect(m_notFound, &RecordNotFoundView::formRequested, this, &RecordTabView::formRequested);
    connect(m_candidates, &CandidateList::candidateChosen, this, &RecordTabView::candidateChosen);
    connect(m_candidates, &CandidateList::candidatesRejected, this, &RecordTabView::candidatesRejected);
    connect(m_candidates, &CandidateList::urlOpened, this, &RecordTabView::urlOpened);
}

void RecordTabView::connectAttach()
{
    connect(m_attach, &RecordAttachView::attachChosen, this, &RecordTabView::attachChosen);
    connect(m_attach, &RecordAttachView::detailsEdited, this, &RecordTabView::detailsEdited);
    connect(m_attach, &RecordAttachView::urlOpened, this, &RecordTabView::urlOpened);
    connect(m_attach, &RecordAttachView::syncOpened, this, &RecordTabView::syncOpened);
}

void RecordTabView::setTab(const desk::RecordTab &tab)
{
    const TabState before = m_tab.state;
    tellSaved(tab);
    m_tab = tab;
    tellNotices();
    const bool isConnecting = tab.state == TabState::NotConnected && tab.crm.state == CrmState::Connecting;
    // Without a chat there is nothing to look up, whether or not a CRM is connected.
    const bool isConnected = tab.crm.state == CrmState::Connected || tab.crm.state == CrmState::SignInNeeded;
    m_noChat->setVisible(tab.state == TabState::NotConnected && isConnected);
    m_notConnected->setVisible(tab.state == TabState::NotConnected && !isConnecting && !isConnected);
    const QString crm = tab.crm.name.isEmpty() ? u"Salesforce"_s : RecordText::crmName(tab.crm);
    m_notConnected->setTexts(u"plug"_s, tr("Connect %1").arg(crm),
                             tr("See who you are chatting with and save the chat where it belongs."));
    tellLooking();
    tellFailed();
    m_matched->setVisible(tab.state == TabState::Matched);
    tellCards();
    const bool isShown = tab.state == TabState::Matched && !tab.cards.isEmpty();
    m_recent->setVisible(isShown);
    m_recent->setRecord(isShown ? tab.cards.first().record.ref : RecordRef());
    m_attach->setTab(tab);
    // Room to spare stays below; the other states have one part that takes it.
    const bool hasCards = tab.state == TabState::Matched || tab.state == TabState::Several;
    auto *column = qobject_cast<QVBoxLayout *>(m_scroll->widget()->layout());
    column->setStretch(column->count() - 1, hasCards ? 1 : 0);
    m_notFound->setVisible(tab.state == TabState::NotFound);
    if (tab.state == TabState::NotFound)
        m_notFound->setTab(tab);
    m_candidates->setVisible(tab.state == TabState::Several);
    if (tab.state == TabState::Several)
        m_candidates->setTab(tab);
    if (before == TabState::Looking && tab.state != before)
        announce(this, tab.state == TabState::NotFound ? tr("This visitor is not in %1").arg(crm)
                       : tab.state == TabState::Several
                           ? RecordText::severalTitle(int(tab.candidates.size()), kinds::contact)
                           : RecordText::statusLine(tab));
}

void RecordTabView::tellSaved(const desk::RecordTab &now)
{
    for (const desk::RecordCard &card : now.cards) {
        const auto was = std::ranges::find_if(
            m_tab.cards, [&](const desk::RecordCard &one) { return one.record.ref == card.record.ref; });
        if (was == m_tab.cards.end() || !was->isSaving || card.isSaving)
            continue;
        const QString crm = RecordText::crmName(now.crm);
        const RecordKind &kind = card.record.ref.kind;
        const auto refused = std::ranges::count_if(
            card.fields, [](const desk::CardField &field) { return !field.refusal.isEmpty(); });
        if (card.saveError) {
            const Words words = RecordText::saveProblem(*card.saveError, crm, kind, int(refused));
            announce(this, words.text.isEmpty() ? words.title : words.title + u' ' + words.text);
        } else if (std::ranges::any_of(card.fields, &desk::CardField::isPromised)) {
            announce(this,
                     tr("%1 saved here. It is sent when %2 answers").arg(RecordText::kindName(kind), crm));
        } else {
            announce(this, tr("%1 saved in %2").arg(RecordText::kindName(kind), crm));
        }
    }
}

void RecordTabView::tellNotices()
{
    const QString crm = RecordText::crmName(m_tab.crm);
    m_signIn->setTitle(tr("%1 asks you to sign in again").arg(crm));
    m_signIn->setVisible(m_tab.crm.state == CrmState::SignInNeeded);
    const auto &error = m_tab.crm.lastError;
    // The other states say in their own place what is wrong.
    const bool isBehind = m_tab.crm.state == CrmState::Connected && error && isTransient(error->code) &&
                          (m_tab.state == TabState::Matched || m_tab.state == TabState::NotFound ||
                           m_tab.state == TabState::Several);
    m_offline->setVisible(isBehind);
    if (isBehind) {
        const Words words = RecordText::outage(*error, m_tab);
        m_offline->setTitle(words.title);
        m_offline->setDetail(words.text);
    }
    m_memoryOnly->setVisible(m_tab.crm.isMemoryOnly && m_tab.crm.state == CrmState::Connected);
}

void RecordTabView::tellLooking()
{
    const bool isConnecting =
        m_tab.state == TabState::NotConnected && m_tab.crm.state == CrmState::Connecting;
    const bool isLooking = m_tab.state == TabState::Looking || isConnecting;
    const QString crm = RecordText::crmName(m_tab.crm);
    m_lookingText->setText(isConnecting ? tr("Connecting to %1…").arg(crm) : tr("Looking in %1…").arg(crm));
    if (!isLooking) {
        m_skeletonDelay.stop();
        m_looking->hide();
    } else if (isConnecting) {
        m_looking->show();
    } else if (m_looking->isHidden() && !m_skeletonDelay.isActive()) {
        m_skeletonDelay.start(); // an answer within the delay shows no flicker
    }
}

void RecordTabView::tellFailed()
{
    m_failed->setVisible(m_tab.state == TabState::Failed);
    if (m_tab.state != TabState::Failed)
        return;
    const Error error = m_tab.error.value_or(Error{});
    const Words words = RecordText::problem(error, RecordText::crmName(m_tab.crm));
    const QString icon = error.code == Errc::Forbidden || error.code == Errc::Unauthorized ? u"lock"_s
                         : error.code == Errc::Offline                                     ? u"cloud"_s
                                                                                           : u"error"_s;
    m_failed->setTexts(icon, words.title, words.text);
}

RecordCardView *RecordTabView::newCard()
{
    FieldContext context;
    context.search = m_search;
    context.crm = RecordText::crmName(m_tab.crm);
    auto *card = new RecordCardView(m_theme, context, m_matched);
    connect(card, &RecordCardView::editKept, this, &RecordTabView::editKept);
    connect(card, &RecordCardView::editUndone, this, &RecordTabView::editUndone);
    connect(card, &RecordCardView::mineKept, this, &RecordTabView::mineKept);
    connect(card, &RecordCardView::discardRequested, this, &RecordTabView::discardRequested);
    connect(card, &RecordCardView::saveRequested, this, &RecordTabView::saveRequested);
    connect(card, &RecordCardView::duplicateChosen, this,
            [this, card](const RecordRef &ref) { emit insteadChosen(card->ref(), ref); });
    connect(card, &RecordCardView::noteRequested, this, &RecordTabView::noteRequested);
    connect(card, &RecordCardView::lookAgainRequested, this, &RecordTabView::lookAgainRequested);
    connect(card, &RecordCardView::unlinkRequested, this, &RecordTabView::unlinkRequested);
    connect(card, &RecordCardView::urlOpened, this, &RecordTabView::urlOpened);
    return card;
}

RecordCardView *RecordTabView::takeCard(const RecordKind &kind)
{
    const QString crm = RecordText::crmName(m_tab.crm);
    const auto it = std::ranges::find_if(
        m_spare, [&](const RecordCardView *card) { return card->ref().kind == kind && card->crm() == crm; });
    if (it == m_spare.end())
        return newCard();
    RecordCardView *card = *it;
    m_spare.erase(it);
    return card;
}

void RecordTabView::setAside(RecordCardView *card)
{
    card->hide();
    card->letGo();
    m_cardColumn->removeWidget(card);
    m_spare.append(card);
    if (m_spare.size() > kSpareCards)
        m_spare.takeFirst()->deleteLater();
}

RecordCardView *RecordTabView::cardOf(const RecordRef &ref) const
{
    const auto it =
        std::ranges::find_if(m_cards, [&](const RecordCardView *card) { return card->ref() == ref; });
    return it == m_cards.end() ? nullptr : *it;
}

void RecordTabView::tellCards()
{
    // A lookup under way keeps the cards that stand: their open editors survive "Look again".
    if (m_tab.state == TabState::Looking)
        return;
    QList<RecordCardView *> kept;
    const bool hasContact = !m_tab.cards.isEmpty() && m_tab.cards.first().record.ref.kind == kinds::contact;
    for (qsizetype i = 0; i < m_tab.cards.size(); ++i) {
        const desk::RecordCard &card = m_tab.cards.at(i);
        RecordCardView *view = cardOf(card.record.ref);
        if (!view || kept.contains(view))
            view = takeCard(card.record.ref.kind);
        const bool isAccount = i > 0 && hasContact && card.record.ref.kind == kinds::account;
        view->setCard(card, i == 0, isAccount);
        if (i == 0)
            view->setNote(m_tab.isNoteAdding, m_tab.note);
        m_cardColumn->removeWidget(view);
        m_cardColumn->insertWidget(int(i), view);
        view->show();
        kept.append(view);
    }
    for (RecordCardView *view : std::as_const(m_cards)) {
        if (!kept.contains(view))
            setAside(view);
    }
    m_cards = kept;
}

void RecordTabView::leaveChat()
{
    // Keeping an edit makes the desk tell the tab anew, which may change the list that is being walked.
    const QList<RecordCardView *> before = m_cards;
    for (RecordCardView *card : before)
        card->keepAsTyped();
    for (RecordCardView *card : std::exchange(m_cards, {}))
        setAside(card);
    m_recent->setRecord({});
    m_attach->reset();
    m_notFound->reset();
    m_candidates->reset();
    m_scroll->verticalScrollBar()->setValue(0);
}

int RecordTabView::preferredWidth() const
{
    return m_tab.state == TabState::Several ? kCandidatesWidth : kPaneWidth;
}

void RecordTabView::saveFocusedCard()
{
    const QWidget *focused = focusWidget();
    for (RecordCardView *card : std::as_const(m_cards)) {
        if (focused && card->isAncestorOf(focused)) {
            card->save();
            return;
        }
    }
    for (RecordCardView *card : std::as_const(m_cards)) {
        if (card->hasUnsaved()) {
            card->save();
            return;
        }
    }
}

void RecordTabView::openInBrowser()
{
    if (!m_cards.isEmpty() && m_tab.state == TabState::Matched)
        m_cards.first()->openInBrowser();
}

void RecordTabView::addNote()
{
    if (m_tab.state == TabState::Matched && !m_tab.isNoteAdding)
        emit noteRequested();
}

void RecordTabView::toggleAttach(crm::Attach attach)
{
    if (m_tab.state == TabState::Matched)
        m_attach->toggle(attach);
}

void RecordTabView::chooseOption(int index)
{
    if (m_tab.state == TabState::NotFound && !m_tab.isChatEnded)
        m_notFound->chooseOption(index);
}

void RecordTabView::findByHand()
{
    if (m_tab.state == TabState::NotFound)
        m_notFound->focusSearch();
}

} // namespace parley::ui
