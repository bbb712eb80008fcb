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

// These work while a hub serves the same folder: it ends within seconds what is signed in with an account
// that is gone or has another password. Errors by remoteCode: "exists", "no_account", "no_data" (a folder
// without a hub's data), "data_dir", "newer".

/// Makes the account. Blocks for the hash (about 0.1 s), as do the next two.
Result<Agent> addAgent(const QString &dataDir, const NewAgent &agent);
/// Makes the account, or gives an existing one (same e-mail) that name, role and password.
Result<Agent> putAgent(const QString &dataDir, const NewAgent &agent);
Result<Agent> setPassword(const QString &dataDir, const QString &email, const QString &password);
struct Removed {
    Agent agent;
    int openChats = 0; ///< that were the agent's and stay open: a supervisor may end them
};
Result<Removed> removeAgent(const QString &dataDir, const QString &email);
Result<QList<Agent>> listAgents(const QString &dataDir);

/// Argon2id, libsodium's interactive limits. Blocks; safe on any thread.
Result<QString> hashPassword(const QString &password);
/// Takes as long for an empty hash (no such account) as for a wrong password.
bool isPassword(const QString &hash, const QString &password);

} // namespace parley::hub
