// Answers that are asked for once and kept: who asks while the question is on its way waits for the same
// answer.
#pragma once

#include "core/base/Async.h"

#include <QHash>
#include <QPromise>

#include <functional>
#include <memory>

namespace parley::desk {

// Held by shared_ptr: its coroutines keep it alive.
template <class Value> class Once : public std::enable_shared_from_this<Once<Value>>
{
public:
    /// Null until the answer is here.
    [[nodiscard]] const Value *known(const QString &key) const
    {
        const auto found = m_values.constFind(key);
        return found == m_values.cend() ? nullptr : &*found;
    }

    void forget(const QString &key) { m_values.remove(key); }
    void put(const QString &key, const Value &value) { m_values.insert(key, value); }
    /// A failure is not kept: the next one asks again.
    Async<Value> get(QString key, std::function<Async<Value>()> ask)
    {
        const auto self = this->shared_from_this();
        if (const Value *value = known(key)) {
            Value copy = *value;
            co_return copy;
        }
        if (m_waiting.contains(key)) {
            const auto promise = std::make_shared<QPromise<Result<Value>>>();
            promise->start();
            m_waiting[key] += promise;
            const QFuture<Result<Value>> future = promise->future();
            Result<Value> shared = co_await future;
            co_return shared;
        }
        m_waiting.insert(key, {});
        Async<Value> task = ask();
        Result<Value> answer = co_await task;
        if (answer)
            m_values.insert(key, *answer);
        for (const auto &promise : m_waiting.take(key)) {
            promise->addResult(answer);
            promise->finish();
        }
        co_return answer;
    }

private:
    QHash<QString, Value> m_values;
    QHash<QString, QList<std::shared_ptr<QPromise<Result<Value>>>>> m_waiting;
};

} // namespace parley::desk
