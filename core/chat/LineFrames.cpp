// The frames of the hub as they change what the line holds.
#include "core/base/Log.h"
#include "core/base/Redact.h"
#include "core/chat/Line.h"
#include "core/chat/Pacer.h"
#include "core/chat/Refusals.h"
#include "core/chat/SendQueue.h"
#include "core/net/WebSocketLine.h"
#include "core/wire/Frame.h"

namespace parley::chat {

using namespace std::chrono_literals;
using namespace Qt::Literals::StringLiterals;

namespace {
constexpr auto kResumePatience = 5s;
constexpr auto kTypingFades = 12s;
constexpr qsizetype kPreviewLength = 200;

// The hub cleans texts of control characters and outer space: such a one is taken from its log, as all others
// see it.
bool isKeptAsSaid(const QString &text)
{
    const bool hasControl = std::ranges::any_of(text, [](QChar c) {
        const QChar::Category category = c.category();
        const bool isOdd = category == QChar::Other_Control || category == QChar::Other_Format ||
                           category == QChar::Separator_Line || category == QChar::Separator_Paragraph;
        return isOdd && c != u'\n';
    });
    return !hasControl && !text.isEmpty() && !text.front().isSpace() && !text.back().isSpace();
}
} // namespace

void Line::post(const QJsonObject &frame)
{
    m_pacer->post(QString::fromUtf8(wire::encode(frame)));
}

void Line::onOpened()
{
    wire::AgentHello hello;
    hello.token = m_token;
    if (m_token.isEmpty()) {
        hello.email = m_email;
        hello.password = m_password;
    }
    m_pacer->clear();
    post(hello.toJson());
}

void Line::onClosed(int closeCode, const QString &reason)
{
    qCInfo(lcChat) << "the line to the hub broke" << closeCode << forLog(reason);
    m_queue->setOnline(false);
    m_pacer->clear();
    failRequests({.code = Errc::Offline});
    for (auto &[id, held] : m_chats) {
        held.resumeNumber = 0;
        held.readSent = 0;
        if (!std::exchange(held.typing, {}).isEmpty())
            emit typingChanged(held.chat.id);
    }
    m_typingSent.clear();
    m_isSyncing = false;
    setState(LineState::Offline, Error{.code = Errc::Offline, .detail = reason});
}

void Line::onText(const QString &text)
{
    const auto frame = wire::parseFrame(text.toUtf8());
    if (!frame) {
        qCWarning(lcChat) << "the hub sent what is no frame";
        return;
    }
    if (frame->type == u"ping"_s)
        m_socket->sendText(u"{\"t\":\"pong\"}"_s); // past the pacer: it must never wait behind a file
    else
        dispatch(frame->type, frame->body);
}

void Line::dispatch(const QString &type, const QJsonObject &body)
{
    using Handler = void (Line::*)(const QJsonObject &);
    static const QHash<QString, Handler> handlers{
        {u"welcome"_s, &Line::onWelcome}, {u"chat"_s, &Line::onChat},   {u"entry"_s, &Line::onEntry},
        {u"log"_s, &Line::onLog},         {u"ack"_s, &Line::onAck},     {u"marks"_s, &Line::onMarks},
        {u"typing"_s, &Line::onTyping},   {u"error"_s, &Line::onError}, {u"file.data"_s, &Line::onFileData}};
    if (const Handler handler = handlers.value(type)) {
        (this->*handler)(body);
    } else if (type == u"synced"_s) {
        onSynced();
    } else if (type == u"gone"_s) {
        onGone({body.value(u"chat"_s).toString()});
    } else if (type == u"claimed"_s) {
        answer(body.value(u"cid"_s).toString(), body);
    } else if (type == u"file.ready"_s) {
        if (const auto ready = wire::FileReady::from(body))
            m_queue->fileReady(*ready);
    } else if (type == u"file.got"_s) {
        if (const auto got = wire::FileGot::from(body))
            m_queue->fileGot(*got);
    }
    // Anything else is a newer hub's and means nothing to us.
}

void Line::onWelcome(const QJsonObject &body)
{
    const auto welcome = wire::AgentWelcome::from(body);
    if (!welcome) {
        qCWarning(lcChat) << "the hub's welcome is not understood" << welcome.error().detail;
        return;
    }
    m_me = welcome->agent;
    m_hubName = welcome->hubName;
    m_limits = welcome->limits;
    m_token = welcome->token;
    m_password.clear(); // the token does from here on
    const QString owner = m_me.id.value + u' ' + m_socket->url().host();
    if (m_owner != owner) {
        if (!m_owner.isEmpty() && m_owner.section(u' ', 0, 0) != m_me.id.value) {
            // Another agent at this desk: nobody gets to see, or to send, what was the other's.
            m_queue->clear();
            for (const auto &chat : chats())
                drop(chat.id);
            letGo(m_table->clear()); // repeated at the next welcome should it fail: the owner is set after it
        }
        m_owner = owner;
        letGo(m_table->setOwner(owner)); // asked for anew with each welcome
    }
    m_listed.clear();
    m_isSyncing = true;
    setState(LineState::Online);
    post(wire::SetPresence{m_presence, m_capacity}.toJson());
    emit signedIn(m_token);
}

void Line::onSynced()
{
    m_isSyncing = false;
    QList<ChatId> vanished;
    for (auto &[id, held] : m_chats) {
        if (held.chat.state == ChatState::Ended || m_listed.contains(id))
            continue;
        // One of ours that is no longer listed has ended meanwhile: its log says how.
        if (isMine(held.chat.id))
            resume(held.chat.id);
        else
            vanished += held.chat.id;
    }
    for (const ChatId &id : std::as_const(vanished))
        drop(id);
    for (auto &[id, held] : m_chats) {
        if (held.chat.agent == m_me.id && held.chat.agentReadSeq > held.readSent) {
            held.readSent = held.chat.agentReadSeq; // read while there was no line
            post(wire::Read{held.chat.id, held.seq(), held.chat.agentReadSeq}.toJson());
        }
    }
    m_queue->setOnline(true);
    emit synced();
}

void Line::onChat(const QJsonObject &body)
{
    const auto changed = wire::ChatChanged::from(body);
    if (!changed) {
        qCWarning(lcChat) << "a chat is not understood" << changed.error().detail;
        return;
    }
    const ChatId id = changed->chat.id;
    if (m_isSyncing)
        m_listed.insert(id.value);
    const bool isForeign = !changed->chat.agent.isEmpty() && changed->chat.agent != m_me.id;
    if (isForeign) {
        onGone(id);
        return;
    }
    if (changed->chat.state == ChatState::Ended && !find(id))
        return; // taken off the list by the agent; a late link must not bring it back
    Held &held = m_chats[id.value];
    Chat next = changed->chat;
    next.agentReadSeq = std::max(next.agentReadSeq, held.chat.agentReadSeq);
    next.lastSeq = std::max(next.lastSeq, held.seq());
    if (held.chat.state != next.state || held.chat.agent != next.agent)
        held.mayRead = true;
    held.chat = next;
    keepChat(held);
    emit chatChanged(id);
    if (held.seq() < next.lastSeq)
        resume(id);
}

void Line::onGone(const ChatId &id)
{
    const Held *held = find(id);
    if (!held)
        return;
    const bool isOurEnded = isMine(id) && held->chat.state == ChatState::Ended;
    if (!isOurEnded)
        drop(id); // an ended one of ours stays until the agent takes it off
}

void Line::drop(const ChatId &id)
{
    if (m_chats.erase(id.value) == 0)
        return;
    letGo(m_table->hide(id)); // should this fail, the next sync drops it again
    emit chatRemoved(id);
}

bool Line::append(Held &held, const QList<Message> &entries)
{
    QList<Message> fresh;
    bool hasGap = false;
    for (const Message &entry : entries) {
        if (entry.seq <= held.seq())
            continue;
        if (entry.seq > held.seq() + 1) {
            hasGap = true;
            break;
        }
        held.messages += entry;
        learnFrom(held, entry);
        fresh += entry;
    }
    if (hasGap)
        resume(held.chat.id);
    if (fresh.isEmpty())
        return false;
    held.chat.lastSeq = std::max(held.chat.lastSeq, held.seq());
    // An own message that came back by the log is acknowledged thereby.
    bool isSettled = false;
    for (const Message &entry : std::as_const(fresh)) {
        if (!entry.clientId.isEmpty() && m_queue->find(entry.clientId)) {
            m_queue->remove(entry.clientId, std::exchange(isSettled, true) ? QList<Message>() : fresh);
        }
    }
    if (!isSettled)
        letGo(m_table->saveMessages(fresh)); // what is not stored is resumed from the hub after a restart
    keepChat(held);
    return true;
}

void Line::learnFrom(Held &held, const Message &message)
{
    Chat &chat = held.chat;
    chat.lastAt = message.at;
    if (message.kind == MessageKind::Event) {
        if (message.event == u"ended"_s) {
            chat.state = ChatState::Ended;
            chat.endedAt = message.at;
            chat.waitingSince = {};
        } else if (message.event == u"accepted"_s && chat.state == ChatState::Waiting) {
            chat.state = ChatState::Open;
            chat.agent = message.agent;
            chat.agentName = message.authorName;
            chat.acceptedAt = message.at;
        }
        return;
    }
    if (message.kind == MessageKind::Note)
        return; // nothing of a note shows where the visitor's words are expected
    chat.preview =
        (message.attachment ? message.attachment->name : message.text).simplified().left(kPreviewLength);
    chat.previewAuthor = message.author;
    if (message.author == Author::Visitor && !chat.waitingSince.isValid() && chat.state != ChatState::Ended)
        chat.waitingSince = message.at;
    else if (message.author == Author::Agent)
        chat.waitingSince = {};
}

void Line::keepChat(Held &held)
{
    if (held.isDirty)
        return;
    held.isDirty = true;
    // Once per turn of the event loop, however many frames a turn brings.
    QMetaObject::invokeMethod(
        this,
        [this, id = held.chat.id] {
            Held *kept = find(id);
            if (!kept)
                return;
            kept->isDirty = false;
            const QList<Chat> chats{kept->chat};
            letGo(m_table->saveChats(chats)); // the hub sends it again after a restart
        },
        Qt::QueuedConnection);
}

void Line::resume(const ChatId &id)
{
    Held *held = find(id);
    if (!held || m_state != LineState::Online || held->resumeNumber != 0 || !held->mayRead)
        return;
    const qint64 number = m_next++;
    held->resumeNumber = number;
    post(wire::Resume{id, held->seq()}.toJson());
    m_clock.callAfter(kResumePatience, this, [this, id, number] {
        Held *waiting = find(id);
        if (!waiting || waiting->resumeNumber != number)
            return;
        waiting->resumeNumber = 0; // dropped or lost: asked for again
        resume(id);
    });
}

void Line::onLog(const QJsonObject &body)
{
    const auto log = wire::Log::from(body);
    Held *held = log ? find(log->chat) : nullptr;
    if (!held)
        return;
    held->resumeNumber = 0;
    const bool isNew = append(*held, log->entries);
    if (log->more && isNew)
        resume(log->chat);
    if (isNew) {
        emit messagesChanged(log->chat);
        emit chatChanged(log->chat);
    }
}

void Line::onEntry(const QJsonObject &body)
{
    const auto entry = wire::Entry::from(body);
    Held *held = entry ? find(entry->message.chat) : nullptr;
    if (!held)
        return;
    const ChatId id = entry->message.chat;
    if (entry->message.author == Author::Visitor && !held->typing.isEmpty()) {
        held->typing.clear();
        emit typingChanged(id);
    }
    if (append(*held, {entry->message})) {
        emit messagesChanged(id);
        emit chatChanged(id);
    }
}

Message Line::messageOf(const Outgoing &outgoing, qint64 seq, const QDateTime &at) const
{
    Message message;
    message.chat = outgoing.chat;
    message.seq = seq;
    message.clientId = outgoing.cid;
    message.author = Author::Agent;
    message.agent = m_me.id;
    message.authorName = m_me.name;
    message.kind = outgoing.kind == OutgoingKind::Note ? MessageKind::Note : MessageKind::Text;
    message.text = outgoing.text;
    message.at = at;
    return message;
}

void Line::onAck(const QJsonObject &body)
{
    const auto ack = wire::Ack::from(body);
    if (!ack)
        return;
    if (answer(ack->cid.value, body))
        return;
    const Outgoing *found = m_queue->find(ack->cid);
    if (!found)
        return;
    const Outgoing outgoing = *found;
    Held *held = find(outgoing.chat);
    const bool isText = outgoing.kind == OutgoingKind::Say || outgoing.kind == OutgoingKind::Note;
    if (held && isText && isKeptAsSaid(outgoing.text) && ack->seq == held->seq() + 1) {
        append(*held, {messageOf(outgoing, ack->seq, ack->at)});
        emit messagesChanged(outgoing.chat);
        emit chatChanged(outgoing.chat);
        return;
    }
    if (!held || ack->seq <= held->seq() || !outgoing.isMessage()) {
        m_queue->remove(ack->cid, {});
    } else {
        m_queue->markAcked(ack->cid); // its line in the thread stays until the log brings it
    }
    if (held && ack->seq > held->seq())
        resume(outgoing.chat);
}

void Line::onMarks(const QJsonObject &body)
{
    const auto marks = wire::Marks::from(body);
    Held *held = marks ? find(marks->chat) : nullptr;
    if (!held)
        return;
    held->chat.deliveredSeq = std::max(held->chat.deliveredSeq, marks->deliveredSeq);
    held->chat.readSeq = std::max(held->chat.readSeq, marks->readSeq);
    held->chat.agentReadSeq = std::max(held->chat.agentReadSeq, marks->agentReadSeq);
    keepChat(*held);
    emit messagesChanged(marks->chat);
}

void Line::onTyping(const QJsonObject &body)
{
    const auto typing = wire::Typing::from(body);
    Held *held = typing ? find(typing->chat) : nullptr;
    if (!held || typing->author.value_or(Author::Visitor) != Author::Visitor)
        return;
    const ChatId id = typing->chat;
    const qint64 number = m_next++;
    held->typing = typing->text;
    held->typingNumber = number;
    // A visitor whose page died types no more, although nobody says so.
    m_clock.callAfter(kTypingFades, this, [this, id, number] {
        Held *fading = find(id);
        if (!fading || fading->typingNumber != number || fading->typing.isEmpty())
            return;
        fading->typing.clear();
        emit typingChanged(id);
    });
    emit typingChanged(id);
}

void Line::onFileData(const QJsonObject &body)
{
    answer(u"file:"_s + body.value(u"file"_s).toString(), body);
}

void Line::onError(const QJsonObject &body)
{
    const auto refusal = wire::Refusal::from(body);
    if (!refusal)
        return;
    const Error error = errorOf(refusal->word, refusal->message);
    const bool isSignedOut = refusal->code == wire::Code::SignIn || refusal->code == wire::Code::Version;
    if (isSignedOut) { // at the door, or in the middle of a day: the account was changed or taken away
        m_socket->stop();
        m_queue->setOnline(false);
        m_pacer->clear();
        m_token.clear();
        failRequests(error);
        setState(LineState::SignedOut, error);
        return;
    }
    if (m_state != LineState::Online && !m_socket->url().isEmpty()) {
        // The hub is too busy to let anyone in, or its disk is full: knock again.
        m_lastError = error;
        m_clock.callAfter(3s, this, [this] {
            if (m_state != LineState::Online && m_socket->isOpen())
                onOpened();
        });
        return;
    }
    const auto request = m_requests.constFind(refusal->cid);
    if (request != m_requests.cend() && !refusal->cid.isEmpty()) {
        if (refusal->code != wire::Code::TooMany) {
            answer(refusal->cid, fail(error));
            return;
        }
        const QJsonObject frame = request->frame;
        const QString key = refusal->cid;
        m_clock.callAfter(1s, this, [this, key, frame] {
            if (m_requests.contains(key))
                post(frame);
        });
        return;
    }
    if (!refusal->cid.isEmpty() && m_queue->refused(*refusal, error))
        return;
    if (refusal->code == wire::Code::TooMany) {
        m_queue->slowDown();
        return;
    }
    qCInfo(lcChat) << "the hub refused a frame" << forLog(refusal->word) << forLog(refusal->chat);
    Held *held = find({refusal->chat});
    if (!held)
        return;
    if (refusal->code == wire::Code::NotFound && held->resumeNumber != 0) {
        held->resumeNumber = 0;
        held->mayRead = false;
        if (held->chat.state == ChatState::Open)
            drop(held->chat.id); // given to another agent while there was no line
    }
}

} // namespace parley::chat
