#include "tests/core/chat/LineBench.h"

#include <QRegularExpression>
#include <QTest>

using namespace parley;
using namespace Qt::Literals::StringLiterals;
using chat::LineState;
using tests::LineBench;

class LineFilesTest : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup() { m_bench.reset(); }

    void send_inPieces_arrivesWhole();
    void send_lineCutInTheMiddle_goesOnWhereItWas();
    void send_restartInTheMiddle_goesOnFromDisk();
    void fetch_inPieces_comesWhole();
    void refuse_tooLarge_isShownAndNeverSent();

private:
    static QByteArray bytes();
    std::unique_ptr<LineBench> m_bench;
    tests::ScriptedHub &hub() { return m_bench->hub; }
    chat::Line &line() { return *m_bench->line; }
    Result<QByteArray> fetched();
};

QByteArray LineFilesTest::bytes()
{
    QByteArray content;
    for (int i = 0; i < 5'500; ++i)
        content += char(i * 7);
    return content;
}

void LineFilesTest::init()
{
    QTest::failOnWarning(QRegularExpression(u".*"_s));
    m_bench = std::make_unique<LineBench>();
    hub().put(u"C1"_s, ChatState::Open);
    m_bench->restart();
    m_bench->signIn();
    QTRY_COMPARE(line().state(), LineState::Online);
}

Result<QByteArray> LineFilesTest::fetched()
{
    std::optional<Result<QByteArray>> answer;
    FileId file;
    for (const Message &message : line().messages({u"C1"_s})) {
        if (message.attachment)
            file = message.attachment->id;
    }
    whenDone(line().fetch({u"C1"_s}, file), this,
             [&](const Result<QByteArray> &content) { answer = content; });
    if (!QTest::qWaitFor([&] { return answer.has_value(); }))
        return fail(Errc::TimedOut);
    return *answer;
}

void LineFilesTest::send_inPieces_arrivesWhole()
{
    line().sendFile({u"C1"_s}, u"invoice.png"_s, u"image/png"_s, bytes());
    line().say({u"C1"_s}, u"after"_s);
    QTRY_COMPARE(m_bench->texts(u"C1"_s), QStringList({u"invoice.png"_s, u"after"_s}));
    QCOMPARE(hub().frames(u"file.chunk"_s).size(), 6);
    QCOMPARE(fetched().value(), bytes());
}

void LineFilesTest::send_lineCutInTheMiddle_goesOnWhereItWas()
{
    hub().cutAtChunk = 3;
    line().sendFile({u"C1"_s}, u"invoice.png"_s, u"image/png"_s, bytes());
    QTRY_COMPARE_WITH_TIMEOUT(m_bench->texts(u"C1"_s), QStringList{u"invoice.png"_s}, 10'000);
    QCOMPARE(hub().frames(u"file.begin"_s).size(), 2);
    QCOMPARE(hub().frames(u"file.chunk"_s).size(), 7); // six, and the one that was lost
    QCOMPARE(fetched().value(), bytes());
}

void LineFilesTest::send_restartInTheMiddle_goesOnFromDisk()
{
    hub().cutAtChunk = 3;
    line().sendFile({u"C1"_s}, u"invoice.png"_s, u"image/png"_s, bytes());
    QTRY_COMPARE(hub().frames(u"file.chunk"_s).size(), 4);
    m_bench->restart();
    m_bench->signIn();
    QTRY_COMPARE(m_bench->texts(u"C1"_s), QStringList{u"invoice.png"_s});
    QCOMPARE(fetched().value(), bytes());
}

void LineFilesTest::fetch_inPieces_comesWhole()
{
    line().sendFile({u"C1"_s}, u"a.bin"_s, u"application/octet-stream"_s, bytes());
    QTRY_COMPARE(m_bench->texts(u"C1"_s).size(), 1);
    QCOMPARE(fetched().value(), bytes());
    QCOMPARE(hub().frames(u"file.get"_s).size(), 6);
}

void LineFilesTest::refuse_tooLarge_isShownAndNeverSent()
{
    const Error error{.code = Errc::InvalidInput, .remoteCode = u"too_long"_s};
    const ClientId cid = line().refuseFile({u"C1"_s}, u"film.mp4"_s, 1LL << 31, error);
    QCOMPARE(line().outgoing({u"C1"_s}).first().state, chat::OutgoingState::Failed);
    line().resend(cid);
    line().say({u"C1"_s}, u"hi"_s);
    QTRY_COMPARE(m_bench->texts(u"C1"_s), QStringList{u"hi"_s});
    QCOMPARE(hub().frames(u"file.begin"_s).size(), 0);
    line().discard(cid);
    QCOMPARE(line().outgoing({u"C1"_s}).size(), 0);
}

QTEST_GUILESS_MAIN(LineFilesTest)
#include "tst_LineFiles.moc"
