// A small HTTP server on loopback whose answers a test writes byte by byte, to be as wrong as real servers
// are.
#pragma once

#include <QHostAddress>
#include <QTcpServer>
#include <QTcpSocket>
#include <QUrl>

#include <functional>

namespace parley::fakes {

class HttpStub
{
public:
    struct Request {
        QByteArray method;
        QByteArray target;
        QByteArray head;
        QByteArray body;
    };
    /// What to do with a whole request; the default answers 200 with no body.
    std::function<void(const Request &, QTcpSocket *)> onRequest = [](const Request &, QTcpSocket *socket) {
        socket->write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    };
    QList<Request> requests;
    int connections = 0;

    explicit HttpStub(quint16 port = 0)
    {
        m_server.listen(QHostAddress::LocalHost, port);
        QObject::connect(&m_server, &QTcpServer::newConnection, &m_server, [this] {
            while (QTcpSocket *const socket = m_server.nextPendingConnection()) {
                ++connections;
                auto *const bytes = new QByteArray;
                QObject::connect(socket, &QObject::destroyed, &m_server, [bytes] { delete bytes; });
                QObject::connect(socket, &QTcpSocket::readyRead, &m_server, [this, socket, bytes] {
                    *bytes += socket->readAll();
                    while (takeOne(*bytes, socket)) {
                    }
                });
            }
        });
    }

    [[nodiscard]] QUrl url(const QString &path = QStringLiteral("/")) const
    {
        return QUrl(QStringLiteral("http://127.0.0.1:%1%2").arg(m_server.serverPort()).arg(path));
    }
    static QByteArray reply(int status, const QByteArray &body, const QByteArray &type = "application/json",
                            const QByteArray &more = {})
    {
        return "HTTP/1.1 " + QByteArray::number(status) + " X\r\nContent-Type: " + type +
               "\r\nContent-Length: " + QByteArray::number(body.size()) + "\r\n" + more + "\r\n" + body;
    }

private:
    bool takeOne(QByteArray &bytes, QTcpSocket *socket)
    {
        const qsizetype end = bytes.indexOf("\r\n\r\n");
        if (end < 0)
            return false;
        const QByteArray head = bytes.left(end + 2);
        const qsizetype lengthAt = head.toLower().indexOf("content-length: ");
        const qsizetype length =
            lengthAt < 0 ? 0
                         : head.mid(lengthAt + 16, head.indexOf("\r\n", lengthAt) - lengthAt - 16).toInt();
        if (bytes.size() < end + 4 + length)
            return false;
        const QList<QByteArray> line = head.left(head.indexOf("\r\n")).split(' ');
        const Request request{line.value(0), line.value(1), head, bytes.mid(end + 4, length)};
        bytes.remove(0, end + 4 + length);
        requests.append(request);
        onRequest(request, socket);
        return true;
    }

    QTcpServer m_server;
};

} // namespace parley::fakes
