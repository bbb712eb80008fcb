// The demo's visitors at a hub's door that only records what they say.
#include "app/demo/DemoVisitor.h"
#include "tests/fakes/FakeClock.h"

#include <QJsonDocument>
#include <QRegularExpression>
#include <QSet>
#include <QTest>
#include <QWebSocketServer>

using namespace parley;
using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace {

/// Answers hello and start as the hub does and keeps every frame.
class Door : public QObject
{
public:
    Door()
        : m_server(u"door"_s, QWebSocketServer::NonSecureMode)
    {
        m_server.listen(QHostAddress::LocalHost);
        connect(&m_server, &QWebSocketServer::newConnection, this, [this] {
            m_socket.reset(m_server.nextPendingConnection());
            connect(m_socket.get(), &QWebSocket::textMessageReceived, this, &Door::receive);
        });
    }

    [[nodiscard]] QUrl url() const { return m_server.serverUrl(); }
    [[nodiscard]] QStringList said() const { return textsOf(u"say"_s); }
    [[nodiscard]] QStringList textsOf(const QString &type) const
    {
        QStringList texts;
        for (const QJsonObject &frame : frames) {
            if (frame.value("t"_L1).toString() == type)
                texts += frame.value("text"_L1).toString();
        }
        return texts;
    }
    void send(const QJsonObject &frame)
    {
        m_socket->sendTextMessage(QString::fromUtf8(QJsonDocument(frame).toJson(QJsonDocument::Compact)));
    }
    void agentSays(qint64 seq)
    {
        send({{u"t"_s, u"entry"_s},
              {u"chat"_s, u"C1"_s},
              {u"seq"_s, seq},
              {u"author"_s, u"agent"_s},
              {u"kind"_s, u"text"_s},
              {u"text"_s, u"hello"_s}});
    }

    QList<QJsonObject> frames;

private:
    void receive(const QString &text)
    {
        const QJsonObject frame = QJsonDocument::fromJson(text.toUtf8()).object();
        frames += frame;
        const QString type = frame.value("t"_L1).toString();
        if (type == "hello"_L1)
            send({{u"t"_s, u"welcome"_s}, {u"v"_s, 1}, {u"token"_s, u"T"_s}});
        else if (type == "start"_L1)
            send({{u"t"_s, u"started"_s},
                  {u"cid"_s, u"start"_s},
                  {u"chat"_s, QJsonObject{{u"id"_s, u"C1"_s}}}});
    }

    QWebSocketServer m_server;
    std::unique_ptr<QWebSocket> m_socket;
};

demo::Persona talker()
{
    demo::Persona persona;
    persona.start = 3s;
    persona.fields = {{u"name"_s, u"Amelia Hart"_s}};
    persona.text = u"first"_s;
    persona.steps = {{.after = 2s, .say = u"second line"_s},
                     {.isAfterReply = true, .after = 5s, .say = u"third"_s}};
    return persona;
}

} // namespace

class DemoVisitorTest : public QObject
{
    Q_OBJECT

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(u".*"_s)); }

    void personas_builtIn_haveAllSortsOfVisitors()
    {
        const QList<demo::Persona> personas = demo::builtInPersonas();
        QVERIFY(personas.size() >= 6);
        QSet<QString> emails;
        for (const demo::Persona &persona : personas) {
            QVERIFY(!persona.text.isEmpty());
            emails += persona.fields.value("email"_L1).toString();
        }
        QVERIFY(emails.contains(u"amelia.hart@northgate.example"_s)); // a contact
        QVERIFY(emails.contains(u"priya.nair@brightloom.example"_s)); // a lead
        QVERIFY(emails.contains(u"office@fjordline.example"_s));      // three contacts share it
        QVERIFY(emails.contains(u"tomas@kellerstudio.example"_s));    // nobody knows him
    }

    void personas_brokenJson_saysWhere()
    {
        const auto personas = demo::personasFrom("{\"visitors\": [}");
        QVERIFY(!personas);
        QCOMPARE(personas.error().code, Errc::InvalidInput);
        QVERIFY(personas.error().detail.contains(u"byte"_s));
    }

    void visitor_afterItsTime_startsAndTypesBeforeItSays()
    {
        Door door;
        fakes::FakeClock clock;
        demo::DemoVisitor visitor(talker(), door.url(), clock);
        visitor.begin();
        QVERIFY(door.frames.isEmpty());
        clock.advance(3s);
        QTRY_COMPARE(visitor.chatId(), u"C1"_s);
        QCOMPARE(door.textsOf(u"start"_s), QStringList(u"first"_s));

        clock.advance(10s);
        QTRY_COMPARE(door.said(), QStringList(u"second line"_s));
        const QStringList typed = door.textsOf(u"typing"_s);
        QVERIFY(typed.size() >= 2);
        for (qsizetype i = 1; i < typed.size(); ++i)
            QVERIFY(typed.at(i).startsWith(typed.at(i - 1)));
        QCOMPARE(typed.last(), u"second line"_s);
    }

    void visitor_stepAfterReply_waitsForTheAgent()
    {
        Door door;
        fakes::FakeClock clock;
        demo::DemoVisitor visitor(talker(), door.url(), clock);
        visitor.begin();
        clock.advance(3s);
        QTRY_COMPARE(visitor.chatId(), u"C1"_s);
        clock.advance(60s);
        QTRY_COMPARE(door.said().size(), 1);
        door.agentSays(3);
        QTRY_VERIFY(clock.hasSleepers()); // the reply arrived, the answer is being thought about
        clock.advance(60s);
        QTRY_COMPARE(door.said(), QStringList({u"second line"_s, u"third"_s}));
    }
};

QTEST_GUILESS_MAIN(DemoVisitorTest)
#include "tst_DemoVisitor.moc"
