// A hub on loopback with a data folder of its own, agents, and the first steps of a chat.
#pragma once

#include "core/hub/Accounts.h"
#include "core/hub/Hub.h"
#include "tests/core/hub/HubClient.h"

#include <QTemporaryDir>

namespace parley::tests {

class HubFixture
{
public:
    explicit HubFixture(Clock &clock, const hub::Config &base = {})
        : m_config(base)
    {
        m_config.dataDir = m_dir.filePath(QStringLiteral("hub"));
        m_config.brandName = QStringLiteral("Tallyworks");
        hub = std::make_unique<hub::Hub>(m_config, clock);
        if (const auto started = hub->start())
            ready = *started;
    }

    [[nodiscard]] QString dataDir() const { return m_config.dataDir; }

    void restart(Clock &clock)
    {
        hub.reset();
        m_config.port = quint16(QUrl(ready.url).port());
        hub = std::make_unique<hub::Hub>(m_config, clock);
        if (const auto started = hub->start())
            ready = *started;
    }

    std::unique_ptr<HubClient> agent(const QString &email, const QString &name,
                                     const QString &role = QStringLiteral("agent"))
    {
        auto &token = m_tokens[email];
        if (token.isEmpty())
            std::ignore = hub::putAgent(
                dataDir(),
                {.email = email, .name = name, .role = role, .password = QStringLiteral("correct horse")});
        auto client = std::make_unique<HubClient>(ready.agentWs);
        QJsonObject hello{{QStringLiteral("t"), QStringLiteral("hello")}, {QStringLiteral("v"), 1}};
        if (token.isEmpty()) {
            hello.insert(QStringLiteral("email"), email);
            hello.insert(QStringLiteral("password"), QStringLiteral("correct horse"));
        } else {
            hello.insert(QStringLiteral("token"), token);
        }
        client->send(hello);
        token = textOf(client->take(QStringLiteral("welcome"), 20'000), "token");
        return client;
    }

    std::unique_ptr<HubClient> visitor(const QString &token = {}, const HubClient::Headers &headers = {})
    {
        auto client = std::make_unique<HubClient>(ready.visitorWs, headers);
        client->send(
            {{QStringLiteral("t"), QStringLiteral("hello")},
             {QStringLiteral("v"), 1},
             {QStringLiteral("token"), token},
             {QStringLiteral("page"),
              QJsonObject{{QStringLiteral("url"), QStringLiteral("https://tallyworks.example/pricing")},
                          {QStringLiteral("title"), QStringLiteral("Pricing")}}},
             {QStringLiteral("env"),
              QJsonObject{{QStringLiteral("language"), QStringLiteral("en-GB")},
                          {QStringLiteral("userAgent"),
                           QStringLiteral(
                               "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0")}}}});
        client->frames.append(client->take(QStringLiteral("welcome")));
        return client;
    }

    /// The chat's id.
    static QString start(HubClient &visitor, const char *cid = "s-1")
    {
        visitor.send(
            {{QStringLiteral("t"), QStringLiteral("start")},
             {QStringLiteral("cid"), QLatin1String(cid)},
             {QStringLiteral("fields"),
              QJsonObject{{QStringLiteral("name"), QStringLiteral("Amelia Hart")},
                          {QStringLiteral("email"), QStringLiteral("amelia.hart@northgate.example")},
                          {QStringLiteral("company"), QStringLiteral("Northgate")},
                          {QStringLiteral("colour"), QStringLiteral("blue")}}},
             {QStringLiteral("variables"), QJsonObject{{QStringLiteral("OrderId"), QStringLiteral("20391")}}},
             {QStringLiteral("text"), QStringLiteral("Our invoice is wrong.")}});
        return textOf(visitor.take(QStringLiteral("started")).value(QStringLiteral("chat")).toObject(), "id");
    }

    static bool accept(HubClient &agent, const QString &chat, const char *cid = "x-1")
    {
        agent.say((QByteArray("{'t':'accept','chat':'CHAT','cid':'") + cid + "'}").constData(), chat);
        const QJsonObject ack = agent.take(QStringLiteral("ack"));
        return textOf(ack, "chat") == chat;
    }

    hub::ReadyLine ready;

private:
    QTemporaryDir m_dir; // outlives the hub

public:
    std::unique_ptr<hub::Hub> hub;

private:
    hub::Config m_config;
    QHash<QString, QString> m_tokens;
};

} // namespace parley::tests
