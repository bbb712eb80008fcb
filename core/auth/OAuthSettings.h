// What there is to know about one sign-in server and our registration with it.
#pragma once

#include <QByteArray>
#include <QList>
#include <QString>
#include <QStringList>
#include <QUrl>

#include <optional>
#include <utility>

namespace parley::auth {

enum class Grant {
    AuthorizationCode, ///< a person, in a browser
    ClientCredentials, ///< a server, as the user that the app runs as
    JwtBearer ///< a server, as a user who allowed it beforehand: it signs with its own key (RFC 7523)
};

struct OAuthSettings {
    Grant grant = Grant::AuthorizationCode;
    QUrl authorizeEndpoint;
    QUrl tokenEndpoint;
    QUrl revocationEndpoint; ///< empty where the server has none
    QUrl userInfoEndpoint;   ///< empty where the server has none
    QString
        issuer; ///< the server's own name; checked against the redirect's iss where both are there (RFC 9207)
    bool isIssuerRequired = false; ///< the server promises to name itself on the redirect
    QString clientId;
    QString clientSecret;           ///< empty: a public client, PKCE is its only proof
    QByteArray privateKey = {};     ///< PEM, RSA; with Grant::JwtBearer
    QString userName = {};          ///< as whom; with Grant::JwtBearer
    QString audience = {};          ///< whom the assertion is for; with Grant::JwtBearer
    bool isSecretInHeader = false;  ///< HTTP Basic instead of the body
    QStringList scopes;             ///< what a person is asked to allow
    QStringList serviceScopes = {}; ///< with the client's own credentials; Salesforce wants none
    /// Exactly as they are registered, on loopback; tried in this order where a browser has to reach us.
    QList<QUrl> redirectUris{QUrl(QStringLiteral("http://localhost:1717/OauthRedirect")),
                             QUrl(QStringLiteral("http://localhost:1718/OauthRedirect")),
                             QUrl(QStringLiteral("http://localhost:1719/OauthRedirect"))};
    QList<std::pair<QString, QString>> authorizeParameters = {}; ///< further ones, e.g. prompt, resource
    /// Where the sign-in page may go: hosts, or "*.example.com" for all below it. The authorize host is
    /// always one.
    QStringList allowedHosts = {};
    QString crmName;               ///< shown to the person, e.g. "Salesforce"
    QString environment;           ///< "production", "sandbox", "custom"; empty where there is no such choice
    QUrl fallbackInstanceUrl = {}; ///< where API calls go when the token answer does not say
    friend bool operator==(const OAuthSettings &, const OAuthSettings &) = default;
};

/// Salesforce at login.salesforce.com, test.salesforce.com or a My Domain (or a sandbox program on loopback).
/// Nothing when the address is neither https nor http on this very computer, or names no host.
std::optional<OAuthSettings> salesforceSignIn(const QUrl &loginUrl, const QString &clientId,
                                              const QString &clientSecret = {});

/// The login address of an environment as the sign-in window names it; host is what the person typed for
/// "custom"
/// ("acme", "acme.my.salesforce.com", "https://acme.my.salesforce.com/"). Nothing when it is no Salesforce
/// host.
std::optional<QUrl> salesforceLoginUrl(const QString &environment, const QString &host = {});

/// True where tokens may travel: https, or http to this very computer.
bool isSafeForTokens(const QUrl &url);

} // namespace parley::auth
