// The console as it ships, with its demo, by keyboard alone: the keys that move between chats, panes and
// layers, and the focus, which is always somewhere one can see.
#include "app/console/Console.h"
#include "core/desk/Desk.h"
#include "ui/dialogs/FirstRun.h"
#include "ui/panels/DeskBinding.h"
#include "ui/panels/MainWindow.h"

#include <QApplication>
#include <QLineEdit>
#include <QTest>

using namespace parley;
using namespace Qt::Literals::StringLiterals;
using desk::TabState;

class RealKeysTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void cleanupTestCase() { m_console.reset(); }

    void ctrlDigits_openTheChatsInTheirOrder();
    void ctrlTab_opensTheLongestWait();
    void ctrlArrows_goRound();
    void ctrlK_findsAChat();
    void ctrlShiftN_keepsTheText();
    void slash_opensTheCannedResponses();
    void pageKeys_scrollTheThreadFromTheComposer();
    void field_escapeUndoesIt_thenTheComposer();
    void hiddenPane_focusGoesToTheComposer();
    void dialog_focusComesBack();
    void form_escape_focusIsOnItsOpener();
    void tab_everyPane_isLeftByF6();
    void f8_acceptsTheNextVisitor();
    void endedChat_focusIsSomewhere();

private:
    desk::Desk &desk() { return *m_console->desk(); }
    ui::MainWindow &window() { return *m_console->window(); }
    QWidget *focused() { return window().focusWidget(); }
    ui::Composer &composer() { return window().chat().composer(); }
    ChatId shownChat() { return window().list().openChat(); }
    void press(Qt::Key key, Qt::KeyboardModifiers modifiers = {})
    {
        QWidget *at = QApplication::focusWidget();
        QTest::keyClick(at ? at : &window(), key, modifiers);
    }
    ChatId open(const QString &visitor, TabState state);
    QWidget *shown(const QString &name);
    /// Visible, in the window and able to take keys.
    bool isFocusSeen()
    {
        QWidget *at = focused();
        return at && at->isVisible() && at->isEnabled() && at != &window();
    }

    SystemClock m_clock;
    std::unique_ptr<console::Console> m_console;
};

void RealKeysTest::initTestCase()
{
    m_console =
        std::make_unique<console::Console>(console::Options{.isDemo = true, .theme = u"light"_s}, m_clock);
    QVERIFY(m_console->start());
    QTRY_VERIFY_WITH_TIMEOUT(m_console->window() != nullptr, 30'000);
    window().resize(1440, 900);
    QVERIFY(QTest::qWaitForWindowActive(&window()));
    QTRY_VERIFY_WITH_TIMEOUT(window().list().nth(4) != ChatId(), 30'000);
}

void RealKeysTest::init()
{
    window().activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&window()));
    window().showPage(ui::Page::Chats);
    window().setSideShown(true);
    open(u"Amelia Hart"_s, TabState::Matched);
    QTRY_COMPARE(focused(), composer().edit());
    composer().edit()->clear();
}

