// Makes and checks the signed tokens by which visitors and agents are known again, and random ids.
#pragma once

#include "core/base/Result.h"
#include "core/domain/Ids.h"

#include <QByteArray>

#include <optional>

namespace parley::hub {

/// An id nobody can guess: the letter, then 16 characters of Crockford's base 32 (80 bits).
QString randomId(char letter);

class Tokens
{
public:
    /// Reads the secret of that data folder, or makes it (file mode 0600).
    static Result<Tokens> open(const QString &dataDir);

    [[nodiscard]] QString forVisitor(const VisitorId &visitor) const;
    /// The visitor, when the token is ours and whole.
    [[nodiscard]] std::optional<VisitorId> visitorOf(const QString &token) const;

    struct AgentClaim {
        AgentId agent;
        qint64 epoch = 0;    ///< of the account's password: a new password makes all tokens bad
        qint64 issuedAt = 0; ///< seconds since 1970
    };
    [[nodiscard]] QString forAgent(const AgentClaim &claim) const;
    [[nodiscard]] std::optional<AgentClaim> agentOf(const QString &token) const;

private:
    explicit Tokens(QByteArray key);
    [[nodiscard]] QString sign(const QByteArray &kind, const QByteArray &payload) const;
    [[nodiscard]] std::optional<QByteArray> payloadOf(const QByteArray &kind, const QString &token) const;

    QByteArray m_key;
};

} // namespace parley::hub
