// The sandbox's ear on loopback: one handler for every request, replies by timer, faults on demand.
#pragma once

#include "app/sandbox/Faults.h"
#include "app/sandbox/HttpFrames.h"

#include <QtHttpServer/QAbstractHttpServer>

#include <chrono>
#include <functional>

namespace parley {
class Clock;
}

namespace parley::sandbox {

class HttpServer final : public QAbstractHttpServer
{
    Q_OBJECT
public:
    using Handler = std::function<Reply(const Request &)>;

    HttpServer(Clock &clock, Faults &faults, Handler handler, std::chrono::milliseconds latency);

private:
    bool handleRequest(const QHttpServerRequest &request, QTcpSocket *socket) override;
    void missingHandler(const QHttpServerRequest &request, QTcpSocket *socket) override;
    void answer(QTcpSocket *socket, const Request &request, const Reply &reply, bool truncated, int delayMs);

    Clock &m_clock;
    Faults &m_faults;
    Handler m_handler;
    std::chrono::milliseconds m_latency;
};

} // namespace parley::sandbox
