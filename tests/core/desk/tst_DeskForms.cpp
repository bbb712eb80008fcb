// The create forms of a visitor whom the CRM does not know: where their values come from, and how saving
// ends.
#include "tests/core/desk/DeskBench.h"

#include <QRegularExpression>

using namespace parley;
using namespace Qt::Literals::StringLiterals;
using desk::CreateOption;
using desk::TabState;
using fakes::FakeCrm;
using tests::DeskBench;

class DeskFormsTest : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup() { m.reset(); }

    void form_signedOutDuringTheSave_endsWithoutARecord();
    void form_initialValues_comeFromTheChat();
    void form_defaultsOfTheUser_comeBeforeTheFields();
    void form_typed_survivesRestart();
    void form_refused_saysSoAtTheField();
    void form_saved_isMatchedPlannedAndLinked();
    void form_answerLost_makesNoSecondContact();
    void form_duplicate_isShownAndMadeAllTheSameWhenAsked();
    void form_duplicate_savedAgain_asksTheCrmAgain();
    void form_duplicateBlocked_isNeverOverridden();
    void form_duplicateUsed_isTheVisitor();
    void option_exactlyOne_andOnlyCasePlans();

private:
    std::unique_ptr<DeskBench> m;
    Record m_amelia;
    void miss();
    desk::RecordForm refusedForDuplicates(bool mayOverride);
};

#define UNTIL(condition) QVERIFY(m->until([&] { return condition; }))

void DeskFormsTest::init()
{
    QTest::failOnWarning(QRegularExpression(u".*"_s));
    m = std::make_unique<DeskBench>();
    m->start();
    QVERIFY(m->signIn());
    m_amelia = m->putAmelia();
    m->connectCrm();
}

void DeskFormsTest::miss()
{
    m->addChat(u"C1"_s, u"nobody@b.example"_s, u"Maria del Carmen Ruiz"_s);
    UNTIL(m->tab(u"C1"_s).state == TabState::NotFound);
}

void DeskFormsTest::form_signedOutDuringTheSave_endsWithoutARecord()
{
    miss();
    const auto form = m->wait(m->desk->openForm({u"C1"_s}, CreateOption::ContactAndTask));
    m->crm->hold(FakeCrm::Op::Create);
    std::optional<Result<Record>> saved;
    whenDone(m->desk->saveForm({u"C1"_s}, form->values), this,
             [&](const Result<Record> &made) { saved = made; });
    m->desk->setCrm(nullptr, {});
    m->crm->release(FakeCrm::Op::Create);
    UNTIL(saved.has_value());
    QCOMPARE(saved->error().code, Errc::Cancelled);
    QVERIFY(m->tab(u"C1"_s).state != TabState::Matched);
    QVERIFY(!m->desk->form({u"C1"_s}) || !m->desk->form({u"C1"_s})->isSaving);
}

void DeskFormsTest::form_initialValues_comeFromTheChat()
{
    miss();
    const auto form = m->wait(m->desk->openForm({u"C1"_s}, CreateOption::LeadAndTask));
    QVERIFY(form);
    QCOMPARE(m->tab(u"C1"_s).filledFromChat, int(form->filledFromChat.size())); // as the pane announced it
    QCOMPARE(form->kind, kinds::lead);
    QCOMPARE(form->values.value(u"LastName"_s).toString(), u"Ruiz"_s);
    QCOMPARE(form->values.value(u"FirstName"_s).toString(), u"Maria del Carmen"_s);
    QCOMPARE(form->values.value(u"Email"_s).toString(), u"nobody@b.example"_s);
    QCOMPARE(form->values.value(u"Company"_s).toString(), u"Northgate Logistics"_s);
    QVERIFY(form->filledFromChat.contains(u"LastName"_s));
    QVERIFY(!form->filledFromChat.contains(u"Title"_s));
    QCOMPARE(form->layout.sections.size(), 1);
    QCOMPARE(m->crm->calls(FakeCrm::Op::Layout), 1);
    m->desk->closeForm({u"C1"_s});
    QVERIFY(m->wait(m->desk->openForm({u"C1"_s}, CreateOption::LeadAndTask)));
    QCOMPARE(m->crm->calls(FakeCrm::Op::Layout), 1); // nothing fetched twice
    QCOMPARE(m->crm->calls(FakeCrm::Op::Describe), 5);
    QCOMPARE(m->wait(m->desk->openForm({u"C1"_s}, CreateOption::Case)).error().code, Errc::InvalidInput);
}

