#include "core/auth/SignInFlow.h"
#include "tests/fakes/Await.h"
#include "tests/fakes/FakeClock.h"
#include "tests/fakes/FakeTransport.h"

#include <QFile>
#include <QJsonDocument>
#include <QRegularExpression>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTemporaryDir>
#include <QTest>
#include <QUrlQuery>

using namespace parley;
using namespace parley::auth;
using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

/// The window is played by a shell script, so that it can be as wrong as a program can be.
class SignInFlowTest : public QObject
{
    Q_OBJECT

private:
    fakes::FakeClock m_clock;
    std::shared_ptr<fakes::FakeTransport> m_wire;
    OAuthSettings m_settings;
    SignInFlow::Surroundings m_around;
    std::unique_ptr<QTemporaryDir> m_dir;
    std::optional<Result<SignedIn>> m_got;
    QList<QUrl> m_opened;

    std::shared_ptr<SignInFlow> start(Via via)
    {
        auto flow = std::make_shared<SignInFlow>(&m_clock, std::make_shared<OAuthClient>(m_wire), m_around);
        m_got.reset();
        whenDone(flow->signIn(m_settings, via), this,
                 [this](Result<SignedIn> got) { m_got = std::move(got); });
        return flow;
    }
    /// What the window does: $line is its first line of input; state() prints the state in it.
    void windowDoes(const QByteArray &commands)
    {
        QFile script(m_dir->filePath(u"window.sh"_s));
        QVERIFY(script.open(QIODevice::WriteOnly | QIODevice::Truncate));
        script.write(
            "state() { printf '%s' \"$1\" | sed 's/.*[?&]state=\\([^&\"]*\\).*/\\1/'; }\nread -r line\n"
            "printf '%s\\n' \"$line\" >>\"" +
            m_dir->path().toUtf8() + "/heard\"\n" + commands);
        m_around.windowProgram = u"/bin/sh"_s;
        m_around.windowArguments = QStringList{script.fileName()};
    }
    QJsonObject heard(int line = 0)
    {
        QFile file(m_dir->filePath(u"heard"_s));
        if (!file.open(QIODevice::ReadOnly))
            return {};
        return QJsonDocument::fromJson(file.readAll().split('\n').value(line)).object();
    }
    void visit(const QByteArray &query)
    {
        QTRY_COMPARE(m_opened.size(), 1);
        const QUrlQuery asked(m_opened.first());
        const QUrl redirect(asked.queryItemValue(u"redirect_uri"_s, QUrl::FullyDecoded));
        QTcpSocket browser;
        browser.connectToHost(QHostAddress::LocalHost, quint16(redirect.port()));
        QTRY_COMPARE(browser.state(), QAbstractSocket::ConnectedState);
        const QByteArray state = asked.queryItemValue(u"state"_s).toLatin1();
        browser.write("GET " + redirect.path().toLatin1() + "?" + QByteArray(query).replace("STATE", state) +
                      " HTTP/1.1\r\nHost: " + redirect.authority().toLatin1() + "\r\n\r\n");
        QTRY_COMPARE(browser.state(), QAbstractSocket::UnconnectedState);
    }

private slots:
    void init()
    {
        // A window that is killed says so; that is the one warning that belongs here.
        QTest::failOnWarning(QRegularExpression(u"^(?!QProcess: Destroyed)"_s));
        m_wire = std::make_shared<fakes::FakeTransport>();
        m_dir = std::make_unique<QTemporaryDir>();
        m_settings = *salesforceSignIn(QUrl(u"https://login.salesforce.com"_s), u"id"_s);
        m_settings.redirectUris = {QUrl(u"http://localhost/OauthRedirect"_s)};
        m_opened.clear();
        m_around = {};
        m_around.openUrl = [this](const QUrl &url) {
            m_opened += url;
            return true;
        };
    }

    void signIn_window_getsThePageAndItsRedirectBecomesTokens()
    {
        windowDoes("echo noise from a library\n"
                   "printf '{\"redirect\":\"http://localhost/OauthRedirect?code=C1&state=%s\"}\\n' \"$(state "
                   "\"$line\")\"\nread -r x\n");
        m_around.windowHints = {{u"dark"_s, true}, {u"authorizeUrl"_s, u"https://evil.example"_s}};
        start(Via::EmbeddedWindow);
        QTRY_COMPARE(m_wire->waiting(), 1);
        QVERIFY(m_wire->request().body.contains("code=C1&"));
        m_wire->answer(200, "{\"access_token\":\"T\",\"refresh_token\":\"R\"}");
        QTRY_VERIFY(m_got);
        QVERIFY(m_got->has_value());
        QCOMPARE((*m_got)->tokens.refreshToken, "R"_ba);
        const QJsonObject line = heard();
        QCOMPARE(line.value(u"crm"_s).toString(), u"Salesforce"_s);
        QCOMPARE(line.value(u"dark"_s).toBool(), true);
        QVERIFY(line.value(u"authorizeUrl"_s)
                    .toString()
                    .startsWith(u"https://login.salesforce.com/services/oauth2/authorize?"));
        QCOMPARE(line.value(u"redirectUri"_s).toString(), u"http://localhost/OauthRedirect"_s);
        QCOMPARE(line.value(u"canChooseEnvironment"_s).toBool(), false);
        // The verifier stays here.
        const QByteArray verifier = QUrlQuery(QString::fromLatin1(m_wire->requests().first().body))
                                        .queryItemValue(u"code_verifier"_s)
                                        .toLatin1();
        QVERIFY(!verifier.isEmpty());
        QVERIFY(!QJsonDocument(line).toJson().contains(verifier));
    }

