#include "app/sandbox/Rest.h"

#include <QRegularExpression>

namespace parley::sandbox {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr qsizetype kMaxSubrequests = 25;
constexpr qsizetype kMaxCollection = 200;

tl::unexpected<Refusal> tooMany(const QString &what, qsizetype max)
{
    return refuse(400, u"LIMIT_EXCEEDED"_s,
                  u"The number of %1 exceeds the maximum of %2"_s.arg(what).arg(max));
}

QJsonValue bodyOf(const Reply &reply)
{
    if (reply.status == 204 || reply.status == 304)
        return {};
    if (!reply.json.isUndefined())
        return reply.json;
    const QJsonDocument document = QJsonDocument::fromJson(reply.raw);
    if (document.isArray())
        return document.array();
    if (document.isObject())
        return document.object();
    return QString::fromUtf8(reply.raw);
}

// "records[0].Id" inside an earlier answer.
QJsonValue digInto(QJsonValue value, const QString &path)
{
    static const QRegularExpression step(u"([^.\\[\\]]+)|\\[(\\d+)\\]"_s);
    auto matches = step.globalMatch(path);
    while (matches.hasNext()) {
        const auto match = matches.next();
        const QJsonValue next = match.captured(2).isEmpty() ? value.toObject().value(match.captured(1))
                                                            : value.toArray().at(match.captured(2).toInt());
        value = next;
    }
    return value;
}

class References
{
public:
    void put(const QString &id, const QJsonValue &body) { m_bodies.insert(id, body); }
    [[nodiscard]] bool failed() const { return m_failed; }
    [[nodiscard]] QString fault() const { return m_fault; }

    QString in(const QString &text, bool forUrl = false)
    {
        static const QRegularExpression form(u"@\\{([A-Za-z0-9_]+)\\.([^}]+)\\}"_s);
        QString result;
        qsizetype from = 0;
        auto matches = form.globalMatch(text);
        while (matches.hasNext()) {
            const auto match = matches.next();
            result += text.mid(from, match.capturedStart() - from);
            from = match.capturedEnd();
            const QJsonValue value = digInto(m_bodies.value(match.captured(1)), match.captured(2));
            if (!m_bodies.contains(match.captured(1)) || value.isUndefined()) {
                m_failed = true;
                m_fault = match.captured(0);
                continue;
            }
            const QString filled = value.toVariant().toString();
            result += forUrl ? QString::fromLatin1(QUrl::toPercentEncoding(filled)) : filled;
        }
        return result + text.mid(from);
    }

    QJsonValue in(const QJsonValue &value)
    {
        if (value.isString())
            return in(value.toString());
        if (value.isArray()) {
            QJsonArray list;
            for (const QJsonValue &entry : value.toArray())
                list.append(in(entry));
            return list;
        }
        if (value.isObject()) {
            QJsonObject object = value.toObject();
            for (auto it = object.begin(); it != object.end(); ++it)
                *it = in(QJsonValue(*it));
            return object;
        }
        return value;
    }

private:
    QHash<QString, QJsonValue> m_bodies;
    bool m_failed = false;
    QString m_fault;
};

QJsonObject halted(const QString &referenceId, const QString &message)
{
    return {{u"body"_s,
             QJsonArray{QJsonObject{{u"errorCode"_s, u"PROCESSING_HALTED"_s}, {u"message"_s, message}}}},
            {u"httpHeaders"_s, QJsonObject()},
            {u"httpStatusCode"_s, 400},
            {u"referenceId"_s, referenceId}};
}

QString faultOf(const QJsonArray &requests)
{
    static const QRegularExpression form(u"^[A-Za-z0-9_]+$"_s);
    QStringList seen;
    for (const QJsonValue &request : requests) {
        const QString id = request[u"referenceId"_s].toString();
        if (!form.match(id).hasMatch())
            return u"Provided referenceId ('%1') must start with a letter or a number, and it can contain "
                   u"only letters, "
                   "numbers and underscores ('_')."_s.arg(id);
        if (seen.contains(id))
            return u"ReferenceIds must be unique: '%1'"_s.arg(id);
        if (!request[u"method"_s].isString() || !request[u"url"_s].isString())
            return u"Each subrequest needs a method and a url"_s;
        seen.append(id);
    }
    return {};
}

} // namespace

