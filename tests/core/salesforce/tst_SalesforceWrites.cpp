#include "tests/core/salesforce/Harness.h"

#include <QRegularExpression>

using namespace parley;
using namespace parley::fakes;
using namespace Qt::Literals::StringLiterals;

namespace {

const RecordRef kAnn{kinds::contact, {u"003000000000001AAA"_s}};
const QByteArray kMade = R"({"id":"500000000000001AAA","success":true,"errors":[]})";
const QByteArray kCase =
    recordJson("Case", "500000000000001AAA",
               R"("CaseNumber":"00001026","SystemModstamp":"2026-05-21T10:00:00.000+0000")");

crm::CreateRequest newCase()
{
    return {.kind = kinds::crmCase,
            .fields = {{u"Subject"_s, u"Chat C81F: it's broken"_s}, {u"Description"_s, u"text"_s}},
            .key = u"C81F:case"_s,
            .markerField = u"Subject"_s};
}

} // namespace

class SalesforceWritesTest : public QObject
{
    Q_OBJECT

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(u".*"_s)); }

    void create_readsBackInTheSameTrip()
    {
        Harness h;
        Pending<Record> made(h.client->create(newCase()));
        QTRY_COMPARE(h.network.waiting(), 1);
        QVERIFY(!h.network.request().isIdempotent);
        const QJsonObject post = h.asked()[u"compositeRequest"][0].toObject();
        QCOMPARE(h.asked()[u"collateSubrequests"].toBool(true), false);
        QCOMPARE(post[u"url"].toString(), u"/services/data/v62.0/sobjects/Case"_s);
        QVERIFY(
            post[u"httpHeaders"][u"Sforce-Duplicate-Rule-Header"].toString().contains(u"allowSave=false"));
        QCOMPARE(post[u"httpHeaders"][u"Sforce-Auto-Assign"].toString(), u"FALSE"_s);
        QVERIFY(QRegularExpression(u"^[A-Za-z0-9_]+$"_s).match(post[u"referenceId"].toString()).hasMatch());
        h.answerComposite({{201, kMade}, {200, kCase}});
        QTRY_VERIFY(made.isDone());
        QCOMPARE(made.result()->title, u"00001026"_s);
        QCOMPARE(made.result()->version, u"2026-05-21T10:00:00.000+0000"_s);
        QCOMPARE(made.result()->url, QUrl(u"https://org.example/500000000000001AAA"_s));
        QCOMPARE(h.network.requests().size(), 1);
    }

    void create_unreadableField_isReadBackWithoutIt()
    {
        Harness h;
        Pending<Record> made(h.client->create(newCase()));
        QTRY_COMPARE(h.network.waiting(), 1);
        h.answerComposite({{201, kMade}, {400, R"([{"message":"m","errorCode":"INVALID_FIELD"}])"}});
        QTRY_COMPARE(h.network.waiting(), 1);
        h.network.answerJson(400, R"([{"message":"m","errorCode":"INVALID_FIELD"}])");
        QTRY_COMPARE(h.network.waiting(), 1);
        QVERIFY(h.network.request().url.path().endsWith(u"/Case/describe"));
        h.network.answerJson(
            200,
            R"({"name":"Case","fields":[{"name":"Id","type":"id"},{"name":"CaseNumber","type":"string"}]})");
        QTRY_COMPARE(h.network.waiting(), 1);
        h.network.answerJson(200, recordsJson({kCase}));
        QTRY_VERIFY(made.isDone());
        QCOMPARE(made.result()->title, u"00001026"_s);
    }

    void create_unreadable_isStillMade()
    {
        Harness h;
        Pending<Record> made(h.client->create(newCase()));
        QTRY_COMPARE(h.network.waiting(), 1);
        h.answerComposite({{201, kMade}, {403, R"([{"message":"m","errorCode":"INSUFFICIENT_ACCESS"}])"}});
        QTRY_COMPARE(h.network.waiting(), 1);
        h.network.failWith(Errc::Offline);
        QTRY_VERIFY(made.isDone());
        QCOMPARE(made.result()->ref.id.value, u"500000000000001AAA"_s);
        QCOMPARE(made.result()->url, QUrl(u"https://org.example/500000000000001AAA"_s));
    }

    void create_mayExist_looksBeforeItWrites()
    {
        Harness h;
        auto request = newCase();
        request.mayExist = true;
        Pending<Record> made(h.client->create(request));
        QTRY_COMPARE(h.network.waiting(), 1);
        QVERIFY(QUrl::fromPercentEncoding(h.network.request().url.toEncoded())
                    .contains(u"WHERE Subject = 'Chat C81F: it\\'s broken'"));
        h.network.answerJson(200, recordsJson({kCase}));
        QTRY_VERIFY(made.isDone());
        QCOMPARE(made.result()->title, u"00001026"_s);
        QCOMPARE(h.network.requests().size(), 1);
    }

    void create_mayExist_absent_isMade()
    {
        Harness h;
        auto request = newCase();
        request.mayExist = true;
        Pending<Record> made(h.client->create(request));
        QTRY_COMPARE(h.network.waiting(), 1);
        h.network.answerJson(200, recordsJson({}));
        QTRY_COMPARE(h.network.waiting(), 1);
        h.answerComposite({{201, kMade}, {200, kCase}});
        QTRY_VERIFY(made.isDone());
        QVERIFY(made.result().has_value());
    }

    void create_lookRefused_isNotWritten()
    {
        Harness h;
        auto request = newCase();
        request.mayExist = true;
        Pending<Record> made(h.client->create(request));
        QTRY_COMPARE(h.network.waiting(), 1);
        h.network.failWith(Errc::TimedOut);
        QTRY_VERIFY(made.isDone());
        QCOMPARE(made.result().error().code, Errc::TimedOut);
        QCOMPARE(h.network.requests().size(), 1);
    }

    /// CRM_FACTS part C, 4: a composite answers 200 though a part of it failed; its parts keep their order
    /// only where that is asked for; and its reference ids are letters, digits and underscores.
    void trap4_compositeWithInnerRefusal_isTheError()
    {
        Harness h;
        Pending<Record> made(h.client->create(newCase()));
        QTRY_COMPARE(h.network.waiting(), 1);
        QVERIFY(h.asked()[u"collateSubrequests"].isBool());
        QVERIFY(!h.asked()[u"collateSubrequests"].toBool());
        const QJsonArray parts = h.asked()[u"compositeRequest"].toArray();
        QCOMPARE(parts.size(), 2);
        for (const QJsonValue part : parts)
            QVERIFY(
                QRegularExpression(u"^[A-Za-z0-9_]+$"_s).match(part[u"referenceId"].toString()).hasMatch());
        h.answerComposite(
            {{400,
              R"([{"message":"Email: invalid","errorCode":"INVALID_EMAIL_ADDRESS","fields":["SuppliedEmail"]}])"},
             {400, R"([{"message":"halted","errorCode":"PROCESSING_HALTED"}])"}});
        QTRY_VERIFY(made.isDone());
        QCOMPARE(made.result().error().fields,
                 (QList<FieldError>{{u"SuppliedEmail"_s, u"Email: invalid"_s}}));
    }

    void create_duplicate_namesTheOthers()
    {
        Harness h;
        Pending<Record> made(h.client->create(newCase()));
        QTRY_COMPARE(h.network.waiting(), 1);
        h.answerComposite(
            {{400, R"([{"message":"dup","errorCode":"DUPLICATES_DETECTED","duplicateResut":{"allowSave":false,
            "matchResults":[{"matchRecords":[{"record":{"attributes":{"type":"Contact"},"Id":"003000000000001AAA"}}]}]}}])"},
             {400, R"([{"errorCode":"PROCESSING_HALTED","message":"x"}])"}});
        QTRY_VERIFY(made.isDone());
        QCOMPARE(crm::duplicatesOf(made.result().error()),
                 (crm::Duplicates{.records = {kAnn}, .mayOverride = false}));
        auto request = newCase();
        request.allowDuplicate = true;
        Pending<Record> again(h.client->create(request));
        QTRY_COMPARE(h.network.waiting(), 1);
        QVERIFY(h.network.request().body.contains("allowSave=true"));
    }

    void create_rowLocked_isTriedAgainLater()
    {
        Harness h;
        Pending<Record> made(h.client->create(newCase()));
        const QByteArray locked =
            R"([{"message":"unable to obtain exclusive access","errorCode":"UNABLE_TO_LOCK_ROW","fields":[]}])";
        QTRY_COMPARE(h.network.waiting(), 1);
        h.answerComposite({{400, locked}, {400, R"([{"errorCode":"PROCESSING_HALTED","message":"x"}])"}});
        QTRY_VERIFY(h.clock.hasSleepers());
        QCOMPARE(h.network.waiting(), 0);
        h.clock.advance(std::chrono::seconds(1));
        QTRY_COMPARE(h.network.waiting(), 1);
        h.answerComposite({{201, kMade}, {200, kCase}});
        QTRY_VERIFY(made.isDone());
        QVERIFY(made.result().has_value());
    }

    void create_lostAnswer_isNotRepeated()
    {
        Harness h;
        Pending<Record> made(h.client->create(newCase()));
        QTRY_COMPARE(h.network.waiting(), 1);
        h.network.failWith(Errc::Offline);
        QTRY_VERIFY(made.isDone());
        QCOMPARE(made.result().error().code, Errc::Offline);
        QCOMPARE(h.network.requests().size(), 1);
    }

    void update_guarded_comparesThenPatchesOnlyWhatChanged()
    {
        Harness h;
        const QString version = u"2026-05-21T10:00:00.000+0000"_s;
        Pending<Record> changed(
            h.client->update({.ref = kAnn, .fields = {{u"Phone"_s, u"556"_s}}, .ifVersion = version}));
        QTRY_COMPARE(h.network.waiting(), 1);
        h.network.answerJson(200,
                             recordsJson({recordJson("Contact", "003000000000001AAA",
                                                     R"("SystemModstamp":"2026-05-21T10:00:00.000+0000")")}));
        QTRY_COMPARE(h.network.waiting(), 1);
        const QJsonObject patch = h.asked()[u"compositeRequest"][0].toObject();
        QCOMPARE(patch[u"method"].toString(), u"PATCH"_s);
        QCOMPARE(patch[u"body"].toObject(), (QJsonObject{{u"Phone"_s, u"556"_s}}));
        QCOMPARE(patch[u"httpHeaders"][u"If-Unmodified-Since"].toString(),
                 u"Thu, 21 May 2026 10:00:00 GMT"_s);
        h.answerComposite(
            {{204, "null"},
             {200, recordJson("Contact", "003000000000001AAA",
                              R"("Phone":"556","SystemModstamp":"2026-05-21T10:01:00.000+0000")")}});
        QTRY_VERIFY(changed.isDone());
        QCOMPARE(changed.result()->version, u"2026-05-21T10:01:00.000+0000"_s);
    }

    void update_changedMeanwhile_isConflict_data()
    {
        QTest::addColumn<bool>("isSeenBefore");
        QTest::newRow("seen before the write") << true;
        QTest::newRow("refused by Salesforce") << false;
    }
    void update_changedMeanwhile_isConflict()
    {
        QFETCH(bool, isSeenBefore);
        Harness h;
        Pending<Record> changed(h.client->update({.ref = kAnn,
                                                  .fields = {{u"Phone"_s, u"556"_s}},
                                                  .ifVersion = u"2026-05-21T10:00:00.000+0000"_s}));
        QTRY_COMPARE(h.network.waiting(), 1);
        const QByteArray second = isSeenBefore ? "01" : "00";
        h.network.answerJson(200, recordsJson({recordJson("Contact", "003000000000001AAA",
                                                          R"("SystemModstamp":"2026-05-21T10:00:)" + second +
                                                              R"(.000+0000")")}));
        if (!isSeenBefore) {
            QTRY_COMPARE(h.network.waiting(), 1);
            h.answerComposite({{412, R"([{"message":"m","errorCode":"PRECONDITION_FAILED"}])"}, {200, "{}"}});
        }
        QTRY_VERIFY(changed.isDone());
        QCOMPARE(changed.result().error().code, Errc::Conflict);
        QCOMPARE(h.network.requests().size(), isSeenBefore ? 1 : 2);
    }

    void note_new_isEscapedAndLinked()
    {
        Harness h;
        Pending<RecordRef> noted(h.client->addNote({.parent = kAnn,
                                                    .title = u"Chat transcript"_s,
                                                    .text = u"<b>'x' & \"y\"</b>\nü"_s,
                                                    .key = u"C81F:note"_s}));
        QTRY_COMPARE(h.network.waiting(), 1);
        h.network.answerJson(200, recordsJson({}));
        QTRY_COMPARE(h.network.waiting(), 1);
        QVERIFY(h.asked()[u"allOrNone"].toBool());
        const QJsonObject note = h.asked()[u"compositeRequest"][0][u"body"].toObject();
        QCOMPARE(note[u"Title"].toString(), u"Chat transcript (C81F)"_s);
        QCOMPARE(QString::fromUtf8(QByteArray::fromBase64(note[u"Content"].toString().toLatin1())),
                 u"<p>&lt;b&gt;&#39;x&#39; &amp; &quot;y&quot;&lt;/b&gt;</p><p>ü</p>"_s);
        const QJsonObject link = h.asked()[u"compositeRequest"][1][u"body"].toObject();
        QCOMPARE(link[u"ContentDocumentId"].toString(), u"@{note.id}"_s);
        QCOMPARE(link[u"LinkedEntityId"].toString(), kAnn.id.value);
        h.answerComposite({{201, R"({"id":"069000000000001AAA","success":true,"errors":[]})"},
                           {201, R"({"id":"06A000000000001AAA","success":true})"}});
        QTRY_VERIFY(noted.isDone());
        QCOMPARE(noted.result()->id.value, u"069000000000001AAA"_s);
    }

    void note_again_updatesTheSame()
    {
        Harness h;
        Pending<RecordRef> noted(h.client->addNote(
            {.parent = kAnn, .title = u"Chat C81F"_s, .text = u"more"_s, .key = u"C81F:note"_s}));
        QTRY_COMPARE(h.network.waiting(), 1);
        h.network.answerJson(200, R"({"totalSize":2,"done":true,"records":[
            {"attributes":{"type":"ContentDocumentLink"},"ContentDocumentId":"069000000000009AAA","ContentDocument":{"attributes":{"type":"ContentDocument"},"Title":"Chat C81F","FileType":"PDF"}},
            {"attributes":{"type":"ContentDocumentLink"},"ContentDocumentId":"069000000000001AAA","ContentDocument":{"attributes":{"type":"ContentDocument"},"Title":"Chat C81F","FileType":"SNOTE"}}]})");
        QTRY_COMPARE(h.network.waiting(), 1);
        QCOMPARE(h.network.request().method, "PATCH");
        QVERIFY(h.network.request().url.path().endsWith(u"/sobjects/ContentNote/069000000000001AAA"));
        h.network.answer(204);
        QTRY_VERIFY(noted.isDone());
        QCOMPARE(noted.result()->id.value, u"069000000000001AAA"_s);
    }

    void note_withoutContentNotes_isClassic()
    {
        Harness h;
        Pending<RecordRef> noted(h.client->addNote(
            {.parent = kAnn, .title = u"Chat C81F"_s, .text = u"t"_s, .key = u"C81F:note"_s}));
        QTRY_COMPARE(h.network.waiting(), 1);
        h.network.answerJson(200, recordsJson({}));
        QTRY_COMPARE(h.network.waiting(), 1);
        h.answerComposite(
            {{404, R"([{"message":"The requested resource does not exist","errorCode":"NOT_FOUND"}])"},
             {400, R"([{"errorCode":"PROCESSING_HALTED","message":"x"}])"}});
        QTRY_COMPARE(h.network.waiting(), 1); // looks for a classic note of that title
        h.network.answerJson(200, recordsJson({}));
        QTRY_COMPARE(h.network.waiting(), 1);
        QCOMPARE(h.asked()[u"compositeRequest"][0][u"body"][u"ParentId"].toString(), kAnn.id.value);
        h.answerComposite({{201, R"({"id":"002000000000001AAA","success":true})"},
                           {200, recordJson("Note", "002000000000001AAA", R"("Title":"Chat C81F")")}});
        QTRY_VERIFY(noted.isDone());
        QCOMPARE(noted.result()->id.value, u"002000000000001AAA"_s);
    }

    void file_new_isPublishedOnTheRecord()
    {
        Harness h;
        Pending<RecordRef> filed(h.client->addFile({.parent = kAnn,
                                                    .name = u"../../in voice.v2.pdf"_s,
                                                    .mimeType = {},
                                                    .content = QByteArray("\0\xff", 2),
                                                    .key = u"C81F:file:F1"_s}));
        QTRY_COMPARE(h.network.waiting(), 1);
        h.network.answerJson(200, recordsJson({}));
        QTRY_COMPARE(h.network.waiting(), 1);
        const QJsonObject body = h.asked()[u"compositeRequest"][0][u"body"].toObject();
        QCOMPARE(body[u"PathOnClient"].toString(), u"in voice.v2.pdf"_s);
        QCOMPARE(body[u"Title"].toString(), u"in voice.v2"_s);
        QCOMPARE(QByteArray::fromBase64(body[u"VersionData"].toString().toLatin1()), QByteArray("\0\xff", 2));
        QCOMPARE(body[u"FirstPublishLocationId"].toString(), kAnn.id.value);
        h.answerComposite({{201, R"({"id":"068000000000001AAA","success":true})"},
                           {200, recordJson("ContentVersion", "068000000000001AAA",
                                            R"("ContentDocumentId":"069000000000001AAA")")}});
        QTRY_VERIFY(filed.isDone());
        QCOMPARE(filed.result()->id.value, u"069000000000001AAA"_s);
    }

    void file_again_isNotSentTwice()
    {
        Harness h;
        Pending<RecordRef> filed(h.client->addFile(
            {.parent = kAnn, .name = u"a.txt"_s, .mimeType = {}, .content = "x", .key = u"C81F:file:F1"_s}));
        QTRY_COMPARE(h.network.waiting(), 1);
        h.network.answerJson(
            200, recordsJson({recordJson(
                     "ContentVersion", "068000000000001AAA",
                     R"("ContentDocumentId":"069000000000001AAA","Description":"Parley C81F:file:F1")")}));
        QTRY_VERIFY(filed.isDone());
        QCOMPARE(filed.result()->id.value, u"069000000000001AAA"_s);
        QCOMPARE(h.network.requests().size(), 1);
    }
};

QTEST_GUILESS_MAIN(SalesforceWritesTest)
#include "tst_SalesforceWrites.moc"
