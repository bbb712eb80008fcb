// One TCP connection of the hub's port: first an HTTP request, then, at a door, a WebSocket line.
#pragma once

#include "core/hub/HttpHead.h"
#include "core/hub/WebSocketCodec.h"

#include <QHostAddress>
#include <QTcpSocket>

#include <chrono>
#include <memory>

namespace parley::hub {

class LineServer;

enum class Door { Visitor, Agent };

class Line final : public QTcpSocket, private WebSocketCodec::Sink
{
    Q_OBJECT

public:
    explicit Line(LineServer &server);
    ~Line() override;

    /// Queues one text frame; it leaves with all others of this turn of the event loop.
    void send(QByteArrayView frame);
    /// Says goodbye and closes.
    void closeLine(WebSocketCodec::CloseCode code);
    /// Gone, without a word.
    void drop();
    void flushQueue();

    /// Whose it is, as far as the hub can know: the peer's address, or what a proxy of ours says.
    [[nodiscard]] QHostAddress address() const { return m_forwarded.isNull() ? peerAddress() : m_forwarded; }
    /// The name under which it is counted; empty when it is not.
    [[nodiscard]] const QString &countedAs() const { return m_countedAs; }
    /// Under which name what it does is counted; empty for this computer's own, unless a limit was asked for.
    [[nodiscard]] QString network() const;
    void countAs(const QString &name) { m_countedAs = name; }
    /// Answers instead of being served: the whole answer leaves, then the line closes.
    void turnAway(const HttpAnswer &answer);

    [[nodiscard]] quint64 id() const { return m_id; }
    [[nodiscard]] bool isLive() const { return m_phase == Phase::Live; }
    [[nodiscard]] bool isClosing() const { return m_phase == Phase::Closing; }
    [[nodiscard]] qint64 closingSince() const { return m_closingSince; }
    [[nodiscard]] Door door() const { return m_door; }
    [[nodiscard]] qint64 heardAt() const { return m_heardAt; }
    [[nodiscard]] qint64 openedAt() const { return m_openedAt; }
    /// Bytes that the peer has not taken yet.
    [[nodiscard]] qint64 backlog() const { return m_queue.size() + bytesToWrite(); }
    /// From now on the server hears when the peer has taken most of what it was sent.
    void watchBacklog();
    [[nodiscard]] bool isBehind() const { return backlog() > kReadAhead; }
    /// Hello was said: the line may stay.
    void setKnown() { m_isKnown = true; }
    [[nodiscard]] bool isKnown() const { return m_isKnown; }
    /// Since when a message has been on its way; -1 when none is.
    [[nodiscard]] qint64 midwaySince() const { return m_midwaySince; }
    /// Reads nothing for so long: what comes meanwhile waits at the peer.
    void pause(std::chrono::milliseconds time);
    [[nodiscard]] bool isPaused() const { return m_isPaused; }
    /// Goes on reading after a pause, or after the server was busy.
    void readOn();
    [[nodiscard]] bool isPinged() const { return m_isPinged; }
    void setPinged() { m_isPinged = true; }

private:
    static constexpr qint64 kReadAhead = qint64(256) * 1024;
    enum class Phase : quint8 { Head, Live, Closing, Gone };

    void onReadable();
    void readHead(QByteArrayView bytes);
    void answerHead(const QByteArray &bytes);
    bool openDoor(const HttpHead &head);
    void reply(const QByteArray &bytes);
    void closeGently();
    void endOutput();
    void onGone();

    void onText(const QByteArray &utf8) override;
    void onBinary() override;
    void onTooLarge(const QByteArray &head, qint64 size) override;
    void onPing(const QByteArray &payload) override;
    void onClose(WebSocketCodec::CloseCode code) override;
    void onBroken(WebSocketCodec::CloseCode code) override;

    LineServer &m_server;
    WebSocketCodec m_codec;
    QByteArray m_head;  ///< of the request, until it is whole
    QByteArray m_queue; ///< frames to go out
    quint64 m_id;
    qint64 m_openedAt;
    qint64 m_heardAt;
    qint64 m_closingSince = 0;
    qint64 m_midwaySince = -1;
    quint32 m_endedSeen = 0;
    QHostAddress m_forwarded; ///< null without a proxy
    QString m_countedAs;
    Phase m_phase = Phase::Head;
    Door m_door = Door::Visitor;
    bool m_isPinged = false;
    bool m_isQueued = false;
    bool m_isKnown = false;
    bool m_isWatched = false;
    bool m_isPaused = false;
};

} // namespace parley::hub
