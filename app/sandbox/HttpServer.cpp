#include "app/sandbox/HttpServer.h"

#include "core/base/Clock.h"

#include <QMetaEnum>
#include <QPointer>
#include <QTcpSocket>
#include <QtHttpServer/QHttpServerRequest>

namespace parley::sandbox {

using namespace Qt::Literals::StringLiterals;

namespace {

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
    case 415:
        return "Unsupported Media Type";
    case 429:
        return "Too Many Requests";
    case 500:
        return "Internal Server Error";
    case 503:
        return "Service Unavailable";
    default:
        return "Status";
    }
}

Request plainRequest(const QHttpServerRequest &request)
{
    const QMetaEnum methods = QMetaEnum::fromType<QHttpServerRequest::Method>();
    Request plain;
    plain.method = QByteArray(methods.valueToKey(int(request.method()))).toUpper();
    const QUrl url = request.url();
    plain.rawPath = url.path(QUrl::FullyEncoded);
    plain.path = QUrl::fromPercentEncoding(plain.rawPath.toUtf8());
    plain.rawQuery = url.query(QUrl::FullyEncoded);
    plain.headers = request.headers();
    plain.body = request.body();
    return plain;
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

FormValues::FormValues(QStringView encoded)
{
    const auto decoded = [](QStringView text) {
        return QUrl::fromPercentEncoding(text.toString().replace(u'+', u' ').toUtf8());
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
{}

bool HttpServer::handleRequest(const QHttpServerRequest &httpRequest, QTcpSocket *socket)
{
    const Request request = plainRequest(httpRequest);
    if (request.path == u"/__sandbox/faults"_s || request.path == u"/__sandbox/requests"_s) {
        answer(socket, request, m_faults.serve(request), false, 0);
        return true;
    }
    const std::optional<Fault> fault = m_faults.take(request);
    const Fault::Kind kind = fault ? fault->kind : Fault::Kind::Latency;
    const int delay = int(m_latency.count()) + (fault ? fault->ms : 0);
    if (kind == Fault::Kind::DropBefore || kind == Fault::Kind::Hang) {
        m_faults.count(request, 0);
        if (kind == Fault::Kind::DropBefore)
            socket->abort();
        return true;
    }
    const bool works =
        kind == Fault::Kind::Latency || kind == Fault::Kind::Drop || kind == Fault::Kind::Truncated;
    const Reply reply = works ? m_handler(request) : faultyReply(kind);
    m_faults.count(request, kind == Fault::Kind::Drop ? 0 : reply.status);
    if (kind == Fault::Kind::Drop) {
        m_clock.callAfter(std::chrono::milliseconds(delay), socket, [socket] { socket->abort(); });
        return true;
    }
    answer(socket, request, reply, kind == Fault::Kind::Truncated, delay);
    return true;
}

// Unreachable while handleRequest takes everything; the base class wants it.
void HttpServer::missingHandler(const QHttpServerRequest &httpRequest, QTcpSocket *socket)
{
    answer(socket, plainRequest(httpRequest),
           refusedReply(refusal(404, u"NOT_FOUND"_s, u"The requested resource does not exist"_s)), false, 0);
}

// Written by hand: QHttpServerResponder can neither be told a Content-Length it does not keep (our
// "truncated") nor send an empty 304 with headers.
void HttpServer::answer(QTcpSocket *socket, const Request &request, const Reply &reply, bool truncated,
                        int delayMs)
{
    const QByteArray body = reply.status == 204 || reply.status == 304 ? QByteArray() : reply.bytes();
    const bool close = truncated || request.header("Connection").compare("close", Qt::CaseInsensitive) == 0;
    QByteArray head = "HTTP/1.1 " + QByteArray::number(reply.status) + ' ' + reasonOf(reply.status) + "\r\n";
    head += "Date: " + QLocale::c().toString(m_clock.now(), u"ddd, dd MMM yyyy hh:mm:ss 'GMT'"_s).toLatin1() +
            "\r\n";
    for (const auto &[name, value] : reply.headers)
        head += name + ": " + value + "\r\n";
    if (!body.isEmpty())
        head += "Content-Type: " + reply.contentType + "\r\n";
    if (reply.status != 204 && reply.status != 304)
        head += "Content-Length: " + QByteArray::number(body.size()) + "\r\n";
    head += close ? "Connection: close\r\n\r\n" : "Connection: keep-alive\r\n\r\n";
    const QByteArray bytes =
        request.method == "HEAD" ? head : head + (truncated ? body.first(body.size() / 2) : body);
    const auto send = [socket, bytes, close] {
        socket->write(bytes);
        if (close)
            socket->disconnectFromHost();
    };
    if (delayMs > 0)
        m_clock.callAfter(std::chrono::milliseconds(delayMs), socket, send);
    else
        send();
}

} // namespace parley::sandbox
