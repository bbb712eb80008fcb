#include "tests/sandbox/Driver.h"

#include <QRegularExpression>

using namespace Qt::Literals::StringLiterals;
using namespace parley::sandbox;

class SandboxContentTest : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase()
    {
        QVERIFY(m_driver.start());
        m_contact = m_driver.column(u"SELECT Id FROM Contact WHERE Name = 'Amelia Hart'"_s, u"Id"_s).value(0);
    }
    void init() { QTest::failOnWarning(QRegularExpression(u".*"_s)); }

    void note_content_isStoredVersionedAndLinked()
    {
        const QString note =
            m_driver.created(u"ContentNote"_s,
                             {{u"Title"_s, u"Chat"_s}, {u"Content"_s, base64(u"<p>5 &gt; 3 &amp; é</p>"_s)}});
        QVERIFY(note.startsWith(u"069"_s));
        QCOMPARE(m_driver
                     .create(u"ContentDocumentLink"_s,
                             {{u"ContentDocumentId"_s, note}, {u"LinkedEntityId"_s, m_contact}})
                     .status,
                 201);
        QCOMPARE(
            Driver::codeOf(m_driver.create(u"ContentDocumentLink"_s, {{u"ContentDocumentId"_s, note},
                                                                      {u"LinkedEntityId"_s, m_contact}})),
            u"DUPLICATE_VALUE"_s);
        const QJsonValue read = m_driver.get(u"sobjects/ContentNote/"_s + note).json;
        QCOMPARE(read[u"TextPreview"_s].toString(), u"5 > 3 & é"_s);
        QCOMPARE(m_driver.send("GET", read[u"Content"_s].toString()).raw,
                 u"<p>5 &gt; 3 &amp; é</p>"_s.toUtf8());
        QCOMPARE(m_driver
                     .send("PATCH", Driver::data(u"sobjects/ContentNote/"_s + note),
                           QJsonObject{{u"Content"_s, base64(u"two"_s)}})
                     .status,
                 204);
        QCOMPARE(
            m_driver.column(
                u"SELECT VersionNumber FROM ContentVersion WHERE ContentDocumentId = '%1' AND IsLatest = true"_s
                    .arg(note),
                u"VersionNumber"_s),
            QStringList{u"2"_s});
        QCOMPARE(
            m_driver.column(
                u"SELECT ContentDocument.FileType FROM ContentDocumentLink WHERE LinkedEntityId = '%1'"_s.arg(
                    m_contact),
                u"ContentDocument.FileType"_s),
            QStringList{u"SNOTE"_s});
        QCOMPARE(m_driver.send("DELETE", Driver::data(u"sobjects/ContentDocument/"_s + note)).status, 204);
        QCOMPARE(
            m_driver.column(
                u"SELECT Id FROM ContentDocumentLink WHERE LinkedEntityId = '%1'"_s.arg(m_contact), u"Id"_s),
            QStringList());
    }

    void note_unescapedContent_isRefused_data()
    {
        QTest::addColumn<QString>("html");
        QTest::newRow("script") << u"<script>x</script>"_s;
        QTest::newRow("ampersand") << u"a & b"_s;
        QTest::newRow("less than") << u"a < b"_s;
    }
    void note_unescapedContent_isRefused()
    {
        QFETCH(QString, html);
        QCOMPARE(Driver::codeOf(m_driver.create(u"ContentNote"_s,
                                                {{u"Title"_s, u"Bad"_s}, {u"Content"_s, base64(html)}})),
                 u"FIELD_INTEGRITY_EXCEPTION"_s);
    }

    void file_json_isFiledOnItsRecord()
    {
        const QString id =
            m_driver.created(u"ContentVersion"_s, {{u"PathOnClient"_s, u"C:/x/Photo.of.me.PNG"_s},
                                                   {u"VersionData"_s, base64(u"bytes"_s)},
                                                   {u"FirstPublishLocationId"_s, m_contact}});
        const QJsonValue version = m_driver.get(u"sobjects/ContentVersion/"_s + id).json;
        QCOMPARE(version[u"Title"_s].toString(), u"Photo.of.me"_s);
        QCOMPARE(version[u"FileType"_s].toString(), u"PNG"_s);
        QCOMPARE(version[u"ContentSize"_s].toInt(), 5);
        QCOMPARE(m_driver.send("GET", version[u"VersionData"_s].toString()).raw, QByteArray("bytes"));
        QCOMPARE(
            m_driver.column(
                u"SELECT LinkedEntity.Name FROM ContentDocumentLink WHERE ContentDocumentId = '%1' AND LinkedEntityId = '%2'"_s
                    .arg(version[u"ContentDocumentId"_s].toString(), m_contact),
                u"LinkedEntity.Name"_s),
            QStringList{u"Amelia Hart"_s});
        QCOMPARE(
            m_driver.column(u"SELECT LatestPublishedVersionId FROM ContentDocument WHERE Id = '%1'"_s.arg(
                                version[u"ContentDocumentId"_s].toString()),
                            u"LatestPublishedVersionId"_s),
            QStringList{id});
        QCOMPARE(Driver::codeOf(m_driver.create(u"ContentVersion"_s, {{u"PathOnClient"_s, u"x"_s}})),
                 u"REQUIRED_FIELD_MISSING"_s);
    }

    void file_multipart_isTakenByteForByte()
    {
        const QByteArray bytes("\x00\r\n--b\r\n\xff binary", 16);
        const QByteArray body =
            "--boundary_x\r\nContent-Disposition: form-data; name=\"entity_content\";\r\nContent-Type: "
            "application/json\r\n\r\n"
            "{\"Title\":\"Multi\",\"PathOnClient\":\"multi.bin\"}\r\n--boundary_x\r\nContent-Disposition: "
            "form-data; name=\"VersionData\"; filename=\"multi.bin\"\r\n"
            "Content-Type: application/octet-stream\r\n\r\n" +
            bytes + "\r\n--boundary_x--\r\n";
        Request request;
        request.method = "POST";
        request.path = request.rawPath = Driver::data(u"sobjects/ContentVersion"_s);
        request.body = body;
        request.addHeader("Authorization", "Bearer " + m_driver.token().toLatin1());
        request.addHeader("Content-Type", "multipart/form-data; boundary=\"boundary_x\"");
        const Reply made = m_driver.sandbox().serve(request);
        QVERIFY2(made.status == 201, made.bytes().constData());
        const QString id = made.json[u"id"_s].toString();
        QCOMPARE(m_driver.get(u"sobjects/ContentVersion/"_s + id + u"/VersionData"_s).raw, bytes);
        request.body = QByteArray(body).replace("{\"Title", "{{");
        QCOMPARE(Driver::codeOf(m_driver.sandbox().serve(request)), u"JSON_PARSER_ERROR"_s);
        request.body = QByteArray(body).replace("application/json", "text/plain");
        QCOMPARE(Driver::codeOf(m_driver.sandbox().serve(request)), u"INVALID_MULTIPART_REQUEST"_s);
        request.body = "--other\r\n";
        QCOMPARE(Driver::codeOf(m_driver.sandbox().serve(request)), u"INVALID_MULTIPART_REQUEST"_s);
    }

private:
    static QString base64(const QString &text) { return QString::fromLatin1(text.toUtf8().toBase64()); }
    Driver m_driver;
    QString m_contact;
};

QTEST_GUILESS_MAIN(SandboxContentTest)
#include "tst_SandboxContent.moc"
