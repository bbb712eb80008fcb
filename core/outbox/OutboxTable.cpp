#include "core/outbox/OutboxTable.h"

#include "core/store/Database.h"
#include "core/store/Execute.h"
#include "core/store/FieldMapJson.h"

#include <QSqlQuery>

namespace parley::outbox {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr qint64 kKeptDays = 30;

QVariant millis(const QDateTime &at)
{
    return at.isValid() ? QVariant(at.toMSecsSinceEpoch()) : QVariant();
}

QDateTime instant(const QVariant &value)
{
    return value.isNull() ? QDateTime() : QDateTime::fromMSecsSinceEpoch(value.toLongLong(), Qt::UTC);
}

Entry entryOf(const QSqlQuery &row)
{
    Entry entry;
    entry.position = row.value(0).toLongLong();
    entry.intent = intentOf(store::objectOf(row.value(1).toString()));
    // A word of a newer program is kept as something a person must look at.
    entry.state = stateOf(row.value(2).toString()).value_or(State::NeedsYou);
    entry.attempts = row.value(3).toInt();
    entry.nextTry = instant(row.value(4));
    entry.mayExist = row.value(5).toBool();
    if (const QString error = row.value(6).toString(); !error.isEmpty())
        entry.error = errorOf(store::objectOf(error));
    entry.result = {.kind = {row.value(7).toString()}, .id = {row.value(8).toString()}};
    entry.resultTitle = row.value(9).toString();
    entry.resultUrl = QUrl(row.value(10).toString());
    entry.addedAt = instant(row.value(11));
    entry.changedAt = instant(row.value(12));
    entry.organisation = row.value(13).toString();
    return entry;
}

} // namespace

bool createOutboxTable(QSqlQuery &query)
{
    return query.exec(
               u"CREATE TABLE outbox ("
               "key TEXT PRIMARY KEY NOT NULL, position INTEGER NOT NULL UNIQUE, chat TEXT NOT NULL, "
               "intent TEXT NOT NULL, state TEXT NOT NULL, attempts INTEGER NOT NULL, next_try INTEGER, "
               "may_exist INTEGER NOT NULL, error TEXT, result_kind TEXT, result_id TEXT, result_title TEXT, "
               "result_url TEXT, added_at INTEGER NOT NULL, changed_at INTEGER NOT NULL)"_s) &&
           query.exec(u"CREATE INDEX outbox_by_chat ON outbox (chat, position)"_s);
}

bool addOutboxOrganisation(QSqlQuery &query)
{
    return query.exec(u"ALTER TABLE outbox ADD COLUMN organisation TEXT NOT NULL DEFAULT ''"_s);
}

OutboxTable::OutboxTable(std::shared_ptr<store::Database> database)
    : m_database(std::move(database))
{}

Result<QList<Entry>> OutboxTable::load(QDateTime now)
{
    return m_database->runBlocking([now](QSqlDatabase &database) -> Result<QList<Entry>> {
        QSqlQuery query(database);
        query.prepare(u"DELETE FROM outbox WHERE state IN ('done', 'discarded') AND changed_at < ?"_s);
        query.addBindValue(now.addDays(-kKeptDays).toMSecsSinceEpoch());
        if (!query.exec())
            return fail(store::errorOf(query));
        if (!query.exec(
                u"SELECT position, intent, state, attempts, next_try, may_exist, error, result_kind, "
                u"result_id, "
                "result_title, result_url, added_at, changed_at, organisation FROM outbox ORDER BY position"_s))
            return fail(store::errorOf(query));
        QList<Entry> entries;
        while (query.next())
            entries += entryOf(query);
        return entries;
    });
}

Async<Done> OutboxTable::save(QList<Entry> entries)
{
    return m_database->transact([entries = std::move(entries)](QSqlDatabase &database) -> Result<Done> {
        QSqlQuery query(database);
        query.prepare(
            u"INSERT INTO outbox (key, position, chat, intent, state, attempts, next_try, may_exist, error, "
            "result_kind, result_id, result_title, result_url, added_at, changed_at, organisation) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
            "ON CONFLICT (key) DO UPDATE SET intent = excluded.intent, state = excluded.state, "
            "attempts = excluded.attempts, next_try = excluded.next_try, may_exist = excluded.may_exist, "
            "error = excluded.error, result_kind = excluded.result_kind, result_id = excluded.result_id, "
            "result_title = excluded.result_title, result_url = excluded.result_url, "
            "changed_at = excluded.changed_at, organisation = excluded.organisation"_s);
        for (const Entry &entry : entries) {
            const QVariantList values{entry.intent.key,
                                      entry.position,
                                      entry.intent.chat.value,
                                      store::textOf(jsonOf(entry.intent)),
                                      nameOf(entry.state),
                                      entry.attempts,
                                      millis(entry.nextTry),
                                      entry.mayExist,
                                      entry.error ? QVariant(store::textOf(jsonOf(*entry.error)))
                                                  : QVariant(),
                                      entry.result.kind.name,
                                      entry.result.id.value,
                                      entry.resultTitle,
                                      entry.resultUrl.toString(QUrl::FullyEncoded),
                                      millis(entry.addedAt),
                                      millis(entry.changedAt),
                                      entry.organisation};
            if (const auto saved = store::execute(query, values); !saved)
                return saved;
        }
        return Done{};
    });
}

} // namespace parley::outbox
