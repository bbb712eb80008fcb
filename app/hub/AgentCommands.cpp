#include "app/hub/AgentCommands.h"

#include "app/hub/Console.h"
#include "core/hub/Accounts.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <CLI/CLI.hpp>

namespace parley::hubapp {

using namespace Qt::Literals::StringLiterals;

namespace {

QString text(const std::string &bytes)
{
    return QString::fromLocal8Bit(bytes.c_str());
}

QJsonObject jsonOf(const Agent &agent)
{
    return {{u"id"_s, agent.id.value},
            {u"name"_s, agent.name},
            {u"email"_s, agent.email},
            {u"role"_s, agent.role}};
}

template <class Json> void sayJson(const Json &json)
{
    say(QString::fromUtf8(QJsonDocument(json).toJson(QJsonDocument::Compact)));
}

void sayAgent(const Agent &agent, const QString &what, bool isJson)
{
    if (isJson)
        sayJson(jsonOf(agent));
    else
        say(u"%1 %2: %3 <%4>, %5"_s.arg(what, agent.id.value, agent.name, agent.email, agent.role));
}

int add(const AgentOptions &options)
{
    auto password = readPassword(text(options.passwordFile));
    if (!password)
        return report(password.error());
    const hub::NewAgent agent{.email = text(options.email),
                              .name = text(options.name),
                              .role = text(options.role),
                              .password = std::move(*password)};
    const auto made = options.isReplacing ? hub::putAgent(text(options.dataDir), agent)
                                          : hub::addAgent(text(options.dataDir), agent);
    if (!made)
        return report(made.error());
    sayAgent(*made, u"agent"_s, options.isJson);
    return finished(Good);
}

int setPassword(const AgentOptions &options)
{
    const auto password = readPassword(text(options.passwordFile));
    if (!password)
        return report(password.error());
    const auto known = hub::setPassword(text(options.dataDir), text(options.email), *password);
    if (!known)
        return report(known.error());
    sayAgent(*known, u"new password for agent"_s, options.isJson);
    return finished(Good);
}

int remove(const AgentOptions &options)
{
    const auto removed = hub::removeAgent(text(options.dataDir), text(options.email));
    if (!removed)
        return report(removed.error());
    if (options.isJson) {
        QJsonObject json = jsonOf(removed->agent);
        json.insert(u"openChats"_s, removed->openChats);
        sayJson(json);
        return finished(Good);
    }
    sayAgent(removed->agent, u"removed agent"_s, false);
    if (removed->openChats > 0)
        say(u"chats that stay open and that a supervisor may end: %1"_s.arg(removed->openChats));
    return finished(Good);
}

int list(const AgentOptions &options)
{
    const auto agents = hub::listAgents(text(options.dataDir));
    if (!agents)
        return report(agents.error());
    QJsonArray array;
    for (const Agent &agent : *agents) {
        array.append(jsonOf(agent));
        if (!options.isJson)
            say(QStringList{agent.id.value, agent.email, agent.name, agent.role}.join(u'\t'));
    }
    if (options.isJson)
        sayJson(array);
    return finished(Good);
}

} // namespace

void addAgentCommands(CLI::App &cli, AgentOptions &options, std::function<int()> &chosen)
{
    CLI::App *agent = cli.add_subcommand("agent", "Agents' accounts; may be used while the hub runs");
    agent->require_subcommand(1);
    const auto addCommand = [&, agent](const char *name, const char *purpose,
                                       int (*run)(const AgentOptions &)) {
        CLI::App *command = agent->add_subcommand(name, purpose);
        command->add_option("--data", options.dataDir, "Data folder of the hub")
            ->required()
            ->type_name("DIR");
        command->add_flag("--json", options.isJson, "Answer in JSON");
        command->callback([&options, &chosen, run] {
            chosen = [&options, run] {
                return run(options);
            };
        });
        return command;
    };
    const auto addEmail = [&options](CLI::App &command) {
        command.add_option("--email", options.email, "The agent signs in with it")->required();
    };
    const auto addPassword = [&options](CLI::App &command) {
        command
            .add_option("--password-file", options.passwordFile,
                        "File with the password in its first line; without one it is asked for, or read from "
                        "standard input")
            ->type_name("FILE");
    };
    CLI::App *addOne = addCommand("add", "Make an account", add);
    addEmail(*addOne);
    addOne->add_option("--name", options.name, "As visitors see it")->required();
    addOne->add_option("--role", options.role, "agent, supervisor or admin")->capture_default_str();
    addPassword(*addOne);
    addOne->add_flag("--replace", options.isReplacing,
                     "Where the account exists, give it this name, role and password");
    CLI::App *password =
        addCommand("set-password",
                   "Give an account another password; who is signed in with the old one has to sign in anew",
                   setPassword);
    addEmail(*password);
    addPassword(*password);
    addEmail(*addCommand("remove", "Remove an account; who is signed in with it is signed out within 10 s",
                         remove));
    addCommand("list", "List the accounts", list);
}

} // namespace parley::hubapp
