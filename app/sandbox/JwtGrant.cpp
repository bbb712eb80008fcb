// The JWT bearer flow: a server's assertion, signed with the key whose certificate the app knows.
#include "app/sandbox/OAuth.h"
#include "core/base/Clock.h"

#include <QSslCertificate>
#include <QSslKey>
#include <jwt.h>

namespace parley::sandbox {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr qint64 kLongestLifeSeconds = qint64{5} * 60;

struct FreeJwt {
    void operator()(jwt_t *jwt) const { jwt_free(jwt); }
};
using Jwt = std::unique_ptr<jwt_t, FreeJwt>;

/// Nothing when the signature is not the key's, or was made in another way than the app's certificate allows.
Jwt verified(const QString &assertion, const QByteArray &certificate)
{
    const QByteArray key = QSslCertificate(certificate).publicKey().toPem();
    jwt_t *read = nullptr;
    if (key.isEmpty() ||
        jwt_decode(&read, assertion.toLatin1().constData(),
                   reinterpret_cast<const unsigned char *>(key.constData()), int(key.size())) != 0)
        return nullptr;
    Jwt jwt(read);
    return jwt_get_alg(jwt.get()) == JWT_ALG_RS256 ? std::move(jwt) : nullptr;
}

} // namespace

Reply OAuth::jwtBearer(const FormValues &form)
{
    const Jwt jwt = verified(form.value(u"assertion"), m_settings.certificate);
    if (!jwt)
        return tokenError(u"invalid_grant"_s, u"invalid assertion"_s);
    const auto claim = [&jwt](const char *name) {
        return QString::fromUtf8(jwt_get_grant(jwt.get(), name));
    };
    if (claim("iss") != m_settings.clientId)
        return tokenError(u"invalid_client_id"_s, u"client identifier invalid"_s);
    if (claim("aud") != m_settings.baseUrl)
        return tokenError(u"invalid_grant"_s, u"audience is invalid"_s);
    const qint64 left = jwt_get_grant_int(jwt.get(), "exp") - m_clock.now().toSecsSinceEpoch();
    if (left <= 0)
        return tokenError(u"invalid_grant"_s, u"expired assertion"_s);
    if (left > kLongestLifeSeconds)
        return tokenError(u"invalid_grant"_s, u"invalid assertion"_s);
    const QVariantMap user = userByName(claim("sub"));
    if (user.isEmpty())
        return tokenError(u"invalid_grant"_s, u"user hasn't approved this consumer"_s);
    return grant(user.value(u"Id"_s).toString(), u"api id"_s, newToken(u"f"_s), false);
}

} // namespace parley::sandbox
