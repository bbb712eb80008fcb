// Salesforce's JSON values and records in neutral form, both ways.
#pragma once

#include "core/crm/Schema.h"
#include "core/domain/Record.h"

#include <QJsonObject>

namespace parley::salesforce {

/// The type decides where it is known; without a field, only what cannot be anything else becomes a date.
QVariant valueOf(const QJsonValue &json, const crm::Field *field);
QJsonValue jsonOf(const QVariant &value, const crm::Field *field);

/// What a visitor typed, as a value that a field of that type can equal; nothing: no record can.
std::optional<QVariant> comparable(const QString &text, const crm::Field *field);

/// One element of "records". A null schema: types are guessed. Related records' fields are keyed
/// "Account.Name".
Record recordOf(const QJsonObject &json, const crm::KindSchema *schema, const QUrl &instanceUrl);

/// The 18-character form of an id of 15; anything else as it is.
QString id18(const QString &id);

/// The field by which people call a record of that kind: Name, CaseNumber, Subject.
QString titleField(const RecordKind &kind);

} // namespace parley::salesforce
