// The whole sign-in against the sandbox's own pages: authorize, password, consent, redirect, PKCE exchange,
// and the tokens at work. Once in the system browser (Chromium), once in the real parley-signin.
#include "app/console/CrmLink.h"
#include "core/crm/CrmClient.h"
#include "core/crm/DocumentCache.h"
#include "core/crm/Match.h"
#include "core/net/NetworkTransport.h"
#include "tests/e2e/faults/Stage.h"
#include "tests/e2e/signin/Display.h"
#include "tests/fakes/Await.h"
#include "ui/text/RecordText.h"

#include <QApplication>
#include <QSignalSpy>
#include <QTest>
#include <QUrlQuery>

#ifdef Q_OS_UNIX
#include <unistd.h>
#endif

using namespace parley;
using namespace Qt::Literals::StringLiterals;

namespace {
constexpr int kPatience = 40'000;
}

class SignInWithSandboxTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        QCOMPARE(m_stage.start(), QString());
        const QJsonArray uris = m_stage.crm().value("redirectUris"_L1).toArray();
        m_target = {.loginUrl = QUrl(m_stage.crm().value("loginUrl"_L1).toString()),
                    .clientId = m_stage.crm().value("clientId"_L1).toString()};
        for (const QJsonValue &uri : uris)
            m_target.redirectUris += QUrl(uri.toString());
    }
    void init()
    {
        m_stage.forgetRequests();
        QVERIFY(m_profile.emplace().isValid());
        const auto memory = std::make_shared<auth::MemorySecretStore>();
        m_link = std::make_unique<console::CrmLink>(m_clock, m_profile->path(),
                                                    std::make_shared<crm::MemoryDocumentCache>());
        m_link->useSecrets(memory);
        m_problem.reset();
        connect(m_link.get(), &console::CrmLink::signInFailed, this,
                [this](const Error &error) { m_problem = error; });
    }
    void cleanup()
    {
        m_link.reset();
        m_browser.reset();
        m_display.reset();
    }

    void browser_allow_connectedAndTokensWork()
    {
        inBrowser([this](const QUrl &url) { person(url, u"allow"_s); });
        QTRY_COMPARE_WITH_TIMEOUT(m_link->status().state, desk::CrmState::Connected, kPatience);
        connectedAsNora();
        QVERIFY2(browserSays().contains(u"Back to Parley"_s), qPrintable(browserSays()));
    }

    void browser_deny_saysThatThePersonRefused()
    {
        inBrowser([this](const QUrl &url) { person(url, u"deny"_s); });
        QTRY_VERIFY_WITH_TIMEOUT(m_problem, kPatience);
        refused();
        QVERIFY2(browserSays().contains(u"Not signed in"_s), qPrintable(browserSays()));
    }

    /// Somebody else's answer arrives at our port.
    void browser_wrongState_isThrownAway()
    {
        inBrowser([this](const QUrl &url) {
            QUrl redirect(QUrlQuery(url).queryItemValue(u"redirect_uri"_s, QUrl::FullyDecoded));
            redirect.setQuery(u"code=aPrxStolen&state=somebody-elses"_s);
            letGo(m_transport->send({.url = redirect})); // what it answers is for the browser
        });
        QTRY_VERIFY_WITH_TIMEOUT(m_problem, kPatience);
        QCOMPARE(int(m_problem->code), int(Errc::Rejected));
        QCOMPARE(m_problem->remoteCode, u"state_mismatch"_s);
        QVERIFY(ui::RecordText::signInProblem(*m_problem, u"Salesforce"_s)
                    .title.contains(u"did not belong to this sign-in"_s));
        QCOMPARE(m_stage.requests("POST", u"/services/oauth2/token"_s), 0); // the code went nowhere
        QCOMPARE(m_link->status().state, desk::CrmState::NotConnected);
    }

    void window_allow_connectedAndTokensWork()
    {
        inWindow();
        signInByKeys();
        m_display->act({u"key"_s, u"Return"_s}); // "Allow" has the focus
        QTRY_COMPARE_WITH_TIMEOUT(m_link->status().state, desk::CrmState::Connected, kPatience);
        connectedAsNora();
    }

    void window_deny_saysThatThePersonRefused()
    {
        inWindow();
        signInByKeys();
        m_display->act({u"key"_s, u"shift+Tab"_s});
        m_display->act({u"key"_s, u"Return"_s});
        QTRY_VERIFY_WITH_TIMEOUT(m_problem, kPatience);
        refused();
    }

    void window_leftWithEscape_isCancelled()
    {
        inWindow();
        QTest::qWait(1'000); // the page is being drawn
        m_display->act({u"key"_s, u"Escape"_s});
        QTRY_VERIFY_WITH_TIMEOUT(m_problem, kPatience);
        QCOMPARE(int(m_problem->code), int(Errc::Cancelled));
        QCOMPARE(m_stage.requests("POST", u"/services/oauth2/token"_s), 0);
        QCOMPARE(m_link->status().state, desk::CrmState::NotConnected);
    }

    /// The window manager's close button, not one of ours.
    void window_closed_isCancelled()
    {
        inWindow();
        QCOMPARE(m_display->startWindowManager(), QString());
        for (int tries = 0; tries < 20 && !m_problem;
             ++tries) { // until the manager has taken the window over
            m_display->act({u"mousemove"_s, u"640"_s, u"400"_s});
            m_display->act({u"key"_s, u"ctrl+alt+Escape"_s});
            std::ignore = QTest::qWaitFor([this] { return m_problem.has_value(); }, 1'000); // pressed again
        }
        QVERIFY(m_problem);
        QCOMPARE(int(m_problem->code), int(Errc::Cancelled));
        QCOMPARE(m_stage.requests("POST", u"/services/oauth2/token"_s), 0);
        QCOMPARE(m_link->status().state, desk::CrmState::NotConnected);
    }

private:
    void inBrowser(std::function<void(const QUrl &)> person)
    {
        auth::SignInFlow::Surroundings surroundings;
        surroundings.openUrl = [person](const QUrl &url) {
            person(url);
            return true;
        };
        m_link->signIn(m_target, auth::Via::SystemBrowser, std::move(surroundings));
    }
    void person(const QUrl &url, const QString &answer)
    {
        m_browser = std::make_unique<QProcess>();
        m_browser->setProcessChannelMode(QProcess::ForwardedErrorChannel);
        m_browser->setWorkingDirectory(QStringLiteral(PARLEY_SOURCE_DIR "/tests/e2e"));
        m_browser->start(u"node"_s, {u"signin/browser.js"_s, url.toString(QUrl::FullyEncoded), answer,
                                     m_stage.crm().value("username"_L1).toString(),
                                     m_stage.crm().value("password"_L1).toString()});
    }
    QString browserSays()
    {
        if (!QTest::qWaitFor([this] { return m_browser->state() == QProcess::NotRunning; }, kPatience))
            return u"the browser did not come to an end"_s;
        m_browserWords += QString::fromUtf8(m_browser->readAllStandardOutput());
        return m_browserWords;
    }

    void inWindow()
    {
        m_display = std::make_unique<e2e::Display>();
        QCOMPARE(m_display->start(), QString());
        auth::SignInFlow::Surroundings surroundings;
        surroundings.windowProgram = u"/usr/bin/env"_s;
        surroundings.windowArguments = {u"DISPLAY="_s + m_display->name(), u"QT_QPA_PLATFORM=xcb"_s};
#ifdef Q_OS_UNIX
        // Chromium's sandbox does not run as root. The product never switches it off; a test in a container
        // may.
        if (geteuid() == 0)
            surroundings.windowArguments += u"QTWEBENGINE_DISABLE_SANDBOX=1"_s;
#endif
        surroundings.windowArguments += qEnvironmentVariable("PARLEY_BIN_DIR") + u"/parley-signin"_s;
        m_link->signIn(m_target, auth::Via::EmbeddedWindow, std::move(surroundings));
        QTRY_VERIFY_WITH_TIMEOUT(m_stage.requests("GET", u"/services/oauth2/authorize"_s) == 1 || m_problem,
                                 kPatience);
        QVERIFY2(!m_problem, m_problem ? qPrintable(m_problem->detail + m_problem->remoteCode) : "");
        // Without a window manager nobody else gives it the keys.
        const QStringList find{u"search"_s, u"--onlyvisible"_s, u"--class"_s, u"parley"_s};
        QTRY_VERIFY_WITH_TIMEOUT(!m_display->act(find).isEmpty(), kPatience);
        m_display->act(QStringList(find) << u"windowfocus"_s);
    }
    /// Until the sandbox has taken the password: there is no telling from outside when the page takes keys.
    void signInByKeys()
    {
        const QString username = m_stage.crm().value("username"_L1).toString();
        const QString password = m_stage.crm().value("password"_L1).toString();
        for (int tries = 0; tries < 5 && m_stage.requests("POST", u"/services/oauth2/signin"_s) == 0;
             ++tries) {
            QTest::qWait(1'000);
            m_display->act({u"key"_s, u"ctrl+a"_s});
            m_display->act({u"type"_s, username});
            m_display->act({u"key"_s, u"Tab"_s});
            m_display->act({u"type"_s, password});
            m_display->act({u"key"_s, u"Return"_s});
            std::ignore =
                QTest::qWaitFor([this] { return m_stage.requests("POST", u"/services/oauth2/signin"_s) > 0; },
                                3'000); // not yet: typed once more
        }
        QCOMPARE(m_stage.requests("POST", u"/services/oauth2/signin"_s), 1);
        QTest::qWait(1'000); // the consent page is being drawn; nothing outside can see when it is
    }

    void connectedAsNora()
    {
        QTRY_COMPARE_WITH_TIMEOUT(m_link->status().userName, u"Nora Whitfield"_s, kPatience);
        QVERIFY(m_link->status().isMemoryOnly); // and the agent is told that nothing is kept
        QCOMPARE(m_stage.requests("POST", u"/services/oauth2/token"_s), 1);
        crm::IdentifyRequest request;
        request.values = {{fields::visitorEmail, u"amelia.hart@northgate.example"_s}};
        request.rules = crm::defaultMatchRules();
        request.shown = crm::defaultShownFields();
        const auto found = fakes::await(m_link->client()->identify(request));
        QVERIFY2(found, found ? "" : qPrintable(found.error().detail));
        QCOMPARE(int(found->kind()), int(crm::MatchKind::One));
        QCOMPARE(found->roundTrips, 1);
    }
    void refused()
    {
        QCOMPARE(int(m_problem->code), int(Errc::Forbidden));
        QCOMPARE(m_problem->remoteCode, u"access_denied"_s);
        QCOMPARE(ui::RecordText::signInProblem(*m_problem, u"Salesforce"_s).title,
                 u"Salesforce was not allowed"_s);
        QCOMPARE(m_stage.requests("POST", u"/services/oauth2/token"_s), 0);
        QCOMPARE(m_link->status().state, desk::CrmState::NotConnected);
    }

    SystemClock m_clock;
    e2e::Stage m_stage;
    console::CrmTarget m_target;
    std::optional<QTemporaryDir> m_profile;
    std::unique_ptr<console::CrmLink> m_link;
    std::optional<Error> m_problem;
    std::unique_ptr<QProcess> m_browser;
    QString m_browserWords;
    std::unique_ptr<e2e::Display> m_display;
    std::shared_ptr<net::NetworkTransport> m_transport = std::make_shared<net::NetworkTransport>();
};

QTEST_MAIN(SignInWithSandboxTest)
#include "tst_SignInWithSandbox.moc"
