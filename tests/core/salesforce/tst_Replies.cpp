#include "core/salesforce/Replies.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QRegularExpression>
#include <QTest>

using namespace parley;
using namespace parley::salesforce;
using namespace Qt::Literals::StringLiterals;

class RepliesTest : public QObject
{
    Q_OBJECT

    const QDateTime m_now{QDate(2026, 5, 21), QTime(10, 0), Qt::UTC};

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(u".*"_s)); }

    void error_eachRefusal_hasItsMeaning_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<int>("code");
        const auto row = [](const char *name, int status, const QByteArray &body, Errc code) {
            QTest::newRow(name) << status << body << int(code);
        };
        row("session", 401, R"([{"message":"Session expired or invalid","errorCode":"INVALID_SESSION_ID"}])",
            Errc::Unauthorized);
        row("session not for REST", 401,
            R"([{"message":"This session is not valid for use with the REST API","errorCode":"INVALID_SESSION_ID"}])",
            Errc::Forbidden);
        row("limit", 403,
            R"([{"message":"TotalRequests Limit exceeded.","errorCode":"REQUEST_LIMIT_EXCEEDED"}])",
            Errc::RateLimited);
        row("api off", 403, R"([{"message":"off","errorCode":"API_DISABLED_FOR_ORG"}])", Errc::Forbidden);
        row("gone", 404, R"([{"message":"x","errorCode":"NOT_FOUND"}])", Errc::NotFound);
        row("deleted", 404,
            R"([{"message":"entity is deleted","errorCode":"ENTITY_IS_DELETED","fields":[]}])",
            Errc::NotFound);
        row("required", 400,
            R"([{"message":"m","errorCode":"REQUIRED_FIELD_MISSING","fields":["LastName"]}])",
            Errc::InvalidInput);
        row("validation rule", 400,
            R"([{"message":"m","errorCode":"FIELD_CUSTOM_VALIDATION_EXCEPTION","fields":["Phone"]}])",
            Errc::Rejected);
        row("trigger", 400,
            R"([{"message":"m","errorCode":"CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY","fields":[]}])",
            Errc::Rejected);
        row("precondition", 412, R"([{"message":"m","errorCode":"PRECONDITION_FAILED"}])", Errc::Conflict);
        row("lock", 400, R"([{"message":"m","errorCode":"UNABLE_TO_LOCK_ROW","fields":[]}])",
            Errc::RateLimited);
        row("several by external id", 300, R"(["/services/data/v62.0/sobjects/Contact/003000000000001AAA"])",
            Errc::Conflict);
        row("server", 500, R"([{"message":"m","errorCode":"UNKNOWN_EXCEPTION"}])", Errc::BadReply);
        row("unavailable", 503, R"([{"message":"m","errorCode":"SERVER_UNAVAILABLE"}])", Errc::RateLimited);
        row("unavailable, page", 503, "<html>down</html>", Errc::RateLimited);
        row("query too long", 400, R"([{"message":"m","errorCode":"QUERY_TIMEOUT"}])", Errc::TimedOut);
        row("login page", 200, "<html>login</html>", Errc::BadReply);
        row("proxy's page", 403, "<html>no</html>", Errc::BadReply);
        row("half an answer", 400, "[{\"message\":\"cut", Errc::BadReply);
        row("nothing", 400, "", Errc::BadReply);
        row("an object", 400, R"({"message":"m","errorCode":"MALFORMED_QUERY"})", Errc::InvalidInput);
        row("sign-in server", 400, R"({"error":"invalid_grant","error_description":"expired"})",
            Errc::InvalidInput);
        row("save result", 400,
            R"({"id":null,"success":false,"errors":[{"message":"m","statusCode":"STRING_TOO_LONG","fields":["Subject"]}]})",
            Errc::InvalidInput);
        row("retired version", 410, R"([{"message":"m","errorCode":"UNSUPPORTED_API_VERSION"}])",
            Errc::NotFound);
    }
    void error_eachRefusal_hasItsMeaning()
    {
        QFETCH(int, status);
        QFETCH(QByteArray, body);
        QFETCH(int, code);
        const Error error = errorOf(net::HttpReply{.status = status, .headers = {}, .body = body}, m_now);
        QCOMPARE(int(error.code), code);
        QCOMPARE(error.httpStatus, status);
        QVERIFY(!error.detail.isEmpty());
    }

    void error_fields_carrySalesforcesOwnWords()
    {
        const QByteArray body =
            R"([{"message":"Email: invalid email address: x","errorCode":"INVALID_EMAIL_ADDRESS","fields":["Email"]},
            {"message":"Required fields are missing: [LastName, Company]","errorCode":"REQUIRED_FIELD_MISSING","fields":["LastName","Company"]}])";
        const Error error = errorOf(net::HttpReply{.status = 400, .headers = {}, .body = body}, m_now);
        QCOMPARE(error.remoteCode, u"INVALID_EMAIL_ADDRESS"_s);
        QCOMPARE(error.fields.size(), 3);
        QCOMPARE(error.fields[0], (FieldError{u"Email"_s, u"Email: invalid email address: x"_s}));
        QCOMPARE(error.fields[2].field, u"Company"_s);
        QVERIFY(error.remoteMessage.contains(u"Required fields"));
        QVERIFY(!error.detail.contains(u"invalid email address"));
    }

    void error_uiApi_isRead()
    {
        const QByteArray body =
            R"({"message":"An error occurred","statusCode":400,"errorCode":"","output":{"errors":[
            {"errorCode":"DUPLICATE_VALUE","message":"dup"}],"fieldErrors":{"Email":[{"message":"bad"}]}}})";
        const Error error = errorOf(net::HttpReply{.status = 400, .headers = {}, .body = body}, m_now);
        QCOMPARE(error.remoteCode, u"DUPLICATE_VALUE"_s);
        QCOMPARE(error.fields, (QList<FieldError>{{u"Email"_s, u"bad"_s}}));
    }

    void error_composite_skipsWhatWasOnlyHalted()
    {
        const auto body =
            QJsonDocument::fromJson(R"([{"errorCode":"PROCESSING_HALTED","message":"rolled back"}])").array();
        QCOMPARE(errorOf(400, QJsonValue(body)).remoteCode, u"PROCESSING_HALTED"_s);
    }

    void error_limit_isOfTheDayOrOfThisMoment_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("message");
        QTest::addColumn<bool>("isQuota");
        QTest::newRow("of 24 hours") << 403 << QByteArray("TotalRequests Limit exceeded.") << true;
        QTest::newRow("long ones at once")
            << 403 << QByteArray("ConcurrentRequests (Concurrent API Requests) Limit exceeded.") << false;
        QTest::newRow("long ones of the org")
            << 403 << QByteArray("ConcurrentPerOrgLongTxn Limit exceeded.") << false;
        QTest::newRow("too many") << 429 << QByteArray("Too many requests.") << false;
    }
    void error_limit_isOfTheDayOrOfThisMoment()
    {
        QFETCH(int, status);
        QFETCH(QByteArray, message);
        QByteArray body = R"([{"message":"WORDS","errorCode":"REQUEST_LIMIT_EXCEEDED"}])";
        body.replace("WORDS", message);
        const Error error = errorOf(net::HttpReply{.status = status, .headers = {}, .body = body}, m_now);
        QCOMPARE(error.code, Errc::RateLimited);
        QTEST(error.isQuotaUsedUp, "isQuota");
    }

    /// CRM_FACTS part C, 3: the member's name is misspelled on the wire, in most versions.
    void trap3_duplicatesInBothSpellings_areRead_data()
    {
        QTest::addColumn<QByteArray>("member");
        QTest::newRow("as it is on the wire") << QByteArray("duplicateResut");
        QTest::newRow("as it is meant") << QByteArray("duplicateResult");
    }
    void trap3_duplicatesInBothSpellings_areRead()
    {
        QFETCH(QByteArray, member);
        QByteArray body =
            R"([{"message":"A duplicate.","errorCode":"DUPLICATES_DETECTED","fields":[],)"
            R"("MEMBER":{"allowSave":true,"duplicateRule":"Standard_Contact","matchResults":[{"entityType":"Contact",)"
            R"("matchRecords":[{"record":{"attributes":{"type":"Contact"},"Id":"003000000000001"}},)"
            R"({"record":{"attributes":{"type":"Contact"},"Id":"003000000000002AAA"}}]}]}}])";
        body.replace("MEMBER", member);
        const Error error = errorOf(net::HttpReply{.status = 400, .headers = {}, .body = body}, m_now);
        QCOMPARE(error.code, Errc::Conflict);
        QCOMPARE(error.remoteMessage, u"A duplicate."_s);
        const auto duplicates = crm::duplicatesOf(error);
        QVERIFY(duplicates);
        QVERIFY(duplicates->mayOverride);
        QCOMPARE(duplicates->records.size(), 2);
        QCOMPARE(duplicates->records[0].id.value, u"003000000000001AAA"_s);
    }

    void retryAfter_isKept()
    {
        const net::HttpReply reply{.status = 503, .headers = {{"Retry-After", "7"}}, .body = "[]"};
        QCOMPARE(errorOf(reply, m_now).retryAfter, std::chrono::seconds(7));
    }

    void usage_data()
    {
        QTest::addColumn<QByteArray>("header");
        QTest::addColumn<int>("used");
        QTest::addColumn<int>("limit");
        QTest::newRow("plain") << QByteArray("api-usage=18/15000") << 18 << 15000;
        QTest::newRow("with apps") << QByteArray(
                                          "api-usage=25/5000; per-app-api-usage=17/250(appName=sample)")
                                   << 25 << 5000;
        QTest::newRow("other order") << QByteArray("per-app-api-usage=17/250(appName=x), api-usage=1/2") << 1
                                     << 2;
        QTest::newRow("nonsense") << QByteArray("api-usage=many") << -1 << -1;
        QTest::newRow("absent") << QByteArray() << -1 << -1;
    }
    void usage()
    {
        QFETCH(QByteArray, header);
        QFETCH(int, used);
        QFETCH(int, limit);
        const auto usage = usageOf(header);
        QCOMPARE(usage.has_value(), used >= 0);
        if (usage) {
            QCOMPARE(usage->used, used);
            QCOMPARE(usage->limit, limit);
        }
    }

    void realRecordings_areUnderstood()
    {
        const QString folder =
            QStringLiteral(PARLEY_SOURCE_DIR "/../shared/real/salesforce/responses/restforce/");
        if (!QFile::exists(folder))
            QSKIP("no recordings on this machine");
        const QMap<QString, QString> codes{{u"write_error_response.json"_s, u"INVALID_FIELD"_s},
                                           {u"upsert_error_response.json"_s, u"NOT_FOUND"_s},
                                           {u"expired_session_response.json"_s, u"INVALID_SESSION_ID"_s},
                                           {u"refresh_error_response.json"_s, u"invalid_grant"_s}};
        for (auto it = codes.cbegin(); it != codes.cend(); ++it) {
            QFile file(folder + it.key());
            QVERIFY2(file.open(QIODevice::ReadOnly), qPrintable(it.key()));
            const Error error =
                errorOf(net::HttpReply{.status = 400, .headers = {}, .body = file.readAll()}, m_now);
            QCOMPARE(error.remoteCode, it.value());
            QVERIFY(!error.remoteMessage.isEmpty());
        }
    }
};

QTEST_GUILESS_MAIN(RepliesTest)
#include "tst_Replies.moc"
