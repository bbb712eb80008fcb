#include "ui/models/ChatListModel.h"
#include "ui/models/ChatListProxy.h"

#include <QAbstractItemModelTester>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTest>

using namespace Qt::Literals::StringLiterals;
using namespace parley;
using namespace parley::ui;

namespace {

const QDateTime kNow(QDate(2026, 5, 21), QTime(10, 44), Qt::UTC);

desk::ChatRow row(const QString &id, int waited, ChatState state = ChatState::Open)
{
    desk::ChatRow made;
    made.id = ChatId{id};
    made.state = state;
    made.name = u"Name "_s + id;
    made.lastAt = kNow.addSecs(-waited);
    if (waited > 0)
        made.waitingSince = kNow.addSecs(-waited);
    return made;
}

QStringList order(const ChatListProxy &proxy)
{
    QStringList ids;
    for (int i = 0; i < proxy.rowCount(); ++i)
        ids += proxy.rowAt(i).id.value;
    return ids;
}

} // namespace

class ChatListModelTest : public QObject
{
    Q_OBJECT

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(u".*"_s)); }

    void upsert_sameRow_isSilent()
    {
        ChatListModel model([] { return kNow; });
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.upsert(row(u"a"_s, 10));
        QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
        QSignalSpy inserted(&model, &QAbstractItemModel::rowsInserted);
        model.upsert(row(u"a"_s, 10));
        QCOMPARE(changed.size(), 0);
        model.upsert(row(u"a"_s, 11));
        QCOMPARE(changed.size(), 1);
        QCOMPARE(inserted.size(), 0);
    }

    void assign_newList_removesInsertsAndNeverResets()
    {
        ChatListModel model([] { return kNow; });
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
        model.assign({row(u"a"_s, 1), row(u"b"_s, 2), row(u"c"_s, 3)});
        model.assign({row(u"c"_s, 3), row(u"d"_s, 4)});
        QCOMPARE(model.rowCount(), 2);
        QVERIFY(model.find(ChatId{u"d"_s}));
        QVERIFY(!model.find(ChatId{u"a"_s}));
        QCOMPARE(reset.size(), 0);
    }

    void sections_byState()
    {
        ChatListModel model([] { return kNow; });
        ChatListProxy mine(model, ChatSection::Mine);
        ChatListProxy waiting(model, ChatSection::Waiting);
        QAbstractItemModelTester tester(&mine, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.assign({row(u"a"_s, 1), row(u"w"_s, 9, ChatState::Waiting)});
        QCOMPARE(order(mine), QStringList{u"a"_s});
        QCOMPARE(order(waiting), QStringList{u"w"_s});
        model.upsert(row(u"w"_s, 9)); // accepted
        QCOMPARE(order(mine), (QStringList{u"w"_s, u"a"_s}));
        QCOMPARE(waiting.rowCount(), 0);
    }

    void order_longestWait_first()
    {
        ChatListModel model([] { return kNow; });
        ChatListProxy mine(model, ChatSection::Mine);
        QAbstractItemModelTester tester(&mine, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.assign({row(u"short"_s, 5), row(u"none"_s, 0), row(u"long"_s, 500)});
        QCOMPARE(order(mine), (QStringList{u"long"_s, u"short"_s, u"none"_s}));
        auto ended = row(u"ended"_s, 900, ChatState::Ended);
        model.upsert(ended);
        QCOMPARE(order(mine).last(), u"ended"_s);
    }

    void frozen_order_standsStill()
    {
        ChatListModel model([] { return kNow; });
        ChatListProxy mine(model, ChatSection::Mine);
        QAbstractItemModelTester tester(&mine, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.assign({row(u"a"_s, 50), row(u"b"_s, 40)});
        mine.setFrozen(true);
        model.upsert(row(u"b"_s, 600));
        model.upsert(row(u"c"_s, 700));
        QCOMPARE(order(mine), (QStringList{u"a"_s, u"b"_s, u"c"_s}));
        mine.setFrozen(false);
        QCOMPARE(order(mine), (QStringList{u"c"_s, u"b"_s, u"a"_s}));
    }

    void counts_unreadAndWaiting()
    {
        ChatListModel model([] { return kNow; });
        auto read = row(u"a"_s, 5);
        read.unread = 2;
        auto waits = row(u"w"_s, 5, ChatState::Waiting);
        waits.unread = 7;
        model.assign({read, waits});
        QCOMPARE(model.unread(), 2);
        QCOMPARE(model.waiting(), 1);
    }

    void accessibleText_carriesTheRow()
    {
        ChatListModel model([] { return kNow; });
        model.upsert(row(u"a"_s, 70));
        const QString spoken = model.index(0).data(Qt::AccessibleTextRole).toString();
        QVERIFY2(spoken.contains(u"waiting 1 minute 10"_s) && spoken.contains(u"over 1 minute"_s),
                 qPrintable(spoken));
    }
};

QTEST_MAIN(ChatListModelTest)
#include "tst_ChatListModel.moc"
