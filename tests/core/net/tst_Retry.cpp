#include "core/net/Retry.h"
#include "tests/fakes/FakeClock.h"
#include "tests/fakes/FakeTransport.h"

#include <QRegularExpression>
#include <QTest>

using namespace parley;
using namespace parley::net;
using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

class RetryTest : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<fakes::FakeClock> m_clock;
    std::shared_ptr<fakes::FakeTransport> m_wire;
    std::shared_ptr<RetryingTransport> m_retrying;
    std::optional<Result<HttpReply>> m_got;

    void send(HttpRequest request)
    {
        m_got.reset();
        whenDone(m_retrying->send(std::move(request)), this,
                 [this](Result<HttpReply> got) { m_got = std::move(got); });
    }

private slots:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(u".*"_s));
        m_clock = std::make_unique<fakes::FakeClock>();
        m_wire = std::make_shared<fakes::FakeTransport>();
        m_retrying = std::make_shared<RetryingTransport>(m_wire, m_clock.get(),
                                                         RetryingTransport::Policy{.random = [] {
                                                             return 0.0;
                                                         }});
    }
    void cleanup() { m_retrying.reset(); }

    void send_offlineTwice_waitsByTheTableAndSucceeds()
    {
        send({});
        QTRY_COMPARE(m_wire->waiting(), 1);
        m_wire->failWith(Errc::Offline);
        QTRY_VERIFY(m_clock->hasSleepers());
        m_clock->advance(299ms);
        QCOMPARE(m_wire->requests().size(), 1);
        m_clock->advance(1ms);
        QTRY_COMPARE(m_wire->waiting(), 1);
        m_wire->failWith(Errc::TimedOut);
        QTRY_VERIFY(m_clock->hasSleepers());
        m_clock->advance(1000ms);
        QTRY_COMPARE(m_wire->waiting(), 1);
        m_wire->answer(200);
        QTRY_VERIFY(m_got);
        QCOMPARE((*m_got)->status, 200);
        QCOMPARE(m_wire->requests().size(), 3);
    }

    void send_alwaysOffline_givesUpAfterTheTable()
    {
        send({});
        for (int i = 0; i < 4; ++i) {
            QTRY_COMPARE(m_wire->waiting(), 1);
            m_wire->failWith(Errc::Offline);
            if (i < 3) {
                QTRY_VERIFY(m_clock->hasSleepers());
                m_clock->advance(3s);
            }
        }
        QTRY_VERIFY(m_got);
        QCOMPARE(m_got->error().code, Errc::Offline);
        QCOMPARE(m_wire->requests().size(), 4);
    }

    void send_notIdempotent_isSentOnce()
    {
        send({.method = "POST", .isIdempotent = false});
        QTRY_COMPARE(m_wire->waiting(), 1);
        m_wire->failWith(Errc::TimedOut);
        QTRY_VERIFY(m_got);
        QCOMPARE(m_wire->requests().size(), 1);
    }

    void send_notIdempotentButNeverSent_isSentAgain()
    {
        send({.method = "POST", .isIdempotent = false});
        QTRY_COMPARE(m_wire->waiting(), 1);
        m_wire->failWith(Error{.code = Errc::Offline, .neverSent = true});
        QTRY_VERIFY(m_clock->hasSleepers());
        m_clock->advance(300ms);
        QTRY_COMPARE(m_wire->waiting(), 1);
        m_wire->answer(201);
        QTRY_VERIFY(m_got);
        QCOMPARE((*m_got)->status, 201);
    }

    void send_refusals_areNotRepeated_data()
    {
        QTest::addColumn<int>("status");
        for (const int status : {400, 401, 403, 404, 500})
            QTest::addRow("%d", status) << status;
    }
    void send_refusals_areNotRepeated()
    {
        QFETCH(int, status);
        send({});
        QTRY_COMPARE(m_wire->waiting(), 1);
        m_wire->answer(status);
        QTRY_VERIFY(m_got);
        QCOMPARE((*m_got)->status, status);
        QVERIFY(!m_clock->hasSleepers());
    }

    void send_retryAfter_winsOverTheTable()
    {
        send({});
        QTRY_COMPARE(m_wire->waiting(), 1);
        m_wire->answer(429, {}, {{"Retry-After", "7"}});
        QTRY_VERIFY(m_clock->hasSleepers());
        m_clock->advance(6999ms);
        QCOMPARE(m_wire->requests().size(), 1);
        m_clock->advance(1ms);
        QTRY_COMPARE(m_wire->waiting(), 1);
        m_wire->answer(200);
        QTRY_VERIFY(m_got);
    }

    void send_retryAfterTooLong_replyGoesToTheCaller()
    {
        send({});
        QTRY_COMPARE(m_wire->waiting(), 1);
        m_wire->answer(429, {}, {{"Retry-After", "3600"}});
        QTRY_VERIFY(m_got);
        QCOMPARE((*m_got)->status, 429);
    }

    void askedToWait_headers_areRead_data()
    {
        QTest::addColumn<QByteArray>("header");
        QTest::addColumn<int>("seconds"); // -1: none
        QTest::newRow("seconds") << "120"_ba << 120;
        QTest::newRow("fraction") << "0.4"_ba << 1;
        QTest::newRow("date") << "Thu, 21 May 2026 10:38:30 GMT"_ba << 30;
        QTest::newRow("date in the past") << "Thu, 21 May 2026 09:00:00 GMT"_ba << 0;
        QTest::newRow("absent") << ""_ba << -1;
        QTest::newRow("nonsense") << "soon"_ba << -1;
        QTest::newRow("negative") << "-5"_ba << -1;
        QTest::newRow("absurd") << "1e300"_ba << -1;
        QTest::newRow("nan") << "nan"_ba << -1;
    }
    void askedToWait_headers_areRead()
    {
        QFETCH(QByteArray, header);
        QFETCH(int, seconds);
        const auto error =
            askedToWait({.status = 429, .headers = {{"retry-after", header}}, .body = {}}, m_clock->now());
        QVERIFY(error);
        QCOMPARE(error->code, Errc::RateLimited);
        QCOMPARE(error->retryAfter ? int(error->retryAfter->count()) : -1, seconds);
    }

    void jittered_anyRandom_staysBetweenHalfAndWhole()
    {
        QCOMPARE(jittered(1000ms, 0.0), 1000ms);
        QCOMPARE(jittered(1000ms, 0.999999), 500ms);
        QCOMPARE(waitBefore({1ms, 2ms}, 9), 2ms);
        QCOMPARE(waitBefore({}, 3), 0ms);
    }
};

QTEST_GUILESS_MAIN(RetryTest)
#include "tst_Retry.moc"
