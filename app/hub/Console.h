// What the hub's commands say and ask on the terminal, and the exit codes they end with.
#pragma once

#include "core/base/Result.h"

#include <QString>

namespace parley::hubapp {

/// Documented in docs/hub.md and --help; part of the interface.
enum Exit {
    Good = 0,
    Failed = 1,
    Usage = 2,
    PortTaken = 3,
    DataDir = 4,
    InUse = 5,
    NewerData = 6,
    AccountExists = 7,
    NoAccount = 8
};

/// One line on standard output.
void say(const QString &line);
/// Everything said has been written, or is said to be lost; exitCode, or Failed then.
int finished(int exitCode);
/// Says on standard error what went wrong and what to do; the exit code.
int report(const Error &error);
/// From the first line of the file; from standard input without one ("" or "-"), where a terminal is asked
/// twice and shows nothing.
Result<QString> readPassword(const QString &path);

} // namespace parley::hubapp
