#include "core/crm/Connections.h"

#include <QFile>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

using namespace parley;
using namespace parley::crm;
using namespace Qt::Literals::StringLiterals;

class ConnectionsTest : public QObject
{
    Q_OBJECT

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(u".*"_s)); }

    void profile_new_hasNone()
    {
        const QTemporaryDir dir;
        const ConnectionStore store(dir.path() + u"/not yet there"_s);
        QCOMPARE(store.load().value().size(), 0);
        QCOMPARE(store.active().error().code, Errc::NotFound);
    }

    void add_twice_namesBothAndActivatesTheLast()
    {
        const QTemporaryDir dir;
        const ConnectionStore store(dir.path());
        const Connection entry{.name = u"Häus"_s,
                               .kind = u"salesforce"_s,
                               .loginUrl = QUrl(u"http://127.0.0.1:8080"_s),
                               .clientId = u"abc"_s,
                               .grant = u"client-credentials"_s,
                               .secretFile = u"/etc/secret"_s};
        QCOMPARE(store.add(entry).value().id, u"salesforce"_s);
        QCOMPARE(store.add(entry).value().id, u"salesforce-2"_s);
        const auto all = ConnectionStore(dir.path()).load().value();
        QCOMPARE(all.size(), 2);
        QVERIFY(!all[0].isActive);
        QVERIFY(all[1].isActive);
        QCOMPARE(all[1].name, u"Häus"_s);
        QCOMPARE(all[1].loginUrl, entry.loginUrl);
        QCOMPARE(all[1].secretFile, entry.secretFile);
        QCOMPARE(store.active().value().id, u"salesforce-2"_s);
        QCOMPARE(QFile(store.path()).permissions() & (QFile::ReadGroup | QFile::ReadOther),
                 QFile::Permissions());
    }

    void save_keepsWhatANewerProgramWrote()
    {
        const QTemporaryDir dir;
        const ConnectionStore store(dir.path());
        QFile file(store.path());
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(
            R"({"connections":[{"id":"salesforce","kind":"salesforce","colour":"blue","active":true}]})");
        file.close();
        QVERIFY(store.save(store.load().value()).has_value());
        QVERIFY(file.open(QIODevice::ReadOnly));
        QVERIFY(file.readAll().contains("\"colour\": \"blue\""));
    }

    void load_damaged_saysSoAndIsNotOverwritten()
    {
        const QTemporaryDir dir;
        const ConnectionStore store(dir.path());
        QFile file(store.path());
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("{\"connections\": [");
        file.close();
        QCOMPARE(store.load().error().code, Errc::Storage);
        QCOMPARE(store.add({.kind = u"salesforce"_s}).error().code, Errc::Storage);
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readAll(), "{\"connections\": [");
    }
};

QTEST_GUILESS_MAIN(ConnectionsTest)
#include "tst_Connections.moc"
