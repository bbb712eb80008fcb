#include "core/domain/LiveChatFields.h"

#include <QElapsedTimer>
#include <QRegularExpression>
#include <QTest>

using namespace parley;
using namespace Qt::Literals::StringLiterals;

class LiveChatFieldsTest : public QObject
{
    Q_OBJECT

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(u".*"_s)); }

    void expandFields_texts_areFilled_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("expanded");
        QTest::newRow("one") << u"Hello {!Visitor.Name}!"_s << u"Hello Jonas Weber!"_s;
        QTest::newRow("two side by side") << u"{!Visitor.Name}{!LiveChat.Phone}"_s << u"Jonas Weber+49 1"_s;
        QTest::newRow("unknown is empty") << u"[{!Visitor.Nope}]"_s << u"[]"_s;
        QTest::newRow("custom variable with spaces") << u"{!Variable.Order Id}"_s << u"A-1"_s;
        QTest::newRow("nothing to do") << u"plain {text} and $100 \\1"_s << u"plain {text} and $100 \\1"_s;
        QTest::newRow("not closed") << u"{!Visitor.Name"_s << u"{!Visitor.Name"_s;
        QTest::newRow("no category") << u"{!Name}"_s << u"{!Name}"_s;
        QTest::newRow("no name") << u"{!Visitor.}"_s << u"{!Visitor.}"_s;
        QTest::newRow("nested") << u"{!Visitor.{!Visitor.Name}}"_s << u"{!Visitor.Jonas Weber}"_s;
        QTest::newRow("value that looks like a field")
            << u"{!Visitor.CurrentTitle}"_s << u"{!Visitor.Email}"_s;
        QTest::newRow("value with replacement marks") << u"{!Visitor.City}"_s << u"\\1 %1 $& {0}"_s;
        QTest::newRow("markup stays data")
            << u"<b>{!Visitor.Country}</b>"_s << u"<b><script>alert(1)</script>\n\u202e</b>"_s;
        QTest::newRow("empty") << QString() << QString();
        QTest::newRow("case counts") << u"{!visitor.name}"_s << QString();
    }
    void expandFields_texts_areFilled()
    {
        QFETCH(QString, text);
        QFETCH(QString, expanded);
        const LiveChatFields values{{u"Visitor.Name"_s, u"Jonas Weber"_s},
                                    {u"Visitor.Email"_s, u"j@x.example"_s},
                                    {u"LiveChat.Phone"_s, u"+49 1"_s},
                                    {u"Variable.Order Id"_s, u"A-1"_s},
                                    {u"Visitor.CurrentTitle"_s, u"{!Visitor.Email}"_s},
                                    {u"Visitor.City"_s, u"\\1 %1 $& {0}"_s},
                                    {u"Visitor.Country"_s, u"<script>alert(1)</script>\n\u202e"_s}};
        QCOMPARE(expandFields(text, values), expanded);
    }

    void expandFields_hugeHostileText_isQuick()
    {
        // A visitor may send megabytes of half-open references: time must not grow with their square.
        QString text;
        for (int i = 0; i < 100'000; ++i)
            text += u"{!A."_s;
        QElapsedTimer took;
        took.start();
        QCOMPARE(expandFields(text, {}), text);
        QVERIFY2(took.elapsed() < 2000, qPrintable(QString::number(took.elapsed())));
    }

    void fieldKeyOf_reference_isItsKey_data()
    {
        QTest::addColumn<QString>("reference");
        QTest::addColumn<QString>("key"); // null: none
        QTest::newRow("field") << u"{!Visitor.Email}"_s << u"Visitor.Email"_s;
        QTest::newRow("custom, other letters") << u"{!Variable.Größe 2}"_s << u"Variable.Größe 2"_s;
        QTest::newRow("text around") << u"x{!Visitor.Email}"_s << QString();
        QTest::newRow("text behind") << u"{!Visitor.Email} "_s << QString();
        QTest::newRow("two") << u"{!Visitor.Email}{!Visitor.Name}"_s << QString();
        QTest::newRow("literal") << u"Visitor.Email"_s << QString();
        QTest::newRow("empty") << QString() << QString();
    }
    void fieldKeyOf_reference_isItsKey()
    {
        QFETCH(QString, reference);
        QFETCH(QString, key);
        const auto got = fieldKeyOf(reference);
        QCOMPARE(got.has_value(), !key.isNull());
        QCOMPARE(got.value_or(QString()), key);
    }

    void splitPersonName_names_areSplitAtTheLastWord_data()
    {
        QTest::addColumn<QString>("full");
        QTest::addColumn<QString>("first");
        QTest::addColumn<QString>("last");
        QTest::newRow("two") << u"Jonas Weber"_s << u"Jonas"_s << u"Weber"_s;
        QTest::newRow("three") << u"Anna Maria Rossi"_s << u"Anna Maria"_s << u"Rossi"_s;
        QTest::newRow("one") << u"Madonna"_s << QString() << u"Madonna"_s;
        QTest::newRow("spaces") << u"  Jonas \t\n Weber  "_s << u"Jonas"_s << u"Weber"_s;
        QTest::newRow("no-break space") << u"Jonas\u00a0Weber"_s << u"Jonas"_s << u"Weber"_s;
        QTest::newRow("empty") << QString() << QString() << QString();
        QTest::newRow("only spaces") << u"   "_s << QString() << QString();
        QTest::newRow("hyphen") << u"Jean-Luc Sainte-Marie"_s << u"Jean-Luc"_s << u"Sainte-Marie"_s;
    }
    void splitPersonName_names_areSplitAtTheLastWord()
    {
        QFETCH(QString, full);
        QFETCH(QString, first);
        QFETCH(QString, last);
        QCOMPARE(splitPersonName(full), (PersonName{first, last}));
    }
};

QTEST_GUILESS_MAIN(LiveChatFieldsTest)
#include "tst_LiveChatFields.moc"
