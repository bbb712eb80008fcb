#include "app/sandbox/Sandbox.h"
#include "core/base/Clock.h"
#include "tests/fakes/FakeClock.h"

#include <QElapsedTimer>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTcpSocket>
#include <QTest>

using namespace Qt::Literals::StringLiterals;
using namespace parley;
using namespace parley::sandbox;

class SandboxHttpTest : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase()
    {
        m_sandbox = std::make_unique<Sandbox>(m_clock, Config{});
        QVERIFY(m_sandbox->start());
        m_token.clear();
        const auto &settings = m_sandbox->oauth();
        const Answer answer = send("POST", u"/services/oauth2/token"_s,
                                   "grant_type=client_credentials&client_id=" + settings.clientId.toLatin1() +
                                       "&client_secret=" + settings.clientSecret.toLatin1(),
                                   "application/x-www-form-urlencoded");
        m_token = QJsonDocument::fromJson(answer.body)[u"access_token"_s].toString().toLatin1();
        QVERIFY(!m_token.isEmpty());
    }
    void init()
    {
        QTest::failOnWarning(QRegularExpression(u".*"_s));
        m_sandbox->faults().clear();
        m_sandbox->faults().forgetRequests();
    }

    void fault_kind_showsOnTheWire_data()
    {
        QTest::addColumn<QString>("kind");
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("part");
        QTest::addColumn<int>("contacts"); // how many the write really made
        QTest::newRow("drop after commit") << u"drop"_s << 0 << QByteArray() << 1;
        QTest::newRow("drop before") << u"dropBefore"_s << 0 << QByteArray() << 0;
        QTest::newRow("401") << u"401"_s << 401 << QByteArray("INVALID_SESSION_ID") << 0;
        QTest::newRow("403") << u"403"_s << 403 << QByteArray("REQUEST_LIMIT_EXCEEDED") << 0;
        QTest::newRow("429") << u"tooMany"_s << 429 << QByteArray("REQUEST_LIMIT_EXCEEDED") << 0;
        QTest::newRow("503") << u"unavailable"_s << 503 << QByteArray("SERVER_UNAVAILABLE") << 0;
        QTest::newRow("lock") << u"lock"_s << 400 << QByteArray("UNABLE_TO_LOCK_ROW") << 0;
        QTest::newRow("html") << u"html"_s << 200 << QByteArray("<html>") << 0;
    }
    void fault_kind_showsOnTheWire()
    {
        QFETCH(QString, kind);
        QFETCH(QByteArray, part);
        const QByteArray name = QByteArray("Faulty ") + QTest::currentDataTag();
        const QByteArray fault =
            QJsonDocument(QJsonObject{{u"kind"_s, kind}, {u"method"_s, u"POST"_s}}).toJson();
        QCOMPARE(send("POST", u"/__sandbox/faults"_s, fault).status, 200);
        const Answer answer = sendOnce("POST", kContacts, "{\"LastName\":\"" + name + "\"}");
        QTEST(answer.status, "status");
        QVERIFY(answer.body.contains(part));
        QTEST(countOf(name), "contacts");
        QCOMPARE(send("POST", kContacts, R"({"LastName":"Fine"})").status, 201); // it hit once
    }

    void fault_truncated_breaksTheBody()
    {
        m_sandbox->faults().add(Fault{.kind = Fault::Kind::Truncated, .path = u"/describe"_s});
        const Answer answer = send("GET", u"/services/data/v62.0/sobjects/Contact/describe"_s);
        QVERIFY(answer.failed);
        QCOMPARE(send("GET", u"/services/data/v62.0/sobjects/Contact/describe"_s).status, 200);
    }

    void fault_skipAndTimes_areCounted()
    {
        m_sandbox->faults().add(Fault{.kind = Fault::Kind::Unavailable, .times = 2, .skip = 1});
        QList<int> statuses;
        for (int i = 0; i < 4; ++i)
            statuses.append(send("GET", u"/services/data/v62.0/limits"_s).status);
        QCOMPARE(statuses, (QList<int>{200, 503, 503, 200}));
        QCOMPARE(m_sandbox->faults().requests(u"/limits"_s, "GET"), 4);
        const QJsonDocument seen = QJsonDocument::fromJson(send("GET", u"/__sandbox/requests"_s).body);
        QCOMPARE(seen[u"total"_s].toInt(), 4);
        QCOMPARE(seen[u"paths"_s][u"GET /services/data/v62.0/limits"_s].toInt(), 4);
        QCOMPARE(send("POST", u"/__sandbox/faults"_s, R"({"kind":"nonsense"})").status, 400);
    }

    // Two slow answers at once take as long as one: nobody is blocked meanwhile.
    void latency_isByTimer()
    {
        m_sandbox->faults().add(Fault{.kind = Fault::Kind::Latency, .times = 2, .ms = 300});
        QElapsedTimer timer;
        timer.start();
        std::unique_ptr<QNetworkReply> one(start("GET", u"/services/data/v62.0/limits"_s));
        std::unique_ptr<QNetworkReply> two(start("GET", u"/services/data/v62.0/recent"_s));
        QTRY_VERIFY(one->isFinished() && two->isFinished());
        QVERIFY(timer.elapsed() >= 300);
        QVERIFY(timer.elapsed() < 590);
    }

    void connection_isKeptAlive_andHeadHasNoBody()
    {
        QTcpSocket socket;
        const QUrl url(m_sandbox->baseUrl());
        socket.connectToHost(url.host(), quint16(url.port()));
        QTRY_COMPARE(socket.state(), QAbstractSocket::ConnectedState);
        for (int i = 0; i < 3; ++i) {
            socket.write("HEAD /services/data HTTP/1.1\r\nHost: x\r\n\r\n");
            QByteArray head;
            QTRY_VERIFY((head += socket.readAll()).contains("\r\n\r\n"));
            QVERIFY(head.startsWith("HTTP/1.1 200 OK"));
            QVERIFY(head.endsWith("\r\n\r\n"));
            QVERIFY(head.contains("Connection: keep-alive"));
        }
        QCOMPARE(socket.state(), QAbstractSocket::ConnectedState);
    }

    void post_expecting_isToldToContinue()
    {
        QTcpSocket socket;
        const auto arrived = connected(socket);
        socket.write("POST " + kContacts.toUtf8() + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " +
                     m_token +
                     "\r\nContent-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: "
                     "23\r\n\r\n");
        QTRY_COMPARE(*arrived, "HTTP/1.1 100 Continue\r\n\r\n");
        socket.write(R"({"LastName":"Patient!"})");
        QTRY_VERIFY(arrived->contains("HTTP/1.1 201 Created"));
    }

    void post_tooLarge_isToldWhileItIsSent()
    {
        QTcpSocket socket;
        const auto arrived = connected(socket);
        socket.write("POST " + kContacts.toUtf8() + " HTTP/1.1\r\nContent-Length: 60000000\r\n\r\n" +
                     QByteArray(4000000, 'x'));
        QTRY_VERIFY(arrived->contains("REQUEST_ENTITY_TOO_LARGE"));
        QVERIFY(arrived->startsWith("HTTP/1.1 413 "));
        QCOMPARE(send("GET", u"/services/data"_s).status, 200); // the others live on
    }

    // Who goes on sending after a refusal gets time to read it, and not for ever.
    void post_refusedButSendingOn_isCutOff()
    {
        fakes::FakeClock clock;
        Sandbox sandbox(clock, Config{});
        QVERIFY(sandbox.start());
        QTcpSocket socket;
        const auto arrived = connected(socket, sandbox.baseUrl());
        socket.write("POST " + kContacts.toUtf8() + " HTTP/1.1\r\nContent-Length: 60000000\r\n\r\n");
        QTRY_VERIFY(arrived->startsWith("HTTP/1.1 413 "));
        const auto cutOff = [&] {
            socket.write("x");
            clock.advance(std::chrono::seconds(2));
            return socket.state() == QAbstractSocket::UnconnectedState;
        };
        QTRY_VERIFY(cutOff());
    }

    // The body is shorter than its header says: the client is told after a while, not left hanging.
    void post_stoppedInTheMiddle_isTimedOut()
    {
        fakes::FakeClock clock;
        Sandbox sandbox(clock, Config{});
        QVERIFY(sandbox.start());
        QTcpSocket socket;
        const auto arrived = connected(socket, sandbox.baseUrl());
        socket.write("POST /services/data HTTP/1.1\r\nContent-Length: 9\r\n\r\nabc");
        QTRY_VERIFY(clock.hasSleepers());
        clock.advance(std::chrono::seconds(14));
        socket.write("d"); // it still moves
        QTRY_VERIFY(socket.bytesToWrite() == 0);
        QCOMPARE(*arrived, QByteArray());
        const auto timedOut = [&] {
            clock.advance(std::chrono::seconds(16));
            return arrived->startsWith("HTTP/1.1 408 ") && arrived->contains("REQUEST_TIMEOUT");
        };
        QTRY_VERIFY(timedOut());
        QTRY_COMPARE(socket.state(), QAbstractSocket::UnconnectedState);
    }

    void query_encodings_areReadRight()
    {
        const Answer plus = send(
            "GET", u"/services/data/v62.0/query?q=SELECT+Name+FROM+Account+WHERE+Name='Alder+%26+Finch'"_s);
        QCOMPARE(QJsonDocument::fromJson(plus.body)[u"totalSize"_s].toInt(), 1);
        const Answer utf8 = send(
            "GET",
            u"/services/data/v62.0/query?q=SELECT%20Name%20FROM%20Contact%20WHERE%20FirstName%3D'S%C3%B8ren'"_s);
        QVERIFY(QJsonDocument::fromJson(utf8.body)[u"totalSize"_s].toInt() > 0);
        const Answer broken = send("GET", u"/services/data/v62.0/query"_s);
        QCOMPARE(broken.status, 400);
    }

    void anything_neverIs500()
    {
        for (const QByteArray method : {"GET", "POST", "PATCH", "DELETE", "PUT"}) {
            for (const QString &path :
                 {u"/"_s, u"/services"_s, u"/services/data/v62.0/sobjects/Contact/x/y/z"_s,
                  u"/services/data/v62.0/composite/sobjects/Nope"_s, u"/services/data/v62.0/query/x"_s,
                  u"/services/data/v62.0/ui-api/x"_s, u"/services/data/v62.0/composite/tree"_s,
                  u"/services/data/v62.0/sobjects/Contact/describe/layouts/x"_s, u"/services/oauth2/x"_s,
                  u"/services/data/vx"_s, u"/services/data/v62.0/composite"_s,
                  u"/services/data/v62.0/composite/batch"_s, u"/services/data/v62.0/parameterizedSearch"_s}) {
                const Answer answer = send(method, path, method == "GET" ? "" : "{\"a\":[1]}");
                QVERIFY2(
                    answer.status > 0 && answer.status < 500,
                    qPrintable(path + u' ' + QString::fromLatin1(method) + QString::number(answer.status)));
            }
        }
    }

