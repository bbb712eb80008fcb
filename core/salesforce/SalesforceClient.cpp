#include "core/salesforce/SalesforceClient.h"

#include "core/base/Log.h"
#include "core/salesforce/Describe.h"
#include "core/salesforce/Replies.h"
#include "core/salesforce/Soql.h"
#include "core/salesforce/Values.h"

namespace parley::salesforce {

using namespace Qt::Literals::StringLiterals;

SalesforceClient::SalesforceClient(std::shared_ptr<net::HttpTransport> transport,
                                   std::shared_ptr<auth::TokenSource> tokens, Clock &clock, Config config)
    : m_api(std::make_shared<Api>(std::move(transport), std::move(tokens), clock, config.apiVersion,
                                  config.instanceUrl))
    , m_documents(std::make_shared<Documents>(
          m_api, config.documents ? config.documents : std::make_shared<crm::MemoryDocumentCache>(), clock))
    , m_clock(clock)
    , m_config(std::move(config))
    , m_shown(m_config.shown)
{}

crm::Capabilities SalesforceClient::capabilities() const
{
    return {.name = u"Salesforce"_s,
            .shortName = u"SF"_s,
            .queryLanguage = u"SOQL"_s,
            .hasCaseWithoutContact = true,
            .hasContactAlone = false,
            .maxMatchConditions = 3,
            .changedBy = u"LastModifiedBy.Name"_s,
            .changedAt = u"LastModifiedDate"_s};
}

QUrl SalesforceClient::recordUrl(RecordRef ref) const
{
    QUrl url = m_api->instanceUrl();
    if (url.isEmpty() || !soql::isId(ref.id.value))
        return {};
    url.setPath(u'/' + id18(ref.id.value));
    return url;
}

std::optional<crm::Usage> SalesforceClient::usage() const
{
    return m_api->usage();
}

void SalesforceClient::keepSchema(const RecordKind &kind, const QJsonObject &describe,
                                  const QDateTime &confirmedAt)
{
    crm::KindSchema schema = schemaOf(describe);
    // The org's own spelling, whatever the question's was.
    if (schema.kind.name.compare(kind.name, Qt::CaseInsensitive) != 0)
        schema.kind = kind;
    m_schemas.insert(kind, {.schema = schema, .confirmedAt = confirmedAt});
}

const crm::KindSchema *SalesforceClient::knownSchema(const RecordKind &kind) const
{
    const auto known = m_schemas.constFind(kind);
    return known == m_schemas.constEnd() ? nullptr : &known->schema;
}

Schemas SalesforceClient::knownSchemas() const
{
    Schemas schemas;
    for (auto it = m_schemas.cbegin(); it != m_schemas.cend(); ++it)
        schemas.insert(it.key(), it->schema);
    for (const RecordKind &kind : m_withheld) // without a field that could be asked for
        schemas.insert(kind, {.kind = kind});
    return schemas;
}

Async<QList<crm::KindSummary>> SalesforceClient::describeKinds()
{
    const auto self = shared_from_this();
    const Call call{.path = u"sobjects"_s};
    auto answer = co_await m_api->call(call);
    if (!answer)
        co_return fail(answer.error());
    if (!answer->json[u"sobjects"].isArray())
        co_return fail(Errc::BadReply, u"the global describe has no sobjects"_s);
    co_return kindsOf(answer->json.toObject());
}

Async<crm::KindSchema> SalesforceClient::describe(RecordKind kind)
{
    const auto self = shared_from_this();
    const auto known = m_schemas.constFind(kind);
    if (known != m_schemas.constEnd() && isRecent(known->confirmedAt, m_clock.now()))
        co_return known->schema;
    auto schema = co_await fetchSchema(kind, Trust::Recent);
    co_return schema;
}

Async<Done> SalesforceClient::readSchemasAnew(QList<RecordKind> kinds)
{
    const auto self = shared_from_this();
    m_documents->distrust();
    m_withoutDefaults.clear();
    m_withheld.clear();
    for (Described &known : m_schemas)
        known.confirmedAt = {}; // good enough to name its fields in a question, until it is described anew
    for (const RecordKind &kind : kinds) {
        const auto schema = co_await fetchSchema(kind, Trust::Anew);
        if (!schema)
            co_return fail(schema.error());
        const QString path = describePath(kind) + u"/layouts"_s;
        const QStringList members{u"layouts"_s, u"recordTypeMappings"_s};
        const auto layouts = co_await m_documents->get(path, members, Trust::Anew);
        if (!layouts)
            co_return fail(layouts.error());
    }
    co_return Done{};
}

Async<crm::KindSchema> SalesforceClient::fetchSchema(RecordKind kind, Trust trust)
{
    const auto self = shared_from_this();
    if (!soql::isName(kind.name))
        co_return fail(Errc::InvalidInput, u"not a kind's name"_s);
    const QString path = describePath(kind);
    const QStringList members{u"fields"_s};
    auto document = co_await m_documents->get(path, members, trust);
    if (!document)
        co_return fail(document.error());
    keepSchema(kind, document->json, document->confirmedAt);
    co_return m_schemas.value(kind).schema;
}

Async<Done> SalesforceClient::describeAll(QList<RecordKind> kinds)
{
    const auto self = shared_from_this();
    QStringList paths;
    for (const RecordKind &kind : kinds)
        paths += describePath(kind);
    auto batch = co_await m_api->batch(paths);
    if (!batch)
        co_return fail(batch.error());
    for (qsizetype i = 0; i < kinds.size(); ++i) {
        const Part &part = batch->parts[i];
        if (part.status == 404 || part.status == 403)
            m_withheld += kinds[i]; // of a related kind nothing is asked then
        if (!part.isOk() || !part.body[u"fields"].isArray())
            continue; // the kind's own question will say why
        keepSchema(kinds[i], part.body.toObject(), m_clock.now());
        m_documents->put(paths[i], part.body.toObject());
    }
    co_return Done{};
}

QCoro::Task<void> SalesforceClient::recall(QList<RecordKind> kinds)
{
    const auto self = shared_from_this();
    const QDateTime longAgo; // good for questions; a form asks again
    for (const RecordKind &kind : kinds) {
        if (m_recalled.contains(kind))
            continue;
        const QString path = describePath(kind);
        const auto document = co_await m_documents->kept(path);
        if (!document)
            co_return; // not signed in yet, or the disk does not answer: next time
        m_recalled.insert(kind);
        if (document->contains(u"fields") && !m_schemas.contains(kind))
            keepSchema(kind, *document, longAgo);
    }
}

Async<crm::Layout> SalesforceClient::layout(RecordKind kind, crm::LayoutPurpose purpose, QString variantId)
{
    const auto self = shared_from_this();
    if (!variantId.isEmpty() && !soql::isId(variantId))
        co_return fail(Errc::InvalidInput, u"not a record type's id"_s);
    auto begun = recordDefaults(kind, purpose, variantId); // beside the rest: tasks start when they are made
    auto schema = co_await describe(kind);
    if (!schema)
        co_return fail(schema.error());
    const QString path = describePath(kind) + u"/layouts"_s;
    const QStringList inAll{u"layouts"_s, u"recordTypeMappings"_s};
    auto all = co_await m_documents->get(path, inAll);
    if (!all)
        co_return fail(all.error());
    const QJsonObject layouts = all->json;
    const QString variant = variantFor(layouts, variantId);
    QJsonObject document = layoutDocument(layouts, variant);
    if (document.isEmpty()) { // several record types: each layout is asked for by itself
        const QString one = path + u'/' + variant;
        const QStringList inOne{u"editLayoutSections"_s, u"detailLayoutSections"_s, u"layouts"_s};
        auto single = co_await m_documents->get(one, inOne);
        if (!single)
            co_return fail(single.error());
        document = layoutDocument(single->json, variant);
    }
    if (document.isEmpty())
        co_return fail(Errc::BadReply, u"no layout for record type %1"_s.arg(variant));
    crm::Layout result = layoutOf(document, *schema, purpose);
    result.kind = kind;
    result.variantId = variant;
    result.readAt = m_clock.now();
    result.choices = choicesOf(layouts, variant, *schema);
    const auto defaults = co_await begun;
    if (defaults) {
        const crm::Layout page =
            layoutOf(layoutDocumentOfUi(defaults->value(u"layout").toObject()), *schema, purpose);
        if (!page.sections.isEmpty())
            result.sections = page.sections;
        result.defaults = defaultsOf(defaults->value(u"record").toObject(), *schema);
    } else if (purpose == crm::LayoutPurpose::Create) {
        result.isProvisional = !m_withoutDefaults.contains(kind.name);
    }
    co_return result;
}

Async<QJsonObject> SalesforceClient::recordDefaults(RecordKind kind, crm::LayoutPurpose purpose,
                                                    QString variantId)
{
    const auto self = shared_from_this();
    // The UI API has no such answer for an edit, nor for kinds that it does not support (Task).
    if (purpose != crm::LayoutPurpose::Create || !soql::isName(kind.name) ||
        m_withoutDefaults.contains(kind.name))
        co_return fail(Errc::NotFound);
    QString path = u"ui-api/record-defaults/create/%1?formFactor=Large"_s.arg(kind.name);
    if (!variantId.isEmpty())
        path += u"&recordTypeId="_s + variantId;
    const QStringList members{u"layout"_s, u"record"_s};
    auto document = co_await m_documents->get(path, members, Trust::Recent, Keep::Members);
    if (document) {
        QJsonObject answer = document->json;
        co_return answer;
    }
    const Errc code = document.error().code;
    if (code == Errc::NotFound || code == Errc::InvalidInput) {
        m_withoutDefaults.insert(kind.name);
    } else if (const auto kept = co_await m_documents->kept(path); kept && !kept->isEmpty()) {
        co_return kept; // what it said before is closer than a page that is nobody's
    }
    qCInfo(lcSalesforce) << "no record defaults of" << kind.name << "- the layout of describe is used";
    co_return fail(document.error());
}

Async<std::optional<Record>> SalesforceClient::findUser(QString email)
{
    const auto self = shared_from_this();
    std::optional<Record> user;
    const QString mail = email.trimmed();
    if (mail.isEmpty() || !comparable(mail, nullptr))
        co_return user;
    const QStringList where{soql::equals(u"Email"_s, mail)->text(),
                            soql::equals(u"IsActive"_s, true)->text()};
    const QStringList fields{u"Id"_s, u"Name"_s, u"Email"_s, u"Username"_s, u"IsActive"_s};
    const QStringList order{u"Id"_s};
    auto users = co_await select(kinds::user, fields, where, order, 10);
    if (!users)
        co_return fail(users.error());
    if (users->size() == 1)
        user = users->first();
    // Several of whom none is named so: to guess an owner would be worse than to keep our own.
    for (const Record &candidate : *users) {
        if (!user && candidate.fields.value(u"Username"_s).toString().compare(mail, Qt::CaseInsensitive) == 0)
            user = candidate;
    }
    co_return user;
}

} // namespace parley::salesforce
