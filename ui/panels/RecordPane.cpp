#include "ui/panels/RecordPane.h"

#include "core/desk/Desk.h"
#include "ui/panels/RecentView.h"
#include "ui/panels/RecordTabView.h"
#include "ui/panels/RecordTabs.h"
#include "ui/panels/VisitorPane.h"
#include "ui/style/Announcer.h"
#include "ui/text/RecordText.h"

#include <QApplication>
#include <QDesktopServices>
#include <QShortcut>

namespace parley::ui {

using namespace Qt::Literals::StringLiterals;
using desk::TabState;

namespace {

/// The desk searches all kinds; what does not fit the lookup is left out by the list itself.
RecordSearch searchOf(desk::Desk &desk)
{
    return [&desk](const QString &text, const QList<RecordKind> &kinds, QObject *context,
                   std::function<void(Result<QList<Record>>)> answer) {
        whenDone(desk.search(text, kinds), context, std::move(answer));
    };
}

} // namespace

RecordPane::RecordPane(desk::Desk &desk, Theme &theme, QWidget *parent)
    : QWidget(parent)
    , m_desk(desk)
    , m_theme(theme)
    , m_stack(new QStackedWidget(this))
    , m_form(new FormView(theme, searchOf(desk), this))
{
    setObjectName(u"recordPane"_s);
    setAccessibleName(tr("Record"));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_stack);
    m_stack->addWidget(buildTabsPage());
    m_stack->addWidget(m_form);
    joinView();
    joinForm();
    addKeys();
    connect(&desk, &desk::Desk::recordTabChanged, this, [this](const ChatId &id) {
        if (id == m_chat)
            tellTab();
    });
    connect(&desk, &desk::Desk::chatChanged, this, [this](const ChatId &id) {
        if (id == m_chat)
            tellChat();
    });
    connect(&desk, &desk::Desk::chatRemoved, this, [this](const ChatId &id) {
        m_forms.remove(id);
        if (id == m_chat)
            showChat({});
    });
    connect(&desk, &desk::Desk::crmStatusChanged, this, &RecordPane::tellTab);
    connect(&desk, &desk::Desk::crmAboutToChange, this, [this] {
        m_form->flush();
        m_view->leaveChat(); // what is half typed is kept for the record that it was typed for
    });
    connect(&desk, &desk::Desk::formDropped, this, [this](const ChatId &id) {
        m_forms.remove(id);
        if (id == m_chat && isFormShown())
            closeForm();
    });
    tellTab();
}

RecordPane::~RecordPane() = default;

QWidget *RecordPane::buildTabsPage()
{
    auto *page = new Ground(m_theme, &Palette::bgSide, this);
    auto *column = new QVBoxLayout(page);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    auto *header = new Ground(m_theme, &Palette::bgSide, page, Qt::BottomEdge);
    header->setObjectName(u"sideTabs"_s);
    header->setFixedHeight(48);
    auto *row = new QHBoxLayout(header);
    row->setContentsMargins(16, 0, 8, 1);
    row->setSpacing(2);
    m_tabs = new RecordTabs(m_theme, header);
    row->addWidget(m_tabs);
    row->addStretch(1);
    m_lookAgain = new IconButton(m_theme, u"refresh"_s, tr("Look again"), 28, header);
    m_lookAgain->setObjectName(u"lookAgainInHeader"_s);
    auto *toggle = new IconButton(m_theme, u"sidebar"_s, tr("Hide this pane"), 28, header);
    toggle->setName(tr("Hide this pane"), QKeySequence(u"Ctrl+\\"_s));
    toggle->setObjectName(u"hideRecordPane"_s);
    row->addWidget(m_lookAgain);
    row->addWidget(toggle);
    column->addWidget(header);
    m_pages = new QStackedWidget(page);
    m_pages->setObjectName(u"sideBody"_s);
    m_visitor = new VisitorPane(m_theme, m_pages);
    m_view = new RecordTabView(m_theme, searchOf(m_desk), m_pages);
    m_pages->addWidget(m_visitor);
    m_pages->addWidget(m_view);
    m_pages->setCurrentIndex(1);
    column->addWidget(m_pages, 1);
    auto *status = new Ground(m_theme, &Palette::bgSide, page, Qt::TopEdge);
    status->setObjectName(u"sideStatus"_s);
    status->setFixedHeight(32);
    auto *statusRow = new QHBoxLayout(status);
    statusRow->setContentsMargins(12, 0, 12, 0);
    statusRow->setSpacing(6);
    m_statusIcon = new IconLabel(m_theme, u"info"_s, 14, &Palette::tx3, status);
    m_status = new ElidedLabel(m_theme, {}, TextRole::Meta, &Palette::tx2, status);
    m_status->setObjectName(u"recordStatus"_s);
    m_openSync = new Button(m_theme, tr("Open Sync"), ButtonKind::Link, ButtonSize::Xs, status);
    statusRow->addWidget(m_statusIcon);
    statusRow->addWidget(m_status, 1);
    statusRow->addWidget(m_openSync);
    column->addWidget(status);
    connect(m_tabs, &QTabBar::currentChanged, this, [this](int index) {
        m_pages->setCurrentIndex(index);
        tellStatus();
        tellWidth();
    });
    connect(m_lookAgain, &QPushButton::clicked, this, [this] { m_desk.lookAgain(m_chat); });
    connect(toggle, &QPushButton::clicked, this, &RecordPane::toggleRequested);
    connect(m_openSync, &QPushButton::clicked, this, &RecordPane::syncOpened);
    return page;
}