QJsonArray Rest::runComposite(const Call &call, const QJsonArray &requests, bool allOrNone, bool &failed)
{
    QJsonArray answers;
    References references;
    failed = false;
    Savepoint whole(m_store);
    for (const QJsonValue &request : requests) {
        const QString id = request[u"referenceId"_s].toString();
        if (failed && allOrNone) {
            answers.append(halted(
                id,
                u"The transaction was rolled back since another operation in the same transaction failed."_s));
            continue;
        }
        References filling = references;
        const QString url = filling.in(request[u"url"_s].toString(), true);
        const QJsonValue body = filling.in(request[u"body"_s]);
        if (filling.failed()) {
            failed = true;
            answers.append(halted(
                id, u"Invalid reference specified. No value for %1 found in the earlier subrequests"_s.arg(
                        filling.fault())));
            continue;
        }
        QJsonObject headers = request[u"httpHeaders"_s].toObject();
        const QByteArray rules = call.request.header("Sforce-Duplicate-Rule-Header");
        if (!rules.isEmpty() && !headers.contains(u"Sforce-Duplicate-Rule-Header"_s))
            headers.insert(u"Sforce-Duplicate-Rule-Header"_s, QString::fromLatin1(rules));
        const Reply reply =
            inner(call, request[u"method"_s].toString().toUpper().toLatin1(), url, body, headers);
        QJsonObject shown;
        for (const auto &[name, value] : reply.headers) {
            if (name == "Location" || name == "ETag" || name == "Last-Modified")
                shown.insert(QString::fromLatin1(name), QString::fromLatin1(value));
        }
        const QJsonValue answer = bodyOf(reply);
        if (reply.status >= 400)
            failed = true;
        else
            references.put(id, answer);
        answers.append(QJsonObject{{u"body"_s, answer},
                                   {u"httpHeaders"_s, shown},
                                   {u"httpStatusCode"_s, reply.status},
                                   {u"referenceId"_s, id}});
    }
    if (!failed || !allOrNone) {
        whole.keep();
        return answers;
    }
    for (qsizetype i = 0; i < answers.size(); ++i) { // what had worked is undone, and says so
        const QJsonObject answer = answers.at(i).toObject();
        if (answer.value(u"httpStatusCode"_s).toInt() < 400)
            answers[i] = halted(
                answer.value(u"referenceId"_s).toString(),
                u"The transaction was rolled back since another operation in the same transaction failed."_s);
    }
    return answers;
}

Reply Rest::composite(const Call &call)
{
    const auto body = bodyObject(call);
    if (!body)
        return refusedReply(body.error());
    const QJsonArray requests = body->value(u"compositeRequest"_s).toArray();
    if (requests.size() > kMaxSubrequests)
        return refusedReply(tooMany(u"subrequests"_s, kMaxSubrequests).value());
    const QString fault = faultOf(requests);
    if (!fault.isEmpty() || requests.isEmpty())
        return refusedReply(refusal(400, u"JSON_PARSER_ERROR"_s,
                                    fault.isEmpty() ? u"compositeRequest is missing or empty"_s : fault));
    bool failed = false;
    const QJsonArray answers = runComposite(call, requests, body->value(u"allOrNone"_s).toBool(), failed);
    return jsonReply(QJsonObject{{u"compositeResponse"_s, answers}});
}

Reply Rest::batch(const Call &call)
{
    const auto body = bodyObject(call);
    if (!body)
        return refusedReply(body.error());
    const QJsonArray requests = body->value(u"batchRequests"_s).toArray();
    if (requests.size() > kMaxSubrequests)
        return refusedReply(tooMany(u"batch requests"_s, kMaxSubrequests).value());
    const bool halt = body->value(u"haltOnError"_s).toBool();
    bool failed = false;
    QJsonArray results;
    for (const QJsonValue &request : requests) {
        if (failed && halt) {
            results.append(QJsonObject{
                {u"statusCode"_s, 412},
                {u"result"_s, QJsonArray{QJsonObject{
                                  {u"errorCode"_s, u"BATCH_PROCESSING_HALTED"_s},
                                  {u"message"_s, u"Batch processing halted due to earlier error"_s}}}}});
            continue;
        }
        QString url = request[u"url"_s].toString();
        const Reply reply = inner(call, request[u"method"_s].toString().toUpper().toLatin1(), url,
                                  request[u"richInput"_s], {});
        failed = failed || reply.status >= 400;
        results.append(QJsonObject{{u"statusCode"_s, reply.status}, {u"result"_s, bodyOf(reply)}});
    }
    return jsonReply(QJsonObject{{u"hasErrors"_s, failed}, {u"results"_s, results}});
}

