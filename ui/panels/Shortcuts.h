// The table of keys: what each does, in words, in one place for the window, the hints and the list of
// shortcuts.
#pragma once

#include <QKeySequence>
#include <QList>
#include <QString>

namespace parley::ui {

enum class Act {
    Search,
    NextPane,
    PreviousPane,
    OpenNth,
    NextChat,
    PreviousChat,
    LongestWait,
    AcceptNext,
    SwitchMode,
    AttachFile,
    FindInChat,
    OtherTab,
    ToggleSide,
    SaveRecord,
    OpenRecord,
    AttachCase,
    AttachTask,
    AddNote,
    FindRecord,
    ChooseOption,
    EndChat,
    Settings,
    Status,
    Shortcuts
};

struct Shortcut {
    Act act;
    QList<QKeySequence> keys; ///< any of them; for "1 to 9" one each
    QString words;
    QString group;
    QString shown; ///< where the keys are a range: "Ctrl 1 to 9"
};

[[nodiscard]] QList<Shortcut> shortcutTable();
[[nodiscard]] QKeySequence keyOf(Act act);
/// Of the command in the palette.
[[nodiscard]] QString iconOf(Act act);
/// As the list of shortcuts prints it.
[[nodiscard]] QString shownKeys(const Shortcut &shortcut);

} // namespace parley::ui
