// A sandbox on a thread of its own, so that its SQL never holds up the window.
#pragma once

#include "app/sandbox/Sandbox.h"
#include "core/base/Clock.h"

#include <QThread>

namespace parley::demo {

class SandboxThread
{
public:
    explicit SandboxThread(sandbox::Config config);
    ~SandboxThread();
    SandboxThread(const SandboxThread &) = delete;
    SandboxThread &operator=(const SandboxThread &) = delete;

    /// Blocks until it listens or has failed. Ends with its ready line.
    Result<QJsonObject> start();

private:
    sandbox::Config m_config;
    SystemClock m_clock;
    QThread m_thread;
    QObject *m_worker = nullptr;                 // lives on m_thread
    std::unique_ptr<sandbox::Sandbox> m_sandbox; // made and destroyed on m_thread
};

} // namespace parley::demo
