#include "app/demo/DemoWorld.h"

#include "app/demo/DemoVisitor.h"
#include "app/demo/SandboxThread.h"
#include "core/hub/Accounts.h"
#include "core/hub/Hub.h"

#include <QDir>
#include <QJsonDocument>
#include <QUuid>

namespace parley::demo {

using namespace Qt::Literals::StringLiterals;

namespace {

const QString kAgentName = u"Nora Whitfield"_s;
// A user of the sandbox's org has the same e-mail: what the demo's agent makes is hers.
const QString kAgentEmail = u"nora.whitfield@tallyworks.example"_s;

} // namespace

DemoWorld::DemoWorld(QString folder, Clock &clock, QObject *parent)
    : QObject(parent)
    , m_folder(std::move(folder))
    , m_clock(clock)
    , m_password(QUuid::createUuid().toString(QUuid::WithoutBraces))
{}

DemoWorld::~DemoWorld() = default;

Result<Done> DemoWorld::start()
{
    hub::Config config;
    config.dataDir = QDir(m_folder).filePath(u"hub"_s);
    config.brandName = u"Tallyworks"_s;
    config.brandReply = u"Usually replies in 2 minutes"_s;
    m_hub = std::make_unique<hub::HubThread>(config);
    const auto hub = m_hub->start();
    if (!hub)
        return fail(hub.error());
    const auto agent =
        hub::putAgent(config.dataDir,
                      {.email = kAgentEmail, .name = kAgentName, .role = u"admin"_s, .password = m_password});
    if (!agent)
        return fail(agent.error());

    m_sandbox = std::make_unique<SandboxThread>(sandbox::Config());
    const auto sandbox = m_sandbox->start();
    if (!sandbox)
        return fail(sandbox.error());
    m_ready = {{u"hub"_s, QJsonDocument::fromJson(hub->toJson()).object()}, {u"sandbox"_s, *sandbox}};
    return Done{};
}

void DemoWorld::openDoors()
{
    const QUrl door(m_ready.value("hub"_L1)["visitorWs"_L1].toString());
    const QList<Persona> personas = builtInPersonas();
    for (const Persona &persona : personas) {
        auto visitor = std::make_unique<DemoVisitor>(persona, door, m_clock);
        if (persona.isTaken)
            connect(visitor.get(), &DemoVisitor::started, this, &DemoWorld::takenChatStarted);
        visitor->begin();
        m_visitors.push_back(std::move(visitor));
    }
}

QUrl DemoWorld::hubUrl() const
{
    return QUrl(m_ready.value("hub"_L1)["url"_L1].toString()).adjusted(QUrl::StripTrailingSlash);
}

QUrl DemoWorld::visitorPage() const
{
    return QUrl(m_ready.value("hub"_L1)["url"_L1].toString() + u"?open"_s);
}

QString DemoWorld::agentEmail() const
{
    return kAgentEmail;
}

} // namespace parley::demo
