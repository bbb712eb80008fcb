// parley-signin: shows a CRM's sign-in page for the console and hands back the redirect. Lines of JSON in and
// out.
#include "app/signin/SignInShell.h"

#include <QApplication>
#include <QFile>
#include <QJsonDocument>

#include <cstdio>
#include <thread>

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr qint64 kMaxLine = qint64{256} * 1024;

/// Blocks in a thread of its own: standard input is a pipe, and on Windows no notifier watches pipes.
void readLines(QPointer<parley::signin::SignInShell> shell)
{
    QFile input;
    if (input.open(stdin, QIODevice::ReadOnly)) {
        for (QByteArray line = input.readLine(kMaxLine); !line.isEmpty(); line = input.readLine(kMaxLine)) {
            const QJsonObject object = QJsonDocument::fromJson(line).object();
            QMetaObject::invokeMethod(qApp, [shell, object] {
                if (shell)
                    shell->hear(object);
            });
        }
    }
    // The console is gone, or does not want us any more.
    QMetaObject::invokeMethod(qApp, &QCoreApplication::quit);
}

void say(const QJsonObject &line)
{
    const QByteArray bytes = QJsonDocument(line).toJson(QJsonDocument::Compact) + '\n';
    std::fwrite(bytes.constData(), 1, size_t(bytes.size()), stdout);
    std::fflush(stdout);
}

} // namespace

int main(int argc, char *argv[])
{
    // A remote debugger would see the password that is typed here.
    qunsetenv("QTWEBENGINE_REMOTE_DEBUGGING");
    QApplication app(argc, argv);
    Q_INIT_RESOURCE(icons); // lies in a static library: nothing else would pull it in
    QCoreApplication::setApplicationName(u"parley-signin"_s);
    QCoreApplication::setApplicationVersion(QStringLiteral(PARLEY_VERSION));
    QCoreApplication::setOrganizationDomain(u"parley.github.io"_s);
    QGuiApplication::setDesktopFileName(u"io.github.parley.Parley"_s);
    // The window shows itself when the console has said what to show.
    QApplication::setQuitOnLastWindowClosed(false);
    int status = 0;
    {
        parley::signin::SignInShell shell;
        QObject::connect(&shell, &parley::signin::SignInShell::said, &app,
                         [&shell](const QJsonObject &line, bool isLast) {
                             say(line);
                             if (isLast) {
                                 shell.hide();
                                 QCoreApplication::quit();
                             }
                         });
        std::thread(readLines, QPointer(&shell)).detach();
        status = QApplication::exec();
    }
    // The reading thread may still block: what is left of this process has nothing to tidy.
    std::fflush(stdout);
    std::_Exit(status);
}
