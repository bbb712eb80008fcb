#include "core/store/FieldMapJson.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTime>

namespace parley::store {

using namespace Qt::Literals::StringLiterals;

QJsonValue jsonOf(const QVariant &value)
{
    if (!value.isValid() || value.isNull())
        return QJsonValue::Null;
    switch (value.typeId()) {
    case QMetaType::QDate:
        return QJsonObject{{u"date"_s, value.toDate().toString(Qt::ISODate)}};
    case QMetaType::QDateTime:
        return QJsonObject{{u"at"_s, value.toDateTime().toUTC().toString(Qt::ISODateWithMs)}};
    case QMetaType::QTime:
        return QJsonObject{{u"time"_s, value.toTime().toString(Qt::ISODateWithMs)}};
    case QMetaType::QStringList:
        return QJsonObject{{u"list"_s, QJsonArray::fromStringList(value.toStringList())}};
    default:
        return QJsonValue::fromVariant(value);
    }
}

QVariant variantOf(const QJsonValue &value)
{
    if (value.isNull() || value.isUndefined())
        return {};
    if (!value.isObject())
        return value.toVariant();
    const QJsonObject tagged = value.toObject();
    if (tagged.contains(u"date"_s))
        return QDate::fromString(tagged.value(u"date"_s).toString(), Qt::ISODate);
    if (tagged.contains(u"at"_s))
        return QDateTime::fromString(tagged.value(u"at"_s).toString(), Qt::ISODateWithMs).toUTC();
    if (tagged.contains(u"time"_s))
        return QTime::fromString(tagged.value(u"time"_s).toString(), Qt::ISODateWithMs);
    if (tagged.contains(u"list"_s)) {
        QStringList list;
        for (const auto item : tagged.value(u"list"_s).toArray())
            list += item.toString();
        return list;
    }
    return tagged.toVariantMap();
}

QJsonObject jsonOf(const FieldMap &fields)
{
    QJsonObject object;
    for (auto it = fields.cbegin(); it != fields.cend(); ++it)
        object.insert(it.key(), jsonOf(it.value()));
    return object;
}

FieldMap fieldsOf(const QJsonObject &object)
{
    FieldMap fields;
    for (auto it = object.begin(); it != object.end(); ++it)
        fields.insert(it.key(), variantOf(it.value()));
    return fields;
}

QJsonObject jsonOf(const RecordRef &ref)
{
    if (ref.isEmpty())
        return {};
    return {{u"kind"_s, ref.kind.name}, {u"id"_s, ref.id.value}};
}

RecordRef refOf(const QJsonObject &object)
{
    return {.kind = {object.value(u"kind"_s).toString()}, .id = {object.value(u"id"_s).toString()}};
}

QString textOf(const QJsonObject &object)
{
    return QString::fromUtf8(QJsonDocument(object).toJson(QJsonDocument::Compact));
}

QJsonObject objectOf(const QString &text)
{
    return QJsonDocument::fromJson(text.toUtf8()).object();
}

} // namespace parley::store
