#include "app/sandbox/Metadata.h"

#include "app/sandbox/RecordId.h"

#include <QDir>
#include <QFile>
#include <QJsonDocument>

namespace parley::sandbox {

using namespace Qt::Literals::StringLiterals;

bool Field::isText() const
{
    static const QStringList kinds{u"string"_s,          u"picklist"_s, u"multipicklist"_s, u"combobox"_s,
                                   u"textarea"_s,        u"email"_s,    u"phone"_s,         u"url"_s,
                                   u"encryptedstring"_s, u"anyType"_s};
    return kinds.contains(type);
}

bool Field::isNumber() const
{
    return type == u"int"_s || type == u"double"_s || type == u"currency"_s || type == u"percent"_s ||
           type == u"long"_s;
}

bool Field::isCompound() const
{
    return type == u"address"_s || type == u"location"_s;
}

const Field *ObjectInfo::field(QStringView fieldName) const
{
    const auto at = index.constFind(fieldName.toString().toLower());
    return at == index.cend() ? nullptr : &fields[size_t(*at)];
}

const Field *ObjectInfo::byRelationship(QStringView relationship) const
{
    const auto it = std::ranges::find_if(fields, [relationship](const Field &field) {
        return !field.relationshipName.isEmpty() &&
               field.relationshipName.compare(relationship, Qt::CaseInsensitive) == 0;
    });
    return it == fields.end() ? nullptr : &*it;
}

const Field *ObjectInfo::nameField() const
{
    const auto it = std::ranges::find_if(fields, &Field::nameField);
    return it == fields.end() ? nullptr : &*it;
}

namespace {

Field readField(const QJsonObject &json)
{
    Field field;
    field.name = json.value(u"name"_s).toString();
    field.label = json.value(u"label"_s).toString();
    field.type = json.value(u"type"_s).toString();
    field.relationshipName = json.value(u"relationshipName"_s).toString();
    field.compoundFieldName = json.value(u"compoundFieldName"_s).toString();
    field.controllerName = json.value(u"controllerName"_s).toString();
    field.defaultValue = json.value(u"defaultValue"_s);
    for (const QJsonValue target : json.value(u"referenceTo"_s).toArray())
        field.referenceTo.append(target.toString());
    for (const QJsonValue value : json.value(u"picklistValues"_s).toArray()) {
        if (!value[u"active"_s].toBool(true))
            continue;
        field.values.append({value[u"value"_s].toString(), value[u"label"_s].toString()});
        if (value[u"defaultValue"_s].toBool())
            field.defaultPick = value[u"value"_s].toString();
    }
    field.length = json.value(u"length"_s).toInt();
    field.precision = json.value(u"precision"_s).toInt();
    field.scale = json.value(u"scale"_s).toInt();
    field.digits = json.value(u"digits"_s).toInt();
    field.nillable = json.value(u"nillable"_s).toBool(true);
    field.createable = json.value(u"createable"_s).toBool();
    field.updateable = json.value(u"updateable"_s).toBool();
    field.defaultedOnCreate = json.value(u"defaultedOnCreate"_s).toBool();
    field.filterable = json.value(u"filterable"_s).toBool(true);
    field.sortable = json.value(u"sortable"_s).toBool(true);
    field.groupable = json.value(u"groupable"_s).toBool(true);
    field.aggregatable = json.value(u"aggregatable"_s).toBool(true);
    field.custom = json.value(u"custom"_s).toBool();
    field.calculated = json.value(u"calculated"_s).toBool();
    field.autoNumber = json.value(u"autoNumber"_s).toBool();
    field.externalId = json.value(u"externalId"_s).toBool();
    field.idLookup = json.value(u"idLookup"_s).toBool();
    field.unique = json.value(u"unique"_s).toBool();
    field.restricted = json.value(u"restrictedPicklist"_s).toBool();
    if (field.type == u"encryptedstring"_s) {
        const QString mask = json.value(u"mask"_s).toString();
        field.mask = mask == u"X" || mask == u"x" ? u"X"_s : u"*"_s; // an older describe says "asterisk"
        field.masksAll = json.value(u"maskType"_s).toString() != u"lastFour";
    }
    field.nameField = json.value(u"nameField"_s).toBool();
    return field;
}

// These show another record's field in every org, but no describe says so.
void addWellKnownPaths(ObjectInfo &object)
{
    static const QHash<QString, QString> ofCase{{u"ContactEmail"_s, u"Contact.Email"_s},
                                                {u"ContactPhone"_s, u"Contact.Phone"_s},
                                                {u"ContactMobile"_s, u"Contact.MobilePhone"_s},
                                                {u"ContactFax"_s, u"Contact.Fax"_s}};
    if (object.name != u"Case"_s)
        return;
    for (Field &field : object.fields)
        field.derivedFrom = ofCase.value(field.name);
}

} // namespace

ObjectInfo readDescribe(const QJsonObject &describe)
{
    ObjectInfo object;
    object.describe = describe;
    object.name = describe.value(u"name"_s).toString();
    object.label = describe.value(u"label"_s).toString();
    object.labelPlural = describe.value(u"labelPlural"_s).toString();
    object.keyPrefix = describe.value(u"keyPrefix"_s).toString();
    object.createable = describe.value(u"createable"_s).toBool();
    object.updateable = describe.value(u"updateable"_s).toBool();
    object.deletable = describe.value(u"deletable"_s).toBool();
    object.queryable = describe.value(u"queryable"_s).toBool(true);
    object.searchable = describe.value(u"searchable"_s).toBool();
    object.custom = describe.value(u"custom"_s).toBool();
    for (const QJsonValue value : describe.value(u"fields"_s).toArray()) {
        Field field = readField(value.toObject());
        object.index.insert(field.name.toLower(), int(object.fields.size()));
        object.fields.push_back(std::move(field));
    }
    for (const QJsonValue value : describe.value(u"childRelationships"_s).toArray()) {
        if (value[u"relationshipName"_s].isString())
            object.children.append({value[u"relationshipName"_s].toString(),
                                    value[u"childSObject"_s].toString(), value[u"field"_s].toString()});
    }
    for (const QJsonValue value : describe.value(u"recordTypeInfos"_s).toArray()) {
        RecordTypeInfo type;
        type.id = value[u"recordTypeId"_s].toString();
        type.name = value[u"name"_s].toString();
        type.developerName = value[u"developerName"_s].toString();
        type.active = value[u"active"_s].toBool(true);
        type.available = value[u"available"_s].toBool(true);
        type.isDefault = value[u"defaultRecordTypeMapping"_s].toBool();
        type.master = value[u"master"_s].toBool();
        object.recordTypes.append(type);
    }
    addWellKnownPaths(object);
    return object;
}

const ObjectInfo *Metadata::object(QStringView name) const
{
    const auto it = std::ranges::find_if(m_objects, [name](const ObjectInfo &object) {
        return object.name.compare(name, Qt::CaseInsensitive) == 0;
    });
    return it == m_objects.end() ? nullptr : &*it;
}

const ObjectInfo *Metadata::byPrefix(QStringView keyPrefix) const
{
    const auto it = std::ranges::find_if(m_objects, [keyPrefix](const ObjectInfo &object) {
        return !object.keyPrefix.isEmpty() && object.keyPrefix == keyPrefix;
    });
    return it == m_objects.end() ? nullptr : &*it;
}

void Metadata::put(ObjectInfo object)
{
    const auto it = std::ranges::find_if(m_objects, [&object](const ObjectInfo &known) {
        return known.name.compare(object.name, Qt::CaseInsensitive) == 0;
    });
    if (it == m_objects.end())
        m_objects.push_back(std::move(object));
    else
        *it = std::move(object);
}

// The short form names only the reference; the parent's list of children follows from it.
void Metadata::linkChildren()
{
    for (ObjectInfo &parent : m_objects) {
        if (!parent.rawDescribe.isEmpty())
            continue;
        QJsonArray children;
        for (const ObjectInfo &child : m_objects) {
            for (const Field &field : child.fields) {
                if (!field.referenceTo.contains(parent.name))
                    continue;
                const QJsonObject names = child.definition.value(u"childNames"_s).toObject();
                const QJsonValue name = names.value(field.name + u'@' + parent.name);
                const QJsonValue relationship = name.isString() ? name : names.value(field.name);
                children.append(QJsonObject{
                    {u"cascadeDelete"_s, false},
                    {u"childSObject"_s, child.name},
                    {u"deprecatedAndHidden"_s, false},
                    {u"field"_s, field.name},
                    {u"junctionIdListNames"_s, QJsonArray()},
                    {u"junctionReferenceTo"_s, QJsonArray()},
                    {u"relationshipName"_s, relationship.isString() ? relationship : QJsonValue()},
                    {u"restrictedDelete"_s, false}});
                if (relationship.isString())
                    parent.children.append({relationship.toString(), child.name, field.name});
            }
        }
        parent.describe.insert(u"childRelationships"_s, children);
    }
}

Result<Metadata> Metadata::builtIn()
{
    Metadata metadata;
    const QDir folder(u":/parley/sandbox/org"_s);
    for (const QString &name : folder.entryList({u"*.json"_s}, QDir::Files, QDir::Name)) {
        QFile file(folder.filePath(name));
        if (!file.open(QIODevice::ReadOnly))
            return fail(Errc::Storage, name);
        QJsonParseError error;
        const QJsonObject definition = QJsonDocument::fromJson(file.readAll(), &error).object();
        if (error.error != QJsonParseError::NoError)
            return fail(Errc::InvalidInput, name + u": "_s + error.errorString());
        const QJsonObject describe = expandDescribe(definition);
        ObjectInfo object = readDescribe(describe);
        object.definition = definition;
        for (const QJsonValue value : definition.value(u"fields"_s).toArray()) {
            const auto at = object.index.constFind(value[u"name"_s].toString().toLower());
            Field &field = object.fields[size_t(*at)];
            if (value[u"path"_s].isString())
                field.derivedFrom = value[u"path"_s].toString();
            for (const QJsonValue part : value[u"concat"_s].toArray())
                field.concat.append(part.toString());
            field.autoFormat = value[u"auto"_s].toString();
        }
        const QJsonArray types = definition.value(u"recordTypes"_s).toArray();
        for (RecordTypeInfo &info : object.recordTypes) {
            for (const QJsonValue type : types) {
                if (type[u"developerName"_s].toString() != info.developerName)
                    continue;
                info.layout = type[u"layout"_s].toString();
                const QJsonObject picklists = type[u"picklists"_s].toObject();
                for (auto it = picklists.begin(); it != picklists.end(); ++it) {
                    for (const QJsonValue pick : it->toArray())
                        info.picklists[it.key()].append(pick.toString());
                }
            }
        }
        metadata.put(std::move(object));
    }
    metadata.linkChildren();
    return metadata;
}

const RecordTypeInfo *ObjectInfo::recordType(const QString &id) const
{
    const auto found = std::ranges::find_if(recordTypes, [&id](const RecordTypeInfo &type) {
        return id.isEmpty() ? type.isDefault : type.id == id;
    });
    return found == recordTypes.end() ? nullptr : &*found;
}

QString defaultPickOf(const Field &field, const RecordTypeInfo *type)
{
    if (!type || !type->picklists.contains(field.name))
        return field.defaultPick;
    // Where a type says nothing of its own, the field's default counts as long as the type offers it.
    const bool isOffered = type->picklists.value(field.name).contains(field.defaultPick);
    return type->defaultPicks.value(field.name, isOffered ? field.defaultPick : QString());
}

Metadata Metadata::of(std::vector<ObjectInfo> objects, QByteArray rawGlobal)
{
    Metadata metadata;
    metadata.m_objects = std::move(objects);
    metadata.m_rawGlobal = std::move(rawGlobal);
    return metadata;
}

QJsonObject Metadata::globalDescribe(const QString &version) const
{
    static const QStringList kept{u"activateable"_s,
                                  u"associateEntityType"_s,
                                  u"associateParentEntity"_s,
                                  u"createable"_s,
                                  u"custom"_s,
                                  u"customSetting"_s,
                                  u"deepCloneable"_s,
                                  u"deletable"_s,
                                  u"deprecatedAndHidden"_s,
                                  u"feedEnabled"_s,
                                  u"hasSubtypes"_s,
                                  u"isInterface"_s,
                                  u"isSubtype"_s,
                                  u"keyPrefix"_s,
                                  u"label"_s,
                                  u"labelPlural"_s,
                                  u"layoutable"_s,
                                  u"mergeable"_s,
                                  u"mruEnabled"_s,
                                  u"name"_s,
                                  u"queryable"_s,
                                  u"replicateable"_s,
                                  u"retrieveable"_s,
                                  u"searchable"_s,
                                  u"triggerable"_s,
                                  u"undeletable"_s,
                                  u"updateable"_s};
    QJsonArray list;
    for (const ObjectInfo &object : m_objects) {
        QJsonObject entry;
        for (const QString &key : kept)
            entry.insert(key, object.describe.value(key));
        const QString base = u"/services/data/"_s + version + u"/sobjects/"_s + object.name;
        entry.insert(u"urls"_s, QJsonObject{{u"sobject"_s, base},
                                            {u"describe"_s, base + u"/describe"_s},
                                            {u"rowTemplate"_s, base + u"/{ID}"_s}});
        list.append(entry);
    }
    return {{u"encoding"_s, u"UTF-8"_s}, {u"maxBatchSize"_s, 200}, {u"sobjects"_s, list}};
}

} // namespace parley::sandbox
