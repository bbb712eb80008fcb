// How quickly the real console starts (warm) and how much memory it keeps with 20 open chats, against a real
// hub. Prints {"bench":"console","startMs":[…],"startMedianMs":…,"rssMiB":…,"chats":20}.
#include "app/demo/DemoVisitor.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QEventLoop>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QTimer>
#include <QWebSocket>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <vector>

using namespace parley;
using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int kChats = 20;
constexpr int kStarts = 7;
const QString kEmail = u"bench@parley.example"_s;

[[noreturn]] void giveUp(const QString &why)
{
    fprintf(stderr, "bench_console: %s\n", qPrintable(why));
    std::exit(1);
}

QString program(const QString &name)
{
    return qEnvironmentVariable("PARLEY_BIN_DIR") + u'/' + name;
}

void waitUntil(const std::function<bool()> &condition, const QString &what)
{
    QElapsedTimer timer;
    timer.start();
    while (!condition()) {
        if (timer.elapsed() > 60'000)
            giveUp(u"gave up waiting for "_s + what);
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents, 50);
    }
}

QJsonObject lineOf(QProcess &process, const QString &what)
{
    waitUntil([&process] { return process.canReadLine() || process.state() == QProcess::NotRunning; }, what);
    return QJsonDocument::fromJson(process.readLine()).object();
}

QStringList consoleArguments(const QString &hub, const QString &profile, const QString &passwordFile)
{
    return {u"--hub"_s,           hub,          u"--profile"_s,      profile, u"--agent"_s, kEmail,
            u"--password-file"_s, passwordFile, u"--print-timings"_s};
}

