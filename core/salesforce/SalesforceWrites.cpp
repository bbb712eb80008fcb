#include "core/base/Log.h"
#include "core/salesforce/Replies.h"
#include "core/salesforce/SalesforceClient.h"
#include "core/salesforce/Soql.h"
#include "core/salesforce/Values.h"

#include <QFileInfo>

namespace parley::salesforce {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr qsizetype kMaxFileBytes = qsizetype{26} * 1024 * 1024; // 37.5 MB as base64 in one JSON body
constexpr qsizetype kClassicNoteLength = 32'000;

const Part *firstFailure(const QList<Part> &parts, qsizetype writes)
{
    for (qsizetype i = 0; i < std::min(writes, parts.size()); ++i) {
        const QString code = parts[i].isOk() ? QString() : errorOf(parts[i].status, parts[i].body).remoteCode;
        if (!parts[i].isOk() && code != u"PROCESSING_HALTED")
            return &parts[i];
    }
    for (qsizetype i = 0; i < std::min(writes, parts.size()); ++i) {
        if (!parts[i].isOk())
            return &parts[i];
    }
    return nullptr;
}

/// RFC 1123, whole seconds: SystemModstamp is never older than what Salesforce compares with.
QString httpDate(const QDateTime &at)
{
    return QLocale::c().toString(at.toUTC(), u"ddd, dd MMM yyyy HH:mm:ss 'GMT'"_s);
}

QByteArray noteHtml(const QString &text)
{
    QStringList lines;
    for (const QString &line : text.split(u'\n'))
        lines += line.isEmpty() ? u"<br>"_s
                                : u"<p>"_s + line.toHtmlEscaped().replace(u'\'', u"&#39;"_s) + u"</p>"_s;
    return lines.join(QString()).toUtf8();
}

/// The title holds the chat's id, by which the same note is found again.
QString noteTitle(const crm::NoteRequest &request, qsizetype limit)
{
    const QString mark = request.key.section(u':', 0, 0);
    QString title = request.title.simplified();
    if (!mark.isEmpty() && !title.contains(mark))
        title += u" (%1)"_s.arg(mark);
    if (title.size() <= limit)
        return title;
    title = title.right(limit); // the mark stands at the end
    return title.front().isLowSurrogate() ? title.mid(1) : title;
}

bool isWithoutContentNotes(const Error &error)
{
    return error.remoteCode == u"NOT_FOUND" || error.remoteCode == u"INVALID_TYPE" ||
           error.remoteCode == u"INVALID_TYPE_FOR_OPERATION";
}

/// Overrides a rule that only warns, or has it say which records it means.
QString duplicateRules(bool allowSave)
{
    return u"allowSave=%1; includeRecordDetails=true; runAsCurrentUser=true"_s.arg(allowSave ? u"true"_s
                                                                                             : u"false"_s);
}

} // namespace

QJsonObject SalesforceClient::bodyOf(const RecordKind &kind, const FieldMap &fields) const
{
    const crm::KindSchema *schema = knownSchema(kind);
    QJsonObject body;
    for (auto it = fields.cbegin(); it != fields.cend(); ++it)
        body.insert(it.key(), jsonOf(it.value(), schema != nullptr ? schema->field(it.key()) : nullptr));
    return body;
}

QString SalesforceClient::readBackPath(const RecordKind &kind, const QStringList &extra,
                                       const QString &id) const
{
    QStringList fields{u"Id"_s, titleField(kind), u"SystemModstamp"_s};
    for (const QString &field : extra + m_shown.value(kind)) {
        const crm::KindSchema *schema = knownSchema(kind);
        const bool isKnown = schema == nullptr || schema->field(field) != nullptr;
        if (soql::isName(field) && isKnown && !fields.contains(field))
            fields += field;
    }
    return m_api->rooted(u"sobjects/%1/%2?fields=%3"_s.arg(kind.name, id, fields.join(u',')));
}

Async<Record> SalesforceClient::readBack(RecordRef ref, FieldMap sent, Part read)
{
    const auto self = shared_from_this();
    if (read.isOk() && read.body.isObject()) {
        Record record = recordOf(read.body.toObject(), knownSchema(ref.kind), m_api->instanceUrl());
        if (!record.ref.isEmpty()) {
            record.ref.kind = ref.kind;
            co_return record;
        }
    }
    // A field among them cannot be read: get() finds out which one.
    QStringList fields = m_shown.value(ref.kind);
    for (const QString &field : sent.keys()) {
        if (!fields.contains(field))
            fields += field;
    }
    auto again = co_await get(ref, fields);
    if (again)
        co_return again;
    // Written all the same, and the write is what counts.
    qCInfo(lcSalesforce) << "written but not read back:" << ref.kind.name << read.status;
    Record record{.ref = {.kind = ref.kind, .id = {id18(ref.id.value)}}, .fields = sent};
    record.title = sent.value(titleField(ref.kind)).toString();
    record.url = recordUrl(record.ref);
    co_return record;
}