Reply Rest::graph(const Call &call)
{
    const auto body = bodyObject(call);
    if (!body)
        return refusedReply(body.error());
    const QJsonArray graphs = body->value(u"graphs"_s).toArray();
    if (graphs.isEmpty() || graphs.size() > 75)
        return refusedReply(tooMany(u"graphs"_s, 75).value());
    QJsonArray answers;
    for (const QJsonValue &graph : graphs) {
        const QString fault = faultOf(graph[u"compositeRequest"_s].toArray());
        if (!fault.isEmpty())
            return refusedReply(refusal(400, u"JSON_PARSER_ERROR"_s, fault));
        bool failed = false;
        const QJsonArray responses = runComposite(call, graph[u"compositeRequest"_s].toArray(), true, failed);
        answers.append(QJsonObject{{u"graphId"_s, graph[u"graphId"_s]},
                                   {u"isSuccessful"_s, !failed},
                                   {u"graphResponse"_s, QJsonObject{{u"compositeResponse"_s, responses}}}});
    }
    return jsonReply(QJsonObject{{u"graphs"_s, answers}});
}

Reply Rest::collections(const Call &call)
{
    const QString third = call.parts.value(2);
    if (call.method == "DELETE")
        return collectionDelete(call);
    if (third.isEmpty() || (call.method == "PATCH" && call.parts.size() == 4))
        return collectionWrite(call);
    const ObjectInfo *object = m_metadata.object(third);
    if (!object)
        return refusedReply(refusal(404, u"NOT_FOUND"_s, u"The requested resource does not exist"_s));
    return collectionRead(call, *object);
}

// POST creates, PATCH updates, PATCH …/Contact/Ext__c upserts.
QJsonObject Rest::saveRecord(const Call &call, const QJsonObject &record, bool &failed)
{
    const auto failure = [&failed](const Refusal &refusal) {
        failed = true;
        return QJsonObject{{u"success"_s, false}, {u"errors"_s, saveErrors(refusal)}};
    };
    const bool upserting = call.parts.size() == 4;
    const QString type = upserting ? call.parts.at(2) : record.value(u"attributes"_s)[u"type"_s].toString();
    const ObjectInfo *object = m_metadata.object(type);
    if (!object)
        return failure(refusal(400, u"INVALID_TYPE"_s, u"sObject type '%1' is not supported."_s.arg(type)));
    QJsonObject body = record;
    body.remove(u"attributes"_s);
    if (upserting) {
        const Field *field = object->field(call.parts.at(3));
        const QString value = field ? body.take(field->name).toVariant().toString() : QString();
        const auto done = m_records.upsert(*object, call.parts.at(3), value, body, writeContext(call));
        if (!done)
            return failure(done.error());
        if (!done->several.isEmpty())
            return failure(
                refusal(300, u"DUPLICATE_EXTERNAL_ID"_s, u"more than one record has this external id"_s));
        return {{u"id"_s, done->id},
                {u"success"_s, true},
                {u"errors"_s, QJsonArray()},
                {u"created"_s, done->created}};
    }
    if (call.method == "POST") {
        const auto id = m_records.create(*object, body, writeContext(call));
        return id ? QJsonObject{{u"id"_s, *id}, {u"success"_s, true}, {u"errors"_s, QJsonArray()}}
                  : failure(id.error());
    }
    QString id = body.take(u"Id"_s).toString();
    if (id.isEmpty())
        id = body.take(u"id"_s).toString();
    if (id.isEmpty())
        return failure(refusal(400, u"MISSING_ARGUMENT"_s, u"Id not specified in an update call"_s));
    const auto done = m_records.update(*object, id, body, writeContext(call));
    return done ? QJsonObject{{u"id"_s, id}, {u"success"_s, true}, {u"errors"_s, QJsonArray()}}
                : failure(done.error());
}

