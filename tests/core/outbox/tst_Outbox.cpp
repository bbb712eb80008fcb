#include "core/outbox/Outbox.h"
#include "core/store/Database.h"
#include "tests/fakes/Await.h"
#include "tests/fakes/FakeClock.h"
#include "tests/fakes/FakeCrm.h"

#include <QRegularExpression>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace parley;
using namespace std::chrono_literals;
using namespace Qt::Literals::StringLiterals;
using fakes::FakeCrm;
using outbox::State;

namespace {

const store::Migration kSteps[] = {{1, &outbox::createOutboxTable}, {2, &outbox::addOutboxOrganisation}};

crm::Intent caseOf(const QString &chat)
{
    crm::Intent intent;
    intent.key = chat + u":case"_s;
    intent.chat = {chat};
    intent.kind = kinds::crmCase;
    intent.fields = {{u"Subject"_s, u"Invoice"_s}, {u"Marker"_s, intent.key}};
    intent.markerField = u"Marker"_s;
    return intent;
}

crm::Intent noteOn(const QString &chat, const QString &text)
{
    crm::Intent intent;
    intent.key = chat + u":note"_s;
    intent.chat = {chat};
    intent.action = crm::IntentAction::Note;
    intent.kind = kinds::note;
    intent.targetFrom = chat + u":case"_s;
    intent.title = u"Chat"_s;
    intent.text = text;
    return intent;
}

} // namespace

class OutboxTest : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup();

    void add_sameKeyTwice_writesOnce();
    void add_noteWithOtherWords_updatesTheSameNote();
    void add_noteReworded_whileOnItsWay_isSentAgain();
    void add_noteThatCannotBeSaved_staysAsItWas();
    void run_childOfCase_waitsForItAndGoesToIt();
    void run_twoChats_areIndependent();
    void run_file_takesContentFromTextOrFromTheHub();
    void failure_answerLostAfterCommit_exactlyOneCase_data();
    void failure_answerLostAfterCommit_exactlyOneCase();
    void failure_unauthorized_waitsForSignInUncounted();
    void otherOrg_takesOnlyItsOwn();
    void olderWrites_ofNoOrg_goToOneAlone();
    void otherOrg_answerOfTheOneThatWasLeft_stopsNothing();
    void failure_rateLimited_retryAfterWins();
    void failure_quotaUsedUp_isWaitedForUncounted();
    void failure_outage_usesUpNoTries();
    void failure_silenceWhileOthersAreAnswered_needsYou();
    void tryNow_again_keepsToTheWaits();
    void add_noteOfAnotherOrg_isLeftToThatOne();
    void failure_forEver_needsYouAfterEightTries();
    void failure_refused_needsYouAtOnceWithTheCrmsWords();
    void failure_noMarkerAndOutcomeUnknown_asksPerson();
    void failure_neverSent_isRetriedEvenWithoutMarker();
    void retry_corrected_sendsOnlyTheNewValue();
    void discard_parent_takesChildrenAlong();
    void restart_betweenSendAndAnswer_looksBeforeItWrites();
    void restart_typedFields_comeBackWithTheirTypes();

private:
    void open();
    std::shared_ptr<FakeCrm> m_crm;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<fakes::FakeClock> m_clock;
    std::shared_ptr<store::Database> m_database;
    std::shared_ptr<outbox::Outbox> m_outbox;
    State stateOf(const QString &key) const { return m_outbox->entry(key)->state; }
};

void OutboxTest::init()
{
    QTest::failOnWarning(QRegularExpression(u".*"_s));
    m_folder = std::make_unique<QTemporaryDir>();
    m_clock = std::make_unique<fakes::FakeClock>();
    m_crm = std::make_shared<FakeCrm>();
    open();
    m_outbox->setCrm(m_crm, {});
}

void OutboxTest::open()
{
    const auto database = store::Database::open(m_folder->filePath(u"parley.db"_s), kSteps);
    QVERIFY(database);
    m_database = *database;
    const auto opened = outbox::Outbox::open(m_database, *m_clock);
    QVERIFY(opened);
    m_outbox = *opened;
}

void OutboxTest::cleanup()
{
    // Its coroutines keep the outbox until they end, and they still ask the clock.
    const std::weak_ptr<outbox::Outbox> ending = m_outbox;
    m_outbox.reset();
    QTRY_VERIFY(ending.expired());
    m_database.reset();
}

