#include "core/auth/JwtAssertion.h"

#include <jwt.h>

#include <cstdlib>
#include <memory>

namespace parley::auth {

using namespace Qt::Literals::StringLiterals;

namespace {

struct FreeJwt {
    void operator()(jwt_t *jwt) const { jwt_free(jwt); }
};

struct FreeText {
    void operator()(char *text) const { std::free(text); }
};

} // namespace

Result<QByteArray> jwtAssertion(const JwtClaims &claims, const QByteArray &privateKeyPem)
{
    // The library would ask for the passphrase on the terminal, and wait.
    if (privateKeyPem.contains("ENCRYPTED"))
        return fail(Errc::InvalidInput,
                    u"The private key is locked with a passphrase. Take an unlocked copy that only "
                    "this computer's user can read."_s);
    if (!privateKeyPem.contains("-----BEGIN PRIVATE KEY-----") &&
        !privateKeyPem.contains("-----BEGIN RSA PRIVATE KEY-----"))
        return fail(Errc::InvalidInput,
                    u"The private key is not in PEM form (-----BEGIN PRIVATE KEY-----)."_s);
    jwt_t *made = nullptr;
    if (jwt_new(&made) != 0)
        return fail(Errc::Storage, u"no memory for an assertion"_s);
    const std::unique_ptr<jwt_t, FreeJwt> jwt(made);
    const auto add = [&jwt](const char *name, const QString &value) {
        return jwt_add_grant(jwt.get(), name, value.toUtf8().constData()) == 0;
    };
    const bool isSigned =
        add("iss", claims.issuer) && add("sub", claims.subject) && add("aud", claims.audience) &&
        jwt_add_grant_int(jwt.get(), "exp", long(claims.expiresAt.toSecsSinceEpoch())) == 0 &&
        jwt_set_alg(jwt.get(), JWT_ALG_RS256,
                    reinterpret_cast<const unsigned char *>(privateKeyPem.constData()),
                    int(privateKeyPem.size())) == 0;
    const std::unique_ptr<char, FreeText> text(isSigned ? jwt_encode_str(jwt.get()) : nullptr);
    if (!text)
        return fail(Errc::InvalidInput, u"The private key cannot sign: an RSA key is needed."_s);
    return QByteArray(text.get());
}

} // namespace parley::auth
