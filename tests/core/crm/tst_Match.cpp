#include "core/crm/CrmClient.h"

#include <QRegularExpression>
#include <QTest>

using namespace parley;
using namespace parley::crm;
using namespace Qt::Literals::StringLiterals;

class MatchTest : public QObject
{
    Q_OBJECT

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(u".*"_s)); }

    void outcome_isOfTheFirstKindFound_data()
    {
        QTest::addColumn<QStringList>("kinds");
        QTest::addColumn<int>("kind");
        QTest::addColumn<int>("choices");
        QTest::newRow("nobody") << QStringList() << int(MatchKind::None) << 0;
        QTest::newRow("one contact") << QStringList{u"Contact"_s} << int(MatchKind::One) << 1;
        QTest::newRow("contact and lead") << QStringList{u"Contact"_s, u"Lead"_s} << int(MatchKind::One) << 1;
        QTest::newRow("two leads") << QStringList{u"Lead"_s, u"Lead"_s} << int(MatchKind::Several) << 2;
        QTest::newRow("account alone") << QStringList{u"Account"_s} << int(MatchKind::One) << 1;
        QTest::newRow("lead before account")
            << QStringList{u"Account"_s, u"Lead"_s, u"Account"_s} << int(MatchKind::One) << 1;
        QTest::newRow("custom kind") << QStringList{u"Member__c"_s, u"Member__c"_s} << int(MatchKind::Several)
                                     << 2;
    }
    void outcome_isOfTheFirstKindFound()
    {
        QFETCH(QStringList, kinds);
        QFETCH(int, kind);
        QFETCH(int, choices);
        MatchOutcome outcome;
        for (const QString &name : kinds)
            outcome.candidates +=
                Candidate{.record = {.ref = {.kind = {name}, .id = {name}}}, .evidence = {}};
        QCOMPARE(int(outcome.kind()), kind);
        QCOMPARE(outcome.choices().size(), choices);
    }

    void rules_default_areContactThenLeadByMail()
    {
        const auto rules = defaultMatchRules();
        QCOMPARE(rules.size(), 2);
        QCOMPARE(rules[0].kind, kinds::contact);
        QCOMPARE(rules[1].kind, kinds::lead);
        for (const MatchRule &rule : rules)
            QCOMPARE(rule.conditions, (QList<MatchCondition>{{u"Email"_s, fields::visitorEmail}}));
    }

    void duplicates_travelInTheError()
    {
        const Duplicates found{.records = {{kinds::contact, {u"003A"_s}}, {kinds::lead, {u"00QB"_s}}},
                               .mayOverride = true};
        Error error{.code = Errc::Conflict, .detail = duplicatesDetail(found)};
        QCOMPARE(duplicatesOf(error), found);
        error.code = Errc::InvalidInput;
        QVERIFY(!duplicatesOf(error));
        QVERIFY(!duplicatesOf(Error{.code = Errc::Conflict, .detail = u"changed meanwhile"_s}));
    }
};

QTEST_GUILESS_MAIN(MatchTest)
#include "tst_Match.moc"
