#include "core/base/Async.h"
#include "core/base/Clock.h"
#include "tests/fakes/FakeClock.h"

#include <QPromise>
#include <QRegularExpression>
#include <QTest>
#include <QThread>

#include <qcorofuture.h>

using namespace parley;
using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace {

Async<int> valueOf(QFuture<int> future)
{
    const int value = co_await future;
    co_return value;
}

Async<int> atOnce(int value)
{
    co_return value;
}

Async<int> countTo(StopToken stop, fakes::FakeClock *clock, std::shared_ptr<int> count)
{
    while (*count < 100) {
        if (stop.isStopRequested())
            co_return fail(Errc::Cancelled);
        ++*count;
        co_await sleepFor(clock, 10ms);
    }
    co_return *count;
}

} // namespace

class AsyncTest : public QObject
{
    Q_OBJECT

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(u".*"_s)); }

    void whenDone_finishedTask_handlerRunsLaterAndOnce()
    {
        int calls = 0;
        whenDone(atOnce(7), this, [&calls](Result<int> got) {
            ++calls;
            QCOMPARE(*got, 7);
        });
        QCOMPARE(calls, 0); // queued, although the answer was there
        QTRY_COMPARE(calls, 1);
        QCoreApplication::processEvents();
        QCOMPARE(calls, 1);
    }

    void whenDone_contextGone_handlerNeverRuns()
    {
        QPromise<int> promise;
        promise.start();
        auto context = std::make_unique<QObject>();
        bool wasCalled = false;
        whenDone(valueOf(promise.future()), context.get(), [&wasCalled](Result<int>) { wasCalled = true; });
        context.reset();
        promise.addResult(1);
        promise.finish();
        QTest::qWait(20); // time for a wrong call
        QVERIFY(!wasCalled);
    }

    void whenDone_contextGoneBetweenEndAndHandler_handlerNeverRuns()
    {
        auto context = std::make_unique<QObject>();
        bool wasCalled = false;
        whenDone(atOnce(1), context.get(), [&wasCalled](Result<int>) { wasCalled = true; });
        context.reset(); // the call is queued by now
        QTest::qWait(20);
        QVERIFY(!wasCalled);
    }

    void whenDone_moveOnlyAndErrorResults_arriveWhole()
    {
        std::optional<Error> got;
        whenDone(
            []() -> Async<int> {
                co_return fail(Error{.code = Errc::Conflict, .detail = u"d"_s, .remoteCode = u"r"_s});
            }(),
            this, [&got](Result<int> result) { got = result.error(); });
        QTRY_VERIFY(got);
        QCOMPARE(got->code, Errc::Conflict);
        QCOMPARE(got->remoteCode, u"r"_s);
    }

    void letGo_nobodyWaits_workIsDoneAllTheSame()
    {
        fakes::FakeClock clock;
        const auto count = std::make_shared<int>(0);
        letGo(countTo({}, &clock, count));
        for (int i = 0; i < 3; ++i) {
            QTRY_VERIFY(clock.hasSleepers());
            clock.advance(10ms);
        }
        QTRY_COMPARE(*count, 4);
        // Let it end: a coroutine that never does would leak its frame.
        *count = 100;
        QTRY_VERIFY(clock.hasSleepers());
        clock.advance(10ms);
        QTest::qWait(1);
    }

    void stopToken_copies_shareOneFlag()
    {
        StopToken one;
        StopToken two = one;
        const StopToken other;
        two.requestStop();
        QVERIFY(one.isStopRequested());
        QVERIFY(!other.isStopRequested());
    }

    void stopToken_requested_producerEndsBeforeItsNextStep()
    {
        fakes::FakeClock clock;
        StopToken stop;
        const auto count = std::make_shared<int>(0);
        std::optional<Result<int>> got;
        whenDone(countTo(stop, &clock, count), this, [&got](Result<int> result) { got = std::move(result); });
        QTRY_VERIFY(clock.hasSleepers());
        stop.requestStop();
        clock.advance(10ms);
        QTRY_VERIFY(got);
        QCOMPARE(got->error().code, Errc::Cancelled);
        QCOMPARE(*count, 1);
    }

    void sleepFor_fakeClock_wakesInOrderAndNotEarly()
    {
        fakes::FakeClock clock;
        QList<int> woken;
        const auto sleep = [](fakes::FakeClock *by, std::chrono::milliseconds delay, QList<int> *into,
                              int id) -> Async<Done> {
            co_await sleepFor(by, delay);
            into->append(id);
            co_return Done{};
        };
        letGo(sleep(&clock, 30ms, &woken, 3));
        letGo(sleep(&clock, 10ms, &woken, 1));
        letGo(sleep(&clock, 20ms, &woken, 2));
        clock.advance(9ms);
        QTest::qWait(5);
        QCOMPARE(woken, QList<int>());
        clock.advance(21ms);
        QTRY_COMPARE(woken, (QList<int>{1, 2, 3}));
        QVERIFY(!clock.hasSleepers());
    }

    void sleepFor_systemClock_waitsAboutSoLong()
    {
        SystemClock clock;
        const qint64 from = clock.steadyMs();
        bool isDone = false;
        letGo([](Clock *by, bool *done) -> Async<Done> {
            co_await sleepFor(by, 40ms);
            *done = true;
            co_return Done{};
        }(&clock, &isDone));
        QTRY_VERIFY(isDone);
        QVERIFY(clock.steadyMs() - from >= 35);
        QCOMPARE(clock.now().timeSpec(), Qt::UTC);
    }
};

QTEST_GUILESS_MAIN(AsyncTest)
#include "tst_Async.moc"
