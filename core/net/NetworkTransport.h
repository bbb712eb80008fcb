// HTTP over the real network: HTTP/1.1 with kept connections, a time limit per request, no redirects, no
// cookies.
#pragma once

#include "core/net/HttpTransport.h"

#include <functional>
#include <memory>

class QNetworkAccessManager;
class QNetworkReply;

namespace parley::net {

/// One per server that is talked to: the kept connections are its own. Lives on one thread; held by
/// shared_ptr.
class NetworkTransport final : public HttpTransport, public std::enable_shared_from_this<NetworkTransport>
{
public:
    static constexpr qint64 kMaxBodyBytes = 64LL * 1024 * 1024;

    NetworkTransport();
    ~NetworkTransport() override;

    Async<HttpReply> send(HttpRequest request) override;

    /// Ends all that is under way with Cancelled: at sign-out and at the program's end.
    void cancelAll();

private:
    QNetworkReply *start(const HttpRequest &request);

    // Deleted later: the last owner may be a coroutine that a reply's own signal has resumed.
    std::unique_ptr<QNetworkAccessManager, std::function<void(QNetworkAccessManager *)>> m_manager;
    StopToken m_stopAll;
};

} // namespace parley::net
