#include "app/sandbox/Rest.h"

#include <QRegularExpression>

namespace parley::sandbox {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr qsizetype kMaxSubrequests = 25;
constexpr qsizetype kMaxHeavy = 5; // queries and collections among them
constexpr qsizetype kMaxGraphs = 75;
constexpr qsizetype kMaxNodes = 500;
constexpr int kMaxFailedGraphs = 14;

Reply tooMany(const QString &what, qsizetype max)
{
    return refusedReply(refusal(400, u"LIMIT_EXCEEDED"_s,
                                u"The number of %1 exceeds the maximum of %2"_s.arg(what).arg(max)));
}

bool isHeavy(const QJsonValue &request)
{
    static const QRegularExpression form(
        u"^/services/data/v[^/]*/(query|queryAll|composite/sobjects)([/?]|$)"_s);
    return form.match(request[u"url"_s].toString()).hasMatch();
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
        static const QRegularExpression form(u"@\\{([^}.\\[]*)([^}]*)\\}"_s);
        QString result;
        qsizetype from = 0;
        auto matches = form.globalMatch(text);
        while (matches.hasNext()) {
            const auto match = matches.next();
            result += text.mid(from, match.capturedStart() - from);
            from = match.capturedEnd();
            const QJsonValue value = referred(match.captured(1), match.captured(2));
            const QString filled = value.toVariant().toString();
            if (forUrl && filled.isEmpty() && !m_failed) { // an address with a hole names something else
                m_failed = true;
                m_fault = u"No value for %1 found in %2"_s.arg(match.captured(1) + match.captured(2),
                                                               match.captured(1));
            }
            result += forUrl ? QString::fromLatin1(QUrl::toPercentEncoding(filled)) : filled;
        }
        return result + text.mid(from);
    }

