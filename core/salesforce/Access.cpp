// Which rights the signed-in user lacks for what Parley does: asked before an agent meets them one by one.
#include "core/base/Log.h"
#include "core/salesforce/Describe.h"
#include "core/salesforce/Replies.h"
#include "core/salesforce/SalesforceClient.h"

#include <QRegularExpression>

namespace parley::salesforce {

using namespace Qt::Literals::StringLiterals;

namespace {

const RecordKind kContentNote{QStringLiteral("ContentNote")};
const RecordKind kClassicNote{QStringLiteral("Note")};
const RecordKind kContentVersion{QStringLiteral("ContentVersion")};
const RecordKind kContentLink{QStringLiteral("ContentDocumentLink")};

bool isMissing(const Error &error)
{
    return error.remoteCode == u"INVALID_TYPE" || error.code == Errc::NotFound;
}

bool isApiSwitchedOff(const Error &error)
{
    return error.remoteCode == u"API_DISABLED_FOR_ORG" || error.remoteCode == u"API_CURRENTLY_DISABLED";
}

/// By the names of Salesforce's own setup pages, which administrators search for.
QString grantedAt(const crm::KindSchema &schema, const QString &page)
{
    const QString object = schema.labelPlural.isEmpty() ? schema.kind.name : schema.labelPlural;
    return u"Setup > Permission Sets > Object Settings > %1 > %2"_s.arg(object, page);
}

/// As the page of field permissions lists it: an address has one permission for all of its parts.
QString permissionOf(const QString &field)
{
    static const QRegularExpression part(
        u"^(Mailing|Other|Billing|Shipping|)(Street|City|State|StateCode|PostalCode|Country|CountryCode)$"_s);
    const auto match = part.match(field);
    return match.hasMatch() ? match.captured(1) + u"Address"_s : field;
}

void addMissing(crm::AccessReport &report, const crm::KindSchema &schema, const QStringList &mapped,
                const QStringList &shown)
{
    const auto lackOfKind = [&report, &schema](const QString &right, const QString &permission) {
        report.missing += {.kind = schema.kind,
                           .field = {},
                           .right = right,
                           .where = grantedAt(schema, u"Object Permissions: "_s + permission)};
    };
    const auto lackOfField = [&report, &schema](const QString &field, const QString &right) {
        const QString permission = right == u"read" ? u"Read Access"_s : u"Edit Access"_s;
        report.missing +=
            {.kind = schema.kind,
             .field = field,
             .right = right,
             .where = grantedAt(schema, u"Field Permissions: %1, %2"_s.arg(permissionOf(field), permission))};
    };
    if (!schema.isQueryable)
        lackOfKind(u"read"_s, u"Read"_s);
    if (!schema.isCreateable && schema.kind != kinds::account)
        lackOfKind(u"create"_s, u"Create"_s);
    if (!schema.isUpdateable)
        lackOfKind(u"edit"_s, u"Edit"_s);
    QStringList read = shown;
    if (schema.kind == kinds::contact && !shown.isEmpty())
        read += u"AccountId"_s; // by which the account's card is found
    for (const QString &name : std::as_const(read)) {
        if (!name.contains(u'.') && !mapped.contains(name) && schema.field(name) == nullptr)
            lackOfField(name, u"read"_s);
    }
    for (const QString &name : mapped) {
        if (name.contains(u'.'))
            continue; // a related record's: its own kind is asked for that
        const crm::Field *field = schema.field(name);
        if (field == nullptr) {
            lackOfField(name, u"read"_s);
            continue;
        }
        const bool isMadeBySalesforce =
            field->isCalculated || field->isAutoNumber || field->type == crm::FieldType::PersonName ||
            field->type == crm::FieldType::Address || field->type == crm::FieldType::Id;
        // Without the object's right no field has it: that one line says it.
        if (!isMadeBySalesforce && schema.isCreateable && !field->isCreateable)
            lackOfField(name, u"create"_s);
        if (!isMadeBySalesforce && schema.isUpdateable && !field->isUpdateable)
            lackOfField(name, u"edit"_s);
    }
}

/// Notes and files: what the transcript and the attachments become.
void addMissingForFiling(crm::AccessReport &report, const QMap<RecordKind, crm::KindSchema> &schemas)
{
    const auto canCreate = [&schemas](const RecordKind &kind) {
        return schemas.value(kind).isCreateable;
    };
    // An org without content notes is served by classic ones: either will do.
    if (!canCreate(kContentNote) && !canCreate(kClassicNote)) {
        report.missing += {.kind = kContentNote,
                           .field = {},
                           .right = u"create"_s,
                           .where = u"Setup > Notes Settings: Enable Notes"_s};
    }
    for (const RecordKind &kind : {kContentVersion, kContentLink}) {
        if (!canCreate(kind)) {
            report.missing += {.kind = kind,
                               .field = {},
                               .right = u"create"_s,
                               .where = u"Setup > Salesforce Files > General Settings"_s};
        }
    }
}

} // namespace

Async<crm::AccessReport> SalesforceClient::checkAccess(QMap<RecordKind, QStringList> mapped,
                                                       QMap<RecordKind, QStringList> shown)
{
    const auto self = shared_from_this();
    crm::AccessReport report;
    const QList<RecordKind> kinds =
        mapped.keys() + QList{kContentNote, kClassicNote, kContentVersion, kContentLink};
    QStringList paths;
    for (const RecordKind &kind : kinds)
        paths += describePath(kind);
    auto batch = co_await m_api->batch(paths);
    if (!batch && isApiSwitchedOff(batch.error())) {
        report.missing += {.kind = {},
                           .field = {},
                           .right = u"api"_s,
                           .where = u"Setup > Permission Sets > System Permissions: API Enabled"_s};
        co_return report; // nothing else can be asked
    }
    if (!batch)
        co_return fail(batch.error());
    QMap<RecordKind, crm::KindSchema> schemas;
    for (qsizetype i = 0; i < kinds.size(); ++i) {
        const RecordKind &kind = kinds[i];
        const Part &part = batch->parts[i];
        const Error error = part.isOk() ? Error() : errorOf(part.status, part.body);
        if (!part.isOk() && !isMissing(error) && mapped.contains(kind))
            co_return fail(error); // notes and files: what cannot be described cannot be made either
        if (part.isOk() && part.body[u"fields"].isArray()) {
            keepSchema(kind, part.body.toObject(), m_clock.now());
            m_documents->put(paths[i], part.body.toObject());
            schemas.insert(kind, m_schemas.value(kind).schema);
        }
        if (!mapped.contains(kind))
            continue;
        if (schemas.contains(kind)) {
            addMissing(report, schemas.value(kind), mapped.value(kind), shown.value(kind));
        } else {
            report.missing += {.kind = kind,
                               .field = {},
                               .right = u"read"_s,
                               .where = u"Setup > Permission Sets > Object Settings > %1"_s.arg(kind.name)};
        }
    }
    addMissingForFiling(report, schemas);
    const Call whoAmI{.path = u"/services/oauth2/userinfo"_s};
    if (auto user = co_await m_api->call(whoAmI); user) {
        report.userName = user->json[u"preferred_username"].toString();
        if (report.userName.isEmpty())
            report.userName = user->json[u"name"].toString();
    }
    const RecordKind organisationKind{u"Organization"_s};
    const QStringList organisationFields{u"Id"_s, u"Name"_s};
    auto organisation =
        co_await select(organisationKind, organisationFields, QStringList(), QStringList(), 1);
    if (organisation && !organisation->isEmpty())
        report.organisation = organisation->first().title;
    co_return report;
}

} // namespace parley::salesforce
