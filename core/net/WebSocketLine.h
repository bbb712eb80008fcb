// A WebSocket text line that heals itself: it connects, notices when the other side is gone, and connects
// again.
#pragma once

#include <QList>
#include <QObject>
#include <QUrl>

#include <chrono>
#include <functional>
#include <memory>

class QWebSocket;

namespace parley {
class Clock;
}

namespace parley::net {

class WebSocketLine : public QObject
{
    Q_OBJECT

public:
    struct Options {
        /// Nothing heard for so long means that the line is dead, however open the socket says it is.
        std::chrono::milliseconds silence{10'000};
        /// Waits before the 1st, 2nd, ... try in a row; the last one repeats. Each is shortened at random by
        /// up to half, so that a thousand consoles do not come back in the same instant.
        QList<std::chrono::milliseconds> waits{
            std::chrono::milliseconds(250),  std::chrono::milliseconds(500),  std::chrono::milliseconds(1000),
            std::chrono::milliseconds(2000), std::chrono::milliseconds(4000), std::chrono::milliseconds(8000),
            std::chrono::milliseconds(15000)};
        quint64 maxMessageBytes = quint64{4} * 1024 * 1024;
        /// 0 <= x < 1; the tests' own.
        std::function<double()> random = {};
    };

    /// The clock must outlive the line.
    explicit WebSocketLine(Clock *clock, QObject *parent = nullptr);
    WebSocketLine(Clock *clock, Options options, QObject *parent = nullptr);
    ~WebSocketLine() override;

    /// Opens the line and keeps it open until stop(). A line that is up to another address is closed first.
    void connectTo(const QUrl &url);
    /// Says goodbye and stays closed. No signal follows.
    void stop();
    /// Ends the wait for the next try, if there is one: the network came back, or the person pressed "Try
    /// now".
    void retryNow();

    [[nodiscard]] bool isOpen() const { return m_isOpen; }
    [[nodiscard]] bool isWanted() const { return m_isWanted; }
    [[nodiscard]] QUrl url() const { return m_url; }
    /// The wait before the next try; 0 when the line is open, being opened or stopped.
    [[nodiscard]] std::chrono::milliseconds nextTryIn() const;
    /// Bytes handed over and not yet given to the system: senders of files wait while this is large.
    [[nodiscard]] qint64 pendingBytes() const;

    /// False when the line is not open: nothing is kept for later, because only the caller knows what to send
    /// again.
    bool sendText(const QString &text);

signals:
    void opened();
    /// Once for each try that failed and each open line that was lost. closeCode is the WebSocket's (1000..,
    /// the hub's 4400..), 0 when the other side sent none. The next try is already planned; call stop() to
    /// give up.
    void closed(int closeCode, const QString &reason);
    void textReceived(const QString &text);

private:
    void open();
    void watch();
    void lost(int closeCode, const QString &reason);
    void dropSocket();

    Clock *m_clock;
    Options m_options;
    QUrl m_url;
    QWebSocket *m_socket = nullptr;
    /// Context of the present try: all its timers and connections end with it.
    std::unique_ptr<QObject> m_try;
    bool m_isWanted = false;
    bool m_isOpen = false;
    qint64 m_openedAt = 0;
    qint64 m_heardAt = 0;
    qint64 m_nextTryAt = -1;
    int m_failures = 0;
};

} // namespace parley::net
