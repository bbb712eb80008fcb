#include "core/auth/LoopbackReceiver.h"
#include "tests/fakes/FakeClock.h"

#include <QRegularExpression>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>

using namespace parley;
using namespace parley::auth;
using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

class LoopbackReceiverTest : public QObject
{
    Q_OBJECT

private:
    fakes::FakeClock m_clock;
    std::unique_ptr<LoopbackReceiver> m_receiver;
    QUrl m_uri;
    QFuture<Result<QUrl>> m_answer;

    /// What the receiver answers to these bytes; ends when it closes the connection.
    QByteArray talk(const QByteArray &bytes, const QHostAddress &to = QHostAddress(QHostAddress::LocalHost))
    {
        QTcpSocket socket;
        socket.connectToHost(to, quint16(m_uri.port()));
        [&] {
            QTRY_COMPARE(socket.state(), QAbstractSocket::ConnectedState);
        }();
        socket.write(bytes);
        [&] {
            QTRY_COMPARE(socket.state(), QAbstractSocket::UnconnectedState);
        }();
        return socket.readAll();
    }
    QByteArray get(const QByteArray &target, const QByteArray &host = {}, const QByteArray &method = "GET")
    {
        const QByteArray authority = host.isEmpty() ? m_uri.authority().toLatin1() : host;
        return talk(method + " " + target + " HTTP/1.1\r\nHost: " + authority +
                    "\r\nAccept: text/html\r\n\r\n");
    }

private slots:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(u".*"_s));
        m_receiver = std::make_unique<LoopbackReceiver>(&m_clock);
        const auto uri = m_receiver->listen({QUrl(u"http://localhost/OauthRedirect"_s)});
        QVERIFY(uri.has_value());
        m_uri = *uri;
        m_answer = m_receiver->redirect("STATE", 5min);
    }
    void cleanup() { m_receiver.reset(); }

    void redirect_rightState_isTakenOnceAndAnswered()
    {
        const QByteArray page = get("/OauthRedirect?code=a%2Bb&state=STATE");
        QVERIFY(page.startsWith("HTTP/1.1 200"));
        QVERIFY(page.contains("You can close this page"));
        QVERIFY(page.contains("Cache-Control: no-store"));
        QVERIFY(!page.contains("a%2Bb"));
        QVERIFY(m_answer.isFinished());
        const auto got = m_answer.result();
        QCOMPARE(got->toString(QUrl::FullyEncoded),
                 u"http://localhost:%1/OauthRedirect?code=a%2Bb&state=STATE"_s.arg(m_uri.port()));
        // Nobody listens afterwards.
        QTcpSocket late;
        late.connectToHost(QHostAddress::LocalHost, quint16(m_uri.port()));
        QTRY_COMPARE(late.error(), QAbstractSocket::ConnectionRefusedError);
    }

    void redirect_overIpv6_isTakenToo()
    {
        QTcpServer probe;
        if (!probe.listen(QHostAddress::LocalHostIPv6))
            QSKIP("this computer has no IPv6");
        const QByteArray page =
            talk("GET /OauthRedirect?code=x&state=STATE HTTP/1.1\r\nHost: " + m_uri.authority().toLatin1() +
                     "\r\n\r\n",
                 QHostAddress(QHostAddress::LocalHostIPv6));
        QVERIFY(page.startsWith("HTTP/1.1 200"));
        QVERIFY(m_answer.isFinished());
    }

    void redirect_refusal_reachesTheFlow()
    {
        const QByteArray page =
            get("/OauthRedirect?error=access_denied&error_description=%3Cscript%3E&state=STATE");
        QVERIFY(page.contains("Not signed in"));
        QVERIFY(!page.contains("<script>"));
        QVERIFY(m_answer.result().has_value());
        QVERIFY(m_answer.result()->query().contains(u"access_denied"));
    }

    void redirect_wrongState_isRejected()
    {
        const QByteArray page = get("/OauthRedirect?code=x&state=other");
        QVERIFY(page.startsWith("HTTP/1.1 400"));
        QCOMPARE(m_answer.result().error().code, Errc::Rejected);
        QCOMPARE(m_answer.result().error().remoteCode, u"state_mismatch"_s);
    }

    void redirect_strangers_areAnsweredAndIgnored_data()
    {
        QTest::addColumn<QByteArray>("target");
        QTest::addColumn<QByteArray>("host");
        QTest::addColumn<QByteArray>("method");
        QTest::addColumn<int>("status");
        const QByteArray good = "/OauthRedirect?code=x&state=STATE";
        QTest::newRow("favicon") << "/favicon.ico"_ba << QByteArray() << "GET"_ba << 404;
        QTest::newRow("other path") << "/OauthRedirect/?code=x&state=STATE"_ba << QByteArray() << "GET"_ba
                                    << 404;
        QTest::newRow("case of path")
            << "/oauthredirect?code=x&state=STATE"_ba << QByteArray() << "GET"_ba << 404;
        QTest::newRow("prefetch without query") << "/OauthRedirect"_ba << QByteArray() << "GET"_ba << 400;
        QTest::newRow("rebound name") << good << "evil.example"_ba
                                      << "GET"_ba << 404;
        QTest::newRow("POST") << good << QByteArray() << "POST"_ba << 405;
        QTest::newRow("HEAD") << good << QByteArray() << "HEAD"_ba << 405;
        QTest::newRow("absolute target")
            << "http://localhost/OauthRedirect?code=x&state=STATE"_ba << QByteArray() << "GET"_ba << 400;
        QTest::newRow("double slash")
            << "//evil.example/OauthRedirect?code=x&state=STATE"_ba << QByteArray() << "GET"_ba << 404;
        QTest::newRow("broken escape")
            << "/OauthRedirect%zz?code=x&state=STATE"_ba << QByteArray() << "GET"_ba << 404;
    }
    void redirect_strangers_areAnsweredAndIgnored()
    {
        QFETCH(QByteArray, target);
        QFETCH(QByteArray, host);
        QFETCH(QByteArray, method);
        QFETCH(int, status);
        QVERIFY(get(target, host, method).startsWith("HTTP/1.1 " + QByteArray::number(status)));
        QVERIFY(!m_answer.isFinished());
        get("/OauthRedirect?code=x&state=STATE");
        QVERIFY(m_answer.result().has_value());
    }

    void redirect_noHttp_isIgnored()
    {
        QVERIFY(talk("hello\r\n\r\n").startsWith("HTTP/1.1 400"));
        QCOMPARE(talk(QByteArray(40'000, 'x')), QByteArray());
        QVERIFY(!m_answer.isFinished());
    }

    void redirect_slowTalker_isDroppedAndDoesNotBlockOthers()
    {
        QTcpSocket slow;
        slow.connectToHost(QHostAddress::LocalHost, quint16(m_uri.port()));
        QTRY_COMPARE(slow.state(), QAbstractSocket::ConnectedState);
        slow.write("GET /Oauth");
        QTest::qWait(20); // lets the receiver see it
        m_clock.advance(10s);
        QTRY_COMPARE(slow.state(), QAbstractSocket::UnconnectedState);
        get("/OauthRedirect?code=x&state=STATE");
        QVERIFY(m_answer.isFinished());
    }

    void redirect_halvesOfARequest_areJoined()
    {
        QTcpSocket socket;
        socket.connectToHost(QHostAddress::LocalHost, quint16(m_uri.port()));
        QTRY_COMPARE(socket.state(), QAbstractSocket::ConnectedState);
        socket.write("GET /OauthRedirect?code=x&sta");
        socket.flush();
        QTest::qWait(20);
        socket.write("te=STATE HTTP/1.1\r\nhOsT:  " + m_uri.authority().toLatin1().toUpper() + "\r\n\r");
        socket.flush();
        QTest::qWait(20);
        QVERIFY(!m_answer.isFinished());
        socket.write("\n");
        QTRY_VERIFY(m_answer.isFinished());
    }

    void redirect_nobodyComes_timesOut()
    {
        m_clock.advance(5min);
        QCOMPARE(m_answer.result().error().code, Errc::TimedOut);
    }

    void cancelOrGone_waiting_isCancelled()
    {
        m_receiver.reset();
        QCOMPARE(m_answer.result().error().code, Errc::Cancelled);
    }

    void listen_portTaken_takesTheNextAndSaysWhenNoneIsLeft()
    {
        QTcpServer strangerOnV4;
        QTcpServer strangerOnV6;
        QVERIFY(strangerOnV4.listen(QHostAddress::LocalHost));
        const bool hasV6 = strangerOnV6.listen(QHostAddress::LocalHostIPv6);
        QList<QUrl> taken{QUrl(u"http://localhost:%1/cb"_s.arg(strangerOnV4.serverPort()))};
        if (hasV6)
            taken += QUrl(u"http://localhost:%1/cb"_s.arg(strangerOnV6.serverPort()));
        LoopbackReceiver none(&m_clock);
        const auto nothing = none.listen(taken);
        QVERIFY(!nothing.has_value());
        QCOMPARE(nothing.error().code, Errc::Conflict);
        QVERIFY(nothing.error().detail.contains(QString::number(strangerOnV4.serverPort())));
        LoopbackReceiver next(&m_clock);
        const auto uri = next.listen(taken + QList<QUrl>{QUrl(u"http://localhost/cb"_s)});
        QVERIFY(uri.has_value());
        QVERIFY(uri->port() != strangerOnV4.serverPort());
    }

    void listen_notOnThisComputer_isRefused_data()
    {
        QTest::addColumn<QString>("address");
        for (const auto &address :
             {u"http://0.0.0.0:1717/x"_s, u"http://example.com:1717/x"_s, u"https://localhost:1717/x"_s,
              u"http://localhost:1717/x?y"_s, u"http://192.168.0.1/x"_s})
            QTest::newRow(qPrintable(address)) << address;
    }
    void listen_notOnThisComputer_isRefused()
    {
        QFETCH(QString, address);
        LoopbackReceiver receiver(&m_clock);
        QCOMPARE(receiver.listen({QUrl(address)}).error().code, Errc::InvalidInput);
    }
};

QTEST_GUILESS_MAIN(LoopbackReceiverTest)
#include "tst_LoopbackReceiver.moc"
