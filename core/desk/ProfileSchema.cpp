#include "core/desk/ProfileSchema.h"

#include "core/chat/LineTable.h"
#include "core/desk/CrmDocumentTable.h"
#include "core/desk/DeskTable.h"
#include "core/outbox/OutboxTable.h"

#include <algorithm>
#include <array>

namespace parley::desk {

namespace {
constexpr std::array kSteps{
    store::Migration{1, &chat::createLineTables}, store::Migration{2, &outbox::createOutboxTable},
    store::Migration{3, &createDeskTables}, store::Migration{4, &createCrmDocumentTable},
    store::Migration{5, &outbox::addOutboxOrganisation}};
static_assert(std::ranges::adjacent_find(kSteps, std::ranges::greater_equal{}, &store::Migration::version) ==
                  kSteps.end(),
              "two branches took the same schema number");
} // namespace

std::span<const store::Migration> profileSchema()
{
    return kSteps;
}

} // namespace parley::desk
