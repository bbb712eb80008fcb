#include "app/demo/DemoVisitor.h"

#include "core/base/Log.h"

#include <QJsonDocument>

namespace parley::demo {

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace {
constexpr auto kKeystroke = 90ms;
constexpr qsizetype kLettersPerPreview = 4;
constexpr auto kReconnect = 2s;
} // namespace

DemoVisitor::DemoVisitor(Persona persona, QUrl visitorWs, Clock &clock, QObject *parent)
    : QObject(parent)
    , m_persona(std::move(persona))
    , m_url(std::move(visitorWs))
    , m_clock(clock)
{
    connect(&m_socket, &QWebSocket::connected, this, [this] {
        send({{u"t"_s, u"hello"_s},
              {u"v"_s, 1},
              {u"token"_s, m_token},
              {u"page"_s, m_persona.page},
              {u"env"_s, m_persona.env}});
    });
    connect(&m_socket, &QWebSocket::textMessageReceived, this, &DemoVisitor::receive);
    connect(&m_socket, &QWebSocket::disconnected, this, [this] {
        if (!m_hasEnded)
            m_clock.callAfter(kReconnect, this, [this] { m_socket.open(m_url); });
    });
}

void DemoVisitor::begin()
{
    m_clock.callAfter(m_persona.start, this, [this] { m_socket.open(m_url); });
}

void DemoVisitor::send(const QJsonObject &frame)
{
    m_socket.sendTextMessage(QString::fromUtf8(QJsonDocument(frame).toJson(QJsonDocument::Compact)));
}

void DemoVisitor::receive(const QString &text)
{
    const QJsonObject frame = QJsonDocument::fromJson(text.toUtf8()).object();
    const QString type = frame.value("t"_L1).toString();
    if (type == "ping"_L1) {
        send({{u"t"_s, u"pong"_s}});
    } else if (type == "welcome"_L1) {
        m_token = frame.value("token"_L1).toString();
        if (m_chat.isEmpty())
            startChat();
        else
            send({{u"t"_s, u"resume"_s}, {u"chat"_s, m_chat}, {u"after"_s, m_lastSeq}});
    } else if (type == "started"_L1 && m_chat.isEmpty()) {
        m_chat = frame.value("chat"_L1).toObject().value("id"_L1).toString();
        emit started(m_chat);
        playNext();
    } else if (type == "entry"_L1) {
        onEntry(frame);
    } else if (type == "log"_L1) {
        const QJsonArray entries = frame.value("entries"_L1).toArray();
        for (const QJsonValue entry : entries)
            onEntry(entry.toObject());
    } else if (type == "error"_L1) {
        qCInfo(lcApp) << "demo visitor was refused:" << frame.value("code"_L1).toString();
    }
}

void DemoVisitor::startChat()
{
    send({{u"t"_s, u"start"_s},
          {u"cid"_s, u"start"_s},
          {u"fields"_s, m_persona.fields},
          {u"variables"_s, m_persona.variables},
          {u"context"_s, QJsonObject()},
          {u"text"_s, m_persona.text}});
}

void DemoVisitor::onEntry(const QJsonObject &entry)
{
    const qint64 seq = entry.value("seq"_L1).toInteger();
    if (seq <= m_lastSeq)
        return;
    m_lastSeq = seq;
    send({{u"t"_s, u"read"_s}, {u"chat"_s, m_chat}, {u"delivered"_s, seq}, {u"read"_s, seq}});
    if (entry.value("event"_L1).toString() == "ended"_L1) {
        m_hasEnded = true;
        m_socket.close();
        emit finished();
        return;
    }
    if (entry.value("author"_L1).toString() == "agent"_L1 && entry.value("kind"_L1).toString() == "text"_L1) {
        m_hasReply = true;
        if (m_isWaitingForReply)
            playNext();
    }
}

void DemoVisitor::playNext()
{
    if (m_next >= m_persona.steps.size() || m_hasEnded)
        return;
    const PersonaStep &step = m_persona.steps.at(m_next);
    if (step.isAfterReply && !m_hasReply) {
        m_isWaitingForReply = true;
        return;
    }
    m_isWaitingForReply = false;
    m_hasReply = false;
    m_clock.callAfter(step.after, this, [this, text = step.say] { type(text, 0); });
}

void DemoVisitor::type(const QString &text, qsizetype shown)
{
    if (m_hasEnded)
        return;
    if (shown >= text.size()) {
        say(text);
        return;
    }
    const qsizetype next = std::min(shown + kLettersPerPreview, text.size());
    send({{u"t"_s, u"typing"_s}, {u"chat"_s, m_chat}, {u"text"_s, text.left(next)}});
    m_clock.callAfter(kKeystroke * kLettersPerPreview, this, [this, text, next] { type(text, next); });
}

void DemoVisitor::say(const QString &text)
{
    send({{u"t"_s, u"say"_s}, {u"chat"_s, m_chat}, {u"cid"_s, u"step-%1"_s.arg(m_next)}, {u"text"_s, text}});
    ++m_next;
    playNext();
}

} // namespace parley::demo
