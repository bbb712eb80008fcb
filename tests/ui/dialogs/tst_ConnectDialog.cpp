// Connecting a CRM: the choices, what is asked for, and that a failure keeps what was typed.
#include "ui/dialogs/ConnectDialog.h"
#include "ui/style/Surfaces.h"

#include <QApplication>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTest>
#include <QUrl>

using namespace parley::ui;
using namespace Qt::Literals::StringLiterals;

class ConnectDialogTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        m_theme.dress(*qApp);
        qRegisterMetaType<SignInChoice>();
    }
    void init() { QTest::failOnWarning(QRegularExpression(u"^(?!This plugin does not support )"_s)); }

    void signIn_hereAndBrowser_areEqualChoices()
    {
        ConnectDialog dialog(m_theme, u"Salesforce"_s);
        dialog.show();
        QSignalSpy requested(&dialog, &ConnectDialog::signInRequested);
        QTest::mouseClick(dialog.findChild<QPushButton *>(u"signInHere"_s), Qt::LeftButton);
        QTest::mouseClick(dialog.findChild<QPushButton *>(u"signInBrowser"_s), Qt::LeftButton);
        QCOMPARE(requested.size(), 2);
        QVERIFY(!requested.at(0).at(0).value<SignInChoice>().inSystemBrowser);
        QVERIFY(requested.at(1).at(0).value<SignInChoice>().inSystemBrowser);
        QCOMPARE(requested.at(0).at(0).value<SignInChoice>().environment,
                 SignInChoice::Environment::Production);
    }

    void custom_withoutDomain_asksForIt()
    {
        ConnectDialog dialog(m_theme, u"Salesforce"_s);
        dialog.show();
        dialog.setCustomHost({});
        QSignalSpy requested(&dialog, &ConnectDialog::signInRequested);
        QTest::mouseClick(dialog.findChild<QPushButton *>(u"signInHere"_s), Qt::LeftButton);
        QCOMPARE(requested.size(), 0);
        QVERIFY(dialog.findChild<QWidget *>(u"problem"_s)->isVisible());
        QTest::keyClicks(dialog.findChild<QLineEdit *>(u"customHost"_s), u"acme.my.salesforce.com"_s);
        QTest::mouseClick(dialog.findChild<QPushButton *>(u"signInHere"_s), Qt::LeftButton);
        QCOMPARE(requested.size(), 1);
        QCOMPARE(requested.at(0).at(0).value<SignInChoice>().host, u"acme.my.salesforce.com"_s);
    }

    void clientId_whereNobodyToldIt_isAskedFor()
    {
        ConnectDialog dialog(m_theme, u"Salesforce"_s);
        dialog.askForClientId({});
        dialog.show();
        QSignalSpy requested(&dialog, &ConnectDialog::signInRequested);
        QTest::mouseClick(dialog.findChild<QPushButton *>(u"signInHere"_s), Qt::LeftButton);
        QCOMPARE(requested.size(), 0);
        QTest::keyClicks(dialog.findChild<QLineEdit *>(u"clientId"_s), u" 3MVG9abc "_s);
        QTest::mouseClick(dialog.findChild<QPushButton *>(u"signInHere"_s), Qt::LeftButton);
        QCOMPARE(requested.size(), 1);
        QCOMPARE(requested.at(0).at(0).value<SignInChoice>().clientId, u"3MVG9abc"_s);
    }

    void escape_whileWaiting_endsTheWaitingFirst()
    {
        ConnectDialog dialog(m_theme, u"Salesforce"_s);
        dialog.show();
        dialog.showWaiting(true, QUrl(u"https://login.salesforce.com/services/oauth2/authorize?a=b"_s));
        QVERIFY(dialog.findChild<QLineEdit *>(u"address"_s)->isVisible());
        QSignalSpy cancelled(&dialog, &ConnectDialog::cancelled);
        QTest::keyClick(&dialog, Qt::Key_Escape);
        QCOMPARE(cancelled.size(), 1);
        QVERIFY(dialog.isVisible());
        QTest::keyClick(&dialog, Qt::Key_Escape);
        QVERIFY(!dialog.isVisible());
    }

    void problem_afterATry_keepsWhatWasTyped()
    {
        ConnectDialog dialog(m_theme, u"Salesforce"_s);
        dialog.setCustomHost(u"acme.my.salesforce.com"_s);
        dialog.setKept(false);
        dialog.show();
        dialog.showWaiting(false);
        dialog.showProblem(u"Salesforce said no"_s,
                           u"You or an administrator refused the access that Parley asks for."_s);
        QCOMPARE(dialog.findChild<QLineEdit *>(u"customHost"_s)->text(), u"acme.my.salesforce.com"_s);
        QVERIFY(dialog.findChild<QLabel *>(u"kept"_s)->text().contains(u"No keychain"_s));
        const QString folder = qEnvironmentVariable("PARLEY_SHOTS");
        if (!folder.isEmpty())
            dialog.grab().save(folder + u"/connect-problem.png"_s);
    }

private:
    Theme m_theme;
};

QTEST_MAIN(ConnectDialogTest)
#include "tst_ConnectDialog.moc"
