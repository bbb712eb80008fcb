#include "core/hub/LineServer.h"

#include "core/base/Log.h"
#include "core/wire/Frame.h"

namespace parley::hub {

using namespace Qt::Literals::StringLiterals;

namespace {
constexpr qint64 kPingAfterMs = 5'000;
constexpr qint64 kSilenceMs = 10'000;
constexpr std::chrono::milliseconds kSweepEvery{1'000};
} // namespace

LineServer::LineServer(const Config &config, Clock &clock, LineUser &user, QObject *parent)
    : QTcpServer(parent)
    , m_config(config)
    , m_clock(clock)
    , m_user(user)
{
    setListenBacklogSize(1024);
}

LineServer::~LineServer()
{
    shut();
}

Result<Done> LineServer::open()
{
    QHostAddress address(m_config.host);
    if (m_config.host == u"localhost")
        address = QHostAddress(QHostAddress::LocalHost);
    if (address.isNull())
        return fail(
            {.code = Errc::InvalidInput, .detail = u"not an address to listen on: "_s + m_config.host});
    if (!listen(address, m_config.port)) {
        const bool isTaken = serverError() == QAbstractSocket::AddressInUseError;
        return fail({.code = isTaken ? Errc::Conflict : Errc::Offline,
                     .detail = u"cannot listen on %1 port %2: %3"_s.arg(m_config.host)
                                   .arg(m_config.port)
                                   .arg(errorString()),
                     .remoteCode = isTaken ? u"port_taken"_s : u"listen"_s});
    }
    m_clock.callAfter(kSweepEvery, this, [this] { sweep(); });
    return Done{};
}

void LineServer::shut()
{
    close();
    const auto lines = m_lines;
    for (Line *line : lines) {
        line->closeLine(WebSocketCodec::CloseCode::GoingAway);
        line->drop();
    }
}

void LineServer::incomingConnection(qintptr descriptor)
{
    auto *line = new Line(*this);
    line->setParent(this);
    if (!line->setSocketDescriptor(descriptor)) {
        delete line;
        return;
    }
    line->setSocketOption(QAbstractSocket::LowDelayOption, 1);
    if (m_lines.size() >= m_config.connections) {
        qCWarning(lcHub) << "refused a connection:" << m_lines.size() << "are open";
        line->write(
            HttpAnswer{.status = 503, .body = "full\n", .headers = {{"Retry-After", "10"}}}.toBytes(false));
        line->disconnectFromHost();
        line->drop();
        return;
    }
    m_lines.insert(line->id(), line);
}

void LineServer::refused(Line &line, const wire::Refusal &refusal)
{
    line.send(wire::encode(refusal.toJson()));
}

void LineServer::queueFlush(Line &line)
{
    m_toFlush.push_back(line.id());
    if (!m_isFlushDue) {
        m_isFlushDue = true;
        QMetaObject::invokeMethod(this, &LineServer::flushAll, Qt::QueuedConnection);
    }
}

void LineServer::flushAll()
{
    m_isFlushDue = false;
    const auto due = std::exchange(m_toFlush, {});
    for (const quint64 id : due) {
        if (Line *line = m_lines.value(id))
            line->flushQueue();
    }
}

void LineServer::sweep()
{
    static const QByteArray ping = R"({"t":"ping"})";
    const qint64 now = m_clock.steadyMs();
    const auto lines = m_lines; // dropping one changes the table
    for (Line *line : lines) {
        const qint64 silent = now - line->heardAt();
        if (silent >= kSilenceMs || (!line->isLive() && now - line->openedAt() >= kSilenceMs)) {
            qCDebug(lcHub) << "line" << line->id() << "silent for" << silent << "ms";
            line->drop();
        } else if (line->isLive() && silent >= kPingAfterMs && !line->isPinged()) {
            line->setPinged();
            line->send(ping);
        }
    }
    m_clock.callAfter(kSweepEvery, this, [this] { sweep(); });
}

} // namespace parley::hub
