// The whole way with nothing faked but the CRM's owner: a visitor in a real Chromium, the real hub, the real
// console's main window driven by keys and clicks, and the Salesforce sandbox, which is asked afterwards what
// it holds.
#include "app/console/Console.h"
#include "app/demo/DemoWorld.h"
#include "core/crm/Connections.h"
#include "core/desk/Desk.h"
#include "core/net/NetworkTransport.h"
#include "tests/e2e/whole/VisitorPage.h"
#include "ui/panels/MainWindow.h"

#include <QAbstractButton>
#include <QApplication>
#include <QFile>
#include <QJsonArray>
#include <QLabel>
#include <QPlainTextEdit>
#include <QTemporaryDir>
#include <QUrlQuery>

using namespace parley;
using namespace Qt::Literals::StringLiterals;

namespace {

/// What anybody with the sandbox's address can ask it: plain REST, none of our adapter.
class Crm
{
public:
    explicit Crm(const QJsonObject &ready)
        : m_ready(ready)
    {}

    QJsonArray query(const QString &soql)
    {
        if (m_token.isEmpty())
            signIn();
        QUrl url(m_ready.value("loginUrl"_L1).toString() + u"/services/data/v62.0/query"_s);
        QUrlQuery query;
        query.addQueryItem(u"q"_s, QString::fromLatin1(QUrl::toPercentEncoding(soql)));
        url.setQuery(query);
        const auto reply = ask({.url = url, .headers = {{"Authorization", "Bearer " + m_token}}});
        return QJsonDocument::fromJson(reply).object().value("records"_L1).toArray();
    }

    QByteArray get(const QString &path)
    {
        return ask({.url = QUrl(m_ready.value("loginUrl"_L1).toString() + path),
                    .headers = {{"Authorization", "Bearer " + m_token}}});
    }

private:
    void signIn()
    {
        QUrlQuery form;
        form.addQueryItem(u"grant_type"_s, u"client_credentials"_s);
        form.addQueryItem(u"client_id"_s, m_ready.value("clientId"_L1).toString());
        form.addQueryItem(u"client_secret"_s, m_ready.value("clientSecret"_L1).toString());
        const auto reply =
            ask({.method = "POST",
                 .url = QUrl(m_ready.value("loginUrl"_L1).toString() + u"/services/oauth2/token"_s),
                 .headers = {{"Content-Type", "application/x-www-form-urlencoded"}},
                 .body = form.toString(QUrl::FullyEncoded).toUtf8()});
        m_token = QJsonDocument::fromJson(reply).object().value("access_token"_L1).toString().toUtf8();
    }

