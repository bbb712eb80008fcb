#include "core/net/WebSocketLine.h"

#include "core/base/Clock.h"
#include "core/base/Log.h"
#include "core/base/Redact.h"
#include "core/net/Retry.h"

#include <QNetworkRequest>
#include <QRandomGenerator>
#include <QWebSocket>

namespace parley::net {

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace {
/// A line must have held this long before its loss counts as the first of a new row of failures: a server
/// that accepts and drops at once must not be hammered.
constexpr qint64 kHeldMs = 5000;
/// A timer that fires so late means that this program stood still: what the server said meanwhile is still
/// unread.
constexpr qint64 kStalledMs = 1000;
} // namespace

WebSocketLine::WebSocketLine(Clock *clock, QObject *parent)
    : WebSocketLine(clock, Options(), parent)
{}

WebSocketLine::WebSocketLine(Clock *clock, Options options, QObject *parent)
    : QObject(parent)
    , m_clock(clock)
    , m_options(std::move(options))
{
    if (!m_options.random)
        m_options.random = [] {
            return QRandomGenerator::global()->generateDouble();
        };
    if (m_options.waits.isEmpty())
        m_options.waits = {1s};
}

WebSocketLine::~WebSocketLine()
{
    stop();
}

void WebSocketLine::connectTo(const QUrl &url)
{
    if (m_isWanted && url == m_url && m_try)
        return;
    stop();
    m_url = url;
    m_isWanted = true;
    m_failures = 0;
    open();
}

void WebSocketLine::stop()
{
    m_isWanted = false;
    m_nextTryAt = -1;
    QWebSocket *const leaving = m_isOpen ? m_socket : nullptr;
    m_isOpen = false;
    m_try.reset(); // before close(), so that its signals find nobody
    if (leaving)
        leaving->close(QWebSocketProtocol::CloseCodeGoingAway);
    dropSocket();
}

void WebSocketLine::retryNow()
{
    if (!m_isWanted || m_nextTryAt < 0)
        return;
    open();
}

std::chrono::milliseconds WebSocketLine::nextTryIn() const
{
    if (m_nextTryAt < 0)
        return 0ms;
    return std::chrono::milliseconds(std::max<qint64>(0, m_nextTryAt - m_clock->steadyMs()));
}

qint64 WebSocketLine::pendingBytes() const
{
    return m_socket ? m_socket->bytesToWrite() : 0;
}

bool WebSocketLine::sendText(const QString &text)
{
    return m_isOpen && m_socket->sendTextMessage(text) >= 0;
}

void WebSocketLine::open()
{
    dropSocket();
    m_nextTryAt = -1;
    m_try = std::make_unique<QObject>();
    m_socket = new QWebSocket(QString(), QWebSocketProtocol::VersionLatest, this);
    m_socket->setMaxAllowedIncomingFrameSize(m_options.maxMessageBytes);
    m_socket->setMaxAllowedIncomingMessageSize(m_options.maxMessageBytes);
    connect(m_socket, &QWebSocket::connected, m_try.get(), [this] {
        m_isOpen = true;
        m_openedAt = m_heardAt = m_clock->steadyMs();
        emit opened();
    });
    connect(m_socket, &QWebSocket::textMessageReceived, m_try.get(), [this](const QString &text) {
        m_heardAt = m_clock->steadyMs();
        emit textReceived(text);
    });
    connect(m_socket, &QWebSocket::pong, m_try.get(), [this] { m_heardAt = m_clock->steadyMs(); });
    connect(m_socket, &QWebSocket::disconnected, m_try.get(), [this] {
        // QWebSocket says 1000 when no close frame came at all; the reason is then empty, too.
        const int code = m_isOpen ? int(m_socket->closeCode()) : 0;
        lost(code, m_socket->closeReason().isEmpty() ? m_socket->errorString() : m_socket->closeReason());
    });
    // While connecting, some failures (name not found, TLS) end in error without disconnected. Queued,
    // because the socket must not be dropped inside its own signal and disconnected, where it comes, knows
    // more.
    connect(
        m_socket, qOverload<QAbstractSocket::SocketError>(&QWebSocket::error), m_try.get(),
        [this] {
            if (!m_isOpen)
                lost(0, m_socket->errorString());
        },
        Qt::QueuedConnection);
    QNetworkRequest request(m_url);
    request.setHeader(QNetworkRequest::UserAgentHeader, u"Parley/" PARLEY_VERSION ""_s);
    m_heardAt = m_clock->steadyMs();
    watch();
    m_socket->open(request);
}

void WebSocketLine::watch()
{
    // Half way through the silence the other side is asked for a sign of life (a WebSocket ping).
    const qint64 half = m_options.silence.count() / 2;
    const qint64 quiet = m_clock->steadyMs() - m_heardAt;
    const qint64 next = quiet < half ? half - quiet : std::max<qint64>(1, m_options.silence.count() - quiet);
    const qint64 dueAt = m_clock->steadyMs() + next;
    m_clock->callAfter(std::chrono::milliseconds(next), m_try.get(), [this, dueAt, half] {
        const qint64 now = m_clock->steadyMs();
        if (now - dueAt > kStalledMs)
            m_heardAt = now - half;
        const qint64 quietFor = now - m_heardAt;
        if (quietFor >= m_options.silence.count()) {
            lost(0, m_isOpen ? u"nothing heard"_s : u"no answer"_s);
            return;
        }
        if (m_isOpen && quietFor >= half)
            m_socket->ping();
        watch();
    });
}

void WebSocketLine::lost(int closeCode, const QString &reason)
{
    const bool hadHeld = m_isOpen && m_clock->steadyMs() - m_openedAt >= kHeldMs;
    dropSocket();
    m_failures = hadHeld ? 1 : m_failures + 1;
    const auto wait = jittered(waitBefore(m_options.waits, m_failures), m_options.random());
    qCInfo(lcNet) << "line to" << forLog(m_url) << "lost, code" << closeCode << forLog(reason)
                  << "next try in" << wait.count() << "ms";
    m_nextTryAt = m_clock->steadyMs() + wait.count();
    m_try = std::make_unique<QObject>();
    m_clock->callAfter(wait, m_try.get(), [this] { open(); });
    emit closed(closeCode, reason);
}

void WebSocketLine::dropSocket()
{
    m_isOpen = false;
    m_try.reset();
    if (!m_socket)
        return;
    // close() above may still have its farewell to send; abort() would cut it off, the deletion after the
    // event loop's next turn does not wait for the other side's answer either.
    if (m_socket->state() != QAbstractSocket::ClosingState)
        m_socket->abort();
    m_socket->deleteLater();
    m_socket = nullptr;
}

} // namespace parley::net
