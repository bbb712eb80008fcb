#include "core/outbox/Outbox.h"

#include "core/base/Log.h"
#include "core/base/Redact.h"

#include <QRandomGenerator>

namespace parley::outbox {

using namespace Qt::Literals::StringLiterals;

namespace {
// Chats are independent of each other; more at once would only meet the CRM's own limits.
constexpr int kParallel = 6;
// The requests of 24 hours come back one by one: asking more often would only use them up.
constexpr auto kQuotaPatience = std::chrono::minutes(15);

std::chrono::milliseconds withJitter(std::chrono::milliseconds wait)
{
    // A fifth more at most: consoles that lost the CRM together must not come back together.
    return wait + std::chrono::milliseconds(QRandomGenerator::global()->bounded(int(wait.count() / 5) + 1));
}
} // namespace

Outbox::Outbox(std::shared_ptr<store::Database> database, Clock &clock)
    : m_clock(clock)
    , m_table(std::move(database))
{}

Result<std::shared_ptr<Outbox>> Outbox::open(std::shared_ptr<store::Database> database, Clock &clock)
{
    std::shared_ptr<Outbox> self(new Outbox(std::move(database), clock));
    auto loaded = self->m_table.load(clock.now());
    if (!loaded)
        return fail(loaded.error());
    for (Entry &entry : *loaded) {
        if (entry.state == State::Sending) {
            entry.mayExist = true;
            entry.state = isRepeatable(entry) ? State::Queued : State::NeedsYou;
        } else if (entry.state == State::WaitsForSignIn) {
            entry.state = State::Queued;
        }
        self->m_positions.insert(entry.intent.key, entry.position);
        if (!entry.isFinished())
            self->m_unfinished.insert(entry.position);
        self->m_entries.emplace(entry.position, std::move(entry));
    }
    return self;
}

void Outbox::setCrm(std::shared_ptr<crm::CrmClient> client, QString organisation)
{
    m_client = std::move(client);
    m_organisation = std::move(organisation);
    if (!m_client)
        return;
    m_isSignInNeeded = false;
    m_pausedUntil = {};
    adoptOlder();
    for (const qint64 position : m_unfinished) {
        Entry &entry = m_entries.at(position);
        if (entry.state == State::WaitsForSignIn && !isForAnother(entry)) {
            entry.state = State::Queued;
            emit changed(entry.intent.key);
        }
    }
    pump();
}

void Outbox::adoptOlder()
{
    // All at once: parts of one chat must not end in two orgs.
    QList<Entry> adopted;
    for (const qint64 position : m_unfinished) {
        Entry &entry = m_entries.at(position);
        if (!entry.organisation.isEmpty() || m_organisation.isEmpty())
            continue;
        entry.organisation = m_organisation;
        adopted += entry;
    }
    if (!adopted.isEmpty())
        letGo(m_table.save(adopted)); // lost: adopted again at the next start
}

void Outbox::setFetchFile(FetchFile fetch)
{
    m_fetch = std::move(fetch);
}

Entry *Outbox::find(const QString &key)
{
    const auto position = m_positions.constFind(key);
    return position == m_positions.cend() ? nullptr : &m_entries.at(*position);
}

const Entry *Outbox::find(const QString &key) const
{
    const auto position = m_positions.constFind(key);
    return position == m_positions.cend() ? nullptr : &m_entries.at(*position);
}

void Outbox::replace(const Entry &entry)
{
    m_entries.insert_or_assign(entry.position, entry);
    m_positions.insert(entry.intent.key, entry.position);
    if (entry.isFinished())
        m_unfinished.erase(entry.position);
    else
        m_unfinished.insert(entry.position);
    emit changed(entry.intent.key);
}

Async<Done> Outbox::add(QList<crm::Intent> intents, QString organisation)
{
    const auto self = shared_from_this();
    qint64 next = m_entries.empty() ? 1 : m_entries.rbegin()->first + 1;
    QList<Entry> fresh;
    QList<Entry> before; // of those that were known: what they are again when they cannot be saved
    for (const crm::Intent &intent : intents) {
        const Entry *known = find(intent.key);
        const bool isReworded = known && intent.action == crm::IntentAction::Note &&
                                known->organisation == organisation &&
                                (known->intent.text != intent.text || known->intent.title != intent.title);
        if (known && !isReworded)
            continue;
        Entry entry = known ? *known : Entry{};
        if (known)
            before += *known;
        if (!known) {
            entry.position = next++;
            entry.organisation = organisation;
        }
        entry.intent = intent;
        // One that is on its way with its old words becomes due again when it is back: settle() sees to that.
        if (entry.state != State::Sending) {
            entry.state = State::Queued;
            entry.attempts = 0;
            entry.error.reset();
        }
        if (!known)
            entry.addedAt = m_clock.now();
        entry.changedAt = m_clock.now();
        fresh += entry;
    }
    if (fresh.isEmpty())
        co_return Done{};
    // In memory first: a second add() that comes while this one is being written must find the keys.
    for (const Entry &entry : fresh)
        replace(entry);
    QStringList held; // nothing leaves before it is durable
    for (const Entry &entry : fresh) {
        if (!m_running.contains(entry.intent.key))
            held += entry.intent.key;
    }
    for (const QString &key : std::as_const(held))
        m_running.insert(key);
    const auto saved = co_await m_table.save(fresh);
    for (const QString &key : std::as_const(held))
        m_running.remove(key);
    if (!saved) {
        for (const Entry &entry : fresh) {
            if (!held.contains(entry.intent.key))
                continue; // on its way all the while: it keeps its state
            m_entries.erase(entry.position);
            m_positions.remove(entry.intent.key);
            m_unfinished.erase(entry.position);
        }
        for (const Entry &entry : before) {
            Entry again = held.contains(entry.intent.key) ? entry : *find(entry.intent.key);
            again.intent = entry.intent;
            replace(again);
        }
        for (const Entry &entry : fresh)
            emit changed(entry.intent.key);
        co_return fail(saved.error());
    }
    pump();
    co_return Done{};
}

void Outbox::tryNow()
{
    m_pausedUntil = {};
    ++m_answers;
    for (const qint64 position : m_unfinished) {
        Entry &entry = m_entries.at(position);
        const bool isOfOutage = entry.state == State::Retrying && entry.error && isOutage(*entry.error);
        // Once: what fails again although the CRM answers keeps to its waits.
        if (isOfOutage && !isForAnother(entry) && !std::exchange(m_troubles[entry.intent.key].isNudged, true))
            entry.nextTry = m_clock.now();
    }
    pump();
}

Async<Done> Outbox::retry(QString key, FieldMap corrected)
{
    const auto self = shared_from_this();
    const Entry *known = find(key);
    if (!known)
        co_return fail(Errc::NotFound, u"no write %1"_s.arg(key));
    if (known->isFinished() || m_running.contains(key))
        co_return fail(Errc::Conflict, u"write %1 is %2"_s.arg(key, nameOf(known->state)));
    Entry entry = *known;
    if (!isRepeatable(entry))
        entry.mayExist = false; // nothing can look it up: the person who says "again" has looked
    entry.state = State::Queued;
    entry.attempts = 0;
    entry.nextTry = {};
    entry.changedAt = m_clock.now();
    for (auto it = corrected.cbegin(); it != corrected.cend(); ++it)
        entry.intent.fields.insert(it.key(), it.value());
    replace(entry);
    m_running.insert(key);
    const QList<Entry> changedOnes{entry};
    const auto saved = co_await m_table.save(changedOnes);
    m_running.remove(key);
    pump();
    co_return saved;
}

Async<Done> Outbox::discard(QString key)
{
    const auto self = shared_from_this();
    const Entry *known = find(key);
    if (!known)
        co_return fail(Errc::NotFound, u"no write %1"_s.arg(key));
    if (known->state == State::Done || m_running.contains(key))
        co_return fail(Errc::Conflict, u"write %1 is %2"_s.arg(key, nameOf(known->state)));
    QList<Entry> givenUp;
    QSet<QString> keys{key};
    // Parents come before their children, so one walk finds grandchildren as well.
    for (const auto &[position, entry] : m_entries) {
        const bool isHit = entry.intent.key == key || keys.contains(entry.intent.targetFrom);
        if (!isHit || entry.isFinished() || m_running.contains(entry.intent.key))
            continue;
        keys.insert(entry.intent.key);
        Entry copy = entry;
        copy.state = State::Discarded;
        copy.changedAt = m_clock.now();
        givenUp += copy;
    }
    for (const Entry &entry : givenUp)
        replace(entry);
    const auto saved = co_await m_table.save(givenUp);
    pump();
    co_return saved;
}

QList<Entry> Outbox::list() const
{
    QList<Entry> all;
    for (const auto &[position, entry] : m_entries)
        all += entry;
    return all;
}

QList<Entry> Outbox::ofChat(const ChatId &chat) const
{
    QList<Entry> found;
    for (const auto &[position, entry] : m_entries) {
        if (entry.intent.chat == chat)
            found += entry;
    }
    return found;
}

std::optional<Entry> Outbox::entry(const QString &key) const
{
    const Entry *found = find(key);
    return found ? std::optional(*found) : std::nullopt;
}

int Outbox::needingYou() const
{
    return int(std::ranges::count_if(
        m_unfinished, [this](qint64 position) { return m_entries.at(position).state == State::NeedsYou; }));
}

int Outbox::promisedTo(const QString &organisation) const
{
    return int(std::ranges::count_if(
        m_unfinished, [&](qint64 position) { return m_entries.at(position).organisation == organisation; }));
}

bool Outbox::isForAnother(const Entry &entry) const
{
    return !entry.organisation.isEmpty() && entry.organisation != m_organisation;
}

void Outbox::pump()
{
    if (!m_client || m_isSignInNeeded)
        return;
    const QDateTime now = m_clock.now();
    if (m_pausedUntil.isValid() && now < m_pausedUntil) {
        wakeAt(m_pausedUntil);
        return;
    }
    QSet<ChatId> busy;
    QStringList due;
    for (const qint64 position : m_unfinished) {
        const Entry &entry = m_entries.at(position);
        const ChatId chat = entry.intent.chat;
        if (entry.state == State::NeedsYou || isForAnother(entry) || busy.contains(chat))
            continue; // one that needs a person, or another org, holds up its own children only
        const Entry *parent = entry.intent.targetFrom.isEmpty() ? nullptr : find(entry.intent.targetFrom);
        if (parent && parent->state != State::Done)
            continue;
        busy.insert(chat);
        if (m_running.contains(entry.intent.key))
            continue;
        if (entry.state == State::Retrying && entry.nextTry > now)
            wakeAt(entry.nextTry);
        else
            due += entry.intent.key;
    }
    for (const QString &key : std::as_const(due)) {
        if (m_running.size() >= kParallel)
            break;
        m_running.insert(key);
        letGo(attempt(key)); // settles itself: its end is the entry's new state
    }
}

void Outbox::wakeAt(QDateTime at)
{
    if (m_wake.isValid() && m_wake <= at && m_wake > m_clock.now())
        return; // an earlier wake looks again anyway
    m_wake = at;
    const auto delay = std::chrono::milliseconds(std::max<qint64>(0, m_clock.now().msecsTo(at)));
    m_clock.callAfter(delay, this, [this] {
        m_wake = {};
        pump();
    });
}

QCoro::Task<void> Outbox::attempt(QString key)
{
    const auto self = shared_from_this();
    const auto client = m_client;
    Entry entry = *find(key);
    entry.organisation = m_organisation; // of this client: also where none was kept
    entry.state = State::Sending;
    ++entry.attempts;
    entry.nextTry = {};
    entry.changedAt = m_clock.now();
    replace(entry);
    // "Sending" is durable before anything leaves: whoever finds it after a crash knows that the write may
    // exist.
    const QList<Entry> leaving{entry};
    const auto saved = co_await m_table.save(leaving);
    if (!saved) {
        const Result<Written> notSent = fail(saved.error());
        settle(entry, notSent);
        co_return;
    }
    const Result<Written> written = co_await perform(entry, client);
    settle(entry, written);
}

Async<Outbox::Written> Outbox::perform(Entry entry, std::shared_ptr<crm::CrmClient> client)
{
    const auto self = shared_from_this();
    crm::Intent intent = entry.intent;
    if (!intent.targetFrom.isEmpty()) {
        if (const Entry *parent = find(intent.targetFrom))
            intent.target = parent->result;
    }
    switch (intent.action) {
    case crm::IntentAction::Create: {
        const crm::CreateRequest request{.kind = intent.kind,
                                         .fields = intent.fields,
                                         .key = intent.key,
                                         .markerField = intent.markerField,
                                         .mayExist = entry.mayExist};
        const auto created = co_await client->create(request);
        if (!created)
            co_return fail(created.error());
        co_return Written{created->ref, created->title, created->url};
    }
    case crm::IntentAction::Update: {
        const auto changed = co_await change(intent, client);
        co_return changed;
    }
    case crm::IntentAction::Note: {
        const crm::NoteRequest request{
            .parent = intent.target, .title = intent.title, .text = intent.text, .key = intent.key};
        const auto note = co_await client->addNote(request);
        if (!note)
            co_return fail(note.error());
        co_return Written{*note, intent.title, client->recordUrl(*note)};
    }
    case crm::IntentAction::File:
        break;
    }
    const auto file = co_await addFile(intent, client);
    co_return file;
}

Async<Outbox::Written> Outbox::change(crm::Intent intent, std::shared_ptr<crm::CrmClient> client)
{
    const auto self = shared_from_this();
    crm::UpdateRequest request{.ref = intent.target,
                               .fields = intent.fields,
                               .ifVersion = intent.version,
                               .allowDuplicate = intent.allowDuplicate};
    auto updated = co_await client->update(request);
    const bool isChanged = !updated && updated.error().code == Errc::Conflict && !intent.version.isEmpty() &&
                           !crm::duplicatesOf(updated.error());
    if (isChanged) { // by somebody else, or by an earlier attempt whose answer was lost
        const QStringList wanted = intent.fields.keys();
        const auto theirs = co_await client->get(intent.target, wanted);
        if (!theirs)
            co_return fail(theirs.error());
        Error contested = updated.error();
        FieldMap still;
        for (auto it = intent.fields.cbegin(); it != intent.fields.cend(); ++it) {
            const QVariant now = theirs->fields.value(it.key());
            if (isSameValue(now, it.value()))
                continue;
            if (isSameValue(now, intent.bases.value(it.key())))
                still.insert(it.key(), it.value());
            else
                contested.fields += FieldError{.field = it.key(), .message = {}};
        }
        if (!contested.fields.isEmpty())
            co_return fail(contested); // a person chooses whose value counts
        if (still.isEmpty())
            co_return Written{theirs->ref, theirs->title, theirs->url};
        request.fields = still;
        request.ifVersion = theirs->version;
        updated = co_await client->update(request);
    }
    if (!updated)
        co_return fail(updated.error());
    co_return Written{updated->ref, updated->title, updated->url};
}

Async<Outbox::Written> Outbox::addFile(crm::Intent intent, std::shared_ptr<crm::CrmClient> client)
{
    const auto self = shared_from_this();
    QByteArray content = intent.text.toUtf8();
    if (!intent.attachment.isEmpty()) {
        if (!m_fetch)
            co_return fail(Errc::Offline, u"nobody fetches files"_s);
        const ChatId chat = intent.chat;
        const FileId file{intent.attachment};
        const auto fetched = co_await m_fetch(chat, file);
        if (!fetched)
            co_return fail(fetched.error());
        content = *fetched;
    }
    const crm::FileRequest request{.parent = intent.target,
                                   .name = intent.title,
                                   .mimeType = intent.mimeType,
                                   .content = content,
                                   .key = intent.key};
    const auto added = co_await client->addFile(request);
    if (!added)
        co_return fail(added.error());
    co_return Written{*added, intent.title, client->recordUrl(*added)};
}

void Outbox::settle(Entry entry, const Result<Written> &written)
{
    m_running.remove(entry.intent.key);
    entry.changedAt = m_clock.now();
    if (written) {
        entry.state = State::Done;
        entry.error.reset();
        entry.result = written->ref;
        entry.resultTitle = written->title;
        entry.resultUrl = written->url;
    } else {
        settleFailure(entry, written.error());
    }
    if (written || (written.error().httpStatus > 0 && !isOutage(written.error())))
        ++m_answers;
    if (entry.state != State::Retrying)
        m_troubles.remove(entry.intent.key);
    // Reworded while it was on its way: the new words are sent behind the old ones.
    if (const Entry *now = find(entry.intent.key); now && now->intent != entry.intent) {
        entry.intent = now->intent;
        if (entry.state == State::Done || entry.state == State::NeedsYou) {
            entry.state = State::Queued;
            entry.attempts = 0;
        }
    }
    qCInfo(lcOutbox) << "write" << forLog(entry.intent.key) << nameOf(entry.state) << "attempt"
                     << entry.attempts;
    replace(entry);
    const QList<Entry> settled{entry};
    // Should this one not reach the disk, the row there still says "sending": looked up first after a
    // restart.
    letGo(m_table.save(settled));
    // An answer of the org that was left says nothing of the one in use.
    if (entry.state == State::WaitsForSignIn && !isForAnother(entry) && !m_isSignInNeeded) {
        m_isSignInNeeded = true;
        emit signInNeeded(*entry.error);
    }
    pump();
}

/// Whether this failure uses up one of the write's tries. An outage is not its fault, and can take hours; one
/// that gets no answer while the CRM answers everything else is.
bool Outbox::isTryOf(const Entry &entry, const Error &error)
{
    Trouble &trouble = m_troubles[entry.intent.key];
    const bool wasAnswered = trouble.answers > 0 && m_answers > trouble.answers;
    trouble.answers = m_answers;
    const bool isSilence = error.code != Errc::RateLimited && !error.neverSent;
    return !isOutage(error) || (isSilence && wasAnswered);
}

void Outbox::settleFailure(Entry &entry, const Error &error)
{
    entry.error = error;
    entry.mayExist = entry.mayExist || mayHaveHappened(error);
    switch (verdictOn(error)) {
    case Verdict::SignIn:
        entry.state = State::WaitsForSignIn;
        --entry.attempts; // not the write's fault: it does not use up its tries
        return;
    case Verdict::AskPerson:
        entry.state = State::NeedsYou;
        return;
    case Verdict::TryLater:
        break;
    }
    if (!isTryOf(entry, error)) // it only makes the waits longer
        entry.attempts = std::min(entry.attempts, kMaxAttempts - 1);
    if (entry.attempts >= kMaxAttempts || !isRepeatable(entry)) {
        entry.state = State::NeedsYou;
        return;
    }
    const std::chrono::milliseconds wait = error.retryAfter ? std::chrono::milliseconds(*error.retryAfter)
                                           : error.isQuotaUsedUp ? withJitter(kQuotaPatience)
                                                                 : withJitter(backOff(entry.attempts));
    entry.state = State::Retrying;
    entry.nextTry = m_clock.now().addMSecs(wait.count());
    const bool isLongest = !m_pausedUntil.isValid() || m_pausedUntil < entry.nextTry;
    const bool isForAll = error.isQuotaUsedUp || (error.code == Errc::RateLimited && error.retryAfter);
    if (isForAll && isLongest && !isForAnother(entry))
        m_pausedUntil = entry.nextTry;
}

} // namespace parley::outbox
