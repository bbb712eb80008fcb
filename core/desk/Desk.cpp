#include "core/desk/Desk.h"

#include "core/base/Log.h"
#include "core/desk/Canned.h"
#include "core/desk/DeskPrivate.h"

namespace parley::desk {

using namespace Qt::Literals::StringLiterals;

Desk::Private::Private(Desk *desk, std::shared_ptr<DeskContext> shared)
    : q(desk)
    , context(std::move(shared))
    , book(context)
    , canned(builtInResponses())
{
    auto loaded = context->table->loadMemories();
    if (loaded)
        memories = std::move(*loaded);
    else
        qCCritical(lcDesk) << "what is remembered of the chats cannot be read" << loaded.error().detail;
    writer = std::make_shared<Writer>(context, [this](ChatId id) { return record(id); });
    if (context->outbox) {
        const auto line = context->line;
        context->outbox->setFetchFile([line](ChatId chat, FileId file) { return line->fetch(chat, file); });
    }
}

std::shared_ptr<RecordDesk> Desk::Private::record(const ChatId &id)
{
    const auto found = records.constFind(id);
    if (found != records.cend())
        return *found;
    const auto made = std::make_shared<RecordDesk>(context, id, memories.take(id));
    records.insert(id, made);
    QObject::connect(made.get(), &RecordDesk::changed, q, [this, id] { emit q->recordTabChanged(id); });
    QObject::connect(made.get(), &RecordDesk::badgeChanged, q, [this, id] { emit q->chatChanged(id); });
    QObject::connect(made.get(), &RecordDesk::formDropped, q, [this, id] { emit q->formDropped(id); });
    QObject::connect(made.get(), &RecordDesk::planChanged, q, [this, id] { writer->consider(id); });
    return made;
}

bool Desk::Private::isListed(const Chat &chat) const
{
    const auto found = records.constFind(chat.id);
    const bool isDismissed =
        found != records.cend() ? (*found)->memory().isDismissed : memories.value(chat.id).isDismissed;
    return !(chat.state == ChatState::Ended && isDismissed);
}

Desk::Desk(std::shared_ptr<chat::Line> line, std::shared_ptr<store::Database> database, Clock &clock,
           QObject *parent)
    : QObject(parent)
    , d(std::make_unique<Private>(this,
                                  std::make_shared<DeskContext>(std::move(line), std::move(database), clock)))
{
    d->connectLine();
    d->connectParts();
    for (const Chat &known : d->context->line->chats()) {
        d->seen.insert(known.id);
        if (!d->isListed(known))
            continue;
        d->record(known.id)->begin();
        d->record(known.id)->chatChanged();
    }
    // Promises of chats that are off the list are still to be tied to them.
    for (const ChatId &id : d->memories.keys()) {
        if (d->memories.value(id).writing == Writing::Promised)
            d->record(id);
    }
}

Desk::~Desk()
{
    // The parts may outlive the desk by the time of one answer; they must not find it any more.
    if (d->context->outbox)
        d->context->outbox->setCrm(nullptr, {});
    disconnect(d->writer.get(), nullptr, this, nullptr);
    d->writer->close();
}

namespace {
/// Nothing is shown that could be read again: the smallest question there is.
QCoro::Task<void> probe(std::shared_ptr<DeskContext> context)
{
    const auto crm = context->crm;
    if (!crm)
        co_return;
    const QString email = context->line->me().email;
    const auto user = co_await crm->client()->findUser(email);
    if (crm == context->crm)
        context->note(user);
}
} // namespace

void Desk::Private::connectParts()
{
    QObject::connect(writer.get(), &Writer::changed, q,
                     [this](const ChatId &id) { emit q->recordTabChanged(id); });
    QObject::connect(writer.get(), &Writer::finished, q, &Desk::writeFinished);
    QObject::connect(context.get(), &DeskContext::statusChanged, q, [this] {
        emit q->crmStatusChanged();
        for (const auto &one : std::as_const(records))
            emit one->changed();
    });
    QObject::connect(context.get(), &DeskContext::organisationWanted, q, &Desk::organisationWanted);
    QObject::connect(context.get(), &DeskContext::answerWanted, q, [this] {
        const auto shown = records.value(onScreen);
        if (!shown || !shown->reread())
            letGo(probe(context)); // its end is the status
    });
    QObject::connect(context.get(), &DeskContext::schemasChanged, q, [this] {
        for (const auto &one : std::as_const(records))
            one->schemasChanged();
    });
    if (!context->outbox)
        return;
    QObject::connect(context->outbox.get(), &outbox::Outbox::changed, q,
                     [this](const QString &key) { writer->onOutbox(key); });
    QObject::connect(context->outbox.get(), &outbox::Outbox::changed, q, &Desk::promisesChanged);
    QObject::connect(context->outbox.get(), &outbox::Outbox::signInNeeded, q,
                     [this](const Error &error) { context->noteError(error); });
}

void Desk::Private::considerAll()
{
    for (const ChatId &id : records.keys())
        writer->consider(id);
}

// --- the CRM ---

void Desk::setCrm(std::shared_ptr<crm::CrmClient> client, CrmStatus status)
{
    const auto before = d->context->crm ? d->context->crm->client() : nullptr;
    const bool isSame = before == client;
    const bool isSameOrg = d->context->status.organisation == status.organisation &&
                           d->context->status.isOrganisationAwaited == status.isOrganisationAwaited;
    const bool isBack =
        d->context->status.state == CrmState::SignInNeeded && status.state == CrmState::Connected;
    if (!isSame || !isSameOrg)
        emit crmAboutToChange(); // what is being typed belongs to the one before
    if (!client)
        d->context->crm.reset();
    else if (!isSame)
        d->context->crm = std::make_shared<Crm>(client);
    d->context->enter(std::move(status));
    emit crmStatusChanged();
    // A name that became known, or another state, is no reason to look anybody up again.
    for (const auto &record : std::as_const(d->records)) {
        if (isSame && isSameOrg && !isBack)
            emit record->changed();
        else
            record->crmChanged();
    }
    if (client) {
        // Read once, ahead of the first form and the first plan; nothing waits for it.
        for (const RecordKind &kind :
             {kinds::contact, kinds::lead, kinds::account, kinds::crmCase, kinds::task})
            letGo(d->context->crm->schema(kind));
        if (const QString email = me().email; !email.isEmpty())
            letGo(d->context->crm->user(email));
    }
    if (d->context->outbox)
        d->context->outbox->setCrm(d->context->status.isOrganisationAwaited ? nullptr : client,
                                   d->context->status.organisation);
    d->considerAll();
}

CrmStatus Desk::crmStatus() const
{
    return d->context->status;
}

RecordTab Desk::recordTab(ChatId id) const
{
    return d->record(id)->tab();
}

void Desk::lookAgain(ChatId id)
{
    d->record(id)->lookAgain();
}

void Desk::chooseCandidate(ChatId id, RecordRef ref, bool remember)
{
    d->record(id)->chooseCandidate(ref, remember);
}

void Desk::rejectCandidates(ChatId id)
{
    d->record(id)->rejectCandidates();
}

void Desk::keepEdit(ChatId id, RecordRef ref, QString field, QVariant value, std::optional<QVariant> base)
{
    d->record(id)->keepEdit(ref, field, value, base);
}

void Desk::keepMine(ChatId id, RecordRef ref, QString field)
{
    d->record(id)->keepMine(ref, field);
}

void Desk::undoEdit(ChatId id, RecordRef ref, QString field)
{
    d->record(id)->undoEdit(ref, field);
}

void Desk::discardEdits(ChatId id, RecordRef ref)
{
    d->record(id)->discardEdits(ref);
}

Async<Done> Desk::saveEdits(ChatId id, RecordRef ref, bool evenIfDuplicate)
{
    return d->record(id)->saveEdits(std::move(ref), evenIfDuplicate);
}

void Desk::setAttach(ChatId id, crm::Attach attach)
{
    d->record(id)->setAttach(attach);
}

void Desk::editAttachment(ChatId id, FieldMap fields)
{
    d->record(id)->editAttachment(fields);
}

void Desk::chooseOption(ChatId id, std::optional<CreateOption> option)
{
    d->record(id)->chooseOption(option);
}

Async<RecordForm> Desk::openForm(ChatId id, CreateOption option)
{
    return d->record(id)->openForm(option);
}

void Desk::keepForm(ChatId id, FieldMap values)
{
    d->record(id)->keepForm(values);
}

void Desk::closeForm(ChatId id)
{
    d->record(id)->closeForm();
}

Async<Record> Desk::saveForm(ChatId id, FieldMap values, bool evenIfDuplicate)
{
    return d->record(id)->saveForm(std::move(values), evenIfDuplicate);
}

std::optional<RecordForm> Desk::form(ChatId id) const
{
    return d->record(id)->form();
}

void Desk::useDuplicate(ChatId id, const RecordRef &ref)
{
    d->record(id)->useDuplicate(ref);
}

Async<RecordRef> Desk::addTranscriptNote(ChatId id)
{
    return d->record(id)->addTranscriptNote();
}

namespace {
Async<QList<Record>> searchIn(std::shared_ptr<DeskContext> context, QString text, QList<RecordKind> wanted)
{
    if (!context->crm)
        co_return fail(Errc::Unauthorized, u"no CRM is connected"_s);
    const auto client = context->crm->client();
    if (wanted.isEmpty())
        wanted = {kinds::contact, kinds::lead, kinds::account};
    const auto crm = context->crm;
    const auto found = co_await client->search(text, wanted, 20);
    if (crm == context->crm)
        context->note(found);
    co_return found;
}

Async<QList<crm::Activity>> recentIn(std::shared_ptr<DeskContext> context, RecordRef of)
{
    if (!context->crm || of.isEmpty())
        co_return fail(Errc::NotFound, u"no record is shown"_s);
    const auto crm = context->crm;
    const auto found = co_await crm->client()->recent(of);
    if (crm == context->crm)
        context->note(found);
    co_return found;
}

Async<Done> storageMissing()
{
    co_return fail(Errc::Storage, u"the outbox could not be read"_s);
}
} // namespace

Async<QList<Record>> Desk::search(QString text, QList<RecordKind> kinds)
{
    return searchIn(d->context, std::move(text), std::move(kinds));
}

Async<QList<crm::Activity>> Desk::recent(ChatId id)
{
    const QList<RecordCard> cards = d->record(id)->tab().cards;
    return recentIn(d->context, cards.isEmpty() ? RecordRef() : cards.first().record.ref);
}

void Desk::useInstead(ChatId id, RecordRef edited, RecordRef instead)
{
    d->record(id)->useInstead(edited, instead);
}

void Desk::link(ChatId id, RecordRef ref)
{
    d->record(id)->link(ref);
}

void Desk::unlink(ChatId id, RecordRef ref)
{
    d->record(id)->unlink(ref);
}

namespace {
Async<Done> readAnewIn(std::shared_ptr<DeskContext> context)
{
    const auto crm = context->crm;
    if (!crm)
        co_return fail(Errc::Unauthorized, u"no CRM is connected"_s);
    const auto read = co_await crm->readAnew();
    if (crm != context->crm)
        co_return read; // about an org that is no longer in use
    if (read)
        emit context->schemasChanged();
    else
        context->noteError(read.error());
    co_return read;
}
} // namespace

Async<Done> Desk::readSchemasAnew()
{
    return readAnewIn(d->context);
}

int Desk::writesPromisedTo(const QString &organisation) const
{
    return d->context->outbox && !organisation.isEmpty() ? d->context->outbox->promisedTo(organisation) : 0;
}

int Desk::writesNeedingYou() const
{
    return d->context->outbox ? d->context->outbox->needingYou() : 0;
}

Async<Done> Desk::retryWrite(QString key, FieldMap corrected)
{
    if (!d->context->outbox)
        return storageMissing();
    return d->context->outbox->retry(std::move(key), std::move(corrected));
}

Async<Done> Desk::discardWrite(QString key)
{
    if (!d->context->outbox)
        return storageMissing();
    return d->context->outbox->discard(std::move(key));
}

} // namespace parley::desk
