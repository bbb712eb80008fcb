// The live-chat fields: everything that Parley knows about a visitor and a chat, addressed as
// {!Category.Name}. It is the left side of every mapping, match rule, condition and variable (DESIGN.md
// section 5).
#pragma once

#include <QList>
#include <QMap>
#include <QString>

#include <optional>

namespace parley {

/// Values by "Category.Name", for example "Visitor.Email", "LiveChat.Phone", "Variable.OrderId", "Chat.Id".
/// A field that is absent and one that is empty mean the same: nothing is known.
using LiveChatFields = QMap<QString, QString>;

namespace fields {
inline const QString visitorName = QStringLiteral("Visitor.Name");
inline const QString visitorEmail = QStringLiteral("Visitor.Email");
inline const QString visitorVisits = QStringLiteral("Visitor.Visits");
inline const QString visitorChats = QStringLiteral("Visitor.Chats");
inline const QString visitorIp = QStringLiteral("Visitor.Ip");
inline const QString visitorPage = QStringLiteral("Visitor.CurrentPage");
inline const QString visitorPageTitle = QStringLiteral("Visitor.CurrentTitle");
inline const QString visitorReferrer = QStringLiteral("Visitor.Referrer");
inline const QString visitorLandingPage = QStringLiteral("Visitor.LandingPage");
inline const QString visitorLandingTitle = QStringLiteral("Visitor.LandingTitle");
inline const QString visitorCountry = QStringLiteral("Visitor.Country");
inline const QString visitorState = QStringLiteral("Visitor.State");
inline const QString visitorCity = QStringLiteral("Visitor.City");
inline const QString visitorSystem = QStringLiteral("Visitor.OperatingSystem");
inline const QString visitorBrowser = QStringLiteral("Visitor.Browser");
inline const QString visitorTimeZone = QStringLiteral("Visitor.TimeZone");
inline const QString visitorLanguage = QStringLiteral("Visitor.Language");
inline const QString visitorScreen = QStringLiteral("Visitor.ScreenResolution");
inline const QString phone = QStringLiteral("LiveChat.Phone");
inline const QString company = QStringLiteral("LiveChat.Company");
inline const QString product = QStringLiteral("LiveChat.Product");
inline const QString department = QStringLiteral("LiveChat.Department");
inline const QString chatId = QStringLiteral("Chat.Id");
inline const QString chatPage = QStringLiteral("Chat.RequestPage");
inline const QString chatStart = QStringLiteral("Chat.StartTime"); ///< ISO 8601, UTC
inline const QString chatEnd = QStringLiteral("Chat.EndTime");     ///< ISO 8601, UTC
inline const QString chatTranscript = QStringLiteral("Chat.Transcript");
inline const QString chatNotes = QStringLiteral("Chat.Notes");
inline const QString chatAgentName = QStringLiteral("Chat.AgentName");
inline const QString chatAgentEmail = QStringLiteral("Chat.AgentEmail");
inline const QString chatWrapUp = QStringLiteral("Chat.WrapUp");
inline const QString chatChannel = QStringLiteral("Chat.Channel");
inline const QString chatSubject =
    QStringLiteral("Chat.Subject"); ///< what the chat is about: pre-chat question or first message
} // namespace fields

/// The key of "{!Category.Name}", or nothing when the text is not exactly one such reference.
std::optional<QString> fieldKeyOf(QStringView reference);

/// Replaces each {!Category.Name} by its value; an unknown one becomes empty. Values are never expanded
/// again.
QString expandFields(QStringView text, const LiveChatFields &values);

/// First and last part of a person's full name: the last word is the last name, a single word is the last
/// name.
struct PersonName {
    QString first;
    QString last;
    friend bool operator==(const PersonName &, const PersonName &) = default;
};
PersonName splitPersonName(QStringView fullName);

} // namespace parley
