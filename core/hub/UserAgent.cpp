#include "core/hub/UserAgent.h"

#include <QRegularExpression>

namespace parley::hub {

using namespace Qt::Literals::StringLiterals;

namespace {

struct Mark {
    QString name;
    QRegularExpression pattern; // group 1, where there is one: the version
};

QString firstOf(const QList<Mark> &marks, const QString &text)
{
    for (const Mark &mark : marks) {
        const auto match = mark.pattern.match(text);
        if (match.hasMatch())
            return (mark.name + u' ' + match.captured(1)).trimmed();
    }
    return {};
}

} // namespace

QString browserOf(const QString &userAgent)
{
    // Every browser claims to be the older ones too: the order decides.
    static const QList<Mark> marks{
        {u"Edge"_s, QRegularExpression(u"Edg(?:e|A|iOS)?/(\\d+)"_s)},
        {u"Opera"_s, QRegularExpression(u"(?:OPR|Opera)/(\\d+)"_s)},
        {u"Samsung Internet"_s, QRegularExpression(u"SamsungBrowser/(\\d+)"_s)},
        {u"Firefox"_s, QRegularExpression(u"(?:Firefox|FxiOS)/(\\d+)"_s)},
        {u"Chrome"_s, QRegularExpression(u"(?:HeadlessChrome|Chrome|CriOS|Chromium)/(\\d+)"_s)},
        {u"Safari"_s, QRegularExpression(u"Version/(\\d+).*Safari/"_s)},
    };
    return firstOf(marks, userAgent.left(512));
}

QString systemOf(const QString &userAgent)
{
    static const QList<Mark> marks{
        {u"Windows 10"_s, QRegularExpression(u"Windows NT 10\\.0"_s)}, // 11 calls itself 10
        {u"Windows"_s, QRegularExpression(u"Windows"_s)},
        {u"Android"_s, QRegularExpression(u"Android (\\d+)"_s)},
        {u"iOS"_s, QRegularExpression(u"(?:iPhone OS|CPU OS) (\\d+)"_s)},
        {u"macOS"_s, QRegularExpression(u"Mac OS X|Macintosh"_s)},
        {u"ChromeOS"_s, QRegularExpression(u"CrOS"_s)},
        {u"Linux"_s, QRegularExpression(u"Linux|X11"_s)},
    };
    return firstOf(marks, userAgent.left(512));
}

} // namespace parley::hub
