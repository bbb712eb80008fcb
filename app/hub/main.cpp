// parley-hub: the chat service and its administration.
#include "core/hub/Accounts.h"
#include "core/hub/Hub.h"
#include "core/hub/HubFile.h"

#include <QCoreApplication>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QLoggingCategory>
#include <QSocketNotifier>
#include <QTextStream>

#include <CLI/CLI.hpp>

#include <csignal>
#include <cstdio>

#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace parley;
using namespace Qt::Literals::StringLiterals;

namespace {

enum Exit { Good = 0, Failed = 1, Usage = 2, PortTaken = 3, DataDir = 4, InUse = 5, NewerData = 6 };

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
}

// A line is a file to the system, and the usual soft limit is 1024 of them.
void allowManyLines(hub::Config &config)
{
    constexpr rlim_t kOwnFiles = 64;
    rlimit files;
    if (::getrlimit(RLIMIT_NOFILE, &files) != 0)
        return;
    files.rlim_cur = std::min<rlim_t>(files.rlim_max, rlim_t(config.connections) + kOwnFiles);
    ::setrlimit(RLIMIT_NOFILE, &files);
    if (files.rlim_cur > kOwnFiles)
        config.connections = int(std::min<rlim_t>(rlim_t(config.connections), files.rlim_cur - kOwnFiles));
}

int report(const Error &error)
{
    std::fprintf(stderr, "parley-hub: %s\n", qPrintable(error.detail));
    static const QHash<QString, int> exits{{u"port_taken"_s, PortTaken},
                                           {u"listen"_s, PortTaken},
                                           {u"data_dir"_s, DataDir},
                                           {u"in_use"_s, InUse},
                                           {u"newer"_s, NewerData}};
    if (error.remoteCode == u"newer")
        std::fprintf(
            stderr,
            "parley-hub: the data was written by a newer parley-hub; use that one, or another folder\n");
    if (error.remoteCode == u"port_taken")
        std::fprintf(stderr,
                     "parley-hub: choose another port with --listen HOST:PORT, or stop what listens there\n");
    if (error.code == Errc::InvalidInput)
        return Usage;
    return exits.value(error.remoteCode, error.code == Errc::Storage ? DataDir : Failed);
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
    std::printf("%s\n", ready->toJson().constData());
    std::fflush(stdout);
    return app.exec();
}

Result<QString> readPassword(const QString &path)
{
    QFile file(path);
    const bool isOpen = path.isEmpty() || path == u"-" ? file.open(stdin, QIODevice::ReadOnly)
                                                       : file.open(QIODevice::ReadOnly);
    if (!isOpen)
        return fail(Errc::InvalidInput, u"cannot read %1: %2"_s.arg(path, file.errorString()));
    QString line = QString::fromUtf8(file.readLine(4096));
    while (line.endsWith(u'\n') || line.endsWith(u'\r'))
        line.chop(1);
    return line;
}

QJsonObject shown(const Agent &agent)
{
    return {{u"id"_s, agent.id.value},
            {u"name"_s, agent.name},
            {u"email"_s, agent.email},
            {u"role"_s, agent.role}};
}

int addAgent(const QString &dataDir, hub::NewAgent agent, const QString &passwordFile, bool isJson)
{
    auto password = readPassword(passwordFile);
    if (!password)
        return report(password.error());
    agent.password = std::move(*password);
    const auto made = hub::putAgent(dataDir, agent);
    if (!made)
        return report(made.error());
    if (isJson)
        std::printf("%s\n", QJsonDocument(shown(*made)).toJson(QJsonDocument::Compact).constData());
    else
        std::printf("agent %s: %s <%s>, %s\n", qUtf8Printable(made->id.value), qUtf8Printable(made->name),
                    qUtf8Printable(made->email), qUtf8Printable(made->role));
    return Good;
}

