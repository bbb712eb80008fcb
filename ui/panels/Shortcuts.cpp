#include "ui/panels/Shortcuts.h"

#include "ui/style/Paint.h"

#include <QCoreApplication>

#include <ranges>

namespace parley::ui {

using namespace Qt::Literals::StringLiterals;

namespace {

struct ShortcutWords {
    Q_DECLARE_TR_FUNCTIONS(parley::ui::Shortcuts)
};

QList<QKeySequence> digits(Qt::KeyboardModifier modifier, int last)
{
    QList<QKeySequence> keys;
    for (int i = 0; i < last; ++i)
        keys += QKeySequence(QKeyCombination(modifier, Qt::Key(Qt::Key_1 + i)));
    return keys;
}

} // namespace

QList<Shortcut> shortcutTable()
{
    const QString chats = ShortcutWords::tr("Chats");
    const QString writing = ShortcutWords::tr("Writing");
    const QString record = ShortcutWords::tr("Record");
    const QString window = ShortcutWords::tr("Window");
    return {
        {Act::Search, {Qt::CTRL | Qt::Key_K}, ShortcutWords::tr("Search or run a command"), chats, {}},
        {Act::OpenNth, digits(Qt::ControlModifier, 9), ShortcutWords::tr("Open chat 1 to 9"), chats,
         ShortcutWords::tr("Ctrl 1 to Ctrl 9")},
        {Act::NextChat, {Qt::CTRL | Qt::Key_Down}, ShortcutWords::tr("Next chat"), chats, {}},
        {Act::PreviousChat, {Qt::CTRL | Qt::Key_Up}, ShortcutWords::tr("Previous chat"), chats, {}},
        {Act::LongestWait,
         {Qt::CTRL | Qt::Key_Tab},
         ShortcutWords::tr("The chat that waits longest for you"),
         chats,
         {}},
        {Act::AcceptNext, {Qt::Key_F8}, ShortcutWords::tr("Accept the next visitor"), chats, {}},
        {Act::EndChat, {Qt::CTRL | Qt::Key_W}, ShortcutWords::tr("End the chat"), chats, {}},
        {Act::SwitchMode,
         {Qt::CTRL | Qt::SHIFT | Qt::Key_N},
         ShortcutWords::tr("Reply or internal note"),
         writing,
         {}},
        {Act::AttachFile,
         {Qt::CTRL | Qt::SHIFT | Qt::Key_A},
         ShortcutWords::tr("Attach a file"),
         writing,
         {}},
        {Act::FindInChat, {Qt::CTRL | Qt::Key_F}, ShortcutWords::tr("Find in this chat"), writing, {}},
        {Act::OtherTab, {Qt::CTRL | Qt::Key_I}, ShortcutWords::tr("Visitor or CRM tab"), record, {}},
        {Act::SaveRecord, {Qt::CTRL | Qt::Key_S}, ShortcutWords::tr("Save the card or form"), record, {}},
        {Act::OpenRecord,
         {Qt::CTRL | Qt::SHIFT | Qt::Key_O},
         ShortcutWords::tr("Open the record in the browser"),
         record,
         {}},
        {Act::AttachCase,
         {Qt::CTRL | Qt::SHIFT | Qt::Key_C},
         ShortcutWords::tr("Attach a Case at the end"),
         record,
         {}},
        {Act::AttachTask,
         {Qt::CTRL | Qt::SHIFT | Qt::Key_T},
         ShortcutWords::tr("Attach a Task at the end"),
         record,
         {}},
        {Act::AddNote,
         {Qt::CTRL | Qt::SHIFT | Qt::Key_J},
         ShortcutWords::tr("Add chat transcript as note"),
         record,
         {}},
        {Act::FindRecord,
         {Qt::CTRL | Qt::SHIFT | Qt::Key_F},
         ShortcutWords::tr("Find a record by hand"),
         record,
         {}},
        {Act::ChooseOption, digits(Qt::AltModifier, 4), ShortcutWords::tr("Choose one of the four options"),
         record, ShortcutWords::tr("Alt 1 to Alt 4")},
        {Act::NextPane, {Qt::Key_F6}, ShortcutWords::tr("Next pane"), window, {}},
        {Act::PreviousPane, {Qt::SHIFT | Qt::Key_F6}, ShortcutWords::tr("Previous pane"), window, {}},
        {Act::ToggleSide,
         {Qt::CTRL | Qt::Key_Backslash},
         ShortcutWords::tr("Show or hide the right pane"),
         window,
         {}},
        {Act::Settings, {Qt::CTRL | Qt::Key_Comma}, ShortcutWords::tr("Settings"), window, {}},
        {Act::Status, {Qt::CTRL | Qt::SHIFT | Qt::Key_S}, ShortcutWords::tr("My status"), window, {}},
        {Act::Shortcuts, {Qt::Key_F1}, ShortcutWords::tr("All shortcuts"), window, {}},
    };
}

QKeySequence keyOf(Act act)
{
    static const QList<Shortcut> table = shortcutTable();
    const auto it = std::ranges::find(table, act, &Shortcut::act);
    return it == table.end() || it->keys.isEmpty() ? QKeySequence() : it->keys.first();
}

QString iconOf(Act act)
{
    switch (act) {
    case Act::Search:
    case Act::FindInChat:
    case Act::FindRecord:
        return u"search"_s;
    case Act::NextPane:
    case Act::PreviousPane:
    case Act::ToggleSide:
        return u"sidebar"_s;
    case Act::OpenNth:
    case Act::NextChat:
    case Act::PreviousChat:
        return u"chats"_s;
    case Act::LongestWait:
        return u"clock"_s;
    case Act::AcceptNext:
        return u"queue"_s;
    case Act::SwitchMode:
        return u"lock"_s;
    case Act::AttachFile:
        return u"attach"_s;
    case Act::OtherTab:
        return u"user"_s;
    case Act::SaveRecord:
        return u"check"_s;
    case Act::OpenRecord:
        return u"open"_s;
    case Act::AttachCase:
        return u"case"_s;
    case Act::AttachTask:
        return u"task"_s;
    case Act::AddNote:
        return u"noteadd"_s;
    case Act::ChooseOption:
        return u"useradd"_s;
    case Act::EndChat:
        return u"endchat"_s;
    case Act::Settings:
        return u"settings"_s;
    case Act::Status:
        return u"user"_s;
    case Act::Shortcuts:
        return u"keyboard"_s;
    }
    return {};
}

QString shownKeys(const Shortcut &shortcut)
{
    return shortcut.shown.isEmpty() ? keyText(shortcut.keys.value(0)) : shortcut.shown;
}

} // namespace parley::ui
