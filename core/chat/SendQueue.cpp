#include "core/chat/SendQueue.h"

#include "core/base/Log.h"

namespace parley::chat {

using namespace std::chrono_literals;
using namespace Qt::Literals::StringLiterals;

namespace {
constexpr auto kAckPatience = 10s;
constexpr auto kDroppedWait = 1s;
} // namespace

SendQueue::SendQueue(std::shared_ptr<LineTable> table, Clock &clock,
                     std::function<void(const QJsonObject &)> post)
    : m_table(std::move(table))
    , m_clock(clock)
    , m_post(std::move(post))
{}

void SendQueue::load(QList<Outgoing> stored)
{
    for (const Outgoing &outgoing : stored) {
        m_positions.insert(outgoing.cid.value, outgoing.position);
        m_items.emplace(outgoing.position, outgoing);
    }
}

void SendQueue::clear()
{
    const QStringList cids = m_positions.keys();
    m_items.clear();
    m_positions.clear();
    m_flights.clear();
    m_uploads.clear();
    for (const QString &cid : cids)
        finish({cid}, fail(Errc::Cancelled));
}

Outgoing *SendQueue::get(const ClientId &cid)
{
    const auto position = m_positions.constFind(cid.value);
    return position == m_positions.cend() ? nullptr : &m_items.at(*position);
}

const Outgoing *SendQueue::find(const ClientId &cid) const
{
    const auto position = m_positions.constFind(cid.value);
    return position == m_positions.cend() ? nullptr : &m_items.at(*position);
}

QList<Outgoing> SendQueue::ofChat(const ChatId &chat) const
{
    QList<Outgoing> found;
    for (const auto &[position, outgoing] : m_items) {
        if (outgoing.chat == chat)
            found += outgoing;
    }
    return found;
}

void SendQueue::add(Outgoing outgoing, QByteArray content)
{
    if (find(outgoing.cid))
        return;
    outgoing.position = m_items.empty() ? 1 : m_items.rbegin()->first + 1;
    outgoing.madeAt = m_clock.now();
    m_positions.insert(outgoing.cid.value, outgoing.position);
    m_items.emplace(outgoing.position, outgoing);
    m_unsaved.insert(outgoing.cid.value);
    if (outgoing.kind == OutgoingKind::File)
        m_uploads[outgoing.cid.value].content = content;
    emit changed(outgoing.chat);
    letGo(keep(outgoing, content)); // its end shows as the item's state
}

QCoro::Task<void> SendQueue::keep(Outgoing outgoing, QByteArray content)
{
    const auto self = shared_from_this();
    const auto saved = co_await m_table->enqueue(outgoing, content);
    m_unsaved.remove(outgoing.cid.value);
    Outgoing *item = get(outgoing.cid);
    if (!item)
        co_return;
    if (!saved)
        failed(*item, saved.error());
    else
        pump(outgoing.chat);
}

void SendQueue::resend(const ClientId &cid)
{
    Outgoing *item = get(cid);
    if (!item || item->state != OutgoingState::Failed)
        return;
    const Errc why = item->error.value_or(Error{}).code;
    if (item->kind == OutgoingKind::File && (why == Errc::InvalidInput || why == Errc::Storage))
        return; // too large, empty or unreadable: it stays so, and there is nothing to send
    item->state = OutgoingState::Waiting;
    item->error.reset();
    const ChatId chat = item->chat;
    letGo(m_table->update(*item)); // worst case it is Failed again after a crash, and the person sees that
    emit changed(chat);
    pump(chat);
}

void SendQueue::discard(const ClientId &cid)
{
    if (const Outgoing *item = find(cid); item && item->state == OutgoingState::Failed)
        remove(cid, {});
}

Async<Done> SendQueue::settled(ClientId cid)
{
    const auto self = shared_from_this();
    const Outgoing *item = find(cid);
    if (!item)
        co_return Done{};
    if (item->state == OutgoingState::Failed)
        co_return fail(item->error.value_or(Error{}));
    const auto promise = std::make_shared<QPromise<Result<Done>>>();
    promise->start();
    m_waiters[cid.value] += promise;
    const QFuture<Result<Done>> future = promise->future();
    const Result<Done> result = co_await future;
    co_return result;
}

void SendQueue::finish(const ClientId &cid, Result<Done> result)
{
    for (const auto &promise : m_waiters.take(cid.value)) {
        promise->addResult(result);
        promise->finish();
    }
}

void SendQueue::setOnline(bool isOnline)
{
    m_isOnline = isOnline;
    m_flights.clear();
    if (!isOnline)
        return;
    QSet<ChatId> chats;
    for (const auto &[position, outgoing] : m_items)
        chats.insert(outgoing.chat);
    for (const ChatId &chat : std::as_const(chats))
        pump(chat);
}

void SendQueue::pump(const ChatId &chat)
{
    if (!m_isOnline || m_flights.contains(chat))
        return;
    for (const auto &[position, outgoing] : m_items) {
        if (outgoing.chat != chat || outgoing.state != OutgoingState::Waiting)
            continue;
        if (m_unsaved.contains(outgoing.cid.value))
            return; // comes back here when it is on disk; nothing may overtake it
        m_flights.insert(chat, {outgoing.cid, m_nextFlight++});
        watch(chat, kAckPatience);
        const Outgoing copy = outgoing;
        transmit(copy);
        return;
    }
}

void SendQueue::watch(const ChatId &chat, std::chrono::milliseconds patience)
{
    const qint64 number = m_flights.value(chat).number;
    m_clock.callAfter(patience, this, [this, chat, number] {
        if (m_flights.value(chat).number != number)
            return;
        m_flights.remove(chat);
        pump(chat);
    });
}

void SendQueue::slowDown()
{
    for (const ChatId &chat : m_flights.keys()) {
        m_flights[chat].number = m_nextFlight++;
        watch(chat, kDroppedWait);
    }
}

void SendQueue::transmit(const Outgoing &outgoing)
{
    switch (outgoing.kind) {
    case OutgoingKind::Say:
    case OutgoingKind::Note: {
        const auto kind = outgoing.kind == OutgoingKind::Note ? MessageKind::Note : MessageKind::Text;
        m_post(wire::Say{outgoing.chat, outgoing.cid, outgoing.text, kind}.toJson());
        return;
    }
    case OutgoingKind::End:
        m_post(wire::End{outgoing.chat, outgoing.cid}.toJson());
        return;
    case OutgoingKind::Link:
        m_post(wire::Link{outgoing.chat, outgoing.cid, outgoing.links}.toJson());
        return;
    case OutgoingKind::Release:
        m_post(wire::Release{outgoing.chat, outgoing.cid, outgoing.isDone}.toJson());
        return;
    case OutgoingKind::File:
        letGo(beginUpload(outgoing)); // goes on with the hub's answers
        return;
    }
}

QCoro::Task<void> SendQueue::beginUpload(Outgoing outgoing)
{
    const auto self = shared_from_this();
    if (!m_uploads.contains(outgoing.cid.value)) {
        const auto content = co_await m_table->content(outgoing.cid);
        Outgoing *item = get(outgoing.cid);
        if (!item)
            co_return;
        if (!content) {
            failed(*item, content.error());
            co_return;
        }
        m_uploads[outgoing.cid.value].content = *content;
    }
    wire::FileBegin begin;
    begin.chat = outgoing.chat;
    begin.cid = outgoing.cid;
    begin.name = outgoing.file ? outgoing.file->name : QString();
    begin.mimeType = outgoing.file ? outgoing.file->mimeType : QString();
    begin.size = m_uploads.value(outgoing.cid.value).content.size();
    m_post(begin.toJson());
}

void SendQueue::fileReady(const wire::FileReady &ready)
{
    const auto upload = m_uploads.find(ready.cid.value);
    if (upload == m_uploads.end())
        return;
    upload->file = ready.file;
    upload->chunk = ready.chunk > 0 ? ready.chunk : 65'536;
    sendChunk(ready.cid, ready.offset);
}

void SendQueue::fileGot(const wire::FileGot &got)
{
    const auto upload =
        std::ranges::find_if(m_uploads, [&got](const Upload &one) { return one.file == got.file; });
    if (upload != m_uploads.end())
        sendChunk({upload.key()}, got.offset);
}

void SendQueue::sendChunk(const ClientId &cid, qint64 offset)
{
    const Upload &upload = m_uploads[cid.value];
    const Outgoing *item = find(cid);
    if (!item || offset < 0 || (offset >= upload.content.size() && offset > 0))
        return; // all is there: the ack follows
    if (m_flights.value(item->chat).cid == cid) {
        m_flights[item->chat].number = m_nextFlight++;
        watch(item->chat, kAckPatience); // it moves: the patience starts anew
    }
    m_post(wire::FileChunk{upload.file, offset, upload.content.mid(offset, upload.chunk)}.toJson());
}

void SendQueue::remove(const ClientId &cid, const QList<Message> &messages)
{
    const Outgoing *item = find(cid);
    if (!item)
        return;
    const ChatId chat = item->chat;
    m_items.erase(item->position);
    m_positions.remove(cid.value);
    m_uploads.remove(cid.value);
    // Should this not reach the disk: it is sent once more after a restart, and the hub knows its cid.
    letGo(m_table->settle(cid, messages));
    finish(cid, Done{});
    emit changed(chat);
    if (m_flights.value(chat).cid == cid)
        next(chat);
}

void SendQueue::markAcked(const ClientId &cid)
{
    Outgoing *item = get(cid);
    if (!item)
        return;
    item->state = OutgoingState::Acked;
    const ChatId chat = item->chat;
    finish(cid, Done{});
    emit changed(chat);
    next(chat);
}

void SendQueue::next(const ChatId &chat)
{
    m_flights.remove(chat);
    pump(chat);
}

void SendQueue::failed(Outgoing &outgoing, const Error &error)
{
    outgoing.state = OutgoingState::Failed;
    outgoing.error = error;
    const Outgoing copy = outgoing;
    letGo(m_table->update(copy)); // worst case it is tried again after a restart and refused again
    finish(copy.cid, fail(error));
    emit changed(copy.chat);
    if (m_flights.value(copy.chat).cid == copy.cid)
        next(copy.chat);
    else
        pump(copy.chat);
}

bool SendQueue::refused(const wire::Refusal &refusal, const Error &error)
{
    Outgoing *item = get({refusal.cid});
    if (!item)
        return false;
    if (refusal.code == wire::Code::TooMany || refusal.code == wire::Code::Storage) {
        m_flights[item->chat] = {item->cid, m_nextFlight++};
        watch(item->chat, kDroppedWait);
        return true;
    }
    qCInfo(lcChat) << "the hub refused" << refusal.word << "for" << refusal.chat;
    const bool isEndedAlready = item->kind == OutgoingKind::End && refusal.code == wire::Code::OutOfTurn;
    const bool isHousekeeping = item->kind == OutgoingKind::Release || item->kind == OutgoingKind::Link;
    if (isEndedAlready || isHousekeeping) {
        const ClientId cid = item->cid;
        remove(cid, {}); // nothing a person could do about it
    } else {
        failed(*item, error);
    }
    return true;
}

} // namespace parley::chat
