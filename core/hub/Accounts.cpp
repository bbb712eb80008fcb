#include "core/hub/Accounts.h"

#include "core/base/Clock.h"
#include "core/hub/Schema.h"
#include "core/hub/Text.h"
#include "core/store/Sqlite.h"

#include <QFileInfo>
#include <QRegularExpression>

#include <sodium.h>

namespace parley::hub {

using namespace Qt::Literals::StringLiterals;
using store::Statement;

namespace {

constexpr qsizetype kShortestPassword = 8;

Error invalid(const QString &field, const QString &why)
{
    return {.code = Errc::InvalidInput, .detail = why, .fields = {{.field = field, .message = why}}};
}

Result<Done> checkPassword(const QString &password)
{
    if (password.size() < kShortestPassword)
        return fail(
            invalid(u"password"_s, u"the password needs at least %1 characters"_s.arg(kShortestPassword)));
    return Done{};
}

Result<Done> check(const NewAgent &agent)
{
    static const QRegularExpression address(u"^[^@\\s]+@[^@\\s]+$"_s);
    static const QStringList roles{u"agent"_s, u"supervisor"_s, u"admin"_s};
    if (!address.match(agent.email).hasMatch())
        return fail(invalid(u"email"_s, u"'%1' is not an e-mail address"_s.arg(agent.email)));
    if (cleanLine(agent.name, 120).isEmpty())
        return fail(invalid(u"name"_s, u"a name is needed"_s));
    if (!roles.contains(agent.role))
        return fail(
            invalid(u"role"_s, u"the role is agent, supervisor or admin, not '%1'"_s.arg(agent.role)));
    return checkPassword(agent.password);
}

/// The database of a folder that is a hub's already: to look at accounts must not make one of a mistyped
/// name.
Result<std::unique_ptr<store::Sqlite>> openAccounts(const QString &dataDir)
{
    if (!QFileInfo(databasePath(dataDir)).exists())
        return fail({.code = Errc::NotFound,
                     .detail = u"there is no hub's data in %1"_s.arg(dataDir),
                     .remoteCode = u"no_data"_s});
    if (const auto ready = prepareDataDir(dataDir); !ready)
        return fail(ready.error());
    return store::Sqlite::open(databasePath(dataDir));
}

Result<QList<Agent>> all(store::Sqlite &database)
{
    Statement rows = database.prepare("SELECT no, email, name, role FROM agents ORDER BY no");
    QList<Agent> agents;
    Statement::Step step = rows.step();
    for (; step == Statement::Step::Row; step = rows.step())
        agents.append({.id = {u"A%1"_s.arg(rows.number(0))},
                       .name = rows.text(2),
                       .email = rows.text(1),
                       .role = rows.text(3)});
    if (step == Statement::Step::Failed)
        return fail(database.lastError());
    return agents;
}

Result<Agent> find(store::Sqlite &database, const QString &email)
{
    const auto agents = all(database);
    if (!agents)
        return fail(agents.error());
    const auto known = std::ranges::find_if(*agents, [&email](const Agent &one) {
        return one.email.compare(email.trimmed(), Qt::CaseInsensitive) == 0;
    });
    if (known == agents->end())
        return fail({.code = Errc::NotFound,
                     .detail = u"there is no account %1"_s.arg(email.trimmed()),
                     .remoteCode = u"no_account"_s});
    return *known;
}

/// onConflict: what becomes of an account with that e-mail; empty: it stays, and that is an error.
Result<Agent> insertAgent(const QString &dataDir, const NewAgent &agent, const QByteArray &onConflict)
{
    if (const auto good = check(agent); !good)
        return fail(good.error());
    if (const auto ready = prepareDataDir(dataDir); !ready)
        return fail(ready.error());
    const auto database = store::Sqlite::open(databasePath(dataDir));
    if (!database)
        return fail(database.error());
    const QString email = agent.email.trimmed();
    const Error exists{.code = Errc::Conflict,
                       .detail = u"there is an account %1 already"_s.arg(email),
                       .remoteCode = u"exists"_s};
    if (onConflict.isEmpty() && find(**database, email))
        return fail(exists);
    const auto hash = hashPassword(agent.password);
    if (!hash)
        return fail(hash.error());
    Statement put = (*database)->prepare(
        "INSERT INTO agents (email, name, role, password, epoch, created) VALUES (?1, ?2, ?3, ?4, 1, ?5)" +
        (onConflict.isEmpty() ? QByteArray(" ON CONFLICT (email) DO NOTHING") : onConflict));
    if (!put.bind(email, cleanLine(agent.name, 120), agent.role, *hash,
                  SystemClock().now().toMSecsSinceEpoch())
             .run())
        return fail((*database)->lastError());
    if ((*database)->changes() == 0) // another administrator was quicker
        return fail(exists);
    return find(**database, email);
}

} // namespace

Result<QString> hashPassword(const QString &password)
{
    if (sodium_init() < 0)
        return fail(Errc::Storage, u"libsodium does not start"_s);
    const QByteArray utf8 = password.toUtf8();
    char hash[crypto_pwhash_STRBYTES];
    if (crypto_pwhash_str(hash, utf8.constData(), size_t(utf8.size()), crypto_pwhash_OPSLIMIT_INTERACTIVE,
                          crypto_pwhash_MEMLIMIT_INTERACTIVE) != 0)
        return fail(Errc::Storage, u"not enough memory to hash a password"_s);
    return QString::fromLatin1(hash);
}

bool isPassword(const QString &hash, const QString &password)
{
    static const QString nobodys = hashPassword(u"nobody has this one"_s).value_or(QString());
    const QByteArray stored = (hash.isEmpty() ? nobodys : hash).toLatin1();
    const QByteArray utf8 = password.toUtf8();
    const bool isRight =
        crypto_pwhash_str_verify(stored.constData(), utf8.constData(), size_t(utf8.size())) == 0;
    return isRight && !hash.isEmpty();
}

Result<Agent> addAgent(const QString &dataDir, const NewAgent &agent)
{
    return insertAgent(dataDir, agent, "");
}

Result<Agent> putAgent(const QString &dataDir, const NewAgent &agent)
{
    return insertAgent(
        dataDir, agent,
        " ON CONFLICT (email) DO UPDATE SET name = ?2, role = ?3, password = ?4, epoch = epoch + 1");
}

Result<Agent> setPassword(const QString &dataDir, const QString &email, const QString &password)
{
    if (const auto good = checkPassword(password); !good)
        return fail(good.error());
    const auto database = openAccounts(dataDir);
    if (!database)
        return fail(database.error());
    const auto known = find(**database, email);
    if (!known)
        return known;
    const auto hash = hashPassword(password);
    if (!hash)
        return fail(hash.error());
    Statement set = (*database)->prepare("UPDATE agents SET password = ?, epoch = epoch + 1 WHERE email = ?");
    if (!set.bind(*hash, known->email).run())
        return fail((*database)->lastError());
    return known;
}

Result<Removed> removeAgent(const QString &dataDir, const QString &email)
{
    const auto database = openAccounts(dataDir);
    if (!database)
        return fail(database.error());
    const auto known = find(**database, email);
    if (!known)
        return fail(known.error());
    Removed removed{.agent = *known};
    Statement open =
        (*database)->prepare("SELECT count(*) FROM chats WHERE state < 2 AND state = ? AND agent = ?");
    if (open.bind(int(ChatState::Open), known->id.value).step() != Statement::Step::Row)
        return fail((*database)->lastError());
    removed.openChats = int(open.number(0));
    open.reset();
    Statement remove = (*database)->prepare("DELETE FROM agents WHERE email = ?");
    if (!remove.bind(known->email).run())
        return fail((*database)->lastError());
    return removed;
}

Result<QList<Agent>> listAgents(const QString &dataDir)
{
    const auto database = openAccounts(dataDir);
    if (!database)
        return fail(database.error());
    return all(**database);
}

} // namespace parley::hub
