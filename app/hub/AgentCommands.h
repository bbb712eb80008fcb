// parley-hub agent …: the accounts of agents.
#pragma once

#include <functional>
#include <string>

namespace CLI {
class App;
}

namespace parley::hubapp {

struct AgentOptions {
    std::string dataDir, email, name, role = "agent", passwordFile;
    bool isJson = false;
    bool isReplacing = false;
};

/// Adds the commands; chosen is set, once the line was parsed, to what runs the one that was asked for.
void addAgentCommands(CLI::App &cli, AgentOptions &options, std::function<int()> &chosen);

} // namespace parley::hubapp
