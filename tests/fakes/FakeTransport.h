// A network that holds each request until the test answers it.
#pragma once

#include "core/net/HttpTransport.h"

#include <QPromise>

#include <memory>

namespace parley::fakes {

class FakeTransport final : public net::HttpTransport
{
public:
    FakeTransport() = default;
    ~FakeTransport() override;

    Async<net::HttpReply> send(net::HttpRequest request) override;

    /// All requests that ever came, in order.
    [[nodiscard]] const QList<net::HttpRequest> &requests() const { return m_requests; }
    /// Those that wait for an answer, oldest first.
    [[nodiscard]] qsizetype waiting() const { return m_waiting.size(); }
    /// The oldest (or a later) one that waits for an answer. There must be one: QTRY_COMPARE(waiting(), 1)
    /// before.
    [[nodiscard]] const net::HttpRequest &request(qsizetype index = 0) const;

    /// Answers the oldest (or a later) request that waits. The caller's coroutine goes on in the event loop:
    /// QTRY_*.
    void answer(int status, const QByteArray &body = {}, const net::Headers &headers = {},
                qsizetype index = 0);
    /// The same as application/json; the text must be JSON.
    void answerJson(int status, const QByteArray &json, qsizetype index = 0);
    /// No answer came.
    void failWith(Error error, qsizetype index = 0);
    void failWith(Errc code, qsizetype index = 0) { failWith(Error{.code = code}, index); }

private:
    using Promise = QPromise<Result<net::HttpReply>>;
    struct Waiting {
        net::HttpRequest request;
        std::shared_ptr<Promise> promise;
    };
    void finish(qsizetype index, Result<net::HttpReply> result);

    QList<net::HttpRequest> m_requests;
    QList<Waiting> m_waiting;
};

} // namespace parley::fakes
