#include "tests/core/desk/DeskBench.h"

#include <QRegularExpression>
#include <QSignalSpy>

using namespace parley;
using namespace std::chrono_literals;
using namespace Qt::Literals::StringLiterals;
using desk::CrmBadge;
using desk::TabState;
using fakes::FakeCrm;
using tests::DeskBench;

class DeskIdentityTest : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup() { m.reset(); }

    void chat_waiting_isLookedUpInOneTrip();
    void lookup_slowDescribe_paintsAtOnceAndBetterLater();
    void lookup_leadOnly_isALead();
    void lookup_noAnswer_failsAfter8sAndTheLateAnswerCounts();
    void lookup_offline_isTriedAgainByItself();
    void lookup_signedOut_asksToSignInAndGoesOnAfter();
    void several_nothingIsParentUntilChosen();
    void several_remembered_isShownNextTime();
    void several_rejected_isNotFoundWithOptions();
    void several_chosen_survivesRestart();
    void choice_slowAnswerLater_isNotReplaced();
    void newEmail_nobodyFoundYet_looksByItself();
    void newEmail_recordShown_onlyOffers();
    void lookAgain_nothingFound_keepsTheChoice();
    void unlink_chosen_isNotFoundAndPlansNothing();
    void crm_gone_isNotConnected();
    void search_link_showsThatRecord();

private:
    std::unique_ptr<DeskBench> m;
    Record contact(const QString &email, const QString &last, const RecordRef &account = {});
};

Record DeskIdentityTest::contact(const QString &email, const QString &last, const RecordRef &account)
{
    return m->crm->put(kinds::contact, {{u"FirstName"_s, u"Amelia"_s},
                                        {u"LastName"_s, last},
                                        {u"Email"_s, email},
                                        {u"Title"_s, u"Analyst"_s},
                                        {u"AccountId"_s, account.id.value}});
}

void DeskIdentityTest::init()
{
    QTest::failOnWarning(QRegularExpression(u".*"_s));
    m = std::make_unique<DeskBench>();
    m->start();
    QVERIFY(m->signIn());
}

#define STATE_OF(id) m->tab(id).state
#define UNTIL(condition) QVERIFY(m->until([&] { return condition; }))

void DeskIdentityTest::chat_waiting_isLookedUpInOneTrip()
{
    const Record account = m->crm->put(kinds::account, {{u"Name"_s, u"Northgate Logistics"_s}});
    const Record amelia = contact(u"amelia@northgate.example"_s, u"Hart"_s, account.ref);
    m->connectCrm();
    QSignalSpy arrived(m->desk.get(), &desk::Desk::visitorArrived);
    Chat &chat = m->hub.put(u"C1"_s, ChatState::Waiting);
    chat.fields = {{fields::visitorName, u"Amelia Hart"_s},
                   {fields::visitorEmail, u"Amelia@Northgate.example"_s}};
    m->hub.tell(u"C1"_s);
    UNTIL(STATE_OF(u"C1"_s) == TabState::Matched);
    QCOMPARE(arrived.count(), 1);
    const desk::RecordTab tab = m->tab(u"C1"_s);
    QCOMPARE(m->crm->calls(FakeCrm::Op::Identify), 1);
    QCOMPARE(tab.roundTrips, 1);
    QCOMPARE(tab.cards.size(), 2);
    QCOMPARE(tab.cards.at(0).record.ref, amelia.ref);
    QCOMPARE(tab.cards.at(0).reason, u"email"_s);
    QCOMPARE(tab.cards.at(0).evidence.first().field, u"Email"_s);
    QCOMPARE(tab.cards.at(1).record.ref, account.ref);
    QCOMPARE(m->row(u"C1"_s).badge, CrmBadge::Contact);
    QCOMPARE(m->hub.frames(u"link"_s).size(), 0); // nobody's chat yet: not this agent's to tie
}

void DeskIdentityTest::lookup_slowDescribe_paintsAtOnceAndBetterLater()
{
    contact(u"amelia@northgate.example"_s, u"Hart"_s);
    m->crm->hold(FakeCrm::Op::Describe);
    m->connectCrm();
    m->addChat(u"C1"_s, u"amelia@northgate.example"_s);
    UNTIL(STATE_OF(u"C1"_s) == TabState::Matched);
    const auto field = [this](const QString &name) {
        const desk::RecordTab tab = m->tab(u"C1"_s);
        for (const desk::CardField &one : tab.cards.first().fields) {
            if (one.name == name)
                return one;
        }
        return desk::CardField{};
    };
    QCOMPARE(field(u"Title"_s).text, u"Analyst"_s);
    QCOMPARE(field(u"FirstName"_s).label, u"First Name"_s);
    QVERIFY(field(u"Title"_s).isReadOnly);
    QCOMPARE(m->crm->calls(FakeCrm::Op::Describe), 5); // five kinds, each asked for once
    m->crm->release(FakeCrm::Op::Describe);
    UNTIL(field(u"Title"_s).label == u"Job Title"_s);
    QVERIFY(!field(u"Title"_s).isReadOnly);
    QCOMPARE(field(u"Email"_s).type, crm::FieldType::Email);
    QCOMPARE(m->crm->calls(FakeCrm::Op::Describe), 5);
}

