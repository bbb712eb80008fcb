#include "app/ctl/CommandLine.h"

#include "app/ctl/CrmCommands.h"
#include "app/ctl/OutboxCommands.h"

#include <CLI/CLI.hpp>
#include <QCoreApplication>
#include <QFile>
#include <QJsonDocument>
#include <QLoggingCategory>
#include <QStandardPaths>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <iostream>
#include <sstream>

namespace parley::ctl {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr const char *kExitCodes = R"(Exit codes:
  0  done (crm identify: whatever the outcome)
  1  failed: an answer that makes no sense, the disk, no keychain, standard output that cannot be written
  2  the command line or an input file is wrong
  3  no connection in the profile, or its sign-in has lapsed
  4  the CRM said no: not allowed, invalid, conflict
  5  no such record, kind or connection
  6  the CRM cannot be reached, or does not answer in time
  7  the CRM asks for patience (limits)
  8  crm check: rights are missing)";

struct Options {
    std::string profile;
    bool isJson = false;
    std::string connection;
    // crm add
    std::string name;
    std::string loginUrl;
    std::string clientId;
    std::string secretFile;
    std::string grant;
    std::string keyFile;
    std::string userName;
    std::vector<std::string> redirectUris;
    bool noBrowser = false;
    // others
    std::string email;
    std::string visitorFile;
    std::string kind;
    std::string id;
    std::string purpose = "create";
    std::string recordType;
    std::vector<std::string> words;
    int limit = 20;
    std::string folder;
    std::vector<std::string> kinds;
};

using Start = std::function<Async<Reply>(std::shared_ptr<CrmCommands>)>;

QString text(const std::string &value)
{
    return QString::fromStdString(value);
}

QString text(const std::vector<std::string> &words)
{
    QStringList list;
    for (const std::string &word : words)
        list += text(word);
    return list.join(u' ');
}

void print(FILE *to, const QString &line)
{
    std::fprintf(to, "%s\n", line.toUtf8().constData());
}

QString asJson(const QJsonObject &json)
{
    return QString::fromUtf8(QJsonDocument(json).toJson(QJsonDocument::Compact));
}

/// Everything printed has arrived, or is said to be lost; exitCode, or Failed then.
int finished(int exitCode)
{
    errno = 0;
    const bool isFlushed = std::fflush(stdout) == 0;
    if (isFlushed && std::ferror(stdout) == 0)
        return exitCode;
    const QString why = errno != 0 ? QString::fromLocal8Bit(std::strerror(errno)) : u"a write failed"_s;
    print(stderr, u"parleyctl: standard output could not be written: "_s + why);
    return Failed;
}

int printReply(const Result<Reply> &reply, bool isJson, const Where &where)
{
    if (!reply) {
        print(stderr, u"parleyctl: "_s + wordsFor(reply.error(), where));
        if (isJson)
            print(stdout, asJson({{u"error"_s, jsonOf(reply.error(), where)}}));
        // What the CRM knows nothing of (a rule's field) is no fault of the command line.
        const bool isBadFile = reply.error().code == Errc::InvalidInput && isOurOwn(reply.error()) &&
                               reply.error().remoteCode.isEmpty();
        return finished(isBadFile ? Usage : exitCodeOf(reply.error()));
    }
    if (isJson) {
        print(stdout, asJson(reply->json));
    } else {
        for (const QString &line : reply->lines)
            print(stdout, line);
    }
    return finished(reply->exitCode);
}

Result<LiveChatFields> visitorFields(const Options &options)
{
    LiveChatFields values;
    if (!options.visitorFile.empty()) {
        QFile file(text(options.visitorFile));
        const bool isOpen = options.visitorFile == "-" ? file.open(stdin, QIODevice::ReadOnly)
                                                       : file.open(QIODevice::ReadOnly);
        if (!isOpen)
            return fail(Errc::InvalidInput, u"The visitor's file %1 cannot be read: %2."_s.arg(
                                                file.fileName(), file.errorString()));
        auto read = fieldsFromJson(file.readAll());
        if (!read)
            return fail(read.error());
        values = *read;
    }
    if (!options.email.empty())
        values.insert(fields::visitorEmail, text(options.email));
    return values;
}

