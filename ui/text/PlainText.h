// Makes what a stranger wrote safe to show: nothing in it may reorder, hide or fake the words around it.
#pragma once

#include <QString>

namespace parley::ui {

/// One line for names, titles and rows: direction marks are gone, line breaks are spaces, control characters
/// are visible signs, and an endless text is cut.
[[nodiscard]] QString safeLine(const QString &text, qsizetype longest = 400);
/// A message: line breaks and tabs stay, the rest as in safeLine. Never cut.
[[nodiscard]] QString safeText(const QString &text);
/// Puts a text of unknown direction into a sentence without disturbing it.
[[nodiscard]] QString isolated(const QString &text);

} // namespace parley::ui
