#include "core/hub/Tokens.h"

#include <QDir>
#include <QFile>
#include <QSaveFile>

#include <sodium.h>

namespace parley::hub {

using namespace Qt::Literals::StringLiterals;

namespace {

const unsigned char *raw(const QByteArray &bytes)
{
    return reinterpret_cast<const unsigned char *>(bytes.constData());
}

constexpr auto kBase64 = QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals;

} // namespace

QString randomId(char letter)
{
    static constexpr char kAlphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    unsigned char bytes[16];
    randombytes_buf(bytes, sizeof bytes);
    QString id{QLatin1Char(letter)};
    for (const unsigned char byte : bytes)
        id += QLatin1Char(kAlphabet[byte & 31]);
    return id;
}

Tokens::Tokens(QByteArray key)
    : m_key(std::move(key))
{}

Result<Tokens> Tokens::open(const QString &dataDir)
{
    if (sodium_init() < 0)
        return fail(Errc::Storage, u"libsodium does not start"_s);
    const QString path = QDir(dataDir).filePath(u"secret"_s);
    QFile file(path);
    if (file.open(QIODevice::ReadOnly)) {
        QByteArray key = file.readAll();
        if (key.size() != crypto_auth_KEYBYTES)
            return fail(Errc::Storage, u"%1 is not a key of %2 bytes"_s.arg(path).arg(crypto_auth_KEYBYTES));
        return Tokens(std::move(key));
    }
    QByteArray key(crypto_auth_KEYBYTES, Qt::Uninitialized);
    crypto_auth_keygen(reinterpret_cast<unsigned char *>(key.data()));
    QSaveFile fresh(path);
    const bool isWritten = fresh.open(QIODevice::WriteOnly) &&
                           fresh.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner) &&
                           fresh.write(key) == key.size();
    if (!isWritten || !fresh.commit())
        return fail(Errc::Storage, u"cannot write %1: %2"_s.arg(path, fresh.errorString()));
    return Tokens(std::move(key));
}

QString Tokens::sign(const QByteArray &kind, const QByteArray &payload) const
{
    const QByteArray body = kind + '.' + payload.toBase64(kBase64);
    QByteArray mac(crypto_auth_BYTES, Qt::Uninitialized);
    crypto_auth(reinterpret_cast<unsigned char *>(mac.data()), raw(body), size_t(body.size()), raw(m_key));
    return QString::fromLatin1(body + '.' + mac.toBase64(kBase64));
}

std::optional<QByteArray> Tokens::payloadOf(const QByteArray &kind, const QString &token) const
{
    const QByteArray bytes = token.toLatin1();
    const qsizetype dot = bytes.lastIndexOf('.');
    if (dot < 0 || bytes.size() > 512 || !bytes.startsWith(kind + '.'))
        return std::nullopt;
    const QByteArray body = bytes.left(dot);
    const auto mac = QByteArray::fromBase64Encoding(bytes.sliced(dot + 1),
                                                    kBase64 | QByteArray::AbortOnBase64DecodingErrors);
    if (!mac || (*mac).size() != qsizetype(crypto_auth_BYTES) ||
        crypto_auth_verify(raw(*mac), raw(body), size_t(body.size()), raw(m_key)) != 0)
        return std::nullopt;
    return QByteArray::fromBase64(body.sliced(kind.size() + 1), kBase64);
}

QString Tokens::forVisitor(const VisitorId &visitor) const
{
    return sign("v1", visitor.value.toUtf8());
}

std::optional<VisitorId> Tokens::visitorOf(const QString &token) const
{
    const auto payload = payloadOf("v1", token);
    if (!payload)
        return std::nullopt;
    return VisitorId{QString::fromUtf8(*payload)};
}

QString Tokens::forAgent(const AgentClaim &claim) const
{
    const QByteArray payload = claim.agent.value.toUtf8() + ' ' + QByteArray::number(claim.epoch) + ' ' +
                               QByteArray::number(claim.issuedAt);
    return sign("a1", payload);
}

std::optional<Tokens::AgentClaim> Tokens::agentOf(const QString &token) const
{
    const auto payload = payloadOf("a1", token);
    const QList<QByteArray> parts = payload ? payload->split(' ') : QList<QByteArray>();
    if (parts.size() != 3)
        return std::nullopt;
    return AgentClaim{{QString::fromUtf8(parts[0])}, parts[1].toLongLong(), parts[2].toLongLong()};
}

} // namespace parley::hub