int listAgents(const QString &dataDir, bool isJson)
{
    const auto agents = hub::listAgents(dataDir);
    if (!agents)
        return report(agents.error());
    QJsonArray array;
    for (const Agent &agent : *agents) {
        array.append(shown(agent));
        if (!isJson)
            std::printf("%s\t%s\t%s\t%s\n", qUtf8Printable(agent.id.value), qUtf8Printable(agent.email),
                        qUtf8Printable(agent.name), qUtf8Printable(agent.role));
    }
    if (isJson)
        std::printf("%s\n", QJsonDocument(array).toJson(QJsonDocument::Compact).constData());
    return Good;
}

struct Options {
    std::string listen = "127.0.0.1:0";
    std::string dataDir, email, name, role = "agent", passwordFile;
    hub::Config config;
    double framesPerSecond = 40;
    bool isJson = false;
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

void addServe(CLI::App &cli, Options &options)
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
        ->add_option("--max-store", options.config.storeBytes,
                     "Bytes of the database; 0: as far as the disk goes")
        ->capture_default_str();
}

/// The commands `agent add` and `agent list`.
std::pair<CLI::App *, CLI::App *> addAgentCommands(CLI::App &cli, Options &options)
{
    CLI::App *agentCommand = cli.add_subcommand("agent", "Agents' accounts");
    agentCommand->require_subcommand(1);
    CLI::App *addCommand =
        agentCommand->add_subcommand("add", "Make an account, or give an existing one a new name, role and "
                                            "password (read from standard input, one line)");
    addCommand->add_option("--data", options.dataDir, "Data folder of the hub")->required();
    addCommand->add_option("--email", options.email, "The agent signs in with it")->required();
    addCommand->add_option("--name", options.name, "As visitors see it")->required();
    addCommand->add_option("--role", options.role, "agent, supervisor or admin")->capture_default_str();
    addCommand->add_option("--password-file", options.passwordFile,
                           "File with the password in its first line; - for standard input");
    addCommand->add_flag("--json", options.isJson, "Answer in JSON");
    CLI::App *listCommand = agentCommand->add_subcommand("list", "List the accounts");
    listCommand->add_option("--data", options.dataDir, "Data folder of the hub")->required();
    listCommand->add_flag("--json", options.isJson, "Answer in JSON");
    return {addCommand, listCommand};
}

} // namespace

int main(int argc, char **argv)
{
    // GLib's loop asks every source of every line each turn; Qt's own does not.
    qputenv("QT_NO_GLIB", "1");
    QCoreApplication app(argc, argv);
    QCoreApplication::setApplicationName(u"parley-hub"_s);
    QCoreApplication::setApplicationVersion(QStringLiteral(PARLEY_VERSION));

    Options options;
    CLI::App cli("Parley's chat service", "parley-hub");
    cli.set_version_flag("--version", PARLEY_VERSION);
    cli.require_subcommand(1);
    cli.footer("Exit codes: 0 good, 1 failed, 2 wrong arguments, 3 the port cannot be had, 4 the data folder "
               "cannot be\n"
               "written, 5 another hub uses the data folder, 6 the data is a newer program's.");

    addServe(cli, options);
    const auto [addCommand, listCommand] = addAgentCommands(cli, options);

    try {
        cli.parse(argc, argv);
    } catch (const CLI::ParseError &error) {
        return cli.exit(error) == 0 ? Good : Usage;
    }
    const QString dataDir = QString::fromLocal8Bit(options.dataDir.c_str());
    if (addCommand->parsed()) {
        const hub::NewAgent agent{.email = QString::fromLocal8Bit(options.email.c_str()),
                                  .name = QString::fromLocal8Bit(options.name.c_str()),
                                  .role = QString::fromLocal8Bit(options.role.c_str()),
                                  .password = {}};
        return addAgent(dataDir, agent, QString::fromLocal8Bit(options.passwordFile.c_str()), options.isJson);
    }
    if (listCommand->parsed())
        return listAgents(dataDir, options.isJson);
    options.config.dataDir = dataDir;
    options.config.framesPerSecond = options.framesPerSecond;
    options.config.frameBurst = std::max(1.0, options.framesPerSecond * 2);
    if (const auto set = setListen(options.config, QString::fromLocal8Bit(options.listen.c_str())); !set)
        return report(set.error());
    return serve(app, std::move(options.config));
}
