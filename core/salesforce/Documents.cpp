#include "core/salesforce/Documents.h"

#include "core/base/Log.h"

#include <QJsonDocument>

namespace parley::salesforce {

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr std::chrono::milliseconds kRecent = 10min;

QJsonObject objectOf(const crm::CachedDocument &document)
{
    return QJsonDocument::fromJson(document.body).object();
}

crm::CachedDocument documentOf(const QJsonObject &object, const net::Headers &headers, const QDateTime &now)
{
    const net::HttpReply reply{.headers = headers};
    return {.body = QJsonDocument(object).toJson(QJsonDocument::Compact),
            .lastModified = reply.header("Last-Modified"),
            .etag = reply.header("ETag"),
            .confirmedAt = now};
}

} // namespace

QString describePath(const RecordKind &kind)
{
    return u"sobjects/%1/describe"_s.arg(kind.name);
}

bool isRecent(const QDateTime &confirmedAt, const QDateTime &now)
{
    const qint64 age = confirmedAt.msecsTo(now);
    return confirmedAt.isValid() && age >= 0 && age < kRecent.count();
}

Documents::Documents(std::shared_ptr<Api> api, std::shared_ptr<crm::DocumentCache> cache, Clock &clock)
    : m_api(std::move(api))
    , m_cache(std::move(cache))
    , m_clock(clock)
{}

Async<QString> Documents::keyOf(QString path)
{
    const auto self = shared_from_this();
    auto who = co_await m_api->identity();
    if (!who)
        co_return fail(who.error());
    co_return u"salesforce|%1|%2|%3"_s.arg(*who, m_api->version(), path);
}

Async<Document> Documents::get(QString path, QStringList members, Trust trust, Keep keep)
{
    const auto self = shared_from_this();
    const auto start = [self, path, members, trust, keep] {
        return self->fetch(path, members, trust, keep);
    };
    // Who needs it anew must not be given what a conditional request under way confirms.
    const QString flight = trust == Trust::Anew ? path + u'!' : path;
    auto document = co_await m_flights[flight].join(start);
    co_return document;
}

Async<Document> Documents::fetch(QString path, QStringList members, Trust trust, Keep keep)
{
    const auto self = shared_from_this();
    const auto key = co_await keyOf(path);
    if (!key)
        co_return fail(key.error());
    auto read = co_await m_cache->read(*key);
    if (!read)
        qCWarning(lcSalesforce) << "the kept documents cannot be read:" << read.error().detail;
    crm::CachedDocument known = read && *read ? **read : crm::CachedDocument();
    const QJsonObject old = objectOf(known);
    const bool isDistrusted = m_distrustedAt.isValid() && known.confirmedAt <= m_distrustedAt;
    const bool isRecentEnough = !old.isEmpty() && trust == Trust::Recent && !isDistrusted &&
                                isRecent(known.confirmedAt, m_clock.now());
    if (isRecentEnough) {
        Document recent{old, known.confirmedAt};
        co_return recent;
    }

    Call call{.path = path};
    const bool isGoodWhileAway = !old.isEmpty() && trust == Trust::Recent;
    const bool isConditional = isGoodWhileAway && !isDistrusted;
    if (isConditional && !known.etag.isEmpty())
        call.headers.emplace_back("If-None-Match", known.etag);
    if (isConditional && !known.lastModified.isEmpty())
        call.headers.emplace_back("If-Modified-Since", known.lastModified);
    auto answer = co_await m_api->call(call);
    if (!answer) {
        if (!isGoodWhileAway || !isTransient(answer.error().code))
            co_return fail(answer.error());
        qCInfo(lcSalesforce) << "not reached, the kept document stands:" << path;
        Document stale{old, isDistrusted ? QDateTime() : known.confirmedAt}; // asked for again next time
        co_return stale;
    }
    if (answer->status == 304 && !old.isEmpty()) {
        known.confirmedAt = m_clock.now();
        letGo(m_cache->write(*key, known)); // lost: it is asked for once more, no harm
        Document confirmed{old, known.confirmedAt};
        co_return confirmed;
    }
    QJsonObject fresh = answer->json.toObject();
    const bool isWhole =
        std::ranges::any_of(members, [&fresh](const QString &member) { return fresh.contains(member); });
    if (!isWhole)
        co_return fail(Errc::BadReply, u"%1 has none of %2"_s.arg(path, members.join(u", "_s)));
    for (const QString &name : keep == Keep::Members ? fresh.keys() : QStringList()) {
        if (!members.contains(name))
            fresh.remove(name);
    }
    Document whole{fresh, m_clock.now()};
    letGo(m_cache->write(*key, documentOf(fresh, answer->headers, whole.confirmedAt))); // likewise
    co_return whole;
}

Async<QJsonObject> Documents::kept(QString path)
{
    const auto self = shared_from_this();
    const auto key = co_await keyOf(path);
    if (!key)
        co_return fail(key.error());
    auto read = co_await m_cache->read(*key);
    if (!read)
        co_return fail(read.error());
    QJsonObject document;
    if (*read)
        document = objectOf(**read);
    co_return document;
}

void Documents::put(QString path, QJsonObject document)
{
    letGo(keep(std::move(path), std::move(document))); // lost: it is asked for once more, no harm
}

QCoro::Task<void> Documents::keep(QString path, QJsonObject document)
{
    const auto self = shared_from_this();
    const auto key = co_await keyOf(path);
    if (!key)
        co_return;
    const net::Headers none;
    const crm::CachedDocument kept = documentOf(document, none, m_clock.now());
    std::ignore = co_await m_cache->write(*key, kept); // see put
}

} // namespace parley::salesforce
