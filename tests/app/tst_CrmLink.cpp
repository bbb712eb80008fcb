// Several CRM connections of one profile: which one is in use, and what signing out leaves behind, here and
// at the server.
#include "app/console/CrmLink.h"
#include "app/sandbox/Sandbox.h"
#include "core/base/Clock.h"
#include "tests/fakes/FakeClock.h"

#include <QFile>
#include <QNetworkAccessManager>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTcpServer>
#include <QTemporaryDir>
#include <QTest>

using namespace parley;
using namespace Qt::Literals::StringLiterals;

class CrmLinkTest : public QObject
{
    Q_OBJECT

    SystemClock m_clock;
    std::unique_ptr<QTemporaryDir> m_dir;
    std::unique_ptr<sandbox::Sandbox> m_one;
    std::unique_ptr<sandbox::Sandbox> m_other;
    std::shared_ptr<auth::MemorySecretStore> m_secrets;
    std::unique_ptr<console::CrmLink> m_link;
    QNetworkAccessManager m_browser;
    QUrl m_redirect;

    [[nodiscard]] crm::ConnectionStore store() const { return crm::ConnectionStore(m_dir->path()); }

    crm::Connection add(const sandbox::Sandbox &org, const QString &name, const QString &grant)
    {
        const QString secretFile = m_dir->filePath(name + u".secret"_s);
        QFile file(secretFile);
        if (!file.open(QIODevice::WriteOnly) || file.write(org.oauth().clientSecret.toUtf8()) < 0)
            return {};
        return store()
            .add({.name = name,
                  .kind = u"salesforce"_s,
                  .loginUrl = QUrl(org.baseUrl()),
                  .clientId = org.oauth().clientId,
                  .grant = grant,
                  .secretFile = secretFile})
            .value_or(crm::Connection());
    }
    void open()
    {
        m_link = std::make_unique<console::CrmLink>(m_clock, m_dir->path(), nullptr);
        m_link->useSecrets(m_secrets);
        m_link->restore();
    }
    /// The link's client is there, and it is this org that it asks.
    bool isConnectedTo(sandbox::Sandbox &org)
    {
        const auto isConnected = [this] {
            return m_link->status().state == desk::CrmState::Connected;
        };
        if (!QTest::qWaitFor(isConnected))
            return false;
        org.faults().forgetRequests();
        bool isDone = false;
        whenDone(m_link->client()->describeKinds(), this, [&isDone](const auto &) { isDone = true; });
        return QTest::qWaitFor([&isDone] { return isDone; }) && org.faults().requests(u"/sobjects"_s) == 1;
    }
    /// Signs a person in: a browser without a screen walks through the sandbox's pages.
    bool signIn(sandbox::Sandbox &org)
    {
        auth::SignInFlow::Surroundings surroundings;
        surroundings.openUrl = [this, &org](const QUrl &url) {
            sandbox::Reply page = served(org, "GET", url.path(), url.query(QUrl::FullyEncoded));
            page = served(org, "POST", u"/services/oauth2/signin"_s, {},
                          {{"ticket", ticketOf(page)},
                           {"username", org.oauth().username},
                           {"pw", org.oauth().password}});
            page = served(org, "POST", u"/services/oauth2/consent"_s, {},
                          {{"ticket", ticketOf(page)}, {"oaapprove", u"x"_s}});
            for (const auto &[name, value] : page.headers) {
                if (name == "Location")
                    m_browser.get(QNetworkRequest(QUrl::fromEncoded(value)));
            }
            return true;
        };
        QSignalSpy done(m_link.get(), &console::CrmLink::signInDone);
        m_link->signIn({.loginUrl = QUrl(org.baseUrl()),
                        .clientId = org.oauth().clientId,
                        .clientSecret = {},
                        .redirectUris = {m_redirect}},
                       auth::Via::SystemBrowser, surroundings);
        return done.wait();
    }
    static QString ticketOf(const sandbox::Reply &page)
    {
        static const QRegularExpression ticket(u"name=\"ticket\" value=\"([^\"]+)\""_s);
        return ticket.match(QString::fromUtf8(page.raw)).captured(1);
    }
    static sandbox::Reply served(sandbox::Sandbox &org, const QByteArray &method, const QString &path,
                                 const QString &query, const QList<std::pair<QByteArray, QString>> &form = {})
    {
        sandbox::Request request;
        request.method = method;
        request.path = request.rawPath = path;
        request.rawQuery = query;
        request.addHeader("Content-Type", "application/x-www-form-urlencoded");
        for (const auto &[key, value] : form)
            request.body += key + '=' + QUrl::toPercentEncoding(value) + '&';
        return org.serve(request);
    }

private slots:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(u"^(?!.*secret's file)"_s));
        m_dir = std::make_unique<QTemporaryDir>();
        m_secrets = std::make_shared<auth::MemorySecretStore>();
        QTcpServer free; // a port that nobody else uses
        QVERIFY(free.listen(QHostAddress::LocalHost));
        m_redirect = QUrl(u"http://localhost:%1/OauthRedirect"_s.arg(free.serverPort()));
        m_one = std::make_unique<sandbox::Sandbox>(
            m_clock, sandbox::Config{.moreRedirectUris = {m_redirect.toString()}});
        m_other = std::make_unique<sandbox::Sandbox>(m_clock, sandbox::Config());
        QVERIFY(m_one->start() && m_other->start());
    }
    void cleanup() { m_link.reset(); }

    void use_theOther_leavesTheFirst()
    {
        const crm::Connection first = add(*m_one, u"One"_s, u"client-credentials"_s);
        add(*m_other, u"Other"_s, u"client-credentials"_s);
        open();
        QVERIFY(isConnectedTo(*m_other)); // the newest is the active one
        m_link->use(first.id);
        QVERIFY(isConnectedTo(*m_one));
        QCOMPARE(store().active()->id, first.id); // and stays so after a restart
        open();
        QVERIFY(isConnectedTo(*m_one));
        QCOMPARE(m_link->connections().size(), 2);
    }

    void forget_theOneInUse_usesNoOtherByItself()
    {
        add(*m_one, u"One"_s, u"client-credentials"_s);
        const crm::Connection other = add(*m_other, u"Other"_s, u"client-credentials"_s);
        open();
        QVERIFY(isConnectedTo(*m_other));
        m_link->forget(other.id);
        QCOMPARE(m_link->status().state, desk::CrmState::NotConnected);
        QVERIFY(!m_link->client());
        open(); // nor at the next start
        QCOMPARE(m_link->status().state, desk::CrmState::NotConnected);
        m_link->use(m_link->connections().first().id);
        QVERIFY(isConnectedTo(*m_one));
        m_link->forget(m_link->connections().first().id);
        QCOMPARE(m_link->status().state, desk::CrmState::NotConnected);
        QVERIFY(!m_link->client());
        QVERIFY(m_link->connections().isEmpty());
    }

    void forget_aPersons_revokesAtTheServer()
    {
        add(*m_other, u"Other"_s, u"client-credentials"_s);
        open();
        QVERIFY(signIn(*m_one));
        QVERIFY(isConnectedTo(*m_one));
        QCOMPARE(m_link->connections().size(), 2);
        const QString person = m_link->connections().last().id;
        const QString key = m_link->connections().last().tokensKey(m_dir->path());
        m_one->faults().forgetRequests();
        m_link->forget(person);
        QTRY_COMPARE(m_one->faults().requests(u"/services/oauth2/revoke"_s), 1);
        QCOMPARE(m_link->connections().size(), 1);
        bool isGone = false;
        whenDone(m_secrets->read(key), this, [&isGone](const Result<QByteArray> &kept) { isGone = !kept; });
        QTRY_VERIFY(isGone);
    }

    /// Which org it is, where it is and who works there: known at once at the next start, and in the list.
    void whoAndWhere_areLearnedAndRemembered()
    {
        add(*m_one, u"One"_s, u"client-credentials"_s);
        open();
        QCOMPARE(m_link->status().organisation, QString());
        QVERIFY(m_link->status().isOrganisationAwaited);
        QVERIFY(isConnectedTo(*m_one));
        const QString org = m_link->status().organisation;
        QVERIFY2(org.startsWith(u"00D"_s) && org.size() == 18, qPrintable(org));
        QTRY_VERIFY(!m_link->connections().first().userName.isEmpty());
        QCOMPARE(m_link->connections().first().organisation, org);
        QCOMPARE(m_link->connections().first().instanceHost, u"127.0.0.1"_s);
        open();
        QCOMPARE(m_link->status().state, desk::CrmState::Connecting);
        QCOMPARE(m_link->status().organisation, org); // before anybody answered
        QVERIFY(isConnectedTo(*m_one));
        QVERIFY(signIn(*m_one)); // a person, into the same org
        QCOMPARE(m_link->connections().size(), 2);
        QCOMPARE(m_link->connections().last().organisation, org);
        QTRY_COMPARE(m_link->connections().last().userName, u"Nora Whitfield"_s);
    }

    /// Not there at the start: asked again until it says who it is.
    void learning_orgAwayAtTheStart_goesOnByItself()
    {
        add(*m_one, u"One"_s, u"client-credentials"_s);
        m_one->faults().add(
            {.kind = sandbox::Fault::Kind::Unavailable, .times = -1, .path = u"/oauth2/token"_s});
        fakes::FakeClock clock;
        m_link = std::make_unique<console::CrmLink>(clock, m_dir->path(), nullptr);
        m_link->useSecrets(m_secrets);
        m_link->restore();
        const auto isKnown = [&] {
            clock.advance(std::chrono::seconds(1)); // the request's own patience as well
            return m_link->status().lastError.has_value();
        };
        QVERIFY(QTest::qWaitFor(isKnown));
        QVERIFY(m_link->status().isOrganisationAwaited);
        m_one->faults().clear();
        const auto isConnected = [&] {
            clock.advance(std::chrono::seconds(1));
            return m_link->status().state == desk::CrmState::Connected;
        };
        QVERIFY(QTest::qWaitFor(isConnected));
        QVERIFY(!m_link->status().lastError);
        m_link.reset(); // before its clock
    }

    void restore_secretGone_saysWhichFile()
    {
        const crm::Connection service = add(*m_one, u"One"_s, u"client-credentials"_s);
        QVERIFY(QFile::remove(service.secretFile));
        open();
        QCOMPARE(m_link->status().state, desk::CrmState::NotConnected);
        QVERIFY(m_link->status().lastError);
        QVERIFY(m_link->status().lastError->detail.contains(service.secretFile));
    }
};

QTEST_GUILESS_MAIN(CrmLinkTest)
#include "tst_CrmLink.moc"
