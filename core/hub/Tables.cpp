#include "core/hub/Tables.h"

#include "core/hub/Columns.h"
#include "core/hub/Text.h"
#include "core/hub/Tokens.h"

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

} // namespace

QString senderKey(const Who &who)
{
    return who.isAgent() ? who.agent.value : QString();
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
    const QString sender = isHubs ? kHubSender.toString() : senderKey(who);
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

} // namespace parley::hub
