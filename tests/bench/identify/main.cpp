// From the moment in which the desk knows of a chat until the visitor's record is painted in the real
// console's window, with a CRM that is 80 ms away; and how many requests that took, as the CRM counted them.
// Prints
// {"bench":"identify","delayMs":80,"chats":20,"answeredMs":…,"medianMs":…,"p95Ms":…,"ratio":…,"roundTrips":1}.
// Fails when a record does not come or took more than one request.
#include "app/console/Console.h"
#include "core/desk/Desk.h"
#include "tests/e2e/faults/Stage.h"
#include "ui/panels/DeskBinding.h"
#include "ui/panels/MainWindow.h"
#include "ui/panels/RecordCardView.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QJsonDocument>
#include <QPaintEvent>
#include <QTest>
#include <QTimer>

using namespace parley;
using namespace Qt::Literals::StringLiterals;

namespace {

constexpr std::chrono::milliseconds kDelay{80};
// Nobody opens a chat before its row has been on the screen for one frame.
constexpr std::chrono::milliseconds kFrame{16};
constexpr int kPatience = 30'000;

[[noreturn]] void giveUp(const QString &why)
{
    fprintf(stderr, "bench_identify: %s\n", qPrintable(why));
    std::exit(1);
}

void waitUntil(const std::function<bool()> &condition, const QString &what)
{
    // Not QTest::qWaitFor: it sleeps 10 ms between two looks, and would be measured too.
    QElapsedTimer since;
    since.start();
    while (!condition()) {
        QCoreApplication::processEvents(QEventLoop::AllEvents | QEventLoop::WaitForMoreEvents);
        if (since.elapsed() > kPatience)
            giveUp(u"gave up waiting for "_s + what);
    }
}

/// Notes when the desk first tells of a chat, and when the card of that visitor's record has been painted.
class Watch : public QObject
{
public:
    explicit Watch(console::Console &console)
        : m_console(console)
    {
        connect(console.desk(), &desk::Desk::chatChanged, this, [this](const ChatId &chat) {
            if (!m_isArmed)
                return;
            m_isArmed = false;
            m_chat = chat;
            m_answeredNs = -1;
            m_timer.start();
            QTimer::singleShot(kFrame, this, [this, chat] { m_console.binding()->openChat(chat); });
        });
        connect(console.desk(), &desk::Desk::recordTabChanged, this, [this](const ChatId &chat) {
            if (chat == m_chat && m_answeredNs < 0 && tab().state == desk::TabState::Matched)
                m_answeredNs = m_timer.nsecsElapsed();
        });
        qApp->installEventFilter(this);
    }

    void arm(const QString &email)
    {
        m_isArmed = true;
        m_email = email;
        m_paintedNs = -1;
    }
    [[nodiscard]] bool isPainted() const { return m_paintedNs >= 0; }
    [[nodiscard]] double milliseconds() const { return double(m_paintedNs) / 1e6; }
    [[nodiscard]] double answeredMs() const { return double(m_answeredNs) / 1e6; }
    [[nodiscard]] desk::RecordTab tab() const { return m_console.desk()->recordTab(m_chat); }

protected:
    bool eventFilter(QObject *watched, QEvent *event) override
    {
        if (event->type() == QEvent::Paint && !m_isArmed && !m_isSeen) {
            const auto *card = qobject_cast<ui::RecordCardView *>(watched);
            const bool isHers = card && card->card()
                                                .record.fields.value(u"Email"_s)
                                                .toString()
                                                .compare(m_email, Qt::CaseInsensitive) == 0;
            if (isHers) {
                m_isSeen = true;
                // Behind the rest of this frame, which is painted and flushed in one go.
                QMetaObject::invokeMethod(
                    this,
                    [this] {
                        m_paintedNs = m_timer.nsecsElapsed();
                        m_isSeen = false;
                        m_email = u"-"_s;
                    },
                    Qt::QueuedConnection);
            }
        }
        return false;
    }

private:
    console::Console &m_console;
    QElapsedTimer m_timer;
    ChatId m_chat;
    QString m_email;
    bool m_isArmed = false;
    bool m_isSeen = false;
    qint64 m_paintedNs = -1;
    qint64 m_answeredNs = -1;
};

/// People of the sandbox whose e-mail is nobody else's.
QList<std::pair<QString, QString>> contacts(e2e::Stage &stage, int count)
{
    QList<std::pair<QString, QString>> people;
    QMap<QString, int> uses;
    const QJsonArray records =
        stage.query(u"SELECT Name, Email FROM Contact WHERE Email != null ORDER BY Name LIMIT 200"_s);
    for (const QJsonValue &record : records)
        ++uses[record["Email"_L1].toString()];
    for (const QJsonValue &record : records) {
        if (people.size() < count && uses.value(record["Email"_L1].toString()) == 1)
            people.emplaceBack(record["Name"_L1].toString(), record["Email"_L1].toString());
    }
    if (people.size() < count)
        giveUp(u"the sandbox has only %1 people"_s.arg(people.size()));
    return people;
}

} // namespace

int main(int argc, char **argv)
{
    QApplication app(argc, argv);
    const int chats = argc > 1 ? std::atoi(argv[1]) : 20;
    SystemClock clock;
    e2e::Stage stage(kDelay);
    if (const QString problem = stage.start(); !problem.isEmpty())
        giveUp(problem);
    console::Console console(stage.profile(u"profile"_s), clock);
    if (const auto started = console.start(); !started)
        giveUp(started.error().detail);
    waitUntil([&] { return console.window() != nullptr; }, u"the window"_s);
    console.window()->resize(1440, 900);
    waitUntil([&] { return console.desk()->crmStatus().state == desk::CrmState::Connected; }, u"the CRM"_s);
    waitUntil([&] { return console.desk()->hubStatus().state == desk::LineState::Online; }, u"the hub"_s);

    const auto people = contacts(stage, chats + 1);
    Watch watch(console);
    QList<double> times;
    QList<double> answered;
    int roundTrips = 0;
    for (const auto &[name, email] : people) {
        QTest::qWait(200); // what the previous chat has set off has had its time
        stage.forgetRequests();
        watch.arm(email);
        stage.newChat(name, email, false);
        waitUntil([&watch] { return watch.isPainted(); }, u"the record of "_s + email);
        if (watch.tab().state != desk::TabState::Matched)
            giveUp(email + u" was not recognised"_s);
        if (email == people.first().second)
            continue; // warms up: descriptions of the kinds, fonts, the token
        times += watch.milliseconds();
        answered += watch.answeredMs();
        roundTrips = std::max(roundTrips, stage.requests({}, u"/services"_s));
    }

    const auto at = [](QList<double> &all, double part) {
        std::ranges::sort(all);
        return all.at(qsizetype(double(all.size() - 1) * part));
    };
    const QJsonObject result{{u"bench"_s, u"identify"_s},
                             {u"delayMs"_s, qint64(kDelay.count())},
                             {u"chats"_s, chats},
                             {u"answeredMs"_s, at(answered, 0.5)}, // of these: until the desk has the record
                             {u"medianMs"_s, at(times, 0.5)},
                             {u"p95Ms"_s, at(times, 0.95)},
                             {u"ratio"_s, at(times, 0.5) / double(kDelay.count())},
                             {u"roundTrips"_s, roundTrips}};
    printf("%s\n", QJsonDocument(result).toJson(QJsonDocument::Compact).constData());
    return roundTrips == 1 ? 0 : 1;
}
