// One run's way to the CRM: the profile's connection, its tokens, the client. Built when a command needs it.
#pragma once

#include "core/auth/OAuthClient.h"
#include "core/auth/SecretStore.h"
#include "core/auth/TokenSource.h"
#include "core/base/Clock.h"
#include "core/crm/Connections.h"
#include "core/net/NetworkTransport.h"
#include "core/net/Retry.h"
#include "core/salesforce/SalesforceClient.h"

namespace parley::ctl {

struct NewConnection {
    QString name;
    QUrl loginUrl;
    QString clientId;
    QString secretFile; ///< "-": standard input
    QString grant;
    QString keyFile = {};  ///< with jwt-bearer
    QString userName = {}; ///< with jwt-bearer
    QList<QUrl> redirectUris;
    bool opensBrowser = true;
};

// Held by shared_ptr for its coroutines; owns all that the client refers to.
class Session final : public std::enable_shared_from_this<Session>
{
public:
    Session(QString profileDir, QString connectionId);

    [[nodiscard]] const QString &profileDir() const { return m_profileDir; }
    /// Host of the CRM that this run is about; empty before one was chosen.
    [[nodiscard]] const QString &server() const { return m_server; }
    [[nodiscard]] crm::ConnectionStore connections() const { return crm::ConnectionStore(m_profileDir); }
    [[nodiscard]] const crm::Connection &connection() const { return m_connection; }

    /// Signs in with it; saved only when that worked.
    Async<crm::Connection> add(NewConnection wanted);
    /// The client of the chosen connection.
    Async<std::shared_ptr<salesforce::SalesforceClient>> open();
    /// Signs out and forgets it. Not being able to tell the server does not keep it.
    Async<Done> remove(QString id);

private:
    [[nodiscard]] Error noConnection(const QString &id) const;
    Async<auth::OAuthSettings> settingsOf(crm::Connection connection);
    Async<auth::SecretStore *> secrets();
    Async<auth::TokenSet> signInByBrowser(auth::OAuthSettings settings, bool opensBrowser);

    QString m_profileDir;
    QString m_connectionId;
    QString m_server;
    SystemClock m_clock;
    std::shared_ptr<net::NetworkTransport> m_network = std::make_shared<net::NetworkTransport>();
    std::shared_ptr<net::RetryingTransport> m_retrying;
    std::shared_ptr<auth::OAuthClient> m_oauth;
    std::shared_ptr<auth::SecretStore> m_secrets; // shared with the token source
    std::shared_ptr<auth::TokenSource> m_tokens;  // its coroutines keep it
    std::shared_ptr<salesforce::SalesforceClient> m_client;
    crm::Connection m_connection;
};

} // namespace parley::ctl
