#include "app/console/Console.h"

#include "app/console/CrmLink.h"
#include "app/demo/DemoWorld.h"
#include "app/log/LogSink.h"
#include "core/auth/SecretStore.h"
#include "core/base/Log.h"
#include "core/chat/Line.h"
#include "core/crm/Plan.h"
#include "core/desk/CrmDocumentTable.h"
#include "core/desk/Desk.h"
#include "core/desk/ProfileSchema.h"
#include "core/store/Database.h"
#include "ui/dialogs/ConnectDialog.h"
#include "ui/dialogs/FirstRun.h"
#include "ui/panels/ConnectionsView.h"
#include "ui/panels/DeskBinding.h"
#include "ui/panels/MainWindow.h"
#include "ui/panels/RecordPane.h"
#include "ui/text/Sentences.h"

#include <QApplication>
#include <QDesktopServices>
#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QProcess>
#include <QStandardPaths>

namespace parley::console {

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace {

/// An address below the hub's own, which may end in "/" or not.
QUrl below(QUrl hub, const QString &path)
{
    const QString base = hub.path();
    hub.setPath((base.endsWith(u'/') ? base.chopped(1) : base) + path);
    return hub;
}

QUrl doorOf(const QUrl &hub)
{
    QUrl door = below(hub, u"/ws/agent"_s);
    door.setScheme(hub.scheme() == "https"_L1 ? u"wss"_s : u"ws"_s);
    return door;
}

QString tokenKey(const QUrl &hub, const QString &email)
{
    return u"hub:%1:%2"_s.arg(hub.toString(), email);
}

/// What GET /info of a hub says.
Async<ui::HubFound> checkHub(std::shared_ptr<net::NetworkTransport> transport, QUrl hub)
{
    net::HttpRequest request{.url = below(hub, u"/info"_s), .timeout = 5s};
    const auto reply = co_await transport->send(std::move(request));
    if (!reply)
        co_return fail(reply.error());
    const QJsonObject info = QJsonDocument::fromJson(reply->body).object();
    if (reply->status != 200 || !info.contains("version"_L1))
        co_return fail(Errc::BadReply);
    co_return ui::HubFound{.name = info.value("name"_L1).toString(),
                           .version = info.value("version"_L1).toString()};
}

QString signInProgram()
{
#ifdef Q_OS_WIN
    const QString name = u"parley-signin.exe"_s;
#else
    const QString name = u"parley-signin"_s;
#endif
    return QDir(QCoreApplication::applicationDirPath()).filePath(name);
}

} // namespace

Console::Console(Options options, Clock &clock, QObject *parent)
    : QObject(parent)
    , m_options(std::move(options))
    , m_clock(clock)
    , m_transport(std::make_shared<net::NetworkTransport>())
{
    m_sinceStart.start();
}

Console::~Console()
{
    // The windows look at the desk, the desk at the line: they go in that order.
    m_connectDialog.reset();
    m_binding.reset();
    m_window.reset();
    m_firstRun.reset();
    m_desk.reset();
    m_crm.reset();
    if (m_line) {
        // A write to the disk may keep it a moment longer; it must not go on to look for the hub.
        m_line->disconnect(this);
        m_line->signOut();
    }
    m_line.reset();
    m_demo.reset();
    log::finish();
}

Result<Done> Console::start()
{
    if (auto opened = openProfile(); !opened)
        return opened;
    m_theme.dress(*qApp);
    const QString theme =
        m_options.theme.isEmpty() ? m_settings->value(settings::keys::theme).toString() : m_options.theme;
    m_theme.choose(theme == "dark"_L1    ? ui::ThemeChoice::Dark
                   : theme == "light"_L1 ? ui::ThemeChoice::Light
                                         : ui::ThemeChoice::System);

    auto database = store::Database::open(QDir(m_profileDir).filePath(u"parley.db"_s), desk::profileSchema());
    if (!database)
        return fail(database.error().code,
                    u"the profile's database could not be opened: "_s + database.error().detail);
    m_database = *database;
    auto line = chat::Line::open(m_database, m_clock);
    if (!line)
        return fail(line.error().code,
                    u"the chats of the profile could not be read: "_s + line.error().detail);
    m_line = *line;
    m_desk = std::make_unique<desk::Desk>(m_line, m_database, m_clock);
    connect(m_line.get(), &chat::Line::stateChanged, this, &Console::onLineState);
    connect(m_line.get(), &chat::Line::signedIn, this, &Console::keepHubToken);
    connect(m_line.get(), &chat::Line::synced, this, [this] {
        printTiming({{u"chats"_s, m_desk->chats().size()}});
    });

    joinCrm();
    if (m_options.isDemo)
        return startDemo(); // its secrets are made up, and go with it
    // A keychain may take its time, or ask the person to unlock it: the window does not wait for it.
    whenDone(auth::openSecretStore(&m_clock), this,
             [this](const auth::OpenedSecretStore &secrets) { takeSecrets(secrets); });
    m_crm->restore();
    showFirstWindow();
    return Done{};
}

Result<Done> Console::openProfile()
{
    m_profileDir = m_options.profileDir;
    if (m_profileDir.isEmpty() && m_options.isDemo) {
        m_throwAway = std::make_unique<QTemporaryDir>();
        m_profileDir = m_throwAway->path();
    } else if (m_profileDir.isEmpty()) {
        m_profileDir = QStandardPaths::writableLocation(QStandardPaths::AppLocalDataLocation);
    }
    if (!QDir().mkpath(m_profileDir))
        return fail(Errc::Storage, u"the profile folder %1 cannot be made"_s.arg(m_profileDir));
    m_profileDir = QDir(m_profileDir).absolutePath();
    // Chats lie in it: they are nobody else's business. Where the system cannot do that, the person's own
    // folder has to do.
    QFile::setPermissions(m_profileDir, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    m_lock = std::make_unique<QLockFile>(QDir(m_profileDir).filePath(u"lock"_s));
    m_lock->setStaleLockTime(0);
    if (!m_lock->tryLock()) {
        return fail(Errc::Conflict,
                    m_lock->error() == QLockFile::LockFailedError
                        ? u"another Parley has the profile %1 open; start this one with --profile DIR"_s.arg(
                              m_profileDir)
                        : u"the profile folder %1 cannot be written"_s.arg(m_profileDir));
    }
    log::start({.folder = QDir(m_profileDir).filePath(u"log"_s), .program = u"parley"_s});
    m_settings = std::make_unique<settings::Settings>(m_profileDir);
    return Done{};
}

void Console::joinCrm()
{
    m_crm = std::make_unique<CrmLink>(m_clock, m_profileDir,
                                      std::make_shared<desk::CrmDocumentTable>(m_database));
    connect(m_crm.get(), &CrmLink::changed, this,
            [this] { m_desk->setCrm(m_crm->client(), m_crm->status()); });
    connect(m_desk.get(), &desk::Desk::organisationWanted, m_crm.get(), &CrmLink::learnWho);
    connect(m_crm.get(), &CrmLink::signInFailed, this, &Console::sayCrmProblem);
    connect(m_crm.get(), &CrmLink::signInDone, this, [this] {
        if (m_connectDialog)
            m_connectDialog->accept();
    });
}

void Console::showFirstWindow()
{
    if (!m_options.agentEmail.isEmpty()) {
        QFile file(m_options.passwordFile);
        const QByteArray password = file.open(QIODevice::ReadOnly) ? file.readLine().trimmed() : QByteArray();
        signIn(m_options.hub, m_options.agentEmail, QString::fromUtf8(password), false);
        showMainWindow();
        return;
    }
    m_hub =
        m_options.hub.isEmpty() ? QUrl(m_settings->value(settings::keys::hubUrl).toString()) : m_options.hub;
    m_email = m_settings->value(settings::keys::agentEmail).toString();
    // Who was here before sees the chats of before while the keychain is asked for the sign-in.
    if (m_hub.isEmpty() || m_email.isEmpty())
        showFirstRun();
    else
        showMainWindow();
}

void Console::takeSecrets(const auth::OpenedSecretStore &secrets)
{
    m_secrets = secrets.store;
    m_crm->useSecrets(secrets.store);
    m_crm->restore();
    if (!m_hubToken.isEmpty())
        keepHubToken(m_hubToken);
    if (m_line->state() != chat::LineState::SignedOut || m_firstRun || m_options.isDemo)
        return;
    whenDone(m_secrets->read(tokenKey(m_hub, m_email)), this, [this](const Result<QByteArray> &token) {
        if (token) {
            m_keepsToken = true;
            m_line->signInWithToken(doorOf(m_hub), QString::fromUtf8(*token));
        } else {
            m_window->hide();
            showFirstRun();
        }
    });
}

Result<Done> Console::startDemo()
{
    m_demo = std::make_unique<demo::DemoWorld>(m_profileDir, m_clock);
    if (const auto started = m_demo->start(); !started)
        return fail(started.error().code, u"the demo could not start: "_s + started.error().detail);
    printf("%s\n", QJsonDocument(m_demo->readyLine()).toJson(QJsonDocument::Compact).constData());
    fflush(stdout);
    connect(m_demo.get(), &demo::DemoWorld::takenChatStarted, this, &Console::takeForDemo);
    const QJsonObject sandbox =
        m_demo->readyLine().value("sandbox"_L1).toObject().value("salesforce"_L1).toObject();
    m_crm->connectAsService({.loginUrl = QUrl(sandbox.value("loginUrl"_L1).toString()),
                             .clientId = sandbox.value("clientId"_L1).toString(),
                             .clientSecret = sandbox.value("clientSecret"_L1).toString()});
    signIn(m_demo->hubUrl(), m_demo->agentEmail(), m_demo->agentPassword(), false);
    showMainWindow();
    m_window->setVisitorPage(m_demo->visitorPage());
    // Visitors come once somebody can answer them.
    connect(m_line.get(), &chat::Line::synced, m_demo.get(), &demo::DemoWorld::openDoors,
            Qt::SingleShotConnection);
    return Done{};
}

void Console::takeForDemo(const QString &chat)
{
    whenDone(m_desk->accept(ChatId{chat}), this, [this](const Result<ChatId> &accepted) {
        if (accepted && m_binding && !std::exchange(m_hasOpenedDemoChat, true))
            m_binding->openChat(*accepted);
    });
}

void Console::showFirstRun()
{
    m_firstRun = std::make_unique<ui::FirstRun>(
        m_theme, [transport = m_transport](const QUrl &hub) { return checkHub(transport, hub); });
    if (!m_hub.isEmpty())
        m_firstRun->setHubAddress(m_hub.toString());
    m_firstRun->setEmail(m_email);
    m_firstRun->setDemoOffered(m_options.hub.isEmpty());
    connect(m_firstRun.get(), &ui::FirstRun::connectRequested, this, &Console::signIn);
    connect(m_firstRun.get(), &ui::FirstRun::crmRequested, this, &Console::showConnectDialog);
    connect(m_firstRun.get(), &ui::FirstRun::themeChosen, this, [this](ui::ThemeChoice choice) {
        m_theme.choose(choice);
        m_settings->setValue(settings::keys::theme, choice == ui::ThemeChoice::Dark    ? u"dark"_s
                                                    : choice == ui::ThemeChoice::Light ? u"light"_s
                                                                                       : u"system"_s);
    });
    connect(m_firstRun.get(), &ui::FirstRun::demoRequested, this, [this] {
        // A process of its own: the demo's made-up data never meets this profile.
        if (QProcess::startDetached(QCoreApplication::applicationFilePath(), {u"--demo"_s}))
            QCoreApplication::quit();
        else
            m_firstRun->showProblem(tr("The demo could not be started."));
    });
    m_firstRun->show();
}

void Console::showMainWindow()
{
    if (m_window) { // hidden while the sign-in was asked for
        m_window->show();
        return;
    }
    auto *pane = new ui::RecordPane(*m_desk, m_theme, nullptr);
    m_window = std::make_unique<ui::MainWindow>(
        m_theme, *m_settings, [this] { return m_clock.now(); }, pane);
    m_binding = std::make_unique<ui::DeskBinding>(
        *m_desk, *m_window, m_clock, [pane](const ChatId &chat) { pane->showChat(chat); }, m_hub.toString());
    m_window->setRecordActs([pane](ui::Act act, int n) { pane->act(act, n); });
    connect(pane, &ui::RecordPane::preferredWidthChanged, m_window.get(), &ui::MainWindow::setSideWidth);
    connect(pane, &ui::RecordPane::toggleRequested, m_window.get(),
            [this] { m_window->setSideShown(!m_window->isSideShown()); });
    connect(pane, &ui::RecordPane::syncOpened, m_window.get(),
            [this] { m_window->showPage(ui::Page::Sync); });
    connect(pane, &ui::RecordPane::connectRequested, this, &Console::showConnectDialog);
    connect(pane, &ui::RecordPane::signInRequested, this, &Console::showConnectDialog);
    connect(m_binding.get(), &ui::DeskBinding::crmSignInAsked, this, &Console::showConnectDialog);
    joinConnections();
    m_window->show();
    // Usable is when the first frame is painted and the loop takes input again.
    QMetaObject::invokeMethod(
        this,
        [this] {
            printTiming({{u"windowMs"_s, m_sinceStart.elapsed()}});
        },
        Qt::QueuedConnection);
}

void Console::joinConnections()
{
    ui::ConnectionsView *view = &m_window->settingsPage().connections();
    // Promised writes and what was decided for a chat stay with their org: another may be used at any time.
    connect(view, &ui::ConnectionsView::useAsked, m_crm.get(), &CrmLink::use);
    connect(view, &ui::ConnectionsView::connectAsked, this, &Console::connectAnother);
    connect(view, &ui::ConnectionsView::signOutAsked, m_crm.get(), &CrmLink::forget);
    connect(view, &ui::ConnectionsView::checkAsked, view, [this, view] {
        const auto client = m_crm->client();
        if (!client)
            return;
        view->setChecking();
        whenDone(client->checkAccess(crm::neededFields(crm::defaultMapping()), crm::defaultShownFields()),
                 view, [this, view, client](const Result<crm::AccessReport> &report) {
                     if (m_crm->client() == client) // else it is about an org that is no longer in use
                         view->setAccess(report);
                 });
    });
    connect(view, &ui::ConnectionsView::readAsked, view, [this, view] {
        const auto client = m_crm->client();
        view->setReading();
        whenDone(m_desk->readSchemasAnew(), view, [this, view, client](const Result<Done> &read) {
            if (m_crm->client() == client)
                view->setRead(read);
        });
    });
    const auto read = [this] {
        m_connections = m_crm->connections();
        tellConnections();
    };
    connect(m_crm.get(), &CrmLink::changed, view, read);
    connect(m_desk.get(), &desk::Desk::crmStatusChanged, view, [this] { tellConnections(); });
    connect(m_desk.get(), &desk::Desk::promisesChanged, view, [this] { tellConnections(); });
    read();
}

void Console::tellConnections()
{
    QList<desk::CrmConnection> shown;
    for (const crm::Connection &connection : std::as_const(m_connections))
        shown +=
            {.id = connection.id,
             .name = connection.name,
             .host = connection.instanceHost.isEmpty() ? connection.loginUrl.host() : connection.instanceHost,
             .userName = connection.userName,
             .promised = m_desk->writesPromisedTo(connection.organisation),
             .isActive = connection.isActive,
             .isService = connection.isService()};
    const desk::CrmStatus status = m_desk->crmStatus(); // knows of a sign-in that lapsed at work, too
    const bool isUnlisted = shown.isEmpty() && status.state != desk::CrmState::NotConnected;
    if (isUnlisted) // the demo's own, which no profile keeps
        shown +=
            {.id = u"demo"_s, .name = status.name, .host = status.host, .isActive = true, .isService = true};
    m_window->settingsPage().connections().setConnections(shown, status);
}

void Console::signIn(const QUrl &hub, const QString &email, const QString &password, bool keep)
{
    m_hub = hub;
    m_email = email;
    m_keepsToken = keep;
    if (m_firstRun)
        m_firstRun->setConnecting(true);
    m_line->signIn(doorOf(hub), email, password);
}

void Console::onLineState()
{
    if (m_line->state() == chat::LineState::Online && m_firstRun) {
        m_settings->setValue(settings::keys::hubUrl, m_hub.toString());
        m_settings->setValue(settings::keys::agentEmail, m_email);
        m_firstRun.release()->deleteLater(); // it may be the sender
        showMainWindow();
    }
    if (m_line->state() == chat::LineState::SignedOut && m_line->lastError()) {
        // The kept token or the password is not good: ask, with everything that was typed still there.
        if (!m_firstRun && m_window) {
            showFirstRun();
            m_window->hide();
        }
        if (m_firstRun) {
            m_firstRun->setConnecting(false);
            m_firstRun->showProblem(ui::sentence(*m_line->lastError(), ui::Doing::SignInHub));
        }
    }
}

void Console::keepHubToken(const QString &token)
{
    m_hubToken = token;
    if (m_keepsToken && m_secrets) // not kept: the password is asked for next time
        letGo(m_secrets->write(tokenKey(m_hub, m_email), token.toUtf8()));
}

QString Console::knownClientId() const
{
    if (m_demo)
        return m_demo->readyLine().value("sandbox"_L1)["salesforce"_L1]["clientId"_L1].toString();
    const auto connection = crm::ConnectionStore(m_profileDir).active();
    return connection ? connection->clientId : QString();
}

void Console::showConnectDialog()
{
    QWidget *parent = m_window ? static_cast<QWidget *>(m_window.get()) : m_firstRun.get();
    m_connectDialog = std::make_unique<ui::ConnectDialog>(m_theme, u"Salesforce"_s, parent);
    m_connectDialog->setKept(m_crm->keepsSecrets());
    if (knownClientId().isEmpty())
        m_connectDialog->askForClientId({});
    using Environment = ui::SignInChoice::Environment;
    const auto active = crm::ConnectionStore(m_profileDir).active();
    if (m_demo)
        m_connectDialog->setCustomHost(
            m_demo->readyLine().value("sandbox"_L1)["salesforce"_L1]["loginUrl"_L1].toString());
    else if (active && active->loginUrl == auth::salesforceLoginUrl(u"sandbox"_s, {}))
        m_connectDialog->setEnvironment(Environment::Sandbox);
    else if (active && active->loginUrl != auth::salesforceLoginUrl(u"production"_s, {}))
        m_connectDialog->setCustomHost(active->loginUrl.scheme() == u"https"
                                           ? active->loginUrl.host()
                                           : active->loginUrl.toString(QUrl::FullyEncoded));
    connect(m_connectDialog.get(), &ui::ConnectDialog::signInRequested, this, &Console::connectCrm);
    connect(m_connectDialog.get(), &ui::ConnectDialog::cancelled, m_crm.get(), &CrmLink::cancelSignIn);
    m_connectDialog->open();
}

void Console::connectAnother()
{
    showConnectDialog();
    if (!m_demo)
        m_connectDialog->askForClientId(knownClientId()); // the company may have registered Parley there anew
}

void Console::connectCrm(const ui::SignInChoice &choice)
{
    using Environment = ui::SignInChoice::Environment;
    const QString environment = choice.environment == Environment::Production ? u"production"_s
                                : choice.environment == Environment::Sandbox  ? u"sandbox"_s
                                                                              : u"custom"_s;
    const QJsonObject sandbox =
        m_demo ? m_demo->readyLine().value("sandbox"_L1)["salesforce"_L1].toObject() : QJsonObject();
    const QString clientId = choice.clientId.isEmpty() ? knownClientId() : choice.clientId;
    const auto loginUrlOf = [](const QString &name, const QString &host) -> std::optional<QUrl> {
        // A CRM on this very computer (the sandbox) is named by its whole address.
        const QUrl typed(host, QUrl::StrictMode);
        if (name == "custom"_L1 && typed.scheme() == "http"_L1 && auth::isSafeForTokens(typed))
            return typed;
        return auth::salesforceLoginUrl(name, host);
    };
    const auto loginUrl = loginUrlOf(environment, choice.host);
    if (!loginUrl) {
        m_connectDialog->showProblem(tr("This is not a Salesforce address"),
                                     tr("It looks like acme.my.salesforce.com. What you typed was kept."));
        return;
    }
    auth::SignInFlow::Surroundings surroundings;
    surroundings.windowProgram = signInProgram();
    surroundings.windowHints = {{u"dark"_s, m_theme.isDark()}, {u"kept"_s, m_crm->keepsSecrets()}};
    surroundings.openUrl = [](const QUrl &url) {
        return QDesktopServices::openUrl(url);
    };
    surroundings.browserOpened = [this](const QUrl &url) {
        if (m_connectDialog)
            m_connectDialog->showWaiting(true, url);
    };
    surroundings.settingsFor = [clientId,
                                loginUrlOf](const QString &name,
                                            const QString &host) -> std::optional<auth::OAuthSettings> {
        const auto url = loginUrlOf(name, host);
        return url ? auth::salesforceSignIn(*url, clientId) : std::nullopt;
    };
    m_connectDialog->showWaiting(choice.inSystemBrowser);
    CrmTarget target{.loginUrl = *loginUrl, .clientId = clientId};
    const QJsonArray registered = sandbox.value("redirectUris"_L1).toArray();
    for (const QJsonValue uri : registered)
        target.redirectUris += QUrl(uri.toString());
    m_crm->signIn(target, choice.inSystemBrowser ? auth::Via::SystemBrowser : auth::Via::EmbeddedWindow,
                  std::move(surroundings));
}

void Console::sayCrmProblem(const Error &error)
{
    if (!m_connectDialog)
        return;
    if (error.code == Errc::Cancelled) {
        m_connectDialog->showChoice();
        return;
    }
    const ui::Explained explained = ui::explain(error, ui::Doing::SignInCrm, u"Salesforce"_s);
    m_connectDialog->showProblem(explained.title, explained.detail);
}

void Console::printTiming(const QJsonObject &line) const
{
    if (!m_options.printsTimings)
        return;
    printf("%s\n", QJsonDocument(line).toJson(QJsonDocument::Compact).constData());
    fflush(stdout);
}

} // namespace parley::console
