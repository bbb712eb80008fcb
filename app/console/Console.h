// The console as a whole: builds its objects in order and joins them.
#pragma once

#include "app/console/Options.h"
#include "core/base/Clock.h"
#include "core/base/Result.h"
#include "core/crm/Connections.h"
#include "core/net/NetworkTransport.h"
#include "core/settings/Settings.h"
#include "ui/style/Theme.h"

#include <QElapsedTimer>
#include <QLockFile>
#include <QObject>
#include <QTemporaryDir>

#include <memory>

namespace parley::auth {
struct OpenedSecretStore;
class SecretStore;
} // namespace parley::auth
namespace parley::chat {
class Line;
}
namespace parley::demo {
class DemoWorld;
}
namespace parley::desk {
class Desk;
}
namespace parley::store {
class Database;
}
namespace parley::ui {
class ConnectDialog;
class DeskBinding;
class FirstRun;
class MainWindow;
struct SignInChoice;
} // namespace parley::ui

namespace parley::console {

class CrmLink;

class Console : public QObject
{
    Q_OBJECT

public:
    /// The clock must outlive it, and the answers that are still under way when it goes.
    Console(Options options, Clock &clock, QObject *parent = nullptr);
    ~Console() override;

    /// Opens the profile and shows the first window. The error's detail is a sentence for standard error.
    Result<Done> start();

    [[nodiscard]] desk::Desk *desk() const { return m_desk.get(); }
    [[nodiscard]] ui::MainWindow *window() const { return m_window.get(); }
    [[nodiscard]] ui::DeskBinding *binding() const { return m_binding.get(); }
    [[nodiscard]] ui::FirstRun *firstRun() const { return m_firstRun.get(); }
    [[nodiscard]] ui::ConnectDialog *connectDialog() const { return m_connectDialog.get(); }
    /// Signing in to the org of the connection in use; or to any, with a client id of its own.
    void showConnectDialog();
    void connectAnother();
    [[nodiscard]] ui::Theme &theme() { return m_theme; }
    [[nodiscard]] demo::DemoWorld *demoWorld() const { return m_demo.get(); }
    [[nodiscard]] CrmLink *crm() const { return m_crm.get(); }

private:
    Result<Done> openProfile();
    void joinCrm();
    void showFirstWindow();
    void takeSecrets(const auth::OpenedSecretStore &secrets);
    void showFirstRun();
    void showMainWindow();
    void joinConnections(); ///< the settings' list of CRM connections to the link
    void tellConnections();
    Result<Done> startDemo();
    void takeForDemo(const QString &chat);
    void signIn(const QUrl &hub, const QString &email, const QString &password, bool keep);
    void onLineState();
    void keepHubToken(const QString &token);
    [[nodiscard]] QString knownClientId() const;
    void connectCrm(const ui::SignInChoice &choice);
    void sayCrmProblem(const Error &error);
    void printTiming(const QJsonObject &line) const;

    const Options m_options;
    QElapsedTimer m_sinceStart;
    Clock &m_clock;
    std::unique_ptr<QTemporaryDir> m_throwAway; // the demo's profile
    QString m_profileDir;
    std::unique_ptr<QLockFile> m_lock;
    std::unique_ptr<settings::Settings> m_settings;
    ui::Theme m_theme;
    std::shared_ptr<net::NetworkTransport> m_transport; // shared with requests under way
    std::shared_ptr<store::Database> m_database;        // shared by the tables in it
    std::shared_ptr<chat::Line> m_line;                 // shared with its own coroutines
    std::shared_ptr<auth::SecretStore>
        m_secrets; // null until the keychain answered; shared with its coroutines
    std::unique_ptr<desk::Desk> m_desk;
    std::unique_ptr<CrmLink> m_crm;
    std::unique_ptr<demo::DemoWorld> m_demo;
    std::unique_ptr<ui::FirstRun> m_firstRun;
    std::unique_ptr<ui::MainWindow> m_window;
    std::unique_ptr<ui::DeskBinding> m_binding;
    std::unique_ptr<ui::ConnectDialog> m_connectDialog;
    QList<crm::Connection> m_connections; // as the profile had them when they last changed
    QUrl m_hub;
    QString m_email;
    QString m_hubToken; // until the keychain has answered, and for as long as it is good
    bool m_keepsToken = false;
    bool m_hasOpenedDemoChat = false;
};

} // namespace parley::console
