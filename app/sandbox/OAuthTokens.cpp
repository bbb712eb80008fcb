#include "app/sandbox/OAuth.h"
#include "app/sandbox/RecordId.h"
#include "core/base/Clock.h"

#include <QMessageAuthenticationCode>
#include <QRandomGenerator>

namespace parley::sandbox {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr auto kRefreshLifetime = std::chrono::hours(24 * 365);

Reply noStore(Reply reply)
{
    reply.addHeader("Cache-Control", "no-store");
    reply.addHeader("Pragma", "no-cache");
    return reply;
}

QByteArray bearerOf(const Request &request)
{
    const QByteArray header = request.header("Authorization").trimmed();
    for (const QByteArray &scheme : {QByteArray("bearer "), QByteArray("oauth ")}) {
        if (header.toLower().startsWith(scheme))
            return header.sliced(scheme.size()).trimmed();
    }
    return {};
}

} // namespace

Reply tokenError(const QString &error, const QString &description, int status)
{
    return jsonReply(QJsonObject{{u"error"_s, error}, {u"error_description"_s, description}}, status);
}

QString OAuth::newToken(const QString &prefix) const
{
    QByteArray bytes(48, Qt::Uninitialized);
    QRandomGenerator::system()->fillRange(reinterpret_cast<quint32 *>(bytes.data()), bytes.size() / 4);
    return prefix +
           QString::fromLatin1(bytes.toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals))
               .replace(u'-', u'.');
}

void OAuth::putToken(const QString &token, const QString &kind, const QString &userId, const QString &scope,
                     const QString &family, std::chrono::seconds lifetime)
{
    const qint64 now = m_clock.now().toMSecsSinceEpoch();
    m_store.run(u"INSERT INTO sandbox_token VALUES (?, ?, ?, ?, ?, ?, ?, ?)"_s,
                {token, kind, userId, m_settings.clientId, scope, family, now,
                 now + std::chrono::milliseconds(lifetime).count()});
}

QVariantMap OAuth::findToken(const QString &token)
{
    const auto rows = m_store.run(
        u"SELECT kind, user, client, scope, family, issued, expires FROM sandbox_token WHERE token = ?"_s,
        {token});
    if (rows.isEmpty() || rows.first().at(6).toLongLong() <= m_clock.now().toMSecsSinceEpoch())
        return {};
    const QVariantList &row = rows.first();
    return {{u"kind"_s, row.at(0)},   {u"user"_s, row.at(1)},   {u"client"_s, row.at(2)},
            {u"scope"_s, row.at(3)},  {u"family"_s, row.at(4)}, {u"issued"_s, row.at(5)},
            {u"expires"_s, row.at(6)}};
}

void OAuth::dropFamily(const QString &family)
{
    if (!family.isEmpty())
        m_store.run(u"DELETE FROM sandbox_token WHERE family = ?"_s, {family});
}

QVariantMap OAuth::userByName(const QString &username)
{
    const ObjectInfo &users = *m_metadata.object(u"User");
    const auto rows = m_store.run(
        u"SELECT \"Id\" FROM %1 WHERE \"Username~\" = ? AND \"IsActive\" = 1"_s.arg(tableOf(users)),
        {folded(username.trimmed())});
    return rows.isEmpty() ? QVariantMap() : m_store.row(users, rows.first().first().toString());
}

QVariantMap OAuth::userById(const QString &id)
{
    return m_store.row(*m_metadata.object(u"User"), id);
}

std::optional<Session> OAuth::session(const Request &request)
{
    const QString token = QString::fromLatin1(bearerOf(request));
    const QVariantMap found = token.isEmpty() ? QVariantMap() : findToken(token);
    if (found.value(u"kind"_s).toString() != u"access"_s)
        return std::nullopt;
    return Session{token, found.value(u"user"_s).toString(), found.value(u"client"_s).toString(),
                   found.value(u"scope"_s).toString()};
}

OAuth::Client OAuth::clientOf(const Request &request, const FormValues &form) const
{
    QString id = form.value(u"client_id");
    QString secret = form.value(u"client_secret");
    Client client;
    client.secretGiven = form.has(u"client_secret");
    const QByteArray header = request.header("Authorization");
    if (header.toLower().startsWith("basic ")) {
        const QString pair = QString::fromUtf8(QByteArray::fromBase64(header.sliced(6).trimmed()));
        id = QUrl::fromPercentEncoding(pair.section(u':', 0, 0).toUtf8());
        secret = QUrl::fromPercentEncoding(pair.section(u':', 1).toUtf8());
        client.secretGiven = true;
    }
    client.known = id == m_settings.clientId;
    client.secretRight = client.secretGiven && secret == m_settings.clientSecret;
    return client;
}

