#include "core/hub/Text.h"

#include <QRegularExpression>

namespace parley::hub {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr QChar kReplacement(0xfffd);

bool isDropped(QChar c)
{
    return (c < u' ' && c != u'\n' && c != u'\t') || (c >= QChar(0x7f) && c <= QChar(0x9f));
}

bool turnsDirection(QChar c)
{
    return (c >= QChar(0x202a) && c <= QChar(0x202e)) || (c >= QChar(0x2066) && c <= QChar(0x2069));
}

// Most texts need nothing done: look before copying.
bool isClean(const QString &text)
{
    return std::ranges::none_of(text, [](QChar c) {
        return isDropped(c) || c.isSurrogate() || c == QChar(0x2028) || c == QChar(0x2029) ||
               c >= QChar(0xfffe);
    });
}

} // namespace

QString cleanText(const QString &text)
{
    if (isClean(text))
        return text;
    QString clean;
    clean.reserve(text.size());
    for (qsizetype i = 0; i < text.size(); ++i) {
        const QChar c = text[i];
        if (c.isHighSurrogate() && i + 1 < text.size() && text[i + 1].isLowSurrogate()) {
            clean += c;
            clean += text[++i];
        } else if (c.isSurrogate() || c >= QChar(0xfffe)) {
            clean += kReplacement;
        } else if (c == QChar(0x2028) || c == QChar(0x2029)) {
            clean += u'\n';
        } else if (c == u'\r') {
            if (i + 1 == text.size() || text[i + 1] != u'\n')
                clean += u'\n';
        } else if (!isDropped(c)) {
            clean += c;
        }
    }
    return clean;
}

QString cleanLine(const QString &text, qsizetype limit)
{
    // Only the head can be shown: a long text is not walked to its end.
    QString line = cleanText(text.left(limit * 4));
    line.removeIf(turnsDirection);
    line = line.simplified();
    if (line.size() > limit) {
        line.truncate(limit);
        if (line.back().isHighSurrogate())
            line.chop(1);
    }
    return line;
}

QString previewOf(const QString &text)
{
    return cleanLine(text, 160);
}

QString cleanFileName(const QString &name)
{
    const qsizetype folder = std::max(name.lastIndexOf(u'/'), name.lastIndexOf(u'\\'));
    QString clean = cleanLine(name.sliced(folder + 1), 255);
    if (clean.isEmpty() || clean == u"." || clean == u"..")
        clean = u"file"_s;
    return clean;
}

QString cleanMediaType(const QString &type)
{
    static const QRegularExpression pattern(
        u"^[a-z0-9][a-z0-9!#$&^_.+-]{0,126}/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}$"_s);
    const QString lower = type.section(u';', 0, 0).trimmed().toLower();
    return pattern.match(lower).hasMatch() ? lower : u"application/octet-stream"_s;
}

} // namespace parley::hub
