// A visitor's page in a real Chromium, driven through node (visitor.js beside this file).
#pragma once

#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTest>

namespace parley::e2e {

class VisitorPage
{
public:
    VisitorPage()
    {
        m_process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        m_process.setWorkingDirectory(QStringLiteral(PARLEY_SOURCE_DIR "/tests/e2e"));
        m_process.start(QStringLiteral("node"), {QStringLiteral("whole/visitor.js")});
    }
    ~VisitorPage()
    {
        m_process.closeWriteChannel();
        if (!m_process.waitForFinished(10'000))
            m_process.kill();
    }

    /// Runs one command while the test's own event loop goes on. Ends with what went wrong; empty: it worked.
    QString act(QJsonObject command, const QString &what)
    {
        command.insert(QStringLiteral("do"), what);
        m_process.write(QJsonDocument(command).toJson(QJsonDocument::Compact) + '\n');
        const bool answered = QTest::qWaitFor(
            [this] { return m_process.canReadLine() || m_process.state() == QProcess::NotRunning; }, 40'000);
        if (!answered || !m_process.canReadLine())
            return QStringLiteral("the browser did not answer to ") + what;
        m_answer = QJsonDocument::fromJson(m_process.readLine()).object();
        return m_answer.value(QStringLiteral("ok")).toBool()
                   ? QString()
                   : m_answer.value(QStringLiteral("error")).toString();
    }
    [[nodiscard]] QJsonValue value() const { return m_answer.value(QStringLiteral("value")); }

private:
    QProcess m_process;
    QJsonObject m_answer;
};

} // namespace parley::e2e
