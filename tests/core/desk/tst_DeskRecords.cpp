#include "tests/core/desk/DeskBench.h"

#include <QRegularExpression>

using namespace parley;
using namespace Qt::Literals::StringLiterals;
using desk::TabState;
using fakes::FakeCrm;
using tests::DeskBench;

class DeskRecordsTest : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup() { m.reset(); }

    void edit_kept_survivesRestartAndSavesOnlyItself();
    void edit_backToTheOldValue_isNoEdit();
    void save_refused_saysSoAtTheField();
    void save_changedElsewhere_keepsTheirsAndSaves();
    void save_sameFieldChangedElsewhere_isAConflict();
    void conflict_eachFieldIsChosenByItself();
    void conflict_acrossARestart_isSeen();
    void conflict_baseIsWhereTheEditBegan();
    void conflict_undoneMeanwhile_isNotSentAgain();
    void conflict_theyWroteTheSame_isNone();
    void save_typedOnMeanwhile_keepsTheNewerEdit();
    void save_duplicate_isShownAndSavedAllTheSameWhenAsked();
    void save_duplicateBlocked_isNeverOverridden();
    void save_duplicateUsedInstead_takesTheEditsAlong();
    void recent_areThoseOfTheRecordThatIsShown();
    void note_twice_updatesTheSameNote();
    void card_labels_areThoseOfThePage();
    void card_schemasReadAnew_showsTheNewLabels();

private:
    std::unique_ptr<DeskBench> m;
    Record m_amelia;
    void match();
};

#define UNTIL(condition) QVERIFY(m->until([&] { return condition; }))

void DeskRecordsTest::init()
{
    QTest::failOnWarning(QRegularExpression(u".*"_s));
    m = std::make_unique<DeskBench>();
    m->start();
    QVERIFY(m->signIn());
    m_amelia = m->putAmelia();
    m->connectCrm();
}

void DeskRecordsTest::match()
{
    m->addChat(u"C1"_s, u"amelia@b.example"_s);
    UNTIL(m->tab(u"C1"_s).state == TabState::Matched);
    UNTIL(m->field(u"C1"_s, u"Title"_s).label == u"Job Title"_s); // described
}

void DeskRecordsTest::edit_kept_survivesRestartAndSavesOnlyItself()
{
    match();
    m->desk->keepEdit({u"C1"_s}, m_amelia.ref, u"Title"_s, u"Head of Finance"_s);
    QCOMPARE(m->field(u"C1"_s, u"Title"_s).text, u"Analyst"_s);
    QCOMPARE(m->field(u"C1"_s, u"Title"_s).edited, QVariant(u"Head of Finance"_s));
    QVERIFY(m->row(u"C1"_s).hasUnsavedEdits);
    QTest::qWait(50);
    m->start();
    QVERIFY(m->signIn());
    m->connectCrm();
    UNTIL(m->tab(u"C1"_s).state == TabState::Matched);
    QCOMPARE(m->field(u"C1"_s, u"Title"_s).edited, QVariant(u"Head of Finance"_s));
    QVERIFY(m->wait(m->desk->saveEdits({u"C1"_s}, m_amelia.ref)));
    QCOMPARE(m->crm->updated.last().fields.keys(), QStringList{u"Title"_s});
    QCOMPARE(m->crm->updated.last().ifVersion, m_amelia.version);
    QCOMPARE(m->field(u"C1"_s, u"Title"_s).text, u"Head of Finance"_s);
    QVERIFY(!m->field(u"C1"_s, u"Title"_s).edited);
    QVERIFY(!m->row(u"C1"_s).hasUnsavedEdits);
}

void DeskRecordsTest::edit_backToTheOldValue_isNoEdit()
{
    match();
    m->desk->keepEdit({u"C1"_s}, m_amelia.ref, u"Title"_s, u"X"_s);
    m->desk->keepEdit({u"C1"_s}, m_amelia.ref, u"Title"_s, u"Analyst"_s);
    QCOMPARE(m->tab(u"C1"_s).cards.first().changedCount(), 0);
    m->desk->keepEdit({u"C1"_s}, m_amelia.ref, u"Title"_s, u"X"_s);
    m->desk->keepEdit({u"C1"_s}, m_amelia.ref, u"Phone"_s, u"Y"_s);
    QCOMPARE(m->tab(u"C1"_s).cards.first().changedCount(), 2);
    m->desk->undoEdit({u"C1"_s}, m_amelia.ref, u"Title"_s);
    QCOMPARE(m->tab(u"C1"_s).cards.first().changedCount(), 1);
    m->desk->discardEdits({u"C1"_s}, m_amelia.ref);
    QCOMPARE(m->tab(u"C1"_s).cards.first().changedCount(), 0);
    m->desk->keepEdit({u"C1"_s}, m_amelia.ref, u"Owner.Name"_s, u"me"_s); // not this record's to change
    QCOMPARE(m->tab(u"C1"_s).cards.first().changedCount(), 0);
}

