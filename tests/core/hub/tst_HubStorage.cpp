// What the hub keeps: files, full disks, a killed process, and its return.
#include "core/hub/Schema.h"
#include "core/store/Sqlite.h"
#include "tests/core/hub/HubFixture.h"
#include "tests/core/hub/HubRun.h"
#include "tests/fakes/FakeClock.h"

#include <QDir>
#include <QFileInfo>
#include <QRegularExpression>

#include <csignal>

using namespace parley;
using namespace parley::tests;
using namespace Qt::Literals::StringLiterals;

namespace {

QJsonObject fileBegin(const QString &chat, qint64 size)
{
    return {{u"t"_s, u"file.begin"_s},   {u"chat"_s, chat},
            {u"cid"_s, u"f-1"_s},        {u"name"_s, u"../../etc/in voice.png"_s},
            {u"type"_s, u"IMAGE/PNG"_s}, {u"size"_s, size}};
}

QJsonObject filePiece(const QString &file, const QByteArray &bytes, qint64 offset, qint64 size)
{
    return {{u"t"_s, u"file.chunk"_s},
            {u"file"_s, file},
            {u"offset"_s, offset},
            {u"data"_s, QString::fromLatin1(bytes.mid(offset, size).toBase64())}};
}

} // namespace

class HubStorageTest : public QObject
{
    Q_OBJECT

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(u".*"_s)); }

    void file_brokenLine_goesOnWhereItWas()
    {
        HubFixture fixture(m_clock);
        const auto nora = fixture.agent(u"nora@t.example"_s, u"Nora"_s);
        auto visitor = fixture.visitor();
        const QString token = textOf(visitor->take(u"welcome"_s), "token");
        const QString chat = HubFixture::start(*visitor);
        QVERIFY(HubFixture::accept(*nora, chat));
        QByteArray bytes(300'000, Qt::Uninitialized);
        for (qsizetype i = 0; i < bytes.size(); ++i)
            bytes[i] = char(i * 7 + i / 251);
        visitor->send(fileBegin(chat, bytes.size()));
        const QJsonObject ready = visitor->take(u"file.ready"_s);
        const QString file = textOf(ready, "file");
        const qint64 chunk = numberOf(ready, "chunk");
        visitor->send(filePiece(file, bytes, 0, chunk));
        QCOMPARE(numberOf(visitor->take(u"file.got"_s), "offset"), int(chunk));
        visitor->abort();

        visitor = fixture.visitor(token);
        visitor->send(fileBegin(chat, bytes.size()));
        const QJsonObject again = visitor->take(u"file.ready"_s);
        QCOMPARE(textOf(again, "file"), file);
        QCOMPARE(numberOf(again, "offset"), int(chunk));
        visitor->send(filePiece(file, bytes, 0, chunk)); // a piece that had come
        QCOMPARE(numberOf(visitor->take(u"file.got"_s), "offset"), int(chunk));
        visitor->send(filePiece(file, bytes, 2 * chunk, chunk)); // one that is not next
        QCOMPARE(visitor->errorCode(), u"out_of_turn"_s);
        for (qint64 offset = chunk; offset < bytes.size(); offset += chunk)
            visitor->send(filePiece(file, bytes, offset, chunk));
        const QJsonObject ack = visitor->take(u"ack"_s);
        QCOMPARE(textOf(ack, "cid"), u"f-1"_s);
        visitor->send(fileBegin(chat, bytes.size())); // whole already
        QCOMPARE(numberOf(visitor->take(u"ack"_s), "seq"), numberOf(ack, "seq"));

        const QJsonObject shown = nora->take(u"entry"_s).value("file"_L1).toObject();
        QCOMPARE(textOf(shown, "name"), u"in voice.png"_s);
        QCOMPARE(textOf(shown, "type"), u"image/png"_s);
        QByteArray fetched;
        for (bool last = false; !last;) {
            nora->send({{u"t"_s, u"file.get"_s},
                        {u"chat"_s, chat},
                        {u"file"_s, file},
                        {u"offset"_s, fetched.size()}});
            const QJsonObject data = nora->take(u"file.data"_s);
            QVERIFY(!data.isEmpty());
            fetched += QByteArray::fromBase64(textOf(data, "data").toLatin1());
            last = data.value("last"_L1).toBool();
        }
        QCOMPARE(fetched, bytes);
        visitor->send(fileBegin(chat, qint64(20) * 1024 * 1024));
        QCOMPARE(visitor->errorCode(), u"too_long"_s);
        const auto stranger = fixture.visitor();
        stranger->send({{u"t"_s, u"file.get"_s}, {u"chat"_s, chat}, {u"file"_s, file}, {u"offset"_s, 0}});
        QCOMPARE(stranger->errorCode(), u"not_found"_s);
    }

    void disk_full_senderIsToldAndNothingAcknowledgedIsLost()
    {
        hub::Config config;
        config.frameBurst = 100'000;
        HubFixture fixture(m_clock, config);
        const auto visitor = fixture.visitor();
        const QString chat = HubFixture::start(*visitor);
        fixture.hub->limitStore(QFileInfo(hub::databasePath(fixture.dataDir())).size() + 400'000);
        QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"storage failed"_s));
        QMap<int, QString> acknowledged;
        int number = 0;
        bool isFull = false;
        for (; number < 400 && !isFull; ++number) {
            const QString cid = u"m-%1"_s.arg(number);
            visitor->send(
                {{u"t"_s, u"say"_s}, {u"chat"_s, chat}, {u"cid"_s, cid}, {u"text"_s, QString(5000, u'x')}});
            QTRY_VERIFY(visitor->has(u"ack"_s) || visitor->has(u"error"_s));
            isFull = visitor->has(u"error"_s);
            if (!isFull)
                acknowledged.insert(numberOf(visitor->take(u"ack"_s), "seq"), cid);
        }
        QVERIFY(isFull);
        const QJsonObject error = visitor->take(u"error"_s);
        QCOMPARE(textOf(error, "code"), u"storage"_s);
        QCOMPARE(textOf(error, "cid"), u"m-%1"_s.arg(number - 1));
        QVERIFY(acknowledged.size() > 10);
        // Space returns: the same message goes through, with the next number and no gap.
        fixture.hub->limitStore(0);
        visitor->send({{u"t"_s, u"say"_s},
                       {u"chat"_s, chat},
                       {u"cid"_s, u"m-%1"_s.arg(number - 1)},
                       {u"text"_s, u"after all"_s}});
        const QJsonObject ack = visitor->take(u"ack"_s);
        QCOMPARE(numberOf(ack, "seq"), int(acknowledged.size()) + 3);
        acknowledged.insert(numberOf(ack, "seq"), textOf(ack, "cid"));
        QMap<int, QString> kept;
        for (bool more = true; more;) {
            const int last = kept.isEmpty() ? 2 : kept.lastKey();
            visitor->send({{u"t"_s, u"resume"_s}, {u"chat"_s, chat}, {u"after"_s, last}});
            const QJsonObject log = visitor->take(u"log"_s);
            QVERIFY(!log.isEmpty());
            for (const QJsonValue &entry : log.value("entries"_L1).toArray())
                kept.insert(numberOf(entry.toObject(), "seq"), textOf(entry.toObject(), "cid"));
            more = log.value("more"_L1).toBool();
        }
        QCOMPARE(kept, acknowledged);
    }

    void process_killed_keepsEverythingAcknowledged()
    {
        QTemporaryDir dir;
        const QString dataDir = dir.filePath(u"hub"_s);
        HubRun first(dataDir, u"127.0.0.1:0"_s, {u"--rate"_s, u"100000"_s});
        QVERIFY(!first.ready.url.isEmpty());
        HubClient visitor(first.ready.visitorWs);
        visitor.say("{'t':'hello','v':1}");
        const QString token = textOf(visitor.take(u"welcome"_s), "token");
        const QString chat = HubFixture::start(visitor);
        for (int i = 0; i < 2000; ++i)
            visitor.say(
                (QByteArray("{'t':'say','chat':'CHAT','cid':'m-") + QByteArray::number(i) + "','text':'x'}")
                    .constData(),
                chat);
        QTRY_VERIFY_WITH_TIMEOUT(visitor.frames.size() > 100, 20'000);
        first.kill9();
        QMap<QString, int> acknowledged;
        for (const QJsonObject &frame : std::as_const(visitor.frames)) {
            if (textOf(frame, "t") == u"ack")
                acknowledged.insert(textOf(frame, "cid"), numberOf(frame, "seq"));
        }
        QVERIFY(acknowledged.size() > 50);

        // Back on the same port: the token is still good, all is there, and what was not acknowledged may be
        // sent again.
        HubRun second(dataDir, u"127.0.0.1:%1"_s.arg(QUrl(first.ready.url).port()));
        QCOMPARE(second.ready.url, first.ready.url);
        HubClient again(second.ready.visitorWs);
        again.send({{u"t"_s, u"hello"_s}, {u"v"_s, 1}, {u"token"_s, token}});
        QCOMPARE(textOf(again.take(u"welcome"_s).value("chat"_L1).toObject(), "id"), chat);
        int last = 0;
        for (bool more = true; more;) {
            again.send({{u"t"_s, u"resume"_s}, {u"chat"_s, chat}, {u"after"_s, last}});
            const QJsonObject log = again.take(u"log"_s);
            QVERIFY(!log.isEmpty());
            more = log.value("more"_L1).toBool();
            for (const QJsonValue &entry : log.value("entries"_L1).toArray()) {
                QCOMPARE(numberOf(entry.toObject(), "seq"), ++last);
                const QString cid = textOf(entry.toObject(), "cid");
                if (acknowledged.contains(cid))
                    QCOMPARE(numberOf(entry.toObject(), "seq"), acknowledged.take(cid));
            }
        }
        QVERIFY2(acknowledged.isEmpty(), "acknowledged and lost");
        second.process.terminate();
        QVERIFY(second.process.waitForFinished());
        QCOMPARE(second.process.exitStatus(), QProcess::NormalExit);
        QCOMPARE(second.process.exitCode(), 0);
    }

    void process_cannotServe_saysWhyByItsExitCode()
    {
        QTemporaryDir dir;
        HubRun running(dir.filePath(u"one"_s), u"127.0.0.1:0"_s);
        const QString taken = u"127.0.0.1:%1"_s.arg(QUrl(running.ready.url).port());
        HubRun samePort(dir.filePath(u"two"_s), taken);
        QCOMPARE(samePort.process.exitCode(), 3);
        QVERIFY(samePort.process.readAllStandardError().contains("cannot listen"));
        HubRun sameData(dir.filePath(u"one"_s), u"127.0.0.1:0"_s);
        QCOMPARE(sameData.process.exitCode(), 5);
        QFile blocker(dir.filePath(u"file"_s));
        QVERIFY(blocker.open(QIODevice::WriteOnly));
        HubRun noFolder(dir.filePath(u"file/hub"_s), u"127.0.0.1:0"_s);
        QCOMPARE(noFolder.process.exitCode(), 4);
        HubRun nonsense(dir.filePath(u"three"_s), u"nowhere"_s);
        QCOMPARE(nonsense.process.exitCode(), 2);

        QVERIFY(hub::prepareDataDir(dir.filePath(u"newer"_s)));
        {
            const auto database = store::Sqlite::open(hub::databasePath(dir.filePath(u"newer"_s)));
            QVERIFY((*database)->exec("PRAGMA user_version = 999"));
        }
        HubRun newer(dir.filePath(u"newer"_s), u"127.0.0.1:0"_s);
        QCOMPARE(newer.process.exitCode(), 6);
    }

    void secret_file_isOursAlone()
    {
        HubFixture fixture(m_clock);
        const auto permissions = QFileInfo(QDir(fixture.dataDir()).filePath(u"secret"_s)).permissions();
        QVERIFY(!(permissions & (QFileDevice::ReadGroup | QFileDevice::ReadOther)));
        QVERIFY(!(QFileInfo(hub::databasePath(fixture.dataDir())).permissions() & QFileDevice::ReadOther));
    }

    void hub_goneAndBack_chatsAreStillThere()
    {
        HubFixture fixture(m_clock);
        auto nora = fixture.agent(u"nora@t.example"_s, u"Nora"_s);
        auto visitor = fixture.visitor();
        const QString token = textOf(visitor->take(u"welcome"_s), "token");
        const QString chat = HubFixture::start(*visitor);
        QVERIFY(HubFixture::accept(*nora, chat));
        fixture.restart(m_clock);
        QTRY_VERIFY(!visitor->isOpen() && !nora->isOpen());
        visitor = fixture.visitor(token);
        visitor->say("{'t':'say','chat':'CHAT','cid':'m-1','text':'still there?'}", chat);
        QCOMPARE(numberOf(visitor->take(u"ack"_s), "seq"), 4);
        nora = fixture.agent(u"nora@t.example"_s, u"Nora"_s);
        const QJsonObject own = nora->take(u"chat"_s).value("chat"_L1).toObject();
        QCOMPARE(textOf(own, "id"), chat);
        QCOMPARE(textOf(own, "preview"), u"still there?"_s);
        QVERIFY(!nora->take(u"synced"_s).isEmpty());
        nora->say("{'t':'resume','chat':'CHAT','after':3}", chat);
        QCOMPARE(nora->take(u"log"_s).value("entries"_L1).toArray().size(), 1);
    }

    void hubThread_runsBesideTheProgram()
    {
        QTemporaryDir dir;
        hub::Config config;
        config.dataDir = dir.path();
        hub::HubThread hub(config);
        const auto ready = hub.start();
        QVERIFY(ready);
        HubClient visitor(ready->visitorWs);
        visitor.say("{'t':'hello','v':1}");
        QVERIFY(!visitor.take(u"welcome"_s).isEmpty());
        hub.stop();
        QTRY_VERIFY(!visitor.isOpen());
    }

private:
    fakes::FakeClock m_clock;
};

QTEST_GUILESS_MAIN(HubStorageTest)
#include "tst_HubStorage.moc"
