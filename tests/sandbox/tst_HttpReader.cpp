#include "app/sandbox/HttpReader.h"

#include <QTest>

using namespace Qt::Literals::StringLiterals;
using namespace parley::sandbox;

class HttpReaderTest : public QObject
{
    Q_OBJECT
private slots:
    void read_anywhereCut_isTheSame_data()
    {
        QTest::addColumn<QByteArray>("wire");
        QTest::addColumn<QByteArray>("body");
        QTest::newRow("length")
            << QByteArray("POST /a%20b?c=d%25 HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello")
            << QByteArray("hello");
        QTest::newRow("chunks") << QByteArray(
                                       "POST /a%20b?c=d%25 HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
                                       "2\r\nhe\r\n3;x=y\r\nllo\r\n0\r\nTrailer: 1\r\n\r\n")
                                << QByteArray("hello");
        QTest::newRow("bare line feeds")
            << QByteArray("POST /a%20b?c=d%25 HTTP/1.1\nContent-Length: 1\n\nx") << QByteArray("x");
        QTest::newRow("absolute address")
            << QByteArray("POST http://h:1/a%20b?c=d%25 HTTP/1.1\r\nContent-Length: 0\r\n\r\n")
            << QByteArray();
    }
    void read_anywhereCut_isTheSame()
    {
        QFETCH(QByteArray, wire);
        for (qsizetype cut = 0; cut < wire.size(); ++cut) {
            HttpReader reader;
            reader.feed(wire.first(cut));
            QCOMPARE(reader.next(), HttpReader::Found::Nothing);
            QCOMPARE(reader.isInside(), cut > 0);
            reader.feed(wire.sliced(cut));
            QCOMPARE(reader.next(), HttpReader::Found::Whole);
            const Request request = reader.take();
            QCOMPARE(request.method, "POST");
            QCOMPARE(request.path, u"/a b"_s);
            QCOMPARE(request.rawPath, u"/a%20b"_s);
            QCOMPARE(FormValues(request.rawQuery).value(u"c"), u"d%"_s);
            QTEST(request.body, "body");
            QVERIFY(!reader.isInside());
        }
    }

    void read_twoAtOnce_comeOneByOne()
    {
        HttpReader reader;
        reader.feed("GET /one HTTP/1.1\r\n\r\n\r\nGET /two HTTP/1.0\r\n\r\n");
        QCOMPARE(reader.next(), HttpReader::Found::Whole);
        const Request one = reader.take();
        QCOMPARE(one.path, u"/one"_s);
        QVERIFY(one.keepAlive);
        QCOMPARE(reader.next(), HttpReader::Found::Whole);
        const Request two = reader.take();
        QCOMPARE(two.path, u"/two"_s);
        QVERIFY(!two.keepAlive);
    }

    void read_expectContinue_isSaidOnce()
    {
        HttpReader reader;
        reader.feed("POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
        QCOMPARE(reader.next(), HttpReader::Found::WantsContinue);
        QCOMPARE(reader.next(), HttpReader::Found::Nothing);
        reader.feed("ab");
        QCOMPARE(reader.next(), HttpReader::Found::Whole);
        QCOMPARE(reader.take().body, "ab");
    }

    void read_expectContinueOfTooMuch_isRefusedAtOnce()
    {
        HttpReader reader;
        reader.feed("POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 99999999\r\n\r\n");
        QCOMPARE(reader.next(), HttpReader::Found::Broken);
        QCOMPARE(reader.whyBroken().status, 413);
    }

    void read_broken_saysWhy_data()
    {
        QTest::addColumn<QByteArray>("wire");
        QTest::addColumn<int>("status");
        const auto row = [](const char *tag, const QByteArray &wire, int status) {
            QTest::newRow(tag) << wire << status;
        };
        row("TLS", "\x16\x03\x01\x02\n", 400);
        row("no version", "GET /\r\n", 400);
        row("blank in the address", "GET /a b HTTP/1.1\r\n", 400);
        row("HTTP/2", "PRI * HTTP/2.0\r\n", 505);
        row("header without colon", "GET / HTTP/1.1\r\nnonsense\r\n", 400);
        row("length of letters", "POST / HTTP/1.1\r\nContent-Length: abc\r\n\r\n", 400);
        row("length below zero", "POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", 400);
        row("two lengths", "POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400);
        row("length and chunks", "POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
            400);
        row("unknown transfer", "POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n", 400);
        row("chunk of letters", "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400);
        row("chunk too long", "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n", 400);
        row("body too large", "POST / HTTP/1.1\r\nContent-Length: 52428801\r\n\r\n", 413);
        row("chunk too large", "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3200001\r\n", 413);
        row("packed", "POST / HTTP/1.1\r\nContent-Encoding: gzip\r\nContent-Length: 1\r\n\r\n", 415);
        row("other expectation", "POST / HTTP/1.1\r\nExpect: tea\r\n\r\n", 417);
        row("endless address", "GET /" + QByteArray(16400, 'x'), 414);
        row("endless header", "GET / HTTP/1.1\r\nX: " + QByteArray(33000, 'x'), 431);
    }
    void read_broken_saysWhy()
    {
        QFETCH(QByteArray, wire);
        HttpReader reader;
        reader.feed(wire);
        QCOMPARE(reader.next(), HttpReader::Found::Broken);
        QTEST(reader.whyBroken().status, "status");
        const QJsonValue error = reader.whyBroken().json[0];
        QVERIFY(!error[u"errorCode"_s].toString().isEmpty());
        QVERIFY(!error[u"message"_s].toString().isEmpty());
        reader.feed("GET / HTTP/1.1\r\n\r\n");
        QCOMPARE(reader.next(), HttpReader::Found::Broken); // nothing after it is trusted
    }
};

QTEST_GUILESS_MAIN(HttpReaderTest)
#include "tst_HttpReader.moc"
