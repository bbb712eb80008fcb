// Field values as JSON for a table's column: what comes back has the type that went in.
#pragma once

#include "core/domain/Record.h"

#include <QJsonObject>

namespace parley::store {

/// Dates, instants, times and lists are kept as tagged objects, because JSON has no types for them.
QJsonValue jsonOf(const QVariant &value);
QVariant variantOf(const QJsonValue &value);

QJsonObject jsonOf(const FieldMap &fields);
FieldMap fieldsOf(const QJsonObject &object);

QJsonObject jsonOf(const RecordRef &ref);
RecordRef refOf(const QJsonObject &object);

/// One line of compact UTF-8, and back; what is not an object comes back as an empty one.
QString textOf(const QJsonObject &object);
QJsonObject objectOf(const QString &text);

} // namespace parley::store
