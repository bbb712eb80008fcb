#include "core/settings/Settings.h"

#include <QFile>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

using namespace parley::settings;
using namespace Qt::Literals::StringLiterals;

class SettingsTest : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<QTemporaryDir> m_dir;

    void writeFile(const QByteArray &text)
    {
        QFile file(m_dir->filePath(u"settings.ini"_s));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
    }

private slots:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(u".*"_s));
        m_dir = std::make_unique<QTemporaryDir>();
    }

    void value_neverSet_isTheDefaultInItsType()
    {
        const Settings settings(m_dir->path());
        QCOMPARE(settings.value(keys::staySignedIn), QVariant(true));
        QCOMPARE(settings.value(keys::theme), QVariant(u"system"_s));
        QCOMPARE(settings.value(keys::hubUrl), QVariant(QString()));
    }

    void setValue_nextStart_comesBackInItsType()
    {
        const QByteArray geometry("\x00\x01\xff\n;=", 6);
        const QString url = u"wss://hub.example/ws?x=1;2, \"3\" ü\n"_s;
        {
            Settings settings(m_dir->path());
            settings.setValue(keys::staySignedIn, false);
            settings.setValue(keys::windowGeometry, geometry);
            settings.setValue(keys::hubUrl, url);
            QCOMPARE(settings.value(keys::staySignedIn), QVariant(false));
        }
        const Settings again(m_dir->path());
        QCOMPARE(again.value(keys::staySignedIn), QVariant(false));
        QCOMPARE(again.value(keys::windowGeometry).toByteArray(), geometry);
        QCOMPARE(again.value(keys::hubUrl).toString(), url);
    }

    void value_fileWithNonsense_isStillOfItsType()
    {
        writeFile("[hub]\nstaySignedIn=perhaps\nurl=a, b\n[window]\ngeometry=plain\n");
        const Settings settings(m_dir->path());
        QCOMPARE(settings.value(keys::staySignedIn).metaType(), QMetaType::fromType<bool>());
        QCOMPARE(settings.value(keys::windowGeometry).metaType(), QMetaType::fromType<QByteArray>());
        QCOMPARE(settings.value(keys::hubUrl).metaType(), QMetaType::fromType<QString>());
        const Key number{"test/number", 42};
        Settings more(m_dir->path());
        more.setValue(number, u"many"_s);
        QCOMPARE(more.value(number), QVariant(42));
    }

    void profiles_two_doNotMix()
    {
        const QTemporaryDir other;
        Settings one(m_dir->path());
        one.setValue(keys::theme, u"dark"_s);
        QCOMPARE(Settings(other.path()).value(keys::theme), QVariant(u"system"_s));
    }
};

QTEST_GUILESS_MAIN(SettingsTest)
#include "tst_Settings.moc"