Async<QList<Record>> SalesforceClient::byMarker(crm::CreateRequest request)
{
    const auto self = shared_from_this();
    const auto isMarked = soql::equals(request.markerField, request.fields.value(request.markerField));
    if (request.markerField.isEmpty() || !isMarked)
        co_return QList<Record>();
    QStringList fields = m_shown.value(request.kind);
    fields += titleField(request.kind);
    const QList<QString> where{isMarked->text()};
    const QStringList order{u"CreatedDate"_s, u"Id"_s};
    auto found = co_await select(request.kind, fields, where, order, 1);
    co_return found;
}

Async<Record> SalesforceClient::create(crm::CreateRequest request)
{
    const auto self = shared_from_this();
    if (!soql::isName(request.kind.name))
        co_return fail(Errc::InvalidInput, u"not a kind's name"_s);
    if (request.mayExist) {
        auto earlier = co_await byMarker(request);
        if (!earlier)
            co_return fail(earlier.error());
        if (!earlier->isEmpty()) {
            qCInfo(lcSalesforce) << "created by an earlier attempt:" << request.kind.name;
            co_return earlier->first();
        }
    }
    QJsonObject headers{{u"Sforce-Duplicate-Rule-Header"_s, duplicateRules(request.allowDuplicate)}};
    // Otherwise an assignment rule would take the record away from the agent who made it.
    if (request.kind == kinds::crmCase || request.kind == kinds::lead)
        headers.insert(u"Sforce-Auto-Assign"_s, u"FALSE"_s);
    const QJsonArray requests{
        QJsonObject{{u"method"_s, u"POST"_s},
                    {u"url"_s, m_api->rooted(u"sobjects/"_s + request.kind.name)},
                    {u"referenceId"_s, u"made"_s},
                    {u"httpHeaders"_s, headers},
                    {u"body"_s, bodyOf(request.kind, request.fields)}},
        QJsonObject{{u"method"_s, u"GET"_s},
                    {u"url"_s, readBackPath(request.kind, request.fields.keys(), u"@{made.id}"_s)},
                    {u"referenceId"_s, u"read"_s}}};
    auto parts = co_await m_api->composite(requests, false);
    if (!parts)
        co_return fail(parts.error());
    if (const Part *refused = firstFailure(*parts, 1))
        co_return fail(errorOf(refused->status, refused->body));
    const QString id = parts->at(0).body[u"id"].toString();
    if (!soql::isId(id))
        co_return fail(Errc::BadReply, u"a create without an id"_s);
    const RecordRef made{.kind = request.kind, .id = {id}};
    auto record = co_await readBack(made, request.fields, parts->at(1));
    co_return record;
}

Async<Record> SalesforceClient::update(crm::UpdateRequest request)
{
    const auto self = shared_from_this();
    const QString id = request.ref.id.value;
    if (!soql::isName(request.ref.kind.name) || !soql::isId(id))
        co_return fail(Errc::InvalidInput, u"not a Salesforce record"_s);
    if (request.fields.isEmpty()) {
        auto same = co_await get(request.ref, QStringList());
        co_return same;
    }
    QJsonObject headers{{u"Sforce-Duplicate-Rule-Header"_s, duplicateRules(request.allowDuplicate)}};
    if (!request.ifVersion.isEmpty()) {
        auto current = co_await get(request.ref, request.fields.keys());
        if (!current)
            co_return fail(current.error());
        if (current->version != request.ifVersion)
            co_return fail(
                Error{.code = Errc::Conflict, .detail = u"changed meanwhile"_s, .remoteCode = u"CHANGED"_s});
        // What changes between that look and the write is Salesforce's to refuse.
        const QVariant at = valueOf(QJsonValue(request.ifVersion), nullptr);
        if (at.typeId() == QMetaType::QDateTime)
            headers.insert(u"If-Unmodified-Since"_s, httpDate(at.toDateTime()));
    }
    const QJsonArray requests{
        QJsonObject{{u"method"_s, u"PATCH"_s},
                    {u"url"_s, m_api->rooted(u"sobjects/%1/%2"_s.arg(request.ref.kind.name, id))},
                    {u"referenceId"_s, u"changed"_s},
                    {u"httpHeaders"_s, headers},
                    {u"body"_s, bodyOf(request.ref.kind, request.fields)}},
        QJsonObject{{u"method"_s, u"GET"_s},
                    {u"url"_s, readBackPath(request.ref.kind, request.fields.keys(), id)},
                    {u"referenceId"_s, u"read"_s}}};
    auto parts = co_await m_api->composite(requests, false);
    if (!parts)
        co_return fail(parts.error());
    if (const Part *refused = firstFailure(*parts, 1))
        co_return fail(errorOf(refused->status, refused->body));
    auto record = co_await readBack(request.ref, request.fields, parts->at(1));
    co_return record;
}

