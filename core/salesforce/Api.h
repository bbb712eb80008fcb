// Sends one call to Salesforce's REST API: the token, its one renewal, the limits, the errors.
#pragma once

#include "core/auth/TokenSource.h"
#include "core/base/Clock.h"
#include "core/crm/CrmClient.h"
#include "core/net/HttpTransport.h"

#include <QJsonArray>
#include <QJsonObject>
#include <QJsonValue>

namespace parley::salesforce {

struct Call {
    QByteArray method = "GET";
    QString path; ///< below /services/data/vNN.0/, or from the root when it begins with '/'; already encoded
    QJsonValue body = {}; ///< undefined: none
    net::Headers headers = {};
    bool isIdempotent = true;
    std::chrono::milliseconds timeout{20'000};
};

struct Answer {
    int status = 0;
    QJsonValue json;  ///< undefined when the reply has no body (204, 304)
    QByteArray bytes; ///< the body as it came
    net::Headers headers;
    int trips = 1; ///< 2 when the token was renewed on the way
};

/// One part of a composite reply.
struct Part {
    int status = 0;
    QJsonValue body;
    [[nodiscard]] bool isOk() const { return status >= 200 && status < 300; }
};

struct Batch {
    QList<Part> parts;
    int trips = 0;
};

class Api final : public std::enable_shared_from_this<Api>
{
public:
    /// The clock must outlive it.
    Api(std::shared_ptr<net::HttpTransport> transport, std::shared_ptr<auth::TokenSource> tokens,
        Clock &clock, QString version, QUrl instanceUrl);

    /// Whose answers these are: the org's address, its id and the user's. What is kept of them is kept under
    /// this name.
    Async<QString> identity();
    /// A success (2xx, 304), or the error that the reply stands for.
    Async<Answer> call(Call call);
    /// Independent reads, at most 25 in one trip; the parts come in order.
    Async<Batch> batch(QStringList paths);
    /// Writes and reads that may refer to each other. Row locks are waited for, where nothing was written
    /// meanwhile.
    Async<QList<Part>> composite(QJsonArray requests, bool isAllOrNone);

    [[nodiscard]] std::optional<crm::Usage> usage() const { return m_usage; }
    /// Where the org lives; empty before the first call unless the configuration told.
    [[nodiscard]] QUrl instanceUrl() const { return m_instanceUrl; }
    [[nodiscard]] QString identityUrl() const { return m_identityUrl; }
    [[nodiscard]] const QString &version() const { return m_version; }
    /// "/services/data/vNN.0/" and the path.
    [[nodiscard]] QString rooted(const QString &path) const;

private:
    Async<Answer> callOnce(Call call);
    QCoro::Task<void> waitForLock(int tries);
    Async<net::HttpReply> sendOnce(Call call, auth::AccessToken token);
    Result<Answer> answerOf(const net::HttpReply &reply, int trips);

    // Shared: a call that waits for its answer goes on with both, whoever has let go of them meanwhile.
    std::shared_ptr<net::HttpTransport> m_transport;
    std::shared_ptr<auth::TokenSource> m_tokens;
    Clock &m_clock;
    QString m_version;
    QUrl m_instanceUrl;
    QString m_identityUrl;
    std::optional<crm::Usage> m_usage;
};

/// "query/?q=" and the statement, encoded.
QString queryPath(const QString &statement);

} // namespace parley::salesforce
