#include "tests/core/chat/LineBench.h"

#include <QRegularExpression>
#include <QSignalSpy>
#include <QTest>

using namespace parley;
using namespace Qt::Literals::StringLiterals;
using chat::LineState;
using tests::LineBench;

class LineTest : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup() { m_bench.reset(); }

    void signIn_rightPassword_bringsTheChatsAndAToken();
    void signIn_wrongPassword_isSignedOutForGood();
    void online_accountTakenAway_isSignedOutAtOnce();
    void signIn_withToken_needsNoPassword();
    void signIn_asAnotherAgent_seesNothingOfTheFirst();
    void say_online_isAcknowledgedWithTheHubsNumber();
    void say_offline_isSentInOrderWhenTheHubIsBack();
    void say_restartBeforeTheHubIsBack_isSentOnce();
    void say_ackLost_isNotDoubled();
    void say_tooMany_isSentAgainInOrder();
    void say_tooLong_isNotSentAndTheNextGoesOn();
    void entries_whileAway_comeWithoutGapOrDouble();
    void entries_muteHub_areFetchedByTheChatFrame();
    void log_ofManyPages_comesWhole();
    void chat_endedWhileAway_endsByItsLog();
    void chat_takenByAnother_isGone();
    void chat_hidden_staysAwayWhenALateLinkTellsOfIt();
    void accept_taken_saysSo();
    void end_offline_endsWhenTheHubIsBack();
    void typing_ofTheVisitor_isShownUntilTheySay();
    void marks_moveForwardOnly();
    void read_whileOffline_isToldLater();

private:
    std::unique_ptr<LineBench> m_bench;
    tests::ScriptedHub &hub() { return m_bench->hub; }
    chat::Line &line() { return *m_bench->line; }
};

void LineTest::init()
{
    QTest::failOnWarning(QRegularExpression(u".*"_s));
    m_bench = std::make_unique<LineBench>();
    hub().put(u"C1"_s, ChatState::Open);
    m_bench->restart();
}

#define ONLINE() QTRY_COMPARE(line().state(), LineState::Online)

void LineTest::signIn_rightPassword_bringsTheChatsAndAToken()
{
    QSignalSpy tokens(&line(), &chat::Line::signedIn);
    QSignalSpy synced(&line(), &chat::Line::synced);
    m_bench->signIn();
    QTRY_COMPARE(synced.count(), 1);
    QCOMPARE(tokens.first().first().toString(), u"token-A1"_s);
    QCOMPARE(line().me().name, u"Nora Whitfield"_s);
    QCOMPARE(line().chats().size(), 1);
    QVERIFY(line().isMine({u"C1"_s}));
    QTRY_COMPARE(line().messages({u"C1"_s}).size(), 1);
    QCOMPARE(hub().frames(u"presence"_s).size(), 1);
}

void LineTest::signIn_wrongPassword_isSignedOutForGood()
{
    line().signIn(hub().door(), u"nora@tallyworks.example"_s, u"wrong"_s);
    QTRY_COMPARE(line().state(), LineState::SignedOut);
    QCOMPARE(line().lastError()->code, Errc::Unauthorized);
    QTest::qWait(600); // longer than the first tries of a line that would go on knocking
    QCOMPARE(hub().frames(u"hello"_s).size(), 1);
}

void LineTest::online_accountTakenAway_isSignedOutAtOnce()
{
    m_bench->signIn();
    ONLINE();
    QList<LineState> states;
    connect(&line(), &chat::Line::stateChanged, this, [&] { states += line().state(); });
    hub().send({{u"t"_s, u"error"_s}, {u"code"_s, u"signin"_s}, {u"message"_s, u"no"_s}, {u"fatal"_s, true}});
    QTRY_COMPARE(line().state(), LineState::SignedOut);
    QCOMPARE(line().lastError()->code, Errc::Unauthorized);
    QCOMPARE(states, QList{LineState::SignedOut}); // it did not knock again to be told
}

void LineTest::signIn_withToken_needsNoPassword()
{
    line().signInWithToken(hub().door(), u"token-A1"_s);
    ONLINE();
    QVERIFY(!hub().frames(u"hello"_s).first().contains(u"password"_s));
}

