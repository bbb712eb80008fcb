// parley-hub: the chat service and its administration.
#include "app/hub/AgentCommands.h"
#include "app/hub/Console.h"
#include "app/hub/Notify.h"
#include "core/hub/Hub.h"
#include "core/hub/HubFile.h"

#include <QCoreApplication>
#include <QSocketNotifier>

#include <CLI/CLI.hpp>

#include <csignal>
#include <iostream>
#include <sstream>

#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace parley;
using namespace parley::hubapp;
using namespace Qt::Literals::StringLiterals;

namespace {

int signalPipe[2];

void onSignal(int)
{
    const char byte = 1;
    std::ignore =
        ::write(signalPipe[0], &byte, 1); // nothing can be done about a failure inside a signal handler
}

void quitOnSignal(QCoreApplication &app)
{
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, signalPipe) != 0)
        return;
    auto *notifier = new QSocketNotifier(signalPipe[1], QSocketNotifier::Read, &app);
    QObject::connect(notifier, &QSocketNotifier::activated, &app, &QCoreApplication::quit);
    struct sigaction action = {};
    action.sa_handler = onSignal;
    action.sa_flags = SA_RESTART;
    ::sigaction(SIGTERM, &action, nullptr);
    ::sigaction(SIGINT, &action, nullptr);
    // Who reads our log may go; the chats go on.
    ::signal(SIGPIPE, SIG_IGN);
}

// A line is a file to the system, and the usual soft limit is 1024 of them.
void allowManyLines(hub::Config &config)
{
    constexpr rlim_t kOwnFiles = 256; // and those of connections that are told that there is no room
    rlimit files{};
    if (::getrlimit(RLIMIT_NOFILE, &files) != 0)
        return;
    files.rlim_cur = std::min<rlim_t>(files.rlim_max, rlim_t(config.connections) + kOwnFiles);
    ::setrlimit(RLIMIT_NOFILE, &files);
    if (files.rlim_cur > kOwnFiles)
        config.connections = int(std::min<rlim_t>(rlim_t(config.connections), files.rlim_cur - kOwnFiles));
}

int serve(QCoreApplication &app, hub::Config config)
{
    SystemClock clock;
    allowManyLines(config);
    if (const auto read = hub::readHubFile(config); !read)
        return report(read.error());
    hub::Hub hub(std::move(config), clock);
    const auto ready = hub.start();
    if (!ready)
        return report(ready.error());
    quitOnSignal(app);
    say(QString::fromUtf8(ready->toJson()));
    std::ignore =
        finished(Good); // who cannot hear that it is ready has been told so; visitors are served all the same
    notifyServiceManager("READY=1");
    const int exitCode = app.exec();
    notifyServiceManager("STOPPING=1");
    hub.stop(); // commits what was taken
    return exitCode;
}

struct Options {
    std::string listen = "127.0.0.1:0";
    std::string dataDir;
    std::vector<std::string> sites, proxies;
    int perAddress = -1;
    int waitingKept = 600;
    hub::Config config;
    double framesPerSecond = 40;
};

