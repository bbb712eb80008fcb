// The bare SQLite connection: values come back as they went in, a rollback takes all, a limit on the size is
// felt.
#include "core/store/Sqlite.h"

#include <QFile>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

using namespace parley;
using namespace parley::store;
using namespace Qt::Literals::StringLiterals;

class SqliteTest : public QObject
{
    Q_OBJECT

private slots:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(u".*"_s));
        m_dir = std::make_unique<QTemporaryDir>();
        const QString path = m_dir->filePath(u"a.db"_s);
        QVERIFY(QFile(path).open(QIODevice::WriteOnly));
        auto opened = Sqlite::open(path);
        QVERIFY(opened);
        m_database = std::move(*opened);
        QVERIFY(m_database->exec("CREATE TABLE t (n INTEGER, s TEXT, b BLOB)"));
    }

    void cleanup() { m_database.reset(); }

    void values_roundTrip()
    {
        const QString text = u"Zoë ' \" \U0001F600 \u202e"_s;
        const QByteArray bytes("\0\x01\xff", 3);
        QVERIFY(
            m_database->prepare("INSERT INTO t VALUES (?, ?, ?)").bind(qint64(1) << 40, text, bytes).run());
        QVERIFY(m_database->prepare("INSERT INTO t VALUES (?, ?, ?)").bind(false, QString(), nullptr).run());
        QCOMPARE(m_database->changes(), 1);
        QCOMPARE(m_database->lastRowId(), 2);
        Statement all = m_database->prepare("SELECT n, s, b FROM t ORDER BY rowid");
        QCOMPARE(all.step(), Statement::Step::Row);
        QCOMPARE(all.number(0), qint64(1) << 40);
        QCOMPARE(all.text(1), text);
        QCOMPARE(all.bytes(2), bytes);
        QCOMPARE(all.step(), Statement::Step::Row);
        QVERIFY(!all.isNull(1)); // a null QString is an empty text
        QVERIFY(all.isNull(2));
        QCOMPARE(all.step(), Statement::Step::Done);
    }

    void rollback_takesAll()
    {
        QVERIFY(m_database->begin());
        QVERIFY(m_database->prepare("INSERT INTO t (n) VALUES (1)").run());
        m_database->rollback();
        m_database->rollback(); // harmless without a transaction
        QCOMPARE(m_database->prepare("SELECT n FROM t").step(), Statement::Step::Done);
    }

    void limitSize_full_failsAndRecovers()
    {
        m_database->limitSize(64 * 1024);
        Statement insert = m_database->prepare("INSERT INTO t (b) VALUES (?)");
        const QByteArray block(8 * 1024, 'x');
        int stored = 0;
        while (stored < 100 && insert.bind(block).run())
            ++stored;
        QVERIFY(stored > 0 && stored < 100);
        QCOMPARE(m_database->lastError().code, Errc::Storage);
        m_database->limitSize(0);
        QVERIFY(insert.bind(block).run());
    }

    void open_missingOrGarbage_isStorage()
    {
        QCOMPARE(Sqlite::open(m_dir->filePath(u"none.db"_s)).error().code, Errc::Storage);
        QFile garbage(m_dir->filePath(u"garbage.db"_s));
        QVERIFY(garbage.open(QIODevice::WriteOnly) && garbage.write(QByteArray(5000, 'g')) == 5000);
        garbage.close();
        QCOMPARE(Sqlite::open(garbage.fileName()).error().code, Errc::Storage);
    }

private:
    std::unique_ptr<QTemporaryDir> m_dir;
    std::unique_ptr<Sqlite> m_database;
};

QTEST_GUILESS_MAIN(SqliteTest)
#include "tst_Sqlite.moc"
