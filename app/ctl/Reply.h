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

/// What a command was about, so that a failure can name it.
struct Where {
    QString server;  ///< host of the CRM; empty before one was chosen
    QString profile; ///< folder
};

int exitCodeOf(const Error &error);
/// True where the failure is this computer's own and detail is a whole sentence of ours.
bool isOurOwn(const Error &error);
/// One or more sentences for a person: what happened, where, what to do.
QString wordsFor(const Error &error, const Where &where);
QJsonObject jsonOf(const Error &error, const Where &where);

} // namespace parley::ctl
