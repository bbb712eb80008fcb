#include "tests/sandbox/Driver.h"

#include <QRegularExpression>
#include <QTemporaryDir>

using namespace Qt::Literals::StringLiterals;
using namespace parley::sandbox;

class SandboxRestartTest : public QObject
{
    Q_OBJECT
private slots:
    void init() { QTest::failOnWarning(QRegularExpression(u".*"_s)); }

    void restart_recordsTokensAndClient_survive()
    {
        const QTemporaryDir folder;
        QString token;
        QString client;
        QString id;
        {
            Driver first(Config{.dataFolder = folder.path()});
            QVERIFY(first.start());
            token = first.token();
            client = first.sandbox().oauth().clientId;
            id = first.created(u"Contact"_s, {{u"LastName"_s, u"Survivor"_s}});
        }
        Driver second(Config{.dataFolder = folder.path()});
        QVERIFY(second.start());
        QCOMPARE(second.sandbox().oauth().clientId, client);
        second.setToken(token);
        QCOMPARE(second.column(u"SELECT Id FROM Contact WHERE LastName = 'survivor'"_s, u"Id"_s),
                 QStringList{id});
        QCOMPARE(second.column(u"SELECT Name FROM Contact WHERE Name = 'Amelia Hart'"_s).size(),
                 1); // seeded once only
        QVERIFY(second.created(u"Contact"_s, {{u"LastName"_s, u"Next"_s}}) != id);
    }

    void restart_newFieldsInTheOrg_areAdded()
    {
        const QTemporaryDir data;
        {
            Driver first(Config{.dataFolder = data.path()});
            QVERIFY(first.start());
        }
        const QString real = QStringLiteral(PARLEY_SOURCE_DIR) + u"/../shared/real"_s;
        if (!QFileInfo(real).isDir())
            QSKIP("no recordings of a real org here");
        Driver second(Config{.dataFolder = data.path(), .orgFolder = real});
        QVERIFY(second.start());
        QCOMPARE(second.query(u"SELECT FIELDS(ALL) FROM Contact LIMIT 200"_s).status, 200);
    }

    void seed_isTheSameEveryTime()
    {
        Driver one;
        Driver two;
        QVERIFY(one.start());
        QVERIFY(two.start());
        const QString soql = u"SELECT Id, Name, Email, CreatedDate FROM Contact ORDER BY Id"_s;
        QCOMPARE(one.query(soql).json, two.query(soql).json);
        QVERIFY(one.query(soql).json[u"totalSize"_s].toInt() > 100);
    }
};

QTEST_GUILESS_MAIN(SandboxRestartTest)
#include "tst_SandboxRestart.moc"
