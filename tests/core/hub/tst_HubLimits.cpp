// How much one visitor, one address and one website may ask of the hub, and what becomes of who leaves.
#include "tests/core/hub/HubFixture.h"
#include "tests/core/hub/RawTalk.h"
#include "tests/fakes/FakeClock.h"

#include <QRegularExpression>

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace parley;
using namespace parley::tests;
using namespace Qt::Literals::StringLiterals;

namespace {

QString startedId(HubClient &visitor)
{
    return textOf(visitor.take(u"started"_s).value("chat"_L1).toObject(), "id");
}

} // namespace

class HubLimitsTest : public QObject
{
    Q_OBJECT

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(u".*"_s)); }

    void start_whileAChatIsNotEnded_isRefusedAndNamesIt()
    {
        HubFixture fixture(m_clock);
        const auto first = fixture.visitor();
        const QString token = textOf(first->take(u"welcome"_s), "token");
        const auto second = fixture.visitor(token);
        const QString chat = HubFixture::start(*first);
        QVERIFY(!second->take(u"started"_s).isEmpty()); // told of it
        second->say("{'t':'start','cid':'s-2','fields':{},'text':'another'}");
        const QJsonObject refused = second->take(u"error"_s);
        QCOMPARE(textOf(refused, "code"), u"out_of_turn"_s);
        QCOMPARE(textOf(refused, "cid"), u"s-2"_s);
        QCOMPARE(textOf(refused, "chat"), chat);
        QCOMPARE(HubFixture::start(*first), chat); // the same start again is no second one
        first->say("{'t':'end','chat':'CHAT','cid':'e-1'}", chat);
        QVERIFY(!first->take(u"ack"_s).isEmpty());
        second->say("{'t':'start','cid':'s-3','fields':{},'text':'another'}");
        QVERIFY(startedId(*second) != chat);
    }

    void start_twiceInOneBreath_startsOne()
    {
        HubFixture fixture(m_clock);
        const auto visitor = fixture.visitor();
        visitor->say("{'t':'start','cid':'s-1','fields':{},'text':'one'}");
        visitor->say("{'t':'start','cid':'s-2','fields':{},'text':'two'}");
        const QString chat = startedId(*visitor);
        const QJsonObject refused = visitor->take(u"error"_s);
        QCOMPARE(textOf(refused, "code"), u"out_of_turn"_s);
        QCOMPARE(textOf(refused, "chat"), chat);
    }

    void start_againAndAgain_isSlowedDown()
    {
        HubFixture fixture(m_clock);
        const auto visitor = fixture.visitor();
        const auto startAndEnd = [&visitor](int number) {
            visitor->send(
                {{u"t"_s, u"start"_s}, {u"cid"_s, u"s-%1"_s.arg(number)}, {u"fields"_s, QJsonObject()}});
            const QString chat = startedId(*visitor);
            visitor->say("{'t':'end','chat':'CHAT','cid':'e-1'}", chat);
            return !chat.isEmpty() && !visitor->take(u"ack"_s).isEmpty();
        };
        for (int i = 0; i < 5; ++i)
            QVERIFY(startAndEnd(i));
        visitor->say("{'t':'start','cid':'s-6','fields':{}}");
        QCOMPARE(visitor->errorCode(), u"too_many"_s);
        visitor->say("{'t':'offline','cid':'o-1','fields':{},'text':'then so'}");
        QCOMPARE(visitor->errorCode(), u"too_many"_s);
        const auto other = fixture.visitor();
        QVERIFY2(!HubFixture::start(*other).isEmpty(), "it is nobody else's business");
        for (int i = 0; i < 8; ++i) {
            m_clock.advance(std::chrono::seconds(4));
            QVERIFY(visitor->settle() && other->settle());
        }
        QVERIFY(startAndEnd(7));
    }

    void start_queueFull_isToldSo()
    {
        hub::Config config;
        config.waitingChats = 2;
        HubFixture fixture(m_clock, config);
        const auto one = fixture.visitor();
        const auto two = fixture.visitor();
        const auto three = fixture.visitor();
        const QString first = HubFixture::start(*one);
        QVERIFY(!HubFixture::start(*two).isEmpty());
        three->say("{'t':'start','cid':'s-1','fields':{}}");
        const QJsonObject refused = three->take(u"error"_s);
        QCOMPARE(textOf(refused, "code"), u"too_many"_s);
        QCOMPARE(textOf(refused, "cid"), u"s-1"_s);
        QCOMPARE(HubFixture::start(*one), first);
        one->say("{'t':'end','chat':'CHAT','cid':'e-1'}", first);
        QVERIFY(!one->take(u"ack"_s).isEmpty());
        QVERIFY(!HubFixture::start(*three).isEmpty());
    }

    void connection_hubFull_getsTheWholeAnswer()
    {
        hub::Config config;
        config.connections = 1;
        HubFixture fixture(m_clock, config);
        auto only = fixture.visitor();
        QVERIFY(only->settle());
        QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"full: refusing"_s));
        for (int i = 0; i < 3; ++i) { // said once, answered each time
            const QByteArray answer = rawTalk(fixture.ready.url, upgradeRequest("/ws/visitor"));
            QVERIFY2(answer.startsWith("HTTP/1.1 503 "), answer.left(60).constData());
            QVERIFY(answer.contains("\r\nRetry-After: "));
            const qsizetype head = answer.indexOf("\r\n\r\n");
            QVERIFY(head > 0);
            const QByteArray body = answer.sliced(head + 4);
            QVERIFY(!body.isEmpty());
            QVERIFY(answer.contains("\r\nContent-Length: " + QByteArray::number(body.size()) + "\r\n"));
        }
        QCOMPARE(fixture.hub->lineCount(), 1);
        QVERIFY2(only->settle(), "who is in stays in");
        only.reset();
        QTRY_COMPARE(fixture.hub->lineCount(), 0);
        QVERIFY(fixture.visitor()->settle());
    }

    void connection_refusedAndSilent_isLetGo()
    {
        hub::Config config;
        config.connections = 1;
        HubFixture fixture(m_clock, config);
        const auto only = fixture.visitor();
        QVERIFY(only->settle());
        QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"full: refusing"_s));
        // Half-closed by the hub, it would stay for ever if it had its way.
        const int peer = ::socket(AF_INET, SOCK_STREAM, 0);
        sockaddr_in address = {};
        address.sin_family = AF_INET;
        address.sin_port = htons(quint16(QUrl(fixture.ready.url).port()));
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        QCOMPARE(::connect(peer, reinterpret_cast<const sockaddr *>(&address), sizeof address), 0);
        QByteArray answer;
        const auto hasEnded = [&] {
            char bytes[1024];
            const auto count = ::recv(peer, bytes, sizeof bytes, MSG_DONTWAIT);
            if (count > 0)
                answer.append(bytes, count);
            return count == 0; // the hub has nothing more to say
        };
        QTRY_VERIFY(hasEnded());
        QVERIFY(answer.startsWith("HTTP/1.1 503 "));
        m_clock.advance(std::chrono::seconds(3));
        // Now it is gone altogether: the peer's bytes meet nobody.
        QTRY_VERIFY(::send(peer, "x", 1, MSG_NOSIGNAL) < 0);
        ::close(peer);
    }

    void address_tooMany_getsA429()
    {
        hub::Config config;
        config.connectionsPerAddress = 2;
        HubFixture fixture(m_clock, config);
        auto one = fixture.visitor();
        const auto two = fixture.visitor();
        QVERIFY(one->settle() && two->settle());
        const QByteArray answer = rawTalk(fixture.ready.url, upgradeRequest("/ws/visitor"));
        QVERIFY2(answer.startsWith("HTTP/1.1 429 "), answer.left(60).constData());
        QVERIFY(answer.contains("at most 2"));
        one.reset();
        QTRY_COMPARE(fixture.hub->lineCount(), 1);
        QVERIFY(fixture.visitor()->settle());
    }

    void address_behindAProxy_isTheVisitors()
    {
        hub::Config config;
        config.connectionsPerAddress = 1;
        config.proxies = {u"127.0.0.0/8"_s};
        HubFixture fixture(m_clock, config);
        const quint16 port = quint16(QUrl(fixture.ready.url).port());
        const auto open = [port](const QByteArray &forwarded) {
            auto socket = std::make_unique<QTcpSocket>();
            socket->connectToHost(u"127.0.0.1"_s, port);
            socket->write(upgradeRequest("/ws/visitor", "X-Forwarded-For: " + forwarded + "\r\n"));
            std::ignore = QTest::qWaitFor([&] { return socket->bytesAvailable() > 12; });
            return socket;
        };
        const auto first = open("203.0.113.7");
        QVERIFY(first->readAll().startsWith("HTTP/1.1 101 "));
        // What a visitor says in front of the proxy's own word is not believed.
        QVERIFY(open("198.51.100.1, 203.0.113.7")->readAll().startsWith("HTTP/1.1 429 "));
        QVERIFY(open("203.0.113.7, 203.0.113.8")->readAll().startsWith("HTTP/1.1 101 "));
        // A proxy may add a line instead of lengthening the visitor's own: the last word counts all the same.
        QVERIFY(open("198.51.100.2\r\nX-Forwarded-For: 203.0.113.7")->readAll().startsWith("HTTP/1.1 429 "));
        // One network of IPv6 is one address.
        const auto sixth = open("2001:db8:1:2::1");
        QVERIFY(sixth->readAll().startsWith("HTTP/1.1 101 "));
        QVERIFY(open("2001:db8:1:2:ffff::9")->readAll().startsWith("HTTP/1.1 429 "));
    }

    void address_saidByWhoIsNoProxy_isNotBelieved()
    {
        HubFixture fixture(m_clock);
        const auto nora = fixture.agent(u"nora@t.example"_s, u"Nora"_s);
        const auto visitor = fixture.visitor({}, {{"X-Forwarded-For", "203.0.113.7"}});
        QVERIFY(!HubFixture::start(*visitor).isEmpty());
        const QJsonObject chat = nora->take(u"chat"_s).value("chat"_L1).toObject();
        QCOMPARE(textOf(chat.value("fields"_L1).toObject(), "Visitor.Ip"), u"127.0.0.1"_s);
    }

    void origin_allowList_decides_data()
    {
        QTest::addColumn<QStringList>("sites");
        QTest::addColumn<QByteArray>("origin");
        QTest::addColumn<int>("status");
        const QStringList two{u"https://www.tallyworks.example"_s, u"https://*.northgate.example:8443"_s};
        QTest::newRow("any") << QStringList() << QByteArray("https://else.example") << 101;
        QTest::newRow("listed") << two << QByteArray("https://www.tallyworks.example") << 101;
        QTest::newRow("usual port") << two << QByteArray("https://www.tallyworks.example:443") << 101;
        QTest::newRow("other scheme") << two << QByteArray("http://www.tallyworks.example") << 403;
        QTest::newRow("other port") << two << QByteArray("https://www.tallyworks.example:444") << 403;
        QTest::newRow("other host") << two << QByteArray("https://tallyworks.example") << 403;
        QTest::newRow("suffix") << two << QByteArray("https://www.tallyworks.example.evil.example") << 403;
        QTest::newRow("below a star") << two << QByteArray("https://a.b.northgate.example:8443") << 101;
        QTest::newRow("the star itself") << two << QByteArray("https://northgate.example:8443") << 403;
        QTest::newRow("ends alike") << two << QByteArray("https://evilnorthgate.example:8443") << 403;
        QTest::newRow("the hub's own page") << two << QByteArray("https://chat.example.com") << 101;
        QTest::newRow("no origin") << two << QByteArray() << 101;
        QTest::newRow("null") << two << QByteArray("null") << 403;
        QTest::newRow("nonsense") << two << QByteArray("https://") << 403;
    }

    void origin_allowList_decides()
    {
        QFETCH(QStringList, sites);
        QFETCH(QByteArray, origin);
        QFETCH(int, status);
        hub::Config config;
        config.sites = sites;
        HubFixture fixture(m_clock, config);
        for (const char *door : {"/ws/visitor", "/ws/agent"}) {
            QTcpSocket socket;
            socket.connectToHost(u"127.0.0.1"_s, quint16(QUrl(fixture.ready.url).port()));
            socket.write(upgradeRequest(door, origin.isEmpty() ? origin : "Origin: " + origin + "\r\n"));
            QTRY_VERIFY(socket.bytesAvailable() > 12);
            QCOMPARE(socket.readAll().sliced(9, 3).toInt(), status);
        }
        const QByteArray frame = rawTalk(fixture.ready.url, "GET /widget/frame.html HTTP/1.1\r\n\r\n");
        const QByteArray framedBy =
            sites.isEmpty() ? "frame-ancestors *\r\n" : "frame-ancestors 'self' https://www.";
        QVERIFY2(frame.contains(framedBy), frame.left(900).constData());
    }

    void waiting_visitorGone_endsByItself()
    {
        hub::Config config;
        config.waitingKept = std::chrono::seconds(60);
        HubFixture fixture(m_clock, config);
        const auto nora = fixture.agent(u"nora@t.example"_s, u"Nora"_s);
        auto visitor = fixture.visitor();
        const QString token = textOf(visitor->take(u"welcome"_s), "token");
        const QString chat = HubFixture::start(*visitor);
        const auto leave = [&] {
            visitor->abort();
            QTRY_COMPARE(fixture.hub->lineCount(), 1);
        };
        leave();
        pass(50, *nora);
        visitor = fixture.visitor(token); // back in time: it waits on, and the time begins anew
        QVERIFY(visitor->settle());
        pass(20, *nora, visitor.get());
        QVERIFY(!nora->has(u"gone"_s));
        leave();
        pass(56, *nora);
        QVERIFY(!nora->has(u"gone"_s));
        pass(8, *nora);
        QCOMPARE(textOf(nora->take(u"gone"_s), "chat"), chat);
        nora->say("{'t':'resume','chat':'CHAT','after':2}", chat);
        const QJsonArray entries = nora->take(u"log"_s).value("entries"_L1).toArray();
        QCOMPARE(entries.size(), 1);
        QCOMPARE(textOf(entries[0].toObject(), "event"), u"ended"_s);
        QCOMPARE(textOf(entries[0].toObject(), "author"), u"system"_s);
        nora->say("{'t':'accept','chat':'CHAT','cid':'x-1'}", chat);
        QCOMPARE(nora->errorCode(), u"out_of_turn"_s);
    }

    void waiting_acceptedOrKeptForEver_doesNotEnd()
    {
        hub::Config config;
        config.waitingKept = std::chrono::seconds(20);
        HubFixture fixture(m_clock, config);
        const auto nora = fixture.agent(u"nora@t.example"_s, u"Nora"_s);
        const auto visitor = fixture.visitor();
        const QString chat = HubFixture::start(*visitor);
        visitor->abort();
        QTRY_COMPARE(fixture.hub->lineCount(), 1);
        QVERIFY(HubFixture::accept(*nora, chat));
        pass(40, *nora);
        nora->say("{'t':'say','chat':'CHAT','cid':'a-1','text':'Hello?'}", chat);
        QCOMPARE(numberOf(nora->take(u"ack"_s), "seq"), 4);

        config.waitingKept = std::chrono::seconds(0);
        HubFixture patient(m_clock, config);
        const auto omar = patient.agent(u"omar@t.example"_s, u"Omar"_s);
        const auto other = patient.visitor();
        const QString kept = HubFixture::start(*other);
        other->abort();
        QTRY_COMPARE(patient.hub->lineCount(), 1);
        pass(100, *omar);
        QVERIFY(HubFixture::accept(*omar, kept));
    }

    void waiting_hubStartedAnew_visitorWhoStaysAwayIsNotKept()
    {
        hub::Config config;
        config.waitingKept = std::chrono::seconds(60);
        HubFixture fixture(m_clock, config);
        auto nora = fixture.agent(u"nora@t.example"_s, u"Nora"_s);
        const QString chat = HubFixture::start(*fixture.visitor());
        QVERIFY(!chat.isEmpty());
        fixture.restart(m_clock);
        nora = fixture.agent(u"nora@t.example"_s, u"Nora"_s);
        QVERIFY(!nora->take(u"synced"_s).isEmpty());
        pass(64, *nora);
        QCOMPARE(textOf(nora->take(u"gone"_s), "chat"), chat);
    }

    void account_removedOrChanged_isSignedOut_data()
    {
        QTest::addColumn<bool>("isRemoved");
        QTest::newRow("removed") << true;
        QTest::newRow("other password") << false;
    }

    void account_removedOrChanged_isSignedOut()
    {
        QFETCH(bool, isRemoved);
        HubFixture fixture(m_clock);
        const auto nora = fixture.agent(u"nora@t.example"_s, u"Nora"_s);
        const auto omar = fixture.agent(u"omar@t.example"_s, u"Omar"_s);
        pass(12, *nora, omar.get());
        QVERIFY(nora->isOpen());
        if (isRemoved)
            QVERIFY(hub::removeAgent(fixture.dataDir(), u"NORA@t.example"_s));
        else
            QVERIFY(hub::setPassword(fixture.dataDir(), u"nora@t.example"_s, u"battery staple"_s));
        m_clock.advance(std::chrono::seconds(4));
        QVERIFY(omar->settle());
        m_clock.advance(std::chrono::seconds(4));
        QVERIFY(omar->settle());
        m_clock.advance(std::chrono::seconds(4));
        const QJsonObject error = nora->take(u"error"_s);
        QCOMPARE(textOf(error, "code"), u"signin"_s);
        QVERIFY(error.value("fatal"_L1).toBool());
        QTRY_VERIFY(!nora->isOpen());
        QCOMPARE(nora->closeCode(), 4401);
        QVERIFY(omar->settle());
    }

private:
    /// Lets time pass in steps that are shorter than a line's silence.
    void pass(int seconds, HubClient &one, HubClient *other = nullptr)
    {
        for (int i = 0; i < seconds; i += 4) {
            m_clock.advance(std::chrono::seconds(std::min(4, seconds - i)));
            QVERIFY(one.settle());
            QVERIFY(!other || other->settle());
        }
    }

    fakes::FakeClock m_clock;
};

QTEST_GUILESS_MAIN(HubLimitsTest)
#include "tst_HubLimits.moc"
