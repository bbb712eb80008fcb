// The create options and forms of a chat, the plan for its end, and the tab that shows all of it.
#include "core/desk/RecordDesk.h"

namespace parley::desk {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr qsizetype kMostDuplicates = 5; // more would not help anybody to choose

WriteState stateOf(outbox::State state)
{
    switch (state) {
    case outbox::State::Sending:
        return WriteState::Sending;
    case outbox::State::Retrying:
        return WriteState::Retrying;
    case outbox::State::NeedsYou:
        return WriteState::NeedsYou;
    case outbox::State::Done:
        return WriteState::Done;
    case outbox::State::Queued:
    case outbox::State::WaitsForSignIn:
    case outbox::State::Discarded:
        break;
    }
    return WriteState::Queued;
}

QString titleOf(const crm::Intent &intent)
{
    const QString subject = intent.fields.value(u"Subject"_s).toString();
    return subject.isEmpty() ? intent.title : subject;
}

FieldMap withoutBlanks(const FieldMap &values)
{
    FieldMap kept;
    for (auto it = values.cbegin(); it != values.cend(); ++it) {
        const bool isBlankText = it->typeId() == QMetaType::QString && it->toString().trimmed().isEmpty();
        const bool isBlankList = it->typeId() == QMetaType::QStringList && it->toStringList().isEmpty();
        if (it->isValid() && !it->isNull() && !isBlankText && !isBlankList)
            kept.insert(it.key(), it.value());
    }
    return kept;
}

} // namespace

WriteLine writeLineOf(const outbox::Entry &entry, const CrmStatus &crm)
{
    WriteLine line;
    line.key = entry.intent.key;
    line.action = entry.intent.action;
    line.kind = entry.intent.kind;
    line.state = stateOf(entry.state);
    const bool isForAnother = !crm.organisation.isEmpty() && !entry.organisation.isEmpty() &&
                              entry.organisation != crm.organisation;
    if (isForAnother && !entry.isFinished() && line.state != WriteState::NeedsYou)
        line.state = WriteState::ForAnotherOrg;
    line.title = titleOf(entry.intent);
    line.result = entry.result;
    line.resultTitle = entry.resultTitle;
    line.url = entry.resultUrl;
    line.attempt = entry.attempts;
    line.maxAttempts = outbox::kMaxAttempts;
    line.nextTry = entry.nextTry;
    line.error = entry.error;
    return line;
}

QList<CreateOption> RecordDesk::options() const
{
    if (!m_context->crm)
        return {};
    const crm::Capabilities can = m_context->crm->client()->capabilities();
    QList<CreateOption> options{CreateOption::LeadAndTask};
    if (can.hasCaseWithoutContact)
        options += CreateOption::Case;
    if (can.hasContactAlone)
        options += CreateOption::Contact;
    options += {CreateOption::ContactAndCase, CreateOption::ContactAndTask};
    return options;
}

crm::PlanInput RecordDesk::planInput() const
{
    crm::PlanInput input;
    input.chat = DeskContext::withDetails(chat(), m_memory);
    input.messages = m_context->line->messages(m_chat);
    input.plan = m_memory.plan;
    input.mapping = m_context->mapping;
    if (m_context->crm) {
        input.fieldLengths = m_context->crm->knownLengths();
        if (const auto user = m_context->crm->knownUser(m_context->line->me().email))
            input.owner = user->ref.id;
    }
    return input;
}

QList<WriteLine> RecordDesk::writes() const
{
    QList<WriteLine> lines;
    if (m_context->outbox) {
        for (const outbox::Entry &entry : m_context->outbox->ofChat(m_chat)) {
            // A change that is done shows in the card.
            const bool isShown = entry.intent.action == crm::IntentAction::Update
                                     ? !entry.isFinished()
                                     : entry.state != outbox::State::Discarded;
            if (isShown)
                lines += writeLineOf(entry, m_context->status);
        }
    }
    if (m_memory.writing != Writing::NotYet || !m_memory.hasPlan())
        return lines;
    for (const crm::Intent &intent : crm::planWrites(planInput())) {
        WriteLine line;
        line.key = intent.key;
        line.action = intent.action;
        line.kind = intent.kind;
        line.title = titleOf(intent);
        line.maxAttempts = outbox::kMaxAttempts;
        if (std::ranges::find(lines, line.key, &WriteLine::key) == lines.end())
            lines += line;
    }
    return lines;
}

