#include "ui/dialogs/ConnectDialog.h"
#include "ui/style/SegmentedControl.h"

#include <QLineEdit>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTest>

using namespace parley;
using namespace parley::ui;
using namespace Qt::Literals::StringLiterals;

class ConnectDialogTest : public QObject
{
    Q_OBJECT

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(u"^(?!This plugin does not support )"_s)); }

    void loginUrl_data()
    {
        QTest::addColumn<QString>("typed");
        QTest::addColumn<QString>("url");
        QTest::newRow("host") << u"company.my.salesforce.com"_s << u"https://company.my.salesforce.com"_s;
        QTest::newRow("pasted page") << u"https://company.my.salesforce.com/lightning/o?x=1"_s
                                     << u"https://company.my.salesforce.com"_s;
        QTest::newRow("plain http") << u"http://company.my.salesforce.com"_s << QString();
        QTest::newRow("this computer") << u"http://127.0.0.1:8123"_s << u"http://127.0.0.1:8123"_s;
        QTest::newRow("user in it") << u"https://login.salesforce.com@evil.example"_s << QString();
        QTest::newRow("script") << u"javascript://alert(1)"_s << QString();
        QTest::newRow("one word") << u"company"_s << QString();
        QTest::newRow("empty") << QString() << QString();
    }
    void loginUrl()
    {
        QFETCH(QString, typed);
        QFETCH(QString, url);
        const auto found = ConnectDialog::loginUrlOf(ConnectEnvironment::CustomDomain, typed);
        QCOMPARE(found ? found->toString() : QString(), url);
    }

    void bothWays_areOfferedAndAskForTheirOwn()
    {
        Theme theme;
        ConnectDialog dialog(theme, u"Salesforce"_s, nullptr);
        dialog.show();
        QVERIFY(!dialog.findChild<Button *>(u"connectBrowser"_s)->isEnabled()); // no connected app yet
        dialog.setClientId(u"3MVG9"_s);
        QSignalSpy asked(&dialog, &ConnectDialog::signInRequested);
        dialog.findChild<SegmentedControl *>()->setCurrent(1);
        QTest::mouseClick(dialog.findChild<Button *>(u"connectOwnWindow"_s), Qt::LeftButton);
        QTest::mouseClick(dialog.findChild<Button *>(u"connectBrowser"_s), Qt::LeftButton);
        QCOMPARE(asked.size(), 2);
        const auto request = asked.at(1).at(0).value<ConnectRequest>();
        QCOMPARE(request.loginUrl, QUrl(u"https://test.salesforce.com"_s));
        QCOMPARE(request.way, ConnectWay::SystemBrowser);
        QCOMPARE(request.clientId, u"3MVG9"_s);
    }

    void waiting_escape_cancelsTheSignInAndKeepsTheDialog()
    {
        Theme theme;
        ConnectDialog dialog(theme, u"Salesforce"_s, nullptr);
        dialog.show();
        dialog.showWaiting(ConnectWay::SystemBrowser);
        QSignalSpy cancelled(&dialog, &ConnectDialog::cancelRequested);
        QTest::keyClick(&dialog, Qt::Key_Escape);
        QCOMPARE(cancelled.size(), 1);
        QVERIFY(dialog.isVisible());
        dialog.showError(Error{.code = Errc::Cancelled});
        QCOMPARE(dialog.findChild<Banner *>(u"connectProblem"_s)->title(), u"The sign-in was cancelled"_s);
        QTest::keyClick(&dialog, Qt::Key_Escape);
        QVERIFY(!dialog.isVisible());
    }

    void problem_data()
    {
        QTest::addColumn<QString>("code");
        QTest::addColumn<QString>("title");
        QTest::newRow("refused consent") << u"access_denied"_s << u"Salesforce was not allowed"_s;
        QTest::newRow("wrong state") << u"wrong_state"_s << u"The answer did not belong to this sign-in"_s;
        QTest::newRow("port taken") << u"port_in_use"_s << u"The browser's answer cannot reach Parley"_s;
        QTest::newRow("unknown app") << u"invalid_client"_s << u"Salesforce does not know this Parley"_s;
    }
    void problem()
    {
        QFETCH(QString, code);
        QFETCH(QString, title);
        Theme theme;
        ConnectDialog dialog(theme, u"Salesforce"_s, nullptr);
        dialog.show();
        dialog.showError(Error{.code = Errc::Rejected, .remoteCode = code});
        QCOMPARE(dialog.findChild<Banner *>(u"connectProblem"_s)->title(), title);
        QVERIFY(dialog.findChild<Banner *>(u"connectProblem"_s)->isVisible());
    }

    void noKeychain_isSaidBeforeSigningIn()
    {
        Theme theme;
        ConnectDialog dialog(theme, u"Salesforce"_s, nullptr);
        dialog.show();
        QVERIFY(!dialog.findChild<Banner *>(u"connectKeychain"_s)->isVisible());
        dialog.setKeychain(false);
        QVERIFY(dialog.findChild<Banner *>(u"connectKeychain"_s)->isVisible());
    }
};

QTEST_MAIN(ConnectDialogTest)
#include "tst_ConnectDialog.moc"
