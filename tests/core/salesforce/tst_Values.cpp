#include "core/salesforce/Values.h"

#include <QJsonDocument>
#include <QRegularExpression>
#include <QTest>

using namespace parley;
using namespace parley::salesforce;
using namespace Qt::Literals::StringLiterals;

namespace {

crm::Field fieldOf(crm::FieldType type)
{
    crm::Field field;
    field.name = u"F"_s;
    field.type = type;
    return field;
}

} // namespace

class ValuesTest : public QObject
{
    Q_OBJECT

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(u".*"_s)); }

    void value_bothWays_data()
    {
        using enum crm::FieldType;
        QTest::addColumn<int>("type");
        QTest::addColumn<QJsonValue>("json");
        QTest::addColumn<QVariant>("value");
        QTest::addColumn<QJsonValue>("back");
        const QDateTime at(QDate(2026, 5, 21), QTime(10, 38, 5, 123), Qt::UTC);
        QTest::newRow("text") << int(String) << QJsonValue(u"2026-05-21"_s) << QVariant(u"2026-05-21"_s)
                              << QJsonValue(u"2026-05-21"_s);
        QTest::newRow("date") << int(Date) << QJsonValue(u"2026-05-21"_s) << QVariant(QDate(2026, 5, 21))
                              << QJsonValue(u"2026-05-21"_s);
        QTest::newRow("instant") << int(DateTime) << QJsonValue(u"2026-05-21T10:38:05.123+0000"_s)
                                 << QVariant(at) << QJsonValue(u"2026-05-21T10:38:05.123Z"_s);
        QTest::newRow("instant, other zone")
            << int(DateTime) << QJsonValue(u"2026-05-21T12:38:05.123+02:00"_s) << QVariant(at)
            << QJsonValue(u"2026-05-21T10:38:05.123Z"_s);
        QTest::newRow("time") << int(Time) << QJsonValue(u"10:30:00.000Z"_s) << QVariant(QTime(10, 30))
                              << QJsonValue(u"10:30:00.000Z"_s);
        QTest::newRow("boolean") << int(Boolean) << QJsonValue(true) << QVariant(true) << QJsonValue(true);
        QTest::newRow("number") << int(Currency) << QJsonValue(1.25e7) << QVariant(1.25e7)
                                << QJsonValue(1.25e7);
        QTest::newRow("several picks")
            << int(MultiPicklist) << QJsonValue(u"four;six"_s) << QVariant(QStringList{u"four"_s, u"six"_s})
            << QJsonValue(u"four;six"_s);
        QTest::newRow("null") << int(String) << QJsonValue(QJsonValue::Null) << QVariant()
                              << QJsonValue(QJsonValue::Null);
    }
    void value_bothWays()
    {
        QFETCH(int, type);
        QFETCH(QJsonValue, json);
        QFETCH(QVariant, value);
        QFETCH(QJsonValue, back);
        const crm::Field field = fieldOf(crm::FieldType(type));
        const QVariant read = valueOf(json, &field);
        if (read.canConvert<double>() && value.typeId() == QMetaType::Double)
            QCOMPARE(read.toDouble(), value.toDouble());
        else
            QCOMPARE(read, value);
        QCOMPARE(jsonOf(read, &field), back);
    }

    void value_typedByAgent_isConverted()
    {
        const crm::Field number = fieldOf(crm::FieldType::Currency);
        QCOMPARE(jsonOf(u"12.5"_s, &number), QJsonValue(12.5));
        QCOMPARE(jsonOf(u"twelve"_s, &number),
                 QJsonValue(u"twelve"_s)); // Salesforce says what is wrong with it
        const crm::Field tick = fieldOf(crm::FieldType::Boolean);
        QCOMPARE(jsonOf(u"True"_s, &tick), QJsonValue(true));
        QCOMPARE(jsonOf(QString(), nullptr), QJsonValue(QJsonValue::Null));
    }

    void comparable_whatCannotBeEqual_isNotAsked_data()
    {
        using enum crm::FieldType;
        QTest::addColumn<int>("type");
        QTest::addColumn<QString>("text");
        QTest::addColumn<QVariant>("value");
        QTest::newRow("text") << int(String) << u"O'Brien"_s << QVariant(u"O'Brien"_s);
        QTest::newRow("NUL") << int(String) << (u"a"_s + QChar(0)) << QVariant();
        QTest::newRow("line") << int(String) << u"a\nb"_s << QVariant();
        QTest::newRow("256") << int(String) << QString(256, u'a') << QVariant();
        QTest::newRow("half a pair") << int(String) << QString(QChar(0xd83d)) << QVariant();
        QTest::newRow("number") << int(Integer) << u"17"_s << QVariant(17LL);
        QTest::newRow("no number") << int(Integer) << u"17' OR"_s << QVariant();
        QTest::newRow("not finite") << int(Double) << u"inf"_s << QVariant();
        QTest::newRow("date") << int(Date) << u"2026-02-28"_s << QVariant(QDate(2026, 2, 28));
        QTest::newRow("no date") << int(Date) << u"2026-02-30"_s << QVariant();
        QTest::newRow("boolean") << int(Boolean) << u"TRUE"_s << QVariant(true);
        QTest::newRow("id") << int(Reference) << u"003000000000001AAA"_s << QVariant(u"003000000000001AAA"_s);
        QTest::newRow("no id") << int(Reference) << u"Acme"_s << QVariant();
    }
    void comparable_whatCannotBeEqual_isNotAsked()
    {
        QFETCH(int, type);
        QFETCH(QString, text);
        QFETCH(QVariant, value);
        const crm::Field field = fieldOf(crm::FieldType(type));
        const auto found = comparable(text, &field);
        QCOMPARE(found.has_value(), value.isValid());
        if (found)
            QCOMPARE(*found, value);
    }

    void record_related_isFlat()
    {
        const auto json = QJsonDocument::fromJson(
            R"({"attributes":{"type":"Contact","url":"/services/data/v62.0/sobjects/Contact/003000000000001AAA"},
            "Id":"003000000000001AAA","Name":"Ann O\u0027Brien","AccountId":"001000000000001AAA","SystemModstamp":"2026-05-21T10:38:05.000+0000",
            "Account":{"attributes":{"type":"Account"},"Name":"Acme","Owner":{"attributes":{"type":"User"},"Name":"Mia"}},"ReportsTo":null,
            "MailingAddress":{"street":"1 Main St","city":"Oslo","state":null,"postalCode":null,"country":"Norway"},"New_Thing__c":{"x":1}})");
        const Record record = recordOf(json.object(), nullptr, QUrl(u"https://org.example"_s));
        QCOMPARE(record.ref.kind, kinds::contact);
        QCOMPARE(record.title, u"Ann O'Brien"_s);
        QCOMPARE(record.version, u"2026-05-21T10:38:05.000+0000"_s);
        QCOMPARE(record.url, QUrl(u"https://org.example/003000000000001AAA"_s));
        QCOMPARE(record.fields[u"Account.Owner.Name"_s].toString(), u"Mia"_s);
        QCOMPARE(record.text(u"AccountId"_s), u"Acme"_s);
        QCOMPARE(record.text(u"MailingAddress"_s), u"1 Main St, Oslo, Norway"_s);
        QVERIFY(record.fields.contains(u"ReportsTo"_s));
        QVERIFY(record.fields.contains(u"New_Thing__c"_s));
    }

    void id18_isSalesforcesOwn()
    {
        QCOMPARE(id18(u"001D000000IRFma"_s), u"001D000000IRFmaIAH"_s);
        QCOMPARE(id18(u"003000000000001AAA"_s), u"003000000000001AAA"_s);
    }
};

QTEST_GUILESS_MAIN(ValuesTest)
#include "tst_Values.moc"
