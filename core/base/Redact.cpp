#include "core/base/Redact.h"

namespace parley {

using namespace Qt::Literals::StringLiterals;

QString forLog(QStringView text, qsizetype limit)
{
    QString line;
    for (const QChar c : text.left(limit)) {
        const bool isUnsafe = c.category() == QChar::Other_Control || c.category() == QChar::Other_Format ||
                              c == QChar::LineSeparator || c == QChar::ParagraphSeparator;
        if (isUnsafe)
            line += u"\\u"_s + QString::number(c.unicode(), 16).rightJustified(4, u'0');
        else
            line += c;
    }
    if (text.size() > limit)
        line += u'…';
    return line;
}

QString forLog(const QUrl &url)
{
    return forLog(url.toString(QUrl::RemoveUserInfo | QUrl::RemoveQuery | QUrl::RemoveFragment), 200);
}

} // namespace parley