void OutboxTest::add_sameKeyTwice_writesOnce()
{
    letGo(m_outbox->add({caseOf(u"C1"_s)}, {}));
    letGo(m_outbox->add({caseOf(u"C1"_s)}, {}));
    QTRY_COMPARE(stateOf(u"C1:case"_s), State::Done);
    letGo(m_outbox->add({caseOf(u"C1"_s)}, {}));
    QCOMPARE(m_outbox->list().size(), 1);
    QCOMPARE(m_crm->all(kinds::crmCase).size(), 1);
    QCOMPARE(m_outbox->entry(u"C1:case"_s)->resultTitle, m_crm->all(kinds::crmCase).first().title);
}

void OutboxTest::add_noteReworded_whileOnItsWay_isSentAgain()
{
    letGo(m_outbox->add({caseOf(u"C1"_s)}, {}));
    QTRY_COMPARE(stateOf(u"C1:case"_s), State::Done);
    m_crm->hold(FakeCrm::Op::Note);
    letGo(m_outbox->add({noteOn(u"C1"_s, u"half"_s)}, {}));
    QTRY_COMPARE(m_crm->calls(FakeCrm::Op::Note), 1);
    letGo(m_outbox->add({noteOn(u"C1"_s, u"whole"_s)}, {}));
    QTest::qWait(20); // time for a second attempt beside the first to show
    QCOMPARE(m_crm->calls(FakeCrm::Op::Note), 1);
    m_crm->release(FakeCrm::Op::Note);
    QTRY_COMPARE(m_crm->calls(FakeCrm::Op::Note), 2);
    QTRY_COMPARE(stateOf(u"C1:note"_s), State::Done);
    QCOMPARE(m_crm->notes.size(), 1U);
    QCOMPARE(m_crm->notes.begin()->second.request.text, u"whole"_s);
}

void OutboxTest::add_noteThatCannotBeSaved_staysAsItWas()
{
    const auto readOnly = [this](bool on) {
        return m_database->runBlocking([on](QSqlDatabase &database) -> Result<Done> {
            QSqlQuery query(database);
            if (!query.exec(u"PRAGMA query_only = %1"_s.arg(on ? 1 : 0)))
                return fail(Errc::Storage);
            return Done{};
        });
    };
    letGo(m_outbox->add({caseOf(u"C1"_s), noteOn(u"C1"_s, u"one"_s)}, {}));
    QTRY_COMPARE(stateOf(u"C1:note"_s), State::Done);
    const auto before = m_outbox->entry(u"C1:note"_s);
    QVERIFY(readOnly(true));
    std::optional<Result<Done>> added;
    whenDone(m_outbox->add({noteOn(u"C1"_s, u"two"_s)}, {}), this,
             [&added](const Result<Done> &answer) { added = answer; });
    QTRY_VERIFY(added.has_value());
    QVERIFY(!*added);
    QVERIFY(m_outbox->entry(u"C1:note"_s) == before);
    QVERIFY(readOnly(false));
    letGo(m_outbox->add({noteOn(u"C1"_s, u"two"_s)}, {}));
    QTRY_COMPARE(stateOf(u"C1:note"_s), State::Done);
    QCOMPARE(m_crm->notes.size(), std::size_t(1));
}

void OutboxTest::add_noteWithOtherWords_updatesTheSameNote()
{
    letGo(m_outbox->add({caseOf(u"C1"_s), noteOn(u"C1"_s, u"one"_s)}, {}));
    QTRY_COMPARE(stateOf(u"C1:note"_s), State::Done);
    letGo(m_outbox->add({noteOn(u"C1"_s, u"one"_s)}, {}));
    QCOMPARE(stateOf(u"C1:note"_s), State::Done);
    letGo(m_outbox->add({noteOn(u"C1"_s, u"two"_s)}, {}));
    QTRY_COMPARE(stateOf(u"C1:note"_s), State::Done);
    QCOMPARE(m_crm->notes.size(), std::size_t(1));
    QCOMPARE(m_crm->notes.at(u"C1:note"_s).request.text, u"two"_s);
    QCOMPARE(m_crm->notes.at(u"C1:note"_s).writes, 2);
}

