#include "app/console/Console.h"

#include <QApplication>
#include <QIcon>
#include <QNetworkProxyFactory>

#include <csignal>
#include <cstdio>

#ifdef Q_OS_UNIX
#include <QSocketNotifier>
#include <sys/socket.h>
#include <unistd.h>
#endif

using namespace parley;
using namespace Qt::Literals::StringLiterals;

namespace {

#ifdef Q_OS_UNIX
int signalPipe[2] = {-1, -1};

void onSignal(int)
{
    const char byte = 1;
    // Nothing can be done about a failure here: the next signal will try again.
    [[maybe_unused]] const ssize_t written = write(signalPipe[0], &byte, 1);
}

/// SIGTERM and SIGINT close the program as a person would.
void quitOnSignals(QObject *parent)
{
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, signalPipe) != 0)
        return;
    auto *notifier = new QSocketNotifier(signalPipe[1], QSocketNotifier::Read, parent);
    QObject::connect(notifier, &QSocketNotifier::activated, parent, [] { QCoreApplication::quit(); });
    std::signal(SIGTERM, onSignal);
    std::signal(SIGINT, onSignal);
}
#else
void quitOnSignals(QObject *) {}
#endif

/// Qt would end the program with a core dump and talk of plugins.
bool hasDisplay()
{
#if defined(Q_OS_UNIX) && !defined(Q_OS_MACOS)
    return qEnvironmentVariableIsSet("DISPLAY") || qEnvironmentVariableIsSet("WAYLAND_DISPLAY") ||
           qEnvironmentVariableIsSet("QT_QPA_PLATFORM");
#else
    return true;
#endif
}

} // namespace

int main(int argc, char **argv)
{
    QStringList arguments;
    for (int i = 0; i < argc; ++i)
        arguments += QString::fromLocal8Bit(argv[i]);
    const console::ParsedOptions parsed = console::parseOptions(arguments);
    if (!parsed.options) {
        fprintf(parsed.exitCode == 0 ? stdout : stderr, "%s", qPrintable(parsed.message));
        return parsed.exitCode;
    }

    if (!hasDisplay()) {
        fprintf(stderr,
                "parley: there is no display. Start it inside one, or under xvfb-run: xvfb-run -a parley\n");
        return 1;
    }
    QApplication app(argc, argv);
    QApplication::setApplicationName(u"parley"_s); // names the profile folder, which parleyctl shares
    QApplication::setApplicationDisplayName(u"Parley"_s);
    QApplication::setDesktopFileName(u"io.github.parley.Parley"_s);
    QApplication::setApplicationVersion(QStringLiteral(PARLEY_VERSION));
    QApplication::setWindowIcon(QIcon(u":/parley/app/parley.svg"_s));
    QNetworkProxyFactory::setUseSystemConfiguration(true);
    quitOnSignals(&app);

    SystemClock clock;
    console::Console console(*parsed.options, clock);
    if (const auto started = console.start(); !started) {
        fprintf(stderr, "parley: %s\n", qPrintable(started.error().detail));
        return 1;
    }
    return QApplication::exec();
}
