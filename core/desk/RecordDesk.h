// The CRM's side of one chat: who the visitor is, the cards and their edits, the create form, what will be
// written.
#pragma once

#include "core/desk/DeskContext.h"

#include <QObject>

namespace parley::desk {

// Held by shared_ptr: its coroutines keep it alive until the CRM answered.
class RecordDesk final : public QObject, public std::enable_shared_from_this<RecordDesk>
{
    Q_OBJECT

public:
    RecordDesk(std::shared_ptr<DeskContext> context, ChatId chat, ChatMemory memory);
    ~RecordDesk() override;

    [[nodiscard]] RecordTab tab() const;
    [[nodiscard]] CrmBadge badge() const;
    [[nodiscard]] int matches() const; ///< with CrmBadge::Several
    [[nodiscard]] bool hasUnsaved() const;
    [[nodiscard]] const ChatMemory &memory() const { return m_memory; }
    /// What was decided here is about the org in use, or about none yet.
    [[nodiscard]] bool isAtHome() const;

    /// The chat is there: who is it? Asked once; harmless to repeat.
    void begin();
    void crmChanged();
    void schemasChanged();
    /// The CRM did not answer: the shown records are read again, whereby it is seen whether it does now.
    /// False: none is shown.
    bool reread();
    /// Its fields or its messages changed: a new e-mail or phone offers, or starts, another lookup.
    void chatChanged();
    void setDraft(const QString &draft);
    void setWrapUp(const QString &text);
    void setWriting(Writing writing);
    void setDismissed();

    // --- identity (RecordDesk.cpp) ---
    void lookAgain();
    void chooseCandidate(const RecordRef &ref, bool remember);
    void rejectCandidates();
    void link(const RecordRef &ref);
    void unlink(const RecordRef &ref);

    // --- edits (RecordEdits.cpp) ---
    /// base: what the field held where the edit began; what it holds now where nobody says.
    void keepEdit(const RecordRef &ref, const QString &field, const QVariant &value,
                  const std::optional<QVariant> &base = {});
    void undoEdit(const RecordRef &ref, const QString &field);
    void discardEdits(const RecordRef &ref);
    /// Of a contested field: the agent's value counts. (Theirs: undoEdit.)
    void keepMine(const RecordRef &ref, const QString &field);
    /// Where the CRM does not answer they are promised to the outbox, which sends them later: done as well.
    Async<Done> saveEdits(RecordRef ref, bool evenIfDuplicate);
    /// One of the possible duplicates of an edit is the visitor: what was typed becomes an edit of it.
    void useInstead(const RecordRef &edited, const RecordRef &instead);
    /// A promised edit or note moved on. An edit that was refused becomes one of its card again.
    void onPromise(const outbox::Entry &entry);

    // --- cards (RecordCards.cpp) ---
    /// An empty reference: it is promised to the outbox, because the CRM does not answer.
    Async<RecordRef> addTranscriptNote();

    // --- forms and the plan (RecordForms.cpp) ---
    void setAttach(crm::Attach attach);
    void editAttachment(const FieldMap &fields);
    void chooseOption(std::optional<CreateOption> option);
    Async<RecordForm> openForm(CreateOption option);
    [[nodiscard]] const std::optional<RecordForm> &form() const { return m_form; }
    void keepForm(const FieldMap &values);
    void closeForm();
    /// evenIfDuplicate: the agent saw the possible duplicates and wants the record all the same.
    Async<Record> saveForm(FieldMap values, bool evenIfDuplicate);
    /// One of the possible duplicates instead of the record that the form would make.
    void useDuplicate(const RecordRef &ref);
    [[nodiscard]] crm::PlanInput planInput() const;

signals:
    void changed();
    void formDropped(); ///< another org's form is none of this one
    void badgeChanged();
    /// The plan may be due by now: the chat may have ended before there was one.
    void planChanged();

private:
    // --- identity ---
    void lookUp(bool isQuiet);
    QCoro::Task<void> identify(qint64 generation);
    QCoro::Task<void> showSelected(qint64 generation);
    QCoro::Task<void> rereadCards();
    void apply(const crm::MatchOutcome &outcome);
    void failed(const Error &error);
    void select(const RecordRef &ref, const QString &reason);
    /// The agent acts on the record that is shown: thereby it is confirmed.
    void settle();
    void showRecord(const Record &record, const QList<crm::Evidence> &evidence, const QString &reason);
    void setState(TabState state);
    void dropPlan();
    void tie(); // the shown record to the chat, at the hub
    [[nodiscard]] std::optional<RecordRef> tiedAmong(const QList<crm::Candidate> &choices) const;
    [[nodiscard]] LiveChatFields lookupValues() const;
    void enterOrganisation();
    /// What was decided is about another org than the one that is there, or about one where that is not said
    /// yet.
    [[nodiscard]] bool isHeld() const { return !isAtHome() && m_context->status.isOrganisationAwaited; }
    [[nodiscard]] bool isSettled() const; // by the agent: no lookup replaces it
    void log(const QString &what, const RecordRef &ref, const QList<crm::Evidence> &evidence);
    QCoro::Task<void> fetchAccount(RecordRef parent, RecordRef account);
    QCoro::Task<void> improve(RecordKind kind);

