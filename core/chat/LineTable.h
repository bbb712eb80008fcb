// The console's own copy of its chats: what was seen, and what is still to be sent. Survives kill -9.
#pragma once

#include "core/base/Async.h"
#include "core/chat/Outgoing.h"

#include <memory>

class QSqlQuery;

namespace parley::store {
class Database;
}

namespace parley::chat {

/// The tables as a migration step; the profile's list of steps gives it a number.
bool createLineTables(QSqlQuery &query);

struct StoredChat {
    Chat chat;
    QList<Message> messages; ///< 1..n without a gap
};

struct StoredLine {
    QList<StoredChat> chats; ///< without the hidden ones
    QList<Outgoing> outgoing;
};

class LineTable
{
public:
    explicit LineTable(std::shared_ptr<store::Database> database);

    Result<StoredLine> load(); ///< Blocks: for starting.

    Async<Done> saveChats(QList<Chat> chats);
    Async<Done> saveMessages(QList<Message> messages);
    /// Off the list for good, unless the hub opens it again. The messages stay.
    Async<Done> hide(ChatId chat);
    Async<Done> forget(ChatId chat);
    /// Whose chats these are. Another agent's are forgotten.
    Result<QString> owner();
    Async<Done> setOwner(QString owner);
    Async<Done> clear();

    Async<Done> enqueue(Outgoing outgoing, QByteArray content);
    Async<Done> update(Outgoing outgoing);
    Async<QByteArray> content(ClientId cid);
    /// The hub has it: one transaction takes it out of the queue and puts its message, if any, into the log.
    Async<Done> settle(ClientId cid, QList<Message> messages);

private:
    std::shared_ptr<store::Database> m_database; // shared: other tables live in the same file
};

} // namespace parley::chat
