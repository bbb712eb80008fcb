#include "core/wire/HubFrames.h"

#include "core/wire/Reader.h"

namespace parley::wire {

using namespace Qt::Literals::StringLiterals;

Result<Refusal> Refusal::from(const QJsonObject &object)
{
    Reader reader(object);
    Refusal refusal{.message = reader.textOr("message"_L1)};
    refusal.word = reader.text("code"_L1);
    refusal.code = codeFrom(refusal.word).value_or(Code::Malformed);
    refusal.chat = reader.textOr("chat"_L1);
    refusal.cid = reader.textOr("cid"_L1);
    refusal.fatal = reader.flagOr("fatal"_L1);
    refusal.file = reader.textOr("file"_L1);
    return reader.finish(std::move(refusal));
}

QJsonObject Refusal::toJson() const
{
    QJsonObject object{
        {u"t"_s, u"error"_s}, {u"code"_s, word.isEmpty() ? toWire(code) : word}, {u"message"_s, message}};
    if (!chat.isEmpty())
        object.insert("chat"_L1, chat);
    if (!cid.isEmpty())
        object.insert("cid"_L1, cid);
    if (fatal)
        object.insert("fatal"_L1, true);
    if (!file.isEmpty())
        object.insert("file"_L1, file);
    return object;
}

Result<OwnChat> OwnChat::from(const QJsonObject &object)
{
    Reader reader(object);
    const auto state = chatStateFrom(reader.text("state"_L1));
    if (!state)
        reader.refuse("state"_L1, u"not a word of this version"_s);
    OwnChat chat{.id = {reader.text("id"_L1)},
                 .state = state.value_or(ChatState::Waiting),
                 .lastSeq = reader.numberOr("lastSeq"_L1),
                 .agentName = reader.textOr("agentName"_L1)};
    return reader.finish(std::move(chat));
}

QJsonObject OwnChat::toJson() const
{
    QJsonObject object{{u"id"_s, id.value}, {u"state"_s, toWire(state)}, {u"lastSeq"_s, lastSeq}};
    if (!agentName.isEmpty())
        object.insert("agentName"_L1, agentName);
    return object;
}

Result<VisitorWelcome> VisitorWelcome::from(const QJsonObject &object)
{
    Reader reader(object);
    VisitorWelcome welcome;
    welcome.token = reader.text("token"_L1);
    welcome.visitor = {reader.text("visitor"_L1)};
    welcome.online = reader.flagOr("online"_L1);
    Reader brand(reader.objectOr("brand"_L1));
    welcome.brandName = brand.textOr("name"_L1);
    welcome.brandReply = brand.textOr("reply"_L1);
    for (const QJsonValue value : reader.arrayOr("form"_L1)) {
        auto field = formFieldFrom(value.toObject());
        if (!field)
            return fail(field.error());
        welcome.form.append(std::move(*field));
    }
    const auto limits = limitsFrom(reader.objectOr("limits"_L1));
    if (!limits)
        return fail(limits.error());
    welcome.limits = *limits;
    const QJsonObject own = reader.objectOr("chat"_L1);
    if (!own.isEmpty()) {
        auto chat = OwnChat::from(own);
        if (!chat)
            return fail(chat.error());
        welcome.chat = std::move(*chat);
    }
    return reader.finish(std::move(welcome));
}

QJsonObject VisitorWelcome::toJson() const
{
    QJsonArray questions;
    for (const FormField &field : form)
        questions.append(wire::toJson(field));
    QJsonObject object{
        {u"t"_s, u"welcome"_s}, {u"v"_s, kVersion},
        {u"token"_s, token},    {u"visitor"_s, visitor.value},
        {u"online"_s, online},  {u"brand"_s, QJsonObject{{u"name"_s, brandName}, {u"reply"_s, brandReply}}},
        {u"form"_s, questions}, {u"limits"_s, wire::toJson(limits)}};
    if (chat)
        object.insert("chat"_L1, chat->toJson());
    return object;
}

Result<AgentWelcome> AgentWelcome::from(const QJsonObject &object)
{
    Reader reader(object);
    AgentWelcome welcome{
        .token = reader.text("token"_L1), .agent = {}, .hubName = {}, .hubVersion = {}, .limits = {}};
    auto agent = agentFrom(reader.object("agent"_L1));
    if (!agent)
        return fail(agent.error());
    welcome.agent = std::move(*agent);
    Reader hub(reader.objectOr("hub"_L1));
    welcome.hubName = hub.textOr("name"_L1);
    welcome.hubVersion = hub.textOr("version"_L1);
    const auto limits = limitsFrom(reader.objectOr("limits"_L1));
    if (!limits)
        return fail(limits.error());
    welcome.limits = *limits;
    return reader.finish(std::move(welcome));
}

QJsonObject AgentWelcome::toJson() const
{
    return {{u"t"_s, u"welcome"_s},
            {u"v"_s, kVersion},
            {u"token"_s, token},
            {u"agent"_s, wire::toJson(agent)},
            {u"hub"_s, QJsonObject{{u"name"_s, hubName}, {u"version"_s, hubVersion}}},
            {u"limits"_s, wire::toJson(limits)}};
}

Result<Started> Started::from(const QJsonObject &object)
{
    Reader reader(object);
    Started started{.cid = reader.cid(), .chat = {}};
    auto chat = OwnChat::from(reader.object("chat"_L1));
    if (!chat)
        return fail(chat.error());
    started.chat = std::move(*chat);
    return reader.finish(std::move(started));
}

QJsonObject Started::toJson() const
{
    return {{u"t"_s, u"started"_s}, {u"cid"_s, cid.value}, {u"chat"_s, chat.toJson()}};
}

Result<Ack> Ack::from(const QJsonObject &object)
{
    Reader reader(object);
    Ack ack{.chat = {reader.textOr("chat"_L1)},
            .cid = reader.cid(),
            .seq = reader.number("seq"_L1),
            .at = reader.timeOr("at"_L1)};
    return reader.finish(std::move(ack));
}

QJsonObject Ack::toJson() const
{
    return {{u"t"_s, u"ack"_s},
            {u"chat"_s, chat.value},
            {u"cid"_s, cid.value},
            {u"seq"_s, seq},
            {u"at"_s, toWire(at)}};
}

Result<Entry> Entry::from(const QJsonObject &object)
{
    auto message = messageFrom(object);
    if (!message)
        return fail(message.error());
    return Entry{std::move(*message)};
}

QJsonObject Entry::toJson() const
{
    QJsonObject object = wire::toJson(message);
    object.insert("t"_L1, u"entry"_s);
    return object;
}

Result<Marks> Marks::from(const QJsonObject &object)
{
    Reader reader(object);
    Marks marks{.chat = reader.chat(),
                .deliveredSeq = reader.numberOr("deliveredSeq"_L1),
                .readSeq = reader.numberOr("readSeq"_L1),
                .agentReadSeq = reader.numberOr("agentReadSeq"_L1)};
    return reader.finish(std::move(marks));
}

QJsonObject Marks::toJson() const
{
    return {{u"t"_s, u"marks"_s},
            {u"chat"_s, chat.value},
            {u"deliveredSeq"_s, deliveredSeq},
            {u"readSeq"_s, readSeq},
            {u"agentReadSeq"_s, agentReadSeq}};
}

Result<Log> Log::from(const QJsonObject &object)
{
    Reader reader(object);
    Log log{.chat = reader.chat(),
            .entries = {},
            .lastSeq = reader.numberOr("lastSeq"_L1),
            .more = reader.flagOr("more"_L1)};
    for (const QJsonValue value : reader.array("entries"_L1)) {
        auto message = messageFrom(value.toObject(), log.chat);
        if (!message)
            return fail(message.error());
        log.entries.append(std::move(*message));
    }
    return reader.finish(std::move(log));
}

QJsonObject Log::toJson() const
{
    QJsonArray array;
    for (const Message &message : entries) {
        QJsonObject entry = wire::toJson(message);
        entry.remove("chat"_L1); // the frame says it once
        array.append(entry);
    }
    return {{u"t"_s, u"log"_s},
            {u"chat"_s, chat.value},
            {u"entries"_s, array},
            {u"lastSeq"_s, lastSeq},
            {u"more"_s, more}};
}

Result<FileReady> FileReady::from(const QJsonObject &object)
{
    Reader reader(object);
    FileReady ready{.cid = reader.cid(),
                    .file = {reader.text("file"_L1)},
                    .offset = reader.number("offset"_L1),
                    .chunk = reader.number("chunk"_L1)};
    return reader.finish(std::move(ready));
}

QJsonObject FileReady::toJson() const
{
    return {{u"t"_s, u"file.ready"_s},
            {u"cid"_s, cid.value},
            {u"file"_s, file.value},
            {u"offset"_s, offset},
            {u"chunk"_s, chunk}};
}

Result<FileGot> FileGot::from(const QJsonObject &object)
{
    Reader reader(object);
    FileGot got{.file = {reader.text("file"_L1)}, .offset = reader.number("offset"_L1)};
    return reader.finish(std::move(got));
}

QJsonObject FileGot::toJson() const
{
    return {{u"t"_s, u"file.got"_s}, {u"file"_s, file.value}, {u"offset"_s, offset}};
}

Result<FileData> FileData::from(const QJsonObject &object)
{
    Reader reader(object);
    FileData data{.file = {reader.text("file"_L1)},
                  .offset = reader.number("offset"_L1),
                  .size = reader.number("size"_L1),
                  .data = reader.base64("data"_L1),
                  .last = reader.flag("last"_L1)};
    return reader.finish(std::move(data));
}

QJsonObject FileData::toJson() const
{
    return {{u"t"_s, u"file.data"_s}, {u"file"_s, file.value},
            {u"offset"_s, offset},    {u"size"_s, size},
            {u"last"_s, last},        {u"data"_s, QString::fromLatin1(data.toBase64())}};
}

Result<ChatChanged> ChatChanged::from(const QJsonObject &object)
{
    Reader reader(object);
    const QJsonObject members = reader.object("chat"_L1);
    if (!reader.isGood())
        return reader.finish(ChatChanged());
    auto chat = chatFrom(members);
    if (!chat)
        return fail(chat.error());
    return ChatChanged{std::move(*chat)};
}

QJsonObject ChatChanged::toJson() const
{
    return {{u"t"_s, u"chat"_s}, {u"chat"_s, wire::toJson(chat)}};
}

Result<Gone> Gone::from(const QJsonObject &object)
{
    Reader reader(object);
    Gone gone{.chat = reader.chat()};
    return reader.finish(std::move(gone));
}

QJsonObject Gone::toJson() const
{
    return {{u"t"_s, u"gone"_s}, {u"chat"_s, chat.value}};
}

Result<Online> Online::from(const QJsonObject &object)
{
    Reader reader(object);
    Online online{.online = reader.flag("online"_L1)};
    return reader.finish(online);
}

QJsonObject Online::toJson() const
{
    return {{u"t"_s, u"online"_s}, {u"online"_s, online}};
}

Result<Claimed> Claimed::from(const QJsonObject &object)
{
    Reader reader(object);
    Claimed claimed{.chat = reader.chat(),
                    .cid = reader.cid(),
                    .granted = reader.flag("granted"_L1),
                    .until = reader.timeOr("until"_L1),
                    .done = reader.flagOr("done"_L1)};
    return reader.finish(std::move(claimed));
}

QJsonObject Claimed::toJson() const
{
    QJsonObject object{
        {u"t"_s, u"claimed"_s}, {u"chat"_s, chat.value}, {u"cid"_s, cid.value}, {u"granted"_s, granted}};
    if (until.isValid())
        object.insert("until"_L1, toWire(until));
    if (done)
        object.insert("done"_L1, true);
    return object;
}

} // namespace parley::wire
