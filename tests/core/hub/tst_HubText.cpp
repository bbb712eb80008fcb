// Visitors' texts, tokens and browsers' names.
#include "core/hub/Text.h"
#include "core/hub/Tokens.h"
#include "core/hub/UserAgent.h"

#include <QRegularExpression>
#include <QSet>
#include <QTemporaryDir>
#include <QTest>

using namespace parley;
using namespace parley::hub;
using namespace Qt::Literals::StringLiterals;

class HubTextTest : public QObject
{
    Q_OBJECT

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(u".*"_s)); }

    void cleanText_hostile_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("clean");
        QTest::newRow("plain") << u"Hello\n\tthere"_s << u"Hello\n\tthere"_s;
        QTest::newRow("windows lines") << u"a\r\nb\rc"_s << u"a\nb\nc"_s;
        QTest::newRow("separators") << u"a\u2028b\u2029c"_s << u"a\nb\nc"_s;
        QTest::newRow("controls") << QString(u"a"_s + QChar(0) + QChar(7) + QChar(0x7f) + QChar(0x85) +
                                             QChar(0x1b) + u"b"_s)
                                  << u"ab"_s;
        QTest::newRow("emoji stays") << u"\U0001F600"_s << u"\U0001F600"_s;
        QTest::newRow("high alone") << QString(QChar(0xd83d)) << u"\ufffd"_s;
        QTest::newRow("low alone") << QString(u"x"_s + QChar(0xde00) + u"y"_s) << u"x\ufffdy"_s;
        QTest::newRow("not a character") << QString(QChar(0xffff)) << u"\ufffd"_s;
        QTest::newRow("direction stays") << u"\u202eabc \u200fשלום"_s << u"\u202eabc \u200fשלום"_s;
    }

    void cleanText_hostile()
    {
        QFETCH(QString, text);
        QFETCH(QString, clean);
        QCOMPARE(cleanText(text), clean);
    }

    void cleanLine_longOrTurned_isOneShortLine()
    {
        QCOMPARE(cleanLine(u" a\n\nb\u202ec\u2066d "_s, 100), u"a bcd"_s);
        QCOMPARE(cleanLine(u"abc\U0001F600"_s, 4), u"abc"_s); // never half a character
        QCOMPARE(previewOf(QString(1'000'000, u'x')).size(), 160);
        QCOMPARE(previewOf(QString(1'000'000, u'\n')), QString());
    }

    void cleanFileName_folders_areGone()
    {
        QCOMPARE(cleanFileName(u"../../etc/passwd"_s), u"passwd"_s);
        QCOMPARE(cleanFileName(u"C:\\temp\\a.png"_s), u"a.png"_s);
        QCOMPARE(cleanFileName(u".."_s), u"file"_s);
        QCOMPARE(cleanFileName(u"folder/"_s), u"file"_s);
        QCOMPARE(cleanFileName(u"gpj.\u202efdp.exe"_s), u"gpj.fdp.exe"_s);
        QCOMPARE(cleanMediaType(u"Text/HTML; charset=x"_s), u"text/html"_s);
        QCOMPARE(cleanMediaType(u"<script>"_s), u"application/octet-stream"_s);
    }

    void userAgent_wellKnown_isNamed_data()
    {
        QTest::addColumn<QString>("userAgent");
        QTest::addColumn<QString>("browser");
        QTest::addColumn<QString>("system");
        const QString webkit = u"AppleWebKit/537.36 (KHTML, like Gecko) "_s;
        QTest::newRow("chrome") << u"Mozilla/5.0 (Windows NT 10.0; Win64; x64) "_s + webkit +
                                       u"Chrome/126.0.0.0 Safari/537.36"_s
                                << u"Chrome 126"_s << u"Windows 10"_s;
        QTest::newRow("edge") << u"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) "_s + webkit +
                                     u"Chrome/126.0.0.0 Safari/537.36 Edg/126.0"_s
                              << u"Edge 126"_s << u"macOS"_s;
        QTest::newRow("safari")
            << u"Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1"_s
            << u"Safari 17"_s << u"iOS 17"_s;
        QTest::newRow("android") << u"Mozilla/5.0 (Linux; Android 14; Pixel 8) "_s + webkit +
                                        u"Chrome/126.0 Mobile Safari/537.36"_s
                                 << u"Chrome 126"_s << u"Android 14"_s;
        QTest::newRow("nothing") << QString() << QString() << QString();
        QTest::newRow("something else") << u"curl/8"_s << QString() << QString();
    }

    void userAgent_wellKnown_isNamed()
    {
        QFETCH(QString, userAgent);
        QTEST(browserOf(userAgent), "browser");
        QTEST(systemOf(userAgent), "system");
    }

    void tokens_otherFolderOrKind_areNotGood()
    {
        QTemporaryDir one;
        QTemporaryDir two;
        const auto ours = Tokens::open(one.path());
        const auto theirs = Tokens::open(two.path());
        QVERIFY(ours && theirs);
        const QString token = ours->forVisitor({u"V7Q2"_s});
        QCOMPARE(ours->visitorOf(token)->value, u"V7Q2"_s);
        QCOMPARE(Tokens::open(one.path())->visitorOf(token)->value, u"V7Q2"_s); // the secret is kept
        QVERIFY(!theirs->visitorOf(token));
        QVERIFY(!ours->agentOf(token));
        for (qsizetype i = 0; i < token.size(); ++i) {
            QString changed = token;
            changed[i] = changed[i] == u'x' ? u'y' : u'x';
            const auto visitor = ours->visitorOf(changed);
            // The last character of unpadded base64 has bits that mean nothing.
            QVERIFY2(!visitor || (i == token.size() - 1 && visitor->value == u"V7Q2"), qPrintable(changed));
        }
        const auto claim = ours->agentOf(ours->forAgent({{u"A1"_s}, 3, 1'000'000}));
        QCOMPARE(claim->agent.value, u"A1"_s);
        QCOMPARE(claim->epoch, 3);
    }

    void randomId_many_areUnlike()
    {
        QSet<QString> ids;
        for (int i = 0; i < 1000; ++i)
            ids.insert(randomId('C'));
        QCOMPARE(ids.size(), 1000);
        QVERIFY(QRegularExpression(u"^C[0-9A-Z]{16}$"_s).match(*ids.begin()).hasMatch());
    }
};

QTEST_GUILESS_MAIN(HubTextTest)
#include "tst_HubText.moc"
