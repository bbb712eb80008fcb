#include "core/auth/OAuthClient.h"

#include "core/auth/JwtAssertion.h"
#include "core/base/Log.h"
#include "core/base/Redact.h"
#include "core/net/HttpTransport.h"
#include "core/net/Retry.h"

#include <QJsonArray>
#include <QJsonDocument>

namespace parley::auth {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int kAssertionSeconds = 180; // Salesforce takes no assertion that is good for much longer

/// JSON by what it is, not by what it says it is: a login page or an outage answers text/html.
std::optional<QJsonObject> objectIn(const net::HttpReply &reply)
{
    QJsonParseError problem;
    const QJsonDocument document = QJsonDocument::fromJson(reply.body, &problem);
    if (problem.error != QJsonParseError::NoError || !document.isObject())
        return std::nullopt;
    return document.object();
}

Errc codeOf(const QString &remote, int status)
{
    if (remote == u"invalid_grant" || remote == u"expired_token" || remote == u"interaction_required" ||
        remote == u"login_required")
        return Errc::Unauthorized;
    if (remote == u"access_denied" || remote == u"inactive_user" || remote == u"inactive_org" ||
        remote == u"invalid_scope" || remote == u"insufficient_scope")
        return Errc::Forbidden;
    if (remote == u"invalid_token")
        return Errc::Unauthorized;
    const bool isBusy = status == 429 || status == 503;
    if (remote == u"rate_limit_exceeded" || remote == u"slow_down" || remote == u"temporarily_unavailable" ||
        isBusy)
        return Errc::RateLimited;
    if (remote == u"server_error" || status >= 500)
        return Errc::Offline;
    return Errc::Rejected;
}

Error errorOf(const net::HttpReply &reply)
{
    const auto body = objectIn(reply);
    // For the date form of Retry-After the server's own Date would be needed; the sign-in servers send
    // seconds.
    if (auto asked = net::askedToWait(reply, QDateTime()); asked && !body)
        return *asked;
    if (!body || !body->value(u"error"_s).isString()) {
        return {
            .code = reply.status == 401   ? Errc::Unauthorized
                    : reply.status == 403 ? Errc::Forbidden
                    : reply.status >= 500 ? Errc::Offline
                                          : Errc::BadReply,
            .detail =
                u"HTTP %1, %2"_s.arg(reply.status).arg(forLog(QString::fromLatin1(reply.contentType()), 40)),
            .httpStatus = reply.status};
    }
    const QString remote = body->value(u"error"_s).toString();
    Error error{.code = codeOf(remote, reply.status),
                .detail = u"HTTP %1 %2"_s.arg(reply.status).arg(forLog(remote, 60)),
                .remoteCode = remote,
                .remoteMessage = body->value(u"error_description"_s).toString(),
                .httpStatus = reply.status};
    if (const auto asked = net::askedToWait(reply, QDateTime()))
        error.retryAfter = asked->retryAfter;
    return error;
}

Result<TokenSet> tokensIn(const net::HttpReply &reply, const OAuthSettings &settings)
{
    const auto body = objectIn(reply);
    const QByteArray accessToken = body ? body->value(u"access_token"_s).toString().toUtf8() : QByteArray();
    // A token goes into a header line: one that could end that line is no token.
    const bool isClean = std::ranges::all_of(accessToken, [](char c) { return c > 0x20 && c < 0x7f; });
    if (accessToken.isEmpty() || !isClean)
        return fail(Error{.code = Errc::BadReply,
                          .detail = u"token answer without a usable token"_s,
                          .httpStatus = reply.status});
    const QString type = body->value(u"token_type"_s).toString();
    if (!type.isEmpty() && type.compare(u"bearer", Qt::CaseInsensitive) != 0)
        return fail(Error{.code = Errc::BadReply,
                          .detail = u"token type "_s + forLog(type, 20),
                          .httpStatus = reply.status});
    TokenSet tokens{.accessToken = accessToken,
                    .refreshToken = body->value(u"refresh_token"_s).toString().toUtf8(),
                    .instanceUrl = QUrl(body->value(u"instance_url"_s).toString(), QUrl::StrictMode),
                    .identityUrl = body->value(u"id"_s).toString(),
                    .scopes = body->value(u"scope"_s).toString().split(u' ', Qt::SkipEmptyParts),
                    .expiresIn = {}};
    if (tokens.instanceUrl.isEmpty())
        tokens.instanceUrl = settings.fallbackInstanceUrl;
    if (!tokens.instanceUrl.isEmpty() && !isSafeForTokens(tokens.instanceUrl))
        return fail(Error{.code = Errc::BadReply,
                          .detail = u"instance address that is not https"_s,
                          .httpStatus = reply.status});
    const QJsonValue expiresIn = body->value(u"expires_in"_s);
    const qint64 seconds = expiresIn.isString() ? expiresIn.toString().toLongLong() : expiresIn.toInteger();
    if (seconds > 0)
        tokens.expiresIn = std::chrono::seconds(seconds);
    return tokens;
}

QByteArray formEncoded(const QList<std::pair<QByteArray, QByteArray>> &form)
{
    QByteArray body;
    for (const auto &[name, value] : form) {
        if (!body.isEmpty())
            body += '&';
        body += name.toPercentEncoding() + '=' + value.toPercentEncoding();
    }
    return body;
}

} // namespace

