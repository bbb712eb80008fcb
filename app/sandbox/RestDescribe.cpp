#include "app/sandbox/RecordId.h"
#include "app/sandbox/Rest.h"
#include "core/base/Clock.h"

#include <QCryptographicHash>
#include <QLocale>

namespace parley::sandbox {

using namespace Qt::Literals::StringLiterals;

namespace {

QString seasonOf(int version) // v52 = Summer '21, v53 = Winter '22, v54 = Spring '22
{
    static const QStringList seasons{u"Winter"_s, u"Spring"_s, u"Summer"_s};
    const int steps = version - 53;
    const int year = 22 + (steps >= 0 ? steps / 3 : (steps - 2) / 3);
    return u"%1 '%2"_s.arg(seasons.at(((steps % 3) + 3) % 3)).arg(year, 2, 10, QChar(u'0'));
}

} // namespace

Reply Rest::versions() const
{
    QJsonArray list;
    for (int number = 31; number <= 66; ++number)
        list.append(QJsonObject{{u"label"_s, seasonOf(number)},
                                {u"url"_s, u"/services/data/v%1.0"_s.arg(number)},
                                {u"version"_s, u"%1.0"_s.arg(number)}});
    return jsonReply(list);
}

Reply Rest::resources(const Call &call) const
{
    QJsonObject map;
    for (const QString &name :
         {u"sobjects"_s, u"query"_s, u"queryAll"_s, u"search"_s, u"parameterizedSearch"_s, u"limits"_s,
          u"recent"_s, u"composite"_s, u"ui-api"_s})
        map.insert(name, u"/services/data/%1/%2"_s.arg(call.version, name));
    map.insert(u"identity"_s, u"%1/id/%2/%3"_s.arg(m_baseUrl, organizationId(), call.session.userId));
    return jsonReply(map);
}

// The built-in org's documents stand under version vxx.0 and an instance of no name until somebody asks.
QByteArray Rest::localized(QByteArray bytes, const QString &version) const
{
    return bytes.replace("/services/data/vxx.0/", "/services/data/" + version.toLatin1() + '/')
        .replace("{instance}", m_baseUrl.toUtf8());
}

Reply Rest::conditional(const Call &call, const QByteArray &bytes) const
{
    Reply reply;
    const QByteArray tag =
        '"' + QCryptographicHash::hash(bytes, QCryptographicHash::Md5).toHex().first(8) + '"';
    const QString since = QLocale::c().toString(m_metadataSince, u"ddd, dd MMM yyyy hh:mm:ss 'GMT'"_s);
    reply.addHeader("ETag", tag);
    reply.addHeader("Last-Modified", since.toLatin1());
    const QByteArray none = call.request.header("If-None-Match");
    QDateTime asked = QLocale::c().toDateTime(QString::fromLatin1(call.request.header("If-Modified-Since")),
                                              u"ddd, dd MMM yyyy hh:mm:ss 'GMT'"_s);
    asked.setTimeSpec(Qt::UTC);
    const bool same = !none.isEmpty()
                          ? none.contains(tag)
                          : asked.isValid() && asked.toSecsSinceEpoch() >= m_metadataSince.toSecsSinceEpoch();
    reply.status = same ? 304 : 200;
    if (!same)
        reply.raw = bytes;
    return reply;
}

Reply Rest::globalDescribe(const Call &call) const
{
    if (!m_metadata.rawGlobal().isEmpty())
        return conditional(call, m_metadata.rawGlobal());
    return conditional(call,
                       QJsonDocument(m_metadata.globalDescribe(call.version)).toJson(QJsonDocument::Compact));
}

Reply Rest::describe(const Call &call, const ObjectInfo &object) const
{
    if (!object.rawDescribe.isEmpty())
        return conditional(call, object.rawDescribe);
    return conditional(
        call, localized(QJsonDocument(object.describe).toJson(QJsonDocument::Compact), call.version));
}

Reply Rest::describeBasic(const Call &call, const ObjectInfo &object)
{
    QJsonObject basics;
    for (const QJsonValue entry : m_metadata.globalDescribe(call.version).value(u"sobjects"_s).toArray()) {
        if (entry[u"name"_s].toString() == object.name)
            basics = entry.toObject();
    }
    return jsonReply(QJsonObject{{u"objectDescribe"_s, basics},
                                 {u"recentItems"_s, recent(call, object.name).json.toArray()}});
}

Reply Rest::layouts(const Call &call, const ObjectInfo &object) const
{
    const QString recordType = call.parts.value(4);
    if (recordType.isEmpty()) {
        if (!object.rawLayouts.isEmpty())
            return conditional(call, object.rawLayouts);
        return conditional(
            call,
            localized(QJsonDocument(describeLayouts(object)).toJson(QJsonDocument::Compact), call.version));
    }
    const QByteArray raw = object.rawLayoutOf.value(normalizeId(recordType).value_or(QString()));
    if (!raw.isEmpty())
        return conditional(call, raw);
    const QJsonObject layout = describeLayout(object, recordType);
    if (layout.isEmpty())
        return refusedReply(refusal(404, u"NOT_FOUND"_s, u"The requested resource does not exist"_s));
    return conditional(call, localized(QJsonDocument(layout).toJson(QJsonDocument::Compact), call.version));
}

// Nobody has made one in this org: every record type has the system's, which shows the name.
Reply Rest::compactLayouts(const Call &call, const ObjectInfo &object) const
{
    QJsonArray items;
    if (const Field *name = object.nameField())
        items.append(QJsonObject{{u"editable"_s, false},
                                 {u"label"_s, name->label},
                                 {u"layoutComponents"_s, QJsonArray{QJsonObject{{u"displayLines"_s, 1},
                                                                                {u"tabOrder"_s, 1},
                                                                                {u"type"_s, u"Field"_s},
                                                                                {u"value"_s, name->name}}}},
                                 {u"placeholder"_s, QJsonValue()},
                                 {u"required"_s, false}});
    QJsonArray mappings;
    for (const RecordTypeInfo &type : object.recordTypes)
        mappings.append(QJsonObject{{u"available"_s, type.available},
                                    {u"compactLayoutId"_s, QJsonValue()},
                                    {u"compactLayoutName"_s, u"SYSTEM"_s},
                                    {u"recordTypeId"_s, type.id},
                                    {u"recordTypeName"_s, type.name}});
    const QJsonObject system{{u"actions"_s, QJsonArray()},      {u"fieldItems"_s, items},
                             {u"id"_s, QJsonValue()},           {u"imageItems"_s, QJsonArray()},
                             {u"label"_s, u"System Default"_s}, {u"name"_s, u"SYSTEM"_s},
                             {u"objectType"_s, object.name}};
    return jsonReply(QJsonObject{
        {u"compactLayouts"_s, QJsonArray{system}},
        {u"defaultCompactLayoutId"_s, QJsonValue()},
        {u"recordTypeCompactLayoutMappings"_s, mappings},
        {u"urls"_s,
         QJsonObject{{u"primary"_s, u"/services/data/%1/sobjects/%2/describe/compactLayouts/primary"_s.arg(
                                        call.version, object.name)}}}});
}

Reply Rest::limits() const
{
    const auto limit = [](int max, int remaining) {
        return QJsonObject{{u"Max"_s, max}, {u"Remaining"_s, remaining}};
    };
    return jsonReply(QJsonObject{
        {u"DailyApiRequests"_s, limit(m_settings.apiLimit, std::max(0, m_settings.apiLimit - m_used))},
        {u"DailyAsyncApexExecutions"_s, limit(250000, 250000)},
        {u"DailyBulkApiBatches"_s, limit(15000, 15000)},
        {u"ConcurrentAsyncGetReportInstances"_s, limit(200, 200)},
        {u"DataStorageMB"_s, limit(5, 5)},
        {u"FileStorageMB"_s, limit(20, 20)},
        {u"SingleEmail"_s, limit(15, 15)}});
}

Reply Rest::recordCount(const Call &call)
{
    QJsonArray counts;
    QStringList names = call.query.value(u"sObjects").split(u',', Qt::SkipEmptyParts);
    if (!call.query.has(u"sObjects")) {
        for (const ObjectInfo &object : m_metadata.objects())
            names.append(object.name);
    }
    for (const QString &name : std::as_const(names)) {
        const ObjectInfo *object = m_metadata.object(name.trimmed());
        if (!object || !object->has(u"IsDeleted"))
            continue;
        const auto n =
            m_store.run(u"SELECT COUNT(*) FROM %1 WHERE \"IsDeleted\" = 0"_s.arg(tableOf(*object)));
        if (n.first().first().toInt() > 0)
            counts.append(QJsonObject{{u"count"_s, n.first().first().toInt()}, {u"name"_s, object->name}});
    }
    return jsonReply(QJsonObject{{u"sObjects"_s, counts}});
}

} // namespace parley::sandbox
