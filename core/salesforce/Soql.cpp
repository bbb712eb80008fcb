#include "core/salesforce/Soql.h"

#include <QDateTime>
#include <QRegularExpression>

#include <cmath>

namespace parley::salesforce::soql {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int kMaxDepth = 6; // five relationships and a field: Salesforce's own limit

bool isLetter(QChar c)
{
    return (c >= u'A' && c <= u'Z') || (c >= u'a' && c <= u'z');
}

bool isDigit(QChar c)
{
    return c >= u'0' && c <= u'9';
}

QString unicodeEscape(QChar c)
{
    return u"\\u%1"_s.arg(c.unicode(), 4, 16, QLatin1Char('0'));
}

bool isLoneSurrogate(QStringView text, qsizetype at)
{
    const QChar c = text[at];
    if (c.isHighSurrogate())
        return at + 1 == text.size() || !text[at + 1].isLowSurrogate();
    if (c.isLowSurrogate())
        return at == 0 || !text[at - 1].isHighSurrogate();
    return false;
}

/// The inside of a literal. Legal escapes only (a backslash before anything else is an error to Salesforce).
QString escaped(QStringView text, bool isPattern)
{
    QString result;
    result.reserve(text.size() + 8);
    for (qsizetype i = 0; i < text.size(); ++i) {
        const QChar c = text[i];
        switch (c.unicode()) {
        case u'\\':
            result += u"\\\\"_s;
            continue;
        case u'\'':
            result += u"\\'"_s;
            continue;
        case u'\n':
            result += u"\\n"_s;
            continue;
        case u'\r':
            result += u"\\r"_s;
            continue;
        case u'\t':
            result += u"\\t"_s;
            continue;
        case u'\b':
            result += u"\\b"_s;
            continue;
        case u'\f':
            result += u"\\f"_s;
            continue;
        case u'%':
        case u'_':
            if (isPattern)
                result += u'\\';
            result += c;
            continue;
        default:
            break;
        }
        // A lone surrogate has no UTF-8; a control character or a separator may end a line of a log, or of a
        // reader on the way: they travel as escapes.
        const bool isLineEnd = c.unicode() == 0x85 || c.unicode() == 0x2028 || c.unicode() == 0x2029;
        if (c.unicode() < 0x20 || c.unicode() == 0x7f || isLineEnd || isLoneSurrogate(text, i))
            result += unicodeEscape(c);
        else
            result += c;
    }
    return result;
}

Error badName(QStringView what)
{
    return {.code = Errc::InvalidInput,
            .detail = u"not a Salesforce name (%1 characters)"_s.arg(what.size())};
}

std::optional<QString> valueText(const QVariant &value)
{
    if (!value.isValid() || value.isNull())
        return u"NULL"_s;
    switch (value.typeId()) {
    case QMetaType::QString:
        return literal(value.toString());
    case QMetaType::Bool:
        return value.toBool() ? u"TRUE"_s : u"FALSE"_s;
    case QMetaType::Int:
    case QMetaType::LongLong:
        return QString::number(value.toLongLong());
    case QMetaType::Double:
        if (!std::isfinite(value.toDouble()))
            return std::nullopt;
        return QString::number(value.toDouble(), 'f', QLocale::FloatingPointShortest);
    case QMetaType::QDate:
        return value.toDate().toString(u"yyyy-MM-dd");
    case QMetaType::QDateTime:
        return value.toDateTime().toUTC().toString(u"yyyy-MM-dd'T'HH:mm:ss'Z'");
    default:
        return std::nullopt;
    }
}

} // namespace

bool isName(QStringView text)
{
    if (text.isEmpty() || text.size() > 80 || !isLetter(text[0]))
        return false;
    return std::ranges::all_of(text, [](QChar c) { return isLetter(c) || isDigit(c) || c == u'_'; });
}

bool isPath(QStringView text)
{
    const auto parts = text.split(u'.');
    return parts.size() <= kMaxDepth && std::ranges::all_of(parts, isName);
}

bool isId(QStringView text)
{
    return (text.size() == 15 || text.size() == 18) &&
           std::ranges::all_of(text, [](QChar c) { return isLetter(c) || isDigit(c); });
}

QString literal(QStringView text)
{
    return u'\'' + escaped(text, false) + u'\'';
}

QString likeLiteral(QStringView before, QStringView text, QStringView after)
{
    return u'\'' + before.toString() + escaped(text, true) + after.toString() + u'\'';
}

Result<Condition> equals(const QString &path, const QVariant &value)
{
    if (!isPath(path))
        return fail(badName(path));
    const auto text = valueText(value);
    if (!text)
        return fail(Errc::InvalidInput, u"a value of that type cannot be compared"_s);
    return Condition(path + u" = "_s + *text);
}

Result<Condition> contains(const QString &path, const QString &text)
{
    if (!isPath(path))
        return fail(badName(path));
    return Condition(path + u" LIKE "_s + likeLiteral(u"%", text, u"%"));
}

Result<Condition> isOneOf(const QString &path, const QStringList &ids)
{
    if (!isPath(path))
        return fail(badName(path));
    if (ids.isEmpty())
        return fail(Errc::InvalidInput, u"an empty list"_s);
    QStringList quoted;
    for (const QString &id : ids) {
        if (!isId(id))
            return fail(Errc::InvalidInput, u"not a Salesforce id"_s);
        quoted += literal(id);
    }
    return Condition(u"%1 IN (%2)"_s.arg(path, quoted.join(u',')));
}

Result<QString> statementOf(const Select &select)
{
    if (!isName(select.from))
        return fail(badName(select.from));
    if (select.fields.isEmpty())
        return fail(Errc::InvalidInput, u"nothing to select"_s);
    for (const QString &field : select.fields) {
        if (!isPath(field))
            return fail(badName(field));
    }
    QString text = u"SELECT "_s + select.fields.join(u", "_s) + u" FROM "_s + select.from;
    QStringList where;
    for (const Condition &condition : select.where)
        where += condition.text();
    if (!where.isEmpty())
        text += u" WHERE "_s + where.join(u" AND "_s);
    if (!select.order.isEmpty())
        text += u" ORDER BY "_s + select.order.join(u", "_s);
    if (select.limit > 0)
        text += u" LIMIT "_s + QString::number(select.limit);
    return text;
}

} // namespace parley::salesforce::soql
