// Who is connected, which chats are alive, and who must hear of what: the hub's picture of the moment. All of
// it can be lost; what must not be is in the store.
#pragma once

#include "core/base/Clock.h"
#include "core/hub/Config.h"
#include "core/hub/Line.h"
#include "core/hub/Tables.h"
#include "core/wire/Frame.h"

#include <QHash>
#include <QSet>

#include <memory>

namespace parley::hub {

/// What the hub knows of one line.
struct Session {
    Line *line = nullptr;
    bool isGreeted = false;
    bool isSigningIn = false; ///< the password is being checked on another thread
    Who who;
    qint64 epoch = 0;  ///< of the agent's account when it signed in
    double frames = 0; ///< left of the rate's burst
    qint64 refilledAt = 0;
    int refusedInARow = 0; ///< for want of those
    /// A visitor's, until the chat starts.
    struct Surroundings {
        wire::PageInfo page;
        QString language, timeZone, screen, browser, system, ip;
    };
    std::unique_ptr<Surroundings> around;
    QList<wire::Frame> reads; ///< pages of logs and files that were asked for and wait for their turn
    bool isReading = false;
    [[nodiscard]] quint64 id() const { return line->id(); }
};

class Floor final : public QObject
{
    Q_OBJECT

public:
    Floor(const Config &config, Clock &clock);

    Session &add(Line &line);
    void remove(Line &line);
    Session *find(quint64 line);
    void clear();

    void greetVisitor(Session &session, const VisitorId &visitor);
    void greetAgent(Session &session, const Agent &agent, qint64 epoch);
    [[nodiscard]] QList<Session *> agents() const;

    /// The live chats as the store gave them when the hub started.
    void begin(const QList<Chat> &chats);
    [[nodiscard]] const Chat *chat(const ChatId &id) const;
    [[nodiscard]] const Chat *chatOf(const VisitorId &visitor) const;
    [[nodiscard]] QList<Chat> chatsFor(const AgentId &agent) const;
    [[nodiscard]] int openChatsOf(const AgentId &agent) const;
    [[nodiscard]] int waitingCount() const;

    /// Takes the chat as it is now; an ended one is forgotten.
    void put(const Chat &chat);
    /// A message was added (durably): everyone in the chat but that line hears of it.
    void publish(const Appended &appended, quint64 exceptLine);
    void publish(const Chat &chat, const Message &message, qint64 atMs, quint64 exceptLine);
    /// The chat frame to all who see the chat, at once.
    void tellChat(const Chat &chat);
    /// The same within a quarter of a second, once for all changes until then.
    void tellChatSoon(const ChatId &chat);
    void tellMarks(const Chat &chat, quint64 exceptLine);
    /// To every agent but the chat's own.
    void tellGone(const Chat &chat);
    void tellVisitor(const VisitorId &visitor, const QByteArray &frame, quint64 exceptLine = 0);
    void tellAgent(const AgentId &agent, const QByteArray &frame, quint64 exceptLine = 0);

    void setPresence(const AgentId &agent, Presence status, qint64 capacity);
    [[nodiscard]] qint64 capacityOf(const AgentId &agent) const { return m_staff.value(agent).capacity; }
    [[nodiscard]] bool isOnline() const { return m_isOnline; }

    void refuse(Session &session, const Error &error, const wire::Frame &about, bool isFatal = false);

signals:
    /// The visitor of a waiting chat has been without a line for as long as such a chat is kept.
    void waitedOut(const parley::ChatId &chat);

private:
    struct Staff {
        Presence status = Presence::Offline;
        qint64 capacity = 0;
        quint64 absence =
            0; ///< counts the times that the last line went: an older timer must not take a newer presence
    };
    void visitorCame(const VisitorId &visitor);
    void visitorWent(const VisitorId &visitor);
    void setVisitorOnline(const VisitorId &visitor, bool isOnline);
    void leaveWaiting(const ChatId &chat);
    void agentWent(const AgentId &agent);
    void checkOnline();
    void tellSoonOnes();

    const Config &m_config;
    Clock &m_clock;
    QHash<quint64, std::shared_ptr<Session>>
        m_sessions; // shared only because QHash copies its values when it grows
    QHash<VisitorId, QList<Session *>> m_visitors;
    QHash<AgentId, QList<Session *>> m_agents;
    QHash<AgentId, Staff> m_staff;
    QHash<ChatId, Chat> m_chats; // waiting and open ones
    QHash<VisitorId, ChatId> m_chatOf;
    QHash<ChatId, quint64> m_left; ///< waiting ones whose visitor has no line, with the number of the leaving
    quint64 m_leavings = 0;
    QSet<ChatId> m_soon;
    bool m_isSoonDue = false;
    bool m_isOnline = false;
};

} // namespace parley::hub
