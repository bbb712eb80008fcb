// The CRM connections of a profile, as connections.json keeps them; never a secret, only where one is.
#pragma once

#include "core/base/Result.h"

#include <QList>
#include <QString>
#include <QUrl>

namespace parley::crm {

struct Connection {
    QString id;    ///< "salesforce", "salesforce-2"; also names its tokens in the secret store
    QString name;  ///< for people
    QString kind;  ///< "salesforce"
    QUrl loginUrl; ///< where to sign in: https://login.salesforce.com, a My Domain, the sandbox
    QString clientId;
    QString grant;      ///< "authorization-code", "client-credentials" or "jwt-bearer"
    QString secretFile; ///< absolute path of the file that holds the client secret; empty: a public client
    /// The secret was handed over once and is in the system's keychain under secretKey().
    bool isSecretInKeychain = false;
    QString userName; ///< who signed in, once known; with "jwt-bearer" as whom (a login name)
    bool isActive = false;
    QString organisation = {}; ///< the org's id, once known: many orgs have one login address
    QString keyFile =
        {}; ///< absolute path of the private key (PEM) that signs the assertions of "jwt-bearer"
    QString instanceHost = {}; ///< where its records are, once known: "tallyworks.my.salesforce.com"
    friend bool operator==(const Connection &, const Connection &) = default;

    /// No person signs in: a server does, by itself.
    [[nodiscard]] bool isService() const { return grant != QLatin1String("authorization-code"); }
    /// Under which the secret store keeps the tokens and the client secret of this connection. The profile is
    /// part of it by its folder's name: two profiles on one computer do not share a sign-in.
    [[nodiscard]] QString tokensKey(const QString &profileDir) const;
    [[nodiscard]] QString secretKey(const QString &profileDir) const;
};

class ConnectionStore
{
public:
    explicit ConnectionStore(QString profileDir);

    /// In the order in which they were made; empty when the profile has none. Storage when the file is
    /// damaged.
    [[nodiscard]] Result<QList<Connection>> load() const;
    /// Keeps what other versions of Parley wrote into the entries. The file is for its owner only.
    [[nodiscard]] Result<Done> save(const QList<Connection> &connections) const;
    /// Gives it an id, makes it the active one and saves.
    [[nodiscard]] Result<Connection> add(Connection connection) const;
    /// NotFound when there is none of that id. Another one becomes the active one.
    [[nodiscard]] Result<Done> remove(const QString &id) const;
    /// Makes it the active one. NotFound when there is none of that id.
    [[nodiscard]] Result<Done> use(const QString &id) const;
    /// No connection is the active one any more: somebody has to choose.
    [[nodiscard]] Result<Done> useNone() const;
    /// Keeps what changed about the connection of that id. NotFound when there is none.
    [[nodiscard]] Result<Done> change(const Connection &connection) const;
    /// The active one; NotFound when there is none.
    [[nodiscard]] Result<Connection> active() const;
    [[nodiscard]] QString path() const;

private:
    QString m_profileDir;
};

} // namespace parley::crm
