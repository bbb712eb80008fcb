#include "app/sandbox/OrgDocuments.h"

#include "app/sandbox/Metadata.h"
#include "app/sandbox/SoqlPlan.h"

#include <QJsonArray>
#include <QRegularExpression>
#include <QSet>

#include <cmath>
#include <functional>

namespace parley::sandbox {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int kMaxColumns = 1990; // SQLite takes two thousand in one table

// Names become parts of SQL, so they are looked at closely.
bool isWellNamed(const QString &name)
{
    static const QRegularExpression form(u"^[A-Za-z][A-Za-z0-9_]*$"_s);
    return form.match(name).hasMatch();
}

// What a member must be where it is there at all; null counts as left out.
struct Shape {
    QLatin1StringView words;
    bool (*fits)(const QJsonValue &);
};

constexpr Shape kText{"no text"_L1, [](const QJsonValue &value) {
                          return value.isString();
                      }};
constexpr Shape kFlag{"neither true nor false"_L1, [](const QJsonValue &value) {
                          return value.isBool();
                      }};
constexpr Shape kCount{"no whole number from 0 up"_L1, [](const QJsonValue &value) {
                           const double number = value.toDouble(-1);
                           return number >= 0 && number <= 1e9 && number == std::floor(number);
                       }};
constexpr Shape kList{"no list"_L1, [](const QJsonValue &value) {
                          return value.isArray();
                      }};

QString faultOfMembers(const QJsonObject &object, const Shape &shape, const QStringList &members)
{
    for (const QString &member : members) {
        const QJsonValue value = object.value(member);
        if (!value.isUndefined() && !value.isNull() && !shape.fits(value))
            return u"%1 is %2"_s.arg(member, shape.words);
    }
    return {};
}

QString firstOf(std::initializer_list<QString> faults)
{
    for (const QString &fault : faults) {
        if (!fault.isEmpty())
            return fault;
    }
    return {};
}

// Each entry of a list, with its place in the words.
QString faultOfEach(const QJsonValue &list, const QString &what,
                    const std::function<QString(const QJsonObject &)> &faultOf)
{
    if (list.isUndefined() || list.isNull())
        return {};
    if (!list.isArray())
        return what + u"s are no list"_s;
    const QJsonArray entries = list.toArray();
    for (qsizetype i = 0; i < entries.size(); ++i) {
        const QString fault =
            entries.at(i).isObject() ? faultOf(entries.at(i).toObject()) : u"is no object"_s;
        if (!fault.isEmpty())
            return u"%1 %2 %3"_s.arg(what).arg(i).arg(fault);
    }
    return {};
}

QString faultOfValue(const QJsonObject &value)
{
    const QString fault = firstOf({faultOfMembers(value, kText, {u"value"_s, u"label"_s, u"validFor"_s}),
                                   faultOfMembers(value, kFlag, {u"active"_s, u"defaultValue"_s})});
    if (!fault.isEmpty())
        return fault;
    if (!value.value(u"value"_s).isString())
        return u"has no value"_s;
    const auto bits = QByteArray::fromBase64Encoding(value.value(u"validFor"_s).toString().toLatin1(),
                                                     QByteArray::AbortOnBase64DecodingErrors);
    return bits ? QString() : u"has a validFor that is not base64"_s;
}

QString faultOfField(const QJsonObject &field)
{
    const QString fault =
        firstOf({faultOfMembers(field, kText,
                                {u"label"_s, u"relationshipName"_s, u"compoundFieldName"_s,
                                 u"controllerName"_s, u"inlineHelpText"_s, u"extraTypeInfo"_s}),
                 faultOfMembers(field, kFlag,
                                {u"createable"_s, u"updateable"_s, u"nillable"_s, u"defaultedOnCreate"_s,
                                 u"calculated"_s, u"autoNumber"_s, u"unique"_s, u"externalId"_s,
                                 u"idLookup"_s, u"restrictedPicklist"_s, u"dependentPicklist"_s, u"custom"_s,
                                 u"nameField"_s, u"filterable"_s, u"sortable"_s, u"groupable"_s,
                                 u"aggregatable"_s, u"encrypted"_s, u"htmlFormatted"_s}),
                 faultOfMembers(field, kCount,
                                {u"length"_s, u"precision"_s, u"scale"_s, u"digits"_s, u"byteLength"_s}),
                 faultOfMembers(field, kList, {u"referenceTo"_s, u"picklistValues"_s}),
                 faultOfEach(field.value(u"picklistValues"_s), u"picklist value"_s, faultOfValue)});
    if (!fault.isEmpty())
        return fault;
    for (const QJsonValue target : field.value(u"referenceTo"_s).toArray()) {
        if (!isWellNamed(target.toString()))
            return u"referenceTo names no object"_s;
    }
    return {};
}

QString faultOfItem(const QJsonObject &item)
{
    return firstOf(
        {faultOfMembers(item, kText, {u"label"_s}),
         faultOfMembers(item, kFlag, {u"required"_s, u"editableForNew"_s, u"editableForUpdate"_s}),
         faultOfEach(item.value(u"layoutComponents"_s), u"component"_s, [](const QJsonObject &component) {
             return faultOfMembers(component, kText, {u"type"_s, u"value"_s});
         })});
}

QString faultOfSection(const QJsonObject &section)
{
    if (!section.value(u"layoutRows"_s).isArray())
        return u"has no list of layoutRows"_s;
    return firstOf({faultOfMembers(section, kText, {u"heading"_s}),
                    faultOfMembers(section, kCount, {u"columns"_s}),
                    faultOfEach(section.value(u"layoutRows"_s), u"row"_s, [](const QJsonObject &row) {
                        return row.value(u"layoutItems"_s).isArray()
                                   ? faultOfEach(row.value(u"layoutItems"_s), u"item"_s, faultOfItem)
                                   : u"has no list of layoutItems"_s;
                    })});
}

} // namespace

