// The words for chats: names, badges, previews, and the whole row as a screen reader speaks it.
#pragma once

#include "core/desk/DeskValues.h"

#include <QString>

namespace parley::ui {

/// The visitor's name, made safe; "Visitor 48213" where none is known.
[[nodiscard]] QString visitorName(const desk::ChatRow &row);
[[nodiscard]] QString visitorName(const QString &name, const ChatId &id);
/// As typing text and sentences call the visitor: the first word of the name.
[[nodiscard]] QString shortName(const QString &name);
/// "Contact", "3 matches", "Not in CRM", "Looking…"; empty where no CRM is connected.
[[nodiscard]] QString badgeText(desk::CrmBadge badge, int matches);
/// The header's badge: "Contact in Salesforce".
[[nodiscard]] QString badgeLinkText(desk::CrmBadge badge, int matches, const QString &crm);
[[nodiscard]] QString channelText(Channel channel);
[[nodiscard]] QString channelIcon(Channel channel);
/// The third line of a row: "Amelia is typing…", "Draft: …", "You: …", "Bot: …" or the message itself.
[[nodiscard]] QString previewText(const desk::ChatRow &row);
/// "Tomás Keller, not in CRM, web messenger, 2 unread, waiting 1 minute 52, over 1 minute. Do you have a
/// plan?"
[[nodiscard]] QString spokenRow(const desk::ChatRow &row, const QDateTime &now);
[[nodiscard]] QString deliveryText(desk::Delivery delivery);
/// "You said, 10:42, read. Thanks, Amelia." or "Internal note from Maya Ortiz, 10:43. …"
/// visitor is what the visitor is called where the message itself does not say.
[[nodiscard]] QString spokenItem(const desk::ThreadItem &item, const QString &visitor = {});
/// The line for an event: "Chat started 10:38", "Nora Whitfield joined".
[[nodiscard]] QString eventText(const Message &message);
[[nodiscard]] QString presenceText(Presence presence);
[[nodiscard]] QString unreadText(int count);
[[nodiscard]] QString visitorsText(int count);
[[nodiscard]] QString newMessagesText(int count);
[[nodiscard]] QString writeStateText(const desk::WriteLine &line, const QString &crm, const QDateTime &now);
[[nodiscard]] QString kindText(const RecordKind &kind);

} // namespace parley::ui
