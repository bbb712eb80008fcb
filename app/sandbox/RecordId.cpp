#include "app/sandbox/RecordId.h"

namespace parley::sandbox {

using namespace Qt::Literals::StringLiterals;

namespace {

bool isIdCharacter(QChar c)
{
    return (c >= u'0' && c <= u'9') || (c >= u'A' && c <= u'Z') || (c >= u'a' && c <= u'z');
}

// One suffix character per five: its bits say which of the five are upper case.
QString suffixOf(QStringView fifteen)
{
    static constexpr char16_t kAlphabet[] = u"ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";
    QString suffix;
    for (int block = 0; block < 3; ++block) {
        int bits = 0;
        for (int i = 0; i < 5; ++i) {
            const QChar c = fifteen.at(block * 5 + i);
            if (c >= u'A' && c <= u'Z')
                bits |= 1 << i;
        }
        suffix += QChar(kAlphabet[bits]);
    }
    return suffix;
}

} // namespace

QString makeId(QStringView keyPrefix, qint64 number)
{
    static constexpr char16_t kDigits[] = u"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    QString digits;
    for (qint64 rest = number; digits.size() < 9; rest /= 62)
        digits.prepend(QChar(kDigits[rest % 62]));
    const QString fifteen = keyPrefix.toString() + u"gK0"_s + digits;
    return fifteen + suffixOf(fifteen);
}

std::optional<QString> normalizeId(QStringView text)
{
    if ((text.size() != 15 && text.size() != 18) || !std::ranges::all_of(text, isIdCharacter))
        return std::nullopt;
    const QStringView fifteen = text.first(15);
    const QString suffix = suffixOf(fifteen);
    if (text.size() == 18 && text.sliced(15).compare(suffix, Qt::CaseInsensitive) != 0)
        return std::nullopt;
    return fifteen.toString() + suffix;
}

QString organizationId()
{
    return makeId(u"00D", 7);
}

} // namespace parley::sandbox
