#include "app/sandbox/Rest.h"
#include "core/base/Clock.h"

#include <QRegularExpression>

namespace parley::sandbox {

using namespace Qt::Literals::StringLiterals;

namespace {
constexpr qsizetype kMinBatch = 200;
constexpr qsizetype kMaxBatch = 2000;
constexpr qsizetype kMaxCursors = 10; // Salesforce, too, drops a user's oldest cursor
} // namespace

soql::Context Rest::context(const Call &call, bool all) const
{
    return {
        .metadata = m_metadata, .now = m_clock.now(), .userId = call.session.userId, .includeDeleted = all};
}

Reply Rest::query(const Call &call, bool all)
{
    if (!call.query.has(u"q"))
        return refusedReply(refusal(400, u"MALFORMED_QUERY"_s, u"unexpected token: '<EOF>'"_s));
    const auto found = soql::run(m_store, context(call, all), call.query.value(u"q"), call.version);
    if (!found)
        return refusedReply(found.error());
    static const QRegularExpression form(u"batchSize\\s*=\\s*(\\d+)"_s,
                                         QRegularExpression::CaseInsensitiveOption);
    const auto match = form.match(QString::fromLatin1(call.request.header("Sforce-Query-Options")));
    const qsizetype batch =
        match.hasMatch() ? std::clamp<qsizetype>(match.captured(1).toInt(), kMinBatch, kMaxBatch) : kMaxBatch;
    if (found->records.size() <= batch)
        return jsonReply(QJsonObject{
            {u"totalSize"_s, found->totalSize}, {u"done"_s, true}, {u"records"_s, found->records}});
    const QString id = u"01ggK%1AAA"_s.arg(m_nextCursor++, 10, 10, QChar(u'0'));
    if (m_cursors.size() >= kMaxCursors) {
        const QStringList ids = m_cursors.keys();
        m_cursors.remove(*std::ranges::min_element(ids));
    }
    m_cursors.insert(id, {found->records, batch, call.session.userId});
    return page(call, id, 0, call.parts.first());
}

Reply Rest::page(const Call &call, const QString &id, qsizetype from, const QString &resource)
{
    const Cursor &cursor = m_cursors[id];
    QJsonArray records;
    const qsizetype to = std::min(from + cursor.batchSize, cursor.records.size());
    for (qsizetype i = from; i < to; ++i)
        records.append(cursor.records.at(i));
    QJsonObject body{{u"totalSize"_s, cursor.records.size()},
                     {u"done"_s, to >= cursor.records.size()},
                     {u"records"_s, records}};
    if (to < cursor.records.size())
        body.insert(u"nextRecordsUrl"_s,
                    u"/services/data/%1/%2/%3-%4"_s.arg(call.version, resource, id).arg(to));
    return jsonReply(body);
}

Reply Rest::nextPage(const Call &call, const QString &locator, const QString &resource)
{
    const QString id = locator.section(u'-', 0, 0);
    bool ok = false;
    const qsizetype from = locator.section(u'-', 1).toLongLong(&ok);
    const auto cursor = m_cursors.constFind(id);
    if (!ok || cursor == m_cursors.cend() || from < 0 || from >= cursor->records.size() ||
        cursor->userId != call.session.userId)
        return refusedReply(refusal(400, u"INVALID_QUERY_LOCATOR"_s, u"invalid query locator"_s));
    return page(call, id, from, resource);
}

} // namespace parley::sandbox
