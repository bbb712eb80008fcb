// Follows the bytes of HTTP/1.1 requests on one connection and says when they break a limit. Keeps one head
// at most.
#pragma once

#include <QByteArray>
#include <QByteArrayView>

namespace parley::net {

class RequestGauge
{
public:
    enum class Phase { Idle, Head, Body, Upgraded };

    RequestGauge(qint64 headLimit, qint64 bodyLimit)
        : m_headLimit(headLimit)
        , m_bodyLimit(bodyLimit)
    {}

    /// 0, or the HTTP status with which the connection must end: 400, 413, 431.
    int feed(QByteArrayView bytes);
    [[nodiscard]] Phase phase() const;

private:
    enum class State { Head, Body, ChunkSize, ChunkData, ChunkEnd, Trailer, Upgraded };
    int takeHead(QByteArrayView &bytes);
    int readHead();
    int takeChunkLine(QByteArrayView &bytes);
    int readChunkLine();

    qint64 m_headLimit;
    qint64 m_bodyLimit;
    State m_state = State::Head;
    QByteArray m_line;       ///< head, chunk size or trailer so far
    qint64 m_left = 0;       ///< of the body, or of the chunk
    qint64 m_chunkTotal = 0; ///< of a chunked body so far
};

} // namespace parley::net
