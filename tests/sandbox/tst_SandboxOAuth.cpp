#include "core/auth/JwtAssertion.h"
#include "tests/fakes/ServerKey.h"
#include "tests/sandbox/Driver.h"

#include <QCryptographicHash>
#include <QMessageAuthenticationCode>
#include <QRegularExpression>
#include <QSslCertificate>
#include <QSslKey>

using namespace parley;
using namespace Qt::Literals::StringLiterals;
using namespace parley::sandbox;

class SandboxOAuthTest : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase()
    {
        m_driver = std::make_unique<Driver>();
        QVERIFY(m_driver->start());
    }
    void init()
    {
        QTest::failOnWarning(QRegularExpression(u".*"_s));
        QVERIFY(m_driver->signIn());
        m_challenge = QString::fromLatin1(
            QCryptographicHash::hash(kVerifier.toLatin1(), QCryptographicHash::Sha256)
                .toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals));
    }

    void authorize_badRequest_staysOnThePage_data()
    {
        QTest::addColumn<QString>("client");
        QTest::addColumn<QString>("redirect");
        QTest::addColumn<QString>("error");
        QTest::newRow("unknown client") << u"nobody"_s << kRedirect << u"invalid_client_id"_s;
        QTest::newRow("other host") << QString() << u"http://evil.example/oauth/callback"_s
                                    << u"redirect_uri_mismatch"_s;
        QTest::newRow("trailing slash")
            << QString() << QString(kRedirect + u'/') << u"redirect_uri_mismatch"_s;
        QTest::newRow("other port") << QString() << u"http://localhost:1718/oauth/callback"_s
                                    << u"redirect_uri_mismatch"_s;
        QTest::newRow("none") << QString() << QString() << u"redirect_uri_mismatch"_s;
    }
    void authorize_badRequest_staysOnThePage()
    {
        QFETCH(QString, client);
        QFETCH(QString, redirect);
        QFETCH(QString, error);
        const Reply reply = authorize(
            {{u"client_id"_s, client.isEmpty() ? clientId() : client}, {u"redirect_uri"_s, redirect}});
        QCOMPARE(reply.status, 400);
        QVERIFY(reply.raw.contains(error.toUtf8()));
    }

    void authorize_badProtocol_goesBackWithError_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("value");
        QTest::addColumn<QString>("error");
        QTest::newRow("implicit") << u"response_type"_s << u"token"_s << u"unsupported_response_type"_s;
        QTest::newRow("plain challenge") << u"code_challenge_method"_s << u"plain"_s << u"invalid_request"_s;
        QTest::newRow("short challenge") << u"code_challenge"_s << u"abc"_s << u"invalid_request"_s;
        QTest::newRow("scope") << u"scope"_s << u"api everything"_s << u"invalid_scope"_s;
    }
    void authorize_badProtocol_goesBackWithError()
    {
        QFETCH(QString, name);
        QFETCH(QString, value);
        const QUrl back = location(authorize({{name, value}}));
        QTEST(QUrlQuery(back).queryItemValue(u"error"_s), "error");
        QCOMPARE(QUrlQuery(back).queryItemValue(u"state"_s, QUrl::FullyDecoded), u"s/1 &x"_s);
    }

    void signIn_wrongPassword_saysSoAndEscapes()
    {
        const QString ticket = ticketOf(authorize({}));
        const Reply reply =
            m_driver->form(u"/services/oauth2/signin"_s,
                           {{u"ticket"_s, ticket}, {u"username"_s, u"<b>\"x"_s}, {u"pw"_s, u"no"_s}});
        QVERIFY(reply.raw.contains("Please check your username and password"));
        QVERIFY(reply.raw.contains("&lt;b&gt;&quot;x"));
        QVERIFY(!reply.raw.contains("<b>\"x"));
        QCOMPARE(ticketOf(reply), ticket); // the same page can be tried again
    }

    void signIn_inactiveUser_isRefused()
    {
        const Reply reply = m_driver->form(u"/services/oauth2/signin"_s,
                                           {{u"ticket"_s, ticketOf(authorize({}))},
                                            {u"username"_s, u"tomas.novak@tallyworks.example"_s},
                                            {u"pw"_s, m_driver->sandbox().oauth().password}});
        QVERIFY(reply.raw.contains("role=\"alert\""));
    }

    void consent_denied_goesBackWithoutCode()
    {
        const QUrlQuery back(location(consent(u"oadeny"_s)));
        QCOMPARE(back.queryItemValue(u"error"_s), u"access_denied"_s);
        QVERIFY(!back.hasQueryItem(u"code"_s));
    }

    void consent_withoutSignIn_givesNothing()
    {
        const Reply reply =
            m_driver->form(u"/services/oauth2/consent"_s,
                           {{u"ticket"_s, ticketOf(authorize({}))}, {u"oaapprove"_s, u"x"_s}});
        QCOMPARE(reply.status, 400);
    }

    void exchange_rightVerifier_givesTokens()
    {
        const Reply reply = exchange(code());
        QCOMPARE(reply.status, 200);
        QCOMPARE(reply.json[u"token_type"_s].toString(), u"Bearer"_s);
        QVERIFY(reply.json[u"refresh_token"_s].isString());
        QVERIFY(!reply.json.toObject().contains(u"expires_in"_s));
        QCOMPARE(reply.json[u"issued_at"_s].toString(),
                 QString::number(m_driver->clock().now().toMSecsSinceEpoch()));
        m_driver->setToken(reply.json[u"access_token"_s].toString());
        QCOMPARE(m_driver->get(u"limits"_s).status, 200);
    }

    void exchange_wrongly_isRefused_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("value");
        QTest::addColumn<QString>("error");
        QTest::newRow("verifier") << u"code_verifier"_s << QString(43, u'x') << u"invalid_grant"_s;
        QTest::newRow("no verifier") << u"code_verifier"_s << QString() << u"invalid_grant"_s;
        QTest::newRow("redirect") << u"redirect_uri"_s << u"http://localhost:1717/OauthRedirect"_s
                                  << u"redirect_uri_mismatch"_s;
        QTest::newRow("code") << u"code"_s << u"aPrxGuess"_s << u"invalid_grant"_s;
        QTest::newRow("client") << u"client_id"_s << u"nobody"_s << u"invalid_client_id"_s;
        QTest::newRow("wrong secret") << u"client_secret"_s << u"guess"_s << u"invalid_client"_s;
        QTest::newRow("empty secret sent") << u"client_secret"_s << QString() << u"invalid_client"_s;
        QTest::newRow("grant") << u"grant_type"_s << u"magic"_s << u"unsupported_grant_type"_s;
    }
    void exchange_wrongly_isRefused()
    {
        QFETCH(QString, name);
        QFETCH(QString, value);
        const Reply reply = exchange(code(), {{name, value}});
        QCOMPARE(reply.status, 400);
        QTEST(reply.json[u"error"_s].toString(), "error");
        QVERIFY(reply.json[u"error_description"_s].isString());
    }

    void exchange_codeTwice_revokesWhatItGave()
    {
        const QString once = code();
        const Reply first = exchange(once);
        QCOMPARE(exchange(once).json[u"error"_s].toString(), u"invalid_grant"_s);
        m_driver->setToken(first.json[u"access_token"_s].toString());
        QCOMPARE(m_driver->get(u"limits"_s).status, 401);
        QCOMPARE(refresh(first.json[u"refresh_token"_s].toString()).status, 400);
    }

    void exchange_afterAMinute_isTooLate()
    {
        const QString late = code();
        m_driver->clock().advance(std::chrono::seconds(61));
        QCOMPARE(exchange(late).json[u"error_description"_s].toString(), u"expired authorization code"_s);
    }

    void exchange_withoutChallenge_needsTheSecret()
    {
        m_challenge.clear();
        QCOMPARE(exchange(code()).status, 400);
        QCOMPARE(exchange(code(), {{u"client_secret"_s, m_driver->sandbox().oauth().clientSecret}}).status,
                 200);
    }

    void refresh_rotates_eachTokenWorksOnce()
    {
        const QString first = exchange(code()).json[u"refresh_token"_s].toString();
        const Reply second = refresh(first);
        QCOMPARE(second.status, 200);
        QVERIFY(second.json[u"refresh_token"_s].toString() != first);
        const Reply again = refresh(first);
        QCOMPARE(again.status, 400);
        QCOMPARE(again.json.toObject(),
                 (QJsonObject{{u"error"_s, u"invalid_grant"_s},
                              {u"error_description"_s, u"expired access/refresh token"_s}}));
        QCOMPARE(refresh(second.json[u"refresh_token"_s].toString()).status, 200);
    }

    void session_lapses_withInvalidSessionId()
    {
        QCOMPARE(m_driver->get(u"limits"_s).status, 200);
        m_driver->clock().advance(std::chrono::hours(2));
        const Reply reply = m_driver->get(u"limits"_s);
        QCOMPARE(reply.status, 401);
        QCOMPARE(Driver::codeOf(reply), u"INVALID_SESSION_ID"_s);
    }

    void revoke_refreshToken_endsItsSessions()
    {
        const Reply tokens = exchange(code());
        QCOMPARE(m_driver
                     ->form(u"/services/oauth2/revoke"_s,
                            {{u"token"_s, tokens.json[u"refresh_token"_s].toString()}})
                     .status,
                 200);
        m_driver->setToken(tokens.json[u"access_token"_s].toString());
        QCOMPARE(m_driver->get(u"limits"_s).status, 401);
        QCOMPARE(m_driver->form(u"/services/oauth2/revoke"_s, {{u"token"_s, u"unknown"_s}}).status, 400);
    }

    void clientCredentials_basicOrBody_needTheSecret()
    {
        const auto &settings = m_driver->sandbox().oauth();
        const QByteArray basic =
            "Basic " + (settings.clientId + u':' + settings.clientSecret).toUtf8().toBase64();
        const QList<QPair<QString, QString>> grant{{u"grant_type"_s, u"client_credentials"_s}};
        QCOMPARE(
            m_driver
                ->form(u"/services/oauth2/token"_s, grant, {qMakePair(QByteArray("Authorization"), basic)})
                .status,
            200);
        const Reply bare =
            m_driver->form(u"/services/oauth2/token"_s,
                           grant + QList<QPair<QString, QString>>{{u"client_id"_s, settings.clientId}});
        QCOMPARE(bare.status, 400);
        QCOMPARE(bare.json[u"error"_s].toString(), u"invalid_client"_s);
    }

    void jwtBearer_onlyTheAppsOwnKey_signsIn_data()
    {
        QTest::addColumn<QString>("changed");
        QTest::addColumn<QString>("value");
        QTest::addColumn<QString>("error"); // empty: signed in
        QTest::newRow("right") << QString() << QString() << QString();
        QTest::newRow("another app") << u"iss"_s << u"3MVGother"_s << u"invalid_client_id"_s;
        QTest::newRow("another server")
            << u"aud"_s << u"https://login.salesforce.com"_s << u"invalid_grant"_s;
        QTest::newRow("nobody") << u"sub"_s << u"nobody@tallyworks.example"_s << u"invalid_grant"_s;
        QTest::newRow("too late") << u"exp"_s << u"-1"_s << u"invalid_grant"_s;
        QTest::newRow("good for an hour") << u"exp"_s << u"3600"_s << u"invalid_grant"_s;
        QTest::newRow("another key") << u"key"_s << QString() << u"invalid_grant"_s;
        QTest::newRow("the certificate as a password") << u"alg"_s << QString() << u"invalid_grant"_s;
        QTest::newRow("no signature") << u"none"_s << QString() << u"invalid_grant"_s;
    }
    void jwtBearer_onlyTheAppsOwnKey_signsIn()
    {
        QFETCH(const QString, changed);
        QFETCH(const QString, value);
        QFETCH(const QString, error);
        static const fakes::ServerKey own = fakes::makeServerKey();
        static const fakes::ServerKey other = fakes::makeServerKey();
        QVERIFY(!own.key.isEmpty());
        Driver driver(sandbox::Config{.certificate = own.certificate});
        QVERIFY(driver.start());
        const auto &settings = driver.sandbox().oauth();
        QMap<QString, QString> claims{{u"iss"_s, settings.clientId},
                                      {u"sub"_s, settings.username},
                                      {u"aud"_s, settings.baseUrl},
                                      {u"exp"_s, u"180"_s}};
        if (claims.contains(changed))
            claims[changed] = value;
        const auth::JwtClaims made{.issuer = claims[u"iss"_s],
                                   .subject = claims[u"sub"_s],
                                   .audience = claims[u"aud"_s],
                                   .expiresAt = driver.clock().now().addSecs(claims[u"exp"_s].toInt())};
        QByteArray assertion = *auth::jwtAssertion(made, changed == u"key" ? other.key : own.key);
        if (changed == u"alg" || changed == u"none") {
            const QByteArray head =
                changed == u"alg" ? R"({"alg":"HS256","typ":"JWT"})" : R"({"alg":"none"})";
            const auto encoded = [](const QByteArray &bytes) {
                return bytes.toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
            };
            const QByteArray text = encoded(head) + '.' + assertion.split('.').at(1);
            const QByteArray key = QSslCertificate(own.certificate).publicKey().toPem();
            const QByteArray mac = QMessageAuthenticationCode::hash(text, key, QCryptographicHash::Sha256);
            assertion = text + '.' + (changed == u"alg" ? encoded(mac) : QByteArray());
        }
        const Reply reply = driver.form(u"/services/oauth2/token"_s,
                                        {{u"grant_type"_s, u"urn:ietf:params:oauth:grant-type:jwt-bearer"_s},
                                         {u"assertion"_s, QString::fromLatin1(assertion)}});
        QCOMPARE(reply.json[u"error"_s].toString(), error);
        QCOMPARE(reply.status, error.isEmpty() ? 200 : 400);
        QCOMPARE(reply.json.toObject().contains(u"access_token"_s), error.isEmpty());
        QVERIFY(!reply.json.toObject().contains(u"refresh_token"_s));
    }

    void identity_tellsWhoItIs()
    {
        const Reply info = m_driver->send("GET", u"/services/oauth2/userinfo"_s);
        QCOMPARE(info.json[u"preferred_username"_s].toString(), u"nora.whitfield@tallyworks.example"_s);
        const QUrl id(info.json[u"sub"_s].toString());
        QCOMPARE(m_driver->send("GET", id.path()).json[u"username"_s].toString(),
                 u"nora.whitfield@tallyworks.example"_s);
        QCOMPARE(m_driver->send("GET", u"/services/data/v62.0"_s).json[u"identity"_s].toString(),
                 id.toString());
        m_driver->setToken(u"stale"_s);
        QCOMPARE(m_driver->send("GET", id.path()).status, 403);
    }

