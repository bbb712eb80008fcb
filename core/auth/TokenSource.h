// Hands out the access token that is good now and gets a new one, once, when it was refused.
#pragma once

#include "core/base/Async.h"

#include <QByteArray>
#include <QUrl>

namespace parley::auth {

struct AccessToken {
    QByteArray value;      ///< for "Authorization: Bearer"; never logged
    QUrl instanceUrl;      ///< where API calls go (Salesforce: instance_url; Dataverse: the resource)
    QString identityUrl;   ///< Salesforce: id; empty elsewhere
    qint64 generation = 0; ///< grows with each new token
};

class TokenSource
{
public:
    TokenSource() = default;
    TokenSource(const TokenSource &) = delete;
    TokenSource &operator=(const TokenSource &) = delete;
    virtual ~TokenSource() = default;

    /// The token to use; Unauthorized when nobody is signed in.
    virtual Async<AccessToken> token() = 0;

    /// To be called when the server refused a request that was sent with that generation. Ends at once with
    /// the newer token when there is one already; otherwise refreshes, one refresh for all who wait.
    /// Unauthorized: sign in again.
    virtual Async<AccessToken> renewed(qint64 refusedGeneration) = 0;
};

} // namespace parley::auth