void RecordPane::joinView()
{
    RecordTabView *view = m_view;
    connect(view, &RecordTabView::lookAgainRequested, this, [this] { m_desk.lookAgain(m_chat); });
    connect(view, &RecordTabView::connectRequested, this, &RecordPane::connectRequested);
    connect(view, &RecordTabView::signInRequested, this, &RecordPane::signInRequested);
    connect(view, &RecordTabView::syncOpened, this, &RecordPane::syncOpened);
    connect(view, &RecordTabView::urlOpened, this, &RecordPane::openUrl);
    connect(view, &RecordTabView::editKept, this,
            [this](const RecordRef &ref, const QString &field, const QVariant &value, const QVariant &base) {
                m_desk.keepEdit(m_chat, ref, field, value, base);
            });
    connect(view, &RecordTabView::mineKept, this,
            [this](const RecordRef &ref, const QString &field) { m_desk.keepMine(m_chat, ref, field); });
    connect(view, &RecordTabView::editUndone, this,
            [this](const RecordRef &ref, const QString &field) { m_desk.undoEdit(m_chat, ref, field); });
    connect(view, &RecordTabView::discardRequested, this,
            [this](const RecordRef &ref) { m_desk.discardEdits(m_chat, ref); });
    connect(view, &RecordTabView::saveRequested, this, [this](const RecordRef &ref, bool evenIfDuplicate) {
        // The result is told by the card itself: saved, refused or changed meanwhile.
        letGo(m_desk.saveEdits(m_chat, ref, evenIfDuplicate));
    });
    connect(view, &RecordTabView::noteRequested, this, [this] {
        // The tab says that the note is being added, and a write line says what became of it.
        letGo(m_desk.addTranscriptNote(m_chat));
    });
    connect(view, &RecordTabView::recentAsked, this, &RecordPane::readRecent);
    connect(view, &RecordTabView::attachChosen, this,
            [this](crm::Attach attach) { m_desk.setAttach(m_chat, attach); });
    connect(view, &RecordTabView::detailsEdited, this,
            [this](const FieldMap &fields) { m_desk.editAttachment(m_chat, fields); });
    connect(view, &RecordTabView::optionChosen, this,
            [this](std::optional<desk::CreateOption> option) { m_desk.chooseOption(m_chat, option); });
    connect(view, &RecordTabView::formRequested, this, &RecordPane::openForm);
    connect(view, &RecordTabView::candidateChosen, this,
            [this](const RecordRef &ref, bool remember) { m_desk.chooseCandidate(m_chat, ref, remember); });
    connect(view, &RecordTabView::candidatesRejected, this, [this] { m_desk.rejectCandidates(m_chat); });
    connect(view, &RecordTabView::insteadChosen, this, [this](const RecordRef &edited, const RecordRef &ref) {
        m_desk.useInstead(m_chat, edited, ref);
    });
    connect(view, &RecordTabView::linkRequested, this,
            [this](const RecordRef &ref) { m_desk.link(m_chat, ref); });
    connect(view, &RecordTabView::unlinkRequested, this,
            [this](const RecordRef &ref) { m_desk.unlink(m_chat, ref); });
}

void RecordPane::joinForm()
{
    connect(m_form, &FormView::valuesTyped, this, [this](const FieldMap &values) {
        if (m_forms.contains(m_chat))
            m_forms[m_chat].values = values;
        m_desk.keepForm(m_chat, values);
    });
    connect(m_form, &FormView::saveRequested, this,
            [this](const FieldMap &values) { saveForm(values, false); });
    connect(m_form, &FormView::createAnywayRequested, this,
            [this](const FieldMap &values) { saveForm(values, true); });
    connect(m_form, &FormView::duplicateChosen, this, &RecordPane::useDuplicate);
    connect(m_form, &FormView::urlOpened, this, &RecordPane::openUrl);
    connect(m_form, &FormView::cancelled, this, &RecordPane::leaveForm);
    connect(m_form, &FormView::signInRequested, this, &RecordPane::signInRequested);
    connect(m_form, &FormView::reloadRequested, this, [this] {
        m_form->flush();
        openForm(m_form->state().form().option);
    });
}

