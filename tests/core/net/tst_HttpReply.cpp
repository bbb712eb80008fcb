// The headers of an answer, as servers really write them.
#include "core/net/HttpTransport.h"

#include <QTest>

using namespace parley::net;

class HttpReplyTest : public QObject
{
    Q_OBJECT

private slots:
    void contentType_ofAnswer_isBareAndLowerCase_data()
    {
        QTest::addColumn<QByteArray>("header");
        QTest::addColumn<QByteArray>("type");
        QTest::newRow("bare") << QByteArray("application/json") << QByteArray("application/json");
        QTest::newRow("with charset")
            << QByteArray("application/json;charset=UTF-8") << QByteArray("application/json");
        QTest::newRow("spaces and case")
            << QByteArray(" Text/HTML ; charset=x; a=b") << QByteArray("text/html");
        QTest::newRow("absent") << QByteArray() << QByteArray();
    }
    void contentType_ofAnswer_isBareAndLowerCase()
    {
        QFETCH(QByteArray, header);
        HttpReply reply;
        if (!header.isEmpty())
            reply.headers = {{"CONTENT-type", header}};
        QTEST(reply.contentType(), "type");
    }
};

QTEST_GUILESS_MAIN(HttpReplyTest)
#include "tst_HttpReply.moc"
