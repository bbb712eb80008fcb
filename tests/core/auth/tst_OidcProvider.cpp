#include "core/auth/OAuthTokenSource.h"
#include "core/auth/SecretStore.h"
#include "core/auth/SignInFlow.h"
#include "core/base/Clock.h"
#include "core/net/NetworkTransport.h"
#include "tests/fakes/Await.h"

#include <QJsonDocument>
#include <QNetworkAccessManager>
#include <QNetworkCookieJar>
#include <QNetworkReply>
#include <QProcess>
#include <QRegularExpression>
#include <QTest>
#include <QUrlQuery>

using namespace parley;
using namespace parley::auth;
using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace {

/// A person with a browser: follows redirects, fills in each form, and says yes (or no) to what is asked.
class Person : public QObject
{
public:
    bool consents = true;
    bool tampers = false; ///< puts another state on the redirect
    QUrl lastRedirect;

    void open(const QUrl &url) { follow(m_manager.get(request(url))); }

private:
    QNetworkRequest request(const QUrl &url)
    {
        QNetworkRequest made(url);
        made.setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::ManualRedirectPolicy);
        return made;
    }
    void follow(QNetworkReply *reply)
    {
        connect(reply, &QNetworkReply::finished, this, [this, reply] {
            reply->deleteLater();
            const QUrl next = reply->attribute(QNetworkRequest::RedirectionTargetAttribute).toUrl();
            if (!next.isEmpty()) {
                QUrl url = reply->url().resolved(next);
                if (url.path() == u"/callback") {
                    if (tampers) {
                        QUrlQuery query(url);
                        query.removeQueryItem(u"state"_s);
                        query.addQueryItem(u"state"_s, u"somebody-elses"_s);
                        url.setQuery(query);
                    }
                    lastRedirect = url;
                }
                open(url);
                return;
            }
            const QString page = QString::fromUtf8(reply->readAll());
            static const QRegularExpression form(u"<form[^>]*action=\"([^\"]+)\""_s);
            static const QRegularExpression prompt(u"name=\"prompt\" value=\"(\\w+)\""_s);
            const auto action = form.match(page);
            if (!action.hasMatch())
                return;
            const QString asked = prompt.match(page).captured(1);
            if (asked == u"consent" && !consents) {
                open(QUrl(action.captured(1) + u"/abort"_s));
                return;
            }
            QNetworkRequest post = request(QUrl(action.captured(1)));
            post.setHeader(QNetworkRequest::ContentTypeHeader, u"application/x-www-form-urlencoded"_s);
            follow(m_manager.post(post, "prompt=" + asked.toLatin1() + "&login=nora&password=x"));
        });
    }
    QNetworkAccessManager m_manager;
};

} // namespace

/// Judged by oidc-provider (npm ci in tests/core/auth/oidc); skipped where it is not installed.
class OidcProviderTest : public QObject
{
    Q_OBJECT

private:
    SystemClock m_clock;
    QProcess m_server;
    QUrl m_issuer;
    std::shared_ptr<net::NetworkTransport> m_wire;
    std::shared_ptr<OAuthClient> m_client;
    OAuthSettings m_settings;

