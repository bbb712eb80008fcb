#include "core/salesforce/Describe.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QRegularExpression>
#include <QTest>

using namespace parley;
using namespace parley::salesforce;
using namespace Qt::Literals::StringLiterals;

namespace {

QJsonObject json(const QByteArray &text)
{
    QJsonParseError problem{};
    const auto document = QJsonDocument::fromJson(text, &problem);
    if (document.isNull())
        qFatal("bad test data: %s", qPrintable(problem.errorString()));
    return document.object();
}

const QByteArray kContact = R"({"name":"Contact","label":"Contact","fields":[
 {"name":"Id","type":"id","label":"Contact ID","createable":false,"updateable":false,"nillable":false},
 {"name":"LastName","type":"string","label":"Last Name","length":80,"createable":true,"updateable":true,"nillable":false,"compoundFieldName":"Name"},
 {"name":"FirstName","type":"string","label":"First Name","createable":true,"updateable":true,"nillable":true,"compoundFieldName":"Name"},
 {"name":"Salutation","type":"picklist","label":"Salutation","createable":true,"updateable":true,"nillable":true,"compoundFieldName":"Name"},
 {"name":"Name","type":"string","label":"Full Name","createable":false,"updateable":false,"nillable":false},
 {"name":"MailingStreet","type":"textarea","label":"Mailing Street","createable":true,"updateable":true,"nillable":true,"compoundFieldName":"MailingAddress"},
 {"name":"MailingCity","type":"string","label":"Mailing City","createable":true,"updateable":true,"nillable":true,"compoundFieldName":"MailingAddress"},
 {"name":"MailingState","type":"string","label":"Mailing State","createable":true,"updateable":true,"nillable":true,"compoundFieldName":"MailingAddress"},
 {"name":"MailingPostalCode","type":"string","label":"Mailing Zip","createable":true,"updateable":true,"nillable":true,"compoundFieldName":"MailingAddress"},
 {"name":"MailingCountry","type":"string","label":"Mailing Country","createable":true,"updateable":true,"nillable":true,"compoundFieldName":"MailingAddress"},
 {"name":"MailingLatitude","type":"double","label":"Lat","createable":true,"updateable":true,"nillable":true,"compoundFieldName":"MailingAddress"},
 {"name":"MailingAddress","type":"address","label":"Mailing Address","createable":false,"updateable":false,"nillable":true},
 {"name":"Phone","type":"phone","label":"Phone","createable":true,"updateable":true,"nillable":true},
 {"name":"Email","type":"email","label":"Email","createable":true,"updateable":true,"nillable":true},
 {"name":"DoNotCall","type":"boolean","label":"Do Not Call","createable":true,"updateable":true,"nillable":false,"defaultedOnCreate":true},
 {"name":"Score__c","type":"double","label":"Score","createable":false,"updateable":false,"nillable":true,"calculated":true},
 {"name":"Level__c","type":"picklist","label":"Level","createable":true,"updateable":true,"nillable":true,"dependentPicklist":true,"controllerName":"Salutation",
  "picklistValues":[{"value":"a","label":"A","active":true,"validFor":"gAAA"},{"value":"b","label":"B","active":true,"validFor":"oAAA"},{"value":"c","label":"C","active":true}]}]})";

QByteArray item(const QByteArray &label, bool isRequired, bool isNew, const QByteArray &components)
{
    return "{\"label\":\"" + label + "\",\"required\":" + (isRequired ? "true" : "false") +
           ",\"editableForNew\":" + (isNew ? "true" : "false") +
           ",\"editableForUpdate\":true,\"layoutComponents\":[" + components + "]}";
}

QByteArray field(const QByteArray &name)
{
    return R"({"type":"Field","value":")" + name + "\"}";
}

const QByteArray kGap = R"({"type":"EmptySpace","value":""})";

QByteArray layouts(const QByteArray &nameComponents)
{
    return R"({"layouts":[{"id":"00hA","editLayoutSections":[{"heading":"Contact Information","useHeading":true,"columns":2,"layoutRows":[
        {"layoutItems":[)" +
           item("Name", true, true, nameComponents) + ',' + item("Phone number", true, true, field("Phone")) +
           "]},{\"layoutItems\":[" + item("", false, true, kGap) + ',' +
           item("Email", false, false, field("Email")) + "]},{\"layoutItems\":[" +
           item("Hidden", false, true, field("Hidden__c")) + ',' +
           item("Score", false, true, field("Score__c")) +
           R"(]}]},{"heading":"Address","useHeading":false,"columns":1,"layoutRows":[{"layoutItems":[)" +
           item("Mailing Address", false, true, field("MailingAddress")) +
           R"(]}]}]}],"recordTypeMappings":[{"recordTypeId":"012000000000000AAA","layoutId":"00hA","available":true,"master":true,"defaultRecordTypeMapping":true,
           "picklistsForRecordType":[{"picklistName":"Level__c","picklistValues":[{"value":"b","label":"B","active":true,"defaultValue":true,"validFor":null}]}]}]})";
}