private:
    /// Connects; what comes is collected.
    std::shared_ptr<QByteArray> connected(QTcpSocket &socket, const QString &base = {})
    {
        const auto arrived = std::make_shared<QByteArray>();
        connect(&socket, &QTcpSocket::readyRead, &socket,
                [&socket, arrived] { *arrived += socket.readAll(); });
        const QUrl url(base.isEmpty() ? m_sandbox->baseUrl() : base);
        socket.connectToHost(url.host(), quint16(url.port()));
        [&socket] {
            QTRY_COMPARE(socket.state(), QAbstractSocket::ConnectedState);
        }();
        return arrived;
    }

    struct Answer {
        int status = 0;
        QByteArray body;
        bool failed = false;
    };
    QNetworkReply *start(const QByteArray &method, const QString &path, const QByteArray &body = {},
                         const QByteArray &type = "application/json")
    {
        QNetworkRequest request(QUrl::fromEncoded((m_sandbox->baseUrl() + path).toUtf8()));
        request.setAttribute(QNetworkRequest::CookieSaveControlAttribute, QNetworkRequest::Manual);
        if (!body.isEmpty())
            request.setHeader(QNetworkRequest::ContentTypeHeader, type);
        if (!m_token.isEmpty())
            request.setRawHeader("Authorization", "Bearer " + m_token);
        return m_network.sendCustomRequest(request, method, body);
    }
    Answer send(const QByteArray &method, const QString &path, const QByteArray &body = {},
                const QByteArray &type = "application/json")
    {
        std::unique_ptr<QNetworkReply> reply(start(method, path, body, type));
        [&reply] {
            QTRY_VERIFY(reply->isFinished());
        }();
        return {reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt(), reply->readAll(),
                reply->error() != QNetworkReply::NoError};
    }
    // By a socket of our own: QNetworkAccessManager sends even a POST again when the connection breaks
    // unanswered.
    Answer sendOnce(const QByteArray &method, const QString &path, const QByteArray &body)
    {
        QTcpSocket socket;
        const QUrl url(m_sandbox->baseUrl());
        socket.connectToHost(url.host(), quint16(url.port()));
        [&socket] {
            QTRY_COMPARE(socket.state(), QAbstractSocket::ConnectedState);
        }();
        socket.write(method + ' ' + path.toUtf8() +
                     " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer " + m_token +
                     "\r\nContent-Type: application/json\r\nContent-Length: " +
                     QByteArray::number(body.size()) + "\r\n\r\n" + body);
        [&socket] {
            QTRY_COMPARE(socket.state(), QAbstractSocket::UnconnectedState);
        }();
        const QByteArray whole = socket.readAll();
        return {whole.mid(9, 3).toInt(), whole.mid(whole.indexOf("\r\n\r\n") + 4), whole.isEmpty()};
    }
    int countOf(const QByteArray &name)
    {
        const Answer answer =
            send("GET", u"/services/data/v62.0/query?q=SELECT+COUNT()+FROM+Contact+WHERE+LastName='%1'"_s.arg(
                            QString::fromLatin1(name.toPercentEncoding())));
        return QJsonDocument::fromJson(answer.body)[u"totalSize"_s].toInt();
    }

    static inline const QString kContacts = u"/services/data/v62.0/sobjects/Contact"_s;
    SystemClock m_clock;
    QNetworkAccessManager m_network;
    std::unique_ptr<Sandbox> m_sandbox;
    QByteArray m_token;
};

QTEST_GUILESS_MAIN(SandboxHttpTest)
#include "tst_SandboxHttp.moc"
