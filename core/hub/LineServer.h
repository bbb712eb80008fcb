// The hub's one port: accepts connections, keeps silent ones honest, and writes everything of one turn at
// once.
#pragma once

#include "core/base/Clock.h"
#include "core/hub/Config.h"
#include "core/hub/HttpHead.h"
#include "core/hub/Line.h"
#include "core/wire/HubFrames.h"

#include <QHash>
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
    virtual HttpAnswer httpAnswer(const HttpHead &head) = 0;

protected:
    ~LineUser() = default;
};

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
    void remove(Line &line) { m_lines.remove(line.id()); }
    HttpAnswer answer(const HttpHead &head) { return m_user.httpAnswer(head); }
    void queueFlush(Line &line);

protected:
    void incomingConnection(qintptr descriptor) override;

private:
    void flushAll();
    void sweep();

    const Config &m_config;
    Clock &m_clock;
    LineUser &m_user;
    QHash<quint64, Line *> m_lines; // children of this
    std::vector<quint64> m_toFlush;
    quint64 m_lastId = 0;
    bool m_isFlushDue = false;
};

} // namespace parley::hub
