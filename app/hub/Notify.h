// Tells the service manager that started us how we are (sd_notify's protocol: a datagram to $NOTIFY_SOCKET).
#pragma once

#include <QByteArrayView>

namespace parley::hubapp {

/// state as in "READY=1"; nothing happens where no service manager listens.
void notifyServiceManager(QByteArrayView state);

} // namespace parley::hubapp
