#include "core/crm/Plan.h"

#include "core/crm/PlanText.h"

#include <QRegularExpression>

namespace parley::crm {

using namespace Qt::Literals::StringLiterals;

namespace {

const QString kSubject = QStringLiteral("Subject");
const QString kDescription = QStringLiteral("Description");

// Salesforce's own lengths, for a plan that is made before the kind was described. Dataverse's names differ
// in case.
int standardLength(const QString &field)
{
    static const QMap<QString, int> lengths{{kSubject, 255},          {kDescription, 32'000},
                                            {u"SuppliedName"_s, 80},  {u"SuppliedEmail"_s, 80},
                                            {u"SuppliedPhone"_s, 40}, {u"SuppliedCompany"_s, 80}};
    return lengths.value(field, 0);
}

int lengthOf(const PlanInput &input, const RecordKind &kind, const QString &field)
{
    const int known = input.fieldLengths.value(kind).value(field, 0);
    return known > 0 ? known : standardLength(field);
}

// Salesforce refuses a whole case because of a malformed address; what the visitor typed stands in the
// description.
bool isPlausibleMail(const QString &text)
{
    static const QRegularExpression pattern(u"^[^\\s@<>,;\"]+@[^\\s@<>,;\"]+\\.[^\\s@<>,;\".]+$"_s);
    return pattern.match(text).hasMatch();
}

bool isMailField(const QString &field)
{
    return field.endsWith(u"Email", Qt::CaseInsensitive) ||
           field.endsWith(u"emailaddress", Qt::CaseInsensitive);
}

Intent fileIntent(const PlanInput &input, const Intent &parent, const QString &part)
{
    Intent file;
    file.key = u"%1:file:%2"_s.arg(input.chat.id.value, part);
    file.chat = input.chat.id;
    file.action = IntentAction::File;
    file.kind = kinds::file;
    file.targetFrom = parent.key;
    return file;
}

/// The subject carries the chat's id, whatever an agent made of it: by it the record is found again after a
/// lost answer.
QString markedSubject(QString subject, const ChatId &chat, int limit)
{
    subject = oneLine(subject);
    if (subject.endsWith(u':'))
        subject.chop(1);
    if (!subject.contains(chat.value)) {
        const QString mark = u" (Chat %1)"_s.arg(chat.value);
        const bool fits = limit <= 0 || subject.size() + mark.size() <= limit;
        return (fits ? subject : ellipsed(subject, limit - int(mark.size()))) + mark;
    }
    if (limit <= 0 || subject.size() <= limit)
        return subject;
    const QString cut = ellipsed(subject, limit);
    return cut.contains(chat.value) ? cut : ellipsed(u"Chat %1: %2"_s.arg(chat.value, subject), limit);
}

/// Fits the texts into their fields and says which files must carry what did not fit.
QList<Intent> fitted(const PlanInput &input, Intent &intent)
{
    QList<Intent> files;
    const QString description = intent.fields.value(kDescription).toString();
    for (auto field = intent.fields.begin(); field != intent.fields.end();) {
        if (field->typeId() != QMetaType::QString || field.key() == intent.markerField) {
            ++field;
            continue;
        }
        const QString whole = withoutControls(field->toString());
        const int limit = lengthOf(input, intent.kind, field.key());
        const bool isTooLong = limit > 0 && whole.size() > limit;
        if (isMailField(field.key()) && (isTooLong || !isPlausibleMail(whole))) {
            field = intent.fields.erase(field);
            continue;
        }
        *field = whole;
        if (isTooLong) {
            Intent file = fileIntent(input, intent, field.key());
            file.title = u"Chat %1 - %2.txt"_s.arg(input.chat.id.value, field.key());
            file.mimeType = u"text/plain"_s;
            file.text = whole;
            // A long name also stands, whole, in the report that the description or its file holds.
            const bool standsInDescription =
                field.key() != kDescription && description.contains(oneLine(whole));
            *field = standsInDescription ? ellipsed(whole, limit) : withPointer(whole, limit, file.title);
            if (!standsInDescription)
                files += file;
        }
        ++field;
    }
    return files;
}

void linkToParent(Intent &intent, const RecordRef &parent)
{
    if (parent.isEmpty())
        return;
    if (intent.kind == kinds::crmCase) {
        if (parent.kind == kinds::contact)
            intent.fields.insert(u"ContactId"_s, parent.id.value);
        else if (parent.kind == kinds::account)
            intent.fields.insert(u"AccountId"_s, parent.id.value);
        return;
    }
    const bool isPerson = parent.kind == kinds::contact || parent.kind == kinds::lead;
    intent.fields.insert(isPerson ? u"WhoId"_s : u"WhatId"_s, parent.id.value);
}

Intent createIntent(const PlanInput &input, const LiveChatFields &values)
{
    // A lead cannot hold a case; a chat that was to become one is kept as a task rather than lost.
    const bool isCase = input.plan.attach == Attach::Case && input.plan.parent.kind != kinds::lead;
    Intent intent;
    intent.key = input.chat.id.value + (isCase ? u":case"_s : u":task"_s);
    intent.chat = input.chat.id;
    intent.action = IntentAction::Create;
    intent.kind = isCase ? kinds::crmCase : kinds::task;
    intent.fields = mappedFields(input.mapping, intent.kind, values);
    if (!isCase && !intent.fields.contains(u"ActivityDate"_s) && input.chat.endedAt.isValid())
        intent.fields.insert(u"ActivityDate"_s, input.chat.endedAt.toUTC().date());
    if (!input.owner.isEmpty())
        intent.fields.insert(u"OwnerId"_s, input.owner.value);
    for (auto edit = input.plan.edited.cbegin(); edit != input.plan.edited.cend(); ++edit)
        intent.fields.insert(edit.key(), edit.value());
    linkToParent(intent, input.plan.parent);

    QString subject = intent.fields.value(kSubject).toString();
    if (oneLine(subject).isEmpty())
        subject = u"Chat %1"_s.arg(input.chat.id.value);
    intent.fields.insert(kSubject,
                         markedSubject(subject, input.chat.id, lengthOf(input, intent.kind, kSubject)));
    intent.markerField = kSubject;
    return intent;
}

QList<Intent> attachmentIntents(const PlanInput &input, const Intent &parent)
{
    QList<Intent> files;
    for (const Message &message : input.messages) {
        if (!message.attachment)
            continue;
        Intent file = fileIntent(input, parent, message.attachment->id.value);
        file.title = oneLine(message.attachment->name);
        file.attachment = message.attachment->id.value;
        file.mimeType = message.attachment->mimeType;
        files += file;
    }
    return files;
}

} // namespace

QList<Intent> planWrites(const PlanInput &input)
{
    QList<Intent> intents;
    const LiveChatFields values = chatValues(input.chat, input.messages);
    if (input.plan.attach != Attach::Nothing) {
        Intent created = createIntent(input, values);
        const QList<Intent> overflow = fitted(input, created);
        intents += created;
        intents += overflow;
        intents += attachmentIntents(input, created);
    }
    if (input.plan.attachTranscriptNote && (!intents.isEmpty() || !input.plan.parent.isEmpty())) {
        Intent note;
        note.key = input.chat.id.value + u":note"_s;
        note.chat = input.chat.id;
        note.action = IntentAction::Note;
        note.kind = kinds::note;
        note.target = input.plan.parent;
        if (note.target.isEmpty())
            note.targetFrom = intents.first().key;
        note.title = u"Chat %1"_s.arg(input.chat.id.value);
        note.text = noteTextOf(input.chat, input.messages);
        intents += note;
    }
    return intents;
}

} // namespace parley::crm
