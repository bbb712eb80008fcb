// The hub goes away while agent and visitor write, and comes back at the same address with the same data:
// both see everything once and in one order, and nobody has pressed refresh. The visitor is the real widget
// in Chromium.
#include "app/console/Console.h"
#include "core/desk/Desk.h"
#include "tests/e2e/faults/Stage.h"
#include "tests/e2e/whole/VisitorPage.h"
#include "tests/fakes/Await.h"
#include "ui/panels/DeskBinding.h"
#include "ui/panels/MainWindow.h"

#include <QApplication>
#include <QTest>

using namespace parley;
using namespace Qt::Literals::StringLiterals;

class HubGoneTest : public QObject
{
    Q_OBJECT

private slots:
    void hub_goneWhileBothWrite_nothingLostOrDoubled()
    {
        e2e::Stage stage;
        QCOMPARE(stage.start(), QString());
        console::Console console(stage.profile(u"profile"_s), m_clock);
        const auto started = console.start();
        QVERIFY2(started, started ? "" : qPrintable(started.error().detail));
        QTRY_VERIFY_WITH_TIMEOUT(console.window() != nullptr, 40'000);
        QTRY_COMPARE_WITH_TIMEOUT(console.desk()->hubStatus().state, desk::LineState::Online, 20'000);

        e2e::VisitorPage visitor;
        QCOMPARE(visitor.act({{u"url"_s, stage.visitorPage().toString()}}, u"open"_s), QString());
        QCOMPARE(visitor.act({{u"text"_s, u"first"_s},
                              {u"fields"_s, QJsonObject{{u"Your name"_s, u"Amelia Hart"_s},
                                                        {u"Email"_s, u"amelia.hart@northgate.example"_s}}}},
                             u"start"_s),
                 QString());
        QTRY_COMPARE_WITH_TIMEOUT(console.desk()->chats().size(), 1, 20'000);
        const ChatId chat = console.desk()->chats().first().id;
        QVERIFY(fakes::await(console.desk()->accept(chat)));
        console.binding()->openChat(chat);
        console.desk()->send(chat, u"agent, before"_s);
        QCOMPARE(visitor.act({{u"text"_s, u"agent, before"_s}}, u"sees"_s), QString());

        stage.stopHub();
        QTRY_COMPARE_WITH_TIMEOUT(console.desk()->hubStatus().state, desk::LineState::Offline, 20'000);
        QStringList expected{u"first"_s, u"agent, before"_s};
        for (int i = 1; i <= 3; ++i) {
            console.desk()->send(chat, u"agent, meanwhile %1"_s.arg(i));
            QCOMPARE(visitor.act({{u"text"_s, u"visitor, meanwhile %1"_s.arg(i)}}, u"say"_s), QString());
            expected += {u"agent, meanwhile %1"_s.arg(i), u"visitor, meanwhile %1"_s.arg(i)};
        }
        // What was written stands in the thread and is not called sent.
        for (const desk::ThreadItem &item : console.desk()->thread(chat)) {
            if (item.message.text.startsWith(u"agent, meanwhile"_s))
                QCOMPARE(int(item.delivery), int(desk::Delivery::Sending));
        }
        QTest::qWait(60'000); // a minute is what is promised: both sides try in vain many times
        QCOMPARE(console.desk()->hubStatus().state != desk::LineState::Online, true);

        QCOMPARE(stage.startHub(), QString());
        QTRY_COMPARE_WITH_TIMEOUT(console.desk()->hubStatus().state, desk::LineState::Online, 40'000);
        expected.sort();
        QTRY_COMPARE_WITH_TIMEOUT(sorted(agentSees(console, chat)), expected, 40'000);
        console.desk()->send(chat, u"agent, after"_s);
        QCOMPARE(visitor.act({{u"text"_s, u"agent, after"_s}}, u"sees"_s), QString());
        QCOMPARE(visitor.act({{u"text"_s, u"visitor, after"_s}}, u"say"_s), QString());
        expected += {u"agent, after"_s, u"visitor, after"_s};
        expected.sort();
        QTRY_COMPARE_WITH_TIMEOUT(sorted(agentSees(console, chat)), expected, 20'000);

        // The visitor sees the same, each once; what each of them said keeps its order on both sides.
        QCOMPARE(visitor.act({}, u"texts"_s), QString());
        const QStringList atVisitor = visitor.value().toVariant().toStringList();
        QCOMPARE(sorted(atVisitor), expected);
        const QStringList atAgent = agentSees(console, chat);
        for (const QString &who : {u"agent,"_s, u"visitor,"_s}) {
            QStringList said{who + u" meanwhile 1"_s, who + u" meanwhile 2"_s, who + u" meanwhile 3"_s,
                             who + u" after"_s};
            if (who == "agent,"_L1)
                said.prepend(u"agent, before"_s);
            QCOMPARE(atAgent.filter(who), said);
            QCOMPARE(atVisitor.filter(who), said);
        }
    }

private:
    static QStringList agentSees(const console::Console &console, const ChatId &chat)
    {
        QStringList texts;
        for (const desk::ThreadItem &item : console.desk()->thread(chat)) {
            const bool isSaid =
                item.message.kind == MessageKind::Text && item.message.seq > 0; // acknowledged by the hub
            if (isSaid)
                texts += item.message.text;
        }
        return texts;
    }
    static QStringList sorted(QStringList texts)
    {
        texts.sort();
        return texts;
    }

    SystemClock m_clock;
};

QTEST_MAIN(HubGoneTest)
#include "tst_HubGone.moc"
