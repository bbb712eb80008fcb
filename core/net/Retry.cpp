#include "core/net/Retry.h"

#include "core/base/Clock.h"
#include "core/base/Log.h"
#include "core/base/Redact.h"

#include <QLocale>
#include <QRandomGenerator>

#include <cmath>

namespace parley::net {

using namespace Qt::Literals::StringLiterals;

std::chrono::milliseconds waitBefore(const QList<std::chrono::milliseconds> &waits, int failures)
{
    if (waits.isEmpty() || failures <= 0)
        return std::chrono::milliseconds(0);
    return waits.at(std::min<qsizetype>(failures, waits.size()) - 1);
}

std::chrono::milliseconds jittered(std::chrono::milliseconds wait, double random)
{
    return wait - std::chrono::milliseconds(std::llround(double(wait.count()) / 2 * random));
}

std::optional<Error> askedToWait(const HttpReply &reply, const QDateTime &now)
{
    const bool isAsked = reply.status == 429 || (reply.status >= 502 && reply.status <= 504);
    if (!isAsked)
        return std::nullopt;
    Error error{.code = reply.status == 504   ? Errc::TimedOut
                        : reply.status == 502 ? Errc::Offline
                                              : Errc::RateLimited,
                .detail = u"HTTP %1"_s.arg(reply.status),
                .httpStatus = reply.status};
    const QByteArray header = reply.header("retry-after").trimmed();
    bool isNumber = false;
    // Dataverse answers fractions of a second at times.
    const double seconds = header.toDouble(&isNumber);
    if (isNumber && seconds >= 0 && seconds < 86'400 * 7) {
        error.retryAfter = std::chrono::seconds(std::llround(std::ceil(seconds)));
    } else if (!header.isEmpty()) {
        QDateTime at =
            QLocale::c().toDateTime(QString::fromLatin1(header), u"ddd, dd MMM yyyy hh:mm:ss 'GMT'"_s);
        at.setTimeSpec(Qt::UTC);
        if (at.isValid())
            error.retryAfter = std::chrono::seconds(std::max<qint64>(0, now.secsTo(at)));
    }
    return error;
}

RetryingTransport::RetryingTransport(std::shared_ptr<HttpTransport> inner, Clock *clock)
    : RetryingTransport(std::move(inner), clock, Policy())
{}

RetryingTransport::RetryingTransport(std::shared_ptr<HttpTransport> inner, Clock *clock, Policy policy)
    : m_inner(std::move(inner))
    , m_clock(clock)
    , m_policy(std::move(policy))
{
    if (!m_policy.random)
        m_policy.random = [] {
            return QRandomGenerator::global()->generateDouble();
        };
}

Async<HttpReply> RetryingTransport::send(HttpRequest request)
{
    const auto self = shared_from_this();
    for (int failures = 1;; ++failures) {
        Result<HttpReply> reply = co_await m_inner->send(request);
        std::optional<Error> reason;
        if (!reply)
            reason = reply.error();
        else
            reason = askedToWait(*reply, m_clock->now());
        // What never left this machine may be sent again whatever it was.
        const bool isHarmless = request.isIdempotent || (reason && reason->neverSent);
        if (!reason || !isHarmless || !isTransient(reason->code) || failures > m_policy.waits.size())
            co_return reply;
        auto wait = jittered(waitBefore(m_policy.waits, failures), m_policy.random());
        if (reason->retryAfter) {
            if (*reason->retryAfter > m_policy.longestWait)
                co_return reply;
            wait = *reason->retryAfter;
        }
        qCInfo(lcNet) << request.method << forLog(request.url) << "try" << failures
                      << "failed:" << reason->detail << "again in" << wait.count() << "ms";
        co_await sleepFor(m_clock, wait);
        if (request.stop && request.stop->isStopRequested())
            co_return fail(Errc::Cancelled);
    }
}

} // namespace parley::net
