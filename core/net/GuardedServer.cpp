#include "core/net/GuardedServer.h"

#include "core/base/Log.h"
#include "core/net/RequestGauge.h"

#include <QTcpSocket>

namespace parley::net {

namespace {

// While a request is being handled nobody reads: this much may wait in memory, the rest in the peer.
constexpr qint64 kReadAhead = qint64(1024) * 1024;

QByteArray refusalOf(int status)
{
    const char *reason = status == 408   ? "Request Timeout"
                         : status == 413 ? "Content Too Large"
                         : status == 431 ? "Request Header Fields Too Large"
                         : status == 503 ? "Service Unavailable"
                                         : "Bad Request";
    return "HTTP/1.1 " + QByteArray::number(status) + ' ' + reason +
           "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
}

/// Watches one socket from in front of its reader: its slot is connected first, so it sees fresh bytes (at
/// the end of the socket's buffer) before they can be taken.
class Guard final : public QObject
{
public:
    Guard(QTcpSocket &socket, const GuardLimits &limits, Clock &clock)
        : QObject(&socket)
        , m_socket(socket)
        , m_limits(limits)
        , m_clock(clock)
        , m_gauge(limits.head, limits.body)
    {
        m_socket.setReadBufferSize(kReadAhead);
        connect(&m_socket, &QIODevice::readyRead, this, &Guard::look);
        // The reader connects when it is told of the connection, before the loop turns: this slot comes after
        // its own.
        QMetaObject::invokeMethod(
            this,
            [this] {
                connect(&m_socket, &QIODevice::readyRead, this,
                        [this] { m_unread = m_socket.bytesAvailable(); });
            },
            Qt::QueuedConnection);
        wait(m_limits.headWithin);
    }

private:
    void look()
    {
        if (m_isRefused) {
            m_socket.skip(m_socket.bytesAvailable());
            return;
        }
        const qint64 available = m_socket.bytesAvailable();
        const qint64 fresh = std::min(available, std::max<qint64>(0, available - m_unread));
        if (fresh == 0)
            return;
        const auto before = m_gauge.phase();
        const QByteArray bytes = m_socket.peek(available);
        const int status = m_gauge.feed(QByteArrayView(bytes).last(fresh));
        if (status != 0) {
            refuse(status);
            return;
        }
        const auto now = m_gauge.phase();
        if (now == RequestGauge::Phase::Upgraded)
            ++m_deadline; // the upgraded protocol has limits of its own
        else if (now != before || now == RequestGauge::Phase::Idle)
            wait(now == RequestGauge::Phase::Head   ? m_limits.headWithin
                 : now == RequestGauge::Phase::Body ? m_limits.bodyWithin
                                                    : m_limits.idle);
    }

    void wait(std::chrono::seconds limit)
    {
        const quint64 deadline = ++m_deadline;
        m_clock.callAfter(limit, this, [this, deadline] {
            if (deadline == m_deadline)
                refuse(408);
        });
    }

    void refuse(int status)
    {
        qCInfo(lcNet) << "refused a request with" << status;
        ++m_deadline;
        m_isRefused = true;
        m_socket.skip(m_socket.bytesAvailable()); // the reader finds nothing
        m_socket.write(refusalOf(status));
        m_socket.disconnectFromHost();
    }

    QTcpSocket &m_socket;
    const GuardLimits m_limits;
    Clock &m_clock;
    RequestGauge m_gauge;
    qint64 m_unread = 0; ///< what the reader left in the socket's buffer
    quint64 m_deadline = 0;
    bool m_isRefused = false;
};

} // namespace

GuardedServer::GuardedServer(GuardLimits limits, Clock &clock, QObject *parent)
    : QTcpServer(parent)
    , m_limits(limits)
    , m_clock(clock)
{}

void GuardedServer::incomingConnection(qintptr descriptor)
{
    auto *socket = new QTcpSocket(this);
    if (!socket->setSocketDescriptor(descriptor)) {
        delete socket;
        return;
    }
    if (m_open >= m_limits.connections) {
        socket->write(refusalOf(503));
        connect(socket, &QAbstractSocket::disconnected, socket, &QObject::deleteLater);
        socket->disconnectFromHost();
        return;
    }
    ++m_open;
    connect(socket, &QObject::destroyed, this, [this] { --m_open; });
    new Guard(*socket, m_limits, m_clock); // the socket's child
    addPendingConnection(socket);
}

} // namespace parley::net
