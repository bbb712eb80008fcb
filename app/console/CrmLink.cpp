#include "app/console/CrmLink.h"

#include "core/auth/OAuthTokenSource.h"
#include "core/base/Log.h"
#include "core/salesforce/ConnectionSettings.h"
#include "core/salesforce/SalesforceClient.h"

#include <algorithm>

namespace parley::console {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr std::chrono::seconds kAskAgain{15};

/// "https://…/id/00D…/005…" -> "00D…"
QString organisationOf(const QString &identityUrl)
{
    return QUrl(identityUrl).path().section(u'/', -2, -2);
}

} // namespace

struct CrmLink::Session {
    QString connectionId; ///< in the profile; empty: in none
    QString organisation; ///< as the profile remembers it, until the org says so itself
    auth::OAuthSettings settings;
    std::shared_ptr<auth::TokenSource> tokens;        // shared with its own coroutines
    std::shared_ptr<auth::OAuthTokenSource> personal; // the same, where a person signed in
    std::shared_ptr<salesforce::SalesforceClient> client;
};

CrmLink::CrmLink(Clock &clock, QString profileDir, std::shared_ptr<crm::DocumentCache> documents,
                 QObject *parent)
    : QObject(parent)
    , m_clock(clock)
    , m_profileDir(std::move(profileDir))
    , m_documents(std::move(documents))
    , m_secrets(std::make_shared<auth::MemorySecretStore>())
    , m_transport(std::make_shared<net::NetworkTransport>())
    , m_oauth(std::make_shared<auth::OAuthClient>(m_transport))
{}

CrmLink::~CrmLink() = default;

std::shared_ptr<crm::CrmClient> CrmLink::client() const
{
    return m_current ? m_current->client : nullptr;
}

void CrmLink::useSecrets(std::shared_ptr<auth::SecretStore> secrets)
{
    m_secrets = std::move(secrets);
    m_hasAsked = true;
}

void CrmLink::restore()
{
    if (m_current)
        return;
    const auto connection = crm::ConnectionStore(m_profileDir).active();
    if (!connection) {
        if (connection.error().code != Errc::NotFound)
            qCWarning(lcApp) << "connections:" << connection.error().detail;
        return;
    }
    const bool isInKeychain = connection->isSecretInKeychain || !connection->isService();
    if (isInKeychain && !m_hasAsked)
        return;
    if (!connection->isSecretInKeychain)
        return resume(*connection, {});
    whenDone(m_secrets->read(connection->secretKey(m_profileDir)), this,
             [this, connection = *connection, generation = m_generation](const Result<QByteArray> &secret) {
                 if (generation != m_generation || m_current)
                     return; // about a connection that is no longer wanted
                 if (secret)
                     resume(connection, QString::fromUtf8(*secret));
                 else
                     refuse(secret.error());
             });
}

void CrmLink::refuse(const Error &error)
{
    qCWarning(lcApp) << "the CRM connection:" << error.detail;
    desk::CrmStatus status = m_status;
    status.lastError = error;
    setStatus(status);
}

void CrmLink::resume(const crm::Connection &connection, const QString &secret)
{
    const auto settings = salesforce::settingsFor(connection, secret);
    if (!settings)
        return refuse(settings.error());
    auto session = std::make_shared<Session>();
    session->connectionId = connection.id;
    session->organisation = connection.organisation;
    session->settings = *settings;
    if (connection.isService()) {
        session->tokens = std::make_shared<auth::ServiceTokenSource>(&m_clock, m_oauth, session->settings);
    } else {
        session->personal = std::make_shared<auth::OAuthTokenSource>(
            &m_clock, m_oauth, m_secrets, session->settings, connection.tokensKey(m_profileDir));
        session->tokens = session->personal;
    }
    open(std::move(session));
}

void CrmLink::connectAsService(const CrmTarget &target)
{
    const auto settings = auth::salesforceSignIn(target.loginUrl, target.clientId, target.clientSecret);
    if (!settings)
        return;
    auto session = std::make_shared<Session>();
    session->settings = *settings;
    session->settings.grant = auth::Grant::ClientCredentials;
    session->tokens = std::make_shared<auth::ServiceTokenSource>(&m_clock, m_oauth, session->settings);
    open(std::move(session));
}

