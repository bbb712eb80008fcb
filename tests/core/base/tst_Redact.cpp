#include "core/base/Error.h"
#include "core/base/Id.h"
#include "core/base/Redact.h"

#include <QRegularExpression>
#include <QTest>

using namespace parley;
using namespace Qt::Literals::StringLiterals;

class RedactTest : public QObject
{
    Q_OBJECT

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(u".*"_s)); }

    void forLog_hostileText_isOneHarmlessLine_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("line");
        QTest::newRow("plain") << u"Nora Whitfield"_s << u"Nora Whitfield"_s;
        QTest::newRow("other scripts") << u"Łukasz 李 👩"_s << u"Łukasz 李 👩"_s;
        QTest::newRow("forged line") << u"a\n2026 [info] admin signed in"_s
                                     << u"a\\u000a2026 [info] admin signed in"_s;
        QTest::newRow("carriage return") << u"a\rb"_s << u"a\\u000db"_s;
        QTest::newRow("terminal") << u"\x1b[31mred"_s << u"\\u001b[31mred"_s;
        QTest::newRow("nul") << u"a"_s + QChar(0) + u"b"_s << u"a\\u0000b"_s;
        QTest::newRow("override") << u"gpj.\u202eexe"_s << u"gpj.\\u202eexe"_s;
        QTest::newRow("isolate") << u"\u2066x\u2069"_s << u"\\u2066x\\u2069"_s;
        QTest::newRow("line separator") << u"a\u2028b\u2029c"_s << u"a\\u2028b\\u2029c"_s;
        QTest::newRow("zero width") << u"a\u200bb\ufeff"_s << u"a\\u200bb\\ufeff"_s;
        QTest::newRow("c1") << u"a\u0085b"_s << u"a\\u0085b"_s;
        QTest::newRow("empty") << QString() << QString();
    }
    void forLog_hostileText_isOneHarmlessLine()
    {
        QFETCH(QString, text);
        QFETCH(QString, line);
        QCOMPARE(forLog(text), line);
    }

    void forLog_longText_isCut()
    {
        QCOMPARE(forLog(QString(500, u'x')).size(), 121);
        QVERIFY(forLog(QString(500, u'x')).endsWith(u'…'));
        QCOMPARE(forLog(QString(120, u'x')).size(), 120);
        QCOMPARE(forLog(u"abcdef"_s, 3), u"abc…"_s);
    }

    void forLog_url_loosesEverySecret()
    {
        QCOMPARE(forLog(QUrl(
                     u"https://user:pass@host.example:8443/a/b?code=SECRET&state=x#access_token=SECRET"_s)),
                 u"https://host.example:8443/a/b"_s);
        QVERIFY(!forLog(QUrl(u"http://localhost:1717/OauthRedirect?code=SECRET"_s)).contains(u"SECRET"_s));
        QVERIFY(forLog(QUrl(u"https://x/"_s + QString(900, u'y'))).size() <= 201);
    }

    void errc_transientAndUnknown_saySo()
    {
        QVERIFY(isTransient(Errc::Offline) && isTransient(Errc::TimedOut) && isTransient(Errc::RateLimited));
        for (const Errc code :
             {Errc::Cancelled, Errc::Unauthorized, Errc::Forbidden, Errc::NotFound, Errc::Conflict,
              Errc::InvalidInput, Errc::Rejected, Errc::BadReply, Errc::Storage})
            QVERIFY(!isTransient(code));
        QVERIFY(isOutcomeUnknown(Errc::BadReply));
        QVERIFY(!isOutcomeUnknown(Errc::RateLimited));
    }

    void id_values_compareAndHash()
    {
        using ChatLike = Id<struct ChatLikeTag>;
        const ChatLike a{u"a"_s};
        const ChatLike b{u"b"_s};
        QVERIFY(a < b);
        QVERIFY(a == ChatLike{u"a"_s});
        QVERIFY(ChatLike().isEmpty());
        QHash<ChatLike, int> hash{{a, 1}, {b, 2}};
        QCOMPARE(hash.value(ChatLike{u"b"_s}), 2);
    }
};

QTEST_GUILESS_MAIN(RedactTest)
#include "tst_Redact.moc"
