#include "tests/core/salesforce/Harness.h"

#include <QRegularExpression>

using namespace parley;
using namespace parley::fakes;
using namespace Qt::Literals::StringLiterals;

class SalesforceClientTest : public QObject
{
    Q_OBJECT

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(u".*"_s)); }

    void call_refusedOnce_isRenewedAndReplayedOnce()
    {
        Harness h;
        Pending<QList<Record>> found(h.client->query(u"SELECT Id FROM Contact"_s));
        QTRY_COMPARE(h.network.waiting(), 1);
        h.network.answerJson(
            401, R"([{"message":"Session expired or invalid","errorCode":"INVALID_SESSION_ID"}])");
        QTRY_COMPARE(h.network.waiting(), 1);
        QVERIFY(h.network.request().headers.contains({"Authorization", "Bearer token2"}));
        h.network.answerJson(200, recordsJson({}));
        QTRY_VERIFY(found.isDone());
        QVERIFY(found.result().has_value());
        QCOMPARE(h.tokens.refusals, QList<qint64>{1});
    }

    void call_refusedForEver_endsAfterOneReplay()
    {
        Harness h;
        Pending<QList<Record>> found(h.client->query(u"SELECT Id FROM Contact"_s));
        for (int i = 0; i < 2; ++i) {
            QTRY_COMPARE(h.network.waiting(), 1);
            h.network.answerJson(
                401, R"([{"message":"Session expired or invalid","errorCode":"INVALID_SESSION_ID"}])");
        }
        QTRY_VERIFY(found.isDone());
        QCOMPARE(found.result().error().code, Errc::Unauthorized);
        QCOMPARE(h.network.requests().size(), 2);
        QCOMPARE(h.tokens.refusals.size(), 1);
    }

    /// CRM_FACTS part C, 2: a 401 that no new token mends is not answered with a refresh.
    void trap2_401BeyondRefresh_isNotRefreshed_data()
    {
        QTest::addColumn<QByteArray>("message");
        QTest::newRow("not for REST") << QByteArray("This session is not valid for use with the REST API");
        QTest::newRow("no agent") << QByteArray("Connected app is not attached to Agent");
    }
    void trap2_401BeyondRefresh_isNotRefreshed()
    {
        QFETCH(QByteArray, message);
        Harness h;
        Pending<QList<Record>> found(h.client->query(u"SELECT Id FROM Contact"_s));
        QTRY_COMPARE(h.network.waiting(), 1);
        h.network.answerJson(401, R"([{"message":")" + message + R"(","errorCode":"INVALID_SESSION_ID"}])");
        QTRY_VERIFY(found.isDone());
        QCOMPARE(found.result().error().code, Errc::Forbidden);
        QCOMPARE(h.tokens.refusals.size(), 0);
        QCOMPARE(h.network.requests().size(), 1);
    }

    /// A console that closes lets go of client, tokens and transport while an answer is on its way; what the
    /// answer leads to must not meet freed memory.
    void call_everyoneLetGoMeanwhile_endsInOrder()
    {
        Harness h;
        const std::weak_ptr<FakeTokens> tokens = h.sharedTokens;
        const std::weak_ptr<FakeTransport> network = h.sharedNetwork;
        const QString variant;
        Pending<crm::Layout> layout(h.client->layout(kinds::contact, crm::LayoutPurpose::Edit, variant));
        QTRY_COMPARE(h.network.waiting(), 1);
        h.client.reset();
        h.sharedTokens.reset();
        h.sharedNetwork.reset();
        QVERIFY(!tokens.expired());
        network.lock()->answerJson(200, R"({"name":"Contact","fields":[]})"); // leads to a second question
        QTRY_COMPARE(network.lock()->waiting(), 1);
        network.lock()->answerJson(404, R"([{"message":"gone","errorCode":"NOT_FOUND"}])");
        QTRY_VERIFY(layout.isDone());
        QCOMPARE(layout.result().error().code, Errc::NotFound);
        QTRY_VERIFY(tokens.expired() && network.expired());
    }

    void call_signedOut_saysSoWithoutAsking()
    {
        Harness h;
        h.tokens.isSignedIn = false;
        Pending<QList<Record>> found(h.client->query(u"SELECT Id FROM Contact"_s));
        QTRY_VERIFY(found.isDone());
        QCOMPARE(found.result().error().code, Errc::Unauthorized);
        QCOMPARE(h.network.requests().size(), 0);
    }

    void call_brokenAnswers_areBadReply_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<bool>("isWarnedOf");
        QTest::newRow("page") << QByteArray("<html>login</html>") << true;
        QTest::newRow("truncated") << QByteArray(R"({"totalSize":1,"done":true,"records":[{"Id":)") << true;
        QTest::newRow("other JSON") << QByteArray("[]") << false;
        QTest::newRow("empty") << QByteArray() << false;
    }
    void call_brokenAnswers_areBadReply()
    {
        QFETCH(QByteArray, body);
        QFETCH(bool, isWarnedOf);
        if (isWarnedOf)
            QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"a success without JSON"_s));
        Harness h;
        Pending<QList<Record>> found(h.client->query(u"SELECT Id FROM Contact"_s));
        QTRY_COMPARE(h.network.waiting(), 1);
        h.network.answer(200, body);
        QTRY_VERIFY(found.isDone());
        QCOMPARE(found.result().error().code, Errc::BadReply);
    }

    void call_limitHeader_isWatched()
    {
        Harness h;
        QVERIFY(!h.client->usage());
        Pending<QList<Record>> found(h.client->query(u"SELECT Id FROM Contact"_s));
        QTRY_COMPARE(h.network.waiting(), 1);
        h.network.answer(
            403, R"([{"message":"TotalRequests Limit exceeded.","errorCode":"REQUEST_LIMIT_EXCEEDED"}])",
            {{"sforce-limit-info", "api-usage=15000/15000"}});
        QTRY_VERIFY(found.isDone());
        QCOMPARE(found.result().error().code, Errc::RateLimited);
        QCOMPARE(h.client->usage()->used, 15000);
    }

    void query_statement_travelsExactly()
    {
        Harness h;
        const QString statement =
            u"SELECT Id FROM Contact WHERE Email = 'a+b@c.de' AND Name = 'Ünï & 100%#?'"_s;
        Pending<QList<Record>> found(h.client->query(statement));
        QTRY_COMPARE(h.network.waiting(), 1);
        const QByteArray encoded = h.network.request().url.toEncoded();
        QVERIFY(encoded.startsWith("https://org.example/services/data/v62.0/query/?q=SELECT%20Id"));
        QVERIFY(encoded.contains("a%2Bb%40c.de"));
        QVERIFY(encoded.contains("100%25%23%3F"));
        QCOMPARE(QUrl::fromPercentEncoding(encoded.mid(encoded.indexOf("q=") + 2)), statement);
    }

    void query_pages_areFollowedToTheEnd()
    {
        Harness h;
        Pending<QList<Record>> found(h.client->query(u"SELECT Id FROM Contact"_s));
        QTRY_COMPARE(h.network.waiting(), 1);
        h.network.answerJson(
            200,
            R"({"totalSize":2,"done":false,"nextRecordsUrl":"/services/data/v62.0/query/01g-2000","records":[)" +
                recordJson("Contact", "003000000000001AAA", R"("Name":"A")") + "]}");
        QTRY_COMPARE(h.network.waiting(), 1);
        QCOMPARE(h.network.request().url, QUrl(u"https://org.example/services/data/v62.0/query/01g-2000"_s));
        h.network.answerJson(200,
                             recordsJson({recordJson("Contact", "003000000000002AAA", R"("Name":"B")")}));
        QTRY_VERIFY(found.isDone());
        QCOMPARE(found.result()->size(), 2);
        QCOMPARE(found.result()->at(1).title, u"B"_s);
    }

    void query_pageElsewhere_isNotFollowed()
    {
        Harness h;
        Pending<QList<Record>> found(h.client->query(u"SELECT Id FROM Contact"_s));
        QTRY_COMPARE(h.network.waiting(), 1);
        h.network.answerJson(
            200, R"({"totalSize":2,"done":false,"nextRecordsUrl":"@evil.example/x","records":[]})");
        QTRY_VERIFY(found.isDone());
        QCOMPARE(found.result().error().code, Errc::BadReply);
    }

    void query_veryLong_travelsInABody()
    {
        Harness h;
        Pending<QList<Record>> found(
            h.client->query(u"SELECT Id FROM Contact WHERE Name = '"_s + QString(8000, u'x') + u'\''));
        QTRY_COMPARE(h.network.waiting(), 1);
        QVERIFY(h.network.request().url.toEncoded().endsWith("/composite/batch"));
        h.answerBatch({{200, recordsJson({})}});
        QTRY_VERIFY(found.isDone());
        QVERIFY(found.result().has_value());
    }

    void get_absent_isNotFound()
    {
        Harness h;
        Pending<Record> found(h.client->get({kinds::contact, {u"003000000000001AAA"_s}}, {u"Email"_s}));
        QTRY_COMPARE(h.network.waiting(), 1);
        h.network.answerJson(200, recordsJson({}));
        QTRY_VERIFY(found.isDone());
        QCOMPARE(found.result().error().code, Errc::NotFound);
    }

    void get_badId_isRefusedUnasked()
    {
        Harness h;
        Pending<Record> found(h.client->get({kinds::contact, {u"x' OR Name != '"_s}}, {}));
        QTRY_VERIFY(found.isDone());
        QCOMPARE(found.result().error().code, Errc::InvalidInput);
        QCOMPARE(h.network.requests().size(), 0);
    }

    void search_asksTheThreeKindsAtOnce()
    {
        Harness h;
        Pending<QList<Record>> found(h.client->search(u" acme {x} "_s, {}, 5));
        QTRY_COMPARE(h.network.waiting(), 1);
        QCOMPARE(h.asked()[u"q"].toString(), u"acme {x}"_s);
        QCOMPARE(h.asked()[u"sobjects"].toArray().size(), 3);
        h.network.answerJson(200, R"({"searchRecords":[)" +
                                      recordJson("Account", "001000000000001AAA", R"("Name":"Acme")") + "]}");
        QTRY_VERIFY(found.isDone());
        QCOMPARE(found.result()->first().title, u"Acme"_s);
    }

    void search_oneLetter_isNotAsked()
    {
        Harness h;
        Pending<QList<Record>> found(h.client->search(u"a"_s, {}, 5));
        QTRY_VERIFY(found.isDone());
        QCOMPARE(found.result()->size(), 0);
        QCOMPARE(h.network.requests().size(), 0);
    }

    void findUser_severalOfThatMail_isTheOneNamedSo()
    {
        Harness h;
        Pending<std::optional<Record>> found(h.client->findUser(u"mia@acme.example"_s));
        QTRY_COMPARE(h.network.waiting(), 1);
        QVERIFY(QUrl::fromPercentEncoding(h.network.request().url.toEncoded())
                    .contains(u"FROM User WHERE Email = 'mia@acme.example' AND IsActive = TRUE"));
        h.network.answerJson(
            200,
            recordsJson({recordJson("User", "005000000000001AAA", R"("Username":"integration@acme.example")"),
                         recordJson("User", "005000000000002AAA", R"("Username":"MIA@acme.example")")}));
        QTRY_VERIFY(found.isDone());
        QCOMPARE(found.result()->value().ref.id.value, u"005000000000002AAA"_s);
    }

    void describe_again_isConditional()
    {
        Harness h;
        Pending<crm::KindSchema> first(h.client->describe(kinds::contact));
        QTRY_COMPARE(h.network.waiting(), 1);
        h.network.answer(
            200, R"({"name":"Contact","label":"Contact","fields":[{"name":"Id","type":"id"}]})",
            {{"Content-Type", "application/json"}, {"Last-Modified", "Thu, 21 May 2026 10:00:00 GMT"}});
        QTRY_VERIFY(first.isDone());
        Pending<crm::KindSchema> second(h.client->describe(kinds::contact));
        QTRY_VERIFY(second.isDone());
        QCOMPARE(h.network.requests().size(), 1);
        h.clock.advance(std::chrono::minutes(11));
        Pending<crm::KindSchema> third(h.client->describe(kinds::contact));
        QTRY_COMPARE(h.network.waiting(), 1);
        QVERIFY(h.network.request().headers.contains({"If-Modified-Since", "Thu, 21 May 2026 10:00:00 GMT"}));
        h.network.answer(304);
        QTRY_VERIFY(third.isDone());
        QCOMPARE(third.result()->fields.size(), 1);
    }

    void describe_keptByAnEarlierRun_isConfirmedOrStandsWhileOffline()
    {
        const auto cache = std::make_shared<crm::MemoryDocumentCache>();
        {
            Harness earlier(cache);
            Pending<crm::KindSchema> read(earlier.client->describe(kinds::contact));
            QTRY_COMPARE(earlier.network.waiting(), 1);
            earlier.network.answer(
                200, R"({"name":"Contact","label":"Person","fields":[{"name":"Id","type":"id"}]})",
                {{"Content-Type", "application/json"}, {"ETag", "\"abc\""}});
            QTRY_VERIFY(read.isDone());
        }
        Harness h(cache);
        Pending<crm::KindSchema> soon(h.client->describe(kinds::contact));
        QTRY_VERIFY(soon.isDone()); // confirmed minutes ago
        QCOMPARE(soon.result()->label, u"Person"_s);
        QCOMPARE(h.network.requests().size(), 0);

        h.clock.advance(std::chrono::hours(20));
        Pending<crm::KindSchema> offline(h.client->describe(kinds::contact));
        QTRY_COMPARE(h.network.waiting(), 1);
        QVERIFY(h.network.request().headers.contains({"If-None-Match", "\"abc\""}));
        h.network.failWith(Errc::Offline);
        QTRY_VERIFY(offline.isDone());
        QCOMPARE(offline.result()->label, u"Person"_s); // old, and better than none

        Pending<crm::KindSchema> forbidden(h.client->describe(kinds::contact));
        QTRY_COMPARE(h.network.waiting(), 1);
        h.network.answerJson(403, R"([{"message":"no","errorCode":"INSUFFICIENT_ACCESS"}])");
        QTRY_VERIFY(forbidden.isDone());
        QCOMPARE(forbidden.result().error().code, Errc::Forbidden); // an answer, and it stands
    }

    /// An administrator changed a field: a 304 would not tell of changed rights, and ten minutes are too
    /// long.
    void describe_distrusted_isAskedForAnewOnce()
    {
        Harness h(std::make_shared<crm::MemoryDocumentCache>());
        const auto describe = [&h](const QByteArray &label) {
            Pending<crm::KindSchema> read(h.client->describe(kinds::contact));
            std::ignore = QTest::qWaitFor([&] { return read.isDone() || h.network.waiting() > 0; });
            if (h.network.waiting() > 0)
                h.network.answer(200,
                                 R"({"name":"Contact","label":")" + label +
                                     R"(","fields":[{"name":"Id","type":"id"}]})",
                                 {{"Content-Type", "application/json"}, {"ETag", "\"abc\""}});
            return QTest::qWaitFor([&] { return read.isDone(); }) && read.result() ? read.result()->label
                                                                                   : QString();
        };
        QCOMPARE(describe("One"), u"One"_s);
        QCOMPARE(describe("Never asked"), u"One"_s);
        h.clock.advance(std::chrono::minutes(1));
        Pending<Done> anew(h.client->readSchemasAnew({kinds::contact}));
        QTRY_COMPARE(h.network.waiting(), 1);
        h.network.failWith(Errc::Offline);
        QTRY_VERIFY(anew.isDone());
        QCOMPARE(anew.result().error().code, Errc::Offline); // nothing was read, and that is said
        h.clock.advance(std::chrono::minutes(1));
        Pending<crm::KindSchema> offline(h.client->describe(kinds::contact));
        QTRY_COMPARE(h.network.waiting(), 1);
        for (const auto &[name, value] : h.network.request().headers)
            QVERIFY2(!name.startsWith("If-"), name.constData());
        h.network.failWith(Errc::Offline);
        QTRY_VERIFY(offline.isDone());
        QCOMPARE(offline.result()->label, u"One"_s); // old, and better than none
        QCOMPARE(describe("Two"), u"Two"_s);
        QCOMPARE(describe("Never asked"), u"Two"_s);
    }

    void identify_afterAnEarlierRun_asksForNoFieldThatTheOrgLacks()
    {
        const auto cache = std::make_shared<crm::MemoryDocumentCache>();
        {
            Harness earlier(cache);
            Pending<crm::KindSchema> read(earlier.client->describe(kinds::contact));
            QTRY_COMPARE(earlier.network.waiting(), 1);
            earlier.network.answerJson(
                200,
                R"({"name":"Contact","fields":[{"name":"Id","type":"id"},{"name":"Email","type":"email"}]})");
            QTRY_VERIFY(read.isDone());
        }
        Harness h(cache);
        crm::IdentifyRequest request;
        request.values = {{fields::visitorEmail, u"a@b.example"_s}};
        request.rules = crm::defaultMatchRules();
        request.shown = {{kinds::contact, {u"Email"_s, u"Gone__c"_s}}, {kinds::lead, {u"Email"_s}}};
        Pending<crm::MatchOutcome> found(h.client->identify(request));
        QTRY_COMPARE(h.network.waiting(), 1);
        QVERIFY(h.network.request().body.contains("Email"));
        QVERIFY(!h.network.request().body.contains("Gone__c"));
        h.answerBatch({{200, recordsJson({})}, {200, recordsJson({})}});
        QTRY_VERIFY(found.isDone());
        QCOMPARE(found.result()->roundTrips, 1);
        QCOMPARE(found.result()->unreadable.value(kinds::contact), QStringList{u"Gone__c"_s});
    }

    void recordUrl_isOnTheInstance()
    {
        Harness h;
        QVERIFY(h.client->recordUrl({kinds::contact, {u"003000000000001AAA"_s}}).isEmpty());
        Pending<QList<Record>> found(h.client->query(u"SELECT Id FROM Contact"_s));
        QTRY_COMPARE(h.network.waiting(), 1);
        h.network.answerJson(200, recordsJson({}));
        QTRY_VERIFY(found.isDone());
        QCOMPARE(h.client->recordUrl({kinds::contact, {u"001D000000IRFma"_s}}),
                 QUrl(u"https://org.example/001D000000IRFmaIAH"_s));
        QVERIFY(h.client->recordUrl({kinds::contact, {u"../x"_s}}).isEmpty());
    }

    void client_releasedWhileAsking_endsQuietly()
    {
        auto h = std::make_unique<Harness>();
        Pending<QList<Record>> found(h->client->query(u"SELECT Id FROM Contact"_s));
        QTRY_COMPARE(h->network.waiting(), 1);
        h->client.reset();
        h->network.answerJson(200, recordsJson({}));
        QTRY_VERIFY(found.isDone());
        QVERIFY(found.result().has_value());
    }
};

QTEST_GUILESS_MAIN(SalesforceClientTest)
#include "tst_SalesforceClient.moc"
