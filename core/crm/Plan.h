// What shall be written when a chat ends, and the intents that writing is made of.
#pragma once

#include "core/base/Error.h"
#include "core/domain/Chat.h"

#include <QJsonObject>

namespace parley::crm {

/// What the agent chose for the end of the chat.
enum class Attach { Nothing, Case, Task };

/// CRM field <- text with {!Category.Name} references, per kind. "LastName" <- "{!Visitor.Name}".
struct FieldMapping {
    QMap<RecordKind, QMap<QString, QString>> rows;
};
/// The table of the reference (livechat-salesforce.txt), with the visitor's name split into first and last
/// name.
FieldMapping defaultMapping();
/// What this mapping writes, and what binds it together, by kind: the rights that Parley needs.
QMap<RecordKind, QStringList> neededFields(const FieldMapping &mapping);

/// Everything a mapping can name: the chat's fields, and what is worked out from the chat itself: Chat.Id,
/// Chat.StartTime, Chat.EndTime, Chat.AgentName, Chat.Channel, Chat.Transcript, Chat.Notes, Chat.Subject,
/// Chat.Report (see noteTextOf), Visitor.FirstName and Visitor.LastName.
LiveChatFields chatValues(const Chat &chat, const QList<Message> &messages);

/// The initial values of a record of that kind: the mapping's rows filled in, empty ones left out.
FieldMap mappedFields(const FieldMapping &mapping, const RecordKind &kind, const LiveChatFields &values);

/// At most limit UTF-16 units of the text, never half a surrogate pair.
QString headOf(const QString &text, qsizetype limit);

struct ChatPlan {
    Attach attach = Attach::Nothing;
    /// The contact or lead to which the case or task belongs; empty with Attach::Case: a case on its own.
    RecordRef parent;
    /// What the agent edited of the case or task beforehand; wins over the mapping.
    FieldMap edited;
    bool attachTranscriptNote = false;
    friend bool operator==(const ChatPlan &, const ChatPlan &) = default;
};

enum class IntentAction { Create, Update, Note, File };

/// One promised write. Its key is derived from (chat, action), so planning twice makes no second one.
struct Intent {
    /// "<chat id>:case", "<chat id>:task", "<chat id>:note", "<chat id>:file:<file id>"; "<chat
    /// id>:edit:<uuid>" of what an agent changed by hand, as often as he does.
    QString key;
    ChatId chat;
    IntentAction action = IntentAction::Create;
    RecordKind kind;
    RecordRef target; ///< of Update; the parent of Note and File
    /// The intent whose created record is the target; empty: target stands.
    QString targetFrom;
    FieldMap fields;
    QString markerField; ///< see CreateRequest
    QString title;       ///< of Note and File
    QString text;        ///< of Note; of File when no attachment is named
    QString attachment;  ///< of File: FileId at the hub
    QString mimeType;
    // Of Update: what guards it against a change that somebody else makes meanwhile.
    FieldMap bases = {};         ///< what the CRM held in those fields when they were edited
    QString version = {};        ///< of the record that was edited; empty: no guard
    bool allowDuplicate = false; ///< see UpdateRequest
    friend bool operator==(const Intent &, const Intent &) = default;
};

struct PlanInput {
    Chat chat;
    QList<Message> messages;
    ChatPlan plan;
    FieldMapping mapping;
    QMap<RecordKind, QMap<QString, int>> fieldLengths; ///< of the kinds involved; absent: no limit known
    RecordId owner; ///< CRM user to own what is made; empty: the connecting user
};

/// Pure. Text longer than its field: the field gets the head and a pointer, the whole becomes a File intent.
QList<Intent> planWrites(const PlanInput &input);

/// The three parts of a transcript note: chat info, transcript, wrap-up.
QString noteTextOf(const Chat &chat, const QList<Message> &messages);

} // namespace parley::crm
