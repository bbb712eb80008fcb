#include "tests/fakes/FakeCrm.h"

#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

using namespace parley;
using namespace Qt::Literals::StringLiterals;

class OutboxKilledTest : public QObject
{
    Q_OBJECT

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(u".*"_s)); }

    void sending_killedAfterCommitBeforeAnswer_exactlyOneRecordAfterRestart();
    void sending_killedAgainAndAgain_exactlyOneRecordOfEach();

private:
    static bool runUntil(const QString &folder, const QString &held, const QByteArray &word);
    static int linesIn(const QString &path, const QByteArray &containing);
};

bool OutboxKilledTest::runUntil(const QString &folder, const QString &held, const QByteArray &word)
{
    QProcess victim;
    victim.start(QStringLiteral(OUTBOX_VICTIM), {folder, held});
    if (!victim.waitForStarted())
        return false;
    const bool hasSaid = QTest::qWaitFor(
        [&] { return victim.peek(4096).contains(word) || victim.state() == QProcess::NotRunning; }, 20'000);
    const bool isRight = hasSaid && victim.readAllStandardOutput().contains(word);
    victim.kill(); // SIGKILL: no destructor runs, nothing is flushed
    victim.waitForFinished();
    return isRight;
}

int OutboxKilledTest::linesIn(const QString &path, const QByteArray &containing)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return -1;
    int count = 0;
    while (!file.atEnd())
        count += file.readLine().contains(containing) ? 1 : 0;
    return count;
}

void OutboxKilledTest::sending_killedAfterCommitBeforeAnswer_exactlyOneRecordAfterRestart()
{
    const QTemporaryDir folder;
    const QString crmFile = folder.filePath(u"crm.jsonl"_s);
    QVERIFY(runUntil(folder.path(), u"create"_s, "sending"));
    QCOMPARE(linesIn(crmFile, "C1:case"), 1);
    QCOMPARE(linesIn(crmFile, "C1:task"), 0); // in order: the task waits for the case
    QVERIFY(runUntil(folder.path(), u"none"_s, "done"));
    QCOMPARE(linesIn(crmFile, "C1:case"), 1);
    QCOMPARE(linesIn(crmFile, "C1:task"), 1);
}

void OutboxKilledTest::sending_killedAgainAndAgain_exactlyOneRecordOfEach()
{
    const QTemporaryDir folder;
    for (int i = 0; i < 4; ++i)
        QVERIFY(runUntil(folder.path(), u"create"_s, "sending"));
    QVERIFY(runUntil(folder.path(), u"none"_s, "done"));
    const QString crmFile = folder.filePath(u"crm.jsonl"_s);
    QCOMPARE(linesIn(crmFile, "C1:case"), 1);
    QCOMPARE(linesIn(crmFile, "C1:task"), 1);
}

QTEST_GUILESS_MAIN(OutboxKilledTest)
#include "tst_OutboxKilled.moc"