    QByteArray ask(net::HttpRequest request)
    {
        std::optional<Result<net::HttpReply>> answer;
        QObject context;
        whenDone(m_transport->send(std::move(request)), &context,
                 [&answer](const Result<net::HttpReply> &reply) { answer = reply; });
        if (!QTest::qWaitFor([&answer] { return answer.has_value(); }, 20'000) || !*answer)
            return {};
        return (*answer)->body;
    }

    QJsonObject m_ready;
    QByteArray m_token;
    std::shared_ptr<net::NetworkTransport> m_transport = std::make_shared<net::NetworkTransport>();
};

bool showsText(const QWidget &parent, const QString &text)
{
    const auto widgets = parent.findChildren<QWidget *>();
    return std::ranges::any_of(widgets, [&text](const QWidget *widget) {
        return widget->isVisible() && (widget->accessibleName().contains(text) ||
                                       widget->property("text").toString().contains(text));
    });
}

} // namespace

class WholeWayTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void knownVisitor_chatsAndIsFiled();
    void unknownVisitor_becomesLeadWithTask();
    void cleanupTestCase();

private:
    template <class T> T *shown(const QString &name)
    {
        T *found = nullptr;
        const bool isThere = QTest::qWaitFor(
            [this, &found, &name] {
                const auto all = m_console->window()->findChildren<T *>(name);
                const auto visible = std::ranges::find_if(
                    all, [](T *widget) { return widget->isVisible() && widget->isEnabled(); });
                found = visible == all.end() ? nullptr : *visible;
                return found != nullptr;
            },
            20'000);
        if (!isThere)
            qWarning("nothing called %s came up", qPrintable(name));
        return found;
    }
    void click(const QString &name)
    {
        if (auto *button = shown<QWidget>(name))
            QTest::mouseClick(button, Qt::LeftButton);
    }
    void keepPicture(const QString &name)
    {
        const QString folder = qEnvironmentVariable("PARLEY_SHOTS");
        if (!folder.isEmpty())
            m_console->window()->grab().save(folder + u'/' + name + u".png"_s);
    }
    ChatId chatOf(const QString &email)
    {
        const auto rows = m_console->desk()->chats();
        for (const desk::ChatRow &row : rows) {
            if (m_console->desk()->chat(row.id).visitorEmail() == email)
                return row.id;
        }
        return {};
    }

    QTemporaryDir m_folder;
    SystemClock m_clock;
    std::unique_ptr<demo::DemoWorld> m_world;
    std::unique_ptr<console::Console> m_console;
    std::unique_ptr<Crm> m_crm;
};

void WholeWayTest::initTestCase()
{
    m_world = std::make_unique<demo::DemoWorld>(m_folder.filePath(u"world"_s), m_clock);
    const auto started = m_world->start();
    QVERIFY2(started, started ? "" : qPrintable(started.error().detail));
    const QJsonObject sandbox = m_world->readyLine().value("sandbox"_L1)["salesforce"_L1].toObject();
    m_crm = std::make_unique<Crm>(sandbox);

    const auto fileWith = [this](const QString &name, const QString &content) {
        QFile file(m_folder.filePath(name));
        [[maybe_unused]] const bool written =
            file.open(QIODevice::WriteOnly) && file.write(content.toUtf8()) > 0;
        return file.fileName();
    };
    const QString profile = m_folder.filePath(u"profile"_s);
    QVERIFY(QDir().mkpath(profile));
    const auto connection = crm::ConnectionStore(profile).add(
        {.name = u"Salesforce"_s,
         .kind = u"salesforce"_s,
         .loginUrl = QUrl(sandbox.value("loginUrl"_L1).toString()),
         .clientId = sandbox.value("clientId"_L1).toString(),
         .grant = u"client-credentials"_s,
         .secretFile = fileWith(u"secret"_s, sandbox.value("clientSecret"_L1).toString()),
         .isActive = true});
    QVERIFY(connection);
    m_console = std::make_unique<console::Console>(
        console::Options{.hub = m_world->hubUrl(),
                         .profileDir = profile,
                         .agentEmail = m_world->agentEmail(),
                         .passwordFile = fileWith(u"password"_s, m_world->agentPassword()),
                         .theme = u"light"_s},
        m_clock);
    const auto console = m_console->start();
    QVERIFY2(console, console ? "" : qPrintable(console.error().detail));
    QTRY_VERIFY_WITH_TIMEOUT(m_console->window() != nullptr, 40'000);
    m_console->window()->resize(1440, 900);
    QTRY_COMPARE_WITH_TIMEOUT(m_console->desk()->hubStatus().state, desk::LineState::Online, 10'000);
    QTRY_COMPARE_WITH_TIMEOUT(m_console->desk()->crmStatus().state, desk::CrmState::Connected, 10'000);
}

void WholeWayTest::cleanupTestCase()
{
    m_console.reset();
    m_world.reset();
}

void WholeWayTest::knownVisitor_chatsAndIsFiled()
{
    e2e::VisitorPage visitor;
    const QString question = u"Our invoice charges 14 seats, but we have <b>12</b> people."_s;
    QCOMPARE(visitor.act({{u"url"_s, m_world->visitorPage().toString()}}, u"open"_s), QString());
    QCOMPARE(visitor.act({{u"text"_s, question},
                          {u"fields"_s, QJsonObject{{u"Your name"_s, u"Amelia Hart"_s},
                                                    {u"Email"_s, u"amelia.hart@northgate.example"_s},
                                                    {u"Company"_s, u"Northgate Logistics"_s}}}},
                         u"start"_s),
             QString());

    // The visitor waits, and is recognised before anybody has clicked anything.
    QTRY_VERIFY_WITH_TIMEOUT(!chatOf(u"amelia.hart@northgate.example"_s).isEmpty(), 10'000);
    const ChatId chat = chatOf(u"amelia.hart@northgate.example"_s);
    QTRY_COMPARE_WITH_TIMEOUT(m_console->desk()->recordTab(chat).state, desk::TabState::Matched, 10'000);

    // F8 takes her; her record stands beside the chat.
    QTest::keyClick(m_console->window(), Qt::Key_F8);
    auto *composer = shown<QPlainTextEdit>(u"composerEdit"_s);
    QVERIFY(composer);
    auto *pane = shown<QWidget>(u"recordPane"_s);
    QVERIFY(pane);
    QTRY_VERIFY_WITH_TIMEOUT(showsText(*pane, u"Northgate Logistics"_s), 10'000);
    QVERIFY(showsText(*pane, u"amelia.hart@northgate.example"_s));

    // They talk; a note between agents stays between agents.
    composer->setFocus();
    QTest::keyClicks(composer, u"Thanks, Amelia. Shall I remove both?"_s);
    QTest::keyClick(composer, Qt::Key_Return);
    QCOMPARE(visitor.act({{u"text"_s, u"Thanks, Amelia. Shall I remove both?"_s}}, u"sees"_s), QString());
    QTest::keyClick(composer, Qt::Key_N, Qt::ControlModifier | Qt::ShiftModifier);
    QTest::keyClicks(composer, u"Credit up to 200 is fine"_s);
    QTest::keyClick(composer, Qt::Key_Return);
    QTest::keyClick(composer, Qt::Key_N, Qt::ControlModifier | Qt::ShiftModifier);
    QCOMPARE(visitor.act({{u"text"_s, u"yes please 😀"_s}}, u"say"_s), QString());
    QTRY_VERIFY_WITH_TIMEOUT(std::ranges::any_of(m_console->desk()->thread(chat),
                                                 [](const desk::ThreadItem &item) {
                                                     return item.message.text == u"yes please 😀"_s;
                                                 }),
                             10'000);
    QCOMPARE(visitor.act({{u"text"_s, u"Credit up to 200 is fine"_s}}, u"sawNothing"_s), QString());
    keepPicture(u"whole-matched"_s);

    // A case when the chat ends, and the transcript as a note on the contact.
    click(u"attachCase"_s);
    QTRY_COMPARE(m_console->desk()->recordTab(chat).plan.attach, crm::Attach::Case);
    QTest::keyClick(m_console->window(), Qt::Key_W, Qt::ControlModifier);
    auto *note = shown<QAbstractButton>(u"endNote"_s);
    QVERIFY(note);
    if (!note->isChecked())
        QTest::mouseClick(note, Qt::LeftButton, {}, QPoint(8, note->height() / 2));
    QVERIFY(note->isChecked());
    keepPicture(u"whole-end"_s);
    click(u"confirmEnd"_s);

    // The case is there, once, with the words of both and the contact; the agents' note is not in it.
    const QString cases = u"SELECT Id, CaseNumber, Subject, Description, ContactId, Contact.Email, "
                          u"Owner.Name, SuppliedEmail FROM Case "
                          "WHERE Subject LIKE '%%1%'"_s.arg(chat.value);
    QTRY_COMPARE_WITH_TIMEOUT(m_crm->query(cases).size(), 1, 20'000);
    const QJsonObject filed = m_crm->query(cases).first().toObject();
    QCOMPARE(filed.value("Contact"_L1)["Email"_L1].toString(), u"amelia.hart@northgate.example"_s);
    QCOMPARE(filed.value("Owner"_L1)["Name"_L1].toString(), u"Nora Whitfield"_s);
    const QString description = filed.value("Description"_L1).toString();
    QVERIFY2(description.contains(question), qPrintable(description));
    QVERIFY(description.contains(u"Thanks, Amelia. Shall I remove both?"_s));
    QVERIFY(description.contains(u"yes please 😀"_s));

    // The tab says so, with the number.
    QTRY_VERIFY_WITH_TIMEOUT(std::ranges::any_of(m_console->desk()->recordTab(chat).writes,
                                                 [&filed](const desk::WriteLine &line) {
                                                     return line.state == desk::WriteState::Done &&
                                                            line.resultTitle ==
                                                                filed.value("CaseNumber"_L1).toString();
                                                 }),
                             20'000);
    QTRY_VERIFY_WITH_TIMEOUT(showsText(*pane, filed.value("CaseNumber"_L1).toString()), 10'000);
    keepPicture(u"whole-filed"_s);

    // The note is on the contact, its markup harmless.
    const QString links =
        u"SELECT ContentDocumentId, ContentDocument.Title FROM ContentDocumentLink WHERE LinkedEntityId = '%1'"_s
            .arg(filed.value("ContactId"_L1).toString());
    QTRY_COMPARE_WITH_TIMEOUT(m_crm->query(links).size(), 1, 20'000);
    const QString noteId = m_crm->query(links).first().toObject().value("ContentDocumentId"_L1).toString();
    const QByteArray body = m_crm->get(u"/services/data/v62.0/sobjects/ContentNote/%1/Content"_s.arg(noteId));
    const QString text = QString::fromUtf8(
        body.startsWith('<') || body.contains("&lt;") ? body : QByteArray::fromBase64(body));
    QVERIFY2(text.contains(u"&lt;b&gt;12&lt;/b&gt;"_s), qPrintable(text.left(600)));
    QVERIFY(text.contains(u"Thanks, Amelia"_s));
}

void WholeWayTest::unknownVisitor_becomesLeadWithTask()
{
    e2e::VisitorPage visitor;
    QCOMPARE(visitor.act({{u"url"_s, m_world->visitorPage().toString()}}, u"open"_s), QString());
    QCOMPARE(visitor.act({{u"text"_s, u"Do you have a plan for two people?"_s},
                          {u"fields"_s, QJsonObject{{u"Your name"_s, u"Tomás Keller"_s},
                                                    {u"Email"_s, u"tomas@kellerstudio.example"_s},
                                                    {u"Company"_s, u"Keller Studio"_s}}}},
                         u"start"_s),
             QString());
    QTRY_VERIFY_WITH_TIMEOUT(!chatOf(u"tomas@kellerstudio.example"_s).isEmpty(), 10'000);
    const ChatId chat = chatOf(u"tomas@kellerstudio.example"_s);
    QTRY_COMPARE_WITH_TIMEOUT(m_console->desk()->recordTab(chat).state, desk::TabState::NotFound, 10'000);
    QTest::keyClick(m_console->window(), Qt::Key_F8);
    QTRY_COMPARE_WITH_TIMEOUT(m_console->desk()->chat(chat).state, ChatState::Open, 10'000);
    auto *pane = shown<QWidget>(u"recordPane"_s);
    QVERIFY(pane);

    // The first of the four options, and its form with what the chat knows.
    QTest::keyClick(m_console->window(), Qt::Key_1, Qt::AltModifier);
    click(u"openForm"_s);
    QVERIFY(shown<QWidget>(u"formSave"_s));
    QVERIFY(shown<QWidget>(u"formField.LastName"_s));
    keepPicture(u"whole-form"_s);
    QTest::keyClick(pane, Qt::Key_S, Qt::ControlModifier);
    QTRY_COMPARE_WITH_TIMEOUT(
        m_crm
            ->query(
                u"SELECT Id, LastName, FirstName, Company FROM Lead WHERE Email = 'tomas@kellerstudio.example'"_s)
            .size(),
        1, 20'000);
    const QJsonObject lead =
        m_crm
            ->query(
                u"SELECT Id, LastName, FirstName, Company FROM Lead WHERE Email = 'tomas@kellerstudio.example'"_s)
            .first()
            .toObject();
    QCOMPARE(lead.value("LastName"_L1).toString(), u"Keller"_s);
    QCOMPARE(lead.value("FirstName"_L1).toString(), u"Tomás"_s);
    QCOMPARE(lead.value("Company"_L1).toString(), u"Keller Studio"_s);
    QTRY_COMPARE_WITH_TIMEOUT(m_console->desk()->recordTab(chat).state, desk::TabState::Matched, 10'000);
    QTRY_COMPARE_WITH_TIMEOUT(m_console->desk()->recordTab(chat).plan.attach, crm::Attach::Task, 10'000);

    QTest::keyClick(m_console->window(), Qt::Key_W, Qt::ControlModifier);
    click(u"confirmEnd"_s);
    QTRY_COMPARE_WITH_TIMEOUT(
        m_crm->query(u"SELECT Id FROM Task WHERE WhoId = '%1'"_s.arg(lead.value("Id"_L1).toString())).size(),
        1, 20'000);
    QCOMPARE(visitor.act({}, u"closed"_s), QString());
}

QTEST_MAIN(WholeWayTest)
#include "tst_WholeWay.moc"
