// The CRM sandbox in process: a Salesforce org on loopback that remembers, refuses and fails like a real one.
#pragma once

#include "app/sandbox/Access.h"
#include "app/sandbox/Faults.h"
#include "app/sandbox/OAuth.h"
#include "app/sandbox/Records.h"
#include "core/base/Result.h"

#include <QHostAddress>
#include <QJsonObject>

#include <chrono>
#include <memory>

class QLockFile;

namespace parley {
class Clock;
}

namespace parley::sandbox {

class HttpServer;
class Rest;

struct Config {
    QHostAddress address = QHostAddress::LocalHost;
    quint16 port = 0;   ///< 0: any free one
    QString dataFolder; ///< empty: in memory
    QString orgFolder;  ///< empty: the built-in org
    std::chrono::milliseconds latency{0};
    QStringList moreRedirectUris;
    bool requireSecret = false;
    QByteArray certificate = {}; ///< PEM, of the app: the JWT bearer flow works
    std::chrono::seconds sessionLifetime{7200};
    QList<Fault> faults;
};

/// Lives on the thread that starts it, and needs that thread's event loop.
class Sandbox
{
public:
    Sandbox(Clock &clock, Config config);
    ~Sandbox();
    Sandbox(const Sandbox &) = delete;
    Sandbox &operator=(const Sandbox &) = delete;

    Result<Done> start();
    /// {"salesforce": {loginUrl, clientId, clientSecret, username, password, redirectUris}}
    [[nodiscard]] QJsonObject readyLine() const;
    [[nodiscard]] QString baseUrl() const { return m_baseUrl; }

    /// For tests in the same process; others use /__sandbox over HTTP.
    [[nodiscard]] Faults &faults() { return m_faults; }
    [[nodiscard]] OrgSettings &org() { return m_org; }
    /// As POST /__sandbox/org does.
    Result<Done> setOrg(const QJsonObject &wanted);
    [[nodiscard]] Store &store() { return m_store; }
    [[nodiscard]] const Metadata &metadata() const { return m_metadata; }
    [[nodiscard]] const OAuthSettings &oauth() const;
    /// Answers a request without a socket between.
    [[nodiscard]] Reply serve(const Request &request);

private:
    Reply orgControl(const Request &request);
    Result<Done> lockData();
    QString keptOrNew(const QString &key, const QString &prefix, int length);

    Clock &m_clock;
    Config m_config;
    std::unique_ptr<QLockFile> m_lock; ///< on the data folder; given back last
    Metadata m_metadata;
    Access m_access;
    Metadata m_visible; ///< m_metadata as m_access lets it be seen
    Store m_store;
    Faults m_faults;
    OrgSettings m_org;
    QString m_baseUrl;
    std::unique_ptr<OAuth> m_oauth;
    std::unique_ptr<Rest> m_rest;
    std::unique_ptr<HttpServer> m_server;
};

} // namespace parley::sandbox
