#include "core/auth/TokenSource.h"