QString faultOfDescribe(const QJsonObject &describe, const QString &name)
{
    if (describe.value(u"name"_s).toString() != name || !isWellNamed(name))
        return u"describes \"%1\", not \"%2\""_s.arg(describe.value(u"name"_s).toString(), name);
    const QString fault = firstOf(
        {faultOfMembers(describe, kText, {u"label"_s, u"labelPlural"_s, u"keyPrefix"_s}),
         faultOfMembers(describe, kFlag,
                        {u"createable"_s, u"updateable"_s, u"deletable"_s, u"queryable"_s, u"searchable"_s}),
         faultOfEach(describe.value(u"recordTypeInfos"_s), u"record type"_s, [](const QJsonObject &type) {
             return firstOf({faultOfMembers(type, kText, {u"recordTypeId"_s, u"name"_s}),
                             faultOfMembers(type, kFlag, {u"available"_s, u"master"_s})});
         })});
    if (!fault.isEmpty())
        return fault;
    const QString prefix = describe.value(u"keyPrefix"_s).toString();
    if (!prefix.isEmpty() && (prefix.size() != 3 || !isWellNamed(u'p' + prefix)))
        return u"keyPrefix is not three letters or digits"_s;
    const QJsonArray fields = describe.value(u"fields"_s).toArray();
    if (fields.isEmpty())
        return u"has no fields"_s;
    QSet<QString> seen;
    for (qsizetype i = 0; i < fields.size(); ++i) {
        const QJsonObject field = fields.at(i).toObject();
        const QString fieldName = field.value(u"name"_s).toString();
        if (!isWellNamed(fieldName) || field.value(u"type"_s).toString().isEmpty())
            return u"field %1 has no usable name or no type"_s.arg(i);
        if (seen.contains(fieldName.toLower()))
            return u"field %1 (%2) is there twice"_s.arg(i).arg(fieldName);
        seen.insert(fieldName.toLower());
        if (const QString wrong = faultOfField(field); !wrong.isEmpty())
            return u"field %1 (%2): %3"_s.arg(i).arg(fieldName, wrong);
    }
    if (!seen.contains(u"id"_s))
        return u"has no field Id"_s;
    for (const QJsonValue field : fields) {
        const QString controller = field[u"controllerName"_s].toString();
        if (!controller.isEmpty() && !seen.contains(controller.toLower()))
            return u"field %1: its controller %2 is no field"_s.arg(field[u"name"_s].toString(), controller);
    }
    const ObjectInfo object = readDescribe(describe);
    const auto columns =
        std::ranges::count_if(object.fields, &Field::isStored) +
        std::ranges::count_if(object.fields, [](const Field &field) { return hasFolded(field); });
    return columns > kMaxColumns ? u"has more fields than the sandbox can keep"_s : QString();
}

QString faultOfGlobal(const QJsonObject &global)
{
    if (!global.value(u"sobjects"_s).isArray())
        return u"has no sobjects"_s;
    return faultOfEach(global.value(u"sobjects"_s), u"sobject"_s, [](const QJsonObject &entry) {
        return isWellNamed(entry.value(u"name"_s).toString())
                   ? faultOfMembers(entry, kText, {u"label"_s, u"labelPlural"_s, u"keyPrefix"_s})
                   : u"has no usable name"_s;
    });
}

QString faultOfLayout(const QJsonObject &layout)
{
    if (!layout.contains(u"editLayoutSections"_s))
        return u"has no editLayoutSections"_s;
    return firstOf(
        {faultOfEach(layout.value(u"editLayoutSections"_s), u"editLayoutSection"_s, faultOfSection),
         faultOfEach(layout.value(u"detailLayoutSections"_s), u"detailLayoutSection"_s, faultOfSection)});
}

QString faultOfLayouts(const QJsonObject &layouts)
{
    if (!layouts.contains(u"layouts"_s) && !layouts.contains(u"recordTypeMappings"_s))
        return u"has neither layouts nor recordTypeMappings"_s;
    return firstOf(
        {faultOfEach(layouts.value(u"layouts"_s), u"layout"_s, faultOfLayout),
         faultOfEach(layouts.value(u"recordTypeMappings"_s), u"recordTypeMapping"_s,
                     [](const QJsonObject &mapping) {
                         return firstOf(
                             {faultOfMembers(mapping, kText, {u"recordTypeId"_s, u"layoutId"_s, u"name"_s}),
                              faultOfEach(mapping.value(u"picklistsForRecordType"_s), u"picklist"_s,
                                          [](const QJsonObject &picklist) {
                                              return faultOfEach(picklist.value(u"picklistValues"_s),
                                                                 u"value"_s, faultOfValue);
                                          })});
                     })});
}

} // namespace parley::sandbox
