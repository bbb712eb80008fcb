// The edits of a chat's cards: kept as they are typed, saved, promised where the CRM does not answer.
#include "core/desk/RecordDesk.h"

#include <QUuid>

namespace parley::desk {

using namespace Qt::Literals::StringLiterals;

void RecordDesk::keepEdit(const RecordRef &ref, const QString &field, const QVariant &value,
                          const std::optional<QVariant> &base)
{
    RecordCard *target = card(ref);
    if (!target)
        return;
    const auto shown = std::ranges::find(target->fields, field, &CardField::name);
    if (shown == target->fields.end() || shown->isReadOnly)
        return;
    const bool isBothEmpty =
        value.toString().isEmpty() && shown->text.isEmpty() && !value.canConvert<QStringList>();
    shown->refusal.clear();
    if (value == shown->value || isBothEmpty) {
        forgetEdit(m_memory, ref, field);
    } else {
        m_memory.edits[keyOf(ref)].insert(field, value);
        FieldMap &bases = m_memory.bases[keyOf(ref)];
        if (!bases.contains(field))
            bases.insert(field, base.value_or(shown->value));
    }
    refreshCard(*target);
    settleConflict(*target);
    keep();
    emit changed();
    emit badgeChanged();
}

void RecordDesk::undoEdit(const RecordRef &ref, const QString &field)
{
    RecordCard *target = card(ref);
    if (!target)
        return;
    forgetEdit(m_memory, ref, field);
    if (!m_memory.edits.contains(keyOf(ref)))
        target->saveError.reset();
    const auto shown = std::ranges::find(target->fields, field, &CardField::name);
    if (shown != target->fields.end())
        shown->refusal.clear();
    refreshCard(*target);
    settleConflict(*target);
    keep();
    emit changed();
    emit badgeChanged();
}

void RecordDesk::forgetEdit(OrgMemory &memory, const RecordRef &ref, const QString &field)
{
    for (QMap<QString, FieldMap> *kept : {&memory.edits, &memory.bases}) {
        const auto of = kept->find(keyOf(ref));
        if (of == kept->end())
            continue;
        of->remove(field);
        if (of->isEmpty())
            kept->erase(of);
    }
}

void RecordDesk::keepMine(const RecordRef &ref, const QString &field)
{
    RecordCard *target = card(ref);
    if (!target)
        return;
    const auto shown = std::ranges::find(target->fields, field, &CardField::name);
    if (shown == target->fields.end() || !shown->isContested)
        return;
    m_memory.bases[keyOf(ref)].insert(field, shown->value); // seen, and edited all the same
    refreshCard(*target);
    settleConflict(*target);
    keep();
    emit changed();
}

void RecordDesk::settleConflict(RecordCard &target)
{
    const bool isAboutConflict = target.saveError && target.saveError->code == Errc::Conflict;
    if (isAboutConflict && target.contestedCount() == 0)
        target.saveError.reset();
}

void RecordDesk::discardEdits(const RecordRef &ref)
{
    m_memory.edits.remove(keyOf(ref));
    m_memory.bases.remove(keyOf(ref));
    if (RecordCard *target = card(ref)) {
        target->saveError.reset();
        for (CardField &field : target->fields)
            field.refusal.clear();
        refreshCard(*target);
    }
    keep();
    emit changed();
    emit badgeChanged();
}

Async<Done> RecordDesk::saveEdits(RecordRef ref, bool evenIfDuplicate)
{
    const auto self = shared_from_this();
    RecordCard *target = card(ref);
    const FieldMap edits = m_memory.edits.value(keyOf(ref));
    if (!target || !m_context->crm)
        co_return fail(Errc::NotFound);
    if (edits.isEmpty())
        co_return Done{};
    if (target->isSaving)
        co_return fail(Errc::Conflict, u"a save is on its way"_s);
    if (target->contestedCount() > 0) {
        const Error error{.code = Errc::Conflict, .detail = u"contested fields wait for a choice"_s};
        target->saveError = error;
        emit changed();
        co_return fail(error);
    }
    // Only what was shown can have been seen.
    const bool allowDuplicate = evenIfDuplicate && target->duplicates && target->duplicates->mayOverride;
    target->isSaving = true;
    target->saveError.reset();
    target->duplicates.reset();
    for (CardField &field : target->fields)
        field.refusal.clear();
    const QString version = target->record.version;
    const QString org = m_memory.organisation;
    const auto crm = m_context->crm;
    // Behind an earlier one that is still to be sent, this one waits its turn.
    const bool isBehind = m_context->isOutOfReach() || !promisedEdits(ref).isEmpty();
    const FieldMap bases = m_memory.bases.value(keyOf(ref));
    emit changed();
    if (isBehind && mayPromise()) {
        const auto promised = co_await promiseEdits(ref, edits, bases, allowDuplicate);
        co_return promised;
    }
    const auto saved = co_await sendEdits(ref, edits, version, allowDuplicate);
    const bool isLater = !saved && outbox::verdictOn(saved.error()) == outbox::Verdict::TryLater &&
                         saved.error().code != Errc::Cancelled && crm == m_context->crm && mayPromise();
    if (isLater) {
        note(saved.error());
        FieldMap still; // what was undone or typed on meanwhile is not sent later either
        const FieldMap now = m_memory.edits.value(keyOf(ref));
        for (auto it = edits.cbegin(); it != edits.cend(); ++it) {
            if (now.value(it.key()) == it.value())
                still.insert(it.key(), it.value());
        }
        const auto promised = co_await promiseEdits(ref, still, bases, allowDuplicate);
        co_return promised;
    }
    std::optional<PossibleDuplicates> duplicates;
    if (const auto named = saved ? std::nullopt : crm::duplicatesOf(saved.error())) {
        const auto read = co_await readDuplicates(crm, *named);
        duplicates = *read;
    }
    if (!org.isEmpty() && m_memory.organisation != org) { // another org is on screen by now
        if (saved)
            forgetSaved(org, ref, edits);
        keep();
        co_return fail(Errc::Cancelled, u"the CRM changed during the save"_s);
    }
    target = card(ref); // the cards may have been painted anew meanwhile
    if (target)
        target->isSaving = false;
    if (saved) {
        m_context->noteAnswer();
        m_isRereadStale = m_isRereading; // what it asked before this is older than what was saved
        for (auto it = edits.cbegin(); it != edits.cend(); ++it) {
            const FieldMap now = m_memory.edits.value(keyOf(ref));
            if (now.value(it.key()) == it.value())
                forgetEdit(m_memory, ref, it.key());
            else if (now.contains(it.key())) // typed on meanwhile: an edit of what the CRM made of it
                m_memory.bases[keyOf(ref)].insert(it.key(), saved->fields.value(it.key(), it.value()));
        }
        if (target) {
            Record fresh = *saved;
            for (auto it = edits.cbegin(); it != edits.cend(); ++it) {
                if (!fresh.fields.contains(it.key()))
                    fresh.fields.insert(it.key(), it.value());
            }
            mergeRecord(*target, fresh);
        }
        keep();
    } else if (target) {
        note(saved.error());
        target->duplicates = duplicates;
        showSaveError(*target, saved.error());
    }
    emit changed();
    emit badgeChanged();
    if (!saved)
        co_return fail(saved.error());
    co_return Done{};
}

FieldMap RecordDesk::promisedEdits(const RecordRef &ref) const
{
    FieldMap promised;
    if (!m_context->outbox)
        return promised;
    for (const outbox::Entry &entry : m_context->outbox->ofChat(m_chat)) {
        const bool isOfIt = entry.intent.action == crm::IntentAction::Update && entry.intent.target == ref &&
                            entry.organisation == m_context->status.organisation;
        if (isOfIt && !entry.isFinished() && entry.state != outbox::State::NeedsYou)
            promised.insert(entry.intent.fields); // the later one counts
    }
    return promised;
}

void RecordDesk::forgetSaved(const QString &org, const RecordRef &ref, const FieldMap &saved)
{
    OrgMemory &memory = m_memory.of(org);
    for (auto it = saved.cbegin(); it != saved.cend(); ++it) {
        if (memory.edits.value(keyOf(ref)).value(it.key()) == it.value())
            forgetEdit(memory, ref, it.key());
        else if (memory.edits.value(keyOf(ref))
                     .contains(it.key())) // typed on meanwhile: an edit of what was saved
            memory.bases[keyOf(ref)].insert(it.key(), it.value());
    }
}

void RecordDesk::useInstead(const RecordRef &edited, const RecordRef &instead)
{
    const RecordCard *target = card(edited);
    if (!target || !target->duplicates)
        return;
    const bool isOffered = std::ranges::any_of(
        target->duplicates->records, [&instead](const Record &record) { return record.ref == instead; });
    if (!isOffered)
        return;
    if (edited.kind == instead.kind) { // another kind's fields are others
        m_memory.edits[keyOf(instead)].insert(m_memory.edits.take(keyOf(edited)));
        m_memory.bases.remove(keyOf(edited));
    }
    link(instead);
}

void RecordDesk::adoptEdits(const Record &record)
{
    const FieldMap edits = m_memory.edits.value(keyOf(record.ref));
    const FieldMap bases = m_memory.bases.value(keyOf(record.ref));
    for (auto it = edits.cbegin(); it != edits.cend(); ++it) {
        if (bases.contains(it.key()) || !record.fields.contains(it.key()))
            continue;
        if (isSameValue(it.value(), record.fields.value(it.key())))
            forgetEdit(m_memory, record.ref, it.key()); // it has that already
        else
            m_memory.bases[keyOf(record.ref)].insert(it.key(), record.fields.value(it.key()));
    }
}

bool RecordDesk::mayPromise() const
{
    // To an org that is not said yet nothing is promised: it could become another one's.
    return m_context->outbox && !m_context->status.isOrganisationAwaited;
}

Async<Done> RecordDesk::promiseEdits(RecordRef ref, FieldMap edits, FieldMap bases, bool allowDuplicate)
{
    const auto self = shared_from_this();
    const QString org = m_memory.organisation;
    crm::Intent intent;
    intent.key = u"%1:edit:%2"_s.arg(m_chat.value, QUuid::createUuid().toString(QUuid::WithoutBraces));
    intent.chat = m_chat;
    intent.action = crm::IntentAction::Update;
    intent.kind = ref.kind;
    intent.target = ref;
    intent.fields = edits;
    intent.allowDuplicate = allowDuplicate;
    for (auto it = edits.cbegin(); it != edits.cend(); ++it)
        intent.bases.insert(it.key(), bases.value(it.key()));
    if (const RecordCard *shown = card(ref)) {
        intent.version = shown->record.version;
        intent.title = shown->record.title;
    }
    const QList<crm::Intent> intents = edits.isEmpty() ? QList<crm::Intent>() : QList<crm::Intent>{intent};
    const auto added = co_await m_context->outbox->add(intents, org);
    if (added) // durable there: they are no edits any more
        forgetSaved(org, ref, edits);
    if (RecordCard *target = card(ref)) {
        target->isSaving = false;
        if (!added)
            target->saveError = added.error();
        refreshCard(*target);
    }
    keep();
    emit changed();
    emit badgeChanged();
    co_return added;
}

void RecordDesk::onPromise(const outbox::Entry &entry)
{
    if (!m_isBegun || m_memory.isDismissed)
        return; // a chat that is not on the list: what needs a person waits in Sync
    if (entry.intent.action == crm::IntentAction::Note && entry.state == outbox::State::Done) {
        m_memory.of(entry.organisation).note = entry.result;
        keep();
        m_context->line->link(
            m_chat, {entry.result}); // again where the end of the chat does so: the frame is the same
        emit changed();
    }
    if (entry.intent.action != crm::IntentAction::Update)
        return;
    if (entry.state == outbox::State::NeedsYou)
        return takeBack(entry);
    if (entry.state == outbox::State::Done) {
        OrgMemory &memory = m_memory.of(entry.organisation);
        for (const QString &field : entry.intent.fields.keys()) {
            if (!memory.edits.value(keyOf(entry.intent.target)).contains(field))
                forgetEdit(memory, entry.intent.target, field); // a base that an earlier one left
        }
    }
    const bool isHere = entry.organisation == m_memory.organisation;
    RecordCard *target = isHere ? card(entry.intent.target) : nullptr;
    if (!target)
        return;
    if (entry.state == outbox::State::Done) {
        mergeRecord(*target, {.ref = entry.intent.target, .fields = entry.intent.fields});
        m_isRereadStale = m_isRereading;
        reread(); // what the CRM made of it, and its version
    } else {
        refreshCard(*target);
    }
    emit changed();
}

void RecordDesk::takeBack(const outbox::Entry &entry)
{
    const crm::Intent &intent = entry.intent;
    OrgMemory &memory = m_memory.of(entry.organisation);
    FieldMap &edits = memory.edits[keyOf(intent.target)];
    FieldMap &bases = memory.bases[keyOf(intent.target)];
    const FieldMap later = promisedEdits(intent.target); // without this one, which needs a person
    for (auto it = intent.fields.cbegin(); it != intent.fields.cend(); ++it) {
        const QVariant base = intent.bases.value(it.key());
        if (later.contains(it.key())) {
            bases.insert(it.key(),
                         base); // of the one that was saved after it, which is still to be sent, and counts
        } else if (!edits.contains(it.key())) {
            edits.insert(it.key(), it.value());
            bases.insert(it.key(), bases.value(it.key(), base));
        } else if (isSameValue(edits.value(it.key()), base)) {
            edits.insert(it.key(),
                         it.value()); // an earlier one has come back: this one was saved on top of it
        } else if (isSameValue(bases.value(it.key()), it.value())) {
            bases.insert(it.key(), base); // typed on top of what never got there
        }
    }
    if (edits.isEmpty())
        memory.edits.remove(keyOf(intent.target));
    keep();
    // Not from within its own change; and until then it is the same edit twice, which does no harm.
    QMetaObject::invokeMethod(
        this,
        [this, key = intent.key] {
            if (m_context->outbox)
                letGo(m_context->outbox->discard(key)); // kept 30 days there
        },
        Qt::QueuedConnection);
    letGo(showRefusal(entry)); // its end is what the card shows
}

QCoro::Task<void> RecordDesk::showRefusal(outbox::Entry entry)
{
    const auto self = shared_from_this();
    const RecordRef ref = entry.intent.target;
    const Error error = entry.error.value_or(Error{});
    const auto crm = m_context->crm;
    std::optional<PossibleDuplicates> duplicates;
    if (const auto named = crm::duplicatesOf(error); named && crm) {
        const auto read = co_await readDuplicates(crm, *named);
        duplicates = *read;
    } else if (error.code == Errc::Conflict && crm) {
        std::ignore = co_await readTheirs(ref);
    }
    if (crm != m_context->crm)
        co_return;
    if (RecordCard *target = card(ref)) {
        target->duplicates = duplicates;
        refreshCard(*target);
        showSaveError(*target, error);
    } else {
        m_refused.insert(keyOf(ref), error); // said as soon as the card is there
    }
    emit changed();
    emit badgeChanged();
}

void RecordDesk::showSaveError(RecordCard &target, const Error &error)
{
    target.saveError = error;
    for (const FieldError &refused : error.fields) {
        const auto field = std::ranges::find(target.fields, refused.field, &CardField::name);
        if (field != target.fields.end())
            field->refusal = refused.message;
    }
}

/// Someone changed the record meanwhile: their values show as read, the agent's stay as edits.
Async<Record> RecordDesk::readTheirs(RecordRef ref)
{
    const auto self = shared_from_this();
    const auto crm = m_context->crm;
    const crm::Capabilities can = crm->client()->capabilities();
    QStringList wanted = readFields(ref.kind) + QStringList{can.changedBy, can.changedAt};
    wanted.removeAll(QString());
    const auto theirs = co_await crm->client()->get(ref, wanted);
    RecordCard *target = card(ref);
    if (!theirs || !target || crm != m_context->crm) // the card of another org may bear the same id
        co_return fail(theirs ? Error{.code = Errc::Cancelled} : theirs.error());
    target->changedBy = theirs->fields.value(can.changedBy).toString();
    target->changedAt = theirs->fields.value(can.changedAt).toDateTime();
    // Kept by a version that remembered no base: what this card was read with.
    FieldMap &bases = m_memory.bases[keyOf(ref)];
    for (const QString &field : m_memory.edits.value(keyOf(ref)).keys()) {
        if (!bases.contains(field))
            bases.insert(field, target->record.fields.value(field));
    }
    mergeRecord(*target, *theirs);
    co_return theirs;
}

Async<Record> RecordDesk::sendEdits(RecordRef ref, FieldMap edits, QString version, bool allowDuplicate)
{
    const auto self = shared_from_this();
    const auto crm = m_context->crm;
    const crm::UpdateRequest request{
        .ref = ref, .fields = edits, .ifVersion = version, .allowDuplicate = allowDuplicate};
    const auto updated = co_await crm->client()->update(request);
    if (updated || updated.error().code != Errc::Conflict || crm::duplicatesOf(updated.error()))
        co_return updated;
    // Someone changed the record meanwhile. Where they left alone what this agent edits, nothing is
    // overwritten.
    const auto theirs = co_await readTheirs(ref);
    RecordCard *target = card(ref);
    if (!theirs || !target || crm != m_context->crm)
        co_return updated;
    FieldMap still; // what was undone or typed on meanwhile is not sent a second time
    const FieldMap now = m_memory.edits.value(keyOf(ref));
    for (auto it = edits.cbegin(); it != edits.cend(); ++it) {
        if (now.value(it.key()) == it.value())
            still.insert(it.key(), it.value());
    }
    if (target->contestedCount() > 0)
        co_return updated;
    if (still.isEmpty())
        co_return *theirs;
    const crm::UpdateRequest again{
        .ref = ref, .fields = still, .ifVersion = theirs->version, .allowDuplicate = allowDuplicate};
    const auto second = co_await crm->client()->update(again);
    co_return second;
}

} // namespace parley::desk
