// The first window: what counts as an address, what the hub's answer says, and what Connect hands on.
#include "ui/dialogs/FirstRun.h"
#include "ui/style/Theme.h"

#include <QApplication>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTest>

using namespace parley;
using namespace parley::ui;
using namespace Qt::Literals::StringLiterals;

namespace {

Async<HubFound> tallyworksAnswers(QUrl url)
{
    if (url.host() != "127.0.0.1"_L1)
        co_return fail(Errc::Offline);
    co_return HubFound{.name = u"Tallyworks"_s, .version = u"1.4"_s};
}

template <class T> T *child(const QWidget &parent, const QString &name)
{
    auto *found = parent.findChild<T *>(name);
    Q_ASSERT(found);
    return found;
}

} // namespace

class FirstRunTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase() { m_theme.dress(*qApp); }
    void init() { QTest::failOnWarning(QRegularExpression(u"^(?!This plugin does not support )"_s)); }

    void hubUrl_typed_isCompleted_data()
    {
        QTest::addColumn<QString>("typed");
        QTest::addColumn<QString>("url");
        QTest::newRow("host") << u"chat.tallyworks.example"_s << u"https://chat.tallyworks.example"_s;
        QTest::newRow("spaces") << u"  chat.tallyworks.example/ "_s << u"https://chat.tallyworks.example"_s;
        QTest::newRow("loopback") << u"127.0.0.1:8080"_s << u"http://127.0.0.1:8080"_s;
        QTest::newRow("localhost") << u"localhost:9"_s << u"http://localhost:9"_s;
        QTest::newRow("scheme kept") << u"http://hub.example:81/x/"_s << u"http://hub.example:81/x"_s;
        QTest::newRow("query dropped") << u"https://hub.example/?a=1#b"_s << u"https://hub.example"_s;
        QTest::newRow("other scheme") << u"ftp://hub.example"_s << QString();
        QTest::newRow("password in it") << u"https://me:secret@hub.example"_s << QString();
        QTest::newRow("no host") << u"https://"_s << QString();
        QTest::newRow("empty") << u" "_s << QString();
    }
    void hubUrl_typed_isCompleted()
    {
        QFETCH(QString, typed);
        QFETCH(QString, url);
        QCOMPARE(FirstRun::hubUrlFrom(typed).toString(), url);
    }

    void address_ofAHub_namesIt()
    {
        FirstRun page(m_theme, tallyworksAnswers);
        page.setHubAddress(u"127.0.0.1:8080"_s);
        QTRY_COMPARE(child<QLabel>(page, u"hubFound"_s)->text(),
                     u"Hub found: Tallyworks, version 1.4. The connection is not encrypted."_s);
    }

    void address_whereNobodyAnswers_saysSo()
    {
        FirstRun page(m_theme, tallyworksAnswers);
        page.setHubAddress(u"nobody.example"_s);
        QTRY_VERIFY(
            child<QLabel>(page, u"hubFound"_s)->text().startsWith(u"No hub answers at nobody.example"_s));
    }

    void connect_withEverything_handsItOn()
    {
        FirstRun page(m_theme, tallyworksAnswers);
        page.show();
        QSignalSpy requested(&page, &FirstRun::connectRequested);
        QTest::keyClicks(child<QLineEdit>(page, u"hubAddress"_s), u"127.0.0.1:8080"_s);
        QTest::keyClicks(child<QLineEdit>(page, u"email"_s), u"nora@tallyworks.example"_s);
        QTest::keyClicks(child<QLineEdit>(page, u"password"_s), u"secret"_s);
        QTest::keyClick(child<QLineEdit>(page, u"password"_s), Qt::Key_Return);
        QCOMPARE(requested.size(), 1);
        QCOMPARE(requested.at(0).at(0).toUrl(), QUrl(u"http://127.0.0.1:8080"_s));
        QCOMPARE(requested.at(0).at(2).toString(), u"secret"_s);
        QCOMPARE(requested.at(0).at(3).toBool(), true);
    }

    void connect_withoutPassword_saysWhatIsMissing()
    {
        FirstRun page(m_theme, tallyworksAnswers);
        page.show();
        QSignalSpy requested(&page, &FirstRun::connectRequested);
        page.setHubAddress(u"127.0.0.1:8080"_s);
        page.setEmail(u"nora@tallyworks.example"_s);
        QTest::mouseClick(child<QPushButton>(page, u"connect"_s), Qt::LeftButton);
        QCOMPARE(requested.size(), 0);
        QVERIFY(child<QLabel>(page, u"problem"_s)->isVisible());
    }

    void connecting_cannotBePressedTwice_andKeepsWhatWasTyped()
    {
        FirstRun page(m_theme, tallyworksAnswers);
        page.setHubAddress(u"127.0.0.1:8080"_s);
        page.setConnecting(true);
        QVERIFY(!child<QPushButton>(page, u"connect"_s)->isEnabled());
        page.setConnecting(false);
        page.showProblem(u"The hub does not know this email and password."_s);
        QVERIFY(child<QPushButton>(page, u"connect"_s)->isEnabled());
        QCOMPARE(child<QLineEdit>(page, u"hubAddress"_s)->text(), u"127.0.0.1:8080"_s);
    }

    /// For the eyes: PARLEY_SHOTS=DIR writes it in both themes.
    void look_bothThemes_draws()
    {
        for (const ThemeChoice choice : {ThemeChoice::Light, ThemeChoice::Dark}) {
            m_theme.choose(choice);
            FirstRun page(m_theme, tallyworksAnswers);
            page.setHubAddress(u"127.0.0.1:8080"_s);
            page.setEmail(u"nora.whitfield@tallyworks.example"_s);
            page.show();
            QTRY_VERIFY(child<QLabel>(page, u"hubFound"_s)->text().startsWith(u"Hub found"_s));
            const QImage shot = page.grab().toImage();
            QCOMPARE(shot.pixelColor(100, 400), m_theme.colours().bgRail);
            const QString folder = qEnvironmentVariable("PARLEY_SHOTS");
            if (!folder.isEmpty())
                shot.save(folder +
                          (choice == ThemeChoice::Light ? u"/firstrun.png"_s : u"/firstrun-dark.png"_s));
        }
        m_theme.choose(ThemeChoice::Light);
    }

private:
    Theme m_theme;
};

QTEST_MAIN(FirstRunTest)
#include "tst_FirstRun.moc"
