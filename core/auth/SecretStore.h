// Keeps secrets between runs: in the system's keychain, or in memory where there is none. Never in a file of
// ours.
#pragma once

#include "core/base/Async.h"

#include <QByteArray>
#include <QHash>
#include <QString>

#include <memory>

namespace parley {
class Clock;
}

namespace parley::auth {

class SecretStore
{
public:
    SecretStore() = default;
    SecretStore(const SecretStore &) = delete;
    SecretStore &operator=(const SecretStore &) = delete;
    virtual ~SecretStore() = default;

    /// NotFound when there is none of that key; Storage when the keychain does not answer or refuses.
    virtual Async<QByteArray> read(QString key) = 0;
    virtual Async<Done> write(QString key, QByteArray secret) = 0;
    /// Fine, too, when there was none.
    virtual Async<Done> remove(QString key) = 0;
    /// False: everything is forgotten at the program's end, and the agent must be told so.
    [[nodiscard]] virtual bool isPersistent() const = 0;
};

class MemorySecretStore final : public SecretStore, public std::enable_shared_from_this<MemorySecretStore>
{
public:
    Async<QByteArray> read(QString key) override;
    Async<Done> write(QString key, QByteArray secret) override;
    Async<Done> remove(QString key) override;
    [[nodiscard]] bool isPersistent() const override { return false; }

private:
    QHash<QString, QByteArray> m_secrets;
};

/// QtKeychain under the service name io.github.parley.Parley, its plain-text fallback switched off.
class KeychainSecretStore final : public SecretStore, public std::enable_shared_from_this<KeychainSecretStore>
{
public:
    Async<QByteArray> read(QString key) override;
    Async<Done> write(QString key, QByteArray secret) override;
    Async<Done> remove(QString key) override;
    [[nodiscard]] bool isPersistent() const override { return true; }
};

struct OpenedSecretStore {
    std::shared_ptr<SecretStore> store;
    /// Why it is not the keychain; no error where it is.
    std::optional<Error> notKept;
};

/// The keychain if it keeps, gives back and forgets a probe within that time, else memory. Never fails. The
/// person may have to unlock the keychain meanwhile, so the time is a long one. The clock must outlive it.
QCoro::Task<OpenedSecretStore> openSecretStore(Clock *clock,
                                               std::chrono::milliseconds limit = std::chrono::seconds(30));

} // namespace parley::auth
