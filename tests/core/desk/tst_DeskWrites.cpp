#include "tests/core/desk/DeskBench.h"

#include <QRegularExpression>
#include <QSignalSpy>

using namespace parley;
using namespace std::chrono_literals;
using namespace Qt::Literals::StringLiterals;
using desk::CreateOption;
using desk::TabState;
using desk::WriteState;
using fakes::FakeCrm;
using tests::DeskBench;

class DeskWritesTest : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup() { m.reset(); }

    void end_caseOfContact_isWrittenLinkedAndReleased();
    void end_byTheVisitor_isWrittenToo();
    void end_nobodyFoundAndCase_writesACaseOfItsOwn();
    void end_lead_getsATask();
    void end_nothingChosen_writesNothingAndClaimsNothing();
    void end_attachChosenAfter_isWrittenThen();
    void end_noteAddedBefore_isBroughtUpToDate();
    void end_wrapUp_isInTheCaseAndSurvivesARestart();
    void end_wrapUp_isInTheTranscriptNote();
    void end_fileOfTheVisitor_goesAlong();
    void end_anotherExecutorWrites_weDoNot();
    void end_crmDown_retriesAndSaysSo();
    void end_refused_needsYouUntilCorrected();
    void end_dismissed_isStillWritten();
    void killed_betweenEndAndWriting_writesOnceAfterRestart();
    void killed_whileWriting_writesOnceAfterRestart();
    void killed_beforeTheEnd_writesWhatEndedMeanwhile();

private:
    std::unique_ptr<DeskBench> m;
    Record m_nora; // the agent, as the CRM knows her
    void match(const RecordKind &kind = kinds::contact);
    void endByAgent() { letGo(m->desk->endChat({u"C1"_s})); }
};

#define UNTIL(condition) QVERIFY(m->until([&] { return condition; }))

void DeskWritesTest::init()
{
    QTest::failOnWarning(QRegularExpression(u".*"_s));
    m = std::make_unique<DeskBench>();
    m->start();
    QVERIFY(m->signIn());
    m_nora = m->crm->put(kinds::user,
                         {{u"Name"_s, u"Nora Whitfield"_s}, {u"Email"_s, u"nora@tallyworks.example"_s}});
    m->connectCrm();
}

void DeskWritesTest::match(const RecordKind &kind)
{
    m->crm->put(kind, {{u"LastName"_s, u"Hart"_s}, {u"Email"_s, u"a@b.example"_s}});
    m->addChat(u"C1"_s, u"a@b.example"_s);
    m->hub.visitorSays(u"C1"_s, u"Our invoice charges 14 seats"_s);
    UNTIL(m->tab(u"C1"_s).state == TabState::Matched && m->line->messages({u"C1"_s}).size() >= 2);
}

void DeskWritesTest::end_caseOfContact_isWrittenLinkedAndReleased()
{
    match();
    QSignalSpy finished(m->desk.get(), &desk::Desk::writeFinished);
    m->desk->setAttach({u"C1"_s}, crm::Attach::Case);
    QCOMPARE(m->write(u"C1"_s, u"C1:case"_s).state, WriteState::Planned);
    QCOMPARE(m->crm->calls(FakeCrm::Op::Create), 0);
    m->crm->hold(FakeCrm::Op::Create);
    QVERIFY(m->wait(m->desk->endChat({u"C1"_s})));
    UNTIL(m->write(u"C1"_s, u"C1:case"_s).state == WriteState::Sending);
    QVERIFY(m->tab(u"C1"_s).isChatEnded);
    m->crm->release(FakeCrm::Op::Create);
    UNTIL(m->write(u"C1"_s, u"C1:case"_s).state == WriteState::Done);
    const QList<Record> cases = m->crm->all(kinds::crmCase);
    QCOMPARE(cases.size(), 1);
    QCOMPARE(cases.first().text(u"ContactId"_s), m->crm->all(kinds::contact).first().ref.id.value);
    QVERIFY(cases.first().text(u"Description"_s).contains(u"14 seats"_s));
    QCOMPARE(cases.first().text(u"OwnerId"_s), m_nora.ref.id.value);
    const desk::WriteLine line = m->write(u"C1"_s, u"C1:case"_s);
    QCOMPARE(line.resultTitle, cases.first().title);
    QCOMPARE(line.result, cases.first().ref);
    QVERIFY(line.url.isValid());
    QCOMPARE(finished.count(), 1);
    UNTIL(m->hub.frames(u"release"_s).size() == 1);
    QCOMPARE(m->hub.frames(u"claim"_s).size(), 1);
    QVERIFY(m->hub.frames(u"release"_s).first().value(u"done"_s).toBool());
    QCOMPARE(m->hub.frames(u"link"_s).size(), 2); // the contact, then the case
}

