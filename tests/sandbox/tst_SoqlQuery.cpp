#include "tests/sandbox/Driver.h"

#include <QRegularExpression>

using namespace Qt::Literals::StringLiterals;
using namespace parley::sandbox;

class SoqlQueryTest : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase()
    {
        QVERIFY(m_driver.start());
        m_driver.sandbox().org().duplicateRules.clear();
        const auto add = [this](const QString &name, const QJsonObject &more) {
            QJsonObject body = more;
            body.insert(u"LastName"_s, name);
            body.insert(u"Department"_s, u"Soql"_s);
            const Reply reply = m_driver.create(u"Contact"_s, body);
            QVERIFY2(reply.status == 201, reply.bytes().constData());
        };
        add(u"O'Brien"_s, {{u"Loyalty_Points__c"_s, 10}, {u"Birthdate"_s, u"1990-05-20"_s}});
        add(u"a\\"_s, {{u"Loyalty_Points__c"_s, 20}, {u"Interests__c"_s, u"Chat;Billing"_s}});
        add(u"100%"_s, {{u"Loyalty_Points__c"_s, 30}, {u"Interests__c"_s, u"Chat"_s}});
        add(u"a_b"_s, {{u"Loyalty_Points__c"_s, 30}, {u"Newsletter__c"_s, false}});
        add(u"Ünal"_s, {{u"Title"_s, u"line\nbreak"_s}, {u"Credit_Limit__c"_s, 12.5}});
        add(u"axb 😀"_s,
            {{u"Last_Survey__c"_s, u"2026-05-20T23:59:59.000+0000"_s}, {u"Birthdate"_s, u"2026-05-21"_s}});
    }
    void init() { QTest::failOnWarning(QRegularExpression(u".*"_s)); }

    void where_condition_finds_data()
    {
        QTest::addColumn<QString>("condition");
        QTest::addColumn<QStringList>("names");
        const QString brien = u"O'Brien"_s;
        const QString back = u"a\\"_s;
        const QString percent = u"100%"_s;
        const QString under = u"a_b"_s;
        const QString unal = u"Ünal"_s;
        const QString smile = u"axb 😀"_s;
        const auto row = [](const char *tag, const QString &condition, QStringList names) {
            names.sort();
            QTest::newRow(tag) << condition << names;
        };
        row("escaped quote", uR"(Name = 'O\'Brien')"_s, {brien});
        row("unicode escape", uR"(Name = 'O\u0027Brien')"_s, {brien});
        row("escaped backslash", uR"(Name = 'a\\')"_s, {back});
        row("percent in equality is itself", u"Name = '100%'"_s, {percent});
        row("underscore in equality is itself", u"Name = 'a_b'"_s, {under});
        row("like: any one character", u"Name LIKE 'a_b%'"_s, {under, smile});
        row("like: escaped underscore", uR"(Name LIKE 'a\_b')"_s, {under});
        row("like: escaped percent", uR"(Name LIKE '1%\%')"_s, {percent});
        row("like: backslash", uR"(Name LIKE '%\\')"_s, {back});
        row("case folds beyond ascii", u"Name = 'üNAL'"_s, {unal});
        row("emoji", u"Name LIKE '%😀'"_s, {smile});
        row("newline escape", uR"(Title = 'line\nbreak')"_s, {unal});
        row("number", u"Loyalty_Points__c >= 20"_s, {back, percent, under});
        row("number in", u"Loyalty_Points__c IN (10, 20.0)"_s, {brien, back});
        row("fraction", u"Credit_Limit__c = 12.5"_s, {unal});
        row("not equal finds what is empty", u"Loyalty_Points__c != 30"_s, {brien, back, unal, smile});
        row("not of a comparison finds what is empty", u"NOT Loyalty_Points__c = 30"_s,
            {brien, back, unal, smile});
        row("null", u"Loyalty_Points__c = null"_s, {unal, smile});
        row("not null", u"Title != null"_s, {unal});
        row("empty string is null", u"Title = ''"_s, {brien, back, percent, under, smile});
        row("not in", uR"(Name NOT IN ('O\'Brien', 'a_b', 'a\\', '100%'))"_s, {unal, smile});
        row("boolean", u"Newsletter__c = false"_s, {under});
        row("includes one", u"Interests__c INCLUDES ('Chat')"_s, {back, percent});
        row("includes both", u"Interests__c INCLUDES ('Billing;Chat')"_s, {back});
        row("includes either", u"Interests__c INCLUDES ('Billing', 'Analytics')"_s, {back});
        row("excludes", u"Interests__c EXCLUDES ('Chat')"_s, {brien, under, unal, smile});
        row("date", u"Birthdate = 1990-05-20"_s, {brien});
        row("date literal", u"Birthdate = TODAY"_s, {smile});
        row("date before", u"Birthdate < THIS_YEAR"_s, {brien});
        row("datetime literal", u"Last_Survey__c = YESTERDAY"_s, {smile});
        row("last n days", u"Last_Survey__c = LAST_N_DAYS:1"_s, {smile});
        row("datetime with zone", u"Last_Survey__c < 2026-05-21T05:45:00+05:45"_s, {smile});
        row("parentheses", u"(Name LIKE 'a%' OR Name = '100%') AND Loyalty_Points__c = 30"_s,
            {percent, under});
        row("not binds to parentheses", u"NOT (Loyalty_Points__c = 30 OR Loyalty_Points__c = null)"_s,
            {brien, back});
        row("injection is one value", uR"(Name = 'x\' OR Name LIKE \'%')"_s, {});
        row("relationship up", u"Owner.Name = 'nora whitfield' AND Name = '100%'"_s, {percent});
        row("two levels up", u"Owner.CreatedBy.Name LIKE '%' AND Name = '100%'"_s, {percent});
        row("alias", u"c.Name = '100%'"_s, {percent});
    }
    void where_condition_finds()
    {
        QFETCH(QString, condition);
        QFETCH(QStringList, names);
        QStringList found = m_driver.column(
            u"SELECT Name FROM Contact c WHERE Department = 'Soql' AND (%1)"_s.arg(condition));
        found.sort();
        QCOMPARE(found, names);
    }

    void query_orderAndLimits_holds()
    {
        const QString from =
            u"SELECT Name, Loyalty_Points__c FROM Contact WHERE Department = 'Soql' ORDER BY "_s;
        QCOMPARE(m_driver.column(from + u"Loyalty_Points__c DESC NULLS LAST, Name LIMIT 3"_s),
                 (QStringList{u"100%"_s, u"a_b"_s, u"a\\"_s}));
        QCOMPARE(m_driver.column(from + u"Loyalty_Points__c, Name LIMIT 2 OFFSET 1"_s),
                 (QStringList{u"Ünal"_s, u"O'Brien"_s}));
        QCOMPARE(Driver::codeOf(m_driver.query(from + u"Name OFFSET 2001"_s)),
                 u"NUMBER_OUTSIDE_VALID_RANGE"_s);
    }

    void query_aggregates_groupAndName()
    {
        const Reply reply =
            m_driver.query(u"SELECT Loyalty_Points__c points, COUNT(Id), MAX(Name) last FROM Contact WHERE "
                           u"Department = 'Soql' "
                           "GROUP BY Loyalty_Points__c HAVING COUNT(Id) > 1 ORDER BY COUNT(Id)"_s);
        // A double can not be grouped: Salesforce says so.
        QCOMPARE(Driver::codeOf(reply), u"MALFORMED_QUERY"_s);
        const Reply byNews = m_driver.query(
            u"SELECT Newsletter__c, COUNT(Id) n, SUM(Loyalty_Points__c), AVG(Loyalty_Points__c) mean, "
            u"MIN(Birthdate) "
            "FROM Contact WHERE Department = 'Soql' GROUP BY Newsletter__c ORDER BY Newsletter__c"_s);
        const QJsonArray records = byNews.json[u"records"_s].toArray();
        QCOMPARE(records.size(), 2);
        QCOMPARE(records.at(1)[u"attributes"_s][u"type"_s].toString(), u"AggregateResult"_s);
        QCOMPARE(records.at(1)[u"Newsletter__c"_s].toBool(), true);
        QCOMPARE(records.at(1)[u"n"_s].toInt(), 5);
        QCOMPARE(records.at(1)[u"expr0"_s].toDouble(), 60.0);
        QCOMPARE(records.at(1)[u"mean"_s].toDouble(), 20.0);
        QCOMPARE(records.at(1)[u"expr1"_s].toString(), u"1990-05-20"_s);
        const Reply count = m_driver.query(u"SELECT COUNT() FROM Contact WHERE Department = 'Soql'"_s);
        QCOMPARE(count.json[u"totalSize"_s].toInt(), 6);
        QVERIFY(count.json[u"records"_s].toArray().isEmpty());
    }

    void query_childrenAndSemiJoins_follow()
    {
        QCOMPARE(m_driver.column(
                     u"SELECT Name FROM Account WHERE Id IN (SELECT AccountId FROM Contact WHERE Email = "
                     "'office@fjordline.example')"_s),
                 QStringList{u"Fjordline Foods"_s});
        QCOMPARE(m_driver.column(
                     u"SELECT Name FROM Contact WHERE Account.Name = 'Northgate Logistics' AND Id NOT IN "
                     "(SELECT ContactId FROM Case)"_s),
                 QStringList());
        const Reply reply = m_driver.query(u"SELECT Name, (SELECT LastName FROM Contacts ORDER BY Title DESC "
                                           u"LIMIT 2), (SELECT Id FROM Cases) "
                                           "FROM Account WHERE Name = 'Fjordline Foods'"_s);
        const QJsonValue account = reply.json[u"records"_s][0];
        QCOMPARE(account[u"Contacts"_s][u"totalSize"_s].toInt(), 2);
        QVERIFY(account[u"Cases"_s].isNull());
    }

    void query_polymorphic_showsNameAndTypeOf()
    {
        const Reply reply =
            m_driver.query(u"SELECT Who.Name, Who.Type, What.Name, TYPEOF Who WHEN Contact THEN Title, "
                           "Account.Name WHEN Lead THEN Company END FROM Task LIMIT 1"_s);
        QVERIFY2(reply.status == 200, reply.bytes().constData());
        const Reply typed = m_driver.query(
            u"SELECT TYPEOF Who WHEN Contact THEN Title, Account.Name ELSE Name END FROM Task LIMIT 1"_s);
        const QJsonValue who = typed.json[u"records"_s][0][u"Who"_s];
        QCOMPARE(who[u"Title"_s].toString(), u"Analyst"_s);
        QCOMPARE(who[u"Account"_s][u"Name"_s].toString(), u"Northgate Logistics"_s);
    }

    void query_ids_areEqualInBothLengths()
    {
        const QString id =
            m_driver.column(u"SELECT Id FROM Contact WHERE Name = 'Amelia Hart'"_s, u"Id"_s).value(0);
        QCOMPARE(id.size(), 18);
        QCOMPARE(m_driver.column(u"SELECT Name FROM Contact WHERE Id = '%1'"_s.arg(id.first(15))),
                 QStringList{u"Amelia Hart"_s});
        QCOMPARE(
            m_driver.column(u"SELECT Name FROM Case WHERE ContactId IN ('%1')"_s.arg(id), u"Name"_s).size(),
            1);
    }

    void query_manyConditions_stayWithinSqlite()
    {
        QStringList many;
        for (int i = 0; i < 3000; ++i)
            many.append(u"LastName = 'n%1'"_s.arg(i));
        many.append(u"LastName = '100%'"_s);
        QCOMPARE(m_driver.column(u"SELECT Name FROM Contact WHERE "_s + many.join(u" OR "_s)),
                 QStringList{u"100%"_s});
    }

    void query_rollup_addsTheTotals()
    {
        const QString soql =
            u"SELECT LeadSource s, COUNT(Id) n, GROUPING(LeadSource) g FROM Lead GROUP BY %1(LeadSource) "
            "ORDER BY COUNT(Id) DESC"_s;
        const int all = m_driver.query(u"SELECT COUNT() FROM Lead"_s).json[u"totalSize"_s].toInt();
        const QJsonValue total = m_driver.query(soql.arg(u"ROLLUP"_s)).json[u"records"_s][0];
        QCOMPARE(total[u"n"_s].toInt(), all);
        QCOMPARE(total[u"g"_s].toInt(), 1);
        QVERIFY(total[u"s"_s].isNull());
        const QString two =
            u"SELECT LeadSource, Status, COUNT(Id) n FROM Lead GROUP BY %1(LeadSource, Status)"_s;
        const auto rows = [this](const QString &text) {
            return m_driver.query(text).json[u"totalSize"_s].toInt();
        };
        const int pairs = rows(u"SELECT LeadSource, Status FROM Lead GROUP BY LeadSource, Status"_s);
        const int sources = rows(u"SELECT LeadSource FROM Lead GROUP BY LeadSource"_s);
        const int statuses = rows(u"SELECT Status FROM Lead GROUP BY Status"_s);
        QCOMPARE(rows(two.arg(u"ROLLUP"_s)), pairs + sources + 1);
        QCOMPARE(rows(two.arg(u"CUBE"_s)), pairs + sources + statuses + 1);
        // Nothing counted in SELECT: the total is still one row.
        QCOMPARE(rows(u"SELECT LeadSource FROM Lead GROUP BY ROLLUP(LeadSource) HAVING COUNT(Id) > 0"_s),
                 sources + 1);
    }

    void query_renderedFields_mayHaveAnAlias()
    {
        const QJsonValue row =
            m_driver
                .query(
                    u"SELECT CreatedDate, FORMAT(CreatedDate) shown, toLabel(LeadSource) label FROM Contact "
                    "WHERE CreatedDate != null LIMIT 1"_s)
                .json[u"records"_s][0];
        QVERIFY(QRegularExpression(u"^\\d{1,2}/\\d{1,2}/\\d{4}, \\d{1,2}:\\d{2} [AP]M$"_s)
                    .match(row[u"shown"_s].toString())
                    .hasMatch());
        QVERIFY(row[u"CreatedDate"_s].toString().endsWith(u"+0000"_s));
        QVERIFY(row.toObject().contains(u"label"_s));
    }

    void query_countWithLimit_stopsThere()
    {
        QCOMPARE(m_driver.query(u"SELECT COUNT() FROM Contact LIMIT 5"_s).json[u"totalSize"_s].toInt(), 5);
    }

    void query_havingOfAGroup_filters()
    {
        QCOMPARE(
            m_driver.column(u"SELECT LeadSource FROM Contact WHERE LeadSource != null GROUP BY LeadSource "
                            "HAVING LeadSource = 'web'"_s,
                            u"LeadSource"_s),
            QStringList{u"Web"_s});
    }

    void query_fieldsFunction_needsLimit()
    {
        QCOMPARE(Driver::codeOf(m_driver.query(u"SELECT FIELDS(ALL) FROM Contact"_s)), u"MALFORMED_QUERY"_s);
        const Reply all =
            m_driver.query(u"SELECT FIELDS(ALL) FROM Contact WHERE Name = 'Amelia Hart' LIMIT 1"_s);
        const QJsonValue record = all.json[u"records"_s][0];
        QCOMPARE(record[u"Badge__c"_s].toString(), u"Amelia Hart · Northgate Logistics"_s);
        QCOMPARE(record[u"MailingAddress"_s][u"city"_s].toString(), u"Leeds"_s);
        QCOMPARE(m_driver.query(u"SELECT FIELDS(STANDARD) FROM Lead"_s).status, 200);
    }

private:
    Driver m_driver;
};

QTEST_GUILESS_MAIN(SoqlQueryTest)
#include "tst_SoqlQuery.moc"
