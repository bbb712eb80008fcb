#include "core/desk/Details.h"

#include <QRegularExpression>
#include <QTest>

using namespace parley;
using namespace Qt::Literals::StringLiterals;

class DetailsTest : public QObject
{
    Q_OBJECT

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(u".*"_s)); }
    void email_inText_isFound_data();
    void email_inText_isFound();
    void phone_inText_isFound_data();
    void phone_inText_isFound();
    void text_hostileMegabyte_isQuick();
};

void DetailsTest::email_inText_isFound_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("email");
    QTest::newRow("plain") << u"amelia@northgate.example"_s << u"amelia@northgate.example"_s;
    QTest::newRow("in a sentence") << u"Sure, it is amelia.hart+x@mail.northgate.co.uk."_s
                                   << u"amelia.hart+x@mail.northgate.co.uk"_s;
    QTest::newRow("corrected") << u"a@b.example, no: a@c.example"_s << u"a@c.example"_s;
    QTest::newRow("letters of the world") << u"ich bin jörg@bücher.example"_s << u"jörg@bücher.example"_s;
    QTest::newRow("none") << u"I paid 20@5 each"_s << QString();
    QTest::newRow("a handle") << u"@northgate on there"_s << QString();
    QTest::newRow("right to left around it") << u"הדוא״ל שלי dana@b.example תודה"_s << u"dana@b.example"_s;
}

void DetailsTest::email_inText_isFound()
{
    QFETCH(QString, text);
    QTEST(desk::emailIn(text), "email");
}

void DetailsTest::phone_inText_isFound_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("phone");
    QTest::newRow("international") << u"call +44 20 7946 0018 please"_s << u"+44 20 7946 0018"_s;
    QTest::newRow("national") << u"(020) 7946-0018"_s << u"(020) 7946-0018"_s;
    QTest::newRow("order number") << u"order 20391000123 is late"_s << QString();
    QTest::newRow("date") << u"on 01/02/2026"_s << QString();
    QTest::newRow("in an address") << u"https://shop.example/0201234567/x"_s << QString();
    QTest::newRow("too short") << u"room 0123456"_s << QString();
}

void DetailsTest::phone_inText_isFound()
{
    QFETCH(QString, text);
    QTEST(desk::phoneIn(text), "phone");
}

void DetailsTest::text_hostileMegabyte_isQuick()
{
    const QString hostile = u"a.a@"_s.repeated(250'000) + u"+0 "_s.repeated(100'000);
    QElapsedTimer timer;
    timer.start();
    desk::emailIn(hostile);
    desk::phoneIn(hostile);
    QVERIFY2(timer.elapsed() < 200, qPrintable(QString::number(timer.elapsed())));
}

QTEST_GUILESS_MAIN(DetailsTest)
#include "tst_Details.moc"
