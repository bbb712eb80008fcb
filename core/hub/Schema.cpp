#include "core/hub/Schema.h"

#include "core/store/Database.h"

#include <QDir>
#include <QFileInfo>

namespace parley::hub {

using namespace Qt::Literals::StringLiterals;

namespace {

bool runAll(QSqlQuery &query, std::initializer_list<const char *> statements)
{
    return std::ranges::all_of(statements,
                               [&query](const char *sql) { return query.exec(QString::fromLatin1(sql)); });
}

// Times are milliseconds since 1970, UTC; words of the domain are the enumerations' numbers (see Tables.cpp).
bool firstSchema(QSqlQuery &query)
{
    return runAll(
        query, {"CREATE TABLE agents (no INTEGER PRIMARY KEY AUTOINCREMENT, email TEXT NOT NULL COLLATE "
                "NOCASE UNIQUE,"
                " name TEXT NOT NULL, role TEXT NOT NULL, password TEXT NOT NULL, epoch INTEGER NOT NULL, "
                "created INTEGER NOT NULL)",
                "CREATE TABLE visitors (id TEXT PRIMARY KEY, created INTEGER NOT NULL, seen INTEGER NOT NULL,"
                " visits INTEGER NOT NULL, chats INTEGER NOT NULL, landing_page TEXT NOT NULL, landing_title "
                "TEXT NOT NULL,"
                " referrer TEXT NOT NULL) WITHOUT ROWID",
                "CREATE TABLE chats (no INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, visitor TEXT NOT NULL, "
                "start_cid TEXT NOT NULL,"
                " state INTEGER NOT NULL, channel INTEGER NOT NULL, agent TEXT NOT NULL DEFAULT '', "
                "agent_name TEXT NOT NULL DEFAULT '',"
                " fields TEXT NOT NULL, links TEXT NOT NULL DEFAULT '[]', started INTEGER NOT NULL, accepted "
                "INTEGER NOT NULL DEFAULT 0,"
                " ended INTEGER NOT NULL DEFAULT 0, waiting INTEGER NOT NULL DEFAULT 0, last_at INTEGER NOT "
                "NULL DEFAULT 0,"
                " preview TEXT NOT NULL DEFAULT '', preview_author INTEGER NOT NULL DEFAULT 0, last_seq "
                "INTEGER NOT NULL DEFAULT 0,"
                " delivered INTEGER NOT NULL DEFAULT 0, read INTEGER NOT NULL DEFAULT 0, agent_read INTEGER "
                "NOT NULL DEFAULT 0,"
                " claimed_by TEXT NOT NULL DEFAULT '', claimed_until INTEGER NOT NULL DEFAULT 0, written "
                "INTEGER NOT NULL DEFAULT 0,"
                " UNIQUE (visitor, start_cid))",
                "CREATE INDEX chats_live ON chats (state) WHERE state < 2",
                "CREATE TABLE messages (chat INTEGER NOT NULL, seq INTEGER NOT NULL, sender TEXT NOT NULL, "
                "cid TEXT NOT NULL,"
                " at INTEGER NOT NULL, author INTEGER NOT NULL, kind INTEGER NOT NULL, agent TEXT NOT NULL, "
                "name TEXT NOT NULL,"
                " text TEXT NOT NULL, event TEXT NOT NULL, file INTEGER NOT NULL, PRIMARY KEY (chat, seq)) "
                "WITHOUT ROWID",
                "CREATE UNIQUE INDEX messages_cid ON messages (chat, sender, cid)",
                "CREATE TABLE files (no INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, chat INTEGER NOT NULL, "
                "sender TEXT NOT NULL,"
                " cid TEXT NOT NULL, name TEXT NOT NULL, type TEXT NOT NULL, size INTEGER NOT NULL, received "
                "INTEGER NOT NULL,"
                " created INTEGER NOT NULL, seq INTEGER NOT NULL DEFAULT 0, UNIQUE (chat, sender, cid))",
                "CREATE TABLE pieces (file INTEGER NOT NULL REFERENCES files (no) ON DELETE CASCADE, at "
                "INTEGER NOT NULL,"
                " data BLOB NOT NULL, PRIMARY KEY (file, at))"});
}

constexpr store::Migration kSteps[] = {{1, firstSchema}};
static_assert(std::ranges::adjacent_find(kSteps, std::ranges::greater_equal{}, &store::Migration::version) ==
                  std::end(kSteps),
              "two branches took the same schema number");

} // namespace

std::span<const store::Migration> hubSchema()
{
    return kSteps;
}

QString databasePath(const QString &dataDir)
{
    return QDir(dataDir).filePath(u"hub.db"_s);
}

Result<Done> prepareDataDir(const QString &dataDir)
{
    const QFileInfo folder(dataDir);
    if (!folder.exists()) {
        if (!QDir().mkpath(dataDir))
            return fail({.code = Errc::Storage,
                         .detail = u"cannot make the folder "_s + dataDir,
                         .remoteCode = u"data_dir"_s});
        QFile::setPermissions(dataDir,
                              QFileDevice::ReadOwner | QFileDevice::WriteOwner | QFileDevice::ExeOwner);
    }
    if (!QFileInfo(dataDir).isDir() || !QFileInfo(dataDir).isWritable()) {
        return fail({.code = Errc::Storage,
                     .detail = u"cannot write to the folder "_s + dataDir,
                     .remoteCode = u"data_dir"_s});
    }
    const auto database = store::Database::open(databasePath(dataDir), hubSchema());
    if (!database) {
        Error error = database.error();
        error.detail = u"%1: %2"_s.arg(databasePath(dataDir), error.detail);
        return fail(error);
    }
    // SQLite gives its log files the database's own permissions.
    QFile::setPermissions(databasePath(dataDir), QFileDevice::ReadOwner | QFileDevice::WriteOwner);
    return Done{};
}

} // namespace parley::hub
