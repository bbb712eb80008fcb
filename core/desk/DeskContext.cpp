#include "core/desk/DeskContext.h"

#include "core/base/Log.h"

namespace parley::desk {

using namespace Qt::Literals::StringLiterals;

namespace {

// Free functions, so that no coroutine captures: parameters live in the frame.
Async<crm::KindSchema> askSchema(std::shared_ptr<crm::CrmClient> client, RecordKind kind)
{
    const auto schema = co_await client->describe(kind);
    co_return schema;
}

Async<crm::Layout> askLayout(std::shared_ptr<crm::CrmClient> client, RecordKind kind,
                             crm::LayoutPurpose purpose)
{
    const QString variant;
    const auto layout = co_await client->layout(kind, purpose, variant);
    co_return layout;
}

Async<std::optional<Record>> askUser(std::shared_ptr<crm::CrmClient> client, QString email)
{
    const auto user = co_await client->findUser(email);
    co_return user;
}

QString layoutKey(const RecordKind &kind, crm::LayoutPurpose purpose)
{
    return kind.name + (purpose == crm::LayoutPurpose::Create ? u"/create"_s : u"/edit"_s);
}

const RecordKind kDescribed[] = {kinds::contact, kinds::lead, kinds::account, kinds::crmCase, kinds::task};

} // namespace

Crm::Crm(std::shared_ptr<crm::CrmClient> client)
    : m_client(std::move(client))
    , m_schemas(std::make_shared<Once<crm::KindSchema>>())
    , m_layouts(std::make_shared<Once<crm::Layout>>())
    , m_users(std::make_shared<Once<std::optional<Record>>>())
{}

const crm::KindSchema *Crm::knownSchema(const RecordKind &kind) const
{
    return m_schemas->known(kind.name);
}

Async<crm::KindSchema> Crm::schema(RecordKind kind)
{
    return m_schemas->get(kind.name, [client = m_client, kind] { return askSchema(client, kind); });
}

Async<crm::Layout> Crm::layout(RecordKind kind, crm::LayoutPurpose purpose)
{
    const auto self = shared_from_this();
    const auto layouts = m_layouts; // another set of them may be read meanwhile
    const QString key = layoutKey(kind, purpose);
    const std::function<Async<crm::Layout>()> ask = [client = m_client, kind, purpose] {
        return askLayout(client, kind, purpose);
    };
    const auto layout = co_await layouts->get(key, ask);
    if (layout && layout->isProvisional)
        layouts->forget(key);
    co_return layout;
}

const crm::Layout *Crm::knownLayout(const RecordKind &kind) const
{
    return m_layouts->known(layoutKey(kind, crm::LayoutPurpose::Edit));
}

Async<std::optional<Record>> Crm::user(QString email)
{
    return m_users->get(email, [client = m_client, email] { return askUser(client, email); });
}

std::optional<Record> Crm::knownUser(const QString &email) const
{
    const auto *user = m_users->known(email);
    return user ? *user : std::nullopt;
}

Async<Done> Crm::readAnew()
{
    const auto self = shared_from_this();
    const QList<RecordKind> kinds(std::begin(kDescribed), std::end(kDescribed));
    const auto read = co_await m_client->readSchemasAnew(kinds);
    if (!read)
        co_return fail(read.error());
    const auto schemas = std::make_shared<Once<crm::KindSchema>>();
    const auto layouts = std::make_shared<Once<crm::Layout>>();
    for (const RecordKind &kind : kDescribed) {
        const auto schema = co_await m_client->describe(kind);
        if (!schema)
            co_return fail(schema.error());
        schemas->put(kind.name, *schema);
        const QString variant;
        // What the cards show now; a create form's page is read when the form is opened.
        const auto layout = co_await m_client->layout(kind, crm::LayoutPurpose::Edit, variant);
        if (!layout)
            co_return fail(layout.error());
        layouts->put(layoutKey(kind, crm::LayoutPurpose::Edit), *layout);
    }
    m_schemas = schemas;
    m_layouts = layouts;
    m_users = std::make_shared<Once<std::optional<Record>>>();
    co_return Done{};
}

QMap<RecordKind, QMap<QString, int>> Crm::knownLengths() const
{
    QMap<RecordKind, QMap<QString, int>> lengths;
    for (const RecordKind &kind : kDescribed) {
        const crm::KindSchema *schema = knownSchema(kind);
        if (!schema)
            continue;
        for (const crm::Field &field : schema->fields) {
            if (field.length > 0)
                lengths[kind].insert(field.name, field.length);
        }
    }
    return lengths;
}

DeskContext::DeskContext(std::shared_ptr<chat::Line> theLine, std::shared_ptr<store::Database> database,
                         Clock &theClock)
    : line(std::move(theLine))
    , table(std::make_shared<DeskTable>(database))
    , clock(theClock)
    , mapping(crm::defaultMapping())
    , rules(crm::defaultMatchRules())
    , shown(crm::defaultShownFields())
{
    auto opened = outbox::Outbox::open(database, clock);
    if (opened)
        outbox = *opened;
    else
        qCCritical(lcDesk) << "the outbox cannot be read" << opened.error().detail;
    if (auto loaded = table->loadTies())
        ties = *loaded;
}

namespace {

int percentOf(const CrmStatus &status)
{
    return status.usage && status.usage->limit > 0 ? status.usage->used * 100LL / status.usage->limit : -1;
}

} // namespace

void DeskContext::enter(CrmStatus now)
{
    endOutage();
    status = std::move(now);
    if (crm)
        status.usage = crm->client()->usage();
}

void DeskContext::noteError(const Error &error)
{
    CrmStatus now = status;
    const bool isConnected = crm && now.state == CrmState::Connected;
    if (isConnected && error.code == Errc::Unauthorized) {
        now.state = CrmState::SignInNeeded;
        now.lastError = error;
    } else if (isConnected && isOutage(error)) {
        now.lastError = error;
    } else if (isConnected && error.httpStatus > 0) {
        now.lastError.reset(); // a refusal is an answer
    }
    setStatus(now);
    if (isConnected && isOutage(error) && !std::exchange(m_isAskedAgain, true))
        askAgainLater(1);
}

void DeskContext::askAgainLater(int failures)
{
    const Error error = status.lastError.value_or(Error{});
    clock.callAfter(patienceAfter(error, failures), this, [this, failures, outage = m_outage] {
        if (outage != m_outage)
            return; // it has answered since
        emit answerWanted();
        if (outage == m_outage)
            askAgainLater(failures + 1);
    });
}

void DeskContext::endOutage()
{
    m_isAskedAgain = false;
    ++m_outage;
}

void DeskContext::setStatus(CrmStatus now)
{
    if (crm)
        now.usage = crm->client()->usage();
    // The count rises with each request: a whole percent is news.
    const bool isNews =
        now.state != status.state || now.lastError != status.lastError || percentOf(now) != percentOf(status);
    const bool isOver = status.lastError && !now.lastError && now.state == CrmState::Connected;
    status = std::move(now);
    if (isOver || status.state != CrmState::Connected)
        endOutage();
    if (isNews)
        emit statusChanged();
    if (isOver && outbox && crm)
        outbox->tryNow(); // what waits for its next try need not wait any more
}

void DeskContext::noteAnswer()
{
    if (!crm)
        return;
    if (status.isOrganisationAwaited && status.state != CrmState::Connecting) {
        emit organisationWanted(); // whoever hears of it asks, and connects
        return;
    }
    CrmStatus now = status;
    const bool isBack = now.state == CrmState::SignInNeeded;
    if (isBack)
        now.state = CrmState::Connected;
    if (now.state == CrmState::Connected)
        now.lastError.reset();
    setStatus(now);
    if (isBack && outbox && crm)
        outbox->setCrm(crm->client(), status.organisation);
}

std::chrono::milliseconds patienceAfter(const Error &error, int failures)
{
    using namespace std::chrono_literals;
    if (error.retryAfter)
        return std::clamp<std::chrono::milliseconds>(*error.retryAfter, 1s, 15min);
    if (error.isQuotaUsedUp)
        return 5min;
    return std::min<std::chrono::milliseconds>(5s * (1 << std::clamp(failures - 1, 0, 4)), 60s);
}

Chat DeskContext::withDetails(Chat chat, const ChatMemory &memory)
{
    for (auto it = memory.details.cbegin(); it != memory.details.cend(); ++it) {
        if (chat.fields.value(it.key()).isEmpty())
            chat.fields.insert(it.key(), it.value());
    }
    if (!memory.wrapUp.trimmed().isEmpty())
        chat.fields.insert(fields::chatWrapUp, memory.wrapUp.trimmed());
    return chat;
}

LiveChatFields DeskContext::valuesOf(const Chat &chat, const ChatMemory &memory) const
{
    return crm::chatValues(withDetails(chat, memory), line->messages(chat.id));
}

} // namespace parley::desk
