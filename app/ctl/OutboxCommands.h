// The "outbox" commands of parleyctl.
#pragma once

#include "app/ctl/Reply.h"

namespace parley::ctl {

/// Every promised CRM write of the profile with its state, in the order of their promising. Blocks.
Result<Reply> listOutbox(const QString &profileDir);

} // namespace parley::ctl
