#include "core/desk/Writer.h"

#include "core/base/Log.h"
#include "core/base/Redact.h"
#include "core/desk/RecordDesk.h"

namespace parley::desk {

using namespace std::chrono_literals;
using namespace Qt::Literals::StringLiterals;

namespace {
constexpr auto kLease = 120s;
constexpr auto kRenewEvery = 60s;
constexpr auto kTryAgain = 10s;
} // namespace

Writer::Writer(std::shared_ptr<DeskContext> context, Find find)
    : m_context(std::move(context))
    , m_find(std::move(find))
{}

std::shared_ptr<RecordDesk> Writer::record(const ChatId &chat) const
{
    return m_find ? m_find(chat) : nullptr;
}

void Writer::consider(const ChatId &chat)
{
    const auto part = record(chat);
    const auto held = m_context->line->chat(chat);
    if (!part || !m_context->outbox)
        return;
    if (part->memory().writing == Writing::Promised) {
        settle(chat);
        return;
    }
    const bool isDue = held && held->state == ChatState::Ended && m_context->line->isMine(chat) &&
                       part->memory().writing == Writing::NotYet && part->memory().hasPlan();
    // What was decided for the records of one org is promised to that one alone, once it is said which it is.
    const bool isAtHome = part->isAtHome() && !m_context->status.isOrganisationAwaited;
    if (!isDue || !isAtHome || !m_context->crm || m_busy.contains(chat) || m_waiting.contains(chat))
        return;
    m_busy.insert(chat);
    letGo(write(chat)); // its end is the chat's state of writing
}

void Writer::tryLater(const ChatId &chat, std::chrono::milliseconds wait)
{
    m_waiting.insert(chat);
    m_context->clock.callAfter(wait, this, [this, chat] {
        m_waiting.remove(chat);
        consider(chat);
    });
}

QCoro::Task<void> Writer::write(ChatId chat)
{
    const auto self = shared_from_this();
    const auto promised = co_await promise(chat);
    m_busy.remove(chat);
    if (promised) {
        settle(chat);
        co_return;
    }
    qCInfo(lcDesk) << "chat" << chat.value << "is not written yet" << forLog(promised.error().detail);
    tryLater(chat, kTryAgain); // the plan is on disk; nothing is lost by waiting
}

Async<Done> Writer::promise(ChatId chat)
{
    const auto self = shared_from_this();
    const auto part = record(chat);
    const auto crm = m_context->crm;
    const QString organisation = m_context->status.organisation;
    if (!part || !crm)
        co_return fail(Errc::Cancelled);
    const auto line = m_context->line;
    // Everything that may take time comes before the claim, so that the lease is not spent on waiting.
    const auto whole = co_await line->wholeLog(chat);
    if (!whole)
        co_return fail(whole.error());
    const bool isCase = part->memory().plan.attach == crm::Attach::Case;
    const RecordKind kind = isCase ? kinds::crmCase : kinds::task;
    std::ignore = co_await crm->schema(kind); // without it the planner knows the standard lengths
    const QString email = line->me().email;
    std::ignore = co_await crm->user(email); // without it the connecting user owns what is made
    const auto claimed = co_await line->claim(chat, kLease);
    if (!claimed)
        co_return fail(claimed.error());
    if (claimed->isDone) {
        part->setWriting(
            Writing::Done); // another executor of ours was faster; the keys made it the same records
        co_return Done{};
    }
    if (!claimed->isGranted)
        co_return fail(Errc::Conflict, u"another executor has the right to write"_s);
    // The agent may have left this org meanwhile: what was decided for it is promised when it is back.
    const bool isSameOrg =
        m_context->crm == crm && m_context->status.organisation == organisation && part->isAtHome();
    if (!isSameOrg || !part->memory().hasPlan())
        co_return fail(Errc::Cancelled, u"the CRM changed before the promise"_s);
    const QList<crm::Intent> intents = crm::planWrites(part->planInput());
    const auto added = co_await m_context->outbox->add(intents, organisation);
    if (!added)
        co_return fail(added.error());
    // From here on the outbox keeps the promise. Dying before this line only means promising the same keys
    // again.
    part->setWriting(Writing::Promised);
    renewLease(chat);
    co_return Done{};
}

void Writer::renewLease(const ChatId &chat)
{
    m_context->clock.callAfter(kRenewEvery, this, [this, chat] {
        const auto part = record(chat);
        if (!part || part->memory().writing != Writing::Promised)
            return;
        // A lease that could not be renewed is harmless: the keys are the same for whoever writes.
        letGo(m_context->line->claim(chat, kLease));
        renewLease(chat);
    });
}

bool Writer::isAllFinished(const ChatId &chat) const
{
    const QList<outbox::Entry> entries = m_context->outbox->ofChat(chat);
    // What an agent changes by hand is no part of what the chat's end writes.
    return std::ranges::all_of(entries, [](const outbox::Entry &entry) {
        return entry.isFinished() || entry.intent.action == crm::IntentAction::Update;
    });
}

void Writer::settle(const ChatId &chat)
{
    const auto part = record(chat);
    if (!part || part->memory().writing != Writing::Promised)
        return;
    const auto held = m_context->line->chat(chat);
    for (const outbox::Entry &entry : m_context->outbox->ofChat(chat)) {
        const bool isNew =
            !m_linked.contains(entry.intent.key) && !(held && held->links.contains(entry.result));
        const bool isMade = entry.intent.action != crm::IntentAction::Update;
        if (!isMade || entry.state != outbox::State::Done || entry.result.isEmpty() || !isNew)
            continue;
        m_linked.insert(entry.intent.key);
        m_context->line->link(chat,
                              {entry.result}); // after a restart perhaps again: the frame's id is the same
    }
    if (!isAllFinished(chat))
        return;
    m_context->line->release(chat, true);
    part->setWriting(Writing::Done);
    if (part->memory().isDismissed)
        m_context->line->hide(chat); // the agent took it off the list before; now nothing needs it any more
}

void Writer::onOutbox(const QString &key)
{
    const auto entry = m_context->outbox->entry(key);
    if (!entry)
        return;
    const ChatId chat = entry->intent.chat;
    emit changed(chat);
    const bool isHere = m_context->status.organisation == entry->organisation;
    if (isHere && entry->state == outbox::State::Done)
        m_context->noteAnswer();
    else if (isHere && entry->state == outbox::State::Retrying && entry->error &&
             entry->intent.action != crm::IntentAction::File) // which may have missed its bytes at the hub
        m_context->noteError(*entry->error);
    if (const auto part = record(chat))
        part->onPromise(*entry);
    const bool isNews = entry->state == outbox::State::Done || entry->state == outbox::State::NeedsYou;
    if (isNews)
        emit finished(chat, writeLineOf(*entry, m_context->status));
    if (entry->isFinished())
        settle(chat);
}

} // namespace parley::desk
