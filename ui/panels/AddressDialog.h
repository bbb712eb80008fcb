// An address that no browser would open, to be copied by hand.
#pragma once

#include "ui/style/Theme.h"

#include <QDialog>
#include <QUrl>

namespace parley::ui {

class AddressDialog : public QDialog
{
    Q_OBJECT

public:
    AddressDialog(Theme &theme, const QUrl &address, QWidget *parent);
};

} // namespace parley::ui
