// How a chat's values stand in the columns of the hub's file: times as milliseconds since 1970 (0 is none),
// fields as JSON.
#pragma once

#include "core/wire/HubFrames.h"

#include <QDateTime>
#include <QJsonDocument>

namespace parley::hub {

/// The sender of what the hub itself adds to a log.
inline constexpr QStringView kHubSender = u"*";

inline QDateTime timeOf(qint64 ms)
{
    return ms > 0 ? QDateTime::fromMSecsSinceEpoch(ms, Qt::UTC) : QDateTime();
}

inline qint64 msOf(const QDateTime &at)
{
    return at.isValid() ? at.toMSecsSinceEpoch() : 0;
}

inline QString jsonOf(const LiveChatFields &fields)
{
    return QString::fromUtf8(QJsonDocument(wire::toJson(fields)).toJson(QJsonDocument::Compact));
}

} // namespace parley::hub
