// The frames that only a visitor's page sends.
#include "core/hub/Doors.h"
#include "core/hub/Text.h"
#include "core/hub/UserAgent.h"

#include <QHostAddress>

namespace parley::hub {

using namespace Qt::Literals::StringLiterals;
using wire::Code;
using wire::refusal;

namespace {

constexpr qsizetype kLongestField = 1'000;
constexpr qsizetype kLongestUrl = 2'000;
constexpr qsizetype kLongestName = 64;
constexpr qsizetype kMostFields = 100;

QString addressOf(const Line &line)
{
    bool isV4 = false;
    const QHostAddress address = line.address();
    const quint32 v4 = address.toIPv4Address(&isV4); // also of ::ffff:10.0.0.1
    return isV4 ? QHostAddress(v4).toString() : address.toString();
}

wire::PageInfo cleanPage(const wire::PageInfo &page)
{
    return {.url = cleanLine(page.url, kLongestUrl),
            .title = cleanLine(page.title, kLongestField),
            .referrer = cleanLine(page.referrer, kLongestUrl)};
}

/// The form's names to live-chat fields; a company's own questions become pre-chat fields.
QString fieldOf(const QString &answer)
{
    static const QHash<QString, QString> known{
        {u"name"_s, fields::visitorName},      {u"email"_s, fields::visitorEmail},
        {u"phone"_s, fields::phone},           {u"company"_s, fields::company},
        {u"department"_s, fields::department}, {u"product"_s, fields::product},
        {u"subject"_s, fields::chatSubject}};
    return known.value(answer, u"PreChat."_s + answer);
}

/// A name that {!Category.Name} can hold.
bool isFieldName(const QString &name)
{
    return !name.isEmpty() && name.size() <= kLongestName && cleanLine(name, kLongestName) == name &&
           !name.contains(u'{') && !name.contains(u'}');
}

} // namespace

void Doors::visitorHello(Session &session, const wire::Frame &frame)
{
    const auto hello = wire::VisitorHello::from(frame.body);
    if (!hello) {
        m_floor.refuse(session, hello.error(), frame);
        return;
    }
    if (hello->version != wire::kVersion) {
        m_floor.refuse(session, refusal(Code::Version, u"this hub speaks version %1"_s.arg(wire::kVersion)),
                       frame, true);
        session.line->closeLine(WebSocketCodec::CloseCode::BadVersion);
        return;
    }
    // A token that is not ours is a new visitor's: the page need not know what to do about it.
    const VisitorId visitor = m_tokens.visitorOf(hello->token).value_or(VisitorId{randomId('V')});
    session.around = std::make_unique<Session::Surroundings>();
    Session::Surroundings &around = *session.around;
    around.page = cleanPage(hello->page);
    around.language = cleanLine(hello->env.language, kLongestName);
    around.timeZone = cleanLine(hello->env.timeZone, kLongestName);
    around.screen = cleanLine(hello->env.screen, kLongestName);
    around.browser = browserOf(hello->env.userAgent);
    around.system = systemOf(hello->env.userAgent);
    around.ip = addressOf(*session.line);
    m_store.submit(
        [visit = Visit{visitor, around.page}, at = nowMs()](Tables &tables) {
            return tables.visit(visit, at);
        },
        [](const Result<Done> &) {}); // a visit that was not counted harms nobody; Store has logged why
    m_floor.greetVisitor(session, visitor);

    wire::VisitorWelcome welcome{.token = m_tokens.forVisitor(visitor),
                                 .visitor = visitor,
                                 .online = m_floor.isOnline(),
                                 .brandName = m_config.brandName,
                                 .brandReply = m_config.brandReply,
                                 .form = m_config.form,
                                 .limits = m_config.limits,
                                 .chat = {}};
    if (const Chat *chat = m_floor.chatOf(visitor))
        welcome.chat = wire::OwnChat{chat->id, chat->state, chat->lastSeq, chat->agentName};
    session.line->send(wire::encode(welcome.toJson()));
}

Result<LiveChatFields> Doors::fieldsOf(const Session &session, const QMap<QString, QString> &answers,
                                       const QMap<QString, QString> &variables,
                                       const QMap<QString, QString> &context) const
{
    const Session::Surroundings &around = *session.around;
    LiveChatFields all{{fields::visitorPage, around.page.url},
                       {fields::visitorPageTitle, around.page.title},
                       {fields::visitorIp, around.ip},
                       {fields::visitorLanguage, around.language},
                       {fields::visitorTimeZone, around.timeZone},
                       {fields::visitorScreen, around.screen},
                       {fields::visitorBrowser, around.browser},
                       {fields::visitorSystem, around.system},
                       {fields::chatPage, around.page.url}};
    if (answers.size() + variables.size() + context.size() > kMostFields)
        return fail(refusal(Code::TooLong, u"more than %1 fields"_s.arg(kMostFields)));
    const auto put = [&all](const QString &name, const QString &key, const QString &value) -> Result<Done> {
        if (!isFieldName(name))
            return fail(refusal(Code::Malformed, u"fields: not a name for a field"_s));
        if (value.size() > kLongestField)
            return fail(refusal(
                Code::TooLong,
                u"field %1 of %2 characters, at most %3"_s.arg(name).arg(value.size()).arg(kLongestField)));
        const bool isFree =
            key.startsWith(u"PreChat."); // a company's own question may have a text of several lines
        all.insert(key, isFree ? cleanText(value).trimmed() : cleanLine(value, kLongestField));
        return Done{};
    };
    for (auto it = answers.begin(); it != answers.end(); ++it) {
        if (const auto done = put(it.key(), fieldOf(it.key()), it.value()); !done)
            return fail(done.error());
    }
    for (auto it = variables.begin(); it != variables.end(); ++it) {
        if (const auto done = put(it.key(), u"Variable."_s + it.key(), it.value()); !done)
            return fail(done.error());
    }
    for (auto it = context.begin(); it != context.end(); ++it) {
        if (const auto done = put(it.key(), u"Context."_s + it.key(), it.value()); !done)
            return fail(done.error());
    }
    all.removeIf([](auto field) { return field.value().isEmpty(); });
    return all;
}

void Doors::start(Session &session, const wire::Frame &frame)
{
    auto start = wire::Start::from(frame.body);
    if (!start) {
        m_floor.refuse(session, start.error(), frame);
        return;
    }
    if (!checkText(session, frame, start->text))
        return;
    auto known = fieldsOf(session, start->fields, start->variables, start->context);
    if (!known) {
        m_floor.refuse(session, known.error(), frame);
        return;
    }
    // Whether this one is the live chat's own start, sent again, only the store knows.
    if (!m_floor.chatOf(session.who.visitor)) {
        if (m_floor.waitingCount() + m_starting >= m_config.waitingChats) {
            m_floor.refuse(session,
                           refusal(Code::TooMany, u"%1 visitors wait already"_s.arg(m_config.waitingChats)),
                           frame);
            return;
        }
        if (!mayBegin(session, frame))
            return;
    }
    ChatStart begun{.cid = start->cid, .fields = std::move(*known), .text = cleanText(start->text)};
    if (!begun.fields.contains(fields::chatSubject) && !begun.text.isEmpty())
        begun.fields.insert(fields::chatSubject, cleanLine(begun.text, 255));
    const ClientId cid = start->cid;
    ++m_starting;
    m_store.submit([who = session.who, begun = std::move(begun),
                    at = nowMs()](Tables &tables) { return tables.start(who, begun, at); },
                   [this, line = session.id(), frame, cid](const Result<ChatStarted> &started) {
                       --m_starting;
                       Session *sender = m_floor.find(line);
                       if (!started) {
                           if (sender)
                               m_floor.refuse(*sender, started.error(), frame);
                           return;
                       }
                       const Chat &chat = started->chat;
                       if (started->isOther) {
                           wire::Frame about = frame;
                           about.body.insert(u"chat"_s, chat.id.value);
                           if (sender)
                               m_floor.refuse(
                                   *sender,
                                   refusal(Code::OutOfTurn, u"one chat at a time: this one has not ended"_s),
                                   about);
                           return;
                       }
                       const QByteArray answer = wire::encode(
                           wire::Started{cid, {chat.id, chat.state, chat.lastSeq, chat.agentName}}.toJson());
                       if (sender)
                           sender->line->send(answer);
                       if (started->isRepeated)
                           return;
                       m_floor.put(chat);
                       m_floor.tellVisitor(chat.visitor, answer, line); // the visitor's other tabs
                       m_floor.tellChat(chat);
                   });
}

bool Doors::mayBegin(Session &session, const wire::Frame &frame)
{
    const qint64 now = m_clock.steadyMs();
    const QString visitor = session.who.visitor.value;
    const QString address = session.line->network();
    if (!m_startsOfVisitor.has(visitor, now) ||
        (!address.isEmpty() && !m_startsOfAddress.has(address, now))) {
        m_floor.refuse(session, refusal(Code::TooMany, u"chats are started too often; wait a minute"_s),
                       frame);
        return false;
    }
    m_startsOfVisitor.spend(visitor, now);
    if (!address.isEmpty())
        m_startsOfAddress.spend(address, now);
    return true;
}

void Doors::endUnattended(const ChatId &chat)
{
    m_store.submit([chat, at = nowMs()](Tables &tables) { return tables.endUnattended(chat, at); },
                   [this](const Result<std::optional<Appended>> &ended) {
                       if (!ended || !*ended)
                           return; // without storage it waits on; the next start of the hub tries again
                       m_floor.publish(**ended, 0);
                       m_floor.tellGone((*ended)->chat);
                       m_floor.put((*ended)->chat);
                   });
}

void Doors::page(Session &session, const wire::Frame &frame)
{
    const auto page = wire::PageInfo::from(frame.body);
    if (!page) {
        m_floor.refuse(session, page.error(), frame);
        return;
    }
    const QString referrer = session.around->page.referrer;
    session.around->page = cleanPage(*page);
    session.around->page.referrer = referrer;
    const Chat *chat = m_floor.chatOf(session.who.visitor);
    if (!chat)
        return;
    const LiveChatFields changed{{fields::visitorPage, session.around->page.url},
                                 {fields::visitorPageTitle, session.around->page.title}};
    m_store.submit([id = chat->id, changed](Tables &tables) { return tables.setFields(id, changed); },
                   [this](const Result<Chat> &now) {
                       if (!now || now->state == ChatState::Ended)
                           return;
                       m_floor.put(*now);
                       m_floor.tellChatSoon(now->id);
                   });
}

void Doors::offline(Session &session, const wire::Frame &frame)
{
    const auto offline = wire::Offline::from(frame.body);
    if (!offline) {
        m_floor.refuse(session, offline.error(), frame);
        return;
    }
    if (!checkText(session, frame, offline->text))
        return;
    auto known = fieldsOf(session, offline->fields, {}, {});
    const QString text = cleanText(offline->text);
    if (known && text.trimmed().isEmpty())
        known = fail(refusal(Code::Malformed, u"text: there is nothing to say in it"_s));
    if (!known) {
        m_floor.refuse(session, known.error(), frame);
        return;
    }
    if (!mayBegin(session, frame))
        return;
    ChatStart message{.cid = offline->cid,
                      .fields = std::move(*known),
                      .text = text,
                      .channel = Channel::Mail,
                      .isOffline = true};
    if (!message.fields.contains(fields::chatSubject))
        message.fields.insert(fields::chatSubject, cleanLine(text, 255));
    m_store.submit([who = session.who, message = std::move(message),
                    at = nowMs()](Tables &tables) { return tables.start(who, message, at); },
                   [this, line = session.id(), frame, cid = offline->cid](const Result<ChatStarted> &stored) {
                       if (stored)
                           acknowledge(line, stored->chat.id, cid, 2,
                                       stored->chat.startedAt.toMSecsSinceEpoch());
                       else if (Session *sender = m_floor.find(line))
                           m_floor.refuse(*sender, stored.error(), frame);
                   });
}

} // namespace parley::hub
