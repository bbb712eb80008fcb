// The canned responses: the company's from a file, or a set that comes with Parley.
#pragma once

#include "core/base/Result.h"
#include "core/desk/DeskValues.h"

namespace parley::desk {

QList<CannedResponse> builtInResponses();
/// A JSON array of {"shortcut","title","text","folder"}. NotFound when there is no such file.
Result<QList<CannedResponse>> readResponses(const QString &path);

} // namespace parley::desk
