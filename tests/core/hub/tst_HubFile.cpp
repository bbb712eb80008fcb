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

    void file_sitesProxiesAndConsent_areTaken()
    {
        const auto config =
            read("sites = [\"https://www.tallyworks.example\", \"https://*.tallyworks.example:8443\"]\n"
                 "proxies = [\"10.0.0.0/8\", \"::1\"]\n"
                 "[[form]]\nname = \"consent\"\ntype = \"checkbox\"\nrequired = true\n");
        QVERIFY(config);
        QCOMPARE(config->sites.size(), 2);
        QCOMPARE(config->proxies, (QStringList{u"10.0.0.0/8"_s, u"::1"_s}));
        QCOMPARE(config->form[0].type, u"checkbox"_s);
    }

    void file_wrong_namesTheLine_data()
    {
        QTest::addColumn<QByteArray>("toml");
        QTest::addColumn<QString>("said");
        QTest::newRow("not toml") << QByteArray("[brand]\nname = ") << u"line 2"_s;
        QTest::newRow("no name") << QByteArray("[[form]]\nlabel = \"x\"\n") << u"line 1"_s;
        QTest::newRow("type") << QByteArray("\n[[form]]\nname = \"x\"\ntype = \"colour\"\n") << u"line 2"_s;
        QTest::newRow("name that is not known") << QByteArray("\nsite = \"x\"\n") << u"line 2: 'site'"_s;
        QTest::newRow("of the brand") << QByteArray("[brand]\nnmae = \"x\"\n") << u"line 2: 'nmae'"_s;
        QTest::newRow("of a question")
            << QByteArray("[[form]]\nname = \"x\"\nneeded = true\n") << u"line 3: 'needed'"_s;
        QTest::newRow("not a list") << QByteArray("sites = \"https://a.example\"\n")
                                    << u"line 1: sites is a list"_s;
        QTest::newRow("site with a path") << QByteArray("sites = [\"https://a.example/b\"]\n")
                                          << u"line 1: 'https://a.example/b' is not a site"_s;
        QTest::newRow("proxy") << QByteArray("proxies = [\"front\"]\n")
                               << u"line 1: 'front' is not an address"_s;
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
