#include "core/crm/PlanText.h"

#include "core/crm/Plan.h"

#include <array>

namespace parley::crm {

using namespace Qt::Literals::StringLiterals;

QString withoutControls(const QString &text)
{
    QString clean;
    clean.reserve(text.size());
    for (qsizetype i = 0; i < text.size(); ++i) {
        const QChar c = text[i];
        if (c == u'\r') {
            if (i + 1 == text.size() || text[i + 1] != u'\n')
                clean += u'\n';
        } else if (c == u'\n' || c == u'\t' || (c.unicode() >= 0x20 && c.unicode() != 0x7f)) {
            clean += c;
        }
    }
    return clean;
}

QString oneLine(const QString &text)
{
    return withoutControls(text).simplified();
}

QString headOf(const QString &text, qsizetype limit)
{
    if (text.size() <= limit)
        return text;
    if (limit <= 0)
        return {};
    const bool splitsPair = text[limit - 1].isHighSurrogate() && text[limit].isLowSurrogate();
    return text.left(splitsPair ? limit - 1 : limit);
}

QString ellipsed(const QString &text, qsizetype limit)
{
    if (text.size() <= limit)
        return text;
    return headOf(text, limit - 1).trimmed() + u'…';
}

QString withPointer(const QString &text, qsizetype limit, const QString &fileName)
{
    const QString pointer = u"\n\n[… the whole text is in the attached file \"%1\"]"_s.arg(fileName);
    if (pointer.size() >= limit)
        return ellipsed(text, limit);
    return headOf(text, limit - pointer.size()) + pointer;
}

FieldMapping defaultMapping()
{
    const QString subject = u"Chat {!Chat.Id}: {!Chat.Subject}"_s;
    const QString report = u"{!Chat.Report}"_s;
    return {{
        {kinds::contact,
         {{u"FirstName"_s, u"{!Visitor.FirstName}"_s},
          {u"LastName"_s, u"{!Visitor.LastName}"_s},
          {u"Email"_s, u"{!Visitor.Email}"_s},
          {u"Phone"_s, u"{!LiveChat.Phone}"_s},
          {u"Department"_s, u"{!LiveChat.Department}"_s}}},
        {kinds::lead,
         {{u"FirstName"_s, u"{!Visitor.FirstName}"_s},
          {u"LastName"_s, u"{!Visitor.LastName}"_s},
          {u"Email"_s, u"{!Visitor.Email}"_s},
          {u"Phone"_s, u"{!LiveChat.Phone}"_s},
          {u"Company"_s, u"{!LiveChat.Company}"_s}}},
        {kinds::crmCase,
         {{u"Subject"_s, subject},
          {u"Description"_s, report},
          {u"SuppliedName"_s, u"{!Visitor.Name}"_s},
          {u"SuppliedEmail"_s, u"{!Visitor.Email}"_s},
          {u"SuppliedPhone"_s, u"{!LiveChat.Phone}"_s},
          {u"SuppliedCompany"_s, u"{!LiveChat.Company}"_s}}},
        {kinds::task, {{u"Subject"_s, subject}, {u"Description"_s, report}}},
    }};
}

FieldMap mappedFields(const FieldMapping &mapping, const RecordKind &kind, const LiveChatFields &values)
{
    FieldMap mapped;
    const auto rows = mapping.rows.value(kind);
    for (auto row = rows.cbegin(); row != rows.cend(); ++row) {
        const QString text = expandFields(row.value(), values).trimmed();
        if (!text.isEmpty())
            mapped.insert(row.key(), text);
    }
    return mapped;
}

namespace {

QString channelName(Channel channel)
{
    switch (channel) {
    case Channel::Web:
        return u"Web"_s;
    case Channel::Messenger:
        return u"Messenger"_s;
    case Channel::Sms:
        return u"SMS"_s;
    case Channel::Mail:
        return u"E-mail"_s;
    }
    return {};
}

QString instant(const QDateTime &at)
{
    return at.isValid() ? at.toUTC().toString(Qt::ISODate) : QString();
}

QString notesOf(const QList<Message> &messages)
{
    QStringList notes;
    for (const Message &message : messages) {
        if (message.kind == MessageKind::Note)
            notes += u"%1 %2: %3"_s.arg(instant(message.at), oneLine(message.authorName), message.text);
    }
    return notes.join(u'\n');
}

QString firstWords(const QList<Message> &messages)
{
    for (const Message &message : messages) {
        if (message.author == Author::Visitor && message.kind == MessageKind::Text &&
            !message.text.trimmed().isEmpty())
            return oneLine(message.text);
    }
    return {};
}

LiveChatFields plainValues(const Chat &chat, const QList<Message> &messages)
{
    LiveChatFields values = chat.fields;
    const auto put = [&values](const QString &key, const QString &value) {
        if (!value.isEmpty())
            values.insert(key, value);
    };
    put(fields::chatId, chat.id.value);
    put(fields::chatStart, instant(chat.startedAt));
    put(fields::chatEnd, instant(chat.endedAt));
    put(fields::chatAgentName, chat.agentName);
    if (values.value(fields::chatChannel).isEmpty())
        put(fields::chatChannel, channelName(chat.channel));
    put(fields::chatTranscript, transcriptOf(chat, messages));
    put(fields::chatNotes, notesOf(messages));
    if (values.value(fields::chatSubject).isEmpty())
        put(fields::chatSubject, firstWords(messages));
    if (values.value(fields::chatPage).isEmpty())
        put(fields::chatPage, values.value(fields::visitorPage));
    const PersonName name = splitPersonName(chat.visitorName());
    put(u"Visitor.FirstName"_s, name.first);
    put(u"Visitor.LastName"_s, name.last);
    return values;
}

QStringList infoLines(const LiveChatFields &values)
{
    const std::array<std::pair<QString, QString>, 21> known{{
        {u"Chat ID"_s, fields::chatId},
        {u"Start time"_s, fields::chatStart},
        {u"End time"_s, fields::chatEnd},
        {u"Agent"_s, fields::chatAgentName},
        {u"Channel"_s, fields::chatChannel},
        {u"Name"_s, fields::visitorName},
        {u"Email"_s, fields::visitorEmail},
        {u"Phone"_s, fields::phone},
        {u"Company"_s, fields::company},
        {u"Department"_s, fields::department},
        {u"Product"_s, fields::product},
        {u"Request page"_s, fields::chatPage},
        {u"Referrer"_s, fields::visitorReferrer},
        {u"Landing page"_s, fields::visitorLandingPage},
        {u"Country/region"_s, fields::visitorCountry},
        {u"State/province"_s, fields::visitorState},
        {u"City"_s, fields::visitorCity},
        {u"Operating system"_s, fields::visitorSystem},
        {u"Browser"_s, fields::visitorBrowser},
        {u"Language"_s, fields::visitorLanguage},
        {u"Time zone"_s, fields::visitorTimeZone},
    }};
    QStringList lines;
    QStringList told;
    for (const auto &[label, key] : known) {
        told += key;
        if (const QString value = oneLine(values.value(key)); !value.isEmpty())
            lines += u"%1: %2"_s.arg(label, value);
    }
    // Whatever else the company asked for or its page handed over: custom pre-chat fields, custom and context
    // variables.
    for (auto field = values.cbegin(); field != values.cend(); ++field) {
        const bool isOurs = field.key().startsWith(u"Visitor.") || field.key().startsWith(u"Chat.");
        if (isOurs || told.contains(field.key()) || field->trimmed().isEmpty())
            continue;
        lines += u"%1: %2"_s.arg(oneLine(field.key().section(u'.', 1)), oneLine(*field));
    }
    return lines;
}

} // namespace

QString noteTextOf(const Chat &chat, const QList<Message> &messages)
{
    const LiveChatFields values = plainValues(chat, messages);
    QStringList parts{u"Chat Info\n"_s + infoLines(values).join(u'\n')};
    const QString transcript = values.value(fields::chatTranscript);
    parts += u"Chat Transcript\n"_s + (transcript.isEmpty() ? u"(no messages)"_s : transcript);
    QStringList wrapUp;
    if (const QString text = values.value(fields::chatWrapUp).trimmed(); !text.isEmpty())
        wrapUp += text;
    if (const QString notes = values.value(fields::chatNotes); !notes.isEmpty())
        wrapUp += u"Notes:\n"_s + notes;
    parts += u"Agent Wrap-up\n"_s + (wrapUp.isEmpty() ? u"(none)"_s : wrapUp.join(u"\n"_s));
    return withoutControls(parts.join(u"\n\n"_s));
}

LiveChatFields chatValues(const Chat &chat, const QList<Message> &messages)
{
    LiveChatFields values = plainValues(chat, messages);
    values.insert(u"Chat.Report"_s, noteTextOf(chat, messages));
    return values;
}

QMap<RecordKind, QStringList> neededFields(const FieldMapping &mapping)
{
    QMap<RecordKind, QStringList> needed{{kinds::account, {u"Name"_s}}};
    for (auto kind = mapping.rows.cbegin(); kind != mapping.rows.cend(); ++kind)
        needed.insert(kind.key(), kind.value().keys());
    needed[kinds::crmCase] += u"ContactId"_s;
    needed[kinds::task] += {u"WhoId"_s, u"ActivityDate"_s};
    return needed;
}

} // namespace parley::crm
