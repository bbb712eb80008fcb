#include "core/crm/Plan.h"

#include <QRegularExpression>
#include <QTest>

using namespace parley;
using namespace parley::crm;
using namespace Qt::Literals::StringLiterals;

namespace {

Message said(qint64 seq, Author author, const QString &name, const QString &text)
{
    Message message;
    message.chat = {u"C81F"_s};
    message.seq = seq;
    message.author = author;
    message.authorName = name;
    message.text = text;
    message.at = QDateTime(QDate(2026, 5, 21), QTime(20, 30).addSecs(int(seq)), Qt::UTC);
    return message;
}

PlanInput input(Attach attach, RecordRef parent = {})
{
    PlanInput plan;
    plan.chat.id = {u"C81F"_s};
    plan.chat.agentName = u"Mia Chen"_s;
    plan.chat.startedAt = QDateTime(QDate(2026, 5, 21), QTime(20, 30), Qt::UTC);
    // 20:55 UTC is the 22nd in the tests' zone: a local date would show.
    plan.chat.endedAt = QDateTime(QDate(2026, 5, 21), QTime(20, 55), Qt::UTC);
    plan.chat.fields = {{fields::visitorName, u"Ann Mary O'Brien"_s},
                        {fields::visitorEmail, u"ann@example.com"_s},
                        {fields::phone, u"+1 555 0100"_s},
                        {fields::company, u"Acme"_s},
                        {fields::department, u"Billing"_s},
                        {fields::visitorPage, u"https://shop.example/invoice?id=7"_s},
                        {u"Variable.OrderId"_s, u"A-17"_s},
                        {fields::chatWrapUp, u"Category: Invoice"_s}};
    plan.messages = {said(1, Author::Visitor, u"Ann"_s, u"Our invoice charges 14 seats"_s),
                     said(2, Author::Agent, u"Mia Chen"_s, u"Let me look."_s)};
    plan.plan.attach = attach;
    plan.plan.parent = parent;
    plan.mapping = defaultMapping();
    return plan;
}

const RecordRef kAnn{kinds::contact, {u"003000000000001AAA"_s}};
const RecordRef kLead{kinds::lead, {u"00Q000000000001AAA"_s}};

} // namespace

