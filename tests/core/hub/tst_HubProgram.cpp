// The program parley-hub: the administrator's commands and what they end with, and the service manager's
// view.
#include "core/hub/Schema.h"
#include "core/store/Sqlite.h"
#include "tests/core/hub/HubRun.h"

#include <QDir>
#include <QRegularExpression>
#include <QTemporaryDir>

#include <csignal>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

using namespace parley;
using namespace parley::tests;
using namespace Qt::Literals::StringLiterals;

namespace {

struct Ran {
    int exitCode = -1;
    QByteArray out;
    QByteArray err;
};

Ran runHub(const QStringList &arguments, const QByteArray &input = {}, const QString &outFile = {})
{
    QProcess process;
    if (!outFile.isEmpty())
        process.setStandardOutputFile(outFile);
    process.start(qEnvironmentVariable("PARLEY_BIN_DIR") + u"/parley-hub"_s, arguments);
    process.write(input);
    process.closeWriteChannel();
    if (!process.waitForFinished(30'000) || process.exitStatus() != QProcess::NormalExit)
        return {};
    return {process.exitCode(), process.readAllStandardOutput(), process.readAllStandardError()};
}

} // namespace

class HubProgramTest : public QObject
{
    Q_OBJECT

private slots:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(u".*"_s));
        m_dir = std::make_unique<QTemporaryDir>();
        m_data = m_dir->filePath(u"hub"_s);
    }

    void agentAdd_accountExists_isRefusedAndKept()
    {
        QCOMPARE(add(u"nora@t.example"_s, u"Nora"_s).exitCode, 0);
        const Ran again = add(u"NORA@t.example"_s, u"Somebody else"_s);
        QCOMPARE(again.exitCode, 7);
        QVERIFY2(again.err.contains("NORA@t.example already"), again.err.constData());
        QVERIFY2(again.err.contains("set-password"), again.err.constData());
        QCOMPARE(list(), QByteArray("A1\tnora@t.example\tNora\tagent\n"));
        const Ran replaced = add(u"nora@t.example"_s, u"Nora W"_s, {u"--replace"_s, u"--role"_s, u"admin"_s});
        QCOMPARE(replaced.exitCode, 0);
        QCOMPARE(list(), QByteArray("A1\tnora@t.example\tNora W\tadmin\n"));
    }

