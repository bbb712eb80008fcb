#include "app/ctl/OutboxCommands.h"

#include "core/base/Redact.h"
#include "core/desk/ProfileSchema.h"
#include "core/outbox/OutboxTable.h"
#include "core/store/Database.h"

#include <QFile>
#include <QJsonArray>

namespace parley::ctl {

using namespace Qt::Literals::StringLiterals;

namespace {

QString instant(const QDateTime &at)
{
    return at.isValid() ? at.toUTC().toString(Qt::ISODate) : QString();
}

QString titleOf(const crm::Intent &intent)
{
    const QString subject = intent.fields.value(u"Subject"_s).toString();
    return subject.isEmpty() ? intent.title : subject;
}

QJsonObject jsonOf(const outbox::Entry &entry)
{
    QJsonObject json{{u"key"_s, entry.intent.key},
                     {u"chat"_s, entry.intent.chat.value},
                     {u"action"_s, outbox::nameOf(entry.intent.action)},
                     {u"kind"_s, entry.intent.kind.name},
                     {u"title"_s, titleOf(entry.intent)},
                     {u"state"_s, outbox::nameOf(entry.state)},
                     {u"attempts"_s, entry.attempts},
                     {u"maxAttempts"_s, outbox::kMaxAttempts},
                     {u"mayExist"_s, entry.mayExist},
                     {u"addedAt"_s, instant(entry.addedAt)},
                     {u"changedAt"_s, instant(entry.changedAt)}};
    if (!entry.organisation.isEmpty())
        json[u"organisation"] = entry.organisation;
    if (entry.nextTry.isValid())
        json[u"nextTry"] = instant(entry.nextTry);
    if (entry.error)
        json[u"error"] = ctl::jsonOf(*entry.error, {});
    if (!entry.result.isEmpty())
        json[u"result"] = QJsonObject{{u"kind"_s, entry.result.kind.name},
                                      {u"id"_s, entry.result.id.value},
                                      {u"title"_s, entry.resultTitle},
                                      {u"url"_s, entry.resultUrl.toString(QUrl::FullyEncoded)}};
    return json;
}

} // namespace

Result<Reply> listOutbox(const QString &profileDir)
{
    const QString path = profileDir + u"/parley.db"_s;
    QList<outbox::Entry> entries;
    if (QFile::exists(path)) { // to look at a profile must not make one
        const auto database = store::Database::open(path, desk::profileSchema());
        if (!database)
            return fail({.code = Errc::Storage, .detail = u"%1: %2"_s.arg(path, database.error().detail)});
        auto loaded = outbox::OutboxTable(*database).load(QDateTime::currentDateTimeUtc());
        if (!loaded)
            return fail(loaded.error());
        entries = *loaded;
    }
    Reply reply;
    QJsonArray writes;
    int needingYou = 0;
    for (const outbox::Entry &entry : entries) {
        writes += jsonOf(entry);
        needingYou += entry.state == outbox::State::NeedsYou ? 1 : 0;
        const QString outcome =
            entry.result.isEmpty() ? (entry.error ? entry.error->remoteCode : QString()) : entry.resultTitle;
        reply.lines += u"%1  %2  %3  %4"_s.arg(
            outbox::nameOf(entry.state).leftJustified(14), entry.intent.kind.name.leftJustified(8),
            forLog(QStringView(titleOf(entry.intent)), 60), forLog(QStringView(outcome), 60));
    }
    if (entries.isEmpty())
        reply.lines += QFile::exists(path)
                           ? u"Nothing waits to be written."_s
                           : u"Nothing waits to be written: there is no profile in %1 yet."_s.arg(profileDir);
    reply.json = {{u"writes"_s, writes}, {u"needsYou"_s, needingYou}};
    return reply;
}

} // namespace parley::ctl
