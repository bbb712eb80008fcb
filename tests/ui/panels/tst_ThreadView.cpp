#include "tests/ui/screens/DemoValues.h"
#include "ui/panels/ThreadView.h"

#include <QClipboard>
#include <QElapsedTimer>
#include <QRegularExpression>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>

using namespace Qt::Literals::StringLiterals;
using namespace parley;
using namespace parley::ui;

class ThreadViewTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase() { m_theme.dress(*qApp); }
    void init()
    {
        QTest::failOnWarning(QRegularExpression(u"^(?!This plugin does not support )"_s));
        m_view = std::make_unique<ThreadView>(m_theme, [] { return demo::now(); });
        m_view->resize(664, 560);
        m_view->show();
        QVERIFY(QTest::qWaitForWindowActive(m_view.get()));
    }

    void open_tenThousand_isQuickAndAtTheEnd()
    {
        const QList<desk::ThreadItem> items = demo::longThread(10000);
        m_view->showThread(
            demo::longThread(20)); // the fonts of both scripts are loaded by then, as in a running program
        m_view->grab();
        QElapsedTimer timer;
        timer.start();
        m_view->showThread(items);
        m_view->grab(); // with everything that is on the screen drawn
        const qint64 elapsed = timer.elapsed();
        qInfo("10,000 messages shown in %lld ms", elapsed);
        QVERIFY(m_view->isAtEnd());
        // The budget is 100 ms in a release build (measured: 50); a debug build on a busy machine gets more.
        QVERIFY2(elapsed < 600, qPrintable(QString::number(elapsed)));
    }

    void roughHeight_equalsTheLayout()
    {
        ThreadModel model([] { return demo::now(); });
        model.reset(demo::longThread(200));
        for (const int width : {416, 664, 900}) {
            int wrong = 0;
            for (int row = 0; row < model.rowCount(); ++row) {
                const ThreadContext context{.theme = &m_theme, .width = width};
                wrong += roughHeight(model.entry(row), context) == layOut(model.entry(row), context).height
                             ? 0
                             : 1;
            }
            QVERIFY2(wrong == 0, qPrintable(u"%1 of %2 at %3"_s.arg(wrong).arg(model.rowCount()).arg(width)));
        }
    }

    void update_atEnd_staysAtEnd()
    {
        QList<desk::ThreadItem> items = demo::longThread(50);
        m_view->showThread(items);
        m_view->updateThread(demo::longThread(50) + more(3, Author::Visitor));
        QVERIFY(m_view->isAtEnd());
        QCOMPARE(m_view->newCount(), 0);
    }

    void update_scrolledUp_staysAndOffersThePill()
    {
        m_view->showThread(demo::longThread(50));
        m_view->verticalScrollBar()->setValue(100);
        m_view->updateThread(demo::longThread(50) + more(3, Author::Visitor));
        QCOMPARE(m_view->verticalScrollBar()->value(), 100);
        QCOMPARE(m_view->newCount(), 3);
        auto *pill = m_view->findChild<QPushButton *>(u"newMessages"_s);
        QVERIFY(pill->isVisible());
        QCOMPARE(pill->text(), u"3 new"_s);
        QTest::mouseClick(pill, Qt::LeftButton);
        QVERIFY(m_view->isAtEnd());
        QVERIFY(!pill->isVisible());
    }

    void drag_selects_ctrlCCopies()
    {
        m_view->showThread(demo::thread());
        const QModelIndex index = rowWith(u"Hi! Our invoice"_s);
        const QRect row = m_view->visualRect(index);
        QTest::mouseDClick(m_view->viewport(), Qt::LeftButton, {}, row.topLeft() + QPoint(34, 26));
        QCOMPARE(m_view->selectedText(), u"Hi"_s);
        QTest::keySequence(m_view.get(), QKeySequence::Copy);
        QCOMPARE(QGuiApplication::clipboard()->text(), u"Hi"_s);
        QTest::mousePress(m_view->viewport(), Qt::LeftButton, {}, row.topLeft() + QPoint(29, 26));
        QTest::mouseMove(m_view->viewport(), row.topLeft() + QPoint(500, 26));
        QTest::mouseRelease(m_view->viewport(), Qt::LeftButton, {}, row.topLeft() + QPoint(500, 26));
        QCOMPARE(m_view->selectedText(), u"Hi! Our invoice charges 14 seats, but we have only 12 people."_s);
    }

    void keyboard_copiesTheMessageAndOpensTheFile()
    {
        m_view->showThread(demo::thread());
        QSignalSpy asked(m_view.get(), &ThreadView::fileAsked);
        m_view->setCurrentIndex(rowWith(u"Thanks, Amelia"_s));
        m_view->copySelection();
        QVERIFY(QGuiApplication::clipboard()->text().startsWith(u"Thanks, Amelia."_s));
        for (int row = 0; row < m_view->thread().rowCount(); ++row) {
            if (m_view->thread().entry(row).item.message.attachment)
                m_view->setCurrentIndex(m_view->thread().index(row));
        }
        QTest::keyClick(m_view.get(), Qt::Key_Return);
        QCOMPARE(asked.size(), 1);
    }

    void notSent_offersAgainAndDelete()
    {
        QList<desk::ThreadItem> items = demo::thread();
        desk::ThreadItem failed = items.at(3);
        failed.message.seq = 0;
        failed.message.clientId = ClientId{u"failed"_s};
        failed.message.at = demo::now();
        failed.delivery = desk::Delivery::NotSent;
        items += failed;
        m_view->showThread(items);
        QSignalSpy again(m_view.get(), &ThreadView::resendAsked);
        QSignalSpy dropped(m_view.get(), &ThreadView::discardAsked);
        const int row = m_view->thread().rowOf(ClientId{u"failed"_s});
        const ThreadLayout layout = layOut(m_view->thread().entry(row),
                                           {.theme = &m_theme, .width = m_view->width(), .isLast = true});
        const QPoint corner = m_view->visualRect(m_view->thread().index(row)).topLeft();
        QTest::mouseClick(m_view->viewport(), Qt::LeftButton, {}, corner + layout.tryAgain.center());
        QTest::mouseClick(m_view->viewport(), Qt::LeftButton, {}, corner + layout.discard.center());
        QCOMPARE(again.size(), 1);
        QCOMPARE(dropped.size(), 1);
        m_view->setCurrentIndex(m_view->thread().index(row));
        QTest::keyClick(m_view.get(), Qt::Key_Return);
        QTest::keyClick(m_view.get(), Qt::Key_Delete);
        QCOMPARE(again.size(), 2);
        QCOMPARE(dropped.size(), 2);
    }

    void find_goesUpAndAround()
    {
        m_view->showThread(demo::longThread(40));
        QVERIFY(m_view->find(u"COURIER"_s, false));
        QCOMPARE(m_view->selectedText(), u"courier"_s);
        QVERIFY(m_view->find(u"courier"_s, false));
        QVERIFY(!m_view->find(u"nowhere to be found"_s, false));
    }

    void megabyte_message_isShownInPart()
    {
        desk::ThreadItem item = demo::thread().at(1);
        item.message.text = QString(1024 * 1024, u'm');
        QElapsedTimer timer;
        timer.start();
        m_view->showThread({item});
        m_view->grab();
        QVERIFY2(timer.elapsed() < 1000, qPrintable(QString::number(timer.elapsed())));
        QVERIFY(!layOut(m_view->thread().entry(1), {.theme = &m_theme, .width = 664}).showAll.isEmpty());
    }

    void image_isWantedOnce()
    {
        QSignalSpy wanted(m_view.get(), &ThreadView::imageWanted);
        m_view->showThread(demo::thread());
        m_view->grab();
        QTRY_COMPARE(wanted.size(), 1);
        m_view->grab();
        QCoreApplication::processEvents();
        QCOMPARE(wanted.size(), 1);
    }

private:
    static QList<desk::ThreadItem> more(int count, Author author)
    {
        QList<desk::ThreadItem> items = demo::longThread(50 + count).mid(50);
        for (int i = 0; i < items.size(); ++i) {
            items[i].message.author = author;
            items[i].isMine = false;
            items[i].message.at = demo::now().addSecs(i);
        }
        return items;
    }
    QModelIndex rowWith(const QString &text)
    {
        for (int row = 0; row < m_view->thread().rowCount(); ++row) {
            if (m_view->thread().entry(row).item.message.text.startsWith(text))
                return m_view->thread().index(row);
        }
        return {};
    }

    Theme m_theme;
    std::unique_ptr<ThreadView> m_view;
};

QTEST_MAIN(ThreadViewTest)
#include "tst_ThreadView.moc"
