#include "tests/core/salesforce/Harness.h"

#include <QRegularExpression>

using namespace parley;
using namespace parley::fakes;
using namespace Qt::Literals::StringLiterals;

namespace {

QByteArray describe(const QByteArray &name, bool canAll, const QByteArray &fields = "")
{
    const QByteArray can = canAll ? "true" : "false";
    return R"({"name":")" + name + R"(","labelPlural":")" + name + R"(s","queryable":true,"createable":)" +
           can + R"(,"updateable":)" + can + R"(,"fields":[)" + fields + "]}";
}
const QByteArray kGone = R"([{"errorCode":"NOT_FOUND","message":"The requested resource does not exist"}])";

QStringList wordsOf(const crm::AccessReport &report)
{
    QStringList words;
    for (const crm::AccessFinding &finding : report.missing)
        words += QStringList{finding.kind.name, finding.field, finding.right}.join(u'/');
    return words;
}

} // namespace

class AccessTest : public QObject
{
    Q_OBJECT

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(u".*"_s)); }

    void check_onlyClassicNotes_isEnough()
    {
        Harness h;
        Pending<crm::AccessReport> report(h.client->checkAccess({{kinds::contact, {}}}, {}));
        QTRY_COMPARE(h.network.waiting(), 1);
        h.answerBatch({{200, describe("Contact", true)},
                       {404, kGone}, // ContentNote
                       {200, describe("Note", true)},
                       {200, describe("ContentVersion", true)},
                       {200, describe("ContentDocumentLink", true)}});
        finish(h);
        QTRY_VERIFY(report.isDone());
        QVERIFY2(report.result()->isComplete(), qPrintable(wordsOf(*report.result()).join(u' ')));
    }

    void check_rightsMissing_areNamedWithTheirPlace()
    {
        Harness h;
        Pending<crm::AccessReport> report(
            h.client->checkAccess({{kinds::contact, {u"Email"_s, u"Hidden__c"_s}}, {kinds::lead, {}}},
                                  {{kinds::contact, {u"Email"_s, u"Unseen__c"_s, u"Owner.Name"_s}}}));
        QTRY_COMPARE(h.network.waiting(), 1);
        h.answerBatch(
            {{200, describe("Contact", true,
                            R"({"name":"Email","type":"email","createable":true,"updateable":false})")},
             {404, kGone},                   // Lead: this user does not see it
             {404, kGone},                   // ContentNote
             {200, describe("Note", false)}, // may be read, not made
             {200, describe("ContentVersion", false)},
             {200, describe("ContentDocumentLink", true)}});
        finish(h);
        QTRY_VERIFY(report.isDone());
        QCOMPARE(wordsOf(*report.result()),
                 (QStringList{u"Contact/Unseen__c/read"_s, u"Contact/AccountId/read"_s,
                              u"Contact/Email/edit"_s, u"Contact/Hidden__c/read"_s, u"Lead//read"_s,
                              u"ContentNote//create"_s, u"ContentVersion//create"_s}));
        QCOMPARE(report.result()->missing.at(2).where,
                 u"Setup > Permission Sets > Object Settings > Contacts > Field Permissions: Email, Edit "
                 u"Access"_s);
        for (const crm::AccessFinding &finding : report.result()->missing)
            QVERIFY(finding.where.startsWith(u"Setup > "_s));
    }

    void check_apiSwitchedOff_isAFindingAndNoFailure()
    {
        Harness h;
        Pending<crm::AccessReport> report(h.client->checkAccess({{kinds::contact, {}}}, {}));
        QTRY_COMPARE(h.network.waiting(), 1);
        h.network.answerJson(403, R"([{"message":"API is not enabled","errorCode":"API_DISABLED_FOR_ORG"}])");
        QTRY_VERIFY(report.isDone());
        QVERIFY(report.result().has_value());
        QCOMPARE(wordsOf(*report.result()), QStringList{u"//api"_s});
        QCOMPARE(h.network.requests().size(), 1);
    }

    void check_orgBusy_isAFailure()
    {
        Harness h;
        Pending<crm::AccessReport> report(h.client->checkAccess({{kinds::contact, {}}}, {}));
        QTRY_COMPARE(h.network.waiting(), 1);
        h.network.answerJson(403, R"([{"message":"limit","errorCode":"REQUEST_LIMIT_EXCEEDED"}])");
        QTRY_VERIFY(report.isDone());
        QCOMPARE(report.result().error().code, Errc::RateLimited); // "nothing is missing" is never a guess
    }

private:
    /// Who is asked, and which org it is.
    static void finish(Harness &h)
    {
        QTRY_COMPARE(h.network.waiting(), 1);
        h.network.answerJson(200, R"({"preferred_username":"nora@acme.example"})");
        QTRY_COMPARE(h.network.waiting(), 1);
        h.network.answerJson(200, recordsJson({}));
    }
};

QTEST_GUILESS_MAIN(AccessTest)
#include "tst_Access.moc"