void OutboxTest::run_childOfCase_waitsForItAndGoesToIt()
{
    m_crm->hold(FakeCrm::Op::Create);
    letGo(m_outbox->add({caseOf(u"C1"_s), noteOn(u"C1"_s, u"hi"_s)}, {}));
    QTRY_COMPARE(m_crm->calls(FakeCrm::Op::Create), 1);
    QCOMPARE(stateOf(u"C1:case"_s), State::Sending);
    QCOMPARE(m_crm->calls(FakeCrm::Op::Note), 0);
    m_crm->release(FakeCrm::Op::Create);
    QTRY_COMPARE(stateOf(u"C1:note"_s), State::Done);
    QCOMPARE(m_crm->notes.at(u"C1:note"_s).request.parent, m_crm->all(kinds::crmCase).first().ref);
}

void OutboxTest::run_twoChats_areIndependent()
{
    m_crm->failNext(FakeCrm::Op::Create, {.code = Errc::Offline, .neverSent = true});
    letGo(m_outbox->add({caseOf(u"C1"_s), caseOf(u"C2"_s)}, {}));
    QTRY_COMPARE(stateOf(u"C2:case"_s), State::Done);
    QCOMPARE(stateOf(u"C1:case"_s), State::Retrying);
    m_clock->advance(7s);
    QTRY_COMPARE(stateOf(u"C1:case"_s), State::Done);
}

void OutboxTest::run_file_takesContentFromTextOrFromTheHub()
{
    QList<FileId> fetched;
    m_outbox->setFetchFile([&fetched](ChatId, FileId file) -> Async<QByteArray> {
        return [](QList<FileId> *list, FileId wanted) -> Async<QByteArray> {
            *list += wanted;
            co_return QByteArray("png");
        }(&fetched, file);
    });
    crm::Intent transcript = noteOn(u"C1"_s, u"Grüße"_s);
    transcript.key = u"C1:file:t"_s;
    transcript.action = crm::IntentAction::File;
    crm::Intent image = transcript;
    image.key = u"C1:file:F3"_s;
    image.text.clear();
    image.attachment = u"F3"_s;
    letGo(m_outbox->add({caseOf(u"C1"_s), transcript, image}, {}));
    QTRY_COMPARE(stateOf(image.key), State::Done);
    QCOMPARE(m_crm->files.at(transcript.key).request.content, QByteArray("Gr\xc3\xbc\xc3\x9f"
                                                                         "e"));
    QCOMPARE(m_crm->files.at(image.key).request.content, QByteArray("png"));
    QCOMPARE(fetched, QList<FileId>{{u"F3"_s}});
}

void OutboxTest::failure_answerLostAfterCommit_exactlyOneCase_data()
{
    QTest::addColumn<Errc>("code");
    QTest::addColumn<int>("status");
    QTest::newRow("line broke") << Errc::Offline << 0;
    QTest::newRow("no answer in time") << Errc::TimedOut << 0;
    QTest::newRow("HTML") << Errc::BadReply << 200;
    QTest::newRow("502") << Errc::BadReply << 502;
    QTest::newRow("503 with a reason") << Errc::Rejected << 503;
}

void OutboxTest::failure_answerLostAfterCommit_exactlyOneCase()
{
    QFETCH(Errc, code);
    QFETCH(int, status);
    m_crm->failNext(FakeCrm::Op::Create, {.code = code, .httpStatus = status}, FakeCrm::Commit::Yes);
    letGo(m_outbox->add({caseOf(u"C1"_s)}, {}));
    QTRY_COMPARE(stateOf(u"C1:case"_s), State::Retrying);
    QCOMPARE(m_outbox->entry(u"C1:case"_s)->attempts, 1);
    QVERIFY(!m_crm->created.last().mayExist);
    m_clock->advance(4s); // not before 5 s
    QCOMPARE(m_crm->calls(FakeCrm::Op::Create), 1);
    m_clock->advance(3s);
    QTRY_COMPARE(stateOf(u"C1:case"_s), State::Done);
    QVERIFY(m_crm->created.last().mayExist);
    QCOMPARE(m_crm->all(kinds::crmCase).size(), 1);
}

