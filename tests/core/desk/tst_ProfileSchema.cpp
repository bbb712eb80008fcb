// A profile of an earlier version: nothing in it is lost, and its tables become those of a new one. The files
// in tests/data/db were written by Parley itself (a demo's first seconds, one promised write, one unsent
// line).
#include "core/chat/LineTable.h"
#include "core/desk/CrmDocumentTable.h"
#include "core/desk/DeskTable.h"
#include "core/desk/ProfileSchema.h"
#include "core/outbox/OutboxTable.h"
#include "core/store/Database.h"
#include "tests/fakes/Await.h"

#include <QDir>
#include <QFile>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

using namespace parley;
using namespace Qt::Literals::StringLiterals;

namespace {

QStringList rowsOf(store::Database &database, const QString &sql)
{
    return database
        .runBlocking([sql](QSqlDatabase &connection) -> Result<QStringList> {
            QSqlQuery query(connection);
            if (!query.exec(sql))
                return fail(Errc::Storage);
            QStringList rows;
            while (query.next())
                rows += query.value(0).toString();
            return rows;
        })
        .value_or(QStringList{u"the query failed"_s});
}

/// Tables, columns, indexes, as SQLite wrote them down.
QStringList shapeOf(store::Database &database)
{
    return rowsOf(database,
                  u"SELECT type || ' ' || name || ' ' || sql FROM sqlite_master WHERE sql IS NOT NULL "
                  "ORDER BY 1"_s);
}

} // namespace

class ProfileSchemaTest : public QObject
{
    Q_OBJECT

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(u".*"_s)); }

    void open_olderProfile_keepsAllAndLooksLikeANewOne_data()
    {
        QTest::addColumn<QString>("file");
        const QDir folder(QStringLiteral(PARLEY_SOURCE_DIR "/tests/data/db"));
        const QStringList files = folder.entryList({u"profile-*.db"_s}, QDir::Files);
        QVERIFY(!files.isEmpty());
        for (const QString &file : files)
            QTest::newRow(qPrintable(file)) << folder.filePath(file);
    }
    void open_olderProfile_keepsAllAndLooksLikeANewOne()
    {
        QFETCH(QString, file);
        QTemporaryDir dir;
        const QString path = dir.filePath(u"parley.db"_s);
        QVERIFY(QFile::copy(file, path));
        QVERIFY(QFile::setPermissions(path, QFile::ReadOwner | QFile::WriteOwner));
        const auto old = store::Database::open(path, desk::profileSchema());
        QVERIFY2(old, old ? "" : qPrintable(old.error().detail));
        const auto fresh = store::Database::open(dir.filePath(u"new.db"_s), desk::profileSchema());
        QVERIFY(fresh);
        QCOMPARE(shapeOf(**old), shapeOf(**fresh));

        QCOMPARE(rowsOf(**old, u"SELECT count(*) FROM line_chat"_s), QStringList{u"6"_s});
        QCOMPARE(rowsOf(**old, u"SELECT count(*) FROM line_message"_s), QStringList{u"18"_s});
        QCOMPARE(rowsOf(**old, u"SELECT cid FROM line_outgoing"_s), QStringList{u"m-9"_s});
        QCOMPARE(rowsOf(**old, u"SELECT record FROM desk_match_log ORDER BY id"_s).first(),
                 u"003gK00000000G9QAI"_s);
        desk::DeskTable desk(*old);
        QCOMPARE(desk.loadMemories()->size(), 3);
        QCOMPARE(desk.loadTies()->first().record.id.value, u"003gK00000000GCQAY"_s);
        const auto promised =
            outbox::OutboxTable(*old).load(QDateTime(QDate(2026, 5, 22), QTime(0, 0), Qt::UTC));
        QVERIFY(promised);
        QCOMPARE(promised->size(), 1);
        QCOMPARE(promised->first().intent.key, u"C1:case"_s);
        QVERIFY(promised->first().mayExist); // it was on its way
    }

    void documents_writtenAndReadAgain_areTheSame()
    {
        QTemporaryDir dir;
        const crm::CachedDocument document{.body = R"({"fields":["ü"]})",
                                           .lastModified = "Thu, 21 May 2026 10:00:00 GMT",
                                           .etag = "\"abc\"",
                                           .confirmedAt =
                                               QDateTime(QDate(2026, 5, 21), QTime(10, 38), Qt::UTC)};
        {
            const auto database = store::Database::open(dir.filePath(u"p.db"_s), desk::profileSchema());
            QVERIFY(database);
            desk::CrmDocumentTable table(*database);
            QVERIFY(fakes::await(table.write(u"salesforce|a|x"_s, document)));
        }
        const auto database = store::Database::open(dir.filePath(u"p.db"_s), desk::profileSchema());
        desk::CrmDocumentTable table(*database);
        QCOMPARE(fakes::await(table.read(u"salesforce|a|x"_s)).value(), document);
        QVERIFY(!fakes::await(table.read(u"salesforce|a|y"_s)).value());
    }

    /// An answer without ETag and Last-Modified; a lookup that found nobody.
    void rows_withoutTexts_areWritten()
    {
        QTemporaryDir dir;
        const auto database = store::Database::open(dir.filePath(u"p.db"_s), desk::profileSchema());
        QVERIFY(database);
        desk::CrmDocumentTable documents(*database);
        const QDateTime at(QDate(2026, 5, 21), QTime(10, 38), Qt::UTC);
        const crm::CachedDocument bare{.body = "{}", .lastModified = {}, .etag = {}, .confirmedAt = at};
        QVERIFY(fakes::await(documents.write(u"key"_s, bare)));
        QCOMPARE(fakes::await(documents.read(u"key"_s)).value()->body, "{}"_ba);
        desk::DeskTable desk(*database);
        QVERIFY(fakes::await(desk.logMatch({u"C1"_s}, at, u"none"_s, {}, {})));
        QCOMPARE(rowsOf(**database, u"SELECT what FROM desk_match_log"_s), QStringList{u"none"_s});
    }
};

QTEST_GUILESS_MAIN(ProfileSchemaTest)
#include "tst_ProfileSchema.moc"
