// All tables of a profile's parley.db in one numbered list: the line's, the outbox's and the desk's.
#pragma once

#include "core/store/Migration.h"

namespace parley::desk {

/// For store::Database::open(<profile>/parley.db, profileSchema()).
std::span<const store::Migration> profileSchema();

} // namespace parley::desk
