#include "app/sandbox/RecordId.h"
#include "tests/sandbox/Driver.h"

#include <QRegularExpression>

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;
using namespace parley::sandbox;

class SandboxAccessTest : public QObject
{
    Q_OBJECT
private slots:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(u".*"_s));
        m_driver = std::make_unique<Driver>();
        QVERIFY(m_driver->start());
    }

    void hiddenField_isNowhere()
    {
        const QString id =
            m_driver->created(u"Contact"_s, {{u"LastName"_s, u"Ash"_s}, {u"Title"_s, u"CFO"_s}});
        QVERIFY(setAccess({{u"fields"_s, QJsonObject{{u"Contact.Title"_s, u"hidden"_s}}}}));
        QVERIFY(!names(describe(u"Contact"_s)).contains(u"Title"_s));
        QVERIFY(names(describe(u"Lead"_s)).contains(u"Title"_s));
        QVERIFY(!m_driver->get(u"sobjects/Contact/describe/layouts"_s).bytes().contains("\"Title\""));
        const QJsonValue defaults = m_driver->get(u"ui-api/record-defaults/create/Contact"_s).json;
        QVERIFY(defaults[u"record"_s][u"fields"_s].toObject().contains(u"Phone"_s));
        QVERIFY(!defaults[u"record"_s][u"fields"_s].toObject().contains(u"Title"_s));
        QVERIFY(!QJsonDocument(defaults[u"layout"_s].toObject()).toJson().contains("\"Title\""));
        QVERIFY(!m_driver->get(u"sobjects/Contact/"_s + id).json.toObject().contains(u"Title"_s));
        QCOMPARE(Driver::codeOf(m_driver->query(u"SELECT Title FROM Contact"_s)), u"INVALID_FIELD"_s);
        QCOMPARE(Driver::codeOf(m_driver->query(u"SELECT Id FROM Contact WHERE Title = 'CFO'"_s)),
                 u"INVALID_FIELD"_s);
        QCOMPARE(
            Driver::codeOf(m_driver->create(u"Contact"_s, {{u"LastName"_s, u"B"_s}, {u"Title"_s, u"x"_s}})),
            u"INVALID_FIELD"_s);
        // What is hidden is still there.
        QVERIFY(setAccess({}));
        QCOMPARE(m_driver->get(u"sobjects/Contact/"_s + id).json[u"Title"_s].toString(), u"CFO"_s);
    }

    void hiddenAddress_goesAsAWhole()
    {
        QVERIFY(setAccess({{u"fields"_s, QJsonObject{{u"Contact.MailingAddress"_s, u"hidden"_s}}}}));
        for (const QString &name : names(describe(u"Contact"_s)))
            QVERIFY2(!name.startsWith(u"Mailing"), qPrintable(name));
    }

    void hiddenField_takesWhatShowsItAlong()
    {
        QVERIFY(names(describe(u"Case"_s)).contains(u"ContactEmail"_s));
        QVERIFY(setAccess({{u"fields"_s, QJsonObject{{u"Contact.Email"_s, u"hidden"_s}}}}));
        QVERIFY(!names(describe(u"Case"_s)).contains(u"ContactEmail"_s));
        QCOMPARE(m_driver->query(u"SELECT FIELDS(STANDARD) FROM Case LIMIT 1"_s).status, 200);
        // The org's own rules know of it all the same: this is Amelia again.
        QVERIFY(setAccess({}));
        const QJsonObject twin{{u"LastName"_s, u"Hart"_s}, {u"Email"_s, u"amelia.hart@northgate.example"_s}};
        QCOMPARE(Driver::codeOf(m_driver->create(u"Contact"_s, twin)), u"DUPLICATES_DETECTED"_s);
    }

    void readOnlyField_isShownAndLocked()
    {
        QVERIFY(setAccess({{u"fields"_s, QJsonObject{{u"Contact.Phone"_s, u"read"_s}}}}));
        for (const QJsonValue field : describe(u"Contact"_s)[u"fields"_s].toArray()) {
            if (field[u"name"_s].toString() == u"Phone")
                QVERIFY(!field[u"createable"_s].toBool(true) && !field[u"updateable"_s].toBool(true));
        }
        QCOMPARE(m_driver->query(u"SELECT Phone FROM Contact LIMIT 1"_s).status, 200);
        const Reply refused = m_driver->create(u"Contact"_s, {{u"LastName"_s, u"A"_s}, {u"Phone"_s, u"1"_s}});
        QCOMPARE(Driver::codeOf(refused), u"INVALID_FIELD_FOR_INSERT_UPDATE"_s);
    }

    void withheldObject_isNoneOfThisOrg()
    {
        QVERIFY(
            setAccess({{u"objects"_s, QJsonObject{{u"ContentNote"_s, u"none"_s}, {u"Lead"_s, u"read"_s}}}}));
        QCOMPARE(m_driver->get(u"sobjects/ContentNote/describe"_s).status, 404);
        QCOMPARE(Driver::codeOf(m_driver->query(u"SELECT Id FROM ContentNote"_s)), u"INVALID_TYPE"_s);
        QVERIFY(!m_driver->get(u"sobjects"_s).bytes().contains("\"ContentNote\""));
        QCOMPARE(m_driver->query(u"SELECT Id FROM Lead LIMIT 1"_s).status, 200);
        QVERIFY(!describe(u"Lead"_s)[u"createable"_s].toBool(true));
        const Reply refused = m_driver->create(u"Lead"_s, {{u"LastName"_s, u"A"_s}, {u"Company"_s, u"B"_s}});
        QCOMPARE(refused.status, 400);
    }

    // Who, What and Owner may point to several kinds; what is hidden of those does not come in that way.
    void hidden_isNotSeenThroughWhoEither()
    {
        const QString contact =
            m_driver->created(u"Contact"_s, {{u"LastName"_s, u"Ash"_s}, {u"Email"_s, u"ash@b.example"_s}});
        const QString lead =
            m_driver->created(u"Lead"_s, {{u"LastName"_s, u"Elm"_s}, {u"Company"_s, u"C"_s}});
        m_driver->created(u"Task"_s, {{u"Subject"_s, u"t1"_s}, {u"WhoId"_s, contact}});
        m_driver->created(u"Task"_s, {{u"Subject"_s, u"t2"_s}, {u"WhoId"_s, lead}});
        QVERIFY(setAccess({{u"objects"_s, QJsonObject{{u"Lead"_s, u"none"_s}}},
                           {u"fields"_s, QJsonObject{{u"Contact.Email"_s, u"hidden"_s}}}}));
        const auto who = [this](const QString &subject) {
            const Reply reply =
                m_driver->query(u"SELECT Who.Name, Who.Email FROM Task WHERE Subject = '%1'"_s.arg(subject));
            return reply.json[u"records"_s][0][u"Who"_s];
        };
        QCOMPARE(who(u"t1"_s)[u"Name"_s].toString(), u"Ash"_s);
        QVERIFY(who(u"t1"_s)[u"Email"_s].isNull());
        QVERIFY(who(u"t2"_s).isNull());
        const Reply sought = m_driver->query(u"SELECT Id FROM Task WHERE Who.Email = 'ash@b.example'"_s);
        QCOMPARE(sought.json[u"totalSize"_s].toInt(-1), 0);
        const Reply either = m_driver->query(
            u"SELECT TYPEOF Who WHEN Contact THEN LastName ELSE Name END FROM Task WHERE Subject IN ('t1','t2')"_s);
        QCOMPARE(either.status, 200);
    }

    void hiddenLookup_takesAlongWhatComesByIt_data()
    {
        QTest::addColumn<QJsonObject>("access");
        QTest::newRow("the lookup") << QJsonObject{
            {u"fields"_s,
             QJsonObject{{u"Contact.AccountId"_s, u"hidden"_s}, {u"Case.ContactId"_s, u"hidden"_s}}}};
        QTest::newRow("its target") << QJsonObject{
            {u"objects"_s, QJsonObject{{u"Account"_s, u"none"_s}, {u"Contact"_s, u"none"_s}}}};
    }
    void hiddenLookup_takesAlongWhatComesByIt()
    {
        QFETCH(QJsonObject, access);
        const QString id = m_driver->created(u"Case"_s, {{u"Subject"_s, u"x"_s}});
        QVERIFY(setAccess(access));
        QCOMPARE(m_driver->query(u"SELECT FIELDS(ALL) FROM Case LIMIT 5"_s).status, 200);
        QCOMPARE(m_driver->get(u"sobjects/Case/"_s + id).status, 200);
        QVERIFY(!names(describe(u"Case"_s)).contains(u"ContactPhone"_s));
        if (!access.contains(u"objects"_s)) {
            QCOMPARE(m_driver->query(u"SELECT FIELDS(ALL) FROM Contact LIMIT 1"_s).status, 200);
            QVERIFY(!QJsonDocument(describe(u"Account"_s)).toJson().contains("\"Contacts\""));
            QCOMPARE(m_driver->query(u"SELECT Id, (SELECT Id FROM Contacts) FROM Account LIMIT 1"_s).status,
                     400);
        }
    }

    void uiApi_optionalFields_mayBeMissing()
    {
        const QString id = m_driver->created(u"Contact"_s, {{u"LastName"_s, u"Ash"_s}});
        const QString path = u"ui-api/records/%1?"_s.arg(id);
        QCOMPARE(m_driver->get(path + u"optionalFields=Contact.Nope__c,Contact.Name"_s).status, 200);
        QCOMPARE(m_driver->get(path + u"fields=Contact.Nope__c"_s).status, 400);
    }

    void keptDescribe_isNoLongerTheSame()
    {
        const Reply before = m_driver->get(u"sobjects/Contact/describe"_s);
        QByteArray since;
        for (const auto &[name, value] : before.headers)
            since = name == "Last-Modified" ? value : since;
        QVERIFY(!since.isEmpty());
        const QList<QPair<QByteArray, QByteArray>> kept{{"If-Modified-Since", since}};
        QCOMPARE(m_driver->send("GET", Driver::data(u"sobjects/Contact/describe"_s), {}, kept).status, 304);
        QVERIFY(setAccess({{u"fields"_s, QJsonObject{{u"Contact.Title"_s, u"hidden"_s}}}}));
        QCOMPARE(m_driver->send("GET", Driver::data(u"sobjects/Contact/describe"_s), {}, kept).status, 200);
    }

    void wrongAccess_isSaidAndChangesNothing_data()
    {
        QTest::addColumn<QJsonObject>("access");
        QTest::addColumn<QString>("named");
        const auto fields = [](const QString &field, const QString &right) {
            return QJsonObject{{u"fields"_s, QJsonObject{{field, right}}}};
        };
        QTest::newRow("no such field") << fields(u"Contact.Nope"_s, u"hidden"_s) << u"Contact.Nope"_s;
        QTest::newRow("no such right") << fields(u"Contact.Title"_s, u"gone"_s) << u"hidden, read or edit"_s;
        QTest::newRow("a name") << fields(u"Contact.LastName"_s, u"hidden"_s) << u"Contact.LastName"_s;
        QTest::newRow("half an address") << fields(u"Contact.MailingCity"_s, u"hidden"_s) << u"as a whole"_s;
        QTest::newRow("no such object")
            << QJsonObject{{u"objects"_s, QJsonObject{{u"Nope"_s, u"none"_s}}}} << u"Nope"_s;
        QTest::newRow("no such member") << QJsonObject{{u"profiles"_s, QJsonObject()}} << u"profiles"_s;
    }
    void wrongAccess_isSaidAndChangesNothing()
    {
        QFETCH(QJsonObject, access);
        QFETCH(QString, named);
        const Reply reply = setOrg({{u"access"_s, access}, {u"apiLimit"_s, 7}});
        QCOMPARE(reply.status, 400);
        QVERIFY2(reply.json[u"error"_s].toString().contains(named),
                 qPrintable(reply.json[u"error"_s].toString()));
        QCOMPARE(m_driver->sandbox().org().apiLimit, 15000);
        QVERIFY(names(describe(u"Contact"_s)).contains(u"Title"_s));
    }

    void unknownSetting_isSaid()
    {
        const Reply reply = setOrg({{u"fieldSecurity"_s, QJsonObject()}});
        QCOMPARE(reply.status, 400);
        QVERIFY(reply.json[u"error"_s].toString().contains(u"access"_s)); // what there is
    }

    void lockedRecord_refusesUntilTheOtherIsDone()
    {
        const QString id = m_driver->created(u"Contact"_s, {{u"LastName"_s, u"Ash"_s}});
        QCOMPARE(setOrg({{u"locks"_s, QJsonObject{{id, 2000}}}}).status, 200);
        const Reply refused = m_driver->send("PATCH", Driver::data(u"sobjects/Contact/"_s + id),
                                             QJsonObject{{u"Title"_s, u"CFO"_s}});
        QCOMPARE(refused.status, 400);
        QCOMPARE(Driver::codeOf(refused), u"UNABLE_TO_LOCK_ROW"_s);
        // What would hang on it waits as well; what has nothing to do with it does not.
        QCOMPARE(Driver::codeOf(m_driver->create(u"Case"_s, {{u"ContactId"_s, id}})),
                 u"UNABLE_TO_LOCK_ROW"_s);
        QCOMPARE(m_driver->create(u"Case"_s, {{u"Subject"_s, u"x"_s}}).status, 201);
        QCOMPARE(m_driver->get(u"sobjects/Contact/"_s + id).status, 200);
        m_driver->clock().advance(2s);
        QCOMPARE(m_driver->create(u"Case"_s, {{u"ContactId"_s, id}}).status, 201);
    }

    void encryptedText_isMasked()
    {
        const QString id = m_driver->created(
            u"Contact"_s, {{u"LastName"_s, u"Ash"_s}, {u"Passport_No__c"_s, u"X1234567"_s}});
        QCOMPARE(m_driver->get(u"sobjects/Contact/"_s + id).json[u"Passport_No__c"_s].toString(),
                 u"****4567"_s);
    }

private:
    Reply setOrg(const QJsonObject &wanted) { return m_driver->send("POST", u"/__sandbox/org"_s, wanted); }
    bool setAccess(const QJsonObject &access) { return setOrg({{u"access"_s, access}}).status == 200; }
    QJsonObject describe(const QString &object)
    {
        return QJsonDocument::fromJson(m_driver->get(u"sobjects/%1/describe"_s.arg(object)).bytes()).object();
    }
    static QStringList names(const QJsonObject &describe)
    {
        QStringList names;
        for (const QJsonValue field : describe.value(u"fields"_s).toArray())
            names += field[u"name"_s].toString();
        return names;
    }
    std::unique_ptr<Driver> m_driver;
};

QTEST_GUILESS_MAIN(SandboxAccessTest)
#include "tst_SandboxAccess.moc"
