// How a visitor becomes a record: the rules, and what was found with the evidence for it.
#pragma once

#include "core/base/Error.h"
#include "core/domain/LiveChatFields.h"
#include "core/domain/Record.h"

#include <chrono>
#include <optional>

namespace parley::crm {

/// CRM field = live-chat field.
struct MatchCondition {
    QString crmField;      ///< API name, "Email"
    QString liveChatField; ///< key, "Visitor.Email"
    friend bool operator==(const MatchCondition &, const MatchCondition &) = default;
};

/// Conditions joined by AND. A rule of which any live-chat field is empty is skipped, and that is said.
struct MatchRule {
    RecordKind kind;
    QString name; ///< shown as the reason: "Email"
    QList<MatchCondition> conditions;
    friend bool operator==(const MatchRule &, const MatchRule &) = default;
};

/// The rules in force where the company defined none: contact by e-mail, then lead by e-mail.
QList<MatchRule> defaultMatchRules();

/// What the tab shows of each kind, in order; asked for in the same trip.
using ShownFields = QMap<RecordKind, QStringList>;
ShownFields defaultShownFields();

struct IdentifyRequest {
    LiveChatFields values;
    QList<MatchRule> rules;
    ShownFields shown;
    int limitPerKind = 10;
};

struct Evidence {
    QString rule;  ///< the rule's name
    QString field; ///< CRM field that is equal
    QString value; ///< the value it is equal to
    friend bool operator==(const Evidence &, const Evidence &) = default;
};

struct Candidate {
    Record record;
    QList<Evidence> evidence;
};

/// What became of one rule: for "We looked for…" in the tab.
struct RuleResult {
    MatchRule rule;
    enum class State {
        Found,
        Nothing,
        Skipped
    } state = State::Nothing; ///< Skipped: a live-chat field was empty
    QString value;            ///< what was looked for
    int count = 0;
    std::optional<Error> error = {}; ///< the CRM refused this rule's question; state is Nothing then
};

enum class MatchKind { None, One, Several };

struct MatchOutcome {
    /// In the documented order: contacts by LastModifiedDate, newest first; then leads; then accounts of
    /// account rules.
    QList<Candidate> candidates;
    /// The account that goes with the first contact, or that an account rule found.
    std::optional<Record> account;
    QList<RuleResult> rules;
    /// Shown fields that the CRM does not know or does not let this user read; the rest is there.
    QMap<RecordKind, QStringList> unreadable = {};
    int roundTrips = 0;
    std::chrono::milliseconds elapsed{0};

    /// By the first kind that was found: contacts, else leads, else accounts.
    [[nodiscard]] MatchKind kind() const;
    /// The candidates of that first kind.
    [[nodiscard]] QList<Candidate> choices() const;
};

} // namespace parley::crm
