#include "core/desk/Details.h"

#include <QRegularExpression>

namespace parley::desk {

using namespace Qt::Literals::StringLiterals;

namespace {

// A visitor may paste a megabyte: what is looked through is bounded, and so is each pattern's way back.
constexpr qsizetype kLookedThrough = 8'000;

QString lastMatch(const QRegularExpression &pattern, const QString &text)
{
    QString last;
    auto matches = pattern.globalMatch(text.left(kLookedThrough));
    while (matches.hasNext())
        last = matches.next().captured(1);
    return last;
}

} // namespace

QString emailIn(const QString &text)
{
    static const QRegularExpression pattern(
        u"(?<![\\w.+%-])([\\w.+%'-]{1,64}@(?:[\\w-]{1,63}\\.){1,8}[\\p{L}]{2,24})(?![\\w-])"_s,
        QRegularExpression::UseUnicodePropertiesOption);
    return lastMatch(pattern, text);
}

QString phoneDigits(const QString &phone)
{
    QString digits;
    for (const QChar c : phone) {
        if (c.isDigit())
            digits += QChar(u'0' + c.digitValue());
        else if (c == u'+' && digits.isEmpty())
            digits += c;
    }
    return digits;
}

QString phoneIn(const QString &text)
{
    // Starts with + or 0 or (: a bare run of digits is as likely an order number.
    static const QRegularExpression pattern(
        u"(?<![\\w/.#-])((?:\\+|\\(?0)[0-9][0-9 ()./-]{5,22}[0-9])(?![\\w/-])"_s);
    const QString found = lastMatch(pattern, text);
    static const QRegularExpression date(u"^\\d{1,2}([./-])\\d{1,2}\\1\\d{2,4}$"_s);
    if (date.match(found).hasMatch())
        return {};
    const qsizetype digits = phoneDigits(found).remove(u'+').size();
    return digits >= 8 && digits <= 15 ? found.simplified() : QString();
}

} // namespace parley::desk
