// What a key means to a list of completions while the caret stays in the text.
#pragma once

class QKeyEvent;
class QListWidget;

namespace parley::ui {

enum class CompletionKey { NotOurs, Moved, Chosen, Left };

/// Up and Down move the list's row, round its ends; Enter and Tab choose it; Escape leaves. The list is not
/// empty.
CompletionKey completionKey(QListWidget &list, const QKeyEvent &event);

} // namespace parley::ui
