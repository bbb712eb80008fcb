#include "core/salesforce/ConnectionSettings.h"

#include <QFile>

#include <cstdio>

namespace parley::salesforce {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr qint64 kLongestKey = qint64{64} * 1024;

} // namespace

Result<QString> readSecret(const QString &path)
{
    QFile file(path);
    const bool isOpen = path == u"-" ? file.open(stdin, QIODevice::ReadOnly) : file.open(QIODevice::ReadOnly);
    if (!isOpen)
        return fail(Errc::InvalidInput,
                    u"The client secret's file %1 cannot be read: %2."_s.arg(path, file.errorString()));
    const QString secret = QString::fromUtf8(file.readLine(4096)).trimmed();
    if (secret.isEmpty())
        return fail(Errc::InvalidInput,
                    u"The client secret's file %1 has nothing in its first line."_s.arg(path));
    return secret;
}

Result<QByteArray> readKey(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return fail(Errc::InvalidInput,
                    u"The private key's file %1 cannot be read: %2."_s.arg(path, file.errorString()));
    return file.read(kLongestKey);
}

Result<auth::OAuthSettings> settingsFor(const crm::Connection &connection, const QString &secret)
{
    QString clientSecret = secret;
    if (!connection.secretFile.isEmpty()) {
        const auto read = readSecret(connection.secretFile);
        if (!read)
            return fail(read.error());
        clientSecret = *read;
    }
    auto settings = auth::salesforceSignIn(connection.loginUrl, connection.clientId, clientSecret);
    if (!settings)
        return fail(Error{
            .code = Errc::InvalidInput,
            .detail =
                u"'%1' is no login address: it begins with https://, as in https://login.salesforce.com "
                "(http:// for this computer's own alone)."_s.arg(
                    connection.loginUrl.toDisplayString(QUrl::RemoveUserInfo))});
    if (!connection.isService())
        return *settings;
    settings->fallbackInstanceUrl = connection.loginUrl.adjusted(QUrl::RemovePath | QUrl::RemoveQuery);
    settings->grant = auth::Grant::ClientCredentials;
    if (connection.grant != u"jwt-bearer")
        return *settings;
    const auto key = readKey(connection.keyFile);
    if (!key)
        return fail(key.error());
    settings->grant = auth::Grant::JwtBearer;
    settings->privateKey = *key;
    settings->userName = connection.userName;
    return *settings;
}

} // namespace parley::salesforce
