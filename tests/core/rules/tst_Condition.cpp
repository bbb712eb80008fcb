#include "core/rules/Condition.h"

#include <QRegularExpression>
#include <QTest>

using namespace parley;
using namespace parley::rules;
using namespace Qt::Literals::StringLiterals;

class ConditionTest : public QObject
{
    Q_OBJECT

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(u".*"_s)); }

    void isMet_comparisons_ignoreCaseAndOuterSpace_data()
    {
        QTest::addColumn<Comparison>("comparison");
        QTest::addColumn<QString>("have"); // null: the field is absent
        QTest::addColumn<QString>("want");
        QTest::addColumn<bool>("isMet");
        QTest::newRow("is") << Comparison::Is << u"Sales"_s << u"sales"_s << true;
        QTest::newRow("is, spaces") << Comparison::Is << u" Sales\n"_s << u"Sales "_s << true;
        QTest::newRow("is, other") << Comparison::Is << u"Sales"_s << u"Sale"_s << false;
        QTest::newRow("is, umlauts") << Comparison::Is << u"MÜNCHEN"_s << u"münchen"_s << true;
        QTest::newRow("is, both empty") << Comparison::Is << QString() << u""_s << true;
        QTest::newRow("is not") << Comparison::IsNot << u"Sales"_s << u"Billing"_s << true;
        QTest::newRow("is not, same") << Comparison::IsNot << u"Sales"_s << u"SALES"_s << false;
        QTest::newRow("is not, absent") << Comparison::IsNot << QString() << u"Sales"_s << true;
        QTest::newRow("contains") << Comparison::Contains << u"https://x.example/PRICING?a"_s << u"/pricing"_s
                                  << true;
        QTest::newRow("contains not") << Comparison::Contains << u"abc"_s << u"x"_s << false;
        QTest::newRow("contains, pattern is text") << Comparison::Contains << u"abc"_s << u".*"_s << false;
        QTest::newRow("contains, empty want") << Comparison::Contains << u"abc"_s << u""_s << true;
        QTest::newRow("starts") << Comparison::StartsWith << u"+49 89"_s << u"+49"_s << true;
        QTest::newRow("starts not") << Comparison::StartsWith << u"0049"_s << u"+49"_s << false;
        QTest::newRow("ends") << Comparison::EndsWith << u"j@Acme.example"_s << u"@acme.EXAMPLE"_s << true;
        QTest::newRow("ends not") << Comparison::EndsWith << u"j@acme.example.evil"_s << u"@acme.example"_s
                                  << false;
        QTest::newRow("empty") << Comparison::IsEmpty << u" \t"_s << u"ignored"_s << true;
        QTest::newRow("empty, absent") << Comparison::IsEmpty << QString() << QString() << true;
        QTest::newRow("empty, full") << Comparison::IsEmpty << u"x"_s << QString() << false;
        QTest::newRow("not empty") << Comparison::IsNotEmpty << u"x"_s << QString() << true;
        QTest::newRow("not empty, absent") << Comparison::IsNotEmpty << QString() << QString() << false;
    }
    void isMet_comparisons_ignoreCaseAndOuterSpace()
    {
        QFETCH(Comparison, comparison);
        QFETCH(QString, have);
        QFETCH(QString, want);
        LiveChatFields values;
        if (!have.isNull())
            values.insert(u"Visitor.X"_s, have);
        QTEST(rules::isMet({u"Visitor.X"_s, comparison, want}, values), "isMet");
    }
};

QTEST_GUILESS_MAIN(ConditionTest)
#include "tst_Condition.moc"
