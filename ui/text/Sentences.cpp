#include "ui/text/Sentences.h"

#include "core/crm/CrmClient.h"
#include "ui/text/PlainText.h"

#include <QCoreApplication>

namespace parley::ui {

using namespace Qt::Literals::StringLiterals;

namespace {

struct SentenceWords {
    Q_DECLARE_TR_FUNCTIONS(parley::ui::Sentences)
};

bool asksCrm(Doing doing)
{
    switch (doing) {
    case Doing::LookUp:
    case Doing::SaveRecord:
    case Doing::CreateRecord:
    case Doing::AddNote:
    case Doing::SearchRecords:
    case Doing::SignInCrm:
    case Doing::ReadForm:
    case Doing::WriteAtChatEnd:
        return true;
    default:
        return false;
    }
}

QString titleOf(Doing doing, const QString &crm, const QString &kind)
{
    const QString thing = kind.isEmpty() ? SentenceWords::tr("record") : kind;
    switch (doing) {
    case Doing::ConnectHub:
        return SentenceWords::tr("The hub did not answer");
    case Doing::SignInHub:
        return SentenceWords::tr("You are not signed in to the hub");
    case Doing::LoadChats:
        return SentenceWords::tr("The chat list did not load");
    case Doing::AcceptChat:
        return SentenceWords::tr("The chat was not accepted");
    case Doing::SendMessage:
        return SentenceWords::tr("Not sent");
    case Doing::SendFile:
        return SentenceWords::tr("The file was not sent");
    case Doing::FetchFile:
        return SentenceWords::tr("The file was not downloaded");
    case Doing::EndChat:
        return SentenceWords::tr("The chat was not ended");
    case Doing::LookUp:
        return SentenceWords::tr("The visitor was not looked up in %1").arg(crm);
    case Doing::SaveRecord:
        return SentenceWords::tr("%1 did not save this %2").arg(crm, thing);
    case Doing::CreateRecord:
        return SentenceWords::tr("%1 did not create this %2").arg(crm, thing);
    case Doing::AddNote:
        return SentenceWords::tr("The transcript was not added as a note");
    case Doing::SearchRecords:
        return SentenceWords::tr("%1 was not searched").arg(crm);
    case Doing::SignInCrm:
        return SentenceWords::tr("You are not signed in to %1").arg(crm);
    case Doing::ReadForm:
        return SentenceWords::tr("The fields could not be read");
    case Doing::WriteAtChatEnd:
        return kind.isEmpty() ? SentenceWords::tr("Not written to %1").arg(crm)
                              : SentenceWords::tr("The %1 is not written to %2 yet").arg(thing, crm);
    }
    return {};
}

QString waitWords(const Error &error)
{
    if (!error.retryAfter)
        return SentenceWords::tr("Parley tries again by itself.");
    const qint64 seconds = error.retryAfter->count();
    return seconds < 90 ? SentenceWords::tr("Parley tries again in %1 s.").arg(seconds)
                        : SentenceWords::tr("Parley tries again in %1 min.").arg((seconds + 59) / 60);
}

// The server's own words, as a quotation: they are data, and may say anything.
QString quoted(const Error &error, const QString &who)
{
    const QString words = safeLine(error.remoteMessage, 300);
    return words.isEmpty() ? QString() : SentenceWords::tr("%1 says “%2”").arg(who, isolated(words));
}

QString refusedWords(const Error &error, const QString &who)
{
    const int count = int(error.fields.size());
    if (count == 1)
        return SentenceWords::tr("One field needs a change.");
    if (count > 1)
        return SentenceWords::tr("%n fields need a change.", nullptr, count);
    const QString words = quoted(error, who);
    return words.isEmpty() ? SentenceWords::tr("%1 did not accept what was sent.").arg(who) : words;
}

QString offlineWords(Doing doing, const QString &who)
{
    switch (doing) {
    case Doing::SendMessage:
    case Doing::SendFile:
        return SentenceWords::tr("It is kept and sent when you are back online.");
    case Doing::SaveRecord:
        return SentenceWords::tr("%1 is not reachable. Your changes are kept.").arg(who);
    case Doing::CreateRecord:
        return SentenceWords::tr("%1 is not reachable. What you typed is kept.").arg(who);
    case Doing::AddNote:
    case Doing::WriteAtChatEnd:
        return SentenceWords::tr("%1 is not reachable. It is kept and written later.").arg(who);
    default:
        return SentenceWords::tr("%1 is not reachable. Check the connection and the address.").arg(who);
    }
}

QString unauthorizedWords(Doing doing, const QString &who)
{
    if (doing == Doing::SignInHub || doing == Doing::ConnectHub)
        return SentenceWords::tr("The email or the password does not fit.");
    return SentenceWords::tr("%1 asks you to sign in again. What waits is sent as soon as you do.").arg(who);
}

QString conflictWords(const Error &error, Doing doing, const QString &who)
{
    if (doing == Doing::SaveRecord && crm::duplicatesOf(error))
        return SentenceWords::tr(
                   "%1 has a record like that already. Your changes are kept: the record shows which, "
                   "and the ways on.")
            .arg(who);
    switch (doing) {
    case Doing::AcceptChat:
        return SentenceWords::tr("Another agent has accepted it, or you have as many chats as you can take.");
    case Doing::EndChat:
        return SentenceWords::tr("It has ended already.");
    case Doing::SaveRecord:
        return SentenceWords::tr(
                   "The record was changed in %1 meanwhile. Your changes are kept: look again, then save.")
            .arg(who);
    case Doing::CreateRecord:
        return SentenceWords::tr("%1 has such a record already.").arg(who);
    default:
        return SentenceWords::tr("It was changed meanwhile. Look again.");
    }
}

QString notFoundWords(Doing doing, const QString &who)
{
    switch (doing) {
    case Doing::AcceptChat:
        return SentenceWords::tr("Nobody waits any more.");
    case Doing::FetchFile:
        return SentenceWords::tr("The hub does not have it any more.");
    case Doing::ConnectHub:
    case Doing::SignInHub:
        return SentenceWords::tr("There is no hub at this address.");
    default:
        return SentenceWords::tr("%1 does not have it any more.").arg(who);
    }
}

QString detailOf(const Error &error, Doing doing, const QString &crm)
{
    const QString who = asksCrm(doing) ? crm : SentenceWords::tr("The hub");
    switch (error.code) {
    case Errc::Cancelled:
        return {};
    case Errc::Offline:
        return offlineWords(doing, who);
    case Errc::TimedOut:
        return SentenceWords::tr("%1 took too long to answer. %2").arg(who, waitWords(error));
    case Errc::RateLimited:
        return error.isQuotaUsedUp
                   ? SentenceWords::tr(
                         "%1 takes no more requests for now: your company has used up those of 24 hours.")
                         .arg(who)
                   : SentenceWords::tr("%1 is busy. %2").arg(who, waitWords(error));
    case Errc::Unauthorized:
        return unauthorizedWords(doing, who);
    case Errc::Forbidden: {
        const QString words = quoted(error, who);
        return words.isEmpty()
                   ? SentenceWords::tr("%1 does not let your user do this. An administrator can allow it.")
                         .arg(who)
                   : SentenceWords::tr("%1 An administrator can change that.").arg(words);
    }
    case Errc::NotFound:
        return notFoundWords(doing, who);
    case Errc::Conflict:
        return conflictWords(error, doing, who);
    case Errc::InvalidInput:
        return refusedWords(error, who);
    case Errc::Rejected: {
        const QString words = quoted(error, who);
        return words.isEmpty() ? SentenceWords::tr("A rule of %1 refused it.").arg(who) : words;
    }
    case Errc::BadReply:
        return error.httpStatus >= 500
                   ? SentenceWords::tr("%1 answered with an error (%2).").arg(who).arg(error.httpStatus)
                   : SentenceWords::tr("%1 gave an answer that Parley does not understand.").arg(who);
    case Errc::Storage:
        return doing == Doing::SendFile
                   ? SentenceWords::tr("The file could not be read from this computer.")
                   : SentenceWords::tr(
                         "It could not be kept on this computer. Check the free space on the disk.");
    }
    return {};
}

} // namespace

Explained explain(const Error &error, Doing doing, const QString &crm, const QString &kind)
{
    if (error.code == Errc::Cancelled)
        return {};
    const QString name = crm.isEmpty() ? SentenceWords::tr("The CRM") : crm;
    return {titleOf(doing, name, kind), detailOf(error, doing, name)};
}

QString sentence(const Error &error, Doing doing, const QString &crm, const QString &kind)
{
    const Explained words = explain(error, doing, crm, kind);
    return words.title.isEmpty() ? QString() : words.title + u". "_s + words.detail;
}

QString technicalDetails(const Error &error)
{
    QStringList lines;
    if (!error.remoteCode.isEmpty())
        lines += safeLine(error.remoteCode);
    if (error.httpStatus != 0)
        lines += u"HTTP %1"_s.arg(error.httpStatus);
    if (!error.remoteMessage.isEmpty())
        lines += safeText(error.remoteMessage);
    for (const FieldError &field : error.fields)
        lines += u"%1: %2"_s.arg(safeLine(field.field), safeLine(field.message));
    if (!error.detail.isEmpty())
        lines += safeLine(error.detail);
    return lines.join(u'\n');
}

} // namespace parley::ui
