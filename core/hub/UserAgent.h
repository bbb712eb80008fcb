// Reads a browser's and a system's name out of a User-Agent text, for the agent's eyes; nothing is decided by
// it.
#pragma once

#include <QString>

namespace parley::hub {

/// "Firefox 128", "Chrome 126", "Safari 17"; empty when it is none that we know.
QString browserOf(const QString &userAgent);
/// "Windows 10", "macOS", "Linux", "Android 14", "iOS 17".
QString systemOf(const QString &userAgent);

} // namespace parley::hub
