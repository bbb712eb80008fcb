// The desk of one agent: the chats, the records beside them and what will be written. The ui's only way into
// core.
#pragma once

#include "core/base/Clock.h"
#include "core/desk/DeskValues.h"

#include <QObject>

#include <memory>

namespace parley::chat {
class Line;
}
namespace parley::outbox {
class Outbox;
}
namespace parley::store {
class Database;
}

namespace parley::desk {

class Desk : public QObject
{
    Q_OBJECT

public:
    /// All must outlive the desk. The CRM client may come and go: setCrm.
    Desk(std::shared_ptr<chat::Line> line, std::shared_ptr<store::Database> database, Clock &clock,
         QObject *parent = nullptr);
    ~Desk() override;

    // --- the hub ---
    [[nodiscard]] HubStatus hubStatus() const;
    [[nodiscard]] Agent me() const;
    void setPresence(Presence presence);
    [[nodiscard]] Presence presence() const;
    [[nodiscard]] int capacity() const;

    // --- chats ---
    [[nodiscard]] QList<ChatRow> chats() const; ///< open ones and waiting ones, unsorted
    [[nodiscard]] Chat chat(ChatId id) const;
    [[nodiscard]] QList<ThreadItem> thread(ChatId id) const;
    [[nodiscard]] QString typingText(ChatId id) const; ///< what the visitor is typing; empty: nothing
    /// Tells which chat is on screen: its messages count as read, its whole log is fetched.
    void openChat(ChatId id);
    Async<ChatId> accept(ChatId id); ///< an empty id takes the one that waits longest
    void send(ChatId id, QString text);
    void addNote(ChatId id, QString text); ///< internal note, agents only
    void sendFile(ChatId id, QString path);
    Async<QByteArray> fetchFile(ChatId id, Attachment attachment);
    void resend(ChatId id, ClientId message);
    void discard(ChatId id, ClientId message); ///< a message that is NotSent
    void setTyping(ChatId id, QString text);
    void setDraft(ChatId id, QString text); ///< kept, survives a restart
    [[nodiscard]] QString draft(ChatId id) const;
    /// The agent's words about the chat as a whole, for its note and the case; kept, survives a restart.
    void setWrapUp(ChatId id, QString text);
    [[nodiscard]] QString wrapUp(ChatId id) const;
    Async<Done> endChat(ChatId id);
    void dismiss(ChatId id); ///< takes an ended chat off the list
    /// Reads the company's responses (the profile's canned.json); without such a file the built-in ones stay.
    Result<Done> loadCannedResponses(const QString &path);
    [[nodiscard]] QList<CannedResponse> cannedResponses() const;
    /// The text with its {!…} filled from the chat; [blank]s stay.
    [[nodiscard]] QString filled(const CannedResponse &response, ChatId id) const;

    // --- the CRM ---
    /// Null: not connected. Every chat on the desk is looked up again.
    void setCrm(std::shared_ptr<crm::CrmClient> client, CrmStatus status);
    [[nodiscard]] CrmStatus crmStatus() const;
    [[nodiscard]] RecordTab recordTab(ChatId id) const;
    void lookAgain(ChatId id);
    /// Ambiguous: this one it is. Nothing is written to a record before it was chosen.
    void chooseCandidate(ChatId id, RecordRef ref, bool remember);
    void rejectCandidates(ChatId id);
    /// base: what the field held where the edit began; what it holds now where nobody says.
    void keepEdit(ChatId id, RecordRef ref, QString field, QVariant value, std::optional<QVariant> base = {});
    void undoEdit(ChatId id, RecordRef ref, QString field);
    void keepMine(ChatId id, RecordRef ref, QString field); ///< of a contested field; theirs: undoEdit
    void discardEdits(ChatId id, RecordRef ref);
    /// Changed fields only; refusals land in the card. evenIfDuplicate: the agent saw the possible duplicates
    /// there.
    Async<Done> saveEdits(ChatId id, RecordRef ref, bool evenIfDuplicate = false);
    /// One of the possible duplicates of an edit is the visitor: what was typed becomes an edit of it.
    void useInstead(ChatId id, RecordRef edited, RecordRef instead);
    void setAttach(ChatId id, crm::Attach attach);
    void editAttachment(ChatId id, FieldMap fields); ///< of the case or task to be
    void chooseOption(ChatId id, std::optional<CreateOption> option);
    Async<RecordForm> openForm(ChatId id, CreateOption option);
    void keepForm(ChatId id, FieldMap values); ///< as it is typed; survives a restart
    void closeForm(ChatId id);
    /// Creates now; the refused form says why. evenIfDuplicate: the agent saw the possible duplicates.
    Async<Record> saveForm(ChatId id, FieldMap values, bool evenIfDuplicate = false);
    [[nodiscard]] std::optional<RecordForm> form(ChatId id) const; ///< the open one, with why it was refused
    void useDuplicate(ChatId id, const RecordRef &ref); ///< instead of what the open form would make
    Async<RecordRef> addTranscriptNote(ChatId id);
    /// No kinds: the people and companies of the record tab.
    Async<QList<Record>> search(QString text, QList<RecordKind> kinds = {});
    /// Cases and tasks of the record that the chat's tab shows first, the last changed first.
    Async<QList<crm::Activity>> recent(ChatId id);
    void link(ChatId id, RecordRef ref);
    void unlink(ChatId id, RecordRef ref);
    /// Fields, pages and choices are read anew: an administrator changed them. Open forms stay as they are.
    Async<Done> readSchemasAnew();
    [[nodiscard]] int writesNeedingYou() const;
    /// Not done yet; they go to no other org.
    [[nodiscard]] int writesPromisedTo(const QString &organisation) const;
    Async<Done> retryWrite(QString key,
                           FieldMap corrected); ///< corrected: in place of the fields that were refused
    Async<Done> discardWrite(QString key);      ///< kept 30 days

signals:
    /// Another client, or another org, follows at once: what is being typed is to be kept now.
    void crmAboutToChange();
    void formDropped(parley::ChatId chat); ///< it was another org's; what was typed is kept with that one
    void promisesChanged();                ///< a write was promised, moved on or ended
    /// The CRM answers, and nobody has said yet which org it is.
    void organisationWanted();
    void hubStatusChanged();
    void presenceChanged();
    void chatChanged(const parley::ChatId &id); ///< its row; also a new one
    void chatRemoved(const parley::ChatId &id);
    void threadChanged(const parley::ChatId &id);
    void typingChanged(const parley::ChatId &id);
    void crmStatusChanged();
    void recordTabChanged(const parley::ChatId &id);
    void writeFinished(const parley::ChatId &id, const parley::desk::WriteLine &line); ///< for a toast
    void visitorArrived(const parley::ChatId &id);                                     ///< a new one waits

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace parley::desk
