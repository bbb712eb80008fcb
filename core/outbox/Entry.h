// One promised write of the outbox as it stands: what, how often tried, and what came of it.
#pragma once

#include "core/crm/Plan.h"

#include <QUrl>

#include <optional>

namespace parley::outbox {

/// Tried so often before a person is asked (UX.md section 8).
inline constexpr int kMaxAttempts = 8;

enum class State {
    Queued,         ///< due now, or waiting for its turn or its parent
    Sending,        ///< on its way; found so after a crash, its outcome is unknown
    Retrying,       ///< due at nextTry
    WaitsForSignIn, ///< goes on by itself once a person signed in again
    NeedsYou,       ///< refused, or tried too often: a person decides
    Done,
    Discarded ///< given up by a person; kept 30 days
};

struct Entry {
    qint64 position = 0; ///< the order in which they were promised
    crm::Intent intent;
    /// The org that it was promised to: it goes to no other. Empty (an older version kept none): to the next
    /// one.
    QString organisation = {};
    State state = State::Queued;
    int attempts = 0;
    QDateTime nextTry; ///< of Retrying
    /// An earlier attempt may have been carried out: the CRM is asked before it is written again.
    bool mayExist = false;
    std::optional<Error> error; ///< of the last attempt
    RecordRef result;           ///< of Done
    QString resultTitle;
    QUrl resultUrl;
    QDateTime addedAt;
    QDateTime changedAt;
    friend bool operator==(const Entry &, const Entry &) = default;

    [[nodiscard]] bool isFinished() const { return state == State::Done || state == State::Discarded; }
};

/// The words under which a state and an action are stored and printed by parleyctl.
QString nameOf(State state);
std::optional<State> stateOf(const QString &name);
QString nameOf(crm::IntentAction action);

/// What a failed attempt means for the write.
enum class Verdict { TryLater, SignIn, AskPerson };
Verdict verdictOn(const Error &error);
/// True where the write may have been carried out all the same.
bool mayHaveHappened(const Error &error);
/// False for a create that may have happened and that nothing can find again: sending it once more could make
/// a second.
bool isRepeatable(const Entry &entry);
/// How long to wait after that many failed attempts, before jitter: 5 s doubling to 15 min.
std::chrono::milliseconds backOff(int attempts);

QJsonObject jsonOf(const crm::Intent &intent);
crm::Intent intentOf(const QJsonObject &object);
QJsonObject jsonOf(const Error &error);
Error errorOf(const QJsonObject &object);

} // namespace parley::outbox
