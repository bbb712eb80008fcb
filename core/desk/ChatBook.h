// The chats as the ui lists and reads them: rows and thread lines, made from what the line holds.
#pragma once

#include "core/desk/DeskContext.h"

namespace parley::desk {

class RecordDesk;

class ChatBook
{
public:
    explicit ChatBook(std::shared_ptr<DeskContext> context);

    [[nodiscard]] ChatRow row(const Chat &chat, const RecordDesk &record) const;
    [[nodiscard]] QList<ThreadItem> thread(const ChatId &id) const;

private:
    [[nodiscard]] int unread(const Chat &chat) const;

    std::shared_ptr<DeskContext> m_context; // shared by all parts of the desk
};

} // namespace parley::desk
