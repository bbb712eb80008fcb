// One attempt to sign in: the address to open, and how the redirect that answers it is judged.
#pragma once

#include "core/auth/OAuthSettings.h"
#include "core/base/Result.h"

#include <QByteArray>

namespace parley::auth {

/// RFC 7636: 64 random bytes as 86 characters, and their S256 challenge.
struct Pkce {
    QByteArray verifier;
    QByteArray challenge;
};
Pkce newPkce();
QByteArray challengeOf(const QByteArray &verifier);

struct AuthorizationRequest {
    QUrl url;            ///< to be opened
    QUrl redirectUri;    ///< what the answer must match to the letter
    QByteArray state;    ///< 256 random bits
    QByteArray verifier; ///< goes to the token endpoint only
    QString issuer;
    bool isIssuerRequired = false;
};

AuthorizationRequest newAuthorizationRequest(const OAuthSettings &settings, const QUrl &redirectUri);

/// True where the address is the redirect URI plus a query: scheme, host, port and path to the letter.
bool isRedirect(const QUrl &address, const QUrl &redirectUri);

/// The code that the redirect carries. Rejected (remoteCode "state_mismatch", "issuer_mismatch") when it does
/// not belong to this attempt; Forbidden with the server's code and words when the person or the server said
/// no; BadReply when it says nothing, or the same thing twice.
Result<QByteArray> codeFrom(const QUrl &redirect, const AuthorizationRequest &request);

} // namespace parley::auth