Reply OAuth::token(const Request &request)
{
    if (!request.header("Content-Type").toLower().startsWith("application/x-www-form-urlencoded"))
        return noStore(tokenError(u"unsupported_grant_type"_s, u"grant type not supported"_s));
    const FormValues form(QString::fromUtf8(request.body));
    if (form.value(u"grant_type") == u"urn:ietf:params:oauth:grant-type:jwt-bearer"_s)
        return noStore(jwtBearer(form)); // names its client in the assertion
    const Client client = clientOf(request, form);
    if (!client.known)
        return noStore(tokenError(u"invalid_client_id"_s, u"client identifier invalid"_s));
    if (client.secretGiven && !client.secretRight)
        return noStore(tokenError(u"invalid_client"_s, u"invalid client credentials"_s));
    const QString type = form.value(u"grant_type");
    if (m_settings.requireSecret && !client.secretGiven)
        return noStore(tokenError(u"invalid_client"_s, u"client secret is required"_s));
    if (type == u"authorization_code"_s)
        return noStore(exchangeCode(form, client));
    if (type == u"refresh_token"_s)
        return noStore(refresh(form, client));
    if (type == u"password"_s)
        return noStore(password(form, client));
    if (type == u"client_credentials"_s)
        return noStore(clientCredentials(form, client));
    return noStore(tokenError(u"unsupported_grant_type"_s, u"grant type not supported"_s));
}

Reply OAuth::exchangeCode(const FormValues &form, const Client &client)
{
    const auto found = m_codes.find(form.value(u"code"));
    if (found == m_codes.end())
        return tokenError(u"invalid_grant"_s, u"invalid authorization code"_s);
    if (found->used) { // somebody else has it: what it was exchanged for is worth nothing any more
        dropFamily(found->family);
        return tokenError(u"invalid_grant"_s, u"expired authorization code"_s);
    }
    found->used = true;
    if (found->until <= m_clock.now())
        return tokenError(u"invalid_grant"_s, u"expired authorization code"_s);
    if (form.value(u"redirect_uri") != found->redirectUri)
        return tokenError(u"redirect_uri_mismatch"_s, u"redirect_uri must match configuration"_s);
    const QString fault = pkceFault(*found, form.value(u"code_verifier"), client);
    if (!fault.isEmpty())
        return tokenError(u"invalid_grant"_s, fault);
    found->family = newToken(u"f"_s);
    const QStringList scopes = found->scope.split(u' ');
    const bool refreshable = scopes.contains(u"refresh_token"_s) || scopes.contains(u"offline_access"_s) ||
                             scopes.contains(u"full"_s);
    return grant(found->userId, found->scope, found->family, refreshable);
}

// Rotation: each refresh token works once, and what comes back holds its successor.
Reply OAuth::refresh(const FormValues &form, const Client &client)
{
    Q_UNUSED(client)
    const QString old = form.value(u"refresh_token");
    const QVariantMap found = findToken(old);
    const QVariantMap user = userById(found.value(u"user"_s).toString());
    if (found.value(u"kind"_s).toString() != u"refresh"_s || user.value(u"IsActive"_s).toInt() == 0)
        return tokenError(u"invalid_grant"_s, u"expired access/refresh token"_s);
    m_store.run(u"DELETE FROM sandbox_token WHERE token = ?"_s, {old});
    return grant(found.value(u"user"_s).toString(), found.value(u"scope"_s).toString(),
                 found.value(u"family"_s).toString(), true);
}

Reply OAuth::password(const FormValues &form, const Client &client)
{
    const QVariantMap user = userByName(form.value(u"username"));
    if (!client.secretRight)
        return tokenError(u"invalid_client"_s, u"invalid client credentials"_s);
    if (user.isEmpty() || form.value(u"password") != m_settings.password)
        return tokenError(u"invalid_grant"_s, u"authentication failure"_s);
    return grant(user.value(u"Id"_s).toString(), u"api id"_s, newToken(u"f"_s), false);
}

