// The frames that visitors and agents both send.
#include "core/base/Log.h"
#include "core/hub/Doors.h"
#include "core/hub/Text.h"
#include "core/wire/HotFrames.h"

namespace parley::hub {

using namespace Qt::Literals::StringLiterals;
using wire::Code;
using wire::refusal;

namespace {
constexpr int kPage = 500;
constexpr qsizetype kTypingKept = 2'000;
constexpr qsizetype kMostReads = 200; // more than any console has chats to resume
constexpr qint64 kLargestPiece = 131'072;
// Wrong passwords from one address: ten, then one every three seconds. Right ones cost nothing: a whole
// office may sign in from behind one address.
constexpr double kAttempts = 10;
constexpr double kMsPerAttempt = 3'000;
// A person starts a chat now and then; an office full of them starts many.
constexpr double kStartsOfVisitor = 5;
constexpr double kMsPerStartOfVisitor = 30'000;
constexpr double kStartsOfAddress = 60;
constexpr double kMsPerStartOfAddress = 2'000;
} // namespace

Doors::Doors(const Config &config, Clock &clock, Floor &floor, Store &store, const Tokens &tokens)
    : m_config(config)
    , m_clock(clock)
    , m_floor(floor)
    , m_store(store)
    , m_tokens(tokens)
    , m_attempts(kAttempts, kMsPerAttempt)
    , m_startsOfVisitor(kStartsOfVisitor, kMsPerStartOfVisitor)
    , m_startsOfAddress(kStartsOfAddress, kMsPerStartOfAddress)
{
    m_hashing.setMaxThreadCount(1);
    QObject::connect(&m_floor, &Floor::waitedOut, &m_context,
                     [this](const ChatId &chat) { endUnattended(chat); });
    watchAccounts();
}

Doors::~Doors()
{
    m_hashing.waitForDone();
}

const QHash<QString, Doors::Entry> &Doors::table()
{
    static const QHash<QString, Entry> entries{
        {u"say"_s, {&Doors::say, true, true}},
        {u"typing"_s, {&Doors::typing, true, true}},
        {u"read"_s, {&Doors::read, true, true}},
        {u"resume"_s, {&Doors::readSoon, true, true}},
        {u"end"_s, {&Doors::end, true, true}},
        {u"file.begin"_s, {&Doors::beginFile, true, true}},
        {u"file.chunk"_s, {&Doors::addPiece, true, true}},
        {u"file.get"_s, {&Doors::readSoon, true, true}},
        {u"pong"_s, {&Doors::pong, true, true}},
        {u"ping"_s, {&Doors::ping, true, true}},
        {u"start"_s, {&Doors::start, true, false}},
        {u"page"_s, {&Doors::page, true, false}},
        {u"offline"_s, {&Doors::offline, true, false}},
        {u"presence"_s, {&Doors::presence, false, true}},
        {u"accept"_s, {&Doors::accept, false, true}},
        {u"link"_s, {&Doors::link, false, true}},
        {u"claim"_s, {&Doors::claim, false, true}},
        {u"release"_s, {&Doors::release, false, true}},
    };
    return entries;
}

void Doors::take(Session &session, const wire::Frame &frame)
{
    const bool isAgentDoor = session.line->door() == Door::Agent;
    if (frame.type == u"hello") {
        if (session.isGreeted || session.isSigningIn)
            m_floor.refuse(session, refusal(Code::OutOfTurn, u"a second hello"_s), frame);
        else if (isAgentDoor)
            agentHello(session, frame);
        else
            visitorHello(session, frame);
        return;
    }
    const auto entry = table().constFind(frame.type);
    if (entry == table().constEnd())
        m_floor.refuse(session, refusal(Code::UnknownType, u"unknown type "_s + frame.type.left(40)), frame);
    else if (isAgentDoor ? !entry->isForAgents : !entry->isForVisitors)
        m_floor.refuse(session, refusal(Code::OutOfTurn, u"not at this door: "_s + frame.type), frame);
    else if (!session.isGreeted && frame.type != u"ping" && frame.type != u"pong")
        m_floor.refuse(session, refusal(Code::OutOfTurn, u"hello comes first"_s), frame);
    else
        (this->*entry->handler)(session, frame);
}

qint64 Doors::pieceSize() const
{
    return std::min(kLargestPiece, std::max<qint64>(1024, (m_config.frameBytes - 1024) / 4 * 3));
}

bool Doors::checkText(Session &session, const wire::Frame &frame, const QString &text)
{
    if (text.size() <= m_config.limits.text)
        return true;
    const QString why = u"text of %1 characters, at most %2"_s.arg(text.size()).arg(m_config.limits.text);
    m_floor.refuse(session, refusal(Code::TooLong, why), frame);
    return false;
}

void Doors::acknowledge(quint64 line, const ChatId &chat, const ClientId &cid, qint64 seq, qint64 atMs)
{
    Session *session = m_floor.find(line);
    if (!session)
        return;
    QByteArray frame;
    frame.reserve(160);
    wire::writeAck(frame, chat, cid, seq, atMs);
    session->line->send(frame);
}

void Doors::added(quint64 line, const wire::Frame &frame, const ClientId &cid,
                  const Result<Appended> &appended)
{
    if (!appended) {
        if (Session *session = m_floor.find(line))
            m_floor.refuse(*session, appended.error(), frame);
        return;
    }
    acknowledge(line, appended->message.chat, cid, appended->message.seq, appended->atMs);
    if (appended->isRepeated)
        return;
    m_floor.put(appended->chat);
    m_floor.publish(*appended, line);
    m_floor.tellChatSoon(appended->chat.id);
}

void Doors::say(Session &session, const wire::Frame &frame)
{
    auto say = wire::Say::from(frame.body);
    if (!say) {
        m_floor.refuse(session, say.error(), frame);
        return;
    }
    if (!checkText(session, frame, say->text))
        return;
    if (say->kind == MessageKind::Note && !session.who.isAgent()) {
        m_floor.refuse(session, refusal(Code::Malformed, u"kind: notes are for agents"_s), frame);
        return;
    }
    Draft draft{.chat = std::move(say->chat),
                .cid = std::move(say->cid),
                .kind = say->kind,
                .text = cleanText(say->text)};
    if (draft.text.isEmpty()) {
        m_floor.refuse(session, refusal(Code::Malformed, u"text: there is nothing to say in it"_s), frame);
        return;
    }
    const ClientId cid = draft.cid;
    m_store.submit([who = session.who, draft = std::move(draft),
                    at = nowMs()](Tables &tables) { return tables.say(who, draft, at); },
                   [this, line = session.id(), frame, cid](const Result<Appended> &appended) {
                       added(line, frame, cid, appended);
                   });
}

void Doors::typing(Session &session, const wire::Frame &frame)
{
    const auto typing = wire::Typing::from(frame.body);
    if (!typing) {
        m_floor.refuse(session, typing.error(), frame);
        return;
    }
    const Chat *chat = m_floor.chat(typing->chat);
    const bool isOwn = chat && (session.who.isAgent() ? chat->agent == session.who.agent
                                                      : chat->visitor == session.who.visitor);
    if (!isOwn) {
        m_floor.refuse(session, refusal(Code::NotFound, u"no such chat, or not one of yours"_s), frame);
        return;
    }
    wire::Typing passed{.chat = typing->chat, .text = {}, .author = Author::Visitor, .name = {}};
    if (session.who.isAgent()) {
        passed.author = Author::Agent;
        passed.name = session.who.name;
        passed.text = typing->text.isEmpty() ? QString() : u"…"_s;
        m_floor.tellVisitor(chat->visitor, wire::encode(passed.toJson()));
    } else if (!chat->agent.isEmpty()) {
        passed.name = chat->visitorName();
        passed.text = cleanText(typing->text.left(kTypingKept));
        m_floor.tellAgent(chat->agent, wire::encode(passed.toJson()));
    }
}

void Doors::read(Session &session, const wire::Frame &frame)
{
    auto read = wire::Read::from(frame.body);
    if (!read) {
        m_floor.refuse(session, read.error(), frame);
        return;
    }
    m_store.submit(
        [who = session.who, read = std::move(*read)](Tables &tables) { return tables.mark(who, read); },
        [this, line = session.id(), frame](const Result<Chat> &chat) {
            if (chat) {
                m_floor.put(*chat);
                m_floor.tellMarks(*chat, line);
            } else if (Session *asker = m_floor.find(line)) {
                m_floor.refuse(*asker, chat.error(), frame);
            }
        });
}

// Pages are large and the frames that ask for them small: one at a time, and none while the reader is behind.
// What it has asked for waits here as a question, not as an answer.
void Doors::readSoon(Session &session, const wire::Frame &frame)
{
    if (session.reads.size() >= kMostReads) {
        m_floor.refuse(session, refusal(Code::TooMany, u"more pages asked for than taken"_s), frame);
        return;
    }
    session.reads.append(frame);
    readNext(session);
}

void Doors::readNext(Session &session)
{
    while (!session.isReading && !session.reads.isEmpty()) {
        if (session.line->isBehind()) {
            session.line->watchBacklog();
            return;
        }
        const wire::Frame frame = session.reads.takeFirst();
        if (frame.type == u"resume")
            resume(session, frame);
        else
            getPiece(session, frame);
    }
}

void Doors::wasRead(Session &session)
{
    session.isReading = false;
    readNext(session);
}

void Doors::resume(Session &session, const wire::Frame &frame)
{
    auto resume = wire::Resume::from(frame.body);
    if (!resume) {
        m_floor.refuse(session, resume.error(), frame);
        return;
    }
    session.isReading = true;
    m_store.submit([who = session.who, resume = std::move(*resume)](
                       Tables &tables) { return tables.resume(who, resume, kPage); },
                   [this, line = session.id(), frame](const Result<LogPage> &page) {
                       Session *asker = m_floor.find(line);
                       if (!asker)
                           return;
                       if (!page) {
                           m_floor.refuse(*asker, page.error(), frame);
                           wasRead(*asker);
                           return;
                       }
                       const wire::Log log{page->chat.id, page->entries, page->chat.lastSeq, page->hasMore};
                       asker->line->send(wire::encode(log.toJson()));
                       // The console may have been away when the chat ended: what it resumes, it sees as it
                       // is.
                       if (asker->who.isAgent() && !page->hasMore && page->chat.state == ChatState::Ended)
                           asker->line->send(wire::encode(wire::ChatChanged{page->chat}.toJson()));
                       wasRead(*asker);
                   });
}

void Doors::end(Session &session, const wire::Frame &frame)
{
    auto end = wire::End::from(frame.body);
    if (!end) {
        m_floor.refuse(session, end.error(), frame);
        return;
    }
    const ClientId cid = end->cid;
    m_store.submit([who = session.who, end = std::move(*end),
                    at = nowMs()](Tables &tables) { return tables.end(who, end.chat, end.cid, at); },
                   [this, line = session.id(), frame, cid](const Result<Appended> &ended) {
                       if (!ended || ended->isRepeated) {
                           added(line, frame, cid, ended);
                           return;
                       }
                       const Chat &chat = ended->chat;
                       acknowledge(line, chat.id, cid, ended->message.seq, ended->atMs);
                       m_floor.publish(*ended, line);
                       if (chat.agent.isEmpty())
                           m_floor.tellGone(chat);
                       else
                           m_floor.tellChat(chat);
                       m_floor.put(chat);
                   });
}

void Doors::beginFile(Session &session, const wire::Frame &frame)
{
    auto begin = wire::FileBegin::from(frame.body);
    if (begin && begin->size == 0)
        begin = fail(refusal(Code::Malformed, u"size: the file is empty"_s));
    if (begin && begin->size > m_config.limits.file) {
        const QString why = u"file of %1 bytes, at most %2"_s.arg(begin->size).arg(m_config.limits.file);
        begin = fail(refusal(Code::TooLong, why));
    }
    if (!begin) {
        m_floor.refuse(session, begin.error(), frame);
        return;
    }
    const ClientId cid = begin->cid;
    m_store.submit([who = session.who, begin = std::move(*begin),
                    at = nowMs()](Tables &tables) { return tables.beginFile(who, begin, at); },
                   [this, line = session.id(), frame, cid](const Result<FileState> &state) {
                       Session *sender = m_floor.find(line);
                       if (!sender)
                           return;
                       if (!state)
                           m_floor.refuse(*sender, state.error(), frame);
                       else if (state->appended)
                           acknowledge(line, state->appended->message.chat, cid, state->appended->message.seq,
                                       state->appended->atMs);
                       else
                           sender->line->send(wire::encode(
                               wire::FileReady{cid, state->file, state->received, pieceSize()}.toJson()));
                   });
}

void Doors::addPiece(Session &session, const wire::Frame &frame)
{
    auto chunk = wire::FileChunk::from(frame.body);
    // The frame goes along for errors alone; its data would be held twice.
    wire::Frame about{.type = frame.type, .body = {{u"file"_s, frame.body.value("file"_L1)}}};
    if (chunk && chunk->data.size() > pieceSize())
        chunk = fail(refusal(Code::TooLong,
                             u"a piece of %1 bytes, at most %2"_s.arg(chunk->data.size()).arg(pieceSize())));
    if (!chunk) {
        m_floor.refuse(session, chunk.error(), about);
        return;
    }
    m_store.submit(
        [who = session.who, chunk = std::move(*chunk), at = nowMs()](Tables &tables) {
            return tables.addPiece(who, chunk, at);
        },
        [this, line = session.id(), about](const Result<FileState> &state) {
            if (state && state->appended) {
                added(line, about, state->appended->message.clientId, *state->appended);
                return;
            }
            Session *sender = m_floor.find(line);
            if (!sender)
                return;
            if (!state)
                m_floor.refuse(*sender, state.error(), about);
            else
                sender->line->send(wire::encode(wire::FileGot{state->file, state->received}.toJson()));
        });
}

void Doors::getPiece(Session &session, const wire::Frame &frame)
{
    auto get = wire::FileGet::from(frame.body);
    if (!get) {
        m_floor.refuse(session, get.error(), frame);
        return;
    }
    session.isReading = true;
    m_store.submit(
        [who = session.who, get = std::move(*get)](Tables &tables) { return tables.piece(who, get); },
        [this, line = session.id(), frame](const Result<wire::FileData> &data) {
            Session *asker = m_floor.find(line);
            if (!asker)
                return;
            if (data)
                asker->line->send(wire::encode(data->toJson()));
            else
                m_floor.refuse(*asker, data.error(), frame);
            wasRead(*asker);
        });
}

void Doors::pong(Session &, const wire::Frame &)
{
    // That something came is all that counts; the line has noted it.
}

void Doors::ping(Session &session, const wire::Frame &)
{
    session.line->send(R"({"t":"pong"})");
}

} // namespace parley::hub
