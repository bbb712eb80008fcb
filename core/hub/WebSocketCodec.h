// The server's side of RFC 6455 on bytes alone: takes them in pieces of any size, hands out whole messages.
// An idle one holds no buffer.
#pragma once

#include <QByteArray>
#include <QByteArrayView>

#include <optional>

namespace parley::hub {

class WebSocketCodec
{
public:
    enum class CloseCode : quint16 {
        Normal = 1000,
        GoingAway = 1001,
        ProtocolError = 1002,
        Unsupported = 1003,
        TooBig = 1009,
        BadVersion = 4400,
        SignIn = 4401,
        NoHello = 4408,
    };

    /// Who is told what came. A call may destroy the codec's owner only through a later event-loop turn.
    class Sink
    {
    public:
        Sink() = default;
        Sink(const Sink &) = delete;
        Sink &operator=(const Sink &) = delete;
        virtual void onText(const QByteArray &utf8) = 0;
        virtual void onBinary() = 0;
        /// A message over the limit; it was skipped. head is how it began.
        virtual void onTooLarge(const QByteArray &head, qint64 size) = 0;
        virtual void onPing(const QByteArray &payload) = 0;
        virtual void onClose(CloseCode code) = 0;
        /// The peer broke the protocol; nothing more is read.
        virtual void onBroken(CloseCode code) = 0;

    protected:
        ~Sink() = default;
    };

    explicit WebSocketCodec(qint64 limit)
        : m_limit(limit)
    {}

    void feed(QByteArrayView bytes, Sink &sink);
    /// A message has begun and is not whole yet.
    [[nodiscard]] bool isMidway() const
    {
        return !m_partial.isEmpty() || m_messageOpcode != 0 || m_toSkip > 0;
    }
    /// Messages that have ended so far (it may wrap around).
    [[nodiscard]] quint32 ended() const { return m_ended; }
    /// No more is handed out.
    void stop() { m_isStopped = true; }

    static void appendText(QByteArray &out, QByteArrayView payload);
    static void appendPong(QByteArray &out, QByteArrayView payload);
    static void appendClose(QByteArray &out, CloseCode code);
    /// The value of Sec-WebSocket-Accept.
    static QByteArray acceptKey(const QByteArray &key);

private:
    struct Header {
        bool isFinal;
        quint8 opcode;
        qsizetype size; ///< of the header itself
        qint64 payload;
        char mask[4];
    };
    std::optional<Header> readHeader(QByteArrayView bytes, Sink &sink);
    void takeFrame(const Header &header, QByteArrayView masked, Sink &sink);
    void takeData(const Header &header, const QByteArray &payload, Sink &sink);
    void breakOff(CloseCode code, Sink &sink);

    qint64 m_limit;
    qint64 m_toSkip = 0; ///< bytes of a frame over the limit that are still to come
    qint64 m_skippedSize = 0;
    QByteArray m_partial; ///< a frame that is not whole yet
    qint64 m_wanted = 0;  ///< bytes that m_partial must have before another look at it is worth while
    quint32 m_ended = 0;
    QByteArray m_message; ///< fragments so far
    quint8 m_messageOpcode = 0;
    bool m_isSkippingMessage = false; ///< the rest of a message over the limit, frame by frame
    bool m_isStopped = false;
};

} // namespace parley::hub
