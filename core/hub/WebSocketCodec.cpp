#include "core/hub/WebSocketCodec.h"

#include <QCryptographicHash>
#include <QtEndian>

#include <cstring>

namespace parley::hub {

namespace {

enum Opcode : quint8 { Continuation = 0, Text = 1, Binary = 2, Close = 8, Ping = 9, Pong = 10 };

// A frame this much over every limit is no mistake: reading it only to throw it away would serve the
// attacker.
constexpr qint64 kLargestSkip = qint64(64) * 1024 * 1024;
constexpr qsizetype kHeadKept = 512;

QByteArray unmasked(QByteArrayView masked, const char *mask)
{
    QByteArray plain(masked.data(), masked.size());
    char *at = plain.data();
    quint32 word;
    std::memcpy(&word, mask, 4);
    const quint64 wide = (quint64(word) << 32) | word;
    qsizetype i = 0;
    for (; i + 8 <= plain.size(); i += 8) {
        quint64 block;
        std::memcpy(&block, at + i, 8);
        block ^= wide;
        std::memcpy(at + i, &block, 8);
    }
    for (; i < plain.size(); ++i)
        at[i] = char(at[i] ^ mask[i & 3]);
    return plain;
}

void appendHeader(QByteArray &out, Opcode opcode, qsizetype size)
{
    out.append(char(0x80 | opcode));
    if (size < 126) {
        out.append(char(size));
    } else if (size <= 0xffff) {
        const quint16 length = qToBigEndian(quint16(size));
        out.append(char(126)).append(reinterpret_cast<const char *>(&length), 2);
    } else {
        const quint64 length = qToBigEndian(quint64(size));
        out.append(char(127)).append(reinterpret_cast<const char *>(&length), 8);
    }
}

} // namespace

void WebSocketCodec::feed(QByteArrayView bytes, Sink &sink)
{
    QByteArray joined;
    if (!m_partial.isEmpty()) {
        m_partial.append(bytes.data(), bytes.size());
        if (m_partial.size() < m_wanted)
            return; // a large frame in small pieces is not copied for each of them
        joined.swap(m_partial);
        bytes = joined;
    }
    m_wanted = 0;
    while (!bytes.isEmpty() && !m_isStopped) {
        if (m_toSkip > 0) {
            const qint64 skipped = std::min<qint64>(m_toSkip, bytes.size());
            m_toSkip -= skipped;
            bytes = bytes.sliced(skipped);
            continue;
        }
        const auto header = readHeader(bytes, sink);
        if (m_isStopped)
            return;
        if (!header)
            break;
        const bool isData = header->opcode < Close;
        const qint64 whole = isData ? m_message.size() + header->payload : header->payload;
        if (isData && (m_isSkippingMessage || whole > m_limit)) {
            if (bytes.size() < std::min<qint64>(header->size + header->payload, kHeadKept) &&
                !m_isSkippingMessage)
                break; // the head says what it was about
            if (!m_isSkippingMessage) {
                const qsizetype kept = std::min<qsizetype>(bytes.size() - header->size, kHeadKept);
                sink.onTooLarge(unmasked(bytes.sliced(header->size, kept), header->mask), whole);
            }
            m_message = QByteArray();
            m_isSkippingMessage = !header->isFinal;
            m_messageOpcode = header->isFinal ? 0 : m_messageOpcode ? m_messageOpcode : header->opcode;
            m_skippedSize += header->payload;
            if (header->isFinal) {
                m_skippedSize = 0;
                ++m_ended;
            }
            m_toSkip = header->payload;
            bytes = bytes.sliced(header->size);
            if (m_skippedSize > kLargestSkip)
                breakOff(CloseCode::TooBig, sink);
            continue;
        }
        if (bytes.size() < header->size + header->payload) {
            m_wanted = header->size + header->payload;
            break;
        }
        takeFrame(*header, bytes.sliced(header->size, header->payload), sink);
        bytes = bytes.sliced(header->size + header->payload);
    }
    if (!m_isStopped && !bytes.isEmpty())
        m_partial.append(bytes.data(), bytes.size());
}

std::optional<WebSocketCodec::Header> WebSocketCodec::readHeader(QByteArrayView bytes, Sink &sink)
{
    if (bytes.size() < 2)
        return std::nullopt;
    const auto first = static_cast<quint8>(bytes[0]);
    const auto second = static_cast<quint8>(bytes[1]);
    Header header{.isFinal = (first & 0x80) != 0,
                  .opcode = quint8(first & 0x0f),
                  .size = 2,
                  .payload = second & 0x7f,
                  .mask = {}};
    const bool isControl = (header.opcode & 8) != 0;
    const bool isKnown = header.opcode <= Binary || (header.opcode >= Close && header.opcode <= Pong);
    const bool isInTurn = isControl || ((header.opcode == Continuation) == (m_messageOpcode != 0));
    if ((first & 0x70) != 0 || !isKnown || !isInTurn || (second & 0x80) == 0 ||
        (isControl && (!header.isFinal || header.payload > 125))) {
        breakOff(CloseCode::ProtocolError, sink);
        return std::nullopt;
    }
    if (header.payload == 126) {
        if (bytes.size() < 4)
            return std::nullopt;
        header.payload = qFromBigEndian<quint16>(bytes.data() + 2);
        header.size = 4;
    } else if (header.payload == 127) {
        if (bytes.size() < 10)
            return std::nullopt;
        header.payload = qFromBigEndian<qint64>(bytes.data() + 2);
        header.size = 10;
        if (header.payload < 0 || header.payload > kLargestSkip) {
            breakOff(CloseCode::TooBig, sink);
            return std::nullopt;
        }
    }
    header.size += 4;
    if (bytes.size() < header.size)
        return std::nullopt;
    std::memcpy(header.mask, bytes.data() + header.size - 4, 4);
    return header;
}

void WebSocketCodec::takeFrame(const Header &header, QByteArrayView masked, Sink &sink)
{
    const QByteArray payload = unmasked(masked, header.mask);
    switch (header.opcode) {
    case Ping:
        sink.onPing(payload);
        break;
    case Close:
        m_isStopped = true;
        if (payload.size() == 1) // a code has two bytes
            sink.onBroken(CloseCode::ProtocolError);
        else
            sink.onClose(CloseCode::Normal);
        break;
    case Pong:
        break;
    default:
        takeData(header, payload, sink);
    }
}

void WebSocketCodec::takeData(const Header &header, const QByteArray &payload, Sink &sink)
{
    const quint8 opcode = m_messageOpcode ? m_messageOpcode : header.opcode;
    if (!header.isFinal) {
        m_messageOpcode = opcode;
        m_message += payload;
        return;
    }
    QByteArray whole;
    whole.swap(m_message);
    if (m_messageOpcode == 0)
        whole = payload;
    else
        whole += payload;
    m_messageOpcode = 0;
    ++m_ended;
    if (opcode == Text)
        sink.onText(whole);
    else
        sink.onBinary();
}

void WebSocketCodec::breakOff(CloseCode code, Sink &sink)
{
    m_isStopped = true;
    sink.onBroken(code);
}

void WebSocketCodec::appendText(QByteArray &out, QByteArrayView payload)
{
    appendHeader(out, Text, payload.size());
    out.append(payload.data(), payload.size());
}

void WebSocketCodec::appendPong(QByteArray &out, QByteArrayView payload)
{
    appendHeader(out, Pong, payload.size());
    out.append(payload.data(), payload.size());
}

void WebSocketCodec::appendClose(QByteArray &out, CloseCode code)
{
    appendHeader(out, Close, 2);
    const quint16 value = qToBigEndian(quint16(code));
    out.append(reinterpret_cast<const char *>(&value), 2);
}

QByteArray WebSocketCodec::acceptKey(const QByteArray &key)
{
    return QCryptographicHash::hash(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11", QCryptographicHash::Sha1)
        .toBase64();
}

} // namespace parley::hub
