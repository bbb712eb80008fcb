#include "ui/text/RecordText.h"

#include "ui/text/When.h"

#include <QTextDocument>

namespace parley::ui {

using namespace Qt::Literals::StringLiterals;
using crm::FieldType;
using desk::CreateOption;

QString RecordText::kindName(const RecordKind &kind)
{
    if (kind == kinds::contact)
        return tr("Contact");
    if (kind == kinds::lead)
        return tr("Lead");
    if (kind == kinds::account)
        return tr("Account");
    if (kind == kinds::crmCase)
        return tr("Case");
    if (kind == kinds::task)
        return tr("Task");
    if (kind == kinds::user)
        return tr("User");
    if (kind == kinds::campaign)
        return tr("Campaign");
    if (kind == kinds::note)
        return tr("Note");
    if (kind == kinds::file)
        return tr("File");
    return oneLine(kind.name);
}

QString RecordText::kindWord(const RecordKind &kind)
{
    if (kind == kinds::contact)
        return tr("contact");
    if (kind == kinds::lead)
        return tr("lead");
    if (kind == kinds::account)
        return tr("account");
    if (kind == kinds::crmCase)
        return tr("case");
    if (kind == kinds::task)
        return tr("task");
    if (kind == kinds::note)
        return tr("note");
    if (kind == kinds::file)
        return tr("file");
    return kind.name.isEmpty() ? tr("record") : kindName(kind);
}

QString RecordText::kindPlural(const RecordKind &kind)
{
    if (kind == kinds::contact)
        return tr("contacts");
    if (kind == kinds::lead)
        return tr("leads");
    if (kind == kinds::account)
        return tr("accounts");
    if (kind == kinds::crmCase)
        return tr("cases");
    if (kind == kinds::task)
        return tr("tasks");
    if (kind == kinds::campaign)
        return tr("campaigns");
    if (kind == kinds::user)
        return tr("users");
    return tr("records");
}

QString RecordText::kindIcon(const RecordKind &kind)
{
    if (kind == kinds::contact || kind == kinds::user)
        return u"user"_s;
    if (kind == kinds::lead)
        return u"lead"_s;
    if (kind == kinds::account)
        return u"building"_s;
    if (kind == kinds::crmCase)
        return u"case"_s;
    if (kind == kinds::task)
        return u"task"_s;
    if (kind == kinds::campaign)
        return u"flag"_s;
    if (kind == kinds::note)
        return u"note"_s;
    if (kind == kinds::file)
        return u"file"_s;
    return u"record"_s;
}

QString RecordText::reason(const desk::RecordCard &card, bool isAccountOfContact)
{
    if (isAccountOfContact)
        return tr("Account of this contact");
    const QString reason = card.reason.toLower();
    if (reason == u"email"_s)
        return tr("Matched by email");
    if (reason == u"phone"_s)
        return tr("Matched by phone");
    if (reason == u"chosen"_s)
        return tr("Chosen by hand");
    if (reason == u"created"_s)
        return tr("Created in this chat");
    if (reason == u"remembered"_s)
        return tr("Chosen in an earlier chat");
    if (reason == u"account"_s)
        return tr("Account of this contact");
    if (!card.reason.isEmpty())
        return tr("Matched by %1").arg(oneLine(card.reason));
    return card.evidence.isEmpty() ? QString() : tr("Matched by %1").arg(oneLine(card.evidence.first().rule));
}

QString RecordText::optionTitle(CreateOption option)
{
    switch (option) {
    case CreateOption::LeadAndTask:
        return tr("Create Lead & Attach Task");
    case CreateOption::Case:
        return tr("Create Case");
    case CreateOption::ContactAndCase:
        return tr("Create Contact & Attach Case");
    case CreateOption::ContactAndTask:
        return tr("Create Contact & Attach Task");
    case CreateOption::Contact:
        return tr("Create Contact");
    }
    return {};
}

QString RecordText::optionHint(CreateOption option)
{
    switch (option) {
    case CreateOption::LeadAndTask:
        return tr("Add a lead now. This chat is saved as a task.");
    case CreateOption::Case:
        return tr("A case with no contact, made at chat end.");
    case CreateOption::ContactAndCase:
        return tr("Add a contact now. This chat is saved as a case.");
    case CreateOption::ContactAndTask:
        return tr("Add a contact now. This chat is saved as a task.");
    case CreateOption::Contact:
        return tr("Add a contact now. Nothing is attached.");
    }
    return {};
}

QString RecordText::optionName(CreateOption option, int place, int count)
{
    return tr("%1, %2 of %3").arg(optionTitle(option).replace(u" & "_s, tr(" and "))).arg(place).arg(count);
}

RecordKind RecordText::optionKind(CreateOption option)
{
    switch (option) {
    case CreateOption::LeadAndTask:
        return kinds::lead;
    case CreateOption::Case:
        return kinds::crmCase;
    case CreateOption::ContactAndCase:
    case CreateOption::ContactAndTask:
    case CreateOption::Contact:
        return kinds::contact;
    }
    return kinds::contact;
}

bool RecordText::hasForm(CreateOption option)
{
    return option != CreateOption::Case;
}

std::optional<RecordKind> RecordText::optionAttaches(CreateOption option)
{
    switch (option) {
    case CreateOption::LeadAndTask:
    case CreateOption::ContactAndTask:
        return kinds::task;
    case CreateOption::ContactAndCase:
        return kinds::crmCase;
    case CreateOption::Case:
    case CreateOption::Contact:
        break;
    }
    return std::nullopt;
}

QString RecordText::formButton(CreateOption option)
{
    return optionKind(option) == kinds::lead ? tr("Open lead form") : tr("Open contact form");
}

QString RecordText::crmName(const desk::CrmStatus &crm)
{
    return crm.name.isEmpty() ? tr("the CRM") : oneLine(crm.name);
}

QString RecordText::filledFromChat(int count)
{
    return count == 1 ? tr("1 field will be filled from this chat")
                      : tr("%n fields will be filled from this chat", nullptr, count);
}

QString RecordText::searchedSummary(const QList<crm::RuleResult> &rules)
{
    QStringList words;
    for (const crm::RuleResult &result : rules) {
        const QString word = kindWord(result.rule.kind);
        if (!words.contains(word))
            words.append(word);
    }
    if (words.isEmpty())
        return tr("Nothing is known yet to look for.");
    if (words.size() == 1)
        return tr("We looked for a %1.").arg(words.first());
    if (words.size() == 2)
        return tr("We looked for a %1 first, then a %2.").arg(words.at(0), words.at(1));
    return tr("We looked for a %1 first, then a %2 and a %3.").arg(words.at(0), words.at(1), words.at(2));
}

QString RecordText::ruleValue(const crm::RuleResult &rule)
{
    if (rule.state == crm::RuleResult::State::Skipped)
        return tr("not given when the chat began");
    return oneLine(rule.value);
}

QString RecordText::ruleOutcome(const crm::RuleResult &rule)
{
    switch (rule.state) {
    case crm::RuleResult::State::Found:
        return rule.count == 1 ? tr("1 record") : tr("%n records", nullptr, rule.count);
    case crm::RuleResult::State::Nothing:
        return tr("No record");
    case crm::RuleResult::State::Skipped:
        return tr("Skipped");
    }
    return {};
}

QString RecordText::count(int number)
{
    static const std::array<const char *, 13> words{
        QT_TR_NOOP("No"),    QT_TR_NOOP("One"),  QT_TR_NOOP("Two"), QT_TR_NOOP("Three"),
        QT_TR_NOOP("Four"),  QT_TR_NOOP("Five"), QT_TR_NOOP("Six"), QT_TR_NOOP("Seven"),
        QT_TR_NOOP("Eight"), QT_TR_NOOP("Nine"), QT_TR_NOOP("Ten"), QT_TR_NOOP("Eleven"),
        QT_TR_NOOP("Twelve")};
    if (number < 0 || number >= int(words.size()))
        return QLocale().toString(number);
    return tr(words.at(size_t(number)));
}

QString RecordText::severalTitle(int number, const RecordKind &kind)
{
    return tr("%1 %2 match this visitor").arg(count(number), kindPlural(kind));
}

QString RecordText::attachTitle(crm::Attach attach, bool isChatEnded)
{
    if (attach == crm::Attach::Nothing)
        return {};
    const bool isCase = attach == crm::Attach::Case;
    if (isChatEnded)
        return isCase ? tr("A case is being attached") : tr("A task is being attached");
    return isCase ? tr("A case will be attached when this chat ends")
                  : tr("A task will be attached when this chat ends");
}

QString RecordText::attachText(const desk::RecordTab &tab)
{
    const QString subject = oneLine(tab.caseSubject);
    const QString owner = oneLine(tab.owner);
    if (subject.isEmpty() && owner.isEmpty())
        return {};
    if (owner.isEmpty())
        return tr("“%1”").arg(subject);
    if (subject.isEmpty())
        return tr("Owner %1").arg(owner);
    return tr("“%1”, owner %2").arg(subject, owner);
}

QString RecordText::changedSummary(int changed, int editing)
{
    const QString changedText = changed == 1 ? tr("1 changed") : tr("%n changed", nullptr, changed);
    const QString editingText = editing == 1 ? tr("1 being edited") : tr("%n being edited", nullptr, editing);
    if (changed > 0 && editing > 0)
        return tr("%1, %2").arg(changedText, editingText);
    return changed > 0 ? changedText : editingText;
}

QString RecordText::readOnlyReason(const desk::CardField &field, const QString &crm)
{
    if (field.type == FieldType::Reference && !field.isReadOnly)
        return tr("Change %1 in %2").arg(oneLine(field.label), crm);
    if (field.type == FieldType::Id || field.type == FieldType::Binary)
        return tr("%1 makes this value itself").arg(crm);
    return tr("%1 does not let you change %2").arg(crm, oneLine(field.label));
}

namespace {

QString choiceLabel(const QString &value, const QList<crm::Choice> &choices)
{
    for (const crm::Choice &choice : choices) {
        if (choice.value == value)
            return choice.label.isEmpty() ? choice.value : choice.label;
    }
    return value;
}

QString numberText(const QVariant &value, const QLocale &locale)
{
    bool isNumber = false;
    const double number = value.toDouble(&isNumber);
    if (!isNumber)
        return value.toString();
    if (value.typeId() == QMetaType::LongLong || value.typeId() == QMetaType::Int)
        return locale.toString(value.toLongLong());
    QString text = locale.toString(number, 'f', 6);
    while (text.contains(locale.decimalPoint()) && text.endsWith(locale.zeroDigit()))
        text.chop(1);
    if (text.endsWith(locale.decimalPoint()))
        text.chop(1);
    return text;
}

QDateTime instantOf(const QVariant &value)
{
    if (value.typeId() == QMetaType::QDateTime)
        return value.toDateTime();
    return QDateTime::fromString(value.toString(), Qt::ISODateWithMs);
}

} // namespace

QString RecordText::fieldText(FieldType type, const QVariant &value, const QList<crm::Choice> &choices,
                              const QLocale &locale)
{
    if (!value.isValid() || value.isNull())
        return {};
    switch (type) {
    case FieldType::Boolean:
        return value.toBool() ? tr("Yes") : tr("No");
    case FieldType::Integer:
    case FieldType::Double:
    case FieldType::Currency:
        return numberText(value, locale);
    case FieldType::Percent:
        return tr("%1 %").arg(numberText(value, locale));
    case FieldType::Date: {
        const QDate date = value.toDate();
        return date.isValid()
                   ? locale.toString(
                         date, locale.dateFormat(QLocale::LongFormat).remove(u"dddd, "_s).remove(u"dddd "_s))
                   : value.toString();
    }
    case FieldType::DateTime: {
        const QDateTime at = instantOf(value);
        return at.isValid()
                   ? tr("%1 %2").arg(locale.toString(at.toLocalTime().date(), QLocale::ShortFormat), time(at))
                   : value.toString();
    }
    case FieldType::Time: {
        const QTime clock = value.toTime();
        return clock.isValid() ? clockText(clock) : value.toString();
    }
    case FieldType::Picklist:
    case FieldType::Combobox:
        return choiceLabel(value.toString(), choices);
    case FieldType::MultiPicklist: {
        QStringList labels;
        const QStringList values = value.typeId() == QMetaType::QStringList
                                       ? value.toStringList()
                                       : value.toString().split(u';', Qt::SkipEmptyParts);
        for (const QString &one : values)
            labels.append(choiceLabel(one, choices));
        return labels.join(u", "_s);
    }
    case FieldType::RichText: {
        QTextDocument
            document; // reads the markup, loads nothing: a document without a base resolves no resource
        document.setHtml(value.toString());
        return document.toPlainText();
    }
    default:
        return value.toString();
    }
}

QString RecordText::fieldName(const desk::CardField &field, const QString &shown, bool isEditing)
{
    QStringList parts{oneLine(field.label)};
    if (field.isRequired)
        parts.append(tr("required"));
    if (isEditing)
        parts.append(tr("being edited"));
    if (field.edited) {
        const QString was =
            oneLine(field.isPromised ? fieldText(field.type, field.value, field.choices) : field.text);
        parts.append(tr("changed"));
        parts.append(was.isEmpty() ? tr("was empty") : tr("was %1").arg(was));
    } else if (field.isPromised) {
        parts.append(tr("saved here, waits to be sent"));
    }
    if (field.isContested)
        parts.append(tr("changed in the CRM meanwhile, choose whose value counts"));
    if (field.isReadOnly)
        parts.append(tr("read only"));
    if (!field.refusal.isEmpty())
        parts.append(tr("refused: %1").arg(oneLine(field.refusal)));
    if (!isEditing)
        parts.append(shown.isEmpty() ? tr("empty") : shown);
    return parts.join(tr(", "));
}

QString RecordText::time(const QDateTime &at)
{
    return at.isValid() ? clockText(at.toLocalTime().time()) : QString();
}

QString RecordText::oneLine(const QString &text)
{
    QString line;
    line.reserve(text.size());
    for (const QChar c : text) {
        const ushort code = c.unicode();
        const bool isDirectionOverride =
            (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
        if (isDirectionOverride)
            continue;
        if (c.category() == QChar::Other_Control || code == 0x2028 || code == 0x2029)
            line.append(u' ');
        else
            line.append(c);
    }
    return line.simplified();
}

QString RecordText::toolTip(const QString &text)
{
    // Qt guesses whether a tool tip is markup; wrapped and escaped it always is, and always ours.
    return text.isEmpty() ? QString() : u"<span>%1</span>"_s.arg(oneLine(text).left(1000).toHtmlEscaped());
}

bool RecordText::isAlwaysLeftToRight(FieldType type)
{
    return type == FieldType::Email || type == FieldType::Phone || type == FieldType::Url ||
           type == FieldType::Id || type == FieldType::Integer || type == FieldType::Double ||
           type == FieldType::Currency;
}

} // namespace parley::ui
