#include "app/ctl/CrmJson.h"

#include "core/base/Redact.h"

namespace parley::ctl {

using namespace Qt::Literals::StringLiterals;

namespace {

QJsonValue valueOf(const QVariant &value)
{
    switch (value.typeId()) {
    case QMetaType::QDate:
        return value.toDate().toString(Qt::ISODate);
    case QMetaType::QDateTime:
        return value.toDateTime().toUTC().toString(Qt::ISODateWithMs);
    case QMetaType::QTime:
        return value.toTime().toString(Qt::ISODateWithMs);
    default:
        return QJsonValue::fromVariant(value);
    }
}

QString nameOf(crm::RuleResult::State state)
{
    switch (state) {
    case crm::RuleResult::State::Found:
        return u"found"_s;
    case crm::RuleResult::State::Skipped:
        return u"skipped"_s;
    case crm::RuleResult::State::Nothing:
        break;
    }
    return u"nothing"_s;
}

QJsonObject jsonOf(const crm::RuleResult &result)
{
    QJsonArray conditions;
    for (const crm::MatchCondition &condition : result.rule.conditions)
        conditions +=
            QJsonObject{{u"crmField"_s, condition.crmField}, {u"liveChatField"_s, condition.liveChatField}};
    QJsonObject json{{u"kind"_s, result.rule.kind.name},  {u"rule"_s, result.rule.name},
                     {u"conditions"_s, conditions},       {u"value"_s, result.value},
                     {u"result"_s, nameOf(result.state)}, {u"count"_s, result.count}};
    if (result.error)
        json[u"error"] = ctl::jsonOf(*result.error, {});
    return json;
}

QJsonArray jsonOf(const QList<crm::Evidence> &evidence)
{
    QJsonArray json;
    for (const crm::Evidence &reason : evidence)
        json += QJsonObject{{u"rule"_s, reason.rule}, {u"field"_s, reason.field}, {u"value"_s, reason.value}};
    return json;
}

QString nameOf(crm::MatchKind kind)
{
    switch (kind) {
    case crm::MatchKind::One:
        return u"one"_s;
    case crm::MatchKind::Several:
        return u"several"_s;
    case crm::MatchKind::None:
        break;
    }
    return u"none"_s;
}

// Record text comes from people: on a terminal it must not move the cursor.
QString shown(const QString &text)
{
    return forLog(QStringView(text), 200);
}

} // namespace

QJsonObject jsonOf(const Record &record)
{
    QJsonObject fields;
    for (auto it = record.fields.cbegin(); it != record.fields.cend(); ++it)
        fields[it.key()] = valueOf(it.value());
    return {{u"kind"_s, record.ref.kind.name}, {u"id"_s, record.ref.id.value},
            {u"title"_s, record.title},        {u"url"_s, record.url.toString(QUrl::FullyEncoded)},
            {u"version"_s, record.version},    {u"fields"_s, fields}};
}

QJsonObject jsonOf(const crm::Field &field)
{
    QJsonObject json{{u"name"_s, field.name},
                     {u"label"_s, field.label},
                     {u"type"_s, field.remoteType},
                     {u"required"_s, field.isRequired},
                     {u"createable"_s, field.isCreateable},
                     {u"updateable"_s, field.isUpdateable},
                     {u"filterable"_s, field.isFilterable},
                     {u"custom"_s, field.isCustom},
                     {u"calculated"_s, field.isCalculated},
                     {u"autoNumber"_s, field.isAutoNumber},
                     {u"externalId"_s, field.isExternalId},
                     {u"length"_s, field.length}};
    if (field.precision > 0) {
        json[u"precision"] = field.precision;
        json[u"scale"] = field.scale;
    }
    QJsonArray choices;
    for (const crm::Choice &choice : field.choices) {
        QJsonObject entry{{u"value"_s, choice.value},
                          {u"label"_s, choice.label},
                          {u"active"_s, choice.isActive},
                          {u"default"_s, choice.isDefault}};
        if (!field.controller.isEmpty()) {
            QList<int> indexes(choice.validFor.cbegin(), choice.validFor.cend());
            std::ranges::sort(indexes);
            QJsonArray validFor;
            for (const int index : indexes)
                validFor += index;
            entry[u"validFor"] = validFor;
        }
        choices += entry;
    }
    if (!choices.isEmpty()) {
        json[u"choices"] = choices;
        json[u"restricted"] = field.isRestricted;
    }
    if (!field.controller.isEmpty())
        json[u"controller"] = field.controller;
    QJsonArray targets;
    for (const RecordKind &target : field.targets)
        targets += target.name;
    if (!targets.isEmpty()) {
        json[u"targets"] = targets;
        json[u"relationship"] = field.relationship;
    }
    if (!field.compound.isEmpty())
        json[u"compound"] = field.compound;
    if (!field.help.isEmpty())
        json[u"help"] = field.help;
    if (field.defaultValue.isValid())
        json[u"default"] = valueOf(field.defaultValue);
    return json;
}

QJsonObject jsonOf(const crm::KindSchema &schema, bool withFields)
{
    QJsonObject json{{u"kind"_s, schema.kind.name},          {u"label"_s, schema.label},
                     {u"labelPlural"_s, schema.labelPlural}, {u"createable"_s, schema.isCreateable},
                     {u"updateable"_s, schema.isUpdateable}, {u"queryable"_s, schema.isQueryable}};
    QJsonArray variants;
    for (const crm::Variant &variant : schema.variants)
        variants += QJsonObject{{u"id"_s, variant.id},
                                {u"name"_s, variant.name},
                                {u"default"_s, variant.isDefault},
                                {u"master"_s, variant.isMaster}};
    json[u"variants"] = variants;
    QJsonArray fields;
    for (const crm::Field &field : schema.fields)
        fields += jsonOf(field);
    if (withFields)
        json[u"fields"] = fields;
    json[u"fieldCount"] = schema.fields.size();
    return json;
}

QJsonObject jsonOf(const crm::Layout &layout)
{
    QJsonArray sections;
    for (const crm::LayoutSection &section : layout.sections) {
        QJsonArray rows;
        for (const auto &row : section.rows) {
            QJsonArray cells;
            for (const crm::LayoutCell &cell : row)
                cells +=
                    QJsonObject{{u"field"_s, cell.field.isEmpty() ? QJsonValue() : QJsonValue(cell.field)},
                                {u"label"_s, cell.label},
                                {u"required"_s, cell.isRequired},
                                {u"readOnly"_s, cell.isReadOnly || cell.field.isEmpty()}};
            rows += cells;
        }
        sections +=
            QJsonObject{{u"label"_s, section.label}, {u"columns"_s, section.columns}, {u"rows"_s, rows}};
    }
    QJsonObject choices;
    for (auto it = layout.choices.cbegin(); it != layout.choices.cend(); ++it) {
        QJsonArray values;
        for (const crm::Choice &choice : it.value())
            values += QJsonObject{
                {u"value"_s, choice.value}, {u"label"_s, choice.label}, {u"default"_s, choice.isDefault}};
        choices[it.key()] = values;
    }
    return {{u"kind"_s, layout.kind.name},
            {u"variant"_s, layout.variantId},
            {u"sections"_s, sections},
            {u"choices"_s, choices}};
}

QJsonObject jsonOf(const crm::MatchOutcome &outcome)
{
    QJsonArray candidates;
    for (const crm::Candidate &candidate : outcome.candidates) {
        QJsonObject json = jsonOf(candidate.record);
        json[u"evidence"] = jsonOf(candidate.evidence);
        candidates += json;
    }
    QJsonArray rules;
    for (const crm::RuleResult &rule : outcome.rules)
        rules += jsonOf(rule);
    QJsonObject unreadable;
    for (auto it = outcome.unreadable.cbegin(); it != outcome.unreadable.cend(); ++it)
        unreadable[it.key().name] = QJsonArray::fromStringList(it.value());
    return {{u"outcome"_s, nameOf(outcome.kind())},
            {u"candidates"_s, candidates},
            {u"account"_s, outcome.account ? QJsonValue(jsonOf(*outcome.account)) : QJsonValue()},
            {u"rules"_s, rules},
            {u"unreadable"_s, unreadable},
            {u"roundTrips"_s, outcome.roundTrips},
            {u"elapsedMs"_s, qint64(outcome.elapsed.count())}};
}

QStringList linesOf(const QList<Record> &records)
{
    QStringList lines;
    for (const Record &record : records)
        lines += u"%1  %2  %3"_s.arg(record.ref.kind.name.leftJustified(10), record.ref.id.value,
                                     shown(record.title));
    if (lines.isEmpty())
        lines += u"Nothing found."_s;
    return lines;
}

QStringList linesOf(const crm::MatchOutcome &outcome)
{
    QStringList lines;
    for (const crm::Candidate &candidate : outcome.candidates) {
        QStringList reasons;
        for (const crm::Evidence &reason : candidate.evidence)
            reasons += u"%1 = %2"_s.arg(reason.field, shown(reason.value));
        lines += u"%1  %2  %3  (%4)"_s.arg(candidate.record.ref.kind.name.leftJustified(10),
                                           candidate.record.ref.id.value, shown(candidate.record.title),
                                           reasons.join(u", "_s));
    }
    if (outcome.account)
        lines += u"%1  %2  %3"_s.arg(u"Account"_s.leftJustified(10), outcome.account->ref.id.value,
                                     shown(outcome.account->title));
    if (outcome.candidates.isEmpty())
        lines += u"Not in the CRM."_s;
    for (const crm::RuleResult &rule : outcome.rules)
        lines += u"  rule %1 by %2: %3"_s.arg(rule.rule.kind.name, rule.rule.name, nameOf(rule.state));
    lines += u"%1 round trip(s), %2 ms"_s.arg(outcome.roundTrips).arg(outcome.elapsed.count());
    return lines;
}

QStringList linesOf(const crm::Layout &layout)
{
    QStringList lines;
    for (const crm::LayoutSection &section : layout.sections) {
        lines += section.label.isEmpty() ? u"--"_s : u"-- "_s + section.label;
        for (const auto &row : section.rows) {
            QStringList cells;
            for (const crm::LayoutCell &cell : row) {
                QString text =
                    cell.field.isEmpty() ? QString() : cell.label + (cell.isRequired ? u" *"_s : QString());
                if (cell.isReadOnly)
                    text += u" (read only)"_s;
                cells += text.leftJustified(36);
            }
            lines += (u"   "_s + cells.join(u' ')).trimmed().prepend(u"   "_s);
        }
    }
    return lines;
}

} // namespace parley::ctl
