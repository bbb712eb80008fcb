#include "tests/sandbox/Driver.h"

#include <QRegularExpression>

using namespace Qt::Literals::StringLiterals;
using namespace parley::sandbox;

class SoqlErrorsTest : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase() { QVERIFY(m_driver.start()); }
    void init() { QTest::failOnWarning(QRegularExpression(u".*"_s)); }

    void query_unknownObject_pointsAtIt()
    {
        const Reply reply = m_driver.query(u"select count() from XYZZY"_s);
        QCOMPARE(reply.status, 400);
        QCOMPARE(Driver::codeOf(reply), u"INVALID_TYPE"_s);
        QCOMPARE(Driver::messageOf(reply),
                 u"\nselect count() from XYZZY\n                    ^\nERROR at Row:1:Column:21\nsObject "
                 u"type 'XYZZY' is "
                 "not supported. If you are attempting to use a custom object, be sure to append the '__c' "
                 "after the "
                 "entity name. Please reference your WSDL or the describe call for the appropriate names."_s);
    }

    void query_wrong_isRefused_data()
    {
        QTest::addColumn<QString>("soql");
        QTest::addColumn<QString>("code");
        QTest::addColumn<QString>("part");
        const auto row = [](const char *tag, const QString &soql, const QString &code, const QString &part) {
            QTest::newRow(tag) << soql << code << part;
        };
        const QString malformed = u"MALFORMED_QUERY"_s;
        const QString field = u"INVALID_FIELD"_s;
        row("empty", u""_s, malformed, u"unexpected token: <EOF>"_s);
        row("no select", u"UPDATE Contact"_s, malformed, u"unexpected token: 'UPDATE'"_s);
        row("unclosed text", u"SELECT Id FROM Contact WHERE Name = 'abc"_s, malformed, u"<EOF>"_s);
        row("illegal escape", uR"(SELECT Id FROM Contact WHERE Name = 'a\q')"_s, malformed,
            uR"(Illegal character sequence '\q')"_s);
        row("like escape outside like", uR"(SELECT Id FROM Contact WHERE Name = 'a\%')"_s, malformed,
            uR"('\%')"_s);
        row("short unicode escape", uR"(SELECT Id FROM Contact WHERE Name = '\u00zz')"_s, malformed,
            u"Illegal"_s);
        row("and beside or", u"SELECT Id FROM Contact WHERE Name = 'a' AND Name = 'b' OR Name = 'c'"_s,
            malformed, u"'OR'"_s);
        row("stray character", u"SELECT Id FROM Contact; DROP"_s, malformed,
            u"no viable alternative at character ';'"_s);
        row("trailing words", u"SELECT Id FROM Contact LIMIT 1 nonsense"_s, malformed, u"'nonsense'"_s);
        row("bind variable", u"SELECT Id FROM Contact WHERE Name = :name"_s, malformed,
            u"Bind variables only allowed in Apex code"_s);
        row("negative limit", u"SELECT Id FROM Contact LIMIT -1"_s, malformed, u"'-1'"_s);
        row("unknown field", u"SELECT Nope FROM Contact"_s, field,
            u"No such column 'Nope' on entity 'Contact'."_s);
        row("unknown relationship", u"SELECT Nope.Name FROM Contact"_s, field,
            u"Didn't understand relationship 'Nope'"_s);
        row("unknown children", u"SELECT (SELECT Id FROM Nopes) FROM Contact"_s, u"INVALID_TYPE"_s,
            u"FROM part of query call"_s);
        row("field twice", u"SELECT Name, name FROM Contact"_s, field, u"duplicate field selected: Name"_s);
        row("long text", u"SELECT Id FROM Contact WHERE Description = 'x'"_s, field,
            u"field 'Description' can not be filtered"_s);
        row("sort by long text", u"SELECT Id FROM Contact ORDER BY Description"_s, malformed,
            u"can not be sorted"_s);
        row("number for text", u"SELECT Id FROM Contact WHERE Name = 5"_s, field,
            u"must be of type string and should be enclosed in quotes"_s);
        row("text for number", u"SELECT Id FROM Contact WHERE Loyalty_Points__c = '5'"_s, field,
            u"must be of type double and should not be enclosed in quotes"_s);
        row("text for boolean", u"SELECT Id FROM Contact WHERE Newsletter__c = 'true'"_s, field,
            u"must be of type boolean"_s);
        row("text for date", u"SELECT Id FROM Contact WHERE Birthdate = '2026-01-01'"_s, field,
            u"must be of type date"_s);
        row("date for datetime", u"SELECT Id FROM Contact WHERE CreatedDate > 2026-01-01"_s, field,
            u"must be of type dateTime"_s);
        row("no such day", u"SELECT Id FROM Contact WHERE Birthdate = 2026-02-31"_s, field,
            u"must be of type date"_s);
        row("no id", u"SELECT Id FROM Contact WHERE Id = 'abc'"_s, u"INVALID_QUERY_FILTER_OPERATOR"_s,
            u"invalid ID field: abc"_s);
        row("like on an id", u"SELECT Id FROM Contact WHERE Id LIKE '003%'"_s,
            u"INVALID_QUERY_FILTER_OPERATOR"_s, u"invalid operator on id field"_s);
        row("includes on text", u"SELECT Id FROM Contact WHERE Name INCLUDES ('a')"_s,
            u"INVALID_QUERY_FILTER_OPERATOR"_s, u"multi-select"_s);
        row("ungrouped field", u"SELECT Name, COUNT(Id) FROM Contact"_s, malformed,
            u"Field must be grouped or aggregated: Name"_s);
        row("alias of a plain field", u"SELECT Name n FROM Contact"_s, malformed,
            u"only aggregate expressions use field aliasing"_s);
        row("sum of text", u"SELECT SUM(Name) FROM Contact"_s, malformed,
            u"does not support aggregate operator SUM"_s);
        row("six levels up",
            u"SELECT ReportsTo.ReportsTo.ReportsTo.ReportsTo.ReportsTo.ReportsTo.Name FROM Contact"_s,
            malformed, u"5 levels"_s);
        row("semi-join of text", u"SELECT Id FROM Contact WHERE Id IN (SELECT Name FROM Account)"_s,
            malformed, u"inner select field 'Name'"_s);
        row("only names in a function", u"SELECT EVIL(Id) FROM Contact"_s, malformed, u"unexpected token"_s);
        row("deep nesting", u"SELECT Id FROM Contact WHERE "_s + QString(5000, u'('), malformed,
            u"unexpected token: '('"_s);
        row("deep not", u"SELECT Id FROM Contact WHERE "_s + u"NOT "_s.repeated(5000), malformed,
            u"unexpected token"_s);
        row("star", u"SELECT * FROM Contact"_s, malformed, u"unexpected token: '*'"_s);
        row("list of a bind", u"SELECT Id FROM Contact WHERE Name IN :names"_s, malformed,
            u"Bind variables only allowed in Apex code"_s);
        row("sorted by what is not grouped",
            u"SELECT LeadSource, COUNT(Id) FROM Contact GROUP BY LeadSource ORDER BY Name"_s, malformed,
            u"Field must be grouped or aggregated: Name"_s);
        row("total, sorted", u"SELECT COUNT(Id) FROM Contact ORDER BY Name"_s, malformed,
            u"Field must be grouped or aggregated: Name"_s);
        row("rows sorted by a count", u"SELECT Id FROM Contact ORDER BY COUNT(Id)"_s, malformed,
            u"must be grouped or aggregated"_s);
        row("grouped by a count", u"SELECT Name FROM Contact GROUP BY COUNT(Id)"_s, malformed,
            u"Grouped field should not be aggregated: Id"_s);
        row("having of what is not grouped",
            u"SELECT LeadSource FROM Contact GROUP BY LeadSource HAVING Name = 'x'"_s, malformed,
            u"Field must be grouped or aggregated: Name"_s);
        row("grouped by an address", u"SELECT COUNT(Id) FROM Contact GROUP BY MailingAddress"_s, malformed,
            u"can not be grouped"_s);
        row("count of an address", u"SELECT COUNT(MailingAddress) FROM Contact"_s, malformed,
            u"does not support aggregate operator COUNT"_s);
        row("total with a limit", u"SELECT MAX(Name) FROM Contact LIMIT 1"_s, malformed,
            u"Non-grouped query that uses overall aggregate functions cannot also use LIMIT"_s);
        row("same alias", u"SELECT MIN(Name) n, MAX(Name) n FROM Contact"_s, malformed,
            u"duplicate alias: n"_s);
        row("label of a selected field", u"SELECT Status, toLabel(Status) FROM Lead"_s, field,
            u"duplicate field selected: Status"_s);
        row("field and all fields", u"SELECT Id, FIELDS(ALL) FROM Contact LIMIT 1"_s, field,
            u"duplicate field selected: Id"_s);
        row("all fields without a limit", u"SELECT FIELDS(ALL) FROM Contact"_s, malformed,
            u"LIMIT of at most 200"_s);
        row("date function ungrouped", u"SELECT CALENDAR_YEAR(CreatedDate) FROM Contact"_s, malformed,
            u"must be grouped or aggregated"_s);
        row("where a count", u"SELECT Id FROM Contact WHERE COUNT(Id) > 1"_s, malformed, u"'COUNT'"_s);
        row("all rows", u"SELECT Id FROM Contact ALL ROWS"_s, malformed, u"ALL ROWS not allowed"_s);
        row("unknown scope", u"SELECT Id FROM Contact USING SCOPE ours"_s, malformed, u"'ours'"_s);
        row("far offset", u"SELECT Id FROM Contact OFFSET 2001"_s, u"NUMBER_OUTSIDE_VALID_RANGE"_s,
            u"Maximum SOQL offset allowed is 2000"_s);
        row("other currency", u"SELECT convertCurrency(Amount) FROM Opportunity"_s, malformed,
            u"convertCurrency"_s);
        row("children counted", u"SELECT Id, (SELECT COUNT(Id) FROM Cases) FROM Contact"_s, malformed,
            u"only root queries support aggregate expressions"_s);
        row("typeof wrong field", u"SELECT TYPEOF Who WHEN Contact THEN Nope END FROM Task"_s, field,
            u"No such column 'Nope' on entity 'Contact'"_s);
        row("semi-join or",
            u"SELECT Id FROM Contact WHERE Name = 'x' OR Id IN (SELECT ContactId FROM Case)"_s, malformed,
            u"not allowed with the 'OR' operator"_s);
        row("semi-join in a semi-join",
            u"SELECT Id FROM Contact WHERE Id IN (SELECT ContactId FROM Case WHERE AccountId IN (SELECT Id FROM Account))"_s,
            malformed, u"Nesting of semi join sub-selects is not supported"_s);
        row("semi-join of itself", u"SELECT Id FROM Contact WHERE Id IN (SELECT ReportsToId FROM Contact)"_s,
            malformed, u"should not be on the same object type"_s);
        row("semi-join of strangers", u"SELECT Id FROM Contact WHERE AccountId IN (SELECT Id FROM Lead)"_s,
            malformed, u"should point to the same object type"_s);
        row("semi-join with a limit",
            u"SELECT Id FROM Contact WHERE Id IN (SELECT ContactId FROM Case LIMIT 1)"_s, malformed,
            u"'LIMIT'"_s);
        row("six levels down",
            u"SELECT (SELECT (SELECT (SELECT (SELECT (SELECT Id FROM Cases) FROM Cases) FROM Cases) FROM Cases) FROM Cases) FROM Contact"_s,
            malformed, u"5 levels"_s);
        row("too long", u"SELECT Id FROM Contact WHERE Name = '%1'"_s.arg(QString(100001, u'x')), malformed,
            u"100000 characters"_s);
    }
    void query_wrong_isRefused()
    {
        QFETCH(QString, soql);
        const Reply reply = m_driver.query(soql);
        QCOMPARE(reply.status, 400);
        QTEST(Driver::codeOf(reply), "code");
        QFETCH(QString, part);
        QVERIFY2(Driver::messageOf(reply).contains(part), qPrintable(Driver::messageOf(reply)));
    }

    // Whatever is cut off or put in, the answer is a 200 or a coded 400.
    void query_mutated_neverBreaks()
    {
        const QString good =
            u"SELECT Id, Account.Name, (SELECT Id FROM Cases WHERE Status != 'Closed') FROM Contact "
            "WHERE (Name LIKE 'a\\_%' OR CreatedDate = LAST_N_DAYS:30) AND NOT Email IN ('x', null) "
            "ORDER BY Name DESC NULLS LAST LIMIT 10 OFFSET 1"_s;
        QCOMPARE(m_driver.query(good).status, 200);
        const QStringList inserts{u"'"_s,     u"\\"_s,           u"("_s,  u")"_s, u","_s, u" OR "_s,
                                  u" NOT "_s, QString(QChar(0)), u":1"_s, u"."_s};
        int answered = 0;
        for (qsizetype at = 0; at < good.size(); at += 3) {
            QStringList mutants{good.first(at), good.sliced(at)};
            for (const QString &insert : inserts)
                mutants.append(good.first(at) + insert + good.sliced(at));
            for (const QString &mutant : mutants) {
                const Reply reply = m_driver.query(mutant);
                QVERIFY2(reply.status == 200 || (reply.status == 400 && !Driver::codeOf(reply).isEmpty()),
                         qPrintable(mutant));
                ++answered;
            }
        }
        QVERIFY(answered > 500);
    }

private:
    Driver m_driver;
};

QTEST_GUILESS_MAIN(SoqlErrorsTest)
#include "tst_SoqlErrors.moc"
