#include "app/ctl/Reply.h"

#include <QJsonArray>

namespace parley::ctl {

using namespace Qt::Literals::StringLiterals;

namespace {

QString nameOf(Errc code)
{
    switch (code) {
    case Errc::Cancelled:
        return u"cancelled"_s;
    case Errc::Offline:
        return u"offline"_s;
    case Errc::TimedOut:
        return u"timedOut"_s;
    case Errc::RateLimited:
        return u"rateLimited"_s;
    case Errc::Unauthorized:
        return u"unauthorized"_s;
    case Errc::Forbidden:
        return u"forbidden"_s;
    case Errc::NotFound:
        return u"notFound"_s;
    case Errc::Conflict:
        return u"conflict"_s;
    case Errc::InvalidInput:
        return u"invalidInput"_s;
    case Errc::Rejected:
        return u"rejected"_s;
    case Errc::BadReply:
        return u"badReply"_s;
    case Errc::Storage:
        return u"storage"_s;
    }
    return u"unknown"_s;
}

QString sentenceFor(const Error &error)
{
    switch (error.code) {
    case Errc::Cancelled:
        return u"Cancelled."_s;
    case Errc::Offline:
        return u"The CRM cannot be reached."_s;
    case Errc::TimedOut:
        return u"The CRM did not answer in time."_s;
    case Errc::RateLimited:
        return u"The CRM asks for patience: its limit of requests is used up."_s;
    case Errc::Unauthorized:
        return u"Not signed in, or the sign-in has lapsed. Connect again with: parleyctl crm add."_s;
    case Errc::Forbidden:
        return u"The CRM does not allow this user to do that."_s;
    case Errc::NotFound:
        return u"Not found."_s;
    case Errc::Conflict:
        return u"It was changed meanwhile, or exists already."_s;
    case Errc::InvalidInput:
        return u"What was sent is not valid."_s;
    case Errc::Rejected:
        return u"The CRM refused it."_s;
    case Errc::BadReply:
        return u"The answer is not what the CRM's protocol says."_s;
    case Errc::Storage:
        return u"The profile on this computer cannot be read or written."_s;
    }
    return {};
}

} // namespace

int exitCodeOf(const Error &error)
{
    switch (error.code) {
    case Errc::Unauthorized:
        return SignIn;
    case Errc::Forbidden:
    case Errc::Conflict:
    case Errc::InvalidInput:
    case Errc::Rejected:
        return Refused;
    case Errc::NotFound:
        return NotFound;
    case Errc::Offline:
    case Errc::TimedOut:
        return Unreachable;
    case Errc::RateLimited:
        return Limited;
    case Errc::Cancelled:
    case Errc::BadReply:
    case Errc::Storage:
        break;
    }
    return Failed;
}

QString wordsFor(const Error &error)
{
    QStringList words{sentenceFor(error)};
    if (!error.remoteMessage.isEmpty())
        words += u"It says: %1"_s.arg(error.remoteMessage.trimmed());
    for (const FieldError &field : error.fields) {
        if (!field.message.isEmpty() && !error.remoteMessage.contains(field.message))
            words += u"%1: %2"_s.arg(field.field, field.message);
    }
    if (error.retryAfter)
        words += u"Try again in %1 seconds."_s.arg(error.retryAfter->count());
    if (error.remoteMessage.isEmpty() && !error.detail.isEmpty())
        words += u"(%1)"_s.arg(error.detail);
    return words.join(u'\n');
}

QJsonObject jsonOf(const Error &error)
{
    QJsonObject json{{u"code"_s, nameOf(error.code)}, {u"message"_s, sentenceFor(error)}};
    if (!error.detail.isEmpty())
        json[u"detail"] = error.detail;
    if (!error.remoteCode.isEmpty())
        json[u"remoteCode"] = error.remoteCode;
    if (!error.remoteMessage.isEmpty())
        json[u"remoteMessage"] = error.remoteMessage;
    if (error.httpStatus != 0)
        json[u"httpStatus"] = error.httpStatus;
    if (error.retryAfter)
        json[u"retryAfterSeconds"] = qint64(error.retryAfter->count());
    QJsonArray fields;
    for (const FieldError &field : error.fields)
        fields += QJsonObject{{u"field"_s, field.field}, {u"message"_s, field.message}};
    if (!fields.isEmpty())
        json[u"fields"] = fields;
    return json;
}

} // namespace parley::ctl
