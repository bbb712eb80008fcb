#include "core/net/NetworkTransport.h"
#include "tests/fakes/HttpStub.h"

#include <QRegularExpression>
#include <QTest>
#include <QTimer>

using namespace parley;
using namespace parley::net;
using fakes::HttpStub;
using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

class NetworkTransportTest : public QObject
{
    Q_OBJECT

private:
    Result<HttpReply> waitFor(Async<HttpReply> task)
    {
        std::optional<Result<HttpReply>> got;
        whenDone(std::move(task), this, [&got](Result<HttpReply> result) { got = std::move(result); });
        [&] {
            QTRY_VERIFY_WITH_TIMEOUT(got.has_value(), 20'000);
        }();
        return got ? std::move(*got) : fail(Errc::Cancelled, u"the test's own time is up"_s);
    }

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(u".*"_s)); }

    void send_post_carriesAllAndBringsAllBack()
    {
        HttpStub stub;
        stub.onRequest = [](const HttpStub::Request &, QTcpSocket *socket) {
            socket->write(
                HttpStub::reply(201, "{\"id\":\"1\"}", "application/json;charset=UTF-8", "X-Two: a\r\n"));
        };
        const auto transport = std::make_shared<NetworkTransport>();
        const auto reply = waitFor(
            transport->send({.method = "POST",
                             .url = stub.url(u"/a%20b?q=%2B"_s),
                             .headers = {{"Authorization", "Bearer x"}, {"Content-Type", "text/plain"}},
                             .body = "hello",
                             .isIdempotent = false}));
        QVERIFY(reply.has_value());
        QCOMPARE(reply->status, 201);
        QCOMPARE(reply->contentType(), "application/json"_ba);
        QCOMPARE(reply->header("x-TWO"), "a"_ba);
        QCOMPARE(reply->body, "{\"id\":\"1\"}"_ba);
        QCOMPARE(stub.requests.first().method, "POST"_ba);
        QCOMPARE(stub.requests.first().target, "/a%20b?q=%2B"_ba);
        QCOMPARE(stub.requests.first().body, "hello"_ba);
        QVERIFY(stub.requests.first().head.contains("Authorization: Bearer x\r\n"));
        QVERIFY(stub.requests.first().head.contains("User-Agent: Parley/" PARLEY_VERSION));
    }

    void send_patchAndDelete_keepTheirMethods()
    {
        HttpStub stub;
        stub.onRequest = [](const HttpStub::Request &, QTcpSocket *socket) {
            socket->write("HTTP/1.1 204 No Content\r\n\r\n");
        };
        const auto transport = std::make_shared<NetworkTransport>();
        QCOMPARE(waitFor(transport->send(
                             {.method = "PATCH", .url = stub.url(), .body = "{}", .isIdempotent = false}))
                     ->status,
                 204);
        QCOMPARE(waitFor(transport->send({.method = "DELETE", .url = stub.url()}))->status, 204);
        QCOMPARE(stub.requests.at(0).method, "PATCH"_ba);
        QCOMPARE(stub.requests.at(1).method, "DELETE"_ba);
        QCOMPARE(stub.connections, 1); // kept
    }

    void send_anyStatus_isAReplyWithItsBody_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("more");
        for (const int status : {300, 302, 400, 404, 405, 409, 410, 412, 415, 429, 500, 501, 503})
            QTest::addRow("%d", status)
                << status << QByteArray("Location: http://127.0.0.1:1/\r\nRetry-After: 7\r\n");
        QTest::newRow("401 plain") << 401 << QByteArray();
        QTest::newRow("401 Token") << 401 << QByteArray("WWW-Authenticate: Token\r\n");
        QTest::newRow("401 Bearer") << 401
                                    << QByteArray("WWW-Authenticate: Bearer error=\"invalid_token\"\r\n");
        QTest::newRow("401 Basic") << 401 << QByteArray("WWW-Authenticate: Basic realm=\"x\"\r\n");
    }
    void send_anyStatus_isAReplyWithItsBody()
    {
        QFETCH(int, status);
        QFETCH(QByteArray, more);
        HttpStub stub;
        stub.onRequest = [&](const HttpStub::Request &, QTcpSocket *socket) {
            socket->write(HttpStub::reply(status, "[{\"errorCode\":\"X\"}]", "application/json", more));
        };
        const auto transport = std::make_shared<NetworkTransport>();
        for (const bool isIdempotent : {true, false}) {
            const auto reply = waitFor(transport->send(
                {.method = "POST", .url = stub.url(), .body = "{}", .isIdempotent = isIdempotent}));
            QVERIFY2(reply.has_value(), reply ? "" : qPrintable(reply.error().detail));
            QCOMPARE(reply->status, status);
            QCOMPARE(reply->body, "[{\"errorCode\":\"X\"}]"_ba);
        }
        QCOMPARE(stub.requests.size(), 2);
    }

    void send_nobodyListens_isOfflineAndNeverSent()
    {
        QUrl url;
        {
            HttpStub stub;
            url = stub.url();
        }
        const auto transport = std::make_shared<NetworkTransport>();
        const auto reply = waitFor(transport->send({.url = url}));
        QCOMPARE(reply.error().code, Errc::Offline);
        QVERIFY(reply.error().neverSent);
    }

    void send_connectionDropped_isOfflineAndNeverSentTwice_data()
    {
        QTest::addColumn<QByteArray>("said");
        QTest::newRow("nothing said") << QByteArray();
        QTest::newRow("half a head") << QByteArray("HTTP/1.1 200 OK\r\nContent-Le");
        QTest::newRow("half a body") << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
        QTest::newRow("half a chunk")
            << QByteArray("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10\r\nhalf");
    }
    void send_connectionDropped_isOfflineAndNeverSentTwice()
    {
        QFETCH(QByteArray, said);
        HttpStub stub;
        const auto transport = std::make_shared<NetworkTransport>();
        // The first request succeeds, so that the second goes out on a kept connection.
        QCOMPARE(waitFor(transport->send({.url = stub.url()}))->status, 200);
        stub.onRequest = [said](const HttpStub::Request &, QTcpSocket *socket) {
            socket->write(said);
            socket->disconnectFromHost();
        };
        for (const QByteArray &body : {"{}"_ba, ""_ba}) {
            stub.requests.clear();
            const auto reply = waitFor(
                transport->send({.method = "POST", .url = stub.url(), .body = body, .isIdempotent = false}));
            QVERIFY(!reply.has_value());
            QCOMPARE(reply.error().code, Errc::Offline);
            QVERIFY(!reply.error().neverSent);
            QCOMPARE(stub.requests.size(), 1);
        }
    }

    void send_noAnswerInTime_isTimedOut()
    {
        HttpStub stub;
        stub.onRequest = [](const HttpStub::Request &, QTcpSocket *socket) {
            socket->write("HTTP/1.1 200 OK\r\n");
        };
        const auto transport = std::make_shared<NetworkTransport>();
        const auto reply = waitFor(transport->send({.url = stub.url(), .timeout = 100ms}));
        QCOMPARE(reply.error().code, Errc::TimedOut);
    }

    void send_stopRequested_isCancelled()
    {
        HttpStub stub;
        stub.onRequest = [](const HttpStub::Request &, QTcpSocket *) {
        };
        const auto transport = std::make_shared<NetworkTransport>();
        StopToken stop;
        QTimer::singleShot(50, this, [stop]() mutable { stop.requestStop(); });
        QCOMPARE(waitFor(transport->send({.url = stub.url(), .stop = stop})).error().code, Errc::Cancelled);
        QTimer::singleShot(50, this, [transport] { transport->cancelAll(); });
        QCOMPARE(waitFor(transport->send({.url = stub.url()})).error().code, Errc::Cancelled);
        stub.onRequest = [](const HttpStub::Request &, QTcpSocket *socket) {
            socket->write(HttpStub::reply(200, "x"));
        };
        QCOMPARE(waitFor(transport->send({.url = stub.url()}))->status, 200);
    }

    void send_endlessBody_endsInBadReply()
    {
        HttpStub stub;
        stub.onRequest = [](const HttpStub::Request &, QTcpSocket *socket) {
            socket->write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            const QByteArray chunk = "100000\r\n" + QByteArray(0x100000, 'x') + "\r\n";
            const auto more = [socket, chunk] {
                if (socket->bytesToWrite() < 4'000'000)
                    socket->write(chunk);
            };
            QObject::connect(socket, &QTcpSocket::bytesWritten, socket, more);
            more();
        };
        const auto transport = std::make_shared<NetworkTransport>();
        const auto reply = waitFor(transport->send({.url = stub.url()}));
        QCOMPARE(reply.error().code, Errc::BadReply);
    }

    void send_notHttp_isBadReplyOrOffline()
    {
        HttpStub stub;
        stub.onRequest = [](const HttpStub::Request &, QTcpSocket *socket) {
            socket->write("SSH-2.0-OpenSSH_9.2\r\n\r\n");
            socket->disconnectFromHost();
        };
        const auto transport = std::make_shared<NetworkTransport>();
        const auto reply = waitFor(transport->send({.url = stub.url(), .timeout = 3s}));
        QVERIFY(!reply.has_value());
        QVERIFY(isOutcomeUnknown(reply.error().code));
    }

    void transportGone_requestUnderWay_stillEnds()
    {
        HttpStub stub;
        auto transport = std::make_shared<NetworkTransport>();
        auto task = transport->send({.url = stub.url()});
        transport.reset();
        QCOMPARE(waitFor(std::move(task))->status, 200);
    }
};

QTEST_GUILESS_MAIN(NetworkTransportTest)
#include "tst_NetworkTransport.moc"
