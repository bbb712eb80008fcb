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
        const Reply unclear = m_driver.send(
            "POST", url, QJsonObject{{u"allOrNone"_s, u"yes"_s}, {u"records"_s, QJsonArray{good, bad}}});
        QCOMPARE(unclear.status, 400);
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

    void composite_limits_areCounted()
    {
        const auto send = [this](int queries, int others) {
            QJsonArray requests;
            for (int i = 0; i < queries + others; ++i)
                requests.append(
                    QJsonObject{{u"method"_s, u"GET"_s},
                                {u"url"_s, i < queries ? u"/services/data/v62.0/query?q=SELECT+Id+FROM+User"_s
                                                       : u"/services/data/v62.0/limits"_s},
                                {u"referenceId"_s, u"r%1"_s.arg(i)}});
            return m_driver.send("POST", Driver::data(u"composite"_s),
                                 QJsonObject{{u"compositeRequest"_s, requests}});
        };
        QCOMPARE(send(5, 20).status, 200);
        QCOMPARE(Driver::codeOf(send(6, 0)), u"LIMIT_EXCEEDED"_s);
        QCOMPARE(Driver::codeOf(send(0, 26)), u"LIMIT_EXCEEDED"_s);
    }

    void composite_insideAnother_isRefused()
    {
        const Reply reply = compose(false, {request("POST", u"composite"_s, u"a"_s, {}),
                                            request("POST", u"composite/batch"_s, u"b"_s, {}),
                                            request("POST", u"composite/tree/Account"_s, u"c"_s, {}),
                                            QJsonObject{{u"method"_s, u"GET"_s},
                                                        {u"url"_s, u"/services/data/v99.0/limits"_s},
                                                        {u"referenceId"_s, u"d"_s}},
                                            request("PUT", u"sobjects/Account"_s, u"e"_s, {})});
        QList<int> statuses;
        for (const QJsonValue &answer : reply.json[u"compositeResponse"_s].toArray())
            statuses.append(answer[u"httpStatusCode"_s].toInt());
        QCOMPARE(statuses, (QList<int>{400, 400, 400, 404, 405}));
        const Reply batch = m_driver.send(
            "POST", Driver::data(u"composite/batch"_s),
            QJsonObject{{u"batchRequests"_s, QJsonArray{request("POST", u"composite"_s, u"a"_s, {})}}});
        QCOMPARE(batch.json[u"results"_s][0][u"statusCode"_s].toInt(), 400);
    }

    void composite_reference_keepsItsType()
    {
        const Reply reply = compose(
            true,
            {request("POST", u"sobjects/Account"_s, u"made"_s,
                     {{u"Name"_s, u"Typed"_s}, {u"NumberOfEmployees"_s, 7}}),
             request("GET",
                     u"query?q=SELECT Id, NumberOfEmployees, Name FROM Account WHERE Name LIKE '%ped'"_s,
                     u"found"_s, {}),
             request("POST", u"sobjects/Account"_s, u"copied"_s,
                     {{u"Name"_s, u"@{found.records[0].Name} & @{made.id}"_s},
                      {u"NumberOfEmployees"_s, u"@{found.records[0].NumberOfEmployees}"_s},
                      {u"ParentId"_s, u"@{made.id}"_s}})});
        const QString id = reply.json[u"compositeResponse"_s][2][u"body"_s][u"id"_s].toString();
        const QJsonValue copy = m_driver.get(u"sobjects/Account/"_s + id).json;
        QCOMPARE(copy[u"NumberOfEmployees"_s].toInt(), 7);
        QVERIFY(copy[u"Name"_s].toString().startsWith(u"Typed & 001"_s));
    }

    void composite_referenceToNothing_isNamed()
    {
        const Reply reply = compose(
            false, {request("GET", u"query?q=SELECT+Id+FROM+Account+WHERE+Name='no such'"_s, u"none"_s, {}),
                    request("GET", u"sobjects/Account/@{none.records[0].Id}"_s, u"a"_s, {}),
                    request("POST", u"sobjects/Account"_s, u"b"_s, {{u"Name"_s, u"@{none}"_s}}),
                    request("POST", u"sobjects/Account"_s, u"c"_s, {{u"Name"_s, u"@{later.id}"_s}})});
        const QJsonValue answers = reply.json[u"compositeResponse"_s];
        const QStringList expected{u"none.records[0].Id found in none"_s, u"none found in none"_s,
                                   u"later.id found in later"_s};
        for (int i = 0; i < 3; ++i) {
            QCOMPARE(answers[i + 1][u"httpStatusCode"_s].toInt(), 400);
            QCOMPARE(answers[i + 1][u"body"_s][0][u"errorCode"_s].toString(), u"PROCESSING_HALTED"_s);
            QCOMPARE(answers[i + 1][u"body"_s][0][u"message"_s].toString(),
                     u"Invalid reference specified. No value for "_s + expected.at(i));
        }
    }

    // The vendor's own example: one bad record of a collection undoes the whole composite.
    void composite_allOrNone_reachesIntoCollections()
    {
        const QJsonObject records{{u"allOrNone"_s, false},
                                  {u"records"_s, QJsonArray{account(u"Undone"_s), account(QString())}}};
        const Reply reply =
            compose(true, {request("POST", u"composite/sobjects"_s, u"both"_s, records),
                           request("POST", u"sobjects/Account"_s, u"other"_s, {{u"Name"_s, u"Undone"_s}})});
        const QJsonValue answers = reply.json[u"compositeResponse"_s];
        QCOMPARE(answers[0][u"httpStatusCode"_s].toInt(), 200);
        QCOMPARE(answers[0][u"body"_s][0][u"success"_s].toBool(), true);
        QCOMPARE(answers[0][u"body"_s][1][u"success"_s].toBool(), false);
        QCOMPARE(answers[1][u"body"_s][0][u"errorCode"_s].toString(), u"PROCESSING_HALTED"_s);
        QCOMPARE(m_driver.column(u"SELECT Name FROM Account WHERE Name = 'Undone'"_s), QStringList());
    }

    void collections_wrong_isRefusedInItsWay()
    {
        const auto send = [this](const QByteArray &method, const QJsonArray &records) {
            return m_driver.send(method, Driver::data(u"composite/sobjects"_s),
                                 QJsonObject{{u"records"_s, records}});
        };
        QJsonArray many;
        while (many.size() < 201)
            many.append(account(u"Many"_s));
        QCOMPARE(Driver::codeOf(send("POST", many)), u"EXCEEDED_ID_LIMIT"_s);
        QJsonObject unknown = account(u"Unreadable"_s);
        unknown.insert(u"Nope__c"_s, 1);
        QCOMPARE(Driver::codeOf(send("POST", {account(u"Unreadable"_s), unknown})), u"INVALID_FIELD"_s);
        QCOMPARE(m_driver.column(u"SELECT Name FROM Account WHERE Name = 'Unreadable'"_s), QStringList());
        QCOMPARE(Driver::codeOf(send("POST", {QJsonObject{{u"Name"_s, u"x"_s}}})), u"INVALID_TYPE"_s);
        QStringList codes;
        for (const QString &id : {u"abc"_s, u"001gK000000zzzz"_s, u""_s}) {
            QJsonObject record = account(u"x"_s);
            if (!id.isEmpty())
                record.insert(u"id"_s, id);
            codes.append(send("PATCH", {record}).json[0][u"errors"_s][0][u"statusCode"_s].toString());
        }
        QCOMPARE(codes,
                 (QStringList{u"MALFORMED_ID"_s, u"INVALID_CROSS_REFERENCE_KEY"_s, u"MISSING_ARGUMENT"_s}));
    }

    void collections_deleteAllOrNone_isUndone()
    {
        const QString id = m_driver.created(u"Account"_s, {{u"Name"_s, u"Stays"_s}});
        const Reply reply =
            m_driver.send("DELETE", Driver::data(u"composite/sobjects?allOrNone=true&ids=%1,abc"_s.arg(id)));
        QCOMPARE(reply.json[0][u"errors"_s][0][u"statusCode"_s].toString(),
                 u"ALL_OR_NONE_OPERATION_ROLLED_BACK"_s);
        QCOMPARE(reply.json[1][u"errors"_s][0][u"statusCode"_s].toString(), u"MALFORMED_ID"_s);
        QCOMPARE(m_driver.get(u"sobjects/Account/"_s + id).status, 200);
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
    static QJsonObject request(const QByteArray &method, const QString &path, const QString &id,
                               const QJsonObject &body)
    {
        QJsonObject request{{u"method"_s, QString::fromLatin1(method)},
                            {u"url"_s, u"/services/data/v62.0/"_s + path},
                            {u"referenceId"_s, id}};
        if (!body.isEmpty())
            request.insert(u"body"_s, body);
        return request;
    }
    static QJsonObject account(const QString &name)
    {
        QJsonObject record{{u"attributes"_s, QJsonObject{{u"type"_s, u"Account"_s}}}};
        if (!name.isEmpty())
            record.insert(u"Name"_s, name);
        return record;
    }
    Reply compose(bool allOrNone, const QJsonArray &requests)
    {
        return m_driver.send("POST", Driver::data(u"composite"_s),
                             QJsonObject{{u"allOrNone"_s, allOrNone}, {u"compositeRequest"_s, requests}});
    }

    Driver m_driver;
};

QTEST_GUILESS_MAIN(SandboxCompositeTest)
#include "tst_SandboxComposite.moc"
