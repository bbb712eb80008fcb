#include "core/salesforce/Replies.h"

#include "core/net/Retry.h"
#include "core/salesforce/Soql.h"
#include "core/salesforce/Values.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSet>

namespace parley::salesforce {

using namespace Qt::Literals::StringLiterals;

namespace {

Errc byStatus(int status)
{
    switch (status) {
    case 401:
        return Errc::Unauthorized;
    case 403:
        return Errc::Forbidden;
    case 404:
    case 410: // a retired API version
        return Errc::NotFound;
    case 300: // an external id that several records have
    case 409:
    case 412:
        return Errc::Conflict;
    case 420:
    case 429:
    case 503: // it answers, so it is there: it has no time
        return Errc::RateLimited;
    case 502:
        return Errc::Offline;
    case 504:
        return Errc::TimedOut;
    default:
        return status >= 400 && status < 500 ? Errc::InvalidInput : Errc::BadReply;
    }
}

Errc byCode(const QString &code, int status)
{
    static const QMap<QString, Errc> codes{
        {u"INVALID_SESSION_ID"_s, Errc::Unauthorized},
        {u"REQUEST_LIMIT_EXCEEDED"_s, Errc::RateLimited},
        {u"SERVER_UNAVAILABLE"_s, Errc::RateLimited},
        {u"UNABLE_TO_LOCK_ROW"_s, Errc::RateLimited},
        {u"EXCEEDED_ID_LIMIT"_s, Errc::InvalidInput},
        {u"QUERY_TIMEOUT"_s, Errc::TimedOut},
        {u"DUPLICATES_DETECTED"_s, Errc::Conflict},
        {u"DUPLICATE_VALUE"_s, Errc::InvalidInput},
        {u"ENTITY_IS_DELETED"_s, Errc::NotFound},
        {u"NOT_FOUND"_s, Errc::NotFound},
        {u"INVALID_TYPE"_s, Errc::NotFound}, // the org lacks the kind, or hides it from this user
        {u"ENTITY_IS_LOCKED"_s, Errc::Rejected},
        {u"STORAGE_LIMIT_EXCEEDED"_s, Errc::Rejected},
        {u"FIELD_CUSTOM_VALIDATION_EXCEPTION"_s, Errc::Rejected},
        {u"CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY"_s, Errc::Rejected},
        {u"CANNOT_UPDATE_CONVERTED_LEAD"_s, Errc::Rejected},
        {u"INSUFFICIENT_ACCESS"_s, Errc::Forbidden},
        {u"INSUFFICIENT_ACCESS_OR_READONLY"_s, Errc::Forbidden},
        {u"INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY"_s, Errc::Forbidden},
        {u"API_DISABLED_FOR_ORG"_s, Errc::Forbidden},
        {u"API_CURRENTLY_DISABLED"_s, Errc::Forbidden},
        {u"CANNOT_INSERT_UPDATE_ENTITY"_s, Errc::Forbidden},
    };
    return codes.value(code, byStatus(status));
}

void collectIds(const QJsonValue &value, QList<RecordRef> &found, QSet<QString> &seen)
{
    for (const QJsonValue match : value[u"matchResults"].toArray()) {
        for (const QJsonValue hit : match[u"matchRecords"].toArray()) {
            const QJsonValue record = hit[u"record"];
            QString kind = record[u"attributes"][u"type"].toString();
            if (kind.isEmpty())
                kind = match[u"entityType"].toString();
            const QString id = record[u"Id"].toString();
            if (!soql::isId(id) || !soql::isName(kind) || seen.contains(id))
                continue;
            seen.insert(id);
            found += {.kind = {kind}, .id = {id18(id)}};
        }
    }
}

/// The member's name on the wire is misspelled in most versions.
QString duplicatesIn(const QJsonObject &entry)
{
    QJsonValue details = entry[u"duplicateResut"];
    if (!details.isObject())
        details = entry[u"duplicateResult"];
    crm::Duplicates duplicates;
    duplicates.mayOverride = details[u"allowSave"].toBool();
    QSet<QString> seen;
    collectIds(details, duplicates.records, seen);
    return crm::duplicatesDetail(duplicates);
}

/// Adds one {"message","errorCode","fields"}; UI API and some resources spell the members otherwise.
void add(Error &error, const QJsonObject &entry, QStringList &messages)
{
    QString code = entry[u"errorCode"].toString();
    if (code.isEmpty())
        code = entry[u"statusCode"].toString();
    if (code == u"PROCESSING_HALTED" && !error.remoteCode.isEmpty())
        return;
    const QString message = entry[u"message"].toString();
    if (error.remoteCode.isEmpty()) {
        error.remoteCode = code;
        error.code = byCode(code, error.httpStatus);
        // The same code also stands for too many long requests at one time, which is over in seconds.
        error.isQuotaUsedUp = code == u"REQUEST_LIMIT_EXCEEDED" && error.httpStatus != 429 &&
                              !message.startsWith(u"Concurrent");
    }
    if (!message.isEmpty())
        messages += message;
    for (const QJsonValue field : entry[u"fields"].toArray())
        error.fields += {.field = field.toString(), .message = message};
    if (code == u"DUPLICATES_DETECTED")
        error.detail = duplicatesIn(entry);
}

bool addUiApi(Error &error, const QJsonObject &body, QStringList &messages)
{
    const QJsonObject output = body[u"output"].toObject();
    for (const QJsonValue entry : output[u"errors"].toArray())
        add(error, entry.toObject(), messages);
    const QJsonObject byField = output[u"fieldErrors"].toObject();
    for (auto it = byField.begin(); it != byField.end(); ++it) {
        for (const QJsonValue entry : it->toArray()) {
            const QString message = entry[u"message"].toString();
            error.fields += {.field = it.key(), .message = message};
            messages += message;
        }
    }
    return !output.isEmpty();
}

} // namespace

Error errorOf(int status, const QJsonValue &body)
{
    Error error{.code = byStatus(status), .httpStatus = status};
    QStringList messages;
    if (body.isArray()) {
        for (const QJsonValue entry : body.toArray())
            add(error, entry.toObject(), messages);
    } else if (body.isObject()) {
        const QJsonObject object = body.toObject();
        if (object[u"errors"].isArray()) { // a save result: {"success":false,"errors":[…]}
            for (const QJsonValue entry : object[u"errors"].toArray())
                add(error, entry.toObject(), messages);
        } else if (object[u"error"].isString()) { // the sign-in server's form
            error.remoteCode = object[u"error"].toString();
            messages += object[u"error_description"].toString();
        } else if (!addUiApi(error, object, messages) || messages.isEmpty()) {
            add(error, object, messages);
        }
    }
    error.remoteMessage = messages.join(u'\n');
    if (error.detail.isEmpty())
        error.detail = u"HTTP %1 %2"_s.arg(status).arg(error.remoteCode);
    return error;
}

Error errorOf(const net::HttpReply &reply, const QDateTime &now)
{
    const QJsonDocument document = QJsonDocument::fromJson(reply.body);
    const auto wait = net::askedToWait(reply, now);
    if (document.isNull()) {
        Error error = wait.value_or(Error{.code = byStatus(reply.status)});
        // A login page, a proxy's or an outage's answer: what it says about the request is not Salesforce's
        // word.
        if (!wait && reply.status != 401)
            error.code = Errc::BadReply;
        error.httpStatus = reply.status;
        error.detail = u"HTTP %1 without JSON"_s.arg(reply.status);
        return error;
    }
    Error error = errorOf(reply.status,
                          document.isArray() ? QJsonValue(document.array()) : QJsonValue(document.object()));
    if (isBeyondRefresh(reply.body))
        error.code = Errc::Forbidden;
    if (wait)
        error.retryAfter = wait->retryAfter;
    return error;
}

bool isBeyondRefresh(const QByteArray &body)
{
    return body.contains("session is not valid for use with the REST API") ||
           body.contains("Connected app is not attached to Agent");
}

std::optional<crm::Usage> usageOf(QByteArrayView header)
{
    const QList<QByteArray> parts = header.toByteArray().replace(',', ';').split(';');
    for (const QByteArray &part : parts) {
        const QByteArray entry = part.trimmed();
        if (!entry.startsWith("api-usage="))
            continue;
        const QList<QByteArray> numbers = entry.mid(10).split('/');
        bool isUsed = false;
        bool isLimit = false;
        if (numbers.size() != 2)
            return std::nullopt;
        const crm::Usage usage{.used = numbers[0].trimmed().toInt(&isUsed),
                               .limit = numbers[1].trimmed().toInt(&isLimit)};
        return isUsed && isLimit ? std::optional(usage) : std::nullopt;
    }
    return std::nullopt;
}

} // namespace parley::salesforce
