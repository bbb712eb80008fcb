#include "core/hub/Tables.h"

#include "core/hub/Text.h"
#include "core/hub/Tokens.h"

#include <QJsonDocument>

namespace parley::hub {

using namespace Qt::Literals::StringLiterals;
using store::Statement;
using wire::Code;
using wire::refusal;

namespace {

/// Of a page of the log: with its last text, which may be the longest one, it stays below 1 MiB.
constexpr qint64 kLargestPageBytes = qint64(768) * 1024;
/// At most, in UTF-8; escaped control characters are few (core/hub/Text takes them out).
constexpr qint64 kBytesPerCharacter = 3;

constexpr char kChatColumns[] =
    "no, id, visitor, state, channel, agent, agent_name, fields, links, started, accepted, ended, waiting, "
    "last_at,"
    " preview, preview_author, last_seq, delivered, read, agent_read, claimed_by, claimed_until, written";
constexpr char kMessageColumns[] = "m.seq, m.sender, m.cid, m.at, m.author, m.kind, m.agent, m.name, m.text, "
                                   "m.event, f.id, f.name, f.type, f.size";
// A visit ends when nothing was heard of the visitor for half an hour.
constexpr qint64 kVisitMs = 30 * 60 * 1000;
// Ended chats are forgotten first, and only when very many are remembered.
constexpr qsizetype kRowsKept = 20'000;
const QString kHubSender = QStringLiteral("*");

QByteArray sql(const char *before, const char *columns, const char *after)
{
    return QByteArray(before) + columns + after;
}

QDateTime timeOf(qint64 ms)
{
    return ms > 0 ? QDateTime::fromMSecsSinceEpoch(ms, Qt::UTC) : QDateTime();
}

qint64 msOf(const QDateTime &at)
{
    return at.isValid() ? at.toMSecsSinceEpoch() : 0;
}

QString jsonOf(const LiveChatFields &fields)
{
    return QString::fromUtf8(QJsonDocument(wire::toJson(fields)).toJson(QJsonDocument::Compact));
}

} // namespace

QString senderKey(const Who &who)
{
    return who.isAgent() ? who.agent.value : QString();
}

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

Result<Appended> Tables::repeated(Row &row, const QString &sender, const ClientId &cid)
{
    const Step step = m_findCid.bind(row.no, sender, cid.value).step();
    if (step == Step::Failed)
        return fail(storageError());
    if (step == Step::Done) {
        m_findCid.reset();
        return fail(refusal(Code::NotFound, u"no such message"_s));
    }
    Appended known{.message = messageAt(m_findCid, row.chat.id),
                   .atMs = m_findCid.number(3),
                   .isRepeated = true,
                   .chat = row.chat};
    m_findCid.reset();
    return known;
}

std::optional<Result<Appended>> Tables::knownAlready(Row &row, const Who &who, const ClientId &cid)
{
    auto known = repeated(row, senderKey(who), cid);
    if (!known && known.error().code == Errc::NotFound)
        return std::nullopt;
    return known;
}

void Tables::advance(Row &row, const Message &message)
{
    Chat &chat = row.chat;
    chat.lastSeq = message.seq;
    const bool isSpoken = message.kind == MessageKind::Text || message.kind == MessageKind::File;
    if (isSpoken) {
        chat.lastAt = message.at;
        chat.preview = previewOf(message.attachment ? message.attachment->name : message.text);
        chat.previewAuthor = message.author;
        if (message.author == Author::Visitor && !chat.waitingSince.isValid())
            chat.waitingSince = message.at;
        else if (message.author != Author::Visitor)
            chat.waitingSince = QDateTime();
    }
    // Who writes has seen what was there.
    if (message.author == Author::Agent && message.kind != MessageKind::Event)
        chat.agentReadSeq = std::max(chat.agentReadSeq, message.seq);
    touch(row, true);
}

Result<Appended> Tables::append(Row &row, const Who &who, Author author, const Draft &draft, qint64 atMs)
{
    const bool isHubs = draft.cid.isEmpty();
    Message message{
        .chat = row.chat.id, .seq = row.chat.lastSeq + 1, .clientId = draft.cid, .author = author};
    if (author == Author::Agent) {
        message.agent = who.agent;
        message.authorName = who.name;
    }
    message.kind = draft.kind;
    message.text = draft.text;
    message.event = draft.event;
    message.attachment = draft.file;
    message.at = timeOf(atMs);
    const QString sender = isHubs ? kHubSender : senderKey(who);
    const QString cid = isHubs ? QString::number(message.seq) : draft.cid.value;
    m_insertMessage.bind(row.no, message.seq, sender, cid, atMs, int(author), int(message.kind),
                         message.agent.value, message.authorName, message.text, message.event, draft.fileNo);
    if (!m_insertMessage.run())
        return fail(storageError());
    if (m_db.changes() == 0)
        return repeated(row, sender, draft.cid);
    advance(row, message);
    return Appended{.message = std::move(message), .atMs = atMs, .isRepeated = false, .chat = row.chat};
}

Result<Appended> Tables::say(const Who &who, const Draft &draft, qint64 atMs)
{
    const auto row = findFor(who, draft.chat, false);
    if (!row)
        return fail(row.error());
    if ((*row)->chat.state == ChatState::Ended) {
        if (const auto known = knownAlready(**row, who, draft.cid))
            return *known;
        // A note after the end is the agent's wrap-up.
        if (draft.kind != MessageKind::Note)
            return fail(refusal(Code::OutOfTurn, u"the chat has ended"_s));
    }
    return append(**row, who, who.isAgent() ? Author::Agent : Author::Visitor, draft, atMs);
}

Result<Appended> Tables::accept(const Who &who, const ChatId &chat, const ClientId &cid, qint64 atMs)
{
    ChatId wanted = chat;
    if (wanted.isEmpty()) {
        if (auto saved = flush(); !saved) // the query below looks at the file
            return fail(saved.error());
        const Step step = m_longestWaiting.bind().step();
        if (step == Step::Failed)
            return fail(storageError());
        if (step == Step::Row)
            wanted = {m_longestWaiting.text(0)};
        m_longestWaiting.reset();
        if (wanted.isEmpty())
            return fail(refusal(Code::NotFound, u"nobody waits"_s));
    }
    const auto row = find(wanted);
    if (!row)
        return fail(row.error());
    Chat &held = (*row)->chat;
    if (const auto known = knownAlready(**row, who, cid))
        return *known;
    if (held.state == ChatState::Ended)
        return fail(refusal(Code::OutOfTurn, u"the chat has ended"_s));
    if (held.state == ChatState::Open && held.agent != who.agent)
        return fail(refusal(Code::Taken, u"another agent has the chat"_s));
    if (held.state == ChatState::Open) // from another console of the same agent
        return Appended{.message = {.chat = held.id, .seq = held.lastSeq},
                        .atMs = msOf(held.acceptedAt),
                        .isRepeated = true,
                        .chat = held};
    held.state = ChatState::Open;
    held.agent = who.agent;
    held.agentName = who.name;
    held.acceptedAt = timeOf(atMs);
    held.fields.insert(fields::chatAgentName, who.name);
    held.fields.insert(fields::chatAgentEmail, who.email);
    touch(**row, false);
    return append(**row, who, Author::Agent,
                  {.chat = wanted, .cid = cid, .kind = MessageKind::Event, .event = u"accepted"_s}, atMs);
}

Result<Appended> Tables::end(const Who &who, const ChatId &chat, const ClientId &cid, qint64 atMs)
{
    const auto row = findFor(who, chat, true);
    if (!row)
        return fail(row.error());
    if (const auto known = knownAlready(**row, who, cid))
        return *known;
    Chat &held = (*row)->chat;
    if (held.state == ChatState::Ended)
        return fail(refusal(Code::OutOfTurn, u"the chat has ended"_s));
    held.state = ChatState::Ended;
    held.endedAt = timeOf(atMs);
    held.waitingSince = QDateTime();
    held.fields.insert(fields::chatEnd, wire::toWire(held.endedAt));
    touch(**row, false);
    const Author author = who.isAgent() ? Author::Agent : Author::Visitor;
    return append(**row, who, author,
                  {.chat = chat, .cid = cid, .kind = MessageKind::Event, .event = u"ended"_s}, atMs);
}

Result<std::optional<Appended>> Tables::endUnattended(const ChatId &chat, qint64 atMs)
{
    const auto row = find(chat);
    if (!row)
        return fail(row.error());
    Chat &held = (*row)->chat;
    if (held.state != ChatState::Waiting)
        return std::nullopt; // accepted or ended while the clock ran out
    held.state = ChatState::Ended;
    held.endedAt = timeOf(atMs);
    held.waitingSince = QDateTime();
    held.fields.insert(fields::chatEnd, wire::toWire(held.endedAt));
    touch(**row, false);
    auto ended = append(**row, {}, Author::System,
                        {.chat = chat, .cid = {}, .kind = MessageKind::Event, .event = u"ended"_s}, atMs);
    if (!ended)
        return fail(ended.error());
    return std::optional(std::move(*ended));
}

Result<Appended> Tables::link(const Who &who, const wire::Link &link, qint64 atMs)
{
    const auto row = findFor(who, link.chat, false);
    if (!row)
        return fail(row.error());
    if (const auto known = knownAlready(**row, who, link.cid))
        return *known;
    Chat &held = (*row)->chat;
    for (const RecordRef &one : link.links) {
        if (!held.links.contains(one))
            held.links.append(one);
    }
    touch(**row, false);
    const Draft draft{
        .chat = link.chat, .cid = link.cid, .kind = MessageKind::Event, .event = u"recordLinked"_s};
    return append(**row, who, Author::Agent, draft, atMs);
}

Result<wire::Claimed> Tables::claim(const Who &who, const wire::Claim &claim, qint64 atMs)
{
    const auto row = findFor(who, claim.chat, true);
    if (!row)
        return fail(row.error());
    Row &held = **row;
    if (held.chat.state != ChatState::Ended)
        return fail(refusal(Code::OutOfTurn, u"the chat has not ended"_s));
    wire::Claimed answer{
        .chat = claim.chat, .cid = claim.cid, .granted = false, .until = {}, .done = held.isWritten};
    const bool isFree =
        held.claimedBy.isEmpty() || held.claimedBy == who.agent.value || held.claimedUntil <= atMs;
    if (!held.isWritten && isFree) {
        held.claimedBy = who.agent.value;
        held.claimedUntil = atMs + std::clamp<qint64>(claim.leaseSeconds, 1, 3600) * 1000;
        touch(held, false);
        answer.granted = true;
    }
    answer.until = timeOf(held.claimedUntil);
    return answer;
}

Result<Chat> Tables::release(const Who &who, const wire::Release &release)
{
    const auto row = findFor(who, release.chat, true);
    if (!row)
        return fail(row.error());
    Row &held = **row;
    if (held.claimedBy == who.agent.value) {
        held.claimedBy.clear();
        held.claimedUntil = 0;
        held.isWritten = held.isWritten || release.done;
        touch(held, false);
    } else if (!(held.isWritten && release.done)) {
        return fail(refusal(Code::OutOfTurn, u"not claimed by you"_s));
    }
    return held.chat;
}

Result<Chat> Tables::mark(const Who &who, const wire::Read &read)
{
    const auto row = findFor(who, read.chat, false);
    if (!row)
        return fail(row.error());
    Chat &chat = (*row)->chat;
    const qint64 seen = std::min(read.read, chat.lastSeq);
    if (who.isAgent()) {
        chat.agentReadSeq = std::max(chat.agentReadSeq, seen);
    } else {
        chat.readSeq = std::max(chat.readSeq, seen);
        chat.deliveredSeq =
            std::max({chat.deliveredSeq, std::min(read.delivered, chat.lastSeq), chat.readSeq});
    }
    touch(**row, true);
    return chat;
}

Result<Chat> Tables::setFields(const ChatId &id, const LiveChatFields &fields)
{
    const auto row = find(id);
    if (!row)
        return fail(row.error());
    (*row)->chat.fields.insert(fields);
    touch(**row, false);
    return (*row)->chat;
}

Result<LogPage> Tables::resume(const Who &who, const wire::Resume &resume, int limit)
{
    const auto row = findFor(who, resume.chat, true);
    if (!row)
        return fail(row.error());
    LogPage page{.chat = (*row)->chat, .entries = {}, .hasMore = false};
    Statement &log = who.isAgent() ? m_logForAgent : m_logForVisitor;
    log.bind((*row)->no, resume.after, limit + 1);
    Step step = log.step();
    // By bytes as well: a page must fit into one frame of the reader, whatever visitors wrote.
    qint64 bytes = 0;
    for (; step == Step::Row && page.entries.size() < limit && bytes < kLargestPageBytes; step = log.step()) {
        page.entries.append(messageAt(log, resume.chat));
        bytes += page.entries.last().text.size() * kBytesPerCharacter;
    }
    page.hasMore = step == Step::Row;
    log.reset();
    if (step == Step::Failed)
        return fail(storageError());
    return page;
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

Result<std::optional<ChatId>> Tables::liveChatOf(const VisitorId &visitor)
{
    QList<ChatId> written; // as the file has them: what is remembered is newer
    Step step = m_findLiveOf.bind(visitor.value).step();
    for (; step == Step::Row; step = m_findLiveOf.step())
        written.append({m_findLiveOf.text(0)});
    m_findLiveOf.reset();
    if (step == Step::Failed)
        return fail(storageError());
    for (const ChatId &id : std::as_const(written)) {
        const auto row = find(id);
        if (!row)
            return fail(row.error());
        if ((*row)->chat.state != ChatState::Ended)
            return id;
    }
    return std::nullopt;
}

Result<QList<Tables::Epoch>> Tables::epochs()
{
    QList<Epoch> all;
    Step step = m_epochs.bind().step();
    for (; step == Step::Row; step = m_epochs.step())
        all.append({{u"A%1"_s.arg(m_epochs.number(0))}, m_epochs.number(1)});
    m_epochs.reset();
    if (step == Step::Failed)
        return fail(storageError());
    return all;
}

Result<Done> Tables::visit(const Visit &visit, qint64 atMs)
{
    m_upsertVisitor.bind(visit.visitor.value, atMs, visit.page.url, visit.page.title, visit.page.referrer,
                         kVisitMs);
    if (!m_upsertVisitor.run())
        return fail(storageError());
    return Done{};
}

void Tables::addVisitorFacts(const VisitorId &visitor, LiveChatFields &known)
{
    if (m_findVisitor.bind(visitor.value).step() == Step::Row) {
        known.insert(fields::visitorVisits, QString::number(m_findVisitor.number(1)));
        known.insert(fields::visitorChats, QString::number(m_findVisitor.number(2)));
        known.insert(fields::visitorLandingPage, m_findVisitor.text(3));
        known.insert(fields::visitorLandingTitle, m_findVisitor.text(4));
        known.insert(fields::visitorReferrer, m_findVisitor.text(5));
        known.removeIf([](auto field) { return field.value().isEmpty(); });
    }
    m_findVisitor.reset();
}

Result<ChatStarted> Tables::start(const Who &who, ChatStart start, qint64 atMs)
{
    const Step known = m_findStart.bind(who.visitor.value, start.cid.value).step();
    if (known == Step::Failed)
        return fail(storageError());
    if (known == Step::Row) {
        const auto row = load(m_findStart);
        m_findStart.reset();
        return ChatStarted{.chat = (*row)->chat, .added = {}, .isRepeated = true};
    }
    m_findStart.reset();
    if (!start.isOffline) {
        const auto live = liveChatOf(who.visitor);
        if (!live)
            return fail(live.error());
        if (*live)
            return ChatStarted{.chat = {.id = **live}, .added = {}, .isOther = true};
    }
    if (!m_countChat.bind(atMs, who.visitor.value).run())
        return fail(storageError());
    addVisitorFacts(who.visitor, start.fields);
    auto row = std::make_shared<Row>();
    Chat &chat = row->chat;
    chat.id = {randomId('C')};
    chat.visitor = who.visitor;
    chat.channel = start.channel;
    chat.startedAt = timeOf(atMs);
    chat.lastAt = chat.startedAt;
    chat.waitingSince = chat.startedAt;
    start.fields.insert(fields::chatId, chat.id.value);
    start.fields.insert(fields::chatStart, wire::toWire(chat.startedAt));
    start.fields.insert(fields::chatChannel, wire::toWire(chat.channel));
    chat.fields = std::move(start.fields);
    m_insertChat.bind(chat.id.value, chat.visitor.value, start.cid.value, int(chat.state), int(chat.channel),
                      jsonOf(chat.fields), atMs);
    if (!m_insertChat.run())
        return fail(storageError());
    row->no = m_db.lastRowId();
    m_rows.insert(chat.id.value, row);

    ChatStarted started;
    const auto add = [&](Author author, const Draft &draft) -> Result<Done> {
        auto added = append(*row, who, author, draft, atMs);
        if (!added)
            return fail(added.error());
        started.added.append(std::move(added->message));
        return Done{};
    };
    auto done =
        add(Author::System, {.chat = chat.id, .cid = {}, .kind = MessageKind::Event, .event = u"started"_s});
    if (done && !start.text.isEmpty())
        done = add(Author::Visitor, {.chat = chat.id, .cid = start.cid, .text = start.text});
    if (done && start.isOffline) {
        chat.state = ChatState::Ended;
        chat.endedAt = chat.startedAt;
        chat.waitingSince = QDateTime();
        touch(*row, false);
        done = add(Author::System,
                   {.chat = chat.id, .cid = {}, .kind = MessageKind::Event, .event = u"ended"_s});
    }
    if (!done)
        return fail(done.error());
    started.chat = chat;
    return started;
}

} // namespace parley::hub
