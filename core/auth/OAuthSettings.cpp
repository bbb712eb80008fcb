#include "core/auth/OAuthSettings.h"

#include <QHostAddress>
#include <QRegularExpression>

namespace parley::auth {

using namespace Qt::Literals::StringLiterals;

bool isSafeForTokens(const QUrl &url)
{
    if (!url.isValid() || url.host().isEmpty())
        return false;
    if (url.scheme() == u"https")
        return true;
    const bool isThisComputer = url.host() == u"localhost" || QHostAddress(url.host()).isLoopback();
    return url.scheme() == u"http" && isThisComputer;
}

std::optional<OAuthSettings> salesforceSignIn(const QUrl &loginUrl, const QString &clientId,
                                              const QString &clientSecret)
{
    if (!isSafeForTokens(loginUrl))
        return std::nullopt;
    const auto at = [&loginUrl](const QString &path) {
        QUrl url = loginUrl.adjusted(QUrl::RemoveUserInfo | QUrl::RemoveQuery | QUrl::RemoveFragment |
                                     QUrl::RemovePath);
        url.setPath(path);
        return url;
    };
    OAuthSettings settings;
    settings.authorizeEndpoint = at(u"/services/oauth2/authorize"_s);
    settings.tokenEndpoint = at(u"/services/oauth2/token"_s);
    settings.revocationEndpoint = at(u"/services/oauth2/revoke"_s);
    settings.userInfoEndpoint = at(u"/services/oauth2/userinfo"_s);
    settings.clientId = clientId;
    settings.clientSecret = clientSecret;
    settings.scopes = {u"api"_s, u"refresh_token"_s, u"openid"_s, u"id"_s};
    settings.crmName = u"Salesforce"_s;
    // A login may lead to the org's own domain, and to Lightning's and Experience Cloud's login pages.
    settings.allowedHosts = {u"*.salesforce.com"_s, u"*.force.com"_s, u"*.salesforce-setup.com"_s};
    const QString host = loginUrl.host();
    // An assertion is for one of the two login servers, whichever domain the token is asked from. A sandbox's
    // domain says so: acme--uat.sandbox.my…, older acme--uat.my… and acme--uat.cs42.my…; a scratch org's
    // does, too.
    static const QRegularExpression sandboxHost(
        u"^[^.]+--[^.]+\\.|\\.(?:sandbox|scratch)\\.my\\.|\\.cs\\d+\\.my\\."_s);
    const bool isMyDomain = host.endsWith(u".my.salesforce.com"_s);
    settings.audience = !isMyDomain                          ? at({}).toString()
                        : sandboxHost.match(host).hasMatch() ? u"https://test.salesforce.com"_s
                                                             : u"https://login.salesforce.com"_s;
    settings.environment = host == u"login.salesforce.com"  ? u"production"_s
                           : host == u"test.salesforce.com" ? u"sandbox"_s
                                                            : u"custom"_s;
    return settings;
}

std::optional<QUrl> salesforceLoginUrl(const QString &environment, const QString &host)
{
    if (environment == u"production")
        return QUrl(u"https://login.salesforce.com"_s);
    if (environment == u"sandbox")
        return QUrl(u"https://test.salesforce.com"_s);
    if (environment != u"custom")
        return std::nullopt;
    QString name = host.trimmed().toLower();
    if (name.startsWith(u"https://"))
        name = name.mid(8);
    if (const qsizetype slash = name.indexOf(u'/'); slash >= 0)
        name = name.left(slash);
    if (!name.contains(u'.'))
        name += u".my.salesforce.com";
    // Lightning's address is what people have in their browser; the login lives beside it.
    static const QRegularExpression lightning(
        u"^([a-z0-9-]+(?:\\.sandbox|\\.develop|\\.scratch|\\.trailblaze)?)\\.lightning\\.force\\.com$"_s);
    if (const auto match = lightning.match(name); match.hasMatch())
        name = match.captured(1) + u".my.salesforce.com"_s;
    static const QRegularExpression allowed(
        u"^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\\.)+(?:salesforce|force)\\.(?:com|mil)$"_s);
    if (!allowed.match(name).hasMatch())
        return std::nullopt;
    return QUrl(u"https://"_s + name);
}

} // namespace parley::auth
