#include "app/sandbox/Records.h"
#include "core/base/Clock.h"

#include <QCryptographicHash>
#include <QFileInfo>
#include <QRegularExpression>

namespace parley::sandbox {

using namespace Qt::Literals::StringLiterals;

namespace {

QString fileTypeOf(const QString &extension)
{
    static const QHash<QString, QString> known{{u"txt"_s, u"TEXT"_s},     {u"md"_s, u"TEXT"_s},
                                               {u"htm"_s, u"HTML"_s},     {u"docx"_s, u"WORD_X"_s},
                                               {u"xlsx"_s, u"EXCEL_X"_s}, {u"pptx"_s, u"POWER_POINT_X"_s},
                                               {u"jpeg"_s, u"JPG"_s}};
    return extension.isEmpty() ? u"UNKNOWN"_s : known.value(extension, extension.toUpper());
}

std::optional<QByteArray> decoded(const QJsonValue &base64)
{
    const auto result =
        QByteArray::fromBase64Encoding(base64.toString().toLatin1(), QByteArray::AbortOnBase64DecodingErrors);
    return result ? std::optional(*result) : std::nullopt;
}

// Enhanced notes take a small HTML; what is not escaped or could run is refused.
bool isAllowedInNote(const QString &html)
{
    static const QRegularExpression bareAmpersand(u"&(?!#?[A-Za-z0-9]+;)"_s);
    static const QRegularExpression tag(
        u"<(?!/?(p|br|b|i|u|s|strong|em|ul|ol|li|div|span|a|h[1-6]|blockquote|img|strike)(\\s[^<>]*)?/?>)"_s,
        QRegularExpression::CaseInsensitiveOption);
    return !bareAmpersand.match(html).hasMatch() && !tag.match(html).hasMatch();
}

QString previewOf(QString html)
{
    static const QRegularExpression tags(u"<[^>]*>"_s);
    html.replace(tags, u" "_s);
    html.replace(u"&lt;"_s, u"<"_s).replace(u"&gt;"_s, u">"_s).replace(u"&quot;"_s, u"\""_s);
    html.replace(u"&#39;"_s, u"'"_s).replace(u"&amp;"_s, u"&"_s);
    return html.simplified().left(255);
}

} // namespace

Outcome<QVariantMap> Records::prepareContent(const ObjectInfo &object, const QJsonObject &body,
                                             const QString &existingId, QVariantMap values,
                                             const WriteContext &context)
{
    Q_UNUSED(context)
    if (!object.name.startsWith(u"Content"))
        return prepareBodies(object, body, existingId, values);
    const bool creating = existingId.isEmpty();
    if (object.name == u"ContentDocumentLink"_s && creating && values.value(u"ShareType"_s).isNull())
        values.insert(u"ShareType"_s, u"V"_s);
    if (object.name == u"ContentVersion"_s && creating) {
        const auto data = decoded(body.value(u"VersionData"_s));
        if (!data || (data->isEmpty() && body.value(u"VersionData"_s).toString().isEmpty()))
            return refuse(400, u"REQUIRED_FIELD_MISSING"_s, u"Required fields are missing: [VersionData]"_s,
                          {u"VersionData"_s});
        const QString path = values.value(u"PathOnClient"_s).toString();
        if (path.isEmpty())
            return refuse(400, u"REQUIRED_FIELD_MISSING"_s, u"Required fields are missing: [PathOnClient]"_s,
                          {u"PathOnClient"_s});
        const QFileInfo file(path);
        if (values.value(u"Title"_s).isNull())
            values.insert(u"Title"_s, file.completeBaseName());
        values.insert(u"FileExtension"_s, file.suffix().toLower());
        values.insert(u"FileType"_s, fileTypeOf(file.suffix().toLower()));
        values.insert(u"ContentSize"_s, data->size());
        values.insert(u"Checksum"_s,
                      QString::fromLatin1(QCryptographicHash::hash(*data, QCryptographicHash::Md5).toHex()));
        values.insert(u"IsLatest"_s, 1);
        values.insert(u"Id"_s, m_store.newId(object));
        m_store.putBlob(values.value(u"Id"_s).toString(), *data);
        values.insert(u"VersionData"_s,
                      u"/sobjects/ContentVersion/%1/VersionData"_s.arg(values.value(u"Id"_s).toString()));
        if (values.value(u"ContentDocumentId"_s).isNull())
            values.insert(u"ContentDocumentId"_s, m_store.newId(*m_metadata.object(u"ContentDocument")));
    }
    if (object.name == u"ContentNote"_s && (creating || body.contains(u"Content"_s))) {
        const auto content = decoded(body.value(u"Content"_s));
        if (!content)
            return refuse(400, u"INVALID_FIELD"_s, u"Content: the value is not base64"_s, {u"Content"_s});
        const QString html = QString::fromUtf8(*content);
        if (!isAllowedInNote(html))
            return refuse(
                400, u"FIELD_INTEGRITY_EXCEPTION"_s,
                u"Note Can't Be Saved Because It Contains HTML Tags Or Unescaped Characters That Are Not "
                "Allowed In A Note"_s,
                {});
        values.insert(u"TextPreview"_s, previewOf(html));
        values.insert(u"ContentSize"_s, content->size());
        if (creating) {
            values.insert(u"Id"_s, m_store.newId(*m_metadata.object(u"ContentDocument")));
            values.insert(u"FileType"_s, u"SNOTE"_s);
            values.insert(u"FileExtension"_s, u"snote"_s);
        }
        const QString id = creating ? values.value(u"Id"_s).toString() : existingId;
        m_store.putBlob(id, *content);
        values.insert(u"Content"_s, u"/sobjects/ContentNote/%1/Content"_s.arg(id));
    }
    return values;
}

// Any other object's bodies: the bytes apart, and in the row their address.
Outcome<QVariantMap> Records::prepareBodies(const ObjectInfo &object, const QJsonObject &body,
                                            const QString &existingId, QVariantMap values)
{
    for (const Field &field : object.fields) {
        if (field.type != u"base64"_s || !values.contains(field.name) || values.value(field.name).isNull())
            continue;
        const auto data = decoded(body.value(field.name));
        if (!data)
            return refuse(400, u"JSON_PARSER_ERROR"_s, u"%1: the value is not base64"_s.arg(field.name), {});
        if (existingId.isEmpty() && !values.contains(u"Id"_s))
            values.insert(u"Id"_s, m_store.newId(object));
        const QString id = existingId.isEmpty() ? values.value(u"Id"_s).toString() : existingId;
        m_store.putBlob(id + u'/' + field.name, *data);
        values.insert(field.name, u"/sobjects/%1/%2/%3"_s.arg(object.name, id, field.name));
        if (object.has(QString(field.name + u"Length"_s)))
            values.insert(field.name + u"Length"_s, data->size());
    }
    return values;
}

void Records::addVersion(const QString &documentId, const QVariantMap &version, const QByteArray &data,
                         const WriteContext &context)
{
    const ObjectInfo &versions = *m_metadata.object(u"ContentVersion");
    m_store.run(u"UPDATE %1 SET \"IsLatest\" = 0 WHERE \"ContentDocumentId\" = ?"_s.arg(tableOf(versions)),
                {documentId});
    QVariantMap values = version;
    const QString id = m_store.newId(versions);
    values.insert(u"Id"_s, id);
    values.insert(u"ContentDocumentId"_s, documentId);
    values.insert(u"IsLatest"_s, 1);
    values.insert(u"IsDeleted"_s, 0);
    values.insert(u"PathOnClient"_s, version.value(u"Title"_s).toString() + u".snote"_s);
    values.insert(u"VersionData"_s, u"/sobjects/ContentVersion/%1/VersionData"_s.arg(id));
    values.insert(u"VersionNumber"_s, QString::number(m_store.next(u"version/"_s + documentId)));
    stamp(versions, values, context, true);
    m_store.putBlob(id, data);
    m_store.insert(versions, values);
}

void Records::afterContent(const ObjectInfo &object, const QString &id, const QVariantMap &values,
                           const WriteContext &context)
{
    const bool isVersion = object.name == u"ContentVersion"_s;
    const bool isNote = object.name == u"ContentNote"_s;
    if (!isVersion && !isNote)
        return;
    const ObjectInfo &documents = *m_metadata.object(u"ContentDocument");
    const ObjectInfo &versions = *m_metadata.object(u"ContentVersion");
    const QVariantMap whole = m_store.row(object, id);
    const QString documentId = isNote ? id : whole.value(u"ContentDocumentId"_s).toString();
    if (isNote && values.contains(u"Content"_s)) {
        addVersion(documentId,
                   {{u"Title"_s, whole.value(u"Title"_s)},
                    {u"FileType"_s, u"SNOTE"_s},
                    {u"FileExtension"_s, u"snote"_s},
                    {u"ContentSize"_s, whole.value(u"ContentSize"_s)},
                    {u"TextPreview"_s, whole.value(u"TextPreview"_s)},
                    {u"OwnerId"_s, whole.value(u"OwnerId"_s)}},
                   m_store.blob(id), context);
    } else if (isVersion && values.contains(u"IsLatest"_s)) {
        m_store.run(u"UPDATE %1 SET \"IsLatest\" = 0 WHERE \"ContentDocumentId\" = ? AND \"Id\" <> ?"_s.arg(
                        tableOf(versions)),
                    {documentId, id});
        m_store.update(versions, id,
                       {{u"VersionNumber"_s, QString::number(m_store.next(u"version/"_s + documentId))}});
    }
    const auto latest =
        m_store.run(u"SELECT \"Id\" FROM %1 WHERE \"ContentDocumentId\" = ? AND \"IsLatest\" = 1"_s.arg(
                        tableOf(versions)),
                    {documentId});
    QVariantMap document{
        {u"Title"_s, whole.value(u"Title"_s)},
        {u"FileType"_s, whole.value(u"FileType"_s)},
        {u"FileExtension"_s, whole.value(u"FileExtension"_s)},
        {u"ContentSize"_s, whole.value(u"ContentSize"_s)},
        {u"OwnerId"_s, whole.value(u"OwnerId"_s)},
        {u"LatestPublishedVersionId"_s, latest.isEmpty() ? QVariant() : latest.first().first()}};
    const bool exists = !m_store.row(documents, documentId).isEmpty();
    stamp(documents, document, context, !exists);
    if (exists) {
        m_store.update(documents, documentId, document);
        return;
    }
    document.insert(u"Id"_s, documentId);
    document.insert(u"IsDeleted"_s, 0);
    document.insert(u"PublishStatus"_s, u"P"_s);
    m_store.insert(documents, document);
    // The file or note belongs to its owner's library, and to the record it was published on.
    const ObjectInfo &links = *m_metadata.object(u"ContentDocumentLink");
    const auto link = [&](const QVariant &entity, const QString &share) {
        QVariantMap row{{u"Id"_s, m_store.newId(links)},  {u"ContentDocumentId"_s, documentId},
                        {u"LinkedEntityId"_s, entity},    {u"ShareType"_s, share},
                        {u"Visibility"_s, u"AllUsers"_s}, {u"IsDeleted"_s, 0}};
        stamp(links, row, context, true);
        m_store.insert(links, row);
    };
    link(whole.value(u"OwnerId"_s), u"I"_s);
    if (isVersion && !whole.value(u"FirstPublishLocationId"_s).isNull() &&
        whole.value(u"FirstPublishLocationId"_s) != whole.value(u"OwnerId"_s))
        link(whole.value(u"FirstPublishLocationId"_s), u"V"_s);
}

void Records::removeContent(const ObjectInfo &object, const QString &id)
{
    if (object.name != u"ContentDocument"_s && object.name != u"ContentNote"_s)
        return;
    for (const QString &name : {u"ContentVersion"_s, u"ContentDocumentLink"_s})
        m_store.run(u"UPDATE %1 SET \"IsDeleted\" = 1 WHERE \"ContentDocumentId\" = ?"_s.arg(
                        tableOf(*m_metadata.object(name))),
                    {id});
    for (const QString &name : {u"ContentDocument"_s, u"ContentNote"_s})
        m_store.run(
            u"UPDATE %1 SET \"IsDeleted\" = 1 WHERE \"Id\" = ?"_s.arg(tableOf(*m_metadata.object(name))),
            {id});
}

} // namespace parley::sandbox
