#include "core/auth/SignInFlow.h"
#include "core/base/Clock.h"
#include "core/net/NetworkTransport.h"
#include "tests/fakes/Await.h"
#include "tests/fakes/HttpStub.h"

#include <QRegularExpression>
#include <QTest>
#include <QUrlQuery>

#ifdef Q_OS_UNIX
#include <unistd.h>
#endif

using namespace parley;
using namespace parley::auth;
using fakes::HttpStub;
using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

/// The real parley-signin, off screen, in front of a CRM whose pages fill in and send their forms themselves.
class SignInProgramTest : public QObject
{
    Q_OBJECT

private:
    SystemClock m_clock;
    std::unique_ptr<HttpStub> m_crm;
    std::unique_ptr<HttpStub> m_trap; ///< listens where the redirect points: nobody may ever call
    OAuthSettings m_settings;
    std::shared_ptr<SignInFlow> m_flow;
    std::optional<Result<SignedIn>> m_got;
    QByteArray m_afterLogin; ///< what the CRM answers to the password
    QByteArray m_page;       ///< what its login page holds

    static QByteArray html(const QByteArray &body)
    {
        return HttpStub::reply(200, "<html><body>" + body + "</body></html>", "text/html");
    }
    static QByteArray autoForm(const QByteArray &query)
    {
        return "<form method=post action=\"/login?" + query +
               "\"><input name=p type=password "
               "value=geheim></form><script>document.forms[0].submit()</script>";
    }
    QByteArray redirectTo(const QByteArray &query) const
    {
        return "HTTP/1.1 302 Found\r\nLocation: " + m_settings.redirectUris.first().toEncoded() + "?" +
               query + "\r\nContent-Length: 0\r\n\r\n";
    }
    void serve(const HttpStub::Request &request, QTcpSocket *socket)
    {
        const QUrl url(QString::fromLatin1(request.target));
        const QByteArray state = QUrlQuery(url).queryItemValue(u"state"_s).toLatin1();
        if (url.path() == u"/services/oauth2/authorize")
            socket->write(html(m_page.isEmpty() ? autoForm("state=" + state)
                                                : QByteArray(m_page).replace("STATE", state)));
        else if (url.path() == u"/login")
            socket->write(m_afterLogin.isEmpty() ? redirectTo("code=C%2B1&state=" + state)
                                                 : QByteArray(m_afterLogin).replace("STATE", state));
        else if (url.path() == u"/services/oauth2/token")
            socket->write(HttpStub::reply(200, "{\"access_token\":\"T\",\"refresh_token\":\"R\"}"));
        else
            socket->write(HttpStub::reply(404, "", "text/html"));
    }
    void start()
    {
        const auto client = std::make_shared<OAuthClient>(m_wire);
        m_flow = std::make_shared<SignInFlow>(
            &m_clock, client,
            SignInFlow::Surroundings{.windowProgram =
                                         qEnvironmentVariable("PARLEY_BIN_DIR") + u"/parley-signin"_s,
                                     .windowHints = {{u"dark"_s, true}}});
        m_got.reset();
        whenDone(m_flow->signIn(m_settings, Via::EmbeddedWindow), this,
                 [this](Result<SignedIn> got) { m_got = std::move(got); });
    }
    qsizetype asked(const QByteArray &path) const
    {
        return std::ranges::count_if(
            m_crm->requests, [&path](const auto &request) { return request.target.startsWith(path); });
    }
    std::shared_ptr<net::NetworkTransport> m_wire;

private slots:
    void initTestCase()
    {
#ifdef Q_OS_UNIX
        // Chromium's sandbox does not run as root. The product never switches it off; a test in a container
        // may.
        if (geteuid() == 0)
            qputenv("QTWEBENGINE_DISABLE_SANDBOX", "1");
#endif
        if (!QFile::exists(qEnvironmentVariable("PARLEY_BIN_DIR") + u"/parley-signin"_s))
            QSKIP("parley-signin is not built");
    }
    void init()
    {
        m_wire = std::make_shared<net::NetworkTransport>();
        m_crm = std::make_unique<HttpStub>();
        m_trap = std::make_unique<HttpStub>();
        m_crm->onRequest = [this](const HttpStub::Request &request, QTcpSocket *socket) {
            serve(request, socket);
        };
        m_settings = *salesforceSignIn(m_crm->url(u""_s), u"id"_s);
        m_settings.redirectUris = {m_trap->url(u"/OauthRedirect"_s)};
        m_afterLogin.clear();
        m_page.clear();
    }
    void cleanup()
    {
        m_flow.reset();
        m_crm.reset();
        m_trap.reset();
    }

