// Keeps every promised CRM write until it is done: durable, in order within a chat, exactly once.
#pragma once

#include "core/base/Async.h"
#include "core/base/Clock.h"
#include "core/crm/CrmClient.h"
#include "core/outbox/Entry.h"
#include "core/outbox/OutboxTable.h"

#include <QObject>

#include <functional>
#include <map>
#include <memory>
#include <set>

namespace parley::outbox {

/// What an agent's file is fetched with when a File intent names one.
using FetchFile = std::function<Async<QByteArray>(ChatId, FileId)>;

// Held by shared_ptr: its coroutines keep it alive until the CRM answered.
class Outbox final : public QObject, public std::enable_shared_from_this<Outbox>
{
    Q_OBJECT

public:
    /// Loads what is promised. A write that was on its way when the program died counts as "may have
    /// happened". Blocks.
    static Result<std::shared_ptr<Outbox>> open(std::shared_ptr<store::Database> database, Clock &clock);

    /// Null: nothing is sent. A client set anew ends the wait for a sign-in. What was promised to another org
    /// waits until that one is set again; what an older version promised to none in particular becomes this
    /// one's.
    void setCrm(std::shared_ptr<crm::CrmClient> client, QString organisation);
    void setFetchFile(FetchFile fetch);

    /// Ends when they are durable. A key that is known adds nothing; a note with other words becomes due
    /// again.
    Async<Done> add(QList<crm::Intent> intents, QString organisation);
    /// Tries a write again that waits or needs a person; the given fields replace those that were refused.
    Async<Done> retry(QString key, FieldMap corrected);
    /// The CRM answers again: what waits for its next try because it did not is tried at once.
    void tryNow();
    /// Gives it up, with all that depends on it. Conflict while it is on its way or done.
    Async<Done> discard(QString key);

    [[nodiscard]] QList<Entry> list() const; ///< in the order of their adding
    [[nodiscard]] QList<Entry> ofChat(const ChatId &chat) const;
    [[nodiscard]] std::optional<Entry> entry(const QString &key) const;
    [[nodiscard]] int needingYou() const;
    /// Those not finished that were promised to that org.
    [[nodiscard]] int promisedTo(const QString &organisation) const;

signals:
    void changed(const QString &key);
    void signInNeeded(const parley::Error &error);

private:
    /// What a write met on its way; in memory alone: a restart begins anew.
    struct Trouble {
        int answers = 0;       ///< of the CRM, to whatever was asked, until its last failure
        bool isNudged = false; ///< tried ahead of its time once, because the CRM answered again
    };
    struct Written {
        RecordRef ref;
        QString title;
        QUrl url;
    };

    Outbox(std::shared_ptr<store::Database> database, Clock &clock);
    void adoptOlder();
    void pump();
    [[nodiscard]] bool isForAnother(const Entry &entry) const;
    void wakeAt(QDateTime at);
    Entry *find(const QString &key);
    const Entry *find(const QString &key) const;
    void replace(const Entry &entry);
    QCoro::Task<void> attempt(QString key);
    Async<Written> perform(Entry entry, std::shared_ptr<crm::CrmClient> client);
    Async<Written> change(crm::Intent intent, std::shared_ptr<crm::CrmClient> client);
    Async<Written> addFile(crm::Intent intent, std::shared_ptr<crm::CrmClient> client);
    void settle(Entry entry, const Result<Written> &written);
    void settleFailure(Entry &entry, const Error &error);
    [[nodiscard]] bool isTryOf(const Entry &entry, const Error &error);

    Clock &m_clock;
    OutboxTable m_table;
    std::shared_ptr<crm::CrmClient> m_client; // shared with the attempts that use it
    QString m_organisation;                   // that m_client writes to
    FetchFile m_fetch;
    std::map<qint64, Entry> m_entries; // by position
    QHash<QString, qint64> m_positions;
    std::set<qint64> m_unfinished;
    QSet<QString> m_running;
    QHash<QString, Trouble> m_troubles; // by key, of those that wait for another try
    int m_answers = 1;                  // counted from one: a Trouble's 0 is "no failure yet"
    QDateTime m_pausedUntil; // the CRM asked for patience: for all, not only for the write that it refused
    QDateTime m_wake;
    bool m_isSignInNeeded = false;
};

} // namespace parley::outbox
