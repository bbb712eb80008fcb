#include "tests/ui/screens/DemoValues.h"
#include "ui/panels/MainWindow.h"
#include "ui/panels/Toasts.h"

#include <QAbstractButton>
#include <QAccessible>
#include <QComboBox>
#include <QLineEdit>
#include <QListView>
#include <QPlainTextEdit>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::Literals::StringLiterals;
using namespace parley;
using namespace parley::ui;

class AccessibilityTest : public QObject
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
            m_theme, *m_settings, [] { return demo::now(); }, nullptr);
        m_window->show();
        QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
        m_window->list().model().assign(demo::rows());
        const ChatId id{u"c1"_s};
        m_window->list().setOpenChat(id);
        m_window->chat().showRow(*m_window->list().model().find(id), u"Salesforce"_s, u"SF"_s);
        m_window->chat().thread().showThread(demo::thread());
        m_window->chat().composer().setCanned(demo::canned());
        m_window->rail().setUnread(3);
        m_window->rail().setMe(u"Nora Whitfield"_s, Presence::Available);
    }
    void cleanup() { m_window.reset(); }

    void everyControl_hasANameAndARole()
    {
        int seen = 0;
        for (QWidget *widget : m_window->findChildren<QWidget *>()) {
            const bool isControl =
                qobject_cast<QAbstractButton *>(widget) || qobject_cast<QLineEdit *>(widget) ||
                qobject_cast<QPlainTextEdit *>(widget) || qobject_cast<QAbstractItemView *>(widget) ||
                qobject_cast<QComboBox *>(widget);
            if (!isControl || !widget->isVisibleTo(m_window.get()))
                continue;
            QAccessibleInterface *iface = QAccessible::queryAccessibleInterface(widget);
            const QString who =
                QString::fromLatin1(widget->metaObject()->className()) + u" "_s + widget->objectName();
            QVERIFY2(iface, qPrintable(who));
            QVERIFY2(!iface->text(QAccessible::Name).trimmed().isEmpty(), qPrintable(who));
            QVERIFY2(iface->role() != QAccessible::NoRole && iface->role() != QAccessible::Client,
                     qPrintable(who));
            QVERIFY2(widget->width() >= 16 && widget->height() >= 18, qPrintable(who));
            ++seen;
        }
        QVERIFY(seen > 15);
    }

    void rail_saysItsCount()
    {
        QCOMPARE(nameOf(u"railChats"_s), u"Chats, 3 unread"_s);
        QCOMPARE(nameOf(u"railMe"_s), u"Nora Whitfield, my status: Available"_s);
        QVERIFY(interfaceOf(u"railChats"_s)->state().checked);
    }

    void badge_saysWhatItDoes()
    {
        QCOMPARE(nameOf(u"crmBadge"_s), u"Contact in Salesforce, opens in browser"_s);
    }

    void chatRow_carriesTheWholeRow()
    {
        QAccessibleInterface *list = interfaceOf(u"myChats"_s);
        QCOMPARE(list->role(), QAccessible::List);
        QCOMPARE(list->childCount(), 5);
        QCOMPARE(
            list->child(1)->text(QAccessible::Name),
            u"Tomás Keller, not in CRM, web messenger, 2 unread, waiting 1 minute 52, over 1 minute. Do you have a plan for two people?"_s);
    }

    void thread_speaksAuthorTimeDelivery()
    {
        QAccessibleInterface *thread = interfaceOf(u"thread"_s);
        QStringList names;
        for (int i = 0; i < thread->childCount(); ++i)
            names += thread->child(i)->text(QAccessible::Name);
        QVERIFY2(names.filter(u"You said, 10:42, read. Thanks, Amelia."_s).size() == 1,
                 qPrintable(names.join(u'\n')));
        QVERIFY2(names.join(u' ').contains(u"Internal note from"_s), qPrintable(names.join(u'\n')));
    }

    void toggled_fromOutside_doesWhatAClickDoes()
    {
        const auto toggle = [this](const QString &name) {
            QAccessibleInterface *iface = interfaceOf(name);
            QVERIFY2(
                iface->actionInterface()->actionNames().contains(QAccessibleActionInterface::toggleAction()),
                qPrintable(name));
            iface->actionInterface()->doAction(QAccessibleActionInterface::toggleAction());
        };
        QSignalSpy asked(&m_window->rail(), &Rail::pageAsked);
        toggle(u"railSync"_s);
        QCOMPARE(asked.size(), 1);
        QVERIFY(m_window->sync().isVisible());
        QVERIFY(interfaceOf(u"railSync"_s)->state().checked);
        toggle(u"railChats"_s);
        QAccessibleInterface *mode = interfaceOf(u"composerMode"_s);
        for (int i = 0; i < mode->childCount(); ++i) {
            if (mode->child(i)->text(QAccessible::Name) == u"Internal note"_s)
                mode->child(i)->actionInterface()->doAction(QAccessibleActionInterface::toggleAction());
        }
        QCOMPARE(m_window->chat().composer().mode(), Composer::Mode::Note);
    }

    void picklist_hasItsOwnNameBesideItsValue()
    {
        QComboBox box;
        box.addItems({u"None"_s, u"Mr."_s});
        box.setAccessibleName(u"Salutation"_s);
        QAccessibleInterface *iface = QAccessible::queryAccessibleInterface(&box);
        QCOMPARE(iface->role(), QAccessible::ComboBox);
        QCOMPARE(iface->text(QAccessible::Name), u"Salutation"_s);
        QCOMPARE(iface->text(QAccessible::Value), u"None"_s);
        QCOMPARE(iface->child(0)->childCount(), 2);
        QCOMPARE(iface->indexOfChild(iface->child(0)), 0);
        QVERIFY(
            iface->actionInterface()->actionNames().contains(QAccessibleActionInterface::showMenuAction()));
    }

    void composer_modeIsRadio()
    {
        QAccessibleInterface *mode = interfaceOf(u"composerMode"_s);
        int radios = 0;
        for (int i = 0; i < mode->childCount(); ++i)
            radios += mode->child(i)->role() == QAccessible::RadioButton ? 1 : 0;
        QCOMPARE(radios, 2);
        QCOMPARE(interfaceOf(u"composerEdit"_s)->role(), QAccessible::EditableText);
    }

    void announce_isANotification()
    {
        // The events themselves need an active bridge, which the offscreen platform has not.
        m_window->announce(u"Case 00041877 attached"_s);
        QCOMPARE(nameOf(u"announcer"_s), u"Case 00041877 attached"_s);
        QCOMPARE(interfaceOf(u"announcer"_s)->role(), QAccessible::Notification);
        m_window->announce(u"Not sent"_s);
        QCOMPARE(nameOf(u"announcer"_s), u"Not sent"_s);
        QCOMPARE(m_window->findChildren<QWidget *>(u"announcer"_s).size(), 1);
    }

    void toast_isAnnounced()
    {
        m_window->chat().toasts().show({.title = u"Case 1 attached"_s, .detail = u"Amelia"_s});
        QCOMPARE(nameOf(u"announcer"_s), u"Case 1 attached. Amelia"_s);
    }

    void roles_wordsGroupsAndTheWindow()
    {
        QCOMPARE(QAccessible::queryAccessibleInterface(m_window.get())->role(), QAccessible::Window);
        QCOMPARE(interfaceOf(u"rail"_s)->role(), QAccessible::Grouping);
        auto *elided = m_window->chat().header().findChild<ElidedLabel *>();
        QAccessibleInterface *words = QAccessible::queryAccessibleInterface(elided);
        QCOMPARE(words->role(), QAccessible::StaticText);
        QCOMPARE(words->text(QAccessible::Name), u"Amelia Hart"_s);
    }

    void panes_areReadFromLeadingToTrailing()
    {
        QAccessibleInterface *splitter = interfaceOf(u"splitter"_s);
        const int list = splitter->indexOfChild(interfaceOf(u"chatList"_s));
        const int chat = splitter->indexOfChild(interfaceOf(u"chatPane"_s));
        QVERIFY(list >= 0);
        QVERIFY(chat > list);
        QAccessibleInterface *rail = interfaceOf(u"rail"_s);
        QVERIFY(rail->indexOfChild(interfaceOf(u"railMe"_s)) >
                rail->indexOfChild(interfaceOf(u"railSettings"_s)));
    }

    void thread_spokenNames_bearNoInvisibleMarks()
    {
        QAccessibleInterface *thread = interfaceOf(u"thread"_s);
        QString all;
        for (int i = 0; i < thread->childCount(); ++i)
            all += thread->child(i)->text(QAccessible::Name);
        static const QRegularExpression marks(u"[\u2066-\u2069\u202a-\u202e]"_s);
        QVERIFY2(!all.contains(marks), qPrintable(all));
        QVERIFY2(all.contains(u"Amelia Hart said"_s), qPrintable(all));
    }

    void canned_movingThrough_isAnnounced()
    {
        QTest::keyClicks(m_window->chat().composer().edit(), u"/"_s);
        const QString first = nameOf(u"announcer"_s);
        QTest::keyClick(m_window->chat().composer().edit(), Qt::Key_Down);
        QVERIFY(nameOf(u"announcer"_s).startsWith(u"/"_s));
        QVERIFY(nameOf(u"announcer"_s) != first);
    }

private:
    QAccessibleInterface *interfaceOf(const QString &name)
    {
        return QAccessible::queryAccessibleInterface(m_window->findChild<QWidget *>(name));
    }
    QString nameOf(const QString &name) { return interfaceOf(name)->text(QAccessible::Name); }

    Theme m_theme;
    std::unique_ptr<QTemporaryDir> m_profile;
    std::unique_ptr<settings::Settings> m_settings;
    std::unique_ptr<MainWindow> m_window;
};

QTEST_MAIN(AccessibilityTest)
#include "tst_Accessibility.moc"
