// Short news at the lower end of the chat pane: at most three, the same kind merged.
#pragma once

#include "ui/panels/CannedPopup.h"
#include "ui/style/Surfaces.h"

#include <functional>

namespace parley::ui {

struct Toast {
    BannerKind kind = BannerKind::Ok;
    QString title;
    QString detail;
    QString action; ///< "Open"; empty: none
    std::function<void()> run;
    bool stays = false; ///< until the agent closes it
    QString group;      ///< same group: merged; mergedTitle counts them
    std::function<QString(int)> mergedTitle;
};

class Toasts : public QWidget
{
    Q_OBJECT

public:
    Toasts(Theme &theme, QWidget *parent);
    void show(Toast toast);
    [[nodiscard]] int count() const { return int(m_shown.size()); }
    void place(const QRect &room); ///< the chat pane above the composer
    static constexpr int kLifetimeMs = 5000;

private:
    class Frame;
    void remove(Frame *frame);
    void layOut();

    Theme &m_theme;
    QList<Frame *> m_shown;
    QRect m_room;
};

} // namespace parley::ui