void DeskWritesTest::end_byTheVisitor_isWrittenToo()
{
    match();
    m->desk->setAttach({u"C1"_s}, crm::Attach::Task);
    m->hub.event(u"C1"_s, u"ended"_s);
    UNTIL(m->crm->all(kinds::task).size() == 1);
    QCOMPARE(m->crm->all(kinds::task).first().text(u"WhoId"_s),
             m->crm->all(kinds::contact).first().ref.id.value);
    QCOMPARE(m->crm->all(kinds::crmCase).size(), 0); // case and task exclude each other
}

void DeskWritesTest::end_nobodyFoundAndCase_writesACaseOfItsOwn()
{
    m->addChat(u"C1"_s, u"nobody@b.example"_s);
    UNTIL(m->tab(u"C1"_s).state == TabState::NotFound);
    m->desk->chooseOption({u"C1"_s}, CreateOption::Case);
    endByAgent();
    UNTIL(m->crm->all(kinds::crmCase).size() == 1);
    QVERIFY(!m->crm->all(kinds::crmCase).first().fields.contains(u"ContactId"_s));
}

void DeskWritesTest::end_lead_getsATask()
{
    match(kinds::lead);
    m->desk->setAttach({u"C1"_s}, crm::Attach::Task);
    endByAgent();
    UNTIL(m->crm->all(kinds::task).size() == 1);
    QCOMPARE(m->crm->all(kinds::task).first().text(u"WhoId"_s),
             m->crm->all(kinds::lead).first().ref.id.value);
}

void DeskWritesTest::end_nothingChosen_writesNothingAndClaimsNothing()
{
    match();
    QVERIFY(m->wait(m->desk->endChat({u"C1"_s})));
    UNTIL(m->tab(u"C1"_s).isChatEnded);
    m->clock.advance(1min);
    QTest::qWait(50);
    QCOMPARE(m->crm->calls(FakeCrm::Op::Create), 0);
    QCOMPARE(m->hub.frames(u"claim"_s).size(), 0);
}

void DeskWritesTest::end_attachChosenAfter_isWrittenThen()
{
    match();
    QVERIFY(m->wait(m->desk->endChat({u"C1"_s})));
    UNTIL(m->tab(u"C1"_s).isChatEnded);
    m->desk->setAttach({u"C1"_s}, crm::Attach::Case);
    UNTIL(m->crm->all(kinds::crmCase).size() == 1);
    m->desk->setAttach({u"C1"_s}, crm::Attach::Task); // too late to exclude what is written
    QCOMPARE(m->tab(u"C1"_s).plan.attach, crm::Attach::Case);
}

void DeskWritesTest::end_noteAddedBefore_isBroughtUpToDate()
{
    match();
    QVERIFY(m->wait(m->desk->addTranscriptNote({u"C1"_s})));
    m->hub.visitorSays(u"C1"_s, u"One more thing"_s);
    endByAgent();
    UNTIL(m->crm->notes.at(u"C1:note"_s).request.text.contains(u"One more thing"_s));
    QCOMPARE(m->crm->notes.size(), std::size_t(1));
    QCOMPARE(m->crm->notes.at(u"C1:note"_s).request.parent, m->crm->all(kinds::contact).first().ref);
}