void addConnecting(CLI::App &crm, Options &options, Start &start)
{
    CLI::App *add = crm.add_subcommand("add", "Connect a CRM");
    add->require_subcommand(1);
    CLI::App *salesforce = add->add_subcommand("salesforce", "Connect a Salesforce org");
    salesforce
        ->add_option("--login-url", options.loginUrl,
                     "https://login.salesforce.com, https://test.salesforce.com or a My Domain")
        ->required();
    salesforce->add_option("--client-id", options.clientId, "The app's consumer key")->required();
    salesforce->add_option(
        "--client-secret-file", options.secretFile,
        "File with the app's consumer secret, read at each sign-in; - reads it once from standard input and "
        "keeps it in the system's keychain");
    salesforce->add_option("--grant", options.grant, "How to sign in")
        ->required()
        ->check(CLI::IsMember({"authorization-code", "client-credentials", "jwt-bearer"}));
    salesforce->add_option(
        "--private-key-file", options.keyFile,
        "File with the RSA key (PEM, unlocked) of the certificate that the app knows (jwt-bearer)");
    salesforce->add_option("--username", options.userName, "As which user the server works (jwt-bearer)");
    salesforce->add_option("--name", options.name, "What to call the connection");
    salesforce->add_option(
        "--redirect-uri", options.redirectUris,
        "Loopback address as registered with the app (authorization-code); may be given several times");
    salesforce->add_flag("--no-browser", options.noBrowser, "Print the sign-in address, open no browser");
    salesforce->callback([&options, &start] {
        if (options.grant == "client-credentials" && options.secretFile.empty())
            throw CLI::RequiredError("--client-secret-file (with --grant client-credentials)");
        const bool isSigned = options.grant == "jwt-bearer";
        if (isSigned && (options.keyFile.empty() || options.userName.empty()))
            throw CLI::RequiredError("--private-key-file and --username (with --grant jwt-bearer)");
        if (!isSigned && !(options.keyFile.empty() && options.userName.empty()))
            throw CLI::ExcludesError("--private-key-file and --username", "--grant " + options.grant);
        NewConnection wanted{.name = text(options.name),
                             .loginUrl = QUrl(text(options.loginUrl), QUrl::StrictMode),
                             .clientId = text(options.clientId),
                             .secretFile = text(options.secretFile),
                             .grant = text(options.grant),
                             .keyFile = text(options.keyFile),
                             .userName = text(options.userName),
                             .redirectUris = {},
                             .opensBrowser = !options.noBrowser};
        for (const std::string &uri : options.redirectUris)
            wanted.redirectUris += QUrl(text(uri), QUrl::StrictMode);
        start = [wanted](const std::shared_ptr<CrmCommands> &commands) {
            return commands->add(wanted);
        };
    });
    crm.add_subcommand("list", "The profile's connections")->callback([&start] {
        start = [](const std::shared_ptr<CrmCommands> &commands) {
            return commands->list();
        };
    });
    CLI::App *remove = crm.add_subcommand("remove", "Sign out and forget a connection");
    remove->add_option("ID", options.id)->required();
    remove->callback([&options, &start] {
        start = [id = text(options.id)](const std::shared_ptr<CrmCommands> &commands) {
            return commands->remove(id);
        };
    });
    crm.add_subcommand("check", "Is the connection good, and does its user have the rights that Parley needs")
        ->callback([&start] {
            start = [](const std::shared_ptr<CrmCommands> &commands) {
                return commands->check();
            };
        });
}

void addIdentify(CLI::App &crm, Options &options, Start &start)
{
    CLI::App *identify = crm.add_subcommand("identify", "Who is this visitor");
    identify->add_option("--email", options.email, "The visitor's e-mail address");
    identify->add_option("--visitor", options.visitorFile,
                         "JSON object of live-chat fields; - reads standard input");
    identify->callback([&options, &start] {
        if (options.email.empty() && options.visitorFile.empty())
            throw CLI::RequiredError("--email or --visitor");
        start = [&options](std::shared_ptr<CrmCommands> commands) -> Async<Reply> {
            const auto values = visitorFields(options);
            if (!values)
                return [](Error error) -> Async<Reply> {
                    co_return fail(error);
                }(values.error());
            return commands->identify(*values);
        };
    });
}

void addSchema(CLI::App &crm, Options &options, Start &start)
{
    CLI::App *describe = crm.add_subcommand("describe", "A kind of record; without KIND, all kinds");
    describe->add_option("KIND", options.kind, "API name, for example Contact");
    describe->callback([&options, &start] {
        start = [kind = text(options.kind)](const std::shared_ptr<CrmCommands> &commands) {
            return kind.isEmpty() ? commands->kinds() : commands->describe(kind);
        };
    });
    CLI::App *fields = crm.add_subcommand("fields", "The fields of a kind");
    fields->add_option("KIND", options.kind, "API name, for example Contact")->required();
    fields->callback([&options, &start] {
        start = [kind = text(options.kind)](const std::shared_ptr<CrmCommands> &commands) {
            return commands->fields(kind);
        };
    });
    CLI::App *layout = crm.add_subcommand("layout", "The form of a kind, as the CRM's own page has it");
    layout->add_option("KIND", options.kind, "API name, for example Contact")->required();
    layout->add_option("--for", options.purpose, "create or edit")
        ->check(CLI::IsMember({"create", "edit"}))
        ->capture_default_str();
    layout->add_option("--record-type", options.recordType,
                       "Id of a record type; the user's default otherwise");
    layout->callback([&options, &start] {
        const auto purpose =
            options.purpose == "edit" ? crm::LayoutPurpose::Edit : crm::LayoutPurpose::Create;
        start = [kind = text(options.kind), purpose,
                 variant = text(options.recordType)](const std::shared_ptr<CrmCommands> &commands) {
            return commands->layout(kind, purpose, variant);
        };
    });
}