void DeskRecordsTest::save_refused_saysSoAtTheField()
{
    match();
    m->crm->refuseField(kinds::contact, u"Phone"_s, u"Phone must start with + and the country code."_s);
    m->desk->keepEdit({u"C1"_s}, m_amelia.ref, u"Phone"_s, u"123"_s);
    QVERIFY(!m->wait(m->desk->saveEdits({u"C1"_s}, m_amelia.ref)));
    QCOMPARE(m->field(u"C1"_s, u"Phone"_s).refusal, u"Phone must start with + and the country code."_s);
    QCOMPARE(m->field(u"C1"_s, u"Phone"_s).edited, QVariant(u"123"_s));
    QCOMPARE(m->tab(u"C1"_s).cards.first().saveError->code, Errc::InvalidInput);
    QVERIFY(!m->tab(u"C1"_s).cards.first().isSaving);
    m->desk->keepEdit({u"C1"_s}, m_amelia.ref, u"Phone"_s, u"+1"_s);
    QCOMPARE(m->field(u"C1"_s, u"Phone"_s).refusal, QString());
}

void DeskRecordsTest::save_changedElsewhere_keepsTheirsAndSaves()
{
    match();
    m->crm->change(m_amelia.ref, u"Phone"_s, u"+44 20 2"_s);
    m->desk->keepEdit({u"C1"_s}, m_amelia.ref, u"Title"_s, u"CFO"_s);
    QVERIFY(m->wait(m->desk->saveEdits({u"C1"_s}, m_amelia.ref)));
    const Record now = *m->crm->find(m_amelia.ref);
    QCOMPARE(now.text(u"Title"_s), u"CFO"_s);
    QCOMPARE(now.text(u"Phone"_s), u"+44 20 2"_s); // theirs stands
    QCOMPARE(m->field(u"C1"_s, u"Phone"_s).text, u"+44 20 2"_s);
}

void DeskRecordsTest::save_sameFieldChangedElsewhere_isAConflict()
{
    match();
    m->crm->change(m_amelia.ref, u"Title"_s, u"Controller"_s);
    m->desk->keepEdit({u"C1"_s}, m_amelia.ref, u"Title"_s, u"CFO"_s);
    const auto saved = m->wait(m->desk->saveEdits({u"C1"_s}, m_amelia.ref));
    QCOMPARE(saved.error().code, Errc::Conflict);
    QCOMPARE(m->crm->find(m_amelia.ref)->text(u"Title"_s), u"Controller"_s); // nothing overwritten in silence
    QCOMPARE(m->field(u"C1"_s, u"Title"_s).text, u"Controller"_s);
    QCOMPARE(m->field(u"C1"_s, u"Title"_s).edited, QVariant(u"CFO"_s));
    QVERIFY(m->field(u"C1"_s, u"Title"_s).isContested);
    const qsizetype sent = m->crm->updated.size();
    QVERIFY(!m->wait(m->desk->saveEdits({u"C1"_s}, m_amelia.ref))); // nobody has chosen yet
    QCOMPARE(m->crm->updated.size(), sent);
    QVERIFY(m->tab(u"C1"_s).cards.first().saveError);
    m->desk->keepMine({u"C1"_s}, m_amelia.ref, u"Title"_s);
    QVERIFY(!m->field(u"C1"_s, u"Title"_s).isContested);
    QVERIFY(!m->tab(u"C1"_s).cards.first().saveError);
    QVERIFY(m->wait(m->desk->saveEdits({u"C1"_s}, m_amelia.ref)));
    QCOMPARE(m->crm->find(m_amelia.ref)->text(u"Title"_s), u"CFO"_s);
    QVERIFY(!m->field(u"C1"_s, u"Title"_s).edited);
}

