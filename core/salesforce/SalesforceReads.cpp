#include "core/base/Log.h"
#include "core/salesforce/Replies.h"
#include "core/salesforce/SalesforceClient.h"
#include "core/salesforce/Soql.h"
#include "core/salesforce/Values.h"

namespace parley::salesforce {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int kMaxRecords = 20'000;
constexpr qsizetype kMaxUrlStatement =
    6'000; // Salesforce ends a URL at about 16 kB; encoding triples the worst case

QStringList searchFields(const RecordKind &kind)
{
    if (kind == kinds::contact)
        return {u"Id"_s, u"Name"_s, u"Email"_s, u"Phone"_s, u"Title"_s, u"Account.Name"_s};
    if (kind == kinds::lead)
        return {u"Id"_s, u"Name"_s, u"Email"_s, u"Phone"_s, u"Company"_s, u"Status"_s};
    if (kind == kinds::account)
        return {u"Id"_s, u"Name"_s, u"Phone"_s, u"Website"_s, u"Industry"_s};
    if (kind == kinds::crmCase)
        return {u"Id"_s, u"CaseNumber"_s, u"Subject"_s, u"Status"_s};
    return {u"Id"_s, titleField(kind)};
}

} // namespace

QList<Record> SalesforceClient::recordsOf(const QJsonArray &records) const
{
    QList<Record> result;
    for (const QJsonValue json : records) {
        const RecordKind kind{json[u"attributes"][u"type"].toString()};
        result += recordOf(json.toObject(), knownSchema(kind), m_api->instanceUrl());
    }
    return result;
}

Async<crm::MatchOutcome> SalesforceClient::identify(crm::IdentifyRequest request)
{
    const auto self = shared_from_this();
    const qint64 startedAt = m_clock.steadyMs();
    if (request.shown.isEmpty())
        request.shown = m_config.shown;
    m_shown = request.shown;
    const QList<RecordKind> asksAbout = request.shown.keys();
    co_await recall(asksAbout);
    Questions questions = questionsFor(request, knownSchemas());
    Batch asked;
    if (!questions.statements().isEmpty()) {
        int trips = 0;
        for (bool isSecondTry = false;; isSecondTry = true) {
            QStringList paths;
            for (const QString &statement : questions.statements())
                paths += queryPath(statement);
            auto batch = co_await m_api->batch(paths);
            if (!batch)
                co_return fail(batch.error());
            asked = *batch;
            trips += asked.trips;
            // A field that the org lacks or hides: what it does have is read once, then asked without that
            // field.
            const QList<RecordKind> unknown = kindsToDescribe(questions, asked.parts);
            if (isSecondTry || unknown.isEmpty())
                break;
            auto described = co_await describeAll(unknown);
            if (!described)
                co_return fail(described.error());
            trips += 1;
            questions = questionsFor(request, knownSchemas());
            if (questions.statements().isEmpty()) {
                asked.parts.clear();
                break;
            }
        }
        asked.trips = trips;
    }
    auto outcome = outcomeOf(questions, asked.parts, request, knownSchemas(), m_api->instanceUrl());
    if (!outcome)
        co_return fail(outcome.error());
    outcome->roundTrips = asked.trips;
    outcome->elapsed = std::chrono::milliseconds(m_clock.steadyMs() - startedAt);
    qCInfo(lcSalesforce) << "identified:" << outcome->candidates.size() << "candidates,"
                         << outcome->roundTrips << "trips," << outcome->elapsed.count() << "ms";
    co_return outcome;
}

Async<QList<Record>> SalesforceClient::runStatement(QString statement)
{
    const auto self = shared_from_this();
    QList<Record> records;
    QJsonValue page;
    if (statement.size() > kMaxUrlStatement) {
        const QStringList paths{queryPath(statement)};
        auto batch = co_await m_api->batch(paths);
        if (!batch)
            co_return fail(batch.error());
        const Part &part = batch->parts.first();
        if (!part.isOk())
            co_return fail(errorOf(part.status, part.body));
        page = part.body;
    } else {
        const Call first{.path = queryPath(statement)};
        auto answer = co_await m_api->call(first);
        if (!answer)
            co_return fail(answer.error());
        page = answer->json;
    }
    for (;;) {
        // SELECT COUNT() answers a number and no records.
        if (!page[u"records"].isArray())
            co_return fail(Errc::BadReply, u"a query's answer has no records"_s);
        const QJsonArray found = page[u"records"].toArray();
        if (found.isEmpty() && records.isEmpty() && page[u"totalSize"].toInt() > 0 &&
            page[u"done"].toBool()) {
            Record count;
            count.ref.kind.name = u"AggregateResult"_s;
            count.fields.insert(u"expr0"_s, page[u"totalSize"].toInt());
            records += count;
        }
        records += recordsOf(found);
        const QString next = page[u"nextRecordsUrl"].toString();
        if (page[u"done"].toBool(true) || next.isEmpty())
            break;
        if (!next.startsWith(u"/services/data/"))
            co_return fail(Errc::BadReply, u"nextRecordsUrl leads elsewhere"_s);
        if (records.size() >= kMaxRecords)
            break;
        const Call more{.path = next};
        auto answer = co_await m_api->call(more);
        if (!answer)
            co_return fail(answer.error());
        page = answer->json;
    }
    co_return records;
}