    void agentSetPassword_runningHub_takesTheNewOneOnly()
    {
        QCOMPARE(add(u"nora@t.example"_s, u"Nora"_s).exitCode, 0);
        const HubRun hub(m_data, u"127.0.0.1:0"_s);
        QCOMPARE(runHub(agent(u"set-password"_s, u"nora@t.example"_s), "battery staple\n").exitCode, 0);
        HubClient old(hub.ready.agentWs);
        old.say("{'t':'hello','v':1,'email':'nora@t.example','password':'correct horse'}");
        QCOMPARE(textOf(old.take(u"error"_s, 20'000), "code"), u"signin"_s);
        HubClient nora(hub.ready.agentWs);
        nora.say("{'t':'hello','v':1,'email':'nora@t.example','password':'battery staple'}");
        QVERIFY(!nora.take(u"welcome"_s, 20'000).isEmpty());
    }

    void agentRemove_isGone()
    {
        QCOMPARE(add(u"nora@t.example"_s, u"Nora"_s).exitCode, 0);
        QCOMPARE(add(u"omar@t.example"_s, u"Omar"_s).exitCode, 0);
        const Ran removed = runHub(agent(u"remove"_s, u"nora@t.example"_s) << u"--json"_s);
        QCOMPARE(removed.exitCode, 0);
        const QJsonObject json = QJsonDocument::fromJson(removed.out).object();
        QCOMPARE(textOf(json, "id"), u"A1"_s);
        QCOMPARE(numberOf(json, "openChats"), 0);
        QCOMPARE(list(), QByteArray("A2\tomar@t.example\tOmar\tagent\n"));
        QCOMPARE(add(u"nora@t.example"_s, u"Nora"_s).exitCode, 0);
        QVERIFY2(list().contains("A3\tnora"), "an id is never used again: old chats carry it");
    }

    void agent_wrong_saysWhatAndEndsWithItsCode_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QByteArray>("input");
        QTest::addColumn<int>("exitCode");
        QTest::addColumn<QByteArray>("said");
        const QByteArray good = "correct horse\n";
        QTest::newRow("nobody") << QStringList{u"agent"_s, u"remove"_s, u"--email"_s, u"x@y.example"_s}
                                << good << 8 << QByteArray("no account x@y.example");
        QTest::newRow("nobody's password")
            << QStringList{u"agent"_s, u"set-password"_s, u"--email"_s, u"x@y.example"_s} << good << 8
            << QByteArray("no account x@y.example");
        QTest::newRow("no mail address")
            << QStringList{u"agent"_s, u"add"_s, u"--email"_s, u"x"_s, u"--name"_s, u"X"_s} << good << 2
            << QByteArray("'x' is not an e-mail address");
        QTest::newRow("short password")
            << QStringList{u"agent"_s, u"add"_s, u"--email"_s, u"x@y.example"_s, u"--name"_s, u"X"_s}
            << QByteArray("short\n") << 2 << QByteArray("at least 8 characters");
        QTest::newRow("role") << QStringList{u"agent"_s,  u"add"_s, u"--email"_s, u"x@y.example"_s,
                                             u"--name"_s, u"X"_s,   u"--role"_s,  u"king"_s}
                              << good << 2 << QByteArray("not 'king'");
        QTest::newRow("no such password file")
            << QStringList{u"agent"_s,  u"add"_s, u"--email"_s,         u"x@y.example"_s,
                           u"--name"_s, u"X"_s,   u"--password-file"_s, u"/nowhere/at/all"_s}
            << good << 2 << QByteArray("/nowhere/at/all");
        QTest::newRow("option missing")
            << QStringList{u"agent"_s, u"add"_s, u"--name"_s, u"X"_s} << good << 2 << QByteArray("--email");
        QTest::newRow("no command") << QStringList{u"agent"_s} << good << 2 << QByteArray("subcommand");
        QTest::newRow("port") << QStringList{u"serve"_s, u"--listen"_s, u"127.0.0.1:99999"_s} << good << 2
                              << QByteArray("HOST:PORT");
        QTest::newRow("no port") << QStringList{u"serve"_s, u"--listen"_s, u"127.0.0.1"_s} << good << 2
                                 << QByteArray("HOST:PORT");
        QTest::newRow("not our address") << QStringList{u"serve"_s, u"--listen"_s, u"203.0.113.1:0"_s} << good
                                         << 3 << QByteArray("cannot listen");
        QTest::newRow("site") << QStringList{u"serve"_s, u"--site"_s, u"www.tallyworks.example"_s} << good
                              << 2 << QByteArray("https://www.example.com");
        QTest::newRow("proxy") << QStringList{u"serve"_s, u"--proxy"_s, u"front"_s} << good << 2
                               << QByteArray("'front' is not an address");
    }

    void agent_wrong_saysWhatAndEndsWithItsCode()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QByteArray, input);
        QFETCH(int, exitCode);
        QFETCH(QByteArray, said);
        QVERIFY(hub::prepareDataDir(m_data));
        if (arguments.size() > 1)
            arguments << u"--data"_s << m_data;
        const Ran ran = runHub(arguments, input);
        QVERIFY2(ran.err.contains(said), ran.err.constData());
        QCOMPARE(ran.exitCode, exitCode);
        QVERIFY(ran.out.isEmpty());
    }

    void agent_folderWithoutAHub_isLeftAlone()
    {
        for (const char *command : {"list", "remove", "set-password"}) {
            QStringList arguments{u"agent"_s, QString::fromLatin1(command), u"--data"_s, m_data};
            if (arguments[1] != u"list")
                arguments << u"--email"_s << u"x@y.example"_s;
            const Ran ran = runHub(arguments, "correct horse\n");
            QCOMPARE(ran.exitCode, 4);
            QVERIFY2(ran.err.contains(m_data.toUtf8()), ran.err.constData());
        }
        QVERIFY2(!QFileInfo::exists(m_data), "a mistyped name must not become a folder");
        QVERIFY(QDir().mkpath(m_data));
        QFile broken(hub::databasePath(m_data));
        QVERIFY(broken.open(QIODevice::WriteOnly) && broken.write(QByteArray(8192, 'x')) == 8192);
        broken.close();
        const Ran ran = runHub({u"agent"_s, u"list"_s, u"--data"_s, m_data});
        QCOMPARE(ran.exitCode, 4);
        QVERIFY2(ran.err.contains(hub::databasePath(m_data).toUtf8()), ran.err.constData());
    }

    void output_diskFull_endsWithOneAndSaysSo()
    {
        QCOMPARE(add(u"nora@t.example"_s, u"Nora"_s).exitCode, 0);
        const QList<QStringList> commands{{u"agent"_s, u"list"_s, u"--data"_s, m_data},
                                          {u"agent"_s, u"list"_s, u"--json"_s, u"--data"_s, m_data},
                                          {u"--help"_s},
                                          {u"--version"_s}};
        for (const QStringList &arguments : commands) {
            const Ran ran = runHub(arguments, {}, u"/dev/full"_s);
            QCOMPARE(ran.exitCode, 1);
            QVERIFY2(ran.err.contains("standard output could not be written: No space left"),
                     ran.err.constData());
        }
    }

    void serve_serviceManager_hearsWhenItIsReadyAndWhenItStops()
    {
        const int manager = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        const QByteArray path = QFile::encodeName(m_dir->filePath(u"notify"_s));
        sockaddr_un address = {};
        address.sun_family = AF_UNIX;
        std::memcpy(address.sun_path, path.constData(), size_t(path.size()));
        QCOMPARE(::bind(manager, reinterpret_cast<const sockaddr *>(&address), sizeof address), 0);
        const auto heard = [this, manager] {
            QByteArray datagram(256, '\0');
            const auto size = ::recv(manager, datagram.data(), size_t(datagram.size()), MSG_DONTWAIT);
            if (size > 0)
                m_heard += datagram.left(size) + ' ';
            return m_heard;
        };
        QProcessEnvironment surroundings = QProcessEnvironment::systemEnvironment();
        surroundings.insert(u"NOTIFY_SOCKET"_s, QFile::decodeName(path));
        HubRun hub(m_data, u"127.0.0.1:0"_s, {}, surroundings);
        QTRY_COMPARE(heard(), QByteArray("READY=1 "));
        hub.process.terminate();
        QVERIFY(hub.process.waitForFinished());
        QTRY_COMPARE(heard(), QByteArray("READY=1 STOPPING=1 "));
        QCOMPARE(hub.process.exitCode(), 0);
        ::close(manager);
    }

    void serve_stoppedUnderLoad_keepsEverythingAcknowledged_data()
    {
        QTest::addColumn<int>("signal");
        QTest::newRow("SIGTERM") << SIGTERM;
        QTest::newRow("SIGINT") << SIGINT;
    }

    void serve_stoppedUnderLoad_keepsEverythingAcknowledged()
    {
        QFETCH(int, signal);
        HubRun hub(m_data, u"127.0.0.1:0"_s, {u"--rate"_s, u"100000"_s});
        HubClient visitor(hub.ready.visitorWs);
        visitor.say("{'t':'hello','v':1}");
        visitor.say("{'t':'start','cid':'s-1','fields':{}}");
        const QString chat = textOf(visitor.take(u"started"_s).value("chat"_L1).toObject(), "id");
        QVERIFY(!chat.isEmpty());
        for (int i = 0; i < 2000; ++i)
            visitor.send(
                {{u"t"_s, u"say"_s}, {u"chat"_s, chat}, {u"cid"_s, u"m-%1"_s.arg(i)}, {u"text"_s, u"x"_s}});
        QTRY_VERIFY_WITH_TIMEOUT(visitor.frames.size() > 100, 20'000);
        ::kill(pid_t(hub.process.processId()), signal);
        QTRY_COMPARE(hub.process.state(), QProcess::NotRunning);
        QCOMPARE(hub.process.exitStatus(), QProcess::NormalExit);
        QCOMPARE(hub.process.exitCode(), 0);
        QTRY_VERIFY(!visitor.isOpen());
        QCOMPARE(visitor.closeCode(), 1001);
        QSet<QString> acknowledged;
        for (const QJsonObject &frame : std::as_const(visitor.frames)) {
            if (textOf(frame, "t") == u"ack")
                acknowledged.insert(textOf(frame, "cid"));
        }
        QVERIFY(acknowledged.size() > 50);
        const auto database = store::Sqlite::open(hub::databasePath(m_data));
        QVERIFY(database);
        store::Statement kept = (*database)->prepare("SELECT cid FROM messages");
        while (kept.step() == store::Statement::Step::Row)
            acknowledged.remove(kept.text(0));
        QVERIFY2(acknowledged.isEmpty(), "acknowledged and lost");
    }

private:
    [[nodiscard]] QStringList agent(const QString &command, const QString &email) const
    {
        return {u"agent"_s, command, u"--data"_s, m_data, u"--email"_s, email};
    }
    [[nodiscard]] Ran add(const QString &email, const QString &name, const QStringList &more = {}) const
    {
        return runHub(agent(u"add"_s, email) + QStringList{u"--name"_s, name} + more, "correct horse\n");
    }
    [[nodiscard]] QByteArray list() const { return runHub({u"agent"_s, u"list"_s, u"--data"_s, m_data}).out; }

    std::unique_ptr<QTemporaryDir> m_dir;
    QString m_data;
    QByteArray m_heard; ///< by the service manager
};

QTEST_GUILESS_MAIN(HubProgramTest)
#include "tst_HubProgram.moc"
