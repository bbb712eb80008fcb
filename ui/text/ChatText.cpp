#include "ui/text/ChatText.h"

#include "ui/text/PlainText.h"
#include "ui/text/Sentences.h"
#include "ui/text/When.h"

#include <QCoreApplication>
#include <QRegularExpression>

namespace parley::ui {

using namespace Qt::Literals::StringLiterals;

namespace {

struct ChatWords {
    Q_DECLARE_TR_FUNCTIONS(parley::ui::ChatText)
};

// A number that people can say to each other. Chat ids are letters and digits: the last digits will do, and
// an id without any gives a number from its characters, so that the same visitor is always called the same.
QString shortNumber(const QString &id)
{
    QString digits;
    for (const QChar c : id) {
        if (c >= u'0' && c <= u'9')
            digits += c;
    }
    if (digits.size() >= 3)
        return digits.right(5);
    uint sum = 7;
    for (const QChar c : id)
        sum = sum * 31 + c.unicode();
    return QString::number(10000 + sum % 90000);
}

} // namespace

QString visitorName(const QString &name, const ChatId &id)
{
    const QString safe = safeLine(name, 200);
    return safe.isEmpty() ? ChatWords::tr("Visitor %1").arg(shortNumber(id.value)) : safe;
}

QString visitorName(const desk::ChatRow &row)
{
    return visitorName(row.name, row.id);
}

QString shortName(const QString &name)
{
    const QString safe = safeLine(name, 200);
    return safe.section(u' ', 0, 0);
}

QString badgeText(desk::CrmBadge badge, int matches)
{
    switch (badge) {
    case desk::CrmBadge::NotConnected:
        return {};
    case desk::CrmBadge::Looking:
        return ChatWords::tr("Looking…");
    case desk::CrmBadge::NotInCrm:
        return ChatWords::tr("Not in CRM");
    case desk::CrmBadge::Contact:
        return ChatWords::tr("Contact");
    case desk::CrmBadge::Lead:
        return ChatWords::tr("Lead");
    case desk::CrmBadge::Account:
        return ChatWords::tr("Account");
    case desk::CrmBadge::Several:
        return ChatWords::tr("%n matches", nullptr, matches);
    case desk::CrmBadge::Failed:
        return ChatWords::tr("Not looked up");
    }
    return {};
}

QString badgeLinkText(desk::CrmBadge badge, int matches, const QString &crm)
{
    switch (badge) {
    case desk::CrmBadge::Contact:
        return ChatWords::tr("Contact in %1").arg(crm);
    case desk::CrmBadge::Lead:
        return ChatWords::tr("Lead in %1").arg(crm);
    case desk::CrmBadge::Account:
        return ChatWords::tr("Account in %1").arg(crm);
    case desk::CrmBadge::NotInCrm:
        return ChatWords::tr("Not in %1").arg(crm);
    case desk::CrmBadge::Several:
        return ChatWords::tr("%n matches in %1", nullptr, matches).arg(crm);
    case desk::CrmBadge::Looking:
        return ChatWords::tr("Looking in %1…").arg(crm);
    default:
        return badgeText(badge, matches);
    }
}

QString channelText(Channel channel)
{
    switch (channel) {
    case Channel::Web:
        return ChatWords::tr("website");
    case Channel::Messenger:
        return ChatWords::tr("web messenger");
    case Channel::Sms:
        return ChatWords::tr("text message");
    case Channel::Mail:
        return ChatWords::tr("email");
    }
    return {};
}

QString channelIcon(Channel channel)
{
    switch (channel) {
    case Channel::Web:
        return u"globe"_s;
    case Channel::Messenger:
        return u"message"_s;
    case Channel::Sms:
        return u"sms"_s;
    case Channel::Mail:
        return u"mail"_s;
    }
    return {};
}

QString previewText(const desk::ChatRow &row)
{
    if (row.isTyping)
        return ChatWords::tr("%1 is typing…").arg(isolated(shortName(visitorName(row))));
    if (!row.draft.trimmed().isEmpty())
        return ChatWords::tr("Draft: %1").arg(safeLine(row.draft));
    const QString text = safeLine(row.preview);
    if (row.previewAuthor == Author::Agent && !text.isEmpty())
        return ChatWords::tr("You: %1").arg(text);
    if (row.previewAuthor == Author::Bot && !text.isEmpty())
        return ChatWords::tr("Bot: %1").arg(text);
    return text;
}

QString unreadText(int count)
{
    return ChatWords::tr("%n unread", nullptr, count);
}

QString visitorsText(int count)
{
    return count == 1 ? ChatWords::tr("1 visitor") : ChatWords::tr("%n visitors", nullptr, count);
}

QString newMessagesText(int count)
{
    return ChatWords::tr("%n new", nullptr, count);
}

QString spokenRow(const desk::ChatRow &row, const QDateTime &now)
{
    QStringList parts{visitorName(row)};
    const QString badge = badgeText(row.badge, row.matches);
    if (row.badge == desk::CrmBadge::NotInCrm)
        parts += ChatWords::tr("not in CRM");
    else if (!badge.isEmpty())
        parts += badge;
    parts += channelText(row.channel);
    if (!row.segment.isEmpty())
        parts += safeLine(row.segment, 80);
    if (row.state == ChatState::Waiting && !row.department.isEmpty())
        parts += safeLine(row.department, 80);
    if (row.unread > 0)
        parts += unreadText(row.unread);
    if (row.waitingSince.isValid()) {
        const std::chrono::seconds waited(std::max<qint64>(0, row.waitingSince.secsTo(now)));
        parts += ChatWords::tr("waiting %1").arg(spokenDuration(waited));
        if (waited.count() >= 180)
            parts += ChatWords::tr("over 3 minutes");
        else if (waited.count() >= 60)
            parts += ChatWords::tr("over 1 minute");
    }
    if (row.state == ChatState::Ended)
        parts += ChatWords::tr("ended");
    if (row.hasUnsavedEdits)
        parts += ChatWords::tr("unsaved changes");
    return parts.join(u", "_s) + u". "_s + previewText(row);
}

QString deliveryText(desk::Delivery delivery)
{
    switch (delivery) {
    case desk::Delivery::Sending:
        return ChatWords::tr("Sending");
    case desk::Delivery::Sent:
        return ChatWords::tr("Sent");
    case desk::Delivery::Delivered:
        return ChatWords::tr("Delivered");
    case desk::Delivery::Read:
        return ChatWords::tr("Read");
    case desk::Delivery::NotSent:
        return ChatWords::tr("Not sent");
    }
    return {};
}

QString eventText(const Message &message)
{
    const QString who = isolated(safeLine(message.authorName, 100));
    const QString time = timeText(message.at);
    if (message.event == "started"_L1)
        return ChatWords::tr("Chat started %1").arg(time);
    if (message.event == "accepted"_L1)
        return message.authorName.isEmpty() ? ChatWords::tr("Chat accepted %1").arg(time)
                                            : ChatWords::tr("%1 joined, %2").arg(who, time);
    if (message.event == "ended"_L1)
        return message.authorName.isEmpty() ? ChatWords::tr("Chat ended %1").arg(time)
                                            : ChatWords::tr("%1 ended the chat, %2").arg(who, time);
    if (message.event == "transferred"_L1)
        return ChatWords::tr("Chat moved to %1, %2").arg(who, time);
    if (message.event == "recordLinked"_L1)
        return ChatWords::tr("A record was linked, %1").arg(time);
    const QString text = safeLine(message.text);
    return text.isEmpty() ? time : text;
}

QString spokenItem(const desk::ThreadItem &item, const QString &visitor)
{
    const Message &message = item.message;
    const QString time = timeText(message.at);
    // What is drawn needs marks around foreign words; what is spoken would only stumble over them.
    static const QRegularExpression isolates(u"[\u2066-\u2069]"_s);
    if (message.kind == MessageKind::Event)
        return eventText(message).remove(isolates);
    const QString what =
        message.attachment ? ChatWords::tr("File %1, %2")
                                 .arg(safeLine(message.attachment->name), sizeText(message.attachment->size))
                           : safeText(message.text);
    QString who = safeLine(message.authorName, 100);
    if (message.kind == MessageKind::Note)
        return ChatWords::tr("Internal note from %1, %2. %3").arg(who, time, what);
    if (item.isMine)
        return ChatWords::tr("You said, %1, %2. %3").arg(time, deliveryText(item.delivery).toLower(), what);
    if (who.isEmpty() && message.author == Author::Visitor)
        who = visitor;
    return ChatWords::tr("%1 said, %2. %3").arg(who.isEmpty() ? ChatWords::tr("Visitor") : who, time, what);
}

QString presenceText(Presence presence)
{
    switch (presence) {
    case Presence::Offline:
        return ChatWords::tr("Offline");
    case Presence::Away:
        return ChatWords::tr("Away");
    case Presence::Available:
        return ChatWords::tr("Available");
    }
    return {};
}

QString kindText(const RecordKind &kind)
{
    if (kind == kinds::contact)
        return ChatWords::tr("contact");
    if (kind == kinds::lead)
        return ChatWords::tr("lead");
    if (kind == kinds::account)
        return ChatWords::tr("account");
    if (kind == kinds::crmCase)
        return ChatWords::tr("case");
    if (kind == kinds::task)
        return ChatWords::tr("task");
    if (kind == kinds::note)
        return ChatWords::tr("note");
    if (kind == kinds::file)
        return ChatWords::tr("file");
    return safeLine(kind.name, 80);
}

QString writeStateText(const desk::WriteLine &line, const QString &crm, const QDateTime &now)
{
    switch (line.state) {
    case desk::WriteState::Planned:
        return ChatWords::tr("Written when the chat ends");
    case desk::WriteState::Queued:
        return ChatWords::tr("Queued");
    case desk::WriteState::Sending:
        return ChatWords::tr("Sending");
    case desk::WriteState::Retrying: {
        const QString next = line.nextTry > now ? timeText(line.nextTry) : ChatWords::tr("now");
        if (line.error && line.error->isQuotaUsedUp)
            return ChatWords::tr("%1 takes no more requests for now. Next try %2.").arg(crm, next);
        if (line.error && line.error->code == Errc::RateLimited)
            return ChatWords::tr("%1 is busy. Next try %2.").arg(crm, next);
        if (line.error && isTransient(line.error->code)) // an outage uses up no tries
            return ChatWords::tr("%1 is not reachable. Next try %2.").arg(crm, next);
        return ChatWords::tr("Next try %1, try %2 of %3.")
            .arg(next)
            .arg(line.attempt + 1)
            .arg(line.maxAttempts);
    }
    case desk::WriteState::ForAnotherOrg:
        return ChatWords::tr("Waits for the %1 org that it was promised to").arg(crm);
    case desk::WriteState::NeedsYou:
        return line.error ? explain(*line.error, Doing::WriteAtChatEnd, crm).detail
                          : ChatWords::tr("Needs you");
    case desk::WriteState::Done:
        return ChatWords::tr("Done");
    }
    return {};
}

} // namespace parley::ui
