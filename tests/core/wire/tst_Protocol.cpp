// Every example in docs/protocol.md is a frame that the codec reads, and writes again without loss.
#include "core/wire/Frame.h"
#include "core/wire/HotFrames.h"
#include "core/wire/HubFrames.h"

#include <QFile>
#include <QJsonDocument>
#include <QRegularExpression>
#include <QtTest>

using namespace parley;
using namespace parley::wire;
using namespace Qt::Literals::StringLiterals;

namespace {

using Codec = Result<QJsonObject> (*)(const QJsonObject &);

template <class T> Result<QJsonObject> through(const QJsonObject &object)
{
    const auto value = T::from(object);
    if (!value)
        return fail(value.error());
    const QJsonObject written = value->toJson();
    const auto again = T::from(written);
    if (!again)
        return fail(again.error());
    if (!(*again == *value))
        return fail(Errc::BadReply, u"what was written reads differently"_s);
    return written;
}

// Frames of one name that mean different things at the two doors are told apart by a member.
Codec codecFor(const QJsonObject &frame)
{
    static const QHash<QString, Codec> codecs{
        {u"start"_s, through<Start>},
        {u"started"_s, through<Started>},
        {u"say"_s, through<Say>},
        {u"ack"_s, through<Ack>},
        {u"entry"_s, through<Entry>},
        {u"typing"_s, through<Typing>},
        {u"read"_s, through<Read>},
        {u"marks"_s, through<Marks>},
        {u"resume"_s, through<Resume>},
        {u"log"_s, through<Log>},
        {u"page"_s, through<PageInfo>},
        {u"end"_s, through<End>},
        {u"offline"_s, through<Offline>},
        {u"file.begin"_s, through<FileBegin>},
        {u"file.ready"_s, through<FileReady>},
        {u"file.chunk"_s, through<FileChunk>},
        {u"file.got"_s, through<FileGot>},
        {u"file.get"_s, through<FileGet>},
        {u"file.data"_s, through<FileData>},
        {u"chat"_s, through<ChatChanged>},
        {u"gone"_s, through<Gone>},
        {u"presence"_s, through<SetPresence>},
        {u"accept"_s, through<Accept>},
        {u"link"_s, through<Link>},
        {u"claim"_s, through<Claim>},
        {u"claimed"_s, through<Claimed>},
        {u"release"_s, through<Release>},
        {u"error"_s, through<Refusal>},
        {u"online"_s, through<Online>},
    };
    const QString type = frame.value("t"_L1).toString();
    if (type == u"hello")
        return frame.contains("env"_L1) ? through<VisitorHello> : through<AgentHello>;
    if (type == u"welcome")
        return frame.contains("agent"_L1) ? through<AgentWelcome> : through<VisitorWelcome>;
    return codecs.value(type);
}

// JSON with single quotes: moc loses its way in raw strings.
QByteArray quoted(const char *json)
{
    return QByteArray(json).replace('\'', '"');
}

QList<QByteArray> examples()
{
    QFile file(QStringLiteral(PARLEY_SOURCE_DIR "/docs/protocol.md"));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    QList<QByteArray> found;
    bool inside = false;
    for (const QByteArray &line : file.readAll().split('\n')) {
        if (line.startsWith("```")) {
            inside = line.startsWith("```json");
            if (inside)
                found.append(QByteArray());
        } else if (inside) {
            found.last() += line;
        }
    }
    return found;
}

} // namespace

