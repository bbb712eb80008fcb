#include "core/hub/Floor.h"

#include "core/base/Log.h"
#include "core/wire/HotFrames.h"

namespace parley::hub {

using namespace Qt::Literals::StringLiterals;

namespace {
constexpr std::chrono::milliseconds kSoon{250};
constexpr std::chrono::seconds kPresenceKept{30};
// From one page of the website to the next the line is gone for a moment.
constexpr std::chrono::seconds kVisitorKept{3};

bool isForVisitors(const Message &message)
{
    return message.kind != MessageKind::Note && message.event != u"recordLinked";
}
} // namespace

Floor::Floor(const Config &config, Clock &clock)
    : m_config(config)
    , m_clock(clock)
{}

Session &Floor::add(Line &line)
{
    auto session = std::make_shared<Session>();
    session->line = &line;
    session->frames = m_config.frameBurst;
    session->refilledAt = m_clock.steadyMs();
    m_sessions.insert(line.id(), session);
    return *session;
}

Session *Floor::find(quint64 line)
{
    const auto it = m_sessions.constFind(line);
    return it == m_sessions.constEnd() ? nullptr : it->get();
}

void Floor::clear()
{
    m_sessions.clear();
    m_visitors.clear();
    m_agents.clear();
}

void Floor::remove(Line &line)
{
    const auto session = m_sessions.take(line.id());
    if (!session || !session->isGreeted)
        return;
    const auto takeFrom = [&session](auto &index, const auto &key) {
        const auto it = index.find(key);
        it->removeOne(session.get());
        const bool isLast = it->isEmpty();
        if (isLast)
            index.erase(it);
        return isLast;
    };
    if (session->who.isAgent()) {
        if (takeFrom(m_agents, session->who.agent))
            agentWent(session->who.agent);
    } else if (takeFrom(m_visitors, session->who.visitor)) {
        visitorWent(session->who.visitor);
    }
}

void Floor::greetVisitor(Session &session, const VisitorId &visitor)
{
    session.isGreeted = true;
    session.line->setKnown();
    session.who = {.visitor = visitor, .agent = {}, .name = {}, .email = {}};
    m_visitors[visitor].append(&session);
    visitorCame(visitor);
}

void Floor::greetAgent(Session &session, const Agent &agent, qint64 epoch)
{
    session.isGreeted = true;
    session.epoch = epoch;
    session.who = {.visitor = {},
                   .agent = agent.id,
                   .name = agent.name,
                   .email = agent.email,
                   .isSupervisor = agent.role != u"agent"};
    m_agents[agent.id].append(&session);
    ++m_staff[agent.id].absence;
}

QList<Session *> Floor::agents() const
{
    QList<Session *> all;
    for (const auto &sessions : m_agents)
        all += sessions;
    return all;
}

void Floor::begin(const QList<Chat> &chats)
{
    for (const Chat &chat : chats)
        put(chat);
}

const Chat *Floor::chat(const ChatId &id) const
{
    const auto it = m_chats.constFind(id);
    return it == m_chats.constEnd() ? nullptr : &*it;
}

const Chat *Floor::chatOf(const VisitorId &visitor) const
{
    const auto it = m_chatOf.constFind(visitor);
    return it == m_chatOf.constEnd() ? nullptr : chat(*it);
}

QList<Chat> Floor::chatsFor(const AgentId &agent) const
{
    QList<Chat> chats;
    for (const Chat &chat : m_chats) {
        if (chat.state == ChatState::Waiting || chat.agent == agent)
            chats.append(chat);
    }
    std::ranges::sort(chats, {}, &Chat::startedAt);
    return chats;
}

int Floor::openChatsOf(const AgentId &agent) const
{
    return int(std::ranges::count_if(m_chats, [&agent](const Chat &chat) { return chat.agent == agent; }));
}

int Floor::waitingCount() const
{
    return int(
        std::ranges::count_if(m_chats, [](const Chat &chat) { return chat.state == ChatState::Waiting; }));
}

void Floor::put(const Chat &chat)
{
    if (chat.state == ChatState::Ended) {
        m_chats.remove(chat.id);
        m_left.remove(chat.id);
        if (m_chatOf.value(chat.visitor) == chat.id)
            m_chatOf.remove(chat.visitor);
        return;
    }
    Chat &held = m_chats[chat.id];
    const bool isNew = held.id.isEmpty();
    const bool wasOnline = held.visitorOnline;
    held = chat;
    held.visitorOnline = isNew ? m_visitors.contains(chat.visitor) : wasOnline;
    if (!isNew)
        return;
    m_chatOf.insert(chat.visitor, chat.id);
    if (!held.visitorOnline)
        leaveWaiting(chat.id);
}

void Floor::publish(const Appended &appended, quint64 exceptLine)
{
    publish(appended.chat, appended.message, appended.atMs, exceptLine);
}

void Floor::publish(const Chat &chat, const Message &message, qint64 atMs, quint64 exceptLine)
{
    const auto agents = chat.agent.isEmpty() ? m_agents.constEnd() : m_agents.constFind(chat.agent);
    const auto visitors = isForVisitors(message) ? m_visitors.constFind(chat.visitor) : m_visitors.constEnd();
    QByteArray frame;
    const auto tell = [&](const QList<Session *> &sessions) {
        for (Session *session : sessions) {
            if (session->id() == exceptLine)
                continue;
            if (frame.isEmpty())
                wire::writeEntry(frame, message, atMs);
            session->line->send(frame);
        }
    };
    if (agents != m_agents.constEnd())
        tell(*agents);
    if (visitors != m_visitors.constEnd())
        tell(*visitors);
}

void Floor::tellChat(const Chat &chat)
{
    m_soon.remove(chat.id);
    Chat shown = chat;
    shown.visitorOnline =
        m_chats.contains(chat.id) ? m_chats.value(chat.id).visitorOnline : m_visitors.contains(chat.visitor);
    const QByteArray frame = wire::encode(wire::ChatChanged{std::move(shown)}.toJson());
    if (!chat.agent.isEmpty()) {
        tellAgent(chat.agent, frame);
        return;
    }
    for (const auto &sessions : std::as_const(m_agents)) {
        for (Session *session : sessions)
            session->line->send(frame);
    }
}

void Floor::tellChatSoon(const ChatId &chat)
{
    m_soon.insert(chat);
    if (m_isSoonDue)
        return;
    m_isSoonDue = true;
    m_clock.callAfter(kSoon, this, [this] { tellSoonOnes(); });
}

void Floor::tellSoonOnes()
{
    m_isSoonDue = false;
    const auto due = std::exchange(m_soon, {});
    for (const ChatId &id : due) {
        const auto it = m_chats.constFind(id);
        if (it != m_chats.constEnd())
            tellChat(*it);
    }
}

void Floor::tellMarks(const Chat &chat, quint64 exceptLine)
{
    const wire::Marks marks{chat.id, chat.deliveredSeq, chat.readSeq, chat.agentReadSeq};
    const QByteArray frame = wire::encode(marks.toJson());
    tellVisitor(chat.visitor, frame, exceptLine);
    if (!chat.agent.isEmpty())
        tellAgent(chat.agent, frame, exceptLine);
}

void Floor::tellGone(const Chat &chat)
{
    m_soon.remove(chat.id);
    const QByteArray frame = wire::encode(wire::Gone{chat.id}.toJson());
    for (auto it = m_agents.constBegin(); it != m_agents.constEnd(); ++it) {
        if (it.key() == chat.agent)
            continue;
        for (Session *session : it.value())
            session->line->send(frame);
    }
}

void Floor::tellVisitor(const VisitorId &visitor, const QByteArray &frame, quint64 exceptLine)
{
    for (Session *session : m_visitors.value(visitor)) {
        if (session->id() != exceptLine)
            session->line->send(frame);
    }
}

void Floor::tellAgent(const AgentId &agent, const QByteArray &frame, quint64 exceptLine)
{
    for (Session *session : m_agents.value(agent)) {
        if (session->id() != exceptLine)
            session->line->send(frame);
    }
}

void Floor::setPresence(const AgentId &agent, Presence status, qint64 capacity)
{
    Staff &staff = m_staff[agent];
    staff.status = status;
    staff.capacity = capacity;
    checkOnline();
}

void Floor::agentWent(const AgentId &agent)
{
    const quint64 absence = ++m_staff[agent].absence;
    m_clock.callAfter(kPresenceKept, this, [this, agent, absence] {
        if (m_staff.value(agent).absence != absence)
            return; // back meanwhile
        m_staff.remove(agent);
        checkOnline();
    });
}

void Floor::checkOnline()
{
    const bool isOnline =
        std::ranges::any_of(m_staff, [](const Staff &staff) { return staff.status == Presence::Available; });
    if (isOnline == m_isOnline)
        return;
    m_isOnline = isOnline;
    const QByteArray frame = wire::encode(wire::Online{isOnline}.toJson());
    for (const auto &sessions : std::as_const(m_visitors)) {
        for (Session *session : sessions)
            session->line->send(frame);
    }
}

void Floor::visitorCame(const VisitorId &visitor)
{
    m_left.remove(m_chatOf.value(visitor));
    setVisitorOnline(visitor, true);
}

void Floor::visitorWent(const VisitorId &visitor)
{
    const auto chat = m_chatOf.constFind(visitor);
    if (chat == m_chatOf.constEnd())
        return;
    leaveWaiting(*chat);
    m_clock.callAfter(kVisitorKept, this, [this, visitor] {
        if (!m_visitors.contains(visitor))
            setVisitorOnline(visitor, false);
    });
}

void Floor::leaveWaiting(const ChatId &chat)
{
    if (m_config.waitingKept.count() == 0)
        return;
    const quint64 leaving = ++m_leavings;
    m_left.insert(chat, leaving);
    m_clock.callAfter(m_config.waitingKept, this, [this, chat, leaving] {
        if (m_left.value(chat) != leaving)
            return; // back meanwhile, or over
        m_left.remove(chat);
        const auto it = m_chats.constFind(chat);
        if (it != m_chats.constEnd() && it->state == ChatState::Waiting)
            emit waitedOut(chat);
    });
}

void Floor::setVisitorOnline(const VisitorId &visitor, bool isOnline)
{
    const auto id = m_chatOf.constFind(visitor);
    if (id == m_chatOf.constEnd())
        return;
    const auto it = m_chats.find(*id);
    if (it == m_chats.end() || it->visitorOnline == isOnline)
        return;
    it->visitorOnline = isOnline;
    tellChat(*it);
}

void Floor::refuse(Session &session, const Error &error, const wire::Frame &about, bool isFatal)
{
    wire::Refusal refusal{.code = wire::codeFrom(error.remoteCode).value_or(wire::Code::Storage),
                          .message = error.detail};
    refusal.chat = about.chat();
    refusal.cid = about.cid();
    refusal.fatal = isFatal;
    const QString file = about.body.value("file"_L1).toString();
    if (wire::isClientId(file))
        refusal.file = file;
    session.line->send(wire::encode(refusal.toJson()));
}

} // namespace parley::hub
