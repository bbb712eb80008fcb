#include "core/hub/LineServer.h"

#include "core/base/Log.h"
#include "core/wire/Frame.h"

#include <QUrl>

namespace parley::hub {

using namespace Qt::Literals::StringLiterals;

namespace {
constexpr qint64 kPingAfterMs = 5'000;
constexpr qint64 kSilenceMs = 10'000;
constexpr qint64 kHelloMs = 30'000;
constexpr qint64 kMessageMs = 60'000;
constexpr qint64 kLargestBacklogs = qint64(256) * 1024 * 1024;
constexpr qint64 kGoodbyeMs = 2'000; // for the peer to take our last words and close
constexpr std::chrono::milliseconds kSweepEvery{1'000};
constexpr int kUsuallyPerAddress = 200;
constexpr qsizetype kMostLeaving = 128;

/// "https://www.example.com:8443" without what a browser leaves out, lower case.
QString originOf(const QUrl &url)
{
    const int usual = url.scheme() == u"https" ? 443 : url.scheme() == u"http" ? 80 : -1;
    const QString port = url.port(usual) == usual ? QString() : u":%1"_s.arg(url.port());
    return url.scheme() + u"://"_s + url.host(QUrl::FullyEncoded).toLower() + port;
}

bool isOfSite(const QUrl &origin, const QString &site)
{
    const qsizetype star = site.indexOf(u"://*."_s);
    if (star < 0)
        return originOf(origin) == originOf(QUrl(site));
    // https://*.example.com: whatever stands in front of the first dot.
    QUrl parent(site.left(star + 3) + site.sliced(star + 5));
    QUrl wanted(origin);
    if (!wanted.host().endsWith(u'.' + parent.host(), Qt::CaseInsensitive))
        return false;
    wanted.setHost(parent.host());
    return originOf(wanted) == originOf(parent);
}

} // namespace

LineServer::LineServer(const Config &config, Clock &clock, LineUser &user, QObject *parent)
    : QTcpServer(parent)
    , m_config(config)
    , m_clock(clock)
    , m_user(user)
{
    setListenBacklogSize(1024);
    for (const QString &proxy : config.proxies)
        m_proxies.append(QHostAddress::parseSubnet(proxy));
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
    for (const auto lines = m_lines; Line * line : lines) {
        line->closeLine(WebSocketCodec::CloseCode::GoingAway);
        line->drop();
    }
    for (const auto lines = m_leaving; Line * line : lines)
        line->drop();
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
        if (!std::exchange(m_saidFull, true))
            qCWarning(lcHub) << "full: refusing connections while" << m_lines.size() << "are open";
        turnAway(*line, {.status = 503,
                         .body = "the chat is full, come back later\n",
                         .headers = {{"Retry-After", "10"}}});
        return;
    }
    m_saidFull = false;
    // A proxy's connections are counted as those of its visitors, once these are known.
    if (!isProxy(line->peerAddress()) && !count(*line)) {
        turnAway(*line, tooManyOfOneAddress());
        return;
    }
    m_lines.insert(line->id(), line);
}

void LineServer::turnAway(Line &line, const HttpAnswer &answer)
{
    if (m_leaving.size() >= kMostLeaving) {
        // No room to part gently either: it hears the answer if it has said nothing yet.
        line.write(answer.toBytes(false));
        line.flush();
        line.drop();
        return;
    }
    m_leaving.insert(line.id(), &line);
    line.turnAway(answer);
}

void LineServer::remove(Line &line)
{
    m_leaving.remove(line.id());
    m_lines.remove(line.id());
    m_parked.remove(line.id());
    const auto counted = m_perAddress.find(line.countedAs());
    if (counted != m_perAddress.end() && --*counted == 0)
        m_perAddress.erase(counted);
}

int LineServer::mostPerAddress() const
{
    return m_config.connectionsPerAddress.value_or(kUsuallyPerAddress);
}

QString networkOf(const QHostAddress &address)
{
    bool isV4 = false;
    const quint32 v4 = address.toIPv4Address(&isV4); // also of ::ffff:10.0.0.1
    if (isV4)
        return QHostAddress(v4).toString();
    // Whoever has one IPv6 address has a network of them.
    Q_IPV6ADDR v6 = address.toIPv6Address();
    std::fill(v6.c + 8, v6.c + 16, quint8(0));
    return QHostAddress(v6).toString();
}

QString LineServer::countedName(const QHostAddress &address) const
{
    return address.isLoopback() && !m_config.connectionsPerAddress ? QString() : networkOf(address);
}

bool LineServer::count(Line &line)
{
    const QString name = countedName(line.address());
    if (name.isEmpty() || mostPerAddress() == 0)
        return true;
    const int open = m_perAddress.value(name);
    if (open >= mostPerAddress())
        return false;
    m_perAddress.insert(name, open + 1);
    line.countAs(name);
    return true;
}

HttpAnswer LineServer::tooManyOfOneAddress() const
{
    return {.status = 429,
            .body = "too many connections from this address, at most " +
                    QByteArray::number(mostPerAddress()) + '\n',
            .headers = {{"Retry-After", "10"}}};
}

bool LineServer::isProxy(const QHostAddress &address) const
{
    bool isV4 = false;
    const quint32 v4 = address.toIPv4Address(&isV4);
    const QHostAddress plain = isV4 ? QHostAddress(v4) : address;
    return std::ranges::any_of(m_proxies, [&plain](const auto &subnet) { return plain.isInSubnet(subnet); });
}

QHostAddress LineServer::forwardedFor(const Line &line, const HttpHead &head) const
{
    if (!isProxy(line.peerAddress()))
        return {};
    // Each proxy adds the one it heard from at the end; what stands before the first stranger is hearsay.
    QHostAddress heard = line.peerAddress();
    const QList<QByteArray> chain = head.joined("X-Forwarded-For").split(',');
    for (auto it = chain.rbegin(); it != chain.rend() && isProxy(heard); ++it) {
        const QHostAddress said(QString::fromLatin1(it->trimmed()));
        if (said.isNull())
            break;
        heard = said;
    }
    return heard;
}

bool LineServer::isWelcomeOrigin(const HttpHead &head) const
{
    const QByteArray origin = head.header("Origin");
    if (m_config.sites.isEmpty() || origin.isEmpty())
        return true;
    const QUrl asks(QString::fromLatin1(origin), QUrl::StrictMode);
    if (!asks.isValid() || asks.host().isEmpty())
        return false; // "null" is a page without an origin
    // The widget's frame is a page of the hub itself, whatever the name under which it was asked.
    if (originOf(asks) == originOf(QUrl(asks.scheme() + u"://"_s + QString::fromLatin1(head.header("Host")))))
        return true;
    return std::ranges::any_of(m_config.sites, [&asks](const QString &site) { return isOfSite(asks, site); });
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

void LineServer::readOn()
{
    for (const auto parked = std::exchange(m_parked, {}); const quint64 id : parked) {
        if (Line *line = m_lines.value(id))
            line->readOn();
    }
}

void LineServer::sweep()
{
    const qint64 now = m_clock.steadyMs();
    // Copies: dropping one changes the table.
    for (const auto leaving = m_leaving; Line * line : leaving)
        sweepLine(*line, now);
    for (const auto lines = m_lines; Line * line : lines)
        sweepLine(*line, now);
    boundBacklogs();
    m_clock.callAfter(kSweepEvery, this, [this] { sweep(); });
}

void LineServer::sweepLine(Line &line, qint64 now)
{
    static const QByteArray ping = R"({"t":"ping"})";
    const qint64 silent = now - line.heardAt();
    if (line.isClosing()) {
        if (now - line.closingSince() >= kGoodbyeMs)
            line.drop();
    } else if (!line.isLive()) {
        if (now - line.openedAt() >= kSilenceMs)
            line.drop();
    } else if (line.isPaused() || m_parked.contains(line.id())) {
        // It is we who do not listen.
    } else if (silent >= kSilenceMs) {
        qCDebug(lcHub) << "line" << line.id() << "silent for" << silent << "ms";
        line.drop();
    } else if (!line.isKnown() && now - line.openedAt() >= kHelloMs) {
        refused(line, {.code = wire::Code::OutOfTurn, .message = u"no hello in 30 s"_s, .fatal = true});
        line.closeLine(WebSocketCodec::CloseCode::NoHello);
    } else if (line.midwaySince() >= 0 && now - line.midwaySince() >= kMessageMs) {
        refused(line,
                {.code = wire::Code::TooLarge, .message = u"one frame for a whole minute"_s, .fatal = true});
        line.closeLine(WebSocketCodec::CloseCode::TooBig);
    } else if (silent >= kPingAfterMs && !line.isPinged()) {
        line.setPinged();
        line.send(ping);
    }
}

// Each line's backlog has a limit, and many lines together another: those furthest behind go, and may resume
// later.
void LineServer::boundBacklogs()
{
    qint64 sum = 0;
    QList<std::pair<qint64, Line *>> behind;
    for (Line *line : std::as_const(m_lines)) {
        if (line->isBehind()) {
            behind.append({line->backlog(), line});
            sum += line->backlog();
        }
    }
    if (sum <= kLargestBacklogs)
        return;
    std::ranges::sort(behind, std::ranges::greater{}, [](const auto &one) { return one.first; });
    qCWarning(lcHub) << behind.size() << "lines do not read" << sum << "bytes; the slowest are dropped";
    for (const auto &[bytes, line] : std::as_const(behind)) {
        line->drop();
        sum -= bytes;
        if (sum <= kLargestBacklogs)
            return;
    }
}

} // namespace parley::hub
