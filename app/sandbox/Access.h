// What this org lets the users of its API see and change: object permissions and field-level security, as an
// administrator sets them in a permission set. One set for all users.
#pragma once

#include "app/sandbox/Metadata.h"

namespace parley::sandbox {

enum class ObjectRight { None, Read, All };
enum class FieldRight { Hidden, Read, Edit };

struct Access {
    QMap<QString, ObjectRight> objects;              ///< by the object's name; absent: All
    QMap<QString, QMap<QString, FieldRight>> fields; ///< by object and field; absent: Edit
};

/// {"objects":{"Task":"none","Lead":"read"},"fields":{"Contact.Title":"hidden","Contact.Phone":"read"}}, or
/// why it cannot be so: an object or a field that is not there, one that no org lets anybody hide, another
/// word.
Result<Access> readAccess(const QJsonObject &wanted, const Metadata &metadata);
QJsonObject jsonOf(const Access &access);

/// The org as those users see it: describes, layouts and the list of objects without what is hidden from
/// them.
Metadata visibleTo(const Access &access, const Metadata &whole);

} // namespace parley::sandbox
