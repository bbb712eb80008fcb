#include "core/domain/LiveChatFields.h"

#include <QRegularExpression>

namespace parley {

using namespace Qt::Literals::StringLiterals;

namespace {
const QRegularExpression &referencePattern()
{
    static const QRegularExpression pattern(u"\\{!([A-Za-z]+\\.[^{}]+?)\\}"_s);
    return pattern;
}
} // namespace

std::optional<QString> fieldKeyOf(QStringView reference)
{
    const auto match = referencePattern().match(reference.toString());
    if (!match.hasMatch() || match.capturedLength() != reference.size())
        return std::nullopt;
    return match.captured(1);
}

QString expandFields(QStringView text, const LiveChatFields &values)
{
    QString result;
    qsizetype from = 0;
    auto matches = referencePattern().globalMatch(text.toString());
    while (matches.hasNext()) {
        const auto match = matches.next();
        result += text.sliced(from, match.capturedStart() - from);
        result += values.value(match.captured(1));
        from = match.capturedEnd();
    }
    result += text.sliced(from);
    return result;
}

PersonName splitPersonName(QStringView fullName)
{
    const QString simplified = fullName.toString().simplified();
    const qsizetype space = simplified.lastIndexOf(u' ');
    if (space < 0)
        return {.first = {}, .last = simplified};
    return {.first = simplified.left(space), .last = simplified.mid(space + 1)};
}

} // namespace parley