    void signIn_formThenRedirect_tokensAndNobodyWasCalled()
    {
        start();
        QTRY_VERIFY_WITH_TIMEOUT(m_got, 30'000);
        QVERIFY2(m_got->has_value(), *m_got ? "" : qPrintable(m_got->error().detail));
        QCOMPARE((*m_got)->tokens.accessToken, "T"_ba);
        const auto token = std::ranges::find_if(
            m_crm->requests, [](const auto &request) { return request.target == "/services/oauth2/token"; });
        QVERIFY(token->body.contains("code=C%2B1&"));
        QCOMPARE(m_trap->connections, 0);
    }

    void signIn_scriptedRedirect_isCaughtToo()
    {
        m_page = "<script>location.href='" + m_settings.redirectUris.first().toEncoded() +
                 "?error=access_denied&state=STATE'</script>";
        start();
        QTRY_VERIFY_WITH_TIMEOUT(m_got, 30'000);
        QCOMPARE(m_got->error().code, Errc::Forbidden);
        QCOMPARE(m_trap->connections, 0);
    }

    void page_callsTheRedirectFromWithin_isBlocked()
    {
        const QByteArray trap = m_settings.redirectUris.first().toEncoded() + "?code=x&state=STATE";
        m_page = "<img src='" + trap + "'><iframe src='" + trap + "'></iframe><script>fetch('" + trap +
                 "',{mode:'no-cors'}).catch(()=>0).finally(()=>fetch('/done'))</script>";
        start();
        QTRY_VERIFY_WITH_TIMEOUT(asked("/done") == 1, 30'000);
        QTest::qWait(300); // what should not come has had its time
        QCOMPARE(m_trap->connections, 0);
        QVERIFY(!m_got);
        m_flow->cancel();
        QTRY_VERIFY(m_got);
        QCOMPARE(m_got->error().code, Errc::Cancelled);
    }

    void page_sendsThePersonElsewhere_isNotFollowed()
    {
        HttpStub elsewhere;
        // The same computer under another name: a host that the CRM does not own.
        const QUrl strange(u"http://localhost:%1/sso"_s.arg(elsewhere.url().port()));
        m_afterLogin =
            "HTTP/1.1 302 Found\r\nLocation: " + strange.toEncoded() + "\r\nContent-Length: 0\r\n\r\n";
        start();
        QTRY_VERIFY_WITH_TIMEOUT(asked("/login") == 1, 30'000);
        QTest::qWait(500);
        QCOMPARE(elsewhere.connections, 0);
        QVERIFY(!m_got);
        m_flow->cancel();
        QTRY_VERIFY(m_got);
    }

    void page_wrongState_isRejected()
    {
        m_afterLogin = redirectTo("code=x&state=other");
        start();
        QTRY_VERIFY_WITH_TIMEOUT(m_got, 30'000);
        QCOMPARE(m_got->error().remoteCode, u"state_mismatch"_s);
    }

    void page_opensWindowsDownloadsAndAsks_isNotServed()
    {
        m_page =
            "<script>const "
            "w=window.open('/popup');navigator.geolocation.getCurrentPosition(()=>fetch('/"
            "granted'),()=>fetch('/denied'));"
            "const a=document.createElement('a');a.href='data:text/plain,x';a.download='x.txt';a.click();"
            "fetch('/done')</script>";
        start();
        QTRY_VERIFY_WITH_TIMEOUT(asked("/done") == 1, 30'000);
        QTest::qWait(300);
        QCOMPARE(asked("/granted"), 0);
        QVERIFY(!m_got);
        m_flow->cancel();
        QTRY_VERIFY(m_got);
    }
};

QTEST_GUILESS_MAIN(SignInProgramTest)
#include "tst_SignInProgram.moc"
