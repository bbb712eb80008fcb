#include "app/sandbox/Sandbox.h"

#include "app/sandbox/HttpServer.h"
#include "app/sandbox/RecordId.h"
#include "app/sandbox/Rest.h"
#include "app/sandbox/Seed.h"
#include "core/base/Clock.h"

#include <QDir>
#include <QLockFile>
#include <QRandomGenerator>

// In the global namespace, as Qt asks of resources inside a static library.
static void initOrgResources()
{
    Q_INIT_RESOURCE(sandbox_org);
}

namespace parley::sandbox {

using namespace Qt::Literals::StringLiterals;

namespace {

QStringList standardRedirects()
{
    QStringList uris; // those of our own sign-in (core/auth/OAuthSettings.h), then those of other tools
    for (const int port : {1717, 1718, 1719})
        uris.append(u"http://localhost:%1/OauthRedirect"_s.arg(port));
    for (const QString &host : {u"localhost"_s, u"127.0.0.1"_s}) {
        for (const int port : {1717, 27017, 37017})
            uris.append(u"http://%1:%2/oauth/callback"_s.arg(host).arg(port));
    }
    return uris;
}

std::optional<DuplicateAction> actionOf(const QString &word)
{
    static const QHash<QString, DuplicateAction> known{{u"off"_s, DuplicateAction::Off},
                                                       {u"alert"_s, DuplicateAction::Alert},
                                                       {u"block"_s, DuplicateAction::Block}};
    const auto it = known.constFind(word);
    return it == known.cend() ? std::nullopt : std::optional(*it);
}

} // namespace

Sandbox::Sandbox(Clock &clock, Config config)
    : m_clock(clock)
    , m_config(std::move(config))
{
    initOrgResources();
}

Sandbox::~Sandbox() = default;

Result<Done> Sandbox::start()
{
    auto metadata =
        m_config.orgFolder.isEmpty() ? Metadata::builtIn() : Metadata::fromFolder(m_config.orgFolder);
    if (!metadata)
        return fail(metadata.error());
    m_metadata = std::move(*metadata);
    m_visible = m_metadata;
    if (const auto locked = lockData(); !locked)
        return locked;
    const QString file =
        m_config.dataFolder.isEmpty() ? QString() : QDir(m_config.dataFolder).filePath(u"salesforce.db"_s);
    if (const auto opened = m_store.open(file, m_metadata); !opened)
        return opened;
    seed(m_store, m_metadata, m_clock);
    m_server = std::make_unique<HttpServer>(
        m_clock, m_faults, [this](const Request &request) { return serve(request); }, m_config.latency);
    const quint16 port = m_server->listen(m_config.address, m_config.port);
    if (port == 0)
        return fail(Errc::Offline,
                    u"cannot listen on %1:%2"_s.arg(m_config.address.toString()).arg(m_config.port));
    const QString host = m_config.address.toString();
    m_baseUrl = u"http://%1:%2"_s.arg(host.contains(u':') ? u'[' + host + u']' : host).arg(port);
    OAuthSettings settings;
    settings.baseUrl = m_baseUrl;
    settings.clientId = keptOrNew(u"clientId"_s, u"3MVG9"_s, 80);
    settings.clientSecret = keptOrNew(u"clientSecret"_s, {}, 64);
    settings.username = kSignInUser;
    settings.password = kSignInPassword;
    settings.redirectUris = standardRedirects() + m_config.moreRedirectUris;
    settings.requireSecret = m_config.requireSecret;
    settings.certificate = m_config.certificate;
    settings.sessionLifetime = m_config.sessionLifetime;
    m_oauth = std::make_unique<OAuth>(m_store, m_metadata, m_clock, settings);
    m_rest = std::make_unique<Rest>(m_store, m_metadata, m_visible, m_clock, m_org, m_baseUrl);
    for (const Fault &fault : std::as_const(m_config.faults))
        m_faults.add(fault);
    return Done{};
}

// Two sandboxes on one folder would give the same ids twice. A killed one's lock is known by its process.
Result<Done> Sandbox::lockData()
{
    if (m_config.dataFolder.isEmpty())
        return Done{};
    if (!QDir().mkpath(m_config.dataFolder))
        return fail(Errc::Storage, m_config.dataFolder + u": the folder cannot be made"_s);
    m_lock = std::make_unique<QLockFile>(QDir(m_config.dataFolder).filePath(u"sandbox.lock"_s));
    m_lock->setStaleLockTime(0);
    if (m_lock->tryLock())
        return Done{};
    if (m_lock->error() != QLockFile::LockFailedError)
        return fail(Errc::Storage, m_config.dataFolder + u": the folder cannot be written to"_s);
    qint64 process = 0;
    QString machine;
    QString program;
    m_lock->getLockInfo(&process, &machine, &program);
    return fail(Errc::Storage,
                u"%1: another sandbox uses this folder (process %2)"_s.arg(m_config.dataFolder).arg(process));
}

// Made once per data folder, so that a client that was registered yesterday is still known today.
QString Sandbox::keptOrNew(const QString &key, const QString &prefix, int length)
{
    QString value = m_store.meta(key);
    if (!value.isEmpty())
        return value;
    static constexpr char16_t kLetters[] = u"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    value = prefix;
    while (value.size() < length)
        value += QChar(kLetters[QRandomGenerator::system()->bounded(62)]);
    m_store.putMeta(key, value);
    return value;
}

const OAuthSettings &Sandbox::oauth() const
{
    return m_oauth->settings();
}

QJsonObject Sandbox::readyLine() const
{
    const OAuthSettings &settings = m_oauth->settings();
    return {{u"salesforce"_s,
             QJsonObject{{u"loginUrl"_s, m_baseUrl},
                         {u"clientId"_s, settings.clientId},
                         {u"clientSecret"_s, settings.clientSecret},
                         {u"username"_s, settings.username},
                         {u"password"_s, settings.password},
                         {u"redirectUris"_s, QJsonArray::fromStringList(settings.redirectUris)}}}};
}

Reply Sandbox::serve(const Request &request)
{
    if (request.method == "OPTIONS") {
        Reply reply;
        reply.status = 204;
        reply.addHeader("Allow", "GET,HEAD,POST,PATCH,DELETE,OPTIONS");
        return reply;
    }
    if (auto reply = m_oauth->serve(request))
        return *reply;
    if (request.path == u"/services/data"_s || request.path.startsWith(u"/services/data/"_s))
        return m_rest->serve(request, m_oauth->session(request));
    if (request.path == u"/__sandbox/org"_s)
        return orgControl(request);
    return refusedReply(refusal(404, u"NOT_FOUND"_s, u"The requested resource does not exist"_s));
}

Result<Done> Sandbox::setOrg(const QJsonObject &wanted)
{
    static const QStringList known{u"duplicateRules"_s, u"validationRules"_s, u"apiLimit"_s, u"access"_s,
                                   u"locks"_s};
    for (const QString &key : wanted.keys()) {
        if (!known.contains(key))
            return fail(Errc::InvalidInput,
                        u"%1: nothing that can be set; it is one of %2"_s.arg(key, known.join(u", "_s)));
    }
    OrgSettings next = m_org; // all of it or nothing
    const QJsonObject rules = wanted.value(u"duplicateRules"_s).toObject();
    for (auto it = rules.begin(); it != rules.end(); ++it) {
        const auto action = actionOf(it->toString());
        if (!action)
            return fail(Errc::InvalidInput, u"a duplicate rule is off, alert or block"_s);
        next.duplicateRules.insert(it.key(), *action);
    }
    if (wanted.contains(u"validationRules"_s)) {
        next.validationRules.clear();
        for (const QJsonValue rule : wanted.value(u"validationRules"_s).toArray())
            next.validationRules.append({rule[u"object"_s].toString(), rule[u"field"_s].toString(),
                                         rule[u"startsWith"_s].toString(), rule[u"message"_s].toString()});
    }
    next.apiLimit = wanted.value(u"apiLimit"_s).toInt(next.apiLimit);
    if (wanted.contains(u"locks"_s)) {
        next.locks.clear();
        const QJsonObject locks = wanted.value(u"locks"_s).toObject();
        for (auto it = locks.begin(); it != locks.end(); ++it) {
            const auto id = normalizeId(it.key());
            const bool isWhile = it->toInteger() > 0 && it->toInteger() <= 3'600'000;
            if (!id || !m_metadata.byPrefix(QStringView(*id).first(3)) || !isWhile)
                return fail(Errc::InvalidInput,
                            u"locks: a record's id, and for how many milliseconds (an hour at most)"_s);
            next.locks.insert(*id, m_clock.now().addMSecs(it->toInteger()));
        }
    }
    if (wanted.contains(u"access"_s)) {
        if (!wanted.value(u"access"_s).isObject())
            return fail(Errc::InvalidInput, u"access is an object"_s);
        const auto access = readAccess(wanted.value(u"access"_s).toObject(), m_metadata);
        if (!access)
            return fail(access.error());
        m_access = *access;
        m_visible = visibleTo(m_access, m_metadata);
        m_store.makeNameView(m_visible);
        m_rest->metadataChanged();
    }
    m_org = std::move(next);
    return Done{};
}

// The org's administrator: rules, the daily limit, what users may see and change, records held by others.
Reply Sandbox::orgControl(const Request &request)
{
    if (request.method == "POST") {
        const QJsonDocument document = QJsonDocument::fromJson(request.body);
        if (!document.isObject())
            return jsonReply(QJsonObject{{u"error"_s, u"the body is not a JSON object"_s}}, 400);
        if (const auto set = setOrg(document.object()); !set)
            return jsonReply(QJsonObject{{u"error"_s, set.error().detail}}, 400);
    }
    QJsonObject rules;
    for (auto it = m_org.duplicateRules.cbegin(); it != m_org.duplicateRules.cend(); ++it)
        rules.insert(it.key(), *it == DuplicateAction::Off     ? u"off"_s
                               : *it == DuplicateAction::Alert ? u"alert"_s
                                                               : u"block"_s);
    QJsonArray validation;
    for (const ValidationRule &rule : std::as_const(m_org.validationRules))
        validation.append(QJsonObject{{u"object"_s, rule.object},
                                      {u"field"_s, rule.field},
                                      {u"startsWith"_s, rule.startsWith},
                                      {u"message"_s, rule.message}});
    QJsonObject locks;
    for (auto it = m_org.locks.cbegin(); it != m_org.locks.cend(); ++it) {
        if (m_clock.now() < *it)
            locks.insert(it.key(), m_clock.now().msecsTo(*it));
    }
    return jsonReply(QJsonObject{{u"duplicateRules"_s, rules},
                                 {u"validationRules"_s, validation},
                                 {u"apiLimit"_s, m_org.apiLimit},
                                 {u"access"_s, jsonOf(m_access)},
                                 {u"locks"_s, locks}});
}

} // namespace parley::sandbox