Reply Rest::collectionWrite(const Call &call)
{
    const auto body = bodyObject(call);
    if (!body)
        return refusedReply(body.error());
    const QJsonArray records = body->value(u"records"_s).toArray();
    if (records.size() > kMaxCollection)
        return refusedReply(tooMany(u"records"_s, kMaxCollection).value());
    if (call.method != "POST" && call.method != "PATCH")
        return refusedReply(refusal(405, u"METHOD_NOT_ALLOWED"_s, u"HTTP Method not allowed"_s));
    const bool allOrNone = body->value(u"allOrNone"_s).toBool();
    bool failed = false;
    QJsonArray results;
    Savepoint whole(m_store);
    for (const QJsonValue &record : records)
        results.append(saveRecord(call, record.toObject(), failed));
    if (!failed || !allOrNone) {
        whole.keep();
        return jsonReply(results);
    }
    const QJsonObject undone{{u"statusCode"_s, u"ALL_OR_NONE_OPERATION_ROLLED_BACK"_s},
                             {u"message"_s,
                              u"Record rolled back because not all records were valid and the request was "
                              "using AllOrNone header"_s},
                             {u"fields"_s, QJsonArray()}};
    for (qsizetype i = 0; i < results.size(); ++i) {
        if (results.at(i)[u"success"_s].toBool())
            results[i] = QJsonObject{{u"success"_s, false}, {u"errors"_s, QJsonArray{undone}}};
    }
    return jsonReply(results);
}

Reply Rest::collectionDelete(const Call &call)
{
    const QStringList ids = call.query.value(u"ids").split(u',', Qt::SkipEmptyParts);
    if (ids.isEmpty() || ids.size() > kMaxCollection)
        return refusedReply(tooMany(u"ids"_s, kMaxCollection).value());
    const bool allOrNone = call.query.value(u"allOrNone") == u"true"_s;
    bool failed = false;
    QJsonArray results;
    Savepoint whole(m_store);
    for (const QString &id : ids) {
        const ObjectInfo *object = m_metadata.byPrefix(QStringView(id).left(3));
        const auto done = object ? m_records.remove(*object, id, writeContext(call))
                                 : Outcome<Accepted>(refuse(400, u"MALFORMED_ID"_s, u"malformed id "_s + id));
        failed = failed || !done;
        results.append(
            done
                ? QJsonObject{{u"id"_s, id}, {u"success"_s, true}, {u"errors"_s, QJsonArray()}}
                : QJsonObject{{u"id"_s, id}, {u"success"_s, false}, {u"errors"_s, saveErrors(done.error())}});
    }
    if (!failed || !allOrNone)
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
        for (const QJsonValue &id : body->value(u"ids"_s).toArray())
            ids.append(id.toString());
        for (const QJsonValue &field : body->value(u"fields"_s).toArray())
            fields.append(field.toString());
    }
    QJsonArray records;
    for (const QString &id : std::as_const(ids)) {
        const Reply one = readRecord(call, object, id, fields);
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
        for (const QJsonValue &entry : records)
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
        return refusedReply(refusal(404, u"NOT_FOUND"_s, u"The requested resource does not exist"_s));
    QJsonArray results;
    QJsonArray faults;
    Savepoint whole(m_store);
    for (const QJsonValue &record : body->value(u"records"_s).toArray())
        plant(call, record, object->name, {}, results, faults, 1);
    if (results.size() + faults.size() > kMaxCollection)
        return refusedReply(tooMany(u"records"_s, kMaxCollection).value());
    if (!faults.isEmpty()) // one bad leaf fells the tree
        return jsonReply(QJsonObject{{u"hasErrors"_s, true}, {u"results"_s, faults}}, 400);
    whole.keep();
    return jsonReply(QJsonObject{{u"hasErrors"_s, false}, {u"results"_s, results}}, 201);
}

} // namespace parley::sandbox
