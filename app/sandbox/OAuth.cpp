#include "app/sandbox/OAuth.h"

#include "core/base/Clock.h"

#include <QCryptographicHash>
#include <QRandomGenerator>
#include <QRegularExpression>

namespace parley::sandbox {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr auto kPageLifetime = std::chrono::minutes(15);
constexpr qsizetype kMaxPages = 500; // abandoned pages must not pile up

Reply html(const QByteArray &bytes, int status = 200)
{
    Reply reply;
    reply.status = status;
    reply.contentType = "text/html;charset=UTF-8";
    reply.raw = bytes;
    reply.addHeader("Cache-Control", "no-store");
    reply.addHeader("X-Frame-Options", "DENY");
    reply.addHeader("Referrer-Policy", "no-referrer");
    return reply;
}

bool isKnownScope(const QString &scope)
{
    static const QStringList known{
        u"api"_s,  u"refresh_token"_s, u"offline_access"_s, u"openid"_s,   u"id"_s,
        u"full"_s, u"profile"_s,       u"email"_s,          u"address"_s,  u"phone"_s,
        u"web"_s,  u"chatter_api"_s,   u"content"_s,        u"lightning"_s};
    return known.contains(scope);
}

} // namespace

OAuth::OAuth(Store &store, const Metadata &metadata, Clock &clock, OAuthSettings settings)
    : m_store(store)
    , m_metadata(metadata)
    , m_clock(clock)
    , m_settings(std::move(settings))
{}

std::optional<Reply> OAuth::serve(const Request &request)
{
    if (request.path.startsWith(u"/services/Soap/"_s))
        return soap(request);
    if (request.path == u"/.well-known/openid-configuration"_s)
        return discovery();
    if (request.path == u"/id/keys"_s)
        return jsonReply(QJsonObject{{u"keys"_s, QJsonArray()}});
    if (request.path.startsWith(u"/id/"_s))
        return identity(request);
    if (!request.path.startsWith(u"/services/oauth2/"_s))
        return std::nullopt;
    const QString what = request.path.sliced(int(u"/services/oauth2/"_s.size()));
    const bool post = request.method == "POST";
    const FormValues form(post ? QString::fromUtf8(request.body) : request.rawQuery);
    forgetOld();
    if (what == u"authorize"_s)
        return authorize(form);
    if (what == u"signin"_s && post)
        return signIn(form);
    if (what == u"consent"_s && post)
        return consent(form);
    if (what == u"token"_s && post)
        return token(request);
    if (what == u"revoke"_s)
        return revoke(form);
    if (what == u"introspect"_s && post)
        return introspect(request, form);
    if (what == u"userinfo"_s)
        return userInfo(request);
    return jsonReply(
        QJsonObject{{u"error"_s, u"invalid_request"_s}, {u"error_description"_s, u"must use HTTP POST"_s}},
        what == u"token"_s || what == u"introspect"_s ? 400 : 404);
}

Reply OAuth::authorize(const FormValues &form)
{
    Asked asked;
    asked.clientId = form.value(u"client_id");
    asked.redirectUri = form.value(u"redirect_uri");
    asked.state = form.value(u"state");
    asked.scope = form.value(u"scope").simplified();
    asked.challenge = form.value(u"code_challenge");
    // Without a client and an address that we know there is nowhere safe to send the person back to.
    if (asked.clientId != m_settings.clientId)
        return html(errorPage(u"invalid_client_id"_s, u"client identifier invalid"_s), 400);
    if (!m_settings.redirectUris.contains(asked.redirectUri))
        return html(errorPage(u"redirect_uri_mismatch"_s, u"redirect_uri must match configuration"_s), 400);
    if (form.value(u"response_type") != u"code"_s)
        return back(asked, u"error"_s, u"unsupported_response_type"_s, u"response type not supported"_s);
    const QString method = form.value(u"code_challenge_method");
    static const QRegularExpression challengeForm(u"^[A-Za-z0-9_-]{43}$"_s);
    if (!method.isEmpty() && method != u"S256"_s)
        return back(asked, u"error"_s, u"invalid_request"_s, u"code challenge method must be S256"_s);
    if (form.has(u"code_challenge") && !challengeForm.match(asked.challenge).hasMatch())
        return back(asked, u"error"_s, u"invalid_request"_s, u"invalid code challenge"_s);
    if (asked.scope.isEmpty())
        asked.scope = u"api refresh_token id"_s;
    const QStringList scopes = asked.scope.split(u' ');
    if (!std::ranges::all_of(scopes, isKnownScope))
        return back(asked, u"error"_s, u"invalid_scope"_s, u"the requested scope is not allowed"_s);
    asked.until = m_clock.now().addSecs(std::chrono::seconds(kPageLifetime).count());
    const QString ticket = newToken({});
    m_asked.insert(ticket, asked);
    return html(signInPage(ticket, form.value(u"login_hint"), {}));
}

