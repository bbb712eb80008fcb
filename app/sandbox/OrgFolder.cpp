#include "app/sandbox/Metadata.h"
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

constexpr int kMaxColumns = 1990; // SQLite takes two thousand in one table

// What the sandbox itself leans on; without it the object could not do its part.
QStringList leanedOn(const QString &object)
{
    static const QHash<QString, QStringList> needed{
        {u"User"_s, {u"Username"_s, u"Email"_s, u"FirstName"_s, u"LastName"_s, u"Name"_s, u"IsActive"_s}},
        {u"ContentVersion"_s, {u"ContentDocumentId"_s, u"IsLatest"_s, u"IsDeleted"_s, u"VersionData"_s}},
        {u"ContentDocument"_s, {u"IsDeleted"_s, u"Title"_s}},
        {u"ContentDocumentLink"_s, {u"ContentDocumentId"_s, u"LinkedEntityId"_s, u"IsDeleted"_s}},
        {u"ContentNote"_s, {u"Content"_s, u"Title"_s, u"IsDeleted"_s}}};
    return QStringList{u"Id"_s} + needed.value(object);
}

// Says what is wrong with a describe document, or nothing. Names become parts of SQL, so they are looked at
// closely.
QString faultOf(const QJsonObject &describe, const QString &name)
{
    static const QRegularExpression wellNamed(u"^[A-Za-z][A-Za-z0-9_]*$"_s);
    if (describe.value(u"name"_s).toString() != name || !wellNamed.match(name).hasMatch())
        return u"describes \"%1\", not \"%2\""_s.arg(describe.value(u"name"_s).toString(), name);
    const QJsonArray fields = describe.value(u"fields"_s).toArray();
    if (fields.isEmpty())
        return u"has no fields"_s;
    QSet<QString> seen;
    for (qsizetype i = 0; i < fields.size(); ++i) {
        const QJsonObject field = fields.at(i).toObject();
        const QString fieldName = field.value(u"name"_s).toString();
        if (!wellNamed.match(fieldName).hasMatch() || field.value(u"type"_s).toString().isEmpty())
            return u"field %1 has no usable name or no type"_s.arg(i);
        if (seen.contains(fieldName.toLower()))
            return u"field %1 (%2) is there twice"_s.arg(i).arg(fieldName);
        seen.insert(fieldName.toLower());
    }
    for (const QString &needed : leanedOn(name)) {
        if (!seen.contains(needed.toLower()))
            return u"has no field %1"_s.arg(needed);
    }
    const ObjectInfo object = readDescribe(describe);
    const auto columns =
        std::ranges::count_if(object.fields, &Field::isStored) +
        std::ranges::count_if(object.fields, [](const Field &field) { return hasFolded(field); });
    return columns > kMaxColumns ? u"has more fields than the sandbox can keep"_s : QString();
}

} // namespace

Result<Done> Metadata::loadDescribe(const QString &path, const QString &name)
{
    const auto document = readDocument(path);
    if (!document)
        return fail(document.error());
    const QString fault = faultOf(document->object, name);
    if (!fault.isEmpty())
        return fail(Errc::InvalidInput, path + u": "_s + fault);
    ObjectInfo object = readDescribe(document->object);
    object.rawDescribe = document->bytes;
    if (const ObjectInfo *ours = this->object(name))
        object.definition = ours->definition; // its layout serves where the folder has none
    put(std::move(object));
    return Done{};
}

Result<Metadata> Metadata::fromFolder(const QString &folder)
{
    if (!QFileInfo(folder).isDir())
        return fail(Errc::InvalidInput, folder + u": no such folder"_s);
    auto metadata = builtIn();
    if (!metadata)
        return metadata;
    const QDir describes(folder + u"/salesforce/describe"_s);
    for (const QString &file : describes.entryList({u"*.json"_s}, QDir::Files, QDir::Name)) {
        const QString name = QFileInfo(file).completeBaseName();
        if (name == u"Global"_s) {
            const auto global = readDocument(describes.filePath(file));
            if (!global)
                return fail(global.error());
            if (!global->object.value(u"sobjects"_s).isArray())
                return fail(Errc::InvalidInput, describes.filePath(file) + u": has no sobjects"_s);
            metadata->m_rawGlobal = global->bytes;
        } else if (const auto loaded = metadata->loadDescribe(describes.filePath(file), name); !loaded) {
            return fail(loaded.error());
        }
    }
    const QDir layouts(folder + u"/salesforce/layouts"_s);
    for (const QString &file : layouts.entryList({u"*.json"_s}, QDir::Files, QDir::Name)) {
        const auto document = readDocument(layouts.filePath(file));
        if (!document)
            return fail(document.error());
        if (!document->object.contains(u"layouts"_s) && !document->object.contains(u"recordTypeMappings"_s))
            return fail(Errc::InvalidInput,
                        layouts.filePath(file) + u": has neither layouts nor recordTypeMappings"_s);
        const QString name = QFileInfo(file).completeBaseName();
        const auto it = std::ranges::find(metadata->m_objects, name, &ObjectInfo::name);
        if (it == metadata->m_objects.end())
            return fail(Errc::InvalidInput, layouts.filePath(file) + u": no describe of "_s + name);
        it->rawLayouts = document->bytes;
    }
    return metadata;
}

} // namespace parley::sandbox
