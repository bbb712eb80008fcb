// The part of the UI API that forms are made from: object-info, picklist-values, record-defaults, records.
#include "app/sandbox/RecordId.h"
#include "app/sandbox/Rest.h"

#include <QCryptographicHash>

namespace parley::sandbox {

using namespace Qt::Literals::StringLiterals;

namespace {

QString dataTypeOf(const QString &type)
{
    static const QHash<QString, QString> known{{u"textarea"_s, u"TextArea"_s},
                                               {u"datetime"_s, u"DateTime"_s},
                                               {u"multipicklist"_s, u"MultiPicklist"_s},
                                               {u"combobox"_s, u"ComboBox"_s},
                                               {u"encryptedstring"_s, u"EncryptedString"_s},
                                               {u"id"_s, u"Reference"_s}};
    QString name = known.value(type, type);
    name[0] = name.at(0).toUpper();
    return name;
}

QJsonObject fieldInfo(const Metadata &metadata, const ObjectInfo &object, const QJsonObject &describe)
{
    const Field &field = *object.field(describe.value(u"name"_s).toString());
    QJsonArray targets;
    for (const QString &target : field.referenceTo) {
        const ObjectInfo *to = metadata.object(target);
        const Field *name = to ? to->nameField() : nullptr;
        targets.append(QJsonObject{{u"apiName"_s, target},
                                   {u"nameFields"_s, name ? QJsonArray{name->name} : QJsonArray()}});
    }
    const bool compound = field.isCompound() || (field.nameField && object.has(u"LastName"));
    QJsonObject info{{u"apiName"_s, field.name},
                     {u"compound"_s, compound},
                     {u"compoundComponentName"_s, QJsonValue()},
                     {u"controllingFields"_s,
                      field.controllerName.isEmpty() ? QJsonArray() : QJsonArray{field.controllerName}},
                     {u"dataType"_s, dataTypeOf(field.type)},
                     {u"reference"_s, field.isReference()},
                     {u"referenceToInfos"_s, targets},
                     {u"required"_s, !field.nillable}};
    for (const QString &same : {u"calculated"_s,
                                u"compoundFieldName"_s,
                                u"controllerName"_s,
                                u"createable"_s,
                                u"custom"_s,
                                u"extraTypeInfo"_s,
                                u"filterable"_s,
                                u"filteredLookupInfo"_s,
                                u"highScaleNumber"_s,
                                u"htmlFormatted"_s,
                                u"inlineHelpText"_s,
                                u"label"_s,
                                u"length"_s,
                                u"nameField"_s,
                                u"polymorphicForeignKey"_s,
                                u"precision"_s,
                                u"referenceTargetField"_s,
                                u"relationshipName"_s,
                                u"scale"_s,
                                u"searchPrefilterable"_s,
                                u"sortable"_s,
                                u"unique"_s,
                                u"updateable"_s})
        info.insert(same, describe.value(same));
    return info;
}

QString defaultRecordType(const ObjectInfo &object)
{
    for (const RecordTypeInfo &type : object.recordTypes) {
        if (type.isDefault)
            return type.id;
    }
    return u"012000000000000AAA"_s;
}

QJsonObject picklist(const ObjectInfo &object, const Field &field, const RecordTypeInfo *type,
                     const QString &url)
{
    QJsonObject controllers;
    if (const Field *controller = object.field(field.controllerName)) {
        if (controller->type == u"boolean"_s)
            controllers = {{u"false"_s, 0}, {u"true"_s, 1}};
        for (qsizetype i = 0; i < controller->values.size(); ++i)
            controllers.insert(controller->values.at(i).first, i);
    }
    QJsonArray values;
    QJsonValue standard;
    for (const QJsonValue described : object.describe.value(u"fields"_s).toArray()) {
        if (described[u"name"_s].toString() != field.name)
            continue;
        for (const QJsonValue value : described[u"picklistValues"_s].toArray()) {
            const QString name = value[u"value"_s].toString();
            const bool offered =
                !type || !type->picklists.contains(field.name) || type->picklists[field.name].contains(name);
            if (!offered || !value[u"active"_s].toBool(true))
                continue;
            QJsonArray validFor;
            for (const int index : validForIndexes(value[u"validFor"_s].toString()))
                validFor.append(index);
            const QJsonObject entry{{u"attributes"_s, QJsonValue()},
                                    {u"label"_s, value[u"label"_s]},
                                    {u"validFor"_s, validFor},
                                    {u"value"_s, name}};
            values.append(entry);
            if (name == defaultPickOf(field, type))
                standard = entry;
        }
    }
    const QByteArray tag =
        QCryptographicHash::hash(QJsonDocument(values).toJson(), QCryptographicHash::Md5).toHex();
    return {{u"controllerValues"_s, controllers},
            {u"defaultValue"_s, standard},
            {u"eTag"_s, QString::fromLatin1(tag)},
            {u"url"_s, url},
            {u"values"_s, values}};
}

QJsonArray uiComponents(const QJsonValue &item)
{
    QJsonArray components;
    for (const QJsonValue component : item[u"layoutComponents"_s].toArray()) {
        const QJsonArray parts = component[u"components"_s].toArray();
        for (const QJsonValue part : parts.isEmpty() ? QJsonArray{component} : parts)
            components.append(QJsonObject{{u"apiName"_s, part[u"value"_s]},
                                          {u"componentType"_s, part[u"type"_s]},
                                          {u"label"_s, part[u"details"_s][u"label"_s]}});
    }
    return components;
}

// The same layout as describe/layouts, in the UI API's words.
QJsonObject uiLayout(const QJsonObject &layout, const QString &mode)
{
    QJsonArray sections;
    for (const QJsonValue section : layout.value(u"editLayoutSections"_s).toArray()) {
        QJsonArray rows;
        for (const QJsonValue row : section[u"layoutRows"_s].toArray()) {
            QJsonArray items;
            for (const QJsonValue item : row[u"layoutItems"_s].toArray()) {
                const QJsonValue details = item[u"layoutComponents"_s][0][u"details"_s];
                items.append(QJsonObject{
                    {u"editableForNew"_s, item[u"editableForNew"_s]},
                    {u"editableForUpdate"_s, item[u"editableForUpdate"_s]},
                    {u"label"_s, item[u"label"_s]},
                    {u"layoutComponents"_s, uiComponents(item)},
                    {u"lookupIdApiName"_s,
                     details[u"type"_s].toString() == u"reference"_s ? details[u"name"_s] : QJsonValue()},
                    {u"required"_s, item[u"required"_s]},
                    {u"sortable"_s, false}});
            }
            rows.append(QJsonObject{{u"layoutItems"_s, items}});
        }
        sections.append(QJsonObject{{u"collapsible"_s, section[u"useCollapsibleSection"_s]},
                                    {u"columns"_s, section[u"columns"_s]},
                                    {u"heading"_s, section[u"heading"_s]},
                                    {u"id"_s, section[u"layoutSectionId"_s]},
                                    {u"layoutRows"_s, rows},
                                    {u"rows"_s, rows.size()},
                                    {u"tabOrder"_s, section[u"tabOrder"_s]},
                                    {u"useHeading"_s, section[u"useHeading"_s]}});
    }
    return {{u"id"_s, layout.value(u"id"_s)},
            {u"layoutType"_s, u"Full"_s},
            {u"mode"_s, mode},
            {u"sections"_s, sections}};
}

QJsonObject uiValue(const QJsonValue &value, const QJsonValue &display = {})
{
    return {{u"displayValue"_s, display}, {u"value"_s, value}};
}

// The UI API knows the objects of record pages; these have no such page, or (tasks) one of another make.
bool isInUiApi(const ObjectInfo &object)
{
    static const QStringList without{
        u"Task"_s,       u"Event"_s,        u"Note"_s, u"ContentNote"_s, u"ContentDocumentLink"_s,
        u"RecordType"_s, u"Organization"_s, u"Group"_s};
    return !without.contains(object.name);
}

Reply notInUiApi(const ObjectInfo &object)
{
    return refusedReply(
        refusal(400, u"INVALID_TYPE"_s, u"Object %1 is not supported in UI API"_s.arg(object.name)));
}

QJsonObject uiRecord(const ObjectInfo &object, const QString &recordType, const QJsonObject &fields,
                     const QJsonValue &id)
{
    return {{u"apiName"_s, object.name},
            {u"childRelationships"_s, QJsonObject()},
            {u"fields"_s, fields},
            {u"id"_s, id},
            {u"lastModifiedById"_s, QJsonValue()},
            {u"lastModifiedDate"_s, QJsonValue()},
            {u"recordTypeId"_s, recordType},
            {u"recordTypeInfo"_s, QJsonValue()},
            {u"systemModstamp"_s, QJsonValue()}};
}

} // namespace

QJsonObject Rest::objectInfo(const ObjectInfo &object) const
{
    QJsonObject fields;
    QJsonObject dependent;
    for (const QJsonValue describe : object.describe.value(u"fields"_s).toArray()) {
        const QString name = describe[u"name"_s].toString();
        fields.insert(name, fieldInfo(m_metadata, object, describe.toObject()));
        const QString controller = describe[u"controllerName"_s].toString();
        if (controller.isEmpty())
            continue;
        QJsonObject below = dependent.value(controller).toObject();
        below.insert(name, QJsonObject());
        dependent.insert(controller, below);
    }
    QJsonObject types;
    for (const RecordTypeInfo &type : object.recordTypes)
        types.insert(type.id, QJsonObject{{u"available"_s, type.available},
                                          {u"defaultRecordTypeMapping"_s, type.isDefault},
                                          {u"master"_s, type.master},
                                          {u"name"_s, type.name},
                                          {u"recordTypeId"_s, type.id}});
    QJsonArray children;
    for (const ChildRelationship &child : object.children)
        children.append(QJsonObject{{u"childObjectApiName"_s, child.child},
                                    {u"fieldName"_s, child.field},
                                    {u"junctionIdListNames"_s, QJsonArray()},
                                    {u"junctionReferenceTo"_s, QJsonArray()},
                                    {u"relationshipName"_s, child.name}});
    const Field *name = object.nameField();
    QJsonArray names = name ? QJsonArray{name->name} : QJsonArray();
    if (object.has(u"LastName"))
        names = {u"FirstName"_s, u"LastName"_s, u"Name"_s};
    QJsonObject info{{u"apiName"_s, object.name},
                     {u"childRelationships"_s, children},
                     {u"defaultRecordTypeId"_s, defaultRecordType(object)},
                     {u"dependentFields"_s, dependent},
                     {u"fields"_s, fields},
                     {u"nameFields"_s, names},
                     {u"recordTypeInfos"_s, types},
                     {u"themeInfo"_s, QJsonObject{{u"color"_s, u"7F8DE1"_s}, {u"iconUrl"_s, QJsonValue()}}}};
    for (const QString &same : {u"createable"_s, u"custom"_s, u"deletable"_s, u"feedEnabled"_s,
                                u"keyPrefix"_s, u"label"_s, u"labelPlural"_s, u"layoutable"_s,
                                u"mruEnabled"_s, u"queryable"_s, u"searchable"_s, u"updateable"_s})
        info.insert(same, object.describe.value(same));
    const QByteArray tag =
        QCryptographicHash::hash(QJsonDocument(info).toJson(), QCryptographicHash::Md5).toHex();
    info.insert(u"eTag"_s, QString::fromLatin1(tag));
    return info;
}

QJsonObject Rest::recordDefaults(const Call &call, const ObjectInfo &object) const
{
    QString recordType = call.query.value(u"recordTypeId");
    if (recordType.isEmpty())
        recordType = defaultRecordType(object);
    const QJsonObject layout = describeLayout(object, recordType);
    if (layout.isEmpty())
        return {};
    QJsonObject values;
    for (const Field &field : object.fields) {
        if (!field.createable)
            continue;
        const QString pick = defaultPickOf(field, object.recordType(recordType));
        QJsonValue value = pick.isEmpty() && field.values.isEmpty() ? field.defaultValue : QJsonValue(pick);
        if (value.toString(u" "_s).isEmpty())
            value = QJsonValue();
        if (field.name == u"OwnerId"_s)
            value = call.session.userId;
        if (field.name == u"RecordTypeId"_s)
            value = recordType;
        values.insert(field.name, uiValue(value.isUndefined() ? QJsonValue() : value));
    }
    QJsonObject infos{{object.name, objectInfo(object)}};
    if (const ObjectInfo *user = m_metadata.object(u"User"))
        infos.insert(user->name, objectInfo(*user));
    return {{u"layout"_s, uiLayout(layout, u"Create"_s)},
            {u"objectInfos"_s, infos},
            {u"record"_s, uiRecord(object, recordType, values, QJsonValue())}};
}

Reply Rest::uiRecords(const Call &call)
{
    if (call.method == "POST" && call.parts.size() == 2) {
        const auto body = bodyObject(call);
        if (!body)
            return refusedReply(body.error());
        const ObjectInfo *object = m_metadata.object(body->value(u"apiName"_s).toString());
        if (!object)
            return refusedReply(refusal(400, u"INVALID_TYPE"_s, u"apiName names no object of this org"_s));
        const auto id = m_records.create(*object, body->value(u"fields"_s).toObject(), writeContext(call));
        if (!id)
            return refusedReply(id.error());
        Call made = call;
        made.method = "GET";
        made.parts.append(*id);
        Reply reply = uiRecords(made);
        reply.status = 201;
        return reply;
    }
    const auto id = normalizeId(call.parts.value(2));
    const ObjectInfo *object = id ? m_metadata.byPrefix(QStringView(*id).first(3)) : nullptr;
    if (!object)
        return notFound();
    if (call.method != "GET")
        return notAllowed(call, u"HEAD,GET"_s);
    QStringList wanted;
    for (const QString &list : {call.query.value(u"fields"), call.query.value(u"optionalFields")}) {
        for (const QString &name : list.split(u',', Qt::SkipEmptyParts))
            wanted.append(name.section(u'.', 1));
    }
    // "Optional" is what may be missing.
    const QStringList needed = call.query.value(u"fields").split(u',', Qt::SkipEmptyParts);
    wanted.removeIf([&](const QString &name) {
        const bool isNeeded = needed.contains(object->name + u'.' + name, Qt::CaseInsensitive);
        return !isNeeded && !object->has(name);
    });
    wanted.removeIf([](const QString &name) { return name.contains(u'.'); });
    const Reply read = readRecord(call, *object, *id, wanted);
    if (read.status != 200)
        return read;
    QJsonObject fields;
    const QJsonObject record = read.json.toObject();
    for (auto it = record.begin(); it != record.end(); ++it) {
        if (it.key() != u"attributes"_s && !it->isObject())
            fields.insert(it.key(), uiValue(*it));
    }
    const QVariantMap row = m_store.row(*object, *id);
    QJsonObject ui =
        uiRecord(*object, row.value(u"RecordTypeId"_s, u"012000000000000AAA"_s).toString(), fields, *id);
    ui.insert(u"lastModifiedById"_s, row.value(u"LastModifiedById"_s).toString());
    ui.insert(u"lastModifiedDate"_s, row.value(u"LastModifiedDate"_s).toString());
    ui.insert(u"systemModstamp"_s, row.value(u"SystemModstamp"_s).toString());
    return jsonReply(ui);
}

Reply Rest::uiApi(const Call &call)
{
    const Reply none = notFound();
    const QString what = call.parts.value(1);
    if (what == u"records"_s)
        return uiRecords(call);
    if (what != u"record-defaults"_s && what != u"object-info"_s)
        return none;
    if (call.method != "GET")
        return notAllowed(call, u"HEAD,GET"_s);
    if (what == u"record-defaults"_s && call.parts.value(2) == u"create"_s) {
        const ObjectInfo *object = m_metadata.object(call.parts.value(3));
        if (object && !isInUiApi(*object))
            return notInUiApi(*object);
        const QJsonObject defaults = object ? recordDefaults(call, *object) : QJsonObject();
        return defaults.isEmpty() ? none : jsonReply(defaults);
    }
    const ObjectInfo *object = m_metadata.object(call.parts.value(2));
    if (what != u"object-info"_s || !object)
        return none;
    if (!isInUiApi(*object))
        return notInUiApi(*object);
    if (call.parts.size() == 3)
        return jsonReply(objectInfo(*object));
    if (call.parts.value(3) != u"picklist-values"_s)
        return none;
    const QString typeId = normalizeId(call.parts.value(4)).value_or(QString());
    const auto type = std::ranges::find(object->recordTypes, typeId, &RecordTypeInfo::id);
    if (type == object->recordTypes.end())
        return none;
    const QString url = u"/services/data/%1/ui-api/object-info/%2/picklist-values/%3"_s.arg(
        call.version, object->name, typeId);
    if (call.parts.size() > 5) {
        const Field *field = object->field(call.parts.at(5));
        return field && !field->values.isEmpty()
                   ? jsonReply(picklist(*object, *field, &*type, url + u'/' + field->name))
                   : none;
    }
    QJsonObject all;
    for (const Field &field : object->fields) {
        if (!field.values.isEmpty())
            all.insert(field.name, picklist(*object, field, &*type, url + u'/' + field.name));
    }
    return jsonReply(QJsonObject{{u"eTag"_s, typeId}, {u"picklistFieldValues"_s, all}});
}

} // namespace parley::sandbox