Reply OAuth::signIn(const FormValues &form)
{
    const QString ticket = form.value(u"ticket");
    const auto asked = m_asked.find(ticket);
    if (asked == m_asked.end())
        return html(errorPage(u"invalid_request"_s, u"this sign-in page has expired: please start again"_s),
                    400);
    const QVariantMap user = userByName(form.value(u"username"));
    if (user.isEmpty() || form.value(u"pw") != m_settings.password)
        return html(
            signInPage(ticket, form.value(u"username"),
                       u"Please check your username and password. If you still can't log in, contact your "
                       "Salesforce administrator."_s));
    asked->userId = user.value(u"Id"_s).toString();
    return html(consentPage(ticket, user.value(u"Name"_s).toString(), asked->scope.split(u' ')));
}

Reply OAuth::consent(const FormValues &form)
{
    const Asked asked = m_asked.take(form.value(u"ticket"));
    if (asked.userId.isEmpty())
        return html(errorPage(u"invalid_request"_s, u"this sign-in page has expired: please start again"_s),
                    400);
    if (!form.has(u"oaapprove"))
        return back(asked, u"error"_s, u"access_denied"_s, u"end-user denied authorization"_s);
    Asked granted = asked;
    granted.until = m_clock.now().addSecs(m_settings.codeLifetime.count());
    const QString code = newToken(u"aPrx"_s);
    m_codes.insert(code, granted);
    return back(asked, u"code"_s, code);
}

Reply OAuth::back(const Asked &asked, const QString &name, const QString &value, const QString &description)
{
    QUrl url(asked.redirectUri);
    QUrlQuery query(url);
    const auto encoded = [](const QString &text) {
        return QString::fromLatin1(QUrl::toPercentEncoding(text));
    };
    query.addQueryItem(name, encoded(value));
    if (!description.isEmpty())
        query.addQueryItem(u"error_description"_s, encoded(description));
    if (!asked.state.isEmpty())
        query.addQueryItem(u"state"_s, encoded(asked.state));
    url.setQuery(query);
    Reply reply = html({}, 302);
    reply.addHeader("Location", url.toEncoded());
    return reply;
}

// The verifier is the only proof of a public client, so it may leave it out only when it gives its secret
// instead.
QString OAuth::pkceFault(const Asked &asked, const QString &verifier, const Client &client) const
{
    if (asked.challenge.isEmpty())
        return client.secretRight ? QString() : u"missing required code challenge"_s;
    if (verifier.isEmpty())
        return u"missing required code verifier"_s;
    const QByteArray hash = QCryptographicHash::hash(verifier.toLatin1(), QCryptographicHash::Sha256);
    const QByteArray expected = hash.toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
    return expected == asked.challenge.toLatin1() ? QString() : u"invalid code verifier"_s;
}

void OAuth::forgetOld()
{
    const QDateTime now = m_clock.now();
    const auto isOld = [&now](const std::pair<const QString &, Asked &> &entry) {
        return entry.second.until.addSecs(3600) <
               now; // a used code is kept a while, to notice that it is used again
    };
    m_asked.removeIf(
        [&now](const std::pair<const QString &, Asked &> &entry) { return entry.second.until < now; });
    m_codes.removeIf(isOld);
    while (m_asked.size() > kMaxPages)
        m_asked.erase(m_asked.begin());
}

} // namespace parley::sandbox