void OutboxTest::failure_unauthorized_waitsForSignInUncounted()
{
    m_crm->failAlways(FakeCrm::Op::Create, {.code = Errc::Unauthorized, .httpStatus = 401});
    QSignalSpy asked(m_outbox.get(), &outbox::Outbox::signInNeeded);
    letGo(m_outbox->add({caseOf(u"C1"_s), caseOf(u"C2"_s)}, {}));
    QTRY_COMPARE(stateOf(u"C1:case"_s), State::WaitsForSignIn);
    QTRY_COMPARE(stateOf(u"C2:case"_s), State::WaitsForSignIn);
    QCOMPARE(asked.count(), 1);
    m_clock->advance(1h);
    QCOMPARE(m_crm->calls(FakeCrm::Op::Create), 2); // nobody hammers a CRM that wants a sign-in
    QCOMPARE(m_outbox->entry(u"C1:case"_s)->attempts, 0);
    m_crm->heal(FakeCrm::Op::Create);
    m_outbox->setCrm(m_crm, {});
    QTRY_COMPARE(stateOf(u"C1:case"_s), State::Done);
    QTRY_COMPARE(stateOf(u"C2:case"_s), State::Done);
    QCOMPARE(m_crm->all(kinds::crmCase).size(), 2);
}

void OutboxTest::olderWrites_ofNoOrg_goToOneAlone()
{
    const auto other = std::make_shared<FakeCrm>();
    m_outbox->setCrm(nullptr, {});
    QVERIFY(fakes::await(m_outbox->add({caseOf(u"C1"_s), noteOn(u"C1"_s, u"hi"_s)}, {})));
    m_crm->failAlways(FakeCrm::Op::Create, {.code = Errc::Offline});
    m_outbox->setCrm(m_crm, u"00D1"_s);
    QTRY_COMPARE(stateOf(u"C1:case"_s), State::Retrying);
    m_outbox->setCrm(other, u"00D2"_s);
    m_clock->advance(1h);
    QTest::qWait(0);
    QCOMPARE(other->calls(FakeCrm::Op::Create) + other->calls(FakeCrm::Op::Note), 0);
    QCOMPARE(m_outbox->promisedTo(u"00D1"_s), 2);
}

void OutboxTest::otherOrg_takesOnlyItsOwn()
{
    const auto other = std::make_shared<FakeCrm>();
    m_outbox->setCrm(m_crm, u"00D1"_s);
    m_crm->failAlways(FakeCrm::Op::Create, {.code = Errc::Offline});
    letGo(m_outbox->add({caseOf(u"C1"_s)}, u"00D1"_s));
    QTRY_COMPARE(stateOf(u"C1:case"_s), State::Retrying);
    m_outbox->setCrm(other, u"00D2"_s);
    letGo(m_outbox->add({caseOf(u"C2"_s)}, u"00D2"_s));
    QTRY_COMPARE(stateOf(u"C2:case"_s), State::Done);
    m_clock->advance(1h);
    QVERIFY(fakes::await(m_outbox->retry(u"C1:case"_s, {}))); // nor when a person says "again"
    QCOMPARE(other->all(kinds::crmCase).size(), 1);
    QCOMPARE(m_outbox->promisedTo(u"00D1"_s), 1);
    QCOMPARE(m_outbox->promisedTo(u"00D2"_s), 0);
    m_crm->heal(FakeCrm::Op::Create);
    m_outbox->setCrm(m_crm, u"00D1"_s);
    QTRY_COMPARE(stateOf(u"C1:case"_s), State::Done);
    QCOMPARE(m_crm->all(kinds::crmCase).size(), 1);
}

void OutboxTest::otherOrg_answerOfTheOneThatWasLeft_stopsNothing()
{
    const auto other = std::make_shared<FakeCrm>();
    m_outbox->setCrm(m_crm, u"00D1"_s);
    QSignalSpy asked(m_outbox.get(), &outbox::Outbox::signInNeeded);
    m_crm->failAlways(FakeCrm::Op::Create, {.code = Errc::Unauthorized, .httpStatus = 401});
    m_crm->hold(FakeCrm::Op::Create);
    letGo(m_outbox->add({caseOf(u"C1"_s)}, u"00D1"_s));
    QTRY_COMPARE(m_crm->calls(FakeCrm::Op::Create), 1);
    m_outbox->setCrm(other, u"00D2"_s);
    m_crm->release(FakeCrm::Op::Create);
    QTRY_COMPARE(stateOf(u"C1:case"_s), State::WaitsForSignIn);
    QCOMPARE(asked.count(), 0);
    letGo(m_outbox->add({caseOf(u"C2"_s)}, u"00D2"_s));
    QTRY_COMPARE(stateOf(u"C2:case"_s), State::Done);
}

