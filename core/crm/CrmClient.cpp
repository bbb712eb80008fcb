#include "core/crm/CrmClient.h"
