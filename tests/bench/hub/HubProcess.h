// A parley-hub process with a fresh data folder, as the load generator needs it; what it costs, and what it
// kept.
#pragma once

#include <sys/types.h>

#include <map>
#include <string>
#include <vector>

namespace bench {

double now();

class HubProcess
{
public:
    explicit HubProcess(std::string program, std::string folder);
    ~HubProcess();
    HubProcess(const HubProcess &) = delete;
    HubProcess &operator=(const HubProcess &) = delete;

    bool addAgents(int count, const std::string &password);
    bool start(const std::vector<std::string> &options);
    void kill9();

    [[nodiscard]] int port() const { return m_port; }
    /// User and system time of the process so far, in seconds.
    [[nodiscard]] double cpu() const;
    [[nodiscard]] long rssKib() const;

    struct Kept {
        long seq = 0;
        long count = 0; ///< more than one: stored twice
    };
    /// Every stored text by its sender's id. The process must be gone.
    [[nodiscard]] std::map<std::string, Kept> keptTexts() const;

private:
    std::string m_program;
    std::string m_folder;
    pid_t m_pid = -1;
    int m_port = 0;
};

} // namespace bench