Async<std::optional<RecordRef>> SalesforceClient::findNote(crm::NoteRequest request)
{
    const auto self = shared_from_this();
    const soql::Select linked{
        .fields = {u"ContentDocumentId"_s, u"ContentDocument.Title"_s, u"ContentDocument.FileType"_s},
        .from = u"ContentDocumentLink"_s,
        .where = {soql::equals(u"LinkedEntityId"_s, request.parent.id.value).value()}};
    const QString statement = soql::statementOf(linked).value();
    auto links = co_await runStatement(statement);
    if (!links)
        co_return fail(links.error());
    const QString title = noteTitle(request, 255);
    // One named answer: g++ 12 takes a temporary empty optional in co_return for uninitialised at -O1 and
    // above.
    std::optional<RecordRef> note;
    for (const Record &link : *links) {
        const bool isNote = link.fields.value(u"ContentDocument.FileType"_s).toString() == u"SNOTE";
        if (!note && isNote && link.fields.value(u"ContentDocument.Title"_s).toString() == title)
            note =
                RecordRef{.kind = kinds::note, .id = {link.fields.value(u"ContentDocumentId"_s).toString()}};
    }
    co_return note;
}

Async<RecordRef> SalesforceClient::writeContentNote(crm::NoteRequest request,
                                                    std::optional<RecordRef> existing)
{
    const auto self = shared_from_this();
    const QJsonObject body{{u"Title"_s, noteTitle(request, 255)},
                           {u"Content"_s, QString::fromLatin1(noteHtml(request.text).toBase64())}};
    if (existing) {
        Call call{.method = "PATCH", .path = u"sobjects/ContentNote/"_s + existing->id.value, .body = body};
        auto changed = co_await m_api->call(call);
        if (!changed)
            co_return fail(changed.error());
        co_return *existing;
    }
    const QJsonArray requests{
        QJsonObject{{u"method"_s, u"POST"_s},
                    {u"url"_s, m_api->rooted(u"sobjects/ContentNote"_s)},
                    {u"referenceId"_s, u"note"_s},
                    {u"body"_s, body}},
        QJsonObject{{u"method"_s, u"POST"_s},
                    {u"url"_s, m_api->rooted(u"sobjects/ContentDocumentLink"_s)},
                    {u"referenceId"_s, u"link"_s},
                    {u"body"_s, QJsonObject{{u"ContentDocumentId"_s, u"@{note.id}"_s},
                                            {u"LinkedEntityId"_s, request.parent.id.value},
                                            {u"ShareType"_s, u"V"_s}}}}};
    auto parts = co_await m_api->composite(requests, true);
    if (!parts)
        co_return fail(parts.error());
    if (const Part *refused = firstFailure(*parts, 2))
        co_return fail(errorOf(refused->status, refused->body));
    const QString id = parts->at(0).body[u"id"].toString();
    if (!soql::isId(id))
        co_return fail(Errc::BadReply, u"a note without an id"_s);
    co_return RecordRef{.kind = kinds::note, .id = {id18(id)}};
}

