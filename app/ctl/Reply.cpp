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

// The app's own id or secret, not a person's sign-in.
bool isAboutClient(const Error &error)
{
    return error.remoteCode == u"invalid_client" || error.remoteCode == u"invalid_client_id" ||
           error.remoteCode == u"unauthorized_client";
}

QString sentenceFor(const Error &error, const Where &where)
{
    if (isOurOwn(error))
        return error.detail;
    const QString crm = where.server.isEmpty() ? u"The CRM"_s : where.server;
    if (isAboutClient(error))
        return u"%1 does not know this client id, or its secret is another one. Connect again with: parleyctl crm add"_s
            .arg(crm);
    switch (error.code) {
    case Errc::Cancelled:
        return u"Cancelled: nothing was changed."_s;
    case Errc::Offline:
        return u"%1 cannot be reached. Check the address and the network, then try again."_s.arg(crm);
    case Errc::TimedOut:
        return u"%1 did not answer in time. What was asked may have been done; look before you try again."_s
            .arg(crm);
    case Errc::RateLimited:
        return error.isQuotaUsedUp
                   ? u"%1 takes no more requests for now: the company has used up those of 24 hours."_s.arg(
                         crm)
                   : u"%1 is busy and asks for patience. Try again in a minute."_s.arg(crm);
    case Errc::Unauthorized:
        return u"%1 does not accept the sign-in, or it has lapsed. Connect again with: parleyctl crm add"_s
            .arg(crm);
    case Errc::Forbidden:
        return u"%1 does not allow this user to do that. parleyctl crm check lists the rights that are missing."_s
            .arg(crm);
    case Errc::NotFound:
        return u"%1 has no such record or kind, or hides it from this user."_s.arg(crm);
    case Errc::Conflict:
        return u"%1 has it already, or it was changed there meanwhile. Read it again, then decide."_s.arg(
            crm);
    case Errc::InvalidInput:
        return u"%1 says that what was sent is not valid."_s.arg(crm);
    case Errc::Rejected:
        return u"%1 refused it."_s.arg(crm);
    case Errc::BadReply:
        return u"%1 gave an answer that is not Salesforce's. Is the address right, and nothing in between?"_s
            .arg(crm);
    case Errc::Storage:
        return u"The profile %1 cannot be read or written. Check the folder's permissions and the space on the disk."_s
            .arg(where.profile);
    }
    return {};
}

} // namespace

bool isOurOwn(const Error &error)
{
    if (error.httpStatus != 0 || !error.remoteMessage.isEmpty() || error.detail.isEmpty())
        return false;
    return error.code == Errc::InvalidInput || error.code == Errc::NotFound ||
           error.remoteCode == u"no_connection" || error.remoteCode == u"no_keychain" ||
           error.remoteCode == u"no_secret" || error.remoteCode == u"cannot_write";
}

int exitCodeOf(const Error &error)
{
    if (isAboutClient(error))
        return SignIn;
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

QString wordsFor(const Error &error, const Where &where)
{
    QStringList words{sentenceFor(error, where)};
    if (!error.remoteMessage.isEmpty())
        words += u"It says: %1"_s.arg(error.remoteMessage.trimmed());
    for (const FieldError &field : error.fields) {
        if (!field.message.isEmpty() && !error.remoteMessage.contains(field.message))
            words += u"%1: %2"_s.arg(field.field, field.message);
    }
    if (error.retryAfter)
        words += u"Try again in %1 seconds."_s.arg(error.retryAfter->count());
    if (error.remoteMessage.isEmpty() && !error.detail.isEmpty() && !isOurOwn(error))
        words += u"(%1)"_s.arg(error.detail);
    return words.join(u'\n');
}

QJsonObject jsonOf(const Error &error, const Where &where)
{
    QJsonObject json{{u"code"_s, nameOf(error.code)}, {u"message"_s, sentenceFor(error, where)}};
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