void DeskFormsTest::form_defaultsOfTheUser_comeBeforeTheFields()
{
    miss();
    m->crm->layoutDefaults = {{u"Title"_s, u"Buyer"_s}, {u"LastName"_s, u"Nobody"_s}};
    const auto form = m->wait(m->desk->openForm({u"C1"_s}, CreateOption::ContactAndTask));
    QVERIFY(form);
    QCOMPARE(form->values.value(u"Title"_s), QVariant(u"Buyer"_s));
    QVERIFY(form->values.value(u"LastName"_s) != QVariant(u"Nobody"_s)); // the chat knows better
    QVERIFY(!form->filledFromChat.contains(u"Title"_s));
}

void DeskFormsTest::form_typed_survivesRestart()
{
    miss();
    QVERIFY(m->wait(m->desk->openForm({u"C1"_s}, CreateOption::ContactAndCase)));
    m->desk->keepForm({u"C1"_s}, {{u"Title"_s, u"Buyer"_s}});
    m->desk->keepForm({u"C1"_s}, {{u"Title"_s, u"Chief Buyer"_s}});
    QTest::qWait(50);
    m->start();
    QVERIFY(m->signIn());
    m->connectCrm();
    UNTIL(m->tab(u"C1"_s).state == TabState::NotFound);
    QCOMPARE(m->tab(u"C1"_s).chosen, std::optional(CreateOption::ContactAndCase));
    const auto form = m->wait(m->desk->openForm({u"C1"_s}, CreateOption::ContactAndCase));
    QCOMPARE(form->values.value(u"Title"_s).toString(), u"Chief Buyer"_s);
    QCOMPARE(form->values.value(u"LastName"_s).toString(), u"Ruiz"_s);
    QVERIFY(m->row(u"C1"_s).hasUnsavedEdits);
}

void DeskFormsTest::form_refused_saysSoAtTheField()
{
    miss();
    m->crm->refuseField(kinds::contact, u"Phone"_s, u"No such number."_s);
    auto form = m->wait(m->desk->openForm({u"C1"_s}, CreateOption::ContactAndCase));
    FieldMap values = form->values;
    values.insert(u"Phone"_s, u"1"_s);
    QVERIFY(!m->wait(m->desk->saveForm({u"C1"_s}, values)));
    form = m->wait(m->desk->openForm({u"C1"_s}, CreateOption::ContactAndCase));
    QCOMPARE(form->refusals.first().message, u"No such number."_s);
    QCOMPARE(form->values.value(u"Phone"_s).toString(), u"1"_s);
    QVERIFY(!form->isSaving);
    QCOMPARE(m->tab(u"C1"_s).state, TabState::NotFound);
    m->crm->acceptField(kinds::contact, u"Phone"_s);
    QVERIFY(m->wait(m->desk->saveForm({u"C1"_s}, values)));
    QCOMPARE(m->crm->all(kinds::contact).size(), 2);
}

void DeskFormsTest::form_saved_isMatchedPlannedAndLinked()
{
    miss();
    const auto form = m->wait(m->desk->openForm({u"C1"_s}, CreateOption::ContactAndCase));
    FieldMap values = form->values;
    values.insert(u"Title"_s, QString());
    const auto made = m->wait(m->desk->saveForm({u"C1"_s}, values));
    QVERIFY(made);
    QCOMPARE(m->crm->created.last().key, u"C1:contact"_s);
    QVERIFY(!m->crm->created.last().fields.contains(u"Title"_s)); // a blank is no value
    const desk::RecordTab tab = m->tab(u"C1"_s);
    QCOMPARE(tab.state, TabState::Matched);
    QCOMPARE(tab.cards.first().reason, u"created"_s);
    QCOMPARE(tab.plan.attach, crm::Attach::Case);
    QCOMPARE(tab.plan.parent, made->ref);
    QCOMPARE(tab.writes.first().key, u"C1:case"_s);
    QCOMPARE(tab.writes.first().state, desk::WriteState::Planned);
    QVERIFY(!tab.caseSubject.isEmpty());
    UNTIL(m->hub.frames(u"link"_s).size() == 1);
    QVERIFY(!m->row(u"C1"_s).hasUnsavedEdits);
    m->desk->chooseOption({u"C1"_s}, CreateOption::LeadAndTask); // the choice is closed
    QCOMPARE(m->tab(u"C1"_s).plan.attach, crm::Attach::Case);
}

void DeskFormsTest::form_answerLost_makesNoSecondContact()
{
    miss();
    m->crm->failNext(FakeCrm::Op::Create, {.code = Errc::TimedOut}, FakeCrm::Commit::Yes);
    const auto form = m->wait(m->desk->openForm({u"C1"_s}, CreateOption::ContactAndTask));
    QVERIFY(!m->wait(m->desk->saveForm({u"C1"_s}, form->values)));
    QVERIFY(m->wait(m->desk->saveForm({u"C1"_s}, form->values)));
    QVERIFY(m->crm->created.last().mayExist);
    QCOMPARE(m->crm->all(kinds::contact).size(), 2);
    QCOMPARE(m->tab(u"C1"_s).plan.attach, crm::Attach::Task);
}

