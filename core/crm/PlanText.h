// How text is made to fit a CRM's fields without being cut in silence.
#pragma once

#include <QString>

namespace parley::crm {

/// White space collapsed, control characters gone: safe as a subject, a title or a "Label: value" line.
QString oneLine(const QString &text);

/// Without control characters other than line feed and tab; line ends are line feeds.
QString withoutControls(const QString &text);

/// At most limit UTF-16 units, the last of them "…" when something was left out.
QString ellipsed(const QString &text, qsizetype limit);

/// The head of the text and where the whole is; at most limit units.
QString withPointer(const QString &text, qsizetype limit, const QString &fileName);

} // namespace parley::crm