void DeskRecordsTest::conflict_eachFieldIsChosenByItself()
{
    match();
    m->crm->change(m_amelia.ref, u"Title"_s, u"Controller"_s);
    m->crm->change(m_amelia.ref, u"Phone"_s, u"+44 20 2"_s);
    m->desk->keepEdit({u"C1"_s}, m_amelia.ref, u"Title"_s, u"CFO"_s);
    m->desk->keepEdit({u"C1"_s}, m_amelia.ref, u"Phone"_s, u"+44 20 3"_s);
    QVERIFY(!m->wait(m->desk->saveEdits({u"C1"_s}, m_amelia.ref)));
    QCOMPARE(m->tab(u"C1"_s).cards.first().contestedCount(), 2);
    m->desk->undoEdit({u"C1"_s}, m_amelia.ref, u"Title"_s); // theirs
    QVERIFY(m->tab(u"C1"_s).cards.first().saveError);
    m->desk->keepMine({u"C1"_s}, m_amelia.ref, u"Phone"_s);
    QVERIFY(m->wait(m->desk->saveEdits({u"C1"_s}, m_amelia.ref)));
    QCOMPARE(m->crm->find(m_amelia.ref)->text(u"Title"_s), u"Controller"_s);
    QCOMPARE(m->crm->find(m_amelia.ref)->text(u"Phone"_s), u"+44 20 3"_s);
}

// The console was closed with an edit that is not saved; the record changed before it came back.
void DeskRecordsTest::conflict_acrossARestart_isSeen()
{
    match();
    m->desk->keepEdit({u"C1"_s}, m_amelia.ref, u"Title"_s, u"CFO"_s);
    QTest::qWait(50); // the desk keeps it in the next turn
    m->start();
    QVERIFY(m->signIn());
    m->crm->change(m_amelia.ref, u"Title"_s, u"Controller"_s);
    m->connectCrm();
    UNTIL(m->tab(u"C1"_s).state == TabState::Matched);
    UNTIL(m->field(u"C1"_s, u"Title"_s).isContested);
    QCOMPARE(m->field(u"C1"_s, u"Title"_s).text, u"Controller"_s);
    QVERIFY(!m->wait(m->desk->saveEdits({u"C1"_s}, m_amelia.ref)));
    QCOMPARE(m->crm->find(m_amelia.ref)->text(u"Title"_s), u"Controller"_s);
}

// The editor was opened at one value and kept after another one came in.
void DeskRecordsTest::conflict_baseIsWhereTheEditBegan()
{
    match();
    m->desk->keepEdit({u"C1"_s}, m_amelia.ref, u"Title"_s, u"CFO"_s, QVariant(u"Trainee"_s));
    QVERIFY(m->field(u"C1"_s, u"Title"_s).isContested);
    QVERIFY(!m->wait(m->desk->saveEdits({u"C1"_s}, m_amelia.ref)));
    QCOMPARE(m->crm->updated.size(), 0);
}

void DeskRecordsTest::conflict_undoneMeanwhile_isNotSentAgain()
{
    match();
    m->crm->change(m_amelia.ref, u"Phone"_s, u"+44 20 2"_s);
    m->desk->keepEdit({u"C1"_s}, m_amelia.ref, u"Title"_s, u"CFO"_s);
    m->crm->hold(FakeCrm::Op::Update);
    std::optional<Result<Done>> saved;
    whenDone(m->desk->saveEdits({u"C1"_s}, m_amelia.ref), this,
             [&](const Result<Done> &done) { saved = done; });
    m->desk->undoEdit({u"C1"_s}, m_amelia.ref, u"Title"_s);
    m->crm->release(FakeCrm::Op::Update);
    UNTIL(saved.has_value());
    QCOMPARE(m->crm->find(m_amelia.ref)->text(u"Title"_s), u"Analyst"_s);
    QCOMPARE(m->crm->updated.size(), 1);
    m->desk->keepEdit({u"C1"_s}, m_amelia.ref, u"Title"_s, u"COO"_s); // no base of the one before is left
    QVERIFY(!m->field(u"C1"_s, u"Title"_s).isContested);
}

void DeskRecordsTest::conflict_theyWroteTheSame_isNone()
{
    match();
    m->crm->change(m_amelia.ref, u"Title"_s, u"CFO"_s);
    m->desk->keepEdit({u"C1"_s}, m_amelia.ref, u"Title"_s, u"CFO"_s);
    QVERIFY(m->wait(m->desk->saveEdits({u"C1"_s}, m_amelia.ref)));
    QVERIFY(!m->field(u"C1"_s, u"Title"_s).edited);
}

void DeskRecordsTest::save_typedOnMeanwhile_keepsTheNewerEdit()
{
    match();
    m->crm->hold(FakeCrm::Op::Update);
    m->desk->keepEdit({u"C1"_s}, m_amelia.ref, u"Title"_s, u"C"_s);
    std::optional<Result<Done>> saved;
    whenDone(m->desk->saveEdits({u"C1"_s}, m_amelia.ref), this,
             [&](const Result<Done> &done) { saved = done; });
    QVERIFY(m->tab(u"C1"_s).cards.first().isSaving);
    m->desk->keepEdit({u"C1"_s}, m_amelia.ref, u"Title"_s, u"CFO"_s);
    m->crm->release(FakeCrm::Op::Update);
    UNTIL(saved.has_value());
    QCOMPARE(m->field(u"C1"_s, u"Title"_s).text, u"C"_s);
    QCOMPARE(m->field(u"C1"_s, u"Title"_s).edited, QVariant(u"CFO"_s));
}

