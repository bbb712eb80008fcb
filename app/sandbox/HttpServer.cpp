#include "app/sandbox/HttpServer.h"

#include "core/base/Clock.h"

#include <QRegularExpression>
#include <QTcpSocket>
#include <QUrl>

namespace parley::sandbox {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr qint64 kReadAhead = qint64{1024} * 1024;
constexpr auto kPatience = std::chrono::seconds(15); // with a request that stopped in its middle
constexpr auto kLinger = std::chrono::seconds(2);    // so that a client that still sends can read our refusal
constexpr int kLingerRounds = 10;                    // and who never stops is cut off

QByteArray reasonOf(int status)
{
    switch (status) {
    case 200:
        return "OK";
    case 201:
        return "Created";
    case 204:
        return "No Content";
    case 300:
        return "Multiple Choices";
    case 302:
        return "Found";
    case 304:
        return "Not Modified";
    case 400:
        return "Bad Request";
    case 401:
        return "Unauthorized";
    case 403:
        return "Forbidden";
    case 404:
        return "Not Found";
    case 405:
        return "Method Not Allowed";
    case 410:
        return "Gone";
    case 412:
        return "Precondition Failed";
    case 408:
        return "Request Timeout";
    case 409:
        return "Conflict";
    case 413:
        return "Content Too Large";
    case 414:
        return "URI Too Long";
    case 415:
        return "Unsupported Media Type";
    case 417:
        return "Expectation Failed";
    case 429:
        return "Too Many Requests";
    case 431:
        return "Request Header Fields Too Large";
    case 500:
        return "Internal Server Error";
    case 503:
        return "Service Unavailable";
    case 505:
        return "HTTP Version Not Supported";
    default:
        return "Status";
    }
}

Reply faultyReply(Fault::Kind kind)
{
    switch (kind) {
    case Fault::Kind::Unauthorized:
        return refusedReply(refusal(401, u"INVALID_SESSION_ID"_s, u"Session expired or invalid"_s));
    case Fault::Kind::Limit:
        return refusedReply(refusal(403, u"REQUEST_LIMIT_EXCEEDED"_s, u"TotalRequests Limit exceeded."_s));
    case Fault::Kind::Lock:
        return refusedReply(
            refusal(400, u"UNABLE_TO_LOCK_ROW"_s, u"unable to obtain exclusive access to this record"_s, {}));
    case Fault::Kind::TooMany: {
        Reply reply = refusedReply(refusal(429, u"REQUEST_LIMIT_EXCEEDED"_s, u"Too many requests."_s));
        reply.addHeader("Retry-After", "2");
        return reply;
    }
    case Fault::Kind::Html: {
        Reply reply;
        reply.contentType = "text/html;charset=UTF-8";
        reply.raw = "<!DOCTYPE html><html><head><title>We are down for maintenance</title></head>"
                    "<body><h1>We are down for maintenance</h1></body></html>";
        return reply;
    }
    default:
        return refusedReply(refusal(503, u"SERVER_UNAVAILABLE"_s, u"Server Unavailable"_s));
    }
}

} // namespace

QString percentDecoded(QStringView text)
{
    static const QRegularExpression bare(u"%(?![0-9A-Fa-f]{2})"_s);
    return QUrl::fromPercentEncoding(text.toString().replace(bare, u"%25"_s).toUtf8());
}

FormValues::FormValues(QStringView encoded)
{
    const auto decoded = [](QStringView text) {
        return percentDecoded(text.toString().replace(u'+', u' '));
    };
    for (const QStringView pair : encoded.split(u'&', Qt::SkipEmptyParts)) {
        const qsizetype equals = pair.indexOf(u'=');
        if (equals < 0)
            m_pairs.append({decoded(pair), QString()});
        else
            m_pairs.append({decoded(pair.first(equals)), decoded(pair.sliced(equals + 1))});
    }
}

QString FormValues::value(QStringView name) const
{
    for (const auto &[key, value] : m_pairs) {
        if (key == name)
            return value;
    }
    return {};
}

bool FormValues::has(QStringView name) const
{
    return std::ranges::any_of(m_pairs, [name](const auto &pair) { return pair.first == name; });
}

HttpServer::HttpServer(Clock &clock, Faults &faults, Handler handler, std::chrono::milliseconds latency)
    : m_clock(clock)
    , m_faults(faults)
    , m_handler(std::move(handler))
    , m_latency(latency)
{
    m_server.setListenBacklogSize(500);
    connect(&m_server, &QTcpServer::newConnection, this, [this] {
        while (QTcpSocket *socket = m_server.nextPendingConnection())
            new HttpConnection(*this, socket);
    });
}

quint16 HttpServer::listen(const QHostAddress &address, quint16 port)
{
    return m_server.listen(address, port) ? m_server.serverPort() : quint16(0);
}

HttpConnection::HttpConnection(HttpServer &server, QTcpSocket *socket)
    : QObject(socket)
    , m_server(server)
    , m_socket(socket)
{
    socket->setReadBufferSize(kReadAhead);
    socket->setSocketOption(QAbstractSocket::LowDelayOption, 1);
    connect(socket, &QTcpSocket::readyRead, this, &HttpConnection::readSome);
    connect(socket, &QTcpSocket::disconnected, socket, &QObject::deleteLater);
    if (socket->state() == QAbstractSocket::UnconnectedState) // came and went before we looked
        socket->deleteLater();
    else
        readSome();
}

