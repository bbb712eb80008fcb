// Where the program learns what time it is and asks to be woken: the real clock, or a test's.
#pragma once

#include "core/base/Async.h"

#include <QDateTime>
#include <QObject>

#include <chrono>
#include <functional>

namespace parley {

class Clock
{
public:
    Clock() = default;
    Clock(const Clock &) = delete;
    Clock &operator=(const Clock &) = delete;
    virtual ~Clock() = default;

    /// The wall clock, always UTC.
    [[nodiscard]] virtual QDateTime now() const = 0;
    /// Milliseconds that never jump; only differences mean anything.
    [[nodiscard]] virtual qint64 steadyMs() const = 0;
    /// Calls wake once after the delay, on the thread of context; never when context is gone.
    virtual void callAfter(std::chrono::milliseconds delay, QObject *context, std::function<void()> wake) = 0;
};

class SystemClock final : public Clock
{
public:
    [[nodiscard]] QDateTime now() const override;
    [[nodiscard]] qint64 steadyMs() const override;
    void callAfter(std::chrono::milliseconds delay, QObject *context, std::function<void()> wake) override;
};

/// Ends after the delay by that clock. The clock must outlive it.
QCoro::Task<void> sleepFor(Clock *clock, std::chrono::milliseconds delay);

} // namespace parley
