#include "core/chat/LineTable.h"

#include "core/chat/Refusals.h"
#include "core/store/Database.h"
#include "core/store/Execute.h"
#include "core/store/FieldMapJson.h"
#include "core/wire/Objects.h"

#include <QSqlQuery>

namespace parley::chat {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr std::array kKinds{"say"_L1, "note"_L1, "file"_L1, "end"_L1, "link"_L1, "release"_L1};

QJsonObject jsonOf(const Outgoing &outgoing)
{
    QJsonObject object{{u"kind"_s, kKinds.at(std::size_t(outgoing.kind))},
                       {u"text"_s, outgoing.text},
                       {u"links"_s, wire::toJson(outgoing.links)},
                       {u"done"_s, outgoing.isDone},
                       {u"madeAt"_s, wire::toWire(outgoing.madeAt)},
                       {u"failed"_s, outgoing.state == OutgoingState::Failed}};
    if (outgoing.file)
        object.insert(u"file"_s, wire::toJson(*outgoing.file));
    if (outgoing.error)
        object.insert(u"refusal"_s, outgoing.error->remoteCode);
    return object;
}

Outgoing outgoingOf(const QSqlQuery &row)
{
    const QJsonObject object = store::objectOf(row.value(3).toString());
    const QString kind = object.value(u"kind"_s).toString();
    const auto found = std::ranges::find_if(kKinds, [&kind](QLatin1StringView name) { return name == kind; });
    Outgoing outgoing;
    outgoing.cid = {row.value(0).toString()};
    outgoing.chat = {row.value(1).toString()};
    outgoing.position = row.value(2).toLongLong();
    if (found != kKinds.end())
        outgoing.kind = OutgoingKind(std::distance(kKinds.begin(), found));
    outgoing.text = object.value(u"text"_s).toString();
    if (const auto links = wire::linksFrom(object.value(u"links"_s).toArray()))
        outgoing.links = *links;
    outgoing.isDone = object.value(u"done"_s).toBool();
    outgoing.madeAt = wire::timeFrom(object.value(u"madeAt"_s).toString());
    if (object.value(u"failed"_s).toBool()) {
        outgoing.state = OutgoingState::Failed;
        outgoing.error = errorOf(object.value(u"refusal"_s).toString());
    }
    if (object.contains(u"file"_s)) {
        if (const auto file = wire::attachmentFrom(object.value(u"file"_s).toObject()))
            outgoing.file = *file;
    }
    return outgoing;
}

Result<Done> insertMessages(QSqlDatabase &database, const QList<Message> &messages)
{
    QSqlQuery query(database);
    query.prepare(u"INSERT OR IGNORE INTO line_message (chat, seq, entry) VALUES (?, ?, ?)"_s);
    for (const Message &message : messages) {
        const auto done =
            store::execute(query, {message.chat.value, message.seq, store::textOf(wire::toJson(message))});
        if (!done)
            return done;
    }
    return Done{};
}

} // namespace

bool createLineTables(QSqlQuery &query)
{
    return query.exec(u"CREATE TABLE line_chat (id TEXT PRIMARY KEY NOT NULL, chat TEXT NOT NULL, "
                      "is_hidden INTEGER NOT NULL DEFAULT 0)"_s) &&
           query.exec(
               u"CREATE TABLE line_message (chat TEXT NOT NULL, seq INTEGER NOT NULL, entry TEXT NOT NULL, "
               "PRIMARY KEY (chat, seq)) WITHOUT ROWID"_s) &&
           query.exec(u"CREATE TABLE line_outgoing (cid TEXT PRIMARY KEY NOT NULL, chat TEXT NOT NULL, "
                      "position INTEGER NOT NULL, body TEXT NOT NULL, content BLOB)"_s) &&
           query.exec(
               u"CREATE TABLE line_owner (id INTEGER PRIMARY KEY CHECK (id = 1), agent TEXT NOT NULL)"_s);
}

LineTable::LineTable(std::shared_ptr<store::Database> database)
    : m_database(std::move(database))
{}

Result<StoredLine> LineTable::load()
{
    return m_database->runBlocking([](QSqlDatabase &database) -> Result<StoredLine> {
        StoredLine stored;
        QSqlQuery query(database);
        if (!query.exec(u"SELECT chat FROM line_chat WHERE is_hidden = 0 ORDER BY id"_s))
            return fail(store::errorOf(query));
        while (query.next()) {
            if (auto chat = wire::chatFrom(store::objectOf(query.value(0).toString())))
                stored.chats += StoredChat{*chat, {}};
        }
        query.prepare(u"SELECT entry FROM line_message WHERE chat = ? ORDER BY seq"_s);
        for (StoredChat &chat : stored.chats) {
            if (const auto done = store::execute(query, {chat.chat.id.value}); !done)
                return fail(done.error());
            while (query.next()) {
                const auto message =
                    wire::messageFrom(store::objectOf(query.value(0).toString()), chat.chat.id);
                // A gap or a damaged row ends what is trusted: the hub has the rest.
                if (!message || message->seq != chat.messages.size() + 1)
                    break;
                chat.messages += *message;
            }
        }
        if (!query.exec(u"SELECT cid, chat, position, body FROM line_outgoing ORDER BY position"_s))
            return fail(store::errorOf(query));
        while (query.next())
            stored.outgoing += outgoingOf(query);
        return stored;
    });
}

