// What the ui shows, as plain values: the chat list's rows, a thread's messages, the record tab's state.
#pragma once

#include "core/crm/CrmClient.h"
#include "core/crm/Plan.h"
#include "core/domain/Chat.h"

#include <QDateTime>
#include <QList>

#include <optional>

namespace parley::desk {

enum class LineState { SignedOut, Connecting, Online, Offline };

/// The line to the hub, for banners and the rail.
struct HubStatus {
    LineState state = LineState::SignedOut;
    QDateTime since; ///< of that state
    QString hubName; ///< as the hub calls itself
    std::optional<Error> lastError;
    friend bool operator==(const HubStatus &, const HubStatus &) = default;
};

enum class CrmBadge { NotConnected, Looking, NotInCrm, Contact, Lead, Account, Several, Failed };

/// One row of the chat list.
struct ChatRow {
    ChatId id;
    ChatState state = ChatState::Waiting;
    Channel channel = Channel::Web;
    QString name; ///< never empty: "Visitor 48213" when unknown is worded by the ui from id
    QString company;
    QString department;
    QString segment;
    CrmBadge badge = CrmBadge::NotConnected;
    int matches = 0; ///< with CrmBadge::Several
    QString preview;
    Author previewAuthor = Author::Visitor;
    QString draft; ///< unsent text of the composer
    QDateTime lastAt;
    QDateTime waitingSince; ///< invalid: waits for nothing
    int unread = 0;
    bool isTyping = false;        ///< the visitor types right now
    bool hasUnsavedEdits = false; ///< of a record or a form
    friend bool operator==(const ChatRow &, const ChatRow &) = default;
};

enum class Delivery { Sending, Sent, Delivered, Read, NotSent };

/// One line of the thread. A message that is not acknowledged yet has seq 0 and is known by its clientId.
struct ThreadItem {
    Message message;
    Delivery delivery = Delivery::Sent;
    bool isMine = false;        ///< written by the agent of this console
    std::optional<Error> error; ///< why it is NotSent
    friend bool operator==(const ThreadItem &, const ThreadItem &) = default;
};

/// The connection to a CRM.
enum class CrmState { NotConnected, Connecting, Connected, SignInNeeded };
struct CrmStatus {
    CrmState state = CrmState::NotConnected;
    QString name;      ///< "Salesforce"
    QString shortName; ///< "SF"
    QString userName;
    QString host;
    /// The org's id, once known. What is decided and promised for a chat belongs to one org.
    QString organisation = {};
    bool isOrganisationAwaited = false; ///< a client is there, and which org it leads to is still to be said
    bool isMemoryOnly =
        false; ///< no keychain answered: the sign-in ends with the program, and the agent is told
    /// Why it is not Connected; with Connected: it did not answer the last time, or has no time.
    std::optional<Error> lastError;
    std::optional<crm::Usage> usage = {}; ///< as its last answer told
    friend bool operator==(const CrmStatus &, const CrmStatus &) = default;
};

/// A CRM connection of the profile, as the settings list it.
struct CrmConnection {
    QString id;
    QString name;
    QString host;
    QString userName;       ///< who signed in, where known
    int promised = 0;       ///< writes that were promised to its org and are not done
    bool isActive = false;  ///< the one in use
    bool isService = false; ///< no person signs in
    friend bool operator==(const CrmConnection &, const CrmConnection &) = default;
};

/// A field of a record card as it is shown and edited.
struct CardField {
    QString name;
    QString label;
    crm::FieldType type = crm::FieldType::String;
    QString text;                   ///< as read from the CRM
    QVariant value;                 ///< raw, as read from the CRM
    std::optional<QVariant> edited; ///< kept edit that is not saved yet
    QList<crm::Choice> choices;
    bool isRequired = false;
    bool isReadOnly = false;
    QString refusal; ///< the CRM's own words for this field after a refused save
    bool isPromised =
        false; ///< value was saved here, and the CRM does not have it yet; text is still its own
    /// Somebody changed it in the CRM since this edit began: value is theirs, edited is the agent's, and
    /// neither counts before he has chosen.
    bool isContested = false;
    friend bool operator==(const CardField &, const CardField &) = default;
};

/// The records that a form would double, or an edit make alike, as the CRM named them.
struct PossibleDuplicates {
    QList<Record> records;    ///< as far as this user may read them
    int hidden = 0;           ///< further ones, which he may not
    bool mayOverride = false; ///< the company's rule only warns
    friend bool operator==(const PossibleDuplicates &, const PossibleDuplicates &) = default;
};

struct RecordCard {
    Record record;
    QList<CardField> fields;
    QList<crm::Evidence> evidence;
    QString reason; ///< "email", "phone", "chosen", "created"; the ui words it
    bool isSaving = false;
    std::optional<Error> saveError;
    std::optional<PossibleDuplicates> duplicates; ///< where saveError is about them
    QString changedBy;   ///< who changed the contested fields in the CRM, where that is known
    QDateTime changedAt; ///< and when
    int contestedCount() const { return int(std::ranges::count_if(fields, &CardField::isContested)); }
    int changedCount() const
    {
        return int(
            std::ranges::count_if(fields, [](const CardField &field) { return field.edited.has_value(); }));
    }
};

/// The four options of a visitor who is not in the CRM (fewer where the CRM lacks one).
enum class CreateOption { LeadAndTask, Case, ContactAndCase, ContactAndTask, Contact };

/// ForAnotherOrg: it was promised to an org that is not the one in use, and waits for it.
enum class WriteState { Planned, Queued, Sending, Retrying, ForAnotherOrg, NeedsYou, Done };
/// One line of "what this chat writes", with its result.
struct WriteLine {
    QString key;
    crm::IntentAction action = crm::IntentAction::Create;
    RecordKind kind;
    WriteState state = WriteState::Planned;
    QString title;       ///< of the record to be: the case's subject
    RecordRef result;    ///< when done
    QString resultTitle; ///< "00041877"
    QUrl url;
    int attempt = 0;
    int maxAttempts = 0;
    QDateTime nextTry;
    std::optional<Error> error;
    friend bool operator==(const WriteLine &, const WriteLine &) = default;
};

enum class TabState { NotConnected, Looking, Matched, NotFound, Several, Failed };

/// Everything the record tab shows for one chat.
struct RecordTab {
    TabState state = TabState::NotConnected;
    CrmStatus crm;
    QList<RecordCard> cards;            ///< Matched: contact or lead first, then its account
    QList<crm::Candidate> candidates;   ///< Several: the first is preselected
    QList<crm::RuleResult> searched;    ///< NotFound: what was looked for
    bool hasNewDetails = false;         ///< an e-mail or phone came in since: offer "Look again"
    QList<CreateOption> options;        ///< NotFound
    std::optional<CreateOption> chosen; ///< exactly one, or none yet
    int filledFromChat = 0;             ///< fields that the chosen option's form will start with
    crm::ChatPlan plan;
    QString caseSubject; ///< what the attached case or task will be called
    QString owner;       ///< who will own it
    bool isNoteAdding = false;
    RecordRef note; ///< the transcript note, once added
    QList<WriteLine> writes;
    std::optional<Error> error; ///< Failed
    int roundTrips = 0;
    std::chrono::milliseconds elapsed{0};
    QDateTime lookedUpAt;
    bool isChatEnded = false;
};

/// A create form: the CRM's own layout with initial values from the chat.
struct RecordForm {
    RecordKind kind;
    QString kindLabel;
    CreateOption option = CreateOption::LeadAndTask;
    crm::Layout layout;
    crm::KindSchema schema;
    FieldMap values; ///< as they stand now: initial ones, then what the agent typed (kept per chat)
    QStringList filledFromChat;                   ///< fields whose initial value came from the chat
    QList<FieldError> refusals;                   ///< after a refused save, by field
    std::optional<Error> error;                   ///< after a refused save, for the banner
    std::optional<PossibleDuplicates> duplicates; ///< where that was the reason
    bool isSaving = false;
};

struct CannedResponse {
    QString shortcut; ///< "/credit"
    QString title;
    QString text; ///< {!Category.Name} and [blank] placeholders
    QString folder;
};

} // namespace parley::desk