class PlanTest : public QObject
{
    Q_OBJECT

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(u".*"_s)); }

    void plan_nothingChosen_writesNothing()
    {
        QCOMPARE(planWrites(input(Attach::Nothing, kAnn)), QList<Intent>());
    }

    void plan_caseUnderContact_carriesTheReferenceTable()
    {
        const auto intents = planWrites(input(Attach::Case, kAnn));
        QCOMPARE(intents.size(), 1);
        const Intent &made = intents.first();
        QCOMPARE(made.key, u"C81F:case"_s);
        QCOMPARE(made.kind, kinds::crmCase);
        QCOMPARE(made.markerField, u"Subject"_s);
        QCOMPARE(made.fields[u"Subject"_s].toString(), u"Chat C81F: Our invoice charges 14 seats"_s);
        QCOMPARE(made.fields[u"ContactId"_s].toString(), kAnn.id.value);
        QCOMPARE(made.fields[u"SuppliedName"_s].toString(), u"Ann Mary O'Brien"_s);
        QCOMPARE(made.fields[u"SuppliedEmail"_s].toString(), u"ann@example.com"_s);
        QCOMPARE(made.fields[u"SuppliedPhone"_s].toString(), u"+1 555 0100"_s);
        QCOMPARE(made.fields[u"SuppliedCompany"_s].toString(), u"Acme"_s);
        const QString description = made.fields[u"Description"_s].toString();
        for (const QString &part :
             {u"Our invoice charges 14 seats"_s, u"Let me look."_s, u"2026-05-21T20:30:00Z"_s,
              u"2026-05-21T20:55:00Z"_s, u"https://shop.example/invoice?id=7"_s, u"OrderId: A-17"_s,
              u"Category: Invoice"_s, u"Mia Chen"_s})
            QVERIFY2(description.contains(part), qPrintable(part));
        QVERIFY(!made.fields.contains(u"OwnerId"_s));
    }

    void plan_caseOfNobody_hasNoContact()
    {
        const auto intents = planWrites(input(Attach::Case));
        QCOMPARE(intents.size(), 1);
        QVERIFY(!intents[0].fields.contains(u"ContactId"_s));
        QCOMPARE(intents[0].fields[u"SuppliedName"_s].toString(), u"Ann Mary O'Brien"_s);
    }

    void plan_task_hangsOnContactOrLead_data()
    {
        QTest::addColumn<int>("attach");
        QTest::addColumn<QString>("parentKind");
        QTest::addColumn<QString>("kind");
        QTest::addColumn<QString>("link");
        QTest::newRow("task of a contact") << int(Attach::Task) << u"Contact"_s << u"Task"_s << u"WhoId"_s;
        QTest::newRow("task of a lead") << int(Attach::Task) << u"Lead"_s << u"Task"_s << u"WhoId"_s;
        QTest::newRow("a lead holds no case") << int(Attach::Case) << u"Lead"_s << u"Task"_s << u"WhoId"_s;
        QTest::newRow("task of an account") << int(Attach::Task) << u"Account"_s << u"Task"_s << u"WhatId"_s;
        QTest::newRow("case of an account")
            << int(Attach::Case) << u"Account"_s << u"Case"_s << u"AccountId"_s;
    }
    void plan_task_hangsOnContactOrLead()
    {
        QFETCH(int, attach);
        QFETCH(QString, parentKind);
        QFETCH(QString, kind);
        QFETCH(QString, link);
        const auto intents = planWrites(input(Attach(attach), {{parentKind}, {u"001000000000001AAA"_s}}));
        QCOMPARE(intents.size(), 1);
        QCOMPARE(intents[0].kind.name, kind);
        QCOMPARE(intents[0].fields.value(link).toString(), u"001000000000001AAA"_s);
        QVERIFY(!intents[0].fields.contains(u"WhoId"_s) || !intents[0].fields.contains(u"WhatId"_s));
    }

    void plan_task_dueOnTheDayItEnded_utc()
    {
        const auto intents = planWrites(input(Attach::Task, kLead));
        QCOMPARE(intents[0].fields[u"ActivityDate"_s].toDate(), QDate(2026, 5, 21));
        QVERIFY(!intents[0].fields.contains(u"Status"_s));
        QCOMPARE(intents[0].key, u"C81F:task"_s);
    }

    void plan_twice_isTheSame()
    {
        const PlanInput chat = input(Attach::Case, kAnn);
        QCOMPARE(planWrites(chat), planWrites(chat));
    }

    void plan_agentsEdit_winsButKeepsTheId()
    {
        PlanInput chat = input(Attach::Case, kAnn);
        chat.plan.edited = {{u"Subject"_s, u"Wrong seats"_s}, {u"Priority"_s, u"High"_s}};
        chat.owner = {u"005000000000001AAA"_s};
        const Intent made = planWrites(chat).first();
        QCOMPARE(made.fields[u"Subject"_s].toString(), u"Wrong seats (Chat C81F)"_s);
        QCOMPARE(made.fields[u"Priority"_s].toString(), u"High"_s);
        QCOMPARE(made.fields[u"OwnerId"_s].toString(), u"005000000000001AAA"_s);
    }

    void subject_withoutWords_isTheChatAlone()
    {
        PlanInput chat = input(Attach::Case);
        chat.messages.clear();
        QCOMPARE(planWrites(chat).first().fields[u"Subject"_s].toString(), u"Chat C81F"_s);
    }

    void subject_tooLong_keepsIdAndWholePairs()
    {
        PlanInput chat = input(Attach::Case);
        // The pairs begin at an odd place, so the limit falls into the middle of one.
        chat.messages = {said(1, Author::Visitor, u"Ann"_s, u"x"_s + QString(u"😀"_s).repeated(300))};
        const QString subject = planWrites(chat).first().fields[u"Subject"_s].toString();
        QVERIFY(subject.size() <= 255);
        QVERIFY(subject.size() >= 253);
        QVERIFY(subject.startsWith(u"Chat C81F: x"));
        QVERIFY(subject.endsWith(u'…'));
        QCOMPARE(QString::fromUtf8(subject.toUtf8()), subject);
    }

    void subject_editedTooLong_keepsId()
    {
        PlanInput chat = input(Attach::Case);
        chat.plan.edited = {{u"Subject"_s, QString(300, u'y')}};
        const QString subject = planWrites(chat).first().fields[u"Subject"_s].toString();
        QCOMPARE(subject.size(), 255);
        QVERIFY(subject.endsWith(u"… (Chat C81F)"));
    }

    void subject_hostileText_isOneLine()
    {
        PlanInput chat = input(Attach::Case);
        chat.messages = {
            said(1, Author::Visitor, u"Ann"_s, u"a\r\nb\tc"_s + QChar(0) + QChar(0x1b) + u"d"_s)};
        QCOMPARE(planWrites(chat).first().fields[u"Subject"_s].toString(), u"Chat C81F: a b cd"_s);
    }

    /// CRM_FACTS part C, 16: lengths count UTF-16 units, and no surrogate pair is cut.
    void trap16_textOverItsField_becomesHeadAndFile_data()
    {
        QTest::addColumn<int>("length");
        QTest::addColumn<bool>("isFiled");
        QTest::newRow("just fits") << 0 << false;
        QTest::newRow("one unit over") << 1 << true;
        QTest::newRow("far over") << 50'000 << true;
    }
    void trap16_textOverItsField_becomesHeadAndFile()
    {
        QFETCH(int, length);
        QFETCH(bool, isFiled);
        PlanInput chat = input(Attach::Case);
        chat.plan.edited = {{u"Description"_s, QString(32'000 + length, u'z')}};
        const auto intents = planWrites(chat);
        const QString description = intents[0].fields[u"Description"_s].toString();
        QCOMPARE(description.size(), 32'000);
        QCOMPARE(intents.size(), isFiled ? 2 : 1);
        if (!isFiled)
            return;
        QCOMPARE(intents[1].action, IntentAction::File);
        QCOMPARE(intents[1].key, u"C81F:file:Description"_s);
        QCOMPARE(intents[1].targetFrom, intents[0].key);
        QCOMPARE(intents[1].text.size(), 32'000 + length);
        QVERIFY(description.contains(intents[1].title));
    }

    void trap16_transcriptOfPairs_isHeadedAtAWholeOneAndFiled()
    {
        PlanInput chat = input(Attach::Case);
        // 2 units each from an odd place on: 32,001 units, and the limit is in the middle of the last pair.
        chat.plan.edited = {{u"Description"_s, u"x"_s + QString(u"😀"_s).repeated(16'000)}};
        const auto intents = planWrites(chat);
        const QString description = intents[0].fields[u"Description"_s].toString();
        QVERIFY(description.size() <= 32'000);
        QVERIFY(description.size() >= 31'998);
        QCOMPARE(QString::fromUtf8(description.toUtf8()), description); // half a pair would not come back
        QCOMPARE(intents[1].text.size(), 32'001);
    }

    void text_lengthsOfTheOrg_areObeyed()
    {
        PlanInput chat = input(Attach::Case);
        chat.fieldLengths[kinds::crmCase] = {{u"Description"_s, 200}, {u"Subject"_s, 30}};
        const auto intents = planWrites(chat);
        QVERIFY(intents[0].fields[u"Description"_s].toString().size() <= 200);
        QCOMPARE(intents[0].fields[u"Subject"_s].toString(), u"Chat C81F: Our invoice charge…"_s);
        QVERIFY(intents[1].text.contains(u"Let me look."));
    }

    void shortField_tooLong_isEllipsedAndWholeInTheDescription()
    {
        PlanInput chat = input(Attach::Case);
        chat.chat.fields[fields::visitorName] = QString(100, u'n');
        const auto intents = planWrites(chat);
        QCOMPARE(intents.size(), 1);
        QCOMPARE(intents[0].fields[u"SuppliedName"_s].toString(), QString(79, u'n') + u'…');
        QVERIFY(intents[0].fields[u"Description"_s].toString().contains(QString(100, u'n')));
    }

    void mail_thatWouldBeRefused_isLeftToTheDescription_data()
    {
        QTest::addColumn<QString>("mail");
        QTest::addColumn<bool>("isKept");
        QTest::newRow("good") << u"o'brien+x@mail.example.co.uk"_s << true;
        QTest::newRow("no domain") << u"bob@"_s << false;
        QTest::newRow("no dot") << u"bob@home"_s << false;
        QTest::newRow("spaces") << u"bob at home.com"_s << false;
        QTest::newRow("too long") << QString(80, u'b') + u"@example.com"_s << false;
    }
    void mail_thatWouldBeRefused_isLeftToTheDescription()
    {
        QFETCH(QString, mail);
        QFETCH(bool, isKept);
        PlanInput chat = input(Attach::Case);
        chat.chat.fields[fields::visitorEmail] = mail;
        const Intent made = planWrites(chat).first();
        QCOMPARE(made.fields.contains(u"SuppliedEmail"_s), isKept);
        QVERIFY(made.fields[u"Description"_s].toString().contains(mail));
    }

    void note_hasThreeParts_andItsOwnKey()
    {
        PlanInput chat = input(Attach::Case, kAnn);
        chat.plan.attachTranscriptNote = true;
        Message note = said(3, Author::Agent, u"Mia Chen"_s, u"Refund agreed"_s);
        note.kind = MessageKind::Note;
        chat.messages += note;
        const auto intents = planWrites(chat);
        QCOMPARE(intents.size(), 2);
        QCOMPARE(intents[1].key, u"C81F:note"_s);
        QCOMPARE(intents[1].target, kAnn);
        QVERIFY(intents[1].title.contains(u"C81F"));
        const QString text = intents[1].text;
        QVERIFY(text.indexOf(u"Chat Info") < text.indexOf(u"Chat Transcript"));
        QVERIFY(text.indexOf(u"Chat Transcript") < text.indexOf(u"Agent Wrap-up"));
        QVERIFY(text.indexOf(u"Refund agreed") > text.indexOf(u"Agent Wrap-up"));
    }

    void note_withoutParent_hangsOnTheCase()
    {
        PlanInput chat = input(Attach::Case);
        chat.plan.attachTranscriptNote = true;
        const auto intents = planWrites(chat);
        QVERIFY(intents[1].target.isEmpty());
        QCOMPARE(intents[1].targetFrom, u"C81F:case"_s);
    }

    void attachments_areFiledOnWhatIsMade()
    {
        PlanInput chat = input(Attach::Task, kLead);
        Message sent = said(3, Author::Visitor, u"Ann"_s, {});
        sent.kind = MessageKind::File;
        sent.attachment = Attachment{{u"F9"_s}, u"../../in\nvoice.pdf"_s, u"application/pdf"_s, 10};
        chat.messages += sent;
        const auto intents = planWrites(chat);
        QCOMPARE(intents.size(), 2);
        QCOMPARE(intents[1].key, u"C81F:file:F9"_s);
        QCOMPARE(intents[1].attachment, u"F9"_s);
        QCOMPARE(intents[1].targetFrom, u"C81F:task"_s);
        QVERIFY(!intents[1].title.contains(u'\n'));
    }

    void mapping_default_fillsContactAndLead()
    {
        const PlanInput chat = input(Attach::Nothing);
        const auto values = chatValues(chat.chat, chat.messages);
        const FieldMap contact = mappedFields(defaultMapping(), kinds::contact, values);
        QCOMPARE(contact[u"FirstName"_s].toString(), u"Ann Mary"_s);
        QCOMPARE(contact[u"LastName"_s].toString(), u"O'Brien"_s);
        QCOMPARE(contact[u"Department"_s].toString(), u"Billing"_s);
        const FieldMap lead = mappedFields(defaultMapping(), kinds::lead, values);
        QCOMPARE(lead[u"Company"_s].toString(), u"Acme"_s);
        QVERIFY(!lead.contains(u"Department"_s));
    }

    void mapping_visitorsReference_isNotExpanded()
    {
        PlanInput chat = input(Attach::Case);
        chat.chat.fields[fields::visitorName] = u"{!Visitor.Email}"_s;
        QCOMPARE(planWrites(chat).first().fields[u"SuppliedName"_s].toString(), u"{!Visitor.Email}"_s);
    }
};

QTEST_GUILESS_MAIN(PlanTest)
#include "tst_Plan.moc"
