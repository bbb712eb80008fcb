// What a command of parleyctl has to say: the same thing as JSON for programs and as lines for people.
#pragma once

#include "core/base/Result.h"

#include <QJsonObject>
#include <QStringList>

namespace parley::ctl {

/// Documented in docs/parleyctl.md; part of the interface.
enum Exit {
    Ok = 0,
    Failed = 1,      ///< an answer that makes no sense, the disk, a mistake of ours
    Usage = 2,       ///< the command line or an input file is wrong
    SignIn = 3,      ///< no connection in the profile, or its sign-in has lapsed
    Refused = 4,     ///< the CRM said no: not allowed, invalid, conflict
    NotFound = 5,    ///< no such record, kind or connection
    Unreachable = 6, ///< no answer, or none in time
    Limited = 7,     ///< the CRM asks for patience
    Incomplete = 8   ///< crm check: rights are missing
};

struct Reply {
    QJsonObject json;
    QStringList lines;
    int exitCode = Ok;
};

int exitCodeOf(const Error &error);
/// One or more sentences for a person.
QString wordsFor(const Error &error);
QJsonObject jsonOf(const Error &error);

} // namespace parley::ctl
