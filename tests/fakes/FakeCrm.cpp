#include "tests/fakes/FakeCrm.h"

#include "core/store/FieldMapJson.h"

#include <QTimer>

namespace parley::fakes {

using namespace Qt::Literals::StringLiterals;

crm::Field fakeField(const QString &name, const QString &label, crm::FieldType type, int length)
{
    crm::Field field;
    field.name = name;
    field.label = label;
    field.type = type;
    field.length = length;
    field.isCreateable = true;
    field.isUpdateable = true;
    field.isFilterable = true;
    return field;
}

namespace {

using crm::FieldType;

QList<crm::Field> fieldsOf(const RecordKind &kind)
{
    const auto readOnly = [](crm::Field field) {
        field.isCreateable = false;
        field.isUpdateable = false;
        return field;
    };
    const auto required = [](crm::Field field) {
        field.isRequired = true;
        return field;
    };
    if (kind == kinds::account)
        return {required(fakeField(u"Name"_s, u"Account Name"_s, FieldType::String, 255)),
                fakeField(u"Phone"_s, u"Account Phone"_s, FieldType::Phone, 40)};
    if (kind == kinds::crmCase) {
        auto number = readOnly(fakeField(u"CaseNumber"_s, u"Case Number"_s));
        return {number, fakeField(u"Subject"_s, u"Subject"_s, FieldType::String, 255),
                fakeField(u"Description"_s, u"Description"_s, FieldType::TextArea, 32000),
                fakeField(u"ContactId"_s, u"Contact Name"_s, FieldType::Reference, 18)};
    }
    if (kind == kinds::task)
        return {fakeField(u"Subject"_s, u"Subject"_s, FieldType::Combobox, 255),
                fakeField(u"Description"_s, u"Comments"_s, FieldType::TextArea, 32000),
                fakeField(u"WhoId"_s, u"Name"_s, FieldType::Reference, 18)};
    QList<crm::Field> person{fakeField(u"FirstName"_s, u"First Name"_s, FieldType::String, 40),
                             required(fakeField(u"LastName"_s, u"Last Name"_s, FieldType::String, 80)),
                             readOnly(fakeField(u"Name"_s, u"Full Name"_s)),
                             fakeField(u"Email"_s, u"Email"_s, FieldType::Email, 80),
                             fakeField(u"Phone"_s, u"Business Phone"_s, FieldType::Phone, 40),
                             fakeField(u"Title"_s, u"Job Title"_s, FieldType::String, 128)};
    if (kind == kinds::lead)
        person += required(fakeField(u"Company"_s, u"Company"_s, FieldType::String, 255));
    else
        person += fakeField(u"AccountId"_s, u"Account Name"_s, FieldType::Reference, 18);
    return person;
}

QString titleOf(const RecordKind &kind, const FieldMap &fields, int number)
{
    if (kind == kinds::crmCase)
        return u"%1"_s.arg(number, 8, 10, QChar(u'0'));
    for (const auto &name : {u"Name"_s, u"Subject"_s, u"LastName"_s}) {
        if (const QString title = fields.value(name).toString(); !title.isEmpty())
            return title;
    }
    return {};
}

} // namespace

FakeCrm::FakeCrm()
{
    can.name = u"Salesforce"_s;
    can.shortName = u"SF"_s;
    can.queryLanguage = u"SOQL"_s;
    can.hasCaseWithoutContact = true;
    can.maxMatchConditions = 3;
}

Record &FakeCrm::store(RecordKind kind, FieldMap fields)
{
    const int number = m_next++;
    Record record;
    record.ref = {.kind = kind, .id = {u"%1-%2"_s.arg(kind.name).arg(number)}};
    if (kind == kinds::contact || kind == kinds::lead) {
        const QString name =
            u"%1 %2"_s.arg(fields.value(u"FirstName"_s).toString(), fields.value(u"LastName"_s).toString());
        fields.insert(u"Name"_s, name.trimmed());
    }
    record.fields = fields;
    record.title = titleOf(kind, fields, number);
    if (kind == kinds::crmCase)
        record.fields.insert(u"CaseNumber"_s, record.title);
    record.version = QString::number(m_version++);
    record.url = recordUrl(record.ref);
    m_records.push_back(record);
    return m_records.back();
}

Record FakeCrm::put(RecordKind kind, FieldMap fields)
{
    return store(std::move(kind), std::move(fields));
}

QList<Record> FakeCrm::all(const RecordKind &kind) const
{
    QList<Record> found;
    std::ranges::copy_if(m_records, std::back_inserter(found),
                         [&kind](const Record &record) { return record.ref.kind == kind; });
    return found;
}

std::optional<Record> FakeCrm::find(const RecordRef &ref) const
{
    const auto found = std::ranges::find(m_records, ref, &Record::ref);
    return found == m_records.end() ? std::nullopt : std::optional(*found);
}

void FakeCrm::change(const RecordRef &ref, const QString &field, const QVariant &value)
{
    const auto found = std::ranges::find(m_records, ref, &Record::ref);
    Q_ASSERT(found != m_records.end());
    found->fields.insert(field, value);
    found->version = QString::number(m_version++);
}

void FakeCrm::keepIn(const QString &path)
{
    m_path = path;
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return; // the first time there is none
    while (!file.atEnd()) {
        const QJsonObject object = parley::store::objectOf(QString::fromUtf8(file.readLine()));
        store({object.value(u"kind"_s).toString()},
              parley::store::fieldsOf(object.value(u"fields"_s).toObject()));
    }
}

void FakeCrm::append(const Record &record)
{
    if (m_path.isEmpty())
        return;
    QFile file(m_path);
    if (!file.open(QIODevice::Append))
        qFatal("the fake's file cannot be written");
    const QJsonObject object{{u"kind"_s, record.ref.kind.name},
                             {u"fields"_s, parley::store::jsonOf(record.fields)}};
    file.write(parley::store::textOf(object).toUtf8() + '\n');
}

void FakeCrm::failNext(Op op, Error error, Commit commit, int times)
{
    m_faults[op] = {std::move(error), commit, times};
}

void FakeCrm::failAlways(Op op, Error error)
{
    m_faults[op] = {std::move(error), Commit::No, -1};
}

void FakeCrm::heal(Op op)
{
    m_faults.erase(op);
}

void FakeCrm::hold(Op op)
{
    m_held.insert(int(op));
}

void FakeCrm::release(Op op)
{
    m_held.remove(int(op));
    const auto waiting = std::exchange(m_waiting[op], {});
    for (const auto &promise : waiting)
        promise->finish();
}

void FakeCrm::refuseField(const RecordKind &kind, const QString &field, const QString &message)
{
    m_refused[kind].insert(field, message);
}

void FakeCrm::acceptField(const RecordKind &kind, const QString &field)
{
    m_refused[kind].remove(field);
}

int FakeCrm::calls(Op op) const
{
    const auto found = m_calls.find(op);
    return found == m_calls.end() ? 0 : found->second;
}

QCoro::Task<void> FakeCrm::gate(Op op)
{
    const auto self = shared_from_this();
    const auto promise = std::make_shared<QPromise<void>>();
    promise->start();
    const QFuture<void> open = promise->future();
    if (m_held.contains(int(op)))
        m_waiting[op].push_back(promise);
    else
        QTimer::singleShot(0, qApp, [promise] { promise->finish(); }); // no CRM answers within the call
    co_await open;
}

std::optional<FakeCrm::Fault> FakeCrm::takeFault(Op op)
{
    const auto found = m_faults.find(op);
    if (found == m_faults.end())
        return std::nullopt;
    const Fault fault = found->second;
    if (found->second.left > 0 && --found->second.left == 0)
        m_faults.erase(found);
    return fault;
}

QUrl FakeCrm::recordUrl(RecordRef ref) const
{
    return QUrl(u"https://crm.example/"_s + ref.id.value);
}

Async<QList<crm::KindSummary>> FakeCrm::describeKinds()
{
    const auto self = shared_from_this();
    co_await gate(Op::Describe);
    co_return QList<crm::KindSummary>{};
}

Async<crm::KindSchema> FakeCrm::describe(RecordKind kind)
{
    const auto self = shared_from_this();
    ++m_calls[Op::Describe];
    const auto fault = takeFault(Op::Describe);
    co_await gate(Op::Describe);
    if (fault)
        co_return fail(fault->error);
    crm::KindSchema schema;
    schema.kind = kind;
    schema.label = kind.name;
    schema.labelPlural = kind.name + u's';
    schema.isCreateable = true;
    schema.isUpdateable = true;
    schema.isQueryable = true;
    schema.fields = fieldsOf(kind);
    co_return schema;
}

Async<crm::Layout> FakeCrm::layout(RecordKind kind, crm::LayoutPurpose, QString variantId)
{
    const auto self = shared_from_this();
    ++m_calls[Op::Layout];
    const auto fault = takeFault(Op::Layout);
    co_await gate(Op::Layout);
    if (fault)
        co_return fail(fault->error);
    crm::Layout layout;
    layout.kind = kind;
    layout.name = kind.name + u" Layout"_s;
    layout.variantId = variantId;
    crm::LayoutSection section;
    section.label = kind.name + u" Information"_s;
    for (const crm::Field &field : fieldsOf(kind)) {
        if (field.isCreateable)
            section.rows.append(
                {{field.name, layoutLabels.value(field.name, field.label), field.isRequired, false}});
    }
    layout.sections = {section};
    layout.defaults = layoutDefaults;
    co_return layout;
}

Async<Done> FakeCrm::readSchemasAnew(QList<RecordKind>)
{
    const auto self = shared_from_this();
    ++distrusted;
    const auto fault = takeFault(Op::Describe);
    co_await gate(Op::Describe);
    if (fault)
        co_return fail(fault->error);
    co_return Done{};
}

Async<QList<crm::Activity>> FakeCrm::recent(RecordRef of)
{
    const auto self = shared_from_this();
    ++m_calls[Op::Recent];
    const auto fault = takeFault(Op::Recent);
    co_await gate(Op::Recent);
    if (fault)
        co_return fail(fault->error);
    QList<crm::Activity> found;
    for (const Record &record : m_records) {
        const bool isHis =
            record.text(u"ContactId"_s) == of.id.value || record.text(u"WhoId"_s) == of.id.value;
        if (isHis && (record.ref.kind == kinds::crmCase || record.ref.kind == kinds::task))
            found.prepend({.ref = record.ref, .subject = record.text(u"Subject"_s)});
    }
    co_return found;
}

crm::MatchOutcome FakeCrm::outcomeOf(const crm::IdentifyRequest &request) const
{
    crm::MatchOutcome outcome;
    for (const crm::MatchRule &rule : request.rules) {
        crm::RuleResult result{.rule = rule};
        const bool isSkipped =
            std::ranges::any_of(rule.conditions, [&](const crm::MatchCondition &condition) {
                return request.values.value(condition.liveChatField).isEmpty();
            });
        if (!rule.conditions.isEmpty())
            result.value = request.values.value(rule.conditions.first().liveChatField);
        for (const Record &record : all(rule.kind)) {
            const bool isEqual =
                std::ranges::all_of(rule.conditions, [&](const crm::MatchCondition &condition) {
                    const QString value = request.values.value(condition.liveChatField);
                    return record.text(condition.crmField).compare(value, Qt::CaseInsensitive) == 0;
                });
            if (isSkipped || !isEqual)
                continue;
            ++result.count;
            const crm::Evidence evidence{rule.name, rule.conditions.first().crmField, result.value};
            outcome.candidates += crm::Candidate{record, {evidence}};
        }
        using State = crm::RuleResult::State;
        result.state = isSkipped ? State::Skipped : result.count > 0 ? State::Found : State::Nothing;
        outcome.rules += result;
    }
    if (!outcome.candidates.isEmpty()) {
        const RecordId account{outcome.candidates.first().record.fields.value(u"AccountId"_s).toString()};
        outcome.account = find({.kind = kinds::account, .id = account});
    }
    outcome.roundTrips = 1;
    outcome.elapsed = std::chrono::milliseconds(3);
    return outcome;
}

Async<crm::MatchOutcome> FakeCrm::identify(crm::IdentifyRequest request)
{
    const auto self = shared_from_this();
    ++m_calls[Op::Identify];
    identified += request;
    const auto fault = takeFault(Op::Identify);
    const crm::MatchOutcome outcome = outcomeOf(request);
    co_await gate(Op::Identify);
    if (fault)
        co_return fail(fault->error);
    co_return outcome;
}

Async<Record> FakeCrm::get(RecordRef ref, QStringList)
{
    const auto self = shared_from_this();
    ++m_calls[Op::Get];
    const auto fault = takeFault(Op::Get);
    const auto record = find(ref);
    co_await gate(Op::Get);
    if (fault)
        co_return fail(fault->error);
    if (!record)
        co_return fail(Errc::NotFound);
    co_return *record;
}

Async<QList<Record>> FakeCrm::search(QString text, QList<RecordKind> kinds, int limit)
{
    const auto self = shared_from_this();
    ++m_calls[Op::Search];
    const auto fault = takeFault(Op::Search);
    QList<Record> found;
    for (const Record &record : m_records) {
        if (kinds.contains(record.ref.kind) && record.title.contains(text, Qt::CaseInsensitive) &&
            found.size() < limit)
            found += record;
    }
    co_await gate(Op::Search);
    if (fault)
        co_return fail(fault->error);
    co_return found;
}

Async<QList<Record>> FakeCrm::query(QString)
{
    const auto self = shared_from_this();
    ++m_calls[Op::Query];
    co_await gate(Op::Query);
    co_return fail(Errc::Rejected, u"the fake knows no query language"_s);
}

std::optional<Error> FakeCrm::refusalOf(const RecordKind &kind, const FieldMap &fields) const
{
    const auto refused = m_refused.find(kind);
    if (refused == m_refused.end())
        return std::nullopt;
    Error error{
        .code = Errc::InvalidInput, .remoteCode = u"FIELD_CUSTOM_VALIDATION_EXCEPTION"_s, .httpStatus = 400};
    for (auto it = refused->second.cbegin(); it != refused->second.cend(); ++it) {
        if (fields.contains(it.key()))
            error.fields += FieldError{it.key(), it.value()};
    }
    if (error.fields.isEmpty())
        return std::nullopt;
    error.remoteMessage = error.fields.first().message;
    return error;
}

Result<Record> FakeCrm::doCreate(const crm::CreateRequest &request)
{
    if (request.mayExist && !request.markerField.isEmpty()) {
        const QVariant marker = request.fields.value(request.markerField);
        for (const Record &record : all(request.kind)) {
            if (record.fields.value(request.markerField) == marker)
                return record;
        }
    }
    if (const auto refusal = refusalOf(request.kind, request.fields))
        return fail(*refusal);
    const Record record = store(request.kind, request.fields);
    append(record);
    return record;
}

Async<Record> FakeCrm::create(crm::CreateRequest request)
{
    const auto self = shared_from_this();
    ++m_calls[Op::Create];
    created += request;
    const auto fault = takeFault(Op::Create);
    Result<Record> result = fail(Errc::Offline);
    if (!fault || fault->commit == Commit::Yes)
        result = doCreate(request);
    co_await gate(Op::Create);
    if (fault)
        co_return fail(fault->error);
    co_return result;
}

Result<Record> FakeCrm::doUpdate(const crm::UpdateRequest &request)
{
    const auto found = std::ranges::find(m_records, request.ref, &Record::ref);
    if (found == m_records.end())
        return fail(Errc::NotFound);
    if (!request.ifVersion.isEmpty() && request.ifVersion != found->version)
        return fail({.code = Errc::Conflict, .httpStatus = 412});
    if (const auto refusal = refusalOf(request.ref.kind, request.fields))
        return fail(*refusal);
    for (auto it = request.fields.cbegin(); it != request.fields.cend(); ++it)
        found->fields.insert(it.key(), it.value());
    found->version = QString::number(m_version++);
    return *found;
}

Async<Record> FakeCrm::update(crm::UpdateRequest request)
{
    const auto self = shared_from_this();
    ++m_calls[Op::Update];
    updated += request;
    const auto fault = takeFault(Op::Update);
    Result<Record> result = fail(Errc::Offline);
    if (!fault || fault->commit == Commit::Yes)
        result = doUpdate(request);
    co_await gate(Op::Update);
    if (fault)
        co_return fail(fault->error);
    co_return result;
}

Async<RecordRef> FakeCrm::addNote(crm::NoteRequest request)
{
    const auto self = shared_from_this();
    ++m_calls[Op::Note];
    const auto fault = takeFault(Op::Note);
    if (!fault || fault->commit == Commit::Yes) {
        StoredNote &note = notes[request.key];
        if (note.ref.isEmpty())
            note.ref = {.kind = kinds::note, .id = {u"Note-%1"_s.arg(m_next++)}};
        note.request = request;
        ++note.writes;
    }
    co_await gate(Op::Note);
    if (fault)
        co_return fail(fault->error);
    RecordRef ref = notes.at(request.key).ref; // a copy: QCoro 0.8 moves out of whatever is co_returned
    co_return ref;
}

Async<RecordRef> FakeCrm::addFile(crm::FileRequest request)
{
    const auto self = shared_from_this();
    ++m_calls[Op::File];
    const auto fault = takeFault(Op::File);
    if (!fault || fault->commit == Commit::Yes) {
        StoredFile &file = files[request.key];
        if (file.ref.isEmpty())
            file.ref = {.kind = kinds::file, .id = {u"File-%1"_s.arg(m_next++)}};
        file.request = request;
    }
    co_await gate(Op::File);
    if (fault)
        co_return fail(fault->error);
    RecordRef ref = files.at(request.key).ref; // a copy, as above
    co_return ref;
}

Async<std::optional<Record>> FakeCrm::findUser(QString email)
{
    const auto self = shared_from_this();
    ++m_calls[Op::FindUser];
    const auto fault = takeFault(Op::FindUser);
    std::optional<Record> user;
    for (const Record &record : all(kinds::user)) {
        if (record.text(u"Email"_s) == email)
            user = record;
    }
    co_await gate(Op::FindUser);
    if (fault)
        co_return fail(fault->error);
    co_return user;
}

Async<crm::AccessReport> FakeCrm::checkAccess(QMap<RecordKind, QStringList>, QMap<RecordKind, QStringList>)
{
    const auto self = shared_from_this();
    ++m_calls[Op::Access];
    co_await gate(Op::Access);
    co_return crm::AccessReport{};
}

} // namespace parley::fakes
