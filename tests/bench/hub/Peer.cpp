#include "tests/bench/hub/Peer.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace bench {

Peer::~Peer()
{
    if (m_fd >= 0)
        close(m_fd);
}

Peer::Peer(Peer &&other) noexcept
    : m_fd(std::exchange(other.m_fd, -1))
    , m_epoll(other.m_epoll)
    , m_index(other.m_index)
    , m_isUpgraded(other.m_isUpgraded)
    , m_watchesWrites(other.m_watchesWrites)
    , m_in(std::move(other.m_in))
    , m_out(std::move(other.m_out))
{}

bool Peer::open(int port, const char *path, int epoll, uint32_t index)
{
    m_fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    m_epoll = epoll;
    m_index = index;
    const int one = 1;
    setsockopt(m_fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(uint16_t(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(m_fd, reinterpret_cast<sockaddr *>(&address), sizeof address) != 0)
        return false;
    const std::string request =
        std::string("GET ") + path +
        " HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
    if (send(m_fd, request.data(), request.size(), MSG_NOSIGNAL) != ssize_t(request.size()))
        return false;
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u32 = index;
    return epoll_ctl(epoll, EPOLL_CTL_ADD, m_fd, &event) == 0;
}

void Peer::queue(std::string_view json)
{
    // Masked with zeros: legal, and the generator saves the work; the hub unmasks all the same.
    m_out += char(0x81);
    if (json.size() < 126) {
        m_out += char(0x80 | json.size());
    } else {
        m_out += char(0x80 | 126);
        m_out += char(json.size() >> 8);
        m_out += char(json.size() & 255);
    }
    m_out.append(4, '\0');
    m_out.append(json);
}

bool Peer::flush()
{
    if (m_out.empty() || !m_isUpgraded)
        return true;
    const ssize_t count = send(m_fd, m_out.data(), m_out.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (count < 0 && errno != EAGAIN)
        return false;
    if (count > 0)
        m_out.erase(0, size_t(count));
    watchWrites(!m_out.empty());
    return true;
}

void Peer::watchWrites(bool isWanted)
{
    if (m_watchesWrites == isWanted)
        return;
    m_watchesWrites = isWanted;
    epoll_event event{};
    event.events = EPOLLIN | (isWanted ? uint32_t(EPOLLOUT) : 0U);
    event.data.u32 = m_index;
    epoll_ctl(m_epoll, EPOLL_CTL_MOD, m_fd, &event);
}

bool Peer::takeHead()
{
    const size_t end = m_in.find("\r\n\r\n");
    if (end == std::string::npos)
        return true;
    if (!m_in.starts_with("HTTP/1.1 101"))
        return false;
    m_in.erase(0, end + 4);
    m_isUpgraded = true;
    return flush();
}

bool Peer::receive(const std::function<void(std::string_view)> &take)
{
    char buffer[65536];
    const ssize_t count = recv(m_fd, buffer, sizeof buffer, MSG_DONTWAIT);
    if (count == 0 || (count < 0 && errno != EAGAIN))
        return false;
    if (count > 0)
        m_in.append(buffer, size_t(count));
    if (!m_isUpgraded && !takeHead())
        return false;
    size_t at = 0;
    while (m_isUpgraded && m_in.size() - at >= 2) {
        const auto *head = reinterpret_cast<const unsigned char *>(m_in.data() + at);
        size_t size = head[1] & 127;
        size_t skip = 2;
        if (size == 126) {
            if (m_in.size() - at < 4)
                break;
            size = size_t(head[2]) << 8 | head[3];
            skip = 4;
        } else if (size == 127) {
            if (m_in.size() - at < 10)
                break;
            size = 0;
            for (int i = 2; i < 10; ++i)
                size = size << 8 | head[i];
            skip = 10;
        }
        if (m_in.size() - at < skip + size)
            break;
        if ((head[0] & 15) == 8)
            return false;
        if ((head[0] & 15) == 1)
            take(std::string_view(m_in).substr(at + skip, size));
        at += skip + size;
    }
    m_in.erase(0, at);
    return true;
}

std::string_view member(std::string_view json, std::string_view name)
{
    std::string key = "\"";
    key.append(name).append("\":");
    size_t at = json.find(key);
    if (at == std::string_view::npos)
        return {};
    at += key.size();
    const bool isText = json[at] == '"';
    if (isText)
        ++at;
    const size_t end = isText ? json.find('"', at) : json.find_first_of(",}", at);
    return json.substr(at, end - at);
}

} // namespace bench