    // --- cards ---
    RecordCard *card(const RecordRef &ref);
    void putCard(const Record &record, const QList<crm::Evidence> &evidence, const QString &reason);
    void refreshCard(RecordCard &card) const;
    void mergeRecord(RecordCard &card, const Record &fresh) const;
    [[nodiscard]] QStringList shownFields(const RecordKind &kind) const;
    [[nodiscard]] QStringList
    readFields(const RecordKind &kind) const; // the shown ones and what they hang on
    static void forgetEdit(OrgMemory &memory, const RecordRef &ref, const QString &field);
    void adoptEdits(const Record &record);
    static void settleConflict(RecordCard &target);
    [[nodiscard]] FieldMap promisedEdits(const RecordRef &ref) const;
    [[nodiscard]] bool mayPromise() const;
    Async<Done> promiseEdits(RecordRef ref, FieldMap edits, FieldMap bases, bool allowDuplicate);
    static void showSaveError(RecordCard &target, const Error &error);
    void forgetSaved(const QString &org, const RecordRef &ref, const FieldMap &saved);
    void takeBack(const outbox::Entry &entry);
    QCoro::Task<void> showRefusal(outbox::Entry entry);
    Async<Record> readTheirs(RecordRef ref);
    Async<Record> sendEdits(RecordRef ref, FieldMap edits, QString version, bool allowDuplicate);

    // --- forms ---
    [[nodiscard]] QList<CreateOption> options() const;
    [[nodiscard]] QList<WriteLine> writes() const;
    [[nodiscard]] int filledFromChat(CreateOption option) const;
    [[nodiscard]] FieldMap initialValues(const RecordForm &form) const;
    Async<Record> create(RecordForm form, FieldMap values, bool allowDuplicate);
    Async<PossibleDuplicates> readDuplicates(std::shared_ptr<Crm> crm, crm::Duplicates duplicates);
    void created(const Record &record, CreateOption option);

    void keep(); ///< the memory, once per turn of the event loop
    void save();
    void note(const Error &error);
    [[nodiscard]] Chat chat() const;

    std::shared_ptr<DeskContext> m_context; // shared by all parts of the desk
    ChatId m_chat;
    ChatMemory m_memory;
    bool m_isBegun = false;
    bool m_isSaving = false;
    bool m_isDirty = false;

    TabState m_state = TabState::NotConnected;
    qint64 m_generation = 0; // of the lookup whose answer counts
    int m_failures = 0;
    std::optional<crm::MatchOutcome> m_outcome;
    std::optional<Error> m_error;
    QDateTime m_lookedUpAt;
    RecordRef m_fallback; // the agent's choice before "Look again": stays should nothing be found
    QString m_fallbackReason;
    QString m_lookedEmail;
    QString m_lookedPhone;
    qint64 m_scanned = 0; // messages looked through for details
    bool m_hasNewDetails = false;

    QList<RecordCard> m_cards;
    RecordRef m_tied;       // told to the hub in this run
    QSet<QString> m_saving; // records whose edits are on their way
    bool m_isNoteAdding = false;
    bool m_isRereading = false;
    bool m_isRereadStale = false;    // a write has ended since it was asked: it is asked again
    QHash<QString, Error> m_refused; // why promised edits came back, by keyOf(record), until a card shows it
    std::optional<RecordForm> m_form;
};

} // namespace parley::desk
