// Says something to assistive technology, politely: the focus stays where it is.
#pragma once

#include <QWidget>

namespace parley::ui {

/// from is any widget of the window in which it happened. Nothing is shown.
void announce(const QWidget *from, const QString &text);

/// The place in a window that bears the last announcement as its name; made by the first one.
class Announcer : public QWidget
{
    Q_OBJECT

public:
    explicit Announcer(QWidget *window);
    void say(const QString &text);
};

} // namespace parley::ui
