// A display of its own for a program under test, and the keys that a person would press there.
#pragma once

#include <QProcess>
#include <QStandardPaths>
#include <QTest>

namespace parley::e2e {

class Display
{
public:
    /// Ends with what is missing; empty: it is up.
    QString start()
    {
        using namespace Qt::Literals::StringLiterals;
        m_server.start(u"Xvfb"_s, {u"-displayfd"_s, u"1"_s, u"-screen"_s, u"0"_s, u"1280x1000x24"_s,
                                   u"-nolisten"_s, u"tcp"_s});
        const bool isUp = QTest::qWaitFor(
            [this] { return m_server.canReadLine() || m_server.state() == QProcess::NotRunning; }, 20'000);
        if (!isUp || !m_server.canReadLine())
            return u"Xvfb did not start: apt-get install xvfb"_s;
        m_name = u":"_s + QString::fromLatin1(m_server.readLine().trimmed());
        return QStandardPaths::findExecutable(u"xdotool"_s).isEmpty()
                   ? u"xdotool is missing: apt-get install xdotool"_s
                   : QString();
    }
    /// With it windows have a close button's worth of manners: Ctrl+Alt+Escape asks the one under the pointer
    /// to close. Ends with what is missing; empty: it is up.
    QString startWindowManager()
    {
        using namespace Qt::Literals::StringLiterals;
        m_manager.start(u"evilwm"_s,
                        {u"-display"_s, m_name, u"-fn"_s, u"fixed"_s}); // the one font that every server has
        return m_manager.waitForStarted(20'000) ? QString() : u"evilwm is missing: apt-get install evilwm"_s;
    }
    ~Display()
    {
        m_manager.terminate();
        if (m_manager.state() != QProcess::NotRunning && !m_manager.waitForFinished(5'000))
            m_manager.kill();
        m_server.terminate();
        if (!m_server.waitForFinished(5'000))
            m_server.kill();
    }

    [[nodiscard]] QString name() const { return m_name; }

    /// xdotool's own words: {"key", "Return"}, {"type", "text"}. While it runs, the test's event loop goes
    /// on.
    QByteArray act(const QStringList &words) const
    {
        QProcess tool;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QStringLiteral("DISPLAY"), m_name);
        tool.setProcessEnvironment(environment);
        tool.start(QStringLiteral("xdotool"), words);
        std::ignore = QTest::qWaitFor([&tool] { return tool.state() == QProcess::NotRunning; },
                                      20'000); // a hang shows as no output
        return tool.readAllStandardOutput().trimmed();
    }

private:
    QProcess m_server;
    QProcess m_manager;
    QString m_name;
};

} // namespace parley::e2e
