// Plays one persona at the hub's visitors' door, by the same protocol as the web page.
#pragma once

#include "app/demo/Persona.h"
#include "core/base/Clock.h"

#include <QObject>
#include <QUrl>
#include <QWebSocket>

namespace parley::demo {

class DemoVisitor : public QObject
{
    Q_OBJECT

public:
    /// The clock must outlive it.
    DemoVisitor(Persona persona, QUrl visitorWs, Clock &clock, QObject *parent = nullptr);

    void begin();
    [[nodiscard]] QString chatId() const { return m_chat; }

signals:
    /// The chat exists at the hub now.
    void started(const QString &chatId);
    void finished();

private:
    void receive(const QString &text);
    void send(const QJsonObject &frame);
    void startChat();
    void onEntry(const QJsonObject &entry);
    void playNext();
    /// Shows the text growing in the agent's typing preview, then sends it.
    void type(const QString &text, qsizetype shown);
    void say(const QString &text);

    const Persona m_persona;
    const QUrl m_url;
    Clock &m_clock;
    QWebSocket m_socket;
    QString m_token;
    QString m_chat;
    qint64 m_lastSeq = 0;
    qsizetype m_next = 0;
    bool m_hasReply = false; // the agent wrote since the last step
    bool m_isWaitingForReply = false;
    bool m_hasEnded = false;
};

} // namespace parley::demo