void OutboxTest::failure_rateLimited_retryAfterWins()
{
    m_crm->failNext(FakeCrm::Op::Create,
                    {.code = Errc::RateLimited, .retryAfter = std::chrono::seconds(90), .httpStatus = 429});
    letGo(m_outbox->add({caseOf(u"C1"_s)}, {}));
    QTRY_COMPARE(stateOf(u"C1:case"_s), State::Retrying);
    letGo(m_outbox->add({caseOf(u"C2"_s)}, {})); // the CRM's patience is asked of all
    m_clock->advance(89s);
    QCOMPARE(m_crm->calls(FakeCrm::Op::Create), 1);
    m_clock->advance(2s);
    QTRY_COMPARE(stateOf(u"C1:case"_s), State::Done);
    QTRY_COMPARE(stateOf(u"C2:case"_s), State::Done);
    QVERIFY(!m_crm->created.last().mayExist);
}

void OutboxTest::failure_quotaUsedUp_isWaitedForUncounted()
{
    m_crm->failAlways(FakeCrm::Op::Create,
                      {.code = Errc::RateLimited, .httpStatus = 403, .isQuotaUsedUp = true});
    letGo(m_outbox->add({caseOf(u"C1"_s), caseOf(u"C2"_s)}, {}));
    QTRY_COMPARE(stateOf(u"C1:case"_s), State::Retrying);
    QTRY_COMPARE(stateOf(u"C2:case"_s), State::Retrying);
    int calls = m_crm->calls(FakeCrm::Op::Create);
    m_clock->advance(14min);
    QCOMPARE(m_crm->calls(FakeCrm::Op::Create), calls);
    for (int hour = 0; hour < 12; ++hour) {
        calls = m_crm->calls(FakeCrm::Op::Create);
        m_clock->advance(1h);
        QTRY_VERIFY(m_crm->calls(FakeCrm::Op::Create) > calls);
        QTRY_COMPARE(stateOf(u"C1:case"_s), State::Retrying);
        QTRY_COMPARE(stateOf(u"C2:case"_s), State::Retrying);
    }
    open(); // that it is the quota is known after a restart, too
    QVERIFY(m_outbox->entry(u"C1:case"_s)->error->isQuotaUsedUp);
    m_crm->heal(FakeCrm::Op::Create);
    m_outbox->setCrm(m_crm, {});
    m_clock->advance(1h);
    QTRY_COMPARE(stateOf(u"C1:case"_s), State::Done);
    QTRY_COMPARE(stateOf(u"C2:case"_s), State::Done);
}

void OutboxTest::failure_outage_usesUpNoTries()
{
    m_crm->failAlways(FakeCrm::Op::Create, {.code = Errc::TimedOut});
    letGo(m_outbox->add({caseOf(u"C1"_s)}, {}));
    for (int tries = 1; tries <= 20; ++tries) {
        QTRY_COMPARE(m_crm->calls(FakeCrm::Op::Create), tries);
        QTRY_COMPARE(stateOf(u"C1:case"_s), State::Retrying);
        m_clock->advance(16min);
    }
}

void OutboxTest::failure_silenceWhileOthersAreAnswered_needsYou()
{
    crm::Intent poison{.key = u"C1:edit:1"_s, .chat = {u"C1"_s}, .action = crm::IntentAction::Update};
    poison.target = m_crm->put(kinds::contact, {{u"LastName"_s, u"Hart"_s}}).ref;
    poison.fields = {{u"Title"_s, u"CFO"_s}};
    m_crm->failAlways(FakeCrm::Op::Update, {.code = Errc::TimedOut});
    letGo(m_outbox->add({poison}, {}));
    for (int tries = 1; tries < 8; ++tries) {
        QTRY_COMPARE(m_crm->calls(FakeCrm::Op::Update), tries);
        QTRY_COMPARE(stateOf(poison.key), State::Retrying);
        const QString other = u"D%1"_s.arg(tries);
        letGo(m_outbox->add({caseOf(other)}, {}));
        QTRY_COMPARE(stateOf(other + u":case"_s), State::Done);
        m_clock->advance(16min);
    }
    QTRY_COMPARE(stateOf(poison.key), State::NeedsYou);
    QCOMPARE(m_crm->calls(FakeCrm::Op::Update), 8);
}

