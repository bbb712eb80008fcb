// Prints, one JSON object a line, every statement that the Salesforce client makes of hostile values, and
// what it was meant to ask: {"way","statement","conditions":[{"field","operator","value"}]}. judge.test.mjs
// reads it.
#include "core/salesforce/SalesforceClient.h"
#include "core/salesforce/Soql.h"
#include "tests/core/salesforce/FakeTokens.h"
#include "tests/core/salesforce/HostileValues.h"
#include "tests/fakes/FakeClock.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLoggingCategory>
#include <qcorotask.h>

#include <cstdio>

using namespace parley;
using namespace Qt::Literals::StringLiterals;

namespace {

/// An org without records and without content notes, which remembers what it was asked.
class EmptyOrg final : public net::HttpTransport
{
public:
    Async<net::HttpReply> send(net::HttpRequest request) override
    {
        const QString path = request.url.path();
        const QJsonObject body = QJsonDocument::fromJson(request.body).object();
        if (path.endsWith(u"/composite/batch"_s)) {
            QJsonArray results;
            for (const QJsonValue &part : body[u"batchRequests"].toArray()) {
                remember(part[u"url"].toString());
                results += QJsonObject{{u"statusCode"_s, 200}, {u"result"_s, kNothing}};
            }
            co_return reply(200, {{u"hasErrors"_s, false}, {u"results"_s, results}});
        }
        if (path.endsWith(u"/composite"_s)) {
            QJsonArray parts;
            for (qsizetype i = 0; i < body[u"compositeRequest"].toArray().size(); ++i)
                parts += QJsonObject{{u"httpStatusCode"_s, 404},
                                     {u"referenceId"_s, u"r"_s},
                                     {u"body"_s, QJsonArray{QJsonObject{{u"errorCode"_s, u"NOT_FOUND"_s}}}}};
            co_return reply(200, {{u"compositeResponse"_s, parts}});
        }
        if (path.endsWith(u"/query/"_s) || path.endsWith(u"/query"_s)) {
            remember(request.url.toString(QUrl::FullyEncoded));
            co_return reply(200, kNothing);
        }
        co_return reply(201, {{u"id"_s, u"003000000000001AAA"_s}, {u"success"_s, true}});
    }

    [[nodiscard]] QStringList take() { return std::exchange(m_asked, {}); }

private:
    static net::HttpReply reply(int status, const QJsonObject &json)
    {
        return {.status = status, .headers = {}, .body = QJsonDocument(json).toJson()};
    }
    void remember(const QString &url)
    {
        const qsizetype at = url.indexOf(u"?q="_s);
        if (at >= 0)
            m_asked += QString::fromUtf8(QByteArray::fromPercentEncoding(url.mid(at + 3).toLatin1()));
    }

    static inline const QJsonObject kNothing{
        {u"totalSize"_s, 0}, {u"done"_s, true}, {u"records"_s, QJsonArray()}};
    QStringList m_asked;
};

QJsonObject condition(const QString &field, const QJsonValue &value, const QString &operation = u"="_s)
{
    return {{u"field"_s, field}, {u"operator"_s, operation}, {u"value"_s, value}};
}

void print(const QString &way, const QString &statement, const QJsonArray &conditions)
{
    const QJsonObject line{{u"way"_s, way}, {u"statement"_s, statement}, {u"conditions"_s, conditions}};
    std::printf("%s\n", QJsonDocument(line).toJson(QJsonDocument::Compact).constData());
}

class Corpus
{
public:
    explicit Corpus(QString value)
        : m_value(std::move(value))
    {}

    void printAll()
    {
        identify(u"contact"_s, kinds::contact, {u"Email"_s}, {});
        identify(u"three conditions"_s, kinds::contact, {u"Email"_s, u"Phone"_s, u"Order_Id__c"_s}, {});
        identify(u"related field"_s, kinds::contact, {u"Account.Name"_s}, {});
        identify(u"lead"_s, kinds::lead, {u"Email"_s}, {condition(u"IsConverted"_s, false)});
        identify(u"account"_s, kinds::account, {u"Website"_s}, {});
        owner();
        marker();
        classicNote();
        record();
        recent();
        file();
        if (const auto like = salesforce::soql::contains(u"Name"_s, m_value)) {
            const salesforce::soql::Select select{.fields = {u"Id"_s}, .from = u"Lead"_s, .where = {*like}};
            print(u"contains"_s, *salesforce::soql::statementOf(select),
                  {condition(u"Name"_s, m_value, u"LIKE"_s)});
        }
    }

private:
    void identify(const QString &way, const RecordKind &kind, const QStringList &fields, QJsonArray more)
    {
        crm::MatchRule rule{.kind = kind, .name = way, .conditions = {}};
        QJsonArray conditions;
        for (const QString &field : fields) {
            rule.conditions += {.crmField = field, .liveChatField = u"Variable.Value"_s};
            conditions += condition(field, m_value.trimmed());
        }
        for (const QJsonValue &one : more)
            conditions += one;
        const crm::IdentifyRequest request{
            .values = {{u"Variable.Value"_s, m_value}}, .rules = {rule}, .shown = crm::defaultShownFields()};
        std::ignore = QCoro::waitFor(m_client->identify(request));
        tell(way, conditions);
    }

