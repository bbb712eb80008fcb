// The console dies by SIGKILL around the end of a chat, as a process of its own (this program, started again
// with
// --console), and is started anew with the same profile: the CRM has exactly one case, and the tab says so.
#include "app/console/Console.h"
#include "core/desk/Desk.h"
#include "tests/e2e/faults/Stage.h"
#include "tests/fakes/Await.h"
#include "ui/panels/MainWindow.h"

#include <QApplication>
#include <QJsonDocument>
#include <QProcess>
#include <QTest>

#include <csignal>

using namespace parley;
using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int kPatience = 40'000;

bool isFilingUnderWay(const desk::RecordTab &tab)
{
    return std::ranges::any_of(
        tab.writes, [](const desk::WriteLine &line) { return line.state != desk::WriteState::Planned; });
}

void say(const char *word)
{
    printf("%s\n", word);
    fflush(stdout);
}

/// The child: takes the chat, plans a case, ends the chat when told so by a line on standard input, and says
/// how far it has come. A third word "suicide" makes it die in the very moment in which the hub has confirmed
/// the end.
int runConsole(const QStringList &arguments)
{
    const auto at = [&arguments](int index) {
        return arguments.value(index);
    };
    const ChatId chat{at(6)};
    SystemClock clock;
    console::Console console(console::Options{.hub = QUrl(at(2)),
                                              .profileDir = at(3),
                                              .agentEmail = at(4),
                                              .passwordFile = at(5),
                                              .theme = u"light"_s},
                             clock);
    if (const auto started = console.start(); !started) {
        fprintf(stderr, "%s\n", qPrintable(started.error().detail));
        return 1;
    }
    const bool isMatched = QTest::qWaitFor(
        [&] { return console.window() && console.desk()->recordTab(chat).state == desk::TabState::Matched; },
        kPatience);
    if (!isMatched || !fakes::await(console.desk()->accept(chat)))
        return 2;
    console.desk()->setAttach(chat, crm::Attach::Case);
    say("ready");
    char line[16];
    if (!fgets(line, sizeof line, stdin))
        return 3;
    if (!fakes::await(console.desk()->endChat(chat)))
        return 4;
    if (at(7) == "suicide"_L1)
        raise(SIGKILL);
    say("ended");
    if (!QTest::qWaitFor([&] { return isFilingUnderWay(console.desk()->recordTab(chat)); }, kPatience))
        return 5;
    say("promised");
    return QApplication::exec(); // until it is killed
}

} // namespace

class ConsoleKilledTest : public QObject
{
    Q_OBJECT

private slots:
    void init()
    {
        m_stage = std::make_unique<e2e::Stage>();
        QCOMPARE(m_stage->start(), QString());
        m_options = m_stage->profile(u"profile"_s);
        m_chat = {m_stage->newChat(u"Amelia Hart"_s, u"amelia.hart@northgate.example"_s)};
        QVERIFY(!m_chat.isEmpty());
    }
    void cleanup()
    {
        m_child.reset();
        m_stage.reset();
    }

