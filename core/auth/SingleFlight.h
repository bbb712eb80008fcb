// Lets many callers share one piece of work: the first starts it, the others wait for the same result.
#pragma once

#include "core/base/Async.h"

#include <QFuture>
#include <QPromise>

#include <qcorofuture.h>

#include <functional>
#include <memory>
#include <optional>

namespace parley::auth {

template <class T> class SingleFlight
{
public:
    Async<T> join(std::function<Async<T>()> start)
    {
        if (m_state->flight)
            return wait(*m_state->flight);
        auto promise = std::make_shared<QPromise<Result<T>>>();
        promise->start();
        const QFuture<Result<T>> future = promise->future();
        m_state->flight = future;
        letGo(fly(m_state, std::move(promise), std::move(start))); // its end is what the future tells
        return wait(future);
    }

private:
    struct State {
        std::optional<QFuture<Result<T>>> flight;
    };

    static Async<T> wait(QFuture<Result<T>> future)
    {
        const Result<T> result = co_await future;
        co_return result;
    }

    // The state is shared, so that a source may go while its last refresh is under way.
    static Async<Done> fly(std::shared_ptr<State> state, std::shared_ptr<QPromise<Result<T>>> promise,
                           std::function<Async<T>()> start)
    {
        Async<T> work = start();
        Result<T> result = co_await work;
        state->flight.reset();
        promise->addResult(std::move(result));
        promise->finish();
        co_return Done{};
    }

    std::shared_ptr<State> m_state = std::make_shared<State>();
};

} // namespace parley::auth
