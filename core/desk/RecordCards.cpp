// The cards of a chat's record tab: their fields, the edits kept and saved, the transcript note.
#include "core/desk/RecordDesk.h"

#include <QRegularExpression>

namespace parley::desk {

using namespace std::chrono_literals;
using namespace Qt::Literals::StringLiterals;

namespace {

/// "MobilePhone" -> "Mobile Phone": readable until the CRM's own label is here.
QString spacedName(const QString &name)
{
    static const QRegularExpression boundary(u"(?<=[a-z0-9])(?=[A-Z])"_s);
    QString spaced = name.section(u'.', 0, 0);
    if (spaced.endsWith(u"__c"))
        spaced.chop(3);
    return spaced.replace(u'_', u' ').replace(boundary, u" "_s);
}

/// "Owner ID" is what a CRM calls the reference; a person reads its name there.
QString withoutId(QString label)
{
    if (label.endsWith(u" ID"))
        label.chop(3);
    return label;
}

/// As the company's page calls the field; empty where its layout lacks it.
QString layoutLabel(const crm::Layout &layout, const QString &name)
{
    for (const crm::LayoutSection &section : layout.sections) {
        for (const QList<crm::LayoutCell> &row : section.rows) {
            const auto cell = std::ranges::find(row, name, &crm::LayoutCell::field);
            if (cell != row.end())
                return cell->label;
        }
    }
    return {};
}

/// Null and empty are the same to a person, and to Salesforce.
bool isSame(const QVariant &a, const QVariant &b)
{
    const auto isEmpty = [](const QVariant &value) {
        return !value.isValid() || value.isNull() ||
               (value.typeId() == QMetaType::QString && value.toString().isEmpty());
    };
    return (isEmpty(a) && isEmpty(b)) || a == b;
}

} // namespace

QStringList RecordDesk::shownFields(const RecordKind &kind) const
{
    return m_context->shown.value(kind);
}

QStringList RecordDesk::readFields(const RecordKind &kind) const
{
    QStringList wanted = shownFields(kind);
    if (kind == kinds::contact)
        wanted += u"AccountId"_s; // the account's card follows from it
    return wanted;
}

RecordCard *RecordDesk::card(const RecordRef &ref)
{
    const auto found = std::ranges::find(m_cards, ref, [](const RecordCard &one) { return one.record.ref; });
    return found == m_cards.end() ? nullptr : &*found;
}

void RecordDesk::putCard(const Record &record, const QList<crm::Evidence> &evidence, const QString &reason)
{
    RecordCard fresh;
    fresh.record = record;
    if (fresh.record.url.isEmpty() && m_context->crm)
        fresh.record.url = m_context->crm->client()->recordUrl(record.ref);
    fresh.evidence = evidence;
    fresh.reason = reason;
    refreshCard(fresh);
    m_cards += fresh;
}

void RecordDesk::refreshCard(RecordCard &target) const
{
    const RecordKind kind = target.record.ref.kind;
    const crm::KindSchema *schema = m_context->crm ? m_context->crm->knownSchema(kind) : nullptr;
    const crm::Layout *layout = m_context->crm ? m_context->crm->knownLayout(kind) : nullptr;
    const FieldMap edits = m_memory.edits.value(keyOf(target.record.ref));
    const FieldMap bases = m_memory.bases.value(keyOf(target.record.ref));
    QStringList names = shownFields(kind);
    if (names.isEmpty())
        names = target.record.fields.keys();
    QList<CardField> fields;
    for (const QString &name : std::as_const(names)) {
        const bool isUnreadable = m_outcome && m_outcome->unreadable.value(kind).contains(name);
        if (isUnreadable)
            continue;
        CardField field;
        field.name = name;
        field.label = spacedName(name);
        field.value = target.record.fields.value(name);
        field.text = target.record.text(name);
        field.isReadOnly = true; // until the CRM's description says otherwise
        const bool isRelated = name.contains(u'.');
        const crm::Field *described = schema ? schema->field(name) : nullptr;
        QString onPage = name; // the field that the page shows in its place
        if (isRelated && schema) {
            const QString relationship = name.section(u'.', 0, 0);
            const auto reference = std::ranges::find(schema->fields, relationship, &crm::Field::relationship);
            if (reference != schema->fields.end()) {
                field.label = withoutId(reference->label);
                onPage = reference->name;
            }
        }
        if (described) {
            field.label =
                described->type == crm::FieldType::Reference ? withoutId(described->label) : described->label;
            field.type = described->type;
            field.choices = described->choices;
            field.isRequired = described->isRequired;
            field.isReadOnly = !described->isUpdateable;
        }
        if (const QString label = layout ? layoutLabel(*layout, onPage) : QString(); !label.isEmpty())
            field.label = label;
        if (edits.contains(name)) {
            field.edited = edits.value(name);
            field.isContested = bases.contains(name) && !isSame(bases.value(name), field.value) &&
                                !isSame(edits.value(name), field.value);
        }
        const auto before = std::ranges::find(target.fields, name, &CardField::name);
        if (before != target.fields.end())
            field.refusal = before->refusal;
        fields += field;
    }
    target.fields = fields;
}

void RecordDesk::mergeRecord(RecordCard &target, const Record &fresh) const
{
    for (auto it = fresh.fields.cbegin(); it != fresh.fields.cend(); ++it) {
        target.record.fields.insert(it.key(), it.value());
        target.record.display.remove(it.key());
    }
    target.record.display.insert(fresh.display);
    if (!fresh.version.isEmpty())
        target.record.version = fresh.version;
    if (!fresh.title.isEmpty())
        target.record.title = fresh.title;
    refreshCard(target);
}

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
    emit changed();
    const auto crm = m_context->crm;
    const auto saved = co_await sendEdits(ref, edits, version, allowDuplicate);
    std::optional<PossibleDuplicates> duplicates;
    if (const auto named = saved ? std::nullopt : crm::duplicatesOf(saved.error())) {
        const auto read = co_await readDuplicates(crm, *named);
        duplicates = *read;
    }
    if (!org.isEmpty() && m_memory.organisation != org) { // another org is on screen by now
        OrgMemory &left = m_memory.of(org);
        for (auto it = edits.cbegin(); saved && it != edits.cend(); ++it) {
            if (left.edits.value(keyOf(ref)).value(it.key()) == it.value())
                forgetEdit(left, ref, it.key());
        }
        keep();
        co_return fail(Errc::Cancelled, u"the CRM changed during the save"_s);
    }
    target = card(ref); // the cards may have been painted anew meanwhile
    if (target)
        target->isSaving = false;
    if (saved) {
        m_context->noteAnswer();
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
        target->saveError = saved.error();
        target->duplicates = duplicates;
        for (const FieldError &refused : saved.error().fields) {
            const auto field = std::ranges::find(target->fields, refused.field, &CardField::name);
            if (field != target->fields.end())
                field->refusal = refused.message;
        }
    }
    emit changed();
    emit badgeChanged();
    if (!saved)
        co_return fail(saved.error());
    co_return Done{};
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
    const crm::Capabilities can = crm->client()->capabilities();
    QStringList wanted = readFields(ref.kind) + QStringList{can.changedBy, can.changedAt};
    wanted.removeAll(QString());
    const auto theirs = co_await crm->client()->get(ref, wanted);
    RecordCard *target = card(ref);
    if (!theirs || !target || crm != m_context->crm)
        co_return updated; // the card of another org may bear the same id
    target->changedBy = theirs->fields.value(can.changedBy).toString();
    target->changedAt = theirs->fields.value(can.changedAt).toDateTime();
    FieldMap still; // what was undone or typed on meanwhile is not sent a second time
    const FieldMap now = m_memory.edits.value(keyOf(ref));
    for (auto it = edits.cbegin(); it != edits.cend(); ++it) {
        if (now.value(it.key()) != it.value())
            continue;
        still.insert(it.key(), it.value());
        // Kept by a version that remembered no base: what this card was read with.
        FieldMap &bases = m_memory.bases[keyOf(ref)];
        if (!bases.contains(it.key()))
            bases.insert(it.key(), target->record.fields.value(it.key()));
    }
    mergeRecord(*target, *theirs); // their values show as read, ours stay as edits
    if (target->contestedCount() > 0)
        co_return updated;
    if (still.isEmpty())
        co_return *theirs;
    const crm::UpdateRequest again{
        .ref = ref, .fields = still, .ifVersion = theirs->version, .allowDuplicate = allowDuplicate};
    const auto second = co_await crm->client()->update(again);
    co_return second;
}

