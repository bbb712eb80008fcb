// The signed-in person's tokens: kept in the secret store, refreshed once for all who wait, rotated without
// loss.
#pragma once

#include "core/auth/OAuthClient.h"
#include "core/auth/OAuthSettings.h"
#include "core/auth/SingleFlight.h"
#include "core/auth/TokenSource.h"

#include <functional>
#include <memory>

namespace parley {
class Clock;
}

namespace parley::auth {

class SecretStore;

class OAuthTokenSource final : public TokenSource, public std::enable_shared_from_this<OAuthTokenSource>
{
public:
    /// account: the key under which the refresh token is kept. The clock must outlive it.
    OAuthTokenSource(Clock *clock, std::shared_ptr<OAuthClient> client, std::shared_ptr<SecretStore> store,
                     OAuthSettings settings, QString account);

    Async<AccessToken> token() override;
    Async<AccessToken> renewed(qint64 refusedGeneration) override;

    /// Takes over what a sign-in brought, in place of whatever was there. Storage: good until the program
    /// ends, but the agent must be told that it is not kept.
    Async<Done> adopt(OAuthSettings settings, TokenSet tokens);

    /// Forgets everything here first, then tells the server. An error means that the server could not be
    /// told.
    Async<Done> signOut();

    /// Called when a rotated token could not be kept.
    void whenNotKept(std::function<void(Error)> handler) { m_notKept = std::move(handler); }

    [[nodiscard]] const OAuthSettings &settings() const { return m_settings; }

private:
    Async<AccessToken> refreshed();
    Async<Done> load();
    Async<Done> keep();
    Async<Done> forget();
    Async<AccessToken> refreshFailed(Error error);
    void use(const TokenSet &tokens);
    [[nodiscard]] bool isStale() const;

    Clock *m_clock;
    std::shared_ptr<OAuthClient> m_client;
    std::shared_ptr<SecretStore> m_store;
    OAuthSettings m_settings;
    QString m_account;
    std::function<void(Error)> m_notKept;
    SingleFlight<AccessToken> m_flight;

    AccessToken m_token;
    qint64 m_expiresAtMs = -1; ///< by the steady clock; -1 where the server did not say
    QByteArray m_refreshToken;
    bool m_isLoaded = false;
    /// Not known until the first refresh; what is known is kept with the token.
    std::optional<bool> m_rotates;
    /// Grows with each sign-in and sign-out: an answer for an earlier one is not used.
    int m_epoch = 0;
};

/// For a server without a person (client credentials or a signed assertion, as the settings say): a new token
/// whenever the old one is refused.
class ServiceTokenSource final : public TokenSource, public std::enable_shared_from_this<ServiceTokenSource>
{
public:
    ServiceTokenSource(Clock *clock, std::shared_ptr<OAuthClient> client, OAuthSettings settings);

    Async<AccessToken> token() override;
    Async<AccessToken> renewed(qint64 refusedGeneration) override;

private:
    Async<AccessToken> fetched();

    Clock *m_clock;
    std::shared_ptr<OAuthClient> m_client;
    OAuthSettings m_settings;
    SingleFlight<AccessToken> m_flight;
    AccessToken m_token;
    qint64 m_expiresAtMs = -1;
};

} // namespace parley::auth