void LineTest::signIn_asAnotherAgent_seesNothingOfTheFirst()
{
    m_bench->signIn();
    ONLINE();
    QTRY_COMPARE(line().messages({u"C1"_s}).size(), 1);
    hub().close();
    QTRY_COMPARE(line().state(), LineState::Offline);
    line().say({u"C1"_s}, u"never sent by the other"_s);
    QTRY_COMPARE(line().outgoing({u"C1"_s}).size(), 1);
    hub().agentId = u"A2"_s;
    hub().open();
    m_bench->restart();
    QCOMPARE(line().chats().size(), 1);
    m_bench->signIn();
    ONLINE();
    QCOMPARE(line().chats().size(), 0);
    QCOMPARE(line().outgoing({u"C1"_s}).size(), 0);
    QCOMPARE(hub().frames(u"say"_s).size(), 0);
}

void LineTest::say_online_isAcknowledgedWithTheHubsNumber()
{
    m_bench->signIn();
    ONLINE();
    const ClientId cid = line().say({u"C1"_s}, u"Hello"_s);
    QCOMPARE(line().outgoing({u"C1"_s}).size(), 1); // shown before anything left
    QTRY_COMPARE(line().messages({u"C1"_s}).size(), 2);
    QCOMPARE(line().messages({u"C1"_s}).last().clientId, cid);
    QCOMPARE(line().messages({u"C1"_s}).last().agent, line().me().id);
    QCOMPARE(line().outgoing({u"C1"_s}).size(), 0);
    QCOMPARE(line().chat({u"C1"_s})->preview, u"Hello"_s);
}

void LineTest::say_offline_isSentInOrderWhenTheHubIsBack()
{
    m_bench->signIn();
    ONLINE();
    hub().close();
    QTRY_COMPARE(line().state(), LineState::Offline);
    const QStringList said{u"one"_s, u"two"_s, u"three"_s};
    for (const QString &text : said)
        line().say({u"C1"_s}, text);
    hub().open();
    QTRY_COMPARE(hub().texts(u"C1"_s), said);
    QTRY_COMPARE(m_bench->texts(u"C1"_s), said);
    QCOMPARE(line().outgoing({u"C1"_s}).size(), 0);
}

void LineTest::say_restartBeforeTheHubIsBack_isSentOnce()
{
    m_bench->signIn();
    ONLINE();
    hub().cutAfterCommit = 1; // the hub has the first one, and the console never hears of it
    line().say({u"C1"_s}, u"one"_s);
    QTRY_COMPARE(hub().texts(u"C1"_s).size(), 1);
    hub().close();
    line().say({u"C1"_s}, u"two"_s);
    line().say({u"C1"_s}, u"three"_s);
    QTest::qWait(100); // on disk: nothing else would survive a kill
    m_bench->restart();
    QCOMPARE(line().outgoing({u"C1"_s}).size(), 3);
    hub().open();
    line().signInWithToken(hub().door(), u"token-A1"_s);
    QTRY_COMPARE(m_bench->texts(u"C1"_s), QStringList({u"one"_s, u"two"_s, u"three"_s}));
    QCOMPARE(hub().texts(u"C1"_s), QStringList({u"one"_s, u"two"_s, u"three"_s}));
    m_bench->restart();
    QCOMPARE(line().outgoing({u"C1"_s}).size(), 0);
    QCOMPARE(m_bench->texts(u"C1"_s).size(), 3);
}

