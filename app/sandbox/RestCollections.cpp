// Many records in one request: /composite/sobjects and /composite/tree.
#include "app/sandbox/RecordId.h"
#include "app/sandbox/Rest.h"

namespace parley::sandbox {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr qsizetype kMaxCollection = 200;
constexpr qsizetype kMaxRead = 2000;

Reply tooManyRecords()
{
    return refusedReply(refusal(
        400, u"EXCEEDED_ID_LIMIT"_s,
        u"record limit reached. cannot submit more than %1 records into this call"_s.arg(kMaxCollection)));
}

// A body that cannot be read as records of this org fails as a whole; what a rule refuses, record by record.
bool isUnreadable(const Refusal &refusal)
{
    const QJsonObject error = refusal.errors.first().toObject();
    const QString code = error.value(u"errorCode"_s).toString();
    return code == u"JSON_PARSER_ERROR"_s || (code == u"INVALID_FIELD"_s && !error.contains(u"fields"_s));
}

// Where a single record's address would not be found, a record in a list names something that is not there.
Refusal asSaveError(const Refusal &given, const ObjectInfo &object, const QString &id)
{
    if (given.status != 404 || given.errors.first()[u"errorCode"_s].toString() != u"NOT_FOUND"_s)
        return given;
    return normalizeId(id)
               ? refusal(400, u"INVALID_CROSS_REFERENCE_KEY"_s, u"invalid cross reference id"_s, {})
               : refusal(400, u"MALFORMED_ID"_s,
                         u"%1 ID: id value of incorrect type: %2"_s.arg(object.label, id), {u"Id"_s});
}

QString takeId(QJsonObject &body)
{
    for (const QString &key : body.keys()) {
        if (key.compare(u"Id"_s, Qt::CaseInsensitive) == 0)
            return body.take(key).toString();
    }
    return {};
}

QJsonArray rolledBack(QJsonArray results)
{
    const QJsonObject undone{{u"statusCode"_s, u"ALL_OR_NONE_OPERATION_ROLLED_BACK"_s},
                             {u"message"_s,
                              u"Record rolled back because not all records were valid and the request was "
                              "using AllOrNone header"_s},
                             {u"fields"_s, QJsonArray()}};
    for (qsizetype i = 0; i < results.size(); ++i) {
        if (results.at(i)[u"success"_s].toBool())
            results[i] = QJsonObject{{u"success"_s, false}, {u"errors"_s, QJsonArray{undone}}};
    }
    return results;
}

} // namespace

Reply Rest::collections(const Call &call)
{
    const ObjectInfo *object = m_metadata.object(call.parts.value(2));
    switch (call.parts.size()) {
    case 2:
        if (call.method == "DELETE")
            return collectionDelete(call);
        return call.method == "POST" || call.method == "PATCH" ? collectionWrite(call)
                                                               : notAllowed(call, u"POST,PATCH,DELETE"_s);
    case 3:
        if (!object)
            return notFound();
        return call.method == "GET" || call.method == "POST" ? collectionRead(call, *object)
                                                             : notAllowed(call, u"HEAD,GET,POST"_s);
    case 4: {
        const Field *field = object ? object->field(call.parts.at(3)) : nullptr;
        if (!object || !field || !(field->externalId || field->idLookup))
            return refusedReply(refusal(404, u"NOT_FOUND"_s,
                                        object ? u"Provided external ID field does not exist or is not "
                                                 "accessible: %1"_s.arg(call.parts.at(3))
                                               : u"The requested resource does not exist"_s));
        return call.method == "PATCH" ? collectionWrite(call) : notAllowed(call, u"PATCH"_s);
    }
    default:
        return notFound();
    }
}

