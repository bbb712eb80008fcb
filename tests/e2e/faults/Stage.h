// The surroundings of one console under test: a hub, a Salesforce sandbox and visitors, each of which can go
// away and come back at the same address with the same data, or fail on request.
#pragma once

#include "app/console/Options.h"
#include "app/demo/DemoVisitor.h"
#include "app/demo/SandboxThread.h"
#include "core/hub/Hub.h"

#include <QJsonArray>
#include <QJsonObject>
#include <QTemporaryDir>

#include <memory>
#include <vector>

namespace parley::net {
class NetworkTransport;
}

namespace parley::e2e {

class Stage
{
public:
    explicit Stage(std::chrono::milliseconds crmLatency = {});
    ~Stage();

    /// Hub, agent's account and sandbox. Ends with what went wrong; empty: nothing did.
    QString start();
    QString startHub();
    void stopHub();
    QString startCrm();
    void stopCrm();

    [[nodiscard]] QUrl hubUrl() const { return m_hubUrl; }
    [[nodiscard]] QUrl visitorPage() const;
    /// The sandbox's ready line.
    [[nodiscard]] QJsonObject crm() const { return m_crmReady; }

    /// A profile that is connected to the sandbox by a service's credentials, and the console's options for
    /// it.
    console::Options profile(const QString &name);

    /// A visitor who starts a chat and says one line; lives as long as the stage. Ends with the chat at the
    /// hub; at once and with nothing when it is not to be waited for.
    QString newChat(const QString &name, const QString &email, bool isAwaited = true);

    /// {"kind":…,"times":…,"path":…,"method":…,"ms":…} as docs/sandbox.md says.
    void fail(const QJsonObject &fault);
    void clearFaults();
    /// How many requests came whose path contains the text; an empty method: any.
    int requests(const QByteArray &method, const QString &pathPart);
    void forgetRequests();
    /// What the CRM holds, by plain REST and none of our adapter.
    QJsonArray query(const QString &soql);
    QByteArray ask(const QByteArray &method, const QString &path, const QByteArray &body = {},
                   const QByteArray &token = {});

private:
    QString write(const QString &name, const QString &content);

    QTemporaryDir m_folder;
    SystemClock m_clock;
    hub::Config m_hubConfig;
    sandbox::Config m_crmConfig;
    QUrl m_hubUrl;
    QUrl m_visitorWs;
    QJsonObject m_crmReady;
    QByteArray m_token;
    std::unique_ptr<hub::HubThread> m_hub;
    std::unique_ptr<demo::SandboxThread> m_crm;
    std::vector<std::unique_ptr<demo::DemoVisitor>> m_visitors;
    std::shared_ptr<net::NetworkTransport> m_transport; // shared with requests under way
};

/// All words that are on the screen within the widget, one line each.
QString shownText(const QWidget &widget);

} // namespace parley::e2e
