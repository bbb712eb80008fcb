#include "tests/sandbox/Driver.h"

#include <QRegularExpression>

using namespace Qt::Literals::StringLiterals;
using namespace parley::sandbox;

class SandboxSearchTest : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase() { QVERIFY(m_driver.start()); }
    void init() { QTest::failOnWarning(QRegularExpression(u".*"_s)); }

    void search_term_finds_data()
    {
        QTest::addColumn<QString>("term");
        QTest::addColumn<QString>("in");
        QTest::addColumn<QStringList>("names");
        QTest::newRow("last name") << u"lindqvist"_s << u"ALL"_s
                                   << QStringList{u"Ingrid Lindqvist"_s, u"Jonas Lindqvist"_s,
                                                  u"Jonas Lindqvist"_s};
        QTest::newRow("two words") << u"ingrid lindq"_s << u"NAME"_s << QStringList{u"Ingrid Lindqvist"_s};
        QTest::newRow("phrase") << u"\"amelia hart\""_s << u"NAME"_s << QStringList{u"Amelia Hart"_s};
        QTest::newRow("e-mail") << u"wei.zhang@example.org"_s << u"EMAIL"_s << QStringList{u"Wei Zhang"_s};
        QTest::newRow("phone however written")
            << u"+86 (755) 5550-0199"_s << u"PHONE"_s << QStringList{u"Wei Zhang"_s};
        QTest::newRow("name not in e-mail")
            << u"Zhang"_s << u"EMAIL"_s << QStringList{u"Wei Zhang"_s}; // after the dot
        QTest::newRow("nobody") << u"zzzzzz"_s << u"ALL"_s << QStringList();
        QTest::newRow("a percent sign finds no one") << u"%%"_s << u"ALL"_s << QStringList();
    }
    void search_term_finds()
    {
        QFETCH(QString, term);
        QFETCH(QString, in);
        const Reply reply =
            m_driver.send("POST", Driver::data(u"parameterizedSearch"_s),
                          QJsonObject{{u"q"_s, term},
                                      {u"in"_s, in},
                                      {u"fields"_s, QJsonArray{u"Id"_s, u"Name"_s}},
                                      {u"sobjects"_s, QJsonArray{QJsonObject{{u"name"_s, u"Contact"_s}}}},
                                      {u"defaultLimit"_s, 10}});
        QCOMPARE(reply.status, 200);
        QStringList names;
        for (const QJsonValue &record : reply.json[u"searchRecords"_s].toArray())
            names.append(record[u"Name"_s].toString());
        names.sort();
        QTEST(names, "names");
    }

    void search_severalObjects_withLimits()
    {
        const Reply reply = m_driver.get(
            u"parameterizedSearch/?q=visitor*&sobject=Contact,Lead&Contact.fields=id,name&Contact.limit=2&Lead.fields=id,company&Lead.limit=3"_s);
        const QJsonArray records = reply.json[u"searchRecords"_s].toArray();
        QCOMPARE(records.size(), 5);
        QCOMPARE(records.at(4)[u"attributes"_s][u"type"_s].toString(), u"Lead"_s);
    }

    void search_wrong_isRefused()
    {
        QCOMPARE(Driver::codeOf(m_driver.get(u"search?q=FIND+amelia"_s)), u"MALFORMED_SEARCH"_s);
        QCOMPARE(Driver::codeOf(m_driver.get(u"parameterizedSearch?q=a&sobject=Contact"_s)),
                 u"MALFORMED_SEARCH"_s);
        QCOMPARE(Driver::codeOf(m_driver.get(u"parameterizedSearch?q=amelia&sobject=Nope"_s)),
                 u"INVALID_TYPE"_s);
    }

    void search_conditionAndOrder_areMet()
    {
        const auto search = [this](const QJsonObject &contact, const QJsonObject &more = {}) {
            QJsonObject object{{u"name"_s, u"Contact"_s}, {u"fields"_s, QJsonArray{u"Id"_s, u"LastName"_s}}};
            for (auto it = contact.begin(); it != contact.end(); ++it)
                object.insert(it.key(), *it);
            QJsonObject body{{u"q"_s, u"lindqvist"_s}, {u"sobjects"_s, QJsonArray{object}}};
            for (auto it = more.begin(); it != more.end(); ++it)
                body.insert(it.key(), *it);
            return m_driver.send("POST", Driver::data(u"parameterizedSearch"_s), body);
        };
        const auto names = [](const Reply &reply) {
            QStringList ids;
            for (const QJsonValue &record : reply.json[u"searchRecords"_s].toArray())
                ids.append(record[u"Id"_s].toString());
            return ids;
        };
        const QStringList up = names(search({{u"orderBy"_s, u"FirstName ASC, Id ASC"_s}}));
        QStringList down = names(search({{u"orderBy"_s, u"FirstName DESC, Id DESC"_s}}));
        QVERIFY(up.size() > 1);
        std::ranges::reverse(down);
        QCOMPARE(down, up);
        QCOMPARE(names(search({{u"orderBy"_s, u"FirstName ASC, Id ASC"_s}},
                              {{u"offset"_s, 1}, {u"overallLimit"_s, 1}})),
                 up.mid(1, 1));
        QCOMPARE(names(search({{u"where"_s, u"FirstName = 'Ingrid'"_s}})).size(), 1);
        QCOMPARE(names(search({{u"where"_s, u"FirstName = 'Nobody'"_s}})), QStringList());
        for (const QString &where : {u"xx yy"_s, u"Nope = 1"_s, u"FirstName = 'a') OR (Id != ''"_s})
            QCOMPARE(search({{u"where"_s, where}}).status, 400);
        QCOMPARE(search({{u"orderBy"_s, u"Nope"_s}}).status, 400);
        QCOMPARE(search({{u"bogus"_s, 1}}).status, 400);
        QCOMPARE(search({}, {{u"overallLimit"_s, u"abc"_s}}).status, 400);
        QCOMPARE(search({}, {{u"in"_s, u"BOGUS"_s}}).status, 400);
        for (const QString &bad : {u"overallLimit=abc"_s, u"overallLimit=-1"_s, u"Contact.limit=x"_s})
            QCOMPARE(m_driver.get(u"parameterizedSearch?q=lindqvist&sobject=Contact&"_s + bad).status, 400);
        QCOMPARE(
            names(
                m_driver.get(
                    u"parameterizedSearch?q=lindqvist&sobject=Contact&Contact.fields=Id&Contact.where=FirstName='Ingrid'"_s))
                .size(),
            1);
        const Reply sosl = m_driver.get(
            u"search?q="_s +
            QString::fromLatin1(QUrl::toPercentEncoding(
                u"FIND {lindqvist} RETURNING Contact(Id, LastName WHERE FirstName = 'Ingrid' ORDER BY Id LIMIT 3)"_s)));
        QCOMPARE(names(sosl).size(), 1);
    }

    void sosl_escapedTerm_isText()
    {
        const Reply reply = m_driver.get(
            u"search?q="_s +
            QString::fromLatin1(QUrl::toPercentEncoding(
                uR"(FIND {\+44 113 496 0142} IN PHONE FIELDS RETURNING Contact(Name LIMIT 1))"_s)));
        QCOMPARE(reply.json[u"searchRecords"_s][0][u"Name"_s].toString(), u"Amelia Hart"_s);
    }

    void paging_cursor_walksToTheEnd()
    {
        const QList<QPair<QByteArray, QByteArray>> small{
            {"Sforce-Query-Options", "batchSize=1"}}; // below 200: 200
        QStringList seen;
        for (int i = 0; i < 120; ++i)
            m_driver.created(u"Contact"_s, {{u"LastName"_s, u"More %1"_s.arg(i)}});
        Reply page = m_driver.query(u"SELECT Id FROM Contact"_s, small);
        const int total = page.json[u"totalSize"_s].toInt();
        QVERIFY(total > 200);
        QCOMPARE(page.json[u"records"_s].toArray().size(), 200);
        for (;;) {
            for (const QJsonValue &record : page.json[u"records"_s].toArray())
                seen.append(record[u"Id"_s].toString());
            if (page.json[u"done"_s].toBool())
                break;
            page = m_driver.send("GET", page.json[u"nextRecordsUrl"_s].toString());
        }
        QCOMPARE(seen.size(), total);
        QCOMPARE(seen.removeDuplicates(), 0);
        QCOMPARE(Driver::codeOf(m_driver.get(u"query/01gNOPE-2000"_s)), u"INVALID_QUERY_LOCATOR"_s);
    }

    void updatedAndRecent_listWhatChanged()
    {
        m_driver.clock().advance(std::chrono::hours(1));
        const QString id =
            m_driver.created(u"Lead"_s, {{u"LastName"_s, u"Recent"_s}, {u"Company"_s, u"R"_s}});
        const Reply updated = m_driver.get(
            u"sobjects/Lead/updated?start=2026-05-21T11:00:00%2B00:00&end=2026-05-22T00:00:00%2B00:00"_s);
        QCOMPARE(updated.json[u"ids"_s].toArray(), QJsonArray{id});
        QCOMPARE(m_driver.get(u"recent?limit=1"_s).json[0][u"Id"_s].toString(), id);
        m_driver.send("DELETE", Driver::data(u"sobjects/Lead/"_s + id));
        const Reply deleted = m_driver.get(
            u"sobjects/Lead/deleted?start=2026-05-21T11:00:00%2B00:00&end=2026-05-22T00:00:00%2B00:00"_s);
        QCOMPARE(deleted.json[u"deletedRecords"_s][0][u"id"_s].toString(), id);
    }

private:
    Driver m_driver;
};

QTEST_GUILESS_MAIN(SandboxSearchTest)
#include "tst_SandboxSearch.moc"
