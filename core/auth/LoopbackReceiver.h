// Waits on this computer for the one redirect with which the system browser ends a sign-in (RFC 8252
// section 7.3).
#pragma once

#include "core/base/Result.h"

#include <QFuture>
#include <QHash>
#include <QList>
#include <QObject>
#include <QPromise>
#include <QUrl>

#include <chrono>
#include <memory>
#include <vector>

class QTcpServer;
class QTcpSocket;

namespace parley {
class Clock;
}

namespace parley::auth {

/// Title and sentence of the pages that the browser shows at the end; plain text, the caller's language.
struct LoopbackWords {
    QString doneTitle = QStringLiteral("Back to Parley");
    QString doneText = QStringLiteral("Parley has the answer. You can close this page.");
    QString refusedTitle = QStringLiteral("Not signed in");
    QString refusedText =
        QStringLiteral("The sign-in was not completed. You can close this page and try again in Parley.");
    QString strangeTitle = QStringLiteral("This page belongs to another sign-in");
    QString strangeText = QStringLiteral("Start the sign-in again in Parley.");
};

class LoopbackReceiver : public QObject
{
    Q_OBJECT

public:
    /// The clock must outlive it.
    explicit LoopbackReceiver(Clock *clock, LoopbackWords words = {}, QObject *parent = nullptr);
    ~LoopbackReceiver() override;

    /// Takes the first of these addresses whose port is free; one without a port means any. The redirect URI
    /// that is now waited for. Conflict: every port is taken. InvalidInput: an address that is not http on
    /// loopback.
    Result<QUrl> listen(const QList<QUrl> &redirectUris);

    /// Ends once: with the redirect that carries that state; Rejected ("state_mismatch") when an answer comes
    /// with another one; TimedOut; Cancelled. Nothing is listened to afterwards. Call it once.
    QFuture<Result<QUrl>> redirect(const QByteArray &state, std::chrono::milliseconds limit);
    void cancel();

private:
    bool listenOn(const QUrl &address, QUrl *bound);
    void take(QTcpSocket *socket);
    void read(QTcpSocket *socket);
    void answer(QTcpSocket *socket, int status, const QString &title, const QString &text);
    void finish(Result<QUrl> result);

    Clock *m_clock;
    LoopbackWords m_words;
    std::vector<std::unique_ptr<QTcpServer>> m_servers;
    QUrl m_redirectUri;
    QByteArray m_state;
    QHash<QTcpSocket *, QByteArray> m_reading;
    QPromise<Result<QUrl>> m_promise;
    bool m_isOver = false;
};

} // namespace parley::auth
