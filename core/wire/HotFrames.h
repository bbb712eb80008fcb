// Writes the two frames that follow every message, `ack` and `entry`, straight to UTF-8: no JSON tree in
// between.
#pragma once

#include "core/wire/Names.h"

#include <QByteArray>

namespace parley::wire {

void writeAck(QByteArray &out, const ChatId &chat, const ClientId &cid, qint64 seq, qint64 atMs);
/// The same as encode(Entry{message}.toJson()), members in another order.
void writeEntry(QByteArray &out, const Message &message, qint64 atMs);

} // namespace parley::wire
