// The chats of the design's pictures, as values: for the screenshots and for tests of the panes.
#pragma once

#include "core/desk/DeskValues.h"

namespace parley::demo {

/// The moment of the pictures: 10:44 where the agent sits.
QDateTime now();
QList<desk::ChatRow> rows();
QList<desk::ThreadItem> thread();
/// As many messages of plausible lengths as wanted.
QList<desk::ThreadItem> longThread(int count);
QList<desk::CannedResponse> canned();
desk::CrmStatus salesforce();

} // namespace parley::demo
