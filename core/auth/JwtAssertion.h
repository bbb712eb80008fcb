// The proof with which a server signs in without a person (RFC 7523): a few claims, signed with its private
// key.
#pragma once

#include "core/base/Result.h"

#include <QByteArray>
#include <QDateTime>
#include <QString>

namespace parley::auth {

struct JwtClaims {
    QString issuer;   ///< our client id
    QString subject;  ///< the user as whom the server works
    QString audience; ///< the sign-in server
    QDateTime expiresAt;
};

/// A JWT signed with RS256. InvalidInput, with a sentence for people, when the key is none that can sign: not
/// PEM, not RSA, or locked with a passphrase.
Result<QByteArray> jwtAssertion(const JwtClaims &claims, const QByteArray &privateKeyPem);

} // namespace parley::auth
