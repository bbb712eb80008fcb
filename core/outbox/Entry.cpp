#include "core/outbox/Entry.h"

#include "core/store/FieldMapJson.h"

#include <QJsonArray>

#include <array>

namespace parley::outbox {

using namespace Qt::Literals::StringLiterals;

namespace {

struct StateName {
    State state = State::Queued;
    QLatin1StringView name;
};
constexpr std::array kStates{
    StateName{State::Queued, "queued"_L1},      StateName{State::Sending, "sending"_L1},
    StateName{State::Retrying, "retrying"_L1},  StateName{State::WaitsForSignIn, "waitsForSignIn"_L1},
    StateName{State::NeedsYou, "needsYou"_L1},  StateName{State::Done, "done"_L1},
    StateName{State::Discarded, "discarded"_L1}};

// By name, because the enum's order is nobody's promise and these words are on disks for years.
constexpr std::array kCodes{"cancelled"_L1,    "offline"_L1,   "timedOut"_L1, "rateLimited"_L1,
                            "unauthorized"_L1, "forbidden"_L1, "notFound"_L1, "conflict"_L1,
                            "invalidInput"_L1, "rejected"_L1,  "badReply"_L1, "storage"_L1};
static_assert(kCodes.size() == std::size_t(Errc::Storage) + 1, "an Errc without a name on disk");

constexpr std::array kActions{"create"_L1, "update"_L1, "note"_L1, "file"_L1};

} // namespace

QString nameOf(State state)
{
    return std::ranges::find(kStates, state, &StateName::state)->name;
}

std::optional<State> stateOf(const QString &name)
{
    const auto found =
        std::ranges::find_if(kStates, [&name](const StateName &row) { return row.name == name; });
    if (found == kStates.end())
        return std::nullopt;
    return found->state;
}

QString nameOf(crm::IntentAction action)
{
    return kActions.at(std::size_t(action));
}

Verdict verdictOn(const Error &error)
{
    if (error.code == Errc::Unauthorized)
        return Verdict::SignIn;
    const bool isOurs = error.code == Errc::Storage || error.code == Errc::Cancelled;
    if (isTransient(error.code) || isOutcomeUnknown(error.code) || error.httpStatus >= 500 || isOurs)
        return Verdict::TryLater;
    return Verdict::AskPerson;
}

bool mayHaveHappened(const Error &error)
{
    if (error.neverSent)
        return false;
    return isOutcomeUnknown(error.code) || error.httpStatus >= 500 || error.code == Errc::Cancelled;
}

bool isRepeatable(const Entry &entry)
{
    return !entry.mayExist || entry.intent.action != crm::IntentAction::Create ||
           !entry.intent.markerField.isEmpty();
}

std::chrono::milliseconds backOff(int attempts)
{
    using namespace std::chrono_literals;
    std::chrono::milliseconds wait = 5s;
    for (int i = 1; i < attempts && wait < 15min; ++i)
        wait *= 2;
    return std::min<std::chrono::milliseconds>(wait, 15min);
}

QJsonObject jsonOf(const crm::Intent &intent)
{
    return {{u"key"_s, intent.key},
            {u"chat"_s, intent.chat.value},
            {u"action"_s, nameOf(intent.action)},
            {u"kind"_s, intent.kind.name},
            {u"target"_s, store::jsonOf(intent.target)},
            {u"targetFrom"_s, intent.targetFrom},
            {u"fields"_s, store::jsonOf(intent.fields)},
            {u"markerField"_s, intent.markerField},
            {u"title"_s, intent.title},
            {u"text"_s, intent.text},
            {u"attachment"_s, intent.attachment},
            {u"mimeType"_s, intent.mimeType},
            {u"bases"_s, store::jsonOf(intent.bases)},
            {u"version"_s, intent.version},
            {u"allowDuplicate"_s, intent.allowDuplicate}};
}

crm::Intent intentOf(const QJsonObject &object)
{
    const QString action = object.value(u"action"_s).toString();
    const auto found =
        std::ranges::find_if(kActions, [&action](QLatin1StringView name) { return name == action; });
    crm::Intent intent;
    intent.key = object.value(u"key"_s).toString();
    intent.chat = {object.value(u"chat"_s).toString()};
    if (found != kActions.end())
        intent.action = crm::IntentAction(std::distance(kActions.begin(), found));
    intent.kind = {object.value(u"kind"_s).toString()};
    intent.target = store::refOf(object.value(u"target"_s).toObject());
    intent.targetFrom = object.value(u"targetFrom"_s).toString();
    intent.fields = store::fieldsOf(object.value(u"fields"_s).toObject());
    intent.markerField = object.value(u"markerField"_s).toString();
    intent.title = object.value(u"title"_s).toString();
    intent.text = object.value(u"text"_s).toString();
    intent.attachment = object.value(u"attachment"_s).toString();
    intent.mimeType = object.value(u"mimeType"_s).toString();
    intent.bases = store::fieldsOf(object.value(u"bases"_s).toObject());
    intent.version = object.value(u"version"_s).toString();
    intent.allowDuplicate = object.value(u"allowDuplicate"_s).toBool();
    return intent;
}

QJsonObject jsonOf(const Error &error)
{
    QJsonArray fields;
    for (const FieldError &field : error.fields)
        fields.append(QJsonObject{{u"field"_s, field.field}, {u"message"_s, field.message}});
    QJsonObject object{{u"code"_s, kCodes.at(std::size_t(error.code))},
                       {u"detail"_s, error.detail},
                       {u"remoteCode"_s, error.remoteCode},
                       {u"remoteMessage"_s, error.remoteMessage},
                       {u"httpStatus"_s, error.httpStatus},
                       {u"neverSent"_s, error.neverSent},
                       {u"isQuotaUsedUp"_s, error.isQuotaUsedUp},
                       {u"fields"_s, fields}};
    if (error.retryAfter)
        object.insert(u"retryAfter"_s, qint64(error.retryAfter->count()));
    return object;
}

Error errorOf(const QJsonObject &object)
{
    const QString code = object.value(u"code"_s).toString();
    const auto found = std::ranges::find_if(kCodes, [&code](QLatin1StringView name) { return name == code; });
    Error error;
    error.code = found == kCodes.end() ? Errc::BadReply : Errc(std::distance(kCodes.begin(), found));
    error.detail = object.value(u"detail"_s).toString();
    error.remoteCode = object.value(u"remoteCode"_s).toString();
    error.remoteMessage = object.value(u"remoteMessage"_s).toString();
    error.httpStatus = object.value(u"httpStatus"_s).toInt();
    error.neverSent = object.value(u"neverSent"_s).toBool();
    error.isQuotaUsedUp = object.value(u"isQuotaUsedUp"_s).toBool();
    if (object.contains(u"retryAfter"_s))
        error.retryAfter = std::chrono::seconds(object.value(u"retryAfter"_s).toInteger());
    for (const auto value : object.value(u"fields"_s).toArray()) {
        const QJsonObject field = value.toObject();
        error.fields += FieldError{field.value(u"field"_s).toString(), field.value(u"message"_s).toString()};
    }
    return error;
}

} // namespace parley::outbox
