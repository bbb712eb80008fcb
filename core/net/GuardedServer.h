// A TCP server for QHttpServer, which has no limits of its own: heads and bodies that are too large and peers
// that are too slow are answered here and never reach it.
#pragma once

#include "core/base/Clock.h"

#include <QTcpServer>

#include <chrono>

namespace parley::net {

struct GuardLimits {
    qint64 head = qint64(16) * 1024;        ///< bytes of request line and headers
    qint64 body = qint64(48) * 1024 * 1024; ///< bytes of one request's body
    std::chrono::seconds headWithin{
        10}; ///< from a request's first byte (or the connection) to the end of its head
    std::chrono::seconds bodyWithin{60}; ///< from the end of the head to the end of the body
    std::chrono::seconds idle{120};      ///< between two requests
    int connections = 1'000;
};

/// Give it to QAbstractHttpServer::bind() once it listens. Answers 400, 408, 413 and 431 on its own and
/// closes the connection then. The clock must outlive it.
class GuardedServer : public QTcpServer
{
    Q_OBJECT

public:
    GuardedServer(GuardLimits limits, Clock &clock, QObject *parent = nullptr);

protected:
    void incomingConnection(qintptr descriptor) override;

private:
    GuardLimits m_limits;
    Clock &m_clock;
    int m_open = 0;
};

} // namespace parley::net
