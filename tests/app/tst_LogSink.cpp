// The log file: form of a line, and that text from outside is never taken for a format.
#include "app/log/LogSink.h"

#include <QFile>
#include <QLoggingCategory>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

using namespace parley;
using namespace Qt::Literals::StringLiterals;

class LogSinkTest : public QObject
{
    Q_OBJECT

private slots:
    void start_messageWithBraces_isWrittenVerbatim()
    {
        QTemporaryDir folder;
        log::start({.folder = folder.filePath(u"log"_s), .program = u"probe"_s});
        static const QLoggingCategory category("parley.probe");
        qCInfo(category) << "a {} b {0} %n %s";
        log::finish();

        QFile file(folder.filePath(u"log/probe.log"_s));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QString line = QString::fromUtf8(file.readAll());
        static const QRegularExpression form(
            u"^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z info parley\\.probe: a \\{\\} b \\{0\\} %n %s\\n$"_s);
        QVERIFY2(form.match(line).hasMatch(), qPrintable(line));
    }

    void start_folderThatCannotBeMade_doesNotStopTheProgram()
    {
        log::start({.folder = u"/proc/nowhere/log"_s, .program = u"probe"_s});
        qInfo("still here");
        log::finish();
    }
};

QTEST_GUILESS_MAIN(LogSinkTest)
#include "tst_LogSink.moc"
