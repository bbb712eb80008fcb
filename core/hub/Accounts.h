// The agents' accounts as an administrator makes them, and the check of a password.
#pragma once

#include "core/base/Result.h"
#include "core/domain/Chat.h"

#include <QList>

namespace parley::hub {

struct NewAgent {
    QString email;
    QString name;
    QString role = QStringLiteral("agent"); ///< agent, supervisor, admin
    QString password;
};

/// Makes the account, or gives an existing one (same e-mail) that name, role and password; its old tokens are
/// no longer good then. Works while a hub serves the same folder. Blocks for the hash (about 0.1 s).
Result<Agent> putAgent(const QString &dataDir, const NewAgent &agent);
Result<QList<Agent>> listAgents(const QString &dataDir);

/// Argon2id, libsodium's interactive limits. Blocks; safe on any thread.
Result<QString> hashPassword(const QString &password);
/// Takes as long for an empty hash (no such account) as for a wrong password.
bool isPassword(const QString &hash, const QString &password);

} // namespace parley::hub