void OutboxTest::tryNow_again_keepsToTheWaits()
{
    m_crm->failAlways(FakeCrm::Op::Create, {.code = Errc::TimedOut});
    letGo(m_outbox->add({caseOf(u"C1"_s)}, {}));
    QTRY_COMPARE(stateOf(u"C1:case"_s), State::Retrying);
    m_outbox->tryNow();
    QTRY_COMPARE(m_crm->calls(FakeCrm::Op::Create), 2);
    QTRY_COMPARE(stateOf(u"C1:case"_s), State::Retrying);
    m_outbox->tryNow();
    QCOMPARE(stateOf(u"C1:case"_s), State::Retrying); // a due one would be on its way by now
    m_clock->advance(16min);
    QTRY_COMPARE(m_crm->calls(FakeCrm::Op::Create), 3);
}

void OutboxTest::add_noteOfAnotherOrg_isLeftToThatOne()
{
    m_outbox->setCrm(m_crm, u"00D1"_s);
    letGo(m_outbox->add({caseOf(u"C1"_s), noteOn(u"C1"_s, u"for one"_s)}, u"00D1"_s));
    QTRY_COMPARE(stateOf(u"C1:note"_s), State::Done);
    letGo(m_outbox->add({noteOn(u"C1"_s, u"for two"_s)}, u"00D2"_s));
    QCOMPARE(m_outbox->entry(u"C1:note"_s)->intent.text, u"for one"_s);
    QCOMPARE(stateOf(u"C1:note"_s), State::Done);
}

void OutboxTest::failure_forEver_needsYouAfterEightTries()
{
    m_crm->failAlways(FakeCrm::Op::Create, {.code = Errc::BadReply, .httpStatus = 500});
    letGo(m_outbox->add({caseOf(u"C1"_s)}, {}));
    for (int attempt = 1; attempt < 8; ++attempt) {
        QTRY_COMPARE(m_outbox->entry(u"C1:case"_s)->attempts, attempt);
        QTRY_COMPARE(stateOf(u"C1:case"_s), State::Retrying);
        const auto wait = m_clock->now().msecsTo(m_outbox->entry(u"C1:case"_s)->nextTry);
        const qint64 least = std::min(5'000LL << (attempt - 1), 900'000LL);
        QVERIFY2(wait >= least && wait <= least + least / 5, qPrintable(QString::number(wait)));
        m_clock->advance(std::chrono::milliseconds(wait));
    }
    QTRY_COMPARE(stateOf(u"C1:case"_s), State::NeedsYou);
    QCOMPARE(m_crm->calls(FakeCrm::Op::Create), 8);
    QCOMPARE(m_outbox->needingYou(), 1);
    m_crm->heal(FakeCrm::Op::Create);
    letGo(m_outbox->retry(u"C1:case"_s, {}));
    QTRY_COMPARE(stateOf(u"C1:case"_s), State::Done);
    QCOMPARE(m_outbox->needingYou(), 0);
}

void OutboxTest::failure_refused_needsYouAtOnceWithTheCrmsWords()
{
    m_crm->refuseField(kinds::crmCase, u"Subject"_s, u"Subject must name the product."_s);
    letGo(m_outbox->add({caseOf(u"C1"_s), noteOn(u"C1"_s, u"hi"_s)}, {}));
    QTRY_COMPARE(stateOf(u"C1:case"_s), State::NeedsYou);
    QCOMPARE(m_outbox->entry(u"C1:case"_s)->error->fields.first().message,
             u"Subject must name the product."_s);
    QCOMPARE(stateOf(u"C1:note"_s), State::Queued); // waits for its parent
    m_clock->advance(1h);
    QCOMPARE(m_crm->calls(FakeCrm::Op::Create), 1);
}

void OutboxTest::failure_noMarkerAndOutcomeUnknown_asksPerson()
{
    crm::Intent intent = caseOf(u"C1"_s);
    intent.markerField.clear();
    m_crm->failNext(FakeCrm::Op::Create, {.code = Errc::TimedOut}, FakeCrm::Commit::Yes);
    letGo(m_outbox->add({intent}, {}));
    QTRY_COMPARE(stateOf(u"C1:case"_s), State::NeedsYou);
    QCOMPARE(m_crm->all(kinds::crmCase).size(), 1);
}

