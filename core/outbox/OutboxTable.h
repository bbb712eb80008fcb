// The outbox's table: every promised write with its state, durable before anything leaves.
#pragma once

#include "core/base/Async.h"
#include "core/outbox/Entry.h"

#include <memory>

class QSqlQuery;

namespace parley::store {
class Database;
}

namespace parley::outbox {

/// The table as a migration step; the profile's list of steps gives it a number.
bool createOutboxTable(QSqlQuery &query);
/// A later step: each write knows the org that it was promised to.
bool addOutboxOrganisation(QSqlQuery &query);

class OutboxTable
{
public:
    explicit OutboxTable(std::shared_ptr<store::Database> database);

    /// All that are not finished, and finished ones of the last 30 days; older ones are deleted. Blocks: for
    /// starting.
    Result<QList<Entry>> load(QDateTime now);
    /// Writes all of them, new or changed, in one transaction.
    Async<Done> save(QList<Entry> entries);

private:
    std::shared_ptr<store::Database> m_database; // shared: other tables live in the same file
};

} // namespace parley::outbox