ChatId RealKeysTest::open(const QString &visitor, TabState state)
{
    ChatId found;
    const bool isThere = QTest::qWaitFor(
        [&] {
            for (const desk::ChatRow &row : desk().chats()) {
                if (row.name == visitor && row.state == ChatState::Open &&
                    desk().recordTab(row.id).state == state)
                    found = row.id;
            }
            return !found.isEmpty();
        },
        30'000);
    if (!isThere)
        qWarning("no open chat of %s", qPrintable(visitor));
    m_console->binding()->openChat(found);
    return found;
}

QWidget *RealKeysTest::shown(const QString &name)
{
    const auto all = window().findChildren<QWidget *>(name);
    const auto found = std::ranges::find_if(all, [](const QWidget *one) { return one->isVisible(); });
    return found == all.end() ? nullptr : *found;
}

void RealKeysTest::ctrlDigits_openTheChatsInTheirOrder()
{
    for (int n = 1; n <= 4; ++n) {
        const ChatId wanted = window().list().nth(n);
        press(Qt::Key(Qt::Key_0 + n), Qt::ControlModifier);
        QCOMPARE(shownChat(), wanted);
        QCOMPARE(focused(), composer().edit());
    }
    const ChatId before = shownChat();
    press(Qt::Key_9, Qt::ControlModifier); // there is none
    QCOMPARE(shownChat(), before);
}

void RealKeysTest::ctrlTab_opensTheLongestWait()
{
    QTRY_VERIFY_WITH_TIMEOUT(!window().list().longestWaiting().isEmpty(), 15'000);
    const ChatId wanted = window().list().longestWaiting();
    press(Qt::Key_Tab, Qt::ControlModifier);
    QCOMPARE(shownChat(), wanted);
}

void RealKeysTest::ctrlArrows_goRound()
{
    const ChatId first = shownChat();
    const ChatId next = window().list().neighbour(1);
    press(Qt::Key_Down, Qt::ControlModifier);
    QCOMPARE(shownChat(), next);
    press(Qt::Key_Up, Qt::ControlModifier);
    QCOMPARE(shownChat(), first);
}

void RealKeysTest::ctrlK_findsAChat()
{
    press(Qt::Key_K, Qt::ControlModifier);
    QTRY_VERIFY(shown(u"commandPalette"_s));
    QTest::keyClicks(QApplication::focusWidget(), u"priya"_s);
    press(Qt::Key_Return);
    QVERIFY(!shown(u"commandPalette"_s));
    QTRY_COMPARE(desk().chat(shownChat()).fields.value(fields::visitorName), u"Priya Nair"_s);
    QCOMPARE(focused(), composer().edit());
}

void RealKeysTest::ctrlShiftN_keepsTheText()
{
    QTest::keyClicks(composer().edit(), u"half a thought"_s);
    press(Qt::Key_N, Qt::ControlModifier | Qt::ShiftModifier);
    QCOMPARE(composer().mode(), ui::Composer::Mode::Note);
    QCOMPARE(composer().draft(), u"half a thought"_s);
    press(Qt::Key_N, Qt::ControlModifier | Qt::ShiftModifier);
    QCOMPARE(composer().mode(), ui::Composer::Mode::Reply);
}

void RealKeysTest::slash_opensTheCannedResponses()
{
    QTest::keyClicks(composer().edit(), u"/"_s);
    QVERIFY(shown(u"cannedPopup"_s));
    press(Qt::Key_Escape);
    QVERIFY(!shown(u"cannedPopup"_s));
    QCOMPARE(composer().draft(), u"/"_s);
    QCOMPARE(focused(), composer().edit());
}

void RealKeysTest::pageKeys_scrollTheThreadFromTheComposer()
{
    press(Qt::Key_PageUp);
    press(Qt::Key_PageDown);
    QCOMPARE(focused(), composer().edit());
}

void RealKeysTest::field_escapeUndoesIt_thenTheComposer()
{
    QTRY_VERIFY_WITH_TIMEOUT(shown(u"field.Department"_s), 10'000);
    QWidget *field = shown(u"field.Department"_s);
    const QString before = field->accessibleName();
    field->setFocus(Qt::TabFocusReason);
    press(Qt::Key_F2);
    QTRY_VERIFY(qobject_cast<QLineEdit *>(QApplication::focusWidget()));
    QTest::keyClicks(QApplication::focusWidget(), u"Nowhere"_s);
    press(Qt::Key_Escape);
    QTRY_COMPARE(shown(u"field.Department"_s)->accessibleName(), before);
    QCOMPARE(focused(), shown(u"field.Department"_s));
    press(Qt::Key_Escape);
    QTRY_COMPARE(focused(), composer().edit());
}

void RealKeysTest::hiddenPane_focusGoesToTheComposer()
{
    shown(u"recordTabs"_s)->setFocus(Qt::TabFocusReason);
    press(Qt::Key_Backslash, Qt::ControlModifier);
    QVERIFY(!window().isSideShown());
    QCOMPARE(focused(), composer().edit());
}

void RealKeysTest::dialog_focusComesBack()
{
    press(Qt::Key_F1);
    QTRY_VERIFY(shown(u"shortcutsDialog"_s));
    QWidget *dialog = shown(u"shortcutsDialog"_s);
    QVERIFY(QTest::qWaitForWindowActive(dialog));
    QTRY_VERIFY(dialog->isAncestorOf(QApplication::focusWidget()));
    press(Qt::Key_Escape);
    QTRY_VERIFY(!shown(u"shortcutsDialog"_s));
    window().activateWindow();
    QTRY_COMPARE(focused(), composer().edit());
}

void RealKeysTest::form_escape_focusIsOnItsOpener()
{
    open(u"Tomás Keller"_s, TabState::NotFound);
    press(Qt::Key_1, Qt::AltModifier);
    press(Qt::Key_Return); // on the option: opens its form
    QTRY_VERIFY_WITH_TIMEOUT(shown(u"formField.LastName"_s), 15'000);
    shown(u"formField.LastName"_s)->findChild<QLineEdit *>()->setFocus(Qt::TabFocusReason);
    press(Qt::Key_Escape);
    QTRY_VERIFY(!shown(u"formField.LastName"_s));
    QCOMPARE(focused()->objectName(), u"openForm"_s);
    press(Qt::Key_Escape);
    QTRY_COMPARE(focused(), composer().edit());
}

void RealKeysTest::tab_everyPane_isLeftByF6()
{
    QSet<QWidget *> starts;
    for (int pane = 0; pane < 8; ++pane) {
        press(Qt::Key_F6);
        QVERIFY2(isFocusSeen(), qPrintable(QString::number(pane)));
        starts.insert(focused());
        QWidget *const first = focused();
        int steps = 0;
        do {
            if (qobject_cast<QPlainTextEdit *>(focused()))
                QTest::keyClick(focused(), Qt::Key_Tab);
            else
                press(Qt::Key_Tab);
            QVERIFY2(isFocusSeen(), qPrintable(first->objectName()));
        } while (focused() != first && ++steps < 60);
        QVERIFY2(steps < 60, qPrintable(first->objectName())); // Tab comes round
    }
    QCOMPARE(starts.size(), 8);
}

void RealKeysTest::f8_acceptsTheNextVisitor()
{
    QTRY_VERIFY_WITH_TIMEOUT(window().list().model().waiting() > 0, 30'000);
    const ChatId before = shownChat();
    press(Qt::Key_F8);
    QTRY_VERIFY_WITH_TIMEOUT(shownChat() != before, 10'000);
    QTRY_COMPARE(window().list().model().find(shownChat())->state, ChatState::Open);
    QTRY_COMPARE(focused(), composer().edit());
}

void RealKeysTest::endedChat_focusIsSomewhere()
{
    const ChatId priya = open(u"Priya Nair"_s, TabState::Matched);
    press(Qt::Key_W, Qt::ControlModifier);
    QTRY_VERIFY(shown(u"confirmEnd"_s));
    press(Qt::Key_Space); // the button has the focus
    QTRY_COMPARE_WITH_TIMEOUT(desk().chat(priya).state, ChatState::Ended, 15'000);
    QTRY_VERIFY(!shown(u"endChatPanel"_s));
    QVERIFY(isFocusSeen());
    press(Qt::Key_W, Qt::ControlModifier); // closes what has ended
    QTRY_VERIFY_WITH_TIMEOUT(!window().list().model().find(priya), 15'000);
    QVERIFY(isFocusSeen());
}

QTEST_MAIN(RealKeysTest)
#include "tst_RealKeys.moc"
