#include "app/sandbox/RecordId.h"
#include "app/sandbox/Records.h"
#include "app/sandbox/SoqlPlan.h"

#include <QRegularExpression>

#include <cmath>

namespace parley::sandbox {

using namespace Qt::Literals::StringLiterals;

namespace {

QString tokenName(const QJsonValue &json)
{
    switch (json.type()) {
    case QJsonValue::String:
        return u"VALUE_STRING value "_s + json.toString().left(80);
    case QJsonValue::Bool:
        return json.toBool() ? u"VALUE_TRUE value true"_s : u"VALUE_FALSE value false"_s;
    case QJsonValue::Double:
        return json.toDouble() == std::floor(json.toDouble())
                   ? u"VALUE_NUMBER_INT value %1"_s.arg(json.toDouble(), 0, 'f', 0)
                   : u"VALUE_NUMBER_FLOAT value %1"_s.arg(json.toDouble());
    case QJsonValue::Array:
        return u"START_ARRAY value ["_s;
    default:
        return u"START_OBJECT value {"_s;
    }
}

tl::unexpected<Refusal> cannotDeserialize(const Field &field, const QJsonValue &json)
{
    const QString type = field.type == u"datetime"_s ? u"datetime"_s
                         : field.isText()            ? u"string"_s
                                                     : field.type;
    return refuse(
        400, u"JSON_PARSER_ERROR"_s,
        u"Cannot deserialize instance of %1 from %2 or request may be missing a required field at [line:1, "
        "column:2]"_s.arg(type, tokenName(json)));
}

void add(QJsonArray &errors, const QString &code, const QString &message, const QString &field)
{
    errors.append(refusal(400, code, message, QStringList{field}).errors.first());
}

bool isEmail(const QString &text)
{
    static const QRegularExpression form(
        uR"(^[A-Za-z0-9!#$%&'*+/=?^_`{|}~\x{80}-\x{10FFFF}-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~\x{80}-\x{10FFFF}-]+)*@([A-Za-z0-9\x{80}-\x{10FFFF}]([A-Za-z0-9\x{80}-\x{10FFFF}-]*[A-Za-z0-9\x{80}-\x{10FFFF}])?\.)+[A-Za-z\x{80}-\x{10FFFF}]{2,}$)"_s,
        QRegularExpression::UseUnicodePropertiesOption);
    return form.match(text).hasMatch();
}

} // namespace

Outcome<QVariantMap> Records::values(const ObjectInfo &object, const QJsonObject &body,
                                     const WriteContext &context, bool creating, Errors &errors)
{
    QVariantMap result;
    QStringList locked;
    for (auto it = body.begin(); it != body.end(); ++it) {
        if (it.key() == u"attributes"_s)
            continue;
        const Field *field = object.field(it.key());
        if (!field) {
            const Field *reference = object.byRelationship(it.key());
            if (reference && it->isObject()) {
                const auto resolved = byNestedExternalId(*reference, it->toObject());
                if (!resolved)
                    return refuse(resolved.error());
                result.insert(resolved->first, resolved->second);
                continue;
            }
            return refuse(400, u"INVALID_FIELD"_s,
                          u"No such column '%1' on sobject of type %2"_s.arg(it.key(), object.name));
        }
        if (field->type == u"id"_s && creating && it->isNull())
            continue;
        if (!(creating ? field->createable : field->updateable) && !context.ruleless) {
            locked.append(field->name);
            continue;
        }
        const auto value = valueOf(object, *field, *it, errors);
        if (!value)
            return refuse(value.error());
        result.insert(field->name, *value);
    }
    if (!locked.isEmpty())
        return refuse(400, u"INVALID_FIELD_FOR_INSERT_UPDATE"_s,
                      u"Unable to create/update fields: %1. Please check the security settings of this field "
                      u"and verify "
                      "that it is read/write for your profile or permission set."_s.arg(locked.join(u", "_s)),
                      locked);
    return result;
}

Outcome<QVariant> Records::valueOf(const ObjectInfo &object, const Field &field, const QJsonValue &json,
                                   Errors &errors)
{
    if (json.isNull())
        return field.type == u"boolean"_s ? QVariant(0) : QVariant();
    if (field.type == u"boolean"_s) {
        if (json.isBool())
            return QVariant(json.toBool() ? 1 : 0);
        const QString word = json.toString().toLower();
        if (word == u"true"_s || word == u"false"_s)
            return QVariant(word == u"true"_s ? 1 : 0);
        return cannotDeserialize(field, json);
    }
    if (field.isNumber()) {
        bool ok = json.isDouble();
        const double number = ok ? json.toDouble() : json.isString() ? json.toString().toDouble(&ok) : 0;
        if (!ok || !std::isfinite(number) || (field.type == u"int"_s && number != std::floor(number)))
            return cannotDeserialize(field, json);
        const int whole = field.type == u"int"_s ? (field.digits > 0 ? field.digits : 9)
                                                 : std::max(1, field.precision - field.scale);
        if (std::abs(number) >= std::pow(10.0, whole))
            add(errors, u"NUMBER_OUTSIDE_VALID_RANGE"_s,
                u"%1: value outside of valid range on numeric field: %2"_s.arg(
                    field.label, QString::number(number, 'g', 15)),
                field.name);
        const double scaled = std::pow(10.0, field.scale);
        return field.type == u"int"_s ? QVariant(qint64(number))
                                      : QVariant(std::round(number * scaled) / scaled);
    }
    if (field.type == u"date"_s) {
        const QString text = json.toString();
        static const QRegularExpression form(u"^\\d{4}-\\d{2}-\\d{2}(T.*)?$"_s);
        if (!form.match(text).hasMatch() || !QDate::fromString(text.left(10), Qt::ISODate).isValid())
            return cannotDeserialize(field, json);
        return QVariant(text.left(10));
    }
    if (field.type == u"datetime"_s) {
        const QString text = json.toString();
        const bool dayOnly = text.size() == 10 && QDate::fromString(text, Qt::ISODate).isValid();
        const auto instant = soql::parseDatetime(dayOnly ? text + u"T00:00:00Z"_s : text);
        return instant ? Outcome<QVariant>(QVariant(soql::datetimeText(*instant)))
                       : cannotDeserialize(field, json);
    }
    if (field.type == u"time"_s) {
        QString text = json.toString();
        const QTime time = QTime::fromString(text.endsWith(u'Z') ? text.chopped(1) : text, Qt::ISODateWithMs);
        return time.isValid() ? Outcome<QVariant>(QVariant(time.toString(u"HH:mm:ss.zzz'Z'"_s)))
                              : cannotDeserialize(field, json);
    }
    if (field.isReference() || field.type == u"id"_s) {
        if (!json.isString())
            return cannotDeserialize(field, json);
        return referenceValue(object, field, json.toString(), errors);
    }
    return textValue(field, json, errors);
}

Outcome<QVariant> Records::textValue(const Field &field, const QJsonValue &json, Errors &errors)
{
    if (!json.isString())
        return cannotDeserialize(field, json);
    if (field.type == u"base64"_s)
        return QVariant(json.toString());
    const QString text = json.toString().trimmed();
    if (text.isEmpty())
        return QVariant();
    if (field.length > 0 && text.size() > field.length && field.type != u"multipicklist"_s) {
        add(errors, u"STRING_TOO_LONG"_s,
            u"%1: data value too large: %2 (max length=%3)"_s.arg(field.label, text).arg(field.length),
            field.name);
        return QVariant(text);
    }
    if (field.type == u"email"_s && !isEmail(text))
        add(errors, u"INVALID_EMAIL_ADDRESS"_s, u"%1: invalid email address: %2"_s.arg(field.label, text),
            field.name);
    if (field.restricted)
        checkPicklist(field, text, errors);
    return QVariant(text);
}

void Records::checkPicklist(const Field &field, const QString &text, Errors &errors)
{
    const QStringList chosen =
        field.type == u"multipicklist"_s ? text.split(u';', Qt::SkipEmptyParts) : QStringList{text};
    for (const QString &one : chosen) {
        const bool known = std::ranges::any_of(field.values, [&one](const auto &value) {
            return value.first.compare(one.trimmed(), Qt::CaseInsensitive) == 0;
        });
        if (!known) {
            add(errors, u"INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"_s,
                u"%1: bad value for restricted picklist field: %2"_s.arg(field.label, one), field.name);
            return;
        }
    }
}

QVariant Records::referenceValue(const ObjectInfo &object, const Field &field, const QString &text,
                                 Errors &errors)
{
    if (text.trimmed().isEmpty())
        return {};
    const auto id = normalizeId(text);
    const ObjectInfo *target = id ? m_metadata.byPrefix(QStringView(*id).first(3)) : nullptr;
    const bool fits =
        target && (field.referenceTo.contains(target->name) || field.type == u"id"_s ||
                   (target->name == u"ContentDocument"_s && field.referenceTo.contains(u"ContentNote"_s)));
    if (!id || (target && !fits)) { // no id at all, or that of another kind of record
        add(errors, id ? u"FIELD_INTEGRITY_EXCEPTION"_s : u"MALFORMED_ID"_s,
            u"%1: id value of incorrect type: %2"_s.arg(field.label, text), field.name);
        return text; // given, though wrong: it must not be called missing as well
    }
    if (field.type == u"id"_s)
        return *id;
    const Store::Presence there = target ? m_store.presence(*target, *id) : Store::Presence{};
    if (!there.exists) {
        if (field.name == u"RecordTypeId"_s)
            add(errors, u"INVALID_CROSS_REFERENCE_KEY"_s,
                u"Record Type ID: this ID value isn't valid for the user: %1"_s.arg(*id), field.name);
        else
            add(errors, u"INVALID_CROSS_REFERENCE_KEY"_s, u"invalid cross reference id"_s, field.name);
        return *id;
    }
    if (there.deleted)
        add(errors, u"ENTITY_IS_DELETED"_s, u"entity is deleted"_s, field.name);
    if (field.name == u"OwnerId"_s && target->name == u"User"_s && !there.active)
        add(errors, u"INACTIVE_OWNER_OR_USER"_s,
            u"operation performed with inactive user [%1] as owner of %2"_s.arg(*id, object.label.toLower()),
            field.name);
    return *id;
}

// {"Account": {"Ext__c": "x"}}: the parent named by its external id.
Outcome<QPair<QString, QVariant>> Records::byNestedExternalId(const Field &field, const QJsonObject &nested)
{
    QJsonObject keys = nested;
    const QString type = keys.take(u"attributes"_s)[u"type"_s].toString();
    const ObjectInfo *target = m_metadata.object(type.isEmpty() ? field.referenceTo.value(0) : type);
    if (!target || keys.size() != 1)
        return refuse(
            400, u"INVALID_FIELD"_s,
            u"Foreign key relationship %1 needs exactly one external id"_s.arg(field.relationshipName));
    const QString value = keys.begin()->toVariant().toString();
    const auto ids = byExternalId(*target, keys.begin().key(), value);
    if (!ids)
        return refuse(400, u"INVALID_FIELD"_s,
                      u"No such column '%1' on sobject of type %2"_s.arg(keys.begin().key(), target->name));
    if (ids->size() != 1)
        return refuse(400, ids->isEmpty() ? u"INVALID_FIELD"_s : u"DUPLICATE_EXTERNAL_ID"_s,
                      u"Foreign key external ID: %1 not found for field %2 in entity %3"_s.arg(
                          value, keys.begin().key(), target->name));
    return QPair<QString, QVariant>{field.name, ids->first()};
}

QStringList Records::missing(const ObjectInfo &object, const QVariantMap &values, bool creating) const
{
    QStringList names;
    for (const Field &field : object.fields) {
        const bool required = !field.nillable && (creating ? field.createable : field.updateable) &&
                              field.type != u"boolean"_s && field.isStored();
        const bool given = values.contains(field.name);
        const bool empty = given && values.value(field.name).isNull();
        if (required && (empty || (creating && !given)) && !(creating && field.defaultedOnCreate && !empty))
            names.append(field.name);
    }
    return names;
}

} // namespace parley::sandbox