    QJsonValue in(const QJsonValue &value)
    {
        static const QRegularExpression alone(u"^@\\{([^}.\\[]*)([^}]*)\\}$"_s);
        if (const auto match = alone.match(value.toString()); match.hasMatch())
            return referred(match.captured(1), match.captured(2)); // keeps its type: a number, true, null
        if (value.isString())
            return in(value.toString());
        if (value.isArray()) {
            QJsonArray list;
            for (const QJsonValue entry : value.toArray())
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
    QJsonValue referred(const QString &id, const QString &path)
    {
        const QJsonValue value = digInto(m_bodies.value(id, QJsonValue(QJsonValue::Undefined)), path);
        if (value.isUndefined() || value.isObject() || value.isArray()) {
            m_failed = true;
            m_fault = u"No value for %1 found in %2"_s.arg(id + path, id);
            return {};
        }
        return value;
    }

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

bool hasFailedRecord(const QJsonValue &saveResults)
{
    const QJsonArray results = saveResults.toArray();
    return std::ranges::any_of(results, [](const QJsonValue &result) {
        return result[u"success"_s].isBool() && !result[u"success"_s].toBool();
    });
}

QString faultOf(const QJsonArray &requests)
{
    static const QRegularExpression form(u"^[A-Za-z0-9][A-Za-z0-9_]*$"_s);
    QStringList seen;
    for (const QJsonValue request : requests) {
        const QString id = request[u"referenceId"_s].toString();
        if (!form.match(id).hasMatch())
            return u"Provided referenceId ('%1') must start with a letter or a number, and it can contain "
                   "only letters, numbers and underscores ('_')."_s.arg(id);
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
    for (const QJsonValue request : requests) {
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
            answers.append(halted(id, u"Invalid reference specified. %1"_s.arg(filling.fault())));
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
        if (reply.status < 400)
            references.put(id, answer);
        // The outer allOrNone overrides that of a collection: one bad record in it fails everything.
        if (reply.status >= 400 || (allOrNone && hasFailedRecord(answer)))
            failed = true;
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
        if (answer.value(u"httpStatusCode"_s).toInt() < 400 && !hasFailedRecord(answer.value(u"body"_s)))
            answers[i] = halted(
                answer.value(u"referenceId"_s).toString(),
                u"The transaction was rolled back since another operation in the same transaction failed."_s);
    }
    return answers;
}

// /composite and what lies under it. Only collections may stand inside another composite.
Reply Rest::compositeFamily(const Call &call)
{
    const QString second = call.parts.value(1);
    static const QStringList known{u""_s, u"batch"_s, u"graph"_s, u"tree"_s, u"sobjects"_s};
    if (!known.contains(second))
        return notFound();
    if (second == u"sobjects"_s)
        return collections(call);
    if (call.depth > 0)
        return refusedReply(
            refusal(400, u"INVALID_OPERATION"_s,
                    u"A composite resource cannot be a subrequest: %1"_s.arg(call.parts.join(u'/'))));
    if (call.method == "GET" && second.isEmpty()) {
        QJsonObject map;
        for (const QString &name : known.sliced(1))
            map.insert(name, u"/services/data/%1/composite/%2"_s.arg(call.version, name));
        return jsonReply(map);
    }
    if (call.method != "POST")
        return notAllowed(call, second.isEmpty() ? u"HEAD,GET,POST"_s : u"POST"_s);
    return second.isEmpty()       ? composite(call)
           : second == u"batch"_s ? batch(call)
           : second == u"graph"_s ? graph(call)
                                  : tree(call);
}

Reply Rest::composite(const Call &call)
{
    const auto body = bodyObject(call);
    if (!body)
        return refusedReply(body.error());
    const QJsonArray requests = body->value(u"compositeRequest"_s).toArray();
    if (requests.size() > kMaxSubrequests)
        return tooMany(u"subrequests"_s, kMaxSubrequests);
    if (std::ranges::count_if(requests, isHeavy) > kMaxHeavy)
        return tooMany(u"query and sObject Collections subrequests"_s, kMaxHeavy);
    const QString fault = faultOf(requests);
    if (!fault.isEmpty() || requests.isEmpty())
        return refusedReply(refusal(400, u"JSON_PARSER_ERROR"_s,
                                    fault.isEmpty() ? u"compositeRequest is missing or empty"_s : fault));
    if (const auto fine = boolOrNone(*body, u"allOrNone"_s); !fine)
        return refusedReply(fine.error());
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
        return tooMany(u"batch requests"_s, kMaxSubrequests);
    const bool whole = std::ranges::all_of(requests, [](const QJsonValue &request) {
        return request[u"method"_s].isString() && request[u"url"_s].isString();
    });
    if (requests.isEmpty() || !whole)
        return refusedReply(refusal(400, u"JSON_PARSER_ERROR"_s,
                                    requests.isEmpty() ? u"batchRequests is missing or empty"_s
                                                       : u"Each batch request needs a method and a url"_s));
    const bool halt = body->value(u"haltOnError"_s).toBool();
    bool failed = false;
    QJsonArray results;
    for (const QJsonValue request : requests) {
        if (failed && halt) {
            results.append(QJsonObject{
                {u"statusCode"_s, 412},
                {u"result"_s, QJsonArray{QJsonObject{
                                  {u"errorCode"_s, u"BATCH_PROCESSING_HALTED"_s},
                                  {u"message"_s, u"Batch processing halted due to earlier error"_s}}}}});
            continue;
        }
        const Reply reply = inner(call, request[u"method"_s].toString().toUpper().toLatin1(),
                                  request[u"url"_s].toString(), request[u"richInput"_s], {});
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
    if (graphs.size() > kMaxGraphs)
        return tooMany(u"graphs"_s, kMaxGraphs);
    qsizetype nodes = 0;
    QStringList ids;
    for (const QJsonValue graph : graphs) { // all of it is read before any of it is done
        const QString id = graph[u"graphId"_s].toString();
        const QJsonArray requests = graph[u"compositeRequest"_s].toArray();
        nodes += requests.size();
        QString fault = faultOf(requests);
        if (fault.isEmpty() && requests.isEmpty())
            fault = u"compositeRequest is missing or empty"_s;
        if (fault.isEmpty() && (id.isEmpty() || ids.contains(id)))
            fault = u"Each graph needs a graphId of its own: '%1'"_s.arg(id);
        if (!fault.isEmpty())
            return refusedReply(refusal(400, u"JSON_PARSER_ERROR"_s, fault));
        ids.append(id);
    }
    if (nodes > kMaxNodes)
        return tooMany(u"nodes"_s, kMaxNodes);
    if (graphs.isEmpty())
        return refusedReply(refusal(400, u"JSON_PARSER_ERROR"_s, u"graphs is missing or empty"_s));
    int failures = 0;
    QJsonArray answers;
    for (const QJsonValue graph : graphs) {
        const QJsonArray requests = graph[u"compositeRequest"_s].toArray();
        bool failed = failures >= kMaxFailedGraphs;
        QJsonArray responses;
        if (failed) {
            for (const QJsonValue request : requests)
                responses.append(
                    halted(request[u"referenceId"_s].toString(),
                           u"The graph was not processed since too many graphs before it failed."_s));
        } else {
            responses = runComposite(call, requests, true, failed);
        }
        failures += failed ? 1 : 0;
        answers.append(QJsonObject{{u"graphId"_s, graph[u"graphId"_s]},
                                   {u"isSuccessful"_s, !failed},
                                   {u"graphResponse"_s, QJsonObject{{u"compositeResponse"_s, responses}}}});
    }
    return jsonReply(QJsonObject{{u"graphs"_s, answers}});
}

} // namespace parley::sandbox
