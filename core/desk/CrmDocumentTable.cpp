#include "core/desk/CrmDocumentTable.h"

#include "core/store/Database.h"
#include "core/store/Execute.h"

#include <QSqlQuery>

namespace parley::desk {

using namespace Qt::Literals::StringLiterals;

bool createCrmDocumentTable(QSqlQuery &query)
{
    return query.exec(u"CREATE TABLE crm_document (key TEXT PRIMARY KEY NOT NULL, body BLOB NOT NULL, "
                      "last_modified TEXT NOT NULL, etag TEXT NOT NULL, confirmed_at INTEGER NOT NULL)"_s);
}

CrmDocumentTable::CrmDocumentTable(std::shared_ptr<store::Database> database)
    : m_database(std::move(database))
{}

Async<std::optional<crm::CachedDocument>> CrmDocumentTable::read(QString key)
{
    return m_database->run([key](QSqlDatabase &database) -> Result<std::optional<crm::CachedDocument>> {
        QSqlQuery query(database);
        query.prepare(u"SELECT body, last_modified, etag, confirmed_at FROM crm_document WHERE key = ?"_s);
        query.addBindValue(key);
        if (!query.exec())
            return fail(store::errorOf(query));
        std::optional<crm::CachedDocument> found;
        if (query.next()) {
            found = crm::CachedDocument{
                .body = qUncompress(query.value(0).toByteArray()),
                .lastModified = query.value(1).toString().toLatin1(),
                .etag = query.value(2).toString().toLatin1(),
                .confirmedAt = QDateTime::fromMSecsSinceEpoch(query.value(3).toLongLong(), Qt::UTC)};
        }
        return found;
    });
}

Async<Done> CrmDocumentTable::write(QString key, crm::CachedDocument document)
{
    return m_database->run([key, document](QSqlDatabase &database) -> Result<Done> {
        return store::execute(
            database,
            u"INSERT OR REPLACE INTO crm_document (key, body, last_modified, etag, confirmed_at) "
            "VALUES (?, ?, ?, ?, ?)"_s,
            {key, qCompress(document.body), // JSON of a description: a tenth of its size
             QString::fromLatin1(document.lastModified), QString::fromLatin1(document.etag),
             document.confirmedAt.toMSecsSinceEpoch()});
    });
}

} // namespace parley::desk
