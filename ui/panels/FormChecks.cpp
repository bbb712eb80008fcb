#include "ui/panels/FormChecks.h"

#include <QRegularExpression>
#include <QTime>
#include <QUrl>

#include <cmath>

namespace parley::ui {

using namespace Qt::Literals::StringLiterals;
using crm::FieldType;

namespace {

bool isTyped(const QVariant &value)
{
    return value.typeId() == QMetaType::QString;
}

bool isEmptyValue(const QVariant &value)
{
    return !value.isValid() || value.isNull() || (isTyped(value) && value.toString().trimmed().isEmpty()) ||
           (value.typeId() == QMetaType::QStringList && value.toStringList().isEmpty());
}

bool isMail(const QString &text)
{
    // The shape only: one @ with something around it and a dot after it. Whether it exists, the CRM may
    // judge.
    static const QRegularExpression shape(u"^[^\\s@<>\"(),;:]+@[^\\s@<>\"(),;:]+\\.[^\\s@<>\"(),;:.]+$"_s);
    return shape.match(text).hasMatch();
}

bool hasLength(FieldType type)
{
    switch (type) {
    case FieldType::String:
    case FieldType::TextArea:
    case FieldType::RichText:
    case FieldType::Email:
    case FieldType::Phone:
    case FieldType::Url:
    case FieldType::Encrypted:
    case FieldType::Combobox:
        return true;
    default:
        return false;
    }
}

} // namespace

qsizetype FormChecks::lengthOf(const QVariant &value)
{
    return isTyped(value) ? value.toString().size() : 0;
}

QString FormChecks::counter(const crm::Field &field, const QVariant &value)
{
    if (field.length <= 0 || !hasLength(field.type))
        return {};
    const qsizetype length = lengthOf(value);
    const bool isNear = length > field.length - std::max(10, field.length / 10);
    return isNear ? tr("%1 of %2").arg(length).arg(field.length) : QString();
}

std::optional<QString> FormChecks::check(const crm::Field &field, bool isRequired, const QVariant &value)
{
    const QString label = field.label;
    if (isEmptyValue(value)) {
        if (isRequired && field.type != FieldType::Boolean)
            return tr("Fill in %1").arg(label);
        return std::nullopt;
    }
    if (field.length > 0 && hasLength(field.type) && lengthOf(value) > field.length) {
        const qsizetype over = lengthOf(value) - field.length;
        return over == 1 ? tr("One character too long: at most %1").arg(field.length)
                         : tr("%1 characters too long: at most %2").arg(over).arg(field.length);
    }
    switch (field.type) {
    case FieldType::Integer:
        if (isTyped(value))
            return tr("Not a whole number");
        break;
    case FieldType::Double:
    case FieldType::Currency:
    case FieldType::Percent: {
        if (isTyped(value))
            return tr("Not a number");
        const int whole = field.precision - field.scale;
        if (field.precision > 0 && whole > 0 && std::abs(value.toDouble()) >= std::pow(10.0, whole))
            return tr("Too large: at most %1 digits before the decimal point").arg(whole);
        break;
    }
    case FieldType::Date:
        if (isTyped(value))
            return tr("Not a date");
        break;
    case FieldType::DateTime:
        if (isTyped(value))
            return tr("Not a date and time");
        break;
    case FieldType::Time:
        if (isTyped(value))
            return tr("Not a time");
        break;
    case FieldType::Email:
        if (!isMail(value.toString()))
            return tr("Not an email address: name@company.com");
        break;
    default:
        break;
    }
    return std::nullopt;
}

} // namespace parley::ui
