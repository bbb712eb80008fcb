// From a connection of the profile to what the sign-in needs: the addresses, and the secrets that lie in
// files.
#pragma once

#include "core/auth/OAuthSettings.h"
#include "core/base/Result.h"
#include "core/crm/Connections.h"

namespace parley::salesforce {

/// The first line of a file, or of standard input ("-"). InvalidInput with a sentence for people.
Result<QString> readSecret(const QString &path);

/// The whole of a private key's file. InvalidInput with a sentence for people.
Result<QByteArray> readKey(const QString &path);

/// secret: where the connection's own file does not hold it (the keychain does, or nothing).
/// InvalidInput with a sentence for people: a file that cannot be read, an address where no token may travel
/// to.
Result<auth::OAuthSettings> settingsFor(const crm::Connection &connection, const QString &secret = {});

} // namespace parley::salesforce
