// One SQLite file, its one connection and the thread that both live on. Table classes hand it work.
#pragma once

#include "core/base/Async.h"
#include "core/store/Migration.h"

#include <QFuture>
#include <QPromise>
#include <QSqlDatabase>
#include <QString>
#include <QThread>

#include <qcorofuture.h>

#include <functional>
#include <memory>
#include <type_traits>

namespace parley::store {

class Database : public std::enable_shared_from_this<Database>
{
public:
    /// Opens (or creates) the file, WAL, foreign keys on, and migrates it. Copies an existing file to
    /// "<path>.before-<version>" before its first step. Blocks: call it while starting.
    static Result<std::shared_ptr<Database>> open(const QString &path, std::span<const Migration> steps);
    ~Database();
    Database(const Database &) = delete;
    Database &operator=(const Database &) = delete;

    /// Runs work(QSqlDatabase &) -> Result<T> on the database's thread and ends with its answer. Calls run in
    /// the order in which they were made.
    template <class Work> auto run(Work work) -> QCoro::Task<std::invoke_result_t<Work, QSqlDatabase &>>
    {
        return await(shared_from_this(), enqueue(std::move(work)));
    }

    /// Like run, inside one transaction that is committed (durably) when work succeeds and rolled back when
    /// it fails.
    template <class Work> auto transact(Work work) -> QCoro::Task<std::invoke_result_t<Work, QSqlDatabase &>>
    {
        return run([work = std::move(work)](
                       QSqlDatabase &database) mutable -> std::invoke_result_t<Work, QSqlDatabase &> {
            if (!database.transaction())
                return fail(Errc::Storage, QStringLiteral("no transaction could be begun"));
            auto result = work(database);
            if (!result) {
                database.rollback();
            } else if (!database.commit()) {
                database.rollback();
                return fail(Errc::Storage, QStringLiteral("commit failed"));
            }
            return result;
        });
    }

    /// Runs work and waits for it. Only for starting and closing a program.
    template <class Work> auto runBlocking(Work work) -> std::invoke_result_t<Work, QSqlDatabase &>
    {
        auto future = enqueue(std::move(work));
        future.waitForFinished();
        return future.takeResult();
    }

private:
    Database() = default;

    template <class Work> auto enqueue(Work work) -> QFuture<std::invoke_result_t<Work, QSqlDatabase &>>
    {
        using Answer = std::invoke_result_t<Work, QSqlDatabase &>;
        auto promise = std::make_shared<QPromise<Answer>>();
        promise->start();
        auto future = promise->future();
        QMetaObject::invokeMethod(
            m_worker,
            [this, promise, work = std::move(work)]() mutable {
                promise->addResult(work(m_database));
                promise->finish();
            },
            Qt::QueuedConnection);
        return future;
    }

    // self keeps the thread alive until the answer is here.
    template <class Answer>
    static QCoro::Task<Answer> await(std::shared_ptr<Database> self, QFuture<Answer> future)
    {
        Answer answer = co_await future;
        std::ignore = self; // used by lifetime alone
        co_return answer;
    }

    QThread m_thread;
    QObject *m_worker = nullptr; // lives on m_thread; deleted there
    QSqlDatabase m_database;     // touched on m_thread only
};

} // namespace parley::store
