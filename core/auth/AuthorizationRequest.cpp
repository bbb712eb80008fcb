#include "core/auth/AuthorizationRequest.h"

#include "core/base/Redact.h"

#include <QCryptographicHash>
#include <QRandomGenerator>
#include <QUrlQuery>

#include <array>

namespace parley::auth {

using namespace Qt::Literals::StringLiterals;

namespace {

QByteArray randomText(qsizetype bytes)
{
    Q_ASSERT(bytes % 4 == 0);
    QByteArray raw(bytes, Qt::Uninitialized);
    // The system's generator (getrandom), not a seeded one.
    QRandomGenerator::system()->fillRange(reinterpret_cast<quint32 *>(raw.data()), bytes / 4);
    return raw.toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
}

bool isSame(const QByteArray &a, const QByteArray &b)
{
    // Takes as long for a wrong first letter as for a wrong last one.
    if (a.size() != b.size())
        return false;
    int difference = 0;
    for (qsizetype i = 0; i < a.size(); ++i)
        difference |= a.at(i) ^ b.at(i);
    return difference == 0;
}

/// application/x-www-form-urlencoded, as RFC 6749 asks for query components: QUrlQuery would leave "+" alone.
QByteArray encoded(const QString &text)
{
    return QUrl::toPercentEncoding(text);
}

QString decoded(QString text)
{
    return QUrl::fromPercentEncoding(text.replace(u'+', u"%20"_s).toUtf8());
}

} // namespace

QByteArray challengeOf(const QByteArray &verifier)
{
    return QCryptographicHash::hash(verifier, QCryptographicHash::Sha256)
        .toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
}

Pkce newPkce()
{
    const QByteArray verifier = randomText(64);
    return {verifier, challengeOf(verifier)};
}

AuthorizationRequest newAuthorizationRequest(const OAuthSettings &settings, const QUrl &redirectUri)
{
    const Pkce pkce = newPkce();
    AuthorizationRequest request{.url = settings.authorizeEndpoint,
                                 .redirectUri = redirectUri,
                                 .state = randomText(32),
                                 .verifier = pkce.verifier,
                                 .issuer = settings.issuer,
                                 .isIssuerRequired = settings.isIssuerRequired};
    QList<std::pair<QString, QString>> parameters{
        {u"response_type"_s, u"code"_s},
        {u"client_id"_s, settings.clientId},
        {u"redirect_uri"_s, redirectUri.toString(QUrl::FullyEncoded)},
        {u"scope"_s, settings.scopes.join(u' ')},
        {u"state"_s, QString::fromLatin1(request.state)},
        {u"code_challenge"_s, QString::fromLatin1(pkce.challenge)},
        {u"code_challenge_method"_s, u"S256"_s},
    };
    parameters += settings.authorizeParameters;
    QByteArray query = settings.authorizeEndpoint.query(QUrl::FullyEncoded).toLatin1();
    for (const auto &[name, value] : std::as_const(parameters)) {
        if (!query.isEmpty())
            query += '&';
        query += encoded(name) + '=' + encoded(value);
    }
    request.url.setQuery(QString::fromLatin1(query), QUrl::StrictMode);
    return request;
}

bool isRedirect(const QUrl &address, const QUrl &redirectUri)
{
    constexpr auto withoutQuery = QUrl::RemoveQuery | QUrl::RemoveFragment;
    return address.isValid() && address.toString(QUrl::FullyEncoded | withoutQuery) ==
                                    redirectUri.toString(QUrl::FullyEncoded | withoutQuery);
}

Result<QByteArray> codeFrom(const QUrl &redirect, const AuthorizationRequest &request)
{
    if (!isRedirect(redirect, request.redirectUri))
        return fail(Errc::BadReply, u"redirected elsewhere: "_s + forLog(redirect));
    const QUrlQuery query(redirect.query(QUrl::FullyEncoded));
    constexpr std::array names{u"state", u"code", u"error", u"iss"};
    for (const auto *name : names) {
        if (query.allQueryItemValues(QStringView(name).toString()).size() > 1)
            return fail(Errc::BadReply, u"redirect with a parameter twice"_s);
    }
    const auto value = [&query](const QString &name) {
        return decoded(query.queryItemValue(name, QUrl::FullyEncoded));
    };
    // Before anything else: what does not belong to this attempt is not even read.
    if (!isSame(value(u"state"_s).toUtf8(), request.state))
        return fail(Error{.code = Errc::Rejected,
                          .detail = u"redirect with another state"_s,
                          .remoteCode = u"state_mismatch"_s});
    const QString issuer = value(u"iss"_s);
    const bool isOtherIssuer = !request.issuer.isEmpty() && !issuer.isEmpty() && issuer != request.issuer;
    if (isOtherIssuer || (request.isIssuerRequired && issuer.isEmpty()))
        return fail(Error{.code = Errc::Rejected,
                          .detail = u"redirect of another issuer"_s,
                          .remoteCode = u"issuer_mismatch"_s});
    if (const QString error = value(u"error"_s); !error.isEmpty()) {
        const bool isPassing = error == u"temporarily_unavailable" || error == u"server_error";
        return fail(Error{.code = isPassing ? Errc::BadReply : Errc::Forbidden,
                          .detail = u"sign-in refused: "_s + forLog(error),
                          .remoteCode = error,
                          .remoteMessage = value(u"error_description"_s)});
    }
    const QByteArray code = value(u"code"_s).toUtf8();
    if (code.isEmpty())
        return fail(Errc::BadReply, u"redirect without a code"_s);
    return code;
}

} // namespace parley::auth
