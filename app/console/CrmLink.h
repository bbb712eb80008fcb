// Joins the console to a CRM: from the profile's connection, from a sign-in, or with a client's own
// credentials.
#pragma once

#include "core/auth/OAuthClient.h"
#include "core/auth/SecretStore.h"
#include "core/auth/SignInFlow.h"
#include "core/crm/Connections.h"
#include "core/crm/DocumentCache.h"
#include "core/desk/DeskValues.h"
#include "core/net/NetworkTransport.h"

#include <QObject>

#include <memory>

namespace parley::auth {
class OAuthTokenSource;
}

namespace parley::console {

/// Where to sign in and as which client.
struct CrmTarget {
    QUrl loginUrl;
    QString clientId;
    QString clientSecret;          ///< empty: a public client
    QList<QUrl> redirectUris = {}; ///< empty: those that Parley is registered with
};

class CrmLink : public QObject
{
    Q_OBJECT

public:
    /// The clock must outlive it.
    CrmLink(Clock &clock, QString profileDir, std::shared_ptr<crm::DocumentCache> documents,
            QObject *parent = nullptr);
    ~CrmLink() override;

    /// The keychain has answered, or none does. Until then secrets are kept in memory.
    void useSecrets(std::shared_ptr<auth::SecretStore> secrets);
    /// Connects as the profile's active connection says, as soon as its secrets can be had. Does nothing
    /// while there is a session.
    void restore();
    /// Connects without a person; nothing is kept.
    void connectAsService(const CrmTarget &target);
    /// Surroundings without the window program and the browser: those are filled in here.
    void signIn(const CrmTarget &target, auth::Via via, auth::SignInFlow::Surroundings surroundings);
    void cancelSignIn();
    void signOut();
    /// The profile's connections; a damaged profile has none, and the log says why.
    [[nodiscard]] QList<crm::Connection> connections() const;
    /// Leaves the org that is in use for another one of the profile.
    void use(const QString &id);
    /// Signs out of it (the server revokes what it gave) and takes it out of the profile. No other is
    /// used in its place before somebody says so.
    void forget(const QString &id);

    /// Asks the org in use who it is and who works there; ends in changed().
    void learnWho();

    [[nodiscard]] desk::CrmStatus status() const { return m_status; }
    [[nodiscard]] std::shared_ptr<crm::CrmClient> client() const;
    [[nodiscard]] bool keepsSecrets() const { return m_secrets->isPersistent(); }

signals:
    /// Client and status changed together.
    void changed();
    void signInFailed(const parley::Error &error);
    void signInDone();

private:
    struct Session;
    void resume(const crm::Connection &connection, const QString &secret);
    void refuse(const Error &error);
    void open(std::shared_ptr<Session> session);
    void adopt(const auth::SignedIn &signedIn);
    void setStatus(desk::CrmStatus status);
    /// Who and which org it turned out to be, for the next start and for the settings' list.
    /// Before anybody is told.
    void remember(const Session &session, const desk::CrmStatus &status);

    Clock &m_clock;
    const QString m_profileDir;
    std::shared_ptr<crm::DocumentCache> m_documents;    // shared with clients
    std::shared_ptr<auth::SecretStore> m_secrets;       // shared with token sources
    bool m_hasAsked = false;                            // the keychain has answered, or none does
    std::shared_ptr<net::NetworkTransport> m_transport; // shared with requests under way
    std::shared_ptr<auth::OAuthClient> m_oauth;         // shared with its own coroutines
    std::shared_ptr<auth::SignInFlow> m_flow;
    qint64 m_generation = 0;            // of the wish whose answers count: use, forget, sign in, sign out
    std::shared_ptr<Session> m_current; // shared with answers on their way
    desk::CrmStatus m_status;
};

} // namespace parley::console
