#include "core/auth/AuthorizationRequest.h"

#include <QRegularExpression>
#include <QTest>
#include <QUrlQuery>

using namespace parley;
using namespace parley::auth;
using namespace Qt::Literals::StringLiterals;

class AuthorizationRequestTest : public QObject
{
    Q_OBJECT

private:
    OAuthSettings settings()
    {
        auto made = salesforceSignIn(QUrl(u"https://login.salesforce.com"_s), u"3MVG9+a b&c"_s);
        return made.value_or(OAuthSettings());
    }
    QUrl redirectOf(const AuthorizationRequest &request, const QByteArray &query)
    {
        QUrl url = request.redirectUri;
        url.setQuery(QString::fromLatin1(query), QUrl::StrictMode);
        return url;
    }

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(u".*"_s)); }

    void challengeOf_exampleOfRfc7636_isTheirs()
    {
        QCOMPARE(challengeOf("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
                 "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"_ba);
    }

    void newPkce_verifier_isInTheRfcAndNewEachTime()
    {
        const Pkce one = newPkce();
        QCOMPARE(one.verifier.size(), 86);
        QVERIFY(QRegularExpression(u"^[A-Za-z0-9._~-]{43,128}$"_s)
                    .match(QString::fromLatin1(one.verifier))
                    .hasMatch());
        QCOMPARE(one.challenge.size(), 43);
        QVERIFY(newPkce().verifier != one.verifier);
    }

    void newAuthorizationRequest_salesforce_carriesWhatTheServerNeeds()
    {
        const auto request = newAuthorizationRequest(settings(), settings().redirectUris.first());
        QCOMPARE(request.url.host(), u"login.salesforce.com"_s);
        QCOMPARE(request.url.path(), u"/services/oauth2/authorize"_s);
        const QUrlQuery query(request.url);
        QCOMPARE(query.queryItemValue(u"response_type"_s), u"code"_s);
        QCOMPARE(query.queryItemValue(u"client_id"_s, QUrl::FullyDecoded), u"3MVG9+a b&c"_s);
        QVERIFY(request.url.query(QUrl::FullyEncoded).contains(u"client_id=3MVG9%2Ba%20b%26c&"));
        QCOMPARE(query.queryItemValue(u"redirect_uri"_s, QUrl::FullyDecoded),
                 u"http://localhost:1717/OauthRedirect"_s);
        QCOMPARE(query.queryItemValue(u"scope"_s, QUrl::FullyDecoded), u"api refresh_token openid id"_s);
        QCOMPARE(query.queryItemValue(u"code_challenge_method"_s), u"S256"_s);
        QCOMPARE(query.queryItemValue(u"code_challenge"_s).toLatin1(), challengeOf(request.verifier));
        QCOMPARE(query.queryItemValue(u"state"_s).toLatin1(), request.state);
        QVERIFY(request.state.size() >= 43);
        QVERIFY(!request.url.toString().contains(QString::fromLatin1(request.verifier)));
    }

    void codeFrom_rightAnswer_isTheCode()
    {
        const auto request = newAuthorizationRequest(settings(), settings().redirectUris.first());
        const auto code =
            codeFrom(redirectOf(request, "code=aPrx%2Bb%3D%3D&state=" + request.state), request);
        QVERIFY(code.has_value());
        QCOMPARE(*code, "aPrx+b=="_ba);
    }

    void codeFrom_anythingElse_isRefused_data()
    {
        QTest::addColumn<QByteArray>("query"); // STATE stands for the right one
        QTest::addColumn<Errc>("code");
        QTest::addColumn<QString>("remote");
        QTest::newRow("wrong state") << "code=x&state=nope"_ba << Errc::Rejected << u"state_mismatch"_s;
        QTest::newRow("no state") << "code=x"_ba << Errc::Rejected << u"state_mismatch"_s;
        QTest::newRow("right state, then another")
            << "code=x&state=STATE&state=b"_ba << Errc::BadReply << QString();
        QTest::newRow("two codes") << "code=x&code=y&state=STATE"_ba << Errc::BadReply << QString();
        QTest::newRow("no code") << "state=STATE"_ba << Errc::BadReply << QString();
        QTest::newRow("empty code") << "code=&state=STATE"_ba << Errc::BadReply << QString();
        QTest::newRow("refused consent")
            << "error=access_denied&error_description=end-user+denied%20it&state=STATE"_ba << Errc::Forbidden
            << u"access_denied"_s;
        QTest::newRow("refusal for another attempt")
            << "error=access_denied&state=x"_ba << Errc::Rejected << u"state_mismatch"_s;
        QTest::newRow("other issuer") << "code=x&state=STATE&iss=https%3A%2F%2Fevil.example"_ba
                                      << Errc::Rejected << u"issuer_mismatch"_s;
        QTest::newRow("error and code")
            << "code=x&error=access_denied&state=STATE"_ba << Errc::Forbidden << u"access_denied"_s;
    }
    void codeFrom_anythingElse_isRefused()
    {
        QFETCH(QByteArray, query);
        QFETCH(Errc, code);
        QFETCH(QString, remote);
        OAuthSettings server = settings();
        server.issuer = u"https://login.salesforce.com"_s;
        const auto request = newAuthorizationRequest(server, server.redirectUris.first());
        const auto got = codeFrom(redirectOf(request, query.replace("STATE", request.state)), request);
        QVERIFY(!got.has_value());
        QCOMPARE(got.error().code, code);
        QCOMPARE(got.error().remoteCode, remote);
        if (remote == u"access_denied" && query.contains("description"))
            QCOMPARE(got.error().remoteMessage, u"end-user denied it"_s);
    }

    void codeFrom_issuerPromisedButMissing_isRefused()
    {
        OAuthSettings server = settings();
        server.issuer = u"https://login.salesforce.com"_s;
        server.isIssuerRequired = true;
        const auto request = newAuthorizationRequest(server, server.redirectUris.first());
        QCOMPARE(codeFrom(redirectOf(request, "code=x&state=" + request.state), request).error().remoteCode,
                 u"issuer_mismatch"_s);
        QVERIFY(codeFrom(
            redirectOf(request, "code=x&iss=https://login.salesforce.com&state=" + request.state), request));
    }

    void codeFrom_otherAddress_isRefused_data()
    {
        QTest::addColumn<QString>("address");
        QTest::newRow("port") << u"http://localhost:1718/OauthRedirect"_s;
        QTest::newRow("host") << u"http://127.0.0.1:1717/OauthRedirect"_s;
        QTest::newRow("scheme") << u"https://localhost:1717/OauthRedirect"_s;
        QTest::newRow("slash") << u"http://localhost:1717/OauthRedirect/"_s;
        QTest::newRow("deeper") << u"http://localhost:1717/OauthRedirect/x"_s;
        QTest::newRow("user") << u"http://x@localhost:1717/OauthRedirect"_s;
        QTest::newRow("elsewhere") << u"https://evil.example/OauthRedirect"_s;
    }
    void codeFrom_otherAddress_isRefused()
    {
        QFETCH(QString, address);
        const auto request = newAuthorizationRequest(settings(), settings().redirectUris.first());
        const QUrl redirect(address + u"?code=x&state="_s + QString::fromLatin1(request.state));
        QVERIFY(!isRedirect(redirect, request.redirectUri));
        QCOMPARE(codeFrom(redirect, request).error().code, Errc::BadReply);
    }

    void salesforceLoginUrl_whatPeopleType_isTheirLoginHost_data()
    {
        QTest::addColumn<QString>("environment");
        QTest::addColumn<QString>("typed");
        QTest::addColumn<QString>("url"); // empty: refused
        QTest::newRow("production") << u"production"_s << QString() << u"https://login.salesforce.com"_s;
        QTest::newRow("sandbox") << u"sandbox"_s << QString() << u"https://test.salesforce.com"_s;
        QTest::newRow("name") << u"custom"_s << u" Acme "_s << u"https://acme.my.salesforce.com"_s;
        QTest::newRow("host") << u"custom"_s << u"acme.my.salesforce.com"_s
                              << u"https://acme.my.salesforce.com"_s;
        QTest::newRow("pasted") << u"custom"_s << u"https://acme--dev.sandbox.my.salesforce.com/home?x=1"_s
                                << u"https://acme--dev.sandbox.my.salesforce.com"_s;
        QTest::newRow("lightning") << u"custom"_s << u"https://acme.lightning.force.com/lightning/page/home"_s
                                   << u"https://acme.my.salesforce.com"_s;
        QTest::newRow("lightning sandbox") << u"custom"_s << u"acme--dev.sandbox.lightning.force.com"_s
                                           << u"https://acme--dev.sandbox.my.salesforce.com"_s;
        QTest::newRow("stranger") << u"custom"_s << u"acme.my.salesforce.com.evil.example"_s << QString();
        QTest::newRow("user part") << u"custom"_s << u"login.salesforce.com@evil.example"_s << QString();
        QTest::newRow("backslash") << u"custom"_s << u"evil.example\\.salesforce.com"_s << QString();
        QTest::newRow("fragment") << u"custom"_s << u"evil.example#.salesforce.com"_s << QString();
        QTest::newRow("plain http") << u"custom"_s << u"http://acme.my.salesforce.com"_s << QString();
        QTest::newRow("port") << u"custom"_s << u"acme.my.salesforce.com:8443"_s << QString();
        QTest::newRow("nothing") << u"custom"_s << QString() << QString();
        QTest::newRow("no such environment") << u"mars"_s << QString() << QString();
    }
    void salesforceLoginUrl_whatPeopleType_isTheirLoginHost()
    {
        QFETCH(QString, environment);
        QFETCH(QString, typed);
        QFETCH(QString, url);
        const auto got = salesforceLoginUrl(environment, typed);
        QCOMPARE(got ? got->toString() : QString(), url);
    }

    void salesforceSignIn_unsafeAddress_isRefused()
    {
        QVERIFY(!salesforceSignIn(QUrl(u"http://login.salesforce.com"_s), u"x"_s));
        QVERIFY(!salesforceSignIn(QUrl(u"ftp://login.salesforce.com"_s), u"x"_s));
        QVERIFY(!salesforceSignIn(QUrl(), u"x"_s));
        QVERIFY(!salesforceSignIn(QUrl(u"http://localhost.evil.example"_s), u"x"_s));
        QVERIFY(salesforceSignIn(QUrl(u"http://127.0.0.1:8080"_s), u"x"_s).has_value());
        QVERIFY(salesforceSignIn(QUrl(u"http://[::1]:8080"_s), u"x"_s).has_value());
        QCOMPARE(salesforceSignIn(QUrl(u"https://u:p@acme.my.salesforce.com/x?y#z"_s), u"x"_s)->tokenEndpoint,
                 QUrl(u"https://acme.my.salesforce.com/services/oauth2/token"_s));
    }
};

QTEST_GUILESS_MAIN(AuthorizationRequestTest)
#include "tst_AuthorizationRequest.moc"
