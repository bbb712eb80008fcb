#include "core/salesforce/Values.h"

#include "core/salesforce/Soql.h"

#include <QJsonArray>
#include <QRegularExpression>

#include <cmath>

namespace parley::salesforce {

using namespace Qt::Literals::StringLiterals;

namespace {

std::optional<QDateTime> instantOf(const QString &text)
{
    static const QRegularExpression pattern(
        u"^(\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2})(\\.\\d{1,9})?(Z|[+-]\\d{2}:?\\d{2})$"_s);
    const auto match = pattern.match(text);
    if (!match.hasMatch())
        return std::nullopt;
    QString zone = match.captured(3);
    if (zone.size() == 5)
        zone.insert(3, u':');
    const QString fraction = match.captured(2).left(4);
    const QDateTime at = QDateTime::fromString(match.captured(1) + fraction + zone, Qt::ISODateWithMs);
    if (!at.isValid())
        return std::nullopt;
    return at.toUTC();
}

std::optional<QDate> dateOf(const QString &text)
{
    static const QRegularExpression pattern(u"^\\d{4}-\\d{2}-\\d{2}$"_s);
    if (!pattern.match(text).hasMatch())
        return std::nullopt;
    const QDate date = QDate::fromString(text, Qt::ISODate);
    if (!date.isValid())
        return std::nullopt;
    return date;
}

QVariant typedText(const QString &text, crm::FieldType type)
{
    switch (type) {
    case crm::FieldType::Date:
        if (const auto date = dateOf(text))
            return *date;
        return text;
    case crm::FieldType::DateTime:
        if (const auto at = instantOf(text))
            return *at;
        return text;
    case crm::FieldType::Time: {
        const QTime time = QTime::fromString(text.left(12), Qt::ISODateWithMs);
        return time.isValid() ? QVariant(time) : QVariant(text);
    }
    case crm::FieldType::MultiPicklist:
        return text.split(u';', Qt::SkipEmptyParts);
    default:
        return text;
    }
}

bool isNumber(crm::FieldType type)
{
    return type == crm::FieldType::Integer || type == crm::FieldType::Double ||
           type == crm::FieldType::Currency || type == crm::FieldType::Percent;
}

/// A compound address as a person reads it.
QString addressText(const QJsonObject &address)
{
    QStringList lines;
    for (const auto &part : {u"street"_s, u"city"_s, u"state"_s, u"postalCode"_s, u"country"_s}) {
        if (const QString text = address[part].toString(); !text.isEmpty())
            lines += text;
    }
    return lines.join(u", "_s);
}

void putField(Record &record, const QString &key, const QJsonValue &value, const crm::KindSchema *schema,
              int depth)
{
    if (value.isObject()) {
        const QJsonObject inner = value.toObject();
        if (inner.contains(u"attributes"_s) && depth < 6) {
            for (auto it = inner.begin(); it != inner.end(); ++it) {
                if (it.key() != u"attributes")
                    putField(record, key + u'.' + it.key(), it.value(), nullptr, depth + 1);
            }
            return;
        }
        record.fields.insert(key, inner.toVariantMap());
        if (const QString text = addressText(inner); !text.isEmpty())
            record.display.insert(key, text);
        return;
    }
    const crm::Field *field = schema != nullptr ? schema->field(key) : nullptr;
    record.fields.insert(key, valueOf(value, field));
    if (field != nullptr && field->type == crm::FieldType::Picklist) {
        for (const crm::Choice &choice : field->choices) {
            if (choice.value == value.toString() && choice.label != choice.value)
                record.display.insert(key, choice.label);
        }
    }
}

} // namespace

QVariant valueOf(const QJsonValue &json, const crm::Field *field)
{
    if (json.isNull() || json.isUndefined())
        return {};
    if (!json.isString())
        return json.toVariant();
    const QString text = json.toString();
    if (field != nullptr)
        return typedText(text, field->type);
    if (const auto at = instantOf(text))
        return *at;
    if (const auto date = dateOf(text))
        return *date;
    return text;
}

QJsonValue jsonOf(const QVariant &value, const crm::Field *field)
{
    if (!value.isValid() || value.isNull())
        return QJsonValue::Null;
    switch (value.typeId()) {
    case QMetaType::QDate:
        return value.toDate().toString(Qt::ISODate);
    case QMetaType::QDateTime:
        return value.toDateTime().toUTC().toString(u"yyyy-MM-dd'T'HH:mm:ss.zzz'Z'");
    case QMetaType::QTime:
        return value.toTime().toString(u"HH:mm:ss.zzz'Z'");
    case QMetaType::QStringList:
        return value.toStringList().join(u';');
    case QMetaType::QString:
        break;
    default:
        return QJsonValue::fromVariant(value);
    }
    const QString text = value.toString();
    if (text.isEmpty())
        return QJsonValue::Null; // Salesforce knows no empty text
    if (field != nullptr && isNumber(field->type)) {
        bool isOk = false;
        const double number = text.toDouble(&isOk);
        if (isOk && std::isfinite(number))
            return number;
    }
    if (field != nullptr && field->type == crm::FieldType::Boolean)
        return text.compare(u"true", Qt::CaseInsensitive) == 0;
    return text;
}

std::optional<QVariant> comparable(const QString &text, const crm::Field *field)
{
    // A filterable text holds 255 characters at most and no control character: nothing can equal such a
    // value.
    if (text.size() > 255 ||
        std::ranges::any_of(text, [](QChar c) { return c.unicode() < 0x20 || c.unicode() == 0x7f; }))
        return std::nullopt;
    if (QString::fromUtf8(text.toUtf8()) != text)
        return std::nullopt; // half a surrogate pair
    if (field == nullptr)
        return text;
    bool isOk = true;
    switch (field->type) {
    case crm::FieldType::Integer: {
        const qlonglong number = text.toLongLong(&isOk);
        return isOk ? std::optional<QVariant>(number) : std::nullopt;
    }
    case crm::FieldType::Double:
    case crm::FieldType::Currency:
    case crm::FieldType::Percent: {
        const double number = text.toDouble(&isOk);
        return isOk && std::isfinite(number) ? std::optional<QVariant>(number) : std::nullopt;
    }
    case crm::FieldType::Boolean: {
        const QString word = text.toLower();
        if (word != u"true" && word != u"false")
            return std::nullopt;
        return word == u"true";
    }
    case crm::FieldType::Date: {
        const auto date = dateOf(text);
        return date ? std::optional<QVariant>(*date) : std::nullopt;
    }
    case crm::FieldType::DateTime: {
        const auto at = instantOf(text);
        return at ? std::optional<QVariant>(*at) : std::nullopt;
    }
    case crm::FieldType::Id:
    case crm::FieldType::Reference:
        return soql::isId(text) ? std::optional<QVariant>(text)
                                : std::nullopt; // else MALFORMED or INVALID_ID_FIELD
    default:
        return text;
    }
}

Record recordOf(const QJsonObject &json, const crm::KindSchema *schema, const QUrl &instanceUrl)
{
    Record record;
    const QJsonObject attributes = json[u"attributes"].toObject();
    record.ref.kind.name = attributes[u"type"].toString();
    for (auto it = json.begin(); it != json.end(); ++it) {
        if (it.key() != u"attributes")
            putField(record, it.key(), it.value(), schema, 0);
    }
    QString id = json[u"Id"].toString();
    if (id.isEmpty())
        id = attributes[u"url"].toString().section(u'/', -1);
    if (soql::isId(id))
        record.ref.id.value = id18(id);
    record.version = json[u"SystemModstamp"].toString();
    record.title = json[titleField(record.ref.kind)].toString();
    if (record.title.isEmpty())
        record.title = json[u"Name"].toString();
    for (const auto &[reference, name] :
         {std::pair(u"OwnerId"_s, u"Owner.Name"_s), std::pair(u"AccountId"_s, u"Account.Name"_s),
          std::pair(u"ContactId"_s, u"Contact.Name"_s), std::pair(u"WhoId"_s, u"Who.Name"_s)}) {
        const QString text = record.fields.value(name).toString();
        if (!text.isEmpty() && record.fields.contains(reference))
            record.display.insert(reference, text);
    }
    if (!instanceUrl.isEmpty() && !record.ref.isEmpty()) {
        record.url = instanceUrl;
        record.url.setPath(u'/' + record.ref.id.value);
    }
    return record;
}

QString id18(const QString &id)
{
    if (id.size() != 15)
        return id;
    QString result = id;
    for (int block = 0; block < 3; ++block) {
        int bits = 0;
        for (int i = 0; i < 5; ++i) {
            const QChar c = id[block * 5 + i];
            if (c >= u'A' && c <= u'Z')
                bits |= 1 << i;
        }
        result += u"ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"_s[bits];
    }
    return result;
}

QString titleField(const RecordKind &kind)
{
    static const QMap<QString, QString> special{
        {u"Case"_s, u"CaseNumber"_s},        {u"Task"_s, u"Subject"_s},
        {u"Event"_s, u"Subject"_s},          {u"Contract"_s, u"ContractNumber"_s},
        {u"Order"_s, u"OrderNumber"_s},      {u"Solution"_s, u"SolutionName"_s},
        {u"ContentNote"_s, u"Title"_s},      {u"ContentVersion"_s, u"Title"_s},
        {u"ContentDocument"_s, u"Title"_s},  {u"Note"_s, u"Title"_s},
        {u"ContentDocumentLink"_s, u"Id"_s},
    };
    return special.value(kind.name, u"Name"_s);
}

} // namespace parley::salesforce
