#include "core/hub/Store.h"

#include "core/base/Log.h"
#include "core/hub/Schema.h"

#include <iterator>

namespace parley::hub {

using namespace Qt::Literals::StringLiterals;

Result<std::unique_ptr<Store>> Store::open(const QString &dataDir, qint64 storeBytes)
{
    auto database = store::Sqlite::open(databasePath(dataDir));
    if (!database)
        return fail(database.error());
    std::unique_ptr<Store> self(new Store);
    self->m_database = std::move(*database);
    if (storeBytes > 0)
        self->m_database->limitSize(storeBytes);
    self->m_tables = std::make_unique<Tables>(*self->m_database);
    self->m_thread = std::thread([store = self.get()] { store->work(); });
    return self;
}

Store::~Store()
{
    {
        const std::lock_guard lock(m_mutex);
        m_isStopping = true;
    }
    m_wake.notify_one();
    if (m_thread.joinable())
        m_thread.join();
}

void Store::limitSize(qint64 bytes)
{
    submit(
        [bytes](Tables &tables) -> Result<Done> {
            tables.limitSize(bytes);
            return Done{};
        },
        [](const Result<Done> &) {});
}

void Store::enqueue(std::unique_ptr<Job> job)
{
    if (++m_backlog >= kMostWaiting)
        m_wasBusy = true;
    bool isFirst = false;
    {
        const std::lock_guard lock(m_mutex);
        isFirst = m_waiting.empty();
        m_waiting.push_back(std::move(job));
    }
    if (isFirst)
        m_wake.notify_one();
}

void Store::work()
{
    Jobs jobs;
    for (;;) {
        {
            std::unique_lock lock(m_mutex);
            m_wake.wait(lock, [this] { return !m_waiting.empty() || m_isStopping; });
            if (m_waiting.empty())
                return;
            jobs.swap(m_waiting);
        }
        const auto failed = commit(jobs);
        if (failed) {
            // Once for a full disk, not for every message that meets it.
            if (m_isGood)
                qCWarning(lcHub) << "storage failed:" << failed->detail;
            qCInfo(lcHub) << "refused for want of storage:" << jobs.size() << "changes";
            for (const auto &job : jobs)
                job->storageFailed(*failed);
        } else if (!m_isGood) {
            qCInfo(lcHub) << "storage works again";
        }
        m_isGood = !failed;
        bool isFirst = false;
        {
            const std::lock_guard lock(m_mutex);
            isFirst = m_answered.empty();
            m_answered.insert(m_answered.end(), std::make_move_iterator(jobs.begin()),
                              std::make_move_iterator(jobs.end()));
        }
        jobs.clear();
        if (isFirst)
            QMetaObject::invokeMethod(this, &Store::handOut, Qt::QueuedConnection);
    }
}

std::optional<Error> Store::commit(Jobs &jobs)
{
    const auto rollback = [this](const Error &why) {
        m_database->rollback();
        m_tables->forget();
        return Error{.code = Errc::Storage, .detail = why.detail, .remoteCode = u"storage"_s};
    };
    if (const auto begun = m_database->begin(); !begun)
        return rollback(begun.error());
    for (const auto &job : jobs) {
        if (!job->run(*m_tables))
            return rollback(*job->error());
    }
    if (const auto saved = m_tables->flush(); !saved)
        return rollback(saved.error());
    if (const auto committed = m_database->commit(); !committed)
        return rollback(committed.error());
    return std::nullopt;
}

void Store::handOut()
{
    Jobs jobs;
    {
        const std::lock_guard lock(m_mutex);
        jobs.swap(m_answered);
    }
    for (const auto &job : jobs)
        job->deliver();
    m_backlog -= int(jobs.size());
    if (m_wasBusy && m_backlog < kMostWaiting / 2) {
        m_wasBusy = false;
        emit caughtUp();
    }
}

} // namespace parley::hub
