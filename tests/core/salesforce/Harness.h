// A Salesforce client whose network the test plays, and the way to wait for its answers.
#pragma once

#include "core/salesforce/SalesforceClient.h"
#include "tests/core/salesforce/FakeTokens.h"
#include "tests/fakes/FakeClock.h"
#include "tests/fakes/FakeTransport.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

namespace parley::fakes {

/// What a task ended with, once it has.
template <class T> class Pending
{
public:
    explicit Pending(Async<T> task)
    {
        whenDone(std::move(task), &m_context, [this](Result<T> result) { m_result = std::move(result); });
    }
    [[nodiscard]] bool isDone() const { return m_result.has_value(); }
    [[nodiscard]] const Result<T> &result() const { return *m_result; }

private:
    QObject m_context;
    std::optional<Result<T>> m_result;
};

struct Harness {
    std::shared_ptr<FakeTransport> sharedNetwork = std::make_shared<FakeTransport>();
    std::shared_ptr<FakeTokens> sharedTokens = std::make_shared<FakeTokens>();
    FakeTransport &network = *sharedNetwork;
    FakeTokens &tokens = *sharedTokens;
    FakeClock clock;
    std::shared_ptr<salesforce::SalesforceClient> client;

    explicit Harness(std::shared_ptr<crm::DocumentCache> documents = nullptr)
    {
        salesforce::Config config;
        config.documents = std::move(documents);
        client = std::make_shared<salesforce::SalesforceClient>(sharedNetwork, sharedTokens, clock, config);
    }

    /// The oldest waiting request's body.
    [[nodiscard]] QJsonObject asked(qsizetype index = 0) const
    {
        return QJsonDocument::fromJson(network.request(index).body).object();
    }
    /// Answers a composite/batch with these parts.
    void answerBatch(const QList<std::pair<int, QByteArray>> &parts)
    {
        QByteArray body = R"({"hasErrors":false,"results":[)";
        for (qsizetype i = 0; i < parts.size(); ++i)
            body += (i > 0 ? "," : "") + QByteArray("{\"statusCode\":") + QByteArray::number(parts[i].first) +
                    ",\"result\":" + parts[i].second + '}';
        network.answerJson(200, body + "]}");
    }
    /// Answers a composite with these parts.
    void answerComposite(const QList<std::pair<int, QByteArray>> &parts)
    {
        QByteArray body = R"({"compositeResponse":[)";
        for (qsizetype i = 0; i < parts.size(); ++i)
            body += (i > 0 ? "," : "") +
                    QByteArray("{\"httpHeaders\":{},\"referenceId\":\"r\",\"httpStatusCode\":") +
                    QByteArray::number(parts[i].first) + ",\"body\":" + parts[i].second + '}';
        network.answerJson(200, body + "]}");
    }
};

inline QByteArray recordsJson(const QList<QByteArray> &records)
{
    return "{\"totalSize\":" + QByteArray::number(records.size()) + ",\"done\":true,\"records\":[" +
           records.join(',') + "]}";
}

inline QByteArray recordJson(const QByteArray &kind, const QByteArray &id, const QByteArray &more)
{
    return R"({"attributes":{"type":")" + kind + R"(","url":"/services/data/v62.0/sobjects/)" + kind + '/' +
           id + R"("},"Id":")" + id + "\"," + more + '}';
}

} // namespace parley::fakes
