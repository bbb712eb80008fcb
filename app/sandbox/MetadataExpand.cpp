#include "app/sandbox/Metadata.h"
#include "app/sandbox/RecordId.h"

namespace parley::sandbox {

using namespace Qt::Literals::StringLiterals;

namespace {

bool isCustomName(const QString &name)
{
    return name.endsWith(u"__c"_s) || name.endsWith(u"__s"_s); // __s: the parts of a geolocation
}

QString soapTypeOf(const QString &type)
{
    static const QHash<QString, QString> known{{u"id"_s, u"tns:ID"_s},
                                               {u"reference"_s, u"tns:ID"_s},
                                               {u"boolean"_s, u"xsd:boolean"_s},
                                               {u"int"_s, u"xsd:int"_s},
                                               {u"double"_s, u"xsd:double"_s},
                                               {u"currency"_s, u"xsd:double"_s},
                                               {u"percent"_s, u"xsd:double"_s},
                                               {u"date"_s, u"xsd:date"_s},
                                               {u"datetime"_s, u"xsd:dateTime"_s},
                                               {u"time"_s, u"xsd:time"_s},
                                               {u"address"_s, u"urn:address"_s},
                                               {u"location"_s, u"urn:location"_s},
                                               {u"base64"_s, u"xsd:base64Binary"_s}};
    return known.value(type, u"xsd:string"_s);
}

int defaultLength(const QString &type)
{
    static const QHash<QString, int> known{
        {u"id"_s, 18},        {u"reference"_s, 18},       {u"email"_s, 80},           {u"phone"_s, 40},
        {u"url"_s, 255},      {u"picklist"_s, 255},       {u"string"_s, 255},         {u"textarea"_s, 255},
        {u"combobox"_s, 255}, {u"multipicklist"_s, 4099}, {u"encryptedstring"_s, 175}};
    return known.value(type, 0);
}

// "Open*" marks the default; an object {value, label?, for?} says more.
QJsonArray expandValues(const QJsonArray &shortValues, qsizetype controllerValues)
{
    QJsonArray values;
    for (const QJsonValue entry : shortValues) {
        QString value = entry.isString() ? entry.toString() : entry[u"value"_s].toString();
        const bool isDefault = value.endsWith(u'*');
        if (isDefault)
            value.chop(1);
        QJsonValue validFor;
        if (entry.isObject() && entry[u"for"_s].isArray()) {
            QList<int> allowed;
            for (const QJsonValue index : entry[u"for"_s].toArray())
                allowed.append(index.toInt());
            validFor = validForBits(allowed, controllerValues);
        }
        values.append(QJsonObject{{u"active"_s, entry.isObject() ? entry[u"active"_s].toBool(true) : true},
                                  {u"defaultValue"_s, isDefault},
                                  {u"label"_s, entry.isObject() ? entry[u"label"_s].toString(value) : value},
                                  {u"validFor"_s, validFor.isString() ? validFor : QJsonValue()},
                                  {u"value"_s, value}});
    }
    return values;
}

// What one short form says, asked once.
struct Traits {
    explicit Traits(const QJsonObject &given)
        : shortForm(given)
    {}
    [[nodiscard]] bool is(const QString &flag) const { return shortForm.value(flag).toBool(); }
    [[nodiscard]] QJsonValue orNull(const QString &key) const
    {
        return shortForm.contains(key) ? shortForm.value(key) : QJsonValue();
    }

