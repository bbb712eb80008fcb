// describe/layouts of the built-in org, in the form in which Salesforce answers.
#include "app/sandbox/Metadata.h"
#include "app/sandbox/RecordId.h"

#include <QJsonDocument>

namespace parley::sandbox {

using namespace Qt::Literals::StringLiterals;

namespace {

// A layout names its fields as "Email!" (required), "OwnerId~" (read-only) or "" (a gap).
struct Place {
    QString field;
    bool required = false;
    bool readOnly = false;
};

Place placeOf(const QString &text)
{
    const bool marked = text.endsWith(u'!') || text.endsWith(u'~');
    return {marked ? text.chopped(1) : text, text.endsWith(u'!'), text.endsWith(u'~')};
}

QJsonObject detailsOf(const ObjectInfo &object, const QString &name)
{
    for (const QJsonValue field : object.describe.value(u"fields"_s).toArray()) {
        if (field[u"name"_s].toString() == name)
            return field.toObject();
    }
    return {};
}

QJsonObject fieldComponent(const ObjectInfo &object, const Field &field, int tabOrder)
{
    const int lines = field.type == u"textarea"_s ? (field.length > 255 ? 6 : 3) : 1;
    return {{u"details"_s, detailsOf(object, field.name)},
            {u"displayLines"_s, lines},
            {u"tabOrder"_s, tabOrder},
            {u"type"_s, u"Field"_s},
            {u"value"_s, field.name}};
}

// The parts of a compound in the order in which people fill them in.
QList<const Field *> partsOf(const ObjectInfo &object, const QString &compound)
{
    QList<const Field *> parts;
    if (compound == u"Name"_s) {
        for (const QString &name : {u"Salutation"_s, u"FirstName"_s, u"LastName"_s}) {
            const Field *part = object.field(name);
            if (part && part->compoundFieldName == compound)
                parts.append(part);
        }
        return parts;
    }
    for (const Field &field : object.fields) {
        const bool isPlace = field.name.endsWith(u"Latitude"_s) || field.name.endsWith(u"Longitude"_s) ||
                             field.name.endsWith(u"GeocodeAccuracy"_s);
        if (field.compoundFieldName == compound && !isPlace)
            parts.append(&field);
    }
    if (parts.isEmpty()) {
        for (const Field &field : object.fields) {
            if (field.compoundFieldName == compound)
                parts.append(&field); // a geolocation: latitude and longitude are all it has
        }
    }
    return parts;
}

/// A page names its references otherwise than the description does: "Contact Owner" for "Owner ID".
QString labelOf(const ObjectInfo &object, const Field &field)
{
    static const QStringList named{u"Account"_s, u"Case"_s, u"Contact"_s, u"Lead"_s};
    if (field.name == u"OwnerId"_s && named.contains(object.name))
        return u"%1 Owner"_s.arg(object.label);
    if (field.isReference() && field.label.endsWith(u" ID"_s))
        return field.label.chopped(3);
    return field.label;
}

QJsonObject itemOf(const ObjectInfo &object, const Place &place, int &tabOrder)
{
    const Field *field = place.field.isEmpty() ? nullptr : object.field(place.field);
    if (!field)
        return {{u"editableForNew"_s, false},
                {u"editableForUpdate"_s, false},
                {u"label"_s, QString()},
                {u"layoutComponents"_s, QJsonArray{QJsonObject{{u"displayLines"_s, 0},
                                                               {u"tabOrder"_s, 0},
                                                               {u"type"_s, u"EmptySpace"_s},
                                                               {u"value"_s, QJsonValue()}}}},
                {u"placeholder"_s, true},
                {u"required"_s, false}};
    QJsonObject component = fieldComponent(object, *field, tabOrder++);
    const QList<const Field *> parts = partsOf(object, field->name);
    bool createable = field->createable;
    bool updateable = field->updateable;
    bool required = place.required || (!field->nillable && field->createable && !field->defaultedOnCreate);
    if (!parts.isEmpty()) {
        QJsonArray components;
        for (const Field *part : parts) {
            components.append(fieldComponent(object, *part, tabOrder++));
            createable = createable || part->createable;
            updateable = updateable || part->updateable;
            required = required || (!part->nillable && part->createable && !part->defaultedOnCreate);
        }
        component.insert(u"components"_s, components);
        component.insert(u"fieldType"_s, field->type);
    }
    return {{u"editableForNew"_s, createable && !place.readOnly},
            {u"editableForUpdate"_s, updateable && !place.readOnly},
            {u"label"_s, labelOf(object, *field)},
            {u"layoutComponents"_s, QJsonArray{component}},
            {u"placeholder"_s, false},
            {u"required"_s, required}};
}

qint64 layoutNumber(const ObjectInfo &object, const QString &name)
{
    const QStringList names = object.definition.value(u"layouts"_s).toObject().keys();
    qint64 number = 0; // a number of its own for every object, without a list of all objects
    for (const QChar c : object.name)
        number = (number * 31 + c.unicode()) % 1000003;
    return number * 10 + names.indexOf(name) + 1;
}

QString layoutIdOf(const ObjectInfo &object, const QString &name)
{
    return makeId(u"00h", layoutNumber(object, name));
}

QJsonArray sectionsOf(const ObjectInfo &object, const QJsonArray &written, const QString &name, bool forEdit)
{
    QJsonArray sections;
    int tabOrder = 1;
    int number = 1;
    for (const QJsonValue section : written) {
        const int columns = section[u"columns"_s].toInt(2);
        QJsonArray rows;
        for (const QJsonValue row : section[u"rows"_s].toArray()) {
            QJsonArray items;
            bool any = false;
            for (const QJsonValue entry : row.toArray()) {
                const Place place = placeOf(entry.toString());
                const Field *field = object.field(place.field);
                const bool shown = field && (!forEdit || !field->autoNumber);
                any = any || shown;
                items.append(itemOf(object, shown ? place : Place{}, tabOrder));
            }
            if (any)
                rows.append(QJsonObject{{u"layoutItems"_s, items}, {u"numItems"_s, items.size()}});
        }
        const bool system = section[u"heading"_s].toString() == u"System Information"_s;
        if (rows.isEmpty() || (forEdit && system))
            continue;
        sections.append(
            QJsonObject{{u"collapsed"_s, false},
                        {u"columns"_s, columns},
                        {u"heading"_s, section[u"heading"_s]},
                        {u"layoutRows"_s, rows},
                        {u"layoutSectionId"_s, makeId(u"01B", layoutNumber(object, name) * 100 + number++)},
                        {u"parentLayoutId"_s, layoutIdOf(object, name)},
                        {u"rows"_s, rows.size()},
                        {u"tabOrder"_s, u"LeftToRight"_s},
                        {u"useCollapsibleSection"_s, true},
                        {u"useHeading"_s, true}});
    }
    return sections;
}

QString layoutNameOf(const ObjectInfo &object, const QString &recordTypeId)
{
    const QJsonObject layouts = object.definition.value(u"layouts"_s).toObject();
    for (const RecordTypeInfo &type : object.recordTypes) {
        if (type.id == recordTypeId && !type.layout.isEmpty())
            return type.layout;
    }
    const QString standard = object.name + u" Layout"_s;
    return layouts.contains(standard) ? standard : layouts.isEmpty() ? QString() : layouts.begin().key();
}

QJsonObject layoutOf(const ObjectInfo &object, const QString &name)
{
    const QJsonArray written = object.definition.value(u"layouts"_s)[name].toArray();
    const QString id = layoutIdOf(object, name);
    return {{u"buttonLayoutSection"_s, QJsonObject{{u"detailButtons"_s, QJsonArray()}}},
            {u"detailLayoutSections"_s, sectionsOf(object, written, name, false)},
            {u"editLayoutSections"_s, sectionsOf(object, written, name, true)},
            {u"feedView"_s, QJsonValue()},
            {u"highlightsPanelLayoutSection"_s, QJsonValue()},
            {u"id"_s, id},
            {u"multirowEditLayoutSections"_s, QJsonArray()},
            {u"offlineLinks"_s, QJsonArray()},
            {u"quickActionList"_s, QJsonObject{{u"quickActionListItems"_s, QJsonArray()}}},
            {u"relatedContent"_s, QJsonValue()},
            {u"relatedLists"_s, QJsonArray()},
            {u"saveOptions"_s, QJsonArray()}};
}

QJsonObject mappingOf(const ObjectInfo &object, const RecordTypeInfo &type)
{
    QJsonArray picklists;
    for (auto it = type.picklists.cbegin(); it != type.picklists.cend(); ++it) {
        QJsonArray values;
        for (const QJsonValue value : detailsOf(object, it.key()).value(u"picklistValues"_s).toArray()) {
            if (it->contains(value[u"value"_s].toString()))
                values.append(value);
        }
        picklists.append(QJsonObject{{u"picklistName"_s, it.key()}, {u"picklistValues"_s, values}});
    }
    return {
        {u"active"_s, type.active},
        {u"available"_s, type.available},
        {u"defaultRecordTypeMapping"_s, type.isDefault},
        {u"developerName"_s, type.developerName},
        {u"layoutId"_s, layoutIdOf(object, layoutNameOf(object, type.id))},
        {u"master"_s, type.master},
        {u"name"_s, type.name},
        {u"picklistsForRecordType"_s, picklists.isEmpty() ? QJsonValue() : QJsonValue(picklists)},
        {u"recordTypeId"_s, type.id},
        {u"urls"_s, QJsonObject{{u"layout"_s, u"/services/data/vxx.0/sobjects/%1/describe/layouts/%2"_s.arg(
                                                  object.name, type.id)}}}};
}

// An object that came from a folder, without its layouts, and unknown to the built-in org: what can be
// written, in describe's order.
QJsonObject plainLayout(const ObjectInfo &object)
{
    QJsonArray rows;
    for (const Field &field : object.fields) {
        if (field.createable || field.updateable)
            rows.append(QJsonArray{field.name});
    }
    ObjectInfo copy = object;
    copy.definition.insert(
        u"layouts"_s,
        QJsonObject{
            {object.name + u" Layout"_s,
             QJsonArray{QJsonObject{{u"heading"_s, object.label}, {u"columns"_s, 1}, {u"rows"_s, rows}}}}});
    return copy.definition;
}

} // namespace

QJsonObject describeLayouts(const ObjectInfo &given)
{
    ObjectInfo object = given;
    if (object.definition.value(u"layouts"_s).toObject().isEmpty())
        object.definition = plainLayout(object);
    QJsonArray mappings;
    QJsonValue layouts;
    int own = 0;
    for (const RecordTypeInfo &type : std::as_const(object.recordTypes)) {
        mappings.append(mappingOf(object, type));
        own += type.master ? 0 : 1;
    }
    if (own == 0) // with several record types Salesforce wants to be asked for each of them
        layouts = QJsonArray{layoutOf(object, layoutNameOf(object, {}))};
    return {{u"layouts"_s, layouts},
            {u"recordTypeMappings"_s, mappings},
            {u"recordTypeSelectorRequired"_s, QJsonArray{own > 1}}};
}

QJsonObject describeLayout(const ObjectInfo &given, const QString &recordTypeId)
{
    const auto id = normalizeId(recordTypeId);
    const auto type = std::ranges::find(given.recordTypes, id.value_or(QString()), &RecordTypeInfo::id);
    if (!id || type == given.recordTypes.end())
        return {};
    // A folder's own answers serve the record types that they hold the layout of.
    if (const QByteArray raw = given.rawLayoutOf.value(*id); !raw.isEmpty())
        return QJsonDocument::fromJson(raw).object();
    const QJsonObject loaded = QJsonDocument::fromJson(given.rawLayouts).object();
    for (const QJsonValue mapping : loaded.value(u"recordTypeMappings"_s).toArray()) {
        for (const QJsonValue layout : loaded.value(u"layouts"_s).toArray()) {
            if (mapping[u"recordTypeId"_s].toString() == *id && layout[u"id"_s] == mapping[u"layoutId"_s])
                return layout.toObject();
        }
    }
    if (const QJsonArray all = loaded.value(u"layouts"_s).toArray(); all.size() == 1)
        return all.first().toObject(); // whatever its mappings call it: the org has no other
    ObjectInfo object = given;
    if (object.definition.value(u"layouts"_s).toObject().isEmpty())
        object.definition = plainLayout(object);
    return layoutOf(object, layoutNameOf(object, *id));
}

} // namespace parley::sandbox
