// The chat service: one port for visitors' pages, consoles and the widget's files, one data folder.
#pragma once

#include "core/base/Clock.h"
#include "core/base/Result.h"
#include "core/hub/Config.h"

#include <QObject>
#include <QThread>

#include <memory>

namespace parley::hub {

class Hub final : public QObject
{
    Q_OBJECT

public:
    /// Lives on the thread that makes it. The clock must outlive it.
    Hub(Config config, Clock &clock, QObject *parent = nullptr);
    ~Hub() override;

    /// Prepares the folder, opens the store and listens. Errors by remoteCode: "port_taken", "data_dir"
    /// (cannot be made or written), "in_use" (another hub has the folder), "newer" (the database is a newer
    /// program's).
    Result<ReadyLine> start();
    /// Says goodbye to every line and commits what was taken. start() may follow.
    void stop();

    /// The database grows no further than this; 0: as far as the disk goes.
    void limitStore(qint64 bytes);
    [[nodiscard]] int lineCount() const;

private:
    class Running;
    Config m_config;
    Clock &m_clock;
    std::unique_ptr<Running> m_running;
};

/// A hub on a thread of its own, for programs that have other things to do (the demo).
class HubThread
{
public:
    explicit HubThread(Config config);
    ~HubThread();
    HubThread(const HubThread &) = delete;
    HubThread &operator=(const HubThread &) = delete;
    /// Blocks until the hub listens or has failed.
    Result<ReadyLine> start();
    void stop();

private:
    Config m_config;
    SystemClock m_clock;
    QThread m_thread;
    Hub *m_hub = nullptr; // lives on m_thread
};

} // namespace parley::hub
