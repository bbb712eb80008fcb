// The identifiers of Parley's own things.
#pragma once

#include "core/base/Id.h"

namespace parley {

using ChatId = Id<struct ChatTag>;       ///< made by the hub, letters and digits, unique for ever
using VisitorId = Id<struct VisitorTag>; ///< made by the hub, one per browser
using AgentId = Id<struct AgentTag>;
using FileId = Id<struct FileTag>; ///< an attachment as the hub keeps it
using ClientId =
    Id<struct ClientTag>; ///< the sender's own id of a frame that adds to a chat: makes sending idempotent
using RecordId =
    Id<struct RecordTag>; ///< a CRM's own id, verbatim (Salesforce: 18 characters, Dataverse: GUID)

} // namespace parley
