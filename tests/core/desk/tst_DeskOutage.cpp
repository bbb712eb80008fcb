#include "core/desk/DeskTable.h"
#include "tests/core/desk/DeskBench.h"
#include "tests/fakes/Await.h"

#include <QRegularExpression>
#include <QSignalSpy>

using namespace parley;
using namespace std::chrono_literals;
using namespace Qt::Literals::StringLiterals;
using desk::CrmState;
using desk::TabState;
using fakes::FakeCrm;
using tests::DeskBench;

class DeskOutageTest : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup() { m.reset(); }

    void outage_isSaidAndEndsWithTheNextAnswer();
    void outage_rereadKeepsWhatIsEdited();
    void quotaUsedUp_isAskedEveryFiveMinutes();
    void usage_nearTheLimit_isToldOnce();
    void save_outOfReach_isPromisedAndSentLater();
    void save_whileOneWaits_isSentBehindIt();
    void save_promised_survivesARestart();
    void save_promised_killedBeforeItWasForgotten_isNoEditAgain();
    void save_answerLost_isNoConflictWithItself();
    void save_promisedAndRefused_isAnEditAgain();
    void save_promisedAndChangedElsewhere_isContested();
    void save_promisedAndOtherFieldChanged_keepsBoth();
    void save_promisedAndDuplicate_isAsked();
    void save_undoneMeanwhile_isNotPromised();
    void save_promisedAndRefusedAfterDismissal_waitsInSync();
    void save_longOutage_isStillSent();
    void save_promisedTwiceAndRefused_keepsTheLater();
    void save_orgNotSaidYet_isNotPromised();
    void reread_olderThanTheWrite_isAskedAgain();
    void outage_answeredByARefusal_isOver();
    void outage_nothingShown_endsAsWell();
    void outage_askedToWaitNotAtAll_isNoBusyLoop();
    void note_outOfReach_isPromised();
    void note_pressedAgainWhileItWaits_isOneWithTheNewestWords();

private:
    std::unique_ptr<DeskBench> m;
    Record m_amelia;
    Error m_offline{.code = Errc::Offline, .neverSent = true};
    void match();
    void breakLine(); ///< nothing gets through
    void mendLine();
    void saveTitle(const QString &title);
    std::optional<Error> said() const { return m->desk->crmStatus().lastError; }
};

#define UNTIL(condition) QVERIFY(m->until([&] { return condition; }))

void DeskOutageTest::init()
{
    QTest::failOnWarning(QRegularExpression(u".*"_s));
    m = std::make_unique<DeskBench>();
    m->start();
    QVERIFY(m->signIn());
    m_amelia = m->putAmelia();
    m->connectCrm();
}

void DeskOutageTest::match()
{
    m->addChat(u"C1"_s, u"amelia@b.example"_s);
    m->desk->openChat({u"C1"_s});
    UNTIL(m->tab(u"C1"_s).state == TabState::Matched);
    UNTIL(m->field(u"C1"_s, u"Title"_s).label == u"Job Title"_s); // described
}

void DeskOutageTest::outage_isSaidAndEndsWithTheNextAnswer()
{
    match();
    m->crm->failNext(FakeCrm::Op::Search, m_offline);
    m->crm->failNext(FakeCrm::Op::Get, m_offline, FakeCrm::Commit::No, 2);
    QVERIFY(!m->wait(m->desk->search(u"hart"_s)));
    QCOMPARE(m->desk->crmStatus().state, CrmState::Connected);
    QVERIFY(said());
    const QDateTime before = m->tab(u"C1"_s).lookedUpAt;
    m->crm->change(m_amelia.ref, u"Title"_s, u"CFO"_s);
    // Nobody does anything: it is asked again, ever more slowly, until it answers.
    m->clock.advance(6s);
    UNTIL(m->crm->calls(FakeCrm::Op::Get) == 1);
    QVERIFY(said());
    UNTIL(!said());
    QCOMPARE(m->crm->calls(FakeCrm::Op::Get), 3);
    UNTIL(m->field(u"C1"_s, u"Title"_s).text == u"CFO"_s);
    QVERIFY(m->tab(u"C1"_s).lookedUpAt > before);
    m->clock.advance(10min);
    QTest::qWait(0);
    QCOMPARE(m->crm->calls(FakeCrm::Op::Get), 3); // it answers: nothing is polled
}

