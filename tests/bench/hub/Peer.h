// One WebSocket connection of the load generator: raw, non-blocking, as lean as can be, so that the hub is
// what is measured.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

class Peer
{
public:
    /// Connects and asks for the door; false when the connection fails.
    bool open(int port, const char *path, int epoll, uint32_t index);
    ~Peer();
    Peer() = default;
    Peer(Peer &&other) noexcept;
    Peer &operator=(Peer &&) = delete;

    void queue(std::string_view json);
    bool flush();
    /// Reads what is there; false when the line is gone. take(frame) is called for each text frame.
    bool receive(const std::function<void(std::string_view)> &take);

    [[nodiscard]] bool isOpen() const { return m_fd >= 0; }

private:
    bool takeHead();
    void watchWrites(bool isWanted);

    int m_fd = -1;
    int m_epoll = -1;
    uint32_t m_index = 0;
    bool m_isUpgraded = false;
    bool m_watchesWrites = false;
    std::string m_in;
    std::string m_out;
};

/// The value of a text or number member, without looking any deeper; empty when it is not there.
std::string_view member(std::string_view json, std::string_view name);

} // namespace bench