void DeskWritesTest::end_wrapUp_isInTheCaseAndSurvivesARestart()
{
    match();
    m->desk->setWrapUp({u"C1"_s}, u"Refund agreed, call back on Monday"_s);
    m->desk->setAttach({u"C1"_s}, crm::Attach::Case);
    QTest::qWait(50);
    m->start();
    QVERIFY(m->signIn());
    m->connectCrm();
    UNTIL(m->tab(u"C1"_s).state == TabState::Matched);
    QCOMPARE(m->desk->wrapUp({u"C1"_s}), u"Refund agreed, call back on Monday"_s);
    endByAgent();
    UNTIL(m->crm->all(kinds::crmCase).size() == 1);
    const QString description = m->crm->all(kinds::crmCase).first().text(u"Description"_s);
    const qsizetype heading = description.indexOf(u"Agent Wrap-up"_s);
    QVERIFY2(heading >= 0, qPrintable(description));
    QVERIFY2(description.indexOf(u"Refund agreed, call back on Monday"_s) > heading, qPrintable(description));
}

void DeskWritesTest::end_wrapUp_isInTheTranscriptNote()
{
    match();
    QVERIFY(m->wait(m->desk->addTranscriptNote({u"C1"_s})));
    QVERIFY(!m->crm->notes.at(u"C1:note"_s).request.text.contains(u"Refund agreed"_s));
    m->desk->setWrapUp({u"C1"_s}, u"Refund agreed"_s);
    endByAgent();
    UNTIL(m->crm->notes.at(u"C1:note"_s).request.text.contains(u"Agent Wrap-up\nRefund agreed"_s));
}

void DeskWritesTest::end_fileOfTheVisitor_goesAlong()
{
    match();
    const QString path = m->folder.filePath(u"invoice.txt"_s);
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("14 seats");
    file.close();
    m->desk->sendFile({u"C1"_s}, path);
    m->desk->setAttach({u"C1"_s}, crm::Attach::Case);
    endByAgent();
    UNTIL(m->crm->files.size() == 1);
    QCOMPARE(m->crm->files.begin()->second.request.content, QByteArray("14 seats"));
    QCOMPARE(m->crm->files.begin()->second.request.parent, m->crm->all(kinds::crmCase).first().ref);
    QCOMPARE(m->crm->files.begin()->second.request.name, u"invoice.txt"_s);
}

void DeskWritesTest::end_anotherExecutorWrites_weDoNot()
{
    match();
    m->hub.grantsClaims = false;
    m->desk->setAttach({u"C1"_s}, crm::Attach::Case);
    endByAgent();
    UNTIL(m->hub.frames(u"claim"_s).size() >= 1);
    QTest::qWait(50);
    QCOMPARE(m->crm->calls(FakeCrm::Op::Create), 0);
    m->hub.isWrittenAlready = true; // the other one has done it
    m->clock.advance(15s);
    UNTIL(m->hub.frames(u"claim"_s).size() >= 2);
    QTest::qWait(50);
    m->clock.advance(1min);
    QTest::qWait(50);
    QCOMPARE(m->hub.frames(u"claim"_s).size(), 2);
    QCOMPARE(m->crm->calls(FakeCrm::Op::Create), 0);
}

void DeskWritesTest::end_crmDown_retriesAndSaysSo()
{
    match();
    m->crm->failNext(FakeCrm::Op::Create, {.code = Errc::BadReply, .httpStatus = 503}, FakeCrm::Commit::No,
                     2);
    m->desk->setAttach({u"C1"_s}, crm::Attach::Case);
    endByAgent();
    UNTIL(m->write(u"C1"_s, u"C1:case"_s).state == WriteState::Retrying);
    const desk::WriteLine line = m->write(u"C1"_s, u"C1:case"_s);
    QCOMPARE(line.maxAttempts, 8);
    QVERIFY(line.attempt >= 1);
    QVERIFY(line.nextTry > m->clock.now());
    QCOMPARE(line.error->httpStatus, 503);
    m->clock.advance(1min);
    UNTIL(m->write(u"C1"_s, u"C1:case"_s).state == WriteState::Done);
    QCOMPARE(m->crm->all(kinds::crmCase).size(), 1);
}

