// The console as it ships, with its demo: every key of the list of shortcuts does something, and every
// control has a name and a role for a screen reader.
#include "app/console/Console.h"
#include "app/demo/DemoWorld.h"
#include "core/desk/Desk.h"
#include "ui/dialogs/FirstRun.h"
#include "ui/panels/AddressDialog.h"
#include "ui/panels/DeskBinding.h"
#include "ui/panels/MainWindow.h"

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QAbstractSpinBox>
#include <QAccessible>
#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QDesktopServices>
#include <QLineEdit>
#include <QMenu>
#include <QPlainTextEdit>
#include <QRegularExpression>
#include <QTabBar>
#include <QTest>
#include <QTextEdit>

using namespace parley;
using namespace Qt::Literals::StringLiterals;
using desk::CreateOption;
using desk::TabState;

class RealWindowTest : public QObject
{
    Q_OBJECT

public slots:
    void takeUrl(const QUrl &url) { m_opened += url; }

private slots:
    void initTestCase();
    void init();
    void cleanupTestCase();

    void me_isNamedAfterSignIn();
    void more_opensTheVisitorsPage();
    void address_withoutBrowser_canBeCopied();
    void labels_areThoseOfTheLayout();
    void sidePane_narrowAndWideAgain_keepsItsWidth();
    void f6_goesThroughEveryPane();
    void recordKeys_work();
    void recordKeys_hiddenPane_isShown();
    void ctrlS_savesTheEdit();
    void optionKeys_chooseAndOpenTheForm();
    void escape_peelsOneLayerAtATime();
    void wrapUp_isKeptByTheDesk();
    void controls_haveNamesAndRoles_data();
    void controls_haveNamesAndRoles();

private:
    desk::Desk &desk() { return *m_console->desk(); }
    ui::MainWindow &window() { return *m_console->window(); }
    QWidget *shown(const QString &name) const;
    QWidget *focused() const { return m_console->window()->focusWidget(); }
    QWidget *composer() { return window().chat().composer().edit(); }
    /// As a person: to whatever has the focus.
    void press(Qt::Key key, Qt::KeyboardModifiers modifiers = {})
    {
        QTest::keyClick(focused() ? focused() : m_console->window(), key, modifiers);
    }
    ChatId open(const QString &visitor, TabState state);
    void openLeadForm(const ChatId &chat);

    SystemClock m_clock;
    std::unique_ptr<console::Console> m_console;
    QList<QUrl> m_opened;
};

