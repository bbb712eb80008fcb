#include "core/auth/OAuthTokenSource.h"

#include "core/auth/SecretStore.h"
#include "core/base/Clock.h"
#include "core/base/Log.h"
#include "core/base/Redact.h"

#include <QJsonDocument>
#include <QJsonObject>

namespace parley::auth {

using namespace Qt::Literals::StringLiterals;

namespace {

/// A token is renewed this long before it expires, so that none expires on its way.
constexpr qint64 kEarlyMs = 60'000;

qint64 expiryOf(const TokenSet &tokens, const Clock &clock)
{
    if (!tokens.expiresIn)
        return -1;
    const qint64 lives = std::chrono::milliseconds(*tokens.expiresIn).count();
    return clock.steadyMs() + std::max<qint64>(lives / 2, lives - kEarlyMs);
}

/// The request left and nothing usable came back: a server that rotates may have taken the token.
bool isAnswerLost(const Error &error)
{
    if (error.httpStatus == 200)
        return true;
    return error.httpStatus == 0 && isOutcomeUnknown(error.code) && !error.neverSent;
}

/// QCoro 0.8 moves out of whatever lvalue co_return is given, members included.
AccessToken copyOf(const AccessToken &token)
{
    return token;
}

Error signInAgain(QString why)
{
    return {.code = Errc::Unauthorized, .detail = std::move(why)};
}

} // namespace

OAuthTokenSource::OAuthTokenSource(Clock *clock, std::shared_ptr<OAuthClient> client,
                                   std::shared_ptr<SecretStore> store, OAuthSettings settings,
                                   QString account)
    : m_clock(clock)
    , m_client(std::move(client))
    , m_store(std::move(store))
    , m_settings(std::move(settings))
    , m_account(std::move(account))
{}

bool OAuthTokenSource::isStale() const
{
    return m_token.value.isEmpty() || (m_expiresAtMs >= 0 && m_clock->steadyMs() >= m_expiresAtMs);
}

Async<AccessToken> OAuthTokenSource::token()
{
    const auto self = shared_from_this();
    if (!isStale())
        co_return copyOf(m_token);
    Async<AccessToken> flight = m_flight.join([self] { return self->refreshed(); });
    Result<AccessToken> token = co_await flight;
    co_return token;
}

Async<AccessToken> OAuthTokenSource::renewed(qint64 refusedGeneration)
{
    const auto self = shared_from_this();
    if (m_token.generation > refusedGeneration && !isStale())
        co_return copyOf(m_token);
    Async<AccessToken> flight = m_flight.join([self] { return self->refreshed(); });
    Result<AccessToken> token = co_await flight;
    co_return token;
}

Async<AccessToken> OAuthTokenSource::refreshed()
{
    const auto self = shared_from_this();
    const int epoch = m_epoch;
    const Result<Done> loaded = co_await load();
    if (!loaded)
        co_return fail(loaded.error());
    if (m_refreshToken.isEmpty())
        co_return fail(signInAgain(u"no refresh token"_s));
    const Result<TokenSet> tokens = co_await m_client->refresh(m_settings, m_refreshToken);
    if (epoch != m_epoch) {
        // Signed out, or in again, meanwhile: what came belongs to nobody.
        if (tokens && !tokens->refreshToken.isEmpty())
            letGo(m_client->revoke(m_settings, tokens->refreshToken)); // nobody could act upon its failure
        if (!m_token.value.isEmpty())
            co_return copyOf(m_token);
        co_return fail(signInAgain(u"signed out meanwhile"_s));
    }
    if (!tokens) {
        Result<AccessToken> failed = co_await refreshFailed(tokens.error());
        co_return failed;
    }
    m_rotates = !tokens->refreshToken.isEmpty() && tokens->refreshToken != m_refreshToken;
    if (*m_rotates)
        m_refreshToken = tokens->refreshToken;
    // Before the access token is used: the old refresh token is worth nothing from now on.
    const Result<Done> kept = co_await keep();
    if (epoch != m_epoch)
        co_return fail(signInAgain(u"signed out meanwhile"_s));
    if (!kept && m_notKept)
        m_notKept(kept.error());
    use(*tokens);
    co_return copyOf(m_token);
}

Async<AccessToken> OAuthTokenSource::refreshFailed(Error error)
{
    const auto self = shared_from_this();
    if (error.code == Errc::Unauthorized) {
        std::ignore = co_await forget(); // worthless wherever it still lies
        co_return fail(std::move(error));
    }
    if (isAnswerLost(error) && m_rotates.value_or(true)) {
        // Sent a second time, a token that was taken already makes the server withdraw the whole family, and
        // may be what a thief does. Where the server is known not to rotate, another try later does no harm.
        qCInfo(lcAuth) << "refresh answer lost, sign-in needed:" << error.detail;
        std::ignore = co_await forget();
        co_return fail(signInAgain(u"refresh answer lost: "_s + error.detail));
    }
    co_return fail(std::move(error));
}

void OAuthTokenSource::use(const TokenSet &tokens)
{
    m_token.value = tokens.accessToken;
    if (!tokens.instanceUrl.isEmpty())
        m_token.instanceUrl = tokens.instanceUrl;
    if (!tokens.identityUrl.isEmpty())
        m_token.identityUrl = tokens.identityUrl;
    ++m_token.generation;
    m_expiresAtMs = expiryOf(tokens, *m_clock);
}

Async<Done> OAuthTokenSource::load()
{
    const auto self = shared_from_this();
    if (m_isLoaded)
        co_return Done{};
    const int epoch = m_epoch;
    const Result<QByteArray> secret = co_await m_store->read(m_account);
    if (epoch != m_epoch)
        co_return Done{};
    if (!secret && secret.error().code != Errc::NotFound)
        co_return fail(secret.error());
    m_isLoaded = true;
    if (!secret)
        co_return Done{};
    const QJsonObject kept = QJsonDocument::fromJson(*secret).object();
    // A refresh token goes to the server that gave it and to no other, whatever the settings say by now.
    if (kept.value(u"tokenEndpoint"_s).toString() != m_settings.tokenEndpoint.toString(QUrl::FullyEncoded) ||
        kept.value(u"clientId"_s).toString() != m_settings.clientId)
        co_return Done{};
    m_refreshToken = kept.value(u"refreshToken"_s).toString().toUtf8();
    m_token.instanceUrl = QUrl(kept.value(u"instanceUrl"_s).toString());
    m_token.identityUrl = kept.value(u"identityUrl"_s).toString();
    if (kept.contains(u"rotates"_s))
        m_rotates = kept.value(u"rotates"_s).toBool();
    co_return Done{};
}

Async<Done> OAuthTokenSource::keep()
{
    const auto self = shared_from_this();
    QJsonObject kept{{u"refreshToken"_s, QString::fromUtf8(m_refreshToken)},
                     {u"tokenEndpoint"_s, m_settings.tokenEndpoint.toString(QUrl::FullyEncoded)},
                     {u"clientId"_s, m_settings.clientId},
                     {u"instanceUrl"_s, m_token.instanceUrl.toString(QUrl::FullyEncoded)},
                     {u"identityUrl"_s, m_token.identityUrl}};
    if (m_rotates)
        kept.insert(u"rotates"_s, *m_rotates);
    Result<Done> written =
        co_await m_store->write(m_account, QJsonDocument(kept).toJson(QJsonDocument::Compact));
    co_return written;
}

Async<Done> OAuthTokenSource::forget()
{
    const auto self = shared_from_this();
    m_refreshToken.clear();
    m_token.value.clear();
    m_expiresAtMs = -1;
    m_rotates.reset();
    m_isLoaded = true;
    Result<Done> removed = co_await m_store->remove(m_account);
    co_return removed;
}

Async<Done> OAuthTokenSource::adopt(OAuthSettings settings, TokenSet tokens)
{
    const auto self = shared_from_this();
    ++m_epoch;
    m_settings = std::move(settings);
    m_refreshToken = tokens.refreshToken;
    m_rotates.reset();
    m_isLoaded = true;
    m_token.instanceUrl = tokens.instanceUrl;
    m_token.identityUrl = tokens.identityUrl;
    Result<Done> kept;
    if (m_refreshToken.isEmpty())
        kept = co_await m_store->remove(m_account);
    else
        kept = co_await keep();
    use(tokens);
    co_return kept;
}

Async<Done> OAuthTokenSource::signOut()
{
    const auto self = shared_from_this();
    // What only the store knows must be told to the server, too.
    std::ignore = co_await load();
    ++m_epoch;
    const QByteArray token = m_refreshToken.isEmpty() ? m_token.value : m_refreshToken;
    const Result<Done> removed = co_await forget();
    if (!removed)
        qCWarning(lcAuth) << "sign-in could not be removed from the secret store:" << removed.error().detail;
    if (token.isEmpty())
        co_return removed;
    const Result<Done> revoked = co_await m_client->revoke(m_settings, token);
    if (!revoked)
        co_return revoked;
    co_return removed;
}

ServiceTokenSource::ServiceTokenSource(Clock *clock, std::shared_ptr<OAuthClient> client,
                                       OAuthSettings settings)
    : m_clock(clock)
    , m_client(std::move(client))
    , m_settings(std::move(settings))
{}

Async<AccessToken> ServiceTokenSource::token()
{
    const auto self = shared_from_this();
    const bool isStale = m_expiresAtMs >= 0 && m_clock->steadyMs() >= m_expiresAtMs;
    if (!m_token.value.isEmpty() && !isStale)
        co_return copyOf(m_token);
    Async<AccessToken> flight = m_flight.join([self] { return self->fetched(); });
    Result<AccessToken> token = co_await flight;
    co_return token;
}

Async<AccessToken> ServiceTokenSource::renewed(qint64 refusedGeneration)
{
    const auto self = shared_from_this();
    if (m_token.generation > refusedGeneration)
        co_return copyOf(m_token);
    Async<AccessToken> flight = m_flight.join([self] { return self->fetched(); });
    Result<AccessToken> token = co_await flight;
    co_return token;
}

Async<AccessToken> ServiceTokenSource::fetched()
{
    const auto self = shared_from_this();
    auto asked = m_settings.grant == Grant::JwtBearer ? m_client->jwtBearer(m_settings, m_clock->now())
                                                      : m_client->clientCredentials(m_settings);
    const Result<TokenSet> tokens = co_await asked;
    if (!tokens)
        co_return fail(tokens.error());
    m_token.value = tokens->accessToken;
    m_token.instanceUrl = tokens->instanceUrl;
    m_token.identityUrl = tokens->identityUrl;
    ++m_token.generation;
    m_expiresAtMs = expiryOf(*tokens, *m_clock);
    co_return copyOf(m_token);
}

} // namespace parley::auth