    QJsonObject shortForm;
    QString name = shortForm.value(u"name"_s).toString();
    QString type = shortForm.value(u"type"_s).toString();
    bool formula = shortForm.contains(u"path"_s) || shortForm.contains(u"concat"_s);
    bool automatic = shortForm.contains(u"auto"_s);
    bool system = is(u"system"_s) || formula || automatic;
    bool compound = type == u"address"_s || type == u"location"_s;
    int length = shortForm.value(u"length"_s).toInt(defaultLength(type));
    bool numeric = type == u"double"_s || type == u"currency"_s || type == u"percent"_s;
    bool isLong = (type == u"textarea"_s && length > 255) || type == u"base64"_s;
    bool boolean = type == u"boolean"_s;
    bool required =
        is(u"required"_s) || boolean || type == u"id"_s || (is(u"system"_s) && !is(u"nillable"_s));
    bool picks = type == u"picklist"_s || type == u"multipicklist"_s || type == u"combobox"_s;
};

// The first half of describe's alphabet.
QJsonObject firstHalf(const Traits &t)
{
    return {
        {u"aggregatable"_s, !t.isLong && !t.boolean && !t.compound && t.type != u"multipicklist"_s &&
                                t.type != u"encryptedstring"_s},
        {u"aiPredictionField"_s, false},
        {u"autoNumber"_s, t.automatic},
        {u"byteLength"_s, t.type == u"id"_s || t.type == u"reference"_s ? t.length : t.length * 3},
        {u"calculated"_s, t.formula && t.name.endsWith(u"__c"_s)},
        {u"calculatedFormula"_s, t.orNull(u"formula"_s)},
        {u"cascadeDelete"_s, false},
        {u"caseSensitive"_s, t.is(u"caseSensitive"_s)},
        {u"compoundFieldName"_s, t.orNull(u"part"_s)},
        {u"controllerName"_s, t.orNull(u"controller"_s)},
        {u"createable"_s, !t.system && !t.compound && !t.is(u"readOnly"_s)},
        {u"custom"_s, isCustomName(t.name)},
        {u"defaultValue"_s,
         t.boolean ? t.shortForm.value(u"defaultValue"_s).toBool() : t.orNull(u"defaultValue"_s)},
        {u"defaultValueFormula"_s, QJsonValue()},
        {u"defaultedOnCreate"_s,
         t.boolean || t.is(u"defaulted"_s) || (t.is(u"system"_s) && !t.is(u"nillable"_s)) || t.automatic},
        {u"dependentPicklist"_s, t.shortForm.contains(u"controller"_s)},
        {u"deprecatedAndHidden"_s, false},
        {u"digits"_s, t.type == u"int"_s ? t.shortForm.value(u"digits"_s).toInt(8) : 0},
        {u"displayLocationInDecimal"_s, t.type == u"location"_s},
        {u"encrypted"_s, t.type == u"encryptedstring"_s},
        {u"externalId"_s, t.is(u"externalId"_s)},
        {u"extraTypeInfo"_s, t.orNull(u"extra"_s)},
        {u"filterable"_s, !t.isLong && t.type != u"encryptedstring"_s},
        {u"filteredLookupInfo"_s, QJsonValue()},
        {u"formulaTreatNullNumberAsZero"_s, false},
        {u"groupable"_s, !t.isLong && !t.compound && !t.numeric && t.type != u"datetime"_s &&
                             t.type != u"multipicklist"_s && t.type != u"encryptedstring"_s && !t.formula &&
                             !t.automatic},
    };
}

// The second half, with what hangs on other fields.
QJsonObject expandField(const QJsonObject &shortForm, qsizetype controllerValues)
{
    const Traits t(shortForm);
    QStringList targets;
    for (const QJsonValue target : shortForm.value(u"to"_s).toArray())
        targets.append(target.toString());
    const QJsonArray values = expandValues(shortForm.value(u"values"_s).toArray(), controllerValues);
    QJsonObject field = firstHalf(t);
    const QJsonObject rest{
        {u"highScaleNumber"_s, false},
        {u"htmlFormatted"_s, t.is(u"html"_s)},
        {u"idLookup"_s, t.is(u"idLookup"_s) || t.is(u"externalId"_s) || t.type == u"id"_s},
        {u"inlineHelpText"_s, t.orNull(u"help"_s)},
        {u"label"_s, t.shortForm.value(u"label"_s)},
        {u"length"_s, t.length},
        {u"mask"_s, t.type == u"encryptedstring"_s ? QJsonValue(u"*"_s) : QJsonValue()},
        {u"maskType"_s, t.type == u"encryptedstring"_s ? QJsonValue(u"lastFour"_s) : QJsonValue()},
        {u"name"_s, t.name},
        {u"nameField"_s, t.is(u"nameField"_s)},
        {u"namePointing"_s, targets.size() > 1 && (t.name == u"WhoId"_s || t.name == u"WhatId"_s)},
        {u"nillable"_s, !t.required && !t.automatic},
        {u"permissionable"_s, !t.required && !t.is(u"system"_s)},
        {u"picklistValues"_s, values},
        {u"polymorphicForeignKey"_s, targets.size() > 1},
        {u"precision"_s, t.numeric ? t.shortForm.value(u"precision"_s).toInt(18) : 0},
        {u"queryByDistance"_s, t.compound},
        {u"referenceTargetField"_s, QJsonValue()},
        {u"referenceTo"_s, QJsonArray::fromStringList(targets)},
        {u"relationshipName"_s, t.orNull(u"as"_s)},
        {u"relationshipOrder"_s, QJsonValue()},
        {u"restrictedDelete"_s, false},
        {u"restrictedPicklist"_s, t.picks && (t.is(u"restricted"_s) || t.name.endsWith(u"__c"_s))},
        {u"scale"_s, t.numeric ? t.shortForm.value(u"scale"_s).toInt(0) : 0},
        {u"searchPrefilterable"_s, t.type == u"reference"_s},
        {u"soapType"_s, soapTypeOf(t.type)},
        {u"sortable"_s,
         !t.isLong && !t.compound && t.type != u"multipicklist"_s && t.type != u"encryptedstring"_s},
        {u"type"_s, t.type},
        {u"unique"_s, t.is(u"unique"_s) || (t.automatic && t.name.endsWith(u"__c"_s))},
        {u"updateable"_s, !t.system && !t.compound && !t.is(u"readOnly"_s) && !t.is(u"createOnly"_s)},
        {u"writeRequiresMasterRead"_s, false},
    };
    for (auto it = rest.begin(); it != rest.end(); ++it)
        field.insert(it.key(), *it);
    return field;
}

QJsonObject shortField(const QString &name, const QString &type, const QString &label,
                       const QJsonObject &more)
{
    QJsonObject field = more;
    field.insert(u"name"_s, name);
    field.insert(u"type"_s, type);
    field.insert(u"label"_s, label);
    return field;
}

// What every record carries, in the order in which describe lists it: some first, some after the object's own
// fields.
QJsonArray withSystemFields(const QJsonObject &definition)
{
    const QJsonObject system{{u"system"_s, true}};
    const QJsonObject nillable{{u"system"_s, true}, {u"nillable"_s, true}};
    const auto toUser = [](const QString &as) {
        return QJsonObject{{u"system"_s, true}, {u"to"_s, QJsonArray{u"User"_s}}, {u"as"_s, as}};
    };
    const QString audit = definition.value(u"audit"_s).toString(u"full"_s);
    const QString label = definition.value(u"label"_s).toString();
    QJsonArray fields{shortField(u"Id"_s, u"id"_s, label + u" ID"_s, system)};
    if (audit != u"none"_s && audit != u"user"_s)
        fields.append(shortField(u"IsDeleted"_s, u"boolean"_s, u"Deleted"_s, system));
    QJsonArray custom;
    for (const QJsonValue field : definition.value(u"fields"_s).toArray())
        isCustomName(field[u"name"_s].toString()) ? custom.append(field) : fields.append(field);
    if (audit == u"full"_s || audit == u"brief"_s || audit == u"user"_s) {
        fields.append(shortField(u"CreatedDate"_s, u"datetime"_s, u"Created Date"_s, system));
        fields.append(
            shortField(u"CreatedById"_s, u"reference"_s, u"Created By ID"_s, toUser(u"CreatedBy"_s)));
        fields.append(shortField(u"LastModifiedDate"_s, u"datetime"_s, u"Last Modified Date"_s, system));
        fields.append(shortField(u"LastModifiedById"_s, u"reference"_s, u"Last Modified By ID"_s,
                                 toUser(u"LastModifiedBy"_s)));
    }
    if (audit != u"none"_s)
        fields.append(shortField(u"SystemModstamp"_s, u"datetime"_s, u"System Modstamp"_s, system));
    if (audit == u"full"_s) {
        fields.append(shortField(u"LastViewedDate"_s, u"datetime"_s, u"Last Viewed Date"_s, nillable));
        fields.append(
            shortField(u"LastReferencedDate"_s, u"datetime"_s, u"Last Referenced Date"_s, nillable));
    }
    for (const QJsonValue field : custom)
        fields.append(field);
    return fields;
}

QJsonArray expandFields(const QJsonObject &definition)
{
    const QJsonArray shortFields = withSystemFields(definition);
    QHash<QString, qsizetype> counts; // values per possible controller; a checkbox counts two
    for (const QJsonValue field : shortFields)
        counts.insert(field[u"name"_s].toString(),
                      field[u"type"_s].toString() == u"boolean"_s ? 2 : field[u"values"_s].toArray().size());
    QJsonArray fields;
    for (const QJsonValue field : shortFields)
        fields.append(expandField(field.toObject(), counts.value(field[u"controller"_s].toString())));
    return fields;
}

QJsonArray expandRecordTypes(const QJsonObject &definition)
{
    const QString name = definition.value(u"name"_s).toString();
    const auto info = [&name](const QString &id, const QString &label, const QString &developerName,
                              bool isDefault, bool master, bool active) {
        return QJsonObject{{u"active"_s, active},
                           {u"available"_s, active},
                           {u"defaultRecordTypeMapping"_s, isDefault},
                           {u"developerName"_s, developerName},
                           {u"master"_s, master},
                           {u"name"_s, label},
                           {u"recordTypeId"_s, id},
                           {u"urls"_s, QJsonObject{{u"layout"_s, u"/services/data/vxx.0/sobjects/"_s + name +
                                                                     u"/describe/layouts/"_s + id}}}};
    };
    QJsonArray infos;
    bool hasDefault = false;
    for (const QJsonValue type : definition.value(u"recordTypes"_s).toArray()) {
        const bool isDefault = type[u"default"_s].toBool();
        hasDefault = hasDefault || isDefault;
        infos.append(info(makeId(u"012", type[u"number"_s].toInt()), type[u"name"_s].toString(),
                          type[u"developerName"_s].toString(), isDefault, false,
                          type[u"active"_s].toBool(true)));
    }
    if (definition.value(u"layoutable"_s).toBool(true))
        infos.append(info(u"012000000000000AAA"_s, u"Master"_s, u"Master"_s, !hasDefault, true, true));
    return infos;
}

} // namespace

QString validForBits(const QList<int> &allowed, qsizetype controllerValues)
{
    // Salesforce pads to whole groups of three bytes, so that the base64 text has no '='.
    QByteArray bits(std::max<qsizetype>(3, (controllerValues + 23) / 24 * 3), '\0');
    for (const int index : allowed)
        bits[index >> 3] = char(uchar(bits[index >> 3]) | (0x80 >> (index & 7)));
    return QString::fromLatin1(bits.toBase64());
}

QList<int> validForIndexes(const QString &validFor)
{
    const QByteArray bits = QByteArray::fromBase64(validFor.toLatin1());
    QList<int> indexes;
    for (int k = 0; k < bits.size() * 8; ++k) {
        if (uchar(bits[k >> 3]) & (0x80 >> (k & 7)))
            indexes.append(k);
    }
    return indexes;
}

QJsonObject expandDescribe(const QJsonObject &definition)
{
    const QString name = definition.value(u"name"_s).toString();
    const QString prefix = definition.value(u"prefix"_s).toString();
    const bool layoutable = definition.value(u"layoutable"_s).toBool(true);
    const bool writable = definition.value(u"writable"_s).toBool(true);
    const QString base = u"/services/data/vxx.0/sobjects/"_s + name;
    QJsonObject urls{
        {u"rowTemplate"_s, base + u"/{ID}"_s}, {u"describe"_s, base + u"/describe"_s}, {u"sobject"_s, base}};
    if (layoutable) {
        for (const QString &part : {u"compactLayouts"_s, u"approvalLayouts"_s, u"layouts"_s})
            urls.insert(part, base + u"/describe/"_s + part);
        urls.insert(u"quickActions"_s, base + u"/quickActions"_s);
        urls.insert(u"listviews"_s, base + u"/listviews"_s);
        urls.insert(u"uiDetailTemplate"_s, u"{instance}/{ID}"_s);
        urls.insert(u"uiEditTemplate"_s, u"{instance}/{ID}/e"_s);
        urls.insert(u"uiNewRecord"_s, u"{instance}/"_s + prefix + u"/e"_s);
    }
    QJsonArray scopes{
        QJsonObject{{u"label"_s, u"All "_s + definition.value(u"plural"_s).toString().toLower()},
                    {u"name"_s, u"everything"_s}},
        QJsonObject{{u"label"_s, u"My "_s + definition.value(u"plural"_s).toString().toLower()},
                    {u"name"_s, u"mine"_s}}};
    QJsonObject describe{{u"actionOverrides"_s, QJsonArray()},
                         {u"childRelationships"_s, QJsonArray()},
                         {u"compactLayoutable"_s, layoutable},
                         {u"createable"_s, writable},
                         {u"deletable"_s, writable && definition.value(u"deletable"_s).toBool(true)},
                         {u"feedEnabled"_s, layoutable},
                         {u"fields"_s, expandFields(definition)},
                         {u"keyPrefix"_s, prefix.isEmpty() ? QJsonValue() : QJsonValue(prefix)},
                         {u"label"_s, definition.value(u"label"_s)},
                         {u"labelPlural"_s, definition.value(u"plural"_s)},
                         {u"layoutable"_s, layoutable},
                         {u"mergeable"_s, definition.value(u"mergeable"_s).toBool()},
                         {u"mruEnabled"_s, layoutable},
                         {u"name"_s, name},
                         {u"namedLayoutInfos"_s, QJsonArray()},
                         {u"queryable"_s, true},
                         {u"recordTypeInfos"_s, expandRecordTypes(definition)},
                         {u"replicateable"_s, true},
                         {u"retrieveable"_s, true},
                         {u"searchLayoutable"_s, layoutable},
                         {u"searchable"_s, definition.value(u"searchable"_s).toBool(layoutable)},
                         {u"sobjectDescribeOption"_s, u"FULL"_s},
                         {u"supportedScopes"_s, scopes},
                         {u"triggerable"_s, layoutable},
                         {u"undeletable"_s, writable},
                         {u"updateable"_s, writable},
                         {u"urls"_s, urls}};
    for (const QString &off : {u"activateable"_s, u"customSetting"_s, u"deepCloneable"_s,
                               u"deprecatedAndHidden"_s, u"hasSubtypes"_s, u"isInterface"_s, u"isSubtype"_s})
        describe.insert(off, false);
    describe.insert(u"custom"_s, name.endsWith(u"__c"_s));
    for (const QString &none :
         {u"associateEntityType"_s, u"associateParentEntity"_s, u"defaultImplementation"_s, u"extendedBy"_s,
          u"extendsInterfaces"_s, u"implementedBy"_s, u"implementsInterfaces"_s, u"listviewable"_s,
          u"lookupLayoutable"_s, u"networkScopeFieldName"_s})
        describe.insert(none, QJsonValue());
    return describe;
}

} // namespace parley::sandbox
