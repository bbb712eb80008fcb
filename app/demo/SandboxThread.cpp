#include "app/demo/SandboxThread.h"

namespace parley::demo {

SandboxThread::SandboxThread(sandbox::Config config)
    : m_config(std::move(config))
    , m_worker(new QObject)
{
    m_thread.setObjectName(QStringLiteral("sandbox"));
    m_worker->moveToThread(&m_thread);
    QObject::connect(&m_thread, &QThread::finished, m_worker, &QObject::deleteLater);
    m_thread.start();
}

SandboxThread::~SandboxThread()
{
    QMetaObject::invokeMethod(
        m_worker, [this] { m_sandbox.reset(); }, Qt::BlockingQueuedConnection);
    m_thread.quit();
    m_thread.wait();
}

Result<QJsonObject> SandboxThread::start()
{
    Result<QJsonObject> ready = QJsonObject();
    QMetaObject::invokeMethod(
        m_worker,
        [this, &ready] {
            m_sandbox = std::make_unique<sandbox::Sandbox>(m_clock, m_config);
            if (const auto started = m_sandbox->start())
                ready = m_sandbox->readyLine();
            else
                ready = fail(started.error());
        },
        Qt::BlockingQueuedConnection);
    return ready;
}

} // namespace parley::demo
