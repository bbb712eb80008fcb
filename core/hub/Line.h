// One TCP connection of the hub's port: first an HTTP request, then, at a door, a WebSocket line.
#pragma once

#include "core/hub/WebSocketCodec.h"

#include <QTcpSocket>

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

    [[nodiscard]] quint64 id() const { return m_id; }
    [[nodiscard]] bool isLive() const { return m_phase == Phase::Live; }
    [[nodiscard]] Door door() const { return m_door; }
    [[nodiscard]] qint64 heardAt() const { return m_heardAt; }
    [[nodiscard]] qint64 openedAt() const { return m_openedAt; }
    [[nodiscard]] bool isPinged() const { return m_isPinged; }
    void setPinged() { m_isPinged = true; }

private:
    enum class Phase : quint8 { Head, Live, Closing, Gone };

    void onReadable();
    void readHead(QByteArrayView bytes);
    void answerHead(const QByteArray &bytes);
    bool openDoor(const QByteArray &path, const class HttpHead &head);
    void reply(const QByteArray &bytes);
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
    Phase m_phase = Phase::Head;
    Door m_door = Door::Visitor;
    bool m_isPinged = false;
    bool m_isQueued = false;
};

} // namespace parley::hub
