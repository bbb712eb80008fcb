// parley-hub as a process.
#pragma once

#include "core/hub/Config.h"
#include "tests/core/hub/HubClient.h"

#include <QProcess>

namespace parley::tests {

class HubRun
{
public:
    HubRun(const QString &dataDir, const QString &listen, const QStringList &more = {},
           const QProcessEnvironment &surroundings = QProcessEnvironment::systemEnvironment())
    {
        process.setProcessEnvironment(surroundings);
        process.setProgram(qEnvironmentVariable("PARLEY_BIN_DIR") + QStringLiteral("/parley-hub"));
        process.setArguments(QStringList{QStringLiteral("serve"), QStringLiteral("--data"), dataDir,
                                         QStringLiteral("--listen"), listen} +
                             more);
        process.start();
        std::ignore = QTest::qWaitFor(
            [this] { return process.canReadLine() || process.state() == QProcess::NotRunning; }, 20'000);
        const QJsonObject line = QJsonDocument::fromJson(process.readLine()).object();
        ready = {textOf(line, "url"), textOf(line, "widget"), textOf(line, "agentWs"),
                 textOf(line, "visitorWs")};
    }
    ~HubRun() { kill9(); }
    void kill9()
    {
        process.kill(); // SIGKILL
        process.waitForFinished();
    }
    QProcess process;
    hub::ReadyLine ready;
};

} // namespace parley::tests
