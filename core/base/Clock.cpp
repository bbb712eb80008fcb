#include "core/base/Clock.h"

#include <QElapsedTimer>
#include <QPromise>
#include <QTimer>

#include <qcorofuture.h>

namespace parley {

QDateTime SystemClock::now() const
{
    return QDateTime::currentDateTimeUtc();
}

qint64 SystemClock::steadyMs() const
{
    return std::chrono::duration_cast<std::chrono::milliseconds>(
               std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

void SystemClock::callAfter(std::chrono::milliseconds delay, QObject *context, std::function<void()> wake)
{
    QTimer::singleShot(delay, context, std::move(wake));
}

QCoro::Task<void> sleepFor(Clock *clock, std::chrono::milliseconds delay)
{
    QObject context;
    QPromise<void> promise;
    promise.start();
    const QFuture<void> woken = promise.future();
    clock->callAfter(delay, &context, [&promise] { promise.finish(); });
    co_await woken;
}

} // namespace parley
