#include "core/wire/Names.h"

#include <array>

namespace parley::wire {

using namespace Qt::Literals::StringLiterals;

namespace {

template <class Enum, size_t size> using Words = std::array<std::pair<Enum, QLatin1StringView>, size>;

template <class Enum, size_t size> QString wordOf(const Words<Enum, size> &words, Enum value)
{
    for (const auto &[known, word] : words) {
        if (known == value)
            return word;
    }
    Q_UNREACHABLE();
}

template <class Enum, size_t size>
std::optional<Enum> valueOf(const Words<Enum, size> &words, QStringView word)
{
    for (const auto &[value, known] : words) {
        if (word == known)
            return value;
    }
    return std::nullopt;
}

constexpr Words<Code, 12> kCodes{{{Code::Malformed, "malformed"_L1},
                                  {Code::Version, "version"_L1},
                                  {Code::UnknownType, "unknown_type"_L1},
                                  {Code::OutOfTurn, "out_of_turn"_L1},
                                  {Code::TooLarge, "too_large"_L1},
                                  {Code::TooLong, "too_long"_L1},
                                  {Code::TooMany, "too_many"_L1},
                                  {Code::NotFound, "not_found"_L1},
                                  {Code::Taken, "taken"_L1},
                                  {Code::Capacity, "capacity"_L1},
                                  {Code::SignIn, "signin"_L1},
                                  {Code::Storage, "storage"_L1}}};
constexpr Words<ChatState, 3> kStates{
    {{ChatState::Waiting, "waiting"_L1}, {ChatState::Open, "open"_L1}, {ChatState::Ended, "ended"_L1}}};
constexpr Words<Channel, 4> kChannels{{{Channel::Web, "web"_L1},
                                       {Channel::Messenger, "messenger"_L1},
                                       {Channel::Sms, "sms"_L1},
                                       {Channel::Mail, "mail"_L1}}};
constexpr Words<Author, 4> kAuthors{{{Author::Visitor, "visitor"_L1},
                                     {Author::Agent, "agent"_L1},
                                     {Author::Bot, "bot"_L1},
                                     {Author::System, "system"_L1}}};
constexpr Words<MessageKind, 4> kKinds{{{MessageKind::Text, "text"_L1},
                                        {MessageKind::Note, "note"_L1},
                                        {MessageKind::File, "file"_L1},
                                        {MessageKind::Event, "event"_L1}}};
constexpr Words<Presence, 3> kPresences{
    {{Presence::Offline, "offline"_L1}, {Presence::Away, "away"_L1}, {Presence::Available, "available"_L1}}};

Errc errcOf(Code code)
{
    switch (code) {
    case Code::NotFound:
        return Errc::NotFound;
    case Code::Taken:
    case Code::OutOfTurn:
        return Errc::Conflict;
    case Code::Capacity:
        return Errc::Rejected;
    case Code::TooMany:
        return Errc::RateLimited;
    case Code::SignIn:
        return Errc::Unauthorized;
    case Code::Storage:
        return Errc::Storage;
    case Code::Malformed:
    case Code::Version:
    case Code::UnknownType:
    case Code::TooLarge:
    case Code::TooLong:
        break;
    }
    return Errc::InvalidInput;
}

} // namespace

QString toWire(Code code)
{
    return wordOf(kCodes, code);
}
QString toWire(ChatState state)
{
    return wordOf(kStates, state);
}
QString toWire(Channel channel)
{
    return wordOf(kChannels, channel);
}
QString toWire(Author author)
{
    return wordOf(kAuthors, author);
}
QString toWire(MessageKind kind)
{
    return wordOf(kKinds, kind);
}
QString toWire(Presence presence)
{
    return wordOf(kPresences, presence);
}

QString toWire(const QDateTime &at)
{
    return at.isValid() ? at.toUTC().toString(u"yyyy-MM-ddTHH:mm:ss.zzzZ"_s) : QString();
}

std::optional<Code> codeFrom(QStringView word)
{
    return valueOf(kCodes, word);
}
std::optional<ChatState> chatStateFrom(QStringView word)
{
    return valueOf(kStates, word);
}
std::optional<Channel> channelFrom(QStringView word)
{
    return valueOf(kChannels, word);
}
std::optional<Author> authorFrom(QStringView word)
{
    return valueOf(kAuthors, word);
}
std::optional<MessageKind> messageKindFrom(QStringView word)
{
    return valueOf(kKinds, word);
}
std::optional<Presence> presenceFrom(QStringView word)
{
    return valueOf(kPresences, word);
}

QDateTime timeFrom(const QString &text)
{
    return QDateTime::fromString(text, Qt::ISODateWithMs).toUTC();
}

bool isClientId(QStringView text)
{
    const auto isAllowed = [](QChar c) {
        return (c >= u'A' && c <= u'Z') || (c >= u'a' && c <= u'z') || (c >= u'0' && c <= u'9') ||
               c == u'-' || c == u'_';
    };
    return !text.isEmpty() && text.size() <= 64 && std::ranges::all_of(text, isAllowed);
}

Error refusal(Code code, QString why)
{
    return {.code = errcOf(code), .detail = std::move(why), .remoteCode = toWire(code)};
}

} // namespace parley::wire
