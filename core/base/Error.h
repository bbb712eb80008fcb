// What went wrong in the world, in a form that code can act upon and ui/text can put into words.
#pragma once

#include <QList>
#include <QString>

#include <chrono>
#include <optional>

namespace parley {

/// Grows only when a caller would act differently.
enum class Errc {
    Cancelled,    ///< the caller or the person gave up; never shown as a failure
    Offline,      ///< no connection could be made, or it broke: what was asked may or may not have happened
    TimedOut,     ///< no answer in time: what was asked may or may not have happened
    RateLimited,  ///< the server asks for patience (429, REQUEST_LIMIT_EXCEEDED)
    Unauthorized, ///< signed out, or the sign-in has lapsed for good: a person must sign in again
    Forbidden,    ///< signed in, but not allowed
    NotFound,
    Conflict,     ///< changed meanwhile, or exists already
    InvalidInput, ///< refused because of what was sent; see fields
    Rejected,     ///< refused by a rule of the server's
    BadReply,     ///< an answer that is not what the protocol says
    Storage,      ///< the local disk or database
};

/// One field that the server refused, with the server's own words.
struct FieldError {
    QString field;   ///< the CRM's API name
    QString message; ///< verbatim, for the person
    friend bool operator==(const FieldError &, const FieldError &) = default;
};

struct Error {
    Errc code = Errc::BadReply;
    QString detail = {};                                 ///< for the log: never a token, never a message body
    QString remoteCode = {};                             ///< the server's own code, verbatim
    std::optional<std::chrono::seconds> retryAfter = {}; ///< only when the server said so
    QString remoteMessage = {};                          ///< the server's own words for the person, verbatim
    QList<FieldError> fields = {};                       ///< where the server named fields
    int httpStatus = 0;                                  ///< 0 where no answer came
    /// True where surely nothing reached the server (no network, name not found, refused): sending again does
    /// no harm.
    bool neverSent = false;
    /// With RateLimited: what the company may ask for in a day is used up. Seconds do not help, and nobody's
    /// write is at fault.
    bool isQuotaUsedUp = false;
    friend bool operator==(const Error &, const Error &) = default;
};

/// True where the same request may succeed later without anybody's doing.
constexpr bool isTransient(Errc code)
{
    return code == Errc::Offline || code == Errc::TimedOut || code == Errc::RateLimited;
}

/// True where the server did not answer, or has no time for anybody: nothing is said about what was asked. A
/// refusal of that (400: a row that somebody else holds) is an answer.
inline bool isOutage(const Error &error)
{
    return isTransient(error.code) && error.httpStatus != 400;
}

/// True where the request may have been carried out although no answer came: a write must be looked up
/// before it is sent again (DESIGN.md promise 2).
constexpr bool isOutcomeUnknown(Errc code)
{
    return code == Errc::Offline || code == Errc::TimedOut || code == Errc::BadReply;
}

} // namespace parley