void OutboxTest::failure_neverSent_isRetriedEvenWithoutMarker()
{
    crm::Intent intent = caseOf(u"C1"_s);
    intent.markerField.clear();
    m_crm->failNext(FakeCrm::Op::Create, {.code = Errc::Offline, .neverSent = true});
    letGo(m_outbox->add({intent}, {}));
    QTRY_COMPARE(stateOf(u"C1:case"_s), State::Retrying);
    m_clock->advance(7s);
    QTRY_COMPARE(stateOf(u"C1:case"_s), State::Done);
    QVERIFY(!m_crm->created.last().mayExist);
}

void OutboxTest::retry_corrected_sendsOnlyTheNewValue()
{
    m_crm->refuseField(kinds::crmCase, u"Subject"_s, u"No."_s);
    letGo(m_outbox->add({caseOf(u"C1"_s)}, {}));
    QTRY_COMPARE(stateOf(u"C1:case"_s), State::NeedsYou);
    m_crm->acceptField(kinds::crmCase, u"Subject"_s);
    letGo(m_outbox->retry(u"C1:case"_s, {{u"Subject"_s, u"Team plan"_s}}));
    QTRY_COMPARE(stateOf(u"C1:case"_s), State::Done);
    QCOMPARE(m_crm->all(kinds::crmCase).first().text(u"Subject"_s), u"Team plan"_s);
    QCOMPARE(m_crm->all(kinds::crmCase).first().text(u"Marker"_s), u"C1:case"_s);
}

void OutboxTest::discard_parent_takesChildrenAlong()
{
    m_crm->refuseField(kinds::crmCase, u"Subject"_s, u"No."_s);
    letGo(m_outbox->add({caseOf(u"C1"_s), noteOn(u"C1"_s, u"hi"_s)}, {}));
    QTRY_COMPARE(stateOf(u"C1:case"_s), State::NeedsYou);
    letGo(m_outbox->discard(u"C1:case"_s));
    QTRY_COMPARE(stateOf(u"C1:case"_s), State::Discarded);
    QCOMPARE(stateOf(u"C1:note"_s), State::Discarded);
    QCOMPARE(m_crm->notes.size(), std::size_t(0));
}

void OutboxTest::restart_betweenSendAndAnswer_looksBeforeItWrites()
{
    m_crm->hold(FakeCrm::Op::Create);
    letGo(m_outbox->add({caseOf(u"C1"_s)}, {}));
    QTRY_COMPARE(m_crm->calls(FakeCrm::Op::Create), 1);
    const auto died = m_outbox; // its coroutine hangs in the CRM for ever, as after a kill
    open();
    QCOMPARE(stateOf(u"C1:case"_s), State::Queued);
    QVERIFY(m_outbox->entry(u"C1:case"_s)->mayExist);
    m_outbox->setCrm(m_crm, {});
    QTRY_COMPARE(m_crm->calls(FakeCrm::Op::Create), 2);
    QVERIFY(m_crm->created.last().mayExist);
    m_crm->release(FakeCrm::Op::Create);
    QTRY_COMPARE(stateOf(u"C1:case"_s), State::Done);
    QCOMPARE(m_crm->all(kinds::crmCase).size(), 1);
}

void OutboxTest::restart_typedFields_comeBackWithTheirTypes()
{
    crm::Intent intent = caseOf(u"C1"_s);
    intent.fields.insert(u"Due"_s, QDate(2026, 5, 21));
    intent.fields.insert(u"At"_s, QDateTime(QDate(2026, 5, 21), QTime(10, 38, 2, 120), Qt::UTC));
    intent.fields.insert(u"Many"_s, QStringList{u"a"_s, u"b"_s});
    intent.fields.insert(u"Flag"_s, true);
    intent.fields.insert(u"Amount"_s, 12.5);
    intent.fields.insert(u"Nothing"_s, QVariant());
    m_outbox->setCrm(nullptr, {});
    bool isSaved = false;
    whenDone(m_outbox->add({intent}, {}), this,
             [&](const Result<Done> &done) { isSaved = done.has_value(); });
    QTRY_VERIFY(isSaved);
    open();
    const FieldMap back = m_outbox->entry(u"C1:case"_s)->intent.fields;
    QCOMPARE(back, intent.fields);
    QCOMPARE(back.value(u"Due"_s).typeId(), int(QMetaType::QDate));
    QCOMPARE(back.value(u"Flag"_s).typeId(), int(QMetaType::Bool));
}

QTEST_GUILESS_MAIN(OutboxTest)
#include "tst_Outbox.moc"
