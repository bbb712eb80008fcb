#include "core/hub/Accounts.h"

#include "core/base/Clock.h"
#include "core/hub/Schema.h"
#include "core/hub/Text.h"
#include "core/store/Sqlite.h"

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

Result<Done> check(const NewAgent &agent)
{
    static const QRegularExpression address(u"^[^@\\s]+@[^@\\s]+$"_s);
    static const QStringList roles{u"agent"_s, u"supervisor"_s, u"admin"_s};
    if (!address.match(agent.email).hasMatch())
        return fail(invalid(u"email"_s, u"not an e-mail address"_s));
    if (cleanLine(agent.name, 120).isEmpty())
        return fail(invalid(u"name"_s, u"a name is needed"_s));
    if (!roles.contains(agent.role))
        return fail(invalid(u"role"_s, u"the role is agent, supervisor or admin"_s));
    if (agent.password.size() < kShortestPassword)
        return fail(
            invalid(u"password"_s, u"the password needs at least %1 characters"_s.arg(kShortestPassword)));
    return Done{};
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

Result<Agent> putAgent(const QString &dataDir, const NewAgent &agent)
{
    if (const auto good = check(agent); !good)
        return fail(good.error());
    if (const auto ready = prepareDataDir(dataDir); !ready)
        return fail(ready.error());
    const auto hash = hashPassword(agent.password);
    if (!hash)
        return fail(hash.error());
    const auto database = store::Sqlite::open(databasePath(dataDir));
    if (!database)
        return fail(database.error());
    Statement put = (*database)->prepare(
        "INSERT INTO agents (email, name, role, password, epoch, created) VALUES (?1, ?2, ?3, ?4, 1, ?5)"
        " ON CONFLICT (email) DO UPDATE SET name = ?2, role = ?3, password = ?4, epoch = epoch + 1");
    const QString email = agent.email.trimmed();
    if (!put.bind(email, cleanLine(agent.name, 120), agent.role, *hash,
                  SystemClock().now().toMSecsSinceEpoch())
             .run())
        return fail((*database)->lastError());
    const auto all = listAgents(dataDir);
    if (!all)
        return fail(all.error());
    const auto made = std::ranges::find_if(
        *all, [&email](const Agent &one) { return one.email.compare(email, Qt::CaseInsensitive) == 0; });
    if (made == all->end())
        return fail(Errc::Storage, u"the account is not there"_s);
    return *made;
}

Result<QList<Agent>> listAgents(const QString &dataDir)
{
    if (const auto ready = prepareDataDir(dataDir); !ready)
        return fail(ready.error());
    const auto database = store::Sqlite::open(databasePath(dataDir));
    if (!database)
        return fail(database.error());
    Statement all = (*database)->prepare("SELECT no, email, name, role FROM agents ORDER BY no");
    QList<Agent> agents;
    Statement::Step step = all.step();
    for (; step == Statement::Step::Row; step = all.step())
        agents.append({.id = {u"A%1"_s.arg(all.number(0))},
                       .name = all.text(2),
                       .email = all.text(1),
                       .role = all.text(3)});
    if (step == Statement::Step::Failed)
        return fail((*database)->lastError());
    return agents;
}

} // namespace parley::hub
