// What comes through the hub's doors that should not: wrong frames, wrong people, too much, and silence.
#include "tests/core/hub/HubFixture.h"
#include "tests/core/hub/RawTalk.h"
#include "tests/fakes/FakeClock.h"

#include <QRegularExpression>
#include <QTcpSocket>

using namespace parley;
using namespace parley::tests;
using namespace Qt::Literals::StringLiterals;

class HubDoorsTest : public QObject
{
    Q_OBJECT

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(u".*"_s)); }

    void frame_wrong_isRefusedAndTheLineLivesOn_data()
    {
        QTest::addColumn<QString>("frame");
        QTest::addColumn<QString>("code");
        QTest::newRow("not json") << u"hello"_s << u"malformed"_s;
        QTest::newRow("array") << u"[]"_s << u"malformed"_s;
        QTest::newRow("no type") << u"{}"_s << u"malformed"_s;
        QTest::newRow("unknown") << u"{'t':'sing'}"_s << u"unknown_type"_s;
        QTest::newRow("second hello") << u"{'t':'hello','v':1}"_s << u"out_of_turn"_s;
        QTest::newRow("agent's frame") << u"{'t':'accept','cid':'x','chat':''}"_s << u"out_of_turn"_s;
        QTest::newRow("member missing") << u"{'t':'say','cid':'x','text':'a'}"_s << u"malformed"_s;
        QTest::newRow("another's chat")
            << u"{'t':'say','chat':'C1','cid':'x','text':'a'}"_s << u"not_found"_s;
        QTest::newRow("another's log") << u"{'t':'resume','chat':'C1','after':0}"_s << u"not_found"_s;
        QTest::newRow("another's file")
            << u"{'t':'file.chunk','file':'F1','offset':0,'data':'AAAA'}"_s << u"not_found"_s;
        QTest::newRow("too long") << u"{'t':'say','chat':'C1','cid':'x','text':'%1'}"_s.arg(
                                         QString(40'000, u'x'))
                                  << u"too_long"_s;
        QTest::newRow("only control characters")
            << u"{'t':'say','chat':'C1','cid':'x','text':'\\u0000\\u0007'}"_s << u"malformed"_s;
        QTest::newRow("too large") << u"{'t':'say','chat':'C1','cid':'x','text':'%1'}"_s.arg(
                                          QString(1024 * 1024, u'x'))
                                   << u"too_large"_s;
    }

    void frame_wrong_isRefusedAndTheLineLivesOn()
    {
        QFETCH(QString, frame);
        QFETCH(QString, code);
        HubFixture fixture(m_clock);
        const auto visitor = fixture.visitor();
        visitor->sendRaw(QString(frame).replace(u'\'', u'"'));
        const QJsonObject error = visitor->take(u"error"_s);
        QCOMPARE(textOf(error, "code"), code);
        QVERIFY(!error.contains("fatal"_L1));
        if (frame.contains(u"'cid':'x'"))
            QCOMPARE(textOf(error, "cid"), u"x"_s);
        QVERIFY2(!HubFixture::start(*visitor).isEmpty(), "the line must live on");
    }

    void frame_beforeHello_isOutOfTurn()
    {
        HubFixture fixture(m_clock);
        HubClient client(fixture.ready.visitorWs);
        client.say("{'t':'say','chat':'C1','cid':'x','text':'a'}");
        QCOMPARE(client.errorCode(), u"out_of_turn"_s);
        client.sendBinary("\x01\x02");
        QCOMPARE(client.errorCode(), u"malformed"_s);
        client.say("{'t':'hello','v':7}");
        const QJsonObject error = client.take(u"error"_s);
        QCOMPARE(textOf(error, "code"), u"version"_s);
        QVERIFY(error.value("fatal"_L1).toBool());
        QTRY_VERIFY(!client.isOpen());
        QCOMPARE(client.closeCode(), 4400);
    }

    void rate_flood_isRefusedAndOthersAreNot()
    {
        hub::Config config;
        config.frameBurst = 20;
        config.framesPerSecond = 10;
        HubFixture fixture(m_clock, config);
        const auto loud = fixture.visitor();
        const auto calm = fixture.visitor();
        const QString chat = HubFixture::start(*loud);
        for (int i = 0; i < 100; ++i)
            loud->say(
                (QByteArray("{'t':'say','chat':'CHAT','cid':'m-") + QByteArray::number(i) + "','text':'x'}")
                    .constData(),
                chat);
        QTRY_COMPARE(loud->frames.size(), 101); // the welcome, and an answer to each
        const auto refused = std::ranges::count_if(
            loud->frames, [](const QJsonObject &one) { return textOf(one, "code") == u"too_many"_s; });
        QCOMPARE(refused, 82); // hello and start were the first two
        QVERIFY(!HubFixture::start(*calm).isEmpty());
        m_clock.advance(std::chrono::seconds(1));
        loud->say("{'t':'say','chat':'CHAT','cid':'m-99','text':'x'}", chat);
        QCOMPARE(textOf(loud->take(u"ack"_s), "chat"), chat);
    }

    void text_hostile_isKeptHarmless()
    {
        HubFixture fixture(m_clock);
        const auto nora = fixture.agent(u"nora@t.example"_s, u"Nora"_s);
        const auto visitor = fixture.visitor();
        const QString chat = HubFixture::start(*visitor);
        QVERIFY(HubFixture::accept(*nora, chat));
        nora->frames.clear();
        visitor->say("{'t':'say','chat':'CHAT','cid':'h-1','text':'<img src=x "
                     "onerror=alert(1)>\\u0000\\u0007\\u202eevil\\n\\nsecond\\ud800 line'}",
                     chat);
        const QString text = textOf(nora->take(u"entry"_s), "text");
        QCOMPARE(text, u"<img src=x onerror=alert(1)>\u202eevil\n\nsecond\ufffd line"_s);
        m_clock.advance(std::chrono::milliseconds(300));
        const QString preview = textOf(nora->take(u"chat"_s).value("chat"_L1).toObject(), "preview");
        QCOMPARE(preview, u"<img src=x onerror=alert(1)>evil second\ufffd line"_s);
    }

    void signIn_wrongPassword_isFatalAndSlowedDown_data()
    {
        QTest::addColumn<QString>("address"); ///< as a proxy tells it; %1: another one each time
        QTest::newRow("one address") << u"203.0.113.7"_s;
        QTest::newRow("one network of IPv6") << u"2001:db8:1:2::%1"_s;
    }
    void signIn_wrongPassword_isFatalAndSlowedDown()
    {
        QFETCH(QString, address);
        hub::Config config;
        config.proxies = {u"127.0.0.0/8"_s};
        HubFixture fixture(m_clock, config);
        const auto from = [&address](int number) {
            const QString one = address.contains(u'%') ? address.arg(number) : address;
            return HubClient::Headers{{"X-Forwarded-For", one.toLatin1()}};
        };
        const auto nora = fixture.agent(u"nora@t.example"_s, u"Nora"_s);
        for (int i = 0; i < 10; ++i) {
            HubClient thief(fixture.ready.agentWs, from(i));
            thief.say("{'t':'hello','v':1,'email':'nora@t.example','password':'guess number one'}");
            const QJsonObject error = thief.take(u"error"_s, 20'000);
            QCOMPARE(textOf(error, "code"), u"signin"_s);
            QVERIFY(error.value("fatal"_L1).toBool());
            QTRY_VERIFY(!thief.isOpen());
        }
        HubClient thief(fixture.ready.agentWs, from(10));
        thief.say("{'t':'hello','v':1,'email':'nora@t.example','password':'guess number one'}");
        QCOMPARE(thief.errorCode(), u"too_many"_s);
    }

    void token_forgedOrOutdated_isNotGood()
    {
        HubFixture fixture(m_clock);
        std::ignore =
            hub::putAgent(fixture.dataDir(),
                          {.email = u"nora@t.example"_s, .name = u"Nora"_s, .password = u"correct horse"_s});
        HubClient nora(fixture.ready.agentWs);
        nora.say("{'t':'hello','v':1,'email':'NORA@t.example','password':'correct horse'}");
        const QString token = textOf(nora.take(u"welcome"_s, 20'000), "token");
        QVERIFY(token.startsWith(u"a1."));
        const auto visitor = fixture.visitor();
        const QString visitors = textOf(visitor->take(u"welcome"_s), "token");
        QString forged = token;
        forged[5] = forged[5] == u'A' ? u'B' : u'A';
        for (const QString &bad : {forged, visitors, u"a1.x"_s, QString(u"a1."_s)}) {
            HubClient thief(fixture.ready.agentWs);
            thief.send({{u"t"_s, u"hello"_s}, {u"v"_s, 1}, {u"token"_s, bad}});
            QCOMPARE(thief.errorCode(), u"signin"_s);
        }
        // A new password ends what was signed in with the old one.
        QVERIFY(hub::putAgent(
            fixture.dataDir(),
            {.email = u"nora@t.example"_s, .name = u"Nora"_s, .password = u"battery staple"_s}));
        HubClient late(fixture.ready.agentWs);
        late.send({{u"t"_s, u"hello"_s}, {u"v"_s, 1}, {u"token"_s, token}});
        QCOMPARE(late.errorCode(), u"signin"_s);
        // A visitor's bad token is simply a new visitor.
        const auto other = fixture.visitor(visitors + u'x');
        QVERIFY(textOf(other->take(u"welcome"_s), "token") != visitors);
    }

    void line_silent_isPingedThenDropped()
    {
        HubFixture fixture(m_clock);
        const auto alive = fixture.visitor();
        const auto halfOpen = fixture.visitor();
        halfOpen->answersPings = false;
        QVERIFY(alive->settle() && halfOpen->settle());
        for (int second = 0; second < 5; ++second)
            m_clock.advance(std::chrono::seconds(1));
        QVERIFY(!halfOpen->take(u"ping"_s).isEmpty());
        QVERIFY(!alive->take(u"ping"_s).isEmpty()); // and answered
        QVERIFY(alive->settle());
        QVERIFY(halfOpen->isOpen());
        for (int second = 0; second < 5; ++second)
            m_clock.advance(std::chrono::seconds(1));
        QTRY_VERIFY(!halfOpen->isOpen());
        QVERIFY(alive->settle());
        QCOMPARE(fixture.hub->lineCount(), 1);
    }

    void http_pagesAndTraversal_data()
    {
        QTest::addColumn<QByteArray>("request");
        QTest::addColumn<int>("status");
        QTest::newRow("health") << QByteArray("GET /health HTTP/1.1") << 200;
        QTest::newRow("head") << QByteArray("HEAD /health HTTP/1.1") << 200;
        QTest::newRow("nothing") << QByteArray("GET /nothing HTTP/1.1") << 404;
        QTest::newRow("traversal") << QByteArray("GET /widget/../hub.db HTTP/1.1") << 404;
        QTest::newRow("coded traversal") << QByteArray("GET /widget/%2e%2e%2fhub.db HTTP/1.1") << 404;
        QTest::newRow("absolute") << QByteArray("GET /widget//etc/passwd HTTP/1.1") << 404;
        QTest::newRow("post") << QByteArray("POST /health HTTP/1.1") << 405;
        QTest::newRow("door without upgrade") << QByteArray("GET /ws/agent HTTP/1.1") << 426;
        QTest::newRow("not http") << QByteArray("hello") << 400;
        QTest::newRow("bad header") << QByteArray("GET /health HTTP/1.1\r\nno colon here") << 400;
        QTest::newRow("long head") << QByteArray("GET /health HTTP/1.1\r\nX: ") + QByteArray(20'000, 'x')
                                   << 431;
        QTest::newRow("bad key") << QByteArray(
                                        "GET /ws/agent HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: "
                                        "websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: x")
                                 << 400;
    }

    void http_pagesAndTraversal()
    {
        QFETCH(QByteArray, request);
        QFETCH(int, status);
        HubFixture fixture(m_clock);
        const QByteArray answer = rawTalk(fixture.ready.url, request + "\r\n\r\n");
        QVERIFY2(answer.startsWith("HTTP/1.1 " + QByteArray::number(status) + ' '),
                 answer.left(60).constData());
    }

    void http_slowHead_isClosed()
    {
        HubFixture fixture(m_clock);
        QTcpSocket slow;
        slow.connectToHost(u"127.0.0.1"_s, quint16(QUrl(fixture.ready.url).port()));
        QTRY_COMPARE(fixture.hub->lineCount(), 1);
        for (int second = 0; second < 11; ++second) {
            slow.write("x"); // a byte now and then does not keep it alive
            slow.flush();
            QTest::qWait(1);
            m_clock.advance(std::chrono::seconds(1));
        }
        QTRY_COMPARE(slow.state(), QAbstractSocket::UnconnectedState);
    }

private:
    fakes::FakeClock m_clock;
};

QTEST_GUILESS_MAIN(HubDoorsTest)
#include "tst_HubDoors.moc"
