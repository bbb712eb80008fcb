#include "tests/core/desk/DeskBench.h"

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

private:
    std::unique_ptr<DeskBench> m;
    Record m_amelia;
    Error m_offline{.code = Errc::Offline, .neverSent = true};
    void match();
    desk::CardField field(const QString &name) const;
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
    UNTIL(field(u"Title"_s).label == u"Job Title"_s); // described
}

desk::CardField DeskOutageTest::field(const QString &name) const
{
    const desk::RecordTab tab = m->tab(u"C1"_s);
    for (const desk::CardField &one : tab.cards.first().fields) {
        if (one.name == name)
            return one;
    }
    return {};
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
    UNTIL(field(u"Title"_s).text == u"CFO"_s);
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
    QCOMPARE(field(u"Title"_s).edited, QVariant(u"COO"_s));
    QVERIFY(field(u"Title"_s).isContested);
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

QTEST_GUILESS_MAIN(DeskOutageTest)
#include "tst_DeskOutage.moc"
