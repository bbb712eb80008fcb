#include "core/store/Migration.h"

#include <QSqlError>

namespace parley::store {

using namespace Qt::Literals::StringLiterals;

Result<Done> migrate(QSqlDatabase &database, std::span<const Migration> steps)
{
    QSqlQuery query(database);
    if (!query.exec(u"PRAGMA user_version"_s) || !query.next())
        return fail(Errc::Storage, query.lastError().text());
    const int present = query.value(0).toInt();
    query.finish();
    const int newest = steps.empty() ? 0 : steps.back().version;
    if (present > newest) {
        return fail({.code = Errc::Storage,
                     .detail = u"schema %1 is newer than %2"_s.arg(present).arg(newest),
                     .remoteCode = u"newer"_s});
    }
    for (const Migration &step : steps) {
        if (step.version <= present)
            continue;
        if (!database.transaction())
            return fail(Errc::Storage, database.lastError().text());
        const bool applied = step.apply(query) && query.exec(u"PRAGMA user_version = %1"_s.arg(step.version));
        if (!applied || !database.commit()) {
            const QString why = query.lastError().text();
            database.rollback();
            return fail(Errc::Storage, u"schema step %1: %2"_s.arg(step.version).arg(why));
        }
    }
    return Done{};
}

} // namespace parley::store
