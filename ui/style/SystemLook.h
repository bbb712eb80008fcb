// Asks the desktop whether it is dark, and hears when that changes; where the desktop has a voice of its own.
#pragma once

#include <QObject>

#include <functional>

namespace parley::ui {

/// Calls heard with each answer, for as long as context lives; never where nobody answers.
void listenToDesktop(QObject *context, std::function<void(bool dark)> heard);

} // namespace parley::ui
