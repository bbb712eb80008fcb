// What this console wants to add to a chat and the hub has not acknowledged yet.
#pragma once

#include "core/base/Error.h"
#include "core/domain/Chat.h"

namespace parley::chat {

enum class OutgoingKind { Say, Note, File, End, Link, Release };

enum class OutgoingState {
    Waiting, ///< in the queue, or on its way
    Acked,   ///< durable at the hub; its entry in the log has not come back yet
    Failed   ///< refused: a person sends it again or drops it
};

struct Outgoing {
    ClientId cid; ///< makes sending it again harmless
    ChatId chat;
    OutgoingKind kind = OutgoingKind::Say;
    qint64 position = 0; ///< the order in which they were made
    QString text;
    std::optional<Attachment> file; ///< without an id until the hub gave one
    QList<RecordRef> links;         ///< of Link
    bool isDone = false;            ///< of Release: everything is written
    QDateTime madeAt;
    OutgoingState state = OutgoingState::Waiting;
    std::optional<Error> error; ///< why it Failed
    friend bool operator==(const Outgoing &, const Outgoing &) = default;

    /// True for what shows as a line of the thread.
    [[nodiscard]] bool isMessage() const
    {
        return kind == OutgoingKind::Say || kind == OutgoingKind::Note || kind == OutgoingKind::File;
    }
};

} // namespace parley::chat
