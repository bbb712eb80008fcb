#include "core/salesforce/Identify.h"

#include "core/salesforce/Replies.h"
#include "core/salesforce/Soql.h"
#include "core/salesforce/Values.h"

#include <QJsonArray>

namespace parley::salesforce {

using namespace Qt::Literals::StringLiterals;

namespace {

const QString kAccountPrefix = QStringLiteral("Account.");

int rank(const RecordKind &kind)
{
    if (kind == kinds::contact)
        return 0;
    if (kind == kinds::lead)
        return 1;
    return kind == kinds::account ? 2 : 3;
}

Error badField(const crm::MatchRule &rule, const QString &field)
{
    return {.code = Errc::InvalidInput,
            .detail = u"The match rule \"%1\" asks for %2.%3, which this user does not see: the org lacks "
                      u"that field, or "
                      "hides it. Change the rule, or grant the field (parleyctl crm check says where)."_s.arg(
                          rule.name, rule.kind.name, field),
            .remoteCode = u"INVALID_FIELD"_s,
            .fields = {{.field = rule.kind.name + u'.' + field, .message = {}}}};
}

/// Adds the rule's conditions; false: nothing can equal the value, so there is nothing to ask.
Result<bool> addConditions(soql::Select &select, const crm::MatchRule &rule, const LiveChatFields &values,
                           const crm::KindSchema *schema)
{
    for (const crm::MatchCondition &condition : rule.conditions) {
        const crm::Field *field = schema != nullptr ? schema->field(condition.crmField) : nullptr;
        if (schema != nullptr && field == nullptr && !condition.crmField.contains(u'.'))
            return fail(badField(rule, condition.crmField));
        const auto value = comparable(values.value(condition.liveChatField).trimmed(), field);
        if (!value)
            return false;
        const auto equal = soql::equals(condition.crmField, *value);
        if (!equal)
            return fail(badField(rule, condition.crmField));
        select.where += *equal;
        if (!select.fields.contains(condition.crmField))
            select.fields += condition.crmField;
    }
    return true;
}

Question questionFor(const crm::MatchRule &rule, const crm::IdentifyRequest &request, const Schemas &schemas,
                     QStringList *unreadable)
{
    Question question;
    question.result.rule = rule;
    QStringList looked;
    for (const crm::MatchCondition &condition : rule.conditions)
        looked += request.values.value(condition.liveChatField).trimmed();
    question.result.value = looked.join(u", "_s);
    if (looked.isEmpty() || std::ranges::any_of(looked, &QString::isEmpty)) {
        question.result.state = crm::RuleResult::State::Skipped;
        return question;
    }
    const auto schema = schemas.constFind(rule.kind);
    if (schema != schemas.constEnd() && schema->fields.isEmpty()) {
        question.result.error = Error{.code = Errc::NotFound,
                                      .detail = u"this user does not see %1"_s.arg(rule.kind.name),
                                      .remoteCode = u"INVALID_TYPE"_s};
        return question;
    }
    soql::Select select{.fields = selectedFields(rule.kind, request.shown, schemas, unreadable),
                        .from = rule.kind.name};
    const auto isAskable =
        addConditions(select, rule, request.values, schema == schemas.constEnd() ? nullptr : &*schema);
    if (!isAskable) {
        question.result.error = isAskable.error();
        return question;
    }
    if (!*isAskable)
        return question;
    // A converted lead lives on as a contact; it can no longer be edited.
    if (rule.kind == kinds::lead)
        select.where += soql::equals(u"IsConverted"_s, false).value();
    select.order = {u"LastModifiedDate DESC"_s, u"Id"_s};
    select.limit = std::max(1, request.limitPerKind);
    const auto statement = soql::statementOf(select);
    if (!statement)
        question.result.error = statement.error();
    else
        question.statement = *statement;
    return question;
}

void addEvidence(crm::Candidate &candidate, const crm::MatchRule &rule, const LiveChatFields &values)
{
    for (const crm::MatchCondition &condition : rule.conditions) {
        QString value = candidate.record.text(condition.crmField);
        if (value.isEmpty())
            value = values.value(condition.liveChatField).trimmed();
        const crm::Evidence evidence{.rule = rule.name, .field = condition.crmField, .value = value};
        if (!candidate.evidence.contains(evidence))
            candidate.evidence += evidence;
    }
}

struct Found {
    QList<crm::Candidate> candidates;
    QMap<QString, Record> accounts; ///< by the id of the contact that they belong to
};

/// The related account is a record of its own; the contact keeps its name.
void takeAccount(Found &found, Record &contact, const QJsonObject &json, const Schemas &schemas,
                 const QUrl &instanceUrl)
{
    const QJsonObject related = json[u"Account"].toObject();
    if (related.isEmpty())
        return;
    const auto schema = schemas.constFind(kinds::account);
    const Record account = recordOf(related, schema == schemas.constEnd() ? nullptr : &*schema, instanceUrl);
    for (auto field = contact.fields.begin(); field != contact.fields.end();) {
        const bool isAccounts = field.key().startsWith(kAccountPrefix) && field.key() != u"Account.Name";
        field = isAccounts ? contact.fields.erase(field) : std::next(field);
    }
    if (!account.ref.isEmpty())
        found.accounts.insert(contact.ref.id.value, account);
}

int collect(Found &found, const crm::MatchRule &rule, const QJsonArray &records,
            const crm::IdentifyRequest &request, const Schemas &schemas, const QUrl &instanceUrl)
{
    const auto schema = schemas.constFind(rule.kind);
    for (const QJsonValue json : records) {
        Record record =
            recordOf(json.toObject(), schema == schemas.constEnd() ? nullptr : &*schema, instanceUrl);
        if (record.ref.isEmpty())
            continue;
        if (rule.kind == kinds::contact)
            takeAccount(found, record, json.toObject(), schemas, instanceUrl);
        auto known = std::ranges::find_if(found.candidates, [&record](const crm::Candidate &candidate) {
            return candidate.record.ref == record.ref;
        });
        if (known == found.candidates.end()) {
            found.candidates += crm::Candidate{.record = record, .evidence = {}};
            known = std::prev(found.candidates.end());
        }
        addEvidence(*known, rule, request.values);
    }
    return int(records.size());
}

void sortDocumented(QList<crm::Candidate> &candidates)
{
    std::ranges::stable_sort(candidates, [](const crm::Candidate &a, const crm::Candidate &b) {
        const int rankA = rank(a.record.ref.kind);
        const int rankB = rank(b.record.ref.kind);
        if (rankA != rankB)
            return rankA < rankB;
        const QDateTime atA = a.record.fields.value(u"LastModifiedDate"_s).toDateTime();
        const QDateTime atB = b.record.fields.value(u"LastModifiedDate"_s).toDateTime();
        if (atA != atB)
            return atA > atB;
        return a.record.ref.id.value < b.record.ref.id.value;
    });
}

/// The first contact's account, else the first that an account rule found.
std::optional<Record> accountOf(const QList<crm::Candidate> &candidates,
                                const QMap<QString, Record> &ofContacts)
{
    if (!candidates.isEmpty()) {
        const auto related = ofContacts.constFind(candidates.first().record.ref.id.value);
        if (related != ofContacts.constEnd())
            return *related;
    }
    for (const crm::Candidate &candidate : candidates) {
        if (candidate.record.ref.kind == kinds::account)
            return candidate.record;
    }
    return std::nullopt;
}

/// The first refusal that leaves open whether a better candidate was missed.
const Error *openRefusal(const crm::MatchOutcome &outcome)
{
    const int best = outcome.candidates.isEmpty() ? 99 : rank(outcome.candidates.first().record.ref.kind);
    const bool isAnyAnswered = std::ranges::any_of(outcome.rules, [](const crm::RuleResult &rule) {
        return !rule.error && rule.state != crm::RuleResult::State::Skipped;
    });
    for (const crm::RuleResult &rule : outcome.rules) {
        if (rule.error && !isAnyAnswered)
            return &*rule.error;
        // Where the user may not see a kind at all, no record of it can be a candidate of theirs.
        if (rule.error && rule.error->remoteCode != u"INVALID_TYPE" && rank(rule.rule.kind) < best)
            return &*rule.error;
    }
    return nullptr;
}

} // namespace

bool isReadable(const RecordKind &kind, const QString &path, const Schemas &schemas)
{
    const auto schema = schemas.constFind(kind);
    if (schema == schemas.constEnd())
        return true;
    const qsizetype dot = path.indexOf(u'.');
    if (dot < 0)
        return schema->field(path) != nullptr;
    const auto reference = std::ranges::find(schema->fields, path.left(dot), &crm::Field::relationship);
    if (reference == schema->fields.end())
        return false;
    return reference->targets.size() != 1 ||
           isReadable(reference->targets.first(), path.mid(dot + 1), schemas);
}

QStringList Questions::statements() const
{
    QStringList statements;
    for (const Question &question : all) {
        if (!question.statement.isEmpty())
            statements += question.statement;
    }
    return statements;
}

QStringList selectedFields(const RecordKind &kind, const crm::ShownFields &shown, const Schemas &schemas,
                           QStringList *unreadable)
{
    QStringList own{u"Id"_s, titleField(kind), u"LastModifiedDate"_s, u"SystemModstamp"_s};
    QStringList wanted = shown.value(kind);
    if (kind == kinds::contact) {
        own += {u"AccountId"_s, u"Account.Id"_s, u"Account.Name"_s, u"Account.SystemModstamp"_s};
        for (const QString &field : shown.value(kinds::account))
            wanted += kAccountPrefix + field;
    }
    QStringList selected;
    for (const QString &field : own) {
        if (isReadable(kind, field, schemas) && !selected.contains(field))
            selected += field;
    }
    for (const QString &field : wanted) {
        if (!soql::isPath(field) || !isReadable(kind, field, schemas)) {
            if (unreadable != nullptr && !unreadable->contains(field))
                unreadable->append(field);
        } else if (!selected.contains(field)) {
            selected += field;
        }
    }
    return selected;
}

Questions questionsFor(const crm::IdentifyRequest &request, const Schemas &schemas)
{
    Questions questions;
    for (const crm::MatchRule &rule : request.rules) {
        QStringList unreadable;
        questions.all += questionFor(rule, request, schemas, &unreadable);
        if (!unreadable.isEmpty())
            questions.unreadable[rule.kind] = unreadable;
    }
    return questions;
}

QList<RecordKind> kindsToDescribe(const Questions &questions, const QList<Part> &parts)
{
    QList<RecordKind> kinds;
    const auto want = [&kinds](const RecordKind &kind) {
        if (!kinds.contains(kind)) // also one that is known: the field may have gone since
            kinds += kind;
    };
    qsizetype at = 0;
    for (const Question &question : questions.all) {
        if (question.statement.isEmpty() || at >= parts.size())
            continue;
        const Part &part = parts[at++];
        if (part.isOk())
            continue;
        const QString code = errorOf(part.status, part.body).remoteCode;
        if (code != u"INVALID_FIELD" && code != u"MALFORMED_QUERY" &&
            code != u"INVALID_QUERY_FILTER_OPERATOR")
            continue;
        want(question.result.rule.kind);
        if (question.result.rule.kind == kinds::contact)
            want(kinds::account);
    }
    return kinds;
}

Result<crm::MatchOutcome> outcomeOf(const Questions &questions, const QList<Part> &parts,
                                    const crm::IdentifyRequest &request, const Schemas &schemas,
                                    const QUrl &instanceUrl)
{
    crm::MatchOutcome outcome;
    outcome.unreadable = questions.unreadable;
    Found found;
    qsizetype at = 0;
    for (const Question &question : questions.all) {
        crm::RuleResult result = question.result;
        if (!question.statement.isEmpty()) {
            if (at >= parts.size())
                return fail(Errc::BadReply, u"an answer is missing"_s);
            const Part &part = parts[at++];
            if (!part.isOk()) {
                result.error = errorOf(part.status, part.body);
            } else if (!part.body[u"records"].isArray()) {
                return fail(Errc::BadReply, u"a query's answer has no records"_s);
            } else {
                result.count = collect(found, result.rule, part.body[u"records"].toArray(), request, schemas,
                                       instanceUrl);
                result.state =
                    result.count > 0 ? crm::RuleResult::State::Found : crm::RuleResult::State::Nothing;
            }
        }
        outcome.rules += result;
    }
    sortDocumented(found.candidates);
    outcome.candidates = found.candidates;
    if (const Error *refusal = openRefusal(outcome))
        return fail(*refusal);
    outcome.account = accountOf(outcome.candidates, found.accounts);
    return outcome;
}

} // namespace parley::salesforce
