// The style sheet of the flat parts, and the palette of high contrast.
#pragma once

#include "ui/style/Palette.h"

#include <QString>

namespace parley::ui {

[[nodiscard]] QString styleSheetOf(const Palette &colours, int lineWidth);
/// Window, text, highlight and link of the system's own palette in place of every tint.
[[nodiscard]] Palette highContrastPalette(bool dark);

} // namespace parley::ui