void DeskRecordsTest::save_duplicate_isShownAndSavedAllTheSameWhenAsked()
{
    match();
    const Record other = m->crm->put(kinds::contact, {{u"LastName"_s, u"Hartmann"_s}});
    const crm::Duplicates duplicates{.records = {other.ref}, .mayOverride = true};
    m->crm->failNext(FakeCrm::Op::Update,
                     {.code = Errc::Conflict, .detail = crm::duplicatesDetail(duplicates)});
    m->desk->keepEdit({u"C1"_s}, m_amelia.ref, u"Title"_s, u"X"_s);
    QVERIFY(!m->wait(m->desk->saveEdits({u"C1"_s}, m_amelia.ref, true))); // nothing was seen yet
    QVERIFY(!m->crm->updated.last().allowDuplicate);
    const desk::RecordCard card = m->tab(u"C1"_s).cards.first();
    QVERIFY(card.duplicates && card.duplicates->mayOverride);
    QCOMPARE(card.duplicates->records.first().title, other.title);
    QCOMPARE(m->field(u"C1"_s, u"Title"_s).edited, QVariant(u"X"_s)); // nothing is lost
    QVERIFY(m->wait(m->desk->saveEdits({u"C1"_s}, m_amelia.ref, true)));
    QVERIFY(m->crm->updated.last().allowDuplicate);
    QVERIFY(!m->tab(u"C1"_s).cards.first().duplicates);
    QCOMPARE(m->field(u"C1"_s, u"Title"_s).text, u"X"_s);
}

void DeskRecordsTest::save_duplicateUsedInstead_takesTheEditsAlong()
{
    match();
    const Record other = m->crm->put(
        kinds::contact, {{u"LastName"_s, u"Hartmann"_s}, {u"Title"_s, u"Clerk"_s}, {u"Phone"_s, u"+44"_s}});
    const crm::Duplicates duplicates{.records = {other.ref}, .mayOverride = true};
    m->crm->failNext(FakeCrm::Op::Update,
                     {.code = Errc::Conflict, .detail = crm::duplicatesDetail(duplicates)});
    m->desk->keepEdit({u"C1"_s}, m_amelia.ref, u"Title"_s, u"CFO"_s);
    m->desk->keepEdit({u"C1"_s}, m_amelia.ref, u"Phone"_s, u"+44"_s); // as the other has it
    QVERIFY(!m->wait(m->desk->saveEdits({u"C1"_s}, m_amelia.ref)));
    m->desk->useInstead({u"C1"_s}, m_amelia.ref, other.ref);
    UNTIL(!m->tab(u"C1"_s).cards.isEmpty() && m->tab(u"C1"_s).cards.first().record.ref == other.ref);
    QCOMPARE(m->field(u"C1"_s, u"Title"_s).edited, QVariant(u"CFO"_s));
    QCOMPARE(m->field(u"C1"_s, u"Title"_s).text, u"Clerk"_s);
    QVERIFY(!m->field(u"C1"_s, u"Phone"_s).edited);
    QVERIFY(m->wait(m->desk->saveEdits({u"C1"_s}, other.ref)));
    QCOMPARE(m->crm->find(other.ref)->fields.value(u"Title"_s), QVariant(u"CFO"_s));
    QVERIFY(m->crm->find(m_amelia.ref)->fields.value(u"Title"_s) != u"CFO"_s);
    QVERIFY(!m->row(u"C1"_s).hasUnsavedEdits);
}

void DeskRecordsTest::save_duplicateBlocked_isNeverOverridden()
{
    match();
    const crm::Duplicates duplicates{.records = {m_amelia.ref}, .mayOverride = false};
    m->crm->failAlways(FakeCrm::Op::Update,
                       {.code = Errc::Conflict, .detail = crm::duplicatesDetail(duplicates)});
    m->desk->keepEdit({u"C1"_s}, m_amelia.ref, u"Title"_s, u"X"_s);
    QVERIFY(!m->wait(m->desk->saveEdits({u"C1"_s}, m_amelia.ref)));
    QVERIFY(!m->wait(m->desk->saveEdits({u"C1"_s}, m_amelia.ref, true)));
    QVERIFY(!m->crm->updated.last().allowDuplicate);
    QVERIFY(!m->tab(u"C1"_s).cards.first().duplicates->mayOverride);
}

