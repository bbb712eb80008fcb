// Visitors and the chats they begin, the part of Tables that comes before a log.
#include "core/hub/Columns.h"
#include "core/hub/Tables.h"
#include "core/hub/Tokens.h"

namespace parley::hub {

using namespace Qt::Literals::StringLiterals;

namespace {

// A visit ends when nothing was heard of the visitor for half an hour.
constexpr qint64 kVisitMs = qint64{30} * 60 * 1000;

} // namespace

Result<std::optional<ChatId>> Tables::liveChatOf(const VisitorId &visitor)
{
    QList<ChatId> written; // as the file has them: what is remembered is newer
    Step step = m_findLiveOf.bind(visitor.value).step();
    for (; step == Step::Row; step = m_findLiveOf.step())
        written.append({m_findLiveOf.text(0)});
    m_findLiveOf.reset();
    if (step == Step::Failed)
        return fail(storageError());
    for (const ChatId &id : std::as_const(written)) {
        const auto row = find(id);
        if (!row)
            return fail(row.error());
        if ((*row)->chat.state != ChatState::Ended)
            return id;
    }
    return std::nullopt;
}

Result<QList<Tables::Epoch>> Tables::epochs()
{
    QList<Epoch> all;
    Step step = m_epochs.bind().step();
    for (; step == Step::Row; step = m_epochs.step())
        all.append({{u"A%1"_s.arg(m_epochs.number(0))}, m_epochs.number(1)});
    m_epochs.reset();
    if (step == Step::Failed)
        return fail(storageError());
    return all;
}

Result<Done> Tables::visit(const Visit &visit, qint64 atMs)
{
    m_upsertVisitor.bind(visit.visitor.value, atMs, visit.page.url, visit.page.title, visit.page.referrer,
                         kVisitMs);
    if (!m_upsertVisitor.run())
        return fail(storageError());
    return Done{};
}

void Tables::addVisitorFacts(const VisitorId &visitor, LiveChatFields &known)
{
    if (m_findVisitor.bind(visitor.value).step() == Step::Row) {
        known.insert(fields::visitorVisits, QString::number(m_findVisitor.number(1)));
        known.insert(fields::visitorChats, QString::number(m_findVisitor.number(2)));
        known.insert(fields::visitorLandingPage, m_findVisitor.text(3));
        known.insert(fields::visitorLandingTitle, m_findVisitor.text(4));
        known.insert(fields::visitorReferrer, m_findVisitor.text(5));
        known.removeIf([](auto field) { return field.value().isEmpty(); });
    }
    m_findVisitor.reset();
}

Result<ChatStarted> Tables::start(const Who &who, ChatStart start, qint64 atMs)
{
    const Step known = m_findStart.bind(who.visitor.value, start.cid.value).step();
    if (known == Step::Failed)
        return fail(storageError());
    if (known == Step::Row) {
        const auto row = load(m_findStart);
        m_findStart.reset();
        return ChatStarted{.chat = (*row)->chat, .added = {}, .isRepeated = true};
    }
    m_findStart.reset();
    if (!start.isOffline) {
        const auto live = liveChatOf(who.visitor);
        if (!live)
            return fail(live.error());
        if (*live)
            return ChatStarted{.chat = {.id = **live}, .added = {}, .isOther = true};
    }
    if (!m_countChat.bind(atMs, who.visitor.value).run())
        return fail(storageError());
    addVisitorFacts(who.visitor, start.fields);
    auto row = std::make_shared<Row>();
    Chat &chat = row->chat;
    chat.id = {randomId('C')};
    chat.visitor = who.visitor;
    chat.channel = start.channel;
    chat.startedAt = timeOf(atMs);
    chat.lastAt = chat.startedAt;
    chat.waitingSince = chat.startedAt;
    start.fields.insert(fields::chatId, chat.id.value);
    start.fields.insert(fields::chatStart, wire::toWire(chat.startedAt));
    start.fields.insert(fields::chatChannel, wire::toWire(chat.channel));
    chat.fields = std::move(start.fields);
    m_insertChat.bind(chat.id.value, chat.visitor.value, start.cid.value, int(chat.state), int(chat.channel),
                      jsonOf(chat.fields), atMs);
    if (!m_insertChat.run())
        return fail(storageError());
    row->no = m_db.lastRowId();
    m_rows.insert(chat.id.value, row);

    ChatStarted started;
    const auto add = [&](Author author, const Draft &draft) -> Result<Done> {
        auto added = append(*row, who, author, draft, atMs);
        if (!added)
            return fail(added.error());
        started.added.append(std::move(added->message));
        return Done{};
    };
    auto done =
        add(Author::System, {.chat = chat.id, .cid = {}, .kind = MessageKind::Event, .event = u"started"_s});
    if (done && !start.text.isEmpty())
        done = add(Author::Visitor, {.chat = chat.id, .cid = start.cid, .text = start.text});
    if (done && start.isOffline) {
        chat.state = ChatState::Ended;
        chat.endedAt = chat.startedAt;
        chat.waitingSince = QDateTime();
        touch(*row, false);
        done = add(Author::System,
                   {.chat = chat.id, .cid = {}, .kind = MessageKind::Event, .event = u"ended"_s});
    }
    if (!done)
        return fail(done.error());
    started.chat = chat;
    return started;
}

} // namespace parley::hub
