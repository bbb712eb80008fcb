// Promises the writes of one chat to a CRM whose state is a file; tst_OutboxKilled kills it at chosen
// moments. Usage: outbox_victim <profile folder> <held: create|note|none>. Prints "sending" when the held
// write has been committed and is not answered, "done" when everything is written.
#include "core/outbox/Outbox.h"
#include "core/store/Database.h"
#include "tests/fakes/FakeCrm.h"

#include <QCoreApplication>

#include <cstdio>

using namespace parley;
using namespace Qt::Literals::StringLiterals;

namespace {

const store::Migration kSteps[] = {{1, &outbox::createOutboxTable}, {2, &outbox::addOutboxOrganisation}};

void say(const char *word)
{
    std::puts(word);
    std::fflush(stdout);
}

QList<crm::Intent> promises()
{
    crm::Intent first;
    first.key = u"C1:case"_s;
    first.chat = {u"C1"_s};
    first.kind = kinds::crmCase;
    first.markerField = u"Marker"_s;
    first.fields = {{u"Subject"_s, u"Invoice"_s}, {u"Marker"_s, u"C1:case"_s}};
    crm::Intent second = first;
    second.key = u"C1:task"_s;
    second.kind = kinds::task;
    second.fields.insert(u"Marker"_s, u"C1:task"_s);
    return {first, second};
}

} // namespace

int main(int argc, char **argv)
{
    const QCoreApplication app(argc, argv);
    const QString folder = QCoreApplication::arguments().at(1);
    const bool isHeld = QCoreApplication::arguments().at(2) == u"create"_s;
    SystemClock clock;
    const auto database = store::Database::open(folder + u"/parley.db"_s, kSteps);
    if (!database)
        return 2;
    const auto crm = std::make_shared<fakes::FakeCrm>();
    crm->keepIn(folder + u"/crm.jsonl"_s);
    if (isHeld)
        crm->hold(fakes::FakeCrm::Op::Create);
    const auto outbox = outbox::Outbox::open(*database, clock);
    if (!outbox)
        return 3;
    QTimer poll;
    QObject::connect(&poll, &QTimer::timeout, &app, [&] {
        if (isHeld && !crm->created.isEmpty())
            say("sending");
        const auto entries = (*outbox)->list();
        const bool isAllDone = std::ranges::all_of(entries, &outbox::Entry::isFinished);
        if (!entries.isEmpty() && isAllDone) {
            say("done");
            QCoreApplication::exit(0);
        }
    });
    poll.start(5);
    (*outbox)->setCrm(crm, {});
    letGo((*outbox)->add(promises(), {})); // its end shows in list()
    return QCoreApplication::exec();
}
