#include "tests/core/desk/DeskBench.h"

namespace parley::tests {

using namespace Qt::Literals::StringLiterals;

DeskBench::DeskBench() = default;

DeskBench::~DeskBench()
{
    stop();
    // Answers that are on their way still find the clock and the CRM.
    for (const auto op :
         {fakes::FakeCrm::Op::Identify, fakes::FakeCrm::Op::Create, fakes::FakeCrm::Op::Describe,
          fakes::FakeCrm::Op::Update, fakes::FakeCrm::Op::Note, fakes::FakeCrm::Op::Get})
        crm->release(op);
    const std::weak_ptr<chat::Line> ending = line;
    line.reset();
    std::ignore = QTest::qWaitFor([&ending] { return ending.expired(); }, 2'000);
    QTest::qWait(20);
}

void DeskBench::stop()
{
    desk.reset();
    if (line)
        line->signOut();
    if (database)
        std::ignore = database->runBlocking([](QSqlDatabase &) -> Result<Done> { return Done{}; });
}

void DeskBench::start()
{
    stop();
    line.reset();
    auto opened = store::Database::open(folder.filePath(u"parley.db"_s), desk::profileSchema());
    if (!opened)
        qFatal("no database");
    database = *opened;
    auto started = chat::Line::open(database, clock);
    if (!started)
        qFatal("no line");
    line = *started;
    desk = std::make_unique<desk::Desk>(line, database, clock);
}

bool DeskBench::signIn()
{
    bool isSynced = false;
    const auto synced =
        QObject::connect(line.get(), &chat::Line::synced, line.get(), [&isSynced] { isSynced = true; });
    line->signIn(hub.door(), u"nora@tallyworks.example"_s, u"right"_s);
    const bool isIn = until([&isSynced] { return isSynced; });
    QObject::disconnect(synced);
    return isIn;
}

void DeskBench::connectCrm(std::shared_ptr<fakes::FakeCrm> org, const QString &organisation)
{
    desk->setCrm(std::move(org), {.state = desk::CrmState::Connected,
                                  .name = u"Salesforce"_s,
                                  .shortName = u"SF"_s,
                                  .userName = u"Nora Whitfield"_s,
                                  .host = u"crm.example"_s,
                                  .organisation = organisation});
}

desk::CardField DeskBench::field(const QString &id, const QString &name) const
{
    const desk::RecordTab shown = tab(id);
    if (shown.cards.isEmpty())
        return {};
    const QList<desk::CardField> fields = shown.cards.first().fields;
    const auto found = std::ranges::find(fields, name, &desk::CardField::name);
    return found == fields.end() ? desk::CardField() : *found;
}

Record DeskBench::putAmelia()
{
    return crm->put(kinds::contact, {{u"FirstName"_s, u"Amelia"_s},
                                     {u"LastName"_s, u"Hart"_s},
                                     {u"Email"_s, u"amelia@b.example"_s},
                                     {u"Phone"_s, u"+44 20 1"_s},
                                     {u"Title"_s, u"Analyst"_s}});
}

void DeskBench::addChat(const QString &id, const QString &email, const QString &name)
{
    Chat &chat = hub.put(id, ChatState::Open);
    chat.fields.insert(fields::visitorName, name);
    chat.fields.insert(fields::visitorEmail, email);
    chat.fields.insert(fields::company, u"Northgate Logistics"_s);
    chat.fields.insert(fields::department, u"Billing"_s);
    hub.tell(id);
}

desk::ChatRow DeskBench::row(const QString &id) const
{
    for (const desk::ChatRow &row : desk->chats()) {
        if (row.id.value == id)
            return row;
    }
    return {};
}

desk::WriteLine DeskBench::write(const QString &id, const QString &key) const
{
    for (const desk::WriteLine &one : tab(id).writes) {
        if (one.key == key)
            return one;
    }
    return {};
}

} // namespace parley::tests
