#include "ui/panels/AddressDialog.h"

#include "ui/style/Button.h"
#include "ui/style/Label.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QLineEdit>
#include <QVBoxLayout>

namespace parley::ui {

using namespace Qt::Literals::StringLiterals;

AddressDialog::AddressDialog(Theme &theme, const QUrl &address, QWidget *parent)
    : QDialog(parent)
{
    setObjectName(u"addressDialog"_s);
    setWindowTitle(tr("Open a visitor's page"));
    setAttribute(Qt::WA_DeleteOnClose);
    setMinimumWidth(460);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(24, 20, 24, 16);
    column->setSpacing(12);
    auto *words = new Label(theme, tr("No browser answered. Copy this address into one on this computer."),
                            TextRole::Body, &Palette::tx1, this);
    words->setWordWrap(true);
    column->addWidget(words);
    auto *line = new QLineEdit(address.toString(), this);
    line->setObjectName(u"visitorAddress"_s);
    line->setAccessibleName(tr("Address of the visitor's page"));
    line->setReadOnly(true);
    line->setFont(theme.font(TextRole::Body));
    line->setCursorPosition(0);
    column->addWidget(line);
    auto *row = new QHBoxLayout;
    row->setSpacing(8);
    auto *close = new Button(theme, tr("Close"), ButtonKind::Ghost, ButtonSize::Md, this);
    auto *copy = new Button(theme, tr("Copy"), ButtonKind::Primary, ButtonSize::Md, this);
    copy->setObjectName(u"copyAddress"_s);
    row->addStretch();
    row->addWidget(close);
    row->addWidget(copy);
    column->addLayout(row);
    connect(close, &QAbstractButton::clicked, this, &QDialog::accept);
    connect(copy, &QAbstractButton::clicked, this, [this, copy, address] {
        QGuiApplication::clipboard()->setText(address.toString());
        copy->setText(tr("Copied"));
    });
    copy->setFocus();
}

} // namespace parley::ui