    void signIn_windowEnds_isAClearError_data()
    {
        QTest::addColumn<QByteArray>("does");
        QTest::addColumn<Errc>("code");
        QTest::addColumn<QString>("remote");
        QTest::newRow("cancelled") << "echo '{\"cancelled\":true}'\n"_ba << Errc::Cancelled << QString();
        QTest::newRow("crash") << "kill -SEGV $$\n"_ba << Errc::BadReply << u"signin_crashed"_s;
        QTest::newRow("silent end") << "exit 0\n"_ba << Errc::BadReply << u"signin_crashed"_s;
        QTest::newRow("says why") << "echo '{\"error\":\"no display\"}'\nread -r x\n"_ba << Errc::BadReply
                                  << u"signin_failed"_s;
        QTest::newRow("wrong state")
            << "echo '{\"redirect\":\"http://localhost/OauthRedirect?code=x&state=y\"}'\nread -r x\n"_ba
            << Errc::Rejected << u"state_mismatch"_s;
        QTest::newRow("elsewhere") << "echo '{\"redirect\":\"https://evil.example/?code=x\"}'\nread -r x\n"_ba
                                   << Errc::BadReply << QString();
        QTest::newRow("consent refused")
            << "printf '{\"redirect\":\"http://localhost/OauthRedirect?error=access_denied&state=%s\"}\\n' \"$(state \"$line\")\"\nread -r x\n"_ba
            << Errc::Forbidden << u"access_denied"_s;
        QTest::newRow("endless line") << "head -c 200000 /dev/zero | tr '\\0' x\nread -r x\n"_ba
                                      << Errc::BadReply << u"signin_nonsense"_s;
    }
    void signIn_windowEnds_isAClearError()
    {
        QFETCH(QByteArray, does);
        QFETCH(Errc, code);
        QFETCH(QString, remote);
        windowDoes(does);
        start(Via::EmbeddedWindow);
        QTRY_VERIFY(m_got);
        QVERIFY(!m_got->has_value());
        QCOMPARE(m_got->error().code, code);
        QCOMPARE(m_got->error().remoteCode, remote);
        QCOMPARE(m_wire->requests().size(), 0);
    }

    void signIn_windowMissing_isAClearError()
    {
        m_around.windowProgram = u"/nonexistent/parley-signin"_s;
        start(Via::EmbeddedWindow);
        QTRY_VERIFY(m_got);
        QCOMPARE(m_got->error().remoteCode, u"signin_missing"_s);
    }

    /// Chromium takes its time to end; the console's event loop must not stand still for it.
    void cancel_windowThatTakesItsTime_isNotWaitedFor()
    {
        windowDoes("cd '" + m_dir->path().toUtf8() +
                   "'\ntrap '' TERM\ntouch alive\nwhile [ ! -e go ]; do sleep 0.02; done\ntouch gone\n");
        const auto flow = start(Via::EmbeddedWindow);
        QTRY_VERIFY(QFile::exists(m_dir->filePath(u"alive"_s)));
        flow->cancel();
        QTRY_VERIFY(m_got); // while it is still there
        QCOMPARE(int(m_got->error().code), int(Errc::Cancelled));
        QFile go(m_dir->filePath(u"go"_s));
        QVERIFY(go.open(QIODevice::WriteOnly));
        QTRY_VERIFY(QFile::exists(m_dir->filePath(u"gone"_s))); // and is let end in order
    }

    void cancel_windowThatDoesNotListen_isKilled()
    {
        windowDoes("trap '' TERM\nwhile true; do sleep 0.05; done\n");
        const auto flow = start(Via::EmbeddedWindow);
        QTRY_VERIFY(!heard().isEmpty());
        flow->cancel();
        QTRY_VERIFY(m_got);
        QCOMPARE(m_got->error().code, Errc::Cancelled);
    }

