#include "core/net/RequestGauge.h"

#include <QList>

namespace parley::net {

namespace {
constexpr qsizetype kLongestChunkLine = 1024;
}

RequestGauge::Phase RequestGauge::phase() const
{
    if (m_state == State::Upgraded)
        return Phase::Upgraded;
    if (m_state == State::Head)
        return m_line.isEmpty() ? Phase::Idle : Phase::Head;
    return Phase::Body;
}

int RequestGauge::feed(QByteArrayView bytes)
{
    while (!bytes.isEmpty()) {
        int status = 0;
        switch (m_state) {
        case State::Head:
            status = takeHead(bytes);
            break;
        case State::Body:
        case State::ChunkData: {
            const qsizetype taken = qsizetype(std::min<qint64>(m_left, bytes.size()));
            m_left -= taken;
            bytes = bytes.sliced(taken);
            if (m_left == 0)
                m_state = m_state == State::Body ? State::Head : State::ChunkEnd;
            break;
        }
        case State::ChunkSize:
        case State::ChunkEnd:
        case State::Trailer:
            status = takeChunkLine(bytes);
            break;
        case State::Upgraded:
            return 0;
        }
        if (status != 0)
            return status;
    }
    return 0;
}

int RequestGauge::takeHead(QByteArrayView &bytes)
{
    // An empty line before a request is allowed (RFC 9112, 2.2) and means nothing.
    while (m_line.isEmpty() && !bytes.isEmpty() && (bytes[0] == '\r' || bytes[0] == '\n'))
        bytes = bytes.sliced(1);
    const qsizetype before = m_line.size();
    const qsizetype room = qsizetype(m_headLimit) + 4 - before;
    m_line.append(bytes.data(), std::min(room, bytes.size()));
    const qsizetype end = m_line.indexOf("\r\n\r\n", std::max<qsizetype>(0, before - 3));
    if (end < 0) {
        if (m_line.size() > m_headLimit)
            return 431;
        bytes = {};
        return 0;
    }
    bytes = bytes.sliced(end + 4 - before);
    m_line.truncate(end);
    const int status = readHead();
    m_line.clear();
    return status;
}

int RequestGauge::readHead()
{
    qint64 length = -1;
    bool isChunked = false;
    QList<QByteArray> lines = m_line.split('\n');
    const QList<QByteArray> request = lines.takeFirst().trimmed().split(' ');
    if (request.size() != 3 || !request[2].startsWith("HTTP/1."))
        return 400;
    m_state = State::Head;
    for (const QByteArray &line : lines) {
        const qsizetype colon = line.indexOf(':');
        if (colon <= 0)
            return 400;
        const QByteArray name = line.left(colon).toLower();
        const QByteArray value = line.sliced(colon + 1).trimmed().toLower();
        if (name == "content-length") {
            bool isNumber = false;
            const qint64 said = value.toLongLong(&isNumber);
            if (!isNumber || said < 0 || (length >= 0 && length != said))
                return 400;
            length = said;
        } else if (name == "transfer-encoding") {
            if (value != "chunked")
                return 400;
            isChunked = true;
        } else if (name == "upgrade" && value == "websocket") {
            m_state = State::Upgraded;
        }
    }
    if (isChunked && length >= 0)
        return 400; // two lengths: a way to smuggle a request past somebody
    if (length > m_bodyLimit)
        return 413;
    if (isChunked) {
        m_state = State::ChunkSize;
        m_chunkTotal = 0;
    } else if (length > 0) {
        m_state = State::Body;
        m_left = length;
    }
    return 0;
}

int RequestGauge::takeChunkLine(QByteArrayView &bytes)
{
    const qsizetype end = bytes.indexOf('\n');
    const qsizetype taken = end < 0 ? bytes.size() : end + 1;
    if (m_line.size() + taken > kLongestChunkLine)
        return 400;
    m_line.append(bytes.data(), taken);
    bytes = bytes.sliced(taken);
    if (end < 0)
        return 0;
    const int status = readChunkLine();
    m_line.clear();
    return status;
}

int RequestGauge::readChunkLine()
{
    const QByteArray line = m_line.trimmed();
    if (m_state == State::ChunkEnd) {
        m_state = State::ChunkSize;
        return line.isEmpty() ? 0 : 400;
    }
    if (m_state == State::Trailer) {
        if (line.isEmpty())
            m_state = State::Head;
        return 0;
    }
    bool isNumber = false;
    const qint64 size = line.split(';').first().trimmed().toLongLong(&isNumber, 16);
    if (!isNumber || size < 0)
        return 400;
    m_chunkTotal += std::min(size, m_bodyLimit + 1);
    if (m_chunkTotal > m_bodyLimit)
        return 413;
    m_left = size;
    m_state = size == 0 ? State::Trailer : State::ChunkData;
    return 0;
}

} // namespace parley::net