void RecordPane::readRecent()
{
    RecentView &list = m_view->recent();
    whenDone(m_desk.recent(m_chat), this,
             [this, &list, record = list.record()](const Result<QList<crm::Activity>> &found) {
                 if (list.record() != record)
                     return; // another visitor's by now
                 if (found)
                     list.setActivities(*found);
                 else
                     list.setProblem(RecordText::problem(found.error(),
                                                         RecordText::crmName(m_desk.recordTab(m_chat).crm)));
             });
}

void RecordPane::addKeys()
{
    // Only while a form is shown: else Escape is the window's, which gives the focus back to the composer.
    m_escape = new QShortcut(QKeySequence(Qt::Key_Escape), this);
    m_escape->setContext(Qt::WidgetWithChildrenShortcut);
    m_escape->setEnabled(false);
    connect(m_escape, &QShortcut::activated, m_form, &FormView::cancel);
}

void RecordPane::act(Act act, int n)
{
    if (act == Act::SaveRecord) {
        save();
        return;
    }
    if (isFormShown())
        return; // what is half filled in is not left by a key
    if (act == Act::OtherTab) {
        switchTab();
        return;
    }
    m_tabs->setCurrentIndex(1);
    switch (act) {
    case Act::OpenRecord:
        m_view->openInBrowser();
        break;
    case Act::AttachCase:
        m_view->toggleAttach(crm::Attach::Case);
        break;
    case Act::AttachTask:
        m_view->toggleAttach(crm::Attach::Task);
        break;
    case Act::AddNote:
        m_view->addNote();
        break;
    case Act::FindRecord:
        m_view->findByHand();
        break;
    case Act::ChooseOption:
        m_view->chooseOption(n - 1);
        break;
    default:
        break;
    }
}

void RecordPane::save()
{
    // A form is sent only from within: whoever writes to the visitor does not mean it.
    if (!isFormShown())
        m_view->saveFocusedCard();
    else if (m_form->isAncestorOf(QApplication::focusWidget()))
        m_form->submit();
}

void RecordPane::switchTab()
{
    if (!isFormShown())
        m_tabs->setCurrentIndex(1 - m_tabs->currentIndex());
}

void RecordPane::showChat(ChatId id)
{
    if (id == m_chat)
        return;
    if (isFormShown())
        m_form->flush();
    m_view->leaveChat(); // what is half typed is kept for the chat that it belongs to
    m_chat = id;
    tellTab();
    tellChat();
    const auto form = m_forms.constFind(id);
    if (form != m_forms.constEnd())
        m_form->setForm(*form, RecordText::crmName(m_view->tab().crm));
    showForm(form != m_forms.constEnd());
}

void RecordPane::tellTab()
{
    desk::RecordTab tab;
    if (m_chat.isEmpty())
        tab.crm = m_desk.crmStatus();
    else
        tab = m_desk.recordTab(m_chat);
    m_lookAgain->setEnabled(!m_chat.isEmpty() && tab.crm.state == desk::CrmState::Connected);
    m_tabs->setTab(tab);
    m_view->setTab(tab);
    tellStatus();
    tellWidth();
}

void RecordPane::tellChat()
{
    m_visitor->setChat(m_chat.isEmpty() ? Chat{} : m_desk.chat(m_chat));
}

void RecordPane::tellStatus()
{
    const desk::RecordTab &tab = m_view->tab();
    if (m_tabs->currentIndex() == 0) {
        const bool isOnline = !m_chat.isEmpty() && m_desk.chat(m_chat).visitorOnline;
        m_statusIcon->setIconName(isOnline ? u"check"_s : u"info"_s);
        m_statusIcon->setInk(isOnline ? &Palette::ok : &Palette::tx3);
        m_status->setText(isOnline ? tr("Live from the website") : tr("As the website last told"));
        m_openSync->hide();
        return;
    }
    const bool isGood = tab.state == TabState::Matched && tab.crm.state != desk::CrmState::SignInNeeded &&
                        std::ranges::all_of(tab.cards, [](const desk::RecordCard &card) {
                            return card.changedCount() == 0 && !card.isSaving && !card.saveError;
                        });
    m_statusIcon->setIconName(isGood ? u"check"_s : u"info"_s);
    m_statusIcon->setInk(isGood ? &Palette::ok : &Palette::tx3);
    m_status->setText(RecordText::statusLine(tab));
    m_openSync->setVisible(tab.state == TabState::Matched);
}

