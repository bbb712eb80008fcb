// The profile's table of what the CRM says about itself: forms open from it without asking, and after a
// start.
#pragma once

#include "core/crm/DocumentCache.h"

#include <memory>

class QSqlQuery;

namespace parley::store {
class Database;
}

namespace parley::desk {

/// The table as a migration step; the profile's list of steps gives it a number.
bool createCrmDocumentTable(QSqlQuery &query);

class CrmDocumentTable final : public crm::DocumentCache
{
public:
    explicit CrmDocumentTable(std::shared_ptr<store::Database> database);

    Async<std::optional<crm::CachedDocument>> read(QString key) override;
    Async<Done> write(QString key, crm::CachedDocument document) override;

private:
    std::shared_ptr<store::Database> m_database; // shared: other tables live in the same file
};

} // namespace parley::desk
