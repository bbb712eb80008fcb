#include "app/sandbox/Metadata.h"
#include "app/sandbox/OrgDocuments.h"
#include "app/sandbox/RecordId.h"
#include "app/sandbox/Store.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QJsonDocument>
#include <QRegularExpression>
#include <QSet>

namespace parley::sandbox {

using namespace Qt::Literals::StringLiterals;

namespace {

struct Document {
    QByteArray bytes;
    QJsonObject object;
};

Result<Document> readDocument(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return fail(Errc::Storage, path + u": "_s + file.errorString());
    Document document{.bytes = file.readAll(), .object = {}};
    QJsonParseError error;
    const QJsonDocument json = QJsonDocument::fromJson(document.bytes, &error);
    if (error.error != QJsonParseError::NoError)
        return fail(Errc::InvalidInput,
                    u"%1: %2 at byte %3"_s.arg(path, error.errorString()).arg(error.offset));
    if (!json.isObject())
        return fail(Errc::InvalidInput, path + u": not a JSON object"_s);
    document.object = json.object();
    return document;
}

// What the sandbox itself leans on; without it the object could not do its part.
QStringList leanedOn(const QString &object)
{
    static const QHash<QString, QStringList> needed{
        {u"User"_s, {u"Username"_s, u"Email"_s, u"FirstName"_s, u"LastName"_s, u"Name"_s, u"IsActive"_s}},
        {u"ContentVersion"_s, {u"ContentDocumentId"_s, u"IsLatest"_s, u"IsDeleted"_s, u"VersionData"_s}},
        {u"ContentDocument"_s, {u"IsDeleted"_s, u"Title"_s}},
        {u"ContentDocumentLink"_s, {u"ContentDocumentId"_s, u"LinkedEntityId"_s, u"IsDeleted"_s}},
        {u"ContentNote"_s, {u"Content"_s, u"Title"_s, u"IsDeleted"_s}}};
    return needed.value(object);
}

// Set by the org itself, in every org.
bool isSystemField(const QString &name)
{
    static const QStringList names{u"Id"_s,
                                   u"IsDeleted"_s,
                                   u"CreatedDate"_s,
                                   u"CreatedById"_s,
                                   u"LastModifiedDate"_s,
                                   u"LastModifiedById"_s,
                                   u"SystemModstamp"_s,
                                   u"LastActivityDate"_s,
                                   u"LastViewedDate"_s,
                                   u"LastReferencedDate"_s};
    return names.contains(name);
}

// A key prefix that nobody has, the same one at every start.
QString freePrefix(const Metadata &metadata, const QString &name)
{
    static constexpr char16_t kDigits[] = u"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    size_t number = 0;
    for (const QChar c : name)
        number = number * 31 + c.unicode();
    constexpr int kAll = 62 * 62;
    for (int tried = 0; tried < kAll; ++tried, ++number) {
        const QString prefix = QString(u'z') + QChar(kDigits[number / 62 % 62]) + QChar(kDigits[number % 62]);
        if (!metadata.byPrefix(prefix))
            return prefix;
    }
    return {}; // more objects than prefixes: the last ones do without
}

void completeField(Field &field, const QJsonObject &json, const Field *ours)
{
    const bool open =
        !isSystemField(field.name) && !field.calculated && !field.autoNumber && !field.isCompound();
    if (!json.contains(u"createable"_s))
        field.createable = ours ? ours->createable : open;
    if (!json.contains(u"updateable"_s))
        field.updateable = ours ? ours->updateable : open;
    if (!json.contains(u"defaultedOnCreate"_s))
        field.defaultedOnCreate =
            ours && ours->createable == field.createable
                ? ours->defaultedOnCreate
                : field.type == u"boolean"_s || field.name == u"OwnerId"_s || isSystemField(field.name);
    if (!json.contains(u"nameField"_s))
        field.nameField = ours ? ours->nameField : field.name == u"Name"_s && field.isText();
    if (!ours)
        return;
    if (!json.contains(u"length"_s))
        field.length = ours->length;
    if (!json.contains(u"precision"_s)) {
        field.precision = ours->precision;
        field.scale = ours->scale;
        field.digits = ours->digits;
    }
    if (!json.contains(u"compoundFieldName"_s))
        field.compoundFieldName = ours->compoundFieldName;
    if (!json.contains(u"idLookup"_s))
        field.idLookup = ours->idLookup;
}

// A trimmed document leaves out what it takes for granted: the built-in object of the same name knows it,
// else what is usual. The document itself is answered as it is.
void complete(ObjectInfo &object, const QJsonObject &describe, const ObjectInfo *ours,
              const Metadata &metadata)
{
    const auto flag = [&](const QString &key, bool &value, bool builtIn) {
        if (!describe.contains(key))
            value = ours ? builtIn : true;
    };
    flag(u"createable"_s, object.createable, ours && ours->createable);
    flag(u"updateable"_s, object.updateable, ours && ours->updateable);
    flag(u"deletable"_s, object.deletable, ours && ours->deletable);
    flag(u"searchable"_s, object.searchable, ours && ours->searchable);
    if (object.label.isEmpty())
        object.label = object.name;
    if (object.keyPrefix.isEmpty())
        object.keyPrefix = ours ? ours->keyPrefix : freePrefix(metadata, object.name);
    const QJsonArray fields = describe.value(u"fields"_s).toArray();
    for (qsizetype i = 0; i < fields.size(); ++i) {
        Field &field = object.fields[size_t(i)];
        completeField(field, fields.at(i).toObject(), ours ? ours->field(field.name) : nullptr);
    }
    if (object.recordTypes.isEmpty()) // every object has the master, whatever the document forgot
        object.recordTypes.append({.id = u"012000000000000AAA"_s,
                                   .name = u"Master"_s,
                                   .developerName = u"Master"_s,
                                   .isDefault = true,
                                   .master = true});
    for (const QString &needed : leanedOn(object.name)) {
        if (object.has(needed) || !ours || !ours->has(needed))
            continue;
        object.index.insert(needed.toLower(), int(object.fields.size()));
        object.fields.push_back(*ours->field(needed));
    }
}

// What a record type offers of its picklists stands with the layouts.
void takeRecordTypes(ObjectInfo &object, const QJsonObject &layouts)
{
    for (const QJsonValue mapping : layouts.value(u"recordTypeMappings"_s).toArray()) {
        const QString id = normalizeId(mapping[u"recordTypeId"_s].toString()).value_or(QString());
        const auto type = std::ranges::find(object.recordTypes, id, &RecordTypeInfo::id);
        if (type == object.recordTypes.end())
            continue;
        for (const QJsonValue picklist : mapping[u"picklistsForRecordType"_s].toArray()) {
            const QString name = picklist[u"picklistName"_s].toString();
            QStringList offered;
            for (const QJsonValue value : picklist[u"picklistValues"_s].toArray()) {
                if (!value[u"active"_s].toBool(true))
                    continue;
                offered.append(value[u"value"_s].toString());
                if (value[u"defaultValue"_s].toBool())
                    type->defaultPicks.insert(name, offered.last());
            }
            type->picklists.insert(name, offered);
        }
    }
}

// Everything of that name in the folder, so that what is no file is told and not passed over.
Result<QStringList> filesOf(const QDir &folder)
{
    const QStringList names =
        folder.entryList({u"*.json"_s}, QDir::AllEntries | QDir::System | QDir::NoDotAndDotDot, QDir::Name);
    for (const QString &name : names) {
        if (!QFileInfo(folder.filePath(name)).isFile())
            return fail(Errc::InvalidInput, folder.filePath(name) + u": is no file"_s);
    }
    return names;
}

} // namespace

Result<Done> Metadata::loadDescribe(const QString &path, const QString &name)
{
    const auto document = readDocument(path);
    if (!document)
        return fail(document.error());
    const QString fault = faultOfDescribe(document->object, name);
    if (!fault.isEmpty())
        return fail(Errc::InvalidInput, path + u": "_s + fault);
    const QString prefix = document->object.value(u"keyPrefix"_s).toString();
    const ObjectInfo *ours = this->object(name);
    const ObjectInfo *other = prefix.isEmpty() ? nullptr : byPrefix(prefix);
    const bool isShared = ours && ours->keyPrefix == prefix; // a ContentNote is a ContentDocument by its id
    if (other && other->name != name && !isShared)
        return fail(Errc::InvalidInput,
                    u"%1: its keyPrefix %2 is that of %3"_s.arg(path, prefix, other->name));
    ObjectInfo object = readDescribe(document->object);
    object.rawDescribe = document->bytes;
    complete(object, document->object, ours, *this);
    if (ours)
        object.definition = ours->definition; // its layout serves where the folder has none
    put(std::move(object));
    return Done{};
}

// Objects that only the list of objects knows still answer: with a name, an owner and the fields that all
// have.
void Metadata::addNamedOnly(const QJsonArray &sobjects)
{
    static const QRegularExpression wellNamed(u"^[A-Za-z][A-Za-z0-9_]*$"_s);
    for (const QJsonValue entry : sobjects) {
        const QString name = entry[u"name"_s].toString();
        if (!wellNamed.match(name).hasMatch() || object(name))
            continue;
        const auto flag = [&entry](const QString &key) {
            return entry[key].toBool();
        };
        const QJsonArray fields{QJsonObject{{u"name"_s, u"Name"_s},
                                            {u"type"_s, u"string"_s},
                                            {u"label"_s, u"Name"_s},
                                            {u"length"_s, 80},
                                            {u"nameField"_s, true}},
                                QJsonObject{{u"name"_s, u"OwnerId"_s},
                                            {u"type"_s, u"reference"_s},
                                            {u"label"_s, u"Owner ID"_s},
                                            {u"to"_s, QJsonArray{u"User"_s}},
                                            {u"required"_s, true},
                                            {u"defaulted"_s, true},
                                            {u"as"_s, u"Owner"_s}}};
        // Where the org's list names none, its records need one all the same: an id has to say whose it is.
        const QString named = entry[u"keyPrefix"_s].toString();
        const QString prefix = named.isEmpty() ? freePrefix(*this, name) : named;
        ObjectInfo made = readDescribe(expandDescribe(QJsonObject{{u"name"_s, name},
                                                                  {u"label"_s, entry[u"label"_s]},
                                                                  {u"plural"_s, entry[u"labelPlural"_s]},
                                                                  {u"prefix"_s, prefix},
                                                                  {u"audit"_s, u"brief"_s},
                                                                  {u"layoutable"_s, flag(u"layoutable"_s)},
                                                                  {u"searchable"_s, flag(u"searchable"_s)},
                                                                  {u"writable"_s, flag(u"createable"_s)},
                                                                  {u"deletable"_s, flag(u"deletable"_s)},
                                                                  {u"fields"_s, fields}}));
        made.namedOnly = true;
        put(std::move(made));
    }
}

// A field that shows another record's (Case.ContactEmail) is an ordinary one where that is not to be had.
void Metadata::dropBrokenPaths()
{
    const auto leads = [this](const ObjectInfo &from, const QString &path) {
        const ObjectInfo *at = &from;
        const QStringList parts = path.split(u'.');
        for (const QString &relation : parts.first(parts.size() - 1)) {
            const Field *reference = at ? at->byRelationship(relation) : nullptr;
            at = reference ? object(reference->referenceTo.value(0)) : nullptr;
        }
        return at && at->has(parts.last());
    };
    for (ObjectInfo &object : m_objects) {
        for (Field &field : object.fields) {
            if (!field.derivedFrom.isEmpty() && !leads(object, field.derivedFrom))
                field.derivedFrom.clear();
            if (std::ranges::any_of(field.concat, [&](const QString &part) {
                    return !part.startsWith(u'\'') && !leads(object, part);
                }))
                field.concat.clear();
        }
    }
}

Result<Metadata> Metadata::fromFolder(const QString &folder)
{
    if (!QFileInfo(folder).isDir())
        return fail(Errc::InvalidInput, folder + u": no such folder"_s);
    if (!QFileInfo(folder + u"/salesforce"_s).isDir())
        return fail(Errc::InvalidInput, folder + u": has no folder \"salesforce\""_s);
    for (const QString &part : {u"/salesforce/describe"_s, u"/salesforce/layouts"_s}) {
        const QFileInfo there(folder + part);
        if (there.exists() && !there.isDir())
            return fail(Errc::InvalidInput, folder + part + u": is no folder"_s);
    }
    auto metadata = builtIn();
    if (!metadata)
        return metadata;
    QJsonArray listed;
    const QDir describes(folder + u"/salesforce/describe"_s);
    const auto described = filesOf(describes);
    if (!described)
        return fail(described.error());
    for (const QString &file : *described) {
        const QString name = QFileInfo(file).completeBaseName();
        if (name != u"Global"_s) {
            if (const auto loaded = metadata->loadDescribe(describes.filePath(file), name); !loaded)
                return fail(loaded.error());
            continue;
        }
        const auto global = readDocument(describes.filePath(file));
        if (!global)
            return fail(global.error());
        if (const QString fault = faultOfGlobal(global->object); !fault.isEmpty())
            return fail(Errc::InvalidInput, describes.filePath(file) + u": "_s + fault);
        metadata->m_rawGlobal = global->bytes;
        listed = global->object.value(u"sobjects"_s).toArray();
    }
    metadata->addNamedOnly(listed);
    metadata->dropBrokenPaths();
    if (const auto loaded = metadata->loadLayouts(folder + u"/salesforce/layouts"_s); !loaded)
        return fail(loaded.error());
    return metadata;
}

Result<Done> Metadata::loadLayouts(const QString &folder)
{
    const QDir layouts(folder);
    const auto known = [this](const QString &name) {
        return std::ranges::find_if(m_objects, [&name](const ObjectInfo &object) {
            return object.name.compare(name, Qt::CaseInsensitive) == 0;
        });
    };
    const auto files = filesOf(layouts);
    if (!files)
        return fail(files.error());
    for (const QString &file : *files) {
        const QString path = layouts.filePath(file);
        const auto document = readDocument(path);
        if (!document)
            return fail(document.error());
        if (const QString fault = faultOfLayouts(document->object); !fault.isEmpty())
            return fail(Errc::InvalidInput, path + u": "_s + fault);
        const QString name = QFileInfo(file).completeBaseName();
        const auto it = known(name);
        if (it == m_objects.end())
            return fail(Errc::InvalidInput, path + u": no describe of "_s + name);
        it->rawLayouts = document->bytes;
        takeRecordTypes(*it, document->object);
    }
    for (const QString &name : layouts.entryList(QDir::Dirs | QDir::NoDotAndDotDot, QDir::Name)) {
        const QDir single(layouts.filePath(name));
        const auto it = known(name);
        if (it == m_objects.end())
            return fail(Errc::InvalidInput, single.path() + u": no describe of "_s + name);
        const auto ones = filesOf(single);
        if (!ones)
            return fail(ones.error());
        for (const QString &one : *ones) {
            const QString path = single.filePath(one);
            const auto layout = readDocument(path);
            if (!layout)
                return fail(layout.error());
            const auto id = normalizeId(QFileInfo(one).completeBaseName());
            if (!id)
                return fail(Errc::InvalidInput, path + u": not named after a record type's id"_s);
            if (const QString fault = faultOfLayout(layout->object); !fault.isEmpty())
                return fail(Errc::InvalidInput, path + u": "_s + fault);
            it->rawLayoutOf.insert(*id, layout->bytes);
        }
    }
    return Done{};
}

} // namespace parley::sandbox