void RecordPane::tellWidth()
{
    const int width = isFormShown() ? FormView::preferredWidth()
                                    : (m_tabs->currentIndex() == 1 ? m_view->preferredWidth() : 400);
    if (width == m_preferredWidth)
        return;
    m_preferredWidth = width;
    emit preferredWidthChanged(width);
}

bool RecordPane::isFormShown() const
{
    return m_stack->currentIndex() == 1;
}

void RecordPane::showForm(bool shown)
{
    m_stack->setCurrentIndex(shown ? 1 : 0);
    m_escape->setEnabled(shown);
    tellWidth();
}

void RecordPane::openForm(desk::CreateOption option)
{
    const ChatId chat = m_chat;
    const QString crm = RecordText::crmName(m_view->tab().crm);
    m_form->setLoading(option, crm);
    showForm(true);
    whenDone(m_desk.openForm(chat, option), this, [this, chat, crm](Result<desk::RecordForm> form) {
        if (form)
            m_forms.insert(chat, *form);
        if (chat != m_chat)
            return; // the agent moved on; the form is there when the chat is shown again
        if (form)
            m_form->setForm(*form, crm);
        else
            m_form->setLoadError(form.error(), crm);
    });
}

void RecordPane::saveForm(const FieldMap &values, bool evenIfDuplicate)
{
    const ChatId chat = m_chat;
    desk::RecordForm form = m_form->state().form();
    form.values = m_form->state().values();
    form.isSaving = true;
    form.error.reset();
    form.refusals.clear();
    form.duplicates.reset();
    m_forms.insert(chat, form);
    const QString crm = RecordText::crmName(m_view->tab().crm);
    m_form->setForm(form, crm);
    const desk::CreateOption option = form.option;
    whenDone(
        m_desk.saveForm(chat, values, evenIfDuplicate), this,
        [this, chat, crm, option](const Result<Record> &saved) {
            if (saved) {
                m_forms.remove(chat);
                announce(this, tr("%1 saved in %2").arg(RecordText::kindName(saved->ref.kind), crm));
                if (chat == m_chat)
                    closeForm();
                return;
            }
            // The desk's form says why, and names what it collided with.
            const std::optional<desk::RecordForm> refused = m_desk.form(chat);
            const bool isShown = chat == m_chat && isFormShown() && m_form->state().form().option == option;
            if (!refused || refused->option != option) { // left meanwhile: nothing to show it in
                m_forms.remove(chat);
                announce(
                    this,
                    RecordText::saveProblem(saved.error(), crm, RecordText::optionKind(option), 0).title);
                if (isShown)
                    closeForm();
                return;
            }
            m_forms.insert(chat, *refused);
            if (isShown) {
                m_forms[chat].values = m_form->state().values();
                m_form->setForm(m_forms[chat], crm);
            }
        });
}

void RecordPane::useDuplicate(const RecordRef &ref)
{
    m_forms.remove(m_chat);
    m_desk.useDuplicate(m_chat, ref);
    closeForm();
}

void RecordPane::leaveForm()
{
    m_forms.remove(m_chat);
    // Escape drops nothing: what was typed stays with the desk and is there when the form is opened again.
    m_desk.closeForm(m_chat);
    closeForm();
}

void RecordPane::closeForm()
{
    showForm(false);
    tellTab();
    focusView();
}

void RecordPane::focusView()
{
    // Back to the button that opened the form; saved, there is a card in its place.
    if (!isAncestorOf(QApplication::focusWidget()) && QApplication::focusWidget())
        return; // whoever writes to the visitor goes on
    for (QWidget *next = m_view->nextInFocusChain(); next != m_view; next = next->nextInFocusChain()) {
        const bool isOpener = next->objectName() == u"openForm"_s;
        const bool isField = next->objectName().startsWith(u"field."_s);
        if (m_view->isAncestorOf(next) && (isOpener || isField) && next->isVisible() &&
            (next->focusPolicy() & Qt::TabFocus)) {
            next->setFocus(Qt::OtherFocusReason);
            return;
        }
    }
    m_tabs->setFocus(Qt::OtherFocusReason);
}

void RecordPane::openUrl(const QUrl &url)
{
    static const QStringList allowed{u"https"_s, u"http"_s, u"mailto"_s, u"tel"_s};
    if (allowed.contains(url.scheme()))
        QDesktopServices::openUrl(url);
}

} // namespace parley::ui
