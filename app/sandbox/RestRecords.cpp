#include "app/sandbox/RecordId.h"
#include "app/sandbox/Rest.h"
#include "core/base/Clock.h"

#include <QRegularExpression>

namespace parley::sandbox {

using namespace Qt::Literals::StringLiterals;

namespace {

Reply saved(const QString &id, bool created)
{
    return jsonReply(QJsonObject{{u"id"_s, id}, {u"success"_s, true}, {u"errors"_s, QJsonArray()}},
                     created ? 201 : 200);
}

const QString kRead = u"HEAD,GET"_s;
const QString kReadWrite = u"HEAD,GET,PATCH,DELETE"_s;

QStringList fieldsOf(const FormValues &query)
{
    QStringList fields = query.value(u"fields").split(u',', Qt::SkipEmptyParts);
    for (QString &field : fields)
        field = field.trimmed();
    return fields;
}

// In the words of the JSON reader that Salesforce uses.
QString jsonFault(const QByteArray &body, const QJsonParseError &error)
{
    const QByteArray before = body.first(std::clamp<qsizetype>(error.offset, 0, body.size()));
    const qsizetype line = before.count('\n') + 1;
    const qsizetype column = before.size() - (before.lastIndexOf('\n') + 1) + 1;
    const QString after = QString::fromUtf8(body.sliced(before.size())).trimmed();
    const QString what =
        after.isEmpty()
            ? u"Unexpected end-of-input"_s
            : u"Unexpected character ('%1' (code %2))"_s.arg(after.at(0)).arg(after.at(0).unicode());
    return u"%1: %2 at [line:%3, column:%4]"_s.arg(what, error.errorString()).arg(line).arg(column);
}

// The address names the record; only collections carry ids inside.
Outcome<Accepted> withoutId(const QJsonObject &body)
{
    for (const QString &key : body.keys()) {
        if (key.compare(u"Id"_s, Qt::CaseInsensitive) == 0)
            return refuse(400, u"INVALID_FIELD"_s,
                          u"The Id field should not be specified in the sobject data."_s);
    }
    return Accepted{};
}

Reply noContent()
{
    Reply reply;
    reply.status = 204;
    return reply;
}

} // namespace

Reply Rest::sobjects(const Call &call)
{
    if (call.parts.size() == 1)
        return call.method == "GET" ? globalDescribe(call) : notAllowed(call, kRead);
    const ObjectInfo *object = m_metadata.object(call.parts.at(1));
    if (!object)
        return notFound();
    const QString third = call.parts.value(2);
    if (third.isEmpty())
        return call.method == "GET"    ? describeBasic(call, *object)
               : call.method == "POST" ? create(call, *object)
                                       : notAllowed(call, u"HEAD,GET,POST"_s);
    static const QStringList readOnly{u"describe"_s, u"updated"_s, u"deleted"_s, u"listviews"_s,
                                      u"quickActions"_s};
    if (readOnly.contains(third) && call.method != "GET")
        return notAllowed(call, kRead);
    if (third == u"describe"_s) {
        const QString fourth = call.parts.value(3);
        if (fourth.isEmpty())
            return describe(call, *object);
        return fourth == u"layouts"_s          ? layouts(call, *object)
               : fourth == u"compactLayouts"_s ? compactLayouts(call, *object)
                                               : notFound();
    }
    if (third == u"updated"_s || third == u"deleted"_s)
        return changedBetween(call, *object);
    if (third == u"listviews"_s || third == u"quickActions"_s)
        return jsonReply(third == u"listviews"_s
                             ? QJsonValue(QJsonObject{{u"done"_s, true},
                                                      {u"listviews"_s, QJsonArray()},
                                                      {u"size"_s, 0},
                                                      {u"sobjectType"_s, object->name},
                                                      {u"nextRecordsUrl"_s, QJsonValue()}})
                             : QJsonValue(QJsonArray()));
    return record(call, *object);
}

Reply Rest::record(const Call &call, const ObjectInfo &object)
{
    const QString third = call.parts.at(2);
    const QString fourth = call.parts.value(3);
    const Field *asField = object.field(third);
    if (asField && (asField->externalId || asField->idLookup) && call.parts.size() >= 3 &&
        !normalizeId(third))
        return byExternalId(call, object);
    if (!fourth.isEmpty()) {
        const Field *blob = object.field(fourth);
        if (blob && blob->type == u"base64"_s)
            return blobOf(call, object, third, blob->name);
        return related(call, object, third);
    }
    if (call.method == "GET")
        return readRecord(call, object, third, fieldsOf(call.query));
    if (call.method == "PATCH")
        return change(call, object, third);
    if (call.method == "DELETE") {
        const auto removed = m_records.remove(object, third, writeContext(call));
        return removed ? noContent() : refusedReply(removed.error());
    }
    return notAllowed(call, kReadWrite);
}

Reply Rest::readRecord(const Call &call, const ObjectInfo &object, const QString &givenId,
                       const QStringList &fields)
{
    const auto id = m_records.existing(object, givenId);
    if (!id)
        return refusedReply(id.error());
    soql::Query query;
    query.from.parts = {object.name};
    QStringList names = fields;
    if (names.isEmpty()) {
        for (const Field &field : object.fields)
            names.append(field.name);
    }
    QStringList seen;
    for (const QString &name : std::as_const(names)) {
        if (seen.contains(name, Qt::CaseInsensitive))
            continue;
        seen.append(name);
        soql::SelectItem item;
        item.term.field.parts = name.split(u'.');
        if (item.term.field.parts.size() == 1 && !object.has(name))
            return refusedReply(
                refusal(400, u"INVALID_FIELD"_s,
                        u"No such column '%1' on sobject of type %2"_s.arg(name, object.name)));
        query.select.append(item);
    }
    if (!seen.contains(u"Id"_s, Qt::CaseInsensitive)) {
        soql::SelectItem item;
        item.term.field.parts = {u"Id"_s};
        query.select.append(item);
    }
    soql::Condition isIt;
    isIt.left.field.parts = {u"Id"_s};
    isIt.op = u"="_s;
    isIt.values.append(soql::Literal{.kind = soql::Literal::Kind::String, .text = *id});
    query.where = isIt;
    const auto found = soql::run(m_store, context(call), query, QString(), call.version);
    if (!found) {
        QJsonObject error = found.error().errors.first().toObject();
        error.insert(u"message"_s, error.value(u"message"_s).toString().section(u'\n', -1));
        return jsonReply(QJsonArray{error}, 400);
    }
    Reply reply = jsonReply(found->records.first());
    const QVariantMap row = m_store.row(object, *id);
    if (const auto stamp = soql::parseDatetime(row.value(u"LastModifiedDate"_s).toString())) {
        reply.addHeader("Last-Modified",
                        QLocale::c().toString(*stamp, u"ddd, dd MMM yyyy hh:mm:ss 'GMT'"_s).toLatin1());
    }
    return reply;
}

WriteContext Rest::writeContext(const Call &call) const
{
    WriteContext context;
    context.userId = call.session.userId;
    context.version = call.version;
    const QString header = QString::fromLatin1(call.request.header("Sforce-Duplicate-Rule-Header"));
    for (const QString &pair : header.split(QRegularExpression(u"[;,]"_s), Qt::SkipEmptyParts)) {
        const QString name = pair.section(u'=', 0, 0).trimmed().toLower();
        const bool on = pair.section(u'=', 1).trimmed().compare(u"true"_s, Qt::CaseInsensitive) == 0;
        if (name == u"allowsave"_s)
            context.allowSave = on;
        if (name == u"includerecorddetails"_s)
            context.includeRecordDetails = on;
    }
    return context;
}

Outcome<QJsonObject> Rest::bodyObject(const Call &call) const
{
    const QByteArray type = call.request.header("Content-Type").toLower();
    if (type.startsWith("multipart/form-data"))
        return multipartBody(call);
    if (!type.isEmpty() && !type.contains("json"))
        return refuse(
            415, u"UNSUPPORTED_MEDIA_TYPE"_s,
            u"Content type '%1' is not supported: send application/json"_s.arg(QString::fromLatin1(type)));
    if (call.request.body.trimmed().isEmpty())
        return refuse(400, u"JSON_PARSER_ERROR"_s,
                      u"The HTTP entity body is required, but this request has no entity body."_s);
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(call.request.body, &error);
    if (error.error != QJsonParseError::NoError)
        return refuse(400, u"JSON_PARSER_ERROR"_s, jsonFault(call.request.body, error));
    if (!document.isObject())
        return refuse(
            400, u"JSON_PARSER_ERROR"_s,
            u"Cannot deserialize instance of sobject from START_ARRAY value [ or request may be missing a "
            "required field at [line:1, column:1]"_s);
    return document.object();
}

Outcome<Accepted> Rest::boolOrNone(const QJsonObject &body, const QString &name)
{
    if (!body.contains(name) || body.value(name).isBool())
        return Accepted{};
    return refuse(400, u"JSON_PARSER_ERROR"_s, u"%1 is neither true nor false"_s.arg(name));
}

// A JSON part with the fields and one part with the bytes, which we take in as base64 like everybody else's.
Outcome<QJsonObject> Rest::multipartBody(const Call &call) const
{
    const QString header = QString::fromLatin1(call.request.header("Content-Type"));
    static const QRegularExpression form(u"boundary=\"?([^\";]+)\"?"_s,
                                         QRegularExpression::CaseInsensitiveOption);
    const QByteArray boundary = "--" + form.match(header).captured(1).toLatin1();
    const QByteArray &body = call.request.body;
    QJsonObject fields;
    bool isDescribed = false;
    qsizetype at = body.indexOf(boundary);
    while (boundary.size() > 2 && at >= 0) {
        const qsizetype start = at + boundary.size();
        const qsizetype next = body.indexOf("\r\n" + boundary, start);
        const qsizetype gap = body.indexOf("\r\n\r\n", start);
        if (next < 0 || gap < 0 || gap > next)
            break;
        const QString partHeader = QString::fromUtf8(body.sliced(start, gap - start));
        const QByteArray content = body.sliced(gap + 4, next - gap - 4);
        static const QRegularExpression named(u"name=\"([^\"]*)\""_s);
        const QString name = named.match(partHeader).captured(1);
        static const QRegularExpression fileNamed(u"filename=\"([^\"]*)\""_s);
        if (partHeader.contains(u"application/json"_s, Qt::CaseInsensitive)) {
            QJsonParseError error;
            const QJsonDocument document = QJsonDocument::fromJson(content, &error);
            if (!document.isObject())
                return refuse(400, u"JSON_PARSER_ERROR"_s, jsonFault(content, error));
            const QJsonObject json = document.object();
            isDescribed = true;
            for (auto it = json.begin(); it != json.end(); ++it)
                fields.insert(it.key(), *it);
        } else if (!name.isEmpty()) {
            fields.insert(name, QString::fromLatin1(content.toBase64()));
            const QString file = fileNamed.match(partHeader).captured(1);
            if (!fields.contains(u"PathOnClient"_s) && !file.isEmpty() && name == u"VersionData"_s)
                fields.insert(u"PathOnClient"_s, file);
        }
        at = next + 2;
    }
    if (fields.isEmpty() || !isDescribed)
        return refuse(400, u"INVALID_MULTIPART_REQUEST"_s,
                      isDescribed ? u"Multipart message has no parts that could be read"_s
                                  : u"Multipart message must include a non-binary part"_s);
    return fields;
}

Reply Rest::create(const Call &call, const ObjectInfo &object)
{
    const auto body = bodyObject(call);
    if (!body)
        return refusedReply(body.error());
    if (const auto fine = withoutId(*body); !fine)
        return refusedReply(fine.error());
    const auto id = m_records.create(object, *body, writeContext(call));
    if (!id)
        return refusedReply(id.error());
    Reply reply = saved(*id, true);
    reply.addHeader("Location",
                    u"/services/data/%1/sobjects/%2/%3"_s.arg(call.version, object.name, *id).toUtf8());
    return reply;
}

Reply Rest::change(const Call &call, const ObjectInfo &object, const QString &id)
{
    const auto body = bodyObject(call);
    if (!body)
        return refusedReply(body.error());
    if (const auto fine = withoutId(*body); !fine)
        return refusedReply(fine.error());
    const QByteArray condition = call.request.header("If-Unmodified-Since");
    if (!condition.isEmpty()) {
        const auto known = m_records.existing(object, id);
        QDateTime asked =
            QLocale::c().toDateTime(QString::fromLatin1(condition), u"ddd, dd MMM yyyy hh:mm:ss 'GMT'"_s);
        asked.setTimeSpec(Qt::UTC);
        const auto changed =
            known ? soql::parseDatetime(m_store.row(object, *known).value(u"LastModifiedDate"_s).toString())
                  : std::nullopt;
        if (changed && asked.isValid() && changed->toSecsSinceEpoch() > asked.toSecsSinceEpoch())
            return refusedReply(refusal(412, u"PRECONDITION_FAILED"_s,
                                        u"The record has been modified since the given date"_s));
    }
    const auto done = m_records.update(object, id, *body, writeContext(call));
    return done ? noContent() : refusedReply(done.error());
}

Reply Rest::byExternalId(const Call &call, const ObjectInfo &object)
{
    const Field &field = *object.field(call.parts.at(2));
    const QString value = call.parts.value(3);
    if (call.parts.size() > 4) // a slash in the value that was not encoded, or a relationship
        return notFound();
    if (call.method == "PATCH" || (call.method == "POST" && field.type == u"id"_s)) {
        const auto body = bodyObject(call);
        if (!body)
            return refusedReply(body.error());
        if (const auto fine = withoutId(*body); !fine)
            return refusedReply(fine.error());
        const auto done = m_records.upsert(object, field.name, value, *body, writeContext(call));
        if (!done)
            return refusedReply(done.error());
        if (!done->several.isEmpty()) {
            QJsonArray urls;
            for (const QString &id : done->several)
                urls.append(u"/services/data/%1/sobjects/%2/%3"_s.arg(call.version, object.name, id));
            return jsonReply(urls, 300);
        }
        Reply reply = saved(done->id, done->created);
        QJsonObject json = reply.json.toObject();
        json.insert(u"created"_s, done->created);
        reply.json = json;
        return reply;
    }
    if (call.method != "GET" && call.method != "DELETE")
        return notAllowed(call, kReadWrite);
    const auto ids = m_records.byExternalId(object, field.name, value);
    if (!ids)
        return refusedReply(ids.error());
    if (ids->isEmpty())
        return notFound();
    if (ids->size() > 1) {
        QJsonArray urls;
        for (const QString &id : *ids)
            urls.append(u"/services/data/%1/sobjects/%2/%3"_s.arg(call.version, object.name, id));
        return jsonReply(urls, 300);
    }
    if (call.method == "DELETE") {
        const auto removed = m_records.remove(object, ids->first(), writeContext(call));
        return removed ? noContent() : refusedReply(removed.error());
    }
    return readRecord(call, object, ids->first(), fieldsOf(call.query));
}

Reply Rest::blobOf(const Call &call, const ObjectInfo &object, const QString &givenId, const QString &field)
{
    if (call.method != "GET")
        return notAllowed(call, kRead);
    const auto id = m_records.existing(object, givenId);
    if (!id)
        return refusedReply(id.error());
    Reply reply;
    reply.contentType = "application/octetstream";
    reply.raw = m_store.blob(object.name.startsWith(u"Content") ? *id : *id + u'/' + field);
    return reply;
}

// Friendly URLs: /sobjects/Contact/003…/Account and /sobjects/Account/001…/Contacts.
Reply Rest::related(const Call &call, const ObjectInfo &object, const QString &givenId)
{
    const QString name = call.parts.at(3);
    const auto id = m_records.existing(object, givenId);
    if (!id)
        return refusedReply(id.error());
    if (call.method != "GET")
        return notAllowed(call, kRead);
    if (const Field *reference = object.byRelationship(name); reference) {
        const QString target = m_store.row(object, *id).value(reference->name).toString();
        const ObjectInfo *kind =
            target.isEmpty() ? nullptr : m_metadata.byPrefix(QStringView(target).first(3));
        return kind ? readRecord(call, *kind, target, fieldsOf(call.query)) : notFound();
    }
    for (const ChildRelationship &child : object.children) {
        const ObjectInfo *kind = m_metadata.object(child.child);
        if (child.name.compare(name, Qt::CaseInsensitive) != 0 || !kind)
            continue;
        const QString fields =
            call.query.has(u"fields") ? call.query.value(u"fields") : u"FIELDS(STANDARD)"_s;
        const QString text = u"SELECT %1 FROM %2 WHERE %3 = '%4'"_s.arg(fields, kind->name, child.field, *id);
        const auto found = soql::run(m_store, context(call), text, call.version);
        if (!found)
            return refusedReply(found.error());
        return jsonReply(QJsonObject{
            {u"totalSize"_s, found->totalSize}, {u"done"_s, true}, {u"records"_s, found->records}});
    }
    return notFound();
}

Reply Rest::changedBetween(const Call &call, const ObjectInfo &object)
{
    const auto start = soql::parseDatetime(call.query.value(u"start"));
    const auto end = soql::parseDatetime(call.query.value(u"end"));
    if (!start || !end || *start >= *end || !object.has(u"SystemModstamp") || !object.has(u"IsDeleted"))
        return refusedReply(
            refusal(400, u"INVALID_REPLICATION_DATE"_s, u"startDate cannot be after endDate"_s));
    const bool deleted = call.parts.at(2) == u"deleted"_s;
    const auto rows =
        m_store.run(u"SELECT \"Id\", \"SystemModstamp\" FROM %1 WHERE \"SystemModstamp\" >= ? AND "
                    "\"SystemModstamp\" < ? AND \"IsDeleted\" = ? ORDER BY \"SystemModstamp\", \"Id\""_s.arg(
                        tableOf(object)),
                    {soql::datetimeText(*start), soql::datetimeText(*end), deleted ? 1 : 0});
    QJsonArray list;
    for (const QVariantList &row : rows)
        list.append(deleted ? QJsonValue(QJsonObject{{u"id"_s, row.at(0).toString()},
                                                     {u"deletedDate"_s, row.at(1).toString()}})
                            : QJsonValue(row.at(0).toString()));
    QJsonObject body{{deleted ? u"deletedRecords"_s : u"ids"_s, list},
                     {u"latestDateCovered"_s, soql::datetimeText(*end)}};
    if (deleted)
        body.insert(u"earliestDateAvailable"_s, soql::datetimeText(m_metadataSince));
    return jsonReply(body);
}

Reply Rest::recent(const Call &call, const QString &only)
{
    struct Item {
        QString when;
        QJsonObject json;
    };
    QList<Item> items;
    for (const ObjectInfo &object : m_metadata.objects()) {
        const Field *name = object.nameField();
        if (!object.has(u"LastViewedDate") || !object.has(u"IsDeleted") || !name || !name->isStored() ||
            (!only.isEmpty() && only != object.name))
            continue;
        for (const QVariantList &row : m_store.run(
                 u"SELECT \"Id\", %1, \"LastViewedDate\" FROM %2 WHERE \"LastViewedDate\" IS NOT NULL AND "
                 "\"IsDeleted\" = 0 ORDER BY \"LastViewedDate\" DESC, \"Id\" DESC LIMIT 200"_s.arg(
                     columnOf(name->name), tableOf(object))))
            items.append(
                {row.at(2).toString(),
                 QJsonObject{{u"attributes"_s,
                              QJsonObject{{u"type"_s, object.name},
                                          {u"url"_s, u"/services/data/%1/sobjects/%2/%3"_s.arg(
                                                         call.version, object.name, row.at(0).toString())}}},
                             {u"Id"_s, row.at(0).toString()},
                             {name->name, row.at(1).toString()}}});
    }
    std::ranges::stable_sort(items, std::ranges::greater{}, &Item::when);
    const int limit = call.query.has(u"limit") ? call.query.value(u"limit").toInt() : 200;
    QJsonArray list;
    for (const Item &item : std::as_const(items)) {
        if (list.size() < limit)
            list.append(item.json);
    }
    return jsonReply(list);
}

} // namespace parley::sandbox