void CrmLink::open(std::shared_ptr<Session> session)
{
    salesforce::Config config;
    config.documents = m_documents;
    session->client =
        std::make_shared<salesforce::SalesforceClient>(m_transport, session->tokens, m_clock, config);
    m_current = std::move(session);
    desk::CrmStatus status = m_status;
    status.userName.clear(); // of whoever was signed in before
    const crm::Capabilities capabilities = m_current->client->capabilities();
    status.state = desk::CrmState::Connecting;
    status.name = capabilities.name;
    status.shortName = capabilities.shortName;
    status.host = m_current->settings.authorizeEndpoint.host();
    status.organisation = m_current->organisation;
    status.isOrganisationAwaited = status.organisation.isEmpty();
    status.lastError.reset();
    // A service's credentials are not the agent's: there is nothing to lose at the program's end.
    status.isMemoryOnly = m_current->personal && (m_status.isMemoryOnly || !m_secrets->isPersistent());
    setStatus(status);
    learnWho();
}

void CrmLink::learnWho()
{
    const auto session = m_current;
    if (!session)
        return;
    whenDone(session->tokens->token(), this, [this, session](const Result<auth::AccessToken> &token) {
        if (session != m_current)
            return;
        desk::CrmStatus status = m_status;
        if (!token) {
            status.state = token.error().code == Errc::Unauthorized ? desk::CrmState::SignInNeeded
                                                                    : desk::CrmState::NotConnected;
            status.lastError = token.error();
            setStatus(status);
            if (isTransient(token.error().code))
                m_clock.callAfter(kAskAgain, this, [this, session] {
                    if (session == m_current)
                        learnWho();
                });
            return;
        }
        status.state = desk::CrmState::Connected;
        status.host = token->instanceUrl.host();
        status.lastError.reset();
        if (const QString said = organisationOf(token->identityUrl); !said.isEmpty())
            status.organisation = said;
        status.isOrganisationAwaited = false;
        remember(*session, status);
        setStatus(status);
        whenDone(m_oauth->userInfo(session->settings, token->value), this,
                 [this, session](const Result<auth::UserInfo> &user) {
                     if (session != m_current || !user)
                         return; // the name is for the eyes only: without it all goes on
                     desk::CrmStatus named = m_status;
                     named.userName = user->name;
                     remember(*session, named);
                     setStatus(named);
                 });
    });
}

void CrmLink::remember(const Session &session, const desk::CrmStatus &status)
{
    const QList<crm::Connection> all = connections();
    const auto found = std::ranges::find(all, session.connectionId, &crm::Connection::id);
    if (found == all.end())
        return;
    crm::Connection known = *found;
    known.organisation = status.organisation;
    known.instanceHost = status.host;
    const bool isAsWhom = known.grant == u"jwt-bearer"; // there the name is what is asked for
    if (!status.userName.isEmpty() && !isAsWhom)
        known.userName = status.userName;
    if (known == *found)
        return;
    if (const auto kept = crm::ConnectionStore(m_profileDir).change(known); !kept)
        qCWarning(lcApp) << "connections:" << kept.error().detail;
}

void CrmLink::signIn(const CrmTarget &target, auth::Via via, auth::SignInFlow::Surroundings surroundings)
{
    cancelSignIn();
    auto settings = auth::salesforceSignIn(target.loginUrl, target.clientId, target.clientSecret);
    if (settings && !target.redirectUris.isEmpty())
        settings->redirectUris = target.redirectUris;
    if (!settings) {
        emit signInFailed({.code = Errc::InvalidInput, .remoteCode = u"login_url"_s});
        return;
    }
    m_flow = std::make_shared<auth::SignInFlow>(&m_clock, m_oauth, std::move(surroundings));
    const auto flow = m_flow;
    whenDone(flow->signIn(*settings, via), this, [this, flow](const Result<auth::SignedIn> &signedIn) {
        if (flow != m_flow)
            return;
        m_flow.reset();
        if (signedIn)
            adopt(*signedIn);
        else
            emit signInFailed(signedIn.error());
    });
}