Reply OAuth::clientCredentials(const FormValues &form, const Client &client)
{
    Q_UNUSED(form)
    if (!client.secretRight)
        return tokenError(u"invalid_client"_s, u"invalid client credentials"_s);
    const QVariantMap runAs = userByName(m_settings.username);
    if (runAs.isEmpty())
        return tokenError(u"invalid_grant"_s, u"no client credentials user enabled"_s);
    return grant(runAs.value(u"Id"_s).toString(), u"api id"_s, newToken(u"f"_s), false);
}

Reply OAuth::grant(const QString &userId, const QString &scope, const QString &family, bool refreshable)
{
    const QString access = newToken(organizationId().first(15) + u"!AQ"_s);
    putToken(access, u"access"_s, userId, scope, family, m_settings.sessionLifetime);
    const QString issued = QString::number(m_clock.now().toMSecsSinceEpoch());
    const QString id = u"%1/id/%2/%3"_s.arg(m_settings.baseUrl, organizationId(), userId);
    const QByteArray signature =
        QMessageAuthenticationCode::hash((id + issued).toUtf8(), m_settings.clientSecret.toUtf8(),
                                         QCryptographicHash::Sha256)
            .toBase64();
    QJsonObject body{{u"access_token"_s, access},
                     {u"instance_url"_s, m_settings.baseUrl},
                     {u"id"_s, id},
                     {u"token_type"_s, u"Bearer"_s},
                     {u"issued_at"_s, issued},
                     {u"signature"_s, QString::fromLatin1(signature)},
                     {u"scope"_s, scope}};
    if (refreshable) {
        const QString next = newToken(u"5Aep"_s);
        putToken(next, u"refresh"_s, userId, scope, family, kRefreshLifetime);
        body.insert(u"refresh_token"_s, next);
    }
    return jsonReply(body);
}

Reply OAuth::revoke(const FormValues &form)
{
    const QString token = form.value(u"token");
    const QVariantMap found = findToken(token);
    if (found.isEmpty())
        return tokenError(u"invalid_token"_s, u"invalid token"_s);
    if (found.value(u"kind"_s).toString() == u"refresh"_s) // takes the sessions that came of it along
        dropFamily(found.value(u"family"_s).toString());
    m_store.run(u"DELETE FROM sandbox_token WHERE token = ?"_s, {token});
    Reply reply;
    reply.contentType = "text/plain;charset=UTF-8";
    return reply;
}

Reply OAuth::introspect(const Request &request, const FormValues &form)
{
    const Client client = clientOf(request, form);
    if (!client.known || (client.secretGiven && !client.secretRight))
        return tokenError(u"invalid_client"_s, u"invalid client credentials"_s, 401);
    const QVariantMap found = findToken(form.value(u"token"));
    if (found.isEmpty())
        return jsonReply(QJsonObject{{u"active"_s, false}});
    const QVariantMap user = userById(found.value(u"user"_s).toString());
    const qint64 issued = found.value(u"issued"_s).toLongLong() / 1000;
    return jsonReply(QJsonObject{{u"active"_s, true},
                                 {u"scope"_s, found.value(u"scope"_s).toString()},
                                 {u"client_id"_s, found.value(u"client"_s).toString()},
                                 {u"username"_s, user.value(u"Username"_s).toString()},
                                 {u"sub"_s, u"%1/id/%2/%3"_s.arg(m_settings.baseUrl, organizationId(),
                                                                 found.value(u"user"_s).toString())},
                                 {u"token_type"_s, found.value(u"kind"_s).toString() + u"_token"_s},
                                 {u"exp"_s, found.value(u"expires"_s).toLongLong() / 1000},
                                 {u"iat"_s, issued},
                                 {u"nbf"_s, issued}});
}

