#include "core/wire/ClientFrames.h"

#include "core/wire/Reader.h"

namespace parley::wire {

using namespace Qt::Literals::StringLiterals;

namespace {

QJsonObject pageMembers(const PageInfo &page)
{
    return {{u"url"_s, page.url}, {u"title"_s, page.title}, {u"referrer"_s, page.referrer}};
}

PageInfo readPage(Reader &reader)
{
    return {.url = reader.textOr("url"_L1),
            .title = reader.textOr("title"_L1),
            .referrer = reader.textOr("referrer"_L1)};
}

} // namespace

Result<PageInfo> PageInfo::from(const QJsonObject &object)
{
    Reader reader(object);
    PageInfo page = readPage(reader);
    return reader.finish(std::move(page));
}

QJsonObject PageInfo::toJson() const
{
    QJsonObject object = pageMembers(*this);
    object.insert("t"_L1, u"page"_s);
    return object;
}

Result<VisitorHello> VisitorHello::from(const QJsonObject &object)
{
    Reader reader(object);
    Reader page(reader.objectOr("page"_L1));
    Reader env(reader.objectOr("env"_L1));
    VisitorHello hello{.version = reader.number("v"_L1),
                       .token = reader.textOr("token"_L1),
                       .page = readPage(page),
                       .env = {}};
    hello.env = {.language = env.textOr("language"_L1),
                 .timeZone = env.textOr("timeZone"_L1),
                 .screen = env.textOr("screen"_L1),
                 .userAgent = env.textOr("userAgent"_L1)};
    if (!page.isGood())
        reader.refuse("page"_L1, u"texts are needed"_s);
    if (!env.isGood())
        reader.refuse("env"_L1, u"texts are needed"_s);
    return reader.finish(std::move(hello));
}

QJsonObject VisitorHello::toJson() const
{
    const QJsonObject environment{{u"language"_s, env.language},
                                  {u"timeZone"_s, env.timeZone},
                                  {u"screen"_s, env.screen},
                                  {u"userAgent"_s, env.userAgent}};
    return {{u"t"_s, u"hello"_s},
            {u"v"_s, version},
            {u"token"_s, token},
            {u"page"_s, pageMembers(page)},
            {u"env"_s, environment}};
}

Result<AgentHello> AgentHello::from(const QJsonObject &object)
{
    Reader reader(object);
    AgentHello hello{.version = reader.number("v"_L1),
                     .token = reader.textOr("token"_L1),
                     .email = reader.textOr("email"_L1),
                     .password = reader.textOr("password"_L1)};
    if (hello.token.isEmpty() && (hello.email.isEmpty() || hello.password.isEmpty()))
        reader.refuse("token"_L1, u"a token, or email and password, are needed"_s);
    return reader.finish(std::move(hello));
}

QJsonObject AgentHello::toJson() const
{
    if (!token.isEmpty())
        return {{u"t"_s, u"hello"_s}, {u"v"_s, version}, {u"token"_s, token}};
    return {{u"t"_s, u"hello"_s}, {u"v"_s, version}, {u"email"_s, email}, {u"password"_s, password}};
}

Result<Start> Start::from(const QJsonObject &object)
{
    Reader reader(object);
    Start start{.cid = reader.cid(),
                .fields = reader.textsOr("fields"_L1),
                .variables = reader.textsOr("variables"_L1),
                .context = reader.textsOr("context"_L1),
                .text = reader.textOr("text"_L1)};
    return reader.finish(std::move(start));
}

QJsonObject Start::toJson() const
{
    return {{u"t"_s, u"start"_s},
            {u"cid"_s, cid.value},
            {u"fields"_s, wire::toJson(fields)},
            {u"variables"_s, wire::toJson(variables)},
            {u"context"_s, wire::toJson(context)},
            {u"text"_s, text}};
}

Result<Say> Say::from(const QJsonObject &object)
{
    Reader reader(object);
    Say say{.chat = reader.chat(), .cid = reader.cid(), .text = reader.text("text"_L1)};
    const auto kind = messageKindFrom(reader.textOr("kind"_L1, u"text"_s));
    if (kind != MessageKind::Text && kind != MessageKind::Note)
        reader.refuse("kind"_L1, u"text or note is needed"_s);
    say.kind = kind.value_or(MessageKind::Text);
    return reader.finish(std::move(say));
}

QJsonObject Say::toJson() const
{
    QJsonObject object{{u"t"_s, u"say"_s}, {u"chat"_s, chat.value}, {u"cid"_s, cid.value}, {u"text"_s, text}};
    if (kind != MessageKind::Text)
        object.insert("kind"_L1, toWire(kind));
    return object;
}

Result<Typing> Typing::from(const QJsonObject &object)
{
    Reader reader(object);
    Typing typing{.chat = reader.chat(),
                  .text = reader.textOr("text"_L1),
                  .author = {},
                  .name = reader.textOr("name"_L1)};
    const QString author = reader.textOr("author"_L1);
    if (!author.isEmpty()) {
        typing.author = authorFrom(author);
        if (!typing.author)
            reader.refuse("author"_L1, u"not a word of this version"_s);
    }
    return reader.finish(std::move(typing));
}

QJsonObject Typing::toJson() const
{
    QJsonObject object{{u"t"_s, u"typing"_s}, {u"chat"_s, chat.value}, {u"text"_s, text}};
    if (author)
        object.insert("author"_L1, toWire(*author));
    if (!name.isEmpty())
        object.insert("name"_L1, name);
    return object;
}

Result<Read> Read::from(const QJsonObject &object)
{
    Reader reader(object);
    Read read{.chat = reader.chat(),
              .delivered = reader.numberOr("delivered"_L1),
              .read = reader.numberOr("read"_L1)};
    return reader.finish(std::move(read));
}

QJsonObject Read::toJson() const
{
    return {{u"t"_s, u"read"_s}, {u"chat"_s, chat.value}, {u"delivered"_s, delivered}, {u"read"_s, read}};
}

Result<Resume> Resume::from(const QJsonObject &object)
{
    Reader reader(object);
    Resume resume{.chat = reader.chat(), .after = reader.numberOr("after"_L1)};
    return reader.finish(std::move(resume));
}

QJsonObject Resume::toJson() const
{
    return {{u"t"_s, u"resume"_s}, {u"chat"_s, chat.value}, {u"after"_s, after}};
}

Result<End> End::from(const QJsonObject &object)
{
    Reader reader(object);
    End end{.chat = reader.chat(), .cid = reader.cid()};
    return reader.finish(std::move(end));
}

QJsonObject End::toJson() const
{
    return {{u"t"_s, u"end"_s}, {u"chat"_s, chat.value}, {u"cid"_s, cid.value}};
}

Result<Offline> Offline::from(const QJsonObject &object)
{
    Reader reader(object);
    Offline offline{
        .cid = reader.cid(), .fields = reader.textsOr("fields"_L1), .text = reader.text("text"_L1)};
    return reader.finish(std::move(offline));
}

QJsonObject Offline::toJson() const
{
    return {{u"t"_s, u"offline"_s},
            {u"cid"_s, cid.value},
            {u"fields"_s, wire::toJson(fields)},
            {u"text"_s, text}};
}

Result<FileBegin> FileBegin::from(const QJsonObject &object)
{
    Reader reader(object);
    FileBegin begin{.chat = reader.chat(),
                    .cid = reader.cid(),
                    .name = reader.text("name"_L1),
                    .mimeType = reader.textOr("type"_L1),
                    .size = reader.number("size"_L1)};
    return reader.finish(std::move(begin));
}

QJsonObject FileBegin::toJson() const
{
    return {{u"t"_s, u"file.begin"_s}, {u"chat"_s, chat.value}, {u"cid"_s, cid.value},
            {u"name"_s, name},         {u"type"_s, mimeType},   {u"size"_s, size}};
}

Result<FileChunk> FileChunk::from(const QJsonObject &object)
{
    Reader reader(object);
    FileChunk chunk{.file = {reader.text("file"_L1)},
                    .offset = reader.number("offset"_L1),
                    .data = reader.base64("data"_L1)};
    return reader.finish(std::move(chunk));
}

QJsonObject FileChunk::toJson() const
{
    return {{u"t"_s, u"file.chunk"_s},
            {u"file"_s, file.value},
            {u"offset"_s, offset},
            {u"data"_s, QString::fromLatin1(data.toBase64())}};
}

Result<FileGet> FileGet::from(const QJsonObject &object)
{
    Reader reader(object);
    FileGet get{
        .chat = reader.chat(), .file = {reader.text("file"_L1)}, .offset = reader.numberOr("offset"_L1)};
    return reader.finish(std::move(get));
}

QJsonObject FileGet::toJson() const
{
    return {{u"t"_s, u"file.get"_s}, {u"chat"_s, chat.value}, {u"file"_s, file.value}, {u"offset"_s, offset}};
}

Result<SetPresence> SetPresence::from(const QJsonObject &object)
{
    Reader reader(object);
    const auto status = presenceFrom(reader.text("status"_L1));
    if (!status)
        reader.refuse("status"_L1, u"available, away or offline is needed"_s);
    SetPresence presence{.status = status.value_or(Presence::Offline),
                         .capacity = reader.numberOr("capacity"_L1)};
    return reader.finish(presence);
}

QJsonObject SetPresence::toJson() const
{
    return {{u"t"_s, u"presence"_s}, {u"status"_s, toWire(status)}, {u"capacity"_s, capacity}};
}

Result<Accept> Accept::from(const QJsonObject &object)
{
    Reader reader(object);
    Accept accept{.chat = {reader.textOr("chat"_L1)}, .cid = reader.cid()};
    return reader.finish(std::move(accept));
}

QJsonObject Accept::toJson() const
{
    return {{u"t"_s, u"accept"_s}, {u"chat"_s, chat.value}, {u"cid"_s, cid.value}};
}

Result<Link> Link::from(const QJsonObject &object)
{
    Reader reader(object);
    Link link{.chat = reader.chat(), .cid = reader.cid(), .links = {}};
    auto links = linksFrom(reader.array("links"_L1));
    if (!links)
        return fail(links.error());
    link.links = std::move(*links);
    return reader.finish(std::move(link));
}

QJsonObject Link::toJson() const
{
    return {{u"t"_s, u"link"_s},
            {u"chat"_s, chat.value},
            {u"cid"_s, cid.value},
            {u"links"_s, wire::toJson(links)}};
}

Result<Claim> Claim::from(const QJsonObject &object)
{
    Reader reader(object);
    Claim claim{
        .chat = reader.chat(), .cid = reader.cid(), .leaseSeconds = reader.numberOr("leaseSeconds"_L1, 120)};
    return reader.finish(std::move(claim));
}

QJsonObject Claim::toJson() const
{
    return {{u"t"_s, u"claim"_s},
            {u"chat"_s, chat.value},
            {u"cid"_s, cid.value},
            {u"leaseSeconds"_s, leaseSeconds}};
}

Result<Release> Release::from(const QJsonObject &object)
{
    Reader reader(object);
    Release release{.chat = reader.chat(), .cid = reader.cid(), .done = reader.flagOr("done"_L1)};
    return reader.finish(std::move(release));
}

QJsonObject Release::toJson() const
{
    return {{u"t"_s, u"release"_s}, {u"chat"_s, chat.value}, {u"cid"_s, cid.value}, {u"done"_s, done}};
}

} // namespace parley::wire
