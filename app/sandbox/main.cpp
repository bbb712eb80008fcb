// parley-sandbox: the CRM sandbox as a program of its own.
#include "app/sandbox/Sandbox.h"
#include "core/base/Clock.h"

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QFile>
#include <QJsonDocument>
#include <QSslCertificate>
#include <QSslKey>

#include <cstdio>

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr auto kMaxLatency = std::chrono::hours(1);

int complain(const QString &what)
{
    std::fprintf(stderr, "parley-sandbox: %s\n", qPrintable(what));
    return 2;
}

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    QCoreApplication::setApplicationName(u"parley-sandbox"_s);
    QCoreApplication::setApplicationVersion(QStringLiteral(PARLEY_VERSION));
    QCommandLineParser parser;
    parser.setApplicationDescription(u"A Salesforce org on loopback for demos, tests and training."_s);
    parser.addHelpOption();
    parser.addVersionOption();
    const QCommandLineOption listen(u"listen"_s, u"Where to listen; port 0 takes any free one."_s,
                                    u"ADDRESS:PORT"_s, u"127.0.0.1:0"_s);
    const QCommandLineOption data(u"data"_s, u"Keep the org's records and tokens in this folder."_s,
                                  u"DIR"_s);
    const QCommandLineOption latency(u"latency"_s, u"Answer every request this much later."_s, u"MS"_s,
                                     u"0"_s);
    const QCommandLineOption org(u"org"_s, u"Use a real org's describe and layout documents."_s, u"DIR"_s);
    const QCommandLineOption redirect(u"redirect-uri"_s, u"One more allowed callback; may be given again."_s,
                                      u"URL"_s);
    const QCommandLineOption secret(u"require-secret"_s,
                                    u"The token endpoint asks every client for its secret."_s);
    const QCommandLineOption certificate(
        u"certificate"_s, u"The app's certificate (PEM): servers may sign in with its key (JWT bearer)."_s,
        u"FILE"_s);
    const QCommandLineOption session(u"session-seconds"_s, u"How long an access token lives."_s, u"S"_s,
                                     u"7200"_s);
    const QCommandLineOption fault(
        u"fault"_s, u"kind[:times[:ms]][@path]; see docs/sandbox.md; may be given again."_s, u"FAULT"_s);
    parser.addOptions({listen, data, latency, org, redirect, secret, certificate, session, fault});
    if (!parser.parse(QCoreApplication::arguments()))
        return complain(parser.errorText());
    if (parser.isSet(u"version"_s))
        parser.showVersion();
    if (parser.isSet(u"help"_s))
        parser.showHelp();
    if (!parser.positionalArguments().isEmpty())
        return complain(u"\"%1\" is no option"_s.arg(parser.positionalArguments().first()));

    parley::sandbox::Config config;
    const QString address = parser.value(listen);
    bool portFine = false;
    bool latencyFine = false;
    bool sessionFine = false;
    config.port = address.section(u':', -1).toUShort(&portFine);
    QString host = address.section(u':', 0, -2);
    if (host.startsWith(u'[') && host.endsWith(u']')) // [::1]:8080
        host = host.sliced(1).chopped(1);
    config.address = QHostAddress(host == u"localhost"_s ? u"127.0.0.1"_s : host);
    config.latency = std::chrono::milliseconds(parser.value(latency).toUInt(&latencyFine));
    latencyFine = latencyFine && config.latency <= kMaxLatency;
    config.sessionLifetime = std::chrono::seconds(parser.value(session).toUInt(&sessionFine));
    if (!portFine || config.address.isNull())
        return complain(u"--listen wants ADDRESS:PORT, not \"%1\""_s.arg(address));
    if (!config.address.isLoopback())
        return complain(u"the sandbox listens on loopback only: its passwords are no secrets"_s);
    if (!latencyFine)
        return complain(u"--latency wants milliseconds, at most an hour of them"_s);
    if (!sessionFine || config.sessionLifetime.count() == 0)
        return complain(u"--session-seconds wants a number above 0"_s);
    config.dataFolder = parser.value(data);
    config.orgFolder = parser.value(org);
    config.moreRedirectUris = parser.values(redirect);
    config.requireSecret = parser.isSet(secret);
    if (parser.isSet(certificate)) {
        QFile file(parser.value(certificate));
        if (!file.open(QIODevice::ReadOnly))
            return complain(u"--certificate %1: %2"_s.arg(file.fileName(), file.errorString()));
        config.certificate = file.read(qint64{64} * 1024);
        if (QSslCertificate(config.certificate).publicKey().algorithm() != QSsl::Rsa)
            return complain(u"--certificate %1 holds no certificate of an RSA key"_s.arg(file.fileName()));
    }
    for (const QString &text : parser.values(fault)) {
        const auto parsed = parley::sandbox::Faults::parse(text);
        if (!parsed)
            return complain(u"--fault \"%1\" is none that the sandbox knows"_s.arg(text));
        config.faults.append(*parsed);
    }
    parley::SystemClock clock;
    parley::sandbox::Sandbox sandbox(clock, config);
    if (const auto started = sandbox.start(); !started)
        return complain(started.error().detail);
    const QByteArray ready = QJsonDocument(sandbox.readyLine()).toJson(QJsonDocument::Compact);
    std::printf("%s\n", ready.constData());
    std::fflush(stdout);
    return QCoreApplication::exec();
}
