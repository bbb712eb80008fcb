// Keeps a connection under the hub's rate: frames beyond it wait their turn instead of being refused.
#pragma once

#include "core/base/Clock.h"

#include <QObject>
#include <QString>

#include <deque>
#include <functional>

namespace parley::chat {

class Pacer final : public QObject
{
    Q_OBJECT

public:
    /// The clock must outlive it. send is called on this thread, in the order of post().
    Pacer(Clock &clock, std::function<void(const QString &)> send);

    void post(const QString &frame);
    void clear();

private:
    void drain();

    Clock &m_clock;
    std::function<void(const QString &)> m_send;
    std::deque<QString> m_waiting;
    double m_tokens;
    qint64 m_refilledAt;
    bool m_isWaking = false;
};

} // namespace parley::chat
