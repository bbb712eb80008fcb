// The words of the record pane: errors, options, plans and field values as people read them.
#pragma once

#include "core/desk/DeskValues.h"

#include <QCoreApplication>
#include <QLocale>

namespace parley::ui {

/// A heading and the sentence below it.
struct Words {
    QString title;
    QString text;
    friend bool operator==(const Words &, const Words &) = default;
};

class RecordText
{
    Q_DECLARE_TR_FUNCTIONS(parley::ui::RecordText)

public:
    /// "Contact"; a kind that Parley does not know keeps the CRM's own name.
    static QString kindName(const RecordKind &kind);
    /// "contact", inside a sentence.
    static QString kindWord(const RecordKind &kind);
    /// "Contacts" / "contacts".
    static QString kindPlural(const RecordKind &kind);
    static QString kindIcon(const RecordKind &kind);

    static QString reason(const desk::RecordCard &card, bool isAccountOfContact);
    static QString optionTitle(desk::CreateOption option);
    static QString optionHint(desk::CreateOption option);
    static QString optionName(desk::CreateOption option, int place, int count); ///< accessible: "…, 1 of 4"
    static RecordKind optionKind(desk::CreateOption option); ///< what is made now or at chat end
    static QString filledFromChat(int count);                ///< "6 fields will be filled from this chat"
    static bool hasForm(desk::CreateOption option);          ///< false: a case on its own, made at chat end
    static std::optional<RecordKind> optionAttaches(desk::CreateOption option);
    static QString formButton(desk::CreateOption option);

    static QString crmName(const desk::CrmStatus &crm); ///< never empty
    static QString searchedSummary(const QList<crm::RuleResult> &rules);
    static QString ruleValue(const crm::RuleResult &rule);
    static QString ruleOutcome(const crm::RuleResult &rule);
    static QString severalTitle(int count, const RecordKind &kind);
    /// "12,410 of 15,000 requests of 24 hours are used"
    static QString usage(const crm::Usage &usage, const QLocale &locale = {});
    static QString count(int number); ///< "Three" up to twelve, then digits

    /// Why a lookup failed, what was kept and what to do.
    static Words problem(const Error &error, const QString &crm);
    /// The CRM does not answer while something is shown.
    static Words outage(const Error &error, const desk::RecordTab &tab);
    /// Of a card with contested fields: who changed it, when, and what to do.
    static Words conflict(const desk::RecordCard &card, const QString &crm);
    /// Why a save was refused.
    static Words saveProblem(const Error &error, const QString &crm, const RecordKind &kind,
                             int refusedFields);
    /// Why a sign-in did not end in a connection; empty title: it was given up, and that is no failure.
    static Words signInProblem(const Error &error, const QString &crm);
    /// For an administrator: codes and the CRM's own words, no personal data.
    static QString forAdmin(const Error &error, const desk::CrmStatus &crm);

    static QString statusLine(const desk::RecordTab &tab, const QLocale &locale = QLocale());
    static QString attachTitle(crm::Attach attach, bool isChatEnded);
    static QString attachText(const desk::RecordTab &tab);
    /// Of a change of a record that an agent made by hand.
    static Words changeLine(const desk::WriteLine &line, const QString &crm);
    static Words writeLine(const desk::WriteLine &line, const QString &crm);
    static QString changedSummary(int changed, int editing);
    static QString readOnlyReason(const desk::CardField &field, const QString &crm);

    /// A field's value as a person reads it.
    static QString fieldText(crm::FieldType type, const QVariant &value, const QList<crm::Choice> &choices,
                             const QLocale &locale = QLocale());
    /// "Title, changed, was Analyst"
    static QString fieldName(const desk::CardField &field, const QString &shown, bool isEditing);

    static QString time(const QDateTime &at);
    /// One line without line breaks, control characters and direction overrides, for labels that show foreign
    /// text.
    static QString oneLine(const QString &text);
    /// Foreign text as a tool tip: never markup.
    static QString toolTip(const QString &text);
    /// True where a text is better read left to right whatever the language: e-mail, number, address of a
    /// page.
    static bool isAlwaysLeftToRight(crm::FieldType type);
};

} // namespace parley::ui