/// Starts the console, and ends with the milliseconds from exec to the first window that takes input.
double startOnce(const QStringList &arguments)
{
    QElapsedTimer sinceExec;
    QProcess console;
    console.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    sinceExec.start();
    console.start(program(u"parley"_s), arguments);
    const QJsonObject timings = lineOf(console, u"the console's window"_s);
    const double elapsed = double(sinceExec.nsecsElapsed()) / 1e6;
    console.terminate();
    if (!console.waitForFinished(10'000))
        console.kill();
    if (!timings.contains("windowMs"_L1))
        giveUp(u"the console printed no timings"_s);
    return elapsed;
}

double residentMiB(qint64 pid)
{
    QFile status(u"/proc/%1/status"_s.arg(pid));
    if (!status.open(QIODevice::ReadOnly))
        giveUp(u"the console is gone"_s);
    const QList<QByteArray> lines = status.readAll().split('\n');
    for (const QByteArray &line : lines) {
        if (line.startsWith("VmRSS:"))
            return line.mid(6).trimmed().split(' ').first().toDouble() / 1024;
    }
    giveUp(u"no VmRSS"_s);
}

/// The same agent at a second console: accepts all chats that wait.
std::unique_ptr<QWebSocket> acceptEverything(const QUrl &agentWs, const QString &password, int *accepted)
{
    auto socket = std::make_unique<QWebSocket>();
    QWebSocket *raw = socket.get();
    const auto send = [raw](const QJsonObject &frame) {
        raw->sendTextMessage(QString::fromUtf8(QJsonDocument(frame).toJson(QJsonDocument::Compact)));
    };
    QObject::connect(raw, &QWebSocket::connected, raw, [send, password] {
        send({{u"t"_s, u"hello"_s}, {u"v"_s, 1}, {u"email"_s, kEmail}, {u"password"_s, password}});
    });
    QObject::connect(raw, &QWebSocket::textMessageReceived, raw, [send, accepted](const QString &text) {
        const QJsonObject frame = QJsonDocument::fromJson(text.toUtf8()).object();
        const QString type = frame.value("t"_L1).toString();
        if (type == "welcome"_L1)
            send({{u"t"_s, u"presence"_s}, {u"status"_s, u"available"_s}, {u"capacity"_s, kChats}});
        if (type == "ping"_L1)
            send({{u"t"_s, u"pong"_s}});
        if (type == "ack"_L1)
            ++*accepted;
        const QJsonObject chat = frame.value("chat"_L1).toObject();
        if (type == "chat"_L1 && chat.value("state"_L1).toString() == "waiting"_L1) {
            const QString id = chat.value("id"_L1).toString();
            send({{u"t"_s, u"accept"_s}, {u"chat"_s, id}, {u"cid"_s, u"accept-"_s + id}});
        }
    });
    raw->open(agentWs);
    return socket;
}

demo::Persona persona(int number)
{
    demo::Persona persona;
    persona.fields = {{u"name"_s, u"Visitor Number %1"_s.arg(number)},
                      {u"email"_s, u"visitor%1@example.org"_s.arg(number)}};
    persona.page = {{u"url"_s, u"https://shop.example/page"_s}, {u"title"_s, u"A page"_s}};
    persona.text = u"Hello, this is the first message of chat %1."_s.arg(number);
    for (int i = 0; i < 10; ++i)
        persona.steps +=
            demo::PersonaStep{.say = u"Line %1 of what this visitor has to say, of a usual length."_s.arg(i)};
    return persona;
}

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    const QTemporaryDir folder;
    const QString password = u"bench password 1"_s;
    QFile passwordFile(folder.filePath(u"password"_s));
    if (!passwordFile.open(QIODevice::WriteOnly) || passwordFile.write(password.toUtf8()) < 0)
        giveUp(u"no password file"_s);
    passwordFile.close();

    const QString data = folder.filePath(u"hub"_s);
    if (QProcess::execute(program(u"parley-hub"_s),
                          {u"agent"_s, u"add"_s, u"--data"_s, data, u"--email"_s, kEmail, u"--name"_s,
                           u"Bench"_s, u"--password-file"_s, passwordFile.fileName()}) != 0)
        giveUp(u"no agent could be added"_s);
    QProcess hub;
    hub.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    hub.start(program(u"parley-hub"_s), {u"serve"_s, u"--listen"_s, u"127.0.0.1:0"_s, u"--data"_s, data});
    const QJsonObject ready = lineOf(hub, u"the hub"_s);
    const QStringList arguments = consoleArguments(ready.value("url"_L1).toString(),
                                                   folder.filePath(u"profile"_s), passwordFile.fileName());

    QList<double> starts;
    for (int i = 0; i < kStarts; ++i)
        starts += startOnce(arguments);
    starts.removeFirst(); // the first one is cold
    std::ranges::sort(starts);

    int accepted = 0;
    const auto colleague = acceptEverything(QUrl(ready.value("agentWs"_L1).toString()), password, &accepted);
    SystemClock clock;
    std::vector<std::unique_ptr<demo::DemoVisitor>> visitors;
    for (int i = 0; i < kChats; ++i) {
        visitors.push_back(std::make_unique<demo::DemoVisitor>(
            persona(i), QUrl(ready.value("visitorWs"_L1).toString()), clock));
        visitors.back()->begin();
    }
    waitUntil([&accepted] { return accepted >= kChats; }, u"20 chats"_s);

    QProcess console;
    console.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    console.start(program(u"parley"_s), arguments);
    lineOf(console, u"the console's window"_s);
    // A second line says that all open chats are there: "chats".
    const QJsonObject synced = lineOf(console, u"the console's chats"_s);
    const double resident = residentMiB(console.processId());
    console.terminate();
    console.waitForFinished(10'000);
    hub.terminate();
    hub.waitForFinished(10'000);

    QJsonArray all;
    for (const double start : starts)
        all += start;
    const QJsonObject result{{u"bench"_s, u"console"_s},
                             {u"startMs"_s, all},
                             {u"startMedianMs"_s, starts.at(starts.size() / 2)},
                             {u"chats"_s, synced.value("chats"_L1)},
                             {u"rssMiB"_s, resident}};
    printf("%s\n", QJsonDocument(result).toJson(QJsonDocument::Compact).constData());
    return 0;
}
