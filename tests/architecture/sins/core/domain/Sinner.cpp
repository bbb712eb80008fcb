#include "core/base/Result.h"
#include "core/net/HttpTransport.h"
#include <QWidget>
// currentDateTime
