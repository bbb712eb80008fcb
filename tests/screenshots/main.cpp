// Writes the key screens of the real program to a folder: the demo runs, the chats are opened one after the
// other, and the window is grabbed in both themes and two sizes. For the eyes of whoever changes the ui.
#include "app/console/Console.h"
#include "app/console/CrmLink.h"
#include "app/demo/DemoWorld.h"
#include "core/desk/Desk.h"
#include "ui/dialogs/ConnectDialog.h"
#include "ui/dialogs/FirstRun.h"
#include "ui/panels/DeskBinding.h"
#include "ui/panels/MainWindow.h"

#include <QApplication>
#include <QDir>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QTest>

#include <cstdio>

using namespace parley;
using namespace Qt::Literals::StringLiterals;

namespace {

class Photographer
{
public:
    explicit Photographer(QString folder)
        : m_folder(std::move(folder))
        , m_console(console::Options{.isDemo = true, .theme = u"light"_s}, m_clock)
    {}

    int run()
    {
        if (!m_console.start())
            return 1;
        if (!QTest::qWaitFor([this] { return m_console.window() != nullptr; }, 30'000))
            return 1;
        // Nobody else would: there is no window manager. Without it nothing shows that it has the focus.
        m_console.window()->activateWindow();
        std::ignore = QTest::qWaitForWindowActive(m_console.window());
        shootFirstRun();
        m_console.window()->activateWindow();
        shootChats();
        shootPopups();
        shootSmall();
        shootContrast();
        shootPages();
        shootDialog();
        return m_missed;
    }

private:
    desk::Desk &desk() { return *m_console.desk(); }

    /// Every picture in both themes and both sizes.
    void shoot(const QString &name)
    {
        for (const QSize size : {QSize(1440, 900), QSize(1100, 700)}) {
            m_console.window()->resize(size);
            for (const bool isDark : {false, true}) {
                m_console.theme().choose(isDark ? ui::ThemeChoice::Dark : ui::ThemeChoice::Light);
                QCoreApplication::processEvents();
                QCoreApplication::processEvents();
                save(*m_console.window(),
                     u"%1-%2-%3"_s.arg(name, isDark ? u"dark"_s : u"light"_s).arg(size.width()));
            }
        }
        m_console.theme().choose(ui::ThemeChoice::Light);
        m_console.window()->resize(1440, 900);
    }

    void save(QWidget &widget, const QString &name)
    {
        const QString path = QDir(m_folder).filePath(name + u".png"_s);
        if (!widget.grab().save(path))
            miss(u"cannot write "_s + path);
    }

    /// Until what is shown late on purpose (skeletons after 200 ms) and the pauses of layouts are over.
    static void settle() { QTest::qWait(400); }

    void waitFor(const std::function<bool()> &condition, const QString &what)
    {
        if (!QTest::qWaitFor(condition, 15'000))
            miss(u"waited in vain for "_s + what);
    }

    void miss(const QString &why)
    {
        ++m_missed;
        fprintf(stderr, "screenshots: %s\n", qPrintable(why));
    }

    ChatId open(const QString &visitor, desk::TabState expected)
    {
        ChatId found;
        const bool isThere = QTest::qWaitFor(
            [&] {
                const auto rows = desk().chats();
                for (const desk::ChatRow &row : rows) {
                    if (row.name == visitor && row.state == ChatState::Open &&
                        desk().recordTab(row.id).state == expected && desk().thread(row.id).size() >= 3) {
                        found = row.id;
                        return true;
                    }
                }
                return false;
            },
            30'000);
        if (!isThere)
            miss(u"no open chat of "_s + visitor);
        m_console.binding()->openChat(found);
        settle();
        return found;
    }

    void shootFirstRun()
    {
        for (const bool isDark : {false, true}) {
            m_console.theme().choose(isDark ? ui::ThemeChoice::Dark : ui::ThemeChoice::Light);
            ui::FirstRun page(m_console.theme(), [](const QUrl &) -> Async<ui::HubFound> {
                co_return ui::HubFound{.name = u"Tallyworks"_s, .version = QStringLiteral(PARLEY_VERSION)};
            });
            page.setHubAddress(u"https://chat.tallyworks.example"_s);
            page.setEmail(u"nora.whitfield@tallyworks.example"_s);
            page.show();
            settle();
            save(page, isDark ? u"firstrun-dark"_s : u"firstrun-light"_s);
            page.showProblem(u"The email or the password is not right."_s);
            settle();
            save(page, isDark ? u"firstrun-problem-dark"_s : u"firstrun-problem-light"_s);
        }
        m_console.theme().choose(ui::ThemeChoice::Light);
    }

    void shootChats()
    {
        const ChatId amelia = open(u"Amelia Hart"_s, desk::TabState::Matched);
        desk().send(
            amelia,
            u"Thanks, Amelia. I can see it: two seats were added on 2 May. Shall I remove both and credit the difference?"_s);
        desk().addNote(amelia, u"Credit up to £200 is fine without approval."_s);
        if (const auto tab = desk().recordTab(amelia); !tab.cards.isEmpty())
            desk().keepEdit(amelia, tab.cards.first().record.ref, u"Title"_s, u"Finance Lead"_s);
        desk().setAttach(amelia, crm::Attach::Case);
        waitFor([&] { return desk().typingText(amelia).size() > 8; }, u"typing"_s);
        shoot(u"main"_s);

        const ChatId tomas = open(u"Tomás Keller"_s, desk::TabState::NotFound);
        shoot(u"nomatch"_s);
        desk().chooseOption(tomas, desk::CreateOption::LeadAndTask);
        if (auto *button = m_console.window()->findChild<QWidget *>(u"openForm"_s)) {
            QTest::mouseClick(button, Qt::LeftButton);
            waitFor(
                [this] {
                    return m_console.window()->findChild<QWidget *>(u"formField.LastName"_s) != nullptr;
                },
                u"the form"_s);
            settle();
            shoot(u"create-lead"_s);
            QTest::mouseClick(child(u"formCancel"_s), Qt::LeftButton);
        } else {
            miss(u"no button opens the form"_s);
        }
        open(u"Jonas Lindqvist"_s, desk::TabState::Several);
        shoot(u"ambiguous"_s);
        open(u"Priya Nair"_s, desk::TabState::Matched);
        shoot(u"lead"_s);
        open(u"Amelia Hart"_s, desk::TabState::Matched);
        if (auto *end = m_console.window()->findChild<QWidget *>(u"endChat"_s))
            QTest::mouseClick(end, Qt::LeftButton);
        else
            miss(u"no button ends the chat"_s);
        waitFor(
            [this] {
                auto *panel = m_console.window()->findChild<QWidget *>(u"endChatPanel"_s);
                return panel && panel->isVisible();
            },
            u"the end panel"_s);
        settle();
        shoot(u"end-chat"_s);
        if (auto *keep = m_console.window()->findChild<QWidget *>(u"keepChatting"_s))
            QTest::mouseClick(keep, Qt::LeftButton);
    }

    QWidget *child(const QString &name)
    {
        const auto all = m_console.window()->findChildren<QWidget *>(name);
        const auto shown = std::ranges::find_if(all, [](const QWidget *one) { return one->isVisible(); });
        if (shown == all.end())
            miss(u"nothing is called "_s + name);
        return shown == all.end() ? m_console.window() : *shown;
    }

    /// What comes up over the window, and the visitor's tab.
    void shootPopups()
    {
        ui::MainWindow &window = *m_console.window();
        const ChatId amelia = open(u"Amelia Hart"_s, desk::TabState::Matched);
        QTest::keyClick(&window, Qt::Key_I, Qt::ControlModifier);
        settle();
        shoot(u"visitor-tab"_s);
        QTest::keyClick(&window, Qt::Key_I, Qt::ControlModifier);
        // A popup goes with the focus: it is brought up again for each size.
        QPlainTextEdit *edit = window.chat().composer().edit();
        const auto popups = [&](const QString &name, const std::function<void()> &bringUp) {
            for (const QSize size : {QSize(1440, 900), QSize(1100, 700), QSize(880, 600)}) {
                window.resize(size);
                settle();
                for (const bool isDark : {false, true}) {
                    m_console.theme().choose(isDark ? ui::ThemeChoice::Dark : ui::ThemeChoice::Light);
                    edit->setFocus();
                    edit->clear();
                    bringUp();
                    QCoreApplication::processEvents();
                    save(window, u"%1-%2-%3"_s.arg(name, isDark ? u"dark"_s : u"light"_s).arg(size.width()));
                }
            }
        };
        popups(u"canned"_s, [&] { QTest::keyClicks(edit, u"/cre"_s); });
        popups(u"emoji"_s, [&] { QTest::keyClicks(edit, u"Done :pa"_s); });
        popups(u"palette"_s, [&] {
            const bool isStrip = window.list().isCompact();
            QTest::mouseClick(child(isStrip ? u"compactSearch"_s : u"chatSearch"_s), Qt::LeftButton);
            QTest::keyClicks(child(u"paletteField"_s), u"att"_s);
        });
        QTest::keyClick(window.focusWidget(), Qt::Key_Escape);
        edit->clear();
        m_console.theme().choose(ui::ThemeChoice::Light);
        window.resize(1440, 900);
    }

    /// The smallest window, with the drawer closed and open, and a form that was refused.
    void shootSmall()
    {
        ui::MainWindow &window = *m_console.window();
        const auto small = [&](const QString &name) {
            for (const bool isDark : {false, true}) {
                m_console.theme().choose(isDark ? ui::ThemeChoice::Dark : ui::ThemeChoice::Light);
                settle();
                save(window, u"%1-%2-880"_s.arg(name, isDark ? u"dark"_s : u"light"_s));
            }
            m_console.theme().choose(ui::ThemeChoice::Light);
        };
        window.resize(880, 600);
        open(u"Amelia Hart"_s, desk::TabState::Matched);
        small(u"main"_s);
        window.setSideShown(true);
        small(u"drawer"_s);
        window.setSideShown(false);
        window.resize(1440, 900);
        const ChatId tomas = open(u"Tomás Keller"_s, desk::TabState::NotFound);
        desk().chooseOption(tomas, desk::CreateOption::LeadAndTask);
        settle();
        QTest::mouseClick(child(u"openForm"_s), Qt::LeftButton);
        waitFor([&] { return window.findChild<QWidget *>(u"formField.LastName"_s) != nullptr; },
                u"the form"_s);
        settle();
        const auto type = [&](const QString &field, const QString &text) {
            auto *line = window.findChild<QWidget *>(field)->findChild<QLineEdit *>();
            line->selectAll();
            QTest::keyClick(line, Qt::Key_Delete);
            QTest::keyClicks(line, text);
        };
        type(u"formField.LastName"_s, {});
        type(u"formField.Email"_s, u"tomas at kellerstudio"_s);
        QTest::mouseClick(child(u"formSave"_s), Qt::LeftButton);
        settle();
        shoot(u"form-refused"_s);
        QTest::mouseClick(child(u"formCancel"_s), Qt::LeftButton);
        desk().chooseOption(tomas, std::nullopt);
    }

    void shootContrast()
    {
        m_console.theme().setHighContrast(true);
        open(u"Amelia Hart"_s, desk::TabState::Matched);
        shoot(u"contrast-main"_s);
        open(u"Jonas Lindqvist"_s, desk::TabState::Several);
        shoot(u"contrast-ambiguous"_s);
        open(u"Tomás Keller"_s, desk::TabState::NotFound);
        shoot(u"contrast-form"_s);
        m_console.theme().setHighContrast(false);
    }

    void shootPages()
    {
        open(u"Amelia Hart"_s, desk::TabState::Matched);
        m_console.window()->showPage(ui::Page::Settings);
        shoot(u"settings"_s);
        m_console.window()->showPage(ui::Page::Sync);
        shoot(u"sync"_s);
        m_console.window()->showPage(ui::Page::Chats);
        m_console.window()->setLayoutDirection(Qt::RightToLeft);
        QApplication::setLayoutDirection(Qt::RightToLeft);
        shoot(u"main-rtl"_s);
        QApplication::setLayoutDirection(Qt::LeftToRight);
        m_console.window()->setLayoutDirection(Qt::LeftToRight);
        m_console.crm()->signOut();
        waitFor([this] { return desk().crmStatus().state == desk::CrmState::NotConnected; },
                u"the sign-out"_s);
        shoot(u"notconnected"_s);
    }

    void shootDialog()
    {
        for (const bool isDark : {false, true}) {
            m_console.theme().choose(isDark ? ui::ThemeChoice::Dark : ui::ThemeChoice::Light);
            m_console.showConnectDialog();
            QCoreApplication::processEvents();
            save(*m_console.connectDialog(), isDark ? u"connect-dark"_s : u"connect-light"_s);
        }
    }

    const QString m_folder;
    SystemClock m_clock;
    console::Console m_console;
    int m_missed = 0;
};

} // namespace

int main(int argc, char **argv)
{
    QApplication app(argc, argv);
    if (argc != 2 || !QDir().mkpath(QString::fromLocal8Bit(argv[1]))) {
        fprintf(stderr, "usage: parley_screenshots FOLDER\n");
        return 2;
    }
    QApplication::setQuitOnLastWindowClosed(false);
    return Photographer(QString::fromLocal8Bit(argv[1])).run();
}
