// Schema steps: each once, all or nothing, an old file copied first, a newer one refused.
#include "core/store/Database.h"

#include <QFile>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

using namespace parley;
using namespace parley::store;
using namespace Qt::Literals::StringLiterals;

namespace {

bool makeTable(QSqlQuery &query)
{
    return query.exec(u"CREATE TABLE t (n INTEGER)"_s) && query.exec(u"INSERT INTO t VALUES (7)"_s);
}
bool addColumn(QSqlQuery &query)
{
    return query.exec(u"ALTER TABLE t ADD COLUMN s TEXT NOT NULL DEFAULT 'x'"_s);
}
bool breakOff(QSqlQuery &query)
{
    return query.exec(u"DELETE FROM t"_s) && query.exec(u"this is no SQL"_s);
}

constexpr Migration kOne[] = {{1, makeTable}};
constexpr Migration kTwo[] = {{1, makeTable}, {2, addColumn}};
constexpr Migration kBroken[] = {{1, makeTable}, {2, breakOff}};

Result<QString> valueOf(Database &database, const QString &sql)
{
    return database.runBlocking([sql](QSqlDatabase &connection) -> Result<QString> {
        QSqlQuery query(connection);
        if (!query.exec(sql) || !query.next())
            return fail(Errc::NotFound);
        return query.value(0).toString();
    });
}

} // namespace

class MigrationTest : public QObject
{
    Q_OBJECT

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(u".*"_s)); }

    void open_olderFile_isCopiedAndBroughtUpToDate()
    {
        QTemporaryDir dir;
        const QString path = dir.filePath(u"it's.db"_s); // a name that must be quoted
        QVERIFY(Database::open(path, kOne));
        QVERIFY(!QFile::exists(path + u".before-1"_s));
        {
            const auto database = Database::open(path, kTwo);
            QVERIFY(database);
            QCOMPARE(valueOf(**database, u"SELECT n || s FROM t"_s).value_or(QString()), u"7x"_s);
            QCOMPARE(valueOf(**database, u"PRAGMA user_version"_s).value_or(QString()), u"2"_s);
        }
        QVERIFY(QFile::exists(path + u".before-2"_s));
        const auto copy = Database::open(path + u".before-2"_s, kOne);
        QVERIFY(copy);
        QCOMPARE(valueOf(**copy, u"SELECT n FROM t"_s).value_or(QString()), u"7"_s);
    }

    void open_failingStep_leavesTheFileAsItWas()
    {
        QTemporaryDir dir;
        const QString path = dir.filePath(u"a.db"_s);
        QVERIFY(Database::open(path, kOne));
        QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"cannot open"_s));
        QCOMPARE(Database::open(path, kBroken).error().code, Errc::Storage);
        const auto database = Database::open(path, kOne);
        QVERIFY(database);
        QCOMPARE(valueOf(**database, u"SELECT n FROM t"_s).value_or(QString()), u"7"_s);
    }

    void open_newerFile_isRefused()
    {
        QTemporaryDir dir;
        const QString path = dir.filePath(u"a.db"_s);
        QVERIFY(Database::open(path, kTwo));
        QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"cannot open"_s));
        QCOMPARE(Database::open(path, kOne).error().remoteCode, u"newer"_s);
    }
};

QTEST_GUILESS_MAIN(MigrationTest)
#include "tst_Migration.moc"