Async<RecordRef> SalesforceClient::addClassicNote(crm::NoteRequest request)
{
    const auto self = shared_from_this();
    const RecordKind note{u"Note"_s};
    const QString title = noteTitle(request, 80);
    const QList<QString> where{soql::equals(u"ParentId"_s, request.parent.id.value)->text(),
                               soql::equals(u"Title"_s, title)->text()};
    const QStringList fields{u"Id"_s, u"Title"_s};
    const QStringList order{u"Id"_s};
    auto existing = co_await select(note, fields, where, order, 1);
    if (!existing)
        co_return fail(existing.error());
    QString body = request.text;
    if (body.size() > kClassicNoteLength) { // the whole becomes a file, never a silent cut
        const crm::FileRequest whole{.parent = request.parent,
                                     .name = title + u".txt"_s,
                                     .mimeType = u"text/plain"_s,
                                     .content = request.text.toUtf8(),
                                     .key = request.key + u":whole"_s};
        auto filed = co_await addFile(whole);
        if (!filed)
            co_return fail(filed.error());
        const QString pointer = u"\n\n[… the whole text is in the attached file \"%1\"]"_s.arg(whole.name);
        qsizetype head = kClassicNoteLength - pointer.size();
        if (body[head - 1].isHighSurrogate())
            --head;
        body = body.left(head) + pointer;
    }
    FieldMap values{{u"Title"_s, title}, {u"Body"_s, body}};
    if (!existing->isEmpty()) {
        const crm::UpdateRequest change{.ref = existing->first().ref, .fields = values};
        auto changed = co_await update(change);
        if (!changed)
            co_return fail(changed.error());
        co_return changed->ref;
    }
    values.insert(u"ParentId"_s, request.parent.id.value);
    const crm::CreateRequest creation{.kind = note, .fields = values, .key = request.key};
    auto made = co_await create(creation);
    if (!made)
        co_return fail(made.error());
    co_return made->ref;
}

Async<RecordRef> SalesforceClient::addNote(crm::NoteRequest request)
{
    const auto self = shared_from_this();
    if (!soql::isId(request.parent.id.value))
        co_return fail(Errc::InvalidInput, u"a note needs a record"_s);
    if (m_hasContentNotes) {
        auto existing = co_await findNote(request);
        if (!existing && !isWithoutContentNotes(existing.error()))
            co_return fail(existing.error());
        if (existing) {
            auto written = co_await writeContentNote(request, *existing);
            if (written || !isWithoutContentNotes(written.error()))
                co_return written;
        }
        qCInfo(lcSalesforce) << "this org has no content notes: classic notes are used";
        m_hasContentNotes = false;
    }
    auto classic = co_await addClassicNote(request);
    co_return classic;
}

Async<RecordRef> SalesforceClient::addFile(crm::FileRequest request)
{
    const auto self = shared_from_this();
    if (!soql::isId(request.parent.id.value))
        co_return fail(Errc::InvalidInput, u"a file needs a record"_s);
    if (request.content.size() > kMaxFileBytes)
        co_return fail(Errc::InvalidInput, u"the file is larger than Salesforce takes in one request"_s);
    const QString name = QFileInfo(request.name.simplified()).fileName().right(255);
    // The key in the description tells a file that an earlier attempt left here from another of the same
    // name.
    const soql::Select published{
        .fields = {u"ContentDocumentId"_s, u"Description"_s},
        .from = u"ContentVersion"_s,
        .where = {soql::equals(u"FirstPublishLocationId"_s, request.parent.id.value).value(),
                  soql::equals(u"IsLatest"_s, true).value()}};
    const QString statement = soql::statementOf(published).value();
    auto versions = co_await runStatement(statement);
    if (!versions)
        co_return fail(versions.error());
    const QString mark = u"Parley %1"_s.arg(request.key);
    for (const Record &version : *versions) {
        if (!request.key.isEmpty() && version.fields.value(u"Description"_s).toString() == mark)
            co_return RecordRef{.kind = kinds::file,
                                .id = {version.fields.value(u"ContentDocumentId"_s).toString()}};
    }
    QJsonObject body{{u"Title"_s, QFileInfo(name).completeBaseName()},
                     {u"PathOnClient"_s, name},
                     {u"VersionData"_s, QString::fromLatin1(request.content.toBase64())},
                     {u"FirstPublishLocationId"_s, request.parent.id.value}};
    if (!request.key.isEmpty())
        body.insert(u"Description"_s, mark);
    const QJsonArray requests{
        QJsonObject{{u"method"_s, u"POST"_s},
                    {u"url"_s, m_api->rooted(u"sobjects/ContentVersion"_s)},
                    {u"referenceId"_s, u"made"_s},
                    {u"body"_s, body}},
        QJsonObject{
            {u"method"_s, u"GET"_s},
            {u"url"_s, m_api->rooted(u"sobjects/ContentVersion/@{made.id}?fields=Id,ContentDocumentId"_s)},
            {u"referenceId"_s, u"read"_s}}};
    auto parts = co_await m_api->composite(requests, false);
    if (!parts)
        co_return fail(parts.error());
    if (const Part *refused = firstFailure(*parts, 1))
        co_return fail(errorOf(refused->status, refused->body));
    const QString document = parts->at(1).body[u"ContentDocumentId"].toString();
    const QString version = parts->at(0).body[u"id"].toString();
    co_return RecordRef{.kind = kinds::file, .id = {soql::isId(document) ? document : version}};
}

} // namespace parley::salesforce
