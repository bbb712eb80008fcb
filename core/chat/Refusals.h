// The hub's refusals as errors that the console acts upon.
#pragma once

#include "core/wire/Names.h"

namespace parley::chat {

/// remoteCode keeps the hub's word, so that ui/text can say what happened.
inline Error errorOf(const QString &word, const QString &message = {})
{
    Error error{.code = Errc::Rejected, .detail = message, .remoteCode = word};
    const auto code = wire::codeFrom(word);
    if (!code)
        return error;
    switch (*code) {
    case wire::Code::SignIn:
        error.code = Errc::Unauthorized;
        break;
    case wire::Code::TooLong:
    case wire::Code::TooLarge:
        error.code = Errc::InvalidInput;
        break;
    case wire::Code::NotFound:
        error.code = Errc::NotFound;
        break;
    case wire::Code::Taken:
    case wire::Code::OutOfTurn:
        error.code = Errc::Conflict;
        break;
    case wire::Code::TooMany:
        error.code = Errc::RateLimited;
        break;
    case wire::Code::Storage:
        error.code = Errc::Storage;
        break;
    case wire::Code::Malformed:
    case wire::Code::Version:
    case wire::Code::UnknownType:
        error.code = Errc::BadReply;
        break;
    case wire::Code::Capacity:
        break; // Rejected: a rule of the hub's
    }
    return error;
}

} // namespace parley::chat