RecordTab RecordDesk::tab() const
{
    RecordTab tab;
    tab.state = m_state;
    tab.crm = m_context->status;
    tab.cards = m_cards;
    tab.plan = m_memory.plan;
    tab.hasNewDetails = m_hasNewDetails;
    if (m_outcome) {
        tab.candidates = m_outcome->choices();
        tab.searched = m_outcome->rules;
        tab.roundTrips = m_outcome->roundTrips;
        tab.elapsed = m_outcome->elapsed;
    }
    if (m_state == TabState::NotFound) {
        tab.options = options();
        tab.chosen = m_memory.option;
        if (tab.chosen && *tab.chosen != CreateOption::Case)
            tab.filledFromChat = filledFromChat(*tab.chosen);
    }
    if (m_state == TabState::Failed)
        tab.error = m_error;
    tab.lookedUpAt = m_lookedUpAt;
    tab.isNoteAdding = m_isNoteAdding;
    tab.note = m_memory.note;
    tab.isChatEnded = chat().state == ChatState::Ended;
    tab.writes = writes();
    // A chat is written once. What was planned for this org comes too late when another one has it.
    const bool isWrittenHere = std::ranges::any_of(tab.writes, [](const WriteLine &line) {
        return line.state != WriteState::ForAnotherOrg && line.action != crm::IntentAction::Update;
    });
    if (m_memory.writing != Writing::NotYet && !isWrittenHere)
        tab.plan = {};
    const auto main = std::ranges::find_if(tab.writes, [](const WriteLine &line) {
        return line.kind == kinds::crmCase || line.kind == kinds::task;
    });
    if (main != tab.writes.end())
        tab.caseSubject = main->title;
    const auto user = m_context->crm ? m_context->crm->knownUser(m_context->line->me().email) : std::nullopt;
    tab.owner = user ? user->title : m_context->status.userName;
    return tab;
}

void RecordDesk::setAttach(crm::Attach attach)
{
    if (m_memory.writing != Writing::NotYet)
        return; // promised already: the outbox is where it can still be given up
    const bool isLead = m_memory.plan.parent.kind == kinds::lead;
    if (attach == crm::Attach::Case && isLead)
        return; // a lead offers Task only
    if (attach != crm::Attach::Nothing && m_memory.plan.parent.isEmpty())
        return; // nothing to attach it to: a case on its own is an option, not an attachment
    if (m_memory.plan.attach == attach)
        return;
    if (attach != crm::Attach::Nothing)
        settle();
    m_memory.plan.attach = attach;
    m_memory.plan.edited.clear(); // a case's fields are not a task's
    keep();
    emit changed();
    emit planChanged();
}

void RecordDesk::editAttachment(const FieldMap &fields)
{
    if (m_memory.writing != Writing::NotYet)
        return;
    m_memory.plan.edited = fields;
    keep();
    emit changed();
}

void RecordDesk::chooseOption(std::optional<CreateOption> option)
{
    const bool isClosed = m_state != TabState::NotFound || m_memory.writing != Writing::NotYet;
    if (isClosed || (option && !options().contains(*option)))
        return;
    m_memory.option = option;
    // Only the option without a form plans anything by being chosen; the others do when their record exists.
    m_memory.plan.attach = option == CreateOption::Case ? crm::Attach::Case : crm::Attach::Nothing;
    m_memory.plan.parent = {};
    m_memory.plan.edited.clear();
    keep();
    emit changed();
    emit planChanged();
}

int RecordDesk::filledFromChat(CreateOption option) const
{
    const RecordKind kind = kindOf(option);
    const crm::KindSchema *schema = m_context->crm ? m_context->crm->knownSchema(kind) : nullptr;
    if (!schema)
        return 0; // how many of the mapped fields there are is not known yet
    const LiveChatFields known = m_context->valuesOf(chat(), m_memory);
    const QStringList mapped = crm::mappedFields(m_context->mapping, kind, known).keys();
    return int(std::ranges::count_if(mapped, [schema](const QString &name) {
        const crm::Field *field = schema->field(name);
        return field && field->isCreateable;
    }));
}

