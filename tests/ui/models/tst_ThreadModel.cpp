#include "ui/models/ThreadModel.h"

#include <QAbstractItemModelTester>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTest>

using namespace Qt::Literals::StringLiterals;
using namespace parley;
using namespace parley::ui;
using Kind = ThreadEntry::Kind;

namespace {

const QDateTime kNow(QDate(2026, 5, 21), QTime(4, 59), Qt::UTC); // 10:44 at +05:45

desk::ThreadItem item(qint64 seq, Author author, int secondsAgo, const QString &clientId = {})
{
    desk::ThreadItem made;
    made.message.seq = seq;
    made.message.clientId = ClientId{clientId};
    made.message.author = author;
    made.message.kind = MessageKind::Text;
    made.message.text = u"text %1"_s.arg(seq);
    made.message.at = kNow.addSecs(-secondsAgo);
    made.isMine = author == Author::Agent;
    return made;
}

QList<Kind> kindsOf(const ThreadModel &model)
{
    QList<Kind> kinds;
    for (int row = 0; row < model.rowCount(); ++row)
        kinds += model.entry(row).kind;
    return kinds;
}

} // namespace

class ThreadModelTest : public QObject
{
    Q_OBJECT

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(u".*"_s)); }

    void reset_twoDays_haveALineEach()
    {
        ThreadModel model([] { return kNow; });
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.reset({item(1, Author::Visitor, 86400), item(2, Author::Visitor, 60)});
        QCOMPARE(kindsOf(model), (QList<Kind>{Kind::Day, Kind::In, Kind::Day, Kind::In}));
        QCOMPARE(model.index(0).data().toString(), u"Yesterday"_s);
        QCOMPARE(model.index(2).data().toString(), u"Today"_s);
    }

    void recordLinked_isNoLineOfTheThread()
    {
        ThreadModel model([] { return kNow; });
        desk::ThreadItem linked = item(2, Author::System, 50);
        linked.message.kind = MessageKind::Event;
        linked.message.event = u"recordLinked"_s;
        desk::ThreadItem joined = linked;
        joined.message.seq = 3;
        joined.message.event = u"accepted"_s;
        model.reset({item(1, Author::Visitor, 60), linked, joined});
        QCOMPARE(kindsOf(model), (QList<Kind>{Kind::Day, Kind::In, Kind::System}));
        QCOMPARE(model.entry(2).item.message.event, u"accepted"_s);
    }

    void day_isTheAgents_notUtc()
    {
        // 20:00 UTC is 01:45 of the next day here.
        ThreadModel model([] { return kNow; });
        desk::ThreadItem late = item(1, Author::Visitor, 0);
        late.message.at = QDateTime(QDate(2026, 5, 20), QTime(20, 0), Qt::UTC);
        model.reset({late});
        QCOMPARE(model.entry(0).day, QDate(2026, 5, 21));
    }

    void run_sameAuthorSoon_isOne()
    {
        ThreadModel model([] { return kNow; });
        model.reset({item(1, Author::Visitor, 400), item(2, Author::Visitor, 390),
                     item(3, Author::Visitor, 60), item(4, Author::Agent, 50)});
        QVERIFY(!model.entry(1).endsRun);
        QVERIFY(!model.entry(2).startsRun);
        QVERIFY(model.entry(2).endsRun); // five minutes of silence
        QVERIFY(model.entry(3).startsRun);
        QVERIFY(model.entry(3).endsRun); // the agent answers
    }

    void kinds_notesEventsBots()
    {
        ThreadModel model([] { return kNow; });
        auto note = item(1, Author::Agent, 5);
        note.message.kind = MessageKind::Note;
        auto event = item(2, Author::System, 4);
        event.message.kind = MessageKind::Event;
        event.message.event = u"ended"_s;
        model.reset({note, event, item(3, Author::Bot, 3)});
        QCOMPARE(kindsOf(model), (QList<Kind>{Kind::Day, Kind::Note, Kind::System, Kind::Bot}));
    }

    void update_acknowledged_changesOneRow()
    {
        ThreadModel model([] { return kNow; });
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.reset({item(1, Author::Visitor, 10), item(0, Author::Agent, 5, u"x"_s)});
        QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
        QSignalSpy inserted(&model, &QAbstractItemModel::rowsInserted);
        QSignalSpy removed(&model, &QAbstractItemModel::rowsRemoved);
        model.update({item(1, Author::Visitor, 10), item(2, Author::Agent, 5, u"x"_s)});
        QCOMPARE(changed.size(), 1);
        QCOMPARE(changed.first().first().toModelIndex().row(), 2);
        QCOMPARE(inserted.size() + removed.size(), 0);
    }

    void update_append_insertsAtTheEnd()
    {
        ThreadModel model([] { return kNow; });
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.reset({item(1, Author::Visitor, 10)});
        QSignalSpy inserted(&model, &QAbstractItemModel::rowsInserted);
        QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
        model.update(
            {item(1, Author::Visitor, 10), item(2, Author::Visitor, 5), item(3, Author::Visitor, 1)});
        QCOMPARE(model.rowCount(), 4);
        QCOMPARE(inserted.size(), 1);
        QCOMPARE(reset.size(), 0);
        QVERIFY(!model.entry(1).endsRun);
        QVERIFY(model.entry(3).endsRun);
    }

    void update_olderComeAndOneGoes_endsRight()
    {
        ThreadModel model([] { return kNow; });
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.reset({item(5, Author::Visitor, 10), item(0, Author::Agent, 5, u"failed"_s),
                     item(6, Author::Visitor, 1)});
        const QList<desk::ThreadItem> wanted{item(3, Author::Visitor, 90000), item(4, Author::Agent, 80),
                                             item(5, Author::Visitor, 10), item(6, Author::Visitor, 1)};
        model.update(wanted);
        ThreadModel fresh([] { return kNow; });
        fresh.reset(wanted);
        QCOMPARE(model.rowCount(), fresh.rowCount());
        for (int row = 0; row < fresh.rowCount(); ++row)
            QCOMPARE(model.entry(row), fresh.entry(row));
    }
};

QTEST_MAIN(ThreadModelTest)
#include "tst_ThreadModel.moc"
