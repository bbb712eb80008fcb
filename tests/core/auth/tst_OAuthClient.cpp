#include "core/auth/OAuthClient.h"
#include "tests/fakes/Await.h"
#include "tests/fakes/FakeTransport.h"

#include <QRegularExpression>
#include <QTest>
#include <QUrlQuery>

using namespace parley;
using namespace parley::auth;
using namespace Qt::Literals::StringLiterals;

namespace {
// moc of Qt 6.4 loses the class behind a raw string: single quotes stand for double ones.
QByteArray json(QByteArray text)
{
    return text.replace('\'', '"');
}
} // namespace

class OAuthClientTest : public QObject
{
    Q_OBJECT

private:
    std::shared_ptr<fakes::FakeTransport> m_wire;
    std::shared_ptr<OAuthClient> m_client;
    OAuthSettings m_settings;

    template <class T>
    Result<T> answered(Async<T> task, int status, const QByteArray &body,
                       const QByteArray &type = "application/json", const net::Headers &more = {})
    {
        net::Headers headers{{"Content-Type", type}};
        headers += more;
        m_wire->answer(status, body, headers);
        return fakes::await(std::move(task));
    }
    QMap<QString, QString> form(qsizetype index = 0)
    {
        QMap<QString, QString> members;
        const auto items =
            QUrlQuery(QString::fromLatin1(m_wire->requests().at(index).body)).queryItems(QUrl::FullyDecoded);
        for (const auto &[name, value] : items)
            members.insert(name, value);
        return members;
    }

private slots:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(u".*"_s));
        m_wire = std::make_shared<fakes::FakeTransport>();
        m_client = std::make_shared<OAuthClient>(m_wire);
        m_settings = *salesforceSignIn(QUrl(u"https://acme.my.salesforce.com"_s), u"id&1"_s);
    }

    void exchangeCode_publicClient_sendsVerifierAndNoSecret()
    {
        const auto request = newAuthorizationRequest(m_settings, m_settings.redirectUris.at(1));
        const auto tokens =
            answered(m_client->exchangeCode(m_settings, request, "a+b=="), 200,
                     json("{'access_token':'00D!x','refresh_token':'5Aep','instance_url':'https://"
                          "acme.my.salesforce.com','id':'https://login.salesforce.com/id/00D/"
                          "005','token_type':'Bearer','issued_at':'1','scope':'api id'}"));
        QVERIFY(tokens.has_value());
        QCOMPARE(tokens->accessToken, "00D!x"_ba);
        QCOMPARE(tokens->refreshToken, "5Aep"_ba);
        QCOMPARE(tokens->instanceUrl, QUrl(u"https://acme.my.salesforce.com"_s));
        QCOMPARE(tokens->scopes, (QStringList{u"api"_s, u"id"_s}));
        QVERIFY(!tokens->expiresIn);
        const auto &sent = m_wire->requests().first();
        QCOMPARE(sent.method, "POST"_ba);
        QVERIFY(!sent.isIdempotent);
        QCOMPARE(sent.url, QUrl(u"https://acme.my.salesforce.com/services/oauth2/token"_s));
        QVERIFY(sent.body.contains("code=a%2Bb%3D%3D&"));
        QCOMPARE(form(),
                 (QMap<QString, QString>{{u"grant_type"_s, u"authorization_code"_s},
                                         {u"code"_s, u"a+b=="_s},
                                         {u"redirect_uri"_s, u"http://localhost:1718/OauthRedirect"_s},
                                         {u"code_verifier"_s, QString::fromLatin1(request.verifier)},
                                         {u"client_id"_s, u"id&1"_s}}));
    }

    void refresh_confidentialClient_sendsTheSecret()
    {
        m_settings.clientSecret = u"s:e cret"_s;
        QVERIFY(answered(m_client->refresh(m_settings, "5A"), 200, json("{'access_token':'t'}")));
        QCOMPARE(form().value(u"client_secret"_s), u"s:e cret"_s);
        m_settings.isSecretInHeader = true;
        QVERIFY(answered(m_client->refresh(m_settings, "5A"), 200, json("{'access_token':'t'}")));
        QVERIFY(!form(1).contains(u"client_secret"_s));
        QVERIFY(!form(1).contains(u"client_id"_s));
        QVERIFY(m_wire->requests().at(1).headers.contains(
            std::pair("Authorization"_ba, "Basic "_ba + "id%261:s%3Ae%20cret"_ba.toBase64())));
    }

    void clientCredentials_salesforce_asksForNoScope()
    {
        m_settings.clientSecret = u"s"_s;
        QVERIFY(answered(m_client->clientCredentials(m_settings), 200,
                         json("{'access_token':'t','expires_in':'3600'}")));
        QVERIFY(!form().contains(u"scope"_s));
        m_settings.serviceScopes = {u"https://org/.default"_s};
        const auto tokens = answered(m_client->clientCredentials(m_settings), 200,
                                     json("{'access_token':'t','expires_in':3599}"));
        QCOMPARE(form(1).value(u"scope"_s), u"https://org/.default"_s);
        QCOMPARE(tokens->expiresIn, std::chrono::seconds(3599));
    }

    void refresh_refusals_keepTheServersWords_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<Errc>("code");
        QTest::addColumn<QString>("remote");
        QTest::newRow("expired")
            << 400 << json("{'error':'invalid_grant','error_description':'expired access/refresh token'}")
            << Errc::Unauthorized << u"invalid_grant"_s;
        QTest::newRow("client")
            << 401 << json("{'error':'invalid_client_id','error_description':'client identifier invalid'}")
            << Errc::Rejected << u"invalid_client_id"_s;
        QTest::newRow("redirect") << 400 << json("{'error':'redirect_uri_mismatch'}") << Errc::Rejected
                                  << u"redirect_uri_mismatch"_s;
        QTest::newRow("denied") << 403 << json("{'error':'access_denied'}") << Errc::Forbidden
                                << u"access_denied"_s;
        QTest::newRow("busy") << 503 << json("{'error':'temporarily_unavailable'}") << Errc::RateLimited
                              << u"temporarily_unavailable"_s;
        QTest::newRow("html outage") << 503 << "<html><body>Down for maintenance</body></html>"_ba
                                     << Errc::RateLimited << QString();
        QTest::newRow("html error") << 500 << "<html>"_ba << Errc::Offline << QString();
        QTest::newRow("html not found") << 404 << "<html>"_ba << Errc::BadReply << QString();
        QTest::newRow("patience") << 429 << ""_ba << Errc::RateLimited << QString();
        QTest::newRow("rest shape") << 400 << json("[{'errorCode':'X','message':'y'}]") << Errc::BadReply
                                    << QString();
        QTest::newRow("error is no text")
            << 400 << json("{'error':{'code':1}}") << Errc::BadReply << QString();
        QTest::newRow("redirect away") << 302 << ""_ba << Errc::BadReply << QString();
    }
    void refresh_refusals_keepTheServersWords()
    {
        QFETCH(int, status);
        QFETCH(QByteArray, body);
        QFETCH(Errc, code);
        QFETCH(QString, remote);
        const auto got =
            answered(m_client->refresh(m_settings, "5A"), status, body, "text/html", {{"Retry-After", "9"}});
        QVERIFY(!got.has_value());
        QCOMPARE(got.error().code, code);
        QCOMPARE(got.error().remoteCode, remote);
        QCOMPARE(got.error().httpStatus, status);
        if (status == 429 || status == 503)
            QCOMPARE(got.error().retryAfter, std::chrono::seconds(9));
        if (status == 400 && remote == u"invalid_grant")
            QCOMPARE(got.error().remoteMessage, u"expired access/refresh token"_s);
    }

    void refresh_unusableSuccess_isBadReply_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::newRow("html") << "<html>Log in</html>"_ba;
        QTest::newRow("empty") << ""_ba;
        QTest::newRow("half") << json("{'access_token':'t");
        QTest::newRow("no token") << json("{'token_type':'Bearer'}");
        QTest::newRow("number") << json("{'access_token':12}");
        QTest::newRow("header injection") << json("{'access_token':'t\\r\\nX: y'}");
        QTest::newRow("other type") << json("{'access_token':'t','token_type':'mac'}");
        QTest::newRow("plain http instance")
            << json("{'access_token':'t','instance_url':'http://evil.example'}");
        QTest::newRow("array") << json("['access_token']");
    }
    void refresh_unusableSuccess_isBadReply()
    {
        QFETCH(QByteArray, body);
        const auto got = answered(m_client->refresh(m_settings, "5A"), 200, body);
        QVERIFY(!got.has_value());
        QCOMPARE(got.error().code, Errc::BadReply);
        QCOMPARE(got.error().httpStatus, 200);
    }

    void anything_unsafeEndpoint_sendsNothing()
    {
        m_settings.tokenEndpoint = QUrl(u"http://acme.example/token"_s);
        m_settings.revocationEndpoint = m_settings.userInfoEndpoint = m_settings.tokenEndpoint;
        QCOMPARE(fakes::await(m_client->refresh(m_settings, "x")).error().code, Errc::InvalidInput);
        QCOMPARE(fakes::await(m_client->revoke(m_settings, "x")).error().code, Errc::InvalidInput);
        QCOMPARE(fakes::await(m_client->userInfo(m_settings, "x")).error().code, Errc::InvalidInput);
        QCOMPARE(m_wire->requests().size(), 0);
    }

    void revoke_anyOutcome_isTold()
    {
        QVERIFY(answered(m_client->revoke(m_settings, "5A"), 200, ""));
        QCOMPARE(form().value(u"token"_s), u"5A"_s);
        QCOMPARE(answered(m_client->revoke(m_settings, "5A"), 400, json("{'error':'unsupported_token_type'}"))
                     .error()
                     .code,
                 Errc::Rejected);
        m_settings.revocationEndpoint.clear();
        QVERIFY(fakes::await(m_client->revoke(m_settings, "5A")));
        QCOMPARE(m_wire->requests().size(), 2);
    }

    void userInfo_salesforce_isRead()
    {
        const auto info = answered(
            m_client->userInfo(m_settings, "T"), 200,
            json("{'sub':'https://x/id/00D/"
                 "005','user_id':'005','organization_id':'00D','name':'Nora','email':'n@x.example'}"));
        QCOMPARE(*info, (UserInfo{.userId = u"005"_s,
                                  .organizationId = u"00D"_s,
                                  .name = u"Nora"_s,
                                  .email = u"n@x.example"_s}));
        QVERIFY(m_wire->requests().first().headers.contains(std::pair("Authorization"_ba, "Bearer T"_ba)));
        QCOMPARE(answered(m_client->userInfo(m_settings, "T"), 403, "Bad_OAuth_Token").error().code,
                 Errc::Forbidden);
    }

    void discover_documentOfAnotherIssuer_isRefused()
    {
        const QUrl issuer(u"https://id.example/tenant/"_s);
        const auto good =
            answered(m_client->discover(m_settings, issuer), 200,
                     json("{'issuer':'https://id.example/tenant','authorization_endpoint':'https://"
                          "id.example/a','token_endpoint':'https://id.example/"
                          "t','authorization_response_iss_parameter_supported':true}"));
        QCOMPARE(m_wire->requests().first().url,
                 QUrl(u"https://id.example/tenant/.well-known/openid-configuration"_s));
        QVERIFY(good.has_value());
        QCOMPARE(good->tokenEndpoint, QUrl(u"https://id.example/t"_s));
        QVERIFY(good->isIssuerRequired);
        QVERIFY(good->revocationEndpoint.isEmpty());
        const auto other = answered(m_client->discover(m_settings, issuer), 200,
                                    json("{'issuer':'https://evil.example','authorization_endpoint':'https://"
                                         "id.example/a','token_endpoint':'https://id.example/t'}"));
        QCOMPARE(other.error().code, Errc::BadReply);
        const auto unsafe =
            answered(m_client->discover(m_settings, issuer), 200,
                     json("{'issuer':'https://id.example/tenant','authorization_endpoint':'https://"
                          "id.example/a','token_endpoint':'http://id.example/t'}"));
        QCOMPARE(unsafe.error().code, Errc::BadReply);
    }
};

QTEST_GUILESS_MAIN(OAuthClientTest)
#include "tst_OAuthClient.moc"
