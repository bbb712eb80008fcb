#include "core/chat/Pacer.h"

namespace parley::chat {

namespace {
// Under the hub's 40 a second with a burst of 80 (docs/protocol.md), so that clocks that differ do not
// matter.
constexpr double kPerSecond = 34;
constexpr double kBurst = 64;
} // namespace

Pacer::Pacer(Clock &clock, std::function<void(const QString &)> send)
    : m_clock(clock)
    , m_send(std::move(send))
    , m_tokens(kBurst)
    , m_refilledAt(clock.steadyMs())
{}

void Pacer::post(const QString &frame)
{
    m_waiting.push_back(frame);
    drain();
}

void Pacer::clear()
{
    m_waiting.clear();
}

void Pacer::drain()
{
    const qint64 now = m_clock.steadyMs();
    m_tokens = std::min(kBurst, m_tokens + double(now - m_refilledAt) * kPerSecond / 1000.0);
    m_refilledAt = now;
    while (!m_waiting.empty() && m_tokens >= 1) {
        m_tokens -= 1;
        const QString frame = std::move(m_waiting.front());
        m_waiting.pop_front();
        m_send(frame);
    }
    if (m_waiting.empty() || m_isWaking)
        return;
    m_isWaking = true;
    m_clock.callAfter(std::chrono::milliseconds(int(1000 / kPerSecond) + 1), this, [this] {
        m_isWaking = false;
        drain();
    });
}

} // namespace parley::chat
