#include "tests/e2e/faults/Stage.h"

#include "core/crm/Connections.h"
#include "core/hub/Accounts.h"
#include "core/net/NetworkTransport.h"
#include "tests/fakes/Await.h"

#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QSignalSpy>
#include <QUrlQuery>
#include <QWidget>

namespace parley::e2e {

using namespace Qt::Literals::StringLiterals;

namespace {
// A user of the sandbox's org has this e-mail too.
const QString kAgent = u"nora.whitfield@tallyworks.example"_s;
const QString kPassword = u"a password for one test"_s;
} // namespace

Stage::Stage(std::chrono::milliseconds crmLatency)
    : m_transport(std::make_shared<net::NetworkTransport>())
{
    m_hubConfig.dataDir = m_folder.filePath(u"hub"_s);
    m_crmConfig.dataFolder = m_folder.filePath(u"crm"_s);
    m_crmConfig.latency = crmLatency;
}

Stage::~Stage() = default;

QString Stage::start()
{
    QDir().mkpath(m_crmConfig.dataFolder);
    if (const QString problem = startHub(); !problem.isEmpty())
        return problem;
    const auto agent = hub::putAgent(
        m_hubConfig.dataDir,
        {.email = kAgent, .name = u"Nora Whitfield"_s, .role = u"admin"_s, .password = kPassword});
    return agent ? startCrm() : agent.error().detail;
}

QString Stage::startHub()
{
    m_hub = std::make_unique<hub::HubThread>(m_hubConfig);
    const auto ready = m_hub->start();
    if (!ready)
        return ready.error().detail;
    m_hubUrl = QUrl(ready->url).adjusted(QUrl::StripTrailingSlash);
    m_visitorWs = QUrl(ready->visitorWs);
    m_hubConfig.port = quint16(m_hubUrl.port()); // should it go away, it comes back where it was
    return {};
}

void Stage::stopHub()
{
    m_hub.reset();
}

QString Stage::startCrm()
{
    m_crm = std::make_unique<demo::SandboxThread>(m_crmConfig);
    const auto ready = m_crm->start();
    if (!ready)
        return ready.error().detail;
    m_crmReady = ready->value("salesforce"_L1).toObject();
    m_crmConfig.port = quint16(QUrl(m_crmReady.value("loginUrl"_L1).toString()).port());
    return {};
}

void Stage::stopCrm()
{
    m_crm.reset();
}

QUrl Stage::visitorPage() const
{
    QUrl page = m_hubUrl;
    page.setPath(u"/"_s);
    page.setQuery(u"open"_s);
    return page;
}

QString Stage::write(const QString &name, const QString &content)
{
    QFile file(m_folder.filePath(name));
    if (!file.open(QIODevice::WriteOnly) || file.write(content.toUtf8()) < 0)
        qWarning("%s cannot be written", qPrintable(file.fileName()));
    return file.fileName();
}

console::Options Stage::profile(const QString &name)
{
    const QString folder = m_folder.filePath(name);
    QDir().mkpath(folder);
    const auto connection = crm::ConnectionStore(folder).add(
        {.name = u"Salesforce"_s,
         .kind = u"salesforce"_s,
         .loginUrl = QUrl(m_crmReady.value("loginUrl"_L1).toString()),
         .clientId = m_crmReady.value("clientId"_L1).toString(),
         .grant = u"client-credentials"_s,
         .secretFile = write(u"secret"_s, m_crmReady.value("clientSecret"_L1).toString()),
         .isActive = true});
    if (!connection)
        qWarning("no connection: %s", qPrintable(connection.error().detail));
    return {.hub = m_hubUrl,
            .profileDir = folder,
            .agentEmail = kAgent,
            .passwordFile = write(u"password"_s, kPassword),
            .theme = u"light"_s};
}

QString Stage::newChat(const QString &name, const QString &email, bool isAwaited)
{
    demo::Persona persona;
    persona.fields = {{u"name"_s, name}, {u"email"_s, email}};
    persona.page = {{u"url"_s, u"https://shop.example/"_s}, {u"title"_s, u"A page"_s}};
    persona.text = u"Our invoice charges too many seats."_s;
    auto visitor = std::make_unique<demo::DemoVisitor>(persona, m_visitorWs, m_clock);
    QSignalSpy started(visitor.get(), &demo::DemoVisitor::started);
    visitor->begin();
    m_visitors.push_back(std::move(visitor));
    if (isAwaited && started.isEmpty() && !started.wait(10'000))
        qWarning("the visitor's chat did not start");
    return m_visitors.back()->chatId();
}

void Stage::fail(const QJsonObject &fault)
{
    ask("POST", u"/__sandbox/faults"_s, QJsonDocument(fault).toJson(QJsonDocument::Compact));
}

void Stage::clearFaults()
{
    ask("DELETE", u"/__sandbox/faults"_s);
}

void Stage::forgetRequests()
{
    ask("DELETE", u"/__sandbox/requests"_s);
}

int Stage::requests(const QByteArray &method, const QString &pathPart)
{
    const QJsonArray log =
        QJsonDocument::fromJson(ask("GET", u"/__sandbox/requests"_s)).object().value("log"_L1).toArray();
    return int(std::ranges::count_if(log, [&](const QJsonValue &seen) {
        return (method.isEmpty() || seen["method"_L1].toString() == QLatin1StringView(method)) &&
               seen["path"_L1].toString().contains(pathPart);
    }));
}

QJsonArray Stage::query(const QString &soql)
{
    if (m_token.isEmpty()) {
        QUrlQuery form;
        form.addQueryItem(u"grant_type"_s, u"client_credentials"_s);
        form.addQueryItem(u"client_id"_s, m_crmReady.value("clientId"_L1).toString());
        form.addQueryItem(u"client_secret"_s, m_crmReady.value("clientSecret"_L1).toString());
        const QByteArray reply =
            ask("POST", u"/services/oauth2/token"_s, form.toString(QUrl::FullyEncoded).toUtf8());
        m_token = QJsonDocument::fromJson(reply).object().value("access_token"_L1).toString().toLatin1();
    }
    const QByteArray reply =
        ask("GET", u"/services/data/v62.0/query?q="_s + QString::fromLatin1(QUrl::toPercentEncoding(soql)),
            {}, m_token);
    const QJsonObject answer = QJsonDocument::fromJson(reply).object();
    if (!answer.contains("records"_L1))
        qWarning("the sandbox did not answer the query: %s", reply.constData());
    return answer.value("records"_L1).toArray();
}

QByteArray Stage::ask(const QByteArray &method, const QString &path, const QByteArray &body,
                      const QByteArray &token)
{
    net::HttpRequest request{
        .method = method,
        .url = QUrl::fromEncoded((m_crmReady.value("loginUrl"_L1).toString() + path).toUtf8()),
        .body = body};
    if (!body.isEmpty())
        request.headers.emplace_back(
            "Content-Type", body.startsWith('{') ? "application/json" : "application/x-www-form-urlencoded");
    if (!token.isEmpty())
        request.headers.emplace_back("Authorization", "Bearer " + token);
    const auto reply = fakes::await(m_transport->send(std::move(request)), 20'000);
    return reply ? reply->body : QByteArray();
}

QString shownText(const QWidget &widget)
{
    QStringList lines;
    const auto children = widget.findChildren<QWidget *>();
    for (const QWidget *child : children) {
        if (!child->isVisible())
            continue;
        for (const QString &text : {child->property("text").toString(), child->accessibleName()}) {
            if (!text.isEmpty() && !lines.contains(text))
                lines += text;
        }
    }
    return lines.join(u'\n');
}

} // namespace parley::e2e
