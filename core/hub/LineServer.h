// The hub's one port: accepts connections, keeps silent ones honest, and writes everything of one turn at
// once.
#pragma once

#include "core/base/Clock.h"
#include "core/hub/Config.h"
#include "core/hub/HttpHead.h"
#include "core/hub/Line.h"
#include "core/wire/HubFrames.h"

#include <QHash>
#include <QSet>
#include <QTcpServer>

namespace parley::hub {

/// What the lines are for.
class LineUser
{
public:
    LineUser() = default;
    LineUser(const LineUser &) = delete;
    LineUser &operator=(const LineUser &) = delete;
    virtual void lineOpened(Line &line) = 0;
    virtual void lineReceived(Line &line, const QByteArray &frame) = 0;
    virtual void lineTooLarge(Line &line, const QByteArray &head, qint64 size) = 0;
    virtual void lineClosed(Line &line) = 0;
    /// The peer has taken most of what it was sent (Line::watchBacklog).
    virtual void lineCaughtUp(Line &line) = 0;
    /// More has come in than can be worked off: nothing is read until LineServer::readOn().
    [[nodiscard]] virtual bool isBusy() const = 0;
    virtual HttpAnswer httpAnswer(const HttpHead &head) = 0;

    virtual ~LineUser() = default;
};

/// Under which name limits are kept: an IPv4 address, or the /64 of an IPv6 one, because whoever has one of
/// its addresses has them all.
QString networkOf(const QHostAddress &address);

class LineServer final : public QTcpServer
{
    Q_OBJECT

public:
    LineServer(const Config &config, Clock &clock, LineUser &user, QObject *parent = nullptr);
    ~LineServer() override;

    Result<Done> open();
    void shut();

    [[nodiscard]] const Config &config() const { return m_config; }
    [[nodiscard]] Clock &clock() { return m_clock; }
    [[nodiscard]] quint64 nextId() { return ++m_lastId; }
    [[nodiscard]] int lineCount() const { return int(m_lines.size()); }

    // What lines tell their server.
    void opened(Line &line) { m_user.lineOpened(line); }
    void received(Line &line, const QByteArray &frame) { m_user.lineReceived(line, frame); }
    void tooLarge(Line &line, const QByteArray &head, qint64 size) { m_user.lineTooLarge(line, head, size); }
    void refused(Line &line, const wire::Refusal &refusal);
    void closed(Line &line) { m_user.lineClosed(line); }
    void caughtUp(Line &line) { m_user.lineCaughtUp(line); }
    [[nodiscard]] bool isBusy() const { return m_user.isBusy(); }
    void park(Line &line) { m_parked.insert(line.id()); }
    void readOn();
    void remove(Line &line);
    HttpAnswer answer(const HttpHead &head) { return m_user.httpAnswer(head); }
    void queueFlush(Line &line);

    /// True where no page asks (a program has no Origin), for the hub's own pages, and for the sites it
    /// serves.
    [[nodiscard]] bool isWelcomeOrigin(const HttpHead &head) const;
    /// Whom a proxy of ours speaks for; null where none does.
    [[nodiscard]] QHostAddress forwardedFor(const Line &line, const HttpHead &head) const;
    /// Takes the line among those of its address; false when these are too many.
    bool count(Line &line);
    [[nodiscard]] HttpAnswer tooManyOfOneAddress() const;
    /// The address as it is counted; empty when it is not: this computer's own, unless a limit was asked for.
    [[nodiscard]] QString countedName(const QHostAddress &address) const;

protected:
    void incomingConnection(qintptr descriptor) override;

private:
    void flushAll();
    void sweep();
    void sweepLine(Line &line, qint64 now);
    void boundBacklogs();
    void turnAway(Line &line, const HttpAnswer &answer);
    [[nodiscard]] int mostPerAddress() const;
    [[nodiscard]] bool isProxy(const QHostAddress &address) const;

    const Config &m_config;
    Clock &m_clock;
    LineUser &m_user;
    QHash<quint64, Line *> m_lines;   // children of this
    QHash<quint64, Line *> m_leaving; // those for whom there is no room; they are told so
    QSet<quint64> m_parked;
    QHash<QString, int> m_perAddress;
    QList<std::pair<QHostAddress, int>> m_proxies;
    bool m_saidFull = false; ///< once, until there is room again
    std::vector<quint64> m_toFlush;
    quint64 m_lastId = 0;
    bool m_isFlushDue = false;
};

} // namespace parley::hub