void LineTest::say_ackLost_isNotDoubled()
{
    m_bench->signIn();
    ONLINE();
    hub().cutAfterCommit = 3;
    line().say({u"C1"_s}, u"one"_s);
    line().say({u"C1"_s}, u"two"_s);
    QTRY_COMPARE_WITH_TIMEOUT(line().outgoing({u"C1"_s}).size(), 0, 15'000);
    QCOMPARE(hub().texts(u"C1"_s), QStringList({u"one"_s, u"two"_s}));
    QCOMPARE(m_bench->texts(u"C1"_s), QStringList({u"one"_s, u"two"_s}));
}

void LineTest::say_tooMany_isSentAgainInOrder()
{
    m_bench->signIn();
    ONLINE();
    hub().refuseNext = 1;
    line().say({u"C1"_s}, u"one"_s);
    line().say({u"C1"_s}, u"two"_s);
    QTRY_COMPARE(hub().texts(u"C1"_s), QStringList({u"one"_s, u"two"_s}));
    QTRY_COMPARE(m_bench->texts(u"C1"_s), QStringList({u"one"_s, u"two"_s}));
}

void LineTest::say_tooLong_isNotSentAndTheNextGoesOn()
{
    m_bench->signIn();
    ONLINE();
    hub().refuseNext = 1;
    hub().refusal = u"too_long"_s;
    const ClientId cid = line().say({u"C1"_s}, u"long"_s);
    line().say({u"C1"_s}, u"short"_s);
    QTRY_COMPARE(m_bench->texts(u"C1"_s), QStringList{u"short"_s});
    QCOMPARE(line().outgoing({u"C1"_s}).first().state, chat::OutgoingState::Failed);
    QCOMPARE(line().outgoing({u"C1"_s}).first().error->remoteCode, u"too_long"_s);
    line().resend(cid);
    QTRY_COMPARE(m_bench->texts(u"C1"_s), QStringList({u"short"_s, u"long"_s}));
    hub().refuseNext = 1;
    const ClientId dropped = line().say({u"C1"_s}, u"other"_s);
    QTRY_COMPARE(line().outgoing({u"C1"_s}).first().state, chat::OutgoingState::Failed);
    line().discard(dropped);
    QCOMPARE(line().outgoing({u"C1"_s}).size(), 0);
}

void LineTest::entries_whileAway_comeWithoutGapOrDouble()
{
    m_bench->signIn();
    ONLINE();
    hub().visitorSays(u"C1"_s, u"a"_s);
    QTRY_COMPARE(m_bench->texts(u"C1"_s), QStringList{u"a"_s});
    hub().close();
    hub().visitorSays(u"C1"_s, u"b"_s);
    hub().visitorSays(u"C1"_s, u"c"_s);
    hub().open();
    QTRY_COMPARE(m_bench->texts(u"C1"_s), QStringList({u"a"_s, u"b"_s, u"c"_s}));
    hub().visitorSays(u"C1"_s, u"d"_s);
    QTRY_COMPARE(m_bench->texts(u"C1"_s).last(), u"d"_s);
    m_bench->restart(); // and all of it is there before the hub is asked
    QCOMPARE(m_bench->texts(u"C1"_s), QStringList({u"a"_s, u"b"_s, u"c"_s, u"d"_s}));
}

void LineTest::entries_muteHub_areFetchedByTheChatFrame()
{
    m_bench->signIn();
    ONLINE();
    hub().isMute = true;
    hub().visitorSays(u"C1"_s, u"a"_s);
    hub().visitorSays(u"C1"_s, u"b"_s);
    hub().isMute = false;
    hub().visitorSays(u"C1"_s, u"c"_s); // two are missing before it
    QTRY_COMPARE(m_bench->texts(u"C1"_s), QStringList({u"a"_s, u"b"_s, u"c"_s}));
}

void LineTest::log_ofManyPages_comesWhole()
{
    for (int i = 0; i < 1200; ++i)
        hub().visitorSays(u"C1"_s, QString::number(i));
    hub().page = 500;
    m_bench->signIn();
    QTRY_COMPARE(line().messages({u"C1"_s}).size(), 1201);
    QCOMPARE(hub().frames(u"resume"_s).size(), 3);
    QCOMPARE(line().messages({u"C1"_s}).last().seq, 1201);
}

void LineTest::chat_endedWhileAway_endsByItsLog()
{
    m_bench->signIn();
    ONLINE();
    QTRY_COMPARE(line().messages({u"C1"_s}).size(), 1);
    hub().close();
    hub().event(u"C1"_s, u"ended"_s);
    hub().open(); // it is not listed any more: only its log tells
    QTRY_COMPARE(line().chat({u"C1"_s})->state, ChatState::Ended);
    QVERIFY(line().chat({u"C1"_s})->endedAt.isValid());
}

void LineTest::chat_takenByAnother_isGone()
{
    hub().put(u"C2"_s, ChatState::Waiting);
    m_bench->signIn();
    QTRY_COMPARE(line().chats().size(), 2);
    QSignalSpy removed(&line(), &chat::Line::chatRemoved);
    hub().send({{u"t"_s, u"gone"_s}, {u"chat"_s, u"C2"_s}});
    QTRY_COMPARE(removed.count(), 1);
    QCOMPARE(line().chats().size(), 1);
}

void LineTest::chat_hidden_staysAwayWhenALateLinkTellsOfIt()
{
    m_bench->signIn();
    ONLINE();
    hub().event(u"C1"_s, u"ended"_s);
    hub().tell(u"C1"_s);
    QTRY_COMPARE(line().chat({u"C1"_s})->state, ChatState::Ended);
    line().hide({u"C1"_s});
    hub().tell(u"C1"_s);
    hub().put(u"C2"_s, ChatState::Waiting);
    hub().tell(u"C2"_s);
    QTRY_VERIFY(line().chat({u"C2"_s}));
    QVERIFY(!line().chat({u"C1"_s}));
    QTest::qWait(50); // hidden on disk
    m_bench->restart();
    QVERIFY(!line().chat({u"C1"_s}));
}

void LineTest::accept_taken_saysSo()
{
    hub().put(u"C2"_s, ChatState::Waiting);
    m_bench->signIn();
    QTRY_COMPARE(line().chats().size(), 2);
    hub().refuseNext = 1;
    hub().refusal = u"taken"_s;
    std::optional<Result<ChatId>> answer;
    whenDone(line().accept({u"C2"_s}), this, [&](const Result<ChatId> &id) { answer = id; });
    QTRY_VERIFY(answer);
    QCOMPARE(answer->error().code, Errc::Conflict);
    QCOMPARE(answer->error().remoteCode, u"taken"_s);
    answer.reset();
    whenDone(line().accept({u"C2"_s}), this, [&](const Result<ChatId> &id) { answer = id; });
    QTRY_VERIFY(answer);
    QCOMPARE(answer->value().value, u"C2"_s);
    QTRY_COMPARE(line().chat({u"C2"_s})->state, ChatState::Open);
}

void LineTest::end_offline_endsWhenTheHubIsBack()
{
    m_bench->signIn();
    ONLINE();
    hub().close();
    QTRY_COMPARE(line().state(), LineState::Offline);
    line().say({u"C1"_s}, u"Goodbye"_s);
    letGo(line().end({u"C1"_s}));
    letGo(line().end({u"C1"_s}));
    hub().open();
    QTRY_COMPARE(line().chat({u"C1"_s})->state, ChatState::Ended);
    QCOMPARE(hub().frames(u"end"_s).size(), 1);
    QCOMPARE(hub().texts(u"C1"_s), QStringList{u"Goodbye"_s}); // before the end, not after
    QCOMPARE(hub().log(u"C1"_s).last().event, u"ended"_s);
}

void LineTest::typing_ofTheVisitor_isShownUntilTheySay()
{
    m_bench->signIn();
    ONLINE();
    hub().send(
        {{u"t"_s, u"typing"_s}, {u"chat"_s, u"C1"_s}, {u"author"_s, u"visitor"_s}, {u"text"_s, u"yes pl"_s}});
    QTRY_COMPARE(line().typing({u"C1"_s}), u"yes pl"_s);
    hub().visitorSays(u"C1"_s, u"yes please"_s);
    QTRY_COMPARE(line().typing({u"C1"_s}), QString());
    line().setTyping({u"C1"_s}, true);
    line().setTyping({u"C1"_s}, true);
    line().setTyping({u"C1"_s}, false);
    QTRY_COMPARE(hub().frames(u"typing"_s).size(), 2); // not one a key press
}

void LineTest::marks_moveForwardOnly()
{
    m_bench->signIn();
    ONLINE();
    line().say({u"C1"_s}, u"one"_s);
    QTRY_COMPARE(line().messages({u"C1"_s}).size(), 2);
    hub().send(wire::Marks{{u"C1"_s}, 2, 2, 0}.toJson());
    QTRY_COMPARE(line().chat({u"C1"_s})->readSeq, 2);
    hub().send(wire::Marks{{u"C1"_s}, 2, 1, 0}.toJson());
    hub().visitorSays(u"C1"_s, u"after"_s);
    QTRY_COMPARE(line().messages({u"C1"_s}).size(), 3);
    QCOMPARE(line().chat({u"C1"_s})->readSeq, 2);
}

void LineTest::read_whileOffline_isToldLater()
{
    m_bench->signIn();
    ONLINE();
    hub().visitorSays(u"C1"_s, u"a"_s);
    QTRY_COMPARE(line().messages({u"C1"_s}).size(), 2);
    hub().close();
    QTRY_COMPARE(line().state(), LineState::Offline);
    line().markRead({u"C1"_s});
    hub().open();
    QTRY_COMPARE(hub().frames(u"read"_s).size(), 1);
    QCOMPARE(hub().frames(u"read"_s).first().value(u"read"_s).toInt(), 2);
}

QTEST_GUILESS_MAIN(LineTest)
#include "tst_Line.moc"
