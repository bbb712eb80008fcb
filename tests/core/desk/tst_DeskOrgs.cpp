// Two orgs, one after the other: what was decided and promised for a chat stays with the org that it is
// about.
#include "core/desk/ChatMemory.h"
#include "tests/core/desk/DeskBench.h"

#include <QRegularExpression>
#include <QSignalSpy>

using namespace parley;
using namespace Qt::Literals::StringLiterals;
using desk::CrmState;
using desk::TabState;
using desk::WriteState;
using fakes::FakeCrm;
using tests::DeskBench;

#define UNTIL(condition) QVERIFY(m->until([&] { return condition; }))

class DeskOrgsTest : public QObject
{
    Q_OBJECT

    const QString m_first = u"00D000000000001AAA"_s;
    const QString m_second = u"00D000000000002AAA"_s;
    std::unique_ptr<DeskBench> m;
    std::shared_ptr<FakeCrm> m_other;
    Record m_amelia;
    Record m_twin;

    void connectFirst() { m->connectCrm(m->crm, m_first); }
    void connectOther() { m->connectCrm(m_other, m_second); }
    /// Two have the visitor's address; the agent says that it is Amelia.
    void choose()
    {
        m->addChat(u"C1"_s, u"amelia@b.example"_s);
        UNTIL(m->tab(u"C1"_s).state == TabState::Several);
        m->desk->chooseCandidate({u"C1"_s}, m_amelia.ref, false);
        UNTIL(m->tab(u"C1"_s).state == TabState::Matched);
    }
    void endByAgent()
    {
        QVERIFY(m->wait(m->desk->endChat({u"C1"_s})));
        UNTIL(m->desk->chat({u"C1"_s}).state == ChatState::Ended);
    }

private slots:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(u".*"_s));
        m = std::make_unique<DeskBench>();
        m->start();
        QVERIFY(m->signIn());
        m_amelia = m->putAmelia();
        m_twin = m->crm->put(kinds::contact,
                             {{u"LastName"_s, u"Hartmann"_s}, {u"Email"_s, u"amelia@b.example"_s}});
        m_other = std::make_shared<FakeCrm>();
        // Of all ids the very one of Amelia: nothing but the org tells the two apart.
        const Record bob = m_other->put(kinds::contact, {{u"LastName"_s, u"Bob"_s}});
        QCOMPARE(bob.ref, m_amelia.ref);
        connectFirst();
    }
    void cleanup()
    {
        m_other->release(FakeCrm::Op::Note);
        m->crm->release(FakeCrm::Op::Layout);
        m.reset();
    }

    void choice_ofOneOrg_isNoneInAnother_andIsBackWithIt()
    {
        choose();
        m->desk->keepEdit({u"C1"_s}, m_amelia.ref, u"Title"_s, u"Head of Finance"_s);
        m->desk->setDraft({u"C1"_s}, u"Hello"_s);
        connectOther();
        UNTIL(m->tab(u"C1"_s).state == TabState::NotFound);
        QCOMPARE(m_other->calls(FakeCrm::Op::Get), 0); // nobody asked it for Amelia's id
        QVERIFY(!m->row(u"C1"_s).hasUnsavedEdits);
        QCOMPARE(m->desk->draft({u"C1"_s}), u"Hello"_s); // the chat's own, whatever the org
        connectFirst();
        UNTIL(m->tab(u"C1"_s).state == TabState::Matched);
        QCOMPARE(m->tab(u"C1"_s).cards.first().record.ref, m_amelia.ref);
        QCOMPARE(m->tab(u"C1"_s).cards.first().changedCount(), 1);
    }

    void choice_acrossARestartIntoAnotherOrg_isKept()
    {
        choose();
        UNTIL(m->hub.frames(u"link"_s).size() == 1);
        m->start();
        QVERIFY(m->signIn());
        connectOther();
        UNTIL(m->tab(u"C1"_s).state == TabState::NotFound);
        m->start();
        QVERIFY(m->signIn());
        connectFirst();
        UNTIL(m->tab(u"C1"_s).state == TabState::Matched);
        QCOMPARE(m->tab(u"C1"_s).cards.first().record.ref, m_amelia.ref);
        QCOMPARE(m_other->calls(FakeCrm::Op::Get), 0);
    }

    void org_notSaidYet_isNotAskedForAnothersRecord()
    {
        choose();
        m->desk->setCrm(
            m_other, {.state = CrmState::Connecting, .name = u"Salesforce"_s, .isOrganisationAwaited = true});
        QCOMPARE(m->tab(u"C1"_s).state, TabState::Looking);
        QTest::qWait(0);
        QCOMPARE(m_other->calls(FakeCrm::Op::Get) + m_other->calls(FakeCrm::Op::Identify), 0);
        connectOther();
        UNTIL(m->tab(u"C1"_s).state == TabState::NotFound);
        QCOMPARE(m_other->calls(FakeCrm::Op::Get), 0);
    }

    void status_aloneChanged_looksNobodyUpAgain()
    {
        choose();
        const int before = m->crm->calls(FakeCrm::Op::Identify) + m->crm->calls(FakeCrm::Op::Get);
        desk::CrmStatus named = m->desk->crmStatus();
        named.userName = u"Nora W."_s;
        m->desk->setCrm(m->crm, named);
        QCOMPARE(m->tab(u"C1"_s).crm.userName, u"Nora W."_s);
        QTest::qWait(0);
        QCOMPARE(m->crm->calls(FakeCrm::Op::Identify) + m->crm->calls(FakeCrm::Op::Get), before);
    }

    void promised_toOneOrg_goesToNoOther()
    {
        choose();
        m->crm->failAlways(FakeCrm::Op::Create, {.code = Errc::Offline});
        m->desk->setAttach({u"C1"_s}, crm::Attach::Case);
        endByAgent();
        UNTIL(m->crm->calls(FakeCrm::Op::Create) >= 1);
        connectOther();
        m->clock.advance(std::chrono::hours(2));
        UNTIL(m->write(u"C1"_s, u"C1:case"_s).state == WriteState::ForAnotherOrg);
        QCOMPARE(m_other->calls(FakeCrm::Op::Create), 0);
        QVERIFY(m->desk->writesPromisedTo(m_first) >= 1);
        QCOMPARE(m->desk->writesPromisedTo(m_second), 0);
        m->start(); // nor after a restart
        QVERIFY(m->signIn());
        connectOther();
        m->clock.advance(std::chrono::hours(2));
        UNTIL(m->write(u"C1"_s, u"C1:case"_s).state == WriteState::ForAnotherOrg);
        QCOMPARE(m_other->calls(FakeCrm::Op::Create), 0);
        m->crm->heal(FakeCrm::Op::Create);
        connectFirst();
        UNTIL(m->write(u"C1"_s, u"C1:case"_s).state == WriteState::Done);
        QCOMPARE(m->crm->all(kinds::crmCase).size(), 1);
        QVERIFY(m_other->all(kinds::crmCase).isEmpty());
    }

    void planned_forOneOrg_isNotPromisedToAnother()
    {
        choose();
        m->desk->setAttach({u"C1"_s}, crm::Attach::Case);
        m->desk->setCrm(nullptr, {}); // so that nothing is promised yet
        endByAgent();
        connectOther();
        UNTIL(m->tab(u"C1"_s).state == TabState::NotFound);
        m->clock.advance(std::chrono::hours(1));
        QTest::qWait(0);
        QVERIFY(m->tab(u"C1"_s).writes.isEmpty());
        QCOMPARE(m_other->calls(FakeCrm::Op::Create), 0);
        connectFirst();
        UNTIL(m->crm->all(kinds::crmCase).size() == 1);
        QCOMPARE(m->crm->all(kinds::crmCase).first().text(u"ContactId"_s), m_amelia.ref.id.value);
    }

    void planned_whileTheOrgIsNotSaid_isPromisedOnceItIs()
    {
        m->desk->setCrm(
            m->crm, {.state = CrmState::Connecting, .name = u"Salesforce"_s, .isOrganisationAwaited = true});
        m->addChat(u"C1"_s, u"nobody@b.example"_s);
        UNTIL(m->tab(u"C1"_s).state == TabState::NotFound);
        m->desk->chooseOption({u"C1"_s}, desk::CreateOption::Case);
        endByAgent();
        m->clock.advance(std::chrono::minutes(1));
        QTest::qWait(0);
        QCOMPARE(m->hub.frames(u"claim"_s).size(), 0);
        connectFirst();
        UNTIL(m->crm->all(kinds::crmCase).size() == 1);
        QCOMPARE(m->desk->writesPromisedTo(QString()), 0);
    }

    /// The agent changes the org while the chat's end waits for the hub's leave to write.
    void promise_leftInItsMiddle_isMadeWhenTheOrgIsBack()
    {
        choose();
        m->desk->setAttach({u"C1"_s}, crm::Attach::Case);
        bool isLeft = false;
        connect(m->desk.get(), &desk::Desk::chatChanged, this, [this, &isLeft] {
            if (m->desk->chat({u"C1"_s}).state != ChatState::Ended || std::exchange(isLeft, true))
                return;
            QMetaObject::invokeMethod(
                this, [this] { connectOther(); }, Qt::QueuedConnection);
        });
        letGo(m->desk->endChat({u"C1"_s}));
        UNTIL(isLeft && m->tab(u"C1"_s).state == TabState::NotFound);
        m->clock.advance(std::chrono::minutes(5));
        UNTIL(m->hub.frames(u"claim"_s).size() >= 1);
        QCOMPARE(m->hub.frames(u"release"_s).size(), 0);
        QCOMPARE(m_other->calls(FakeCrm::Op::Create), 0);
        connectFirst();
        UNTIL(m->crm->all(kinds::crmCase).size() == 1);
        UNTIL(m->hub.frames(u"release"_s).size() == 1);
        QCOMPARE(m_other->calls(FakeCrm::Op::Create), 0);
    }

    void save_answeredAfterTheOrgWasLeft_leavesNothingBehind()
    {
        choose();
        m->desk->keepEdit({u"C1"_s}, m_amelia.ref, u"Title"_s, u"Head"_s);
        m->crm->hold(FakeCrm::Op::Update);
        letGo(m->desk->saveEdits({u"C1"_s}, m_amelia.ref));
        UNTIL(m->crm->calls(FakeCrm::Op::Update) == 1);
        connectOther();
        UNTIL(m->tab(u"C1"_s).state == TabState::NotFound);
        m->crm->release(FakeCrm::Op::Update);
        QTest::qWait(0);
        connectFirst();
        UNTIL(m->tab(u"C1"_s).state == TabState::Matched);
        QCOMPARE(m->tab(u"C1"_s).cards.first().changedCount(), 0);
        m->desk->keepEdit({u"C1"_s}, m_amelia.ref, u"Title"_s, u"Chief"_s); // begins where the save ended
        QCOMPARE(m->tab(u"C1"_s).cards.first().contestedCount(), 0);
        QVERIFY(m->wait(m->desk->saveEdits({u"C1"_s}, m_amelia.ref)));
    }

    void form_readWhileTheOrgIsLeft_isNotOpened()
    {
        m->addChat(u"C1"_s, u"nobody@b.example"_s);
        UNTIL(m->tab(u"C1"_s).state == TabState::NotFound);
        m->crm->hold(FakeCrm::Op::Layout);
        std::optional<Result<desk::RecordForm>> ended;
        whenDone(m->desk->openForm({u"C1"_s}, desk::CreateOption::LeadAndTask), this,
                 [&ended](Result<desk::RecordForm> form) { ended = std::move(form); });
        UNTIL(m->crm->calls(FakeCrm::Op::Layout) >= 1);
        connectOther();
        m->crm->release(FakeCrm::Op::Layout);
        UNTIL(ended.has_value());
        QCOMPARE(ended->error().code, Errc::Cancelled);
        QVERIFY(!m->desk->form({u"C1"_s}));
    }

    void form_ofTheOrgThatWasLeft_isDropped_andItsTextIsBack()
    {
        m->addChat(u"C1"_s, u"nobody@b.example"_s);
        UNTIL(m->tab(u"C1"_s).state == TabState::NotFound);
        QVERIFY(m->wait(m->desk->openForm({u"C1"_s}, desk::CreateOption::LeadAndTask)));
        m->desk->keepForm({u"C1"_s}, {{u"Company"_s, u"Northgate"_s}});
        QSignalSpy dropped(m->desk.get(), &desk::Desk::formDropped);
        connectOther();
        QCOMPARE(dropped.size(), 1);
        QVERIFY(!m->desk->form({u"C1"_s}));
        const auto other = m->wait(m->desk->openForm({u"C1"_s}, desk::CreateOption::LeadAndTask));
        QVERIFY(other && other->values.value(u"Company"_s) != QVariant(u"Northgate"_s));
        connectFirst();
        UNTIL(m->tab(u"C1"_s).state == TabState::NotFound);
        const auto again = m->wait(m->desk->openForm({u"C1"_s}, desk::CreateOption::LeadAndTask));
        QCOMPARE(again->values.value(u"Company"_s), QVariant(u"Northgate"_s));
    }

    void lookAgain_unansweredWhenTheOrgIsLeft_keepsTheChoice()
    {
        choose();
        m->crm->failAlways(FakeCrm::Op::Identify, {.code = Errc::Offline});
        m->desk->lookAgain({u"C1"_s});
        UNTIL(m->crm->calls(FakeCrm::Op::Identify) >= 2);
        connectOther();
        UNTIL(m->tab(u"C1"_s).state == TabState::NotFound);
        m->crm->heal(FakeCrm::Op::Identify);
        connectFirst();
        UNTIL(m->tab(u"C1"_s).state == TabState::Matched);
        QCOMPARE(m->tab(u"C1"_s).cards.first().record.ref, m_amelia.ref);
    }

    void answer_ofTheOrgThatWasLeft_staysWithIt()
    {
        choose();
        m->crm->hold(FakeCrm::Op::Note);
        letGo(m->desk->addTranscriptNote({u"C1"_s}));
        UNTIL(m->crm->calls(FakeCrm::Op::Note) == 1);
        connectOther();
        UNTIL(m->tab(u"C1"_s).state == TabState::NotFound);
        m->crm->release(FakeCrm::Op::Note);
        UNTIL(!m->tab(u"C1"_s).isNoteAdding);
        QVERIFY(m->tab(u"C1"_s).note.isEmpty());
        connectFirst();
        UNTIL(m->tab(u"C1"_s).state == TabState::Matched);
        QVERIFY(!m->tab(u"C1"_s).note.isEmpty());
    }

    /// A profile of a version that kept no org: what it holds belongs to the org that comes first.
    void olderMemory_belongsToTheNextOrg()
    {
        desk::ChatMemory memory;
        memory.selected = m_amelia.ref;
        QVERIFY(memory.enter(m_first));
        QCOMPARE(memory.selected, m_amelia.ref);
        QVERIFY(memory.elsewhere.isEmpty());
        QVERIFY(!memory.enter({}));
        QVERIFY(memory.enter(m_second));
        QVERIFY(memory.selected.isEmpty());
        QCOMPARE(desk::memoryOf(desk::jsonOf(memory)), memory);
        QVERIFY(memory.enter(m_first));
        QCOMPARE(memory.selected, m_amelia.ref);
    }
};

QTEST_GUILESS_MAIN(DeskOrgsTest)
#include "tst_DeskOrgs.moc"