void DeskWritesTest::end_refused_needsYouUntilCorrected()
{
    match();
    m->crm->refuseField(kinds::crmCase, u"Subject"_s, u"Name the product."_s);
    m->desk->setAttach({u"C1"_s}, crm::Attach::Case);
    endByAgent();
    UNTIL(m->write(u"C1"_s, u"C1:case"_s).state == WriteState::NeedsYou);
    QCOMPARE(m->desk->writesNeedingYou(), 1);
    QCOMPARE(m->write(u"C1"_s, u"C1:case"_s).error->fields.first().message, u"Name the product."_s);
    m->crm->acceptField(kinds::crmCase, u"Subject"_s);
    QVERIFY(m->wait(m->desk->retryWrite(u"C1:case"_s, {{u"Subject"_s, u"Team plan (Chat C1)"_s}})));
    UNTIL(m->crm->all(kinds::crmCase).size() == 1);
    QCOMPARE(m->crm->all(kinds::crmCase).first().text(u"Subject"_s), u"Team plan (Chat C1)"_s);
    UNTIL(m->desk->writesNeedingYou() == 0);
}

void DeskWritesTest::end_dismissed_isStillWritten()
{
    match();
    m->crm->failNext(FakeCrm::Op::Create, {.code = Errc::Offline}, FakeCrm::Commit::Yes);
    m->desk->setAttach({u"C1"_s}, crm::Attach::Case);
    endByAgent();
    UNTIL(m->desk->chat({u"C1"_s}).state == ChatState::Ended);
    m->desk->dismiss({u"C1"_s});
    QVERIFY(m->desk->chats().isEmpty());
    UNTIL(m->crm->calls(FakeCrm::Op::Create) >= 2);
    UNTIL(m->hub.frames(u"release"_s).size() == 1);
    QCOMPARE(m->crm->all(kinds::crmCase).size(), 1);
}

void DeskWritesTest::killed_betweenEndAndWriting_writesOnceAfterRestart()
{
    match();
    m->desk->setAttach({u"C1"_s}, crm::Attach::Case);
    m->desk->setCrm(nullptr, {}); // so that nothing is promised yet
    QVERIFY(m->wait(m->desk->endChat({u"C1"_s})));
    UNTIL(m->desk->chat({u"C1"_s}).state == ChatState::Ended);
    QTest::qWait(50);
    m->start();
    QVERIFY(m->signIn());
    m->connectCrm();
    UNTIL(m->crm->all(kinds::crmCase).size() == 1);
    QCOMPARE(m->crm->all(kinds::crmCase).first().text(u"ContactId"_s),
             m->crm->all(kinds::contact).first().ref.id.value);
    UNTIL(m->hub.frames(u"release"_s).size() == 1);
}

void DeskWritesTest::killed_whileWriting_writesOnceAfterRestart()
{
    match();
    m->crm->hold(FakeCrm::Op::Create); // committed, and never answered
    m->desk->setAttach({u"C1"_s}, crm::Attach::Case);
    endByAgent();
    UNTIL(m->crm->calls(FakeCrm::Op::Create) == 1);
    m->start();
    QVERIFY(m->signIn());
    m->connectCrm();
    UNTIL(m->crm->calls(FakeCrm::Op::Create) == 2);
    m->crm->release(FakeCrm::Op::Create);
    UNTIL(m->hub.frames(u"release"_s).size() >= 1);
    QVERIFY(m->crm->created.last().mayExist);
    QCOMPARE(m->crm->all(kinds::crmCase).size(), 1);
    QCOMPARE(m->write(u"C1"_s, u"C1:case"_s).state, WriteState::Done);
}

void DeskWritesTest::killed_beforeTheEnd_writesWhatEndedMeanwhile()
{
    match();
    m->desk->setAttach({u"C1"_s}, crm::Attach::Case);
    QTest::qWait(50);
    m->stop();
    m->hub.visitorSays(u"C1"_s, u"still there?"_s);
    m->hub.event(u"C1"_s, u"ended"_s);
    m->start();
    QVERIFY(m->signIn());
    m->connectCrm();
    UNTIL(m->crm->all(kinds::crmCase).size() == 1);
    QVERIFY(m->crm->all(kinds::crmCase).first().text(u"Description"_s).contains(u"still there?"_s));
}

QTEST_GUILESS_MAIN(DeskWritesTest)
#include "tst_DeskWrites.moc"