    void owner()
    {
        std::ignore = QCoro::waitFor(m_client->findUser(m_value));
        tell(u"owner"_s, {condition(u"Email"_s, m_value.trimmed()), condition(u"IsActive"_s, true)});
    }

    void marker()
    {
        const crm::CreateRequest request{.kind = kinds::crmCase,
                                         .fields = {{u"Subject"_s, m_value}},
                                         .key = u"C1:case"_s,
                                         .markerField = u"Subject"_s,
                                         .mayExist = true};
        std::ignore = QCoro::waitFor(m_client->create(request));
        tell(u"marker"_s, {condition(u"Subject"_s, m_value)});
    }

    void classicNote()
    {
        const QString title = m_value.simplified() + u" (C1)"_s;
        if (title.size() > 80)
            return; // shortened, and how is tested where it is done
        const QString parent = u"003000000000001AAA"_s;
        const crm::NoteRequest request{.parent = {.kind = kinds::contact, .id = {parent}},
                                       .title = m_value,
                                       .text = m_value,
                                       .key = u"C1:note"_s};
        std::ignore = QCoro::waitFor(m_client->addNote(request));
        for (const QString &statement : m_org->take()) {
            if (statement.contains(u" FROM Note "_s))
                print(u"classic note"_s, statement,
                      {condition(u"ParentId"_s, parent), condition(u"Title"_s, title)});
            else
                print(u"note's links"_s, statement, {condition(u"LinkedEntityId"_s, parent)});
        }
    }

    /// By its id, with a field that is no name; and by an id that is none, of which nothing is asked.
    void record()
    {
        const RecordRef ref{.kind = kinds::contact, .id = {u"003000000000001AAA"_s}};
        QStringList fields{u"Email"_s};
        if (!salesforce::soql::isName(m_value)) // else it could be a field
            fields += m_value;
        std::ignore = QCoro::waitFor(m_client->get(ref, fields));
        tell(u"record"_s, {condition(u"Id"_s, ref.id.value)});
        if (salesforce::soql::isId(m_value))
            return;
        const RecordRef none{.kind = kinds::contact, .id = {m_value}};
        std::ignore = QCoro::waitFor(m_client->get(none, QStringList()));
        std::ignore = QCoro::waitFor(m_client->recent(none));
        tell(u"an id that is none"_s, {});
    }

    void recent()
    {
        const QString id = u"003000000000001AAA"_s;
        std::ignore = QCoro::waitFor(m_client->recent({.kind = kinds::contact, .id = {id}}));
        for (const QString &statement : m_org->take())
            print(u"recent"_s, statement,
                  {condition(statement.contains(u" FROM Case "_s) ? u"ContactId"_s : u"WhoId"_s, id)});
    }

    void file()
    {
        const QString parent = u"500000000000001AAA"_s;
        const crm::FileRequest request{.parent = {.kind = kinds::crmCase, .id = {parent}},
                                       .name = m_value,
                                       .mimeType = m_value,
                                       .content = m_value.toUtf8(),
                                       .key = m_value};
        std::ignore = QCoro::waitFor(m_client->addFile(request));
        tell(u"file"_s, {condition(u"FirstPublishLocationId"_s, parent), condition(u"IsLatest"_s, true)});
    }

    void tell(const QString &way, const QJsonArray &conditions)
    {
        for (const QString &statement : m_org->take())
            print(way, statement, conditions);
    }

    QString m_value;
    fakes::FakeClock m_clock;
    std::shared_ptr<EmptyOrg> m_org = std::make_shared<EmptyOrg>();
    std::shared_ptr<salesforce::SalesforceClient> m_client =
        std::make_shared<salesforce::SalesforceClient>(m_org, std::make_shared<fakes::FakeTokens>(), m_clock);
};

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    QLoggingCategory::setFilterRules(u"parley.*=false"_s);
    for (const QString &value : fakes::hostileValues())
        Corpus(value).printAll();
    return 0;
}
