#include "core/salesforce/Api.h"

#include "core/base/Log.h"
#include "core/net/Retry.h"
#include "core/salesforce/Replies.h"

#include <QJsonDocument>
#include <QRandomGenerator>

namespace parley::salesforce {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int kMaxParts = 25;

QByteArray bodyOf(const QJsonValue &json)
{
    if (json.isUndefined())
        return {};
    return (json.isArray() ? QJsonDocument(json.toArray()) : QJsonDocument(json.toObject()))
        .toJson(QJsonDocument::Compact);
}

const QList<std::chrono::milliseconds> &lockWaits()
{
    static const QList<std::chrono::milliseconds> waits{
        std::chrono::milliseconds(300), std::chrono::milliseconds(1000), std::chrono::milliseconds(2500)};
    return waits;
}

bool isRowLocked(const QList<Part> &parts)
{
    return std::ranges::any_of(parts, [](const Part &part) {
        return !part.isOk() && errorOf(part.status, part.body).remoteCode == u"UNABLE_TO_LOCK_ROW";
    });
}

/// True where the first part failed: nothing else was asked to be written before it.
bool wroteNothing(const QList<Part> &parts, bool isAllOrNone)
{
    return isAllOrNone || (!parts.isEmpty() && !parts.first().isOk());
}

} // namespace

QString queryPath(const QString &statement)
{
    return u"query/?q="_s + QString::fromLatin1(QUrl::toPercentEncoding(statement));
}

Api::Api(std::shared_ptr<net::HttpTransport> transport, std::shared_ptr<auth::TokenSource> tokens,
         Clock &clock, QString version, QUrl instanceUrl)
    : m_transport(std::move(transport))
    , m_tokens(std::move(tokens))
    , m_clock(clock)
    , m_version(std::move(version))
    , m_instanceUrl(std::move(instanceUrl))
{}

QString Api::rooted(const QString &path) const
{
    return path.startsWith(u'/') ? path : u"/services/data/%1/"_s.arg(m_version) + path;
}

Async<net::HttpReply> Api::sendOnce(Call call, auth::AccessToken token)
{
    const auto self = shared_from_this();
    QByteArray base =
        token.instanceUrl.toEncoded(QUrl::RemovePath | QUrl::RemoveQuery | QUrl::RemoveFragment);
    while (base.endsWith('/'))
        base.chop(1);
    net::HttpRequest request;
    request.method = call.method;
    request.url = QUrl::fromEncoded(base + rooted(call.path).toUtf8(), QUrl::StrictMode);
    request.headers = call.headers;
    request.headers.emplace_back("Authorization", "Bearer " + token.value);
    request.headers.emplace_back("Accept", "application/json");
    if (!call.body.isUndefined()) {
        request.headers.emplace_back("Content-Type", "application/json; charset=UTF-8");
        request.body = bodyOf(call.body);
    }
    request.isIdempotent = call.isIdempotent;
    request.timeout = call.timeout;
    if (!request.url.isValid())
        co_return fail(Errc::InvalidInput, u"the call's path is no URL"_s);
    auto reply = co_await m_transport->send(request);
    if (reply) {
        if (const auto usage = usageOf(reply->header("Sforce-Limit-Info")))
            m_usage = usage;
    }
    co_return reply;
}

Result<Answer> Api::answerOf(const net::HttpReply &reply, int trips)
{
    const bool isSuccess = (reply.status >= 200 && reply.status < 300) || reply.status == 304;
    if (!isSuccess)
        return fail(errorOf(reply, m_clock.now()));
    Answer answer{.status = reply.status,
                  .json = QJsonValue::Undefined,
                  .bytes = reply.body,
                  .headers = reply.headers,
                  .trips = trips};
    if (reply.body.trimmed().isEmpty())
        return answer;
    QJsonParseError problem{};
    const QJsonDocument document = QJsonDocument::fromJson(reply.body, &problem);
    if (document.isNull()) {
        qCWarning(lcSalesforce) << "a success without JSON" << reply.status << problem.errorString();
        return fail(Error{.code = Errc::BadReply,
                          .detail = u"HTTP %1, body is no JSON"_s.arg(reply.status),
                          .httpStatus = reply.status});
    }
    answer.json = document.isArray() ? QJsonValue(document.array()) : QJsonValue(document.object());
    return answer;
}

