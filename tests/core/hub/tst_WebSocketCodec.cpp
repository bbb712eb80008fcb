// RFC 6455 as bytes: any split, fragments, control frames between them, and peers that break the rules.
#include "core/hub/WebSocketCodec.h"

#include <QRegularExpression>
#include <QTest>
#include <QtEndian>

using namespace parley::hub;
using namespace Qt::Literals::StringLiterals;

namespace {

struct Heard final : WebSocketCodec::Sink {
    void onText(const QByteArray &utf8) override { texts.append(utf8); }
    void onBinary() override { ++binaries; }
    void onTooLarge(const QByteArray &head, qint64 size) override
    {
        heads.append(head);
        sizes.append(size);
    }
    void onPing(const QByteArray &payload) override { pings.append(payload); }
    void onClose(WebSocketCodec::CloseCode) override { isClosed = true; }
    void onBroken(WebSocketCodec::CloseCode code) override { broken.append(int(code)); }
    QList<QByteArray> texts, heads, pings;
    QList<qint64> sizes;
    QList<int> broken;
    int binaries = 0;
    bool isClosed = false;
};

QByteArray frame(int opcode, const QByteArray &payload, bool isFinal = true, bool isMasked = true)
{
    QByteArray out;
    out.append(char((isFinal ? 0x80 : 0) | opcode));
    const char masked = isMasked ? char(0x80) : char(0);
    if (payload.size() < 126) {
        out.append(char(masked | char(payload.size())));
    } else if (payload.size() <= 0xffff) {
        out.append(char(masked | 126)).append(2, '\0');
        qToBigEndian(quint16(payload.size()), out.data() + 2);
    } else {
        out.append(char(masked | 127)).append(8, '\0');
        qToBigEndian(quint64(payload.size()), out.data() + 2);
    }
    const QByteArray mask = isMasked ? QByteArray("\x11\x22\x33\x44") : QByteArray(4, '\0');
    if (isMasked)
        out.append(mask);
    for (qsizetype i = 0; i < payload.size(); ++i)
        out.append(char(payload[i] ^ mask[i & 3]));
    return out;
}

} // namespace

class WebSocketCodecTest : public QObject
{
    Q_OBJECT

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(u".*"_s)); }

    void feed_anySplit_givesTheSameMessages()
    {
        const QByteArray large(70'000, 'L');
        const QByteArray all = frame(1, "one") + frame(1, "tw", false) + frame(9, "beat") +
                               frame(0, "", false) + frame(0, "o") + frame(1, large) + frame(2, "bin") +
                               frame(10, "") + frame(1, "");
        for (const qsizetype step : {1, 2, 3, 7, 125, 4096, 1'000'000}) {
            Heard heard;
            WebSocketCodec codec(100'000);
            for (qsizetype at = 0; at < all.size(); at += step)
                codec.feed(QByteArrayView(all).sliced(at, std::min(step, all.size() - at)), heard);
            QCOMPARE(heard.texts, (QList<QByteArray>{"one", "two", large, ""}));
            QCOMPARE(heard.pings, QList<QByteArray>{"beat"});
            QCOMPARE(heard.binaries, 1);
            QVERIFY(heard.broken.isEmpty());
        }
    }

    void feed_overTheLimit_isSkippedAndTheNextIsRead_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        const QByteArray large = "{\"cid\":\"m-9\"" + QByteArray(5000, 'x');
        QTest::newRow("one frame") << frame(1, large);
        QTest::newRow("fragments") << frame(1, large, false) + frame(0, large, false) + frame(0, large);
        QTest::newRow("grows over it")
            << frame(1, QByteArray(900, 'a'), false) + frame(0, QByteArray(900, 'b'), false) + frame(0, "c");
        QTest::newRow("empty end") << frame(1, large, false) + frame(0, "");
        QTest::newRow("ping between") << frame(1, large, false) + frame(9, "") + frame(0, "end");
    }

    void feed_overTheLimit_isSkippedAndTheNextIsRead()
    {
        QFETCH(QByteArray, bytes);
        bytes += frame(1, "next");
        for (const qsizetype step : {1, 100, 1000, 1'000'000}) {
            Heard heard;
            WebSocketCodec codec(1000);
            for (qsizetype at = 0; at < bytes.size(); at += step)
                codec.feed(QByteArrayView(bytes).sliced(at, std::min(step, bytes.size() - at)), heard);
            QCOMPARE(heard.sizes.size(), 1);
            QCOMPARE(heard.texts, QList<QByteArray>{"next"});
        }
    }

    void feed_brokenPeer_isBrokenOff_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<int>("code");
        QTest::newRow("not masked") << frame(1, "x", true, false) << 1002;
        QTest::newRow("unknown opcode") << frame(3, "x") << 1002;
        QTest::newRow("reserved bit") << QByteArray("\xc1\x80\0\0\0\0", 6) << 1002;
        QTest::newRow("ping in pieces") << frame(9, "x", false) << 1002;
        QTest::newRow("long ping") << frame(9, QByteArray(126, 'x')) << 1002;
        QTest::newRow("half a close code") << frame(8, "x") << 1002;
        QTest::newRow("continues nothing") << frame(0, "x") << 1002;
        QTest::newRow("message inside a message") << frame(1, "x", false) + frame(1, "y") << 1002;
        QTest::newRow("absurd length") << QByteArray("\x81\xff\x7f\xff\xff\xff\xff\xff\xff\xff", 10) << 1009;
    }

    void feed_brokenPeer_isBrokenOff()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(int, code);
        Heard heard;
        WebSocketCodec codec(1000);
        codec.feed(bytes + frame(1, "never"), heard);
        QCOMPARE(heard.broken, QList<int>{code});
        QVERIFY(heard.texts.isEmpty());
    }

    void appendText_lengths_areMinimal()
    {
        for (const qsizetype size : {0, 125, 126, 65'535, 65'536}) {
            QByteArray out;
            WebSocketCodec::appendText(out, QByteArray(size, 'x'));
            QCOMPARE(out.size(), size + (size < 126 ? 2 : size < 65'536 ? 4 : 10));
        }
    }

    void acceptKey_exampleOfTheRfc_fits()
    {
        QCOMPARE(WebSocketCodec::acceptKey("dGhlIHNhbXBsZSBub25jZQ=="),
                 QByteArray("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="));
    }
};

QTEST_GUILESS_MAIN(WebSocketCodecTest)
#include "tst_WebSocketCodec.moc"
