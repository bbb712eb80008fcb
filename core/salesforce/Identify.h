// The questions that identify a visitor and what their answers mean. Pure: the trip between them is the
// client's.
#pragma once

#include "core/crm/Match.h"
#include "core/crm/Schema.h"
#include "core/salesforce/Api.h"

namespace parley::salesforce {

using Schemas = QMap<RecordKind, crm::KindSchema>;

/// One rule's question; an empty statement: it is not asked (see result.state and result.error).
struct Question {
    crm::RuleResult result;
    QString statement;
};

struct Questions {
    QList<Question> all; ///< in the rules' order
    QMap<RecordKind, QStringList> unreadable;
    [[nodiscard]] QStringList statements() const;
};

/// Selects the shown fields and what Parley needs itself; a known schema filters out what this user cannot
/// read and types the values.
Questions questionsFor(const crm::IdentifyRequest &request, const Schemas &schemas);

/// True unless the schema is known and has no such field. "Owner.Name" is looked up through the relationship.
bool isReadable(const RecordKind &kind, const QString &path, const Schemas &schemas);

/// The shown fields of a kind and the related account's, without those that the known schemas lack.
QStringList selectedFields(const RecordKind &kind, const crm::ShownFields &shown, const Schemas &schemas,
                           QStringList *unreadable = nullptr);

/// The kinds whose describe would help: their questions were refused because of a field.
QList<RecordKind> kindsToDescribe(const Questions &questions, const QList<Part> &parts);

/// An error when a refused rule leaves it open whether a candidate was missed: "not found" must never be a
/// guess.
Result<crm::MatchOutcome> outcomeOf(const Questions &questions, const QList<Part> &parts,
                                    const crm::IdentifyRequest &request, const Schemas &schemas,
                                    const QUrl &instanceUrl);

} // namespace parley::salesforce
