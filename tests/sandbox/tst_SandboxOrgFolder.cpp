#include "tests/sandbox/Driver.h"

#include <QDir>
#include <QFile>
#include <QRegularExpression>
#include <QTemporaryDir>

using namespace Qt::Literals::StringLiterals;
using namespace parley::sandbox;

class SandboxOrgFolderTest : public QObject
{
    Q_OBJECT
private slots:
    void init() { QTest::failOnWarning(QRegularExpression(u".*"_s)); }

    void org_document_isAnsweredByteForByte()
    {
        const QTemporaryDir folder;
        const QByteArray document =
            "{ "
            "\"name\":\"Contact\",\n\"keyPrefix\":\"003\",\"createable\":true,\"updateable\":true,"
            "\"queryable\":true,\n"
            "\"label\":\"Person\",\"recordTypeInfos\":[],\"childRelationships\":[],\"urls\":{\"x\":\"/"
            "services/data/vxx.0/y\"},\"fields\":[\n"
            "{\"name\":\"Id\",\"type\":\"id\",\"label\":\"Id\",\"nillable\":false,\"defaultedOnCreate\":true}"
            ",\n"
            "{\"name\":\"IsDeleted\",\"type\":\"boolean\",\"label\":\"Deleted\",\"nillable\":false,"
            "\"defaultedOnCreate\":true},\n"
            "{\"name\":\"LastName\",\"type\":\"string\",\"label\":\"Surname\",\"length\":5,\"nillable\":"
            "false,\"createable\":true,\"updateable\":true,\"nameField\":true},\n"
            "{\"name\":\"Shoe_Size__c\",\"type\":\"double\",\"label\":\"Shoe "
            "Size\",\"precision\":3,\"scale\":1,\"nillable\":true,\"createable\":true,\"updateable\":true}]}"
            "\n";
        write(folder, u"describe/Contact.json"_s, document);
        const QByteArray layouts = "{\"layouts\":[{\"id\":\"00h000000000001AAA\",\"editLayoutSections\":[]}],"
                                   "  \"recordTypeMappings\":[]}";
        write(folder, u"layouts/Contact.json"_s, layouts);
        Driver driver(Config{.orgFolder = folder.path()});
        QVERIFY(driver.start());
        QCOMPARE(driver.get(u"sobjects/Contact/describe"_s).bytes(), document);
        QCOMPARE(driver.get(u"sobjects/Contact/describe/layouts"_s).bytes(), layouts);
        QCOMPARE(driver.create(u"Contact"_s, {{u"LastName"_s, u"Ötzi"_s}, {u"Shoe_Size__c"_s, 42.55}}).status,
                 201);
        QCOMPARE(
            driver.column(u"SELECT Shoe_Size__c FROM Contact WHERE LastName = 'öTZI'"_s, u"Shoe_Size__c"_s),
            QStringList{u"42.6"_s});
        QCOMPARE(Driver::codeOf(driver.create(u"Contact"_s, {{u"LastName"_s, u"Toolong"_s}})),
                 u"STRING_TOO_LONG"_s);
        QCOMPARE(Driver::codeOf(
                     driver.create(u"Contact"_s, {{u"LastName"_s, u"X"_s}, {u"Email"_s, u"x@y.example"_s}})),
                 u"INVALID_FIELD"_s);
        QCOMPARE(driver.get(u"sobjects/Lead/describe"_s).status, 200); // absent: the built-in one
    }

