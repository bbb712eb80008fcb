// A TCP peer of the hub's port that says bytes of its own choosing.
#pragma once

#include <QTcpSocket>
#include <QTest>
#include <QUrl>

namespace parley::tests {

/// Sends bytes to the hub's port and reads what comes until the line is closed.
inline QByteArray rawTalk(const QString &hubUrl, const QByteArray &bytes)
{
    QTcpSocket socket;
    socket.connectToHost(QStringLiteral("127.0.0.1"), quint16(QUrl(hubUrl).port()));
    if (!QTest::qWaitFor([&] { return socket.state() == QAbstractSocket::ConnectedState; }))
        return {};
    socket.write(bytes);
    std::ignore = QTest::qWaitFor([&] { return socket.state() == QAbstractSocket::UnconnectedState; });
    return socket.readAll();
}

/// The request that opens a door, with further header lines (each with its line end).
inline QByteArray upgradeRequest(const QByteArray &door, const QByteArray &headers = {})
{
    return "GET " + door +
           " HTTP/1.1\r\nHost: chat.example.com\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
           "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" +
           headers + "\r\n";
}

} // namespace parley::tests
