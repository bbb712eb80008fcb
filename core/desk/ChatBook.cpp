#include "core/desk/ChatBook.h"

#include "core/desk/RecordDesk.h"

namespace parley::desk {

using namespace Qt::Literals::StringLiterals;

ChatBook::ChatBook(std::shared_ptr<DeskContext> context)
    : m_context(std::move(context))
{}

int ChatBook::unread(const Chat &chat) const
{
    const QList<Message> messages = m_context->line->messages(chat.id);
    int count = 0;
    for (qsizetype i = messages.size() - 1; i >= 0 && messages.at(i).seq > chat.agentReadSeq; --i) {
        const Message &message = messages.at(i);
        count += message.author == Author::Visitor && message.kind != MessageKind::Event ? 1 : 0;
    }
    return count;
}

ChatRow ChatBook::row(const Chat &chat, const RecordDesk &record) const
{
    ChatRow row;
    row.id = chat.id;
    row.state = chat.state;
    row.channel = chat.channel;
    row.name = chat.visitorName().simplified();
    row.company = chat.fields.value(fields::company);
    row.department = chat.fields.value(fields::department);
    row.badge = record.badge();
    row.matches = row.badge == CrmBadge::Several ? record.matches() : 0;
    row.preview = chat.preview;
    row.previewAuthor = chat.previewAuthor;
    row.draft = record.memory().draft;
    row.lastAt = chat.lastAt;
    row.waitingSince = chat.state == ChatState::Ended ? QDateTime() : chat.waitingSince;
    row.unread = chat.state == ChatState::Waiting ? 0 : unread(chat);
    row.isTyping = !m_context->line->typing(chat.id).isEmpty();
    row.hasUnsavedEdits = record.hasUnsaved();
    return row;
}

QList<ThreadItem> ChatBook::thread(const ChatId &id) const
{
    const auto held = m_context->line->chat(id);
    if (!held)
        return {};
    const Agent me = m_context->line->me();
    QList<ThreadItem> items;
    for (const Message &message : m_context->line->messages(id)) {
        ThreadItem item;
        item.message = message;
        item.isMine = message.author == Author::Agent && message.agent == me.id;
        if (message.seq <= held->readSeq)
            item.delivery = Delivery::Read;
        else if (message.seq <= held->deliveredSeq)
            item.delivery = Delivery::Delivered;
        items += item;
    }
    for (const chat::Outgoing &outgoing : m_context->line->outgoing(id)) {
        if (!outgoing.isMessage())
            continue;
        ThreadItem item;
        item.isMine = true;
        item.message.chat = id;
        item.message.clientId = outgoing.cid;
        item.message.author = Author::Agent;
        item.message.agent = me.id;
        item.message.authorName = me.name;
        item.message.text = outgoing.text;
        item.message.at = outgoing.madeAt;
        item.message.attachment = outgoing.file;
        if (outgoing.kind == chat::OutgoingKind::Note)
            item.message.kind = MessageKind::Note;
        else if (outgoing.kind == chat::OutgoingKind::File)
            item.message.kind = MessageKind::File;
        item.error = outgoing.error;
        item.delivery = outgoing.state == chat::OutgoingState::Failed  ? Delivery::NotSent
                        : outgoing.state == chat::OutgoingState::Acked ? Delivery::Sent
                                                                       : Delivery::Sending;
        items += item;
    }
    return items;
}

} // namespace parley::desk
