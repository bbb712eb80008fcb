// Sends what Qt logs to rotating files and, for servers, to standard error.
#pragma once

#include <QString>

namespace parley::log {

struct LogSinkOptions {
    QString folder;  ///< where the files go; empty: no file
    QString program; ///< the files' name
    bool onStandardError = false;
};

/// From now on all Qt messages go there: "2026-05-21T10:38:02.120Z info parley.hub: …". Called once by a
/// main().
void start(const LogSinkOptions &options);

/// Writes what is still in memory; called before a program ends.
void finish();

} // namespace parley::log