void CrmLink::adopt(const auth::SignedIn &signedIn)
{
    const crm::ConnectionStore store(m_profileDir);
    const QUrl loginUrl = signedIn.settings.authorizeEndpoint.adjusted(QUrl::RemovePath | QUrl::RemoveQuery);
    const QString organisation = organisationOf(signedIn.tokens.identityUrl);
    const QList<crm::Connection> all = connections();
    // The same org again: many orgs have one login address and one client id.
    const auto known = std::ranges::find_if(all, [&](const crm::Connection &one) {
        return !one.isService() && one.loginUrl.host() == loginUrl.host() &&
               one.loginUrl.port() == loginUrl.port() && one.clientId == signedIn.settings.clientId &&
               (one.organisation.isEmpty() || one.organisation == organisation);
    });
    crm::Connection wanted{.name = u"Salesforce"_s,
                           .kind = u"salesforce"_s,
                           .loginUrl = loginUrl,
                           .clientId = signedIn.settings.clientId,
                           .grant = u"authorization-code"_s,
                           .isActive = true,
                           .organisation = organisation};
    Result<crm::Connection> connection = wanted;
    if (known == all.end()) {
        connection = store.add(wanted);
    } else {
        wanted = *known;
        wanted.organisation = organisation;
        wanted.userName.clear(); // perhaps another person: it is asked for
        connection = wanted;
        const auto kept = store.change(wanted);
        const auto used = kept ? store.use(wanted.id) : kept;
        if (!used)
            connection = fail(used.error());
    }
    if (!connection) {
        emit signInFailed(connection.error());
        return;
    }
    auto session = std::make_shared<Session>();
    session->connectionId = connection->id;
    session->organisation = organisation;
    session->settings = signedIn.settings;
    session->personal = std::make_shared<auth::OAuthTokenSource>(
        &m_clock, m_oauth, m_secrets, signedIn.settings, connection->tokensKey(m_profileDir));
    session->tokens = session->personal;
    const qint64 generation = ++m_generation;
    // The tokens are kept before they are used.
    whenDone(session->personal->adopt(signedIn.settings, signedIn.tokens), this,
             [this, session, generation](const Result<Done> &kept) {
                 if (generation != m_generation)
                     return;
                 if (!kept) {
                     m_status.isMemoryOnly = true;
                     qCWarning(lcAuth) << "the sign-in could not be kept:" << kept.error().detail;
                 }
                 open(session);
                 emit signInDone();
             });
}

void CrmLink::cancelSignIn()
{
    if (const auto flow = std::exchange(m_flow, nullptr))
        flow->cancel();
}

void CrmLink::signOut()
{
    ++m_generation;
    const auto session = std::exchange(m_current, nullptr);
    if (!session)
        return;
    if (session->personal)
        letGo(session->personal
                  ->signOut()); // what is here is forgotten first; the server is told as far as it can be
    setStatus({});
}

QList<crm::Connection> CrmLink::connections() const
{
    const auto all = crm::ConnectionStore(m_profileDir).load();
    if (!all)
        qCWarning(lcApp) << "connections:" << all.error().detail;
    return all.value_or(QList<crm::Connection>());
}

void CrmLink::use(const QString &id)
{
    if (const auto used = crm::ConnectionStore(m_profileDir).use(id); !used)
        return refuse(used.error());
    ++m_generation;
    m_current.reset();
    setStatus({});
    restore();
}

void CrmLink::forget(const QString &id)
{
    const QList<crm::Connection> all = connections();
    const auto found = std::ranges::find(all, id, &crm::Connection::id);
    if (found == all.end())
        return signOut(); // the one in use is in no profile
    ++m_generation;
    const crm::Connection &gone = *found;
    const auto session = gone.isActive ? std::exchange(m_current, nullptr) : nullptr;
    const crm::ConnectionStore store(m_profileDir);
    auto removed = store.remove(id);
    // The next one is not used in its place, nor at the next start: what is promised belongs to this org.
    if (removed && gone.isActive)
        removed = store.useNone();
    if (!removed)
        qCWarning(lcApp) << "connections:" << removed.error().detail;
    // What is here is forgotten first; the server is told as far as it can be. The token source in use knows
    // of a renewal that is under way; any other connection gets one for the purpose.
    auto tokens = session ? session->personal : nullptr;
    if (!tokens && !gone.isService()) {
        if (const auto settings = auth::salesforceSignIn(gone.loginUrl, gone.clientId))
            tokens = std::make_shared<auth::OAuthTokenSource>(&m_clock, m_oauth, m_secrets, *settings,
                                                              gone.tokensKey(m_profileDir));
    }
    if (tokens)
        letGo(tokens->signOut());
    if (gone.isSecretInKeychain)
        letGo(m_secrets->remove(gone.secretKey(m_profileDir))); // nothing names it any more
    if (session)
        setStatus({});
    else
        emit changed();
}

void CrmLink::setStatus(desk::CrmStatus status)
{
    m_status = std::move(status);
    emit changed();
}

} // namespace parley::console