Async<RecordRef> RecordDesk::addTranscriptNote()
{
    const auto self = shared_from_this();
    const auto crm = m_context->crm;
    if (!crm || m_cards.isEmpty())
        co_return fail(Errc::NotFound, u"no record to add a note to"_s);
    if (m_isNoteAdding)
        co_return fail(Errc::Conflict, u"the note is being added"_s);
    const RecordRef parent = m_cards.first().record.ref;
    m_isNoteAdding = true;
    settle();
    const QString org = m_memory.organisation;
    emit changed();
    std::ignore = co_await m_context->line->wholeLog(m_chat); // offline: what is here is what the agent sees
    const Chat held = DeskContext::withDetails(chat(), m_memory);
    crm::NoteRequest request;
    request.parent = parent;
    request.title = u"Chat %1"_s.arg(m_chat.value);
    request.text = crm::noteTextOf(held, m_context->line->messages(m_chat));
    request.key = m_chat.value + u":note"_s;
    const auto added = co_await crm->client()->addNote(request);
    m_isNoteAdding = false;
    if (added) {
        if (m_memory.organisation == org)
            m_context->noteAnswer();
        OrgMemory &itsOrg = m_memory.of(org);
        itsOrg.note = *added;
        // A note of half a chat is brought up to date when the chat ends, under the same key.
        if (held.state != ChatState::Ended)
            itsOrg.plan.attachTranscriptNote = true;
        keep();
        m_context->line->link(m_chat, {*added});
    } else if (m_memory.organisation == org) {
        note(added.error());
    }
    emit changed();
    co_return added;
}

} // namespace parley::desk
