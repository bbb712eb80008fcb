// A visitor and agents talk through a real hub on loopback.
#include "tests/core/hub/HubFixture.h"
#include "tests/fakes/FakeClock.h"

#include <QRegularExpression>

using namespace parley;
using namespace parley::tests;
using namespace Qt::Literals::StringLiterals;

class HubChatTest : public QObject
{
    Q_OBJECT

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(u".*"_s)); }

    void chat_wholeWay_bothSidesSeeTheSameLog()
    {
        HubFixture fixture(m_clock);
        const auto nora = fixture.agent(u"nora@t.example"_s, u"Nora Whitfield"_s);
        QVERIFY(!nora->take(u"synced"_s).isEmpty());
        const auto visitor = fixture.visitor();
        const QJsonObject welcome = visitor->take(u"welcome"_s);
        QCOMPARE(welcome.value("online"_L1), QJsonValue(false));
        QCOMPARE(welcome.value("brand"_L1).toObject().value("name"_L1), QJsonValue(u"Tallyworks"_s));
        nora->say("{'t':'presence','status':'available','capacity':6}");
        QCOMPARE(visitor->take(u"online"_s).value("online"_L1), QJsonValue(true));

        const QString chat = HubFixture::start(*visitor);
        QVERIFY(!chat.isEmpty());
        const QJsonObject waiting = nora->take(u"chat"_s).value("chat"_L1).toObject();
        QCOMPARE(textOf(waiting, "state"), u"waiting"_s);
        QCOMPARE(numberOf(waiting, "lastSeq"), 2);
        QCOMPARE(textOf(waiting, "preview"), u"Our invoice is wrong."_s);
        QVERIFY(waiting.value("visitorOnline"_L1).toBool());
        QVERIFY(HubFixture::accept(*nora, chat));
        QCOMPARE(textOf(nora->take(u"chat"_s).value("chat"_L1).toObject(), "state"), u"open"_s);
        QCOMPARE(textOf(visitor->take(u"entry"_s), "event"), u"accepted"_s);

        visitor->say("{'t':'say','chat':'CHAT','cid':'m-1','text':'We have 12.'}", chat);
        QCOMPARE(numberOf(visitor->take(u"ack"_s), "seq"), 4);
        const QJsonObject heard = nora->take(u"entry"_s);
        QCOMPARE(textOf(heard, "text"), u"We have 12."_s);
        QCOMPARE(textOf(heard, "author"), u"visitor"_s);
        // The same cid from the other side is another message.
        nora->say("{'t':'say','chat':'CHAT','cid':'m-1','text':'Thanks, Amelia.'}", chat);
        QCOMPARE(numberOf(nora->take(u"ack"_s), "seq"), 5);
        QCOMPARE(textOf(visitor->take(u"entry"_s), "name"), u"Nora Whitfield"_s);

        visitor->say("{'t':'end','chat':'CHAT','cid':'e-1'}", chat);
        QCOMPARE(numberOf(visitor->take(u"ack"_s), "seq"), 6);
        QCOMPARE(textOf(nora->take(u"entry"_s), "event"), u"ended"_s);
        visitor->say("{'t':'say','chat':'CHAT','cid':'m-9','text':'too late'}", chat);
        QCOMPARE(visitor->errorCode(), u"out_of_turn"_s);

        nora->say("{'t':'resume','chat':'CHAT','after':0}", chat);
        const QJsonArray entries = nora->take(u"log"_s).value("entries"_L1).toArray();
        QCOMPARE(entries.size(), 6);
        for (qsizetype i = 0; i < entries.size(); ++i)
            QCOMPARE(numberOf(entries[i].toObject(), "seq"), int(i) + 1);
    }

    void fields_start_fillsTheLiveChatFields()
    {
        HubFixture fixture(m_clock);
        const auto nora = fixture.agent(u"nora@t.example"_s, u"Nora"_s);
        const auto visitor = fixture.visitor();
        const QString chat = HubFixture::start(*visitor);
        const QJsonObject fields =
            nora->take(u"chat"_s).value("chat"_L1).toObject().value("fields"_L1).toObject();
        const QMap<QString, QString> expected{
            {u"Visitor.Name"_s, u"Amelia Hart"_s},
            {u"Visitor.Email"_s, u"amelia.hart@northgate.example"_s},
            {u"LiveChat.Company"_s, u"Northgate"_s},
            {u"PreChat.colour"_s, u"blue"_s},
            {u"Variable.OrderId"_s, u"20391"_s},
            {u"Visitor.CurrentPage"_s, u"https://tallyworks.example/pricing"_s},
            {u"Visitor.LandingTitle"_s, u"Pricing"_s},
            {u"Visitor.Browser"_s, u"Firefox 128"_s},
            {u"Visitor.OperatingSystem"_s, u"Linux"_s},
            {u"Visitor.Ip"_s, u"127.0.0.1"_s},
            {u"Visitor.Visits"_s, u"1"_s},
            {u"Visitor.Chats"_s, u"1"_s},
            {u"Chat.Subject"_s, u"Our invoice is wrong."_s},
            {u"Chat.Id"_s, chat}};
        for (auto it = expected.begin(); it != expected.end(); ++it)
            QCOMPARE(fields.value(it.key()).toString(), it.value());
        visitor->say("{'t':'page','url':'https://tallyworks.example/team','title':'Team'}");
        m_clock.advance(std::chrono::seconds(0));
        QVERIFY(visitor->settle());
        m_clock.advance(std::chrono::milliseconds(300));
        const QJsonObject moved =
            nora->take(u"chat"_s).value("chat"_L1).toObject().value("fields"_L1).toObject();
        QCOMPARE(moved.value("Visitor.CurrentPage"_L1).toString(), u"https://tallyworks.example/team"_s);
    }

    void accept_twoAgents_oneGetsIt()
    {
        HubFixture fixture(m_clock);
        const auto nora = fixture.agent(u"nora@t.example"_s, u"Nora"_s);
        const auto omar = fixture.agent(u"omar@t.example"_s, u"Omar"_s);
        const auto noraAtHome = fixture.agent(u"nora@t.example"_s, u"Nora"_s);
        const auto visitor = fixture.visitor();
        const QString chat = HubFixture::start(*visitor);
        QVERIFY(HubFixture::accept(*nora, chat));
        omar->say("{'t':'accept','chat':'CHAT','cid':'x-1'}", chat);
        QCOMPARE(omar->errorCode(), u"taken"_s);
        QCOMPARE(textOf(omar->take(u"gone"_s), "chat"), chat);
        // Nora's other console has the chat too, and hears what she says here.
        QCOMPARE(textOf(noraAtHome->take(u"entry"_s), "event"), u"accepted"_s);
        nora->say("{'t':'say','chat':'CHAT','cid':'a-1','text':'Hello'}", chat);
        QCOMPARE(textOf(noraAtHome->take(u"entry"_s), "text"), u"Hello"_s);
        QVERIFY(HubFixture::accept(*noraAtHome, chat, "x-2"));
        QVERIFY(nora->settle());
        QVERIFY2(!nora->has(u"gone"_s), "the other console's accept must not take the chat away");
    }

    void accept_empty_takesTheLongestWaiting()
    {
        HubFixture fixture(m_clock);
        const auto nora = fixture.agent(u"nora@t.example"_s, u"Nora"_s);
        nora->say("{'t':'presence','status':'available','capacity':1}");
        const auto first = fixture.visitor();
        const QString firstChat = HubFixture::start(*first);
        m_clock.advance(std::chrono::seconds(1));
        const auto second = fixture.visitor();
        const QString secondChat = HubFixture::start(*second);
        nora->say("{'t':'accept','chat':'','cid':'x-1'}");
        QCOMPARE(textOf(nora->take(u"ack"_s), "chat"), firstChat);
        nora->say("{'t':'accept','chat':'','cid':'x-2'}");
        QCOMPARE(nora->errorCode(), u"capacity"_s);
        QVERIFY(HubFixture::accept(*nora, secondChat, "x-3")); // named on purpose
        nora->say("{'t':'presence','status':'available','capacity':0}");
        nora->say("{'t':'accept','chat':'','cid':'x-4'}");
        QCOMPARE(nora->errorCode(), u"not_found"_s);
    }

    void say_sameCidAgain_addsNothing()
    {
        HubFixture fixture(m_clock);
        auto visitor = fixture.visitor();
        const QString token = textOf(visitor->take(u"welcome"_s), "token");
        const QString chat = HubFixture::start(*visitor);
        visitor->say("{'t':'say','chat':'CHAT','cid':'m-1','text':'once'}", chat);
        QCOMPARE(numberOf(visitor->take(u"ack"_s), "seq"), 3);
        visitor->abort(); // the answer might as well have been lost
        visitor = fixture.visitor(token);
        const QJsonObject own = visitor->take(u"welcome"_s).value("chat"_L1).toObject();
        QCOMPARE(textOf(own, "id"), chat);
        visitor->say("{'t':'say','chat':'CHAT','cid':'m-1','text':'once'}", chat);
        QCOMPARE(numberOf(visitor->take(u"ack"_s), "seq"), 3);
        QCOMPARE(HubFixture::start(*visitor), chat); // and so with start
        visitor->say("{'t':'say','chat':'CHAT','cid':'m-2','text':'twice'}", chat);
        QCOMPARE(numberOf(visitor->take(u"ack"_s), "seq"), 4);
    }

    void resume_longLog_comesInPages()
    {
        hub::Config config;
        config.frameBurst = 5000;
        HubFixture fixture(m_clock, config);
        const auto visitor = fixture.visitor();
        const QString chat = HubFixture::start(*visitor);
        for (int i = 0; i < 1200; ++i)
            visitor->say(
                (QByteArray("{'t':'say','chat':'CHAT','cid':'m-") + QByteArray::number(i) + "','text':'x'}")
                    .constData(),
                chat);
        QTRY_COMPARE_WITH_TIMEOUT(
            std::ranges::count_if(visitor->frames,
                                  [](const QJsonObject &one) { return textOf(one, "t") == u"ack"_s; }),
            1200, 20'000);
        int last = 0;
        int pages = 0;
        for (bool more = true; more; ++pages) {
            visitor->send({{u"t"_s, u"resume"_s}, {u"chat"_s, chat}, {u"after"_s, last}});
            const QJsonObject log = visitor->take(u"log"_s);
            QVERIFY(!log.isEmpty());
            more = log.value("more"_L1).toBool();
            QCOMPARE(numberOf(log, "lastSeq"), 1202);
            for (const QJsonValue &entry : log.value("entries"_L1).toArray())
                QCOMPARE(numberOf(entry.toObject(), "seq"), ++last);
        }
        QCOMPARE(last, 1202);
        QCOMPARE(pages, 3);
    }

    void resume_longTexts_everyPageFitsIntoAFrame()
    {
        hub::Config config;
        config.frameBurst = 5000;
        HubFixture fixture(m_clock, config);
        const auto visitor = fixture.visitor();
        const QString chat = HubFixture::start(*visitor);
        const QString text(30'000, QChar(0x6F22)); // 90 kB in UTF-8
        for (int i = 0; i < 60; ++i)
            visitor->send(
                {{u"t"_s, u"say"_s}, {u"chat"_s, chat}, {u"cid"_s, u"long-%1"_s.arg(i)}, {u"text"_s, text}});
        QTRY_COMPARE_WITH_TIMEOUT(
            std::ranges::count_if(visitor->frames,
                                  [](const QJsonObject &one) { return textOf(one, "t") == u"ack"_s; }),
            60, 20'000);
        qint64 last = 0;
        for (bool more = true; more;) {
            visitor->send({{u"t"_s, u"resume"_s}, {u"chat"_s, chat}, {u"after"_s, last}});
            const QJsonObject log = visitor->take(u"log"_s);
            QVERIFY(!log.isEmpty());
            QVERIFY(QJsonDocument(log).toJson(QJsonDocument::Compact).size() < 1024 * 1024);
            more = log.value("more"_L1).toBool();
            for (const QJsonValue &entry : log.value("entries"_L1).toArray())
                QCOMPARE(numberOf(entry.toObject(), "seq"), ++last);
        }
        QCOMPARE(last, 62);
    }

    void notesAndLinks_visitor_neverSeesThem()
    {
        HubFixture fixture(m_clock);
        const auto nora = fixture.agent(u"nora@t.example"_s, u"Nora"_s);
        const auto visitor = fixture.visitor();
        const QString chat = HubFixture::start(*visitor);
        QVERIFY(HubFixture::accept(*nora, chat));
        nora->say("{'t':'say','chat':'CHAT','cid':'n-1','kind':'note','text':'a difficult one'}", chat);
        QCOMPARE(numberOf(nora->take(u"ack"_s), "seq"), 4);
        nora->say(
            "{'t':'link','chat':'CHAT','cid':'l-1','links':[{'kind':'Contact','id':'003xx000004TmiQAAS'}]}",
            chat);
        QCOMPARE(numberOf(nora->take(u"ack"_s), "seq"), 5);
        QTRY_VERIFY(nora->frames.last().value("chat"_L1).toObject().contains("links"_L1));
        nora->say("{'t':'say','chat':'CHAT','cid':'a-1','text':'shown'}", chat);
        QCOMPARE(textOf(visitor->take(u"entry"_s), "event"), u"accepted"_s);
        QCOMPARE(numberOf(visitor->take(u"entry"_s), "seq"), 6);
        visitor->say("{'t':'resume','chat':'CHAT','after':2}", chat);
        const QJsonObject log = visitor->take(u"log"_s);
        QCOMPARE(log.value("entries"_L1).toArray().size(), 2);
        QCOMPARE(numberOf(log, "lastSeq"), 6);
        QVERIFY(!QJsonDocument(log).toJson().contains("difficult"));
        visitor->say("{'t':'say','chat':'CHAT','cid':'n-2','kind':'note','text':'me too'}", chat);
        QCOMPARE(visitor->errorCode(), u"malformed"_s);
    }

    void typingAndMarks_passThrough_areNotStored()
    {
        HubFixture fixture(m_clock);
        const auto nora = fixture.agent(u"nora@t.example"_s, u"Nora"_s);
        const auto visitor = fixture.visitor();
        const QString chat = HubFixture::start(*visitor);
        QVERIFY(HubFixture::accept(*nora, chat));
        visitor->say("{'t':'typing','chat':'CHAT','text':'yes plea'}", chat);
        const QJsonObject preview = nora->take(u"typing"_s);
        QCOMPARE(textOf(preview, "text"), u"yes plea"_s);
        QCOMPARE(textOf(preview, "name"), u"Amelia Hart"_s);
        nora->say("{'t':'typing','chat':'CHAT','text':'a draft the visitor must not see'}", chat);
        QCOMPARE(textOf(visitor->take(u"typing"_s), "text"), u"…"_s);
        visitor->say("{'t':'read','chat':'CHAT','delivered':3,'read':2}", chat);
        QCOMPARE(numberOf(nora->take(u"marks"_s), "readSeq"), 2);
        visitor->say("{'t':'read','chat':'CHAT','delivered':99,'read':1}", chat);
        const QJsonObject marks = nora->take(u"marks"_s);
        QCOMPARE(numberOf(marks, "readSeq"), 2);      // only forward
        QCOMPARE(numberOf(marks, "deliveredSeq"), 3); // no further than there is
    }

    void claim_oneWriterAtATime_leaseLapses()
    {
        HubFixture fixture(m_clock);
        const auto nora = fixture.agent(u"nora@t.example"_s, u"Nora"_s);
        const auto boss = fixture.agent(u"boss@t.example"_s, u"Boss"_s, u"supervisor"_s);
        const auto visitor = fixture.visitor();
        const QString chat = HubFixture::start(*visitor);
        QVERIFY(HubFixture::accept(*nora, chat));
        nora->say("{'t':'claim','chat':'CHAT','cid':'w-0','leaseSeconds':60}", chat);
        QCOMPARE(nora->errorCode(), u"out_of_turn"_s); // not ended
        nora->say("{'t':'end','chat':'CHAT','cid':'e-1'}", chat);
        nora->say("{'t':'claim','chat':'CHAT','cid':'w-1','leaseSeconds':60}", chat);
        QVERIFY(nora->take(u"claimed"_s).value("granted"_L1).toBool());
        boss->say("{'t':'claim','chat':'CHAT','cid':'w-2','leaseSeconds':60}", chat);
        QVERIFY(!boss->take(u"claimed"_s).value("granted"_L1).toBool());
        m_clock.advance(std::chrono::seconds(4)); // less than a ping, and then on
        for (int i = 0; i < 15; ++i) {
            m_clock.advance(std::chrono::seconds(4));
            QVERIFY(boss->settle() && nora->settle() && visitor->settle());
        }
        boss->say("{'t':'claim','chat':'CHAT','cid':'w-3','leaseSeconds':60}", chat);
        QVERIFY(boss->take(u"claimed"_s).value("granted"_L1).toBool());
        boss->say("{'t':'release','chat':'CHAT','cid':'w-4','done':true}", chat);
        QCOMPARE(textOf(boss->take(u"ack"_s), "cid"), u"w-4"_s);
        nora->say("{'t':'claim','chat':'CHAT','cid':'w-5'}", chat);
        const QJsonObject late = nora->take(u"claimed"_s);
        QVERIFY(!late.value("granted"_L1).toBool());
        QVERIFY(late.value("done"_L1).toBool());
    }

    void offline_message_isAnEndedMailChat()
    {
        HubFixture fixture(m_clock);
        const auto boss = fixture.agent(u"boss@t.example"_s, u"Boss"_s, u"supervisor"_s);
        const auto visitor = fixture.visitor();
        visitor->say("{'t':'offline','cid':'o-1','fields':{'name':'Wei "
                     "Zhang','email':'wei@x.example','subject':'Reset'},'text':'It never arrives.'}");
        const QJsonObject ack = visitor->take(u"ack"_s);
        QCOMPARE(textOf(ack, "cid"), u"o-1"_s);
        boss->say("{'t':'resume','chat':'CHAT','after':0}", textOf(ack, "chat"));
        QCOMPARE(boss->take(u"log"_s).value("entries"_L1).toArray().size(), 3);
        const QJsonObject chat = boss->take(u"chat"_s).value("chat"_L1).toObject();
        QCOMPARE(textOf(chat, "state"), u"ended"_s);
        QCOMPARE(textOf(chat, "channel"), u"mail"_s);
        QCOMPARE(textOf(chat.value("fields"_L1).toObject(), "Chat.Subject"), u"Reset"_s);
        visitor->say("{'t':'offline','cid':'o-1','fields':{},'text':'It never arrives.'}");
        QCOMPARE(textOf(visitor->take(u"ack"_s), "chat"), textOf(ack, "chat"));
    }

    void presence_lineGone_isKeptForThirtySeconds()
    {
        HubFixture fixture(m_clock);
        auto nora = fixture.agent(u"nora@t.example"_s, u"Nora"_s);
        nora->say("{'t':'presence','status':'available','capacity':3}");
        const auto visitor = fixture.visitor();
        QVERIFY(visitor->settle());
        nora->abort();
        QTRY_COMPARE(fixture.hub->lineCount(), 1);
        for (int i = 0; i < 7; ++i) {
            m_clock.advance(std::chrono::seconds(4));
            QVERIFY(visitor->settle());
        }
        QVERIFY(!visitor->has(u"online"_s) || visitor->frames.last().value("online"_L1).toBool());
        visitor->frames.clear();
        m_clock.advance(std::chrono::seconds(4));
        QCOMPARE(visitor->take(u"online"_s).value("online"_L1), QJsonValue(false));
    }

    void twoTabs_oneVisitor_bothAreInTheChat()
    {
        HubFixture fixture(m_clock);
        const auto nora = fixture.agent(u"nora@t.example"_s, u"Nora"_s);
        const auto first = fixture.visitor();
        const auto second = fixture.visitor(textOf(first->take(u"welcome"_s), "token"));
        const QString chat = HubFixture::start(*first);
        QCOMPARE(textOf(second->take(u"started"_s).value("chat"_L1).toObject(), "id"), chat);
        first->say("{'t':'say','chat':'CHAT','cid':'t1-1','text':'from the first'}", chat);
        QCOMPARE(textOf(second->take(u"entry"_s), "text"), u"from the first"_s);
        first->abort();
        QVERIFY(second->settle());
        QTRY_COMPARE(fixture.hub->lineCount(), 2);
        m_clock.advance(std::chrono::seconds(4));
        QVERIFY(second->settle());
        nora->frames.clear();
        QVERIFY2(!nora->has(u"chat"_s), "one tab is left: the visitor is still there");
        second->abort();
        QTRY_COMPARE(fixture.hub->lineCount(), 1);
        m_clock.advance(std::chrono::seconds(4));
        QVERIFY(!nora->take(u"chat"_s).value("chat"_L1).toObject().value("visitorOnline"_L1).toBool(true));
    }

private:
    fakes::FakeClock m_clock;
};

QTEST_GUILESS_MAIN(HubChatTest)
#include "tst_HubChat.moc"
