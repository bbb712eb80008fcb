// A server's private key with its certificate, made by openssl for one run.
#pragma once

#include <QFile>
#include <QProcess>
#include <QTemporaryDir>

namespace parley::fakes {

struct ServerKey {
    QByteArray key;         ///< PEM; empty: openssl could not make one
    QByteArray certificate; ///< PEM
};

inline QByteArray openssl(const QStringList &arguments, const QByteArray &input = {})
{
    QProcess process;
    process.start(QStringLiteral("openssl"), arguments);
    process.write(input);
    process.closeWriteChannel();
    return process.waitForFinished(30'000) && process.exitCode() == 0 ? process.readAllStandardOutput()
                                                                      : QByteArray();
}

inline ServerKey makeServerKey()
{
    const QTemporaryDir dir;
    const QString key = dir.filePath(QStringLiteral("key.pem"));
    const QString certificate = dir.filePath(QStringLiteral("certificate.pem"));
    openssl({QStringLiteral("req"), QStringLiteral("-x509"), QStringLiteral("-newkey"),
             QStringLiteral("rsa:2048"), QStringLiteral("-nodes"), QStringLiteral("-days"),
             QStringLiteral("2"), QStringLiteral("-subj"), QStringLiteral("/CN=parley"),
             QStringLiteral("-keyout"), key, QStringLiteral("-out"), certificate});
    const auto content = [](const QString &path) {
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    };
    return {content(key), content(certificate)};
}

} // namespace parley::fakes
