#include "core/crm/DocumentCache.h"

namespace parley::crm {

Async<std::optional<CachedDocument>> MemoryDocumentCache::read(QString key)
{
    std::optional<CachedDocument> found;
    if (const auto known = m_documents.constFind(key); known != m_documents.cend())
        found = *known;
    co_return found;
}

Async<Done> MemoryDocumentCache::write(QString key, CachedDocument document)
{
    m_documents.insert(key, document);
    co_return Done{};
}

} // namespace parley::crm