void DeskOutageTest::outage_rereadKeepsWhatIsEdited()
{
    match();
    m->desk->keepEdit({u"C1"_s}, m_amelia.ref, u"Title"_s, u"COO"_s);
    m->crm->change(m_amelia.ref, u"Title"_s, u"CFO"_s);
    m->crm->failNext(FakeCrm::Op::Search, m_offline);
    QVERIFY(!m->wait(m->desk->search(u"hart"_s)));
    UNTIL(!said());
    QCOMPARE(m->field(u"C1"_s, u"Title"_s).edited, QVariant(u"COO"_s));
    QVERIFY(m->field(u"C1"_s, u"Title"_s).isContested);
}

void DeskOutageTest::quotaUsedUp_isAskedEveryFiveMinutes()
{
    match();
    const Error usedUp{.code = Errc::RateLimited, .httpStatus = 403, .isQuotaUsedUp = true};
    m->crm->failAlways(FakeCrm::Op::Get, usedUp);
    m->crm->failNext(FakeCrm::Op::Search, usedUp);
    QVERIFY(!m->wait(m->desk->search(u"hart"_s)));
    m->clock.advance(299s);
    QTest::qWait(0);
    QCOMPARE(m->crm->calls(FakeCrm::Op::Get), 0);
    UNTIL(m->crm->calls(FakeCrm::Op::Get) == 1);
    QVERIFY(said() && said()->isQuotaUsedUp);
    m->crm->heal(FakeCrm::Op::Get);
    const auto isOverInAnotherMinute = [&] {
        m->clock.advance(1min);
        return !said();
    };
    UNTIL(isOverInAnotherMinute());
}

