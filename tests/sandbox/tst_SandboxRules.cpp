#include "tests/sandbox/Driver.h"

#include <QRegularExpression>

using namespace Qt::Literals::StringLiterals;
using namespace parley::sandbox;

class SandboxRulesTest : public QObject
{
    Q_OBJECT
private slots:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(u".*"_s));
        m_driver = std::make_unique<Driver>();
        QVERIFY(m_driver->start());
    }

    void duplicate_alertRule_canBeOverridden()
    {
        const Reply refused = m_driver->create(u"Contact"_s, kTwin);
        QCOMPARE(refused.status, 400);
        QCOMPARE(Driver::codeOf(refused), u"DUPLICATES_DETECTED"_s);
        const QJsonValue details = refused.json[0][u"duplicateResut"_s]; // as misspelt on the wire
        QCOMPARE(details[u"allowSave"_s].toBool(), true);
        const QJsonValue match = details[u"matchResults"_s][0];
        QCOMPARE(match[u"size"_s].toInt(), 1);
        const QString id = match[u"matchRecords"_s][0][u"record"_s][u"Id"_s].toString();
        QCOMPARE(m_driver->get(u"sobjects/Contact/"_s + id).json[u"Name"_s].toString(), u"Amelia Hart"_s);
        QVERIFY(match[u"matchRecords"_s][0][u"record"_s][u"Name"_s].isUndefined());
        const Reply detailed = m_driver->create(u"Contact"_s, kTwin, header("includeRecordDetails=true"));
        QCOMPARE(detailed
                     .json[0][u"duplicateResut"_s][u"matchResults"_s][0][u"matchRecords"_s][0][u"record"_s]
                          [u"Name"_s]
                     .toString(),
                 u"Amelia Hart"_s);
        QCOMPARE(
            m_driver->create(u"Contact"_s, kTwin, header("allowSave=true; includeRecordDetails=true")).status,
            201);
    }

    void duplicate_blockRule_cannotBeOverridden()
    {
        m_driver->sandbox().org().duplicateRules.insert(u"Contact"_s, DuplicateAction::Block);
        const Reply refused = m_driver->create(u"Contact"_s, kTwin, header("allowSave=true"));
        QCOMPARE(refused.status, 400);
        QCOMPARE(refused.json[0][u"duplicateResut"_s][u"allowSave"_s].toBool(true), false);
    }

    void duplicate_anotherLastName_isNone()
    {
        QCOMPARE(m_driver
                     ->create(u"Contact"_s,
                              {{u"LastName"_s, u"Else"_s}, {u"Email"_s, u"amelia.hart@northgate.example"_s}})
                     .status,
                 201);
    }

    void duplicate_ruleOverHttp_isSet()
    {
        const Reply reply =
            m_driver->send("POST", u"/__sandbox/org"_s,
                           QJsonObject{{u"duplicateRules"_s, QJsonObject{{u"Contact"_s, u"off"_s}}}});
        QCOMPARE(reply.json[u"duplicateRules"_s][u"Contact"_s].toString(), u"off"_s);
        QCOMPARE(m_driver->create(u"Contact"_s, kTwin).status, 201);
        QCOMPARE(m_driver
                     ->send("POST", u"/__sandbox/org"_s,
                            QJsonObject{{u"duplicateRules"_s, QJsonObject{{u"Contact"_s, u"maybe"_s}}}})
                     .status,
                 400);
    }

    void validationRule_speaksItsOwnWords()
    {
        m_driver->sandbox().org().validationRules.append(
            {u"Lead"_s, u"Phone"_s, u"+"_s, u"Phone numbers start with +"_s});
        const Reply reply = m_driver->create(
            u"Lead"_s, {{u"LastName"_s, u"X"_s}, {u"Company"_s, u"Y"_s}, {u"Phone"_s, u"0113"_s}});
        QCOMPARE(reply.json.toArray(),
                 (QJsonArray{QJsonObject{{u"errorCode"_s, u"FIELD_CUSTOM_VALIDATION_EXCEPTION"_s},
                                         {u"message"_s, u"Phone numbers start with +"_s},
                                         {u"fields"_s, QJsonArray{u"Phone"_s}}}}));
        QCOMPARE(m_driver
                     ->create(u"Lead"_s,
                              {{u"LastName"_s, u"X"_s}, {u"Company"_s, u"Y"_s}, {u"Phone"_s, u"+44 113"_s}})
                     .status,
                 201);
    }

    void task_leadWithRelatedTo_isRefused()
    {
        const QString lead =
            m_driver->column(u"SELECT Id FROM Lead WHERE Name = 'Priya Nair'"_s, u"Id"_s).value(0);
        const QString account =
            m_driver->column(u"SELECT Id FROM Account WHERE Name = 'Northgate Logistics'"_s, u"Id"_s)
                .value(0);
        QCOMPARE(Driver::codeOf(m_driver->create(
                     u"Task"_s, {{u"Subject"_s, u"Call"_s}, {u"WhoId"_s, lead}, {u"WhatId"_s, account}})),
                 u"FIELD_INTEGRITY_EXCEPTION"_s);
        const QString id = m_driver->created(
            u"Task"_s, {{u"Subject"_s, u"Anything"_s}, {u"WhoId"_s, lead}, {u"Status"_s, u"Completed"_s}});
        const QJsonValue task = m_driver->get(u"sobjects/Task/"_s + id).json;
        QCOMPARE(task[u"IsClosed"_s].toBool(), true);
        QCOMPARE(task[u"Priority"_s].toString(), u"Normal"_s);
        QCOMPARE(Driver::codeOf(m_driver->create(u"Task"_s, {{u"WhoId"_s, account}})),
                 u"FIELD_INTEGRITY_EXCEPTION"_s);
    }

    void owner_inactive_isRefused_queueIsNot()
    {
        const QString gone =
            m_driver->column(u"SELECT Id FROM User WHERE IsActive = false"_s, u"Id"_s).value(0);
        QCOMPARE(Driver::codeOf(m_driver->create(u"Case"_s, {{u"OwnerId"_s, gone}})),
                 u"INACTIVE_OWNER_OR_USER"_s);
        const QString queue =
            m_driver->column(u"SELECT Id FROM Group WHERE Type = 'Queue' LIMIT 1"_s, u"Id"_s).value(0);
        QVERIFY(queue.startsWith(u"00G"_s));
        const QString id = m_driver->created(u"Case"_s, {{u"OwnerId"_s, queue}});
        QCOMPARE(m_driver->column(u"SELECT Owner.Name FROM Case WHERE Id = '%1'"_s.arg(id), u"Owner.Name"_s),
                 QStringList{u"Chat leads"_s});
    }

    void apiLimit_isCountedAndHeld()
    {
        m_driver->sandbox().org().apiLimit = 2;
        const Reply first = m_driver->get(u"limits"_s);
        QVERIFY(
            first.headers.contains(qMakePair(QByteArray("Sforce-Limit-Info"), QByteArray("api-usage=1/2"))));
        m_driver->get(u"limits"_s);
        const Reply over = m_driver->get(u"limits"_s);
        QCOMPARE(over.status, 403);
        QCOMPARE(Driver::codeOf(over), u"REQUEST_LIMIT_EXCEEDED"_s);
    }

    void ifUnmodifiedSince_guardsTheRecord()
    {
        const QString id = m_driver->created(u"Contact"_s, {{u"LastName"_s, u"Guard"_s}});
        const QString url = Driver::data(u"sobjects/Contact/"_s + id);
        m_driver->clock().advance(std::chrono::seconds(10));
        QCOMPARE(m_driver->send("PATCH", url, QJsonObject{{u"Title"_s, u"1"_s}}).status, 204);
        const QList<QPair<QByteArray, QByteArray>> old{
            {"If-Unmodified-Since", "Thu, 21 May 2026 10:38:05 GMT"}};
        QCOMPARE(m_driver->send("PATCH", url, QJsonObject{{u"Title"_s, u"2"_s}}, old).status, 412);
        const QList<QPair<QByteArray, QByteArray>> fresh{
            {"If-Unmodified-Since", "Thu, 21 May 2026 10:38:10 GMT"}};
        QCOMPARE(m_driver->send("PATCH", url, QJsonObject{{u"Title"_s, u"2"_s}}, fresh).status, 204);
    }

private:
    static QList<QPair<QByteArray, QByteArray>> header(const QByteArray &value)
    {
        return {qMakePair(QByteArray("Sforce-Duplicate-Rule-Header"), value)};
    }
    static inline const QJsonObject kTwin{{u"FirstName"_s, u"Amelia"_s},
                                          {u"LastName"_s, u"HART"_s},
                                          {u"Email"_s, u"Amelia.Hart@Northgate.example"_s}};
    std::unique_ptr<Driver> m_driver;
};

QTEST_GUILESS_MAIN(SandboxRulesTest)
#include "tst_SandboxRules.moc"
