#include "core/salesforce/Describe.h"

#include <QJsonArray>

namespace parley::salesforce {

using namespace Qt::Literals::StringLiterals;

namespace {

crm::FieldType typeOf(const QJsonObject &field)
{
    const QString type = field[u"type"].toString();
    const QString extra = field[u"extraTypeInfo"].toString();
    if (type == u"textarea")
        return field[u"htmlFormatted"].toBool() || extra == u"richtextarea" ? crm::FieldType::RichText
                                                                            : crm::FieldType::TextArea;
    // Contact's and Lead's Name is a "string" that other fields make up; it is told by its parts in schemaOf.
    static const QMap<QString, crm::FieldType> types{
        {u"string"_s, crm::FieldType::String},
        {u"email"_s, crm::FieldType::Email},
        {u"phone"_s, crm::FieldType::Phone},
        {u"url"_s, crm::FieldType::Url},
        {u"int"_s, crm::FieldType::Integer},
        {u"long"_s, crm::FieldType::Integer},
        {u"double"_s, crm::FieldType::Double},
        {u"currency"_s, crm::FieldType::Currency},
        {u"percent"_s, crm::FieldType::Percent},
        {u"date"_s, crm::FieldType::Date},
        {u"datetime"_s, crm::FieldType::DateTime},
        {u"time"_s, crm::FieldType::Time},
        {u"boolean"_s, crm::FieldType::Boolean},
        {u"picklist"_s, crm::FieldType::Picklist},
        {u"multipicklist"_s, crm::FieldType::MultiPicklist},
        {u"combobox"_s, crm::FieldType::Combobox},
        {u"reference"_s, crm::FieldType::Reference},
        {u"address"_s, crm::FieldType::Address},
        {u"location"_s, crm::FieldType::Location},
        {u"encryptedstring"_s, crm::FieldType::Encrypted},
        {u"id"_s, crm::FieldType::Id},
        {u"base64"_s, crm::FieldType::Binary},
    };
    return types.value(type, crm::FieldType::Other);
}

QList<crm::Choice> choicesIn(const QJsonArray &values)
{
    QList<crm::Choice> choices;
    for (const QJsonValue value : values) {
        crm::Choice choice;
        choice.value = value[u"value"].toString();
        choice.label = value[u"label"].toString();
        if (choice.label.isEmpty())
            choice.label = choice.value;
        choice.isActive = value[u"active"].toBool(true);
        choice.isDefault = value[u"defaultValue"].toBool();
        choice.validFor = validForOf(value[u"validFor"].toString());
        choices += choice;
    }
    return choices;
}

crm::Field fieldOf(const QJsonObject &json)
{
    crm::Field field;
    field.name = json[u"name"].toString();
    field.label = json[u"label"].toString();
    field.type = typeOf(json);
    field.remoteType = json[u"type"].toString();
    field.length = json[u"length"].toInt();
    field.precision = json[u"precision"].toInt();
    if (field.remoteType == u"int")
        field.precision = json[u"digits"].toInt();
    field.scale = json[u"scale"].toInt();
    field.isCreateable = json[u"createable"].toBool();
    field.isUpdateable = json[u"updateable"].toBool();
    field.isRequired =
        field.isCreateable && !json[u"nillable"].toBool(true) && !json[u"defaultedOnCreate"].toBool();
    field.isFilterable = json[u"filterable"].toBool();
    field.isCustom = json[u"custom"].toBool();
    field.isCalculated = json[u"calculated"].toBool();
    field.isAutoNumber = json[u"autoNumber"].toBool();
    field.isExternalId = json[u"externalId"].toBool();
    field.isRestricted = json[u"restrictedPicklist"].toBool();
    field.choices = choicesIn(json[u"picklistValues"].toArray());
    if (json[u"dependentPicklist"].toBool())
        field.controller = json[u"controllerName"].toString();
    for (const QJsonValue target : json[u"referenceTo"].toArray())
        field.targets += RecordKind{target.toString()};
    field.relationship = json[u"relationshipName"].toString();
    field.compound = json[u"compoundFieldName"].toString();
    field.help = json[u"inlineHelpText"].toString();
    if (const QJsonValue value = json[u"defaultValue"]; !value.isNull() && !value.isUndefined())
        field.defaultValue = value.toVariant();
    return field;
}

} // namespace

QSet<int> validForOf(const QString &base64)
{
    QSet<int> indexes;
    const QByteArray bytes = QByteArray::fromBase64(base64.toLatin1());
    for (int k = 0; k < bytes.size() * 8; ++k) {
        if ((static_cast<unsigned char>(bytes[k >> 3]) & (0x80 >> (k & 7))) != 0)
            indexes.insert(k);
    }
    return indexes;
}

QList<crm::KindSummary> kindsOf(const QJsonObject &global)
{
    QList<crm::KindSummary> kinds;
    for (const QJsonValue entry : global[u"sobjects"].toArray()) {
        if (entry[u"deprecatedAndHidden"].toBool())
            continue;
        kinds += {.kind = {entry[u"name"].toString()},
                  .label = entry[u"label"].toString(),
                  .labelPlural = entry[u"labelPlural"].toString(),
                  .isCreateable = entry[u"createable"].toBool(),
                  .isUpdateable = entry[u"updateable"].toBool(),
                  .isQueryable = entry[u"queryable"].toBool()};
    }
    return kinds;
}

crm::KindSchema schemaOf(const QJsonObject &describe)
{
    crm::KindSchema schema;
    schema.kind.name = describe[u"name"].toString();
    schema.label = describe[u"label"].toString();
    schema.labelPlural = describe[u"labelPlural"].toString();
    schema.isCreateable = describe[u"createable"].toBool();
    schema.isUpdateable = describe[u"updateable"].toBool();
    schema.isQueryable = describe[u"queryable"].toBool();
    const QJsonArray fields = describe[u"fields"].toArray();
    QSet<QString> compounds;
    for (const QJsonValue entry : fields) {
        schema.fields += fieldOf(entry.toObject());
        // Account.Name of an org without person accounts names itself or nothing; that is no compound.
        const crm::Field &field = schema.fields.last();
        if (!field.compound.isEmpty() && field.compound != field.name)
            compounds.insert(field.compound);
    }
    for (crm::Field &field : schema.fields) {
        if (field.type == crm::FieldType::String && compounds.contains(field.name) && !field.isCreateable)
            field.type = crm::FieldType::PersonName;
        if (field.compound == field.name)
            field.compound.clear();
    }
    for (const QJsonValue entry : describe[u"recordTypeInfos"].toArray()) {
        if (!entry[u"available"].toBool() || !entry[u"active"].toBool(true))
            continue;
        schema.variants += {.id = entry[u"recordTypeId"].toString(),
                            .name = entry[u"name"].toString(),
                            .isDefault = entry[u"defaultRecordTypeMapping"].toBool(),
                            .isMaster = entry[u"master"].toBool()};
    }
    return schema;
}

} // namespace parley::salesforce
