// The desk's tables: what is remembered of each chat, which values were tied to which record, what every
// lookup found.
#pragma once

#include "core/base/Async.h"
#include "core/desk/ChatMemory.h"

#include <memory>

class QSqlQuery;

namespace parley::store {
class Database;
}

namespace parley::desk {

/// The tables as a migration step; the profile's list of steps gives it a number.
bool createDeskTables(QSqlQuery &query);

/// "A visitor with this value is that record": the agent ticked "Remember".
struct Tie {
    QString field; ///< the CRM field that was equal
    QString value; ///< folded case
    RecordRef record;
    friend bool operator==(const Tie &, const Tie &) = default;
};

class DeskTable
{
public:
    explicit DeskTable(std::shared_ptr<store::Database> database);

    /// Blocks: for starting.
    Result<QHash<ChatId, ChatMemory>> loadMemories();
    Result<QList<Tie>> loadTies();

    Async<Done> saveMemory(ChatId chat, ChatMemory memory);
    Async<Done> saveTies(QList<Tie> ties);
    /// One line of the match history: what was found, chosen, rejected, unlinked.
    Async<Done> logMatch(ChatId chat, QDateTime at, QString what, RecordRef record, QString evidence);

private:
    std::shared_ptr<store::Database> m_database; // shared: other tables live in the same file
};

} // namespace parley::desk