    void org_damagedFile_isNamed_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<QString>("reason");
        QTest::newRow("cut off") << u"describe/Contact.json"_s << QByteArray("{\"name\":\"Contact\",")
                                 << u"at byte"_s;
        QTest::newRow("another object's")
            << u"describe/Contact.json"_s << QByteArray("{\"name\":\"Lead\",\"fields\":[{}]}")
            << u"describes \"Lead\""_s;
        QTest::newRow("no fields") << u"describe/Contact.json"_s << QByteArray("{\"name\":\"Contact\"}")
                                   << u"has no fields"_s;
        QTest::newRow("a nameless field")
            << u"describe/Contact.json"_s
            << QByteArray("{\"name\":\"Contact\",\"fields\":[{\"type\":\"id\"}]}") << u"field 0"_s;
        const auto fields = [](const QByteArray &more) {
            return QByteArray("{\"name\":\"Contact\",\"fields\":[{\"name\":\"Id\",\"type\":\"id\"}" + more +
                              "]}");
        };
        QTest::newRow("a field twice")
            << u"describe/Contact.json"_s << fields(",{\"name\":\"ID\",\"type\":\"id\"}") << u"twice"_s;
        QTest::newRow("a name that is SQL")
            << u"describe/Contact.json"_s << fields(",{\"name\":\"x\\\") --\",\"type\":\"id\"}")
            << u"field 1"_s;
        QTest::newRow("no id") << u"describe/Contact.json"_s
                               << QByteArray(
                                      "{\"name\":\"Contact\",\"fields\":[{\"name\":\"X\",\"type\":\"id\"}]}")
                               << u"no field Id"_s;
        QTest::newRow("a list") << u"describe/Contact.json"_s << QByteArray("[]") << u"not a JSON object"_s;
        QTest::newRow("global") << u"describe/Global.json"_s << QByteArray("{}") << u"has no sobjects"_s;
        QTest::newRow("layouts") << u"layouts/Contact.json"_s << QByteArray("{}") << u"neither layouts"_s;
        const auto contact = [&](const QByteArray &name, const QByteArray &member, const QString &reason) {
            QTest::newRow(name.constData())
                << u"describe/Contact.json"_s << fields(R"(,{"name":"A","type":"string",)" + member + "}")
                << reason;
        };
        contact("length is text", R"("length":"80")", u"field 1 (A): length"_s);
        contact("length below nothing", R"("length":-5)", u"length"_s);
        contact("a flag is text", R"("createable":"true")", u"createable"_s);
        contact("targets are text", R"("referenceTo":"Account")", u"referenceTo"_s);
        contact("values are no list", R"("picklistValues":{})", u"picklistValues"_s);
        contact("a value without one", R"("picklistValues":[{"label":"x"}])", u"picklist value 0"_s);
        contact("validFor is no base64", R"("picklistValues":[{"value":"x","validFor":"%%"}])",
                u"validFor"_s);
        contact("a controller that is not there", R"("controllerName":"Nope")", u"Nope"_s);
        QTest::newRow("a long key prefix")
            << u"describe/Contact.json"_s
            << QByteArray(R"({"name":"Contact","keyPrefix":"toolong","fields":[{"name":"Id","type":"id"}]})")
            << u"keyPrefix"_s;
        QTest::newRow("another's key prefix")
            << u"describe/Contact.json"_s
            << QByteArray(R"({"name":"Contact","keyPrefix":"001","fields":[{"name":"Id","type":"id"}]})")
            << u"that of Account"_s;
        QTest::newRow("a nameless object")
            << u"describe/Global.json"_s << QByteArray(R"({"sobjects":[{"name":1}]})") << u"sobject 0"_s;
        QTest::newRow("layouts are text")
            << u"layouts/Contact.json"_s << QByteArray(R"({"layouts":"x"})") << u"layouts are no list"_s;
        QTest::newRow("sections are text")
            << u"layouts/Contact.json"_s << QByteArray(R"({"layouts":[{"editLayoutSections":"x"}]})")
            << u"layout 0 editLayoutSections"_s;
        QTest::newRow("rows are a number")
            << u"layouts/Contact.json"_s
            << QByteArray(R"({"layouts":[{"editLayoutSections":[{"layoutRows":5}]}]})") << u"layoutRows"_s;
        QTest::newRow("layouts of nothing")
            << u"layouts/Nope.json"_s << QByteArray("{\"layouts\":[]}") << u"no describe of Nope"_s;
    }
    void org_damagedFile_isNamed()
    {
        QFETCH(QString, file);
        QFETCH(QByteArray, content);
        QFETCH(QString, reason);
        const QTemporaryDir folder;
        write(folder, file, content);
        const auto loaded = Metadata::fromFolder(folder.path());
        QVERIFY(!loaded);
        QVERIFY2(loaded.error().detail.contains(file), qPrintable(loaded.error().detail));
        QVERIFY2(loaded.error().detail.contains(reason), qPrintable(loaded.error().detail));
    }

    // A trimmed document: no flags, no lengths, no key prefix, standard fields left out.
    void org_trimmedDocument_worksAsUsual()
    {
        const QTemporaryDir folder;
        const QByteArray user = R"({"name":"User","label":"User","queryable":true,"fields":[
            {"name":"Id","type":"id","label":"Id"},{"name":"LastName","type":"string","label":"Last Name"}]})";
        write(folder, u"describe/User.json"_s, user);
        write(folder, u"describe/Case.json"_s, R"({"name":"Case","label":"Case","fields":[
            {"name":"Id","type":"id","label":"Id"},{"name":"Subject","type":"string","label":"Subject"},
            {"name":"ContactEmail","type":"email","label":"Contact Email"}]})");
        Driver driver(Config{.orgFolder = folder.path()});
        QVERIFY(driver.start()); // signs in although the document knows no user names
        QCOMPARE(driver.get(u"sobjects/User/describe"_s).bytes(), user);
        const QString id = driver.created(u"Case"_s, {{u"Subject"_s, u"Trimmed"_s}});
        QVERIFY(id.startsWith(u"500"_s));
        QCOMPARE(driver.get(u"sobjects/Case/"_s + id).json[u"Subject"_s].toString(), u"Trimmed"_s);
        QCOMPARE(driver.column(u"SELECT Subject, ContactEmail FROM Case WHERE Subject = 'trimmed'"_s,
                               u"Subject"_s),
                 QStringList{u"Trimmed"_s});
        QCOMPARE(driver.get(u"parameterizedSearch?q=trimmed&sobject=Case"_s)
                     .json[u"searchRecords"_s]
                     .toArray()
                     .size(),
                 1);
        QCOMPARE(driver.get(u"ui-api/record-defaults/create/Case"_s).status, 200);
        QCOMPARE(driver.send("DELETE", Driver::data(u"sobjects/Case/"_s + id)).status, 204);
    }

    void org_ownNameField_ofAContact_works()
    {
        const QTemporaryDir folder;
        write(folder, u"describe/Contact.json"_s,
              R"({"name":"Contact","label":"Contact","keyPrefix":"003","fields":[
            {"name":"Id","type":"id","label":"Id"},{"name":"IsDeleted","type":"boolean","label":"Deleted"},
            {"name":"Name","type":"string","label":"Name","length":80,"createable":true,"updateable":true,"nameField":true,"nillable":false},
            {"name":"Email","type":"email","label":"Email","createable":true,"updateable":true},
            {"name":"Odd__c","type":"someNewType","label":"Odd","createable":true,"updateable":true}]})");
        Driver driver(Config{.orgFolder = folder.path()});
        QVERIFY(driver.start());
        QCOMPARE(Driver::codeOf(driver.create(u"Contact"_s, {{u"Email"_s, u"a@b.example"_s}})),
                 u"REQUIRED_FIELD_MISSING"_s);
        const QString id = driver.created(
            u"Contact"_s,
            {{u"Name"_s, u"Plain Name"_s}, {u"Email"_s, u"plain@b.example"_s}, {u"Odd__c"_s, u"anything"_s}});
        QCOMPARE(driver.column(u"SELECT Name FROM Contact WHERE Email = 'plain@b.example'"_s),
                 QStringList{u"Plain Name"_s});
        QCOMPARE(driver.get(u"sobjects/Contact/"_s + id).json[u"Odd__c"_s].toString(), u"anything"_s);
        QCOMPARE(driver.query(u"SELECT Name, ContactEmail, Contact.Name FROM Case"_s).status,
                 400); // Case has no Name
        QCOMPARE(driver.query(u"SELECT ContactEmail, Contact.Name FROM Case"_s).status, 200);
    }

    void org_customObject_isLinkedAndFoundByItsKey()
    {
        const QTemporaryDir folder;
        write(
            folder, u"describe/My_Thing__c.json"_s,
            R"({"name":"My_Thing__c","label":"My Thing","custom":true,"createable":true,"updateable":true,"fields":[
            {"name":"Id","type":"id","label":"Id"},
            {"name":"Name","type":"string","label":"Name","length":80},
            {"name":"Contact__c","type":"reference","label":"Contact","referenceTo":["Contact"],"relationshipName":"Contact__r"},
            {"name":"Key__c","type":"string","label":"Key","length":20,"externalId":true,"unique":true}]})");
        Driver driver(Config{.orgFolder = folder.path()});
        QVERIFY(driver.start());
        const QString contact = driver.created(u"Contact"_s, {{u"LastName"_s, u"Owner of things"_s}});
        const QString at = Driver::data(u"sobjects/My_Thing__c/Key__c/a%2Fb"_s);
        QCOMPARE(
            driver.send("PATCH", at, QJsonObject{{u"Name"_s, u"One"_s}, {u"Contact__c"_s, contact}}).status,
            201);
        QCOMPARE(driver.send("PATCH", at, QJsonObject{{u"Name"_s, u"Two"_s}}).status, 200);
        QCOMPARE(
            driver.column(u"SELECT Name, Contact__r.LastName FROM My_Thing__c"_s, u"Contact__r.LastName"_s),
            QStringList{u"Owner of things"_s});
        QCOMPARE(Driver::codeOf(driver.create(u"My_Thing__c"_s, {{u"Key__c"_s, u"A/B"_s}})),
                 u"DUPLICATE_VALUE"_s);
        QCOMPARE(
            driver.column(u"SELECT Name FROM Contact WHERE Id IN (SELECT Contact__c FROM My_Thing__c)"_s),
            QStringList{u"Owner of things"_s});
    }

    void org_objectOnlyInTheGlobalList_answers()
    {
        const QTemporaryDir folder;
        write(
            folder, u"describe/Global.json"_s,
            R"({"sobjects":[{"name":"Odd__c","label":"Odd","labelPlural":"Odds","keyPrefix":"a9Z","createable":true,
            "deletable":true,"layoutable":true,"searchable":true,"custom":true},{"name":"OddFeed","label":"Feed","keyPrefix":null},
            {"name":"Plain__c","label":"Plain","createable":true,"deletable":true,"custom":true}]})");
        Driver driver(Config{.orgFolder = folder.path()});
        QVERIFY(driver.start());
        QCOMPARE(driver.get(u"sobjects/OddFeed/describe"_s).json.isUndefined(), true); // bytes, not a tree
        QCOMPARE(driver.get(u"sobjects/OddFeed/describe"_s).status, 200);
        const QString id = driver.created(u"Odd__c"_s, {{u"Name"_s, u"Strange"_s}});
        QVERIFY(id.startsWith(u"a9Z"_s));
        QCOMPARE(driver.column(u"SELECT Name, Owner.Name FROM Odd__c"_s), QStringList{u"Strange"_s});
        QCOMPARE(driver.query(u"SELECT Id FROM OddFeed"_s).status, 200);
        // No prefix in the list: the records are found by their ids nevertheless.
        const QString plain = driver.created(u"Plain__c"_s, {{u"Name"_s, u"Plain"_s}});
        QVERIFY2(!plain.startsWith(u"000"_s), qPrintable(plain));
        QCOMPARE(driver.get(u"sobjects/Plain__c/"_s + plain).json[u"Name"_s].toString(), u"Plain"_s);
    }

    void org_whatIsNoFile_isNamed()
    {
        const QTemporaryDir folder;
        QVERIFY(!Metadata::fromFolder(folder.path())); // nothing of a CRM in it
        QVERIFY(QDir(folder.path()).mkpath(u"salesforce/describe/Contact.json"_s));
        const auto loaded = Metadata::fromFolder(folder.path());
        QVERIFY(!loaded && loaded.error().detail.contains(u"Contact.json: is no file"_s));
        QVERIFY(QDir(folder.path()).rmpath(u"salesforce/describe/Contact.json"_s));
        QVERIFY(QDir(folder.path()).mkpath(u"salesforce/layouts/Nope__c"_s));
        const auto again = Metadata::fromFolder(folder.path());
        QVERIFY(!again && again.error().detail.contains(u"no describe of Nope__c"_s));
    }

    // What a record type offers stands with the layouts, and counts everywhere.
    void org_recordTypesPicklists_areHeeded()
    {
        const QTemporaryDir folder;
        write(folder, u"describe/Gadget__c.json"_s, R"({"name":"Gadget__c","label":"Gadget","fields":[
            {"name":"Id","type":"id"},{"name":"Name","type":"string","nameField":true,"length":80},
            {"name":"RecordTypeId","type":"reference","referenceTo":["RecordType"],"relationshipName":"RecordType"},
            {"name":"Color__c","type":"picklist","restrictedPicklist":true,"picklistValues":[
                {"value":"r","label":"R","active":true,"defaultValue":true},{"value":"g","label":"G","active":true},
                {"value":"b","label":"B","active":true}]}],
            "recordTypeInfos":[{"recordTypeId":"012AA0000000001YAA","name":"Cool","developerName":"Cool","available":true,
                "active":true,"defaultRecordTypeMapping":true,"master":false}]})");
        write(folder, u"layouts/Gadget__c.json"_s, R"({"layouts":null,"recordTypeMappings":[
            {"recordTypeId":"012AA0000000001YAA","picklistsForRecordType":[{"picklistName":"Color__c","picklistValues":[
                {"value":"g","label":"G","active":true},{"value":"b","label":"B","active":true,"defaultValue":true}]}]}]})");
        Driver driver(Config{.orgFolder = folder.path()});
        QVERIFY(driver.start());
        const QJsonValue offered =
            driver.get(u"ui-api/object-info/Gadget__c/picklist-values/012AA0000000001YAA/Color__c"_s).json;
        QCOMPARE(offered[u"values"_s].toArray().size(), 2);
        QCOMPARE(offered[u"defaultValue"_s][u"value"_s].toString(), u"b"_s);
        QCOMPARE(driver.get(u"ui-api/record-defaults/create/Gadget__c"_s)
                     .json[u"record"_s][u"fields"_s][u"Color__c"_s][u"value"_s]
                     .toString(),
                 u"b"_s);
        QCOMPARE(
            Driver::codeOf(driver.create(u"Gadget__c"_s, {{u"Name"_s, u"x"_s}, {u"Color__c"_s, u"r"_s}})),
            u"INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"_s);
        const QString id = driver.created(u"Gadget__c"_s, {{u"Name"_s, u"x"_s}});
        QCOMPARE(driver.get(u"sobjects/Gadget__c/"_s + id).json[u"Color__c"_s].toString(), u"b"_s);
    }

    void org_manyTextFields_areSearched()
    {
        const QTemporaryDir folder;
        QString fields =
            u"{'name':'Id','type':'id'},{'name':'LastName','type':'string','length':80,'nameField':true}"_s;
        for (int number = 0; number < 700; ++number)
            fields += u",{'name':'Field_%1__c','type':'string','length':40}"_s.arg(number);
        const QString document = u"{'name':'Contact','fields':[%1]}"_s.arg(fields);
        write(folder, u"describe/Contact.json"_s, document.toUtf8().replace('\'', '"'));
        Driver driver(Config{.orgFolder = folder.path()});
        QVERIFY(driver.start());
        driver.created(u"Contact"_s,
                       {{u"LastName"_s, u"Zebedee"_s}, {u"Field_650__c"_s, u"needle in hay"_s}});
        for (const QString &word : {u"Zebedee"_s, u"needle"_s}) {
            const Reply found = driver.get(u"parameterizedSearch?q=%1&sobject=Contact"_s.arg(word));
            QCOMPARE(found.json[u"searchRecords"_s].toArray().size(), 1);
        }
    }

    void org_bodies_areKeptByteForByte()
    {
        const QTemporaryDir folder;
        write(folder, u"describe/Attachment.json"_s, R"({"name":"Attachment","keyPrefix":"00P","fields":[
            {"name":"Id","type":"id"},{"name":"Name","type":"string","nameField":true,"length":255},
            {"name":"Body","type":"base64","nillable":false},{"name":"BodyLength","type":"int","createable":false}]})");
        Driver driver(Config{.orgFolder = folder.path()});
        QVERIFY(driver.start());
        const QString id =
            driver.created(u"Attachment"_s, {{u"Name"_s, u"a.txt"_s}, {u"Body"_s, u"aGVsbG8="_s}});
        const QJsonValue record = driver.get(u"sobjects/Attachment/"_s + id).json;
        QCOMPARE(record[u"Body"_s].toString(), u"/services/data/v62.0/sobjects/Attachment/%1/Body"_s.arg(id));
        QCOMPARE(record[u"BodyLength"_s].toInt(), 5);
        QCOMPARE(driver.get(u"sobjects/Attachment/%1/Body"_s.arg(id)).bytes(), QByteArray("hello"));
    }

    void org_noFolder_isSaid() { QVERIFY(!Metadata::fromFolder(u"/nowhere/at/all"_s)); }

    void org_realDescribes_work()
    {
        const QString real = QStringLiteral(PARLEY_SOURCE_DIR) + u"/../shared/real"_s;
        if (!QDir(real + u"/salesforce/describe"_s).exists())
            QSKIP("no recordings of a real org here");
        Driver driver(Config{.orgFolder = real});
        QVERIFY(driver.start());
        for (const QString &name : {u"Contact"_s, u"Lead"_s, u"Case"_s}) {
            QFile file(real + u"/salesforce/describe/%1.json"_s.arg(name));
            QVERIFY(file.open(QIODevice::ReadOnly));
            QCOMPARE(driver.get(u"sobjects/%1/describe"_s.arg(name)).bytes(), file.readAll());
            QVERIFY(driver.get(u"sobjects/%1/describe/layouts"_s.arg(name))
                        .bytes()
                        .contains("editLayoutSections"));
        }
        QCOMPARE(
            driver.column(
                u"SELECT Name, Account.Name FROM Contact WHERE Email = 'amelia.hart@northgate.example'"_s),
            QStringList{u"Amelia Hart"_s});
        const QString id =
            driver.created(u"Case"_s, {{u"SuppliedEmail"_s, u"a@b.example"_s}, {u"Subject"_s, u"Real"_s}});
        QCOMPARE(driver.get(u"sobjects/Case/"_s + id).json[u"Status"_s].toString(), u"New"_s);
        QCOMPARE(driver.created(u"Lead"_s, {{u"LastName"_s, u"L"_s}, {u"Company"_s, u"C"_s}}).size(), 18);
        QCOMPARE(driver.query(u"SELECT FIELDS(ALL) FROM Lead LIMIT 5"_s).status, 200);
    }

private:
    static void write(const QTemporaryDir &folder, const QString &name, const QByteArray &content)
    {
        const QString path = folder.path() + u"/salesforce/"_s + name;
        QDir().mkpath(QFileInfo(path).path());
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(content);
    }
};

QTEST_GUILESS_MAIN(SandboxOrgFolderTest)
#include "tst_SandboxOrgFolder.moc"
