// The desk on the real hub: what the scripted one cannot prove.
#include "core/chat/Line.h"
#include "core/desk/Desk.h"
#include "core/desk/ProfileSchema.h"
#include "core/store/Database.h"
#include "tests/core/hub/HubFixture.h"
#include "tests/fakes/FakeCrm.h"

#include <QRegularExpression>
#include <QSignalSpy>

using namespace parley;
using namespace Qt::Literals::StringLiterals;
using desk::TabState;
using fakes::FakeCrm;
using tests::HubClient;
using tests::HubFixture;

class DeskWithHubTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void cleanup();

    void signIn_wrongPassword_isSignedOut();
    void waiting_isSeenLookedUpAndReadBeforeItIsAccepted();
    void twoChats_hubGoneAndBack_nothingLostNothingDoubled();
    void typing_marks_andFiles_goBothWays();
    void end_withCase_isWrittenOnceAndTiedToTheChat();
    void restart_whileTheHubIsGone_sendsWhatWasTyped();

private:
    void startConsole();
    bool signIn();
    QStringList texts(const ChatId &id) const;
    static void say(HubClient &visitor, const QString &chat, const QString &cid, const QString &text);

    SystemClock m_clock;
    std::unique_ptr<HubFixture> m_hub;
    std::unique_ptr<QTemporaryDir> m_profile;
    std::shared_ptr<FakeCrm> m_crm;
    std::shared_ptr<chat::Line> m_line;
    std::unique_ptr<desk::Desk> m_desk;
};

void DeskWithHubTest::initTestCase()
{
    m_hub = std::make_unique<HubFixture>(m_clock);
    QVERIFY(!m_hub->ready.url.isEmpty());
    QVERIFY(hub::putAgent(m_hub->dataDir(), {.email = u"nora@tallyworks.example"_s,
                                             .name = u"Nora Whitfield"_s,
                                             .role = u"agent"_s,
                                             .password = u"correct horse"_s}));
}

void DeskWithHubTest::init()
{
    QTest::failOnWarning(QRegularExpression(u".*"_s));
    m_profile = std::make_unique<QTemporaryDir>();
    m_crm = std::make_shared<FakeCrm>();
    m_crm->put(kinds::contact,
               {{u"LastName"_s, u"Hart"_s}, {u"Email"_s, u"amelia.hart@northgate.example"_s}});
    startConsole();
}

void DeskWithHubTest::cleanup()
{
    m_desk.reset();
    m_line->signOut();
    m_line.reset();
    QTest::qWait(50);
}

void DeskWithHubTest::startConsole()
{
    m_desk.reset();
    if (m_line)
        m_line->signOut();
    m_line.reset();
    const auto database = store::Database::open(m_profile->filePath(u"parley.db"_s), desk::profileSchema());
    QVERIFY(database);
    const auto line = chat::Line::open(*database, m_clock);
    QVERIFY(line);
    m_line = *line;
    m_desk = std::make_unique<desk::Desk>(m_line, *database, m_clock);
    m_desk->setCrm(m_crm, {.state = desk::CrmState::Connected, .name = u"Salesforce"_s});
}