FieldMap RecordDesk::initialValues(const RecordForm &form) const
{
    QSet<QString> onForm;
    for (const crm::LayoutSection &section : form.layout.sections) {
        for (const auto &row : section.rows) {
            for (const crm::LayoutCell &cell : row)
                onForm.insert(cell.field);
        }
    }
    FieldMap values;
    for (const crm::Field &field : form.schema.fields) {
        // What is not on the form gets its default from the CRM itself.
        const QVariant begun = form.layout.defaults.value(field.name, field.defaultValue);
        if (onForm.contains(field.name) && field.isCreateable && begun.isValid() && !begun.isNull())
            values.insert(field.name, begun);
    }
    const LiveChatFields known = m_context->valuesOf(chat(), m_memory);
    const FieldMap mapped = crm::mappedFields(m_context->mapping, form.kind, known);
    for (auto it = mapped.cbegin(); it != mapped.cend(); ++it) {
        const crm::Field *field = form.schema.field(it.key());
        if (!field || !field->isCreateable)
            continue;
        const QString text = it->toString();
        const bool isTooLong = field->length > 0 && text.size() > field->length;
        values.insert(it.key(), isTooLong ? QVariant(crm::headOf(text, field->length)) : it.value());
    }
    return values;
}

Async<RecordForm> RecordDesk::openForm(CreateOption option)
{
    const auto self = shared_from_this();
    const auto crm = m_context->crm;
    if (!crm)
        co_return fail(Errc::Unauthorized, u"no CRM is connected"_s);
    if (option == CreateOption::Case)
        co_return fail(Errc::InvalidInput, u"a case on its own has no form"_s);
    if (m_form && m_form->option == option) {
        RecordForm open = *m_form;
        co_return open;
    }
    const RecordKind kind = kindOf(option);
    auto schemaTask = crm->schema(kind); // both at once: tasks start when they are made
    auto layoutTask = crm->layout(kind, crm::LayoutPurpose::Create);
    const auto schema = co_await schemaTask;
    const auto layout = co_await layoutTask;
    if (m_context->crm != crm)
        co_return fail(Errc::Cancelled, u"the CRM changed while its form was read"_s);
    if (!schema || !layout) {
        const Error error = !schema ? schema.error() : layout.error();
        note(error);
        co_return fail(error);
    }
    RecordForm form;
    form.kind = kind;
    form.kindLabel = schema->label;
    form.option = option;
    form.schema = *schema;
    form.layout = *layout;
    form.values = initialValues(form);
    const LiveChatFields known = m_context->valuesOf(chat(), m_memory);
    const FieldMap mapped = crm::mappedFields(m_context->mapping, kind, known);
    for (const QString &name : mapped.keys()) {
        if (form.values.contains(name))
            form.filledFromChat += name;
    }
    const FieldMap typed = m_memory.forms.value(nameOf(option));
    for (auto it = typed.cbegin(); it != typed.cend(); ++it)
        form.values.insert(it.key(), it.value());
    m_form = form;
    if (m_state == TabState::NotFound && m_memory.option != option) {
        m_memory.option = option;
        m_memory.plan.attach = crm::Attach::Nothing;
        keep();
        emit changed();
    }
    co_return form;
}

void RecordDesk::keepForm(const FieldMap &values)
{
    if (!m_form)
        return;
    m_form->values.insert(values);
    m_memory.forms[nameOf(m_form->option)].insert(values);
    keep();
    emit badgeChanged();
}

void RecordDesk::closeForm()
{
    m_form.reset(); // what was typed stays kept, and is there when it is opened again
    emit changed();
}

Async<Record> RecordDesk::saveForm(FieldMap values, bool evenIfDuplicate)
{
    const auto self = shared_from_this();
    if (!m_form || !m_context->crm)
        co_return fail(Errc::NotFound, u"no form is open"_s);
    if (m_form->isSaving)
        co_return fail(Errc::Conflict, u"a save is on its way"_s);
    // Only what was shown can have been seen.
    const bool allowDuplicate = evenIfDuplicate && m_form->duplicates && m_form->duplicates->mayOverride;
    keepForm(values);
    m_form->isSaving = true;
    m_form->error.reset();
    m_form->duplicates.reset();
    m_form->refusals.clear();
    const RecordForm form = *m_form;
    const auto crm = m_context->crm;
    const QString org = m_memory.organisation;
    emit changed();
    const auto made = co_await create(form, values, allowDuplicate);
    std::optional<PossibleDuplicates> duplicates;
    if (const auto named = made ? std::nullopt : crm::duplicatesOf(made.error())) {
        const auto read = co_await readDuplicates(crm, *named);
        duplicates = *read;
    }
    // Signed out, or another org meanwhile: the answer says nothing about this one.
    if (m_context->crm != crm) {
        const Error gone{.code = Errc::Cancelled, .detail = u"the CRM changed during the save"_s};
        if (m_form && m_form->option == form.option) {
            m_form->isSaving = false;
            m_form->error = gone;
        }
        m_memory.of(org).mayHaveCreated |= made.has_value(); // looked up before it is made again there
        keep();
        emit changed();
        co_return fail(gone);
    }
    if (m_form && m_form->option == form.option) {
        m_form->isSaving = false;
        if (!made) {
            m_form->error = made.error();
            m_form->refusals = made.error().fields;
            m_form->duplicates = duplicates;
        }
    }
    if (made)
        created(*made, form.option);
    m_context->note(made);
    emit changed();
    emit badgeChanged();
    co_return made;
}

