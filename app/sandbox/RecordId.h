// Salesforce record ids: fifteen case-sensitive characters, or eighteen with the suffix that keeps the case.
#pragma once

#include <QString>

#include <optional>

namespace parley::sandbox {

/// prefix + org part + running number in base 62, with its suffix.
[[nodiscard]] QString makeId(QStringView keyPrefix, qint64 number);

/// The sandbox is one org.
[[nodiscard]] QString organizationId();

/// The 18-character form; nothing where the text is no id at all (length, characters or a wrong suffix).
[[nodiscard]] std::optional<QString> normalizeId(QStringView text);

} // namespace parley::sandbox
