#include "tests/core/salesforce/Harness.h"
#include "tests/core/salesforce/HostileValues.h"

#include <QRegularExpression>
#include <QUrlQuery>

using namespace parley;
using namespace parley::fakes;
using namespace Qt::Literals::StringLiterals;

namespace {

const QByteArray kNobody = recordsJson({});

QByteArray contact(const QByteArray &id, const QByteArray &modified,
                   const QByteArray &more = R"("Account":null)")
{
    return recordJson("Contact", id,
                      R"("Name":"Ann","Email":"Ann@Example.com","LastModifiedDate":")" + modified + "\"," +
                          more);
}

crm::IdentifyRequest byMail(const QString &mail)
{
    return {.values = {{fields::visitorEmail, mail}},
            .rules = crm::defaultMatchRules(),
            .shown = crm::defaultShownFields()};
}

QString statementIn(const QJsonObject &batch, int index)
{
    const QString url = batch[u"batchRequests"][index][u"url"].toString();
    return QUrl::fromPercentEncoding(url.section(u"q="_s, 1).toLatin1());
}

} // namespace

class IdentifyTest : public QObject
{
    Q_OBJECT

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(u".*"_s)); }

    void identify_byMail_isOneTripThatSelectsWhatIsShown()
    {
        Harness h;
        Pending<crm::MatchOutcome> found(h.client->identify(byMail(u" ann@example.com "_s)));
        QTRY_COMPARE(h.network.waiting(), 1);
        QCOMPARE(h.network.request().url, QUrl(u"https://org.example/services/data/v62.0/composite/batch"_s));
        QCOMPARE(h.network.request().method, "POST");
        QVERIFY(h.network.request().headers.contains({"Authorization", "Bearer token1"}));
        const QString contacts = statementIn(h.asked(), 0);
        QVERIFY(contacts.contains(
            u"WHERE Email = 'ann@example.com' ORDER BY LastModifiedDate DESC, Id LIMIT 10"));
        for (const QString &field :
             {u"FirstName"_s, u"Owner.Name"_s, u"Account.AnnualRevenue"_s, u"SystemModstamp"_s})
            QVERIFY2(contacts.contains(field), qPrintable(contacts));
        QVERIFY(statementIn(h.asked(), 1)
                    .contains(u"FROM Lead WHERE Email = 'ann@example.com' AND IsConverted = FALSE"));
        h.clock.advance(std::chrono::milliseconds(80));
        h.answerBatch(
            {{200,
              recordsJson({contact(
                  "003000000000001AAA", "2026-05-01T00:00:00.000+0000",
                  R"("AccountId":"001000000000001AAA","Account":{"attributes":{"type":"Account","url":"/x/001000000000001AAA"},"Id":"001000000000001AAA","Name":"Acme","Type":"Customer"})")})},
             {200, kNobody}});
        QTRY_VERIFY(found.isDone());
        const auto outcome = found.result().value();
        QCOMPARE(outcome.kind(), crm::MatchKind::One);
        QCOMPARE(outcome.roundTrips, 1);
        QCOMPARE(outcome.elapsed, std::chrono::milliseconds(80));
        QCOMPARE(outcome.candidates[0].evidence,
                 (QList<crm::Evidence>{{u"Email"_s, u"Email"_s, u"Ann@Example.com"_s}}));
        QCOMPARE(outcome.candidates[0].record.url, QUrl(u"https://org.example/003000000000001AAA"_s));
        QCOMPARE(outcome.candidates[0].record.fields[u"Account.Name"_s].toString(), u"Acme"_s);
        QVERIFY(!outcome.candidates[0].record.fields.contains(u"Account.Type"_s));
        QVERIFY(outcome.account);
        QCOMPARE(outcome.account->ref.kind, kinds::account);
        QCOMPARE(outcome.account->fields[u"Type"_s].toString(), u"Customer"_s);
        QCOMPARE(outcome.rules[0].state, crm::RuleResult::State::Found);
        QCOMPARE(outcome.rules[1].state, crm::RuleResult::State::Nothing);
        QCOMPARE(h.network.requests().size(), 1);
    }

    void identify_several_areNewestFirstThenById()
    {
        Harness h;
        Pending<crm::MatchOutcome> found(h.client->identify(byMail(u"a@b.c"_s)));
        QTRY_COMPARE(h.network.waiting(), 1);
        h.answerBatch(
            {{200, recordsJson({contact("003000000000003AAA", "2026-05-01T00:00:00.000+0000"),
                                contact("003000000000002AAA", "2026-05-01T00:00:00.000+0000"),
                                contact("003000000000001AAA", "2026-05-03T00:00:00.000+0000")})},
             {200,
              recordsJson({recordJson(
                  "Lead", "00Q000000000001AAA",
                  R"("Name":"L","Email":"a@b.c","LastModifiedDate":"2026-06-01T00:00:00.000+0000")")})}});
        QTRY_VERIFY(found.isDone());
        const auto outcome = found.result().value();
        QCOMPARE(outcome.kind(), crm::MatchKind::Several);
        QStringList ids;
        for (const auto &candidate : outcome.candidates)
            ids += candidate.record.ref.id.value;
        QCOMPARE(ids, (QStringList{u"003000000000001AAA"_s, u"003000000000002AAA"_s, u"003000000000003AAA"_s,
                                   u"00Q000000000001AAA"_s}));
        QCOMPARE(outcome.choices().size(), 3);
    }

    void identify_twoRulesOneRecord_isOneCandidateWithBothReasons()
    {
        Harness h;
        auto request = byMail(u"a@b.c"_s);
        request.values.insert(fields::phone, u"555"_s);
        request.rules +=
            {.kind = kinds::contact, .name = u"Phone"_s, .conditions = {{u"Phone"_s, fields::phone}}};
        Pending<crm::MatchOutcome> found(h.client->identify(request));
        QTRY_COMPARE(h.network.waiting(), 1);
        const QByteArray ann =
            contact("003000000000001AAA", "2026-05-01T00:00:00.000+0000", R"("Phone":"555")");
        h.answerBatch({{200, recordsJson({ann})}, {200, kNobody}, {200, recordsJson({ann})}});
        QTRY_VERIFY(found.isDone());
        const auto outcome = found.result().value();
        QCOMPARE(outcome.candidates.size(), 1);
        QCOMPARE(outcome.candidates[0].evidence.size(), 2);
        QCOMPARE(outcome.candidates[0].evidence[1].field, u"Phone"_s);
    }

    void identify_emptyField_isSkippedWithoutAsking()
    {
        Harness h;
        Pending<crm::MatchOutcome> found(h.client->identify(byMail(u"   "_s)));
        QTRY_VERIFY(found.isDone());
        QCOMPARE(found.result()->kind(), crm::MatchKind::None);
        QCOMPARE(found.result()->roundTrips, 0);
        QCOMPARE(found.result()->rules[0].state, crm::RuleResult::State::Skipped);
        QCOMPARE(h.network.requests().size(), 0);
    }

    void identify_hostileValues_neverChangeTheQuestion()
    {
        for (const QString &value : hostileValues()) {
            const auto questions = salesforce::questionsFor(byMail(value), {});
            const QStringList statements = questions.statements();
            if (statements.isEmpty())
                continue; // nothing can equal it
            const QString text = statements.first();
            const qsizetype from = text.indexOf(u"WHERE Email = '") + 14;
            const qsizetype to = text.indexOf(u" ORDER BY LastModifiedDate DESC, Id LIMIT 10");
            QVERIFY2(to == text.size() - u" ORDER BY LastModifiedDate DESC, Id LIMIT 10"_s.size(),
                     qPrintable(text));
            // Between them stands exactly one literal: undo the escapes that such a value can have.
            QString literal = text.mid(from + 1, to - from - 2);
            QVERIFY(!QRegularExpression(u"(?<!\\\\)(\\\\\\\\)*'"_s).match(literal).hasMatch());
            for (const char16_t lineEnd : {u'\x85', u'\x2028', u'\x2029'})
                literal.replace(u"\\u%1"_s.arg(int(lineEnd), 4, 16, QLatin1Char('0')),
                                QString(QChar(lineEnd)));
            literal.replace(u"\\'"_s, u"'"_s).replace(u"\\\\"_s, u"\\"_s);
            if (!value.contains(u'\\'))
                QCOMPARE(literal, value.trimmed());
        }
    }

    void identify_unknownShownField_isLeftOutAndRemembered()
    {
        Harness h;
        auto request = byMail(u"a@b.c"_s);
        request.rules = {request.rules.first()};
        request.shown = {{kinds::contact, {u"FirstName"_s, u"Gone__c"_s}}};
        Pending<crm::MatchOutcome> found(h.client->identify(request));
        QTRY_COMPARE(h.network.waiting(), 1);
        h.answerBatch(
            {{400,
              R"([{"message":"No such column 'Gone__c' on entity 'Contact'.","errorCode":"INVALID_FIELD"}])"}});
        QTRY_COMPARE(h.network.waiting(), 1);
        QVERIFY(h.network.request().body.contains("Contact/describe"));
        const QByteArray describe =
            R"({"name":"Contact","fields":[{"name":"Id","type":"id"},{"name":"Name","type":"string"},
            {"name":"FirstName","type":"string"},{"name":"Email","type":"email"},{"name":"LastModifiedDate","type":"datetime"},
            {"name":"SystemModstamp","type":"datetime"}]})";
        h.answerBatch({{200, describe}, {404, R"([{"message":"m","errorCode":"NOT_FOUND"}])"}});
        QTRY_COMPARE(h.network.waiting(), 1);
        QVERIFY(!h.network.request().body.contains("Gone__c"));
        QVERIFY(!h.network.request().body.contains("Account")); // not readable for this user either
        h.answerBatch({{200, recordsJson({contact("003000000000001AAA", "2026-05-01T00:00:00.000+0000")})}});
        QTRY_VERIFY(found.isDone());
        QCOMPARE(found.result()->kind(), crm::MatchKind::One);
        QCOMPARE(found.result()->roundTrips, 3);
        QCOMPARE(found.result()->unreadable[kinds::contact], QStringList{u"Gone__c"_s});

        Pending<crm::MatchOutcome> again(h.client->identify(request));
        QTRY_COMPARE(h.network.waiting(), 1);
        h.answerBatch({{200, kNobody}});
        QTRY_VERIFY(again.isDone());
        QCOMPARE(again.result()->roundTrips, 1);
    }

    void identify_refusedContactRule_isNeverNotFound()
    {
        Harness h;
        Pending<crm::MatchOutcome> found(h.client->identify(byMail(u"a@b.c"_s)));
        QTRY_COMPARE(h.network.waiting(), 1);
        h.answerBatch({{400, R"([{"message":"slow","errorCode":"QUERY_TIMEOUT"}])"},
                       {200, recordsJson({recordJson("Lead", "00Q000000000001AAA", R"("Name":"L")")})}});
        QTRY_VERIFY(found.isDone());
        QCOMPARE(found.result().error().code, Errc::TimedOut);
    }

    void identify_refusedLeadRule_doesNotHideTheContact()
    {
        Harness h;
        Pending<crm::MatchOutcome> found(h.client->identify(byMail(u"a@b.c"_s)));
        QTRY_COMPARE(h.network.waiting(), 1);
        h.answerBatch({{200, recordsJson({contact("003000000000001AAA", "2026-05-01T00:00:00.000+0000")})},
                       {400, R"([{"message":"slow","errorCode":"QUERY_TIMEOUT"}])"}});
        QTRY_VERIFY(found.isDone());
        QCOMPARE(found.result()->kind(), crm::MatchKind::One);
        QCOMPARE(found.result()->rules[1].error->remoteCode, u"QUERY_TIMEOUT"_s);
    }

    void identify_leadsHiddenFromUser_isNotFoundAmongContacts()
    {
        Harness h;
        Pending<crm::MatchOutcome> found(h.client->identify(byMail(u"a@b.c"_s)));
        QTRY_COMPARE(h.network.waiting(), 1);
        h.answerBatch(
            {{200, kNobody},
             {400, R"([{"message":"sObject type 'Lead' is not supported.","errorCode":"INVALID_TYPE"}])"}});
        QTRY_VERIFY(found.isDone());
        QCOMPARE(found.result()->kind(), crm::MatchKind::None);
        QVERIFY(found.result()->rules[1].error.has_value());
    }

    void identify_ruleOfBadName_isRefusedUnasked()
    {
        auto request = byMail(u"a@b.c"_s);
        request.rules = {{.kind = kinds::contact,
                          .name = u"x"_s,
                          .conditions = {{u"Email = '' OR Name"_s, fields::visitorEmail}}}};
        const auto questions = salesforce::questionsFor(request, {});
        QVERIFY(questions.statements().isEmpty());
        QCOMPARE(questions.all[0].result.error->code, Errc::InvalidInput);
    }

    void identify_thirtyRules_isTwoTrips()
    {
        Harness h;
        auto request = byMail(u"a@b.c"_s);
        request.rules.clear();
        for (int i = 0; i < 30; ++i)
            request.rules += {.kind = kinds::contact,
                              .name = u"r"_s,
                              .conditions = {{u"F%1__c"_s.arg(i), fields::visitorEmail}}};
        Pending<crm::MatchOutcome> found(h.client->identify(request));
        QTRY_COMPARE(h.network.waiting(), 1);
        QCOMPARE(h.asked()[u"batchRequests"].toArray().size(), 25);
        h.answerBatch(QList<std::pair<int, QByteArray>>(25, {200, kNobody}));
        QTRY_COMPARE(h.network.waiting(), 1);
        h.answerBatch(QList<std::pair<int, QByteArray>>(5, {200, kNobody}));
        QTRY_VERIFY(found.isDone());
        QCOMPARE(found.result()->roundTrips, 2);
    }
};

QTEST_GUILESS_MAIN(IdentifyTest)
#include "tst_Identify.moc"
