#include "ui/panels/CompletionKeys.h"

#include <QKeyEvent>
#include <QListWidget>

namespace parley::ui {

CompletionKey completionKey(QListWidget &list, const QKeyEvent &event)
{
    const int count = list.count();
    switch (event.key()) {
    case Qt::Key_Down:
        list.setCurrentRow((list.currentRow() + 1) % count);
        return CompletionKey::Moved;
    case Qt::Key_Up:
        list.setCurrentRow((list.currentRow() - 1 + count) % count);
        return CompletionKey::Moved;
    case Qt::Key_Return:
    case Qt::Key_Enter:
    case Qt::Key_Tab:
        return event.modifiers() & Qt::ShiftModifier ? CompletionKey::NotOurs : CompletionKey::Chosen;
    case Qt::Key_Escape:
        return CompletionKey::Left;
    default:
        return CompletionKey::NotOurs;
    }
}

} // namespace parley::ui
