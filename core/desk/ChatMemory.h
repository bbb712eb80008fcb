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

struct ChatMemory {
    QString draft;
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
    QString wrapUp;                ///< the agent's words about the chat as a whole
    LiveChatFields details;        ///< e-mail and phone found in what the visitor wrote
    Writing writing = Writing::NotYet;
    bool isDismissed = false;
    friend bool operator==(const ChatMemory &, const ChatMemory &) = default;

    [[nodiscard]] bool hasPlan() const
    {
        return plan.attach != crm::Attach::Nothing || plan.attachTranscriptNote;
    }
};

QString keyOf(const RecordRef &ref);
QString nameOf(CreateOption option);
RecordKind
kindOf(CreateOption option); ///< of the record that the form makes; Case for the option without a form
crm::Attach attachOf(CreateOption option);

QJsonObject jsonOf(const ChatMemory &memory);
ChatMemory memoryOf(const QJsonObject &object);

} // namespace parley::desk
