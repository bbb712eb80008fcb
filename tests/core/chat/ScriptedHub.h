// A hub that keeps its chats' logs by docs/protocol.md and misbehaves when told to.
#pragma once

#include "core/wire/HubFrames.h"

#include <QHash>
#include <QObject>
#include <QUrl>

#include <memory>

class QWebSocket;
class QWebSocketServer;

namespace parley::tests {

class ScriptedHub final : public QObject
{
    Q_OBJECT

public:
    ScriptedHub();
    ~ScriptedHub() override;

    [[nodiscard]] QUrl door() const;
    void open();  ///< listens, on the same port as before
    void close(); ///< gone: every line is cut, nobody gets in

    // --- the chats ---
    Chat &put(const QString &id, ChatState state); ///< ours when open
    void visitorSays(const QString &id, const QString &text);
    void event(const QString &id, const QString &what); ///< "ended" also ends it
    void tell(const QString &id);                       ///< sends the chat frame
    void send(const QJsonObject &frame);
    [[nodiscard]] QList<Message> log(const QString &id) const { return m_logs.value(id); }
    [[nodiscard]] QStringList texts(const QString &id) const;
    [[nodiscard]] QList<QJsonObject> frames(const QString &type) const; ///< all that came of that type
    [[nodiscard]] int lines() const { return int(m_lines.size()); }

    // --- misbehaviour ---
    int refuseNext = 0; ///< so many frames with a cid are dropped with `refusal`
    QString refusal = QStringLiteral("too_many");
    int cutAfterCommit = 0; ///< so many additions are kept, and the line is cut instead of the ack
    int cutAtChunk = -1;    ///< the line is cut when the chunk of that number comes
    bool isMute = false;    ///< entries are not sent as they happen: only a resume brings them
    QString password = QStringLiteral("right");
    QString agentId = QStringLiteral("A1");
    bool grantsClaims = true;
    bool isWrittenAlready = false;
    int page = 500;

private:
    void take(QWebSocket *socket, const QString &text);
    void hello(QWebSocket *socket, const QJsonObject &body);
    bool add(QWebSocket *socket, const QString &chat, const QString &cid, Message message);
    void resume(QWebSocket *socket, const QJsonObject &body);
    void takeFile(QWebSocket *socket, const QString &type, const QJsonObject &body);
    static void reply(QWebSocket *socket, const QJsonObject &frame);
    void ack(QWebSocket *socket, const QString &chat, const QString &cid, qint64 seq);

    struct File {
        QString chat;
        QString cid;
        Attachment about;
        QByteArray content;
    };
    std::unique_ptr<QWebSocketServer> m_server;
    quint16 m_port = 0;
    QList<QWebSocket *> m_lines;
    QHash<QString, Chat> m_chats;
    QHash<QString, QList<Message>> m_logs;
    QHash<QString, File> m_files; // by file id
    QList<QJsonObject> m_frames;
    int m_chunks = 0;
};

} // namespace parley::tests
