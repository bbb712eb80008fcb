#include "core/base/Async.h"