// POST creates, PATCH updates, PATCH …/Contact/Ext__c upserts.
Outcome<QJsonObject> Rest::saveRecord(const Call &call, const QJsonObject &record, bool &failed)
{
    const auto failure = [&failed](const Refusal &refusal) -> Outcome<QJsonObject> {
        if (isUnreadable(refusal))
            return refuse(refusal);
        failed = true;
        return QJsonObject{{u"success"_s, false}, {u"errors"_s, saveErrors(refusal)}};
    };
    const bool upserting = call.parts.size() == 4;
    const QString type = upserting ? call.parts.at(2) : record.value(u"attributes"_s)[u"type"_s].toString();
    const ObjectInfo *object = m_metadata.object(type);
    if (!object)
        return refuse(400, u"INVALID_TYPE"_s, u"sObject type '%1' is not supported."_s.arg(type));
    QJsonObject body = record;
    body.remove(u"attributes"_s);
    if (upserting) {
        const Field *field = object->field(call.parts.at(3));
        const QString value = body.take(field->name).toVariant().toString();
        if (value.isEmpty() && field->type != u"id"_s)
            return failure(refusal(400, u"MISSING_ARGUMENT"_s, u"%1 not specified"_s.arg(field->name), {}));
        const auto done = m_records.upsert(*object, field->name, value, body, writeContext(call));
        if (!done)
            return failure(asSaveError(done.error(), *object, value));
        if (!done->several.isEmpty())
            return failure(refusal(400, u"DUPLICATE_EXTERNAL_ID"_s,
                                   u"%1: more than one record found for external id field: %2"_s.arg(
                                       field->label, u'[' + done->several.join(u", "_s) + u']'),
                                   {field->name}));
        return QJsonObject{{u"id"_s, done->id},
                           {u"success"_s, true},
                           {u"errors"_s, QJsonArray()},
                           {u"created"_s, done->created}};
    }
    const QString id = takeId(body);
    if (call.method == "POST") {
        if (!id.isEmpty())
            return failure(refusal(400, u"INVALID_FIELD_FOR_INSERT_UPDATE"_s,
                                   u"cannot specify Id in an insert call"_s, {u"Id"_s}));
        const auto made = m_records.create(*object, body, writeContext(call));
        if (!made)
            return failure(made.error());
        return QJsonObject{{u"id"_s, *made}, {u"success"_s, true}, {u"errors"_s, QJsonArray()}};
    }
    if (id.isEmpty())
        return failure(refusal(400, u"MISSING_ARGUMENT"_s, u"Id not specified in an update call"_s));
    const auto done = m_records.update(*object, id, body, writeContext(call));
    if (!done)
        return failure(asSaveError(done.error(), *object, id));
    return QJsonObject{
        {u"id"_s, normalizeId(id).value_or(id)}, {u"success"_s, true}, {u"errors"_s, QJsonArray()}};
}

Reply Rest::collectionWrite(const Call &call)
{
    const auto body = bodyObject(call);
    if (!body)
        return refusedReply(body.error());
    const QJsonArray records = body->value(u"records"_s).toArray();
    if (records.size() > kMaxCollection)
        return tooManyRecords();
    if (!body->value(u"records"_s).isArray())
        return refusedReply(refusal(400, u"JSON_PARSER_ERROR"_s, u"records is missing or not a list"_s));
    if (const auto fine = boolOrNone(*body, u"allOrNone"_s); !fine)
        return refusedReply(fine.error());
    const bool allOrNone = body->value(u"allOrNone"_s).toBool();
    bool failed = false;
    QJsonArray results;
    Savepoint whole(m_store);
    for (const QJsonValue record : records) {
        const auto saved = saveRecord(call, record.toObject(), failed);
        if (!saved)
            return refusedReply(saved.error());
        results.append(*saved);
    }
    if (failed && allOrNone)
        return jsonReply(rolledBack(std::move(results)));
    whole.keep();
    return jsonReply(results);
}

Reply Rest::collectionDelete(const Call &call)
{
    const QStringList ids = call.query.value(u"ids").split(u',', Qt::SkipEmptyParts);
    if (ids.isEmpty())
        return refusedReply(refusal(400, u"MISSING_ARGUMENT"_s, u"ids is missing or empty"_s));
    if (ids.size() > kMaxCollection)
        return tooManyRecords();
    const bool allOrNone = call.query.value(u"allOrNone").compare(u"true"_s, Qt::CaseInsensitive) == 0;
    bool failed = false;
    QJsonArray results;
    Savepoint whole(m_store);
    for (const QString &id : ids) {
        const auto normal = normalizeId(id.trimmed());
        const ObjectInfo *object = normal ? m_metadata.byPrefix(QStringView(*normal).left(3)) : nullptr;
        const auto done =
            object   ? m_records.remove(*object, *normal, writeContext(call))
            : normal ? refuse(400, u"INVALID_CROSS_REFERENCE_KEY"_s, u"invalid cross reference id"_s, {})
                     : Outcome<Accepted>(
                           refuse(400, u"MALFORMED_ID"_s, u"malformed id %1"_s.arg(id.trimmed()), {}));
        failed = failed || !done;
        results.append(
            done ? QJsonObject{{u"id"_s, *normal}, {u"success"_s, true}, {u"errors"_s, QJsonArray()}}
                 : QJsonObject{{u"id"_s, id},
                               {u"success"_s, false},
                               {u"errors"_s,
                                saveErrors(object ? asSaveError(done.error(), *object, id) : done.error())}});
    }
    if (failed && allOrNone)
        return jsonReply(rolledBack(std::move(results)));
    whole.keep();
    return jsonReply(results);
}

