#include "tests/sandbox/Driver.h"

#include <QRegularExpression>

using namespace Qt::Literals::StringLiterals;
using namespace parley::sandbox;

class SandboxCompositeTest : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase() { QVERIFY(m_driver.start()); }
    void init() { QTest::failOnWarning(QRegularExpression(u".*"_s)); }

    void batch_mixed_answersEachForItself()
    {
        const Reply reply = m_driver.send(
            "POST", Driver::data(u"composite/batch"_s),
            QJsonObject{
                {u"batchRequests"_s,
                 QJsonArray{
                     QJsonObject{
                         {u"method"_s, u"GET"_s},
                         {u"url"_s,
                          u"v62.0/query?q=SELECT+Name+FROM+Contact+WHERE+Email='amelia.hart@northgate.example'"_s}},
                     QJsonObject{{u"method"_s, u"GET"_s},
                                 {u"url"_s, u"/services/data/v62.0/sobjects/Contact/003gK000000zzzz"_s}},
                     QJsonObject{{u"method"_s, u"POST"_s},
                                 {u"url"_s, u"v62.0/sobjects/Account"_s},
                                 {u"richInput"_s, QJsonObject{{u"Name"_s, u"Batch Ltd"_s}}}}}}});
        QCOMPARE(reply.status, 200);
        QCOMPARE(reply.json[u"hasErrors"_s].toBool(), true);
        const QJsonValue results = reply.json[u"results"_s];
        QCOMPARE(results[0][u"result"_s][u"records"_s][0][u"Name"_s].toString(), u"Amelia Hart"_s);
        QCOMPARE(results[1][u"statusCode"_s].toInt(), 404);
        QCOMPARE(results[2][u"statusCode"_s].toInt(), 201);
        QCOMPARE(m_driver.column(u"SELECT Name FROM Account WHERE Name = 'Batch Ltd'"_s).size(), 1);
    }

    void batch_haltOnError_stops()
    {
        const QJsonObject bad{{u"method"_s, u"GET"_s}, {u"url"_s, u"v62.0/nope"_s}};
        const Reply reply =
            m_driver.send("POST", Driver::data(u"composite/batch"_s),
                          QJsonObject{{u"haltOnError"_s, true}, {u"batchRequests"_s, QJsonArray{bad, bad}}});
        QCOMPARE(reply.json[u"results"_s][1][u"statusCode"_s].toInt(), 412);
    }

    void batch_tooMany_isRefused()
    {
        QJsonArray many;
        for (int i = 0; i < 26; ++i)
            many.append(QJsonObject{{u"method"_s, u"GET"_s}, {u"url"_s, u"v62.0/limits"_s}});
        QCOMPARE(
            m_driver.send("POST", Driver::data(u"composite/batch"_s), QJsonObject{{u"batchRequests"_s, many}})
                .status,
            400);
        many.removeLast();
        QCOMPARE(
            m_driver.send("POST", Driver::data(u"composite/batch"_s), QJsonObject{{u"batchRequests"_s, many}})
                .status,
            200);
    }

    void composite_partial_runsWhatDoesNotDepend()
    {
        const auto sub = [](const QString &id, const QString &object, const QJsonObject &body) {
            return QJsonObject{{u"method"_s, u"POST"_s},
                               {u"url"_s, u"/services/data/v62.0/sobjects/"_s + object},
                               {u"referenceId"_s, id},
                               {u"body"_s, body}};
        };
        const Reply reply = m_driver.send(
            "POST", Driver::data(u"composite"_s),
            QJsonObject{
                {u"compositeRequest"_s,
                 QJsonArray{sub(u"bad"_s, u"Contact"_s, {}),
                            sub(u"task"_s, u"Task"_s, {{u"Subject"_s, u"x"_s}, {u"WhoId"_s, u"@{bad.id}"_s}}),
                            sub(u"free"_s, u"Account"_s, {{u"Name"_s, u"Free"_s}})}}});
        QCOMPARE(reply.status, 200);
        const QJsonValue answers = reply.json[u"compositeResponse"_s];
        QCOMPARE(answers[0][u"httpStatusCode"_s].toInt(), 400);
        QCOMPARE(answers[1][u"body"_s][0][u"errorCode"_s].toString(), u"PROCESSING_HALTED"_s);
        QCOMPARE(answers[2][u"httpStatusCode"_s].toInt(), 201);
    }

    void composite_headers_reachTheSubrequest()
    {
        const QString url = u"/services/data/v62.0/sobjects/Contact/describe"_s;
        const Reply reply = m_driver.send(
            "POST", Driver::data(u"composite"_s),
            QJsonObject{{u"compositeRequest"_s,
                         QJsonArray{QJsonObject{
                             {u"method"_s, u"GET"_s},
                             {u"url"_s, url},
                             {u"referenceId"_s, u"d"_s},
                             {u"httpHeaders"_s,
                              QJsonObject{{u"If-Modified-Since"_s, u"Fri, 21 May 2027 10:38:00 GMT"_s}}}}}}});
        const QJsonValue answer = reply.json[u"compositeResponse"_s][0];
        QCOMPARE(answer[u"httpStatusCode"_s].toInt(), 304);
        QVERIFY(answer[u"body"_s].isNull());
        QVERIFY(answer[u"httpHeaders"_s][u"ETag"_s].isString());
    }

    void composite_badReferences_areRefused()
    {
        const auto with = [this](const QString &id) {
            return m_driver
                .send("POST", Driver::data(u"composite"_s),
                      QJsonObject{{u"compositeRequest"_s,
                                   QJsonArray{QJsonObject{{u"method"_s, u"GET"_s},
                                                          {u"url"_s, u"/services/data/v62.0/limits"_s},
                                                          {u"referenceId"_s, id}}}}})
                .status;
        };
        QCOMPARE(with(u"a b"_s), 400);
        QCOMPARE(with(u"a-b"_s), 400);
        QCOMPARE(with(QString()), 400);
        QCOMPARE(with(u"a_b1"_s), 200);
    }

    void collections_partial_and_allOrNone()
    {
        const QJsonObject good{{u"attributes"_s, QJsonObject{{u"type"_s, u"Account"_s}}},
                               {u"Name"_s, u"Collected"_s}};
        const QJsonObject bad{{u"attributes"_s, QJsonObject{{u"type"_s, u"Account"_s}}}};
        const QString url = Driver::data(u"composite/sobjects"_s);
        const Reply partial = m_driver.send("POST", url, QJsonObject{{u"records"_s, QJsonArray{good, bad}}});
        QCOMPARE(partial.json[0][u"success"_s].toBool(), true);
        QCOMPARE(partial.json[1][u"errors"_s][0].toObject(),
                 (QJsonObject{{u"statusCode"_s, u"REQUIRED_FIELD_MISSING"_s},
                              {u"message"_s, u"Required fields are missing: [Name]"_s},
                              {u"fields"_s, QJsonArray{u"Name"_s}}}));
        const Reply none = m_driver.send(
            "POST", url, QJsonObject{{u"allOrNone"_s, true}, {u"records"_s, QJsonArray{good, bad}}});
        QCOMPARE(none.json[0][u"errors"_s][0][u"statusCode"_s].toString(),
                 u"ALL_OR_NONE_OPERATION_ROLLED_BACK"_s);
        QCOMPARE(m_driver.column(u"SELECT Name FROM Account WHERE Name = 'Collected'"_s).size(), 1);
        const QString id = partial.json[0][u"id"_s].toString();
        const Reply read =
            m_driver.get(u"composite/sobjects/Account?fields=Name&ids="_s + id + u",001gK000000zzzz"_s);
        QCOMPARE(read.json[0][u"Name"_s].toString(), u"Collected"_s);
        QVERIFY(read.json[1].isNull());
        const Reply gone = m_driver.send("DELETE", url + u"?ids="_s + id);
        QCOMPARE(gone.json[0][u"success"_s].toBool(), true);
    }

    void tree_family_isMadeTogether()
    {
        const QJsonObject contact{
            {u"attributes"_s, QJsonObject{{u"type"_s, u"Contact"_s}, {u"referenceId"_s, u"c1"_s}}},
            {u"LastName"_s, u"Branch"_s}};
        const QJsonObject root{
            {u"attributes"_s, QJsonObject{{u"type"_s, u"Account"_s}, {u"referenceId"_s, u"a1"_s}}},
            {u"Name"_s, u"Tree"_s},
            {u"Contacts"_s, QJsonObject{{u"records"_s, QJsonArray{contact}}}}};
        const Reply made = m_driver.send("POST", Driver::data(u"composite/tree/Account"_s),
                                         QJsonObject{{u"records"_s, QJsonArray{root}}});
        QCOMPARE(made.status, 201);
        QCOMPARE(made.json[u"hasErrors"_s].toBool(true), false);
        QCOMPARE(m_driver.column(u"SELECT Account.Name FROM Contact WHERE LastName = 'Branch'"_s,
                                 u"Account.Name"_s),
                 QStringList{u"Tree"_s});
        QJsonObject bad = root;
        bad.insert(u"Contacts"_s,
                   QJsonObject{{u"records"_s,
                                QJsonArray{QJsonObject{{u"attributes"_s, contact.value(u"attributes"_s)}}}}});
        const Reply refused = m_driver.send("POST", Driver::data(u"composite/tree/Account"_s),
                                            QJsonObject{{u"records"_s, QJsonArray{bad}}});
        QCOMPARE(refused.status, 400);
        QCOMPARE(refused.json[u"results"_s][0][u"referenceId"_s].toString(), u"c1"_s);
        QCOMPARE(m_driver.column(u"SELECT Name FROM Account WHERE Name = 'Tree'"_s).size(), 1);
    }

    void graph_failed_isUndoneAlone()
    {
        const auto graph = [](const QString &id, const QJsonObject &body) {
            return QJsonObject{{u"graphId"_s, id},
                               {u"compositeRequest"_s,
                                QJsonArray{QJsonObject{{u"method"_s, u"POST"_s},
                                                       {u"url"_s, u"/services/data/v62.0/sobjects/Account"_s},
                                                       {u"referenceId"_s, u"r"_s},
                                                       {u"body"_s, body}}}}};
        };
        const Reply reply =
            m_driver.send("POST", Driver::data(u"composite/graph"_s),
                          QJsonObject{{u"graphs"_s, QJsonArray{graph(u"g1"_s, {{u"Name"_s, u"Graph"_s}}),
                                                               graph(u"g2"_s, {})}}});
        QCOMPARE(reply.json[u"graphs"_s][0][u"isSuccessful"_s].toBool(), true);
        QCOMPARE(reply.json[u"graphs"_s][1][u"isSuccessful"_s].toBool(true), false);
    }

private:
    Driver m_driver;
};

QTEST_GUILESS_MAIN(SandboxCompositeTest)
#include "tst_SandboxComposite.moc"
