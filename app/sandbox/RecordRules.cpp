#include "app/sandbox/RecordId.h"
#include "app/sandbox/Records.h"
#include "app/sandbox/SoqlPlan.h"
#include "core/base/Clock.h"

namespace parley::sandbox {

using namespace Qt::Literals::StringLiterals;

namespace {

void addError(QJsonArray &errors, const QString &code, const QString &message, const QStringList &fields)
{
    errors.append(refusal(400, code, message, fields).errors.first());
}

// A null QString is bound as NULL, and nothing is ever different from NULL.
QString orNone(const QString &id)
{
    return id.isNull() ? u""_s : id;
}

} // namespace

void Records::applyDefaults(const ObjectInfo &object, QVariantMap &values, const WriteContext &context)
{
    const RecordTypeInfo *type = object.recordType(values.value(u"RecordTypeId"_s).toString());
    for (const Field &field : object.fields) {
        if (!field.isStored() || (values.contains(field.name) && !values.value(field.name).isNull()))
            continue;
        if (field.autoNumber || field.name == u"CaseNumber"_s) {
            const QString format = field.autoFormat.isEmpty() ? u"00000000"_s : field.autoFormat;
            const qsizetype digits = format.size() - format.indexOf(u'0');
            values.insert(field.name,
                          format.chopped(digits) +
                              QString::number(m_store.next(u"auto/"_s + object.name + field.name, 1026))
                                  .rightJustified(digits, u'0'));
        } else if (field.name == u"OwnerId"_s) {
            values.insert(field.name, context.userId);
        } else if (field.type == u"boolean"_s) {
            values.insert(field.name, field.defaultValue.toBool() ? 1 : 0);
        } else if (field.name == u"RecordTypeId"_s) {
            if (type && !type->master)
                values.insert(field.name, type->id);
        } else if (const QString pick = defaultPickOf(field, type);
                   !pick.isEmpty() && field.type != u"combobox"_s && !values.contains(field.name)) {
            values.insert(field.name, pick);
        } else if (!field.defaultValue.isNull() && !field.defaultValue.isUndefined() &&
                   !values.contains(field.name)) {
            values.insert(field.name, field.defaultValue.toVariant());
        }
    }
}

void Records::stamp(const ObjectInfo &object, QVariantMap &values, const WriteContext &context, bool creating)
{
    // Salesforce keeps whole seconds.
    const QString now =
        soql::datetimeText(QDateTime::fromSecsSinceEpoch(m_clock.now().toSecsSinceEpoch(), Qt::UTC));
    const auto put = [&](const QString &name, const QVariant &value) {
        if (object.has(name) && !(context.ruleless && values.contains(name) && !values.value(name).isNull()))
            values.insert(name, value);
    };
    if (creating) {
        put(u"CreatedDate"_s, now);
        put(u"CreatedById"_s, context.userId);
    }
    put(u"LastModifiedDate"_s,
        creating && context.ruleless ? values.value(u"CreatedDate"_s, now) : QVariant(now));
    put(u"LastModifiedById"_s, context.userId);
    put(u"SystemModstamp"_s, values.value(u"LastModifiedDate"_s, now));
    if (!context.ruleless) {
        put(u"LastViewedDate"_s, now);
        put(u"LastReferencedDate"_s, now);
    }
}

// Fields that the org itself keeps in step with others.
void Records::derive(const ObjectInfo &object, QVariantMap &all, QVariantMap &changed)
{
    const auto set = [&](const QString &name, const QVariant &value) {
        all.insert(name, value);
        changed.insert(name, value);
    };
    const Field *name = object.nameField();
    if (name && !name->createable && object.has(u"LastName"))
        set(name->name,
            QString(all.value(u"FirstName"_s).toString() + u' ' + all.value(u"LastName"_s).toString())
                .trimmed());
    const QString status = all.value(u"Status"_s).toString();
    const QString now =
        soql::datetimeText(QDateTime::fromSecsSinceEpoch(m_clock.now().toSecsSinceEpoch(), Qt::UTC));
    if (object.name == u"Case"_s) {
        const bool closed = status == u"Closed"_s;
        if (closed != (all.value(u"IsClosed"_s).toInt() != 0))
            set(u"ClosedDate"_s, closed ? QVariant(now) : QVariant());
        set(u"IsClosed"_s, closed ? 1 : 0);
        const ObjectInfo *contacts = m_metadata.object(u"Contact");
        if (contacts && changed.contains(u"ContactId"_s) && !changed.value(u"ContactId"_s).isNull() &&
            all.value(u"AccountId"_s).isNull())
            set(u"AccountId"_s,
                m_store.row(*contacts, changed.value(u"ContactId"_s).toString()).value(u"AccountId"_s));
    }
    if (object.name == u"Task"_s) {
        const bool closed = status == u"Completed"_s;
        if (closed != (all.value(u"IsClosed"_s).toInt() != 0))
            set(u"CompletedDateTime"_s, closed ? QVariant(now) : QVariant());
        set(u"IsClosed"_s, closed ? 1 : 0);
        set(u"IsHighPriority"_s, all.value(u"Priority"_s).toString() == u"High"_s ? 1 : 0);
        QVariant account;
        for (const QString &link : {u"WhatId"_s, u"WhoId"_s}) {
            const QString id = all.value(link).toString();
            const ObjectInfo *target = id.isEmpty() ? nullptr : m_metadata.byPrefix(QStringView(id).first(3));
            if (target && target->name == u"Account"_s)
                account = id;
            else if (target && target->has(u"AccountId") && account.isNull())
                account = m_store.row(*target, id).value(u"AccountId"_s);
        }
        set(u"AccountId"_s, account);
    }
    if (object.name == u"User"_s && object.has(u"Name"))
        set(u"Name"_s,
            QString(all.value(u"FirstName"_s).toString() + u' ' + all.value(u"LastName"_s).toString())
                .trimmed());
}

void Records::checkRecordType(const ObjectInfo &object, const QVariantMap &all, const QVariantMap &changed,
                              Errors &errors)
{
    const QString id = all.value(u"RecordTypeId"_s).toString();
    if (id.isEmpty() || !object.has(u"RecordTypeId"))
        return;
    const auto type = std::ranges::find(object.recordTypes, id, &RecordTypeInfo::id);
    if (type == object.recordTypes.end() || !type->available) {
        if (changed.contains(u"RecordTypeId"_s))
            addError(errors, u"INVALID_CROSS_REFERENCE_KEY"_s,
                     u"Record Type ID: this ID value isn't valid for the user: %1"_s.arg(id),
                     {u"RecordTypeId"_s});
        return;
    }
    for (auto it = type->picklists.cbegin(); it != type->picklists.cend(); ++it) {
        const Field *field = object.field(it.key());
        const QString value = changed.value(it.key()).toString();
        if (field && field->restricted && !value.isEmpty() && !it->contains(value))
            addError(errors, u"INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"_s,
                     u"%1: bad value for restricted picklist field: %2"_s.arg(field->label, value),
                     {field->name});
    }
}

void Records::checkUnique(const ObjectInfo &object, const QString &id, const QVariantMap &changed,
                          Errors &errors)
{
    for (const Field &field : object.fields) {
        const QVariant value = changed.value(field.name);
        if (!field.unique || value.isNull() || !field.isStored() || field.type == u"id"_s)
            continue;
        const QString column = hasFolded(field) ? foldedColumnOf(field.name) : columnOf(field.name);
        const QString live = object.has(u"IsDeleted") ? u" AND \"IsDeleted\" = 0"_s : QString();
        const auto rows =
            m_store.run(u"SELECT \"Id\" FROM %1 WHERE %2 = ? AND \"Id\" <> ?%3 LIMIT 1"_s.arg(tableOf(object),
                                                                                              column, live),
                        {hasFolded(field) ? QVariant(folded(value.toString())) : value, orNone(id)});
        if (!rows.isEmpty())
            addError(errors, u"DUPLICATE_VALUE"_s,
                     u"duplicate value found: %1 duplicates value on record with id: %2"_s.arg(
                         field.name, rows.first().first().toString()),
                     {});
    }
    if (object.name != u"ContentDocumentLink"_s || !id.isEmpty())
        return;
    const auto linked =
        m_store.run(u"SELECT \"Id\" FROM %1 WHERE \"ContentDocumentId\" = ? AND \"LinkedEntityId\" = ? "
                    "AND \"IsDeleted\" = 0"_s.arg(tableOf(object)),
                    {changed.value(u"ContentDocumentId"_s), changed.value(u"LinkedEntityId"_s)});
    if (!linked.isEmpty())
        addError(errors, u"DUPLICATE_VALUE"_s,
                 u"duplicate value found: <unknown> duplicates value on record with id: <unknown>"_s, {});
}

void Records::checkTask(const ObjectInfo &object, const QVariantMap &all, Errors &errors)
{
    if (object.name != u"Task"_s)
        return;
    const QString who = all.value(u"WhoId"_s).toString();
    if (who.startsWith(u"00Q"_s) && !all.value(u"WhatId"_s).isNull())
        addError(errors, u"FIELD_INTEGRITY_EXCEPTION"_s,
                 u"Related To ID: a task whose Name is a lead can not have a Related To"_s, {u"WhatId"_s});
}

void Records::checkValidationRules(const ObjectInfo &object, const QVariantMap &all, Errors &errors)
{
    for (const ValidationRule &rule : m_settings.validationRules) {
        const QString value = all.value(rule.field).toString();
        if (rule.object == object.name && !value.isEmpty() && !value.startsWith(rule.startsWith))
            addError(errors, u"FIELD_CUSTOM_VALIDATION_EXCEPTION"_s, rule.message, {rule.field});
    }
}

// The standard rule in its plain form: same e-mail and same last name, whatever the case.
Outcome<Accepted> Records::checkDuplicates(const ObjectInfo &object, const QString &id,
                                           const QVariantMap &all, const WriteContext &context)
{
    const DuplicateAction action = m_settings.duplicateRules.value(object.name, DuplicateAction::Off);
    const QString email = all.value(u"Email"_s).toString();
    const auto compares = [&object](const QString &name) {
        const Field *field = object.field(name);
        return field && hasFolded(*field);
    };
    const Field *shown = object.nameField();
    if (action == DuplicateAction::Off || email.isEmpty() || !compares(u"Email"_s) ||
        !compares(u"LastName"_s) || !shown || !shown->isStored() || !object.has(u"IsDeleted") ||
        (action == DuplicateAction::Alert && context.allowSave))
        return Accepted{};
    const auto rows = m_store.run(
        u"SELECT \"Id\", %2 FROM %1 WHERE \"Email~\" = ? AND \"LastName~\" = ? AND \"Id\" <> ? "
        "AND \"IsDeleted\" = 0 ORDER BY \"Id\" LIMIT 100"_s.arg(tableOf(object), columnOf(shown->name)),
        {folded(email), folded(all.value(u"LastName"_s).toString()), orNone(id)});
    if (rows.isEmpty())
        return Accepted{};
    QJsonArray matches;
    for (const QVariantList &row : rows) {
        QJsonObject record{{u"attributes"_s,
                            QJsonObject{{u"type"_s, object.name},
                                        {u"url"_s, u"/services/data/%1/sobjects/%2/%3"_s.arg(
                                                       context.version, object.name, row.at(0).toString())}}},
                           {u"Id"_s, row.at(0).toString()}};
        if (context.includeRecordDetails)
            record.insert(u"Name"_s, row.at(1).toString());
        matches.append(QJsonObject{{u"additionalInformation"_s, QJsonArray()},
                                   {u"fieldDiffs"_s, QJsonArray()},
                                   {u"matchConfidence"_s, 100.0},
                                   {u"record"_s, record}});
    }
    const bool block = action == DuplicateAction::Block;
    const QString message = block ? u"You can't save this record because it looks like a duplicate."_s
                                  : u"Use one of these records?"_s;
    const QJsonObject details{
        {u"allowSave"_s, !block},
        {u"duplicateRule"_s, u"Standard_%1_Duplicate_Rule"_s.arg(object.name)},
        {u"duplicateRuleEntityType"_s, object.name},
        {u"errorMessage"_s, message},
        {u"matchResults"_s,
         QJsonArray{QJsonObject{{u"entityType"_s, object.name},
                                {u"errors"_s, QJsonArray()},
                                {u"matchEngine"_s, u"FuzzyMatchEngine"_s},
                                {u"matchRecords"_s, matches},
                                {u"rule"_s, u"Standard_%1_Match_Rule_v1_1"_s.arg(object.name)},
                                {u"size"_s, matches.size()},
                                {u"success"_s, true}}}}};
    // The misspelling is Salesforce's own, and clients depend on it.
    return refuse(Refusal{400, QJsonArray{QJsonObject{{u"duplicateResut"_s, details},
                                                      {u"errorCode"_s, u"DUPLICATES_DETECTED"_s},
                                                      {u"message"_s, message}}}});
}

} // namespace parley::sandbox
