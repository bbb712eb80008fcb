#include "tests/fakes/FakeTransport.h"

#include <QFuture>
#include <QJsonDocument>

#include <qcorofuture.h>

namespace parley::fakes {

FakeTransport::~FakeTransport()
{
    while (!m_waiting.isEmpty())
        failWith(Errc::Cancelled);
}

Async<net::HttpReply> FakeTransport::send(net::HttpRequest request)
{
    const auto promise = std::make_shared<Promise>();
    promise->start();
    m_requests.append(request);
    m_waiting.append({request, promise});
    const QFuture<Result<net::HttpReply>> future = promise->future();
    const Result<net::HttpReply> result = co_await future;
    co_return result;
}

const net::HttpRequest &FakeTransport::request(qsizetype index) const
{
    Q_ASSERT(index < m_waiting.size());
    return m_waiting.at(index).request;
}

void FakeTransport::answer(int status, const QByteArray &body, const net::Headers &headers, qsizetype index)
{
    finish(index, net::HttpReply{.status = status, .headers = headers, .body = body});
}

void FakeTransport::answerJson(int status, const QByteArray &json, qsizetype index)
{
    Q_ASSERT(!QJsonDocument::fromJson(json).isNull());
    answer(status, json, {{"Content-Type", "application/json;charset=UTF-8"}}, index);
}

void FakeTransport::failWith(Error error, qsizetype index)
{
    finish(index, fail(std::move(error)));
}

void FakeTransport::finish(qsizetype index, Result<net::HttpReply> result)
{
    Q_ASSERT(index < m_waiting.size());
    const Waiting done = m_waiting.takeAt(index);
    done.promise->addResult(std::move(result));
    done.promise->finish();
}

} // namespace parley::fakes