void DeskRecordsTest::recent_areThoseOfTheRecordThatIsShown()
{
    m->addChat(u"C2"_s, u"nobody@b.example"_s);
    UNTIL(m->tab(u"C2"_s).state == TabState::NotFound);
    QCOMPARE(m->wait(m->desk->recent({u"C2"_s})).error().code, Errc::NotFound);
    match();
    m->crm->put(kinds::crmCase, {{u"Subject"_s, u"Mine"_s}, {u"ContactId"_s, m_amelia.ref.id.value}});
    m->crm->put(kinds::crmCase, {{u"Subject"_s, u"Another's"_s}, {u"ContactId"_s, u"003X"_s}});
    QCOMPARE(m->crm->calls(FakeCrm::Op::Recent), 0); // nobody asked yet
    const auto found = m->wait(m->desk->recent({u"C1"_s}));
    QVERIFY(found);
    QCOMPARE(found->size(), 1);
    QCOMPARE(found->first().subject, u"Mine"_s);
}

void DeskRecordsTest::note_twice_updatesTheSameNote()
{
    match();
    m->hub.visitorSays(u"C1"_s, u"Our invoice is wrong"_s);
    UNTIL(m->desk->thread({u"C1"_s}).size() >= 2);
    const auto first = m->wait(m->desk->addTranscriptNote({u"C1"_s}));
    QVERIFY(first);
    QCOMPARE(m->crm->notes.at(u"C1:note"_s).request.parent, m_amelia.ref);
    QVERIFY(m->crm->notes.at(u"C1:note"_s).request.text.contains(u"Our invoice is wrong"_s));
    m->hub.visitorSays(u"C1"_s, u"14 seats instead of 12"_s);
    UNTIL(std::ranges::any_of(m->line->messages({u"C1"_s}),
                              [](const Message &one) { return one.text.contains(u"14 seats"_s); }));
    const auto second = m->wait(m->desk->addTranscriptNote({u"C1"_s}));
    QVERIFY2(second, second ? "" : qPrintable(second.error().detail));
    QCOMPARE(*second, *first);
    QCOMPARE(m->crm->notes.size(), std::size_t(1));
    QVERIFY(m->crm->notes.at(u"C1:note"_s).request.text.contains(u"14 seats"_s));
    QCOMPARE(m->tab(u"C1"_s).note, *first);
    QVERIFY(!m->tab(u"C1"_s).isNoteAdding);
}

void DeskRecordsTest::card_labels_areThoseOfThePage()
{
    m->crm->layoutLabels = {{u"Title"_s, u"Position"_s}};
    m->crm->hold(FakeCrm::Op::Layout);
    m->addChat(u"C1"_s, u"amelia@b.example"_s);
    UNTIL(m->tab(u"C1"_s).state == TabState::Matched);
    UNTIL(m->field(u"C1"_s, u"Title"_s).label == u"Job Title"_s); // the card does not wait for its page
    m->crm->release(FakeCrm::Op::Layout);
    UNTIL(m->field(u"C1"_s, u"Title"_s).label == u"Position"_s);
    m->addChat(u"C2"_s, u"amelia@b.example"_s);
    UNTIL(m->tab(u"C2"_s).state == TabState::Matched);
    QCOMPARE(m->crm->calls(FakeCrm::Op::Layout), 1); // read once per kind
}

void DeskRecordsTest::card_schemasReadAnew_showsTheNewLabels()
{
    m->crm->layoutLabels.insert(u"Title"_s, u"Position"_s);
    m->addChat(u"C1"_s, u"amelia@b.example"_s);
    UNTIL(m->tab(u"C1"_s).state == TabState::Matched && m->field(u"C1"_s, u"Title"_s).label == u"Position"_s);
    m->crm->layoutLabels.insert(u"Title"_s, u"Function"_s);
    m->crm->failNext(FakeCrm::Op::Describe, {.code = Errc::Offline});
    QVERIFY(!m->wait(m->desk->readSchemasAnew()));
    QCOMPARE(m->field(u"C1"_s, u"Title"_s).label, u"Position"_s); // the old stands
    QVERIFY(m->wait(m->desk->readSchemasAnew()));
    QCOMPARE(m->crm->distrusted, 2);
    QCOMPARE(m->field(u"C1"_s, u"Title"_s).label, u"Function"_s);
}

QTEST_GUILESS_MAIN(DeskRecordsTest)
#include "tst_DeskRecords.moc"
