// The real parleyctl against the sandbox over loopback: what it says, in what form, with which exit code.
#include "core/desk/ProfileSchema.h"
#include "core/outbox/OutboxTable.h"
#include "core/store/Database.h"
#include "tests/ctl/CtlStage.h"
#include "tests/fakes/ServerKey.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QRegularExpression>
#include <QTest>

using namespace parley;
using namespace parley::fakes;
using namespace Qt::Literals::StringLiterals;

class ParleyctlTest : public QObject, private CtlStage
{
    Q_OBJECT

private slots:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(u".*"_s));
        QVERIFY2(QFile::exists(parleyctlPath()), "build parleyctl first");
        QVERIFY(start());
    }
    void noConnection_saysSoWithThree()
    {
        const Ran ran = run({u"crm"_s, u"check"_s, u"--json"_s});
        QCOMPARE(ran.exitCode, 3);
        QCOMPARE(ran.json()[u"error"][u"code"].toString(), u"unauthorized"_s);
        QVERIFY(ran.err.contains("no CRM connection"));
    }

    void failure_saysWhatWhereAndWhatToDo_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("exitCode");
        QTest::addColumn<QByteArray>("said");
        const QStringList add{u"crm"_s, u"add"_s,     u"salesforce"_s,        u"--client-id"_s,
                              u"x"_s,   u"--grant"_s, u"client-credentials"_s};
        const QStringList secret{u"--client-secret-file"_s, u"SECRET"_s};
        QTest::newRow("no connection") << QStringList{u"crm"_s, u"check"_s} << 3
                                       << QByteArray("The profile PROFILE has no CRM connection");
        QTest::newRow("no such connection")
            << QStringList{u"crm"_s, u"remove"_s, u"west"_s} << 5 << QByteArray("no connection 'west'");
        QTest::newRow("no secret file") << add + QStringList{u"--login-url"_s, u"https://x.example"_s,
                                                             u"--client-secret-file"_s, u"/nowhere/at/all"_s}
                                        << 2 << QByteArray("/nowhere/at/all cannot be read");
        QTest::newRow("no address") << add + secret + QStringList{u"--login-url"_s, u"ftp://x.example"_s} << 2
                                    << QByteArray("'ftp://x.example' is no login address");
        QTest::newRow("nobody there") << add + secret + QStringList{u"--login-url"_s, u"http://127.0.0.1:1"_s}
                                      << 6 << QByteArray("127.0.0.1 cannot be reached");
        QTest::newRow("no visitor file")
            << QStringList{u"crm"_s, u"identify"_s, u"--visitor"_s, u"/nowhere/at/all"_s} << 2
            << QByteArray("/nowhere/at/all cannot be read");
        QTest::newRow("outbox of no profile")
            << QStringList{u"outbox"_s, u"list"_s} << 0 << QByteArray("no profile in PROFILE yet");
    }
    void failure_saysWhatWhereAndWhatToDo()
    {
        QFETCH(QStringList, arguments);
        QFETCH(int, exitCode);
        QFETCH(QByteArray, said);
        arguments.replaceInStrings(u"SECRET"_s, secretFile());
        const Ran ran = run(arguments);
        const QByteArray all = ran.out + ran.err;
        QVERIFY2(all.contains(said.replace("PROFILE", profile().toUtf8())), all.constData());
        QCOMPARE(ran.exitCode, exitCode);
        QVERIFY2(!all.contains("no error occurred"), all.constData());
    }

    void visitor_notAnObject_saysWhere()
    {
        const QStringList identify{u"crm"_s, u"identify"_s, u"--visitor"_s, u"-"_s};
        const Ran broken = run(identify, "{\"email\": }");
        QCOMPARE(broken.exitCode, 2);
        QVERIFY2(broken.err.contains("at byte"), broken.err.constData());
        const Ran list = run(identify, "[]");
        QCOMPARE(list.exitCode, 2);
        QVERIFY2(list.err.contains("not a JSON object of live-chat fields"), list.err.constData());
        // "Nobody" is never the answer to a field that could not be read.
        for (const char *visitor : {R"({"Visitor": {"Email": ["a@b.example"]}})", R"({"email": ["a"]})"}) {
            const Ran nested = run(identify, visitor);
            QCOMPARE(nested.exitCode, 2);
            QVERIFY2(nested.err.contains("is not a value"), nested.err.constData());
        }
    }

    void profile_notADatabase_isOne()
    {
        QVERIFY(QDir().mkpath(profile()));
        QFile file(profile() + u"/parley.db"_s);
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(QByteArray(8192, 'x')) == 8192);
        file.close();
        const Ran ran = run({u"outbox"_s, u"list"_s});
        QCOMPARE(ran.exitCode, 1);
        QVERIFY2(ran.err.contains(file.fileName().toUtf8()), ran.err.constData());
    }

    void output_diskFull_isOneAndSaysSo()
    {
        const QList<QStringList> commands{{u"crm"_s, u"list"_s},
                                          {u"crm"_s, u"list"_s, u"--json"_s},
                                          {u"outbox"_s, u"list"_s},
                                          {u"outbox"_s, u"list"_s, u"--json"_s},
                                          {u"--help"_s},
                                          {u"--version"_s},
                                          {u"--json"_s, u"crm"_s, u"check"_s}};
        for (const QStringList &arguments : commands) {
            const Ran ran = parleyctl(QStringList{u"--profile"_s, profile()} + arguments, {}, u"/dev/full"_s);
            QCOMPARE(ran.exitCode, 1);
            QVERIFY2(ran.err.contains("standard output could not be written: No space left"),
                     ran.err.constData());
        }
    }

    void add_keepsThePathNeverTheSecret()
    {
        const Ran ran = parleyctl(addArguments());
        QVERIFY2(ran.exitCode == 0, ran.err.constData());
        QCOMPARE(ran.json()[u"connection"][u"id"].toString(), u"salesforce"_s);
        QFile file(profile() + u"/connections.json"_s);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray kept = file.readAll();
        QVERIFY(kept.contains(secretFile().toUtf8()));
        const QByteArray secret = m_ready[u"clientSecret"].toString().toUtf8();
        QVERIFY(!kept.contains(secret));
        QVERIFY(!ran.out.contains(secret) && !ran.err.contains(secret));
        const Ran list = run({u"crm"_s, u"list"_s, u"--json"_s});
        QCOMPARE(list.json()[u"connections"][0][u"name"].toString(), u"Demo org"_s);
        QVERIFY(list.json()[u"connections"][0][u"active"].toBool());
    }

    void add_wrongSecret_isRefusedAndNotKept()
    {
        QVERIFY(writeSecret("wrong"));
        const Ran ran = parleyctl(addArguments());
        QVERIFY(ran.exitCode == 3 || ran.exitCode == 4);
        QVERIFY(!ran.json()[u"error"].toObject().isEmpty());
        QVERIFY(!QFile::exists(profile() + u"/connections.json"_s));
    }

    void add_secretFromInput_withoutKeychain_isRefusedInWords()
    {
        QStringList arguments = addArguments();
        arguments.replace(arguments.indexOf(secretFile()), u"-"_s);
        const Ran ran = parleyctl(arguments, m_ready[u"clientSecret"].toString().toUtf8() + '\n');
        QCOMPARE(ran.exitCode, 1);
        QCOMPARE(ran.json()[u"error"][u"remoteCode"].toString(), u"no_keychain"_s);
        QVERIFY(ran.err.contains("keychain"));
        QVERIFY(!QFile::exists(profile() + u"/connections.json"_s));
    }

    void add_person_withoutKeychain_isRefusedBeforeTheSignIn()
    {
        const Ran ran =
            run({u"crm"_s, u"add"_s, u"salesforce"_s, u"--login-url"_s, m_ready[u"loginUrl"].toString(),
                 u"--client-id"_s, m_ready[u"clientId"].toString(), u"--grant"_s, u"authorization-code"_s,
                 u"--no-browser"_s, u"--json"_s});
        QCOMPARE(ran.exitCode, 1);
        QCOMPARE(ran.json()[u"error"][u"remoteCode"].toString(), u"no_keychain"_s);
        QVERIFY(ran.err.contains("client-credentials"));
        QCOMPARE(m_sandbox->faults().requests(u"/services/oauth2"_s), 0);
    }

    // A server that signs its own assertions: nothing in the profile but paths, and it works when the token
    // ends.
    void add_jwtBearer_signsInWithTheKey()
    {
        const ServerKey made = makeServerKey();
        QVERIFY(!made.key.isEmpty());
        QVERIFY(open({.certificate = made.certificate}));
        const QString keyFile = m_dir->path() + u"/key.pem"_s;
        QFile file(keyFile);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(made.key);
        file.close();
        const QStringList add{u"crm"_s,
                              u"add"_s,
                              u"salesforce"_s,
                              u"--login-url"_s,
                              m_ready[u"loginUrl"].toString(),
                              u"--client-id"_s,
                              m_ready[u"clientId"].toString(),
                              u"--grant"_s,
                              u"jwt-bearer"_s};
        const QStringList signedBy{u"--private-key-file"_s, keyFile, u"--username"_s};
        const Ran added = run(add + signedBy + QStringList{m_ready[u"username"].toString()});
        QVERIFY2(added.exitCode == 0, added.err.constData());
        const Ran who = run({u"crm"_s, u"check"_s, u"--json"_s});
        QVERIFY2(who.exitCode == 0, who.err.constData());
        QCOMPARE(who.json()[u"connection"][u"grant"].toString(), u"jwt-bearer"_s);
        QFile kept(profile() + u"/connections.json"_s);
        QVERIFY(kept.open(QIODevice::ReadOnly));
        QVERIFY(!kept.readAll().contains("PRIVATE KEY"));

        const Ran stranger = run(add + signedBy + QStringList{u"stranger@example.com"_s});
        QCOMPARE(stranger.exitCode, 3);
        QVERIFY2(stranger.err.contains("hasn't approved"), stranger.err.constData());
        QCOMPARE(run(add).exitCode, 2);
        QCOMPARE(
            run(add + QStringList{u"--private-key-file"_s, secretFile(), u"--username"_s, u"a@b"_s}).exitCode,
            2);
        QVERIFY(QFile::remove(keyFile));
        const Ran gone = run({u"crm"_s, u"check"_s});
        QCOMPARE(gone.exitCode, 2);
        QVERIFY2(gone.err.contains(keyFile.toUtf8()), gone.err.constData());
    }

    void add_badArguments_areUsage_data()
    {
        QTest::addColumn<QStringList>("arguments");
        const QStringList base{u"crm"_s, u"add"_s, u"salesforce"_s};
        QTest::newRow("nothing") << base;
        QTest::newRow("unknown grant")
            << base + QStringList{u"--login-url"_s, u"https://x.y"_s, u"--client-id"_s,
                                  u"c"_s,           u"--grant"_s,     u"magic"_s};
        QTest::newRow("no secret") << base + QStringList{u"--login-url"_s, u"https://x.y"_s,
                                                         u"--client-id"_s, u"c"_s,
                                                         u"--grant"_s,     u"client-credentials"_s};
        QTest::newRow("plain http elsewhere")
            << base + QStringList{u"--login-url"_s, u"http://crm.example"_s, u"--client-id"_s, u"c"_s,
                                  u"--grant"_s,     u"authorization-code"_s};
        QTest::newRow("no command") << QStringList{u"crm"_s};
        QTest::newRow("unknown command") << QStringList{u"crm"_s, u"destroy"_s};
        QTest::newRow("identify nobody") << QStringList{u"crm"_s, u"identify"_s};
        QTest::newRow("secret as argument") << base + QStringList{u"--client-secret"_s, u"s"_s};
    }
    void add_badArguments_areUsage()
    {
        QFETCH(QStringList, arguments);
        const Ran ran = run(arguments + QStringList{u"--json"_s});
        QCOMPARE(ran.exitCode, 2);
        QVERIFY(!ran.err.isEmpty());
        QVERIFY(!ran.json()[u"error"].toObject().isEmpty());
    }

    void identify_one_reportsEvidenceAndOneTrip()
    {
        QVERIFY(connectOrg());
        m_sandbox->faults().forgetRequests();
        const Ran ran =
            run({u"crm"_s, u"identify"_s, u"--email"_s, u"amelia.hart@northgate.example"_s, u"--json"_s});
        QVERIFY2(ran.exitCode == 0, ran.err.constData());
        const QJsonObject json = ran.json();
        QCOMPARE(json[u"outcome"].toString(), u"one"_s);
        QCOMPARE(json[u"roundTrips"].toInt(), 1);
        QVERIFY(json[u"elapsedMs"].isDouble());
        QCOMPARE(m_sandbox->faults().requests(u"/services/data"_s), 1);
        const QJsonValue found = json[u"candidates"][0];
        QCOMPARE(found[u"kind"].toString(), u"Contact"_s);
        QCOMPARE(found[u"title"].toString(), u"Amelia Hart"_s);
        QVERIFY(found[u"url"].toString().endsWith(found[u"id"].toString()));
        QCOMPARE(found[u"fields"][u"Email"].toString(), u"amelia.hart@northgate.example"_s);
        QCOMPARE(found[u"evidence"][0][u"rule"].toString(), u"Email"_s);
        QCOMPARE(found[u"evidence"][0][u"field"].toString(), u"Email"_s);
        QCOMPARE(json[u"account"][u"title"].toString(), u"Northgate Logistics"_s);
        QCOMPARE(json[u"rules"].toArray().size(), 2);
    }

    void identify_visitorFromInput_data()
    {
        QTest::addColumn<QByteArray>("visitor");
        QTest::addColumn<QString>("outcome");
        QTest::newRow("flat")
            << QByteArray(
                   R"({"name":"Office","email":"office@fjordline.example","phone":"1","company":"Fjordline"})")
            << u"several"_s;
        QTest::newRow("keys") << QByteArray(R"({"Visitor.Email":"office@fjordline.example"})")
                              << u"several"_s;
        QTest::newRow("categories") << QByteArray(R"({"Visitor":{"Email":"office@fjordline.example"}})")
                                    << u"several"_s;
        QTest::newRow("references") << QByteArray(R"({"{!Visitor.Email}":"office@fjordline.example"})")
                                    << u"several"_s;
        QTest::newRow("nobody") << QByteArray(R"({"email":"\u0027 OR Name LIKE \u0027%"})") << u"none"_s;
        QTest::newRow("nothing known") << QByteArray("{}") << u"none"_s;
    }
    void identify_visitorFromInput()
    {
        QFETCH(QByteArray, visitor);
        QFETCH(QString, outcome);
        QVERIFY(connectOrg());
        const Ran ran = run({u"crm"_s, u"identify"_s, u"--visitor"_s, u"-"_s, u"--json"_s}, visitor);
        QVERIFY2(ran.exitCode == 0, ran.err.constData());
        QCOMPARE(ran.json()[u"outcome"].toString(), outcome);
    }

    void identify_badVisitor_isUsage()
    {
        QVERIFY(connectOrg());
        const Ran ran = run({u"crm"_s, u"identify"_s, u"--visitor"_s, u"-"_s, u"--json"_s}, "not json");
        QCOMPARE(ran.exitCode, 2);
        QVERIFY(ran.err.contains("not a JSON object"));
    }

    void failures_haveTheirCodes_data()
    {
        QTest::addColumn<int>("fault");
        QTest::addColumn<int>("exitCode");
        using Kind = sandbox::Fault::Kind;
        QTest::newRow("limit") << int(Kind::Limit) << 7;
        QTest::newRow("401 for ever") << int(Kind::Unauthorized) << 3;
        QTest::newRow("page") << int(Kind::Html) << 1;
    }
    void failures_haveTheirCodes()
    {
        QFETCH(int, fault);
        QFETCH(int, exitCode);
        QVERIFY(connectOrg());
        m_sandbox->faults().add(
            {.kind = sandbox::Fault::Kind(fault), .times = -1, .path = u"/services/data"_s});
        const Ran ran = run({u"crm"_s, u"identify"_s, u"--email"_s, u"a@b.c"_s, u"--json"_s});
        QCOMPARE(ran.exitCode, exitCode);
        QVERIFY(!ran.err.isEmpty());
    }

    void unreachable_isSix()
    {
        QVERIFY(connectOrg());
        m_sandbox.reset();
        const Ran ran = run({u"crm"_s, u"identify"_s, u"--email"_s, u"a@b.c"_s, u"--json"_s});
        QCOMPARE(ran.exitCode, 6);
        QCOMPARE(ran.json()[u"error"][u"code"].toString(), u"offline"_s);
    }

    void check_tellsWhoAndWhatIsMissing()
    {
        QVERIFY(connectOrg());
        const Ran ran = run({u"crm"_s, u"check"_s, u"--json"_s});
        QVERIFY2(ran.exitCode == 0, ran.err.constData());
        QVERIFY(ran.json()[u"complete"].toBool());
        QVERIFY(!ran.json()[u"organisation"].toString().isEmpty());
        QVERIFY(ran.json()[u"usage"][u"limit"].toInt() > 0);
    }

    void check_fieldThatTheOrgLacks_isEight()
    {
        QVERIFY(QDir(m_dir->path()).mkpath(u"org/salesforce/describe"_s));
        QFile describe(m_dir->path() + u"/org/salesforce/describe/Contact.json"_s);
        QVERIFY(describe.open(QIODevice::WriteOnly));
        describe.write(
            R"({"name":"Contact","keyPrefix":"003","createable":true,"updateable":true,"queryable":true,
            "label":"Person","recordTypeInfos":[],"childRelationships":[],"urls":{},"fields":[
            {"name":"Id","type":"id","label":"Id","nillable":false,"defaultedOnCreate":true},
            {"name":"IsDeleted","type":"boolean","label":"Deleted","nillable":false,"defaultedOnCreate":true},
            {"name":"LastName","type":"string","label":"Surname","length":80,"nillable":false,"createable":true,
             "updateable":true,"nameField":true}]})");
        describe.close();
        QVERIFY(openOrg(m_dir->path() + u"/org"_s));
        QVERIFY(connectOrg());
        const Ran ran = run({u"crm"_s, u"check"_s, u"--json"_s});
        QCOMPARE(ran.exitCode, 8);
        QVERIFY(!ran.json()[u"complete"].toBool());
        QVERIFY2(ran.out.contains("\"Email\""), ran.out.constData());
        const QString where = ran.json()[u"missing"][0][u"where"].toString();
        QVERIFY2(where.startsWith(u"Setup > "_s), qPrintable(where));
        QVERIFY(run({u"crm"_s, u"check"_s}).out.contains("(Setup > "));
    }

    void remove_forgetsTheConnection()
    {
        QVERIFY(connectOrg());
        QCOMPARE(run({u"crm"_s, u"remove"_s, u"salesforce"_s}).exitCode, 0);
        QCOMPARE(run({u"crm"_s, u"check"_s}).exitCode, 3);
        QCOMPARE(run({u"crm"_s, u"remove"_s, u"salesforce"_s}).exitCode, 5);
    }

    void outbox_ofAnEmptyProfile_isEmptyAndMakesNone()
    {
        const Ran ran = run({u"outbox"_s, u"list"_s, u"--json"_s});
        QCOMPARE(ran.exitCode, 0);
        QVERIFY(ran.json()[u"writes"].isArray());
        QVERIFY(!QFile::exists(profile()));
    }

    void outbox_list_tellsStateAndWhy()
    {
        QVERIFY(QDir().mkpath(profile()));
        const auto database = store::Database::open(profile() + u"/parley.db"_s, desk::profileSchema());
        QVERIFY(database.has_value());
        outbox::Entry entry;
        entry.position = 1;
        entry.intent.key = u"C81F:case"_s;
        entry.intent.chat = {u"C81F"_s};
        entry.intent.kind = kinds::crmCase;
        entry.intent.fields = {{u"Subject"_s, u"Chat C81F: seats"_s}};
        entry.state = outbox::State::NeedsYou;
        entry.attempts = 3;
        entry.error = Error{.code = Errc::InvalidInput, .remoteCode = u"INVALID_EMAIL_ADDRESS"_s};
        entry.addedAt = entry.changedAt = m_clock.now();
        outbox::OutboxTable table(*database);
        QEventLoop loop;
        whenDone(table.save({entry}), &loop, [&loop](const Result<Done> &saved) {
            QVERIFY(saved.has_value());
            loop.quit();
        });
        loop.exec();
        const Ran ran = run({u"outbox"_s, u"list"_s, u"--json"_s});
        QVERIFY2(ran.exitCode == 0, ran.err.constData());
        const QJsonValue write = ran.json()[u"writes"][0];
        QCOMPARE(write[u"key"].toString(), u"C81F:case"_s);
        QCOMPARE(write[u"kind"].toString(), u"Case"_s);
        QCOMPARE(write[u"title"].toString(), u"Chat C81F: seats"_s);
        QCOMPARE(write[u"attempts"].toInt(), 3);
        QCOMPARE(write[u"error"][u"remoteCode"].toString(), u"INVALID_EMAIL_ADDRESS"_s);
        QCOMPARE(ran.json()[u"needsYou"].toInt(), 1);
    }

    void help_namesTheExitCodes()
    {
        const Ran ran = run({u"--help"_s});
        QCOMPARE(ran.exitCode, 0);
        QVERIFY(ran.out.contains("Exit codes"));
    }
};

QTEST_GUILESS_MAIN(ParleyctlTest)
#include "tst_Parleyctl.moc"