void DeskIdentityTest::lookup_leadOnly_isALead()
{
    m->crm->put(kinds::lead, {{u"LastName"_s, u"Hart"_s}, {u"Email"_s, u"a@b.example"_s}});
    m->connectCrm();
    m->addChat(u"C1"_s, u"a@b.example"_s);
    UNTIL(STATE_OF(u"C1"_s) == TabState::Matched);
    QCOMPARE(m->row(u"C1"_s).badge, CrmBadge::Lead);
    m->desk->setAttach({u"C1"_s}, crm::Attach::Case);
    QCOMPARE(m->tab(u"C1"_s).plan.attach, crm::Attach::Nothing); // a lead offers Task only
    m->desk->setAttach({u"C1"_s}, crm::Attach::Task);
    QCOMPARE(m->tab(u"C1"_s).plan.attach, crm::Attach::Task);
}

void DeskIdentityTest::lookup_noAnswer_failsAfter8sAndTheLateAnswerCounts()
{
    contact(u"a@b.example"_s, u"Hart"_s);
    m->crm->hold(FakeCrm::Op::Identify);
    m->connectCrm();
    m->addChat(u"C1"_s, u"a@b.example"_s);
    UNTIL(m->crm->calls(FakeCrm::Op::Identify) == 1);
    QCOMPARE(m->row(u"C1"_s).badge, CrmBadge::Looking);
    m->clock.advance(7'500ms);
    QCOMPARE(STATE_OF(u"C1"_s), TabState::Looking);
    m->clock.advance(1s);
    QCOMPARE(STATE_OF(u"C1"_s), TabState::Failed);
    QCOMPARE(m->tab(u"C1"_s).error->code, Errc::TimedOut);
    m->crm->release(FakeCrm::Op::Identify);
    UNTIL(STATE_OF(u"C1"_s) == TabState::Matched);
}

void DeskIdentityTest::lookup_offline_isTriedAgainByItself()
{
    contact(u"a@b.example"_s, u"Hart"_s);
    m->crm->failNext(FakeCrm::Op::Identify, {.code = Errc::Offline});
    m->connectCrm();
    m->addChat(u"C1"_s, u"a@b.example"_s);
    UNTIL(STATE_OF(u"C1"_s) == TabState::Failed);
    QCOMPARE(m->row(u"C1"_s).badge, CrmBadge::Failed);
    m->clock.advance(6s);
    UNTIL(STATE_OF(u"C1"_s) == TabState::Matched);
}

void DeskIdentityTest::lookup_signedOut_asksToSignInAndGoesOnAfter()
{
    contact(u"a@b.example"_s, u"Hart"_s);
    m->crm->failAlways(FakeCrm::Op::Identify, {.code = Errc::Unauthorized, .httpStatus = 401});
    m->connectCrm();
    m->addChat(u"C1"_s, u"a@b.example"_s);
    UNTIL(m->desk->crmStatus().state == desk::CrmState::SignInNeeded);
    QCOMPARE(STATE_OF(u"C1"_s), TabState::Failed);
    m->crm->heal(FakeCrm::Op::Identify);
    m->connectCrm();
    UNTIL(STATE_OF(u"C1"_s) == TabState::Matched);
}

void DeskIdentityTest::several_nothingIsParentUntilChosen()
{
    const Record first = contact(u"a@b.example"_s, u"Hart"_s);
    const Record second = contact(u"a@b.example"_s, u"Hartley"_s);
    m->connectCrm();
    m->addChat(u"C1"_s, u"a@b.example"_s);
    UNTIL(STATE_OF(u"C1"_s) == TabState::Several);
    desk::RecordTab tab = m->tab(u"C1"_s);
    QCOMPARE(tab.candidates.size(), 2);
    QVERIFY(tab.plan.parent.isEmpty());
    QCOMPARE(m->row(u"C1"_s).badge, CrmBadge::Several);
    QCOMPARE(m->row(u"C1"_s).matches, 2);
    m->desk->setAttach({u"C1"_s}, crm::Attach::Case); // to whom?
    QCOMPARE(m->tab(u"C1"_s).plan.attach, crm::Attach::Nothing);
    m->desk->chooseCandidate({u"C1"_s}, second.ref, false);
    tab = m->tab(u"C1"_s);
    QCOMPARE(tab.state, TabState::Matched);
    QCOMPARE(tab.cards.first().record.ref, second.ref);
    QCOMPARE(tab.cards.first().reason, u"chosen"_s);
    QCOMPARE(tab.plan.parent, second.ref);
    UNTIL(m->hub.frames(u"link"_s).size() == 1);
}

void DeskIdentityTest::several_remembered_isShownNextTime()
{
    contact(u"a@b.example"_s, u"Hart"_s);
    const Record second = contact(u"a@b.example"_s, u"Hartley"_s);
    m->connectCrm();
    m->addChat(u"C1"_s, u"a@b.example"_s);
    UNTIL(STATE_OF(u"C1"_s) == TabState::Several);
    m->desk->chooseCandidate({u"C1"_s}, second.ref, true);
    m->start();
    QVERIFY(m->signIn());
    m->connectCrm();
    m->addChat(u"C2"_s, u"A@B.example"_s);
    UNTIL(STATE_OF(u"C2"_s) == TabState::Matched);
    QCOMPARE(m->tab(u"C2"_s).cards.first().record.ref, second.ref);
    QCOMPARE(m->tab(u"C2"_s).cards.first().reason, u"remembered"_s);
}

void DeskIdentityTest::several_rejected_isNotFoundWithOptions()
{
    contact(u"a@b.example"_s, u"Hart"_s);
    contact(u"a@b.example"_s, u"Hartley"_s);
    m->connectCrm();
    m->addChat(u"C1"_s, u"a@b.example"_s);
    UNTIL(STATE_OF(u"C1"_s) == TabState::Several);
    m->desk->rejectCandidates({u"C1"_s});
    QCOMPARE(STATE_OF(u"C1"_s), TabState::NotFound);
    QCOMPARE(m->tab(u"C1"_s).options.size(), 4);
    QVERIFY(!m->tab(u"C1"_s).chosen);
}

void DeskIdentityTest::several_chosen_survivesRestart()
{
    contact(u"a@b.example"_s, u"Hart"_s);
    const Record second = contact(u"a@b.example"_s, u"Hartley"_s);
    m->connectCrm();
    m->addChat(u"C1"_s, u"a@b.example"_s);
    UNTIL(STATE_OF(u"C1"_s) == TabState::Several);
    m->desk->chooseCandidate({u"C1"_s}, second.ref, false);
    m->desk->setAttach({u"C1"_s}, crm::Attach::Case);
    QTest::qWait(50);
    m->start();
    QCOMPARE(m->tab(u"C1"_s).plan.attach, crm::Attach::Case);
    QVERIFY(m->signIn());
    m->connectCrm();
    UNTIL(STATE_OF(u"C1"_s) == TabState::Matched);
    QCOMPARE(m->tab(u"C1"_s).cards.first().record.ref, second.ref);
    QCOMPARE(m->tab(u"C1"_s).cards.first().reason, u"chosen"_s);
}

void DeskIdentityTest::choice_slowAnswerLater_isNotReplaced()
{
    const Record first = contact(u"a@b.example"_s, u"Hart"_s);
    const Record other = contact(u"other@b.example"_s, u"Other"_s);
    m->crm->hold(FakeCrm::Op::Identify);
    m->connectCrm();
    m->addChat(u"C1"_s, u"a@b.example"_s);
    UNTIL(m->crm->calls(FakeCrm::Op::Identify) == 1);
    m->desk->link({u"C1"_s}, other.ref); // found by hand while the lookup hangs
    UNTIL(STATE_OF(u"C1"_s) == TabState::Matched);
    m->crm->release(FakeCrm::Op::Identify);
    QTest::qWait(50);
    QCOMPARE(m->tab(u"C1"_s).cards.first().record.ref, other.ref);
}

void DeskIdentityTest::newEmail_nobodyFoundYet_looksByItself()
{
    const Record amelia = contact(u"amelia@northgate.example"_s, u"Hart"_s);
    m->connectCrm();
    m->addChat(u"C1"_s, u"old@b.example"_s);
    UNTIL(STATE_OF(u"C1"_s) == TabState::NotFound);
    QCOMPARE(m->tab(u"C1"_s).searched.size(), 2);
    m->hub.visitorSays(u"C1"_s, u"My work mail is amelia@northgate.example."_s);
    UNTIL(STATE_OF(u"C1"_s) == TabState::Matched);
    QCOMPARE(m->tab(u"C1"_s).cards.first().record.ref, amelia.ref);
}

void DeskIdentityTest::newEmail_recordShown_onlyOffers()
{
    const Record known = contact(u"a@b.example"_s, u"Hart"_s);
    const Record other = contact(u"new@b.example"_s, u"Other"_s);
    m->connectCrm();
    m->addChat(u"C1"_s, u"a@b.example"_s);
    UNTIL(STATE_OF(u"C1"_s) == TabState::Matched);
    m->hub.visitorSays(u"C1"_s, u"a@b.example is right"_s);
    m->hub.visitorSays(u"C1"_s, u"my boss is new@b.example"_s);
    UNTIL(m->tab(u"C1"_s).hasNewDetails);
    QCOMPARE(m->tab(u"C1"_s).cards.first().record.ref, known.ref);
    QCOMPARE(m->crm->calls(FakeCrm::Op::Identify), 1);
    m->desk->lookAgain({u"C1"_s});
    UNTIL(m->tab(u"C1"_s).cards.first().record.ref == other.ref);
    QVERIFY(!m->tab(u"C1"_s).hasNewDetails);
}

void DeskIdentityTest::lookAgain_nothingFound_keepsTheChoice()
{
    const Record other = contact(u"other@b.example"_s, u"Other"_s);
    m->connectCrm();
    m->addChat(u"C1"_s, u"a@b.example"_s);
    UNTIL(STATE_OF(u"C1"_s) == TabState::NotFound);
    m->desk->link({u"C1"_s}, other.ref);
    UNTIL(STATE_OF(u"C1"_s) == TabState::Matched);
    const int before = m->crm->calls(FakeCrm::Op::Identify);
    m->desk->lookAgain({u"C1"_s});
    UNTIL(m->crm->calls(FakeCrm::Op::Identify) == before + 1);
    UNTIL(m->crm->calls(FakeCrm::Op::Get) >= 2);
    QCOMPARE(STATE_OF(u"C1"_s), TabState::Matched);
    QCOMPARE(m->tab(u"C1"_s).cards.first().record.ref, other.ref);
    QCOMPARE(m->tab(u"C1"_s).cards.first().reason, u"chosen"_s);
}

void DeskIdentityTest::unlink_chosen_isNotFoundAndPlansNothing()
{
    const Record known = contact(u"a@b.example"_s, u"Hart"_s);
    m->connectCrm();
    m->addChat(u"C1"_s, u"a@b.example"_s);
    UNTIL(STATE_OF(u"C1"_s) == TabState::Matched);
    m->desk->setAttach({u"C1"_s}, crm::Attach::Case);
    m->desk->unlink({u"C1"_s}, known.ref);
    QCOMPARE(STATE_OF(u"C1"_s), TabState::NotFound);
    QCOMPARE(m->tab(u"C1"_s).plan, crm::ChatPlan{});
    QCOMPARE(m->tab(u"C1"_s).writes.size(), 0);
}

void DeskIdentityTest::crm_gone_isNotConnected()
{
    contact(u"a@b.example"_s, u"Hart"_s);
    m->addChat(u"C1"_s, u"a@b.example"_s);
    UNTIL(!m->desk->chats().isEmpty());
    QCOMPARE(STATE_OF(u"C1"_s), TabState::NotConnected);
    m->connectCrm();
    UNTIL(STATE_OF(u"C1"_s) == TabState::Matched);
    m->desk->setCrm(nullptr, {});
    QCOMPARE(STATE_OF(u"C1"_s), TabState::NotConnected);
    QCOMPARE(m->row(u"C1"_s).badge, CrmBadge::NotConnected);
    QCOMPARE(m->wait(m->desk->search(u"Hart"_s)).error().code, Errc::Unauthorized);
}

void DeskIdentityTest::search_link_showsThatRecord()
{
    const Record other = contact(u"other@b.example"_s, u"Findable"_s);
    m->connectCrm();
    m->addChat(u"C1"_s, u"a@b.example"_s);
    UNTIL(STATE_OF(u"C1"_s) == TabState::NotFound);
    const auto found = m->wait(m->desk->search(u"findable"_s));
    QCOMPARE(found->size(), 1);
    m->desk->link({u"C1"_s}, found->first().ref);
    UNTIL(STATE_OF(u"C1"_s) == TabState::Matched);
    QCOMPARE(m->tab(u"C1"_s).cards.first().record.ref, other.ref);
    UNTIL(m->hub.frames(u"link"_s).size() == 1);
}

QTEST_GUILESS_MAIN(DeskIdentityTest)
#include "tst_DeskIdentity.moc"
