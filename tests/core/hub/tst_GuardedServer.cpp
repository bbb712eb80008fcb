// QHttpServer behind the guard: good requests arrive whole, others are answered before it sees them.
#include "core/net/GuardedServer.h"
#include "tests/fakes/FakeClock.h"

#include <QHttpServer>
#include <QRegularExpression>
#include <QTcpSocket>
#include <QTest>

using namespace parley;
using namespace Qt::Literals::StringLiterals;

class GuardedServerTest : public QObject
{
    Q_OBJECT

private slots:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(u".*"_s));
        m_seen = 0;
        m_http = std::make_unique<QHttpServer>();
        m_http->route(u"/echo"_s, [this](const QHttpServerRequest &request) {
            ++m_seen;
            return QHttpServerResponse("text/plain", request.body());
        });
        net::GuardLimits limits;
        limits.head = 1000;
        limits.body = 5000;
        m_server = new net::GuardedServer(limits, m_clock);
        QVERIFY(m_server->listen(QHostAddress::LocalHost));
        m_http->bind(m_server); // owns it from here on
        m_socket = std::make_unique<QTcpSocket>();
        m_socket->connectToHost(QHostAddress::LocalHost, m_server->serverPort());
        QTRY_COMPARE(m_socket->state(), QAbstractSocket::ConnectedState);
    }

    void cleanup()
    {
        m_socket.reset();
        m_http.reset();
    }

    void requests_keptAliveAndSplit_allArrive()
    {
        const QByteArray body(4000, 'b');
        const QByteArray request = "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 4000\r\n\r\n" + body;
        for (int i = 0; i < 3; ++i) {
            m_socket->write(request.left(30));
            m_socket->flush();
            QTest::qWait(1);
            m_socket->write(request.sliced(30));
            QTRY_COMPARE(m_seen, i + 1);
        }
        QTRY_VERIFY(m_socket->peek(100'000).count("HTTP/1.1 200") == 3);
        m_socket->readAll();
        m_socket->write(
            "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n");
        QTRY_COMPARE(m_seen, 4);
        QTRY_VERIFY(m_socket->peek(100'000).contains("hello"));
    }

    void request_overALimit_isAnsweredHere_data()
    {
        QTest::addColumn<QByteArray>("request");
        QTest::addColumn<int>("status");
        const QByteArray start = "POST /echo HTTP/1.1\r\nHost: x\r\n";
        QTest::newRow("head") << start + "X: " + QByteArray(2000, 'x') << 431;
        QTest::newRow("body") << start + "Content-Length: 5001\r\n\r\n" << 413;
        QTest::newRow("chunks") << start + "Transfer-Encoding: chunked\r\n\r\n1000\r\n" +
                                       QByteArray(4096, 'x') + "\r\n1000\r\n"
                                << 413;
        QTest::newRow("huge chunk") << start + "Transfer-Encoding: chunked\r\n\r\n7fffffffffffffff\r\n"
                                    << 413;
        QTest::newRow("two lengths") << start + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"
                                     << 400;
        QTest::newRow("unequal lengths") << start + "Content-Length: 5\r\nContent-Length: 6\r\n\r\n" << 400;
        QTest::newRow("negative length") << start + "Content-Length: -5\r\n\r\n" << 400;
        QTest::newRow("nonsense") << QByteArray("hello world\r\n\r\n") << 400;
    }

    void request_overALimit_isAnsweredHere()
    {
        QFETCH(QByteArray, request);
        QFETCH(int, status);
        m_socket->write(request);
        QTRY_COMPARE(m_socket->state(), QAbstractSocket::UnconnectedState);
        const QByteArray answer = m_socket->readAll();
        QVERIFY2(answer.startsWith("HTTP/1.1 " + QByteArray::number(status)), answer.left(60).constData());
        QCOMPARE(m_seen, 0);
    }

    void head_slow_timesOut()
    {
        m_socket->write("GET /echo HT");
        m_socket->flush();
        QTest::qWait(20);
        m_clock.advance(std::chrono::seconds(9));
        QCOMPARE(m_socket->state(), QAbstractSocket::ConnectedState);
        m_socket->write("TP/1.1\r\nX: "); // a little now and then does not buy time
        m_socket->flush();
        QTest::qWait(20);
        m_clock.advance(std::chrono::seconds(2));
        QTRY_COMPARE(m_socket->state(), QAbstractSocket::UnconnectedState);
        QVERIFY(m_socket->readAll().startsWith("HTTP/1.1 408"));
    }

private:
    fakes::FakeClock m_clock;
    std::unique_ptr<QHttpServer> m_http;
    net::GuardedServer *m_server = nullptr;
    std::unique_ptr<QTcpSocket> m_socket;
    int m_seen = 0;
};

QTEST_GUILESS_MAIN(GuardedServerTest)
#include "tst_GuardedServer.moc"
