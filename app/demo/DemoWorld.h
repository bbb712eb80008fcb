// The demo's surroundings: a hub, a Salesforce sandbox and visitors, all in this process and on loopback.
#pragma once

#include "core/base/Clock.h"
#include "core/base/Result.h"

#include <QJsonObject>
#include <QObject>
#include <QUrl>

#include <memory>
#include <vector>

namespace parley::hub {
class HubThread;
}

namespace parley::demo {

class DemoVisitor;
class SandboxThread;

class DemoWorld : public QObject
{
    Q_OBJECT

public:
    /// Keeps its data in that folder. The clock must outlive it.
    DemoWorld(QString folder, Clock &clock, QObject *parent = nullptr);
    ~DemoWorld() override;

    /// Starts hub and sandbox and makes the agent's account. Blocks.
    Result<Done> start();
    /// Lets the visitors come.
    void openDoors();

    /// {"hub":{…},"sandbox":{…}}: the ready lines of both.
    [[nodiscard]] QJsonObject readyLine() const { return m_ready; }
    [[nodiscard]] QUrl hubUrl() const;
    [[nodiscard]] QUrl visitorPage() const;
    [[nodiscard]] QString agentEmail() const;
    [[nodiscard]] QString agentPassword() const { return m_password; }

signals:
    /// A chat that the demo's agent has taken already, in the story that it tells.
    void takenChatStarted(const QString &chatId);

private:
    const QString m_folder;
    Clock &m_clock;
    QString m_password;
    QJsonObject m_ready;
    std::unique_ptr<hub::HubThread> m_hub;
    std::unique_ptr<SandboxThread> m_sandbox;
    std::vector<std::unique_ptr<DemoVisitor>> m_visitors;
};

} // namespace parley::demo
