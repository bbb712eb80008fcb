// The two tabs of the right pane: the visitor, and the CRM with a sign of what was found there.
#pragma once

#include "core/desk/DeskValues.h"
#include "ui/style/Theme.h"

#include <QTabBar>

namespace parley::ui {

class RecordTabs : public QTabBar
{
    Q_OBJECT

public:
    RecordTabs(Theme &theme, QWidget *parent);
    void setTab(const desk::RecordTab &tab);

protected:
    void paintEvent(QPaintEvent *event) override;
    [[nodiscard]] QSize tabSizeHint(int index) const override;
    [[nodiscard]] QSize minimumTabSizeHint(int index) const override { return tabSizeHint(index); }

private:
    struct Sign {
        QString icon;
        QColor Palette::*ink = nullptr;
        QString words;
    };
    [[nodiscard]] Sign sign() const;

    Theme &m_theme;
    desk::RecordTab m_tab;
};

} // namespace parley::ui
