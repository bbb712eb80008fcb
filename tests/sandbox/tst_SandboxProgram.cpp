#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::Literals::StringLiterals;

class SandboxProgramTest : public QObject
{
    Q_OBJECT
private slots:
    void init() { QTest::failOnWarning(QRegularExpression(u".*"_s)); }

    void start_readyLine_isOneJsonObject()
    {
        QProcess program;
        program.start(binary(),
                      {u"--listen"_s, u"127.0.0.1:0"_s, u"--redirect-uri"_s, u"http://localhost:9/x"_s});
        QTRY_VERIFY_WITH_TIMEOUT(program.canReadLine(), 20000);
        const QJsonValue ready = QJsonDocument::fromJson(program.readLine())[u"salesforce"_s];
        QVERIFY(QRegularExpression(u"^http://127\\.0\\.0\\.1:\\d+$"_s)
                    .match(ready[u"loginUrl"_s].toString())
                    .hasMatch());
        for (const QString &key : {u"clientId"_s, u"clientSecret"_s, u"username"_s, u"password"_s})
            QVERIFY2(!ready[key].toString().isEmpty(), qPrintable(key));
        QVERIFY(ready[u"redirectUris"_s].toArray().contains(u"http://localhost:1717/OauthRedirect"_s));
        QVERIFY(ready[u"redirectUris"_s].toArray().contains(u"http://localhost:9/x"_s));
        program.terminate();
        QVERIFY(program.waitForFinished());
        QVERIFY(program.readAllStandardError().isEmpty());
    }

    void start_wrongly_saysWhy_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QByteArray>("part");
        QTest::newRow("not loopback")
            << QStringList{u"--listen"_s, u"0.0.0.0:0"_s} << QByteArray("loopback only");
        QTest::newRow("no port") << QStringList{u"--listen"_s, u"127.0.0.1"_s} << QByteArray("ADDRESS:PORT");
        QTest::newRow("latency") << QStringList{u"--latency"_s, u"soon"_s} << QByteArray("--latency");
        QTest::newRow("fault") << QStringList{u"--fault"_s, u"earthquake"_s} << QByteArray("earthquake");
        QTest::newRow("port of letters")
            << QStringList{u"--listen"_s, u"127.0.0.1:http"_s} << QByteArray("ADDRESS:PORT");
        QTest::newRow("port too high")
            << QStringList{u"--listen"_s, u"127.0.0.1:70000"_s} << QByteArray("ADDRESS:PORT");
        QTest::newRow("no address") << QStringList{u"--listen"_s, u":8080"_s} << QByteArray("ADDRESS:PORT");
        QTest::newRow("latency below zero")
            << QStringList{u"--latency"_s, u"-5"_s} << QByteArray("--latency");
        QTest::newRow("fault's number")
            << QStringList{u"--fault"_s, u"drop:often"_s} << QByteArray("drop:often");
        QTest::newRow("unknown option") << QStringList{u"--nonsense"_s} << QByteArray("nonsense");
        QTest::newRow("stray word") << QStringList{u"serve"_s} << QByteArray("\"serve\"");
        QTest::newRow("no org") << QStringList{u"--org"_s, u"/nowhere/at/all"_s}
                                << QByteArray("/nowhere/at/all");
    }
    void start_wrongly_saysWhy()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QByteArray, part);
        const auto [code, words] = run(arguments);
        QCOMPARE(code, 2);
        QVERIFY2(words.contains(part), words.constData());
    }

    void start_secondOnTheSameData_saysSo_andAKilledOneIsFollowed()
    {
        const QTemporaryDir data;
        QProcess first;
        first.start(binary(), {u"--data"_s, data.path()});
        QTRY_VERIFY_WITH_TIMEOUT(first.canReadLine(), 20000);
        const QByteArray ready = first.readLine();
        const auto [code, words] = run({u"--data"_s, data.path()});
        QCOMPARE(code, 2);
        QVERIFY2(words.contains("another sandbox uses this folder"), words.constData());
        first.kill();
        QVERIFY(first.waitForFinished());
        QProcess second;
        second.start(binary(), {u"--data"_s, data.path()});
        QTRY_VERIFY_WITH_TIMEOUT(second.canReadLine(), 20000);
        QCOMPARE(QJsonDocument::fromJson(second.readLine())[u"salesforce"_s][u"clientId"_s],
                 QJsonDocument::fromJson(ready)[u"salesforce"_s][u"clientId"_s]);
        second.kill();
        QVERIFY(second.waitForFinished());
    }

    void start_onIpv6_isReachableByItsAddress()
    {
        QProcess program;
        program.start(binary(), {u"--listen"_s, u"[::1]:0"_s});
        QTRY_VERIFY_WITH_TIMEOUT(program.canReadLine() || program.state() == QProcess::NotRunning, 20000);
        if (program.state() == QProcess::NotRunning)
            QSKIP("this machine has no IPv6 loopback");
        const QJsonValue ready = QJsonDocument::fromJson(program.readLine())[u"salesforce"_s];
        QVERIFY(ready[u"loginUrl"_s].toString().startsWith(u"http://[::1]:"_s));
        program.kill();
        QVERIFY(program.waitForFinished());
    }

    void start_damagedOrg_namesTheFile()
    {
        const QTemporaryDir folder;
        QVERIFY(QDir(folder.path()).mkpath(u"salesforce/describe"_s));
        QFile file(folder.filePath(u"salesforce/describe/Lead.json"_s));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("{\"name\":");
        file.close();
        const auto [code, words] = run({u"--org"_s, folder.path()});
        QVERIFY(code != 0);
        QVERIFY2(words.contains("describe/Lead.json"), words.constData());
    }

private:
    static QString binary() { return qEnvironmentVariable("PARLEY_BIN_DIR") + u"/parley-sandbox"_s; }
    static std::pair<int, QByteArray> run(const QStringList &arguments)
    {
        QProcess program;
        program.start(binary(), arguments);
        if (!program.waitForFinished(20000))
            return {0, "still running"};
        return {program.exitCode(), program.readAllStandardError()};
    }
};

QTEST_GUILESS_MAIN(SandboxProgramTest)
#include "tst_SandboxProgram.moc"
