// hub.toml: brand and form, and what is wrong with them.
#include "core/hub/HubFile.h"

#include <QFile>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

using namespace parley;
using namespace Qt::Literals::StringLiterals;

class HubFileTest : public QObject
{
    Q_OBJECT

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(u".*"_s)); }

    void file_absent_changesNothing()
    {
        QTemporaryDir dir;
        hub::Config config;
        config.dataDir = dir.path();
        QVERIFY(hub::readHubFile(config));
        QCOMPARE(config.brandName, hub::Config().brandName);
    }

    void file_whole_isTaken()
    {
        const auto config = read("[brand]\nname = \"Tallyworks\"\nreply = \"Soon\"\n[[form]]\nname = "
                                 "\"email\"\ntype = \"email\"\nrequired = true\n"
                                 "[[form]]\nname = \"team\"\nlabel = \"Your team\"\ntype = "
                                 "\"select\"\noptions = [\"A\", \"B\"]\n");
        QVERIFY(config);
        QCOMPARE(config->brandName, u"Tallyworks"_s);
        QCOMPARE(config->form.size(), 2);
        QVERIFY(config->form[0].required);
        QCOMPARE(config->form[1].options, (QStringList{u"A"_s, u"B"_s}));
    }

    void file_wrong_namesTheLine_data()
    {
        QTest::addColumn<QByteArray>("toml");
        QTest::addColumn<QString>("said");
        QTest::newRow("not toml") << QByteArray("[brand]\nname = ") << u"line 2"_s;
        QTest::newRow("no name") << QByteArray("[[form]]\nlabel = \"x\"\n") << u"line 1"_s;
        QTest::newRow("type") << QByteArray("\n[[form]]\nname = \"x\"\ntype = \"colour\"\n") << u"line 2"_s;
        QTest::newRow("select without options")
            << QByteArray("[[form]]\nname = \"x\"\ntype = \"select\"\n") << u"options"_s;
    }

    void file_wrong_namesTheLine()
    {
        QFETCH(QByteArray, toml);
        QFETCH(QString, said);
        const auto config = read(toml);
        QVERIFY(!config);
        QVERIFY2(config.error().detail.contains(said), qPrintable(config.error().detail));
    }

private:
    static Result<hub::Config> read(const QByteArray &toml)
    {
        QTemporaryDir dir;
        QFile file(dir.filePath(u"hub.toml"_s));
        if (!file.open(QIODevice::WriteOnly) || file.write(toml) != toml.size())
            return fail(Errc::Storage);
        file.close();
        hub::Config config;
        config.dataDir = dir.path();
        if (const auto done = hub::readHubFile(config); !done)
            return fail(done.error());
        return config;
    }
};

QTEST_GUILESS_MAIN(HubFileTest)
#include "tst_HubFile.moc"