Async<QList<Record>> SalesforceClient::query(QString statement)
{
    const auto self = shared_from_this();
    auto records = co_await runStatement(statement.trimmed());
    co_return records;
}

Async<QList<Record>> SalesforceClient::select(RecordKind kind, QStringList fields, QList<QString> where,
                                              QStringList order, int limit)
{
    const auto self = shared_from_this();
    if (m_withheld.contains(kind))
        co_return fail(Errc::NotFound, u"this user does not see %1"_s.arg(kind.name));
    for (bool isSecondTry = false;; isSecondTry = true) {
        QStringList readable;
        crm::ShownFields wanted;
        wanted.insert(kind, fields);
        for (const QString &field : selectedFields(kind, wanted, knownSchemas())) {
            const bool isAsked = fields.contains(field) || field == u"Id" || field == u"SystemModstamp";
            if (isAsked && !readable.contains(field))
                readable += field;
        }
        const auto text = soql::statementOf({.fields = readable, .from = kind.name});
        if (!text)
            co_return fail(text.error());
        QString statement = *text;
        if (!where.isEmpty())
            statement += u" WHERE "_s + where.join(u" AND "_s);
        if (!order.isEmpty())
            statement += u" ORDER BY "_s + order.join(u", "_s);
        if (limit > 0)
            statement += u" LIMIT %1"_s.arg(limit);
        auto records = co_await runStatement(statement);
        if (records || isSecondTry || records.error().remoteCode != u"INVALID_FIELD")
            co_return records;
        auto schema = co_await fetchSchema(kind, Trust::Anew);
        if (!schema)
            co_return fail(records.error());
    }
}

Async<Record> SalesforceClient::get(RecordRef ref, QStringList fields)
{
    const auto self = shared_from_this();
    const auto byId = soql::equals(u"Id"_s, ref.id.value);
    if (!soql::isId(ref.id.value) || !byId)
        co_return fail(Errc::InvalidInput, u"not a Salesforce id"_s);
    QStringList wanted = fields.isEmpty() ? m_shown.value(ref.kind) : fields;
    if (!wanted.contains(titleField(ref.kind)))
        wanted += titleField(ref.kind);
    const QStringList where{byId->text()};
    auto records = co_await select(ref.kind, wanted, where, QStringList(), 1);
    if (!records)
        co_return fail(records.error());
    if (records->isEmpty())
        co_return fail(Errc::NotFound, u"no such record, or not for this user"_s);
    co_return records->first();
}

Async<QList<Record>> SalesforceClient::search(QString text, QList<RecordKind> kinds, int limit)
{
    const auto self = shared_from_this();
    const QString words = text.simplified().left(200);
    if (words.size() < 2)
        co_return QList<Record>(); // Salesforce refuses a term of one character
    if (kinds.isEmpty())
        kinds = {kinds::contact, kinds::lead, kinds::account};
    for (const RecordKind &kind : std::as_const(kinds)) {
        if (!soql::isName(kind.name))
            co_return fail(Errc::InvalidInput, u"not a kind's name"_s);
    }
    kinds.removeIf([this](const RecordKind &kind) { return m_withheld.contains(kind); });
    if (kinds.isEmpty())
        co_return fail(Errc::NotFound, u"none of these kinds is to be seen by this user"_s);
    for (bool isSecondTry = false;; isSecondTry = true) {
        QJsonArray objects;
        for (const RecordKind &kind : std::as_const(kinds)) {
            QJsonArray fields;
            for (const QString &field : searchFields(kind)) {
                // Of a related kind nothing is asked for a second time unless it is known to be seen.
                const bool isSeen = !isSecondTry || !field.contains(u'.') || knownSchema(kinds::account);
                if (isSeen && isReadable(kind, field, knownSchemas()))
                    fields += field;
            }
            objects += QJsonObject{{u"name"_s, kind.name}, {u"fields"_s, fields}, {u"limit"_s, limit}};
        }
        Call call{.method = "POST", .path = u"parameterizedSearch"_s};
        call.body = QJsonObject{{u"q"_s, words}, {u"sobjects"_s, objects}, {u"overallLimit"_s, limit}};
        auto answer = co_await m_api->call(call);
        if (answer && !answer->json[u"searchRecords"].isArray())
            co_return fail(Errc::BadReply, u"a search's answer has no searchRecords"_s);
        if (answer)
            co_return recordsOf(answer->json[u"searchRecords"].toArray());
        const QString code = answer.error().remoteCode;
        if (isSecondTry || (code != u"INVALID_FIELD" && code != u"INVALID_TYPE"))
            co_return fail(answer.error());
        // A field or a whole kind that the org lacks or hides is left out; the rest is searched all the same.
        QList<RecordKind> seen;
        for (const RecordKind &kind : std::as_const(kinds)) {
            auto schema = co_await fetchSchema(kind, Trust::Anew);
            const bool isWithheld =
                !schema && (schema.error().code == Errc::NotFound || schema.error().code == Errc::Forbidden);
            if (!schema && !isWithheld)
                co_return fail(schema.error());
            if (schema)
                seen += kind;
            else
                m_withheld += kind; // not asked for again, until the schemas are read anew
        }
        if (seen.isEmpty())
            co_return fail(answer.error());
        kinds = seen;
    }
}

} // namespace parley::salesforce
