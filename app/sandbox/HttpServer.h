// The sandbox's ear on loopback: one handler for every request, replies by timer, faults on demand.
#pragma once

#include "app/sandbox/Faults.h"
#include "app/sandbox/HttpFrames.h"
#include "app/sandbox/HttpReader.h"

#include <QTcpServer>

#include <chrono>
#include <functional>

class QTcpSocket;

namespace parley {
class Clock;
}

namespace parley::sandbox {

// Qt HttpServer 6.4 neither answers "Expect: 100-continue" nor limits bodies, and it drops what it cannot
// read without a word; a client author needs to be told what was wrong.
class HttpServer final : public QObject
{
    Q_OBJECT
public:
    using Handler = std::function<Reply(const Request &)>;

    HttpServer(Clock &clock, Faults &faults, Handler handler, std::chrono::milliseconds latency);

    /// The port that it listens on; 0 when it cannot.
    [[nodiscard]] quint16 listen(const QHostAddress &address, quint16 port);

private:
    friend class HttpConnection;

    Clock &m_clock;
    Faults &m_faults;
    Handler m_handler;
    std::chrono::milliseconds m_latency;
    QTcpServer m_server;
};

/// One client's line: requests one after the other, each answered before the next is read.
class HttpConnection final : public QObject
{
    Q_OBJECT
public:
    HttpConnection(HttpServer &server, QTcpSocket *socket);

private:
    void readSome();
    void serve(const Request &request);
    void answer(const Request &request, const Reply &reply, bool truncated, std::chrono::milliseconds delay);
    void send(const QByteArray &bytes, bool close);
    void refuse(const Reply &reply);
    void watch();
    void linger(int rounds);

    HttpServer &m_server;
    QTcpSocket *m_socket;
    HttpReader m_reader;
    qint64 m_received = 0;
    bool m_answering = false;
    bool m_watching = false;
    bool m_refused = false; ///< what still comes is thrown away
};

} // namespace parley::sandbox
