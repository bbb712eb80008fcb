#include "core/auth/SecretStore.h"

#include "core/base/Clock.h"
#include "core/base/Log.h"
#include "core/base/Redact.h"

#include <QPromise>
#include <QUuid>

#include <qcorofuture.h>
#include <qt6keychain/keychain.h>

namespace parley::auth {

using namespace Qt::Literals::StringLiterals;

namespace {

const QString kService = u"io.github.parley.Parley"_s;

struct JobEnd {
    QKeychain::Error code = QKeychain::OtherError;
    QString words;
    QByteArray data;
};

/// Starts the job and ends when it does. The job deletes itself, also when nobody waits any more.
QFuture<JobEnd> run(QKeychain::Job *job)
{
    const auto promise = std::make_shared<QPromise<JobEnd>>();
    promise->start();
    job->setAutoDelete(true);
    job->setInsecureFallback(false);
    QObject::connect(job, &QKeychain::Job::finished, job, [promise](QKeychain::Job *done) {
        JobEnd end{done->error(), done->errorString(), {}};
        if (const auto *const reading = qobject_cast<QKeychain::ReadPasswordJob *>(done))
            end.data = reading->binaryData();
        promise->addResult(std::move(end));
        promise->finish();
    });
    job->start();
    return promise->future();
}

Error errorOf(const JobEnd &end)
{
    if (end.code == QKeychain::EntryNotFound)
        return {.code = Errc::NotFound};
    return {.code = Errc::Storage, .detail = u"keychain %1: %2"_s.arg(end.code).arg(forLog(end.words))};
}

Async<Done> probe(std::shared_ptr<KeychainSecretStore> keychain)
{
    // A name of its own, so that two programs that start at once do not pull each other's probe away.
    const QString key = u"probe-"_s + QUuid::createUuid().toString(QUuid::WithoutBraces);
    const QByteArray secret = QUuid::createUuid().toRfc4122();
    const Result<Done> written = co_await keychain->write(key, secret);
    if (!written)
        co_return fail(written.error());
    const Result<QByteArray> read = co_await keychain->read(key);
    const Result<Done> removed = co_await keychain->remove(key);
    if (!read)
        co_return fail(read.error());
    if (*read != secret)
        co_return fail(Errc::Storage, u"keychain gave back something else"_s);
    co_return removed;
}

} // namespace

Async<QByteArray> MemorySecretStore::read(QString key)
{
    const auto found = m_secrets.constFind(key);
    if (found == m_secrets.constEnd())
        co_return fail(Errc::NotFound);
    co_return *found;
}

Async<Done> MemorySecretStore::write(QString key, QByteArray secret)
{
    m_secrets.insert(key, secret);
    co_return Done{};
}

Async<Done> MemorySecretStore::remove(QString key)
{
    m_secrets.remove(key);
    co_return Done{};
}

Async<QByteArray> KeychainSecretStore::read(QString key)
{
    const auto self = shared_from_this();
    auto *const job = new QKeychain::ReadPasswordJob(kService);
    job->setKey(key);
    const QFuture<JobEnd> future = run(job);
    const JobEnd end = co_await future;
    if (end.code != QKeychain::NoError)
        co_return fail(errorOf(end));
    co_return end.data;
}

Async<Done> KeychainSecretStore::write(QString key, QByteArray secret)
{
    const auto self = shared_from_this();
    auto *const job = new QKeychain::WritePasswordJob(kService);
    job->setKey(key);
    job->setBinaryData(secret);
    const QFuture<JobEnd> future = run(job);
    const JobEnd end = co_await future;
    if (end.code != QKeychain::NoError)
        co_return fail(errorOf(end));
    co_return Done{};
}

Async<Done> KeychainSecretStore::remove(QString key)
{
    const auto self = shared_from_this();
    auto *const job = new QKeychain::DeletePasswordJob(kService);
    job->setKey(key);
    const QFuture<JobEnd> future = run(job);
    const JobEnd end = co_await future;
    if (end.code != QKeychain::NoError && end.code != QKeychain::EntryNotFound)
        co_return fail(errorOf(end));
    co_return Done{};
}

QCoro::Task<OpenedSecretStore> openSecretStore(Clock *clock, std::chrono::milliseconds limit)
{
    const auto keychain = std::make_shared<KeychainSecretStore>();
    // Whichever comes first: the probe's end or the limit. The loser finds the promise finished and adds
    // nothing.
    const auto first = std::make_shared<QPromise<Result<Done>>>();
    first->start();
    QObject timer;
    QObject waiter;
    const auto settle = [first](Result<Done> end) {
        if (first->future().isFinished())
            return;
        first->addResult(std::move(end));
        first->finish();
    };
    clock->callAfter(limit, &timer,
                     [settle] { settle(fail(Errc::TimedOut, u"keychain does not answer"_s)); });
    whenDone(probe(keychain), &waiter, settle);
    const QFuture<Result<Done>> future = first->future();
    const Result<Done> end = co_await future;
    OpenedSecretStore opened;
    if (end) {
        opened.store = keychain;
    } else {
        qCInfo(lcAuth) << "no keychain, secrets stay in memory:" << end.error().detail;
        opened.store = std::make_shared<MemorySecretStore>();
        opened.notKept = end.error();
    }
    co_return opened;
}

} // namespace parley::auth
