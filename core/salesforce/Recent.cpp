// What else is going on with a person or a company: the cases and tasks that hang on the record.
#include "core/base/Log.h"
#include "core/salesforce/Replies.h"
#include "core/salesforce/SalesforceClient.h"
#include "core/salesforce/Soql.h"
#include "core/salesforce/Values.h"

#include <QJsonArray>

namespace parley::salesforce {

using namespace Qt::Literals::StringLiterals;

namespace {

struct Source {
    RecordKind kind;
    QString number;    ///< the field that numbers it; empty: none
    QString reference; ///< the field that names the record it hangs on
};

QList<Source> sourcesFor(const RecordKind &kind)
{
    const auto cases = [](const QString &reference) {
        return Source{kinds::crmCase, u"CaseNumber"_s, reference};
    };
    const auto tasks = [](const QString &reference) {
        return Source{kinds::task, QString(), reference};
    };
    if (kind == kinds::contact)
        return {cases(u"ContactId"_s), tasks(u"WhoId"_s)};
    if (kind == kinds::lead)
        return {tasks(u"WhoId"_s)};
    if (kind == kinds::account)
        return {cases(u"AccountId"_s), tasks(u"AccountId"_s)};
    return {};
}

Result<QString> statementOf(const Source &source, const QString &id)
{
    const auto isHis = soql::equals(source.reference, id);
    if (!isHis)
        return fail(isHis.error());
    QStringList fields{u"Id"_s, u"Subject"_s, u"Status"_s, u"IsClosed"_s, u"LastModifiedDate"_s};
    if (!source.number.isEmpty())
        fields += source.number;
    return soql::statementOf({.fields = fields,
                              .from = source.kind.name,
                              .where = {*isHis},
                              .order = {u"LastModifiedDate DESC"_s},
                              .limit = crm::kMostActivities});
}

} // namespace

Async<QList<crm::Activity>> SalesforceClient::recent(RecordRef of)
{
    const auto self = shared_from_this();
    const QString id = of.id.value;
    if (!soql::isId(id))
        co_return fail(Errc::InvalidInput, u"not a Salesforce id"_s);
    const QList<Source> sources = sourcesFor(of.kind);
    QList<crm::Activity> found;
    if (sources.isEmpty())
        co_return found;
    QStringList paths;
    for (const Source &source : sources) {
        const auto statement = statementOf(source, id);
        if (!statement)
            co_return fail(statement.error());
        paths += queryPath(*statement);
    }
    auto batch = co_await m_api->batch(paths);
    if (!batch)
        co_return fail(batch.error());
    std::optional<Error> refused;
    int answered = 0;
    for (qsizetype i = 0; i < sources.size(); ++i) {
        const Source &source = sources[i];
        const Part part = batch->parts.value(i);
        if (!part.isOk()) {
            refused = errorOf(part.status, part.body);
            qCInfo(lcSalesforce) << "no recent" << source.kind.name << refused->remoteCode;
            continue;
        }
        ++answered;
        for (const QJsonValue json : part.body[u"records"].toArray()) {
            const RecordRef ref{.kind = source.kind, .id = {json[u"Id"].toString()}};
            // Not as a record's fields: a subject that looks like a date is a text all the same.
            found += crm::Activity{.ref = ref,
                                   .number = json[source.number].toString(),
                                   .subject = json[u"Subject"].toString(),
                                   .status = json[u"Status"].toString(),
                                   .isClosed = json[u"IsClosed"].toBool(),
                                   .changedAt = valueOf(json[u"LastModifiedDate"], nullptr).toDateTime(),
                                   .url = recordUrl(ref)};
        }
    }
    if (answered == 0 && refused)
        co_return fail(*refused);
    std::ranges::stable_sort(found, std::ranges::greater{}, &crm::Activity::changedAt);
    if (found.size() > crm::kMostActivities)
        found.resize(crm::kMostActivities);
    co_return found;
}

} // namespace parley::salesforce