Reply Rest::collectionRead(const Call &call, const ObjectInfo &object)
{
    QStringList ids = call.query.value(u"ids").split(u',', Qt::SkipEmptyParts);
    QStringList fields = call.query.value(u"fields").split(u',', Qt::SkipEmptyParts);
    if (call.method == "POST") {
        const auto body = bodyObject(call);
        if (!body)
            return refusedReply(body.error());
        for (const QJsonValue id : body->value(u"ids"_s).toArray())
            ids.append(id.toString());
        for (const QJsonValue field : body->value(u"fields"_s).toArray())
            fields.append(field.toString());
    }
    if (ids.isEmpty() || fields.isEmpty())
        return refusedReply(refusal(400, u"MISSING_ARGUMENT"_s, u"ids and fields are both required"_s));
    if (ids.size() > kMaxRead)
        return refusedReply(refusal(400, u"EXCEEDED_ID_LIMIT"_s,
                                    u"record limit reached. cannot submit more than %1 records into this "
                                    "call"_s.arg(kMaxRead)));
    for (QString &field : fields)
        field = field.trimmed();
    QJsonArray records;
    for (const QString &id : std::as_const(ids)) {
        const Reply one = readRecord(call, object, id.trimmed(), fields);
        if (one.status == 400)
            return one;
        records.append(one.status == 200 ? one.json : QJsonValue());
    }
    return jsonReply(records);
}

// One record of a tree, then those that hang on it by its child relationships.
void Rest::plant(const Call &call, const QJsonValue &record, const QString &type, const QJsonObject &link,
                 QJsonArray &results, QJsonArray &faults, int depth)
{
    const QString reference = record[u"attributes"_s][u"referenceId"_s].toString();
    const auto fault = [&](const Refusal &refusal) {
        faults.append(QJsonObject{{u"referenceId"_s, reference}, {u"errors"_s, saveErrors(refusal)}});
    };
    const ObjectInfo *object = m_metadata.object(type);
    if (!object || depth > 5)
        return fault(refusal(400, u"INVALID_INPUT"_s, u"no such object, or more than five levels"_s));
    QJsonObject body = record.toObject();
    QList<QPair<const ChildRelationship *, QJsonArray>> below;
    for (const ChildRelationship &child : object->children) {
        if (body.value(child.name)[u"records"_s].isArray())
            below.append({&child, body.take(child.name)[u"records"_s].toArray()});
    }
    for (auto it = link.begin(); it != link.end(); ++it)
        body.insert(it.key(), *it);
    const auto id = m_records.create(*object, body, writeContext(call));
    if (!id)
        return fault(id.error());
    results.append(QJsonObject{{u"referenceId"_s, reference}, {u"id"_s, *id}});
    for (const auto &[child, records] : std::as_const(below)) {
        for (const QJsonValue entry : records)
            plant(call, entry, child->child, QJsonObject{{child->field, *id}}, results, faults, depth + 1);
    }
}

Reply Rest::tree(const Call &call)
{
    const auto body = bodyObject(call);
    if (!body)
        return refusedReply(body.error());
    const ObjectInfo *object = m_metadata.object(call.parts.value(2));
    if (!object)
        return notFound();
    if (body->value(u"records"_s).toArray().isEmpty())
        return refusedReply(refusal(400, u"JSON_PARSER_ERROR"_s, u"records is missing or empty"_s));
    QJsonArray results;
    QJsonArray faults;
    Savepoint whole(m_store);
    for (const QJsonValue record : body->value(u"records"_s).toArray())
        plant(call, record, object->name, {}, results, faults, 1);
    if (results.size() + faults.size() > kMaxCollection)
        return tooManyRecords();
    if (!faults.isEmpty()) // one bad leaf fells the tree
        return jsonReply(QJsonObject{{u"hasErrors"_s, true}, {u"results"_s, faults}}, 400);
    whole.keep();
    return jsonReply(QJsonObject{{u"hasErrors"_s, false}, {u"results"_s, results}}, 201);
}

} // namespace parley::sandbox
