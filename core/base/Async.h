// Work that may wait: a coroutine that ends in a Result, and the one verb with which QObjects take its
// answer.
#pragma once

#include "core/base/Result.h"

#include <QObject>
#include <QPointer>

#include <qcorotask.h>

#include <atomic>
#include <memory>

namespace parley {

template <class T> using Async = QCoro::Task<Result<T>>;

/// Asks a producer to stop; the producer looks at it between steps. Copies share one flag.
class StopToken
{
public:
    void requestStop() { m_stopped->store(true); }
    [[nodiscard]] bool isStopRequested() const { return m_stopped->load(); }

private:
    std::shared_ptr<std::atomic<bool>> m_stopped = std::make_shared<std::atomic<bool>>(false);
};

namespace detail {
template <class T, class Handler>
QCoro::Task<void> deliver(QCoro::Task<T> task, QPointer<QObject> context, Handler handler)
{
    T value = co_await task;
    if (context.isNull())
        co_return;
    QMetaObject::invokeMethod(
        context.data(),
        [handler = std::move(handler), value = std::move(value)]() mutable { handler(std::move(value)); },
        Qt::QueuedConnection);
}
} // namespace detail

/// Calls handler(value) once, later (queued), on the thread of context; not at all when context is gone by
/// then. Must be called on the thread that runs the task.
template <class T, class Handler> void whenDone(QCoro::Task<T> task, QObject *context, Handler handler)
{
    detail::deliver<T, Handler>(std::move(task), QPointer<QObject>(context), std::move(handler));
}

/// Lets a task run to its end with nobody waiting. Say in a comment why nobody needs the answer.
template <class T> void letGo(QCoro::Task<T> task)
{
    [](QCoro::Task<T> owned) -> QCoro::Task<void> {
        co_await owned;
    }(std::move(task));
}

} // namespace parley
