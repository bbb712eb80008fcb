// One frame as it came off the line: its type and its members, not yet understood.
#pragma once

#include "core/wire/Names.h"

#include <QByteArray>
#include <QJsonObject>

namespace parley::wire {

struct Frame {
    QString type;
    QJsonObject body; ///< all members, "t" included

    /// What the frame was about, where it says so in a form that may be echoed in an error.
    [[nodiscard]] QString chat() const;
    [[nodiscard]] QString cid() const;
};

/// Error `malformed` where the bytes are not a JSON object with a text `t`.
Result<Frame> parseFrame(const QByteArray &bytes);

/// Compact JSON, UTF-8, one line.
QByteArray encode(const QJsonObject &object);

} // namespace parley::wire
