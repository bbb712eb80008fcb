#include "core/auth/SignInWindow.h"

#include "core/base/Log.h"

#include <QCoreApplication>
#include <QJsonDocument>
#include <QTimer>

namespace parley::auth {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr qsizetype kMaxLine = qsizetype{64} * 1024;
constexpr std::chrono::milliseconds kTidyPatience{1'500};

/// The window closes when its input does, and Chromium's processes need a moment to end in order. Nobody
/// waits for that moment: the process is the program's from here on, and is killed should it linger.
void letEnd(std::unique_ptr<QProcess> owned)
{
    if (owned->state() == QProcess::NotRunning)
        return;
    QProcess *const process = owned.release();
    process->setParent(QCoreApplication::instance());
    QObject::connect(process, &QProcess::finished, process, &QObject::deleteLater);
    QTimer::singleShot(kTidyPatience, process, &QProcess::kill);
    process->closeWriteChannel();
}

} // namespace

SignInWindow::SignInWindow(const QString &program, const QStringList &arguments, QObject *parent)
    : QObject(parent)
    , m_process(std::make_unique<QProcess>())
{
    m_process->setProgram(program);
    m_process->setArguments(arguments);
    m_process->setProcessChannelMode(QProcess::ForwardedErrorChannel);
    connect(m_process.get(), &QProcess::readyReadStandardOutput, this, &SignInWindow::read);
    connect(m_process.get(), &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart)
            end({.code = Errc::BadReply,
                 .detail = m_process->errorString(),
                 .remoteCode = u"signin_missing"_s});
    });
    connect(m_process.get(), &QProcess::finished, this, [this](int code, QProcess::ExitStatus status) {
        read();
        end({.code = Errc::BadReply,
             .detail =
                 u"parley-signin ended, %1 %2"_s.arg(status == QProcess::CrashExit ? u"signal"_s : u"code"_s)
                     .arg(code),
             .remoteCode = u"signin_crashed"_s});
    });
    m_process->start();
}

SignInWindow::~SignInWindow()
{
    m_process->disconnect(this);
    end({.code = Errc::Cancelled});
    letEnd(std::move(m_process));
}

void SignInWindow::send(const QJsonObject &line)
{
    m_process->write(QJsonDocument(line).toJson(QJsonDocument::Compact) + '\n');
}

QFuture<Result<QJsonObject>> SignInWindow::next()
{
    m_waiting = std::make_unique<QPromise<Result<QJsonObject>>>();
    m_waiting->start();
    const QFuture<Result<QJsonObject>> future = m_waiting->future();
    deliver();
    return future;
}

void SignInWindow::cancel()
{
    m_lines.clear();
    m_end = Error{.code = Errc::Cancelled};
    m_process->closeWriteChannel();
    m_process->terminate();
    deliver();
}

void SignInWindow::read()
{
    m_partial += m_process->readAllStandardOutput();
    for (qsizetype at = m_partial.indexOf('\n'); at >= 0; at = m_partial.indexOf('\n')) {
        const QByteArray line = m_partial.left(at).trimmed();
        m_partial.remove(0, at + 1);
        // Libraries below WebEngine print what they like; ours are objects.
        if (const QJsonDocument document = QJsonDocument::fromJson(line); document.isObject())
            m_lines.append(document.object());
    }
    if (m_partial.size() > kMaxLine) {
        m_partial.clear();
        end({.code = Errc::BadReply, .detail = u"endless line"_s, .remoteCode = u"signin_nonsense"_s});
        m_process->kill();
    }
    deliver();
}

void SignInWindow::end(Error why)
{
    if (!m_end)
        m_end = std::move(why);
    deliver();
}

void SignInWindow::deliver()
{
    if (!m_waiting || (m_lines.isEmpty() && !m_end))
        return;
    const auto waiting = std::move(m_waiting);
    if (!m_lines.isEmpty())
        waiting->addResult(Result<QJsonObject>(m_lines.takeFirst()));
    else
        waiting->addResult(Result<QJsonObject>(fail(*m_end)));
    waiting->finish();
}

} // namespace parley::auth
