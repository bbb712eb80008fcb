// The parts of one desk and how they hear of each other; Desk is the face that the ui sees.
#pragma once

#include "core/desk/ChatBook.h"
#include "core/desk/Desk.h"
#include "core/desk/RecordDesk.h"
#include "core/desk/Writer.h"

namespace parley::desk {

struct Desk::Private {
    Private(Desk *desk, std::shared_ptr<DeskContext> shared);

    /// The part for that chat, made when it is first asked for.
    std::shared_ptr<RecordDesk> record(const ChatId &id);
    [[nodiscard]] bool isListed(const Chat &chat) const;
    void connectLine();
    void connectParts();
    void onChat(const ChatId &id);
    void onSynced();
    void considerAll();
    void readOnScreen(const ChatId &id);

    Desk *q;
    std::shared_ptr<DeskContext> context; // shared with the parts' coroutines
    ChatBook book;
    std::shared_ptr<Writer> writer;                     // its coroutines keep it
    QHash<ChatId, ChatMemory> memories;                 // of chats that have no part yet
    QHash<ChatId, std::shared_ptr<RecordDesk>> records; // their coroutines keep them
    QSet<ChatId> seen;                                  // waiting chats that were announced
    ChatId onScreen;
    Presence presence = Presence::Available;
    int capacity = 6;
    QList<CannedResponse> canned;
};

} // namespace parley::desk
