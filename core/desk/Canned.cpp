#include "core/desk/Canned.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>

namespace parley::desk {

using namespace Qt::Literals::StringLiterals;

QList<CannedResponse> builtInResponses()
{
    // Content, not interface: a company replaces it by its own file, in its own language.
    return {
        {u"/hello"_s, u"Greeting"_s,
         u"Hello {!Visitor.Name}, this is {!Chat.AgentName}. How can I help you today?"_s, u"Opening"_s},
        {u"/moment"_s, u"One moment"_s, u"One moment, I am looking into this for you."_s, u"Opening"_s},
        {u"/order"_s, u"Ask for the order number"_s,
         u"Could you tell me the number of your order? It starts with [prefix] and is in the confirmation e-mail."_s,
         u"Questions"_s},
        {u"/email"_s, u"Ask for an e-mail address"_s,
         u"Which e-mail address is your account under? I will look it up right away."_s, u"Questions"_s},
        {u"/credit"_s, u"Credit note"_s,
         u"I have asked our billing team for a credit note of [amount] on invoice [invoice number]. You will "
         u"get it "
         "at {!Visitor.Email} within two working days."_s,
         u"Billing"_s},
        {u"/seats"_s, u"Change the number of seats"_s,
         u"You can change the number of seats under Settings, Plan. The next invoice is prorated to the day."_s,
         u"Billing"_s},
        {u"/reset"_s, u"Password reset"_s,
         u"I have sent a new reset link to {!Visitor.Email}. It is good for one hour; look in the spam "
         u"folder as "
         "well."_s,
         u"Account"_s},
        {u"/followup"_s, u"Follow up by e-mail"_s,
         u"I will come back to you at {!Visitor.Email} by [day]. Is there anything else I can do for you now?"_s,
         u"Closing"_s},
        {u"/bye"_s, u"Goodbye"_s, u"Thank you for chatting with us, {!Visitor.Name}. Have a good day."_s,
         u"Closing"_s},
    };
}

Result<QList<CannedResponse>> readResponses(const QString &path)
{
    QFile file(path);
    if (!file.exists())
        return fail(Errc::NotFound, path);
    if (!file.open(QIODevice::ReadOnly))
        return fail(Errc::Storage, file.errorString());
    const QJsonDocument document = QJsonDocument::fromJson(file.readAll());
    if (!document.isArray())
        return fail(Errc::BadReply, u"canned responses are not a JSON array"_s);
    QList<CannedResponse> responses;
    for (const auto value : document.array()) {
        const QJsonObject object = value.toObject();
        CannedResponse response;
        response.shortcut = object.value(u"shortcut"_s).toString();
        response.title = object.value(u"title"_s).toString();
        response.text = object.value(u"text"_s).toString();
        response.folder = object.value(u"folder"_s).toString();
        if (!response.shortcut.isEmpty() && !response.text.isEmpty())
            responses += response;
    }
    return responses;
}

} // namespace parley::desk
