#include "core/crm/CrmClient.h"

namespace parley::crm {

using namespace Qt::Literals::StringLiterals;

QString duplicatesDetail(const Duplicates &duplicates)
{
    QStringList parts{u"duplicates"_s, duplicates.mayOverride ? u"may-override"_s : u"blocked"_s};
    for (const RecordRef &ref : duplicates.records)
        parts += ref.kind.name + u'/' + ref.id.value;
    return parts.join(u' ');
}

std::optional<Duplicates> duplicatesOf(const Error &error)
{
    if (error.code != Errc::Conflict)
        return std::nullopt;
    const QStringList parts = error.detail.split(u' ');
    if (parts.size() < 2 || parts[0] != u"duplicates")
        return std::nullopt;
    Duplicates duplicates{.records = {}, .mayOverride = parts[1] == u"may-override"};
    for (const QString &part : parts.sliced(2)) {
        const qsizetype slash = part.indexOf(u'/');
        duplicates.records += {.kind = {part.left(slash)}, .id = {part.mid(slash + 1)}};
    }
    return duplicates;
}

} // namespace parley::crm
