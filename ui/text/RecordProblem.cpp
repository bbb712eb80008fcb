#include "ui/text/RecordText.h"

#include <algorithm>

namespace parley::ui {

using namespace Qt::Literals::StringLiterals;
using desk::TabState;
using desk::WriteState;

Words RecordText::problem(const Error &error, const QString &crm)
{
    switch (error.code) {
    case Errc::Cancelled:
        return {tr("The lookup was stopped"), tr("The chat goes on. Look again when you are ready.")};
    case Errc::Offline:
        return {tr("%1 is not reachable").arg(crm),
                tr("The chat goes on. Your edits are kept and sent later.")};
    case Errc::TimedOut:
        return {tr("%1 did not answer in time").arg(crm), tr("The chat goes on. Your edits are kept.")};
    case Errc::RateLimited:
        if (error.isQuotaUsedUp)
            return {
                tr("%1 takes no more requests for now").arg(crm),
                tr("Your company has used up those of 24 hours. It goes on by itself as they become free.")};
        if (error.retryAfter)
            return {tr("%1 is busy").arg(crm),
                    tr("It asks to wait %1 seconds. The chat goes on.").arg(error.retryAfter->count())};
        return {tr("%1 is busy").arg(crm), tr("It allows no more calls for now. The chat goes on.")};
    case Errc::Unauthorized:
        return {tr("%1 asks you to sign in again").arg(crm), tr("What you typed is kept.")};
    case Errc::Forbidden:
        return {tr("You cannot see this record"),
                tr("%1 does not let your user read it. An administrator can allow it.").arg(crm)};
    case Errc::NotFound:
        return {tr("This record is gone"), tr("It was deleted or merged in %1.").arg(crm)};
    case Errc::Conflict:
        return {tr("This record changed in %1").arg(crm),
                tr("Read it again before you save. Your edits are kept.")};
    case Errc::InvalidInput:
    case Errc::Rejected:
        return {tr("%1 refused the lookup").arg(crm),
                error.remoteMessage.isEmpty() ? tr("An administrator can check the match rules.")
                                              : tr("It says: “%1”").arg(oneLine(error.remoteMessage))};
    case Errc::BadReply:
        return {tr("%1 sent an answer that Parley cannot read").arg(crm),
                error.httpStatus > 0
                    ? tr("The answer had the code %1. The chat goes on.").arg(error.httpStatus)
                    : tr("The chat goes on.")};
    case Errc::Storage:
        return {tr("This computer could not keep the record"), tr("The disk may be full. The chat goes on.")};
    }
    return {};
}

Words RecordText::outage(const Error &error, const desk::RecordTab &tab)
{
    const Words words = problem(error, crmName(tab.crm));
    if (error.isQuotaUsedUp)
        return words;
    const QString at = time(tab.lookedUpAt);
    if (tab.state != TabState::Matched || at.isEmpty())
        return {words.title, tr("It is asked again by itself. The chat goes on.")};
    return {words.title, tr("Shown as read at %1. Changes are kept and sent later.").arg(at)};
}

Words RecordText::saveProblem(const Error &error, const QString &crm, const RecordKind &kind,
                              int refusedFields)
{
    if (error.remoteCode.contains(u"DUPLICATE"_s))
        return {tr("%1 has a record like this %2").arg(crm, kindWord(kind)),
                error.remoteMessage.isEmpty()
                    ? tr("Nothing was saved.")
                    : tr("It says: “%1” Nothing was saved.").arg(oneLine(error.remoteMessage))};
    const QString notSaved = tr("%1 did not save this %2.").arg(crm, kindWord(kind));
    switch (error.code) {
    case Errc::InvalidInput:
    case Errc::Rejected:
        if (refusedFields == 1)
            return {tr("%1 One field needs a change.").arg(notSaved), {}};
        if (refusedFields > 1)
            return {tr("%1 %2 fields need a change.").arg(notSaved, count(refusedFields)), {}};
        return {notSaved, error.remoteMessage.isEmpty()
                              ? tr("It gave no reason.")
                              : tr("It says: “%1”").arg(oneLine(error.remoteMessage))};
    case Errc::Conflict:
        if (error.remoteMessage.isEmpty())
            return {tr("Changed in %1 meanwhile").arg(crm),
                    tr("Nothing was saved. Your edits are kept. Look again to compare.")};
        return {notSaved, tr("It says: “%1”").arg(oneLine(error.remoteMessage))};
    case Errc::Unauthorized:
        return {tr("%1 asks you to sign in again").arg(crm),
                tr("Nothing was saved. What you typed is kept.")};
    case Errc::Forbidden:
        return {notSaved, error.remoteMessage.isEmpty()
                              ? tr("Your user may not change it. An administrator can allow it.")
                              : tr("It says: “%1”").arg(oneLine(error.remoteMessage))};
    case Errc::Offline:
    case Errc::TimedOut:
    case Errc::BadReply:
        return {tr("It is not known whether %1 saved this %2").arg(crm, kindWord(kind)),
                tr("No answer came. What you typed is kept; saving again looks for it first.")};
    case Errc::RateLimited:
        return {problem(error, crm).title, tr("Nothing was saved. What you typed is kept.")};
    case Errc::NotFound:
        return {tr("This record is gone"),
                tr("It was deleted or merged in %1. What you typed is kept.").arg(crm)};
    case Errc::Cancelled:
        return {tr("Saving was stopped"), tr("What you typed is kept.")};
    case Errc::Storage:
        return {tr("This computer could not keep the change"), tr("The disk may be full.")};
    }
    return {};
}

Words RecordText::conflict(const desk::RecordCard &card, const QString &crm)
{
    const QString who = oneLine(card.changedBy);
    const QString at = time(card.changedAt);
    const QString title = who.isEmpty()  ? tr("Changed in %1 meanwhile").arg(crm)
                          : at.isEmpty() ? tr("Changed in %1 by %2").arg(crm, who)
                                         : tr("Changed in %1 by %2 at %3").arg(crm, who, at);
    return {title,
            card.contestedCount() == 1
                ? tr("Nothing was saved. Choose whose value counts, then save.")
                : tr("Nothing was saved. Choose for each marked field whose value counts, then save.")};
}

Words RecordText::signInProblem(const Error &error, const QString &crm)
{
    const QString code = error.remoteCode.toLower();
    if (code == u"access_denied"_s)
        return {tr("%1 was not allowed").arg(crm),
                tr("You refused the access on its page. Parley needs it to show and save records.")};
    if (code == u"wrong_state"_s || code == u"state_mismatch"_s)
        return {tr("The answer did not belong to this sign-in"),
                tr("It was thrown away, and nothing was connected. Start again.")};
    if (code == u"port_in_use"_s || code == u"address_in_use"_s)
        return {tr("The browser's answer cannot reach Parley"),
                tr("Another program uses the port that %1 was told. Close it, or sign in in Parley's window.")
                    .arg(crm)};
    if (code == u"invalid_client"_s || code == u"invalid_client_id"_s || code == u"redirect_uri_mismatch"_s)
        return {tr("%1 does not know this Parley").arg(crm),
                tr("An administrator must check the connected app.")};
    if (error.code == Errc::Cancelled)
        return {tr("The sign-in was cancelled"), tr("Nothing was connected.")};
    if (error.code == Errc::TimedOut)
        return {tr("The sign-in took too long"),
                tr("%1 did not answer in time. Nothing was connected.").arg(crm)};
    if (error.code == Errc::Offline)
        return {tr("%1 is not reachable").arg(crm), tr("Check the address and the network.")};
    if (error.code == Errc::Storage)
        return {tr("The sign-in could not be kept"), tr("The system keychain refused it.")};
    return {tr("%1 refused the sign-in").arg(crm),
            error.remoteMessage.isEmpty() ? tr("Nothing was connected.")
                                          : tr("It says: “%1”").arg(oneLine(error.remoteMessage))};
}

QString RecordText::usage(const crm::Usage &usage, const QLocale &locale)
{
    const QString used = locale.toString(usage.used);
    const QString limit = locale.toString(usage.limit);
    if (!usage.isNearLimit())
        return tr("%1 of %2 requests of 24 hours are used").arg(used, limit);
    return tr("%1 of %2 requests of 24 hours are used. At the limit nothing is looked up or written until "
              "some are "
              "free again.")
        .arg(used, limit);
}

QString RecordText::forAdmin(const Error &error, const desk::CrmStatus &crm)
{
    QStringList lines;
    lines.append(tr("CRM: %1").arg(crmName(crm)));
    if (!crm.host.isEmpty())
        lines.append(tr("Host: %1").arg(oneLine(crm.host)));
    if (!crm.userName.isEmpty())
        lines.append(tr("User: %1").arg(oneLine(crm.userName)));
    lines.append(tr("What: %1").arg(problem(error, crmName(crm)).title));
    if (error.httpStatus > 0)
        lines.append(tr("HTTP status: %1").arg(error.httpStatus));
    if (!error.remoteCode.isEmpty())
        lines.append(tr("Code: %1").arg(oneLine(error.remoteCode)));
    if (!error.remoteMessage.isEmpty())
        lines.append(tr("Message: %1").arg(oneLine(error.remoteMessage)));
    if (!error.detail.isEmpty())
        lines.append(tr("Detail: %1").arg(oneLine(error.detail)));
    return lines.join(u'\n');
}

QString RecordText::statusLine(const desk::RecordTab &tab, const QLocale &locale)
{
    const QString crm = crmName(tab.crm);
    const QString at = time(tab.lookedUpAt);
    switch (tab.state) {
    case TabState::NotConnected:
        return tab.crm.state == desk::CrmState::Connected ? tr("Connected to %1").arg(crm)
                                                          : tr("No CRM is connected. Nothing is written");
    case TabState::Looking:
        return tr("Looking in %1…").arg(crm);
    case TabState::Several:
        return tr("Nothing is written until you pick a record");
    case TabState::Failed:
        return tr("Nothing written yet");
    case TabState::NotFound: {
        if (at.isEmpty())
            return tr("Nothing written yet");
        const QString seconds = locale.toString(std::max(0.1, double(tab.elapsed.count()) / 1000.0), 'f',
                                                1); // "0.0 s" is no time
        return tr("Looked up in %1 s, %2. Nothing written yet").arg(seconds, at);
    }
    case TabState::Matched:
        break;
    }
    if (tab.crm.state == desk::CrmState::SignInNeeded)
        return at.isEmpty() ? tr("%1 asks you to sign in again").arg(crm) : tr("As read at %1").arg(at);
    const auto needsYou = std::ranges::count(tab.writes, WriteState::NeedsYou, &desk::WriteLine::state);
    if (needsYou > 0)
        return needsYou == 1 ? tr("1 write needs you") : tr("%n writes need you", nullptr, int(needsYou));
    const auto isWaitingChange = [](const desk::WriteLine &line) {
        return line.action == crm::IntentAction::Update &&
               (line.state == WriteState::Queued || line.state == WriteState::Retrying);
    };
    if (std::ranges::any_of(tab.writes, isWaitingChange))
        return tr("Saved here. Sent when %1 answers").arg(crm);
    if (std::ranges::find(tab.writes, WriteState::Retrying, &desk::WriteLine::state) != tab.writes.end())
        return tr("Not all is written to %1 yet").arg(crm);
    if (std::ranges::find(tab.writes, WriteState::ForAnotherOrg, &desk::WriteLine::state) != tab.writes.end())
        return tr("A write waits for another org");
    int changed = 0;
    bool isSaving = false;
    bool isRefused = false;
    for (const desk::RecordCard &card : tab.cards) {
        changed += card.changedCount();
        isSaving = isSaving || card.isSaving;
        isRefused = isRefused || card.saveError.has_value();
    }
    if (isSaving)
        return tr("Saving in %1…").arg(crm);
    if (isRefused)
        return tr("Not saved in %1. Your edits are kept").arg(crm);
    if (changed > 0)
        return changed == 1 ? tr("1 change is not saved yet")
                            : tr("%n changes are not saved yet", nullptr, changed);
    return at.isEmpty() ? tr("In sync with %1").arg(crm) : tr("In sync with %1, %2").arg(crm, at);
}

Words RecordText::changeLine(const desk::WriteLine &line, const QString &crm)
{
    const QString kind = kindWord(line.kind);
    switch (line.state) {
    case WriteState::Planned:
    case WriteState::Queued:
        return {tr("A change of the %1 waits to be sent").arg(kind), tr("Safe if you close Parley")};
    case WriteState::Sending:
        return {tr("Sending the change of the %1…").arg(kind), {}};
    case WriteState::Retrying:
        return {tr("A change of the %1 waits for %2").arg(kind, crm),
                line.nextTry.isValid() ? tr("Next try %1. Safe if you close Parley").arg(time(line.nextTry))
                                       : tr("Safe if you close Parley")};
    case WriteState::ForAnotherOrg:
        return {
            tr("A change of the %1 waits for another org").arg(kind),
            tr("It was promised to the %1 org that was connected then. Connect that one again to send it.")
                .arg(crm)};
    case WriteState::NeedsYou:
        return {tr("%1 not saved").arg(kindName(line.kind)),
                line.error ? saveProblem(*line.error, crm, line.kind, int(line.error->fields.size())).title
                           : tr("It needs you.")};
    case WriteState::Done:
        return {tr("%1 saved").arg(kindName(line.kind)), oneLine(line.title)};
    }
    return {};
}

Words RecordText::writeLine(const desk::WriteLine &line, const QString &crm)
{
    if (line.action == crm::IntentAction::Update)
        return changeLine(line, crm);
    const QString kind = kindName(line.kind);
    const QString title = oneLine(line.title);
    switch (line.state) {
    case WriteState::Planned:
        return {tr("%1 when this chat ends").arg(kind), title};
    case WriteState::Queued:
        return {tr("%1 waits to be sent").arg(kind), tr("Safe if you close Parley")};
    case WriteState::Sending:
        return {tr("Sending the %1…").arg(kindWord(line.kind)), title};
    case WriteState::Retrying: {
        const QString why = line.error ? problem(*line.error, crm).title : tr("%1 did not take it").arg(crm);
        // An outage uses up no tries.
        if (line.nextTry.isValid() && line.error && isTransient(line.error->code))
            return {tr("%1 not written yet").arg(kind), tr("%1. Next try %2.").arg(why, time(line.nextTry))};
        if (line.nextTry.isValid())
            return {tr("%1 not written yet").arg(kind), tr("%1. Next try %2, try %3 of %4.")
                                                            .arg(why, time(line.nextTry))
                                                            .arg(line.attempt + 1)
                                                            .arg(line.maxAttempts)};
        return {tr("%1 not written yet").arg(kind), why};
    }
    case WriteState::ForAnotherOrg:
        return {
            tr("%1 waits for another org").arg(kind),
            tr("It was promised to the %1 org that was connected then. Connect that one again to send it.")
                .arg(crm)};
    case WriteState::NeedsYou: {
        if (!line.error)
            return {tr("%1 not written").arg(kind), tr("It needs you.")};
        if (!line.error->remoteMessage.isEmpty())
            return {tr("%1 not written").arg(kind),
                    tr("%1 says: “%2”").arg(crm, oneLine(line.error->remoteMessage))};
        return {tr("%1 not written").arg(kind),
                saveProblem(*line.error, crm, line.kind, int(line.error->fields.size())).title};
    }
    case WriteState::Done: {
        const QString name =
            line.resultTitle.isEmpty() ? kind : tr("%1 %2").arg(kind, oneLine(line.resultTitle));
        if (line.kind == kinds::note)
            return {tr("Transcript added as a note"), {}};
        return {tr("%1 attached").arg(name), title};
    }
    }
    return {};
}

} // namespace parley::ui
