// The words that stand for enumerations and instants on the wire (docs/protocol.md).
#pragma once

#include "core/base/Result.h"
#include "core/domain/Chat.h"

#include <optional>

namespace parley::wire {

inline constexpr int kVersion = 1;

/// Why a frame was refused; the table at the end of docs/protocol.md.
enum class Code {
    Malformed,
    Version,
    UnknownType,
    OutOfTurn,
    TooLarge,
    TooLong,
    TooMany,
    NotFound,
    Taken,
    Capacity,
    SignIn,
    Storage,
};

QString toWire(Code code);
QString toWire(ChatState state);
QString toWire(Channel channel);
QString toWire(Author author);
QString toWire(MessageKind kind);
QString toWire(Presence presence);
/// "2026-05-21T10:38:02.120Z"; empty for an invalid time.
QString toWire(const QDateTime &at);

std::optional<Code> codeFrom(QStringView word);
std::optional<ChatState> chatStateFrom(QStringView word);
std::optional<Channel> channelFrom(QStringView word);
std::optional<Author> authorFrom(QStringView word);
std::optional<MessageKind> messageKindFrom(QStringView word);
std::optional<Presence> presenceFrom(QStringView word);
/// UTC; invalid when the text is no ISO 8601 time.
QDateTime timeFrom(const QString &text);

/// 1 to 64 characters of A-Z a-z 0-9 - _
bool isClientId(QStringView text);

/// An error whose remoteCode is the code's word: how core says which error frame is due.
Error refusal(Code code, QString why);

} // namespace parley::wire
