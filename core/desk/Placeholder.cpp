// Replaced by the room's first file.
#include "core/desk/DeskValues.h"