    Result<SignedIn> signIn(Person &person)
    {
        SignInFlow::Surroundings around;
        around.openUrl = [&person](const QUrl &url) {
            person.open(url);
            return true;
        };
        around.browserLimit = 20s;
        const auto flow = std::make_shared<SignInFlow>(&m_clock, m_client, around);
        return fakes::await(flow->signIn(m_settings, Via::SystemBrowser), 25'000);
    }

private slots:
    void initTestCase()
    {
        const QString folder = QStringLiteral(PARLEY_SOURCE_DIR "/tests/core/auth/oidc");
        if (!QFile::exists(folder + u"/node_modules/oidc-provider/package.json"_s))
            QSKIP("oidc-provider is not installed: npm ci in tests/core/auth/oidc");
        m_server.setWorkingDirectory(folder);
        m_server.start(u"node"_s, {u"server.mjs"_s});
        QByteArray line;
        QVERIFY(QTest::qWaitFor([&] { return (line = m_server.readLine()).startsWith('{'); }, 30'000));
        m_issuer = QUrl(QJsonDocument::fromJson(line).object().value(u"issuer"_s).toString());
        QVERIFY(m_issuer.isValid());
    }
    void cleanupTestCase()
    {
        m_server.kill();
        m_server.waitForFinished(3000);
    }
    void init()
    {
        QTest::failOnWarning(QRegularExpression(u".*"_s));
        m_wire = std::make_shared<net::NetworkTransport>();
        m_client = std::make_shared<OAuthClient>(m_wire);
        OAuthSettings settings;
        settings.clientId = u"parley"_s;
        settings.scopes = {u"openid"_s, u"offline_access"_s, u"api"_s};
        settings.redirectUris = {QUrl(u"http://127.0.0.1/callback"_s)};
        settings.authorizeParameters = {{u"prompt"_s, u"consent"_s}};
        const auto found = fakes::await(m_client->discover(settings, m_issuer));
        QVERIFY(found.has_value());
        m_settings = *found;
    }

    void discover_certifiedServer_isUnderstood()
    {
        QCOMPARE(m_settings.issuer, m_issuer.toString());
        QVERIFY(m_settings.isIssuerRequired);
        QVERIFY(m_settings.tokenEndpoint.isValid());
        QVERIFY(m_settings.revocationEndpoint.isValid());
    }

    void signIn_wholeRound_tokensWorkRotateAndAreRevoked()
    {
        Person person;
        const auto signedIn = signIn(person);
        QVERIFY2(signedIn.has_value(), signedIn ? "" : qPrintable(signedIn.error().detail));
        QVERIFY(!signedIn->tokens.refreshToken.isEmpty());
        QCOMPARE(signedIn->tokens.expiresIn, 600s);
        QCOMPARE(fakes::await(m_client->userInfo(m_settings, signedIn->tokens.accessToken))->userId,
                 u"nora"_s);

        const auto store = std::make_shared<MemorySecretStore>();
        const auto source =
            std::make_shared<OAuthTokenSource>(&m_clock, m_client, store, m_settings, u"crm"_s);
        QVERIFY(fakes::await(source->adopt(m_settings, signedIn->tokens)).has_value());
        const auto renewed = fakes::await(source->renewed(1));
        QVERIFY(renewed.has_value());
        QVERIFY(renewed->value != signedIn->tokens.accessToken);
        const auto kept = QJsonDocument::fromJson(*fakes::await(store->read(u"crm"_s))).object();
        QVERIFY(kept.value(u"refreshToken"_s).toString().toUtf8() != signedIn->tokens.refreshToken);
        QVERIFY(kept.value(u"rotates"_s).toBool());
        // Once more, after a restart: the rotated one is good.
        const auto again =
            std::make_shared<OAuthTokenSource>(&m_clock, m_client, store, m_settings, u"crm"_s);
        const auto token = fakes::await(again->token());
        QVERIFY(token.has_value());
        QVERIFY(fakes::await(m_client->userInfo(m_settings, token->value)).has_value());
        const QByteArray last = QJsonDocument::fromJson(*fakes::await(store->read(u"crm"_s)))
                                    .object()
                                    .value(u"refreshToken"_s)
                                    .toString()
                                    .toUtf8();
        QVERIFY(fakes::await(again->signOut()).has_value());
        QCOMPARE(fakes::await(m_client->refresh(m_settings, last)).error().code, Errc::Unauthorized);
        QCOMPARE(fakes::await(m_client->userInfo(m_settings, token->value)).error().code, Errc::Unauthorized);
    }

    void refresh_usedToken_isInvalidGrantAndTakesTheFamilyAlong()
    {
        Person person;
        const auto signedIn = signIn(person);
        QVERIFY(signedIn.has_value());
        const auto next = fakes::await(m_client->refresh(m_settings, signedIn->tokens.refreshToken));
        QVERIFY(next.has_value());
        const auto reused = fakes::await(m_client->refresh(m_settings, signedIn->tokens.refreshToken));
        QCOMPARE(reused.error().code, Errc::Unauthorized);
        QCOMPARE(reused.error().remoteCode, u"invalid_grant"_s);
        // This is why a refresh whose answer was lost is not sent again.
        QCOMPARE(fakes::await(m_client->refresh(m_settings, next->refreshToken)).error().code,
                 Errc::Unauthorized);
    }

    void exchangeCode_usedTwiceOrWithAnotherVerifier_isRefused()
    {
        Person person;
        const auto request = newAuthorizationRequest(m_settings, QUrl(u"http://127.0.0.1:9/callback"_s));
        person.open(request.url);
        QTRY_VERIFY_WITH_TIMEOUT(!person.lastRedirect.isEmpty(), 15'000);
        const auto code = codeFrom(person.lastRedirect, request);
        QVERIFY(code.has_value());
        QVERIFY(fakes::await(m_client->exchangeCode(m_settings, request, *code)).has_value());
        QCOMPARE(fakes::await(m_client->exchangeCode(m_settings, request, *code)).error().remoteCode,
                 u"invalid_grant"_s);

        Person other;
        auto stolen = newAuthorizationRequest(m_settings, QUrl(u"http://127.0.0.1:9/callback"_s));
        other.open(stolen.url);
        QTRY_VERIFY_WITH_TIMEOUT(!other.lastRedirect.isEmpty(), 15'000);
        const auto stolenCode = codeFrom(other.lastRedirect, stolen);
        QVERIFY(stolenCode.has_value());
        stolen.verifier = newPkce().verifier;
        QCOMPARE(fakes::await(m_client->exchangeCode(m_settings, stolen, *stolenCode)).error().remoteCode,
                 u"invalid_grant"_s);
    }

    void signIn_consentRefused_isForbiddenInTheServersWords()
    {
        Person person;
        person.consents = false;
        const auto got = signIn(person);
        QCOMPARE(got.error().code, Errc::Forbidden);
        QCOMPARE(got.error().remoteCode, u"access_denied"_s);
        QVERIFY(!got.error().remoteMessage.isEmpty());
    }

    void signIn_wrongState_isRejected()
    {
        Person person;
        person.tampers = true;
        QCOMPARE(signIn(person).error().remoteCode, u"state_mismatch"_s);
    }

    void codeFrom_otherIssuer_isRejected()
    {
        Person person;
        auto request = newAuthorizationRequest(m_settings, QUrl(u"http://127.0.0.1:9/callback"_s));
        person.open(request.url);
        QTRY_VERIFY_WITH_TIMEOUT(!person.lastRedirect.isEmpty(), 15'000);
        QVERIFY(person.lastRedirect.query().contains(u"iss="));
        request.issuer = u"https://somebody.else.example"_s;
        QCOMPARE(codeFrom(person.lastRedirect, request).error().remoteCode, u"issuer_mismatch"_s);
    }

    void clientCredentials_oddNameAndSecret_areEncodedAsTheRfcSays()
    {
        OAuthSettings service = m_settings;
        service.grant = Grant::ClientCredentials;
        service.clientId = u"parley+service"_s;
        service.clientSecret = u"p:ss w%rd&more+"_s;
        service.isSecretInHeader = true;
        const auto source = std::make_shared<ServiceTokenSource>(&m_clock, m_client, service);
        const auto token = fakes::await(source->token());
        QVERIFY2(token.has_value(),
                 token ? "" : qPrintable(token.error().detail + token.error().remoteMessage));
        QVERIFY(!token->value.isEmpty());
        service.clientSecret = u"wrong"_s;
        const auto refused = fakes::await(m_client->clientCredentials(service));
        QCOMPARE(refused.error().code, Errc::Rejected);
        QCOMPARE(refused.error().remoteCode, u"invalid_client"_s);
    }
};

QTEST_GUILESS_MAIN(OidcProviderTest)
#include "tst_OidcProvider.moc"
