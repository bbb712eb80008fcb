#include "core/hub/Line.h"

#include "core/base/Log.h"
#include "core/hub/HttpHead.h"
#include "core/hub/LineServer.h"

#include <array>

#ifdef Q_OS_UNIX
#include <sys/socket.h>
#endif

namespace parley::hub {

namespace {
constexpr qsizetype kLargestHead = qsizetype{16} * 1024;
// A reader this far behind is not reading: it may come back and resume.
constexpr qint64 kLargestBacklog[] = {qint64(4) * 1024 * 1024, qint64(16) * 1024 * 1024}; // visitor, agent
constexpr qint64 kUnread = qint64(64) * 1024; // the rest waits at the peer
} // namespace

Line::Line(LineServer &server)
    : m_server(server)
    , m_codec(server.config().frameBytes)
    , m_id(server.nextId())
    , m_openedAt(server.clock().steadyMs())
    , m_heardAt(m_openedAt)
{
    setReadBufferSize(kUnread);
    connect(this, &QIODevice::readyRead, this, &Line::onReadable);
    connect(this, &QAbstractSocket::disconnected, this, &Line::onGone);
    connect(this, &QAbstractSocket::errorOccurred, this, &Line::onGone);
}

Line::~Line() = default;

void Line::onReadable()
{
    // One buffer for all lines: they live on one thread and nothing of it is kept past the call.
    static thread_local std::array<char, std::size_t{128} * 1024> buffer;
    // To the end: what stays in the socket's buffer is not announced again before more comes.
    while (m_phase != Phase::Gone) {
        if (m_isPaused)
            return;
        if (m_phase == Phase::Live && m_server.isBusy()) {
            m_server.park(*this);
            return;
        }
        const qint64 count = read(buffer.data(), buffer.size());
        if (count <= 0)
            return;
        m_heardAt = m_server.clock().steadyMs();
        m_isPinged = false;
        const QByteArrayView bytes(buffer.data(), count);
        if (m_phase == Phase::Head)
            readHead(bytes);
        else if (m_phase == Phase::Live)
            m_codec.feed(bytes, *this);
        const quint32 ended = m_codec.ended();
        if (!m_codec.isMidway())
            m_midwaySince = -1;
        else if (m_midwaySince < 0 || ended != m_endedSeen)
            m_midwaySince = m_heardAt;
        m_endedSeen = ended;
    }
}

QString Line::network() const
{
    return m_server.countedName(address());
}

void Line::readOn()
{
    m_heardAt = m_server.clock().steadyMs(); // what it said meanwhile has not been looked at
    onReadable();
}

void Line::pause(std::chrono::milliseconds time)
{
    if (std::exchange(m_isPaused, true))
        return;
    m_server.clock().callAfter(time, this, [this] {
        m_isPaused = false;
        readOn();
    });
}

void Line::watchBacklog()
{
    if (std::exchange(m_isWatched, true))
        return;
    connect(this, &QIODevice::bytesWritten, this, [this] {
        if (m_phase == Phase::Live && !isBehind())
            m_server.caughtUp(*this);
    });
}

void Line::readHead(QByteArrayView bytes)
{
    m_head.append(bytes.data(), bytes.size());
    const qsizetype end = m_head.indexOf("\r\n\r\n");
    if (end > kLargestHead || (end < 0 && m_head.size() > kLargestHead)) {
        reply(HttpAnswer{.status = 431, .body = "head over 16 KiB\n"}.toBytes(false));
        return;
    }
    if (end < 0)
        return;
    const QByteArray head = m_head.left(end);
    const QByteArray rest = m_head.sliced(end + 4);
    m_head = QByteArray();
    answerHead(head);
    if (m_phase == Phase::Live && !rest.isEmpty())
        m_codec.feed(rest, *this);
}

void Line::answerHead(const QByteArray &bytes)
{
    const auto head = HttpHead::parse(bytes);
    if (!head) {
        reply(HttpAnswer{.status = 400, .body = "not HTTP/1.1\n"}.toBytes(false));
        return;
    }
    if (head->hasToken("Connection", "upgrade") && openDoor(*head))
        return;
    reply(m_server.answer(*head).toBytes(head->method == "HEAD"));
}

bool Line::openDoor(const HttpHead &head)
{
    const bool isDoor = head.path == "/ws/visitor" || head.path == "/ws/agent";
    if (!isDoor || head.method != "GET" || !head.hasToken("Upgrade", "websocket"))
        return false;
    const QByteArray key = head.header("Sec-WebSocket-Key");
    if (head.header("Sec-WebSocket-Version") != "13" || QByteArray::fromBase64(key).size() != 16) {
        HttpAnswer refused{.status = head.header("Sec-WebSocket-Version") == "13" ? 400 : 426,
                           .body = "WebSocket 13\n"};
        refused.headers = {{"Sec-WebSocket-Version", "13"}};
        reply(refused.toBytes(false));
        return true;
    }
    if (!m_server.isWelcomeOrigin(head)) {
        reply(
            HttpAnswer{.status = 403, .body = "pages of this origin may not use the chat\n"}.toBytes(false));
        return true;
    }
    m_forwarded = m_server.forwardedFor(*this, head);
    if (!m_forwarded.isNull() && !m_server.count(*this)) {
        reply(m_server.tooManyOfOneAddress().toBytes(false));
        return true;
    }
    m_door = head.path == "/ws/agent" ? Door::Agent : Door::Visitor;
    m_phase = Phase::Live;
    const QByteArray answer =
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Accept: " +
        WebSocketCodec::acceptKey(key) + "\r\n\r\n";
    write(answer);
    m_server.opened(*this);
    return true;
}

void Line::reply(const QByteArray &bytes)
{
    write(bytes);
    closeGently();
}

void Line::turnAway(const HttpAnswer &answer)
{
    reply(answer.toBytes(false));
}

// A socket that is closed with unread bytes in it resets the connection, and the peer may lose what we said
// last. So only our half is closed; what still comes is read and forgotten until the peer closes its half, or
// the server's patience ends.
void Line::closeGently()
{
    m_phase = Phase::Closing;
    m_closingSince = m_server.clock().steadyMs();
    flush();
    if (m_phase == Phase::Gone)
        return;
    if (bytesToWrite() == 0)
        endOutput();
    else
        connect(this, &QIODevice::bytesWritten, this, [this] {
            if (bytesToWrite() == 0)
                endOutput();
        });
}

void Line::endOutput()
{
#ifdef Q_OS_UNIX
    ::shutdown(int(socketDescriptor()), SHUT_WR);
#else
    disconnectFromHost();
#endif
}

void Line::send(QByteArrayView frame)
{
    if (m_phase != Phase::Live)
        return;
    WebSocketCodec::appendText(m_queue, frame);
    if (!m_isQueued) {
        m_isQueued = true;
        m_server.queueFlush(*this);
    }
}

void Line::flushQueue()
{
    m_isQueued = false;
    if (m_queue.isEmpty() || m_phase == Phase::Gone)
        return;
    const QByteArray bytes = std::exchange(m_queue, QByteArray());
    write(bytes);
    flush(); // at once, not when the loop next finds the socket writable
    if (m_phase == Phase::Gone)
        return;
    if (bytesToWrite() > kLargestBacklog[m_door == Door::Agent]) {
        qCInfo(lcHub) << "line" << m_id << "does not read; dropped with" << bytesToWrite() << "bytes waiting";
        drop();
    }
}

void Line::closeLine(WebSocketCodec::CloseCode code)
{
    if (m_phase != Phase::Live)
        return;
    m_codec.stop();
    WebSocketCodec::appendClose(m_queue, code);
    flushQueue();
    if (m_phase == Phase::Gone)
        return;
    m_phase = Phase::Closing;
    m_server.closed(*this);
    closeGently();
}

void Line::drop()
{
    if (m_phase == Phase::Gone)
        return;
    const bool wasLive = m_phase == Phase::Live;
    m_phase = Phase::Gone;
    m_codec.stop();
    if (wasLive)
        m_server.closed(*this);
    m_server.remove(*this);
    abort();
    deleteLater();
}

void Line::onGone()
{
    drop();
}

void Line::onText(const QByteArray &utf8)
{
    m_server.received(*this, utf8);
}

void Line::onBinary()
{
    m_server.refused(*this, {.code = wire::Code::Malformed, .message = QStringLiteral("frames are text")});
}

void Line::onTooLarge(const QByteArray &head, qint64 size)
{
    m_server.tooLarge(*this, head, size);
}

void Line::onPing(const QByteArray &payload)
{
    WebSocketCodec::appendPong(m_queue, payload);
    if (!m_isQueued) {
        m_isQueued = true;
        m_server.queueFlush(*this);
    }
}

void Line::onClose(WebSocketCodec::CloseCode code)
{
    closeLine(code);
}

void Line::onBroken(WebSocketCodec::CloseCode code)
{
    closeLine(code);
}

} // namespace parley::hub
