// A visitor's page or a console at the hub's door, by Qt's own WebSocket: what the tests of the hub talk
// through.
#pragma once

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QNetworkRequest>
#include <QTest>
#include <QWebSocket>

namespace parley::tests {

class HubClient : public QObject
{
public:
    using Headers = QList<std::pair<QByteArray, QByteArray>>;

    explicit HubClient(const QString &url, const Headers &headers = {})
    {
        connect(&m_socket, &QWebSocket::textMessageReceived, this, [this](const QString &text) {
            const QJsonObject frame = QJsonDocument::fromJson(text.toUtf8()).object();
            if (frame.value(QStringLiteral("t")) == QStringLiteral("ping") && answersPings)
                send({{QStringLiteral("t"), QStringLiteral("pong")}});
            frames.append(frame);
        });
        QNetworkRequest request{QUrl(url)};
        for (const auto &[name, value] : headers)
            request.setRawHeader(name, value);
        m_socket.open(request);
        std::ignore = QTest::qWaitFor([this] { return isOpen(); });
    }

    [[nodiscard]] bool isOpen() const { return m_socket.state() == QAbstractSocket::ConnectedState; }
    [[nodiscard]] int closeCode() const { return int(m_socket.closeCode()); }
    void close() { m_socket.close(); }
    void abort() { m_socket.abort(); }
    void sendRaw(const QString &text) { m_socket.sendTextMessage(text); }
    void sendBinary(const QByteArray &bytes) { m_socket.sendBinaryMessage(bytes); }
    void send(const QJsonObject &frame)
    {
        sendRaw(QString::fromUtf8(QJsonDocument(frame).toJson(QJsonDocument::Compact)));
    }
    /// As in a test's source: single quotes for double ones.
    void say(const char *quoted, const QString &chat = {})
    {
        sendRaw(QString::fromUtf8(quoted).replace(u'\'', u'"').replace(QStringLiteral("CHAT"), chat));
    }

    /// Waits for the next frame of that type and takes it, leaving the others; empty when none comes.
    QJsonObject take(const QString &type, int ms = 5000)
    {
        QJsonObject found;
        std::ignore = QTest::qWaitFor(
            [&] {
                for (qsizetype i = 0; i < frames.size(); ++i) {
                    if (frames[i].value(QStringLiteral("t")).toString() == type) {
                        found = frames.takeAt(i);
                        return true;
                    }
                }
                return false;
            },
            ms);
        return found;
    }
    QString errorCode() { return take(QStringLiteral("error")).value(QStringLiteral("code")).toString(); }
    [[nodiscard]] bool has(const QString &type) const
    {
        return std::ranges::any_of(frames, [&](const QJsonObject &one) {
            return one.value(QStringLiteral("t")).toString() == type;
        });
    }
    /// Everything sent before has been answered once this pong is here: the hub answers in order.
    bool settle()
    {
        send({{QStringLiteral("t"), QStringLiteral("resume")},
              {QStringLiteral("chat"), QStringLiteral("C-settle")}});
        return errorCode() == QStringLiteral("not_found");
    }

    QList<QJsonObject> frames;
    bool answersPings = true;

private:
    QWebSocket m_socket;
};

inline QString textOf(const QJsonObject &object, const char *name)
{
    return object.value(QLatin1String(name)).toString();
}

inline int numberOf(const QJsonObject &object, const char *name)
{
    return object.value(QLatin1String(name)).toInt(-1);
}

} // namespace parley::tests
