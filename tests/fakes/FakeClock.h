// A clock that a test moves by hand.
#pragma once

#include "core/base/Clock.h"

#include <QPointer>

#include <algorithm>
#include <vector>

namespace parley::fakes {

class FakeClock final : public Clock
{
public:
    [[nodiscard]] QDateTime now() const override { return m_start.addMSecs(m_elapsed); }
    [[nodiscard]] qint64 steadyMs() const override { return m_elapsed; }

    void callAfter(std::chrono::milliseconds delay, QObject *context, std::function<void()> wake) override
    {
        m_sleepers.push_back({m_elapsed + delay.count(), m_next++, context, std::move(wake)});
    }

    /// Moves on and wakes, in order, all who are due on the way.
    void advance(std::chrono::milliseconds by)
    {
        const qint64 until = m_elapsed + by.count();
        for (;;) {
            const auto due = std::ranges::min_element(m_sleepers, [](const Sleeper &a, const Sleeper &b) {
                return std::pair(a.at, a.order) < std::pair(b.at, b.order);
            });
            if (due == m_sleepers.end() || due->at > until)
                break;
            const Sleeper sleeper = *due;
            m_sleepers.erase(due);
            m_elapsed = std::max(m_elapsed, sleeper.at);
            if (!sleeper.context.isNull())
                sleeper.wake();
        }
        m_elapsed = until;
    }

    [[nodiscard]] bool hasSleepers() const { return !m_sleepers.empty(); }

private:
    struct Sleeper {
        qint64 at;
        int order;
        QPointer<QObject> context;
        std::function<void()> wake;
    };
    QDateTime m_start{QDate(2026, 5, 21), QTime(10, 38), Qt::UTC};
    qint64 m_elapsed = 0;
    int m_next = 0;
    std::vector<Sleeper> m_sleepers;
};

} // namespace parley::fakes
