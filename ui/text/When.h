// Times, days, durations and sizes in the agent's language and time zone.
#pragma once

#include <QDateTime>
#include <QString>

#include <chrono>

namespace parley::ui {

/// "10:44", as the locale writes it, in the agent's zone.
[[nodiscard]] QString timeText(const QDateTime &at);
/// A time of day in hours and minutes, as the locale writes them.
[[nodiscard]] QString clockText(QTime time);
/// For a row of the list: the time today, "Yesterday", the weekday within a week, else the date.
[[nodiscard]] QString rowTimeText(const QDateTime &at, const QDateTime &now);
/// For a line between two days of a thread: "Today", "Yesterday", "Thursday 21 May 2026".
[[nodiscard]] QString dayText(QDate day, QDate today);
/// "0:38", as timers run.
[[nodiscard]] QString timerText(std::chrono::seconds duration);
/// "1 minute 52 seconds", for those who listen.
[[nodiscard]] QString spokenDuration(std::chrono::seconds duration);
/// "2 min here", "1 h 5 min", rounded down.
[[nodiscard]] QString roughDuration(std::chrono::seconds duration);
/// "148 KB".
[[nodiscard]] QString sizeText(qint64 bytes);
/// "in 8 s", for a next try; empty when it is due.
[[nodiscard]] QString untilText(const QDateTime &at, const QDateTime &now);

} // namespace parley::ui
