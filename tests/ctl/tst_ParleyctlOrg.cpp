// What parleyctl tells of an org: kinds, fields, layouts, records, and the snapshot of all it says about
// itself.
#include "tests/ctl/CtlStage.h"

#include <QDir>
#include <QDirIterator>
#include <QJsonArray>
#include <QRegularExpression>
#include <QTest>

using namespace parley;
using namespace parley::fakes;
using namespace Qt::Literals::StringLiterals;

class ParleyctlOrgTest : public QObject, private CtlStage
{
    Q_OBJECT

    static QByteArray contentOf(const QString &path)
    {
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    [[nodiscard]] QString snapshotDir() const { return m_dir->path() + u"/a snapshot"_s; }

private slots:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(u".*"_s));
        QVERIFY(start());
    }
    void schema_isPrinted()
    {
        QVERIFY(connectOrg());
        const Ran fields = run({u"crm"_s, u"fields"_s, u"Contact"_s, u"--json"_s});
        QVERIFY2(fields.exitCode == 0, fields.err.constData());
        QStringList required;
        for (const QJsonValue &field : fields.json()[u"fields"].toArray()) {
            if (field[u"required"].toBool())
                required += field[u"name"].toString();
        }
        QVERIFY(required.contains(u"LastName"_s));
        const Ran kind = run({u"crm"_s, u"describe"_s, u"Lead"_s, u"--json"_s});
        QCOMPARE(kind.json()[u"kind"].toString(), u"Lead"_s);
        QCOMPARE(run({u"crm"_s, u"describe"_s, u"Nope"_s, u"--json"_s}).exitCode, 5);
        const Ran all = run({u"crm"_s, u"describe"_s, u"--json"_s});
        QVERIFY(all.json()[u"kinds"].toArray().size() > 5);
    }

    void layout_isPrinted()
    {
        QVERIFY(connectOrg());
        const Ran ran = run({u"crm"_s, u"layout"_s, u"Lead"_s, u"--for"_s, u"create"_s, u"--json"_s});
        QVERIFY2(ran.exitCode == 0, ran.err.constData());
        const QJsonArray sections = ran.json()[u"sections"].toArray();
        QVERIFY(!sections.isEmpty());
        const QJsonValue cell = sections[0][u"rows"][0][0];
        QVERIFY(cell.toObject().contains(u"field"_s) && cell.toObject().contains(u"required"_s) &&
                cell.toObject().contains(u"readOnly"_s));
    }

    void queryAndSearch_printRecords()
    {
        QVERIFY(connectOrg());
        const Ran query =
            run({u"crm"_s, u"query"_s, u"SELECT Id, Name FROM Account ORDER BY Name LIMIT 2"_s, u"--json"_s});
        QVERIFY2(query.exitCode == 0, query.err.constData());
        QCOMPARE(query.json()[u"records"].toArray().size(), 2);
        QCOMPARE(run({u"crm"_s, u"query"_s, u"SELECT nope FROM Account"_s}).exitCode, 4);
        const Ran search = run({u"crm"_s, u"search"_s, u"Northgate"_s, u"--json"_s});
        QVERIFY2(search.exitCode == 0, search.err.constData());
        QVERIFY(!search.json()[u"records"].toArray().isEmpty());
    }

    // Taken from one org, a second one that is made of it says the same, byte for byte, and makes the same
    // forms.
    void snapshot_makesAnOrgThatSaysTheSame()
    {
        QVERIFY(connectOrg());
        const Ran taken = run({u"crm"_s, u"snapshot"_s, snapshotDir(), u"--json"_s});
        QVERIFY2(taken.exitCode == 0, taken.err.constData());
        QVERIFY(taken.json()[u"files"].toArray().contains(u"salesforce/describe/Contact.json"_s));
        const QStringList forms{u"crm"_s, u"layout"_s, u"Lead"_s, u"--for"_s, u"create"_s, u"--json"_s};
        const QByteArray form = run(forms).out;
        QVERIFY(form.contains("sections"));

        QVERIFY(openOrg(snapshotDir()));
        m_dir->setAutoRemove(true);
        QVERIFY(QDir(profile()).removeRecursively());
        QVERIFY(connectOrg());
        const QString again = m_dir->path() + u"/again"_s;
        QCOMPARE(run({u"crm"_s, u"snapshot"_s, again}).exitCode, 0);
        int compared = 0;
        QDirIterator files(snapshotDir(), {u"*.json"_s}, QDir::Files, QDirIterator::Subdirectories);
        while (files.hasNext()) {
            const QString path = files.next();
            const QString name = QDir(snapshotDir()).relativeFilePath(path);
            QVERIFY2(contentOf(path) == contentOf(again + u'/' + name), qPrintable(name));
            ++compared;
        }
        QCOMPARE(compared, int(taken.json()[u"files"].toArray().size()));
        QCOMPARE(run(forms).out, form);
    }

    void snapshot_holdsNoRecordAndNoSecret()
    {
        QVERIFY(connectOrg());
        QCOMPARE(run({u"crm"_s, u"snapshot"_s, snapshotDir()}).exitCode, 0);
        QDirIterator files(snapshotDir(), QDir::Files, QDirIterator::Subdirectories);
        int seen = 0;
        while (files.hasNext()) {
            const QByteArray content = contentOf(files.next());
            QVERIFY(!content.contains("amelia.hart"));
            QVERIFY(!content.contains(m_ready[u"clientSecret"].toString().toUtf8()));
            ++seen;
        }
        QVERIFY(seen > 8);
    }

    void snapshot_chosenKinds_andWhatIsNotThere()
    {
        QVERIFY(connectOrg());
        const Ran ran = run({u"crm"_s, u"snapshot"_s, snapshotDir(), u"--kind"_s, u"contact"_s, u"--kind"_s,
                             u"Nope__c"_s, u"--json"_s});
        QCOMPARE(ran.exitCode, 5); // asked for by name, and not there
        QCOMPARE(ran.json()[u"skipped"].toArray(), QJsonArray{u"Nope__c"_s});
        QVERIFY(!QFile::exists(snapshotDir() + u"/salesforce/describe/Lead.json"_s));
        QVERIFY(
            QFile::exists(snapshotDir() + u"/salesforce/describe/Contact.json"_s)); // as the org spells it
        QVERIFY(sandbox::Metadata::fromFolder(snapshotDir()));
        QCOMPARE(run({u"crm"_s, u"snapshot"_s, snapshotDir(), u"--kind"_s, u"../../etc"_s}).exitCode, 2);
    }

    void snapshot_folderIsAFile_saysWhere()
    {
        QVERIFY(connectOrg());
        const Ran ran = run({u"crm"_s, u"snapshot"_s, secretFile()});
        QCOMPARE(ran.exitCode, 1);
        QVERIFY2(ran.err.contains(secretFile().toUtf8()), ran.err.constData());
        QVERIFY2(!ran.err.contains("profile"), ran.err.constData()); // which is not at fault
        QCOMPARE(run({u"crm"_s, u"snapshot"_s, u" "_s}).exitCode, 2);
    }

    void snapshot_intoAFolderOfAnother_namesWhatIsLeft()
    {
        QVERIFY(connectOrg());
        QCOMPARE(run({u"crm"_s, u"snapshot"_s, snapshotDir(), u"--kind"_s, u"Lead"_s}).exitCode, 0);
        const Ran ran = run({u"crm"_s, u"snapshot"_s, snapshotDir(), u"--kind"_s, u"Contact"_s, u"--json"_s});
        QCOMPARE(ran.exitCode, 0);
        QVERIFY(ran.json()[u"left"].toArray().contains(u"salesforce/describe/Lead.json"_s));
        QVERIFY(!ran.json()[u"left"].toArray().contains(u"salesforce/describe/Contact.json"_s));
    }

    void snapshot_intoARelativeFolder_leavesNothing()
    {
        QVERIFY(connectOrg());
        const QString relative = QDir::current().relativeFilePath(snapshotDir());
        const Ran ran = run({u"crm"_s, u"snapshot"_s, relative, u"--kind"_s, u"Contact"_s, u"--json"_s});
        QCOMPARE(ran.exitCode, 0);
        QCOMPARE(ran.json()[u"left"].toArray(), QJsonArray());
    }

    // Rights that this user lacks: the search goes on without, and the rest is said with what is at fault.
    void hiddenFields_areLeftOutOrNamed()
    {
        QVERIFY(connectOrg());
        const QJsonObject hidden{{u"Contact.Title"_s, u"hidden"_s}, {u"Contact.Email"_s, u"hidden"_s}};
        QVERIFY(m_sandbox->setOrg({{u"access"_s, QJsonObject{{u"fields"_s, hidden}}}}));
        const Ran found = run({u"crm"_s, u"search"_s, u"amelia"_s, u"--json"_s});
        QVERIFY2(found.exitCode == 0, found.err.constData());
        const Ran identified =
            run({u"crm"_s, u"identify"_s, u"--email"_s, u"amelia.hart@northgate.example"_s});
        QCOMPARE(identified.exitCode, 4);
        QVERIFY2(identified.err.contains("Contact.Email"), identified.err.constData());
        const Ran check = run({u"crm"_s, u"check"_s, u"--json"_s});
        QCOMPARE(check.exitCode, 8);
        QVERIFY(check.out.contains("Title"));
    }

    void wrongSecret_isNamed()
    {
        QVERIFY(connectOrg());
        QVERIFY(writeSecret("another"));
        const Ran ran = run({u"crm"_s, u"check"_s});
        QCOMPARE(ran.exitCode, 3);
        QVERIFY2(ran.err.contains("secret"), ran.err.constData());
        QCOMPARE(run({u"crm"_s, u"get"_s, u"Nope"_s, u"003000000000000AAA"_s}).exitCode, 3);
    }

    // What a damaged snapshot says when a sandbox is to be made of it.
    void snapshot_damagedLayoutOfARecordType_isNamed()
    {
        QVERIFY(connectOrg());
        QCOMPARE(run({u"crm"_s, u"snapshot"_s, snapshotDir(), u"--kind"_s, u"Lead"_s}).exitCode, 0);
        QDirIterator files(snapshotDir() + u"/salesforce/layouts/Lead"_s, {u"*.json"_s}, QDir::Files);
        QVERIFY(files.hasNext());
        QFile layout(files.next());
        QVERIFY(layout.open(QIODevice::WriteOnly));
        layout.write("{\"id\":\"00h\"}");
        layout.close();
        const auto org = sandbox::Metadata::fromFolder(snapshotDir());
        QVERIFY(!org);
        QVERIFY2(org.error().detail.contains(layout.fileName()), qPrintable(org.error().detail));
        QVERIFY(org.error().detail.contains(u"editLayoutSections"_s));
    }
};

QTEST_GUILESS_MAIN(ParleyctlOrgTest)
#include "tst_ParleyctlOrg.moc"