Async<QString> Api::identity()
{
    const auto self = shared_from_this();
    auto token = co_await m_tokens->token();
    if (!token)
        co_return fail(token.error());
    m_instanceUrl = token->instanceUrl;
    m_identityUrl = token->identityUrl;
    // The identity is https://host/id/ORG/USER. A copy of an org keeps the ids and has another address.
    QString who = m_instanceUrl.authority() + QUrl(m_identityUrl).path();
    co_return who;
}

Async<Answer> Api::call(Call call)
{
    const auto self = shared_from_this();
    for (int tries = 1;; ++tries) {
        auto answer = co_await callOnce(call);
        // Refused before anything was written: the same may be asked again.
        const bool isLocked = !answer && answer.error().remoteCode == u"UNABLE_TO_LOCK_ROW";
        if (!isLocked || tries > lockWaits().size())
            co_return answer;
        co_await waitForLock(tries);
    }
}

QCoro::Task<void> Api::waitForLock(int tries)
{
    const auto self = shared_from_this();
    const auto wait =
        net::jittered(net::waitBefore(lockWaits(), tries), QRandomGenerator::global()->generateDouble());
    qCInfo(lcSalesforce) << "row locked, try" << tries << "again in" << wait.count() << "ms";
    co_await sleepFor(&m_clock, wait);
}

Async<Answer> Api::callOnce(Call call)
{
    const auto self = shared_from_this();
    auto token = co_await m_tokens->token();
    if (!token)
        co_return fail(token.error());
    m_instanceUrl = token->instanceUrl;
    m_identityUrl = token->identityUrl;
    auto reply = co_await sendOnce(call, *token);
    if (!reply)
        co_return fail(reply.error());
    int trips = 1;
    if (reply->status == 401 && !isBeyondRefresh(reply->body)) {
        auto renewed = co_await m_tokens->renewed(token->generation);
        if (!renewed)
            co_return fail(renewed.error());
        m_instanceUrl = renewed->instanceUrl;
        reply = co_await sendOnce(call, *renewed); // once: a second refusal is the answer
        if (!reply)
            co_return fail(reply.error());
        trips = 2;
    }
    co_return answerOf(*reply, trips);
}

Async<Batch> Api::batch(QStringList paths)
{
    const auto self = shared_from_this();
    Batch batch;
    for (qsizetype from = 0; from < paths.size(); from += kMaxParts) {
        QJsonArray requests;
        const QStringList some = paths.mid(from, kMaxParts);
        for (const QString &path : some)
            requests += QJsonObject{{u"method"_s, u"GET"_s}, {u"url"_s, m_version + u'/' + path}};
        Call call{.method = "POST", .path = u"composite/batch"_s};
        call.body = QJsonObject{{u"haltOnError"_s, false}, {u"batchRequests"_s, requests}};
        auto answer = co_await this->call(call);
        if (!answer)
            co_return fail(answer.error());
        batch.trips += answer->trips;
        const QJsonArray results = answer->json[u"results"].toArray();
        if (results.size() != some.size())
            co_return fail(Errc::BadReply,
                           u"composite/batch answered %1 of %2"_s.arg(results.size()).arg(some.size()));
        for (const QJsonValue result : results)
            batch.parts += {.status = result[u"statusCode"].toInt(), .body = result[u"result"]};
    }
    co_return batch;
}

Async<QList<Part>> Api::composite(QJsonArray requests, bool isAllOrNone)
{
    const auto self = shared_from_this();
    for (int tries = 1;; ++tries) {
        Call call{.method = "POST", .path = u"composite"_s};
        call.isIdempotent = false;
        call.body = QJsonObject{{u"allOrNone"_s, isAllOrNone},
                                {u"collateSubrequests"_s, false}, // else the order is Salesforce's
                                {u"compositeRequest"_s, requests}};
        auto answer = co_await this->call(call);
        if (!answer)
            co_return fail(answer.error());
        const QJsonArray replies = answer->json[u"compositeResponse"].toArray();
        if (replies.size() != requests.size())
            co_return fail(Errc::BadReply,
                           u"composite answered %1 of %2"_s.arg(replies.size()).arg(requests.size()));
        QList<Part> parts;
        for (const QJsonValue reply : replies)
            parts += {.status = reply[u"httpStatusCode"].toInt(), .body = reply[u"body"]};
        const bool mayRetry =
            tries <= lockWaits().size() && isRowLocked(parts) && wroteNothing(parts, isAllOrNone);
        if (!mayRetry)
            co_return parts;
        co_await waitForLock(tries);
    }
}

} // namespace parley::salesforce
