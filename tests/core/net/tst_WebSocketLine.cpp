#include "core/base/Clock.h"
#include "core/net/WebSocketLine.h"
#include "tests/fakes/FakeClock.h"

#include <QRegularExpression>
#include <QSignalSpy>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>
#include <QWebSocket>
#include <QWebSocketServer>

using namespace parley;
using namespace parley::net;
using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

class WebSocketLineTest : public QObject
{
    Q_OBJECT

private:
    fakes::FakeClock m_clock;
    std::unique_ptr<QWebSocketServer> m_server;
    QList<QWebSocket *> m_visitors;

    void listen(quint16 port = 0)
    {
        m_server = std::make_unique<QWebSocketServer>(u"t"_s, QWebSocketServer::NonSecureMode);
        QVERIFY(m_server->listen(QHostAddress::LocalHost, port));
        m_visitors.clear();
        connect(m_server.get(), &QWebSocketServer::newConnection, this,
                [this] { m_visitors.append(m_server->nextPendingConnection()); });
    }
    WebSocketLine::Options steady()
    {
        return {.random = [] {
            return 0.0;
        }};
    }

private slots:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(u".*"_s));
        listen();
    }
    void cleanup()
    {
        m_visitors.clear();
        m_server.reset();
    }

    void sendText_openLine_arrivesBothWays()
    {
        WebSocketLine line(&m_clock);
        QSignalSpy opened(&line, &WebSocketLine::opened);
        QSignalSpy heard(&line, &WebSocketLine::textReceived);
        QVERIFY(!line.sendText(u"too early"_s));
        line.connectTo(m_server->serverUrl());
        QTRY_COMPARE(opened.size(), 1);
        QTRY_COMPARE(m_visitors.size(), 1);
        QSignalSpy atServer(m_visitors.first(), &QWebSocket::textMessageReceived);
        QVERIFY(line.sendText(u"grüß dich \u202e"_s));
        QTRY_COMPARE(atServer.size(), 1);
        QCOMPARE(atServer.first().first().toString(), u"grüß dich \u202e"_s);
        m_visitors.first()->sendTextMessage(u"back"_s);
        QTRY_COMPARE(heard.size(), 1);
    }

    void connectTo_refused_waitsByTheTableAndComesBack()
    {
        const QUrl url = m_server->serverUrl();
        m_server.reset();
        WebSocketLine line(&m_clock, steady());
        QSignalSpy closed(&line, &WebSocketLine::closed);
        QSignalSpy opened(&line, &WebSocketLine::opened);
        line.connectTo(url);
        QTRY_COMPARE(closed.size(), 1);
        QCOMPARE(line.nextTryIn(), 250ms);
        m_clock.advance(249ms);
        QCOMPARE(line.nextTryIn(), 1ms);
        m_clock.advance(1ms);
        QTRY_COMPARE(closed.size(), 2);
        QCOMPARE(line.nextTryIn(), 500ms);
        listen(quint16(url.port()));
        m_clock.advance(500ms);
        QTRY_COMPARE(opened.size(), 1);
        QCOMPARE(line.nextTryIn(), 0ms);
    }

    void serverCloses_withItsCode_codeReachesTheCaller()
    {
        WebSocketLine line(&m_clock, steady());
        QSignalSpy closed(&line, &WebSocketLine::closed);
        line.connectTo(m_server->serverUrl());
        QTRY_COMPARE(m_visitors.size(), 1);
        QTRY_VERIFY(line.isOpen());
        m_visitors.first()->close(QWebSocketProtocol::CloseCode(4400), u"version"_s);
        QTRY_COMPARE(closed.size(), 1);
        QCOMPARE(closed.first().at(0).toInt(), 4400);
        QCOMPARE(closed.first().at(1).toString(), u"version"_s);
    }

    void serverAcceptsAndDrops_againAndAgain_waitsGrow()
    {
        WebSocketLine line(&m_clock, steady());
        QSignalSpy closed(&line, &WebSocketLine::closed);
        line.connectTo(m_server->serverUrl());
        QList<std::chrono::milliseconds> waits;
        for (int i = 1; i <= 3; ++i) {
            QTRY_COMPARE(m_visitors.size(), i);
            QTRY_VERIFY(line.isOpen());
            m_visitors.last()->abort();
            QTRY_COMPARE(closed.size(), i);
            waits += line.nextTryIn();
            m_clock.advance(line.nextTryIn());
        }
        QCOMPARE(waits, (QList<std::chrono::milliseconds>{250ms, 500ms, 1000ms}));
    }

    void silence_deadPeer_droppedAfterTenSecondsAndReopened()
    {
        // A server that shakes hands and then never says anything, not even a pong.
        QTcpServer deaf;
        QVERIFY(deaf.listen(QHostAddress::LocalHost));
        QTcpServer *const server = &deaf;
        QList<QTcpSocket *> sockets;
        connect(server, &QTcpServer::newConnection, this, [&] {
            QTcpSocket *const socket = server->nextPendingConnection();
            sockets.append(socket);
            connect(socket, &QTcpSocket::readyRead, socket, [socket] {
                const QByteArray asked = socket->readAll();
                const qsizetype at = asked.indexOf("Sec-WebSocket-Key: ");
                if (at < 0)
                    return;
                const QByteArray key = asked.mid(at + 19, asked.indexOf("\r\n", at) - at - 19);
                const QByteArray accept =
                    QCryptographicHash::hash(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11",
                                             QCryptographicHash::Sha1)
                        .toBase64();
                socket->write(
                    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    "Sec-WebSocket-Accept: " +
                    accept + "\r\n\r\n");
            });
        });
        WebSocketLine line(&m_clock, steady());
        QSignalSpy closed(&line, &WebSocketLine::closed);
        line.connectTo(QUrl(u"ws://127.0.0.1:%1/"_s.arg(deaf.serverPort())));
        QTRY_VERIFY(line.isOpen());
        m_clock.advance(9999ms);
        QVERIFY(line.isOpen());
        m_clock.advance(1ms);
        QCOMPARE(closed.size(), 1);
        QCOMPARE(closed.first().at(0).toInt(), 0);
        m_clock.advance(250ms);
        QTRY_COMPARE(sockets.size(), 2);
    }

    void silence_livingPeer_isAskedAndKept()
    {
        WebSocketLine line(&m_clock, steady());
        QSignalSpy closed(&line, &WebSocketLine::closed);
        line.connectTo(m_server->serverUrl());
        QTRY_COMPARE(m_visitors.size(), 1);
        QTRY_VERIFY(line.isOpen());
        // The other side is a WebSocket server: it answers the ping at half time by itself.
        for (int i = 0; i < 5; ++i) {
            m_clock.advance(5000ms);
            QTest::qWait(50); // lets the pong come in: real sockets, fake time
        }
        QVERIFY(line.isOpen());
        QCOMPARE(closed.size(), 0);
    }

    void noAnswerToTheHandshake_isGivenUp()
    {
        QTcpServer mute;
        QVERIFY(mute.listen(QHostAddress::LocalHost));
        WebSocketLine line(&m_clock, steady());
        QSignalSpy closed(&line, &WebSocketLine::closed);
        line.connectTo(QUrl(u"ws://127.0.0.1:%1/"_s.arg(mute.serverPort())));
        QTRY_VERIFY(mute.hasPendingConnections());
        m_clock.advance(10s);
        QCOMPARE(closed.size(), 1);
    }

    void stop_whileWaiting_neverComesBack()
    {
        const QUrl url = m_server->serverUrl();
        m_server.reset();
        WebSocketLine line(&m_clock, steady());
        QSignalSpy closed(&line, &WebSocketLine::closed);
        line.connectTo(url);
        QTRY_COMPARE(closed.size(), 1);
        line.stop();
        listen(quint16(url.port()));
        m_clock.advance(60s);
        QTest::qWait(50);
        QVERIFY(m_visitors.isEmpty());
        QVERIFY(!line.isOpen());
    }

    void stop_openLine_saysGoodbye()
    {
        WebSocketLine line(&m_clock, steady());
        line.connectTo(m_server->serverUrl());
        QTRY_COMPARE(m_visitors.size(), 1);
        QTRY_VERIFY(line.isOpen());
        QSignalSpy gone(m_visitors.first(), &QWebSocket::disconnected);
        line.stop();
        QTRY_COMPARE(gone.size(), 1);
        QCOMPARE(m_visitors.first()->closeCode(), QWebSocketProtocol::CloseCodeGoingAway);
    }

    void retryNow_whileWaiting_connectsAtOnce()
    {
        const QUrl url = m_server->serverUrl();
        m_server.reset();
        WebSocketLine line(&m_clock, steady());
        QSignalSpy closed(&line, &WebSocketLine::closed);
        line.connectTo(url);
        QTRY_COMPARE(closed.size(), 1);
        listen(quint16(url.port()));
        line.retryNow();
        QTRY_VERIFY(line.isOpen());
    }
};

QTEST_GUILESS_MAIN(WebSocketLineTest)
#include "tst_WebSocketLine.moc"
