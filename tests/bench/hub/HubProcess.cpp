#include "tests/bench/hub/HubProcess.h"

#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <sstream>

namespace bench {

double now()
{
    timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return double(at.tv_sec) + double(at.tv_nsec) * 1e-9;
}

HubProcess::HubProcess(std::string program, std::string folder)
    : m_program(std::move(program))
    , m_folder(std::move(folder))
{}

HubProcess::~HubProcess()
{
    kill9();
}

bool HubProcess::addAgents(int count, const std::string &password)
{
    const std::string file = m_folder + ".password";
    std::ofstream(file) << password << '\n';
    for (int i = 0; i < count; ++i) {
        const std::string command = m_program + " agent add --data " + m_folder + " --email a" +
                                    std::to_string(i) + "@load.example --name Agent" + std::to_string(i) +
                                    " --password-file " + file + " > /dev/null";
        if (std::system(command.c_str()) != 0)
            return false;
    }
    unlink(file.c_str());
    return true;
}

bool HubProcess::start(const std::vector<std::string> &options)
{
    int out[2];
    if (pipe(out) != 0)
        return false;
    std::vector<std::string> words{m_program, "serve", "--listen", "127.0.0.1:0", "--data", m_folder};
    words.insert(words.end(), options.begin(), options.end());
    m_pid = fork();
    if (m_pid == 0) {
        dup2(out[1], 1);
        std::vector<char *> arguments;
        for (std::string &word : words)
            arguments.push_back(word.data());
        arguments.push_back(nullptr);
        execv(m_program.c_str(), arguments.data());
        _exit(127);
    }
    close(out[1]);
    std::string line;
    char c = 0;
    while (read(out[0], &c, 1) == 1 && c != '\n')
        line += c;
    const size_t at = line.find("\"url\":\"http://127.0.0.1:");
    if (at == std::string::npos)
        return false;
    m_port = std::atoi(line.c_str() + at + 24);
    return true; // the pipe stays open: the hub may still write to it
}

void HubProcess::kill9()
{
    if (m_pid <= 0)
        return;
    kill(m_pid, SIGKILL);
    waitpid(m_pid, nullptr, 0);
    m_pid = -1;
}

double HubProcess::cpu() const
{
    std::ifstream file("/proc/" + std::to_string(m_pid) + "/stat");
    std::string text((std::istreambuf_iterator<char>(file)), {});
    std::istringstream rest(text.substr(text.rfind(')') + 1));
    std::string word;
    double ticks = 0;
    for (int i = 3; rest >> word; ++i) { // the fields after the name begin with number 3
        if (i == 14 || i == 15)
            ticks += std::atof(word.c_str());
    }
    return ticks / double(sysconf(_SC_CLK_TCK));
}

long HubProcess::rssKib() const
{
    std::ifstream file("/proc/" + std::to_string(m_pid) + "/status");
    for (std::string line; std::getline(file, line);) {
        if (line.starts_with("VmRSS:"))
            return std::atol(line.c_str() + 6);
    }
    return 0;
}

std::map<std::string, HubProcess::Kept> HubProcess::keptTexts() const
{
    std::map<std::string, Kept> kept;
    sqlite3 *database = nullptr;
    sqlite3_stmt *all = nullptr;
    if (sqlite3_open((m_folder + "/hub.db").c_str(), &database) == SQLITE_OK &&
        sqlite3_prepare_v2(database, "SELECT cid, seq, text FROM messages WHERE kind = 0", -1, &all,
                           nullptr) == SQLITE_OK) {
        while (sqlite3_step(all) == SQLITE_ROW) {
            const std::string cid(reinterpret_cast<const char *>(sqlite3_column_text(all, 0)));
            const std::string text(reinterpret_cast<const char *>(sqlite3_column_text(all, 2)));
            Kept &one = kept[cid];
            one.seq = long(sqlite3_column_int64(all, 1));
            // The text begins with the id: what was stored under another's id counts as lost.
            if (text.starts_with(cid + ' '))
                ++one.count;
        }
    }
    sqlite3_finalize(all);
    sqlite3_close(database);
    return kept;
}

} // namespace bench