Result<Done> setListen(hub::Config &config, const QString &listen)
{
    const qsizetype colon = listen.lastIndexOf(u':');
    bool isNumber = false;
    const uint port = listen.sliced(colon + 1).toUInt(&isNumber);
    if (colon <= 0 || !isNumber || port > 65'535)
        return fail(Errc::InvalidInput, u"--listen takes HOST:PORT, as in 127.0.0.1:8080 or [::1]:8080"_s);
    config.port = quint16(port);
    config.host = listen.left(colon);
    if (config.host.startsWith(u'[') && config.host.endsWith(u']'))
        config.host = config.host.sliced(1, config.host.size() - 2);
    return Done{};
}

/// Adds what was said on the line to what hub.toml says.
Result<Done> addNames(const QString &option, QStringList &to, const std::vector<std::string> &names,
                      std::optional<QString> (*wrong)(const QString &))
{
    for (const std::string &name : names) {
        const QString one = QString::fromStdString(name);
        if (const auto why = wrong(one))
            return fail(Errc::InvalidInput, option + u": "_s + *why);
        to.append(one);
    }
    return Done{};
}

CLI::App *addServe(CLI::App &cli, Options &options)
{
    CLI::App *serveCommand =
        cli.add_subcommand("serve", "Serve visitors and consoles; prints one JSON line when ready");
    serveCommand->add_option("--listen", options.listen, "HOST:PORT; port 0 takes any free one")
        ->capture_default_str();
    serveCommand->add_option("--data", options.dataDir, "Data folder; made when it is not there")->required();
    serveCommand->add_option("--max-file", options.config.limits.file, "Bytes of one file")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    serveCommand->add_option("--max-text", options.config.limits.text, "Characters of one message")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    serveCommand->add_option("--max-frame", options.config.frameBytes, "Bytes of one frame")
        ->check(CLI::Range(1024, 16 * 1024 * 1024))
        ->capture_default_str();
    serveCommand
        ->add_option("--rate", options.framesPerSecond,
                     "Frames a second of one connection; the burst is twice that")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    serveCommand->add_option("--max-connections", options.config.connections, "Connections at once")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    serveCommand
        ->add_option("--max-per-address", options.perAddress,
                     "Connections of one address at once; 0: no limit (default 200, this computer's own not "
                     "counted)")
        ->check(CLI::NonNegativeNumber);
    serveCommand
        ->add_option("--max-waiting", options.config.waitingChats,
                     "Visitors who may wait for an agent at once")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    serveCommand
        ->add_option("--keep-waiting", options.waitingKept,
                     "Seconds after which a waiting chat ends whose visitor has gone; 0: never")
        ->check(CLI::NonNegativeNumber)
        ->capture_default_str();
    serveCommand
        ->add_option("--site", options.sites,
                     "Website that may embed the widget, as in https://www.example.com or "
                     "https://*.example.com; may be given several times (default: any)")
        ->type_name("ORIGIN");
    serveCommand
        ->add_option(
            "--proxy", options.proxies,
            "Address or subnet of a proxy whose X-Forwarded-For says who the visitor is; may be given "
            "several times")
        ->type_name("ADDRESS");
    serveCommand
        ->add_option("--max-store", options.config.storeBytes,
                     "Bytes of the database; 0: as far as the disk goes")
        ->check(CLI::NonNegativeNumber)
        ->capture_default_str();
    serveCommand->footer(
        "The name, the form and the sites stand in hub.toml in the data folder (docs/hub.md).");
    return serveCommand;
}

} // namespace

// CLI11 throws where an option is declared twice: that is seen at the first start.
int main(int argc, char **argv) // NOLINT(bugprone-exception-escape)
{
    // GLib's loop asks every source of every line each turn; Qt's own does not.
    qputenv("QT_NO_GLIB", "1");
    QCoreApplication app(argc, argv);
    QCoreApplication::setApplicationName(u"parley-hub"_s);
    QCoreApplication::setApplicationVersion(QStringLiteral(PARLEY_VERSION));

    Options options;
    AgentOptions agentOptions;
    std::function<int()> agentCommand;
    CLI::App cli("Parley's chat service", "parley-hub");
    cli.set_version_flag("--version", PARLEY_VERSION);
    cli.require_subcommand(1);
    cli.footer(R"(Exit codes:
  0  good
  1  failed
  2  the command line, hub.toml or a file named on the line is wrong
  3  the address or port cannot be had
  4  the data folder cannot be read or written, or holds no hub's data
  5  another hub uses the data folder
  6  the data is a newer program's
  7  agent add: there is an account with that e-mail already
  8  agent set-password, agent remove: there is no account with that e-mail)");

    const CLI::App *serveCommand = addServe(cli, options);
    addAgentCommands(cli, agentOptions, agentCommand);
    try {
        cli.parse(argc, argv);
    } catch (const CLI::ParseError &error) {
        std::ostringstream help;
        const bool isGood = cli.exit(error, help, std::cerr) == 0;
        if (!help.str().empty())
            say(QString::fromStdString(help.str()).trimmed());
        return finished(isGood ? Good : Usage);
    }
    if (!serveCommand->parsed())
        return agentCommand();
    hub::Config &config = options.config;
    config.dataDir = QString::fromLocal8Bit(options.dataDir.c_str());
    config.framesPerSecond = options.framesPerSecond;
    config.frameBurst = std::max(1.0, options.framesPerSecond * 2);
    config.waitingKept = std::chrono::seconds(options.waitingKept);
    if (options.perAddress >= 0)
        config.connectionsPerAddress = options.perAddress;
    auto good = setListen(config, QString::fromLocal8Bit(options.listen.c_str()));
    if (good)
        good = addNames(u"--site"_s, config.sites, options.sites, hub::wrongSite);
    if (good)
        good = addNames(u"--proxy"_s, config.proxies, options.proxies, hub::wrongProxy);
    return good ? serve(app, std::move(config)) : report(good.error());
}