void HttpConnection::readSome()
{
    if (m_answering)
        return; // the next request waits its turn in the socket
    const QByteArray bytes = m_socket->readAll();
    m_received += bytes.size();
    if (m_refused)
        return;
    m_reader.feed(bytes);
    while (!m_answering) {
        switch (m_reader.next()) {
        case HttpReader::Found::Whole:
            m_answering = true;
            serve(m_reader.take());
            continue;
        case HttpReader::Found::WantsContinue:
            m_socket->write("HTTP/1.1 100 Continue\r\n\r\n");
            continue;
        case HttpReader::Found::Broken:
            return refuse(m_reader.whyBroken());
        case HttpReader::Found::Nothing:
            if (m_reader.isInside())
                watch();
            return;
        }
    }
}

// A request that stops in its middle must not be waited for without end.
void HttpConnection::watch()
{
    if (m_watching)
        return;
    m_watching = true;
    m_server.m_clock.callAfter(kPatience, this, [this, seen = m_received] {
        m_watching = false;
        if (m_refused || m_answering || !m_reader.isInside())
            return;
        if (m_received != seen)
            return watch();
        refuse(refusedReply(refusal(408, u"REQUEST_TIMEOUT"_s,
                                    u"The request was not received in full within the time-out"_s)));
    });
}

void HttpConnection::refuse(const Reply &reply)
{
    m_refused = true;
    m_answering = false;
    const QByteArray body = reply.bytes();
    m_socket->write("HTTP/1.1 " + QByteArray::number(reply.status) + ' ' + reasonOf(reply.status) +
                    "\r\nContent-Type: " + reply.contentType + "\r\nContent-Length: " +
                    QByteArray::number(body.size()) + "\r\nConnection: close\r\n\r\n" + body);
    linger(kLingerRounds);
}

// To close while bytes come in resets the line, and the client would lose the answer with it.
void HttpConnection::linger(int rounds)
{
    m_server.m_clock.callAfter(kLinger, this, [this, rounds, seen = m_received] {
        if (rounds <= 0)
            m_socket->abort();
        else if (m_received != seen)
            linger(rounds - 1);
        else
            m_socket->disconnectFromHost();
    });
}

void HttpConnection::serve(const Request &request)
{
    Faults &faults = m_server.m_faults;
    if (request.path == u"/__sandbox/faults"_s || request.path == u"/__sandbox/requests"_s)
        return answer(request, faults.serve(request), false, {});
    const std::optional<Fault> fault = faults.take(request);
    const Fault::Kind kind = fault ? fault->kind : Fault::Kind::Latency;
    const auto delay = m_server.m_latency + std::chrono::milliseconds(fault ? fault->ms : 0);
    if (kind == Fault::Kind::DropBefore || kind == Fault::Kind::Hang) {
        faults.count(request, 0);
        if (kind == Fault::Kind::DropBefore)
            m_socket->abort();
        return;
    }
    const bool works =
        kind == Fault::Kind::Latency || kind == Fault::Kind::Drop || kind == Fault::Kind::Truncated;
    const Reply reply = works ? m_server.m_handler(request) : faultyReply(kind);
    faults.count(request, kind == Fault::Kind::Drop ? 0 : reply.status);
    if (kind == Fault::Kind::Drop)
        return m_server.m_clock.callAfter(delay, this, [this] { m_socket->abort(); });
    answer(request, reply, kind == Fault::Kind::Truncated, delay);
}

void HttpConnection::answer(const Request &request, const Reply &reply, bool truncated,
                            std::chrono::milliseconds delay)
{
    const bool bare = reply.status == 204 || reply.status == 304;
    const QByteArray body = bare ? QByteArray() : reply.bytes();
    const bool close = truncated || !request.keepAlive;
    QByteArray head = "HTTP/1.1 " + QByteArray::number(reply.status) + ' ' + reasonOf(reply.status) + "\r\n";
    head += "Date: " +
            QLocale::c().toString(m_server.m_clock.now(), u"ddd, dd MMM yyyy hh:mm:ss 'GMT'"_s).toLatin1() +
            "\r\n";
    for (const auto &[name, value] : reply.headers)
        head += name + ": " + value + "\r\n";
    if (!body.isEmpty())
        head += "Content-Type: " + reply.contentType + "\r\n";
    if (!bare)
        head += "Content-Length: " + QByteArray::number(body.size()) + "\r\n";
    head += close ? "Connection: close\r\n\r\n" : "Connection: keep-alive\r\n\r\n";
    const QByteArray bytes =
        request.method == "HEAD" ? head : head + (truncated ? body.first(body.size() / 2) : body);
    if (delay.count() <= 0)
        return send(bytes, close);
    m_server.m_clock.callAfter(delay, this, [this, bytes, close] {
        send(bytes, close);
        readSome();
    });
}

void HttpConnection::send(const QByteArray &bytes, bool close)
{
    m_socket->write(bytes);
    m_answering = close; // nothing is read after a farewell
    if (close)
        m_socket->disconnectFromHost();
}

} // namespace parley::sandbox
