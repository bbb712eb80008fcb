// Salesforce's refusals and limits in neutral form.
#pragma once

#include "core/crm/CrmClient.h"
#include "core/net/HttpTransport.h"

#include <QJsonValue>

namespace parley::salesforce {

/// The error for a reply that is not a success. The body is an array of errors, an object, or no JSON at all.
Error errorOf(const net::HttpReply &reply, const QDateTime &now);
/// The same for one part of a composite reply.
Error errorOf(int status, const QJsonValue &body);

/// A 401 that a new token does not cure: refreshing on it would never end.
bool isBeyondRefresh(const QByteArray &body);

/// "Sforce-Limit-Info: api-usage=18/15000; per-app-api-usage=…"; nothing when it does not say.
std::optional<crm::Usage> usageOf(QByteArrayView header);

} // namespace parley::salesforce
