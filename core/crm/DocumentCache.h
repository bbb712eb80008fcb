// Keeps what a CRM says about itself (descriptions, layouts) from one start of the program to the next.
#pragma once

#include "core/base/Async.h"

#include <QByteArray>
#include <QDateTime>
#include <QHash>
#include <QString>

#include <optional>

namespace parley::crm {

/// A document as the CRM answered it. Never a record, never a token.
struct CachedDocument {
    QByteArray body;
    QByteArray lastModified; ///< the CRM's own header, for asking whether it is still good; may be empty
    QByteArray etag;         ///< likewise
    QDateTime confirmedAt;   ///< UTC; when the CRM last said that this is what it says
    friend bool operator==(const CachedDocument &, const CachedDocument &) = default;
};

class DocumentCache
{
public:
    DocumentCache() = default;
    DocumentCache(const DocumentCache &) = delete;
    DocumentCache &operator=(const DocumentCache &) = delete;
    virtual ~DocumentCache() = default;

    /// Nothing when there is none of that key. Keys are the adapter's; they name the org and the user,
    /// because what a CRM tells depends on both.
    virtual Async<std::optional<CachedDocument>> read(QString key) = 0;
    virtual Async<Done> write(QString key, CachedDocument document) = 0;
};

/// For a program that runs once: keeps nothing beyond its own end.
class MemoryDocumentCache final : public DocumentCache
{
public:
    Async<std::optional<CachedDocument>> read(QString key) override;
    Async<Done> write(QString key, CachedDocument document) override;

private:
    QHash<QString, CachedDocument> m_documents;
};

} // namespace parley::crm
