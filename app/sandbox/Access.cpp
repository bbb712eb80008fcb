#include "app/sandbox/Access.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QSet>

namespace parley::sandbox {

using namespace Qt::Literals::StringLiterals;

namespace {

QJsonValue describedField(const ObjectInfo &object, const QString &name)
{
    for (const QJsonValue field : object.describe.value(u"fields"_s).toArray()) {
        if (field[u"name"_s].toString() == name)
            return field;
    }
    return {};
}

// Salesforce shows names, owners and what it keeps itself to everybody who sees the object.
bool canBeHidden(const ObjectInfo &object, const Field &field)
{
    const bool isContent = object.name.startsWith(u"Content");
    const Field *whole = object.field(field.compoundFieldName);
    const bool isPart = whole && whole->isCompound(); // of an address, which has one permission
    return !isContent && !isPart &&
           describedField(object, field.name)[u"permissionable"_s].toBool(!field.nameField);
}

std::optional<FieldRight> fieldRightOf(const QString &word)
{
    if (word == u"hidden")
        return FieldRight::Hidden;
    if (word == u"read")
        return FieldRight::Read;
    return word == u"edit" ? std::optional(FieldRight::Edit) : std::nullopt;
}

std::optional<ObjectRight> objectRightOf(const QString &word)
{
    if (word == u"none")
        return ObjectRight::None;
    if (word == u"read")
        return ObjectRight::Read;
    return word == u"all" ? std::optional(ObjectRight::All) : std::nullopt;
}

// What is shown in place of another record's field is hidden along with it.
bool leadsToHidden(const Metadata &whole, const Access &access, const ObjectInfo &from, const QString &path)
{
    const ObjectInfo *at = &from;
    const QStringList parts = path.split(u'.');
    for (const QString &relation : parts.first(parts.size() - 1)) {
        const Field *reference = at ? at->byRelationship(relation) : nullptr;
        if (reference &&
            access.fields.value(at->name).value(reference->name, FieldRight::Edit) == FieldRight::Hidden)
            return true;
        at = reference ? whole.object(reference->referenceTo.value(0)) : nullptr;
    }
    const bool isWithheld = at && access.objects.value(at->name, ObjectRight::All) == ObjectRight::None;
    return isWithheld ||
           (at && access.fields.value(at->name).value(parts.last(), FieldRight::Edit) == FieldRight::Hidden);
}

QJsonArray withoutHidden(const QJsonArray &sections, const ObjectInfo &seen)
{
    QJsonArray kept = sections;
    for (qsizetype s = 0; s < kept.size(); ++s) {
        QJsonObject section = kept.at(s).toObject();
        QJsonArray rows = section.value(u"layoutRows"_s).toArray();
        for (qsizetype r = 0; r < rows.size(); ++r) {
            QJsonObject row = rows.at(r).toObject();
            QJsonArray items = row.value(u"layoutItems"_s).toArray();
            for (qsizetype i = 0; i < items.size(); ++i) {
                QJsonObject item = items.at(i).toObject();
                QJsonArray components;
                bool isUpdateable = false;
                bool isCreateable = false;
                for (const QJsonValue component : item.value(u"layoutComponents"_s).toArray()) {
                    const bool isField = component[u"type"_s].toString() == u"Field";
                    const Field *field = isField ? seen.field(component[u"value"_s].toString()) : nullptr;
                    if (isField && !field)
                        continue;
                    components.append(component);
                    isCreateable = isCreateable || !field || field->createable || field->isCompound();
                    isUpdateable = isUpdateable || !field || field->updateable || field->isCompound();
                }
                const bool isBlank =
                    components.isEmpty() && !item.value(u"layoutComponents"_s).toArray().isEmpty();
                item.insert(u"layoutComponents"_s, components);
                item.insert(u"editableForNew"_s,
                            item.value(u"editableForNew"_s).toBool() && isCreateable && !isBlank);
                item.insert(u"editableForUpdate"_s,
                            item.value(u"editableForUpdate"_s).toBool() && isUpdateable && !isBlank);
                if (isBlank) {
                    item.insert(u"label"_s, QString());
                    item.insert(u"required"_s, false);
                }
                items.replace(i, item);
            }
            row.insert(u"layoutItems"_s, items);
            rows.replace(r, row);
        }
        section.insert(u"layoutRows"_s, rows);
        kept.replace(s, section);
    }
    return kept;
}

QJsonObject layoutWithoutHidden(QJsonObject layout, const ObjectInfo &seen)
{
    for (const QString &key : {u"detailLayoutSections"_s, u"editLayoutSections"_s}) {
        if (layout.contains(key))
            layout.insert(key, withoutHidden(layout.value(key).toArray(), seen));
    }
    return layout;
}

QByteArray bytesOf(const QJsonObject &object)
{
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

// The documents of a folder are answered byte for byte until something in them is hidden.
void trimLayouts(ObjectInfo &object)
{
    if (!object.rawLayouts.isEmpty()) {
        QJsonObject document = QJsonDocument::fromJson(object.rawLayouts).object();
        QJsonArray layouts = document.value(u"layouts"_s).toArray();
        for (qsizetype i = 0; i < layouts.size(); ++i)
            layouts.replace(i, layoutWithoutHidden(layouts.at(i).toObject(), object));
        if (document.value(u"layouts"_s).isArray())
            document.insert(u"layouts"_s, layouts);
        object.rawLayouts = bytesOf(document);
    }
    for (QByteArray &raw : object.rawLayoutOf)
        raw = bytesOf(layoutWithoutHidden(QJsonDocument::fromJson(raw).object(), object));
}

QMap<QString, FieldRight> rightsIn(const ObjectInfo &object, const Access &access, const Metadata &whole)
{
    QMap<QString, FieldRight> rights = access.fields.value(object.name);
    for (const Field &field : object.fields) {
        if (const auto of = rights.constFind(field.compoundFieldName); of != rights.cend())
            rights.insert(field.name, *of); // an address goes as a whole
        if (!field.derivedFrom.isEmpty() && leadsToHidden(whole, access, object, field.derivedFrom))
            rights.insert(field.name, FieldRight::Hidden);
        for (const QString &part : field.concat) { // a formula over it
            if (!part.startsWith(u'\'') && leadsToHidden(whole, access, object, part))
                rights.insert(field.name, FieldRight::Hidden);
        }
    }
    return rights;
}

ObjectInfo trimmed(const ObjectInfo &object, ObjectRight right, const QMap<QString, FieldRight> &rights)
{
    ObjectInfo seen = object;
    const bool isReadOnly = right == ObjectRight::Read;
    if (rights.isEmpty() && !isReadOnly)
        return seen;
    seen.fields.clear();
    seen.index.clear();
    QJsonArray described;
    for (const QJsonValue entry : object.describe.value(u"fields"_s).toArray()) {
        QJsonObject one = entry.toObject();
        const FieldRight field = rights.value(one.value(u"name"_s).toString(), FieldRight::Edit);
        if (field == FieldRight::Hidden)
            continue;
        if (field == FieldRight::Read || isReadOnly) {
            one.insert(u"createable"_s, false);
            one.insert(u"updateable"_s, false);
        }
        described.append(one);
    }
    for (Field field : object.fields) {
        const FieldRight of = rights.value(field.name, FieldRight::Edit);
        if (of == FieldRight::Hidden)
            continue;
        if (of == FieldRight::Read || isReadOnly)
            field.createable = field.updateable = false;
        seen.index.insert(field.name.toLower(), int(seen.fields.size()));
        seen.fields.push_back(field);
    }
    seen.describe.insert(u"fields"_s, described);
    if (isReadOnly) {
        seen.createable = seen.updateable = seen.deletable = false;
        for (const QString &key :
             {u"createable"_s, u"updateable"_s, u"deletable"_s, u"mergeable"_s, u"undeletable"_s})
            seen.describe.insert(key, false);
    }
    if (!seen.rawDescribe.isEmpty())
        seen.rawDescribe = bytesOf(seen.describe);
    trimLayouts(seen);
    return seen;
}

// Nothing is said, or asked, of children that are withheld or whose lookup is hidden.
void trimChildren(ObjectInfo &object, const Access &access)
{
    const auto isHidden = [&access](const QString &child, const QString &field) {
        return access.objects.value(child, ObjectRight::All) == ObjectRight::None ||
               access.fields.value(child).value(field, FieldRight::Edit) == FieldRight::Hidden;
    };
    const auto gone = object.children.removeIf(
        [&isHidden](const ChildRelationship &child) { return isHidden(child.child, child.field); });
    QJsonArray described;
    const QJsonArray before = object.describe.value(u"childRelationships"_s).toArray();
    for (const QJsonValue child : before) {
        if (!isHidden(child[u"childSObject"_s].toString(), child[u"field"_s].toString()))
            described.append(child);
    }
    if (gone == 0 && described.size() == before.size())
        return;
    object.describe.insert(u"childRelationships"_s, described);
    if (!object.rawDescribe.isEmpty())
        object.rawDescribe = bytesOf(object.describe);
}

} // namespace

Result<Access> readAccess(const QJsonObject &wanted, const Metadata &metadata)
{
    Access access;
    for (const QString &key : wanted.keys()) {
        if (key != u"objects" && key != u"fields")
            return fail(Errc::InvalidInput, u"access has objects and fields, and no \"%1\""_s.arg(key));
    }
    const QJsonObject objects = wanted.value(u"objects"_s).toObject();
    for (auto it = objects.begin(); it != objects.end(); ++it) {
        const ObjectInfo *object = metadata.object(it.key());
        const auto right = objectRightOf(it->toString());
        if (!object || object->name == u"User")
            return fail(Errc::InvalidInput,
                        u"%1: no object of this org that can be withheld"_s.arg(it.key()));
        if (!right)
            return fail(Errc::InvalidInput, u"%1: an object's right is none, read or all"_s.arg(it.key()));
        if (*right != ObjectRight::All)
            access.objects.insert(object->name, *right);
    }
    const QJsonObject fields = wanted.value(u"fields"_s).toObject();
    for (auto it = fields.begin(); it != fields.end(); ++it) {
        const ObjectInfo *object = metadata.object(it.key().section(u'.', 0, 0));
        const Field *field = object ? object->field(it.key().section(u'.', 1)) : nullptr;
        const auto right = fieldRightOf(it->toString());
        if (!field)
            return fail(Errc::InvalidInput, u"%1: no field of this org"_s.arg(it.key()));
        if (!right)
            return fail(Errc::InvalidInput, u"%1: a field's right is hidden, read or edit"_s.arg(it.key()));
        if (!canBeHidden(*object, *field))
            return fail(Errc::InvalidInput,
                        u"%1: whoever sees the object sees this field; an address is hidden as a whole"_s.arg(
                            it.key()));
        if (*right != FieldRight::Edit)
            access.fields[object->name].insert(field->name, *right);
    }
    return access;
}

QJsonObject jsonOf(const Access &access)
{
    QJsonObject objects;
    for (auto it = access.objects.cbegin(); it != access.objects.cend(); ++it)
        objects.insert(it.key(), *it == ObjectRight::None ? u"none"_s : u"read"_s);
    QJsonObject fields;
    for (auto of = access.fields.cbegin(); of != access.fields.cend(); ++of) {
        for (auto it = of->cbegin(); it != of->cend(); ++it)
            fields.insert(of.key() + u'.' + it.key(), *it == FieldRight::Hidden ? u"hidden"_s : u"read"_s);
    }
    return {{u"objects"_s, objects}, {u"fields"_s, fields}};
}

Metadata visibleTo(const Access &access, const Metadata &whole)
{
    std::vector<ObjectInfo> seen;
    for (const ObjectInfo &object : whole.objects()) {
        const ObjectRight right = access.objects.value(object.name, ObjectRight::All);
        if (right != ObjectRight::None)
            seen.push_back(trimmed(object, right, rightsIn(object, access, whole)));
    }
    for (ObjectInfo &object : seen)
        trimChildren(object, access);
    QByteArray global = whole.rawGlobal();
    if (!global.isEmpty() && !access.objects.isEmpty()) {
        QJsonObject document = QJsonDocument::fromJson(global).object();
        QJsonArray listed;
        for (const QJsonValue entry : document.value(u"sobjects"_s).toArray()) {
            const ObjectRight right = access.objects.value(entry[u"name"_s].toString(), ObjectRight::All);
            QJsonObject one = entry.toObject();
            for (const QString &key : {u"createable"_s, u"updateable"_s, u"deletable"_s}) {
                if (right == ObjectRight::Read)
                    one.insert(key, false);
            }
            if (right != ObjectRight::None)
                listed.append(one);
        }
        document.insert(u"sobjects"_s, listed);
        global = bytesOf(document);
    }
    return Metadata::of(std::move(seen), std::move(global));
}

} // namespace parley::sandbox
