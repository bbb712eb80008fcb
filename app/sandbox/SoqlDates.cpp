#include "app/sandbox/Soql.h"

#include <QDateTime>

namespace parley::sandbox::soql {

using namespace Qt::Literals::StringLiterals;

namespace {

QDate startOfUnit(const QDate &day, const QString &unit)
{
    if (unit == u"WEEK"_s)
        return day.addDays(-(day.dayOfWeek() % 7)); // the org's locale is en_US: weeks begin on Sunday
    if (unit == u"MONTH"_s)
        return QDate(day.year(), day.month(), 1);
    if (unit.endsWith(u"QUARTER"_s))
        return QDate(day.year(), (day.month() - 1) / 3 * 3 + 1, 1);
    if (unit.endsWith(u"YEAR"_s))
        return QDate(day.year(), 1, 1);
    return day;
}

QDate addUnits(const QDate &start, const QString &unit, int n)
{
    if (unit == u"WEEK"_s)
        return start.addDays(qint64{7} * n);
    if (unit == u"MONTH"_s)
        return start.addMonths(n);
    if (unit.endsWith(u"QUARTER"_s))
        return start.addMonths(3 * n);
    if (unit.endsWith(u"YEAR"_s))
        return start.addYears(n);
    return start.addDays(n);
}

QString unitOf(QString word)
{
    return word.endsWith(u'S') ? word.chopped(1) : word;
}

bool isUnit(const QString &unit)
{
    static const QStringList units{u"DAY"_s,  u"WEEK"_s,           u"MONTH"_s,      u"QUARTER"_s,
                                   u"YEAR"_s, u"FISCAL_QUARTER"_s, u"FISCAL_YEAR"_s};
    return units.contains(unit);
}

} // namespace

bool isDateWord(const QString &word)
{
    return dateRange(word, 1, QDateTime(QDate(2026, 1, 1), QTime(0, 0), Qt::UTC)).has_value();
}

std::optional<DateRange> dateRange(const QString &word, int n, const QDateTime &now)
{
    const QDate today = now.date();
    const auto days = [](const QDate &from, const QDate &to) {
        return DateRange{QDateTime(from, QTime(0, 0), Qt::UTC), QDateTime(to, QTime(0, 0), Qt::UTC)};
    };
    if (word == u"TODAY"_s)
        return days(today, today.addDays(1));
    if (word == u"YESTERDAY"_s)
        return days(today.addDays(-1), today);
    if (word == u"TOMORROW"_s)
        return days(today.addDays(1), today.addDays(2));
    if (word == u"LAST_90_DAYS"_s)
        return days(today.addDays(-90), today.addDays(1));
    if (word == u"NEXT_90_DAYS"_s)
        return days(today.addDays(1), today.addDays(91));
    const qsizetype dash = word.indexOf(u'_');
    if (dash < 0)
        return std::nullopt;
    const QString which = word.first(dash);
    const QString rest = word.sliced(dash + 1);
    if (isUnit(rest) && rest != u"DAY"_s) {
        const QDate start = startOfUnit(today, rest);
        if (which == u"THIS"_s)
            return days(start, addUnits(start, rest, 1));
        if (which == u"LAST"_s)
            return days(addUnits(start, rest, -1), start);
        if (which == u"NEXT"_s)
            return days(addUnits(start, rest, 1), addUnits(start, rest, 2));
        return std::nullopt;
    }
    const bool ago = rest.endsWith(u"_AGO"_s);
    const QString counted = ago ? rest.chopped(4) : rest;
    if (!counted.startsWith(u"N_"_s) || !isUnit(unitOf(counted.sliced(2))))
        // N_DAYS_AGO has no leading LAST or NEXT
        return which == u"N"_s && ago && isUnit(unitOf(counted))
                   ? std::optional(
                         days(addUnits(startOfUnit(today, unitOf(counted)), unitOf(counted), -n),
                              addUnits(startOfUnit(today, unitOf(counted)), unitOf(counted), 1 - n)))
                   : std::nullopt;
    const QString unit = unitOf(counted.sliced(2));
    const QDate start = startOfUnit(today, unit);
    if (which ==
        u"LAST"_s) // days reach up to and include today; other units end where the present one begins
        return days(addUnits(start, unit, -n), unit == u"DAY"_s ? today.addDays(1) : start);
    if (which == u"NEXT"_s)
        return days(addUnits(start, unit, 1), addUnits(start, unit, n + 1));
    return std::nullopt;
}

} // namespace parley::sandbox::soql