void RealWindowTest::initTestCase()
{
    QAccessible::setActive(true);
    for (const QString &scheme : {u"http"_s, u"https"_s})
        QDesktopServices::setUrlHandler(scheme, this, "takeUrl");
    m_console =
        std::make_unique<console::Console>(console::Options{.isDemo = true, .theme = u"light"_s}, m_clock);
    QVERIFY(m_console->start());
    QTRY_VERIFY_WITH_TIMEOUT(m_console->window() != nullptr, 30'000);
    window().resize(1440, 900);
    QVERIFY(QTest::qWaitForWindowActive(&window()));
}

void RealWindowTest::init()
{
    window().activateWindow(); // there is no window manager that would after a dialog
    QVERIFY(QTest::qWaitForWindowActive(&window()));
    window().showPage(ui::Page::Chats);
    window().setSideShown(true);
    m_opened.clear();
}

void RealWindowTest::cleanupTestCase()
{
    for (const QString &scheme : {u"http"_s, u"https"_s})
        QDesktopServices::unsetUrlHandler(scheme);
    m_console.reset();
}

QWidget *RealWindowTest::shown(const QString &name) const
{
    const auto all = m_console->window()->findChildren<QWidget *>(name);
    const auto found = std::ranges::find_if(all, [](const QWidget *one) { return one->isVisible(); });
    return found == all.end() ? nullptr : *found;
}

ChatId RealWindowTest::open(const QString &visitor, TabState state)
{
    ChatId found;
    const bool isThere = QTest::qWaitFor(
        [&] {
            const auto rows = desk().chats();
            const auto row = std::ranges::find_if(rows, [&](const desk::ChatRow &one) {
                return one.name == visitor && one.state == ChatState::Open &&
                       desk().recordTab(one.id).state == state;
            });
            if (row != rows.end())
                found = row->id;
            return row != rows.end();
        },
        30'000);
    if (!isThere)
        qWarning("no open chat of %s", qPrintable(visitor));
    m_console->binding()->openChat(found);
    return found;
}

void RealWindowTest::openLeadForm(const ChatId &chat)
{
    desk().chooseOption(chat, CreateOption::LeadAndTask);
    QTRY_VERIFY(shown(u"openForm"_s));
    QTest::mouseClick(shown(u"openForm"_s), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(shown(u"formField.LastName"_s), 15'000);
}

void RealWindowTest::me_isNamedAfterSignIn()
{
    QTRY_VERIFY_WITH_TIMEOUT(
        window().findChild<QWidget *>(u"railMe"_s)->accessibleName().startsWith(u"Nora Whitfield"_s), 10'000);
}

void RealWindowTest::more_opensTheVisitorsPage()
{
    QTest::mouseClick(shown(u"windowMore"_s), Qt::LeftButton);
    QTRY_VERIFY(window().findChild<QMenu *>(u"windowMoreMenu"_s));
    auto *menu = window().findChild<QMenu *>(u"windowMoreMenu"_s);
    QCOMPARE(menu->actions().size(), 2);
    menu->actions().first()->trigger();
    menu->close();
    QCOMPARE(m_opened, QList<QUrl>{m_console->demoWorld()->visitorPage()});
    QVERIFY(m_opened.first().isValid());
}

void RealWindowTest::address_withoutBrowser_canBeCopied()
{
    const QUrl page(u"http://127.0.0.1:4242/demo"_s);
    auto *dialog = new ui::AddressDialog(m_console->theme(), page, &window());
    dialog->open();
    QVERIFY(QTest::qWaitForWindowActive(dialog));
    QCOMPARE(dialog->findChild<QLineEdit *>(u"visitorAddress"_s)->text(), page.toString());
    QTest::keyClick(dialog->findChild<QWidget *>(u"copyAddress"_s), Qt::Key_Space);
    QCOMPARE(QApplication::clipboard()->text(), page.toString());
    QTest::keyClick(dialog, Qt::Key_Escape);
}

void RealWindowTest::labels_areThoseOfTheLayout()
{
    open(u"Amelia Hart"_s, TabState::Matched);
    QTRY_VERIFY_WITH_TIMEOUT(shown(u"field.Owner.Name"_s), 10'000);
    QTRY_VERIFY_WITH_TIMEOUT(shown(u"field.Owner.Name"_s)->accessibleName().startsWith(u"Contact Owner"_s),
                             10'000);
}

void RealWindowTest::sidePane_narrowAndWideAgain_keepsItsWidth()
{
    open(u"Amelia Hart"_s, TabState::Matched);
    auto *pane = window().findChild<QWidget *>(u"recordPane"_s);
    QTRY_VERIFY2(pane->width() >= 398 && pane->width() <= 400, qPrintable(QString::number(pane->width())));
    window().resize(900, 900); // a drawer
    QTRY_VERIFY(window().isSideDrawer());
    window().resize(1100, 900);
    window().showPage(ui::Page::Sync);
    window().resize(1440, 900);
    window().showPage(ui::Page::Chats);
    QTRY_VERIFY2(pane->width() >= 398 && pane->width() <= 400, qPrintable(QString::number(pane->width())));
}

void RealWindowTest::f6_goesThroughEveryPane()
{
    open(u"Amelia Hart"_s, TabState::Matched);
    QTRY_COMPARE(focused(), composer());
    const QStringList wanted{u"sideTabs"_s, u"sideBody"_s,   u"sideStatus"_s, u"rail"_s,
                             u"chatList"_s, u"chatHeader"_s, u"thread"_s,     u"composer"_s};
    const auto paneNow = [&]() -> QString {
        for (QWidget *at = focused(); at; at = at->parentWidget()) {
            if (wanted.contains(at->objectName()))
                return at->objectName();
        }
        return {};
    };
    QStringList visited;
    for (int i = 0; i < wanted.size(); ++i) {
        press(Qt::Key_F6);
        visited += paneNow();
    }
    QCOMPARE(visited, wanted);
    press(Qt::Key_F6, Qt::ShiftModifier);
    QCOMPARE(paneNow(), u"thread"_s);
}

void RealWindowTest::recordKeys_work()
{
    const ChatId amelia = open(u"Amelia Hart"_s, TabState::Matched);
    QTRY_COMPARE(focused(), composer());
    const Qt::KeyboardModifiers both = Qt::ControlModifier | Qt::ShiftModifier;
    press(Qt::Key_C, both);
    QCOMPARE(desk().recordTab(amelia).plan.attach, crm::Attach::Case);
    press(Qt::Key_T, both);
    QCOMPARE(desk().recordTab(amelia).plan.attach, crm::Attach::Task);
    press(Qt::Key_T, both);
    QCOMPARE(desk().recordTab(amelia).plan.attach, crm::Attach::Nothing);
    press(Qt::Key_O, both);
    QCOMPARE(m_opened, QList<QUrl>{desk().recordTab(amelia).cards.first().record.url});
    auto *tabs = window().findChild<QTabBar *>(u"recordTabs"_s);
    QCOMPARE(tabs->currentIndex(), 1);
    press(Qt::Key_I, Qt::ControlModifier);
    QCOMPARE(tabs->currentIndex(), 0);
    press(Qt::Key_I, Qt::ControlModifier);
    QCOMPARE(tabs->currentIndex(), 1);
    QCOMPARE(focused(), composer()); // none of this took the words away from the visitor
    press(Qt::Key_J, both);
    QTRY_VERIFY_WITH_TIMEOUT(!desk().recordTab(amelia).note.isEmpty(), 15'000);
}

void RealWindowTest::recordKeys_hiddenPane_isShown()
{
    const ChatId amelia = open(u"Amelia Hart"_s, TabState::Matched);
    QTRY_COMPARE(focused(), composer());
    press(Qt::Key_Backslash, Qt::ControlModifier);
    QVERIFY(!window().isSideShown());
    press(Qt::Key_C, Qt::ControlModifier | Qt::ShiftModifier);
    QCOMPARE(desk().recordTab(amelia).plan.attach, crm::Attach::Case);
    QVERIFY(window().isSideShown()); // nothing is planned without a line that says so
    QCOMPARE(focused(), composer());
    press(Qt::Key_C, Qt::ControlModifier | Qt::ShiftModifier);
    QCOMPARE(desk().recordTab(amelia).plan.attach, crm::Attach::Nothing);
}

void RealWindowTest::ctrlS_savesTheEdit()
{
    const ChatId amelia = open(u"Amelia Hart"_s, TabState::Matched);
    QTRY_VERIFY_WITH_TIMEOUT(shown(u"field.Title"_s), 10'000);
    const auto cardNow = [&] {
        return desk().recordTab(amelia).cards.first();
    };
    QTRY_VERIFY_WITH_TIMEOUT(!cardNow().fields.at(2).isReadOnly, 10'000);
    shown(u"field.Title"_s)->setFocus(Qt::TabFocusReason);
    press(Qt::Key_F2);
    QTRY_VERIFY(qobject_cast<QLineEdit *>(QApplication::focusWidget()));
    QTest::keyClicks(QApplication::focusWidget(), u"Head of Finance"_s);
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_Return);
    QCOMPARE(cardNow().changedCount(), 1);
    press(Qt::Key_S, Qt::ControlModifier);
    QTRY_COMPARE_WITH_TIMEOUT(cardNow().record.text(u"Title"_s), u"Head of Finance"_s, 15'000);
    QCOMPARE(cardNow().changedCount(), 0);
}

void RealWindowTest::optionKeys_chooseAndOpenTheForm()
{
    const ChatId tomas = open(u"Tomás Keller"_s, TabState::NotFound);
    QTRY_COMPARE(focused(), composer());
    const QList<CreateOption> options = desk().recordTab(tomas).options;
    QCOMPARE(options.size(), 4);
    for (int i = 0; i < 4; ++i) {
        press(Qt::Key(Qt::Key_1 + i), Qt::AltModifier);
        QCOMPARE(desk().recordTab(tomas).chosen, std::optional(options.at(i)));
    }
    press(Qt::Key_F, Qt::ControlModifier | Qt::ShiftModifier);
    QCOMPARE(focused()->objectName(), u"findRecord"_s);
    openLeadForm(tomas);
    QVERIFY(desk().recordTab(tomas).filledFromChat > 0);
    press(Qt::Key_Escape);
    QTRY_VERIFY(!shown(u"formField.LastName"_s));
    desk().chooseOption(tomas, std::nullopt);
}

void RealWindowTest::escape_peelsOneLayerAtATime()
{
    open(u"Amelia Hart"_s, TabState::Matched);
    QTRY_COMPARE(focused(), composer());
    press(Qt::Key_F, Qt::ControlModifier);
    press(Qt::Key_W, Qt::ControlModifier);
    QTRY_VERIFY(shown(u"endChatPanel"_s));
    press(Qt::Key_Escape);
    QTRY_VERIFY(!shown(u"endChatPanel"_s));
    press(Qt::Key_Escape);
    press(Qt::Key_Escape);
    QTRY_COMPARE(focused(), composer());
    QVERIFY(desk().chats().size() > 1); // and no chat was ended by it
    shown(u"recordTabs"_s)->setFocus();
    press(Qt::Key_Escape);
    QTRY_COMPARE(focused(), composer());
}

void RealWindowTest::wrapUp_isKeptByTheDesk()
{
    const ChatId amelia = open(u"Amelia Hart"_s, TabState::Matched);
    press(Qt::Key_W, Qt::ControlModifier);
    QTRY_VERIFY(shown(u"wrapUp"_s));
    QWidget *panel = shown(u"endChatPanel"_s);
    const QRect inside = panel->rect();
    for (const QString &name : {u"wrapUp"_s, u"endNote"_s, u"confirmEnd"_s}) {
        const QWidget *part = shown(name);
        if (part)
            QVERIFY2(inside.contains(QRect(part->mapTo(panel, QPoint(0, 0)), part->size())),
                     qPrintable(name));
    }
    QVERIFY2(inside.height() > 200, qPrintable(QString::number(inside.height())));
    shown(u"wrapUp"_s)->setFocus();
    QTest::keyClicks(shown(u"wrapUp"_s), u"Two seats removed"_s);
    QCOMPARE(desk().wrapUp(amelia), u"Two seats removed"_s);
    press(Qt::Key_Escape);
    QTRY_VERIFY(!shown(u"endChatPanel"_s));
    press(Qt::Key_W, Qt::ControlModifier);
    QTRY_VERIFY(shown(u"wrapUp"_s));
    QCOMPARE(qobject_cast<QPlainTextEdit *>(shown(u"wrapUp"_s))->toPlainText(), u"Two seats removed"_s);
    press(Qt::Key_Escape);
}

void RealWindowTest::controls_haveNamesAndRoles_data()
{
    QTest::addColumn<QString>("screen");
    for (const char *screen :
         {"matched", "edited", "several", "form", "endPanel", "settings", "sync", "strip"})
        QTest::newRow(screen) << QString::fromLatin1(screen);
}

void RealWindowTest::controls_haveNamesAndRoles()
{
    QFETCH(QString, screen);
    window().resize(screen == "strip"_L1 ? 1100 : 1440, 900);
    if (screen == "form"_L1)
        openLeadForm(open(u"Tomás Keller"_s, TabState::NotFound));
    else if (screen == "several"_L1)
        open(u"Jonas Lindqvist"_s, TabState::Several);
    else
        open(u"Amelia Hart"_s, TabState::Matched);
    if (screen == "edited"_L1) {
        QTRY_VERIFY(shown(u"field.Title"_s));
        shown(u"field.Title"_s)->setFocus(Qt::TabFocusReason);
        press(Qt::Key_F2);
    } else if (screen == "endPanel"_L1) {
        press(Qt::Key_W, Qt::ControlModifier);
        QTRY_VERIFY(shown(u"endChatPanel"_s));
    } else if (screen == "settings"_L1) {
        window().showPage(ui::Page::Settings);
    } else if (screen == "sync"_L1) {
        window().showPage(ui::Page::Sync);
    }
    QTest::qWait(300); // what is laid out with a pause
    int seen = 0;
    QStringList bad;
    const auto widgets = window().findChildren<QWidget *>();
    for (QWidget *widget : widgets) {
        const bool isInput = qobject_cast<QLineEdit *>(widget) || qobject_cast<QPlainTextEdit *>(widget) ||
                             qobject_cast<QTextEdit *>(widget) || qobject_cast<QComboBox *>(widget) ||
                             qobject_cast<QAbstractSpinBox *>(widget);
        const bool isControl = qobject_cast<QAbstractButton *>(widget) || isInput ||
                               qobject_cast<QAbstractItemView *>(widget) || qobject_cast<QTabBar *>(widget) ||
                               (widget->focusPolicy() & Qt::TabFocus);
        if (!isControl || !widget->isVisible() || widget->focusProxy())
            continue;
        ++seen;
        QAccessibleInterface *iface = QAccessible::queryAccessibleInterface(widget);
        QString who = QString::fromLatin1(widget->metaObject()->className());
        for (const QWidget *at = widget; at && who.size() < 200; at = at->parentWidget())
            who += at->objectName().isEmpty() ? u""_s : u" < "_s + at->objectName();
        const QAccessible::Role role = iface ? iface->role() : QAccessible::NoRole;
        if (!iface || iface->text(QAccessible::Name).trimmed().isEmpty())
            bad += u"no name: "_s + who;
        if (role == QAccessible::NoRole || role == QAccessible::Client || role == QAccessible::Window)
            bad += u"no role: "_s + who;
        if (isInput && !qobject_cast<QComboBox *>(widget) && !qobject_cast<QAbstractSpinBox *>(widget) &&
            role != QAccessible::EditableText)
            bad += u"no text field for a reader: "_s + who;
    }
    QVERIFY2(bad.isEmpty(), qPrintable(bad.join(u'\n')));
    QVERIFY2(seen > 5, qPrintable(QString::number(seen)));
    press(Qt::Key_Escape);
    press(Qt::Key_Escape);
}

QTEST_MAIN(RealWindowTest)
#include "tst_RealWindow.moc"
