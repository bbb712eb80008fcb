// The console's end of the pipe to parley-signin: one JSON object per line, both ways.
#pragma once

#include "core/base/Result.h"

#include <QFuture>
#include <QJsonObject>
#include <QList>
#include <QObject>
#include <QProcess>
#include <QPromise>

#include <memory>
#include <optional>

namespace parley::auth {

class SignInWindow : public QObject
{
    Q_OBJECT

public:
    SignInWindow(const QString &program, const QStringList &arguments, QObject *parent = nullptr);
    /// Does not wait for the process: see letEnd.
    ~SignInWindow() override;

    void send(const QJsonObject &line);
    /// The next line that the window says. Afterwards it stays with: Cancelled when cancel() was called;
    /// BadReply with remoteCode "signin_missing" (could not be started), "signin_crashed" (ended without a
    /// word), "signin_nonsense".
    QFuture<Result<QJsonObject>> next();
    /// Closes the window, at once where it does not listen.
    void cancel();

private:
    void read();
    void end(Error why);
    void deliver();

    std::unique_ptr<QProcess> m_process; // outlives the window by the time that it takes to end
    QByteArray m_partial;
    QList<QJsonObject> m_lines;
    std::unique_ptr<QPromise<Result<QJsonObject>>> m_waiting;
    std::optional<Error> m_end;
};

} // namespace parley::auth
