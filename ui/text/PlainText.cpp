#include "ui/text/PlainText.h"

namespace parley::ui {

namespace {

// Embeddings, overrides and isolates change the order of what follows them; the marks and the Arabic letter
// mark are invisible and only useful to whoever writes the text, not in a name.
bool isDirectionControl(char16_t c)
{
    return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) || c == 0x200E || c == 0x200F ||
           c == 0x061C;
}

// The joiners U+200C and U+200D stay: Persian words and emoji need them.
bool isInvisible(char16_t c)
{
    return c == 0x200B || c == 0x2060 || c == 0xFEFF || (c >= 0xFFF9 && c <= 0xFFFB) || c == 0x00AD ||
           c == 0x180E;
}

/// Half of a surrogate pair without the other half.
bool isLone(const QString &text, qsizetype i)
{
    const QChar c = text.at(i);
    if (c.isHighSurrogate())
        return i + 1 >= text.size() || !text.at(i + 1).isLowSurrogate();
    return c.isLowSurrogate() && (i == 0 || !text.at(i - 1).isHighSurrogate());
}

QString cleaned(const QString &text, bool keepLines)
{
    QString out;
    out.reserve(text.size());
    for (qsizetype i = 0; i < text.size(); ++i) {
        const QChar c = text.at(i);
        const char16_t u = c.unicode();
        if (isDirectionControl(u) || isInvisible(u))
            continue;
        if (u == u'\r') {
            if (i + 1 < text.size() && text.at(i + 1) == u'\n')
                continue;
            out += keepLines ? u'\n' : u' ';
        } else if (u == u'\n' || u == 0x2028 || u == 0x2029 || u == 0x0085) {
            out += keepLines ? u'\n' : u' ';
        } else if (u == u'\t') {
            out += keepLines ? u'\t' : u' ';
        } else if (u < 0x20) {
            out += QChar(char16_t(0x2400 + u)); // the control pictures: ␀ ␛ …
        } else if (u == 0x7F) {
            out += QChar(char16_t(0x2421));
        } else if ((u >= 0x80 && u < 0xA0) || isLone(text, i)) {
            out += QChar(char16_t(0xFFFD));
        } else {
            out += c;
        }
    }
    return out;
}

} // namespace

QString safeLine(const QString &text, qsizetype longest)
{
    const bool isLong = text.size() > longest;
    QString line = cleaned(isLong ? text.left(longest) : text, false).simplified();
    if (isLong)
        line += QChar(char16_t(0x2026));
    return line;
}

QString safeText(const QString &text)
{
    return cleaned(text, true);
}

QString isolated(const QString &text)
{
    return QChar(char16_t(0x2068)) + text + QChar(char16_t(0x2069));
}

} // namespace parley::ui
