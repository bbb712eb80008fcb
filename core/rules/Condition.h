// A condition over live-chat fields, as rules, routing and segments use it. Pure.
#pragma once

#include "core/domain/LiveChatFields.h"

namespace parley::rules {

enum class Comparison { Is, IsNot, Contains, StartsWith, EndsWith, IsEmpty, IsNotEmpty };

struct Condition {
    QString field; ///< a live-chat field's key, "Visitor.Email"
    Comparison comparison = Comparison::Is;
    QString value;
    friend bool operator==(const Condition &, const Condition &) = default;
};

/// Case is ignored; white space around both sides is not part of them.
bool isMet(const Condition &condition, const LiveChatFields &values);

} // namespace parley::rules
