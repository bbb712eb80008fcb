// Brings a database file to the schema that this program knows, one numbered step at a time.
#pragma once

#include "core/base/Result.h"

#include <QSqlDatabase>
#include <QSqlQuery>

#include <span>

namespace parley::store {

/// One step; a plain function, so that it can capture nothing. A step that has landed is never edited.
struct Migration {
    int version;
    bool (*apply)(QSqlQuery &);
};

/// Runs the steps that the file lacks, each in a transaction with its number (PRAGMA user_version). A file
/// newer than the last step is refused (Errc::Storage, remoteCode "newer").
Result<Done> migrate(QSqlDatabase &database, std::span<const Migration> steps);

} // namespace parley::store
