#include "core/desk/DeskTable.h"

#include "core/store/Database.h"
#include "core/store/Execute.h"
#include "core/store/FieldMapJson.h"

#include <QSqlQuery>

namespace parley::desk {

using namespace Qt::Literals::StringLiterals;

bool createDeskTables(QSqlQuery &query)
{
    return query.exec(u"CREATE TABLE desk_chat (chat TEXT PRIMARY KEY NOT NULL, memory TEXT NOT NULL)"_s) &&
           query.exec(u"CREATE TABLE desk_tie (field TEXT NOT NULL, value TEXT NOT NULL, kind TEXT NOT NULL, "
                      "record TEXT NOT NULL, PRIMARY KEY (field, value))"_s) &&
           query.exec(
               u"CREATE TABLE desk_match_log (id INTEGER PRIMARY KEY, chat TEXT NOT NULL, at INTEGER NOT "
               u"NULL, "
               "what TEXT NOT NULL, kind TEXT NOT NULL, record TEXT NOT NULL, evidence TEXT NOT NULL)"_s);
}

DeskTable::DeskTable(std::shared_ptr<store::Database> database)
    : m_database(std::move(database))
{}

Result<QHash<ChatId, ChatMemory>> DeskTable::loadMemories()
{
    return m_database->runBlocking([](QSqlDatabase &database) -> Result<QHash<ChatId, ChatMemory>> {
        QSqlQuery query(database);
        if (!query.exec(u"SELECT chat, memory FROM desk_chat"_s))
            return fail(store::errorOf(query));
        QHash<ChatId, ChatMemory> memories;
        while (query.next())
            memories.insert({query.value(0).toString()},
                            memoryOf(store::objectOf(query.value(1).toString())));
        return memories;
    });
}

Result<QList<Tie>> DeskTable::loadTies()
{
    return m_database->runBlocking([](QSqlDatabase &database) -> Result<QList<Tie>> {
        QSqlQuery query(database);
        if (!query.exec(u"SELECT field, value, kind, record FROM desk_tie"_s))
            return fail(store::errorOf(query));
        QList<Tie> ties;
        while (query.next()) {
            const RecordRef record{.kind = {query.value(2).toString()}, .id = {query.value(3).toString()}};
            ties += Tie{query.value(0).toString(), query.value(1).toString(), record};
        }
        return ties;
    });
}

Async<Done> DeskTable::saveMemory(ChatId chat, ChatMemory memory)
{
    return m_database->run([chat = std::move(chat), memory = std::move(memory)](QSqlDatabase &database) {
        return store::execute(database, u"INSERT OR REPLACE INTO desk_chat (chat, memory) VALUES (?, ?)"_s,
                              {chat.value, store::textOf(jsonOf(memory))});
    });
}

Async<Done> DeskTable::saveTies(QList<Tie> ties)
{
    return m_database->transact([ties = std::move(ties)](QSqlDatabase &database) -> Result<Done> {
        for (const Tie &tie : ties) {
            const auto done = store::execute(
                database,
                u"INSERT OR REPLACE INTO desk_tie (field, value, kind, record) VALUES (?, ?, ?, ?)"_s,
                {tie.field, tie.value, tie.record.kind.name, tie.record.id.value});
            if (!done)
                return done;
        }
        return Done{};
    });
}

Async<Done> DeskTable::logMatch(ChatId chat, QDateTime at, QString what, RecordRef record, QString evidence)
{
    return m_database->run([=](QSqlDatabase &database) {
        return store::execute(
            database,
            u"INSERT INTO desk_match_log (chat, at, what, kind, record, evidence) VALUES (?, ?, ?, ?, ?, ?)"_s,
            {chat.value, at.toMSecsSinceEpoch(), what, record.kind.name, record.id.value, evidence});
    });
}

} // namespace parley::desk
