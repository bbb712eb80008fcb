// What the org says about itself: descriptions and layouts, asked for once, kept beyond the program's end,
// and asked for again by a conditional request.
#pragma once

#include "core/auth/SingleFlight.h"
#include "core/crm/DocumentCache.h"
#include "core/salesforce/Api.h"

#include <map>

namespace parley::salesforce {

struct Document {
    QJsonObject json;
    QDateTime confirmedAt; ///< when the org last said so; long ago where it could not be reached
};

enum class Trust {
    Recent, ///< confirmed in the last ten minutes: not asked for at all
    Anew    ///< asked for unconditionally: rights may have changed, and a 304 does not tell
};

enum class Keep {
    Whole,
    Members ///< the named ones alone: the others are large and told elsewhere
};

/// Where the org describes a kind; its layouts lie below.
QString describePath(const RecordKind &kind);

/// Confirmed in the last ten minutes; not when the time is invalid or in the future (a clock may be set
/// back).
bool isRecent(const QDateTime &confirmedAt, const QDateTime &now);

// Held by shared_ptr: its coroutines keep it alive until Salesforce answered.
class Documents final : public std::enable_shared_from_this<Documents>
{
public:
    /// The clock must outlive it.
    Documents(std::shared_ptr<Api> api, std::shared_ptr<crm::DocumentCache> cache, Clock &clock);

    /// path as in Call. An answer without any of the members is BadReply, and not kept. While the org cannot
    /// be reached an old document is better than none, except to whoever needs it anew. Who asks while
    /// the same is under way waits for that answer.
    Async<Document> get(QString path, QStringList members, Trust trust = Trust::Recent,
                        Keep keep = Keep::Whole);
    /// From now on every document is asked for anew, once; while the org cannot be reached the old ones
    /// stand.
    void distrust() { m_distrustedAt = m_clock.now(); }
    /// What is kept, however old, without asking the org; an empty object when nothing is.
    Async<QJsonObject> kept(QString path);
    /// Keeps what came another way.
    void put(QString path, QJsonObject document);

private:
    Async<QString> keyOf(QString path);
    Async<Document> fetch(QString path, QStringList members, Trust trust, Keep keep);
    QCoro::Task<void> keep(QString path, QJsonObject document);

    std::shared_ptr<Api> m_api;
    std::shared_ptr<crm::DocumentCache> m_cache; // shared with other clients of the profile
    Clock &m_clock;
    QDateTime m_distrustedAt; // what was confirmed until then is not believed
    std::map<QString, auth::SingleFlight<Document>> m_flights; ///< by path and trust
};

} // namespace parley::salesforce
