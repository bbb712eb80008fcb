// Makes visitors' text fit to be kept and shown: still what they wrote, but nothing that breaks a line, a
// list or a file.
#pragma once

#include <QString>

namespace parley::hub {

/// Keeps line ends and tabs; takes out all other control characters (NUL too); a lone surrogate becomes
/// U+FFFD. Direction marks stay: Arabic and Hebrew need them.
QString cleanText(const QString &text);

/// One line, without direction overrides (which would turn the text beside it around), at most limit UTF-16
/// units and never half a character.
QString cleanLine(const QString &text, qsizetype limit);

/// What a chat list shows of a message.
QString previewOf(const QString &text);

/// A file's name without its folders; never empty.
QString cleanFileName(const QString &name);

/// A media type, or application/octet-stream where it is not one.
QString cleanMediaType(const QString &type);

} // namespace parley::hub
