// Makes strings from outside safe to log: no control characters, no secrets, bounded length.
#pragma once

#include <QString>
#include <QUrl>

namespace parley {

/// One line, at most limit characters, control and bidi-override characters shown as \uXXXX.
QString forLog(QStringView text, qsizetype limit = 120);

/// Scheme, host, port and path; never user information, query or fragment.
QString forLog(const QUrl &url);

} // namespace parley
