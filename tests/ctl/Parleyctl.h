// Runs the real parleyctl, with this test's event loop going on meanwhile: the sandbox lives in it.
#pragma once

#include <QEventLoop>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTimer>

namespace parley::fakes {

struct Ran {
    int exitCode = -1;
    QByteArray out;
    QByteArray err;
    [[nodiscard]] QJsonObject json() const { return QJsonDocument::fromJson(out).object(); }
};

inline QString parleyctlPath()
{
    return qEnvironmentVariable("PARLEY_BIN_DIR") + QStringLiteral("/parleyctl");
}

inline Ran parleyctl(const QStringList &arguments, const QByteArray &input = {}, const QString &outFile = {})
{
    QProcess process;
    if (!outFile.isEmpty())
        process.setStandardOutputFile(outFile);
    QProcessEnvironment surroundings = QProcessEnvironment::systemEnvironment();
    surroundings.remove(QStringLiteral("DBUS_SESSION_BUS_ADDRESS")); // no keychain answers
    process.setProcessEnvironment(surroundings);
    QEventLoop loop;
    QObject::connect(&process, &QProcess::finished, &loop, &QEventLoop::quit);
    QTimer::singleShot(30'000, &loop, &QEventLoop::quit);
    process.start(parleyctlPath(), arguments);
    process.write(input);
    process.closeWriteChannel();
    loop.exec();
    Ran ran;
    ran.exitCode = process.state() == QProcess::NotRunning ? process.exitCode() : -1;
    ran.out = process.readAllStandardOutput();
    ran.err = process.readAllStandardError();
    process.kill();
    process.waitForFinished();
    return ran;
}

} // namespace parley::fakes
