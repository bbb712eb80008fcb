#include "ui/text/When.h"

#include <QCoreApplication>
#include <QLocale>
#include <QRegularExpression>

namespace parley::ui {

using namespace Qt::Literals::StringLiterals;

namespace {

struct WhenWords {
    Q_DECLARE_TR_FUNCTIONS(parley::ui::When)
};

} // namespace

QString clockText(QTime time)
{
    // Some locales put seconds or a zone into their short format; a chat is read by the minute.
    static const QRegularExpression surplus(u"[:.]ss|\\s*t+"_s);
    QString format = QLocale().timeFormat(QLocale::ShortFormat);
    format.remove(surplus);
    return QLocale().toString(time, format);
}

QString timeText(const QDateTime &at)
{
    return at.isValid() ? clockText(at.toLocalTime().time()) : QString();
}

QString rowTimeText(const QDateTime &at, const QDateTime &now)
{
    if (!at.isValid())
        return {};
    const QDate day = at.toLocalTime().date();
    const qint64 ago = day.daysTo(now.toLocalTime().date());
    if (ago <= 0)
        return timeText(at);
    if (ago == 1)
        return WhenWords::tr("Yesterday");
    if (ago < 7)
        return QLocale().dayName(day.dayOfWeek(), QLocale::ShortFormat);
    return QLocale().toString(day, QLocale::ShortFormat);
}

QString dayText(QDate day, QDate today)
{
    if (day == today)
        return WhenWords::tr("Today");
    if (day.daysTo(today) == 1)
        return WhenWords::tr("Yesterday");
    return QLocale().toString(day, QLocale::LongFormat);
}

QString timerText(std::chrono::seconds duration)
{
    const int all = int(std::max<qint64>(0, duration.count()));
    const auto two = [](int value) {
        return u"%1"_s.arg(value, 2, 10, QChar(u'0'));
    };
    if (all < 3600)
        return u"%1:%2"_s.arg(all / 60).arg(two(all % 60));
    return u"%1:%2:%3"_s.arg(all / 3600).arg(two(all / 60 % 60), two(all % 60));
}

QString spokenDuration(std::chrono::seconds duration)
{
    const int all = int(std::max<qint64>(0, duration.count()));
    const int hours = all / 3600;
    const int minutes = all / 60 % 60;
    const int seconds = all % 60;
    const QString h = hours == 1 ? WhenWords::tr("1 hour") : WhenWords::tr("%n hours", nullptr, hours);
    const QString m =
        minutes == 1 ? WhenWords::tr("1 minute") : WhenWords::tr("%n minutes", nullptr, minutes);
    if (hours > 0)
        return minutes > 0 ? h + u' ' + m : h;
    if (minutes > 0)
        return seconds > 0 ? m + u' ' + QString::number(seconds) : m;
    return seconds == 1 ? WhenWords::tr("1 second") : WhenWords::tr("%n seconds", nullptr, seconds);
}

QString roughDuration(std::chrono::seconds duration)
{
    const qint64 minutes = std::max<qint64>(0, duration.count()) / 60;
    if (minutes < 1)
        return WhenWords::tr("under 1 min");
    if (minutes < 60)
        return WhenWords::tr("%1 min").arg(minutes);
    if (minutes % 60 == 0)
        return WhenWords::tr("%1 h").arg(minutes / 60);
    return WhenWords::tr("%1 h %2 min").arg(minutes / 60).arg(minutes % 60);
}

QString sizeText(qint64 bytes)
{
    const double size = double(std::max<qint64>(0, bytes));
    constexpr double kStep = 1024;
    const QLocale locale;
    if (size < kStep)
        return WhenWords::tr("%1 bytes").arg(locale.toString(qint64(size)));
    if (size < kStep * kStep)
        return WhenWords::tr("%1 KB").arg(locale.toString(size / kStep, 'f', 0));
    if (size < kStep * kStep * kStep)
        return WhenWords::tr("%1 MB").arg(locale.toString(size / kStep / kStep, 'f', 1));
    return WhenWords::tr("%1 GB").arg(locale.toString(size / kStep / kStep / kStep, 'f', 1));
}

QString untilText(const QDateTime &at, const QDateTime &now)
{
    const qint64 seconds = now.secsTo(at);
    if (!at.isValid() || seconds <= 0)
        return {};
    return seconds < 60 ? WhenWords::tr("in %1 s").arg(seconds)
                        : WhenWords::tr("in %1 min").arg((seconds + 59) / 60);
}

} // namespace parley::ui
