#include "tests/fakes/FakeClock.h"