QStringList cells(const QList<crm::LayoutCell> &row)
{
    QStringList names;
    for (const auto &cell : row)
        names += cell.field.isEmpty() ? u"-"_s : cell.field;
    return names;
}

} // namespace

class DescribeTest : public QObject
{
    Q_OBJECT

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(u".*"_s)); }

    /// CRM_FACTS part C, 6: bits from the left of the first byte, four bytes at least.
    void trap6_validForVectors_data()
    {
        QTest::addColumn<QString>("bits");
        QTest::addColumn<QSet<int>>("indexes");
        QTest::newRow("gAAA") << u"gAAA"_s << QSet<int>{0};
        QTest::newRow("QAAA") << u"QAAA"_s << QSet<int>{1};
        QTest::newRow("AEAA") << u"AEAA"_s << QSet<int>{9};
        QTest::newRow("oAAA") << u"oAAA"_s << QSet<int>{0, 2};
        QTest::newRow("none") << QString() << QSet<int>{};
    }
    void trap6_validForVectors()
    {
        QFETCH(QString, bits);
        QFETCH(QSet<int>, indexes);
        QCOMPARE(validForOf(bits), indexes);
    }

    void schema_requiredIsWhatCannotBeLeftOut()
    {
        const auto schema = schemaOf(json(kContact));
        QStringList required;
        for (const auto &f : schema.fields) {
            if (f.isRequired)
                required += f.name;
        }
        QCOMPARE(required, QStringList{u"LastName"_s});
        QCOMPARE(schema.field(u"Name"_s)->type, crm::FieldType::PersonName);
        QCOMPARE(schema.field(u"Level__c"_s)->controller, u"Salutation"_s);
        QCOMPARE(schema.field(u"Level__c"_s)->choices[1].validFor, (QSet<int>{0, 2}));
        QVERIFY(schema.field(u"Level__c"_s)->choices[2].validFor.isEmpty());
        QVERIFY(schema.field(u"Score__c"_s)->isCalculated);
    }

    void layout_compoundsExpanded_gapsKept_data()
    {
        QTest::addColumn<QByteArray>("components");
        QTest::newRow("the compound alone") << field("Name");
        QTest::newRow("several components")
            << field("Salutation") + ',' + field("FirstName") + ',' + field("LastName");
        QTest::newRow("nested components")
            << QByteArray(R"({"type":"Field","value":"Name","fieldType":"string","components":[)") +
                   field("Salutation") + ',' + field("FirstName") + ',' + field("LastName") + "]}";
    }
    void layout_compoundsExpanded_gapsKept()
    {
        QFETCH(QByteArray, components);
        const auto schema = schemaOf(json(kContact));
        const auto all = json(layouts(components));
        const QString variant = variantFor(all, {});
        const auto layout = layoutOf(layoutDocument(all, variant), schema, crm::LayoutPurpose::Create);
        QCOMPARE(layout.sections.size(), 2);
        QCOMPARE(layout.sections[0].label, u"Contact Information"_s);
        QCOMPARE(layout.sections[1].label, QString());
        const auto &rows = layout.sections[0].rows;
        QCOMPARE(cells(rows[0]), (QStringList{u"Salutation"_s, u"Phone"_s}));
        QCOMPARE(cells(rows[1]), (QStringList{u"FirstName"_s, u"-"_s}));
        QCOMPARE(cells(rows[2]), (QStringList{u"LastName"_s, u"-"_s}));
        QCOMPARE(cells(rows[3]), (QStringList{u"-"_s, u"Email"_s}));
        QCOMPARE(cells(rows[4]), (QStringList{u"-"_s, u"Score__c"_s}));
        QVERIFY(!rows[0][0].isRequired);
        QVERIFY(rows[2][0].isRequired);
        QVERIFY2(rows[0][1].isRequired, "required on the page although the field is not");
        QCOMPARE(rows[0][1].label, u"Phone number"_s);
        QCOMPARE(rows[2][0].label, u"Last Name"_s);
        QVERIFY2(rows[3][1].isReadOnly, "not editable when new");
        QVERIFY2(rows[4][1].isReadOnly, "a formula");
        QStringList address;
        for (const auto &row : layout.sections[1].rows)
            address += cells(row);
        QCOMPARE(address, (QStringList{u"MailingStreet"_s, u"MailingCity"_s, u"MailingState"_s,
                                       u"MailingPostalCode"_s, u"MailingCountry"_s}));
        const auto choices = choicesOf(all, variant, schema);
        QCOMPARE(choices[u"Level__c"_s].size(), 1);
        QCOMPARE(choices[u"Level__c"_s][0].validFor, (QSet<int>{0, 2}));
        QVERIFY(choices[u"Level__c"_s][0].isDefault);
    }

    void layout_requiredCompound_marksThePartThatIsMeant()
    {
        QByteArray described = kContact;
        described.replace(R"({"name":"Phone",)",
                          R"({"name":"Place__c","type":"location","label":"Place","nillable":true},
 {"name":"Place__Latitude__s","type":"double","label":"Lat","createable":true,"updateable":true,"nillable":true,"compoundFieldName":"Place__c"},
 {"name":"Place__Longitude__s","type":"double","label":"Long","createable":true,"updateable":true,"nillable":true,"compoundFieldName":"Place__c"},
 {"name":"Phone",)");
        const auto schema = schemaOf(json(described));
        const QByteArray page = R"({"editLayoutSections":[{"columns":1,"layoutRows":[{"layoutItems":[)" +
                                item("Address", true, true, field("MailingAddress")) +
                                R"(]},{"layoutItems":[)" + item("Place", true, true, field("Place__c")) +
                                R"(]},{"layoutItems":[)" + item("Name", true, true, field("Name")) + "]}]}]}";
        const auto layout = layoutOf(json(page), schema, crm::LayoutPurpose::Create);
        QCOMPARE(layout.sections.size(), 1);
        QStringList required;
        for (const auto &row : layout.sections[0].rows) {
            if (row[0].isRequired)
                required += row[0].field;
        }
        QCOMPARE(required, (QStringList{u"MailingStreet"_s, u"Place__Latitude__s"_s, u"Place__Longitude__s"_s,
                                        u"LastName"_s}));
    }

    void layout_forEdit_hasItsOwnLocks()
    {
        const auto schema = schemaOf(json(kContact));
        const auto all = json(layouts(field("Name")));
        const auto layout =
            layoutOf(layoutDocument(all, variantFor(all, {})), schema, crm::LayoutPurpose::Edit);
        QVERIFY(!layout.sections[0].rows[3][1].isReadOnly);
    }

    void layout_severalRecordTypes_areAskedForOneByOne()
    {
        const auto all = json(R"({"layouts":null,"recordTypeMappings":[
            {"recordTypeId":"012000000000001AAA","available":false,"defaultRecordTypeMapping":false},
            {"recordTypeId":"012000000000002AAA","available":true,"defaultRecordTypeMapping":true},
            {"recordTypeId":"012000000000000AAA","available":true,"master":true,"defaultRecordTypeMapping":false}]})");
        QCOMPARE(variantFor(all, {}), u"012000000000002AAA"_s);
        QCOMPARE(variantFor(all, u"012000000000001"_s), u"012000000000001AAA"_s);
        QVERIFY(layoutDocument(all, u"012000000000002AAA"_s).isEmpty());
        QVERIFY(!layoutDocument(json(R"({"id":"x","editLayoutSections":[]})"), {}).isEmpty());
    }

    void realDescribes_areUnderstood()
    {
        const QString folder = QStringLiteral(PARLEY_SOURCE_DIR "/../shared/real/salesforce/describe/");
        if (!QFile::exists(folder))
            QSKIP("no recordings on this machine");
        const QMap<QString, QStringList> requiredFields{
            {u"Contact"_s, {u"LastName"_s}}, {u"Lead"_s, {u"LastName"_s, u"Company"_s}}, {u"Case"_s, {}}};
        for (auto it = requiredFields.cbegin(); it != requiredFields.cend(); ++it) {
            QFile file(folder + it.key() + u".json"_s);
            QVERIFY(file.open(QIODevice::ReadOnly));
            const auto schema = schemaOf(QJsonDocument::fromJson(file.readAll()).object());
            QCOMPARE(schema.kind.name, it.key());
            QStringList required;
            for (const auto &f : schema.fields) {
                QVERIFY2(f.type != crm::FieldType::Other, qPrintable(f.name + u' ' + f.remoteType));
                if (f.isRequired)
                    required += f.name;
            }
            QCOMPARE(required, it.value());
            QCOMPARE(schema.variants.size(), 1);
        }
        QFile file(folder + u"Contact.json"_s);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const auto contact = schemaOf(QJsonDocument::fromJson(file.readAll()).object());
        QStringList parts;
        for (const auto *part : partsOf(contact, u"Name"_s))
            parts += part->name;
        QCOMPARE(parts, (QStringList{u"Salutation"_s, u"FirstName"_s, u"LastName"_s}));
        QFile global(folder + u"Global.json"_s);
        QVERIFY(global.open(QIODevice::ReadOnly));
        const auto kinds = kindsOf(QJsonDocument::fromJson(global.readAll()).object());
        QVERIFY(std::ranges::any_of(
            kinds, [](const auto &kind) { return kind.kind == kinds::contact && kind.isCreateable; }));
    }
};

QTEST_GUILESS_MAIN(DescribeTest)
#include "tst_Describe.moc"
