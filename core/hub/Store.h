// Makes the hub's changes durable in groups: everything that arrived while the last commit was being written
// goes into the next one, and an answer is handed out only after its commit.
#pragma once

#include "core/hub/Tables.h"

#include <QObject>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace parley::hub {

class Store final : public QObject
{
    Q_OBJECT

public:
    /// The data folder must have been prepared (Schema.h). Answers come on the thread that this is called on.
    static Result<std::unique_ptr<Store>> open(const QString &dataDir, qint64 storeBytes);
    /// Commits what was submitted; handlers that have not run by then never do.
    ~Store() override;

    /// Runs work(Tables &) -> Result<T> on the store's thread, in the order of submission; handler(Result<T>)
    /// afterwards, once its transaction is durable, or with Errc::Storage when nothing of it was kept.
    template <class Work, class Handler> void submit(Work work, Handler handler)
    {
        enqueue(std::make_unique<TypedJob<Work, Handler>>(std::move(work), std::move(handler)));
    }

    /// For starting: runs work and waits.
    template <class Work> auto runNow(Work work) -> std::invoke_result_t<Work &, Tables &>
    {
        std::optional<std::invoke_result_t<Work &, Tables &>> answer;
        std::mutex mutex;
        std::condition_variable isDone;
        auto watched = [&, work = std::move(work)](Tables &tables) mutable {
            auto result = work(tables);
            const std::lock_guard lock(mutex);
            answer = result;
            isDone.notify_one();
            return result;
        };
        submit(std::move(watched), [](const auto &) {});
        std::unique_lock lock(mutex);
        isDone.wait(lock, [&] { return answer.has_value(); });
        return std::move(*answer);
    }

    /// False from a failed commit until the next good one.
    [[nodiscard]] bool isGood() const { return m_isGood; }
    void limitSize(qint64 bytes);
    /// More was submitted than is good: wait for caughtUp() before submitting more of what can wait.
    [[nodiscard]] bool isBusy() const { return m_backlog >= kMostWaiting; }

signals:
    void caughtUp();

private:
    class Job
    {
    public:
        Job() = default;
        Job(const Job &) = delete;
        Job &operator=(const Job &) = delete;
        virtual ~Job() = default;
        /// False when the storage failed.
        virtual bool run(Tables &tables) = 0;
        virtual void storageFailed(const Error &error) = 0;
        virtual void deliver() = 0;
        [[nodiscard]] virtual const Error *error() const = 0;
    };
    static constexpr int kMostWaiting = 1'024;
    using Jobs = std::vector<std::unique_ptr<Job>>;

    template <class Work, class Handler> class TypedJob final : public Job
    {
    public:
        TypedJob(Work work, Handler handler)
            : m_work(std::move(work))
            , m_handler(std::move(handler))
        {}
        bool run(Tables &tables) override
        {
            m_answer.emplace(m_work(tables));
            return m_answer->has_value() || m_answer->error().code != Errc::Storage;
        }
        void storageFailed(const Error &error) override { m_answer.emplace(fail(error)); }
        void deliver() override { m_handler(std::move(*m_answer)); }
        [[nodiscard]] const Error *error() const override
        {
            return m_answer && !m_answer->has_value() ? &m_answer->error() : nullptr;
        }

    private:
        Work m_work;
        Handler m_handler;
        std::optional<std::invoke_result_t<Work &, Tables &>> m_answer;
    };

    Store() = default;
    void enqueue(std::unique_ptr<Job> job);
    void work();
    std::optional<Error> commit(Jobs &jobs);
    void handOut();

    std::unique_ptr<store::Sqlite> m_database; // these two: the store's thread alone once it runs
    std::unique_ptr<Tables> m_tables;
    std::thread m_thread;
    std::mutex m_mutex;
    std::condition_variable m_wake;
    Jobs m_waiting;  // under m_mutex
    Jobs m_answered; // under m_mutex
    bool m_isStopping = false;
    std::atomic<int> m_backlog = 0; ///< submitted and not handed out
    bool m_wasBusy = false;         ///< on the thread that submits
    std::atomic<bool> m_isGood = true;
};

} // namespace parley::hub
