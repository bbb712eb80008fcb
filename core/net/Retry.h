// When to try again: a table of waits with jitter, only for what may pass by itself and does no harm twice.
#pragma once

#include "core/net/HttpTransport.h"

#include <functional>
#include <memory>

namespace parley {
class Clock;
}

namespace parley::net {

/// The wait before the try that follows that many failures in a row (1..); the last row repeats.
std::chrono::milliseconds waitBefore(const QList<std::chrono::milliseconds> &waits, int failures);

/// Shortened by up to half; random is 0 <= x < 1.
std::chrono::milliseconds jittered(std::chrono::milliseconds wait, double random);

/// The error that an HTTP status stands for when it asks for patience (429; 502, 503, 504), with Retry-After
/// in seconds or as a date; nothing for any other status.
std::optional<Error> askedToWait(const HttpReply &reply, const QDateTime &now);

/// A transport that repeats idempotent requests of another one.
class RetryingTransport final : public HttpTransport, public std::enable_shared_from_this<RetryingTransport>
{
public:
    struct Policy {
        QList<std::chrono::milliseconds> waits{
            std::chrono::milliseconds(300), std::chrono::milliseconds(1000), std::chrono::milliseconds(3000)};
        /// Asked to wait longer than this, the reply goes to the caller: somebody is waiting for it.
        std::chrono::seconds longestWait{15};
        std::function<double()> random = {}; ///< 0 <= x < 1; the tests' own
    };
    /// The clock must outlive it.
    RetryingTransport(std::shared_ptr<HttpTransport> inner, Clock *clock);
    RetryingTransport(std::shared_ptr<HttpTransport> inner, Clock *clock, Policy policy);

    Async<HttpReply> send(HttpRequest request) override;

private:
    std::shared_ptr<HttpTransport> m_inner; // shared with requests that wait for their next try
    Clock *m_clock;
    Policy m_policy;
};

} // namespace parley::net
