#include "ui/style/SystemLook.h"

namespace parley::ui {

// Windows and macOS tell Qt, and Qt tells the palette.
void listenToDesktop(QObject *, std::function<void(bool)>) {}

} // namespace parley::ui
