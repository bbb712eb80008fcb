// The console's side of the line to the hub: the agent's chats as they stand, kept whole through every broken
// connection.
#pragma once

#include "core/base/Async.h"
#include "core/base/Clock.h"
#include "core/chat/LineTable.h"
#include "core/wire/HubFrames.h"

#include <QObject>
#include <QPromise>
#include <QUrl>

#include <map>
#include <memory>

namespace parley::net {
class WebSocketLine;
}

namespace parley::chat {

class Pacer;
class SendQueue;

enum class LineState { SignedOut, Connecting, Online, Offline };

/// The hub's answer to a claim.
struct Claim {
    bool isGranted = false;
    bool isDone = false; ///< somebody has written it already
    QDateTime until;     ///< of the lease that holds, ours or another's
};

// Held by shared_ptr: its coroutines keep it alive until the hub answered.
class Line final : public QObject, public std::enable_shared_from_this<Line>
{
    Q_OBJECT

public:
    /// Loads what is known from before. Blocks: call it while starting. The clock must outlive it.
    static Result<std::shared_ptr<Line>> open(std::shared_ptr<store::Database> database, Clock &clock);
    ~Line() override;

    // --- signing in: the line then keeps itself up until signOut() ---
    /// door: the hub's agentWs address.
    void signIn(QUrl door, QString email, QString password);
    /// With the token of an earlier welcome (signal signedIn); the password is asked for again when it is no
    /// longer good.
    void signInWithToken(QUrl door, QString token);
    void signOut();
    void retryNow();
    [[nodiscard]] LineState state() const { return m_state; }
    [[nodiscard]] QDateTime stateSince() const { return m_since; }
    [[nodiscard]] std::optional<Error> lastError() const { return m_lastError; }
    [[nodiscard]] Agent me() const { return m_me; }
    [[nodiscard]] QString hubName() const { return m_hubName; }
    [[nodiscard]] wire::Limits limits() const { return m_limits; }

    // --- what is ---
    [[nodiscard]] QList<Chat> chats() const; ///< waiting ones, ours, and ended ones that were not hidden
    [[nodiscard]] std::optional<Chat> chat(const ChatId &id) const;
    [[nodiscard]] QList<Message> messages(const ChatId &id) const; ///< 1..n without a gap
    [[nodiscard]] QList<Outgoing> outgoing(const ChatId &id) const;
    [[nodiscard]] QString typing(const ChatId &id) const; ///< of the visitor
    [[nodiscard]] bool isMine(const ChatId &id) const;
    /// Ends when the whole log is here.
    Async<Done> wholeLog(ChatId id);

    // --- what the agent does; all of it survives a crash and a broken line, except accept and claim ---
    ClientId say(const ChatId &id, const QString &text, MessageKind kind = MessageKind::Text);
    ClientId sendFile(const ChatId &id, const QString &name, const QString &mimeType,
                      const QByteArray &content);
    /// A file that cannot go (unreadable, too large): shown as not sent.
    ClientId refuseFile(const ChatId &id, const QString &name, qint64 size, const Error &error);
    void resend(const ClientId &cid);
    void discard(const ClientId &cid);
    /// Ends when the hub has ended it, or at once when there is no connection: then it ends when there is
    /// one.
    Async<Done> end(ChatId id);
    Async<ChatId> accept(ChatId id); ///< an empty id takes the one that waits longest
    void link(const ChatId &id, const QList<RecordRef> &links);
    Async<Claim> claim(ChatId id, std::chrono::seconds lease);
    void release(const ChatId &id, bool isDone);
    Async<QByteArray> fetch(ChatId id, FileId file);
    void setTyping(const ChatId &id, bool isTyping);
    void markRead(const ChatId &id);
    void setPresence(Presence presence, int capacity);
    /// Takes an ended chat off the list.
    void hide(const ChatId &id);

signals:
    void stateChanged();
    /// Keep it in the secret store; it signs in without a password.
    void signedIn(const QString &token);
    void synced();
    void chatChanged(const parley::ChatId &id);
    void chatRemoved(const parley::ChatId &id);
    void messagesChanged(const parley::ChatId &id); ///< also of what is outgoing
    void typingChanged(const parley::ChatId &id);

private:
    struct Held {
        Chat chat;
        QList<Message> messages;
        QString typing;
        qint64 typingNumber = 0;
        qint64 resumeNumber = 0; // 0: no resume is on its way
        qint64 readSent = 0;
        bool isDirty = false;
        bool mayRead = true; // false: the hub does not show us this chat's log
        [[nodiscard]] qint64 seq() const { return messages.size(); }
    };

    Line(std::shared_ptr<store::Database> database, Clock &clock);
    void start(const QUrl &door);
    void setState(LineState state, std::optional<Error> error = {});
    void post(const QJsonObject &frame);
    void onOpened();
    void onClosed(int closeCode, const QString &reason);
    void onText(const QString &text);
    void dispatch(const QString &type, const QJsonObject &body);
    void onWelcome(const QJsonObject &body);
    void onSynced();
    void onChat(const QJsonObject &body);
    void onGone(const ChatId &id);
    void onEntry(const QJsonObject &body);
    void onLog(const QJsonObject &body);
    void onAck(const QJsonObject &body);
    void onMarks(const QJsonObject &body);
    void onTyping(const QJsonObject &body);
    void onError(const QJsonObject &body);
    void onFileData(const QJsonObject &body);

    Held *find(const ChatId &id);
    const Held *find(const ChatId &id) const;
    /// Those that continue the log are kept; a gap asks the hub for the rest. True when anything was new.
    bool append(Held &held, const QList<Message> &entries);
    void learnFrom(Held &held, const Message &message);
    void resume(const ChatId &id);
    void keepChat(Held &held);
    void drop(const ChatId &id);
    Message messageOf(const Outgoing &outgoing, qint64 seq, const QDateTime &at) const;
    Async<QJsonObject> request(QString key, QJsonObject frame);
    bool answer(const QString &key, Result<QJsonObject> reply);
    void failRequests(const Error &error);

    Clock &m_clock;
    std::shared_ptr<LineTable> m_table; // shared with the queue
    std::unique_ptr<net::WebSocketLine> m_socket;
    std::unique_ptr<Pacer> m_pacer;
    std::shared_ptr<SendQueue> m_queue; // its coroutines keep it
    LineState m_state = LineState::SignedOut;
    QDateTime m_since;
    std::optional<Error> m_lastError;
    QString m_email;
    QString m_password;
    QString m_token;
    QString m_owner; // the agent whose chats are stored
    Agent m_me;
    QString m_hubName;
    wire::Limits m_limits;
    Presence m_presence = Presence::Available;
    int m_capacity = 6;
    std::map<QString, Held> m_chats;
    QSet<QString> m_listed; // between welcome and synced
    bool m_isSyncing = false;
    struct Request {
        QJsonObject frame;
        std::shared_ptr<QPromise<Result<QJsonObject>>> promise; // shared with the waiting coroutine
    };
    QHash<QString, Request> m_requests; // by client id or "file:<id>"
    struct TypingSent {
        bool isTyping = false;
        qint64 at = 0;
    };
    QHash<ChatId, TypingSent> m_typingSent;
    qint64 m_next = 1;
};

} // namespace parley::chat
