// Peers that send too much, take too little, or never finish: they cost the hub little and the others
// nothing.
#include "tests/core/hub/HubFixture.h"
#include "tests/core/hub/RawTalk.h"
#include "tests/fakes/FakeClock.h"

#include <QRegularExpression>

using namespace parley;
using namespace parley::tests;
using namespace Qt::Literals::StringLiterals;

class HubFloodsTest : public QObject
{
    Q_OBJECT

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(u".*"_s)); }

    void frames_farTooMany_theLineIsNotReadForASecond()
    {
        HubFixture fixture(m_clock);
        const auto loud = fixture.visitor();
        const auto calm = fixture.visitor();
        const QString chat = HubFixture::start(*loud);
        constexpr qsizetype kSent = 5'000;
        const QJsonObject typing{{u"t"_s, u"typing"_s}, {u"chat"_s, chat}, {u"text"_s, QString(1'000, u'x')}};
        for (qsizetype i = 0; i < kSent; ++i)
            loud->send(typing);
        const auto refusals = [&loud] {
            return std::ranges::count_if(
                loud->frames, [](const QJsonObject &one) { return textOf(one, "code") == u"too_many"_s; });
        };
        QTRY_VERIFY(refusals() >= 100);
        QVERIFY2(!HubFixture::start(*calm).isEmpty(), "the others are served");
        QVERIFY(calm->settle());
        const auto before = refusals();
        QVERIFY2(before < kSent / 4, "what is not read waits at its sender");
        m_clock.advance(std::chrono::seconds(2));
        QTRY_VERIFY(refusals() > before);
        QVERIFY(loud->isOpen());
    }

    void pages_askedForFasterThanTaken_comeOneAfterTheOther()
    {
        hub::Config config;
        config.frameBurst = 1'000;
        HubFixture fixture(m_clock, config);
        const auto visitor = fixture.visitor();
        const QString chat = HubFixture::start(*visitor);
        for (int i = 0; i < 30; ++i)
            visitor->send({{u"t"_s, u"say"_s},
                           {u"chat"_s, chat},
                           {u"cid"_s, u"m-%1"_s.arg(i)},
                           {u"text"_s, QString(30'000, u'x')}});
        const auto count = [&visitor](const QString &type) {
            return std::ranges::count_if(
                visitor->frames, [&type](const QJsonObject &one) { return textOf(one, "t") == type; });
        };
        QTRY_COMPARE(count(u"ack"_s), 30);
        // 40 pages are ten times of what a line may be behind.
        for (int i = 0; i < 40; ++i)
            visitor->send({{u"t"_s, u"resume"_s}, {u"chat"_s, chat}, {u"after"_s, 0}});
        QTRY_COMPARE_WITH_TIMEOUT(count(u"log"_s), 40, 30'000);
        QVERIFY(visitor->isOpen());
    }

    void pages_moreThanAnybodyNeeds_areRefused()
    {
        hub::Config config;
        config.frameBurst = 10'000;
        HubFixture fixture(m_clock, config);
        const auto visitor = fixture.visitor();
        const QString chat = HubFixture::start(*visitor);
        for (int i = 0; i < 1'000; ++i)
            visitor->send({{u"t"_s, u"resume"_s}, {u"chat"_s, chat}, {u"after"_s, 0}});
        QTRY_COMPARE_WITH_TIMEOUT(visitor->frames.size(), 1'001,
                                  20'000); // each is answered, one way or the other
        QVERIFY(std::ranges::any_of(
            visitor->frames, [](const QJsonObject &one) { return textOf(one, "code") == u"too_many"_s; }));
    }

    void hello_neverSaid_lineIsClosed()
    {
        HubFixture fixture(m_clock);
        HubClient silent(fixture.ready.visitorWs);
        const auto known = fixture.visitor();
        for (int i = 0; i < 8; ++i) {
            m_clock.advance(std::chrono::seconds(4));
            silent.say("{'t':'pong'}"); // alive, but it never says who it is
            silent.say("{'t':'ping'}");
            if (i < 7)
                QVERIFY(!silent.take(u"pong"_s).isEmpty());
            QVERIFY(known->settle());
        }
        const QJsonObject error = silent.take(u"error"_s);
        QCOMPARE(textOf(error, "code"), u"out_of_turn"_s);
        QVERIFY(error.value("fatal"_L1).toBool());
        QTRY_VERIFY(!silent.isOpen());
        QCOMPARE(silent.closeCode(), 4408);
        QVERIFY(known->settle());
    }

    void frame_neverWhole_lineIsClosed()
    {
        HubFixture fixture(m_clock);
        const auto known = fixture.visitor();
        QTcpSocket slow;
        slow.connectToHost(u"127.0.0.1"_s, quint16(QUrl(fixture.ready.url).port()));
        slow.write(upgradeRequest("/ws/visitor"));
        const QByteArray hello = R"({"t":"hello","v":1})";
        QByteArray frame{"\x81"};
        frame += char(0x80 | hello.size());
        slow.write(frame + QByteArray(4, '\0') + hello); // masked with zeroes
        QByteArray heard;
        const auto hears = [&](const QByteArray &what) {
            heard += slow.readAll();
            return heard.contains(what);
        };
        QTRY_VERIFY(hears("welcome"));
        slow.write(QByteArray("\x81\xfe\x10\x00\0\0\0\0", 8)); // 4096 bytes are to come
        for (int i = 0; i < 16; ++i) {
            slow.write("x"); // a byte now and then
            slow.flush();
            QVERIFY(known->settle());
            m_clock.advance(std::chrono::seconds(4));
        }
        QTRY_VERIFY(hears("too_large"));
        QTRY_COMPARE(slow.state(), QAbstractSocket::UnconnectedState);
        heard += slow.readAll();
        QVERIFY(heard.endsWith(QByteArray("\x88\x02\x03\xf1", 4))); // 1009
        QVERIFY(known->settle());
    }

private:
    fakes::FakeClock m_clock;
};

QTEST_GUILESS_MAIN(HubFloodsTest)
#include "tst_HubFloods.moc"
