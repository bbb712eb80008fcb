// What all parts of one desk share: the hub's line, the outbox, the CRM of the moment and what is known about
// its kinds.
#pragma once

#include "core/base/Clock.h"
#include "core/chat/Line.h"
#include "core/desk/DeskTable.h"
#include "core/desk/Once.h"
#include "core/outbox/Outbox.h"

#include <QObject>

namespace parley::desk {

/// The CRM that is connected, with everything read from it once.
class Crm : public std::enable_shared_from_this<Crm>
{
public:
    explicit Crm(std::shared_ptr<crm::CrmClient> client);

    [[nodiscard]] const std::shared_ptr<crm::CrmClient> &client() const { return m_client; }
    [[nodiscard]] const crm::KindSchema *knownSchema(const RecordKind &kind) const;
    Async<crm::KindSchema> schema(RecordKind kind);
    Async<crm::Layout> layout(RecordKind kind, crm::LayoutPurpose purpose);
    /// An administrator changed something: all of it is read anew, and the old stands until it is there.
    Async<Done> readAnew();
    /// Of its edit page, as the cards have it.
    [[nodiscard]] const crm::Layout *knownLayout(const RecordKind &kind) const;
    /// The CRM user with that e-mail, if there is one.
    Async<std::optional<Record>> user(QString email);
    [[nodiscard]] std::optional<Record> knownUser(const QString &email) const;
    /// Of the kinds that are known by now.
    [[nodiscard]] QMap<RecordKind, QMap<QString, int>> knownLengths() const;

private:
    std::shared_ptr<crm::CrmClient> m_client; // shared with the outbox and with calls under way
    std::shared_ptr<Once<crm::KindSchema>> m_schemas;
    std::shared_ptr<Once<crm::Layout>> m_layouts;
    std::shared_ptr<Once<std::optional<Record>>> m_users;
};

// Held by shared_ptr: the parts' coroutines outlive the desk by the time of one answer.
class DeskContext final : public QObject
{
    Q_OBJECT

public:
    DeskContext(std::shared_ptr<chat::Line> theLine, std::shared_ptr<store::Database> database,
                Clock &theClock);

    std::shared_ptr<chat::Line> line;
    std::shared_ptr<DeskTable> table;
    std::shared_ptr<outbox::Outbox>
        outbox; ///< null when its table cannot be read: nothing is written then, and that is said
    Clock &clock;
    std::shared_ptr<Crm> crm; ///< null: not connected
    CrmStatus status;
    QList<Tie> ties;
    crm::FieldMapping mapping;
    QList<crm::MatchRule> rules;
    crm::ShownFields shown;

    /// Another CRM, or none, or another status of the same: nothing that was noted before holds.
    void enter(CrmStatus now);
    /// A refusal that means "sign in again", or no answer, changes the status for all chats.
    void noteError(const Error &error);
    /// The CRM has answered: who was to sign in again has no need to, and waiting writes go on.
    void noteAnswer();
    /// It did not answer the last time, or asked for patience.
    [[nodiscard]] bool isOutOfReach() const
    {
        return status.state == CrmState::Connected && status.lastError && isOutage(*status.lastError);
    }
    /// Whichever of the two it is.
    template <class T> void note(const Result<T> &answer)
    {
        if (answer)
            noteAnswer();
        else
            noteError(answer.error());
    }
    /// Everything a mapping can name for this chat, with what the visitor told since.
    [[nodiscard]] LiveChatFields valuesOf(const Chat &chat, const ChatMemory &memory) const;
    /// The chat with what the visitor told since in those fields that were blank.
    [[nodiscard]] static Chat withDetails(Chat chat, const ChatMemory &memory);

signals:
    void statusChanged();
    void answerWanted();       ///< it did not answer: whoever has something to ask asks again
    void organisationWanted(); ///< the CRM answers again, and which org it is was never said
    void schemasChanged();     ///< other fields, labels, choices or pages than before

private:
    void setStatus(CrmStatus now);
    void askAgainLater(int failures);
    void endOutage();
    bool m_isAskedAgain = false; // while it does not answer
    int m_outage = 0;            // the number of the one that is watched
};

/// How long to wait before the CRM is asked again after so many failures: what it says itself (1 s to 15
/// min), else 5 s doubling to a minute; 5 min where the company's requests are used up.
std::chrono::milliseconds patienceAfter(const Error &error, int failures);

} // namespace parley::desk
