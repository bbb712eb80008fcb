#include "core/wire/Objects.h"

#include "core/wire/Reader.h"

namespace parley::wire {

using namespace Qt::Literals::StringLiterals;

namespace {

void put(QJsonObject &object, QLatin1StringView name, const QString &value)
{
    if (!value.isEmpty())
        object.insert(name, value);
}

void put(QJsonObject &object, QLatin1StringView name, const QDateTime &at)
{
    if (at.isValid())
        object.insert(name, toWire(at));
}

// A word this program does not know (a newer hub's) is an error rather than a guess.
template <class T> T known(Reader &reader, QLatin1StringView name, std::optional<T> value, T otherwise)
{
    if (!value)
        reader.refuse(name, u"not a word of this version"_s);
    return value.value_or(otherwise);
}

} // namespace

QJsonObject toJson(const Attachment &file)
{
    return {
        {u"id"_s, file.id.value}, {u"name"_s, file.name}, {u"type"_s, file.mimeType}, {u"size"_s, file.size}};
}

Result<Attachment> attachmentFrom(const QJsonObject &object)
{
    Reader reader(object);
    Attachment file{.id = {reader.text("id"_L1)},
                    .name = reader.text("name"_L1),
                    .mimeType = reader.textOr("type"_L1),
                    .size = reader.number("size"_L1)};
    return reader.finish(std::move(file));
}

QJsonObject toJson(const Message &message)
{
    QJsonObject object{{u"seq"_s, message.seq},
                       {u"cid"_s, message.clientId.value},
                       {u"at"_s, toWire(message.at)},
                       {u"author"_s, toWire(message.author)},
                       {u"kind"_s, toWire(message.kind)}};
    put(object, "chat"_L1, message.chat.value);
    put(object, "agent"_L1, message.agent.value);
    put(object, "name"_L1, message.authorName);
    put(object, "text"_L1, message.text);
    put(object, "event"_L1, message.event);
    if (message.attachment)
        object.insert("file"_L1, toJson(*message.attachment));
    return object;
}

Result<Message> messageFrom(const QJsonObject &object, const ChatId &chat)
{
    Reader reader(object);
    Message message;
    message.chat = {reader.textOr("chat"_L1, chat.value)};
    message.seq = reader.number("seq"_L1);
    message.clientId = {reader.textOr("cid"_L1)};
    message.at = reader.timeOr("at"_L1);
    message.author = known(reader, "author"_L1, authorFrom(reader.text("author"_L1)), Author::System);
    message.kind =
        known(reader, "kind"_L1, messageKindFrom(reader.textOr("kind"_L1, u"text"_s)), MessageKind::Text);
    message.agent = {reader.textOr("agent"_L1)};
    message.authorName = reader.textOr("name"_L1);
    message.text = reader.textOr("text"_L1);
    message.event = reader.textOr("event"_L1);
    const QJsonObject file = reader.objectOr("file"_L1);
    if (!file.isEmpty()) {
        auto attachment = attachmentFrom(file);
        if (!attachment)
            return fail(attachment.error());
        message.attachment = std::move(*attachment);
    }
    return reader.finish(std::move(message));
}

QJsonObject toJson(const Chat &chat)
{
    QJsonObject object{{u"id"_s, chat.id.value},
                       {u"state"_s, toWire(chat.state)},
                       {u"channel"_s, toWire(chat.channel)},
                       {u"fields"_s, toJson(chat.fields)},
                       {u"lastSeq"_s, chat.lastSeq},
                       {u"deliveredSeq"_s, chat.deliveredSeq},
                       {u"readSeq"_s, chat.readSeq},
                       {u"agentReadSeq"_s, chat.agentReadSeq},
                       {u"visitorOnline"_s, chat.visitorOnline}};
    put(object, "visitor"_L1, chat.visitor.value);
    put(object, "agent"_L1, chat.agent.value);
    put(object, "agentName"_L1, chat.agentName);
    put(object, "startedAt"_L1, chat.startedAt);
    put(object, "acceptedAt"_L1, chat.acceptedAt);
    put(object, "endedAt"_L1, chat.endedAt);
    put(object, "waitingSince"_L1, chat.waitingSince);
    put(object, "lastAt"_L1, chat.lastAt);
    if (!chat.preview.isEmpty()) {
        object.insert("preview"_L1, chat.preview);
        object.insert("previewAuthor"_L1, toWire(chat.previewAuthor));
    }
    if (!chat.links.isEmpty())
        object.insert("links"_L1, toJson(chat.links));
    return object;
}

Result<Chat> chatFrom(const QJsonObject &object)
{
    Reader reader(object);
    Chat chat;
    chat.id = {reader.text("id"_L1)};
    chat.state = known(reader, "state"_L1, chatStateFrom(reader.text("state"_L1)), ChatState::Waiting);
    chat.visitor = {reader.textOr("visitor"_L1)};
    chat.agent = {reader.textOr("agent"_L1)};
    chat.agentName = reader.textOr("agentName"_L1);
    chat.channel =
        known(reader, "channel"_L1, channelFrom(reader.textOr("channel"_L1, u"web"_s)), Channel::Web);
    chat.fields = reader.textsOr("fields"_L1);
    chat.startedAt = reader.timeOr("startedAt"_L1);
    chat.acceptedAt = reader.timeOr("acceptedAt"_L1);
    chat.endedAt = reader.timeOr("endedAt"_L1);
    chat.waitingSince = reader.timeOr("waitingSince"_L1);
    chat.lastAt = reader.timeOr("lastAt"_L1);
    chat.preview = reader.textOr("preview"_L1);
    chat.previewAuthor = known(reader, "previewAuthor"_L1,
                               authorFrom(reader.textOr("previewAuthor"_L1, u"visitor"_s)), Author::Visitor);
    chat.lastSeq = reader.numberOr("lastSeq"_L1);
    chat.deliveredSeq = reader.numberOr("deliveredSeq"_L1);
    chat.readSeq = reader.numberOr("readSeq"_L1);
    chat.agentReadSeq = reader.numberOr("agentReadSeq"_L1);
    chat.visitorOnline = reader.flagOr("visitorOnline"_L1);
    auto links = linksFrom(reader.arrayOr("links"_L1));
    if (!links)
        return fail(links.error());
    chat.links = std::move(*links);
    return reader.finish(std::move(chat));
}

QJsonObject toJson(const Agent &agent)
{
    return {{u"id"_s, agent.id.value},
            {u"name"_s, agent.name},
            {u"email"_s, agent.email},
            {u"role"_s, agent.role}};
}

Result<Agent> agentFrom(const QJsonObject &object)
{
    Reader reader(object);
    Agent agent{.id = {reader.text("id"_L1)},
                .name = reader.text("name"_L1),
                .email = reader.textOr("email"_L1),
                .role = reader.textOr("role"_L1, u"agent"_s)};
    return reader.finish(std::move(agent));
}

QJsonArray toJson(const QList<RecordRef> &links)
{
    QJsonArray array;
    for (const RecordRef &link : links)
        array.append(QJsonObject{{u"kind"_s, link.kind.name}, {u"id"_s, link.id.value}});
    return array;
}

Result<QList<RecordRef>> linksFrom(const QJsonArray &array)
{
    QList<RecordRef> links;
    for (const QJsonValue value : array) {
        Reader reader(value.toObject());
        RecordRef link{.kind = {reader.text("kind"_L1)}, .id = {reader.text("id"_L1)}};
        if (link.kind.name.isEmpty() || link.id.isEmpty())
            reader.refuse("links"_L1, u"kind and id are needed"_s);
        auto read = reader.finish(std::move(link));
        if (!read)
            return fail(read.error());
        links.append(std::move(*read));
    }
    return links;
}

QJsonObject toJson(const QMap<QString, QString> &texts)
{
    QJsonObject object;
    for (auto it = texts.begin(); it != texts.end(); ++it)
        object.insert(it.key(), it.value());
    return object;
}

QJsonObject toJson(const FormField &field)
{
    QJsonObject object{{u"name"_s, field.name},
                       {u"label"_s, field.label},
                       {u"type"_s, field.type},
                       {u"required"_s, field.required}};
    if (!field.options.isEmpty())
        object.insert("options"_L1, QJsonArray::fromStringList(field.options));
    return object;
}

Result<FormField> formFieldFrom(const QJsonObject &object)
{
    Reader reader(object);
    FormField field{.name = reader.text("name"_L1),
                    .label = reader.text("label"_L1),
                    .type = reader.textOr("type"_L1, u"text"_s),
                    .required = reader.flagOr("required"_L1)};
    for (const QJsonValue option : reader.arrayOr("options"_L1)) {
        if (!option.isString())
            reader.refuse("options"_L1, u"texts are needed"_s);
        field.options.append(option.toString());
    }
    return reader.finish(std::move(field));
}

QJsonObject toJson(const Limits &limits)
{
    return {{u"text"_s, limits.text}, {u"file"_s, limits.file}};
}

Result<Limits> limitsFrom(const QJsonObject &object)
{
    Reader reader(object);
    const Limits defaults;
    Limits limits{.text = reader.numberOr("text"_L1, defaults.text),
                  .file = reader.numberOr("file"_L1, defaults.file)};
    return reader.finish(limits);
}

} // namespace parley::wire
