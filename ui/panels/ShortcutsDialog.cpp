#include "ui/panels/ShortcutsDialog.h"

#include "ui/panels/Shortcuts.h"
#include "ui/style/Marks.h"

#include <QGridLayout>
#include <QScrollArea>

namespace parley::ui {

using namespace Qt::Literals::StringLiterals;

QWidget *makeShortcutList(Theme &theme, QWidget *parent)
{
    auto *list = new QWidget(parent);
    list->setObjectName(u"shortcutList"_s);
    auto *grid = new QGridLayout(list);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(24);
    grid->setVerticalSpacing(6);
    QString group;
    int row = 0;
    for (const Shortcut &shortcut : shortcutTable()) {
        if (shortcut.group != group) {
            group = shortcut.group;
            auto *head = new Label(theme, group, TextRole::Meta, &Palette::tx2, list);
            head->setWeight(QFont::DemiBold);
            head->setContentsMargins(0, row == 0 ? 0 : 10, 0, 2);
            grid->addWidget(head, row++, 0, 1, 2);
        }
        auto *words = new Label(theme, shortcut.words, TextRole::Body, &Palette::tx1, list);
        auto *keys = new KeyHint(theme, shownKeys(shortcut), list);
        words->setAccessibleName(shortcut.words + u", "_s + shownKeys(shortcut));
        grid->addWidget(words, row, 0);
        grid->addWidget(keys, row++, 1, Qt::AlignTrailing | Qt::AlignVCenter);
    }
    grid->setColumnStretch(0, 1);
    return list;
}

ShortcutsDialog::ShortcutsDialog(Theme &theme, QWidget *parent)
    : QDialog(parent)
{
    setObjectName(u"shortcutsDialog"_s);
    setWindowTitle(tr("All shortcuts"));
    setAttribute(Qt::WA_DeleteOnClose);
    resize(460, 600);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(24, 20, 12, 16);
    column->addWidget(new Label(theme, tr("All shortcuts"), TextRole::Page, &Palette::tx1, this));
    auto *scroll = new QScrollArea(this);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    auto *body = new QWidget;
    body->setObjectName(u"scrollBody"_s);
    auto *inner = new QVBoxLayout(body);
    inner->setContentsMargins(0, 8, 12, 0);
    inner->addWidget(makeShortcutList(theme, body));
    inner->addStretch();
    scroll->setWidget(body);
    column->addWidget(scroll, 1);
    auto *close = new Button(theme, tr("Close"), ButtonKind::Normal, ButtonSize::Md, this);
    close->setObjectName(u"closeShortcuts"_s);
    close->setKeyHint(QKeySequence(Qt::Key_Escape));
    connect(close, &QAbstractButton::clicked, this, &QDialog::close);
    column->addWidget(close, 0, Qt::AlignTrailing);
    close->setFocus();
}

} // namespace parley::ui
