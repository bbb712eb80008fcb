// Sends what the agent adds to chats: durable first, in order within a chat, each exactly once by its client
// id.
#pragma once

#include "core/base/Clock.h"
#include "core/chat/LineTable.h"
#include "core/wire/HubFrames.h"

#include <QObject>
#include <QPromise>

#include <functional>
#include <map>

namespace parley::chat {

// Held by shared_ptr: its coroutines keep it alive until the disk answered.
class SendQueue final : public QObject, public std::enable_shared_from_this<SendQueue>
{
    Q_OBJECT

public:
    /// The clock must outlive it.
    SendQueue(std::shared_ptr<LineTable> table, Clock &clock, std::function<void(const QJsonObject &)> post);

    void load(QList<Outgoing> stored);
    void clear();
    /// Shown at once, sent when it is on disk and its turn has come. A client id that is known adds nothing.
    void add(Outgoing outgoing, QByteArray content = {});
    void resend(const ClientId &cid);
    void discard(const ClientId &cid);
    /// Ends when the hub acknowledged it, refused it, or it was dropped.
    Async<Done> settled(ClientId cid);

    [[nodiscard]] QList<Outgoing> ofChat(const ChatId &chat) const;
    [[nodiscard]] const Outgoing *find(const ClientId &cid) const;

    /// After `synced`: everything that waits goes out. Offline: what was on its way counts as not sent.
    void setOnline(bool isOnline);
    /// The line keeps the message of an acknowledged one; messages: what is to be stored along with the
    /// removal.
    void remove(const ClientId &cid, const QList<Message> &messages);
    void markAcked(const ClientId &cid);
    /// The acknowledged one's turn is over: the chat's next goes out.
    void next(const ChatId &chat);
    /// True when the refused frame was one of ours.
    bool refused(const wire::Refusal &refusal, const Error &error);
    void fileReady(const wire::FileReady &ready);
    void fileGot(const wire::FileGot &got);
    /// The hub dropped frames without saying which: what is on its way is sent again a little later.
    void slowDown();

signals:
    void changed(const parley::ChatId &chat);

private:
    struct Upload {
        QByteArray content;
        FileId file;
        qint64 chunk = 0;
    };
    struct Flight {
        ClientId cid;
        qint64 number = 0; // tells a late watchdog from its own
    };

    Outgoing *get(const ClientId &cid);
    QCoro::Task<void> keep(Outgoing outgoing, QByteArray content);
    void pump(const ChatId &chat);
    void transmit(const Outgoing &outgoing);
    QCoro::Task<void> beginUpload(Outgoing outgoing);
    void sendChunk(const ClientId &cid, qint64 offset);
    void watch(const ChatId &chat, std::chrono::milliseconds patience);
    void finish(const ClientId &cid, Result<Done> result);
    void failed(Outgoing &outgoing, const Error &error);

    std::shared_ptr<LineTable> m_table; // shared with the line
    Clock &m_clock;
    std::function<void(const QJsonObject &)> m_post;
    std::map<qint64, Outgoing> m_items; // by position
    QHash<QString, qint64> m_positions; // of a client id
    QSet<QString> m_unsaved;            // not on disk yet: not to be sent
    QHash<ChatId, Flight> m_flights;    // one per chat: order is kept although the hub may drop a frame
    QHash<QString, Upload> m_uploads;   // by client id
    QHash<QString, QList<std::shared_ptr<QPromise<Result<Done>>>>> m_waiters;
    qint64 m_nextFlight = 1;
    bool m_isOnline = false;
};

} // namespace parley::chat