    /// The CRM has the case, its answer never comes.
    void killed_afterTheCrmCommitted_oneCase()
    {
        startChild();
        QVERIFY(childSays("ready"));
        m_stage->forgetRequests();
        const QString casePath = u"/composite"_s;
        m_stage->fail({{u"kind"_s, u"latency"_s},
                       {u"ms"_s, 600'000},
                       {u"times"_s, -1},
                       {u"method"_s, u"POST"_s},
                       {u"path"_s, casePath}});
        m_stage->fail({{u"kind"_s, u"latency"_s},
                       {u"ms"_s, 600'000},
                       {u"times"_s, -1},
                       {u"method"_s, u"POST"_s},
                       {u"path"_s, u"/sobjects"_s}});
        m_child->write("end\n");
        QVERIFY(childSays("promised"));
        QTRY_COMPARE_WITH_TIMEOUT(cases().size(), 1, kPatience);
        killChild();
        m_stage->clearFaults();
        comesBackWithOneCase();
    }

    /// Requests arrive and nothing is done about them: no case exists when the console dies.
    void killed_beforeTheCrmDidAnything_oneCase()
    {
        startChild();
        QVERIFY(childSays("ready"));
        m_stage->query(u"SELECT Id FROM Case LIMIT 1"_s); // has its token before nothing works any more
        m_stage->fail({{u"kind"_s, u"hang"_s}, {u"times"_s, -1}});
        m_child->write("end\n");
        QVERIFY(childSays("promised"));
        killChild();
        m_stage->clearFaults();
        QCOMPARE(cases().size(), 0);
        comesBackWithOneCase();
    }

    /// Dead as soon as the hub has confirmed the end: the outbox has not heard of it yet.
    void killed_whenTheChatHadJustEnded_oneCase()
    {
        startChild(u"suicide"_s);
        QVERIFY(childSays("ready"));
        m_child->write("end\n");
        QTRY_COMPARE_WITH_TIMEOUT(m_child->state(), QProcess::NotRunning, kPatience);
        QCOMPARE(m_child->exitStatus(), QProcess::CrashExit);
        QCOMPARE(cases().size(), 0);
        comesBackWithOneCase();
    }

    /// The CRM commits and the connection breaks; the console dies while it waits for its second try.
    void killed_waitingAfterALostAnswer_oneCase()
    {
        startChild();
        QVERIFY(childSays("ready"));
        for (const QString &path : {u"/composite"_s, u"/sobjects"_s})
            m_stage->fail({{u"kind"_s, u"drop"_s}, {u"method"_s, u"POST"_s}, {u"path"_s, path}});
        m_child->write("end\n");
        QVERIFY(childSays("promised"));
        QTRY_COMPARE_WITH_TIMEOUT(cases().size(), 1, kPatience);
        killChild();
        comesBackWithOneCase();
    }

private:
    void startChild(const QString &how = {})
    {
        m_child = std::make_unique<QProcess>();
        m_child->setProcessChannelMode(QProcess::ForwardedErrorChannel);
        m_child->start(QCoreApplication::applicationFilePath(),
                       {u"--console"_s, m_options.hub.toString(), m_options.profileDir, m_options.agentEmail,
                        m_options.passwordFile, m_chat.value, how});
    }
    bool childSays(const QByteArray &word)
    {
        QByteArray line;
        const bool came = QTest::qWaitFor(
            [&] {
                while (line != word && m_child->canReadLine())
                    line = m_child->readLine().trimmed();
                return line == word || m_child->state() == QProcess::NotRunning;
            },
            kPatience);
        if (line != word)
            qWarning("the console did not say %s; exit code %d", word.constData(), m_child->exitCode());
        return came && line == word;
    }
    void killChild()
    {
        m_child->kill(); // SIGKILL
        QVERIFY(m_child->waitForFinished(10'000));
        QCOMPARE(m_child->exitStatus(), QProcess::CrashExit);
    }
    QJsonArray cases()
    {
        return m_stage->query(u"SELECT Id, CaseNumber, Contact.Email, Description FROM Case "
                              "WHERE Subject LIKE '%%1%'"_s.arg(m_chat.value));
    }
    void comesBackWithOneCase()
    {
        console::Console console(m_options, m_clock);
        const auto started = console.start();
        QVERIFY2(started, started ? "" : qPrintable(started.error().detail));
        const auto isFiled = [&console, this] {
            const auto writes = console.desk()->recordTab(m_chat).writes;
            return !writes.isEmpty() && std::ranges::all_of(writes, [](const desk::WriteLine &line) {
                return line.state == desk::WriteState::Done;
            });
        };
        QTRY_VERIFY_WITH_TIMEOUT(isFiled(), kPatience);
        const QJsonArray filed = cases();
        QCOMPARE(filed.size(), 1);
        QCOMPARE(filed.first()["Contact"_L1]["Email"_L1].toString(), u"amelia.hart@northgate.example"_s);
        QVERIFY(filed.first()["Description"_L1].toString().contains(u"too many seats"_s));
        const auto writes = console.desk()->recordTab(m_chat).writes;
        QCOMPARE(writes.first().resultTitle, filed.first()["CaseNumber"_L1].toString());
    }

    SystemClock m_clock;
    std::unique_ptr<e2e::Stage> m_stage;
    console::Options m_options;
    ChatId m_chat;
    std::unique_ptr<QProcess> m_child;
};

int main(int argc, char **argv)
{
    QApplication app(argc, argv);
    if (const QStringList arguments = QApplication::arguments(); arguments.value(1) == "--console"_L1)
        return runConsole(arguments);
    ConsoleKilledTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_ConsoleKilled.moc"
