#include "tests/core/desk/DeskBench.h"

#include <QRegularExpression>
#include <QSignalSpy>

using namespace parley;
using namespace std::chrono_literals;
using namespace Qt::Literals::StringLiterals;
using desk::Delivery;
using tests::DeskBench;

class DeskChatsTest : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup() { m.reset(); }

    void row_ofAChat_saysWhoWaitsAndHowLong();
    void unread_countsUntilOpened();
    void thread_delivery_goesFromSendingToRead();
    void thread_refused_isNotSentWithTheReason();
    void draft_survivesRestart();
    void send_blank_isNothing();
    void note_isShownAsNoteAndNotAsPreview();
    void typing_isShownInRowAndThread();
    void hub_goneAndBack_showsStateAndLosesNothing();
    void dismiss_endedOnly_andForGood();
    void canned_filled_fromTheChatAndBlanksStay();
    void canned_fromFile_replaceTheBuiltIn();

private:
    std::unique_ptr<DeskBench> m;
};

#define UNTIL(condition) QVERIFY(m->until([&] { return condition; }))

void DeskChatsTest::init()
{
    QTest::failOnWarning(QRegularExpression(u".*"_s));
    m = std::make_unique<DeskBench>();
    m->start();
    QVERIFY(m->signIn());
    m->addChat(u"C1"_s, u"a@b.example"_s);
    UNTIL(m->desk->chats().size() == 1);
}

void DeskChatsTest::row_ofAChat_saysWhoWaitsAndHowLong()
{
    m->hub.visitorSays(u"C1"_s, u"Our invoice\nis wrong"_s);
    UNTIL(m->row(u"C1"_s).waitingSince.isValid());
    const desk::ChatRow row = m->row(u"C1"_s);
    QCOMPARE(row.name, u"Amelia Hart"_s);
    QCOMPARE(row.company, u"Northgate Logistics"_s);
    QCOMPARE(row.department, u"Billing"_s);
    QCOMPARE(row.preview, u"Our invoice is wrong"_s);
    QCOMPARE(row.previewAuthor, Author::Visitor);
    m->hub.visitorSays(u"C1"_s, u"Hello?"_s);
    UNTIL(m->row(u"C1"_s).preview == u"Hello?"_s);
    QCOMPARE(m->row(u"C1"_s).waitingSince, row.waitingSince); // the oldest unanswered one counts
    m->desk->send({u"C1"_s}, u"Let me see"_s);
    UNTIL(!m->row(u"C1"_s).waitingSince.isValid());
}

void DeskChatsTest::unread_countsUntilOpened()
{
    m->hub.visitorSays(u"C1"_s, u"one"_s);
    m->hub.visitorSays(u"C1"_s, u"two"_s);
    UNTIL(m->row(u"C1"_s).unread == 2);
    m->desk->openChat({u"C1"_s});
    QCOMPARE(m->row(u"C1"_s).unread, 0);
    UNTIL(m->hub.frames(u"read"_s).size() == 1);
    m->hub.visitorSays(u"C1"_s, u"three"_s); // on screen: read as it comes
    UNTIL(m->hub.frames(u"read"_s).size() == 2);
    QCOMPARE(m->row(u"C1"_s).unread, 0);
    m->desk->openChat({});
    m->hub.visitorSays(u"C1"_s, u"four"_s);
    UNTIL(m->row(u"C1"_s).unread == 1);
}

void DeskChatsTest::thread_delivery_goesFromSendingToRead()
{
    m->desk->send({u"C1"_s}, u"Hello"_s);
    QCOMPARE(m->desk->thread({u"C1"_s}).last().delivery, Delivery::Sending);
    QVERIFY(m->desk->thread({u"C1"_s}).last().isMine);
    UNTIL(m->desk->thread({u"C1"_s}).last().delivery == Delivery::Sent);
    const qint64 seq = m->desk->thread({u"C1"_s}).last().message.seq;
    m->hub.send(wire::Marks{{u"C1"_s}, seq, 0, 0}.toJson());
    UNTIL(m->desk->thread({u"C1"_s}).last().delivery == Delivery::Delivered);
    m->hub.send(wire::Marks{{u"C1"_s}, seq, seq, 0}.toJson());
    UNTIL(m->desk->thread({u"C1"_s}).last().delivery == Delivery::Read);
}

void DeskChatsTest::thread_refused_isNotSentWithTheReason()
{
    m->hub.refuseNext = 1;
    m->hub.refusal = u"too_long"_s;
    m->desk->send({u"C1"_s}, u"x"_s);
    UNTIL(m->desk->thread({u"C1"_s}).last().delivery == Delivery::NotSent);
    const desk::ThreadItem item = m->desk->thread({u"C1"_s}).last();
    QCOMPARE(item.error->remoteCode, u"too_long"_s);
    m->desk->resend({u"C1"_s}, item.message.clientId);
    UNTIL(m->desk->thread({u"C1"_s}).last().delivery == Delivery::Sent);
}

void DeskChatsTest::draft_survivesRestart()
{
    m->desk->setDraft({u"C1"_s}, u"I will"_s);
    m->desk->setDraft({u"C1"_s}, u"I will look"_s);
    QCOMPARE(m->row(u"C1"_s).draft, u"I will look"_s);
    QTest::qWait(50);
    m->start(); // without the hub: it is all there before anyone answers
    QCOMPARE(m->row(u"C1"_s).draft, u"I will look"_s);
    QCOMPARE(m->desk->draft({u"C1"_s}), u"I will look"_s);
    QCOMPARE(m->row(u"C1"_s).name, u"Amelia Hart"_s);
    m->desk->send({u"C1"_s}, u"I will look"_s);
    QCOMPARE(m->desk->draft({u"C1"_s}), QString());
}

