#include "core/chat/Line.h"

#include "core/base/Log.h"
#include "core/chat/Pacer.h"
#include "core/chat/SendQueue.h"
#include "core/net/WebSocketLine.h"

#include <QUuid>

namespace parley::chat {

using namespace std::chrono_literals;
using namespace Qt::Literals::StringLiterals;

namespace {

constexpr auto kRequestPatience = 10s;
constexpr auto kTypingEvery = 3s;

ClientId newClientId()
{
    return {QUuid::createUuid().toString(QUuid::WithoutBraces)};
}

} // namespace

Line::Line(std::shared_ptr<store::Database> database, Clock &clock)
    : m_clock(clock)
    , m_table(std::make_shared<LineTable>(std::move(database)))
    , m_socket(std::make_unique<net::WebSocketLine>(&clock))
    , m_pacer(std::make_unique<Pacer>(clock, [this](const QString &frame) { m_socket->sendText(frame); }))
    , m_since(clock.now())
{
    m_queue = std::make_shared<SendQueue>(m_table, clock, [this](const QJsonObject &frame) { post(frame); });
    connect(m_queue.get(), &SendQueue::changed, this, &Line::messagesChanged);
    connect(m_socket.get(), &net::WebSocketLine::opened, this, &Line::onOpened);
    connect(m_socket.get(), &net::WebSocketLine::closed, this, &Line::onClosed);
    connect(m_socket.get(), &net::WebSocketLine::textReceived, this, &Line::onText);
}

Line::~Line()
{
    m_queue->setOnline(
        false); // it may outlive the line by the time of a disk write, and must not post any more
    m_socket->stop();
}

Result<std::shared_ptr<Line>> Line::open(std::shared_ptr<store::Database> database, Clock &clock)
{
    std::shared_ptr<Line> self(new Line(std::move(database), clock));
    auto stored = self->m_table->load();
    if (!stored)
        return fail(stored.error());
    const auto owner = self->m_table->owner();
    if (!owner)
        return fail(owner.error());
    self->m_owner = *owner;
    for (StoredChat &one : stored->chats) {
        Held held;
        held.chat = one.chat;
        held.messages = std::move(one.messages);
        held.chat.visitorOnline = false; // unknown until the hub says so
        self->m_chats.emplace(one.chat.id.value, std::move(held));
    }
    // Whose chats these are is known before the hub says it again: the list is right while still offline.
    self->m_me.id = {self->m_owner.section(u' ', 0, 0)};
    self->m_queue->load(std::move(stored->outgoing));
    return self;
}

// --- signing in ---

void Line::signIn(QUrl door, QString email, QString password)
{
    m_email = std::move(email);
    m_password = std::move(password);
    m_token.clear();
    start(door);
}

void Line::signInWithToken(QUrl door, QString token)
{
    m_email.clear();
    m_password.clear();
    m_token = std::move(token);
    start(door);
}

void Line::start(const QUrl &door)
{
    m_socket->stop();
    m_queue->setOnline(false);
    setState(LineState::Connecting);
    m_socket->connectTo(door);
}

void Line::signOut()
{
    m_socket->stop();
    m_queue->setOnline(false);
    m_pacer->clear();
    m_token.clear();
    m_password.clear();
    failRequests({.code = Errc::Cancelled});
    setState(LineState::SignedOut);
}

void Line::retryNow()
{
    m_socket->retryNow();
}

void Line::setState(LineState state, std::optional<Error> error)
{
    if (state == m_state && error == m_lastError)
        return;
    if (state != m_state)
        m_since = m_clock.now();
    m_state = state;
    m_lastError = std::move(error);
    emit stateChanged();
}

// --- what is ---

Line::Held *Line::find(const ChatId &id)
{
    const auto found = m_chats.find(id.value);
    return found == m_chats.end() ? nullptr : &found->second;
}

const Line::Held *Line::find(const ChatId &id) const
{
    const auto found = m_chats.find(id.value);
    return found == m_chats.end() ? nullptr : &found->second;
}

QList<Chat> Line::chats() const
{
    QList<Chat> all;
    for (const auto &[id, held] : m_chats)
        all += held.chat;
    return all;
}

std::optional<Chat> Line::chat(const ChatId &id) const
{
    const Held *held = find(id);
    return held ? std::optional(held->chat) : std::nullopt;
}

QList<Message> Line::messages(const ChatId &id) const
{
    const Held *held = find(id);
    return held ? held->messages : QList<Message>();
}

QList<Outgoing> Line::outgoing(const ChatId &id) const
{
    return m_queue->ofChat(id);
}

QString Line::typing(const ChatId &id) const
{
    const Held *held = find(id);
    return held ? held->typing : QString();
}

bool Line::isMine(const ChatId &id) const
{
    const Held *held = find(id);
    return held && !m_me.id.isEmpty() && held->chat.agent == m_me.id;
}

Async<Done> Line::wholeLog(ChatId id)
{
    const auto self = shared_from_this();
    // Polled, because many things bring a log forward; the resume itself is watched elsewhere.
    for (int i = 0; i < 100; ++i) {
        const Held *held = find(id);
        if (!held)
            co_return fail(Errc::NotFound);
        if (held->seq() >= held->chat.lastSeq)
            co_return Done{};
        if (m_state != LineState::Online)
            co_return fail(Errc::Offline);
        resume(id);
        co_await sleepFor(&m_clock, 100ms);
    }
    co_return fail(Errc::TimedOut);
}

// --- what the agent does ---

ClientId Line::say(const ChatId &id, const QString &text, MessageKind kind)
{
    Outgoing outgoing;
    outgoing.cid = newClientId();
    outgoing.chat = id;
    outgoing.kind = kind == MessageKind::Note ? OutgoingKind::Note : OutgoingKind::Say;
    outgoing.text = text;
    if (kind == MessageKind::Text)
        setTyping(id, false);
    m_queue->add(outgoing);
    return outgoing.cid;
}

ClientId Line::sendFile(const ChatId &id, const QString &name, const QString &mimeType,
                        const QByteArray &content)
{
    Outgoing outgoing;
    outgoing.cid = newClientId();
    outgoing.chat = id;
    outgoing.kind = OutgoingKind::File;
    outgoing.file = Attachment{.id = {}, .name = name, .mimeType = mimeType, .size = content.size()};
    m_queue->add(outgoing, content);
    return outgoing.cid;
}

ClientId Line::refuseFile(const ChatId &id, const QString &name, qint64 size, const Error &error)
{
    Outgoing outgoing;
    outgoing.cid = newClientId();
    outgoing.chat = id;
    outgoing.kind = OutgoingKind::File;
    outgoing.file = Attachment{.id = {}, .name = name, .mimeType = {}, .size = size};
    outgoing.state = OutgoingState::Failed;
    outgoing.error = error;
    m_queue->add(outgoing);
    return outgoing.cid;
}

void Line::resend(const ClientId &cid)
{
    m_queue->resend(cid);
}

void Line::discard(const ClientId &cid)
{
    m_queue->discard(cid);
}

Async<Done> Line::end(ChatId id)
{
    const auto self = shared_from_this();
    Outgoing outgoing;
    outgoing.cid = {u"end-"_s + id.value}; // a chat ends once, however often it is asked for
    outgoing.chat = id;
    outgoing.kind = OutgoingKind::End;
    m_queue->add(outgoing);
    m_queue->resend(outgoing.cid); // in case an earlier one was refused
    if (m_state != LineState::Online)
        co_return Done{};
    const ClientId cid = outgoing.cid;
    const auto settled = co_await m_queue->settled(cid);
    co_return settled;
}

Async<ChatId> Line::accept(ChatId id)
{
    const auto self = shared_from_this();
    const ClientId cid = newClientId();
    const QJsonObject frame = wire::Accept{id, cid}.toJson();
    const auto reply = co_await request(cid.value, frame);
    if (!reply)
        co_return fail(reply.error());
    co_return ChatId{reply->value(u"chat"_s).toString(id.value)};
}

void Line::link(const ChatId &id, const QList<RecordRef> &links)
{
    Outgoing outgoing;
    // The same link twice is one frame: a restart may say it again.
    QString cid = u"link-"_s + id.value;
    for (const RecordRef &ref : links)
        cid += u'-' + ref.id.value;
    QString safe;
    for (const QChar c : std::as_const(cid))
        safe += c.unicode() < 128 && (c.isLetterOrNumber() || c == u'-' || c == u'_') ? c : QChar(u'_');
    outgoing.cid = {safe.left(64)};
    outgoing.chat = id;
    outgoing.kind = OutgoingKind::Link;
    outgoing.links = links;
    m_queue->add(outgoing);
}

Async<Claim> Line::claim(ChatId id, std::chrono::seconds lease)
{
    const auto self = shared_from_this();
    const ClientId cid = newClientId();
    const QJsonObject frame = wire::Claim{id, cid, lease.count()}.toJson();
    const auto reply = co_await request(cid.value, frame);
    if (!reply)
        co_return fail(reply.error());
    const auto claimed = wire::Claimed::from(*reply);
    if (!claimed)
        co_return fail(claimed.error());
    co_return Claim{claimed->granted, claimed->done, claimed->until};
}

void Line::release(const ChatId &id, bool isDone)
{
    Outgoing outgoing;
    outgoing.cid = isDone ? ClientId{u"release-"_s + id.value} : newClientId();
    outgoing.chat = id;
    outgoing.kind = OutgoingKind::Release;
    outgoing.isDone = isDone;
    m_queue->add(outgoing);
}

Async<QByteArray> Line::fetch(ChatId id, FileId file)
{
    const auto self = shared_from_this();
    QByteArray content;
    for (;;) {
        const QString key = u"file:"_s + file.value;
        const QJsonObject frame = wire::FileGet{id, file, content.size()}.toJson();
        const auto reply = co_await request(key, frame);
        if (!reply)
            co_return fail(reply.error());
        const auto piece = wire::FileData::from(*reply);
        if (!piece)
            co_return fail(piece.error());
        if (piece->offset != content.size())
            co_return fail(Errc::BadReply, u"a piece of a file out of order"_s);
        content += piece->data;
        if (piece->last)
            co_return content;
        if (piece->data.isEmpty() || content.size() > qsizetype{256} * 1024 * 1024)
            co_return fail(Errc::BadReply, u"a file without an end"_s);
    }
}

void Line::setTyping(const ChatId &id, bool isTyping)
{
    TypingSent &sent = m_typingSent[id];
    const bool isDue =
        isTyping && m_clock.steadyMs() - sent.at >= std::chrono::milliseconds(kTypingEvery).count();
    if (m_state != LineState::Online || (sent.isTyping == isTyping && !isDue))
        return;
    sent = {isTyping, m_clock.steadyMs()};
    // The visitor learns only that the agent types: the words stay here until they are sent.
    wire::Typing typing;
    typing.chat = id;
    typing.text = isTyping ? u"…"_s : QString();
    post(typing.toJson());
}

void Line::markRead(const ChatId &id)
{
    Held *held = find(id);
    if (!held || !isMine(id) || held->seq() <= std::max(held->readSent, held->chat.agentReadSeq))
        return;
    held->chat.agentReadSeq = held->seq();
    keepChat(*held);
    if (m_state == LineState::Online) {
        held->readSent = held->seq();
        post(wire::Read{id, held->seq(), held->seq()}.toJson());
    }
    emit chatChanged(id);
}

void Line::setPresence(Presence presence, int capacity)
{
    m_presence = presence;
    m_capacity = capacity;
    if (m_state == LineState::Online)
        post(wire::SetPresence{presence, capacity}.toJson());
}

void Line::hide(const ChatId &id)
{
    const Held *held = find(id);
    if (!held || held->chat.state != ChatState::Ended)
        return;
    m_chats.erase(id.value);
    letGo(m_table->hide(id)); // should this fail, the chat is on the list again after a restart: harmless
    emit chatRemoved(id);
}

// --- requests that wait for one answer ---

Async<QJsonObject> Line::request(QString key, QJsonObject frame)
{
    const auto self = shared_from_this();
    if (m_state != LineState::Online)
        co_return fail({.code = Errc::Offline, .neverSent = true});
    if (m_requests.contains(key))
        co_return fail(Errc::Conflict, u"asked already"_s);
    const auto promise = std::make_shared<QPromise<Result<QJsonObject>>>();
    promise->start();
    m_requests.insert(key, {frame, promise});
    post(frame);
    m_clock.callAfter(kRequestPatience, this, [this, key, promise] {
        if (m_requests.value(key).promise == promise)
            answer(key, fail(Errc::TimedOut));
    });
    const QFuture<Result<QJsonObject>> future = promise->future();
    const Result<QJsonObject> reply = co_await future;
    co_return reply;
}

bool Line::answer(const QString &key, Result<QJsonObject> reply)
{
    const auto found = m_requests.find(key);
    if (found == m_requests.end())
        return false;
    const auto promise = found->promise;
    m_requests.erase(found);
    promise->addResult(std::move(reply));
    promise->finish();
    return true;
}

void Line::failRequests(const Error &error)
{
    for (const QString &key : m_requests.keys())
        answer(key, fail(error));
}

} // namespace parley::chat