class ProtocolTest : public QObject
{
    Q_OBJECT

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(u".*"_s)); }

    void document_everyExample_isReadAndWrittenAgain_data()
    {
        QTest::addColumn<QByteArray>("example");
        const QList<QByteArray> all = examples();
        QVERIFY2(all.size() >= 35, "docs/protocol.md has lost its examples");
        for (qsizetype i = 0; i < all.size(); ++i) {
            const QByteArray type =
                QJsonDocument::fromJson(all[i]).object().value("t"_L1).toString().toUtf8();
            QTest::addRow("%d %s", int(i), type.constData()) << all[i];
        }
    }

    void document_everyExample_isReadAndWrittenAgain()
    {
        QFETCH(QByteArray, example);
        const auto frame = parseFrame(example);
        QVERIFY2(frame, frame ? "" : qPrintable(frame.error().detail));
        static const QStringList bare{u"ping"_s, u"pong"_s, u"synced"_s};
        if (bare.contains(frame->type)) {
            QCOMPARE(frame->body.size(), 1);
            return;
        }
        const Codec codec = codecFor(frame->body);
        QVERIFY2(codec, qPrintable(frame->type + u" has no codec"_s));
        const auto written = codec(frame->body);
        QVERIFY2(written, written ? "" : qPrintable(written.error().detail));
        for (auto it = frame->body.begin(); it != frame->body.end(); ++it)
            QVERIFY2(written->value(it.key()) == it.value(), qPrintable(it.key()));
    }

    void parseFrame_garbage_isMalformed_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("text") << QByteArray("hello");
        QTest::newRow("array") << QByteArray("[1]");
        QTest::newRow("no type") << QByteArray("{}");
        QTest::newRow("type is a number") << quoted("{'t':5}");
        QTest::newRow("broken UTF-8") << QByteArray("{\"t\":\"say\xff\"}");
        QTest::newRow("cut") << quoted("{'t':'say','text':'abc");
        QTest::newRow("nested too deep") << QByteArray(5000, '[');
    }

    void parseFrame_garbage_isMalformed()
    {
        QFETCH(QByteArray, bytes);
        const auto frame = parseFrame(bytes);
        QVERIFY(!frame);
        QCOMPARE(frame.error().remoteCode, u"malformed"_s);
    }

    void say_wrongMember_isNamed_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("member");
        QTest::newRow("no chat") << quoted("{'t':'say','cid':'a','text':'x'}") << u"chat"_s;
        QTest::newRow("no cid") << quoted("{'t':'say','chat':'C','text':'x'}") << u"cid"_s;
        QTest::newRow("cid with a space")
            << quoted("{'t':'say','chat':'C','cid':'a b','text':'x'}") << u"cid"_s;
        QTest::newRow("text is a number") << quoted("{'t':'say','chat':'C','cid':'a','text':5}") << u"text"_s;
        QTest::newRow("kind") << quoted("{'t':'say','chat':'C','cid':'a','text':'','kind':'event'}")
                              << u"kind"_s;
    }

    void say_wrongMember_isNamed()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, member);
        const auto say = Say::from(parseFrame(bytes)->body);
        QVERIFY(!say);
        QVERIFY2(say.error().detail.startsWith(member + u':'), qPrintable(say.error().detail));
    }

    void number_fractionsAndHuge_areRefused()
    {
        for (const char *value : {"-1", "1.5", "1e300", "\"5\"", "true"}) {
            const QByteArray bytes = quoted("{'t':'resume','chat':'C','after':") + value + '}';
            QVERIFY2(!Resume::from(parseFrame(bytes)->body), value);
        }
    }

    void hotFrames_hostileText_equalTheTree()
    {
        Message message{.chat = {u"C81F"_s}, .seq = 7, .clientId = {u"m-1"_s}, .author = Author::Agent};
        message.agent = {u"A1"_s};
        message.authorName = u"Zoë \"Z\" \\ <b>"_s;
        message.text = u"line\nline\ttab \u0001 \u202e rtl \U0001F600 "_s + u" \u2028"_s;
        message.attachment =
            Attachment{.id = {u"F1"_s}, .name = u"a\"b.png"_s, .mimeType = u"image/png"_s, .size = 5};
        message.kind = MessageKind::File;
        message.at = QDateTime(QDate(2026, 2, 28), QTime(23, 59, 59, 7), Qt::UTC);
        QByteArray bytes;
        writeEntry(bytes, message, message.at.toMSecsSinceEpoch());
        const auto fast = parseFrame(bytes);
        QVERIFY2(fast, bytes.constData());
        QCOMPARE(fast->body, parseFrame(encode(Entry{message}.toJson()))->body);

        QByteArray ack;
        writeAck(ack, message.chat, message.clientId, 9, message.at.toMSecsSinceEpoch());
        QCOMPARE(parseFrame(ack)->body, (Ack{message.chat, message.clientId, 9, message.at}.toJson()));
    }
};

QTEST_GUILESS_MAIN(ProtocolTest)
#include "tst_Protocol.moc"