private:
    static inline const QString kRedirect = u"http://localhost:1717/oauth/callback"_s;
    static inline const QString kVerifier = QString(86, u'v');

    QString clientId() { return m_driver->sandbox().oauth().clientId; }

    Reply authorize(const QList<QPair<QString, QString>> &changes)
    {
        QMap<QString, QString> query{{u"response_type"_s, u"code"_s},
                                     {u"client_id"_s, clientId()},
                                     {u"redirect_uri"_s, kRedirect},
                                     {u"state"_s, u"s/1 &x"_s},
                                     {u"scope"_s, u"api refresh_token id"_s}};
        if (!m_challenge.isEmpty())
            query.insert(u"code_challenge"_s, m_challenge);
        for (const auto &[name, value] : changes)
            query.insert(name, value);
        QStringList pairs;
        for (auto it = query.cbegin(); it != query.cend(); ++it)
            pairs.append(it.key() + u'=' + QString::fromLatin1(QUrl::toPercentEncoding(*it)));
        return m_driver->send("GET", u"/services/oauth2/authorize?"_s + pairs.join(u'&'));
    }
    static QString ticketOf(const Reply &reply)
    {
        static const QRegularExpression form(u"name=\"ticket\" value=\"([^\"]+)\""_s);
        return form.match(QString::fromUtf8(reply.raw)).captured(1);
    }
    Reply consent(const QString &decision)
    {
        const Reply page = m_driver->form(u"/services/oauth2/signin"_s,
                                          {{u"ticket"_s, ticketOf(authorize({}))},
                                           {u"username"_s, m_driver->sandbox().oauth().username},
                                           {u"pw"_s, m_driver->sandbox().oauth().password}});
        return m_driver->form(u"/services/oauth2/consent"_s,
                              {{u"ticket"_s, ticketOf(page)}, {decision, u"x"_s}});
    }
    static QUrl location(const Reply &reply)
    {
        for (const auto &[name, value] : reply.headers) {
            if (name == "Location")
                return QUrl::fromEncoded(value);
        }
        return {};
    }
    QString code()
    {
        return QUrlQuery(location(consent(u"oaapprove"_s))).queryItemValue(u"code"_s, QUrl::FullyDecoded);
    }
    Reply exchange(const QString &code, const QList<QPair<QString, QString>> &changes = {})
    {
        QList<QPair<QString, QString>> values{{u"grant_type"_s, u"authorization_code"_s},
                                              {u"code"_s, code},
                                              {u"client_id"_s, clientId()},
                                              {u"redirect_uri"_s, kRedirect},
                                              {u"code_verifier"_s, kVerifier}};
        for (const auto &change : changes) {
            values.removeIf([&change](const auto &pair) { return pair.first == change.first; });
            values.append(change);
        }
        return m_driver->form(u"/services/oauth2/token"_s, values);
    }
    Reply refresh(const QString &token)
    {
        return m_driver->form(u"/services/oauth2/token"_s, {{u"grant_type"_s, u"refresh_token"_s},
                                                            {u"refresh_token"_s, token},
                                                            {u"client_id"_s, clientId()}});
    }

    std::unique_ptr<Driver> m_driver;
    QString m_challenge;
};

QTEST_GUILESS_MAIN(SandboxOAuthTest)
#include "tst_SandboxOAuth.moc"
