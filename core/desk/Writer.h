// Writes ended chats to the CRM: asks the hub for the right, plans, promises to the outbox, ties the results
// to the chat.
#pragma once

#include "core/desk/DeskContext.h"

#include <QObject>

#include <functional>

namespace parley::desk {

class RecordDesk;

/// One line of the tab for a promised write.
WriteLine writeLineOf(const outbox::Entry &entry, const CrmStatus &crm);

// Held by shared_ptr: its coroutines keep it alive until hub and CRM answered.
class Writer final : public QObject, public std::enable_shared_from_this<Writer>
{
    Q_OBJECT

public:
    using Find = std::function<std::shared_ptr<RecordDesk>(ChatId)>;
    Writer(std::shared_ptr<DeskContext> context, Find find);

    /// Once the hub is in step and a CRM is there, and whenever a chat ended or its plan changed. Harmless to
    /// repeat.
    void consider(const ChatId &chat);
    /// The desk is gone: nothing new is begun.
    void close() { m_find = nullptr; }
    /// A promised write changed.
    void onOutbox(const QString &key);

signals:
    void finished(const parley::ChatId &chat, const parley::desk::WriteLine &line);
    void changed(const parley::ChatId &chat);

private:
    QCoro::Task<void> write(ChatId chat);
    Async<Done> promise(ChatId chat);
    void tryLater(const ChatId &chat, std::chrono::milliseconds wait);
    void settle(const ChatId &chat);
    void renewLease(const ChatId &chat);
    [[nodiscard]] std::shared_ptr<RecordDesk> record(const ChatId &chat) const;
    [[nodiscard]] bool isAllFinished(const ChatId &chat) const;

    std::shared_ptr<DeskContext> m_context; // shared by all parts of the desk
    Find m_find;
    QSet<ChatId> m_busy;
    QSet<ChatId> m_waiting; // to be tried later
    QSet<QString> m_linked; // keys of writes whose result was tied to the chat in this run
};

} // namespace parley::desk
