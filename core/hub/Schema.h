// The hub's database, step by step.
#pragma once

#include "core/store/Migration.h"

#include <QString>

namespace parley::hub {

std::span<const store::Migration> hubSchema();

QString databasePath(const QString &dataDir);

/// Makes the folder (mode 0700) and the database, and brings it up to date. Errors: Storage; remoteCode
/// "newer" where the file is a newer program's, "data_dir" where the folder cannot be made or written.
Result<Done> prepareDataDir(const QString &dataDir);

} // namespace parley::hub
