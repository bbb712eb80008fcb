#include "tests/sandbox/Driver.h"

#include <QRegularExpression>
#include <QSet>

using namespace Qt::Literals::StringLiterals;
using namespace parley::sandbox;

class SandboxDescribeTest : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase() { QVERIFY(m_driver.start()); }
    void init() { QTest::failOnWarning(QRegularExpression(u".*"_s)); }

    void describe_required_isAsInARealOrg()
    {
        QCOMPARE(required(u"Account"_s), QStringList{u"Name"_s});
        QCOMPARE(required(u"Contact"_s), QStringList{u"LastName"_s});
        QCOMPARE(required(u"Lead"_s), (QStringList{u"LastName"_s, u"Company"_s}));
        QCOMPARE(required(u"Case"_s), QStringList());
    }

    void uiApi_objectWithoutARecordPage_isNotSupported()
    {
        const Reply reply = m_driver.get(u"ui-api/record-defaults/create/Task"_s);
        QCOMPARE(reply.status, 400);
        QCOMPARE(Driver::codeOf(reply), u"INVALID_TYPE"_s);
        QCOMPARE(m_driver.get(u"ui-api/object-info/Contact"_s).status, 200);
    }

    void describe_types_areAllThere()
    {
        QSet<QString> types;
        for (const QString &object : {u"Account"_s, u"Contact"_s, u"Lead"_s, u"Case"_s, u"Task"_s})
            for (const QJsonValue &field : describe(object)[u"fields"_s].toArray())
                types.insert(field[u"type"_s].toString());
        for (const QString &type : {u"string"_s,    u"picklist"_s, u"multipicklist"_s,   u"combobox"_s,
                                    u"reference"_s, u"boolean"_s,  u"currency"_s,        u"textarea"_s,
                                    u"int"_s,       u"double"_s,   u"percent"_s,         u"phone"_s,
                                    u"id"_s,        u"date"_s,     u"datetime"_s,        u"time"_s,
                                    u"url"_s,       u"email"_s,    u"encryptedstring"_s, u"location"_s,
                                    u"address"_s})
            QVERIFY2(types.contains(type), qPrintable(type));
    }

    // Salesforce's own examples of the bit set, and one of ours read back through describe.
    void validFor_bits_areSalesforces()
    {
        QCOMPARE(validForIndexes(u"gAAA"_s), QList<int>{0});
        QCOMPARE(validForIndexes(u"QAAA"_s), QList<int>{1});
        QCOMPARE(validForIndexes(u"AEAA"_s), QList<int>{9});
        QCOMPARE(validForIndexes(u"oAAA"_s), (QList<int>{0, 2}));
        QCOMPARE(validForBits({0, 2}, 3), u"oAAA"_s);
        QCOMPARE(validForBits({9}, 10), u"AEAA"_s);
        for (const QJsonValue &field : describe(u"Contact"_s)[u"fields"_s].toArray()) {
            if (field[u"name"_s].toString() != u"Country__c"_s)
                continue;
            QCOMPARE(field[u"controllerName"_s].toString(), u"Region__c"_s);
            QCOMPARE(field[u"picklistValues"_s][3][u"value"_s].toString(), u"United States"_s);
            QCOMPARE(field[u"picklistValues"_s][3][u"validFor"_s].toString(), u"QAAA"_s);
            return;
        }
        QFAIL("no dependent picklist");
    }

    void describe_conditional_is304()
    {
        const QString url = Driver::data(u"sobjects/Lead/describe"_s);
        const Reply first = m_driver.send("GET", url);
        QByteArray tag;
        QByteArray since;
        for (const auto &[name, value] : first.headers) {
            if (name == "ETag")
                tag = value;
            if (name == "Last-Modified")
                since = value;
        }
        QCOMPARE(m_driver.send("GET", url, {}, {qMakePair(QByteArray("If-Modified-Since"), since)}).status,
                 304);
        QCOMPARE(m_driver.send("GET", url, {}, {qMakePair(QByteArray("If-None-Match"), tag)}).status, 304);
        QCOMPARE(m_driver
                     .send("GET", url, {},
                           {qMakePair(QByteArray("If-Modified-Since"),
                                      QByteArray("Thu, 21 May 2020 10:00:00 GMT"))})
                     .status,
                 200);
        QVERIFY(!first.raw.contains("vxx.0"));
        QVERIFY(!first.raw.contains("{instance}"));
    }

    void layouts_recordTypes_haveTheirOwn()
    {
        const QJsonValue lead = parsed(m_driver.get(u"sobjects/Lead/describe/layouts"_s));
        QVERIFY(lead[u"layouts"_s].isNull());
        QCOMPARE(lead[u"recordTypeSelectorRequired"_s][0].toBool(), true);
        QHash<QString, QJsonObject> mappings;
        for (const QJsonValue &mapping : lead[u"recordTypeMappings"_s].toArray())
            mappings.insert(mapping[u"developerName"_s].toString(), mapping.toObject());
        QCOMPARE(mappings.value(u"Chat_Lead"_s).value(u"defaultRecordTypeMapping"_s).toBool(), true);
        QCOMPARE(mappings.value(u"Old_Import"_s).value(u"available"_s).toBool(true), false);
        const QString id = mappings.value(u"Chat_Lead"_s).value(u"recordTypeId"_s).toString();
        const QJsonValue layout = parsed(m_driver.get(u"sobjects/Lead/describe/layouts/"_s + id));
        QCOMPARE(layout[u"id"_s], mappings.value(u"Chat_Lead"_s).value(u"layoutId"_s));
        const QJsonValue name = layout[u"editLayoutSections"_s][0][u"layoutRows"_s][0][u"layoutItems"_s][0];
        QCOMPARE(name[u"required"_s].toBool(), true);
        QCOMPARE(name[u"layoutComponents"_s][0][u"components"_s].toArray().size(), 3);
        const QJsonValue email = layout[u"editLayoutSections"_s][0][u"layoutRows"_s][1][u"layoutItems"_s][0];
        QCOMPARE(email[u"required"_s].toBool(), true); // by the layout alone: the field itself may be empty
        QCOMPARE(email[u"layoutComponents"_s][0][u"details"_s][u"nillable"_s].toBool(), true);
        QCOMPARE(m_driver.get(u"sobjects/Lead/describe/layouts/012000000000000"_s).status, 200);
        QCOMPARE(m_driver.get(u"sobjects/Lead/describe/layouts/abc"_s).status, 404);
    }

    void layouts_order_differsFromDescribes()
    {
        const QJsonValue layout =
            parsed(m_driver.get(u"sobjects/Contact/describe/layouts"_s))[u"layouts"_s][0];
        QStringList shown;
        for (const QJsonValue &section : layout[u"editLayoutSections"_s].toArray())
            for (const QJsonValue &row : section[u"layoutRows"_s].toArray())
                for (const QJsonValue &item : row[u"layoutItems"_s].toArray())
                    shown.append(item[u"layoutComponents"_s][0][u"value"_s].toString());
        QVERIFY(shown.indexOf(u"Phone"_s) < shown.indexOf(u"AccountId"_s));
        QStringList described;
        for (const QJsonValue &field : describe(u"Contact"_s)[u"fields"_s].toArray())
            described.append(field[u"name"_s].toString());
        QVERIFY(described.indexOf(u"Phone"_s) > described.indexOf(u"AccountId"_s));
    }

    void global_objects_haveKeyPrefixes()
    {
        QHash<QString, QString> prefixes;
        for (const QJsonValue &object : parsed(m_driver.get(u"sobjects"_s))[u"sobjects"_s].toArray())
            prefixes.insert(object[u"name"_s].toString(), object[u"keyPrefix"_s].toString());
        const QHash<QString, QString> expected{{u"Account"_s, u"001"_s},
                                               {u"Contact"_s, u"003"_s},
                                               {u"Lead"_s, u"00Q"_s},
                                               {u"Case"_s, u"500"_s},
                                               {u"Task"_s, u"00T"_s},
                                               {u"User"_s, u"005"_s},
                                               {u"Campaign"_s, u"701"_s},
                                               {u"ContentVersion"_s, u"068"_s},
                                               {u"ContentDocument"_s, u"069"_s},
                                               {u"ContentDocumentLink"_s, u"06A"_s}};
        for (auto it = expected.cbegin(); it != expected.cend(); ++it)
            QCOMPARE(prefixes.value(it.key()), *it);
    }

    void uiApi_recordDefaults_haveLayoutInfoAndValues()
    {
        const Reply reply = m_driver.get(u"ui-api/record-defaults/create/Lead?formFactor=Large"_s);
        QCOMPARE(reply.status, 200);
        QCOMPARE(reply.json[u"objectInfos"_s][u"Lead"_s][u"apiName"_s].toString(), u"Lead"_s);
        QCOMPARE(reply.json[u"record"_s][u"fields"_s][u"Status"_s][u"value"_s].toString(),
                 u"Open - Not Contacted"_s);
        const QJsonValue item =
            reply.json[u"layout"_s][u"sections"_s][0][u"layoutRows"_s][0][u"layoutItems"_s][1];
        QCOMPARE(item[u"layoutComponents"_s][0][u"apiName"_s].toString(), u"Company"_s);
        QCOMPARE(item[u"required"_s].toBool(), true);
        const Reply picks =
            m_driver.get(u"ui-api/object-info/Contact/picklist-values/012000000000000AAA/Country__c"_s);
        QCOMPARE(picks.json[u"controllerValues"_s][u"Americas"_s].toInt(), 1);
        QCOMPARE(picks.json[u"values"_s][3][u"validFor"_s].toArray(), QJsonArray{1});
        QCOMPARE(m_driver.get(u"ui-api/object-info/Nope"_s).status, 404);
    }

private:
    static QJsonValue parsed(const Reply &reply) { return QJsonDocument::fromJson(reply.bytes()).object(); }
    QJsonValue describe(const QString &object)
    {
        return parsed(m_driver.get(u"sobjects/%1/describe"_s.arg(object)));
    }
    QStringList required(const QString &object)
    {
        QStringList names;
        for (const QJsonValue &field : describe(object)[u"fields"_s].toArray()) {
            if (field[u"createable"_s].toBool() && !field[u"nillable"_s].toBool() &&
                !field[u"defaultedOnCreate"_s].toBool())
                names.append(field[u"name"_s].toString());
        }
        return names;
    }
    Driver m_driver;
};

QTEST_GUILESS_MAIN(SandboxDescribeTest)
#include "tst_SandboxDescribe.moc"
