#include "tests/sandbox/Driver.h"

#include <QRegularExpression>

using namespace Qt::Literals::StringLiterals;
using namespace parley::sandbox;

class SandboxRecordsTest : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase() { QVERIFY(m_driver.start()); }
    void init() { QTest::failOnWarning(QRegularExpression(u".*"_s)); }

    void create_invalid_isRefused_data()
    {
        QTest::addColumn<QString>("object");
        QTest::addColumn<QJsonObject>("body");
        QTest::addColumn<QString>("code");
        QTest::addColumn<QString>("message");
        QTest::addColumn<QStringList>("fields");
        const auto row = [](const char *tag, const QString &object, const QJsonObject &body,
                            const QString &code, const QString &message, const QStringList &fields = {}) {
            QTest::newRow(tag) << object << body << code << message << fields;
        };
        const QString c = u"Contact"_s;
        const auto with = [](const QString &field, const QJsonValue &value) {
            return QJsonObject{{u"LastName"_s, u"X"_s}, {field, value}};
        };
        row("required", u"Lead"_s, {}, u"REQUIRED_FIELD_MISSING"_s,
            u"Required fields are missing: [LastName, Company]"_s, {u"LastName"_s, u"Company"_s});
        row("required blank", c, {{u"LastName"_s, u"  "_s}}, u"REQUIRED_FIELD_MISSING"_s,
            u"Required fields are missing: [LastName]"_s, {u"LastName"_s});
        row("too long", c, with(u"FirstName"_s, QString(41, u'a')), u"STRING_TOO_LONG"_s,
            u"First Name: data value too large: %1 (max length=40)"_s.arg(QString(41, u'a')),
            {u"FirstName"_s});
        row("e-mail", c, with(u"Email"_s, u"a@b"_s), u"INVALID_EMAIL_ADDRESS"_s,
            u"Email: invalid email address: a@b"_s, {u"Email"_s});
        row("unknown field", c, with(u"Nope"_s, 1), u"INVALID_FIELD"_s,
            u"No such column 'Nope' on sobject of type Contact"_s);
        row("restricted picklist", c, with(u"Level__c"_s, u"Tenth"_s),
            u"INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"_s,
            u"Level: bad value for restricted picklist field: Tenth"_s, {u"Level__c"_s});
        row("read-only", c, with(u"IsDeleted"_s, true), u"INVALID_FIELD_FOR_INSERT_UPDATE"_s,
            u"Unable to create/update fields: IsDeleted. Please check the security settings of this field and verify that it is read/write for your profile or permission set."_s,
            {u"IsDeleted"_s});
        row("compound", c, with(u"Name"_s, u"X"_s), u"INVALID_FIELD_FOR_INSERT_UPDATE"_s,
            u"Unable to create/update fields: Name. Please check the security settings of this field and verify that it is read/write for your profile or permission set."_s,
            {u"Name"_s});
        row("no id", c, with(u"AccountId"_s, u"abc"_s), u"MALFORMED_ID"_s,
            u"Account ID: id value of incorrect type: abc"_s, {u"AccountId"_s});
        row("id of another kind", c, with(u"AccountId"_s, u"500gK00000000G9QAI"_s),
            u"FIELD_INTEGRITY_EXCEPTION"_s, u"Account ID: id value of incorrect type: 500gK00000000G9QAI"_s,
            {u"AccountId"_s});
        row("nobody's id", c, with(u"AccountId"_s, u"001gK000000zzzz"_s), u"INVALID_CROSS_REFERENCE_KEY"_s,
            u"invalid cross reference id"_s, {u"AccountId"_s});
        row("number as text", c, with(u"LastName"_s, 5), u"JSON_PARSER_ERROR"_s,
            u"Cannot deserialize instance of string from VALUE_NUMBER_INT value 5 or request may be missing a required field at [line:1, column:2]"_s);
        row("text as date", c, with(u"Birthdate"_s, u"tomorrow"_s), u"JSON_PARSER_ERROR"_s,
            u"Cannot deserialize instance of date from VALUE_STRING value tomorrow or request may be missing a required field at [line:1, column:2]"_s);
        row("too large a number", c, with(u"Discount__c"_s, 1000), u"NUMBER_OUTSIDE_VALID_RANGE"_s,
            u"Discount: value outside of valid range on numeric field: 1000"_s, {u"Discount__c"_s});
        row("foreign record type", u"Lead"_s,
            {{u"LastName"_s, u"X"_s}, {u"Company"_s, u"Y"_s}, {u"RecordTypeId"_s, u"012gK000000009h"_s}},
            u"INVALID_CROSS_REFERENCE_KEY"_s,
            u"Record Type ID: this ID value isn't valid for the user: 012gK000000009hQAA"_s,
            {u"RecordTypeId"_s});
        row("value of another record type", u"Lead"_s,
            {{u"LastName"_s, u"X"_s}, {u"Company"_s, u"Y"_s}, {u"Product_Interest__c"_s, u"Voice"_s}},
            u"INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"_s,
            u"Product Interest: bad value for restricted picklist field: Voice"_s,
            {u"Product_Interest__c"_s});
    }
    void create_invalid_isRefused()
    {
        QFETCH(QString, object);
        QFETCH(QJsonObject, body);
        QFETCH(QStringList, fields);
        const Reply reply = m_driver.create(object, body);
        QCOMPARE(reply.status, 400);
        QTEST(Driver::codeOf(reply), "code");
        QTEST(Driver::messageOf(reply), "message");
        QCOMPARE(reply.json[0][u"fields"_s].toArray(), QJsonArray::fromStringList(fields));
    }

    void create_everyType_readsBack()
    {
        const QJsonObject body{{u"LastName"_s, u" Trimmed "_s},
                               {u"Loyalty_Points__c"_s, 12},
                               {u"Discount__c"_s, 7.255},
                               {u"Credit_Limit__c"_s, 99.5},
                               {u"Newsletter__c"_s, false},
                               {u"Customer_Since__c"_s, u"2020-02-29"_s},
                               {u"Last_Survey__c"_s, u"2026-05-21T16:23:45+05:45"_s},
                               {u"Best_Time_To_Call__c"_s, u"09:30:00"_s},
                               {u"Interests__c"_s, u"Chat;Billing"_s},
                               {u"Profile__c"_s, u"<b>x</b>"_s},
                               {u"Location__Latitude__s"_s, 27.7},
                               {u"Location__Longitude__s"_s, 85.3},
                               {u"MailingCity"_s, u"Kathmandu"_s}};
        const QString id = m_driver.created(u"Contact"_s, body);
        const QJsonValue read = m_driver.get(u"sobjects/Contact/"_s + id).json;
        QCOMPARE(read[u"Name"_s].toString(), u"Trimmed"_s);
        QCOMPARE(read[u"Loyalty_Points__c"_s].toDouble(), 12.0);
        QCOMPARE(read[u"Discount__c"_s].toDouble(), 7.26); // to the field's scale
        QCOMPARE(read[u"Newsletter__c"_s].toBool(true), false);
        QCOMPARE(read[u"Last_Survey__c"_s].toString(), u"2026-05-21T10:38:45.000+0000"_s);
        QCOMPARE(read[u"Best_Time_To_Call__c"_s].toString(), u"09:30:00.000Z"_s);
        QCOMPARE(read[u"Location__c"_s].toObject(),
                 (QJsonObject{{u"latitude"_s, 27.7}, {u"longitude"_s, 85.3}}));
        QCOMPARE(read[u"MailingAddress"_s][u"city"_s].toString(), u"Kathmandu"_s);
        QVERIFY(read[u"OtherAddress"_s].isNull());
        QVERIFY(read[u"Contact_No__c"_s].toString().startsWith(u"C-00"_s));
        QCOMPARE(read[u"CreatedDate"_s].toString(), u"2026-05-21T10:38:00.000+0000"_s);
        QCOMPARE(read[u"OwnerId"_s], read[u"CreatedById"_s]);
        QVERIFY(read[u"HasOptedOutOfEmail"_s].isBool());
    }

    void create_defaults_areApplied()
    {
        const QJsonValue lead =
            m_driver
                .get(u"sobjects/Lead/"_s +
                     m_driver.created(u"Lead"_s, {{u"LastName"_s, u"D"_s}, {u"Company"_s, u"D"_s}}))
                .json;
        QCOMPARE(lead[u"Status"_s].toString(), u"Open - Not Contacted"_s);
        QCOMPARE(lead[u"IsConverted"_s].toBool(true), false);
        QVERIFY(lead[u"RecordTypeId"_s].toString().startsWith(u"012"_s));
        const QString contact =
            m_driver.column(u"SELECT Id FROM Contact WHERE Name = 'Amelia Hart'"_s, u"Id"_s).value(0);
        const QString caseId =
            m_driver.created(u"Case"_s, {{u"ContactId"_s, contact}, {u"Subject"_s, u"s"_s}});
        QJsonValue ticket = m_driver.get(u"sobjects/Case/"_s + caseId).json;
        QVERIFY(QRegularExpression(u"^\\d{8}$"_s).match(ticket[u"CaseNumber"_s].toString()).hasMatch());
        QCOMPARE(ticket[u"ContactEmail"_s].toString(), u"amelia.hart@northgate.example"_s);
        QVERIFY(ticket[u"AccountId"_s].isString());
        QCOMPARE(ticket[u"Priority"_s].toString(), u"Medium"_s);
        QCOMPARE(m_driver
                     .send("PATCH", Driver::data(u"sobjects/Case/"_s + caseId),
                           QJsonObject{{u"Status"_s, u"Closed"_s}})
                     .status,
                 204);
        ticket = m_driver.get(u"sobjects/Case/"_s + caseId).json;
        QCOMPARE(ticket[u"IsClosed"_s].toBool(), true);
        QVERIFY(ticket[u"ClosedDate"_s].isString());
    }

    void lengths_countUtf16Units()
    {
        QCOMPARE(m_driver.create(u"Case"_s, {{u"Description"_s, QString(32000, u'x')}}).status, 201);
        QCOMPARE(Driver::codeOf(m_driver.create(u"Case"_s, {{u"Description"_s, QString(32001, u'x')}})),
                 u"STRING_TOO_LONG"_s);
        QCOMPARE(m_driver.create(u"Contact"_s, {{u"LastName"_s, u"😀"_s.repeated(40)}}).status, 201);
        QCOMPARE(Driver::codeOf(m_driver.create(u"Contact"_s, {{u"LastName"_s, u"😀"_s.repeated(41)}})),
                 u"STRING_TOO_LONG"_s);
    }

    void update_and_delete_answerAsSalesforce()
    {
        const QString id = m_driver.created(u"Contact"_s, {{u"LastName"_s, u"Gone"_s}});
        const QString url = Driver::data(u"sobjects/Contact/"_s + id.first(15));
        QCOMPARE(m_driver.send("PATCH", url, QJsonObject{{u"Title"_s, u"T"_s}}).status, 204);
        QCOMPARE(Driver::codeOf(m_driver.send("PATCH", url, QJsonObject{{u"LastName"_s, QJsonValue()}})),
                 u"REQUIRED_FIELD_MISSING"_s);
        QCOMPARE(m_driver.send("DELETE", url).status, 204);
        for (const QByteArray method : {"GET", "PATCH", "DELETE"}) {
            const Reply reply =
                m_driver.send(method, url, method == "PATCH" ? QJsonValue(QJsonObject()) : QJsonValue());
            QCOMPARE(reply.status, 404);
            QCOMPARE(Driver::codeOf(reply), u"ENTITY_IS_DELETED"_s);
        }
        QCOMPARE(m_driver.column(u"SELECT Name FROM Contact WHERE Name = 'Gone'"_s), QStringList());
        const Reply all = m_driver.get(u"queryAll?q=SELECT+Id+FROM+Contact+WHERE+Name='Gone'"_s);
        QCOMPARE(all.json[u"totalSize"_s].toInt(), 1);
        QCOMPARE(Driver::codeOf(m_driver.create(u"Case"_s, {{u"ContactId"_s, id}})), u"ENTITY_IS_DELETED"_s);
    }

    void read_missing_isNotFound()
    {
        const Reply odd = m_driver.get(u"sobjects/Contact/23foo"_s);
        QCOMPARE(odd.status, 404);
        QCOMPARE(Driver::messageOf(odd),
                 u"Provided external ID field does not exist or is not accessible: 23foo"_s);
        const Reply none = m_driver.get(u"sobjects/Contact/003gK000000zzzz"_s);
        QCOMPARE(Driver::messageOf(none), u"The requested resource does not exist"_s);
        QCOMPARE(m_driver.get(u"sobjects/Nope/003gK000000zzzz"_s).status, 404);
        QCOMPARE(Driver::codeOf(
                     m_driver.get(u"sobjects/Contact/"_s +
                                  m_driver.column(u"SELECT Id FROM Contact LIMIT 1"_s, u"Id"_s).value(0) +
                                  u"?fields=Nope"_s)),
                 u"INVALID_FIELD"_s);
    }

    void upsert_byExternalId_findsCreatesAndCounts()
    {
        const QString url = Driver::data(u"sobjects/Contact/Customer_Number__c/a%2Fb%20c"_s);
        const Reply made = m_driver.send("PATCH", url, QJsonObject{{u"LastName"_s, u"Ext"_s}});
        QCOMPARE(made.status, 201);
        QCOMPARE(made.json[u"created"_s].toBool(), true);
        QCOMPARE(m_driver.send("GET", url).json[u"Customer_Number__c"_s].toString(), u"a/b c"_s);
        const Reply changed = m_driver.send("PATCH", url, QJsonObject{{u"Title"_s, u"E"_s}});
        QCOMPARE(changed.status, 200);
        QCOMPARE(changed.json[u"id"_s], made.json[u"id"_s]);
        QCOMPARE(Driver::codeOf(m_driver.create(
                     u"Contact"_s, {{u"LastName"_s, u"Twin"_s}, {u"Customer_Number__c"_s, u"A/B C"_s}})),
                 u"DUPLICATE_VALUE"_s);
        const Reply several =
            m_driver.send("GET", Driver::data(u"sobjects/Contact/Email/office%40fjordline.example"_s));
        QCOMPARE(several.status, 300);
        QCOMPARE(several.json.toArray().size(), 3);
        QCOMPARE(Driver::codeOf(m_driver.send("PATCH", Driver::data(u"sobjects/Contact/Title/x"_s),
                                              QJsonObject{{u"LastName"_s, u"Y"_s}})),
                 u"NOT_FOUND"_s);
    }

    void body_broken_isAParserError()
    {
        const QString url = Driver::data(u"sobjects/Contact"_s);
        for (const QString &body : {u"{\"LastName\": "_s, u"[]"_s, u""_s, u"nonsense"_s}) {
            const Reply reply = m_driver.send("POST", url, body);
            QCOMPARE(reply.status, 400);
            QCOMPARE(Driver::codeOf(reply), u"JSON_PARSER_ERROR"_s);
        }
        QCOMPARE(
            m_driver
                .send("POST", url, u"x"_s, {qMakePair(QByteArray("Content-Type"), QByteArray("text/csv"))})
                .status,
            415);
    }

    void request_wrong_isRefused_data()
    {
        QTest::addColumn<QByteArray>("method");
        QTest::addColumn<QString>("path");
        QTest::addColumn<int>("status");
        QTest::addColumn<QString>("code");
        const auto row = [](const QByteArray &method, const QString &path, int status, const QString &code) {
            QTest::newRow((method + ' ' + path.toLatin1()).constData()) << method << path << status << code;
        };
        const QString notAllowed = u"METHOD_NOT_ALLOWED"_s;
        row("POST", u"sobjects/Contact/ID"_s, 405, notAllowed);
        row("PUT", u"sobjects/Contact/ID"_s, 405, notAllowed);
        row("PATCH", u"sobjects/Contact"_s, 405, notAllowed);
        row("DELETE", u"sobjects"_s, 405, notAllowed);
        row("POST", u"sobjects/Contact/describe"_s, 405, notAllowed);
        row("DELETE", u"sobjects/Contact/ID/Account"_s, 405, notAllowed);
        row("POST", u"sobjects/Lead/External_Ref__c/x"_s, 405, notAllowed);
        row("POST", u"query?q=SELECT+Id+FROM+Contact"_s, 405, notAllowed);
        row("PATCH", u"limits"_s, 405, notAllowed);
        row("PATCH", u"ui-api/records/ID"_s, 405, notAllowed);
        row("POST", u"ui-api/object-info/Contact"_s, 405, notAllowed);
        row("DELETE", u"parameterizedSearch"_s, 405, notAllowed);
        row("PUT", u"composite/sobjects"_s, 405, notAllowed);
        row("GET", u"composite/batch"_s, 405, notAllowed);
        row("GET", u"search?q=FIND+%7Bx%7D"_s, 400, u"MALFORMED_SEARCH"_s);
        row("GET", u"limits/nonsense"_s, 404, u"NOT_FOUND"_s);
        row("GET", u"sobjects/Contact/abc"_s, 404, u"NOT_FOUND"_s);
        row("GET", u"sobjects/Account/ID"_s, 404, u"NOT_FOUND"_s);
        row("PATCH", u"sobjects/Lead/External_Ref__c/a/b"_s, 404, u"NOT_FOUND"_s);
        row("GET", u"sobjects/Lead/Nope__c/x"_s, 404, u"NOT_FOUND"_s);
        row("DELETE", u"composite/sobjects"_s, 400, u"MISSING_ARGUMENT"_s);
        row("GET", u"composite/sobjects/Contact?ids=ID"_s, 400, u"MISSING_ARGUMENT"_s);
        row("PATCH", u"composite/sobjects/Lead/Nope__c"_s, 404, u"NOT_FOUND"_s);
    }
    void request_wrong_isRefused()
    {
        QFETCH(QByteArray, method);
        QFETCH(QString, path);
        const QString id = m_driver.created(u"Contact"_s, {{u"LastName"_s, u"Wrong"_s}});
        const Reply reply = m_driver.send(method, Driver::data(path.replace(u"ID"_s, id)), QJsonObject());
        QTEST(reply.status, "status");
        QTEST(Driver::codeOf(reply), "code");
    }

    void write_withIdInTheBody_isRefused()
    {
        const QString id = m_driver.created(u"Contact"_s, {{u"LastName"_s, u"Same"_s}});
        const QJsonObject body{{u"Id"_s, id}, {u"LastName"_s, u"Other"_s}};
        for (const Reply &reply :
             {m_driver.create(u"Contact"_s, body),
              m_driver.send("PATCH", Driver::data(u"sobjects/Contact/"_s + id), body),
              m_driver.send("PATCH", Driver::data(u"sobjects/Lead/External_Ref__c/with-id"_s), body)}) {
            QCOMPARE(reply.status, 400);
            QCOMPARE(Driver::codeOf(reply), u"INVALID_FIELD"_s);
            QCOMPARE(Driver::messageOf(reply),
                     u"The Id field should not be specified in the sobject data."_s);
        }
    }

    void create_requiredReferenceWrong_isNotCalledMissing()
    {
        const QJsonArray errors =
            m_driver.create(u"Note"_s, {{u"Title"_s, u"x"_s}, {u"ParentId"_s, u"001gK000000zzzz"_s}})
                .json.toArray();
        QCOMPARE(errors.size(), 1);
        QCOMPARE(errors.first()[u"errorCode"_s].toString(), u"INVALID_CROSS_REFERENCE_KEY"_s);
    }

    void create_ofWhatNobodyMakes_isRefused()
    {
        const Reply reply = m_driver.create(u"RecordType"_s, {{u"Name"_s, u"Mine"_s}});
        QCOMPARE(reply.status, 400);
        QCOMPARE(Driver::codeOf(reply), u"CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY"_s);
        QCOMPARE(Driver::messageOf(reply), u"entity type cannot be inserted: Record Type"_s);
    }

    void body_broken_saysLineAndColumn()
    {
        const Reply reply = m_driver.send("POST", Driver::data(u"sobjects/Contact"_s),
                                          u"{\"LastName\": \"x\",\n  nonsense}"_s);
        QCOMPARE(Driver::codeOf(reply), u"JSON_PARSER_ERROR"_s);
        QVERIFY2(Driver::messageOf(reply).contains(u"[line:2, column:"_s),
                 qPrintable(Driver::messageOf(reply)));
    }

    void version_oldIsGone_newIsUnknown()
    {
        QCOMPARE(m_driver.send("GET", u"/services/data/v29.0/limits"_s).status, 410);
        QCOMPARE(m_driver.send("GET", u"/services/data/v52.0/limits"_s).status, 200);
        QCOMPARE(m_driver.send("GET", u"/services/data/v66.0/limits"_s).status, 200);
        QCOMPARE(m_driver.send("GET", u"/services/data/v99.0/limits"_s).status, 404);
        QCOMPARE(m_driver.send("GET", u"/services/data"_s).json.toArray().last()[u"label"_s].toString(),
                 u"Spring '26"_s);
    }

private:
    Driver m_driver;
};

QTEST_GUILESS_MAIN(SandboxRecordsTest)
#include "tst_SandboxRecords.moc"
