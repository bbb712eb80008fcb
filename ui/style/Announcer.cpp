#include "ui/style/Announcer.h"

#include <QAccessible>

namespace parley::ui {

using namespace Qt::Literals::StringLiterals;

Announcer::Announcer(QWidget *window)
    : QWidget(window)
{
    setObjectName(u"announcer"_s);
    setGeometry(0, 0, 1, 1);
    setAttribute(Qt::WA_TransparentForMouseEvents);
    setAttribute(Qt::WA_NoSystemBackground);
    lower();
    show();
}

void Announcer::say(const QString &text)
{
    setAccessibleName(text);
    // Qt 6.4 has no announcement event. Windows and macOS take an alert for one; its bridge to AT-SPI drops
    // alerts, and there a screen reader speaks a notification that comes into view.
    for (const QAccessible::Event kind : {QAccessible::Alert, QAccessible::ObjectShow}) {
        QAccessibleEvent event(this, kind);
        QAccessible::updateAccessibility(&event);
    }
}

void announce(const QWidget *from, const QString &text)
{
    if (!from || text.isEmpty())
        return;
    QWidget *window = from->window();
    auto *announcer = window->findChild<Announcer *>(QString(), Qt::FindDirectChildrenOnly);
    if (!announcer)
        announcer = new Announcer(window);
    announcer->say(text);
}

} // namespace parley::ui