desk::RecordForm DeskFormsTest::refusedForDuplicates(bool mayOverride)
{
    miss();
    const RecordRef hidden{.kind = kinds::contact, .id = {u"003HIDDEN"_s}};
    const crm::Duplicates duplicates{.records = {m_amelia.ref, hidden}, .mayOverride = mayOverride};
    m->crm->failNext(FakeCrm::Op::Create,
                     {.code = Errc::Conflict, .detail = crm::duplicatesDetail(duplicates)});
    const auto form = m->wait(m->desk->openForm({u"C1"_s}, CreateOption::ContactAndTask));
    std::ignore = m->wait(m->desk->saveForm({u"C1"_s}, form->values, true)); // nothing was seen yet
    return *m->wait(m->desk->openForm({u"C1"_s}, CreateOption::ContactAndTask));
}

void DeskFormsTest::form_duplicate_isShownAndMadeAllTheSameWhenAsked()
{
    const desk::RecordForm form = refusedForDuplicates(true);
    QVERIFY(!m->crm->created.last().allowDuplicate);
    QVERIFY(form.duplicates);
    QCOMPARE(form.duplicates->records.size(), 1);
    QCOMPARE(form.duplicates->records.first().ref, m_amelia.ref);
    QCOMPARE(form.duplicates->records.first().title, m_amelia.title);
    QCOMPARE(form.duplicates->hidden, 1); // one that this user may not read
    const qsizetype before = m->crm->created.size();
    QVERIFY(m->wait(m->desk->saveForm({u"C1"_s}, form.values, true)));
    QCOMPARE(m->crm->created.size(), before + 1);
    QVERIFY(m->crm->created.last().allowDuplicate);
}

void DeskFormsTest::form_duplicate_savedAgain_asksTheCrmAgain()
{
    const desk::RecordForm form = refusedForDuplicates(true);
    QVERIFY(m->wait(m->desk->saveForm({u"C1"_s}, form.values)));
    QVERIFY(!m->crm->created.last().allowDuplicate);
}

void DeskFormsTest::form_duplicateBlocked_isNeverOverridden()
{
    const desk::RecordForm form = refusedForDuplicates(false);
    QVERIFY(form.duplicates && !form.duplicates->mayOverride);
    std::ignore = m->wait(m->desk->saveForm({u"C1"_s}, form.values, true));
    QVERIFY(!m->crm->created.last().allowDuplicate);
}

void DeskFormsTest::form_duplicateUsed_isTheVisitor()
{
    const desk::RecordForm form = refusedForDuplicates(true);
    m->desk->useDuplicate({u"C1"_s}, {.kind = kinds::contact, .id = {u"003HIDDEN"_s}}); // was not offered
    QVERIFY(m->tab(u"C1"_s).state != TabState::Matched);
    m->desk->useDuplicate({u"C1"_s}, m_amelia.ref);
    UNTIL(m->tab(u"C1"_s).state == TabState::Matched);
    const desk::RecordTab tab = m->tab(u"C1"_s);
    QCOMPARE(tab.cards.first().record.ref, m_amelia.ref);
    QCOMPARE(tab.plan.attach, crm::Attach::Task); // what the option promised
    QCOMPARE(tab.plan.parent, m_amelia.ref);
    QVERIFY(!m->row(u"C1"_s).hasUnsavedEdits);
    QCOMPARE(m->crm->created.size(), 1); // the refused one alone
}

void DeskFormsTest::option_exactlyOne_andOnlyCasePlans()
{
    miss();
    m->desk->chooseOption({u"C1"_s}, CreateOption::LeadAndTask);
    QCOMPARE(m->tab(u"C1"_s).chosen, std::optional(CreateOption::LeadAndTask));
    QCOMPARE(m->tab(u"C1"_s).writes.size(), 0); // nothing is planned before its record exists
    m->desk->chooseOption({u"C1"_s}, CreateOption::Case);
    QCOMPARE(m->tab(u"C1"_s).chosen, std::optional(CreateOption::Case));
    QCOMPARE(m->tab(u"C1"_s).writes.first().key, u"C1:case"_s);
    m->desk->chooseOption({u"C1"_s}, CreateOption::Contact); // this CRM has no such option
    QCOMPARE(m->tab(u"C1"_s).chosen, std::optional(CreateOption::Case));
    m->desk->chooseOption({u"C1"_s}, std::nullopt);
    QCOMPARE(m->tab(u"C1"_s).writes.size(), 0);
}

QTEST_GUILESS_MAIN(DeskFormsTest)
#include "tst_DeskForms.moc"
