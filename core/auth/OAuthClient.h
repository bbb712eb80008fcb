// The conversations with a sign-in server that need no person: token, refresh, revoke, who am I, discovery.
#pragma once

#include "core/auth/AuthorizationRequest.h"
#include "core/auth/OAuthSettings.h"
#include "core/base/Async.h"

#include <QByteArray>
#include <QDateTime>
#include <QJsonObject>

#include <chrono>
#include <memory>
#include <optional>

namespace parley::net {
class HttpTransport;
struct HttpRequest;
} // namespace parley::net

namespace parley::auth {

struct TokenSet {
    QByteArray accessToken;
    QByteArray refreshToken; ///< empty when the server gave none
    QUrl instanceUrl;
    QString identityUrl;
    QStringList scopes;
    std::optional<std::chrono::seconds> expiresIn; ///< Salesforce never says
    friend bool operator==(const TokenSet &, const TokenSet &) = default;
};

/// Who is signed in, as the server tells. Any member may be empty.
struct UserInfo {
    QString userId;
    QString organizationId;
    QString name;
    QString email;
    QString userName;
    QString zoneInfo;
    friend bool operator==(const UserInfo &, const UserInfo &) = default;
};

/// Errors: Unauthorized is invalid_grant, a person must sign in again. Rejected is a wrong registration
/// (invalid_client, redirect_uri_mismatch, ...). What the server said is in remoteCode and remoteMessage. An
/// answer that is not JSON is BadReply, with httpStatus.
class OAuthClient : public std::enable_shared_from_this<OAuthClient>
{
public:
    explicit OAuthClient(std::shared_ptr<net::HttpTransport> transport);

    Async<TokenSet> exchangeCode(OAuthSettings settings, AuthorizationRequest request, QByteArray code);
    Async<TokenSet> refresh(OAuthSettings settings, QByteArray refreshToken);
    Async<TokenSet> clientCredentials(OAuthSettings settings);
    /// now: by the clock on the wall; the assertion is good for three minutes from then.
    Async<TokenSet> jwtBearer(OAuthSettings settings, QDateTime now);
    Async<Done> revoke(OAuthSettings settings, QByteArray token);
    Async<UserInfo> userInfo(OAuthSettings settings, QByteArray accessToken);
    /// Fills in the endpoints from the issuer's /.well-known/openid-configuration.
    Async<OAuthSettings> discover(OAuthSettings settings, QUrl issuer);

private:
    using Form = QList<std::pair<QByteArray, QByteArray>>;
    Async<TokenSet> askForTokens(OAuthSettings settings, Form form);
    net::HttpRequest formRequest(const QUrl &url, const OAuthSettings &settings, Form form) const;

    std::shared_ptr<net::HttpTransport> m_transport; // shared with conversations under way
};

} // namespace parley::auth
