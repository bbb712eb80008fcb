// The cards of a chat's record tab: their fields and the transcript note.
#include "core/desk/RecordDesk.h"

#include <QRegularExpression>

namespace parley::desk {

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
    adoptEdits(record);
    fresh.evidence = evidence;
    fresh.reason = reason;
    refreshCard(fresh);
    if (m_refused.contains(keyOf(record.ref)))
        showSaveError(fresh, m_refused.take(keyOf(record.ref)));
    m_cards += fresh;
}

void RecordDesk::refreshCard(RecordCard &target) const
{
    const RecordKind kind = target.record.ref.kind;
    const crm::KindSchema *schema = m_context->crm ? m_context->crm->knownSchema(kind) : nullptr;
    const crm::Layout *layout = m_context->crm ? m_context->crm->knownLayout(kind) : nullptr;
    const FieldMap edits = m_memory.edits.value(keyOf(target.record.ref));
    const FieldMap bases = m_memory.bases.value(keyOf(target.record.ref));
    const FieldMap promised = promisedEdits(target.record.ref);
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
        field.isPromised = promised.contains(name);
        if (field.isPromised)
            field.value = promised.value(name);
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
            field.isContested = bases.contains(name) && !isSameValue(bases.value(name), field.value) &&
                                !isSameValue(edits.value(name), field.value);
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
    // A note of half a chat is brought up to date when the chat ends, under the same key.
    const bool isHalf = held.state != ChatState::Ended;
    const auto waiting = m_context->outbox ? m_context->outbox->entry(request.key) : std::nullopt;
    // The key is the chat's: what was promised to another org stays that one's.
    const bool isElsewhere = waiting && waiting->organisation != org;
    const bool isWaiting =
        waiting && !isElsewhere && !waiting->isFinished(); // one that goes past it would make a second note
    Result<RecordRef> added = fail(Errc::Offline, u"an earlier one is still to be sent"_s);
    if (!isWaiting)
        added = co_await crm->client()->addNote(request);
    m_isNoteAdding = false;
    const bool isLater = !added && outbox::verdictOn(added.error()) == outbox::Verdict::TryLater &&
                         added.error().code != Errc::Cancelled && mayPromise() && !isElsewhere;
    if (isLater) {
        if (m_memory.organisation == org && !isWaiting)
            note(added.error());
        m_memory.of(org).plan.attachTranscriptNote |= isHalf;
        keep();
        crm::Intent intent{
            .key = request.key, .chat = m_chat, .action = crm::IntentAction::Note, .kind = kinds::note};
        intent.target = parent;
        intent.title = request.title;
        intent.text = request.text;
        const QList<crm::Intent> intents{intent};
        const auto promised = co_await m_context->outbox->add(intents, org);
        emit changed();
        if (!promised)
            co_return fail(promised.error());
        co_return RecordRef();
    }
    if (added) {
        if (m_memory.organisation == org)
            m_context->noteAnswer();
        OrgMemory &itsOrg = m_memory.of(org);
        itsOrg.note = *added;
        itsOrg.plan.attachTranscriptNote |= isHalf;
        keep();
        m_context->line->link(m_chat, {*added});
    } else if (m_memory.organisation == org && !isWaiting) {
        note(added.error());
    }
    emit changed();
    co_return added;
}

} // namespace parley::desk