void DeskChatsTest::send_blank_isNothing()
{
    m->desk->send({u"C1"_s}, u" \n "_s);
    m->desk->addNote({u"C1"_s}, QString());
    QVERIFY(m->line->outgoing({u"C1"_s}).isEmpty());
}

void DeskChatsTest::note_isShownAsNoteAndNotAsPreview()
{
    m->hub.visitorSays(u"C1"_s, u"Hi"_s);
    UNTIL(m->row(u"C1"_s).preview == u"Hi"_s);
    m->desk->addNote({u"C1"_s}, u"VIP, be quick"_s);
    UNTIL(m->desk->thread({u"C1"_s}).last().message.seq > 0);
    QCOMPARE(m->desk->thread({u"C1"_s}).last().message.kind, MessageKind::Note);
    QCOMPARE(m->row(u"C1"_s).preview, u"Hi"_s);
    QVERIFY(m->row(u"C1"_s).waitingSince.isValid()); // the visitor was told nothing
}

void DeskChatsTest::typing_isShownInRowAndThread()
{
    QSignalSpy typing(m->desk.get(), &desk::Desk::typingChanged);
    m->hub.send(
        {{u"t"_s, u"typing"_s}, {u"chat"_s, u"C1"_s}, {u"author"_s, u"visitor"_s}, {u"text"_s, u"ye"_s}});
    UNTIL(m->desk->typingText({u"C1"_s}) == u"ye"_s);
    QVERIFY(m->row(u"C1"_s).isTyping);
    QCOMPARE(typing.count(), 1);
    m->clock.advance(13s); // a page that died types no more
    QVERIFY(!m->row(u"C1"_s).isTyping);
}

void DeskChatsTest::hub_goneAndBack_showsStateAndLosesNothing()
{
    QCOMPARE(m->desk->hubStatus().state, desk::LineState::Online);
    QCOMPARE(m->desk->hubStatus().hubName, u"Tallyworks"_s);
    m->hub.close();
    UNTIL(m->desk->hubStatus().state == desk::LineState::Offline);
    QVERIFY(m->desk->hubStatus().lastError);
    m->desk->send({u"C1"_s}, u"one"_s);
    m->hub.visitorSays(u"C1"_s, u"two"_s);
    m->clock.advance(1min);
    m->hub.open();
    UNTIL(m->desk->hubStatus().state == desk::LineState::Online);
    UNTIL(m->hub.texts(u"C1"_s) == QStringList({u"two"_s, u"one"_s}));
    UNTIL(m->desk->thread({u"C1"_s}).size() == 3);
    QCOMPARE(m->desk->thread({u"C1"_s}).last().message.seq, 3);
}

void DeskChatsTest::dismiss_endedOnly_andForGood()
{
    m->desk->dismiss({u"C1"_s});
    QCOMPARE(m->desk->chats().size(), 1);
    m->hub.event(u"C1"_s, u"ended"_s);
    UNTIL(m->row(u"C1"_s).state == ChatState::Ended);
    QSignalSpy removed(m->desk.get(), &desk::Desk::chatRemoved);
    m->desk->dismiss({u"C1"_s});
    QCOMPARE(removed.count(), 1);
    QCOMPARE(m->desk->chats().size(), 0);
    QTest::qWait(50);
    m->start();
    QCOMPARE(m->desk->chats().size(), 0);
}

void DeskChatsTest::canned_filled_fromTheChatAndBlanksStay()
{
    const desk::CannedResponse response{
        u"/x"_s, u"X"_s, u"Dear {!Visitor.Name}, [amount] for {!LiveChat.Product}. {!Chat.AgentName}"_s, {}};
    QCOMPARE(m->desk->filled(response, {u"C1"_s}),
             u"Dear Amelia Hart, [amount] for [product]. Nora Whitfield"_s);
    m->hub.put(u"C2"_s, ChatState::Open).fields.insert(fields::visitorName, u"{!Visitor.Email}<b>"_s);
    m->hub.tell(u"C2"_s);
    UNTIL(m->desk->chats().size() == 2);
    QVERIFY(m->desk->filled(response, {u"C2"_s})
                .contains(u"{!Visitor.Email}<b>"_s)); // data, never expanded again
}

void DeskChatsTest::canned_fromFile_replaceTheBuiltIn()
{
    const qsizetype builtIn = m->desk->cannedResponses().size();
    QVERIFY(builtIn >= 5);
    const QString path = m->folder.filePath(u"canned.json"_s);
    QCOMPARE(m->desk->loadCannedResponses(path).error().code, Errc::NotFound);
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(R"([{"shortcut":"/a","title":"A","text":"Hi","folder":"F"},{"shortcut":"","text":"no"},7])");
    file.close();
    QVERIFY(m->desk->loadCannedResponses(path));
    QCOMPARE(m->desk->cannedResponses().size(), 1);
    QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
    file.write("{");
    file.close();
    QVERIFY(!m->desk->loadCannedResponses(path));
    QCOMPARE(m->desk->cannedResponses().size(), 1); // a damaged file takes nothing away
}

QTEST_GUILESS_MAIN(DeskChatsTest)
#include "tst_DeskChats.moc"
