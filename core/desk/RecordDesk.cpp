#include "core/desk/RecordDesk.h"

#include "core/base/Log.h"
#include "core/desk/Details.h"

namespace parley::desk {

using namespace std::chrono_literals;
using namespace Qt::Literals::StringLiterals;

namespace {

constexpr auto kLookupPatience = 8s;

QString reasonOf(const QList<crm::Evidence> &evidence)
{
    if (evidence.isEmpty())
        return {};
    const QString field = evidence.first().field.toLower();
    if (field.contains(u"mail"))
        return u"email"_s;
    if (field.contains(u"phone"))
        return u"phone"_s;
    return evidence.first().rule;
}

QString evidenceText(const QList<crm::Evidence> &evidence)
{
    QStringList parts;
    for (const crm::Evidence &one : evidence)
        parts += u"%1: %2 = %3"_s.arg(one.rule, one.field, one.value);
    return parts.join(u"; ");
}

} // namespace

RecordDesk::RecordDesk(std::shared_ptr<DeskContext> context, ChatId chat, ChatMemory memory)
    : m_context(std::move(context))
    , m_chat(std::move(chat))
    , m_memory(std::move(memory))
{}

RecordDesk::~RecordDesk()
{
    save(); // what was typed in this very turn of the event loop
}

Chat RecordDesk::chat() const
{
    const auto held = m_context->line->chat(m_chat);
    return held.value_or(Chat{.id = m_chat});
}

void RecordDesk::keep()
{
    m_isDirty = true;
    if (m_isSaving)
        return;
    m_isSaving = true;
    // Once per turn of the event loop: a key press changes a draft, not a disk's whole day.
    // The queue must not own us: what is left in it when the program ends goes under a lock of Qt's that the
    // line, of which we might be the last owner, then waits for in vain.
    QMetaObject::invokeMethod(
        this,
        [this] {
            m_isSaving = false;
            save();
        },
        Qt::QueuedConnection);
}

void RecordDesk::save()
{
    if (std::exchange(m_isDirty, false))
        letGo(m_context->table->saveMemory(m_chat, m_memory)); // saved again with the next change
}

void RecordDesk::note(const Error &error)
{
    m_context->noteError(error);
}

void RecordDesk::setDraft(const QString &draft)
{
    if (m_memory.draft == draft)
        return;
    m_memory.draft = draft;
    keep();
}

void RecordDesk::setWrapUp(const QString &text)
{
    if (m_memory.wrapUp == text)
        return;
    m_memory.wrapUp = text;
    keep();
}

void RecordDesk::setWriting(Writing writing)
{
    if (m_memory.writing == writing)
        return;
    m_memory.writing = writing;
    keep();
    emit changed();
}

void RecordDesk::setDismissed()
{
    m_memory.isDismissed = true;
    keep();
}

// --- identity ---

void RecordDesk::setState(TabState state)
{
    m_state = state;
    emit changed();
    emit badgeChanged();
}

bool RecordDesk::isSettled() const
{
    return !m_memory.selected.isEmpty() || m_memory.isRejected;
}

void RecordDesk::begin()
{
    if (std::exchange(m_isBegun, true))
        return;
    enterOrganisation();
    if (m_context->outbox) {
        for (const outbox::Entry &entry : m_context->outbox->ofChat(m_chat)) {
            if (entry.intent.action != crm::IntentAction::Update || entry.isFinished())
                continue;
            if (entry.state == outbox::State::NeedsYou)
                takeBack(entry); // refused while the chat was on nobody's list
            else                 // killed between the promise and the forgetting
                forgetSaved(entry.organisation, entry.intent.target, entry.intent.fields);
        }
    }
    if (m_context->crm)
        lookUp(false);
}

bool RecordDesk::isAtHome() const
{
    return m_memory.organisation.isEmpty() || m_memory.organisation == m_context->status.organisation;
}

void RecordDesk::enterOrganisation()
{
    if (!m_context->crm)
        return;        // signed out: what was decided stays as it is
    if (!isAtHome()) { // another org, or one that is not said yet: nothing of the one before may be acted on
        if (m_memory.selected.isEmpty() && !m_fallback.isEmpty()) { // "Look again" had not ended there
            m_memory.selected = m_fallback;
            m_memory.reason = m_fallbackReason;
        }
        m_fallback = {};
        m_fallbackReason.clear();
        const bool hadForm = std::exchange(m_form, {}).has_value();
        if (hadForm)
            emit formDropped();
        m_tied = {};
        m_cards.clear();
        m_outcome.reset();
    }
    if (m_memory.enter(m_context->status.organisation))
        keep();
}

void RecordDesk::crmChanged()
{
    if (!m_isBegun)
        return; // not on the desk yet, or only remembered
    enterOrganisation();
    ++m_generation;
    m_failures = 0;
    if (!m_context->crm) {
        m_cards.clear();
        m_outcome.reset();
        m_error.reset();
        setState(TabState::NotConnected);
        return;
    }
    lookUp(false);
}

void RecordDesk::schemasChanged()
{
    for (RecordCard &shown : m_cards)
        refreshCard(shown);
    emit changed();
}

void RecordDesk::lookAgain()
{
    if (!m_context->crm || isHeld())
        return;
    // The agent asks for it: what is found now replaces even their own choice, which stays should nothing be
    // found.
    m_fallback = std::exchange(m_memory.selected, {});
    m_fallbackReason = std::exchange(m_memory.reason, {});
    m_memory.isRejected = false;
    m_failures = 0;
    keep();
    lookUp(false);
}

void RecordDesk::lookUp(bool isQuiet)
{
    const qint64 generation = ++m_generation;
    const LiveChatFields values = lookupValues();
    m_lookedEmail = values.value(fields::visitorEmail);
    m_lookedPhone = values.value(fields::phone);
    m_hasNewDetails = false;
    if (!isQuiet && m_cards.isEmpty())
        m_state = TabState::Looking;
    emit changed();
    emit badgeChanged();
    // What was chosen in one org is not asked for in another: first it is to be said which one this is.
    if (isHeld())
        m_failures = 0;
    else if (m_memory.selected.isEmpty())
        letGo(identify(generation)); // its end is the tab's new state
    else
        letGo(showSelected(generation)); // likewise
    m_context->clock.callAfter(kLookupPatience, this, [this, generation] {
        if (m_generation == generation && m_state == TabState::Looking)
            failed({.code = Errc::TimedOut}); // the answer still counts should it come
    });
}

QCoro::Task<void> RecordDesk::identify(qint64 generation)
{
    const auto self = shared_from_this();
    const auto crm = m_context->crm;
    crm::IdentifyRequest request;
    request.values = lookupValues();
    request.rules = m_context->rules;
    request.shown = m_context->shown;
    const auto outcome = co_await crm->client()->identify(request);
    if (generation != m_generation)
        co_return; // asked anew since, or another CRM: this answer is about something that is no longer on
                   // screen
    if (outcome) {
        m_context->noteAnswer();
        apply(*outcome);
    } else {
        failed(outcome.error());
    }
}

void RecordDesk::failed(const Error &error)
{
    note(error);
    m_error = error;
    ++m_failures;
    if (m_cards.isEmpty())
        setState(TabState::Failed);
    if (!isTransient(error.code))
        return;
    // Nobody has to press anything: it is tried again, ever more slowly, until there is an answer.
    const qint64 generation = m_generation;
    m_context->clock.callAfter(patienceAfter(error, m_failures), this, [this, generation] {
        if (generation == m_generation && m_context->crm && m_error)
            lookUp(true);
    });
}

void RecordDesk::apply(const crm::MatchOutcome &outcome)
{
    m_outcome = outcome;
    m_error.reset();
    m_failures = 0;
    m_lookedUpAt = m_context->clock.now();
    if (isSettled() && m_state == TabState::Matched)
        return setState(m_state); // chosen while the answer was on its way
    const QList<crm::Candidate> choices = outcome.choices();
    if (outcome.kind() == crm::MatchKind::None && !m_fallback.isEmpty()) {
        m_memory.selected = std::exchange(m_fallback, {});
        m_memory.reason = std::exchange(m_fallbackReason, {});
        keep();
        return lookUp(true);
    }
    m_fallback = {};
    if (m_memory.isRejected || outcome.kind() == crm::MatchKind::None) {
        m_cards.clear();
        dropPlan();
        log(u"none"_s, {}, {});
        setState(TabState::NotFound);
        return;
    }
    if (outcome.kind() == crm::MatchKind::One) {
        const crm::Candidate &only = choices.first();
        log(u"one"_s, only.record.ref, only.evidence);
        showRecord(only.record, only.evidence, reasonOf(only.evidence));
        return;
    }
    if (const auto tied = tiedAmong(choices)) {
        const auto found =
            std::ranges::find(choices, *tied, [](const crm::Candidate &one) { return one.record.ref; });
        log(u"remembered"_s, *tied, found->evidence);
        showRecord(found->record, found->evidence, u"remembered"_s);
        return;
    }
    m_cards.clear();
    dropPlan();
    log(u"several"_s, {}, {});
    setState(TabState::Several);
}

std::optional<RecordRef> RecordDesk::tiedAmong(const QList<crm::Candidate> &choices) const
{
    for (const crm::Candidate &choice : choices) {
        for (const crm::Evidence &evidence : choice.evidence) {
            const Tie wanted{evidence.field, evidence.value.toCaseFolded(), choice.record.ref};
            if (m_context->ties.contains(wanted))
                return choice.record.ref;
        }
    }
    // The hub knows a record of this chat: another agent, or this one elsewhere, has tied it.
    const Chat held = chat();
    for (const crm::Candidate &choice : choices) {
        if (held.links.contains(choice.record.ref))
            return choice.record.ref;
    }
    return std::nullopt;
}

void RecordDesk::showRecord(const Record &record, const QList<crm::Evidence> &evidence, const QString &reason)
{
    m_cards.clear();
    putCard(record, evidence, reason);
    const bool isLead = record.ref.kind == kinds::lead;
    if (isLead && m_memory.plan.attach == crm::Attach::Case)
        m_memory.plan.attach = crm::Attach::Task; // a lead offers Task only
    if (m_memory.plan.parent != record.ref && m_memory.writing == Writing::NotYet) {
        m_memory.plan.parent = record.ref;
        keep();
    }
    const auto &account = m_outcome ? m_outcome->account : std::nullopt;
    const QString accountId = record.fields.value(u"AccountId"_s).toString();
    if (record.ref.kind == kinds::contact) {
        if (account && (accountId.isEmpty() || account->ref.id.value == accountId))
            putCard(*account, {}, {});
        else if (!accountId.isEmpty())
            letGo(fetchAccount(record.ref, {.kind = kinds::account, .id = {accountId}})); // its end is a card
    }
    m_error.reset();
    setState(TabState::Matched);
    QList<RecordKind> unknown; // what is known of a kind already paints the cards anew at once
    for (const RecordCard &shown : std::as_const(m_cards)) {
        const RecordKind &kind = shown.record.ref.kind;
        if (m_context->crm && (!m_context->crm->knownSchema(kind) || !m_context->crm->knownLayout(kind)))
            unknown += kind;
    }
    for (const RecordKind &kind : std::as_const(unknown))
        letGo(improve(kind)); // labels and types, when the description is there
    tie();
}

void RecordDesk::dropPlan()
{
    // An ended chat's plan is a promise; an open one's goes with the record that it was made for.
    const bool isPromise = chat().state == ChatState::Ended || m_memory.writing != Writing::NotYet;
    if (isPromise || m_memory.plan.parent.isEmpty())
        return;
    m_memory.plan = {};
    keep();
}

void RecordDesk::settle()
{
    if (m_cards.isEmpty() || !m_memory.selected.isEmpty())
        return;
    m_memory.selected = m_cards.first().record.ref;
    m_memory.reason = m_cards.first().reason;
    keep();
}

void RecordDesk::tie()
{
    if (m_state != TabState::Matched || m_cards.isEmpty() || !m_context->line->isMine(m_chat))
        return; // a waiting chat is nobody's to tie yet
    const RecordRef ref = m_cards.first().record.ref;
    if (ref == m_tied || chat().links.contains(ref))
        return;
    m_tied = ref;
    m_context->line->link(m_chat, {ref});
}

QCoro::Task<void> RecordDesk::improve(RecordKind kind)
{
    const auto self = shared_from_this();
    const auto crm = m_context->crm;
    const auto schema = co_await crm->schema(kind);
    if (!schema || crm != m_context->crm)
        co_return; // the card stays readable without
    for (RecordCard &shown : m_cards)
        refreshCard(shown);
    emit changed();
    if (crm != m_context->crm)
        co_return; // whoever heard of it has connected another
    const auto layout = co_await crm->layout(kind, crm::LayoutPurpose::Edit);
    if (!layout || crm != m_context->crm)
        co_return; // the description's own labels are readable too
    for (RecordCard &shown : m_cards)
        refreshCard(shown);
    emit changed();
}

QCoro::Task<void> RecordDesk::fetchAccount(RecordRef parent, RecordRef account)
{
    const auto self = shared_from_this();
    const auto crm = m_context->crm;
    const QStringList wanted = readFields(kinds::account);
    const auto record = co_await crm->client()->get(account, wanted);
    const bool isStillShown =
        crm == m_context->crm && !m_cards.isEmpty() && m_cards.first().record.ref == parent;
    if (!record || !isStillShown || card(account))
        co_return; // the contact is what matters; its account's name stands on its card
    putCard(*record, {}, {});
    emit changed();
    letGo(improve(kinds::account)); // labels and types
}

QCoro::Task<void> RecordDesk::showSelected(qint64 generation)
{
    const auto self = shared_from_this();
    const auto crm = m_context->crm;
    const RecordRef ref = m_memory.selected;
    const QStringList wanted = readFields(ref.kind);
    const auto record = co_await crm->client()->get(ref, wanted);
    if (generation != m_generation)
        co_return;
    if (record) {
        m_context->noteAnswer();
        m_lookedUpAt = m_context->clock.now();
        showRecord(*record, {}, m_memory.reason);
    } else if (record.error().code == Errc::NotFound) {
        m_memory.selected = {}; // deleted or merged in the CRM meanwhile: the lookup decides again
        m_memory.reason.clear();
        keep();
        lookUp(true);
    } else {
        failed(record.error());
    }
}

bool RecordDesk::reread()
{
    if (!m_context->crm || m_state != TabState::Matched || m_cards.isEmpty())
        return false;
    if (!std::exchange(m_isRereading, true))
        letGo(rereadCards()); // its end is what the cards show
    return true;
}

QCoro::Task<void> RecordDesk::rereadCards()
{
    const auto self = shared_from_this();
    const auto crm = m_context->crm;
    QList<RecordRef> shown;
    for (const RecordCard &one : std::as_const(m_cards))
        shown += one.record.ref;
    m_isRereadStale = false;
    for (const RecordRef &ref : std::as_const(shown)) {
        const QStringList wanted = readFields(ref.kind);
        const auto fresh = co_await crm->client()->get(ref, wanted);
        if (crm != m_context->crm)
            break;
        if (!fresh) {
            note(fresh.error());
            break;
        }
        m_context->noteAnswer();
        m_lookedUpAt = m_context->clock.now();
        if (RecordCard *target = card(ref); target && !target->isSaving && !m_isRereadStale)
            mergeRecord(*target, *fresh); // what is being edited stays an edit
    }
    m_isRereading = false;
    emit changed();
    if (std::exchange(m_isRereadStale, false))
        reread();
}

void RecordDesk::select(const RecordRef &ref, const QString &reason)
{
    m_memory.selected = ref;
    m_memory.reason = reason;
    m_memory.isRejected = false;
    m_memory.option.reset();
    m_hasNewDetails = false;
    ++m_generation; // whatever is on its way comes too late
    keep();
}

void RecordDesk::chooseCandidate(const RecordRef &ref, bool remember)
{
    if (!m_outcome)
        return;
    const auto found = std::ranges::find(m_outcome->candidates, ref,
                                         [](const crm::Candidate &one) { return one.record.ref; });
    if (found == m_outcome->candidates.end())
        return;
    const crm::Candidate chosen = *found;
    select(ref, u"chosen"_s);
    log(u"chosen"_s, ref, chosen.evidence);
    if (remember) {
        QList<Tie> ties;
        for (const crm::Evidence &evidence : chosen.evidence)
            ties += Tie{evidence.field, evidence.value.toCaseFolded(), ref};
        for (const Tie &tie : std::as_const(ties)) {
            m_context->ties.removeIf(
                [&tie](const Tie &old) { return old.field == tie.field && old.value == tie.value; });
        }
        m_context->ties += ties;
        letGo(m_context->table->saveTies(ties)); // good for this run even if the disk refuses
    }
    showRecord(chosen.record, chosen.evidence, u"chosen"_s);
    emit planChanged();
}

void RecordDesk::rejectCandidates()
{
    m_memory.isRejected = true;
    m_memory.selected = {};
    m_memory.plan.parent = {};
    m_cards.clear();
    ++m_generation;
    keep();
    log(u"rejected"_s, {}, {});
    setState(TabState::NotFound);
}

void RecordDesk::link(const RecordRef &ref)
{
    if (!m_context->crm || ref.isEmpty())
        return;
    select(ref, u"chosen"_s);
    log(u"linked"_s, ref, {});
    m_cards.clear();
    m_memory.plan.parent = ref;
    lookUp(false);
    emit planChanged();
}

void RecordDesk::unlink(const RecordRef &ref)
{
    log(u"unlinked"_s, ref, {});
    const bool isMain = !m_cards.isEmpty() && m_cards.first().record.ref == ref;
    if (!isMain) {
        m_cards.removeIf([&ref](const RecordCard &one) { return one.record.ref == ref; });
        emit changed();
        return;
    }
    if (m_memory.writing == Writing::NotYet)
        m_memory.plan = {};
    rejectCandidates();
}

void RecordDesk::log(const QString &what, const RecordRef &ref, const QList<crm::Evidence> &evidence)
{
    // The supervisors' match review; a line that the disk refuses must not stop the agent.
    letGo(m_context->table->logMatch(m_chat, m_context->clock.now(), what, ref, evidenceText(evidence)));
}

void RecordDesk::chatChanged()
{
    tie();
    const QList<Message> messages = m_context->line->messages(m_chat);
    bool hasNew = false;
    const auto learn = [&](const QString &key, const QString &value, bool isSame) {
        if (value.isEmpty() || isSame)
            return;
        m_memory.details.insert(key, value);
        hasNew = true;
    };
    for (; m_scanned < messages.size(); ++m_scanned) {
        const Message &message = messages.at(m_scanned);
        if (message.author != Author::Visitor || message.kind != MessageKind::Text)
            continue;
        const LiveChatFields known = lookupValues();
        const QString email = emailIn(message.text);
        const QString phone = phoneIn(message.text);
        learn(fields::visitorEmail, email,
              known.value(fields::visitorEmail).compare(email, Qt::CaseInsensitive) == 0);
        learn(fields::phone, phone, phoneDigits(known.value(fields::phone)) == phoneDigits(phone));
    }
    if (hasNew)
        keep();
    const LiveChatFields now = lookupValues();
    const bool isSame = now.value(fields::visitorEmail).compare(m_lookedEmail, Qt::CaseInsensitive) == 0 &&
                        phoneDigits(now.value(fields::phone)) == phoneDigits(m_lookedPhone);
    if (!m_context->crm || m_state == TabState::NotConnected || isSame)
        return;
    const bool isUntouched = !isSettled() && !m_memory.option && !m_form && m_cards.isEmpty();
    if (isUntouched && (m_state == TabState::NotFound || m_state == TabState::Looking)) {
        lookUp(true); // nobody was found and nothing was chosen: nothing can be replaced
    } else if (!m_hasNewDetails) {
        m_hasNewDetails = true;
        emit changed();
    }
}

LiveChatFields RecordDesk::lookupValues() const
{
    // What was told last wins here, and only here: in what is written, the details fill blanks alone.
    LiveChatFields values = chat().fields;
    for (auto it = m_memory.details.cbegin(); it != m_memory.details.cend(); ++it)
        values.insert(it.key(), it.value());
    return values;
}

CrmBadge RecordDesk::badge() const
{
    switch (m_state) {
    case TabState::NotConnected:
        return CrmBadge::NotConnected;
    case TabState::Looking:
        return CrmBadge::Looking;
    case TabState::NotFound:
        return CrmBadge::NotInCrm;
    case TabState::Several:
        return CrmBadge::Several;
    case TabState::Failed:
        return CrmBadge::Failed;
    case TabState::Matched:
        break;
    }
    if (m_cards.isEmpty())
        return CrmBadge::Looking;
    const RecordKind kind = m_cards.first().record.ref.kind;
    if (kind == kinds::lead)
        return CrmBadge::Lead;
    return kind == kinds::account ? CrmBadge::Account : CrmBadge::Contact;
}

int RecordDesk::matches() const
{
    return m_outcome ? int(m_outcome->choices().size()) : 0;
}

bool RecordDesk::hasUnsaved() const
{
    const bool hasEdits =
        std::ranges::any_of(m_memory.edits, [](const FieldMap &edits) { return !edits.isEmpty(); });
    // A form that a record was used instead of waits for nothing.
    return hasEdits || (m_memory.selected.isEmpty() && !m_memory.forms.isEmpty());
}

} // namespace parley::desk
