// The settings' CRM connections: which one is in use, what can be done with each, what rights are missing.
#include "ui/panels/ConnectionsView.h"

#include <QApplication>
#include <QClipboard>
#include <QGuiApplication>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTest>

using namespace parley;
using namespace parley::ui;
using namespace Qt::Literals::StringLiterals;

class ConnectionsViewTest : public QObject
{
    Q_OBJECT

    Theme m_theme;
    std::unique_ptr<ConnectionsView> m_view;

    static QList<desk::CrmConnection> two()
    {
        return {{.id = u"salesforce"_s,
                 .name = u"Production"_s,
                 .host = u"login.salesforce.com"_s,
                 .isActive = true},
                {.id = u"salesforce-2"_s,
                 .name = u"<b>Trial</b>"_s,
                 .host = u"acme--uat.sandbox.my.salesforce.com"_s,
                 .isService = true}};
    }
    static desk::CrmStatus status(desk::CrmState state)
    {
        return {.state = state, .name = u"Salesforce"_s, .userName = u"Nora Whitfield"_s, .host = u"acme"_s};
    }
    QPushButton *button(const QString &name)
    {
        const auto all = m_view->findChildren<QPushButton *>(name);
        return all.isEmpty() ? nullptr : all.last(); // those of before go with the event loop
    }

private slots:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(u"^(?!This plugin does not support )"_s));
        m_view = std::make_unique<ConnectionsView>(m_theme, nullptr);
        m_view->resize(640, 400);
        m_view->show();
    }

    void none_offersToConnect()
    {
        m_view->setConnections({}, status(desk::CrmState::NotConnected));
        QCOMPARE(button(u"connectAnotherCrm"_s)->text(), u"Connect Salesforce"_s);
        QSignalSpy asked(m_view.get(), &ConnectionsView::connectAsked);
        QTest::mouseClick(button(u"connectAnotherCrm"_s), Qt::LeftButton);
        QCOMPARE(asked.size(), 1);
    }

    void two_oneInUse_eachHasItsOwnActs()
    {
        m_view->setConnections(two(), status(desk::CrmState::Connected));
        QVERIFY(button(u"checkAccess.salesforce"_s));
        QVERIFY(!button(u"useConnection.salesforce"_s)->isVisible());
        QVERIFY(!button(u"checkAccess.salesforce-2"_s)->isVisible());
        QSignalSpy used(m_view.get(), &ConnectionsView::useAsked);
        QTest::mouseClick(button(u"useConnection.salesforce-2"_s), Qt::LeftButton);
        QCOMPARE(used.at(0).at(0).toString(), u"salesforce-2"_s);
        QCOMPARE(button(u"signOutCrm.salesforce"_s)->text(), u"Sign out"_s);
        QCOMPARE(button(u"signOutCrm.salesforce-2"_s)->text(), u"Remove"_s);
        // The same again changes nothing: the button under the pointer stays.
        QPushButton *const before = button(u"useConnection.salesforce-2"_s);
        m_view->setConnections(two(), status(desk::CrmState::Connected));
        QCOMPARE(button(u"useConnection.salesforce-2"_s), before);
    }

    void signOut_isAskedFirst()
    {
        auto connections = two();
        connections[0].promised = 3;
        m_view->setConnections(connections, status(desk::CrmState::Connected));
        m_view->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(m_view.get()));
        QSignalSpy out(m_view.get(), &ConnectionsView::signOutAsked);
        QPushButton *const no = button(u"signOutNo.salesforce"_s);
        QTest::mouseClick(button(u"signOutCrm.salesforce"_s), Qt::LeftButton);
        QVERIFY(no->isVisible() && no->hasFocus());
        QStringList said;
        for (const QLabel *label :
             m_view->findChild<QWidget *>(u"connection.salesforce"_s)->findChildren<QLabel *>())
            said += label->text();
        QVERIFY2(said.join(u'|').contains(u"3 promised writes wait"_s), qPrintable(said.join(u'|')));
        QTest::keyClick(no, Qt::Key_Escape);
        QVERIFY(!no->isVisible());
        QVERIFY(button(u"signOutCrm.salesforce"_s)->hasFocus());
        QTest::mouseClick(button(u"signOutCrm.salesforce"_s), Qt::LeftButton);
        QTest::mouseClick(no, Qt::LeftButton);
        QCOMPARE(out.size(), 0);
        QTest::mouseClick(button(u"signOutCrm.salesforce"_s), Qt::LeftButton);
        QTest::mouseClick(button(u"signOutYes.salesforce"_s), Qt::LeftButton);
        QCOMPARE(out.size(), 1);
        QCOMPARE(out.at(0).at(0).toString(), u"salesforce"_s);
    }

    void promised_toAnotherOrg_isSaidThere()
    {
        auto connections = two();
        connections[0].promised = 2; // of the one in use Sync tells
        connections[1].promised = 1;
        m_view->setConnections(connections, status(desk::CrmState::Connected));
        QVERIFY(!m_view->findChild<QWidget *>(u"promised.salesforce"_s)->isVisible());
        QTRY_VERIFY(m_view->findChild<QWidget *>(u"promised.salesforce-2"_s)->isVisible());
    }

    void usage_isShownOfTheOneInUse_andWarnsNearTheLimit()
    {
        desk::CrmStatus crm = status(desk::CrmState::Connected);
        crm.usage = crm::Usage{.used = 18, .limit = 15'000};
        m_view->setConnections(two(), crm);
        auto *usage = m_view->findChild<QLabel *>(u"usage.salesforce"_s);
        QTRY_VERIFY(usage->isVisible());
        QVERIFY(usage->text().startsWith(u"18 of "));
        QVERIFY(!usage->text().contains(u"At the limit"));
        QVERIFY(!m_view->findChild<QWidget *>(u"usage.salesforce-2"_s)->isVisible());
        crm.usage = crm::Usage{.used = 12'000, .limit = 15'000}; // four fifths
        m_view->setConnections(two(), crm);
        QVERIFY(usage->text().contains(u"At the limit"));
    }

    void focus_staysWhereItIs_whenTheStateChanges()
    {
        m_view->setConnections(two(), status(desk::CrmState::Connected));
        m_view->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(m_view.get()));
        button(u"useConnection.salesforce-2"_s)->setFocus();
        auto reversed = two();
        std::ranges::reverse(reversed);
        m_view->setConnections(reversed, status(desk::CrmState::Connecting));
        QVERIFY(button(u"useConnection.salesforce-2"_s)->hasFocus());
        m_view->setConnections(two(), status(desk::CrmState::Connected));
        button(u"checkAccess.salesforce"_s)->setFocus();
        m_view->setConnections(two(), status(desk::CrmState::SignInNeeded)); // its button goes
        QVERIFY(m_view->findChild<QWidget *>(u"connection.salesforce"_s)
                    ->isAncestorOf(QApplication::focusWidget()));
        m_view->setConnections({two().last()}, status(desk::CrmState::Connected));
        QTRY_VERIFY(!m_view->findChild<QWidget *>(u"connection.salesforce"_s));
    }

    void readAnew_isAskedAndAnswered()
    {
        m_view->setConnections(two(), status(desk::CrmState::Connected));
        QSignalSpy asked(m_view.get(), &ConnectionsView::readAsked);
        QTest::mouseClick(button(u"readSchemas.salesforce"_s), Qt::LeftButton);
        QCOMPARE(asked.size(), 1);
        m_view->setReading();
        auto *verdict = m_view->findChild<Banner *>(u"accessVerdict"_s);
        QVERIFY(verdict->title().startsWith(u"Reading fields and pages"_s));
        m_view->setRead(Done{});
        QCOMPARE(verdict->title(), u"Fields and pages are as Salesforce has them now"_s);
        m_view->setRead(fail(Errc::Offline));
        QCOMPARE(verdict->title(), u"Salesforce is not reachable"_s);
    }

    void lapsed_offersTheSignIn()
    {
        m_view->setConnections(two(), status(desk::CrmState::SignInNeeded));
        QSignalSpy asked(m_view.get(), &ConnectionsView::signInAsked);
        QTest::mouseClick(button(u"signInCrm.salesforce"_s), Qt::LeftButton);
        QCOMPARE(asked.size(), 1);
    }

    void access_missing_isListedAndCopied()
    {
        m_view->setConnections(two(), status(desk::CrmState::Connected));
        m_view->setChecking();
        auto *verdict = m_view->findChild<Banner *>(u"accessVerdict"_s);
        QVERIFY(verdict->isVisible());
        crm::AccessReport report{
            .userName = u"nora@tallyworks.example"_s, .organisation = u"Tallyworks"_s, .missing = {}};
        report.missing = {
            {.kind = kinds::contact, .field = u"Email"_s, .right = u"edit"_s, .where = u"Setup > Here"_s},
            {.kind = kinds::crmCase, .field = {}, .right = u"create"_s, .where = u"Setup > There"_s}};
        m_view->setAccess(report);
        QCOMPARE(verdict->title(), u"2 rights are missing"_s);
        QVERIFY(button(u"copyAccess"_s));
        QTest::mouseClick(button(u"copyAccess"_s), Qt::LeftButton);
        const QString copied = QGuiApplication::clipboard()->text();
        QVERIFY2(copied.contains(u"- Contact, Email: edit (Setup > Here)"_s), qPrintable(copied));
        QVERIFY(copied.contains(u"- Case: create (Setup > There)"_s));
        // Another sign-in: what was found is about the one before.
        m_view->setConnections(two(), status(desk::CrmState::SignInNeeded));
        QVERIFY(!verdict->isVisible());
    }

    void access_complete_andUnreachable_areSaid()
    {
        m_view->setConnections(two(), status(desk::CrmState::Connected));
        m_view->setAccess(crm::AccessReport{.userName = u"nora"_s, .organisation = {}, .missing = {}});
        auto *verdict = m_view->findChild<Banner *>(u"accessVerdict"_s);
        QCOMPARE(verdict->title(), u"All rights that Parley needs are there"_s);
        m_view->setAccess(fail(Errc::Offline));
        QCOMPARE(verdict->title(), u"Salesforce is not reachable"_s);
    }
};

QTEST_MAIN(ConnectionsViewTest)
#include "tst_ConnectionsView.moc"