Async<PossibleDuplicates> RecordDesk::readDuplicates(std::shared_ptr<Crm> crm, crm::Duplicates duplicates)
{
    const auto self = shared_from_this();
    PossibleDuplicates possible{.records = {}, .hidden = 0, .mayOverride = duplicates.mayOverride};
    for (qsizetype i = 0; i < duplicates.records.size(); ++i) {
        if (i == kMostDuplicates) {
            possible.hidden += int(duplicates.records.size() - i);
            break;
        }
        const RecordRef ref = duplicates.records.at(i);
        const QStringList wanted = readFields(ref.kind);
        const auto record = co_await crm->client()->get(ref, wanted);
        if (record) {
            possible.records += *record;
        } else if (record.error().code == Errc::NotFound || record.error().code == Errc::Forbidden) {
            ++possible.hidden;
        } else { // it is there, and can be opened, though it could not be read just now
            Record bare{.ref = ref, .title = ref.id.value};
            bare.url = crm->client()->recordUrl(ref);
            possible.records += bare;
        }
    }
    co_return possible;
}

void RecordDesk::useDuplicate(const RecordRef &ref)
{
    if (!m_form || !m_form->duplicates)
        return;
    const bool isOffered = std::ranges::any_of(m_form->duplicates->records,
                                               [&ref](const Record &record) { return record.ref == ref; });
    if (!isOffered)
        return;
    const CreateOption option = m_form->option;
    m_form.reset(); // what was typed stays kept, and is there should this not be the visitor after all
    if (m_memory.writing == Writing::NotYet)
        m_memory.plan.attach = attachOf(option);
    link(ref);
}

Async<Record> RecordDesk::create(RecordForm form, FieldMap values, bool allowDuplicate)
{
    const auto self = shared_from_this();
    const auto crm = m_context->crm;
    const QString org = m_memory.organisation;
    crm::CreateRequest request;
    request.kind = form.kind;
    request.fields = withoutBlanks(values);
    request.key = m_chat.value + (form.kind == kinds::lead ? u":lead"_s : u":contact"_s);
    request.allowDuplicate = allowDuplicate;
    request.mayExist = m_memory.mayHaveCreated;
    // Nobody with this address was found before the form was offered: who has it after a lost answer is the
    // one made.
    for (const crm::Field &field : form.schema.fields) {
        const bool isMarker = field.type == crm::FieldType::Email && field.isFilterable;
        if (isMarker && request.fields.contains(field.name)) {
            request.markerField = field.name;
            break;
        }
    }
    const auto made = co_await crm->client()->create(request);
    if (!made) {
        if (outbox::mayHaveHappened(made.error())) {
            m_memory.of(org).mayHaveCreated = true;
            keep();
        }
        co_return made;
    }
    if (!made->version.isEmpty())
        co_return made; // read back whole within the same trip
    const RecordRef ref = made->ref;
    const QStringList wanted = readFields(form.kind);
    const auto whole = co_await crm->client()->get(ref, wanted);
    if (whole)
        co_return whole;
    Record record = *made;
    for (auto it = request.fields.cbegin(); it != request.fields.cend(); ++it) {
        if (!record.fields.contains(it.key()))
            record.fields.insert(it.key(), it.value());
    }
    co_return record;
}

void RecordDesk::created(const Record &record, CreateOption option)
{
    select(record.ref, u"created"_s);
    m_memory.mayHaveCreated = false;
    m_memory.forms.remove(nameOf(option));
    m_form.reset();
    if (m_memory.writing == Writing::NotYet) {
        m_memory.plan.attach = attachOf(option);
        m_memory.plan.parent = record.ref;
    }
    log(u"created"_s, record.ref, {});
    keep();
    m_outcome.reset(); // found nobody; says nothing about this record's account
    showRecord(record, {}, u"created"_s);
    emit planChanged();
}

} // namespace parley::desk
