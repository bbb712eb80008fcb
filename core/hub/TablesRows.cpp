// What Tables remembers of its rows: statements, the chats read lately, and what is written back of them at a
// flush.
#include "core/hub/Columns.h"
#include "core/hub/Tables.h"

#include <QJsonDocument>

namespace parley::hub {

using namespace Qt::Literals::StringLiterals;
using store::Statement;
using wire::Code;
using wire::refusal;

namespace {

constexpr char kChatColumns[] =
    "no, id, visitor, state, channel, agent, agent_name, fields, links, started, accepted, ended, waiting, "
    "last_at,"
    " preview, preview_author, last_seq, delivered, read, agent_read, claimed_by, claimed_until, written";
constexpr char kMessageColumns[] = "m.seq, m.sender, m.cid, m.at, m.author, m.kind, m.agent, m.name, m.text, "
                                   "m.event, f.id, f.name, f.type, f.size";
// Ended chats are forgotten first, and only when very many are remembered.
constexpr qsizetype kRowsKept = 20'000;

QByteArray sql(const char *before, const char *columns, const char *after)
{
    return QByteArray(before) + columns + after;
}

} // namespace

Tables::Tables(store::Sqlite &database)
    : m_db(database)
{
    m_findChat = m_db.prepare(sql("SELECT ", kChatColumns, " FROM chats WHERE id = ?"));
    m_findStart =
        m_db.prepare(sql("SELECT ", kChatColumns, " FROM chats WHERE visitor = ? AND start_cid = ?"));
    m_findLive = m_db.prepare(sql("SELECT ", kChatColumns, " FROM chats WHERE state < 2"));
    m_findLiveOf = m_db.prepare("SELECT id FROM chats WHERE visitor = ? AND state < 2");
    m_longestWaiting =
        m_db.prepare("SELECT id FROM chats WHERE state < 2 AND state = 0 ORDER BY started, no LIMIT 1");
    m_insertChat = m_db.prepare("INSERT INTO chats (id, visitor, start_cid, state, channel, fields, started)"
                                " VALUES (?, ?, ?, ?, ?, ?, ?)");
    m_saveProgress = m_db.prepare(
        "UPDATE chats SET waiting = ?, last_at = ?, preview = ?, preview_author = ?, last_seq = ?,"
        " delivered = ?, read = ?, agent_read = ? WHERE no = ?");
    m_saveChat = m_db.prepare(
        "UPDATE chats SET state = ?, agent = ?, agent_name = ?, fields = ?, links = ?, accepted = ?,"
        " ended = ?, claimed_by = ?, claimed_until = ?, written = ? WHERE no = ?");
    m_insertMessage = m_db.prepare(
        "INSERT INTO messages (chat, seq, sender, cid, at, author, kind, agent, name, text, event,"
        " file) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (chat, sender, cid) DO NOTHING");
    m_findCid = m_db.prepare(sql("SELECT ", kMessageColumns,
                                 " FROM messages m LEFT JOIN files f ON f.no = m.file"
                                 " WHERE m.chat = ? AND m.sender = ? AND m.cid = ?"));
    m_logForAgent = m_db.prepare(sql("SELECT ", kMessageColumns,
                                     " FROM messages m LEFT JOIN files f ON f.no = m.file"
                                     " WHERE m.chat = ? AND m.seq > ? ORDER BY m.seq LIMIT ?"));
    m_logForVisitor =
        m_db.prepare(sql("SELECT ", kMessageColumns,
                         " FROM messages m LEFT JOIN files f ON f.no = m.file WHERE m.chat = ? AND m.seq > ?"
                         " AND m.kind <> 1 AND m.event <> 'recordLinked' ORDER BY m.seq LIMIT ?"));
    m_findVisitor = m_db.prepare(
        "SELECT seen, visits, chats, landing_page, landing_title, referrer FROM visitors WHERE id = ?");
    m_upsertVisitor = m_db.prepare(
        "INSERT INTO visitors (id, created, seen, visits, chats, landing_page, landing_title, referrer)"
        " VALUES (?1, ?2, ?2, 1, 0, ?3, ?4, ?5) ON CONFLICT (id) DO UPDATE SET"
        " visits = visits + (?2 - seen > ?6), seen = ?2");
    m_countChat = m_db.prepare("UPDATE visitors SET chats = chats + 1, seen = ? WHERE id = ?");
    m_findFileByCid = m_db.prepare(
        "SELECT no, id, received, size, seq FROM files WHERE chat = ? AND sender = ? AND cid = ?");
    m_findFile = m_db.prepare("SELECT f.no, c.id, f.sender, f.cid, f.name, f.type, f.size, f.received, f.seq"
                              " FROM files f JOIN chats c ON c.no = f.chat WHERE f.id = ?");
    m_insertFile =
        m_db.prepare("INSERT INTO files (id, chat, sender, cid, name, type, size, received, created)"
                     " VALUES (?, ?, ?, ?, ?, ?, ?, 0, ?)");
    m_saveFile = m_db.prepare("UPDATE files SET received = ?, seq = ? WHERE no = ?");
    m_insertPiece = m_db.prepare("INSERT INTO pieces (file, at, data) VALUES (?, ?, ?)");
    m_findPiece =
        m_db.prepare("SELECT at, data FROM pieces WHERE file = ? AND at <= ? ORDER BY at DESC LIMIT 1");
    m_accountByEmail =
        m_db.prepare("SELECT no, email, name, role, password, epoch FROM agents WHERE email = ?");
    m_epochs = m_db.prepare("SELECT no, epoch FROM agents");
    m_accountByNo = m_db.prepare("SELECT no, email, name, role, password, epoch FROM agents WHERE no = ?");
}

Error Tables::storageError() const
{
    return m_db.lastError();
}

void Tables::forget()
{
    m_dirty.clear();
    m_rows.clear();
}

void Tables::touch(Row &row, bool isProgress)
{
    (isProgress ? row.hasProgressed : row.hasChanged) = true;
    m_dirty.insert(&row);
}

Result<Done> Tables::flush()
{
    for (Row *row : std::as_const(m_dirty)) {
        const Chat &chat = row->chat;
        if (row->hasProgressed &&
            !m_saveProgress
                 .bind(msOf(chat.waitingSince), msOf(chat.lastAt), chat.preview, int(chat.previewAuthor),
                       chat.lastSeq, chat.deliveredSeq, chat.readSeq, chat.agentReadSeq, row->no)
                 .run())
            return fail(storageError());
        if (row->hasChanged) {
            const QString links =
                QString::fromUtf8(QJsonDocument(wire::toJson(chat.links)).toJson(QJsonDocument::Compact));
            m_saveChat.bind(int(chat.state), chat.agent.value, chat.agentName, jsonOf(chat.fields), links,
                            msOf(chat.acceptedAt), msOf(chat.endedAt), row->claimedBy, row->claimedUntil,
                            row->isWritten, row->no);
            if (!m_saveChat.run())
                return fail(storageError());
        }
        row->hasProgressed = row->hasChanged = false;
    }
    m_dirty.clear();
    if (m_rows.size() > kRowsKept)
        m_rows.removeIf([](auto it) { return it.value()->chat.state == ChatState::Ended; });
    return Done{};
}

Result<Tables::Row *> Tables::load(Statement &statement)
{
    auto row = std::make_shared<Row>();
    Chat &chat = row->chat;
    row->no = statement.number(0);
    chat.id = {statement.text(1)};
    if (const auto known = m_rows.value(chat.id.value))
        return known.get(); // what is remembered is newer than the file
    chat.visitor = {statement.text(2)};
    chat.state = ChatState(statement.number(3));
    chat.channel = Channel(statement.number(4));
    chat.agent = {statement.text(5)};
    chat.agentName = statement.text(6);
    const QJsonObject members = QJsonDocument::fromJson(statement.text(7).toUtf8()).object();
    for (auto it = members.begin(); it != members.end(); ++it)
        chat.fields.insert(it.key(), it.value().toString());
    chat.links = wire::linksFrom(QJsonDocument::fromJson(statement.text(8).toUtf8()).array())
                     .value_or(QList<RecordRef>());
    chat.startedAt = timeOf(statement.number(9));
    chat.acceptedAt = timeOf(statement.number(10));
    chat.endedAt = timeOf(statement.number(11));
    chat.waitingSince = timeOf(statement.number(12));
    chat.lastAt = timeOf(statement.number(13));
    chat.preview = statement.text(14);
    chat.previewAuthor = Author(statement.number(15));
    chat.lastSeq = statement.number(16);
    chat.deliveredSeq = statement.number(17);
    chat.readSeq = statement.number(18);
    chat.agentReadSeq = statement.number(19);
    row->claimedBy = statement.text(20);
    row->claimedUntil = statement.number(21);
    row->isWritten = statement.number(22) != 0;
    m_rows.insert(chat.id.value, row);
    return row.get();
}

Result<Tables::Row *> Tables::find(const ChatId &id)
{
    if (const auto known = m_rows.constFind(id.value); known != m_rows.constEnd())
        return known->get();
    const Step step = m_findChat.bind(id.value).step();
    if (step == Step::Failed)
        return fail(storageError());
    if (step == Step::Done) {
        m_findChat.reset();
        return fail(refusal(Code::NotFound, u"no such chat, or not one of yours"_s));
    }
    auto row = load(m_findChat);
    m_findChat.reset();
    return row;
}

Result<Tables::Row *> Tables::findFor(const Who &who, const ChatId &id, bool mayWait)
{
    auto row = find(id);
    if (!row)
        return row;
    const Chat &chat = (*row)->chat;
    const bool isOwn = who.isAgent()
                           ? chat.agent == who.agent || who.isSupervisor || (mayWait && chat.agent.isEmpty())
                           : !who.visitor.isEmpty() && chat.visitor == who.visitor;
    if (!isOwn)
        return fail(refusal(Code::NotFound, u"no such chat, or not one of yours"_s));
    return row;
}

Message Tables::messageAt(const Statement &row, const ChatId &chat)
{
    Message message{.chat = chat, .seq = row.number(0)};
    if (row.text(1) != kHubSender)
        message.clientId = {row.text(2)};
    message.at = timeOf(row.number(3));
    message.author = Author(row.number(4));
    message.kind = MessageKind(row.number(5));
    message.agent = {row.text(6)};
    message.authorName = row.text(7);
    message.text = row.text(8);
    message.event = row.text(9);
    if (!row.isNull(10))
        message.attachment = Attachment{
            .id = {row.text(10)}, .name = row.text(11), .mimeType = row.text(12), .size = row.number(13)};
    return message;
}

Result<QList<Chat>> Tables::liveChats()
{
    QList<Chat> chats;
    Step step = m_findLive.bind().step();
    for (; step == Step::Row; step = m_findLive.step())
        chats.append((*load(m_findLive))->chat);
    m_findLive.reset();
    if (step == Step::Failed)
        return fail(storageError());
    return chats;
}

} // namespace parley::hub
