// Runs the event loop until a task ends: how a test looks at the answer of a coroutine.
#pragma once

#include "core/base/Async.h"

#include <QTest>

#include <optional>

namespace parley::fakes {

/// The task's own result; a test whose task never ends fails, and gets Cancelled with these words.
template <class T> Result<T> await(Async<T> task, int timeoutMs = 10'000)
{
    QObject context;
    std::optional<Result<T>> got;
    whenDone(std::move(task), &context, [&got](Result<T> result) { got = std::move(result); });
    if (!QTest::qWaitFor([&got] { return got.has_value(); }, timeoutMs)) {
        QTest::qFail("a task never ended", __FILE__, __LINE__);
        return fail(Errc::Cancelled, QStringLiteral("the task never ended"));
    }
    return std::move(*got);
}

} // namespace parley::fakes
