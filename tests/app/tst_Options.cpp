#include "app/console/Options.h"

#include <QTest>

using namespace parley;
using namespace Qt::Literals::StringLiterals;

class OptionsTest : public QObject
{
    Q_OBJECT

private slots:
    void help_namesTheProgram()
    {
        const auto parsed = console::parseOptions({u"/opt/bin/parley"_s, u"--help"_s});
        QCOMPARE(parsed.exitCode, 0);
        QVERIFY2(parsed.message.startsWith(u"Usage: parley [options]"_s), qPrintable(parsed.message));
    }

    void wrong_isRefusedInWords_data()
    {
        QTest::addColumn<QStringList>("words");
        QTest::addColumn<QString>("says");
        QTest::newRow("unknown") << QStringList{u"--nonsense"_s} << u"nonsense"_s;
        QTest::newRow("stray") << QStringList{u"stray"_s} << u"'stray' is not understood; see --help"_s;
        QTest::newRow("no address") << QStringList{u"--hub"_s, u"chat"_s}
                                    << u"--hub 'chat' is not an address like https://chat.example.com"_s;
        QTest::newRow("both") << QStringList{u"--demo"_s, u"--hub"_s, u"http://h"_s}
                              << u"--demo starts a hub of its own: leave out --hub"_s;
        QTest::newRow("agent") << QStringList{u"--agent"_s, u"a@b"_s}
                               << u"--agent needs --hub and --password-file"_s;
        QTest::newRow("theme") << QStringList{u"--theme"_s, u"pink"_s}
                               << u"--theme is system, light or dark"_s;
    }
    void wrong_isRefusedInWords()
    {
        QFETCH(QStringList, words);
        QFETCH(QString, says);
        const auto parsed = console::parseOptions(QStringList{u"parley"_s} + words);
        QVERIFY(!parsed.options);
        QCOMPARE(parsed.exitCode, 2);
        QVERIFY2(parsed.message.startsWith(u"parley: "_s) && parsed.message.contains(says),
                 qPrintable(parsed.message));
    }
};

QTEST_APPLESS_MAIN(OptionsTest)
#include "tst_Options.moc"
