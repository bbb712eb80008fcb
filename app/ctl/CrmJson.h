// CRM values as parleyctl prints them.
#pragma once

#include "app/ctl/Reply.h"
#include "core/crm/CrmClient.h"

#include <QJsonArray>

namespace parley::ctl {

QJsonObject jsonOf(const Record &record);
QJsonObject jsonOf(const crm::Field &field);
QJsonObject jsonOf(const crm::KindSchema &schema, bool withFields);
QJsonObject jsonOf(const crm::Layout &layout);
QJsonObject jsonOf(const crm::MatchOutcome &outcome);

QStringList linesOf(const crm::MatchOutcome &outcome);
QStringList linesOf(const QList<Record> &records);
QStringList linesOf(const crm::Layout &layout);

} // namespace parley::ctl
