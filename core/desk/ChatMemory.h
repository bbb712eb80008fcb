// What the agent decided and typed about one chat; survives a restart.
#pragma once

#include "core/desk/DeskValues.h"

#include <QJsonObject>

namespace parley::desk {

/// How far the writing of an ended chat got.
enum class Writing {
    NotYet,   ///< nothing promised; the plan may still change
    Promised, ///< in the outbox; what follows is linking and giving the right to write back
    Done
};

/// What was decided and typed about the records of one org.
struct OrgMemory {
    crm::ChatPlan plan;
    std::optional<CreateOption> option;
    /// The record the agent chose, made or confirmed; empty: whatever the lookup finds.
    RecordRef selected;
    QString reason; ///< of selected: "chosen", "created", "remembered"
    /// The agent said that none of those found is the visitor.
    bool isRejected = false;
    QMap<QString, FieldMap> edits; ///< kept edits by keyOf(record)
    QMap<QString, FieldMap> bases; ///< what the CRM held where those edits began
    QMap<QString, FieldMap> forms; ///< what was typed, by nameOf(option)
    bool mayHaveCreated = false;   ///< a create's answer was lost: the next one looks first
    RecordRef note;                ///< the transcript note
    friend bool operator==(const OrgMemory &, const OrgMemory &) = default;

    [[nodiscard]] bool hasPlan() const
    {
        return plan.attach != crm::Attach::Nothing || plan.attachTranscriptNote;
    }
};

struct ChatMemory : OrgMemory {
    QString draft;
    QString wrapUp;                    ///< the agent's words about the chat as a whole
    LiveChatFields details;            ///< e-mail and phone found in what the visitor wrote
    Writing writing = Writing::NotYet; ///< a chat is written once, to whichever org
    bool isDismissed = false;
    /// The org that the OrgMemory is about; empty: nothing was decided yet, or an older version kept none.
    QString organisation;
    QMap<QString, OrgMemory> elsewhere; ///< of the other orgs, by their ids
    friend bool operator==(const ChatMemory &, const ChatMemory &) = default;

    /// From here on it is about that org: what was decided about another one is set aside, and is back when
    /// that one is. True when anything changed.
    bool enter(const QString &org);
    /// What belongs to that org: for an answer that comes after another one was entered.
    OrgMemory &of(const QString &org);
};

QString keyOf(const RecordRef &ref);
QString nameOf(CreateOption option);
RecordKind
kindOf(CreateOption option); ///< of the record that the form makes; Case for the option without a form
crm::Attach attachOf(CreateOption option);

QJsonObject jsonOf(const ChatMemory &memory);
ChatMemory memoryOf(const QJsonObject &object);

} // namespace parley::desk
