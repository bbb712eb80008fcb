#include "core/auth/LoopbackReceiver.h"

#include "core/auth/AuthorizationRequest.h"
#include "core/base/Clock.h"
#include "core/base/Log.h"
#include "core/base/Redact.h"

#include <QHostAddress>
#include <QTcpServer>
#include <QTcpSocket>
#include <QUrlQuery>

namespace parley::auth {

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace {
constexpr qsizetype kMaxHead = qsizetype{16} * 1024;
constexpr qsizetype kMaxConnections = 16;
constexpr auto kHeadLimit = 10s;

QByteArray page(const QString &title, const QString &text)
{
    // No script, nothing fetched: the page is all there is. Colours follow the system.
    return u"<!doctype html><html><head><meta charset=\"utf-8\"><title>%1</title><meta name=\"viewport\" "
           "content=\"width=device-width\"><style>:root{color-scheme:light dark}body{font:16px/1.5 "
           "system-ui,sans-serif;"
           "display:grid;place-content:center;min-height:90vh;margin:0;padding:24px;text-align:center}h1{"
           "font-size:20px;"
           "margin:0 0 8px}p{margin:0;opacity:.75}</style></head><body><main><h1>%1</h1><p>%2</p></main></body></html>"_s
               .arg(title.toHtmlEscaped(), text.toHtmlEscaped())
               .toUtf8();
}
} // namespace

LoopbackReceiver::LoopbackReceiver(Clock *clock, LoopbackWords words, QObject *parent)
    : QObject(parent)
    , m_clock(clock)
    , m_words(std::move(words))
{
    m_promise.start();
}

LoopbackReceiver::~LoopbackReceiver()
{
    cancel();
}

Result<QUrl> LoopbackReceiver::listen(const QList<QUrl> &redirectUris)
{
    QStringList taken;
    for (const QUrl &address : redirectUris) {
        const bool isLoopback = address.host() == u"localhost" || QHostAddress(address.host()).isLoopback();
        if (address.scheme() != u"http" || !isLoopback || address.hasQuery() || address.hasFragment())
            return fail(Errc::InvalidInput,
                        u"redirect address that is not plain http on this computer: "_s + forLog(address));
        QUrl bound;
        if (listenOn(address, &bound)) {
            m_redirectUri = bound;
            return bound;
        }
        taken += QString::number(address.port());
    }
    return fail(Error{.code = Errc::Conflict,
                      .detail = u"ports taken: "_s + taken.join(u", "),
                      .remoteCode = u"ports_taken"_s});
}

bool LoopbackReceiver::listenOn(const QUrl &address, QUrl *bound)
{
    // "localhost" is 127.0.0.1 for one browser and ::1 for the next. A stranger on either would get the code.
    QList<QHostAddress> hosts;
    if (address.host() == u"localhost")
        hosts = {QHostAddress(QHostAddress::LocalHost), QHostAddress(QHostAddress::LocalHostIPv6)};
    else
        hosts = {QHostAddress(address.host())};
    quint16 port = address.port() < 0 ? 0 : quint16(address.port());
    m_servers.clear();
    for (const QHostAddress &host : std::as_const(hosts)) {
        auto server = std::make_unique<QTcpServer>();
        if (!server->listen(host, port)) {
            if (!m_servers.empty() && server->serverError() != QAbstractSocket::AddressInUseError)
                continue; // this computer has no IPv6
            m_servers.clear();
            return false;
        }
        port = server->serverPort();
        m_servers.push_back(std::move(server));
    }
    *bound = address;
    if (address.port() != port)
        bound->setPort(port);
    for (const auto &server : m_servers) {
        connect(server.get(), &QTcpServer::newConnection, this, [this, listening = server.get()] {
            while (QTcpSocket *const socket = listening->nextPendingConnection())
                take(socket);
        });
    }
    return true;
}

QFuture<Result<QUrl>> LoopbackReceiver::redirect(const QByteArray &state, std::chrono::milliseconds limit)
{
    m_state = state;
    m_clock->callAfter(limit, this,
                       [this] { finish(fail(Errc::TimedOut, u"the browser never came back"_s)); });
    return m_promise.future();
}

void LoopbackReceiver::cancel()
{
    finish(fail(Errc::Cancelled));
}

void LoopbackReceiver::take(QTcpSocket *socket)
{
    connect(socket, &QTcpSocket::disconnected, socket, &QObject::deleteLater);
    if (m_reading.size() >= kMaxConnections) {
        socket->abort();
        return;
    }
    m_reading.insert(socket, {});
    connect(socket, &QObject::destroyed, this, [this, socket] { m_reading.remove(socket); });
    connect(socket, &QTcpSocket::readyRead, this, [this, socket] { read(socket); });
    m_clock->callAfter(kHeadLimit, socket, [socket] { socket->abort(); });
}

void LoopbackReceiver::read(QTcpSocket *socket)
{
    const auto head = m_reading.find(socket);
    if (head == m_reading.end())
        return;
    *head += socket->read(kMaxHead + 1 - head->size());
    const qsizetype end = head->indexOf("\r\n\r\n");
    if (end < 0) {
        if (head->size() > kMaxHead)
            socket->abort();
        return;
    }
    const QList<QByteArray> lines = head->left(end).split('\n');
    m_reading.erase(head);
    const QList<QByteArray> first = lines.first().trimmed().split(' ');
    QByteArray host;
    for (const QByteArray &line : lines.sliced(1)) {
        if (line.toLower().startsWith("host:"))
            host = line.mid(5).trimmed().toLower();
    }
    if (first.size() != 3 || !first.at(2).startsWith("HTTP/1.") || !first.at(1).startsWith('/')) {
        answer(socket, 400, m_words.strangeTitle, m_words.strangeText);
        return;
    }
    // A page elsewhere that had its own name resolved to this computer (DNS rebinding) names that host.
    const QByteArray authority = m_redirectUri.authority(QUrl::FullyEncoded).toLatin1();
    const QUrl address(m_redirectUri.scheme() + u"://"_s + QString::fromLatin1(authority) +
                           QString::fromLatin1(first.at(1)),
                       QUrl::StrictMode);
    if (host != authority || !isRedirect(address, m_redirectUri)) {
        answer(socket, 404, m_words.strangeTitle, m_words.strangeText);
        return;
    }
    if (first.at(0) != "GET") {
        answer(socket, 405, m_words.strangeTitle, m_words.strangeText);
        return;
    }
    const QUrlQuery query(address.query(QUrl::FullyEncoded));
    if (!query.hasQueryItem(u"code"_s) && !query.hasQueryItem(u"error"_s)) {
        answer(socket, 400, m_words.strangeTitle, m_words.strangeText);
        return;
    }
    const AuthorizationRequest ours{
        .url = {}, .redirectUri = m_redirectUri, .state = m_state, .verifier = {}, .issuer = {}};
    const Result<QByteArray> code = codeFrom(address, ours);
    if (!code && code.error().remoteCode == u"state_mismatch") {
        answer(socket, 400, m_words.strangeTitle, m_words.strangeText);
        finish(fail(code.error()));
        return;
    }
    if (code)
        answer(socket, 200, m_words.doneTitle, m_words.doneText);
    else
        answer(socket, 200, m_words.refusedTitle, m_words.refusedText);
    finish(address);
}

void LoopbackReceiver::answer(QTcpSocket *socket, int status, const QString &title, const QString &text)
{
    const QByteArray body = page(title, text);
    socket->write("HTTP/1.1 " + QByteArray::number(status) +
                  " Answered\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: " +
                  QByteArray::number(body.size()) +
                  "\r\nConnection: close\r\nCache-Control: no-store\r\nReferrer-Policy: no-referrer\r\n"
                  "X-Content-Type-Options: nosniff\r\nContent-Security-Policy: default-src 'none'; style-src "
                  "'unsafe-inline'\r\n\r\n" +
                  body);
    // Handed to the system now: the servers, and with them the sockets, may be gone before the event loop
    // turns.
    socket->flush();
    socket->disconnectFromHost();
}

void LoopbackReceiver::finish(Result<QUrl> result)
{
    if (m_isOver)
        return;
    m_isOver = true;
    for (const auto &server : m_servers)
        server->close();
    m_promise.addResult(std::move(result));
    m_promise.finish();
}

} // namespace parley::auth
