#include "tests/core/chat/ScriptedHub.h"

#include "core/wire/Frame.h"

#include <QWebSocket>
#include <QWebSocketServer>

namespace parley::tests {

using namespace Qt::Literals::StringLiterals;

namespace {
const QDateTime kStart(QDate(2026, 5, 21), QTime(10, 38), Qt::UTC);
}

ScriptedHub::ScriptedHub()
{
    open();
}

ScriptedHub::~ScriptedHub()
{
    close();
}

QUrl ScriptedHub::door() const
{
    return QUrl(u"ws://127.0.0.1:%1/ws/agent"_s.arg(m_port));
}

void ScriptedHub::open()
{
    m_server = std::make_unique<QWebSocketServer>(u"scripted"_s, QWebSocketServer::NonSecureMode);
    if (!m_server->listen(QHostAddress::LocalHost, m_port))
        qFatal("the scripted hub cannot listen");
    m_port = m_server->serverPort();
    connect(m_server.get(), &QWebSocketServer::newConnection, this, [this] {
        QWebSocket *socket = m_server->nextPendingConnection();
        m_lines += socket;
        connect(socket, &QWebSocket::textMessageReceived, this,
                [this, socket](const QString &text) { take(socket, text); });
        connect(socket, &QWebSocket::disconnected, this, [this, socket] {
            m_lines.removeOne(socket);
            socket->deleteLater();
        });
    });
}

void ScriptedHub::close()
{
    for (QWebSocket *socket : std::exchange(m_lines, {})) {
        socket->disconnect(this);
        socket->abort();
        socket->deleteLater();
    }
    m_server.reset();
}

Chat &ScriptedHub::put(const QString &id, ChatState state)
{
    Chat &chat = m_chats[id];
    chat.id = {id};
    chat.state = state;
    chat.visitor = {u"V1"_s};
    chat.startedAt = kStart;
    if (state != ChatState::Waiting)
        chat.agent = {agentId};
    if (m_logs.value(id).isEmpty())
        event(id, u"started"_s);
    return chat;
}

void ScriptedHub::visitorSays(const QString &id, const QString &text)
{
    Message message;
    message.author = Author::Visitor;
    message.text = text;
    add(nullptr, id, u"v-%1"_s.arg(m_logs.value(id).size()), message);
}

void ScriptedHub::event(const QString &id, const QString &what)
{
    Message message;
    message.kind = MessageKind::Event;
    message.event = what;
    if (what == u"ended") {
        m_chats[id].state = ChatState::Ended;
        m_chats[id].endedAt = kStart.addSecs(600);
    }
    add(nullptr, id, {}, message);
}

void ScriptedHub::tell(const QString &id)
{
    send(wire::ChatChanged{m_chats.value(id)}.toJson());
}

void ScriptedHub::send(const QJsonObject &frame)
{
    for (QWebSocket *socket : std::as_const(m_lines))
        reply(socket, frame);
}

QStringList ScriptedHub::texts(const QString &id) const
{
    QStringList texts;
    for (const Message &message : m_logs.value(id)) {
        if (message.kind != MessageKind::Event)
            texts += message.attachment ? message.attachment->name : message.text;
    }
    return texts;
}

QList<QJsonObject> ScriptedHub::frames(const QString &type) const
{
    QList<QJsonObject> found;
    std::ranges::copy_if(m_frames, std::back_inserter(found),
                         [&type](const QJsonObject &frame) { return frame.value(u"t"_s) == type; });
    return found;
}

void ScriptedHub::reply(QWebSocket *socket, const QJsonObject &frame)
{
    socket->sendTextMessage(QString::fromUtf8(wire::encode(frame)));
}

void ScriptedHub::ack(QWebSocket *socket, const QString &chat, const QString &cid, qint64 seq)
{
    reply(socket, wire::Ack{{chat}, {cid}, seq, kStart.addSecs(seq)}.toJson());
}

/// False when the line was cut on the way.
bool ScriptedHub::add(QWebSocket *socket, const QString &chat, const QString &cid, Message message)
{
    QList<Message> &log = m_logs[chat];
    const auto known = std::ranges::find_if(
        log, [&cid](const Message &one) { return !cid.isEmpty() && one.clientId.value == cid; });
    if (known != log.end()) {
        ack(socket, chat, cid, known->seq);
        return true;
    }
    message.chat = {chat};
    message.seq = log.size() + 1;
    message.clientId = {cid};
    message.at = kStart.addSecs(message.seq);
    log += message;
    m_chats[chat].lastSeq = message.seq;
    for (QWebSocket *other : std::as_const(m_lines)) {
        if (other != socket && !isMute)
            reply(other, wire::Entry{message}.toJson());
    }
    if (socket && cutAfterCommit > 0) {
        --cutAfterCommit;
        socket->abort();
        return false;
    }
    if (socket)
        ack(socket, chat, cid, message.seq);
    return true;
}

void ScriptedHub::hello(QWebSocket *socket, const QJsonObject &body)
{
    const bool isKnown =
        body.value(u"password"_s) == password || body.value(u"token"_s) == u"token-"_s + agentId;
    if (!isKnown) {
        reply(socket,
              {{u"t"_s, u"error"_s}, {u"code"_s, u"signin"_s}, {u"message"_s, u"no"_s}, {u"fatal"_s, true}});
        socket->close();
        return;
    }
    const wire::AgentWelcome welcome{.token = u"token-"_s + agentId,
                                     .agent = {.id = {agentId},
                                               .name = u"Nora Whitfield"_s,
                                               .email = u"nora@tallyworks.example"_s,
                                               .role = u"agent"_s},
                                     .hubName = u"Tallyworks"_s,
                                     .hubVersion = u"0"_s,
                                     .limits = {}};
    reply(socket, welcome.toJson());
    for (const Chat &chat : std::as_const(m_chats)) {
        const bool isOurs = chat.agent.isEmpty() || chat.agent.value == agentId;
        if (chat.state != ChatState::Ended && isOurs)
            reply(socket, wire::ChatChanged{chat}.toJson());
    }
    reply(socket, {{u"t"_s, u"synced"_s}});
}

void ScriptedHub::resume(QWebSocket *socket, const QJsonObject &body)
{
    const auto wanted = wire::Resume::from(body);
    const QList<Message> all = m_logs.value(wanted->chat.value);
    const QList<Message> some = all.mid(wanted->after, page);
    const bool isMore = wanted->after + some.size() < all.size();
    reply(socket, wire::Log{wanted->chat, some, qint64(all.size()), isMore}.toJson());
}

void ScriptedHub::takeFile(QWebSocket *socket, const QString &type, const QJsonObject &body)
{
    if (type == u"file.begin") {
        const auto begin = wire::FileBegin::from(body);
        const QString id = u"F-"_s + begin->cid.value;
        File &file = m_files[id];
        file.chat = begin->chat.value;
        file.cid = begin->cid.value;
        file.about = {.id = {id}, .name = begin->name, .mimeType = begin->mimeType, .size = begin->size};
        reply(socket, wire::FileReady{begin->cid, {id}, file.content.size(), 1000}.toJson());
        return;
    }
    if (type == u"file.get") {
        const auto get = wire::FileGet::from(body);
        const QByteArray content = m_files.value(get->file.value).content;
        const QByteArray piece = content.mid(get->offset, 1000);
        const bool isLast = get->offset + piece.size() >= content.size();
        reply(socket, wire::FileData{get->file, get->offset, content.size(), piece, isLast}.toJson());
        return;
    }
    const auto chunk = wire::FileChunk::from(body);
    if (m_chunks++ == cutAtChunk) {
        socket->abort();
        return;
    }
    File &file = m_files[chunk->file.value];
    if (chunk->offset == file.content.size())
        file.content += chunk->data;
    if (file.content.size() < file.about.size) {
        reply(socket, wire::FileGot{chunk->file, file.content.size()}.toJson());
        return;
    }
    Message message;
    message.author = Author::Agent;
    message.agent = {agentId};
    message.kind = MessageKind::File;
    message.attachment = file.about;
    add(socket, file.chat, file.cid, message);
}

void ScriptedHub::take(QWebSocket *socket, const QString &text)
{
    const auto frame = wire::parseFrame(text.toUtf8());
    if (!frame)
        qFatal("the line sent what is no frame");
    m_frames += frame->body;
    const QString chat = frame->chat();
    const QString cid = frame->cid();
    const QString &type = frame->type;
    if (!cid.isEmpty() && refuseNext > 0) {
        --refuseNext;
        reply(socket, {{u"t"_s, u"error"_s}, {u"code"_s, refusal}, {u"chat"_s, chat}, {u"cid"_s, cid}});
        return;
    }
    Message message;
    message.author = Author::Agent;
    message.agent = {agentId};
    message.authorName = u"Nora Whitfield"_s;
    if (type == u"hello") {
        hello(socket, frame->body);
    } else if (type == u"resume") {
        resume(socket, frame->body);
    } else if (type.startsWith(u"file.")) {
        takeFile(socket, type, frame->body);
    } else if (type == u"say") {
        message.text = frame->body.value(u"text"_s).toString();
        if (frame->body.value(u"kind"_s) == u"note"_s)
            message.kind = MessageKind::Note;
        add(socket, chat, cid, message);
    } else if (type == u"end") {
        message.kind = MessageKind::Event;
        message.event = u"ended"_s;
        m_chats[chat].state = ChatState::Ended;
        m_chats[chat].endedAt = kStart.addSecs(600);
        if (add(socket, chat, cid, message))
            tell(chat);
    } else if (type == u"accept") {
        message.kind = MessageKind::Event;
        message.event = u"accepted"_s;
        m_chats[chat].state = ChatState::Open;
        m_chats[chat].agent = {agentId};
        if (add(socket, chat, cid, message))
            tell(chat);
    } else if (type == u"link") {
        m_chats[chat].links += *wire::linksFrom(frame->body.value(u"links"_s).toArray());
        message.kind = MessageKind::Event;
        message.event = u"recordLinked"_s;
        if (add(socket, chat, cid, message))
            tell(chat);
    } else if (type == u"claim") {
        const bool isGranted = grantsClaims && !isWrittenAlready;
        reply(socket,
              wire::Claimed{{chat}, {cid}, isGranted, kStart.addSecs(900), isWrittenAlready}.toJson());
    } else if (type == u"release") {
        ack(socket, chat, cid, m_chats[chat].lastSeq);
    }
}

} // namespace parley::tests
