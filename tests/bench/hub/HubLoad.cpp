// Loads a hub as 32 visitors and 32 agents who all write at once, or as many idle visitors, and checks the
// answers: every acknowledged message must be in the database after kill -9, and must have reached the other
// side exactly once.
#include "tests/bench/hub/HubProcess.h"
#include "tests/bench/hub/Peer.h"

#include <sys/epoll.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string>
#include <unordered_map>
#include <vector>

using namespace bench;
using namespace std::string_literals;

namespace {

struct Options {
    std::string mode = "chat";
    std::string hub;
    int pairs = 32;
    int inFlight = 4; ///< of each connection
    int body = 120;
    int connections = 10'000;
    double warm = 2, seconds = 10;
};

long numberOf(std::string_view digits)
{
    long value = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return value;
}

double ownCpu()
{
    rusage used;
    getrusage(RUSAGE_SELF, &used);
    return double(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
           double(used.ru_utime.tv_usec + used.ru_stime.tv_usec) * 1e-6;
}

class Load
{
public:
    Load(const Options &options, HubProcess &hub)
        : m_options(options)
        , m_hub(hub)
        , m_epoll(epoll_create1(EPOLL_CLOEXEC))
    {}
    ~Load() { close(m_epoll); }
    Load(const Load &) = delete;
    Load &operator=(const Load &) = delete;

    int chat();
    int idle();

private:
    struct One {
        Peer peer;
        bool isReady = false;
        bool isAgent = false;
        std::string chat;
        long sent = 0;
        std::vector<double> sentAt; // by message
        std::vector<long> ackedSeq; // by message, 0: not yet
        std::vector<uint8_t> seen;  // by seq: how often it reached this side, as ack or as entry
    };

    bool openAll(int count, bool withAgents);
    bool pairUp();
    void take(One &one, size_t index, std::string_view frame);
    void say(One &one, size_t index);
    bool turn(int waitMs);
    bool waitFor(const char *what, double limit, const std::function<bool()> &isDone);
    int report(double seconds, double hubCpu, double generatorCpu, long rss);

    const Options &m_options;
    HubProcess &m_hub;
    int m_epoll;
    std::vector<One> m_all;
    std::vector<double> m_latencies;
    std::string m_padding;
    long m_acked = 0;
    long m_ackedInWindow = 0;
    long m_errors = 0;
    bool m_isSending = false;
    bool m_isMeasuring = false;
    bool m_isBroken = false;
};

bool Load::turn(int waitMs)
{
    epoll_event events[256];
    const int count = epoll_wait(m_epoll, events, 256, waitMs);
    for (int i = 0; i < count; ++i) {
        const size_t index = events[i].data.u32;
        One &one = m_all[index];
        const bool isAlive =
            one.peer.receive([&](std::string_view frame) { take(one, index, frame); }) && one.peer.flush();
        if (!isAlive) {
            std::fprintf(stderr, "connection %zu died\n", index);
            m_isBroken = true;
            return false;
        }
    }
    return true;
}

bool Load::waitFor(const char *what, double limit, const std::function<bool()> &isDone)
{
    const double until = now() + limit;
    while (!isDone()) {
        if (!turn(100) || now() > until) {
            std::fprintf(stderr, "gave up: %s\n", what);
            return false;
        }
    }
    return true;
}

bool Load::openAll(int count, bool withAgents)
{
    m_all.resize(size_t(count));
    for (size_t i = 0; i < m_all.size(); ++i) {
        One &one = m_all[i];
        one.isAgent = withAgents && i >= m_all.size() / 2;
        if (!one.peer.open(m_hub.port(), one.isAgent ? "/ws/agent" : "/ws/visitor", m_epoll, uint32_t(i)))
            return false;
        if (one.isAgent) {
            const std::string email = "a" + std::to_string(i - m_all.size() / 2) + "@load.example";
            one.peer.queue("{\"t\":\"hello\",\"v\":1,\"email\":\"" + email +
                           "\",\"password\":\"correct horse\"}");
        } else {
            one.peer.queue("{\"t\":\"hello\",\"v\":1,\"token\":\"\",\"page\":{\"url\":\"https://"
                           "tallyworks.example/pricing\","
                           "\"title\":\"Pricing\"},\"env\":{\"language\":\"en\",\"userAgent\":\"Mozilla/5.0 "
                           "(X11; Linux x86_64) "
                           "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36\"}}");
        }
        // So that the hub's accept queue never overflows.
        if (i % 64 == 63 && !waitFor("hello", 30, [&] { return m_all[i - 32].isReady || one.isAgent; }))
            return false;
    }
    return waitFor("all welcomes", 60, [&] { return std::ranges::all_of(m_all, &One::isReady); });
}

void Load::say(One &one, size_t index)
{
    const std::string cid = std::to_string(index) + '-' + std::to_string(one.sent);
    one.sentAt.push_back(now());
    one.ackedSeq.push_back(0);
    ++one.sent;
    one.peer.queue("{\"t\":\"say\",\"chat\":\"" + one.chat + "\",\"cid\":\"" + cid + "\",\"text\":\"" + cid +
                   ' ' + m_padding + "\"}");
}

void Load::take(One &one, size_t index, std::string_view frame)
{
    const auto mark = [&one](long seq) {
        if (size_t(seq) >= one.seen.size())
            one.seen.resize(size_t(seq) * 2 + 64);
        ++one.seen[size_t(seq)];
    };
    const std::string_view type = member(frame, "t");
    if (type == "ack" && one.sent > 0) {
        const std::string_view cid = member(frame, "cid");
        const size_t dash = cid.find('-');
        if (dash == std::string_view::npos)
            return; // of the accept
        const auto number = size_t(numberOf(cid.substr(dash + 1)));
        const long seq = numberOf(member(frame, "seq"));
        if (one.ackedSeq[number] != 0)
            ++m_errors;
        one.ackedSeq[number] = seq;
        mark(seq);
        ++m_acked;
        if (m_isMeasuring) {
            ++m_ackedInWindow;
            m_latencies.push_back(now() - one.sentAt[number]);
        }
        if (m_isSending)
            say(one, index);
    } else if (type == "entry") {
        mark(numberOf(member(frame, "seq")));
    } else if (type == "welcome") {
        one.isReady = true;
    } else if (type == "started") {
        one.chat = member(frame, "id");
    } else if (type == "ping") {
        one.peer.queue("{\"t\":\"pong\"}");
    } else if (type == "error") {
        ++m_errors;
        std::fprintf(stderr, "error: %.*s\n", int(frame.size()), frame.data());
    }
}

bool Load::pairUp()
{
    const auto pairs = size_t(m_options.pairs);
    for (size_t i = 0; i < pairs; ++i) {
        m_all[i].peer.queue("{\"t\":\"start\",\"cid\":\"start\",\"fields\":{\"name\":\"V\"}}");
        m_all[i].peer.flush();
    }
    if (!waitFor("starts", 30, [&] {
            return std::all_of(m_all.begin(), m_all.begin() + m_options.pairs,
                               [](const One &one) { return !one.chat.empty(); });
        }))
        return false;
    for (size_t i = 0; i < pairs; ++i) {
        One &agent = m_all[pairs + i];
        agent.chat = m_all[i].chat;
        agent.peer.queue("{\"t\":\"accept\",\"cid\":\"accept\",\"chat\":\"" + agent.chat + "\"}");
        agent.peer.flush();
    }
    // The visitor hears of the acceptance as entry 2.
    if (!waitFor("accepts", 30, [&] {
            return std::all_of(m_all.begin(), m_all.begin() + m_options.pairs,
                               [](const One &one) { return one.seen.size() > 2 && one.seen[2] == 1; });
        }))
        return false;
    return true;
}

int Load::chat()
{
    const auto pairs = size_t(m_options.pairs);
    m_padding.assign(size_t(m_options.body), 'x');
    if (!openAll(m_options.pairs * 2, true))
        return 1;
    if (!pairUp())
        return 1;
    m_isSending = true;
    for (size_t i = 0; i < m_all.size(); ++i) {
        for (int k = 0; k < m_options.inFlight; ++k)
            say(m_all[i], i);
        m_all[i].peer.flush();
    }
    const auto runFor = [this](double seconds) {
        for (const double until = now() + seconds; now() < until && turn(10);) {
        }
    };
    runFor(m_options.warm);
    m_isMeasuring = true;
    const double began = now(), hubBegan = m_hub.cpu(), ownBegan = ownCpu();
    runFor(m_options.seconds);
    m_isMeasuring = false;
    const double seconds = now() - began, hubCpu = m_hub.cpu() - hubBegan, generatorCpu = ownCpu() - ownBegan;
    const long rss = m_hub.rssKib();
    m_isSending = false;
    long sent = 0;
    for (const One &one : m_all)
        sent += one.sent;
    if (m_isBroken || !waitFor("the last acks", 30, [&] { return m_acked == sent; }))
        return 1;
    // Entries follow their acks closely; both sides are complete when each has seen everything of its chat.
    waitFor("the last entries", 10, [&] {
        for (size_t i = 0; i < pairs; ++i) {
            const long last = m_all[i].sent + m_all[pairs + i].sent + 2;
            const auto count = [last](const One &one) {
                return std::count_if(one.seen.begin(),
                                     one.seen.begin() + std::min<long>(last + 1, long(one.seen.size())),
                                     [](uint8_t n) { return n > 0; });
            };
            if (count(m_all[i]) < last - 1 || count(m_all[pairs + i]) < last - 2)
                return false;
        }
        return true;
    });
    m_hub.kill9();
    return report(seconds, hubCpu, generatorCpu, rss);
}

int Load::report(double seconds, double hubCpu, double generatorCpu, long rss)
{
    const auto pairs = size_t(m_options.pairs);
    long lost = 0, doubled = m_errors, undelivered = 0;
    const auto kept = m_hub.keptTexts();
    for (size_t i = 0; i < m_all.size(); ++i) {
        const One &one = m_all[i];
        for (size_t k = 0; k < one.ackedSeq.size(); ++k) {
            const auto it = kept.find(std::to_string(i) + '-' + std::to_string(k));
            if (it == kept.end() || it->second.seq != one.ackedSeq[k])
                ++lost;
            else if (it->second.count != 1)
                ++doubled;
            const One &other = m_all[one.isAgent ? i - pairs : i + pairs];
            const auto seq = size_t(one.ackedSeq[k]);
            const int times = seq < other.seen.size() ? other.seen[seq] : 0;
            undelivered += times == 0;
            doubled += times > 1;
        }
    }
    std::ranges::sort(m_latencies);
    const auto at = [this](double share) {
        return m_latencies.empty() ? 0.0 : m_latencies[size_t(share * double(m_latencies.size() - 1))] * 1000;
    };
    std::printf(
        "{\"bench\":\"hub.chat\",\"connections\":%zu,\"inFlight\":%zu,\"seconds\":%.1f,\"messages\":%ld,"
        "\"messagesPerSecond\":%.0f,\"p50Ms\":%.2f,\"p95Ms\":%.2f,\"p99Ms\":%.2f,\"maxMs\":%.2f,"
        "\"hubCpuSeconds\":%.2f,\"messagesPerHubCpuSecond\":%.0f,\"generatorCpuSeconds\":%.2f,\"hubRssMiB\":%"
        ".1f,"
        "\"acknowledged\":%ld,\"lost\":%ld,\"undelivered\":%ld,\"doubled\":%ld}\n",
        m_all.size(), m_all.size() * size_t(m_options.inFlight), seconds, m_ackedInWindow,
        double(m_ackedInWindow) / seconds, at(0.5), at(0.95), at(0.99), at(1), hubCpu,
        double(m_ackedInWindow) / hubCpu, generatorCpu, double(rss) / 1024, m_acked, lost, undelivered,
        doubled);
    return lost == 0 && undelivered == 0 && doubled == 0 ? 0 : 1;
}

int Load::idle()
{
    const long before = m_hub.rssKib();
    const double began = now(), cpuBegan = m_hub.cpu();
    if (!openAll(m_options.connections, false))
        return 1;
    const double opened = now() - began, openCpu = m_hub.cpu() - cpuBegan;
    // Over two of the hub's pings: what a line needs while it lives is in the number.
    const double settled = now() + 12;
    const double idleBegan = m_hub.cpu();
    while (now() < settled && turn(50)) {
    }
    const long after = m_hub.rssKib();
    std::printf("{\"bench\":\"hub.idle\",\"connections\":%zu,\"kibPerConnection\":%.2f,\"hubRssMiB\":%.1f,"
                "\"emptyRssMiB\":%.1f,"
                "\"openSeconds\":%.2f,\"openCpuSeconds\":%.2f,\"idleCpuPercent\":%.1f,\"errors\":%ld}\n",
                m_all.size(), double(after - before) / double(m_all.size()), double(after) / 1024,
                double(before) / 1024, opened, openCpu, (m_hub.cpu() - idleBegan) / 12 * 100, m_errors);
    return m_isBroken || m_errors > 0 ? 1 : 0;
}

bool readOptions(int argc, char **argv, Options &options)
{
    int i = 1;
    if (argc > 1 && argv[1][0] != '-')
        options.mode = argv[i++];
    for (; i + 1 < argc; i += 2) {
        const std::string name = argv[i];
        const char *value = argv[i + 1];
        if (name == "--hub")
            options.hub = value;
        else if (name == "--pairs")
            options.pairs = std::atoi(value);
        else if (name == "--inflight")
            options.inFlight = std::atoi(value);
        else if (name == "--body")
            options.body = std::atoi(value);
        else if (name == "--conns")
            options.connections = std::atoi(value);
        else if (name == "--warm")
            options.warm = std::atof(value);
        else if (name == "--secs")
            options.seconds = std::atof(value);
        else
            return false;
    }
    return i == argc && (options.mode == "chat" || options.mode == "idle");
}

} // namespace

int main(int argc, char **argv)
{
    Options options;
    options.hub = (std::filesystem::path(argv[0]).parent_path() / "../bin/parley-hub").string();
    if (!readOptions(argc, argv, options)) {
        std::fprintf(stderr, "hub_load [chat|idle] [--hub PROGRAM] [--pairs N] [--inflight N] [--body N] "
                             "[--conns N] [--warm S] [--secs S]\n");
        return 2;
    }
    rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    const char *base = std::getenv("PARLEY_BENCH_DIR"); // where the disk to be measured is
    std::string folder =
        (base ? base : std::filesystem::temp_directory_path().string()) + "/parley-hub-load-XXXXXX"s;
    if (!mkdtemp(folder.data()))
        return 1;
    int result = 1;
    {
        HubProcess hub(options.hub, folder + "/data");
        const bool isChat = options.mode == "chat";
        if ((!isChat || hub.addAgents(options.pairs, "correct horse")) && hub.start({"--rate", "1000000"})) {
            Load load(options, hub);
            result = isChat ? load.chat() : load.idle();
        } else {
            std::fprintf(stderr, "the hub does not start\n");
        }
    }
    std::filesystem::remove_all(folder);
    return result;
}
