#include "tests/ui/screens/DemoValues.h"
#include "ui/panels/ChatListView.h"
#include "ui/panels/MainWindow.h"
#include "ui/panels/Toasts.h"

#include <QLineEdit>
#include <QMenu>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::Literals::StringLiterals;
using namespace parley;
using namespace parley::ui;

Q_DECLARE_METATYPE(Act)

class MainWindowTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase() { m_theme.dress(*qApp); }
    void init()
    {
        QTest::failOnWarning(QRegularExpression(u"^(?!This plugin does not support )"_s));
        m_profile = std::make_unique<QTemporaryDir>();
        m_settings = std::make_unique<settings::Settings>(m_profile->path());
        auto *side = new Ground(m_theme, &Palette::bgSide);
        auto *row = new QVBoxLayout(side);
        m_sideField = new QLineEdit;
        row->addWidget(m_sideField);
        m_window = std::make_unique<MainWindow>(
            m_theme, *m_settings, [] { return demo::now(); }, side);
        m_window->resize(1440, 900);
        m_window->show();
        QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
        m_window->list().model().assign(demo::rows());
        open(u"c1"_s);
    }
    void cleanup() { m_window.reset(); }

    void keys_table_data()
    {
        QTest::addColumn<QKeySequence>("keys");
        QTest::addColumn<Act>("act");
        QTest::addColumn<int>("n");
        for (int i = 1; i <= 9; ++i)
            QTest::addRow("Ctrl+%d", i)
                << QKeySequence(QKeyCombination(Qt::ControlModifier, Qt::Key(Qt::Key_0 + i))) << Act::OpenNth
                << i;
        QTest::newRow("next") << QKeySequence(Qt::CTRL | Qt::Key_Down) << Act::NextChat << 1;
        QTest::newRow("previous") << QKeySequence(Qt::CTRL | Qt::Key_Up) << Act::PreviousChat << 1;
        QTest::newRow("longest wait") << QKeySequence(Qt::CTRL | Qt::Key_Tab) << Act::LongestWait << 1;
        QTest::newRow("accept") << QKeySequence(Qt::Key_F8) << Act::AcceptNext << 1;
        QTest::newRow("end") << QKeySequence(Qt::CTRL | Qt::Key_W) << Act::EndChat << 1;
    }
    void keys_table()
    {
        QFETCH(QKeySequence, keys);
        QFETCH(Act, act);
        QFETCH(int, n);
        QSignalSpy acted(m_window.get(), &MainWindow::acted);
        QTest::keySequence(m_window->focusWidget(), keys); // the composer has the focus, as it mostly does
        QCOMPARE(acted.size(), 1);
        QCOMPARE(acted.first().at(0).value<Act>(), act);
        QCOMPARE(acted.first().at(1).toInt(), n);
    }

    void table_noKey_twice()
    {
        QSet<QString> seen;
        for (const Shortcut &shortcut : shortcutTable()) {
            QVERIFY(!shortcut.words.isEmpty());
            for (const QKeySequence &key : shortcut.keys) {
                QVERIFY2(!seen.contains(key.toString()), qPrintable(key.toString()));
                seen.insert(key.toString());
            }
        }
    }

    void recordKeys_onlyWhenGiven()
    {
        int calls = 0;
        QTest::keySequence(m_window->focusWidget(), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_J));
        m_window->setRecordActs([&calls](Act act, int n) {
            calls += act == Act::AddNote || (act == Act::ChooseOption && n == 3) ? 1 : 0;
        });
        QTest::keySequence(m_window->focusWidget(), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_J));
        QTest::keySequence(m_window->focusWidget(), QKeySequence(Qt::ALT | Qt::Key_3));
        QCOMPARE(calls, 2);
    }

    void f6_walksThePanesAndBack()
    {
        const auto where = [this] {
            QWidget *focus = m_window->focusWidget();
            for (const QString &pane :
                 {u"rail"_s, u"chatList"_s, u"chatHeader"_s, u"thread"_s, u"composer"_s}) {
                auto *widget = child<QWidget>(pane);
                if (widget == focus || widget->isAncestorOf(focus))
                    return pane;
            }
            return u"side"_s;
        };
        QStringList seen{where()};
        for (int i = 0; i < 6; ++i) {
            key(Qt::Key_F6);
            seen += where();
        }
        QCOMPARE(seen, (QStringList{u"composer"_s, u"side"_s, u"rail"_s, u"chatList"_s, u"chatHeader"_s,
                                    u"thread"_s, u"composer"_s}));
        key(Qt::SHIFT | Qt::Key_F6);
        QCOMPARE(where(), u"thread"_s);
    }

    void tab_staysInThePane()
    {
        auto *header = child<QWidget>(u"chatHeader"_s);
        key(Qt::SHIFT | Qt::Key_F6);
        key(Qt::SHIFT | Qt::Key_F6);
        QVERIFY(header->isAncestorOf(m_window->focusWidget()));
        QSet<QWidget *> reached;
        for (int i = 0; i < 8; ++i) {
            reached.insert(m_window->focusWidget());
            QTest::keyClick(m_window->focusWidget(), Qt::Key_Tab);
            QVERIFY(header->isAncestorOf(m_window->focusWidget()));
        }
        QVERIFY(reached.size() >= 3); // badge, more, end
    }

    void list_arrows_crossSections()
    {
        auto *mine = child<ChatListView>(u"myChats"_s);
        auto *waiting = child<ChatListView>(u"waitingChats"_s);
        mine->setCurrentIndex(mine->model()->index(0, 0));
        mine->setFocus(Qt::TabFocusReason);
        for (int i = 0; i < 5; ++i)
            QTest::keyClick(m_window->focusWidget(), Qt::Key_Down);
        QVERIFY(waiting->hasFocus());
        QCOMPARE(waiting->currentIndex().row(), 0);
        QSignalSpy accepted(&m_window->list(), &ChatListPane::acceptAsked);
        QTest::keyClick(waiting, Qt::Key_Return);
        QCOMPARE(accepted.size(), 1);
        QCOMPARE(accepted.first().first().value<ChatId>(), ChatId{u"w1"_s}); // it waits longest
        QTest::keyClick(waiting, Qt::Key_Up);
        QVERIFY(mine->hasFocus());
    }

    void list_clickOpens_acceptAccepts()
    {
        auto *mine = child<ChatListView>(u"myChats"_s);
        QSignalSpy opened(&m_window->list(), &ChatListPane::chatOpened);
        QTest::mouseClick(mine->viewport(), Qt::LeftButton, {},
                          mine->visualRect(mine->model()->index(1, 0)).center());
        QCOMPARE(opened.size(), 1);
        auto *waiting = child<ChatListView>(u"waitingChats"_s);
        QSignalSpy accepted(&m_window->list(), &ChatListPane::acceptAsked);
        const QRect row = waiting->visualRect(waiting->model()->index(0, 0));
        QTest::mouseClick(waiting->viewport(), Qt::LeftButton, {}, QPoint(row.right() - 20, row.top() + 60));
        QCOMPARE(accepted.size(), 1);
    }

    void nth_neighbour_followTheOrderOnScreen()
    {
        // Longest wait first: Jonas, Tomás, Amelia, Priya, Grace.
        QCOMPARE(m_window->list().nth(1), ChatId{u"c4"_s});
        QCOMPARE(m_window->list().nth(6), ChatId());
        QCOMPARE(m_window->list().neighbour(1), ChatId{u"c3"_s});
        QCOMPARE(m_window->list().neighbour(-1), ChatId{u"c2"_s});
        QCOMPARE(m_window->list().longestWaiting(), ChatId{u"c4"_s});
    }

    void width_listBecomesAStrip_sideADrawer()
    {
        QVERIFY(!m_window->list().isCompact());
        m_window->resize(1100, 700);
        QTRY_VERIFY(m_window->list().isCompact());
        QTRY_COMPARE(m_window->list().width(), 72);
        QVERIFY(m_window->chat().width() >= 416);
        QVERIFY(m_window->isSideShown());
        m_window->resize(900, 620);
        QTRY_VERIFY(m_window->isSideDrawer());
        QVERIFY(!m_window->isSideShown());
        key(Qt::CTRL | Qt::Key_Backslash);
        QVERIFY(m_window->isSideShown());
        QVERIFY(m_sideField->hasFocus());
        const Composer &composer = m_window->chat().composer();
        const QRect writing(composer.mapTo(m_window.get(), QPoint(0, 0)), composer.size());
        const QWidget *holder = m_sideField->parentWidget()->parentWidget();
        const QRect drawer(holder->mapTo(m_window.get(), QPoint(0, 0)), holder->size());
        QVERIFY(!drawer.intersects(writing));
        QTest::keyClick(m_sideField, Qt::Key_Escape);
        QVERIFY(!m_window->isSideShown());
        QVERIFY(composer.edit()->hasFocus());
        m_window->resize(1440, 900);
        QTRY_VERIFY(m_window->isSideShown());
        QTRY_COMPARE(m_window->list().width(), 304);
    }

    void strip_queue_widensUntilLeft()
    {
        m_window->resize(1100, 700);
        QTRY_VERIFY(m_window->list().isCompact());
        QTest::mouseClick(child<QWidget>(u"compactQueue"_s), Qt::LeftButton);
        QVERIFY(!m_window->list().isCompact());
        QTRY_VERIFY(child<QWidget>(u"waitingChats"_s)->hasFocus());
        m_window->chat().composer().focusEdit();
        QTRY_VERIFY(m_window->list().isCompact());
    }

    void row_selectedFromOutside_opens()
    {
        // As assistive technology presses a row: it selects it. Moving with the keys opens nothing.
        auto *mine = child<ChatListView>(u"myChats"_s);
        QSignalSpy opened(&m_window->list(), &ChatListPane::chatOpened);
        mine->setFocus(Qt::TabFocusReason);
        QTest::keyClick(mine, Qt::Key_Down);
        QCoreApplication::processEvents();
        QCOMPARE(opened.size(), 0);
        const int row = mine->currentIndex().row() == 0 ? 1 : 0;
        mine->selectionModel()->select(mine->model()->index(row, 0), QItemSelectionModel::ClearAndSelect);
        QTRY_COMPARE(opened.size(), 1);
        QCOMPARE(mine->currentIndex().row(), row);
    }

    void endPanel_escape_givesTheFocusBack()
    {
        key(Qt::CTRL | Qt::Key_F);
        QWidget *find = m_window->focusWidget();
        m_window->chat().endPanel().ask({.visitor = u"Amelia"_s, .crm = u"Salesforce"_s});
        QVERIFY(m_window->focusWidget() != find);
        QTest::keyClick(m_window->focusWidget(), Qt::Key_Escape);
        QCOMPARE(m_window->focusWidget(), find);
    }

    void esc_peelsFindThenFocusesTheComposer()
    {
        key(Qt::CTRL | Qt::Key_F);
        auto *find = child<QLineEdit>(u"findEdit"_s);
        QVERIFY(find->hasFocus());
        QTest::keyClick(find, Qt::Key_Escape);
        QVERIFY(!find->isVisible());
        QVERIFY(m_window->chat().composer().edit()->hasFocus());
    }

    void ctrlShiftN_switchesTheMode()
    {
        key(Qt::CTRL | Qt::SHIFT | Qt::Key_N);
        QCOMPARE(m_window->chat().composer().mode(), Composer::Mode::Note);
        key(Qt::CTRL | Qt::SHIFT | Qt::Key_N);
        QCOMPARE(m_window->chat().composer().mode(), Composer::Mode::Reply);
    }

    void question_inText_isText_elsewhereShowsTheKeys()
    {
        QTest::keyClicks(m_window->focusWidget(), u"?"_s);
        QCOMPARE(m_window->chat().composer().draft(), u"?"_s);
        QVERIFY(!child<QWidget>(u"shortcutsDialog"_s));
        m_window->rail().focusCurrent();
        QTest::keyClick(m_window->focusWidget(), Qt::Key_Question, Qt::ShiftModifier);
        QWidget *dialog = child<QWidget>(u"shortcutsDialog"_s);
        QVERIFY(dialog && dialog->isVisible());
        QTest::keyClick(dialog, Qt::Key_Escape);
        QTRY_VERIFY(!child<QWidget>(u"shortcutsDialog"_s));
    }

    void pages_settingsAndBack()
    {
        key(Qt::CTRL | Qt::Key_Comma);
        QVERIFY(child<QWidget>(u"settingsPage"_s)->isVisible());
        QTest::mouseClick(child<QPushButton>(u"railSync"_s), Qt::LeftButton);
        QVERIFY(child<QWidget>(u"syncPage"_s)->isVisible());
        QTest::mouseClick(child<QPushButton>(u"railQueue"_s), Qt::LeftButton);
        QVERIFY(!child<QListView>(u"myChats"_s)->isVisible());
        QVERIFY(child<QListView>(u"waitingChats"_s)->isVisible());
        QTest::mouseClick(child<QPushButton>(u"railChats"_s), Qt::LeftButton);
        QVERIFY(child<QListView>(u"myChats"_s)->isVisible());
    }

    void theme_choice_isKept()
    {
        key(Qt::CTRL | Qt::Key_Comma);
        auto *choice = child<SegmentedControl>(u"themeChoice"_s);
        choice->setCurrent(2);
        QVERIFY(m_theme.isDark());
        QCOMPARE(m_settings->value(settings::keys::theme).toString(), u"dark"_s);
        choice->setCurrent(1);
        QVERIFY(!m_theme.isDark());
    }

    void endPanel_listsTheWrites()
    {
        EndChatPanel &panel = m_window->chat().endPanel();
        panel.ask({.visitor = u"Amelia"_s,
                   .crm = u"Salesforce"_s,
                   .attach = crm::Attach::Case,
                   .subject = u"Q&A"_s,
                   .changedFields = 1,
                   .changedNames = u"Title"_s,
                   .canAddNote = true});
        QVERIFY(panel.isVisible());
        QVERIFY(panel.saveChanges());
        QVERIFY(panel.keepAttachment());
        QVERIFY(!panel.addNote());
        QSignalSpy confirmed(&panel, &EndChatPanel::confirmed);
        QTest::mouseClick(child<QPushButton>(u"confirmEnd"_s), Qt::LeftButton);
        QCOMPARE(confirmed.size(), 1);
        QTest::keyClick(m_window->focusWidget(), Qt::Key_Escape);
        QVERIFY(!panel.isVisible());
    }

    void toasts_atMostThree_sameKindMerges()
    {
        Toasts &toasts = m_window->chat().toasts();
        const auto merged = [](int count) {
            return u"%1 cases attached"_s.arg(count);
        };
        toasts.show({.title = u"Case 1 attached"_s, .group = u"case"_s, .mergedTitle = merged});
        toasts.show({.title = u"Case 2 attached"_s, .group = u"case"_s, .mergedTitle = merged});
        QCOMPARE(toasts.count(), 1);
        QCOMPARE(child<QWidget>(u"toast"_s)->accessibleName(), u"2 cases attached"_s);
        for (int i = 0; i < 4; ++i)
            toasts.show({.title = QString::number(i)});
        QCOMPARE(toasts.count(), 3);
    }

    void presence_menu_offersAll()
    {
        QSignalSpy chosen(&m_window->rail(), &Rail::presenceChosen);
        key(Qt::CTRL | Qt::SHIFT | Qt::Key_S);
        auto *menu = child<QMenu>(u"statusMenu"_s);
        QVERIFY(menu);
        QCOMPARE(menu->actions().size(), 3);
        menu->actions().at(1)->trigger();
        QCOMPARE(chosen.size(), 1);
        QCOMPARE(chosen.first().first().value<Presence>(), Presence::Away);
        menu->close();
    }

private:
    template <class T> T *child(const QString &name) { return m_window->findChild<T *>(name); }
    void key(QKeyCombination keys)
    {
        QTest::keySequence(m_window->focusWidget() ? m_window->focusWidget() : m_window.get(),
                           QKeySequence(keys));
    }
    void key(Qt::Key plain) { key(QKeyCombination(plain)); }
    void open(const QString &id)
    {
        m_window->list().setOpenChat(ChatId{id});
        m_window->chat().showRow(*m_window->list().model().find(ChatId{id}), u"Salesforce"_s, u"SF"_s);
        m_window->chat().thread().showThread(demo::thread());
        m_window->chat().composer().focusEdit();
    }

    Theme m_theme;
    std::unique_ptr<QTemporaryDir> m_profile;
    std::unique_ptr<settings::Settings> m_settings;
    std::unique_ptr<MainWindow> m_window;
    QLineEdit *m_sideField = nullptr;
};

QTEST_MAIN(MainWindowTest)
#include "tst_MainWindow.moc"
