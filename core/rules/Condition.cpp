#include "core/rules/Condition.h"

namespace parley::rules {

bool isMet(const Condition &condition, const LiveChatFields &values)
{
    const QString have = values.value(condition.field).trimmed();
    const QString want = condition.value.trimmed();
    switch (condition.comparison) {
    case Comparison::Is:
        return have.compare(want, Qt::CaseInsensitive) == 0;
    case Comparison::IsNot:
        return have.compare(want, Qt::CaseInsensitive) != 0;
    case Comparison::Contains:
        return have.contains(want, Qt::CaseInsensitive);
    case Comparison::StartsWith:
        return have.startsWith(want, Qt::CaseInsensitive);
    case Comparison::EndsWith:
        return have.endsWith(want, Qt::CaseInsensitive);
    case Comparison::IsEmpty:
        return have.isEmpty();
    case Comparison::IsNotEmpty:
        return !have.isEmpty();
    }
    return false;
}

} // namespace parley::rules
