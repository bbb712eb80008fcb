#include "app/ctl/Session.h"

#include "core/auth/OAuthTokenSource.h"
#include "core/auth/SignInFlow.h"
#include "core/salesforce/ConnectionSettings.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QProcess>
#include <QStandardPaths>

#include <cstdio>

namespace parley::ctl {

using namespace Qt::Literals::StringLiterals;

namespace {

bool openInBrowser(const QUrl &url)
{
#ifdef Q_OS_WIN
    return QProcess::startDetached(u"rundll32"_s,
                                   {u"url.dll,FileProtocolHandler"_s, url.toString(QUrl::FullyEncoded)});
#else
#ifdef Q_OS_MACOS
    const QString opener = u"open"_s;
#else
    const QString opener = u"xdg-open"_s;
#endif
    const QString program = QStandardPaths::findExecutable(opener);
    // Told on the terminal all the same, so a machine without a browser is no failure: another one's browser
    // cannot reach this loopback, but a person may forward the port.
    return program.isEmpty() || QProcess::startDetached(program, {url.toString(QUrl::FullyEncoded)});
#endif
}

} // namespace

Session::Session(QString profileDir, QString connectionId)
    : m_profileDir(std::move(profileDir))
    , m_connectionId(std::move(connectionId))
    , m_retrying(std::make_shared<net::RetryingTransport>(m_network, &m_clock))
    , m_oauth(std::make_shared<auth::OAuthClient>(m_network))
{}

Async<auth::SecretStore *> Session::secrets()
{
    const auto self = shared_from_this();
    if (!m_secrets) {
        auto opened = co_await auth::openSecretStore(&m_clock);
        m_secrets = opened.store;
    }
    co_return m_secrets.get();
}

Async<auth::OAuthSettings> Session::settingsOf(crm::Connection connection)
{
    const auto self = shared_from_this();
    QString secret;
    if (connection.isSecretInKeychain) {
        auto store = co_await secrets();
        const QString key = connection.secretKey(m_profileDir);
        auto kept = co_await (*store)->read(key);
        if (!kept)
            co_return fail(Error{
                .code = Errc::Unauthorized,
                .detail =
                    u"The client secret of the connection %1 is not in the keychain, or the keychain is "
                    "locked. Unlock it, or connect again with: parleyctl crm add"_s.arg(connection.id),
                .remoteCode = u"no_secret"_s});
        secret = QString::fromUtf8(*kept);
    }
    auto settings = salesforce::settingsFor(connection, secret);
    if (!settings)
        co_return fail(settings.error());
    co_return *settings;
}

Async<auth::TokenSet> Session::signInByBrowser(auth::OAuthSettings settings, bool opensBrowser)
{
    const auto self = shared_from_this();
    auth::SignInFlow::Surroundings surroundings;
    surroundings.openUrl = [opensBrowser](const QUrl &url) {
        return !opensBrowser || openInBrowser(url);
    };
    surroundings.browserOpened = [](const QUrl &url) {
        std::fprintf(stderr, "Sign in with your browser at:\n\n  %s\n\nWaiting for it ...\n",
                     url.toString(QUrl::FullyEncoded).toUtf8().constData());
    };
    const auto flow = std::make_shared<auth::SignInFlow>(&m_clock, m_oauth, surroundings);
    auto signedIn = co_await flow->signIn(settings, auth::Via::SystemBrowser);
    if (!signedIn)
        co_return fail(signedIn.error());
    co_return signedIn->tokens;
}

Error Session::noConnection(const QString &id) const
{
    return {.code = Errc::NotFound,
            .detail =
                u"The profile %1 has no connection '%2'. parleyctl crm list shows those there are."_s.arg(
                    m_profileDir, id)};
}

Async<crm::Connection> Session::add(NewConnection wanted)
{
    const auto self = shared_from_this();
    m_server = wanted.loginUrl.host();
    crm::Connection connection{.name = wanted.name.isEmpty() ? wanted.loginUrl.host() : wanted.name,
                               .kind = u"salesforce"_s,
                               .loginUrl = wanted.loginUrl,
                               .clientId = wanted.clientId,
                               .grant = wanted.grant,
                               .userName = wanted.userName};
    QString secret;
    const bool isFromInput = wanted.secretFile == u"-";
    if (isFromInput) {
        const auto read = salesforce::readSecret(wanted.secretFile);
        if (!read)
            co_return fail(read.error());
        secret = *read;
    } else if (!wanted.secretFile.isEmpty()) {
        connection.secretFile = QFileInfo(wanted.secretFile).absoluteFilePath();
    }
    if (!wanted.keyFile.isEmpty())
        connection.keyFile = QFileInfo(wanted.keyFile).absoluteFilePath();
    auto settings = salesforce::settingsFor(connection, secret);
    if (!settings)
        co_return fail(settings.error());
    if (!wanted.redirectUris.isEmpty())
        settings->redirectUris = wanted.redirectUris;
    auto store = connections().load(); // a damaged profile is said before anybody signs in
    if (!store)
        co_return fail(store.error());
    // Before anybody signs in: what cannot be kept would be in vain.
    const bool needsKeychain = isFromInput || !connection.isService();
    if (needsKeychain) {
        auto keychain = co_await secrets();
        if (!(*keychain)->isPersistent()) {
            co_return fail(Error{
                .code = Errc::Storage,
                .detail =
                    u"No keychain answers, and secrets are kept nowhere else. Unlock one (Secret Service, "
                    "KWallet), or use --grant client-credentials or jwt-bearer with its secret in a file."_s,
                .remoteCode = u"no_keychain"_s});
        }
    }
    std::optional<auth::TokenSet> person;
    if (connection.isService()) {
        const auto service = std::make_shared<auth::ServiceTokenSource>(&m_clock, m_oauth, *settings);
        auto token = co_await service->token();
        if (!token)
            co_return fail(token.error());
    } else {
        auto tokens = co_await signInByBrowser(*settings, wanted.opensBrowser);
        if (!tokens)
            co_return fail(tokens.error());
        person = *tokens;
    }
    connection.isSecretInKeychain = isFromInput;
    const auto added = connections().add(connection);
    if (!added)
        co_return fail(added.error());
    if (isFromInput) {
        const QString key = added->secretKey(m_profileDir);
        const QByteArray value = secret.toUtf8();
        auto kept = co_await m_secrets->write(key, value);
        if (!kept) {
            std::ignore = connections().remove(added->id); // it would be of no use
            co_return fail(kept.error());
        }
    }
    if (person) {
        const QString account = added->tokensKey(m_profileDir);
        const auto tokens =
            std::make_shared<auth::OAuthTokenSource>(&m_clock, m_oauth, m_secrets, *settings, account);
        auto kept = co_await tokens->adopt(*settings, *person);
        if (!kept) {
            std::ignore = connections().remove(added->id);
            co_return fail(kept.error());
        }
    }
    co_return *added;
}

Async<std::shared_ptr<salesforce::SalesforceClient>> Session::open()
{
    const auto self = shared_from_this();
    if (m_client)
        co_return std::shared_ptr(m_client); // a copy: QCoro 0.8 moves out of what it is handed
    const auto all = connections().load();
    if (!all)
        co_return fail(all.error());
    const auto chosen = std::ranges::find_if(*all, [this](const crm::Connection &entry) {
        return m_connectionId.isEmpty() ? entry.isActive : entry.id == m_connectionId;
    });
    if (chosen == all->end() && m_connectionId.isEmpty())
        co_return fail(
            Error{.code = Errc::Unauthorized,
                  .detail = u"The profile %1 has no CRM connection. Connect one with: parleyctl crm "
                            "add salesforce (--help says how)"_s.arg(m_profileDir),
                  .remoteCode = u"no_connection"_s});
    if (chosen == all->end())
        co_return fail(noConnection(m_connectionId));
    m_connection = *chosen;
    m_server = m_connection.loginUrl.host();
    auto settings = co_await settingsOf(m_connection);
    if (!settings)
        co_return fail(settings.error());
    if (m_connection.isService()) {
        m_tokens = std::make_shared<auth::ServiceTokenSource>(&m_clock, m_oauth, *settings);
    } else {
        auto store = co_await secrets();
        std::ignore = store; // opened; the token source says what is missing
        const QString account = m_connection.tokensKey(m_profileDir);
        m_tokens = std::make_shared<auth::OAuthTokenSource>(&m_clock, m_oauth, m_secrets, *settings, account);
    }
    m_client = std::make_shared<salesforce::SalesforceClient>(m_retrying, m_tokens, m_clock);
    co_return std::shared_ptr(m_client);
}

Async<Done> Session::remove(QString id)
{
    const auto self = shared_from_this();
    const auto all = connections().load();
    if (!all)
        co_return fail(all.error());
    const auto chosen = std::ranges::find(*all, id, &crm::Connection::id);
    if (chosen == all->end())
        co_return fail(noConnection(id));
    const crm::Connection &connection = *chosen;
    if (!connection.isService()) {
        auto store = co_await secrets();
        std::ignore = store; // opened; what it does not hold cannot be revoked
        // Without the client's secret: forgotten here in any case, whether or not the server takes it so.
        if (const auto settings = auth::salesforceSignIn(connection.loginUrl, connection.clientId)) {
            const QString account = connection.tokensKey(m_profileDir);
            const auto tokens =
                std::make_shared<auth::OAuthTokenSource>(&m_clock, m_oauth, m_secrets, *settings, account);
            auto signedOut = co_await tokens->signOut();
            std::ignore = signedOut;
        }
    }
    if (connection.isSecretInKeychain) {
        auto store = co_await secrets();
        const QString key = connection.secretKey(m_profileDir);
        auto forgotten = co_await (*store)->remove(key);
        std::ignore = forgotten; // a keychain that is locked keeps a secret that names no connection any more
    }
    co_return connections().remove(id);
}

} // namespace parley::ctl