void DeskOutageTest::usage_nearTheLimit_isToldOnce()
{
    match();
    m->crm->used = crm::Usage{.used = 11'999, .limit = 15'000};
    QVERIFY(m->wait(m->desk->search(u"hart"_s)));
    QCOMPARE(m->desk->crmStatus().usage, m->crm->used);
    QSignalSpy told(m->desk.get(), &desk::Desk::crmStatusChanged);
    for (int used = 12'000; used < 12'010; ++used) {
        m->crm->used = crm::Usage{.used = used, .limit = 15'000};
        QVERIFY(m->wait(m->desk->search(u"hart"_s)));
    }
    QCOMPARE(told.count(), 1);
    QCOMPARE(m->desk->crmStatus().usage->used, 12'009);
    m->crm->used = crm::Usage{.used = 3, .limit = 15'000}; // a day has passed
    QVERIFY(m->wait(m->desk->search(u"hart"_s)));
    QCOMPARE(told.count(), 2);
}

void DeskOutageTest::breakLine()
{
    for (const FakeCrm::Op op :
         {FakeCrm::Op::Get, FakeCrm::Op::Update, FakeCrm::Op::Note, FakeCrm::Op::Identify})
        m->crm->failAlways(op, m_offline);
}

void DeskOutageTest::mendLine()
{
    for (const FakeCrm::Op op :
         {FakeCrm::Op::Get, FakeCrm::Op::Update, FakeCrm::Op::Note, FakeCrm::Op::Identify})
        m->crm->heal(op);
}

void DeskOutageTest::saveTitle(const QString &title)
{
    m->desk->keepEdit({u"C1"_s}, m_amelia.ref, u"Title"_s, title);
    QVERIFY(m->wait(m->desk->saveEdits({u"C1"_s}, m_amelia.ref)));
}

void DeskOutageTest::save_outOfReach_isPromisedAndSentLater()
{
    match();
    breakLine();
    saveTitle(u"CFO"_s);
    QCOMPARE(m->field(u"C1"_s, u"Title"_s).value, QVariant(u"CFO"_s));
    QVERIFY(m->field(u"C1"_s, u"Title"_s).isPromised);
    QVERIFY(!m->field(u"C1"_s, u"Title"_s).edited);
    QVERIFY(!m->row(u"C1"_s).hasUnsavedEdits);
    QCOMPARE(m->tab(u"C1"_s).writes.size(), 1);
    QCOMPARE(m->tab(u"C1"_s).writes.first().action, crm::IntentAction::Update);
    QVERIFY(said());
    mendLine();
    UNTIL(m->crm->find(m_amelia.ref)->fields.value(u"Title"_s) == u"CFO"_s);
    UNTIL(!m->field(u"C1"_s, u"Title"_s).isPromised);
    QCOMPARE(m->field(u"C1"_s, u"Title"_s).text, u"CFO"_s);
    QVERIFY(m->tab(u"C1"_s).writes.isEmpty());
    UNTIL(!said());
    // The card goes on with the version that the record has now: the next save is no conflict.
    UNTIL(m->tab(u"C1"_s).cards.first().record.version == m->crm->find(m_amelia.ref)->version);
    saveTitle(u"CEO"_s);
    QCOMPARE(m->crm->find(m_amelia.ref)->fields.value(u"Title"_s), QVariant(u"CEO"_s));
}

void DeskOutageTest::save_whileOneWaits_isSentBehindIt()
{
    match();
    breakLine();
    saveTitle(u"CFO"_s);
    saveTitle(u"CEO"_s);
    m->desk->keepEdit({u"C1"_s}, m_amelia.ref, u"Phone"_s, u"+1"_s);
    QVERIFY(m->wait(m->desk->saveEdits({u"C1"_s}, m_amelia.ref)));
    QCOMPARE(m->field(u"C1"_s, u"Title"_s).value, QVariant(u"CEO"_s));
    m->desk->keepEdit({u"C1"_s}, m_amelia.ref, u"Title"_s, u"CEO"_s); // what was promised is no edit
    QVERIFY(!m->field(u"C1"_s, u"Title"_s).edited);
    mendLine();
    UNTIL(m->tab(u"C1"_s).writes.isEmpty());
    const Record now = *m->crm->find(m_amelia.ref);
    QCOMPARE(now.fields.value(u"Title"_s), QVariant(u"CEO"_s));
    QCOMPARE(now.fields.value(u"Phone"_s), QVariant(u"+1"_s));
    QVERIFY(!m->row(u"C1"_s).hasUnsavedEdits);
}

void DeskOutageTest::save_promised_survivesARestart()
{
    match();
    breakLine();
    saveTitle(u"CFO"_s);
    m->stop();
    m->start();
    QVERIFY(m->signIn());
    mendLine();
    m->connectCrm();
    UNTIL(m->crm->find(m_amelia.ref)->fields.value(u"Title"_s) == u"CFO"_s);
    UNTIL(m->tab(u"C1"_s).state == TabState::Matched && m->field(u"C1"_s, u"Title"_s).text == u"CFO"_s);
    QVERIFY(!m->row(u"C1"_s).hasUnsavedEdits);
}

void DeskOutageTest::save_promised_killedBeforeItWasForgotten_isNoEditAgain()
{
    match();
    breakLine();
    saveTitle(u"CFO"_s);
    // As a kill between the two commits leaves it: promised, and remembered as an edit as well.
    desk::DeskTable table(m->database);
    auto memories = table.loadMemories();
    QVERIFY(memories);
    m->stop();
    desk::ChatMemory memory = memories->value({u"C1"_s});
    memory.edits[desk::keyOf(m_amelia.ref)].insert(u"Title"_s, u"CFO"_s);
    QVERIFY(fakes::await(table.saveMemory({u"C1"_s}, memory)));
    m->start();
    QVERIFY(m->signIn());
    m->connectCrm();
    UNTIL(!m->row(u"C1"_s).hasUnsavedEdits);
}

void DeskOutageTest::save_answerLost_isNoConflictWithItself()
{
    match();
    m->crm->failNext(FakeCrm::Op::Update, {.code = Errc::TimedOut}, FakeCrm::Commit::Yes);
    saveTitle(u"CFO"_s);
    QCOMPARE(m->crm->find(m_amelia.ref)->fields.value(u"Title"_s), QVariant(u"CFO"_s));
    UNTIL(m->tab(u"C1"_s).writes.isEmpty());
    QVERIFY(!m->tab(u"C1"_s).cards.first().saveError);
    QCOMPARE(m->field(u"C1"_s, u"Title"_s).text, u"CFO"_s);
    QVERIFY(!m->row(u"C1"_s).hasUnsavedEdits);
}

void DeskOutageTest::save_promisedAndRefused_isAnEditAgain()
{
    match();
    breakLine();
    saveTitle(u"CFO"_s);
    QSignalSpy told(m->desk.get(), &desk::Desk::writeFinished);
    m->crm->refuseField(kinds::contact, u"Title"_s, u"No titles, please."_s);
    mendLine();
    UNTIL(m->tab(u"C1"_s).cards.first().saveError.has_value());
    QCOMPARE(m->field(u"C1"_s, u"Title"_s).edited, QVariant(u"CFO"_s));
    QCOMPARE(m->field(u"C1"_s, u"Title"_s).refusal, u"No titles, please."_s);
    QVERIFY(!m->field(u"C1"_s, u"Title"_s).isPromised);
    QCOMPARE(told.count(), 1); // whoever is in another chat by now hears of it
    UNTIL(m->tab(u"C1"_s).writes.isEmpty());
    QCOMPARE(m->desk->writesNeedingYou(), 0);
    m->crm->acceptField(kinds::contact, u"Title"_s);
    QVERIFY(m->wait(m->desk->saveEdits({u"C1"_s}, m_amelia.ref)));
    QCOMPARE(m->crm->find(m_amelia.ref)->fields.value(u"Title"_s), QVariant(u"CFO"_s));
}

void DeskOutageTest::save_promisedAndChangedElsewhere_isContested()
{
    match();
    breakLine();
    saveTitle(u"CFO"_s);
    m->crm->change(m_amelia.ref, u"Title"_s, u"COO"_s);
    mendLine();
    UNTIL(m->field(u"C1"_s, u"Title"_s).isContested);
    QCOMPARE(m->field(u"C1"_s, u"Title"_s).edited, QVariant(u"CFO"_s));
    QCOMPARE(m->field(u"C1"_s, u"Title"_s).text, u"COO"_s);
    QCOMPARE(m->crm->find(m_amelia.ref)->fields.value(u"Title"_s),
             QVariant(u"COO"_s)); // nothing is overwritten
    m->desk->keepMine({u"C1"_s}, m_amelia.ref, u"Title"_s);
    QVERIFY(m->wait(m->desk->saveEdits({u"C1"_s}, m_amelia.ref)));
    QCOMPARE(m->crm->find(m_amelia.ref)->fields.value(u"Title"_s), QVariant(u"CFO"_s));
}

void DeskOutageTest::save_promisedAndOtherFieldChanged_keepsBoth()
{
    match();
    breakLine();
    saveTitle(u"CFO"_s);
    m->crm->change(m_amelia.ref, u"Phone"_s, u"+44"_s);
    mendLine();
    UNTIL(m->tab(u"C1"_s).writes.isEmpty());
    const Record now = *m->crm->find(m_amelia.ref);
    QCOMPARE(now.fields.value(u"Title"_s), QVariant(u"CFO"_s));
    QCOMPARE(now.fields.value(u"Phone"_s), QVariant(u"+44"_s));
    UNTIL(m->field(u"C1"_s, u"Phone"_s).text == u"+44"_s);
}

void DeskOutageTest::save_promisedAndDuplicate_isAsked()
{
    match();
    const Record other =
        m->crm->put(kinds::contact, {{u"LastName"_s, u"Hart"_s}, {u"Email"_s, u"x@b.example"_s}});
    breakLine();
    saveTitle(u"CFO"_s);
    const crm::Duplicates duplicates{.records = {other.ref}, .mayOverride = true};
    mendLine();
    m->crm->failNext(
        FakeCrm::Op::Update,
        {.code = Errc::Conflict, .detail = crm::duplicatesDetail(duplicates), .httpStatus = 400});
    UNTIL(m->tab(u"C1"_s).cards.first().duplicates.has_value());
    QCOMPARE(m->tab(u"C1"_s).cards.first().duplicates->records.first().ref, other.ref);
    QVERIFY(m->wait(m->desk->saveEdits({u"C1"_s}, m_amelia.ref, true)));
    QVERIFY(m->crm->updated.last().allowDuplicate);
}

void DeskOutageTest::note_outOfReach_isPromised()
{
    match();
    breakLine();
    const auto added = m->wait(m->desk->addTranscriptNote({u"C1"_s}));
    QVERIFY(added);
    QVERIFY(added->isEmpty());
    QCOMPARE(m->tab(u"C1"_s).writes.size(), 1);
    QVERIFY(m->crm->notes.empty());
    mendLine();
    UNTIL(m->crm->notes.size() == 1);
    UNTIL(!m->tab(u"C1"_s).note.isEmpty());
    QCOMPARE(m->crm->notes.begin()->second.request.parent, m_amelia.ref);
    QVERIFY(m->wait(m->desk->addTranscriptNote({u"C1"_s})));
    QCOMPARE(m->crm->notes.size(), 1U);
}

void DeskOutageTest::save_undoneMeanwhile_isNotPromised()
{
    match();
    m->crm->hold(FakeCrm::Op::Update);
    m->crm->failNext(FakeCrm::Op::Update, m_offline);
    m->desk->keepEdit({u"C1"_s}, m_amelia.ref, u"Title"_s, u"CFO"_s);
    m->desk->keepEdit({u"C1"_s}, m_amelia.ref, u"Phone"_s, u"+1"_s);
    std::optional<Result<Done>> saved;
    whenDone(m->desk->saveEdits({u"C1"_s}, m_amelia.ref), this,
             [&](const Result<Done> &done) { saved = done; });
    UNTIL(m->crm->calls(FakeCrm::Op::Update) == 1);
    m->desk->undoEdit({u"C1"_s}, m_amelia.ref, u"Title"_s);
    m->crm->release(FakeCrm::Op::Update);
    UNTIL(saved.has_value());
    UNTIL(m->tab(u"C1"_s).writes.isEmpty());
    const Record now = *m->crm->find(m_amelia.ref);
    QCOMPARE(now.fields.value(u"Phone"_s), QVariant(u"+1"_s));
    QVERIFY(now.fields.value(u"Title"_s) != u"CFO"_s);
}

void DeskOutageTest::save_promisedAndRefusedAfterDismissal_waitsInSync()
{
    match();
    breakLine();
    saveTitle(u"CFO"_s);
    m->hub.event(u"C1"_s, u"ended"_s);
    UNTIL(m->desk->chat({u"C1"_s}).state == ChatState::Ended);
    m->desk->dismiss({u"C1"_s});
    m->crm->refuseField(kinds::contact, u"Title"_s, u"No titles, please."_s);
    mendLine();
    UNTIL(m->desk->writesNeedingYou() == 1); // where somebody finds it
}

void DeskOutageTest::save_longOutage_isStillSent()
{
    match();
    breakLine();
    saveTitle(u"CFO"_s);
    for (int hour = 0; hour < 3; ++hour) {
        for (int minute = 0; minute < 60; ++minute) {
            m->clock.advance(1min);
            QTest::qWait(1);
        }
        QVERIFY(m->field(u"C1"_s, u"Title"_s).isPromised);
    }
    mendLine();
    // The first answer of any kind: what waits for its next try, up to 15 minutes off, goes at once.
    QVERIFY(m->wait(m->desk->search(u"hart"_s)));
    UNTIL(m->crm->find(m_amelia.ref)->fields.value(u"Title"_s) == u"CFO"_s);
}

void DeskOutageTest::save_promisedTwiceAndRefused_keepsTheLater()
{
    match();
    breakLine();
    saveTitle(u"CFO"_s);
    saveTitle(u"CEO"_s);
    m->crm->refuseField(kinds::contact, u"Title"_s, u"No titles, please."_s);
    mendLine();
    UNTIL(m->tab(u"C1"_s).writes.isEmpty() && m->row(u"C1"_s).hasUnsavedEdits);
    QCOMPARE(m->field(u"C1"_s, u"Title"_s).edited, QVariant(u"CEO"_s));
    QVERIFY(!m->field(u"C1"_s, u"Title"_s).isContested);
    m->crm->acceptField(kinds::contact, u"Title"_s);
    QVERIFY(m->wait(m->desk->saveEdits({u"C1"_s}, m_amelia.ref)));
    QCOMPARE(m->crm->find(m_amelia.ref)->fields.value(u"Title"_s), QVariant(u"CEO"_s));
}

void DeskOutageTest::save_orgNotSaidYet_isNotPromised()
{
    m->desk->setCrm(m->crm,
                    {.state = CrmState::Connected, .name = u"Salesforce"_s, .isOrganisationAwaited = true});
    match();
    breakLine();
    m->desk->keepEdit({u"C1"_s}, m_amelia.ref, u"Title"_s, u"CFO"_s);
    QVERIFY(!m->wait(m->desk->saveEdits({u"C1"_s}, m_amelia.ref)));
    QCOMPARE(m->field(u"C1"_s, u"Title"_s).edited, QVariant(u"CFO"_s)); // kept, and promised to nobody
    QVERIFY(m->tab(u"C1"_s).writes.isEmpty());
}

void DeskOutageTest::reread_olderThanTheWrite_isAskedAgain()
{
    match();
    breakLine();
    saveTitle(u"CFO"_s);
    mendLine();
    m->crm->hold(FakeCrm::Op::Get); // reads now, and answers later
    const int before = m->crm->calls(FakeCrm::Op::Get);
    UNTIL(m->crm->calls(FakeCrm::Op::Get) > before);
    UNTIL(m->crm->find(m_amelia.ref)->fields.value(u"Title"_s) == u"CFO"_s);
    UNTIL(m->tab(u"C1"_s).writes.isEmpty());
    m->crm->release(FakeCrm::Op::Get);
    UNTIL(m->tab(u"C1"_s).cards.first().record.version == m->crm->find(m_amelia.ref)->version);
    QCOMPARE(m->field(u"C1"_s, u"Title"_s).text, u"CFO"_s);
}

void DeskOutageTest::outage_answeredByARefusal_isOver()
{
    match();
    m->crm->failNext(FakeCrm::Op::Search, m_offline);
    QVERIFY(!m->wait(m->desk->search(u"hart"_s)));
    QVERIFY(said());
    m->crm->failAlways(FakeCrm::Op::Get, {.code = Errc::NotFound, .httpStatus = 404}); // deleted meanwhile
    UNTIL(!said());
}

void DeskOutageTest::outage_nothingShown_endsAsWell()
{
    m->crm->failNext(FakeCrm::Op::Search, m_offline);
    QVERIFY(!m->wait(m->desk->search(u"hart"_s)));
    QVERIFY(said());
    UNTIL(!said());
}

void DeskOutageTest::outage_askedToWaitNotAtAll_isNoBusyLoop()
{
    match();
    const Error again{.code = Errc::RateLimited, .retryAfter = 0s, .httpStatus = 429};
    m->crm->failAlways(FakeCrm::Op::Get, again);
    m->crm->failNext(FakeCrm::Op::Search, again);
    QVERIFY(!m->wait(m->desk->search(u"hart"_s)));
    const int before = m->crm->calls(FakeCrm::Op::Get);
    for (int second = 0; second < 10; ++second) {
        m->clock.advance(1s); // returns
        QTest::qWait(1);
    }
    QVERIFY(m->crm->calls(FakeCrm::Op::Get) - before <= 10);
}

void DeskOutageTest::note_pressedAgainWhileItWaits_isOneWithTheNewestWords()
{
    match();
    breakLine();
    QVERIFY(m->wait(m->desk->addTranscriptNote({u"C1"_s})));
    m->desk->setWrapUp({u"C1"_s}, u"Refund promised"_s);
    QVERIFY(m->wait(m->desk->addTranscriptNote({u"C1"_s})));
    QCOMPARE(m->tab(u"C1"_s).writes.size(), 1);
    mendLine();
    UNTIL(m->crm->notes.size() == 1);
    QVERIFY(m->crm->notes.begin()->second.request.text.contains(u"Refund promised"_s));
    QVERIFY(m->tab(u"C1"_s).plan.attachTranscriptNote); // brought up to date when the chat ends
}

QTEST_GUILESS_MAIN(DeskOutageTest)
#include "tst_DeskOutage.moc"
