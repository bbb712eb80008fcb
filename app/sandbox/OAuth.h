// Signs people and programs in: the authorize pages, the token endpoint and everything about tokens.
#pragma once

#include "app/sandbox/HttpFrames.h"
#include "app/sandbox/Store.h"

#include <chrono>

namespace parley {
class Clock;
}

namespace parley::sandbox {

struct OAuthSettings {
    QString baseUrl; ///< http://127.0.0.1:port, without a slash at the end
    QString clientId;
    QString clientSecret;
    QString username;
    QString password; ///< the same for every active user
    QStringList redirectUris;
    bool requireSecret = false; ///< "Require secret for Web Server Flow"
    QByteArray certificate;     ///< PEM, of the app ("Use digital signatures"); empty: no JWT bearer flow
    std::chrono::seconds codeLifetime{60};
    std::chrono::seconds sessionLifetime{7200};
};

struct Session {
    QString token;
    QString userId;
    QString clientId;
    QString scope;
};

class OAuth
{
public:
    OAuth(Store &store, const Metadata &metadata, Clock &clock, OAuthSettings settings);

    /// The reply for any path under /services/oauth2, /id, /.well-known and /services/Soap; nothing for other
    /// paths.
    [[nodiscard]] std::optional<Reply> serve(const Request &request);
    /// The session of the Authorization header (Bearer or OAuth).
    [[nodiscard]] std::optional<Session> session(const Request &request);
    [[nodiscard]] const OAuthSettings &settings() const { return m_settings; }

private:
    struct Asked { ///< an authorize request, from the page to the code's exchange
        QString redirectUri;
        QString clientId;
        QString state;
        QString scope;
        QString challenge;
        QString userId;
        QString family; ///< of the tokens that its code was exchanged for
        QDateTime until;
        bool used = false;
    };
    struct Client {
        bool known = false;
        bool secretGiven = false;
        bool secretRight = false;
    };

    Reply authorize(const FormValues &form);
    Reply signIn(const FormValues &form);
    Reply consent(const FormValues &form);
    Reply back(const Asked &asked, const QString &name, const QString &value,
               const QString &description = {});
    Reply token(const Request &request);
    Reply exchangeCode(const FormValues &form, const Client &client);
    Reply refresh(const FormValues &form, const Client &client);
    Reply password(const FormValues &form, const Client &client);
    Reply clientCredentials(const FormValues &form, const Client &client);
    Reply jwtBearer(const FormValues &form);
    Reply revoke(const FormValues &form);
    Reply introspect(const Request &request, const FormValues &form);
    Reply userInfo(const Request &request);
    Reply identity(const Request &request);
    Reply discovery() const;
    Reply soap(const Request &request);

    Reply grant(const QString &userId, const QString &scope, const QString &family, bool refreshable);
    Client clientOf(const Request &request, const FormValues &form) const;
    QString pkceFault(const Asked &asked, const QString &verifier, const Client &client) const;
    QVariantMap userByName(const QString &username);
    QVariantMap userById(const QString &id);
    QString newToken(const QString &prefix) const;
    void putToken(const QString &token, const QString &kind, const QString &userId, const QString &scope,
                  const QString &family, std::chrono::seconds lifetime);
    QVariantMap findToken(const QString &token);
    void dropFamily(const QString &family);
    void forgetOld();

    Store &m_store;
    const Metadata &m_metadata;
    Clock &m_clock;
    OAuthSettings m_settings;
    QHash<QString, Asked> m_asked; ///< by ticket, while the pages are open
    QHash<QString, Asked> m_codes;
};

/// The token endpoint's way to say no.
[[nodiscard]] Reply tokenError(const QString &error, const QString &description, int status = 400);

/// The sign-in page, its error line and the consent page; all values are escaped.
[[nodiscard]] QByteArray signInPage(const QString &ticket, const QString &username, const QString &error);
[[nodiscard]] QByteArray consentPage(const QString &ticket, const QString &user, const QStringList &scopes);
[[nodiscard]] QByteArray errorPage(const QString &code, const QString &description);

} // namespace parley::sandbox
