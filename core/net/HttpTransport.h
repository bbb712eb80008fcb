// One HTTP request and its answer, as a value; the network and the tests' fake both speak it.
#pragma once

#include "core/base/Async.h"

#include <QByteArray>
#include <QList>
#include <QUrl>

#include <chrono>
#include <optional>
#include <utility>

namespace parley::net {

using Headers = QList<std::pair<QByteArray, QByteArray>>;

struct HttpRequest {
    QByteArray method = "GET";
    QUrl url;
    Headers headers = {};
    QByteArray body = {};
    std::chrono::milliseconds timeout{20'000};
    /// True where sending it twice does no harm: only such requests are retried.
    bool isIdempotent = true;
    /// Where somebody may change their mind: the request is given up, and ends in Cancelled, soon after it
    /// was asked to.
    std::optional<StopToken> stop = {};
};

struct HttpReply {
    int status = 0;
    Headers headers;
    QByteArray body;

    /// The first header of that name, case ignored; empty when absent.
    [[nodiscard]] QByteArray header(QByteArrayView name) const;
    /// Content-Type without parameters, lower case.
    [[nodiscard]] QByteArray contentType() const;
};

/// Sends one request. Any HTTP status is a reply; an Error (Offline, TimedOut, Cancelled) means that no whole
/// reply came. Redirects are not followed. Bodies over 64 MiB end in BadReply.
class HttpTransport
{
public:
    HttpTransport() = default;
    HttpTransport(const HttpTransport &) = delete;
    HttpTransport &operator=(const HttpTransport &) = delete;
    virtual ~HttpTransport() = default;
    virtual Async<HttpReply> send(HttpRequest request) = 0;
};

} // namespace parley::net
