#include "core/base/Log.h"

namespace parley {

Q_LOGGING_CATEGORY(lcNet, "parley.net", QtInfoMsg)
Q_LOGGING_CATEGORY(lcAuth, "parley.auth", QtInfoMsg)
Q_LOGGING_CATEGORY(lcStore, "parley.store", QtInfoMsg)
Q_LOGGING_CATEGORY(lcWire, "parley.wire", QtInfoMsg)
Q_LOGGING_CATEGORY(lcHub, "parley.hub", QtInfoMsg)
Q_LOGGING_CATEGORY(lcCrm, "parley.crm", QtInfoMsg)
Q_LOGGING_CATEGORY(lcSalesforce, "parley.salesforce", QtInfoMsg)
Q_LOGGING_CATEGORY(lcOutbox, "parley.outbox", QtInfoMsg)
Q_LOGGING_CATEGORY(lcChat, "parley.chat", QtInfoMsg)
Q_LOGGING_CATEGORY(lcDesk, "parley.desk", QtInfoMsg)
Q_LOGGING_CATEGORY(lcSandbox, "parley.sandbox", QtInfoMsg)
Q_LOGGING_CATEGORY(lcUi, "parley.ui", QtInfoMsg)
Q_LOGGING_CATEGORY(lcApp, "parley.app", QtInfoMsg)

} // namespace parley
