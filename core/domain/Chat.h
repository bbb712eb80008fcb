// A chat and the numbered messages that make it up, as the hub and the console both hold them.
#pragma once

#include "core/domain/LiveChatFields.h"
#include "core/domain/Record.h"

#include <QDateTime>

#include <optional>

namespace parley {

enum class ChatState { Waiting, Open, Ended };
enum class Channel { Web, Messenger, Sms, Mail };
enum class Author { Visitor, Agent, Bot, System };
/// Note: only agents ever see it. Event: something happened; see Message::event.
enum class MessageKind { Text, Note, File, Event };

struct Attachment {
    FileId id;
    QString name; ///< as the sender called it: data, never a path
    QString mimeType;
    qint64 size = 0; ///< bytes
    friend bool operator==(const Attachment &, const Attachment &) = default;
};

/// One entry of a chat's log. seq counts 1..n without a gap; it is 0 while the hub has not acknowledged it.
struct Message {
    ChatId chat;
    qint64 seq = 0;
    ClientId clientId;
    Author author = Author::System;
    AgentId agent;      ///< of the agent who wrote or did it
    QString authorName; ///< as the other side sees it
    MessageKind kind = MessageKind::Text;
    QString text; ///< plain text, never markup
    std::optional<Attachment> attachment;
    QString event; ///< "started", "accepted", "ended", "transferred", "recordLinked"
    QDateTime at;  ///< the hub's clock, UTC
    friend bool operator==(const Message &, const Message &) = default;
};

struct Agent {
    AgentId id;
    QString name;
    QString email;
    QString role; ///< "agent", "supervisor", "admin"
    friend bool operator==(const Agent &, const Agent &) = default;
};

enum class Presence { Offline, Away, Available };

/// A chat without its messages.
struct Chat {
    ChatId id;
    ChatState state = ChatState::Waiting;
    VisitorId visitor;
    AgentId agent; ///< empty while it waits
    QString agentName;
    Channel channel = Channel::Web;
    LiveChatFields fields;
    QDateTime startedAt;
    QDateTime acceptedAt;
    QDateTime endedAt;
    QDateTime waitingSince; ///< at of the visitor's oldest unanswered message; invalid when the visitor waits
                            ///< for nothing
    QDateTime lastAt;       ///< at of the last message
    QString preview;        ///< the last text, one line
    Author previewAuthor = Author::Visitor;
    qint64 lastSeq = 0;
    qint64 deliveredSeq = 0; ///< the visitor's page holds everything up to here
    qint64 readSeq = 0;      ///< the visitor has seen everything up to here
    qint64 agentReadSeq = 0; ///< the agent has seen everything up to here
    bool visitorOnline = false;
    QList<RecordRef> links; ///< CRM records that were made from or tied to this chat
    friend bool operator==(const Chat &, const Chat &) = default;

    [[nodiscard]] QString visitorName() const { return fields.value(fields::visitorName); }
    [[nodiscard]] QString visitorEmail() const { return fields.value(fields::visitorEmail); }
};

/// The whole chat as readable text, one message a paragraph; notes are left out unless asked for. Times are
/// shown in UTC with their offset written out, because the reader's zone is not known.
QString transcriptOf(const Chat &chat, const QList<Message> &messages, bool withNotes = false);

} // namespace parley
