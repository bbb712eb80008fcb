#include "core/wire/Reader.h"

#include <cmath>

namespace parley::wire {

using namespace Qt::Literals::StringLiterals;

namespace {
// The largest whole number that a JSON reader may keep in a double without loss.
constexpr double kLargest = 9007199254740991.0;
} // namespace

bool Reader::has(QLatin1StringView name) const
{
    const QJsonValue value = m_object.value(name);
    return !value.isUndefined() && !value.isNull();
}

void Reader::refuse(QLatin1StringView name, const QString &why)
{
    if (m_why.isEmpty())
        m_why = u"%1: %2"_s.arg(name, why);
}

QString Reader::text(QLatin1StringView name)
{
    const QJsonValue value = m_object.value(name);
    if (!value.isString())
        refuse(name, u"a text is needed"_s);
    return value.toString();
}

qint64 Reader::number(QLatin1StringView name)
{
    const QJsonValue value = m_object.value(name);
    const double number = value.toDouble(-1);
    if (!value.isDouble() || number < 0 || number > kLargest || std::floor(number) != number) {
        refuse(name, u"a whole number of at least 0 is needed"_s);
        return 0;
    }
    return qint64(number);
}

bool Reader::flag(QLatin1StringView name)
{
    const QJsonValue value = m_object.value(name);
    if (!value.isBool())
        refuse(name, u"true or false is needed"_s);
    return value.toBool();
}

QJsonObject Reader::object(QLatin1StringView name)
{
    const QJsonValue value = m_object.value(name);
    if (!value.isObject())
        refuse(name, u"an object is needed"_s);
    return value.toObject();
}

QJsonArray Reader::array(QLatin1StringView name)
{
    const QJsonValue value = m_object.value(name);
    if (!value.isArray())
        refuse(name, u"an array is needed"_s);
    return value.toArray();
}

ClientId Reader::cid()
{
    const QString value = text("cid"_L1);
    if (!isClientId(value))
        refuse("cid"_L1, u"1 to 64 characters of A-Z a-z 0-9 - _ are needed"_s);
    return {value};
}

ChatId Reader::chat()
{
    const QString value = text("chat"_L1);
    if (value.isEmpty())
        refuse("chat"_L1, u"a chat is needed"_s);
    return {value};
}

QByteArray Reader::base64(QLatin1StringView name)
{
    const auto decoded =
        QByteArray::fromBase64Encoding(text(name).toLatin1(), QByteArray::AbortOnBase64DecodingErrors);
    if (!decoded)
        refuse(name, u"base64 is needed"_s);
    return *decoded;
}

QString Reader::textOr(QLatin1StringView name, const QString &otherwise)
{
    return has(name) ? text(name) : otherwise;
}

qint64 Reader::numberOr(QLatin1StringView name, qint64 otherwise)
{
    return has(name) ? number(name) : otherwise;
}

bool Reader::flagOr(QLatin1StringView name, bool otherwise)
{
    return has(name) ? flag(name) : otherwise;
}

QJsonObject Reader::objectOr(QLatin1StringView name)
{
    return has(name) ? object(name) : QJsonObject();
}

QJsonArray Reader::arrayOr(QLatin1StringView name)
{
    return has(name) ? array(name) : QJsonArray();
}

QDateTime Reader::timeOr(QLatin1StringView name)
{
    if (!has(name))
        return {};
    const QDateTime at = timeFrom(text(name));
    if (!at.isValid())
        refuse(name, u"an ISO 8601 time is needed"_s);
    return at;
}

QMap<QString, QString> Reader::textsOr(QLatin1StringView name)
{
    QMap<QString, QString> texts;
    const QJsonObject members = objectOr(name);
    for (auto it = members.begin(); it != members.end(); ++it) {
        const QJsonValue value = it.value();
        if (value.isNull())
            continue;
        if (!value.isString() && !value.isDouble() && !value.isBool()) {
            refuse(name, u"every value must be a text"_s);
            break;
        }
        texts.insert(it.key(), value.toVariant().toString());
    }
    return texts;
}

} // namespace parley::wire