OAuthClient::OAuthClient(std::shared_ptr<net::HttpTransport> transport)
    : m_transport(std::move(transport))
{}

net::HttpRequest OAuthClient::formRequest(const QUrl &url, const OAuthSettings &settings, Form form) const
{
    net::HttpRequest request{
        .method = "POST",
        .url = url,
        .headers = {{"Content-Type", "application/x-www-form-urlencoded"}, {"Accept", "application/json"}},
        .timeout = std::chrono::seconds(30),
        .isIdempotent = false};
    const QByteArray id = settings.clientId.toUtf8();
    const QByteArray secret = settings.clientSecret.toUtf8();
    if (!secret.isEmpty() && settings.isSecretInHeader) {
        // RFC 6749 2.3.1: both halves are form-encoded before they are joined.
        const QByteArray pair = id.toPercentEncoding() + ':' + secret.toPercentEncoding();
        request.headers.append({"Authorization", "Basic " + pair.toBase64()});
    } else {
        form.append({"client_id", id});
        // A public client sends no secret at all: the server takes an empty one for a wrong one.
        if (!secret.isEmpty())
            form.append({"client_secret", secret});
    }
    request.body = formEncoded(form);
    return request;
}

Async<TokenSet> OAuthClient::askForTokens(OAuthSettings settings, Form form)
{
    const auto self = shared_from_this();
    if (!isSafeForTokens(settings.tokenEndpoint))
        co_return fail(Errc::InvalidInput, u"token endpoint that is not https"_s);
    net::HttpRequest request = formRequest(settings.tokenEndpoint, settings, std::move(form));
    const Result<net::HttpReply> reply = co_await m_transport->send(std::move(request));
    if (!reply)
        co_return fail(reply.error());
    if (reply->status == 200)
        co_return tokensIn(*reply, settings);
    Error error = errorOf(*reply);
    qCInfo(lcAuth) << "token endpoint of" << forLog(settings.tokenEndpoint) << "refused:" << error.detail;
    co_return fail(std::move(error));
}

Async<TokenSet> OAuthClient::exchangeCode(OAuthSettings settings, AuthorizationRequest request,
                                          QByteArray code)
{
    const auto self = shared_from_this();
    Form form{{"grant_type", "authorization_code"},
              {"code", code},
              {"redirect_uri", request.redirectUri.toString(QUrl::FullyEncoded).toUtf8()},
              {"code_verifier", request.verifier}};
    Result<TokenSet> tokens = co_await askForTokens(std::move(settings), std::move(form));
    co_return tokens;
}

Async<TokenSet> OAuthClient::refresh(OAuthSettings settings, QByteArray refreshToken)
{
    const auto self = shared_from_this();
    Form form{{"grant_type", "refresh_token"}, {"refresh_token", refreshToken}};
    Result<TokenSet> tokens = co_await askForTokens(std::move(settings), std::move(form));
    co_return tokens;
}

Async<TokenSet> OAuthClient::clientCredentials(OAuthSettings settings)
{
    const auto self = shared_from_this();
    Form form{{"grant_type", "client_credentials"}};
    if (!settings.serviceScopes.isEmpty())
        form.append({"scope", settings.serviceScopes.join(u' ').toUtf8()});
    Result<TokenSet> tokens = co_await askForTokens(std::move(settings), std::move(form));
    co_return tokens;
}

Async<TokenSet> OAuthClient::jwtBearer(OAuthSettings settings, QDateTime now)
{
    const auto self = shared_from_this();
    const Result<QByteArray> assertion = jwtAssertion({.issuer = settings.clientId,
                                                       .subject = settings.userName,
                                                       .audience = settings.audience,
                                                       .expiresAt = now.addSecs(kAssertionSeconds)},
                                                      settings.privateKey);
    if (!assertion)
        co_return fail(assertion.error());
    Form form{{"grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"}, {"assertion", *assertion}};
    Result<TokenSet> tokens = co_await askForTokens(std::move(settings), std::move(form));
    co_return tokens;
}