    void environmentChange_allowed_newPageForTheOtherHost()
    {
        m_around.settingsFor = [this](const QString &environment,
                                      const QString &host) -> std::optional<OAuthSettings> {
            const auto url = salesforceLoginUrl(environment, host);
            auto other = url ? salesforceSignIn(*url, u"id"_s) : std::nullopt;
            if (other)
                other->redirectUris = m_settings.redirectUris;
            return other;
        };
        windowDoes("echo '{\"environment\":\"custom\",\"host\":\"evil.example\"}'\nread -r second\n"
                   "echo '{\"environment\":\"sandbox\"}'\nread -r third\nprintf '%s\\n%s\\n' \"$second\" "
                   "\"$third\" >>\"" +
                   m_dir->path().toUtf8() +
                   "/heard\"\nprintf '{\"redirect\":\"http://localhost/OauthRedirect?code=C&state=%s\"}\\n' "
                   "\"$(state \"$third\")\"\nread -r x\n");
        start(Via::EmbeddedWindow);
        QTRY_COMPARE(m_wire->waiting(), 1);
        QCOMPARE(m_wire->request().url.host(), u"test.salesforce.com"_s);
        QCOMPARE(heard(1).value(u"refusedHost"_s).toString(), u"evil.example"_s);
        QVERIFY(heard(2).value(u"authorizeUrl"_s).toString().startsWith(u"https://test.salesforce.com/"));
        QCOMPARE(heard(2).value(u"environment"_s).toString(), u"sandbox"_s);
        m_wire->answer(200, "{\"access_token\":\"T\"}");
        QTRY_VERIFY(m_got);
        QCOMPARE((*m_got)->settings.environment, u"sandbox"_s);
    }

    void wantsBrowser_fromTheWindow_goesOnThere()
    {
        windowDoes("echo '{\"wantsBrowser\":true}'\nread -r x\n");
        start(Via::EmbeddedWindow);
        visit("code=C2&state=STATE");
        QTRY_COMPARE(m_wire->waiting(), 1);
        // A state of its own: what the window knew is of no use any more.
        QVERIFY(!heard()
                     .value(u"authorizeUrl"_s)
                     .toString()
                     .contains(QUrlQuery(m_opened.first()).queryItemValue(u"state"_s)));
        m_wire->answer(200, "{\"access_token\":\"T\"}");
        QTRY_VERIFY(m_got);
        QVERIFY(m_got->has_value());
    }

    void signIn_browser_exchangesWithTheSameRedirectUri()
    {
        QList<QUrl> shown;
        m_around.browserOpened = [&shown](const QUrl &url) {
            shown += url;
        };
        start(Via::SystemBrowser);
        visit("code=C3&state=STATE");
        QTRY_COMPARE(m_wire->waiting(), 1);
        QCOMPARE(shown, m_opened);
        const QString redirectUri =
            QUrlQuery(m_opened.first()).queryItemValue(u"redirect_uri"_s, QUrl::FullyDecoded);
        QCOMPARE(QUrlQuery(QString::fromLatin1(m_wire->request().body))
                     .queryItemValue(u"redirect_uri"_s, QUrl::FullyDecoded),
                 redirectUri);
        m_wire->answer(400,
                       "{\"error\":\"invalid_grant\",\"error_description\":\"invalid authorization code\"}");
        QTRY_VERIFY(m_got);
        QCOMPARE(m_got->error().code, Errc::Rejected); // not "sign in again" to somebody who just did
        QCOMPARE(m_got->error().remoteMessage, u"invalid authorization code"_s);
    }

    void signIn_browserFailures_areTold()
    {
        start(Via::SystemBrowser);
        visit("code=x&state=wrong");
        QTRY_VERIFY(m_got);
        QCOMPARE(m_got->error().remoteCode, u"state_mismatch"_s);
        m_opened.clear();
        start(Via::SystemBrowser);
        visit("error=access_denied&state=STATE");
        QTRY_VERIFY(m_got);
        QCOMPARE(m_got->error().code, Errc::Forbidden);
        start(Via::SystemBrowser);
        m_clock.advance(5min);
        QTRY_VERIFY(m_got);
        QCOMPARE(m_got->error().code, Errc::TimedOut);
        m_around.openUrl = [](const QUrl &) {
            return false;
        };
        start(Via::SystemBrowser);
        QTRY_VERIFY(m_got);
        QCOMPARE(m_got->error().remoteCode, u"no_browser"_s);
        QTcpServer stranger;
        QVERIFY(stranger.listen(QHostAddress::LocalHost));
        m_settings.redirectUris = {QUrl(u"http://127.0.0.1:%1/cb"_s.arg(stranger.serverPort()))};
        start(Via::SystemBrowser);
        QTRY_VERIFY(m_got);
        QCOMPARE(m_got->error().code, Errc::Conflict);
    }

    void cancel_duringTheExchange_revokesWhatWasGranted()
    {
        const auto flow = start(Via::SystemBrowser);
        visit("code=C&state=STATE");
        QTRY_COMPARE(m_wire->waiting(), 1);
        flow->cancel();
        m_wire->answer(200, "{\"access_token\":\"T\",\"refresh_token\":\"R9\"}");
        QTRY_VERIFY(m_got);
        QCOMPARE(m_got->error().code, Errc::Cancelled);
        QTRY_COMPARE(m_wire->waiting(), 1);
        QVERIFY(m_wire->request().body.contains("token=R9"));
        m_wire->answer(200);
    }
};

QTEST_GUILESS_MAIN(SignInFlowTest)
#include "tst_SignInFlow.moc"
