// All shortcuts in one list, by what they are for.
#pragma once

#include "ui/style/Surfaces.h"

#include <QDialog>

namespace parley::ui {

/// The list alone: for the dialog and for the settings page.
[[nodiscard]] QWidget *makeShortcutList(Theme &theme, QWidget *parent);

class ShortcutsDialog : public QDialog
{
    Q_OBJECT

public:
    ShortcutsDialog(Theme &theme, QWidget *parent);
};

} // namespace parley::ui