void addReading(CLI::App &crm, Options &options, Start &start)
{
    CLI::App *search = crm.add_subcommand("search", "Contacts, leads and accounts by text");
    search->add_option("TEXT", options.words)->required();
    search->add_option("--limit", options.limit, "At most so many of each kind")
        ->check(CLI::Range(1, 200))
        ->capture_default_str();
    search->callback([&options, &start] {
        start = [words = text(options.words),
                 limit = options.limit](const std::shared_ptr<CrmCommands> &commands) {
            return commands->search(words, limit);
        };
    });
    CLI::App *query = crm.add_subcommand("query", "Run a SOQL statement");
    query->add_option("STATEMENT", options.words)->required();
    query->callback([&options, &start] {
        start = [statement = text(options.words)](const std::shared_ptr<CrmCommands> &commands) {
            return commands->query(statement);
        };
    });
    CLI::App *get = crm.add_subcommand("get", "One record");
    get->add_option("KIND", options.kind, "API name, for example Contact")->required();
    get->add_option("ID", options.id)->required();
    get->callback([&options, &start] {
        start = [kind = text(options.kind),
                 id = text(options.id)](const std::shared_ptr<CrmCommands> &commands) {
            return commands->get(kind, id);
        };
    });
}

void addSnapshot(CLI::App &crm, Options &options, Start &start)
{
    CLI::App *snapshot = crm.add_subcommand(
        "snapshot",
        "Write what the org says about itself, without records or secrets, for parley-sandbox --org");
    snapshot->add_option("DIR", options.folder, "Folder to write to; made where it is missing")->required();
    snapshot->add_option(
        "--kind", options.kinds,
        "API name of a kind to take instead of those that Parley works with; may be given several times");
    snapshot->callback([&options, &start] {
        QStringList kinds;
        for (const std::string &kind : options.kinds)
            kinds += text(kind);
        start = [folder = text(options.folder), kinds](const std::shared_ptr<CrmCommands> &commands) {
            return commands->snapshot(folder, kinds);
        };
    });
}

QString profileOf(const Options &options)
{
    if (!options.profile.empty())
        return text(options.profile);
    return QStandardPaths::writableLocation(QStandardPaths::AppLocalDataLocation);
}

int runToItsEnd(const Start &start, const Options &options)
{
    const auto session = std::make_shared<Session>(profileOf(options), text(options.connection));
    int exitCode = Failed;
    whenDone(start(std::make_shared<CrmCommands>(session)), QCoreApplication::instance(),
             [&exitCode, &options, session](const Result<Reply> &reply) {
                 exitCode = printReply(reply, options.isJson,
                                       {.server = session->server(), .profile = session->profileDir()});
                 QCoreApplication::quit();
             });
    QCoreApplication::exec();
    return exitCode;
}

} // namespace

int run(int argc, char *argv[])
{
    // What went wrong is said once, in words; the log is for PARLEY_LOG.
    if (qEnvironmentVariableIsEmpty("QT_LOGGING_RULES"))
        QLoggingCategory::setFilterRules(u"parley.*=false"_s);
    Options options;
    Start start;
    CLI::App cli("Parley from a terminal: connect and check a CRM, identify visitors, look at what waits to "
                 "be written",
                 "parleyctl");
    cli.footer(kExitCodes);
    cli.set_version_flag("--version", PARLEY_VERSION);
    cli.fallthrough();
    cli.add_option("--profile", options.profile, "Folder of the profile; the console's own otherwise")
        ->type_name("DIR");
    cli.add_flag("--json", options.isJson, "Print JSON: the answer, or {\"error\":...}");
    cli.require_subcommand(1);
    CLI::App *crm = cli.add_subcommand("crm", "The connection to the CRM");
    crm->add_option("--connection", options.connection, "Id of the connection; the active one otherwise");
    crm->require_subcommand(1);
    addConnecting(*crm, options, start);
    addIdentify(*crm, options, start);
    addSchema(*crm, options, start);
    addReading(*crm, options, start);
    addSnapshot(*crm, options, start);
    bool isOutbox = false;
    CLI::App *outbox = cli.add_subcommand("outbox", "What chats have promised to write to the CRM");
    outbox->require_subcommand(1);
    outbox->add_subcommand("list", "Every write with its state")->callback([&isOutbox] { isOutbox = true; });
    try {
        cli.parse(argc, argv);
    } catch (const CLI::ParseError &error) {
        std::ostringstream help;
        const int code = cli.exit(error, help, std::cerr); // says what is wrong, or has the help or version
        if (!help.str().empty())
            print(stdout, QString::fromStdString(help.str()).trimmed());
        if (code != 0 && options.isJson)
            print(stdout,
                  asJson({{u"error"_s, QJsonObject{{u"code"_s, u"usage"_s},
                                                   {u"message"_s, QString::fromUtf8(error.what())}}}}));
        return finished(code == 0 ? Ok : Usage);
    }
    if (!isOutbox)
        return runToItsEnd(start, options);
    const QString profile = profileOf(options);
    return printReply(listOutbox(profile), options.isJson, {.server = {}, .profile = profile});
}

} // namespace parley::ctl