Reply OAuth::userInfo(const Request &request)
{
    const auto who = session(request);
    if (!who)
        return jsonReply(QJsonObject{{u"error"_s, u"Bad_OAuth_Token"_s}}, 403);
    const QVariantMap user = userById(who->userId);
    const auto text = [&user](const QString &field) {
        return user.value(field).toString();
    };
    return jsonReply(QJsonObject{
        {u"sub"_s, u"%1/id/%2/%3"_s.arg(m_settings.baseUrl, organizationId(), who->userId)},
        {u"user_id"_s, who->userId},
        {u"organization_id"_s, organizationId()},
        {u"preferred_username"_s, text(u"Username"_s)},
        {u"nickname"_s, text(u"Alias"_s)},
        {u"name"_s, text(u"Name"_s)},
        {u"email"_s, text(u"Email"_s)},
        {u"email_verified"_s, true},
        {u"given_name"_s, text(u"FirstName"_s)},
        {u"family_name"_s, text(u"LastName"_s)},
        {u"zoneinfo"_s, text(u"TimeZoneSidKey"_s)},
        {u"locale"_s, text(u"LocaleSidKey"_s)},
        {u"user_type"_s, u"STANDARD"_s},
        {u"active"_s, user.value(u"IsActive"_s).toInt() != 0},
        {u"urls"_s,
         QJsonObject{{u"rest"_s, m_settings.baseUrl + u"/services/data/v{version}/"_s},
                     {u"sobjects"_s, m_settings.baseUrl + u"/services/data/v{version}/sobjects/"_s},
                     {u"query"_s, m_settings.baseUrl + u"/services/data/v{version}/query/"_s},
                     {u"search"_s, m_settings.baseUrl + u"/services/data/v{version}/search/"_s},
                     {u"recent"_s, m_settings.baseUrl + u"/services/data/v{version}/recent/"_s},
                     {u"profile"_s, m_settings.baseUrl + u'/' + who->userId}}}});
}

Reply OAuth::identity(const Request &request)
{
    const QStringList parts = request.path.split(u'/', Qt::SkipEmptyParts);
    const auto who = session(request);
    if (!who)
        return jsonReply(QJsonObject{{u"error"_s, u"Missing_OAuth_Token"_s}}, 403);
    if (parts.size() != 3 || normalizeId(parts.at(1)) != organizationId())
        return jsonReply(QJsonObject{{u"error"_s, u"Wrong_Org"_s}}, 403);
    if (normalizeId(parts.at(2)) != who->userId)
        return jsonReply(QJsonObject{{u"error"_s, u"Bad_Id"_s}}, 403);
    Reply reply = userInfo(request);
    QJsonObject body = reply.json.toObject();
    body.insert(u"id"_s, u"%1/id/%2/%3"_s.arg(m_settings.baseUrl, organizationId(), who->userId));
    body.insert(u"asserted_user"_s, true);
    body.insert(u"username"_s, body.take(u"preferred_username"_s));
    body.insert(u"display_name"_s, body.take(u"name"_s));
    body.insert(u"first_name"_s, body.take(u"given_name"_s));
    body.insert(u"last_name"_s, body.take(u"family_name"_s));
    body.insert(u"timezone"_s, body.take(u"zoneinfo"_s));
    reply.json = body;
    return reply;
}

Reply OAuth::discovery() const
{
    const QString base = m_settings.baseUrl + u"/services/oauth2/"_s;
    return jsonReply(QJsonObject{
        {u"issuer"_s, m_settings.baseUrl},
        {u"authorization_endpoint"_s, base + u"authorize"_s},
        {u"token_endpoint"_s, base + u"token"_s},
        {u"revocation_endpoint"_s, base + u"revoke"_s},
        {u"introspection_endpoint"_s, base + u"introspect"_s},
        {u"userinfo_endpoint"_s, base + u"userinfo"_s},
        {u"jwks_uri"_s, m_settings.baseUrl + u"/id/keys"_s},
        {u"scopes_supported"_s, QJsonArray{u"api"_s, u"refresh_token"_s, u"offline_access"_s, u"openid"_s,
                                           u"id"_s, u"profile"_s, u"email"_s, u"web"_s, u"full"_s}},
        {u"response_types_supported"_s, QJsonArray{u"code"_s}},
        {u"grant_types_supported"_s,
         QJsonArray{u"authorization_code"_s, u"refresh_token"_s, u"client_credentials"_s,
                    u"urn:ietf:params:oauth:grant-type:jwt-bearer"_s}},
        {u"code_challenge_methods_supported"_s, QJsonArray{u"S256"_s}},
        {u"subject_types_supported"_s, QJsonArray{u"public"_s}},
        {u"token_endpoint_auth_methods_supported"_s,
         QJsonArray{u"client_secret_post"_s, u"client_secret_basic"_s, u"none"_s}}});
}

} // namespace parley::sandbox
