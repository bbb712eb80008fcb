// What the frames of visitors and agents do: each is understood, checked against the limits, made durable,
// answered, and told to whom it concerns.
#pragma once

#include "core/hub/Buckets.h"
#include "core/hub/Floor.h"
#include "core/hub/Store.h"
#include "core/hub/Tokens.h"

#include <QThreadPool>

namespace parley::hub {

class Doors
{
public:
    Doors(const Config &config, Clock &clock, Floor &floor, Store &store, const Tokens &tokens);
    ~Doors();
    Doors(const Doors &) = delete;
    Doors &operator=(const Doors &) = delete;

    void take(Session &session, const wire::Frame &frame);
    /// Goes on with what the session wants to read, when it has taken what it was sent.
    void readNext(Session &session);

private:
    using Handler = void (Doors::*)(Session &, const wire::Frame &);
    struct Entry {
        Handler handler;
        bool isForVisitors;
        bool isForAgents;
    };
    static const QHash<QString, Entry> &table();

    // Both doors (ChatFrames.cpp)
    void say(Session &session, const wire::Frame &frame);
    void typing(Session &session, const wire::Frame &frame);
    void read(Session &session, const wire::Frame &frame);
    void readSoon(Session &session, const wire::Frame &frame);
    void wasRead(Session &session);
    void resume(Session &session, const wire::Frame &frame);
    void end(Session &session, const wire::Frame &frame);
    void beginFile(Session &session, const wire::Frame &frame);
    void addPiece(Session &session, const wire::Frame &frame);
    void getPiece(Session &session, const wire::Frame &frame);
    void pong(Session &session, const wire::Frame &frame);
    void ping(Session &session, const wire::Frame &frame);

    // VisitorFrames.cpp
    void visitorHello(Session &session, const wire::Frame &frame);
    void start(Session &session, const wire::Frame &frame);
    void page(Session &session, const wire::Frame &frame);
    void offline(Session &session, const wire::Frame &frame);
    void endUnattended(const ChatId &chat);
    bool mayBegin(Session &session, const wire::Frame &frame);
    Result<LiveChatFields> fieldsOf(const Session &session, const QMap<QString, QString> &answers,
                                    const QMap<QString, QString> &variables,
                                    const QMap<QString, QString> &context) const;

    // AgentFrames.cpp
    void agentHello(Session &session, const wire::Frame &frame);
    void signInByToken(Session &session, const wire::Frame &frame, const QString &token);
    void signInByPassword(Session &session, const wire::Frame &frame, const wire::AgentHello &hello);
    void signedIn(quint64 line, const Tables::Account &account);
    void signInRefused(quint64 line, const wire::Frame &frame, const QString &why);
    bool maySignIn(const QString &address);
    void watchAccounts();
    void checkAccounts();
    void presence(Session &session, const wire::Frame &frame);
    void accept(Session &session, const wire::Frame &frame);
    void link(Session &session, const wire::Frame &frame);
    void claim(Session &session, const wire::Frame &frame);
    void release(Session &session, const wire::Frame &frame);

    [[nodiscard]] qint64 nowMs() const { return m_clock.now().toMSecsSinceEpoch(); }
    [[nodiscard]] qint64 pieceSize() const;
    bool checkText(Session &session, const wire::Frame &frame, const QString &text);
    void acknowledge(quint64 line, const ChatId &chat, const ClientId &cid, qint64 seq, qint64 atMs);
    /// The usual end of a frame that adds to a chat: ack to the sender, entry to the others, the chat frame
    /// soon.
    void added(quint64 line, const wire::Frame &frame, const ClientId &cid, const Result<Appended> &appended);

    const Config &m_config;
    Clock &m_clock;
    Floor &m_floor;
    Store &m_store;
    const Tokens &m_tokens;
    QObject m_context;         ///< answers of the pool come to it, and none once it is gone
    QThreadPool m_hashing;     ///< one thread: a password's check takes 64 MiB and 0.1 s
    Buckets m_attempts;        ///< wrong passwords, by address
    Buckets m_startsOfVisitor; ///< chats and offline messages
    Buckets m_startsOfAddress; ///< the same
    int m_signInsWaiting = 0;  ///< for the hashing thread
    int m_starting = 0;        ///< chats on their way into the store
};

} // namespace parley::hub
