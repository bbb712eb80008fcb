#include "core/net/NetworkTransport.h"

#include "core/base/Log.h"
#include "core/base/Redact.h"

#include <QElapsedTimer>
#include <QIODevice>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QSslError>
#include <QTimer>

#include <qcoronetworkreply.h>

namespace parley::net {

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace {

enum class Ending { ByItself, TimedOut, Cancelled, TooLarge };

/// A body that can be read once. QNetworkAccessManager silently sends a request again, POST included, when a
/// kept connection breaks before the answer; a body that cannot be rewound is what stops it. (No QBuffer: Qt
/// sees through it. Not sequential either: Qt tries to rewind those, too, and warns.)
class OneTimeBody final : public QIODevice
{
public:
    explicit OneTimeBody(QByteArray bytes)
        : m_bytes(std::move(bytes))
    {
        open(QIODevice::ReadOnly | QIODevice::Unbuffered);
    }
    [[nodiscard]] qint64 size() const override { return m_bytes.size(); }
    bool seek(qint64) override { return false; }
    bool reset() override { return false; }

protected:
    qint64 readData(char *data, qint64 most) override
    {
        const qint64 count = std::min(most, m_bytes.size() - m_at);
        std::copy_n(m_bytes.constData() + m_at, count, data);
        m_at += count;
        return count;
    }
    qint64 writeData(const char *, qint64) override { return -1; }

private:
    QByteArray m_bytes;
    qint64 m_at = 0;
};

struct LaterDeleter {
    void operator()(QObject *object) const { object->deleteLater(); }
};

bool surelyNeverSent(QNetworkReply::NetworkError error)
{
    switch (error) {
    case QNetworkReply::ConnectionRefusedError:
    case QNetworkReply::HostNotFoundError:
    case QNetworkReply::SslHandshakeFailedError:
    case QNetworkReply::ProxyConnectionRefusedError:
    case QNetworkReply::ProxyNotFoundError:
    case QNetworkReply::ProxyAuthenticationRequiredError:
    case QNetworkReply::ProtocolUnknownError:
        return true;
    default:
        return false;
    }
}

Error errorOf(const QNetworkReply &reply, const QString &tlsProblem)
{
    Error error{.code = Errc::Offline, .detail = forLog(reply.errorString(), 200)};
    error.neverSent = surelyNeverSent(reply.error());
    switch (reply.error()) {
    case QNetworkReply::TimeoutError:
    case QNetworkReply::ProxyTimeoutError:
        error.code = Errc::TimedOut;
        break;
    case QNetworkReply::SslHandshakeFailedError:
        error.remoteCode = u"TLS"_s;
        if (!tlsProblem.isEmpty())
            error.detail = forLog(tlsProblem, 200);
        break;
    case QNetworkReply::ProtocolUnknownError:
    case QNetworkReply::ProtocolInvalidOperationError:
    case QNetworkReply::ProtocolFailure:
        error.code = Errc::BadReply;
        break;
    default:
        break;
    }
    return error;
}

/// An answer with a status counts as one, except where the connection broke in the middle of it.
bool isWhole(const QNetworkReply &reply)
{
    const bool hasStatus = reply.attribute(QNetworkRequest::HttpStatusCodeAttribute).isValid();
    return hasStatus &&
           (reply.error() == QNetworkReply::NoError || reply.error() >= QNetworkReply::ContentAccessDenied) &&
           reply.error() != QNetworkReply::ContentReSendError &&
           reply.error() != QNetworkReply::ProtocolFailure;
}

HttpReply replyOf(QNetworkReply &reply)
{
    HttpReply result{.status = reply.attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt()};
    const auto pairs = reply.rawHeaderPairs();
    for (const auto &[name, value] : pairs)
        result.headers.append({name, value});
    result.body = reply.readAll();
    return result;
}

} // namespace

NetworkTransport::NetworkTransport()
    : m_manager(new QNetworkAccessManager, [](QNetworkAccessManager *manager) { manager->deleteLater(); })
{
    m_manager->setRedirectPolicy(QNetworkRequest::ManualRedirectPolicy);
}

NetworkTransport::~NetworkTransport() = default;

QNetworkReply *NetworkTransport::start(const HttpRequest &request)
{
    QNetworkRequest wire(request.url);
    wire.setHeader(QNetworkRequest::UserAgentHeader, u"Parley/" PARLEY_VERSION ""_s);
    for (const auto &[name, value] : request.headers)
        wire.setRawHeader(name, value);
    wire.setAttribute(QNetworkRequest::Http2AllowedAttribute, false);
    wire.setAttribute(QNetworkRequest::CookieLoadControlAttribute, QNetworkRequest::Manual);
    wire.setAttribute(QNetworkRequest::CookieSaveControlAttribute, QNetworkRequest::Manual);
    wire.setAttribute(QNetworkRequest::AuthenticationReuseAttribute, QNetworkRequest::Manual);
    wire.setAttribute(QNetworkRequest::CacheLoadControlAttribute, QNetworkRequest::AlwaysNetwork);
    wire.setAttribute(QNetworkRequest::CacheSaveControlAttribute, false);
    wire.setDecompressedSafetyCheckThreshold(kMaxBodyBytes);
    if (request.isIdempotent)
        return m_manager->sendCustomRequest(wire, request.method, request.body);
    wire.setAttribute(QNetworkRequest::DoNotBufferUploadDataAttribute, true);
    wire.setHeader(QNetworkRequest::ContentLengthHeader, request.body.size());
    auto body = std::make_unique<OneTimeBody>(request.body);
    QNetworkReply *const reply = m_manager->sendCustomRequest(wire, request.method, body.get());
    body.release()->setParent(reply);
    return reply;
}

Async<HttpReply> NetworkTransport::send(HttpRequest request)
{
    const auto self = shared_from_this();
    const StopToken stopAll = m_stopAll;
    if (stopAll.isStopRequested() || (request.stop && request.stop->isStopRequested()))
        co_return fail(Errc::Cancelled);
    QElapsedTimer took;
    took.start();
    Ending ending = Ending::ByItself;
    QString tlsProblem;
    const std::unique_ptr<QNetworkReply, LaterDeleter> reply(start(request));
    QNetworkReply *const wire = reply.get();
    QTimer limit; // the network's own time: a peer that sends a byte now and then does not outlive it
    limit.setSingleShot(true);
    QTimer change;
    const auto give = [wire, &ending](Ending why) {
        if (ending == Ending::ByItself && !wire->isFinished()) {
            ending = why;
            wire->abort();
        }
    };
    QObject::connect(&limit, &QTimer::timeout, wire, [give] { give(Ending::TimedOut); });
    QObject::connect(&change, &QTimer::timeout, wire, [give, stopAll, stop = request.stop] {
        if (stopAll.isStopRequested() || (stop && stop->isStopRequested()))
            give(Ending::Cancelled);
    });
    QObject::connect(wire, &QNetworkReply::downloadProgress, &limit, [give](qint64 received, qint64 total) {
        if (received > kMaxBodyBytes || total > kMaxBodyBytes)
            give(Ending::TooLarge);
    });
    QObject::connect(wire, &QNetworkReply::sslErrors, &limit, [&tlsProblem](const QList<QSslError> &errors) {
        if (!errors.isEmpty())
            tlsProblem = errors.first().errorString();
    });
    limit.start(request.timeout);
    change.start(50ms);
    co_await wire;
    limit.stop();
    change.stop();
    const bool isReply = ending == Ending::ByItself && isWhole(*wire);
    qCDebug(lcNet) << request.method << forLog(request.url) << (isReply ? "answered" : "failed")
                   << took.elapsed() << "ms";
    switch (ending) {
    case Ending::ByItself:
        break;
    case Ending::TimedOut:
        co_return fail(Errc::TimedOut, u"no whole answer in %1 ms"_s.arg(request.timeout.count()));
    case Ending::Cancelled:
        co_return fail(Errc::Cancelled);
    case Ending::TooLarge:
        co_return fail(Errc::BadReply, u"answer of more than 64 MiB"_s);
    }
    if (!isReply)
        co_return fail(errorOf(*wire, tlsProblem));
    HttpReply answer = replyOf(*wire);
    co_return answer;
}

void NetworkTransport::cancelAll()
{
    m_stopAll.requestStop();
    m_stopAll = StopToken();
}

} // namespace parley::net
