// What a server signs in with; openssl judges the signature.
#include "core/auth/JwtAssertion.h"
#include "core/auth/OAuthSettings.h"
#include "tests/fakes/ServerKey.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace parley;
using namespace parley::auth;
using namespace Qt::Literals::StringLiterals;

class JwtAssertionTest : public QObject
{
    Q_OBJECT

    fakes::ServerKey m_key;
    const JwtClaims m_claims{.issuer = u"3MVG9.the \"client\""_s,
                             .subject = u"nora@tallyworks.example"_s,
                             .audience = u"https://login.salesforce.com"_s,
                             .expiresAt = QDateTime::fromSecsSinceEpoch(1'800'000'000)};

    static QByteArray decoded(const QByteArray &part)
    {
        return QByteArray::fromBase64(part, QByteArray::Base64UrlEncoding);
    }
    static QJsonObject jsonIn(const QByteArray &part)
    {
        return QJsonDocument::fromJson(decoded(part)).object();
    }

private slots:
    void initTestCase()
    {
        m_key = fakes::makeServerKey();
        QVERIFY(!m_key.key.isEmpty() && !m_key.certificate.isEmpty());
    }

    void assertion_claimsAndSignature_areWhatSalesforceReads()
    {
        const auto assertion = jwtAssertion(m_claims, m_key.key);
        QVERIFY(assertion);
        const QList<QByteArray> parts = assertion->split('.');
        QCOMPARE(parts.size(), 3);
        QCOMPARE(jsonIn(parts[0])[u"alg"].toString(), u"RS256"_s);
        const QJsonObject claims = jsonIn(parts[1]);
        QCOMPARE(claims[u"iss"].toString(), m_claims.issuer);
        QCOMPARE(claims[u"sub"].toString(), m_claims.subject);
        QCOMPARE(claims[u"aud"].toString(), m_claims.audience);
        QCOMPARE(claims[u"exp"].toInteger(), 1'800'000'000);

        const QTemporaryDir dir;
        const auto write = [&dir](const QString &name, const QByteArray &content) {
            QFile file(dir.filePath(name));
            return file.open(QIODevice::WriteOnly) && file.write(content) == content.size();
        };
        QVERIFY(write(u"public.pem"_s,
                      fakes::openssl({u"x509"_s, u"-pubkey"_s, u"-noout"_s}, m_key.certificate)));
        QVERIFY(write(u"signature"_s, decoded(parts[2])));
        const QStringList verify{u"dgst"_s,       u"-sha256"_s,
                                 u"-verify"_s,    dir.filePath(u"public.pem"_s),
                                 u"-signature"_s, dir.filePath(u"signature"_s)};
        QVERIFY(fakes::openssl(verify, parts[0] + '.' + parts[1]).contains("Verified OK"));
        QVERIFY(!fakes::openssl(verify, parts[0] + ".other").contains("Verified OK"));
    }

    void key_thatCannotSign_isRefusedInWords_data()
    {
        QTest::addColumn<QByteArray>("key");
        QTest::addColumn<QString>("said");
        QTest::newRow("nothing") << QByteArray() << u"PEM"_s;
        QTest::newRow("the certificate") << m_key.certificate << u"PEM"_s;
        QTest::newRow("locked") << fakes::openssl({u"genrsa"_s, u"-aes128"_s, u"-passout"_s, u"pass:secret"_s,
                                                   u"2048"_s})
                                << u"passphrase"_s;
        QTest::newRow("elliptic") << fakes::openssl({u"genpkey"_s, u"-algorithm"_s, u"EC"_s, u"-pkeyopt"_s,
                                                     u"ec_paramgen_curve:P-256"_s})
                                  << u"RSA"_s;
        QTest::newRow("for ssh") << QByteArray("-----BEGIN OPENSSH PRIVATE KEY-----\n") << u"PEM"_s;
        QTest::newRow("damaged") << QByteArray(
                                        "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")
                                 << u"RSA"_s;
    }
    void key_thatCannotSign_isRefusedInWords()
    {
        QFETCH(const QByteArray, key);
        QFETCH(const QString, said);
        const auto assertion = jwtAssertion(m_claims, key);
        QVERIFY(!assertion);
        QCOMPARE(assertion.error().code, Errc::InvalidInput);
        QVERIFY2(assertion.error().detail.contains(said), qPrintable(assertion.error().detail));
    }

    void audience_isOneOfTheLoginServers_data()
    {
        QTest::addColumn<QString>("login");
        QTest::addColumn<QString>("audience");
        const QString production = u"https://login.salesforce.com"_s;
        const QString sandbox = u"https://test.salesforce.com"_s;
        QTest::newRow("production") << production << production;
        QTest::newRow("sandbox") << sandbox << sandbox;
        QTest::newRow("my domain") << u"https://acme.my.salesforce.com"_s << production;
        QTest::newRow("my domain of a sandbox")
            << u"https://acme--uat.sandbox.my.salesforce.com/"_s << sandbox;
        QTest::newRow("an older sandbox") << u"https://acme--uat.my.salesforce.com"_s << sandbox;
        QTest::newRow("a sandbox with its instance")
            << u"https://acme--uat.cs42.my.salesforce.com"_s << sandbox;
        QTest::newRow("a scratch org") << u"https://power-42.scratch.my.salesforce.com"_s << sandbox;
        QTest::newRow("this computer") << u"http://127.0.0.1:8080/"_s << u"http://127.0.0.1:8080"_s;
    }
    void audience_isOneOfTheLoginServers()
    {
        QFETCH(const QString, login);
        QFETCH(const QString, audience);
        QCOMPARE(salesforceSignIn(QUrl(login), u"id"_s)->audience, audience);
    }
};

QTEST_GUILESS_MAIN(JwtAssertionTest)
#include "tst_JwtAssertion.moc"
