#include "tests/ui/screens/DemoValues.h"
#include "ui/panels/CommandPalette.h"
#include "ui/panels/MainWindow.h"

#include <QAccessible>
#include <QLineEdit>
#include <QListView>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::Literals::StringLiterals;
using namespace parley;
using namespace parley::ui;

class CommandPaletteTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        m_theme.dress(*qApp);
        QAccessible::setActive(true);
    }
    void init()
    {
        QTest::failOnWarning(QRegularExpression(u"^(?!This plugin does not support )"_s));
        m_profile = std::make_unique<QTemporaryDir>();
        m_settings = std::make_unique<settings::Settings>(m_profile->path());
        m_window = std::make_unique<MainWindow>(
            m_theme, *m_settings, [] { return demo::now(); }, new Ground(m_theme, &Palette::bgSide));
        m_window->setRecordActs([this](Act act, int) { m_recordAct = act; });
        m_window->resize(1440, 900);
        m_window->show();
        QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
        m_window->list().model().assign(demo::rows());
        m_window->list().setOpenChat(ChatId{u"c1"_s});
        m_window->chat().showRow(*m_window->list().model().find(ChatId{u"c1"_s}), u"Salesforce"_s, u"SF"_s);
        m_window->chat().composer().focusEdit();
        m_recordAct.reset();
    }
    void cleanup() { m_window.reset(); }

    void matching_everyWordMustBeThere_bestFirst()
    {
        const QList<PaletteEntry> all{
            {.text = u"Reattach"_s},
            {.text = u"Find and attach"_s},
            {.text = u"Attach a file"_s},
            {.kind = PaletteEntry::Kind::Chat, .text = u"Matthew"_s, .also = u"Northgate"_s}};
        const auto texts = [&all](const QString &typed) {
            QStringList found;
            for (const PaletteEntry &entry : matchingEntries(all, typed))
                found += entry.text;
            return found;
        };
        QCOMPARE(texts(u"ATT"_s),
                 (QStringList{u"Attach a file"_s, u"Find and attach"_s, u"Reattach"_s, u"Matthew"_s}));
        QCOMPARE(texts(u"att file"_s), QStringList{u"Attach a file"_s});
        QCOMPARE(texts(u"north matt"_s), QStringList{u"Matthew"_s});
        QCOMPARE(texts(u"x"_s), QStringList());
        QCOMPARE(texts({}).first(), u"Matthew"_s); // nothing typed: whom to talk to
    }

    void ctrlK_typeAndEnter_opensTheChat()
    {
        QSignalSpy opened(&m_window->list(), &ChatListPane::chatOpened);
        openPalette();
        QTest::keyClicks(field(), u"tom kell"_s);
        QCOMPARE(current(), u"Tomás Keller"_s);
        QTest::keyClick(field(), Qt::Key_Return);
        QCOMPARE(opened.size(), 1);
        QCOMPARE(opened.first().first().value<ChatId>(), ChatId{u"c2"_s});
        QVERIFY(!palette()->isVisible());
    }

    void ctrlK_typeAndEnter_runsTheCommand()
    {
        openPalette();
        QTest::keyClicks(field(), u"attach a case"_s);
        QTest::keyClick(field(), Qt::Key_Return);
        QCOMPARE(m_recordAct, std::optional(Act::AttachCase));
        QVERIFY(composer()->hasFocus());
    }

    void settingsCommand_showsTheSettings()
    {
        openPalette();
        QTest::keyClicks(field(), u"settings"_s);
        QTest::keyClick(field(), Qt::Key_Return);
        QCOMPARE(m_window->page(), Page::Settings);
    }

    void escape_givesTheFocusBack()
    {
        openPalette();
        QTest::keyClick(field(), Qt::Key_Tab); // there is nowhere else to go
        QVERIFY(field()->hasFocus());
        QTest::keyClick(field(), Qt::Key_Escape);
        QVERIFY(!palette()->isVisible());
        QVERIFY(composer()->hasFocus());
    }

    void focusElsewhere_closesIt()
    {
        openPalette();
        composer()->setFocus();
        QVERIFY(!palette()->isVisible());
    }

    void arrows_skipTheHeadings()
    {
        openPalette();
        auto *list = palette()->findChild<QListView *>(u"paletteList"_s);
        const int count = list->model()->rowCount();
        QVERIFY(count > 20);
        QSet<QString> seen;
        for (int i = 0; i < count; ++i) {
            QVERIFY(list->model()->flags(list->currentIndex()) & Qt::ItemIsSelectable);
            seen.insert(current());
            QTest::keyClick(field(), Qt::Key_Down);
        }
        QCOMPARE(seen.size(), count - 2); // "Chats", "Commands"
        QVERIFY(seen.contains(u"Amelia Hart"_s));
    }

    void arrows_areSpoken()
    {
        openPalette();
        QTest::keyClicks(field(), u"attach a"_s);
        QTest::keyClick(field(), Qt::Key_Down);
        QTest::keyClick(field(), Qt::Key_Up);
        auto *announcer = m_window->findChild<QWidget *>(u"announcer"_s);
        QCOMPARE(announcer->accessibleName(), palette()
                                                  ->findChild<QListView *>(u"paletteList"_s)
                                                  ->currentIndex()
                                                  .data(Qt::AccessibleTextRole)
                                                  .toString());
        QVERIFY(announcer->accessibleName().contains(u"Ctrl Shift"_s));
    }

    void nothingFound_saysSo()
    {
        openPalette();
        QTest::keyClicks(field(), u"zzzz"_s);
        QVERIFY(!palette()->findChild<QListView *>(u"paletteList"_s)->isVisible());
        QTest::keyClick(field(), Qt::Key_Return);
        QVERIFY(palette()->isVisible());
    }

    void searchField_click_opensIt()
    {
        QTest::mouseClick(m_window->findChild<QWidget *>(u"chatSearch"_s), Qt::LeftButton);
        QVERIFY(palette()->isVisible());
        QTest::keyClick(field(), Qt::Key_Escape);
        m_window->resize(880, 600);
        QTRY_VERIFY(m_window->list().isCompact());
        QTest::mouseClick(m_window->findChild<QWidget *>(u"compactSearch"_s), Qt::LeftButton);
        QVERIFY(palette()->isVisible());
        QVERIFY(m_window->rect().contains(palette()->geometry()));
    }

private:
    CommandPalette *palette() { return m_window->findChild<CommandPalette *>(); }
    QLineEdit *field() { return palette()->findChild<QLineEdit *>(u"paletteField"_s); }
    QWidget *composer() { return m_window->chat().composer().edit(); }
    QString current()
    {
        return palette()->findChild<QListView *>(u"paletteList"_s)->currentIndex().data().toString();
    }
    void openPalette()
    {
        QTest::keySequence(m_window->focusWidget(), QKeySequence(Qt::CTRL | Qt::Key_K));
        QVERIFY(palette() && palette()->isVisible());
        QVERIFY(field()->hasFocus());
    }

    Theme m_theme;
    std::unique_ptr<QTemporaryDir> m_profile;
    std::unique_ptr<settings::Settings> m_settings;
    std::unique_ptr<MainWindow> m_window;
    std::optional<Act> m_recordAct;
};

QTEST_MAIN(CommandPaletteTest)
#include "tst_CommandPalette.moc"