bool DeskWithHubTest::signIn()
{
    QSignalSpy synced(m_line.get(), &chat::Line::synced);
    m_line->signIn(QUrl(m_hub->ready.agentWs), u"nora@tallyworks.example"_s, u"correct horse"_s);
    return synced.wait(10'000);
}

void DeskWithHubTest::say(HubClient &visitor, const QString &chat, const QString &cid, const QString &text)
{
    visitor.send({{u"t"_s, u"say"_s}, {u"chat"_s, chat}, {u"cid"_s, cid}, {u"text"_s, text}});
}

QStringList DeskWithHubTest::texts(const ChatId &id) const
{
    QStringList texts;
    for (const desk::ThreadItem &item : m_desk->thread(id)) {
        if (item.message.kind != MessageKind::Event)
            texts += item.message.attachment ? item.message.attachment->name : item.message.text;
    }
    return texts;
}

void DeskWithHubTest::signIn_wrongPassword_isSignedOut()
{
    m_line->signIn(QUrl(m_hub->ready.agentWs), u"nora@tallyworks.example"_s, u"battery staple"_s);
    QTRY_COMPARE_WITH_TIMEOUT(m_desk->hubStatus().state, desk::LineState::SignedOut, 10'000);
    QCOMPARE(m_desk->hubStatus().lastError->code, Errc::Unauthorized);
}

void DeskWithHubTest::waiting_isSeenLookedUpAndReadBeforeItIsAccepted()
{
    QVERIFY(signIn());
    const auto visitor = m_hub->visitor();
    const ChatId chat{HubFixture::start(*visitor)};
    QTRY_COMPARE(m_desk->recordTab(chat).state, TabState::Matched);
    QCOMPARE(m_desk->chat(chat).state, ChatState::Waiting);
    QTRY_COMPARE(texts(chat), QStringList{u"Our invoice is wrong."_s});
    letGo(m_desk->accept(chat));
    QTRY_COMPARE(m_desk->chat(chat).state, ChatState::Open);
    QTRY_COMPARE(m_desk->chat(chat).links.size(), 1); // the contact, now that the chat is ours
    letGo(m_desk->endChat(chat));
    QTRY_COMPARE(m_desk->chat(chat).state, ChatState::Ended);
}

void DeskWithHubTest::twoChats_hubGoneAndBack_nothingLostNothingDoubled()
{
    QVERIFY(signIn());
    auto first = m_hub->visitor();
    auto second = m_hub->visitor();
    const QString token = tests::textOf(first->take(u"welcome"_s), "token");
    const ChatId one{HubFixture::start(*first)};
    const ChatId two{HubFixture::start(*second, "s-2")};
    QTRY_COMPARE(m_desk->chats().size(), 2);
    letGo(m_desk->accept(one));
    letGo(m_desk->accept(two));
    QTRY_COMPARE(m_desk->chat(two).state, ChatState::Open);
    QTRY_COMPARE(m_desk->chat(one).state, ChatState::Open);
    for (int i = 0; i < 20; ++i) {
        m_desk->send(one, u"a%1"_s.arg(i));
        m_desk->send(two, u"b%1"_s.arg(i));
        if (i == 10) { // some are on their way, some are queued
            QTRY_VERIFY(texts(one).size() > 3);
            m_hub->hub->stop();
        }
    }
    QTRY_COMPARE(m_desk->hubStatus().state, desk::LineState::Offline);
    m_hub->restart(m_clock);
    first = m_hub->visitor(token);
    say(*first, one.value, u"m-1"_s, u"are you still there?"_s);
    QTRY_COMPARE_WITH_TIMEOUT(m_desk->hubStatus().state, desk::LineState::Online, 20'000);
    QTRY_VERIFY_WITH_TIMEOUT(texts(one).contains(u"are you still there?"_s), 10'000);
    const auto said = [this](const ChatId &id, const QString &letter) {
        QStringList mine;
        for (const desk::ThreadItem &item : m_desk->thread(id)) {
            if (item.message.seq > 0 && item.message.text.startsWith(letter) && item.isMine)
                mine += item.message.text;
        }
        return mine;
    };
    QStringList a;
    QStringList b;
    for (int i = 0; i < 20; ++i) {
        a += u"a%1"_s.arg(i);
        b += u"b%1"_s.arg(i);
    }
    QTRY_COMPARE_WITH_TIMEOUT(said(one, u"a"_s), a, 20'000);
    QTRY_COMPARE_WITH_TIMEOUT(said(two, u"b"_s), b, 20'000);
    // And the hub's own log says the same, as the visitor reads it.
    first->send({{u"t"_s, u"resume"_s}, {u"chat"_s, one.value}, {u"after"_s, 0}});
    QStringList atHub;
    const QJsonArray entries = first->take(u"log"_s).value(u"entries"_s).toArray();
    int before = 0;
    for (int i = 0; i < entries.size(); ++i) {
        const int seq = entries.at(i).toObject().value(u"seq"_s).toInt();
        QVERIFY(seq > before); // not every number: what is for agents alone is left out for the visitor
        before = seq;
        if (entries.at(i).toObject().value(u"author"_s) == u"agent"_s &&
            entries.at(i).toObject().contains(u"text"_s))
            atHub += entries.at(i).toObject().value(u"text"_s).toString();
    }
    QCOMPARE(atHub, a);
    letGo(m_desk->endChat(one));
    letGo(m_desk->endChat(two));
    QTRY_COMPARE(m_desk->chat(two).state, ChatState::Ended);
}

void DeskWithHubTest::typing_marks_andFiles_goBothWays()
{
    QVERIFY(signIn());
    const auto visitor = m_hub->visitor();
    const ChatId chat{HubFixture::start(*visitor)};
    QTRY_COMPARE(m_desk->chats().size(), 1);
    letGo(m_desk->accept({})); // whoever waits longest
    QTRY_COMPARE(m_desk->chat(chat).state, ChatState::Open);
    visitor->send({{u"t"_s, u"typing"_s}, {u"chat"_s, chat.value}, {u"text"_s, u"could you"_s}});
    QTRY_COMPARE(m_desk->typingText(chat), u"could you"_s);
    const QString path = m_profile->filePath(u"invoice.pdf"_s);
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    const QByteArray content = QByteArray("%PDF-1.7\n") + QByteArray(300'000, 'x');
    file.write(content);
    file.close();
    m_desk->sendFile(chat, path);
    QTRY_VERIFY_WITH_TIMEOUT(texts(chat).contains(u"invoice.pdf"_s) && m_line->outgoing(chat).isEmpty(),
                             10'000);
    const desk::ThreadItem item = m_desk->thread(chat).last();
    QCOMPARE(item.message.attachment->mimeType, u"application/pdf"_s);
    QByteArray fetched;
    whenDone(m_desk->fetchFile(chat, *item.message.attachment), this,
             [&](const Result<QByteArray> &answer) { fetched = answer.value_or(QByteArray()); });
    QTRY_COMPARE_WITH_TIMEOUT(fetched.size(), content.size(), 10'000);
    QCOMPARE(fetched, content);
    visitor->send({{u"t"_s, u"read"_s},
                   {u"chat"_s, chat.value},
                   {u"delivered"_s, item.message.seq},
                   {u"read"_s, item.message.seq}});
    QTRY_COMPARE(m_desk->thread(chat).last().delivery, desk::Delivery::Read);
    letGo(m_desk->endChat(chat));
    QTRY_COMPARE(m_desk->chat(chat).state, ChatState::Ended);
}

void DeskWithHubTest::end_withCase_isWrittenOnceAndTiedToTheChat()
{
    QVERIFY(signIn());
    const auto visitor = m_hub->visitor();
    const ChatId chat{HubFixture::start(*visitor)};
    QTRY_COMPARE(m_desk->recordTab(chat).state, TabState::Matched);
    letGo(m_desk->accept(chat));
    QTRY_COMPARE(m_desk->chat(chat).state, ChatState::Open);
    m_desk->setAttach(chat, crm::Attach::Case);
    visitor->send({{u"t"_s, u"end"_s}, {u"chat"_s, chat.value}, {u"cid"_s, u"e-1"_s}});
    QTRY_COMPARE(m_crm->all(kinds::crmCase).size(), 1);
    const Record made = m_crm->all(kinds::crmCase).first();
    QVERIFY(made.text(u"Description"_s).contains(u"Our invoice is wrong."_s));
    QTRY_VERIFY(m_desk->chat(chat).links.contains(made.ref));
    // Written is written: the hub grants the right to nobody any more.
    std::optional<Result<chat::Claim>> claimed;
    QTRY_VERIFY(m_line->outgoing(chat).isEmpty());
    whenDone(m_line->claim(chat, std::chrono::seconds(5)), this,
             [&](const Result<chat::Claim> &answer) { claimed = answer; });
    QTRY_VERIFY(claimed);
    QVERIFY(!claimed->value().isGranted);
    QVERIFY(claimed->value().isDone);
}

void DeskWithHubTest::restart_whileTheHubIsGone_sendsWhatWasTyped()
{
    QVERIFY(signIn());
    const auto visitor = m_hub->visitor();
    const ChatId chat{HubFixture::start(*visitor)};
    QTRY_COMPARE(m_desk->chats().size(), 1);
    letGo(m_desk->accept(chat));
    QTRY_COMPARE(m_desk->chat(chat).state, ChatState::Open);
    m_hub->hub->stop();
    QTRY_COMPARE(m_desk->hubStatus().state, desk::LineState::Offline);
    m_desk->send(chat, u"one"_s);
    m_desk->send(chat, u"two"_s);
    letGo(m_desk->endChat(chat));
    QTest::qWait(100); // on disk
    startConsole();
    QCOMPARE(texts(chat), QStringList({u"Our invoice is wrong."_s, u"one"_s, u"two"_s}));
    m_hub->restart(m_clock);
    QVERIFY(signIn());
    QTRY_COMPARE_WITH_TIMEOUT(m_desk->chat(chat).state, ChatState::Ended, 10'000);
    QCOMPARE(texts(chat), QStringList({u"Our invoice is wrong."_s, u"one"_s, u"two"_s}));
    QVERIFY(m_line->outgoing(chat).isEmpty());
}

QTEST_GUILESS_MAIN(DeskWithHubTest)
#include "tst_DeskWithHub.moc"