Async<Done> OAuthClient::revoke(OAuthSettings settings, QByteArray token)
{
    const auto self = shared_from_this();
    if (settings.revocationEndpoint.isEmpty())
        co_return Done{};
    if (!isSafeForTokens(settings.revocationEndpoint))
        co_return fail(Errc::InvalidInput, u"revocation endpoint that is not https"_s);
    net::HttpRequest request = formRequest(settings.revocationEndpoint, settings, {{"token", token}});
    request.isIdempotent = true;
    const Result<net::HttpReply> reply = co_await m_transport->send(std::move(request));
    if (!reply)
        co_return fail(reply.error());
    if (reply->status / 100 != 2)
        co_return fail(errorOf(*reply));
    co_return Done{};
}

Async<UserInfo> OAuthClient::userInfo(OAuthSettings settings, QByteArray accessToken)
{
    const auto self = shared_from_this();
    if (!isSafeForTokens(settings.userInfoEndpoint))
        co_return fail(Errc::InvalidInput, u"no safe address to ask who is signed in"_s);
    net::HttpRequest request{
        .url = settings.userInfoEndpoint,
        .headers = {{"Authorization", "Bearer " + accessToken}, {"Accept", "application/json"}}};
    const Result<net::HttpReply> reply = co_await m_transport->send(std::move(request));
    if (!reply)
        co_return fail(reply.error());
    if (reply->status != 200)
        co_return fail(errorOf(*reply));
    const auto body = objectIn(*reply);
    if (!body)
        co_return fail(Error{
            .code = Errc::BadReply, .detail = u"userinfo that is not JSON"_s, .httpStatus = reply->status});
    const auto text = [&body](const QString &name) {
        return body->value(name).toString();
    };
    UserInfo info{.userId = text(u"user_id"_s),
                  .organizationId = text(u"organization_id"_s),
                  .name = text(u"name"_s),
                  .email = text(u"email"_s),
                  .userName = text(u"preferred_username"_s),
                  .zoneInfo = text(u"zoneinfo"_s)};
    if (info.userId.isEmpty())
        info.userId = text(u"sub"_s);
    co_return info;
}

Async<OAuthSettings> OAuthClient::discover(OAuthSettings settings, QUrl issuer)
{
    const auto self = shared_from_this();
    QUrl address = issuer;
    QString path = issuer.path();
    if (path.endsWith(u'/'))
        path.chop(1);
    address.setPath(path + u"/.well-known/openid-configuration"_s);
    if (!isSafeForTokens(address))
        co_return fail(Errc::InvalidInput, u"issuer that is not https"_s);
    net::HttpRequest request{.url = address, .headers = {{"Accept", "application/json"}}};
    const Result<net::HttpReply> reply = co_await m_transport->send(std::move(request));
    if (!reply)
        co_return fail(reply.error());
    const auto body = reply->status == 200 ? objectIn(*reply) : std::nullopt;
    if (!body)
        co_return fail(reply->status == 200
                           ? Error{.code = Errc::BadReply, .detail = u"discovery that is not JSON"_s}
                           : errorOf(*reply));
    const auto url = [&body](const QString &name) {
        return QUrl(body->value(name).toString(), QUrl::StrictMode);
    };
    // The document must be about whom we asked (OpenID Connect Discovery 4.3): else anybody's endpoints would
    // do.
    const QString named = body->value(u"issuer"_s).toString();
    if (QUrl(named).adjusted(QUrl::StripTrailingSlash) != issuer.adjusted(QUrl::StripTrailingSlash))
        co_return fail(Errc::BadReply, u"discovery of another issuer"_s);
    settings.issuer = named;
    settings.isIssuerRequired = body->value(u"authorization_response_iss_parameter_supported"_s).toBool();
    settings.authorizeEndpoint = url(u"authorization_endpoint"_s);
    settings.tokenEndpoint = url(u"token_endpoint"_s);
    settings.revocationEndpoint = url(u"revocation_endpoint"_s);
    settings.userInfoEndpoint = url(u"userinfo_endpoint"_s);
    if (!isSafeForTokens(settings.authorizeEndpoint) || !isSafeForTokens(settings.tokenEndpoint))
        co_return fail(Errc::BadReply, u"discovery without safe endpoints"_s);
    co_return settings;
}

} // namespace parley::auth