Async<Done> LineTable::saveChats(QList<Chat> chats)
{
    return m_database->transact([chats = std::move(chats)](QSqlDatabase &database) -> Result<Done> {
        QSqlQuery query(database);
        query.prepare(u"INSERT INTO line_chat (id, chat) VALUES (?, ?) "
                      "ON CONFLICT (id) DO UPDATE SET chat = excluded.chat, is_hidden = 0"_s);
        for (const Chat &chat : chats) {
            if (const auto done = store::execute(query, {chat.id.value, store::textOf(wire::toJson(chat))});
                !done)
                return done;
        }
        return Done{};
    });
}

Async<Done> LineTable::saveMessages(QList<Message> messages)
{
    return m_database->transact([messages = std::move(messages)](QSqlDatabase &database) {
        return insertMessages(database, messages);
    });
}

Async<Done> LineTable::hide(ChatId chat)
{
    return m_database->run([chat = std::move(chat)](QSqlDatabase &database) {
        return store::execute(database, u"UPDATE line_chat SET is_hidden = 1 WHERE id = ?"_s, {chat.value});
    });
}

Async<Done> LineTable::forget(ChatId chat)
{
    return m_database->transact([chat = std::move(chat)](QSqlDatabase &database) -> Result<Done> {
        for (const auto &statement :
             {u"DELETE FROM line_chat WHERE id = ?"_s, u"DELETE FROM line_message WHERE chat = ?"_s}) {
            if (const auto done = store::execute(database, statement, {chat.value}); !done)
                return done;
        }
        return Done{};
    });
}

Result<QString> LineTable::owner()
{
    return m_database->runBlocking([](QSqlDatabase &database) -> Result<QString> {
        QSqlQuery query(database);
        if (!query.exec(u"SELECT agent FROM line_owner"_s))
            return fail(store::errorOf(query));
        return query.next() ? query.value(0).toString() : QString();
    });
}

Async<Done> LineTable::setOwner(QString owner)
{
    return m_database->run([owner = std::move(owner)](QSqlDatabase &database) {
        return store::execute(database, u"INSERT OR REPLACE INTO line_owner (id, agent) VALUES (1, ?)"_s,
                              {owner});
    });
}

Async<Done> LineTable::clear()
{
    return m_database->transact([](QSqlDatabase &database) -> Result<Done> {
        for (const auto &table : {u"line_chat"_s, u"line_message"_s, u"line_outgoing"_s}) {
            if (const auto done = store::execute(database, u"DELETE FROM "_s + table, {}); !done)
                return done;
        }
        return Done{};
    });
}

Async<Done> LineTable::enqueue(Outgoing outgoing, QByteArray content)
{
    return m_database->transact([outgoing = std::move(outgoing),
                                 content = std::move(content)](QSqlDatabase &database) {
        return store::execute(
            database,
            u"INSERT OR IGNORE INTO line_outgoing (cid, chat, position, body, content) VALUES (?, ?, ?, ?, ?)"_s,
            {outgoing.cid.value, outgoing.chat.value, outgoing.position, store::textOf(jsonOf(outgoing)),
             outgoing.kind == OutgoingKind::File ? QVariant(content) : QVariant()});
    });
}

Async<Done> LineTable::update(Outgoing outgoing)
{
    return m_database->run([outgoing = std::move(outgoing)](QSqlDatabase &database) {
        return store::execute(database, u"UPDATE line_outgoing SET body = ?, position = ? WHERE cid = ?"_s,
                              {store::textOf(jsonOf(outgoing)), outgoing.position, outgoing.cid.value});
    });
}

Async<QByteArray> LineTable::content(ClientId cid)
{
    return m_database->run([cid = std::move(cid)](QSqlDatabase &database) -> Result<QByteArray> {
        QSqlQuery query(database);
        query.prepare(u"SELECT content FROM line_outgoing WHERE cid = ?"_s);
        if (const auto done = store::execute(query, {cid.value}); !done)
            return fail(done.error());
        if (!query.next())
            return fail(Errc::NotFound);
        return query.value(0).toByteArray();
    });
}

Async<Done> LineTable::settle(ClientId cid, QList<Message> messages)
{
    return m_database->transact(
        [cid = std::move(cid), messages = std::move(messages)](QSqlDatabase &database) -> Result<Done> {
            if (const auto done = insertMessages(database, messages); !done)
                return done;
            return store::execute(database, u"DELETE FROM line_outgoing WHERE cid = ?"_s, {cid.value});
        });
}

} // namespace parley::chat
