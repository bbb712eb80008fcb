#include "app/sandbox/RecordId.h"
#include "app/sandbox/SoqlPlanner.h"

namespace parley::sandbox::soql {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr qsizetype kMaxPattern =
    16000; // SQLite refuses longer LIKE patterns; no field that long is filterable

// SQLite limits the depth of an expression: a thousand ORs in a row are joined as a tree, not as a chain.
QString balanced(const QStringList &parts, const QString &joiner)
{
    if (parts.size() == 1)
        return parts.first();
    const qsizetype half = parts.size() / 2;
    return u'(' + balanced(parts.first(half), joiner) + joiner + balanced(parts.sliced(half), joiner) + u')';
}

QString soapName(const Field &field)
{
    if (field.type == u"datetime"_s)
        return u"dateTime"_s;
    if (field.type == u"boolean"_s || field.type == u"date"_s || field.type == u"time"_s ||
        field.type == u"int"_s)
        return field.type;
    return field.isNumber() ? u"double"_s : u"string"_s;
}

} // namespace

Outcome<Piece> Planner::whereClause(const std::optional<QPair<QString, QString>> &childOf)
{
    QStringList parts;
    QVariantList values;
    const QString alias = m_joins.front().alias;
    if (m_object->has(u"IsDeleted") && !m_context.includeDeleted)
        parts.append(alias + u".\"IsDeleted\" = 0"_s);
    if (childOf) {
        parts.append(alias + u'.' + columnOf(childOf->first) + u" = ?"_s);
        values.append(childOf->second);
    }
    if (m_query.scope == u"mine"_s && m_object->has(u"OwnerId")) {
        parts.append(alias + u".\"OwnerId\" = ?"_s);
        values.append(m_context.userId);
    }
    if (m_query.where) {
        const auto compiled = condition(*m_query.where, false);
        if (!compiled)
            return compiled;
        parts.append(compiled->sql);
        values += compiled->values;
    }
    return Piece{u" WHERE "_s + (parts.isEmpty() ? u"1"_s : parts.join(u" AND "_s)), values};
}

// Every comparison yields 0 or 1, never SQL's unknown: SOQL's NOT turns "no value" into a match.
Outcome<Piece> Planner::condition(const Condition &condition, bool having)
{
    if (condition.kind == Condition::Kind::Compare)
        return comparison(condition, having);
    QStringList parts;
    QVariantList values;
    for (const Condition &child : condition.children) {
        const auto compiled = this->condition(child, having);
        if (!compiled)
            return compiled;
        parts.append(compiled->sql);
        values += compiled->values;
    }
    if (condition.kind == Condition::Kind::Not)
        return Piece{u"(NOT "_s + parts.first() + u')', values};
    return Piece{u'(' + balanced(parts, condition.kind == Condition::Kind::And ? u" AND "_s : u" OR "_s) +
                     u')',
                 values};
}

Outcome<Piece> Planner::comparison(const Condition &condition, bool having)
{
    const Term &left = condition.left;
    const bool aggregate = isAggregate(left.function);
    if (aggregate && !having)
        return pointed(left.field.at, u"MALFORMED_QUERY"_s, u"unexpected token: '%1'"_s.arg(left.function));
    Column column;
    if (aggregate || isDateFunction(left.function)) {
        QString type;
        const auto sql = termSql(left, &type);
        if (!sql)
            return refuse(sql.error());
        column.value = column.comparable = *sql;
        column.field.type = type;
        column.field.name = left.field.parts.isEmpty() ? left.function : left.field.parts.last();
    } else {
        auto resolved = resolve(left.field);
        if (!resolved)
            return refuse(resolved.error());
        column = *resolved;
    }
    if (having && !aggregate && groupOf(column.comparable) < 0)
        return ungrouped(left);
    if (!column.field.filterable || column.value.isEmpty())
        return pointed(left.field.at, u"INVALID_FIELD"_s,
                       u"field '%1' can not be filtered in a query call"_s.arg(column.field.name));
    if (condition.op.endsWith(u"IN"_s) || condition.op.endsWith(u"CLUDES"_s))
        return membership(condition, column);
    const Literal &literal = condition.values.first();
    if (literal.kind == Literal::Kind::DateWord)
        return dateWordComparison(condition, column, literal);
    if (condition.op == u"LIKE"_s || column.field.isText())
        return textComparison(condition, column);
    const auto value = literalFor(column.field, condition.op, literal);
    if (!value)
        return refuse(value.error());
    if (value->isNull()) {
        if (condition.op != u"="_s && condition.op != u"!="_s)
            return pointed(literal.at, u"INVALID_FIELD"_s, u"null may only be compared with = and !="_s);
        return Piece{u"(%1 IS %2NULL)"_s.arg(column.value, condition.op == u"="_s ? QString() : u"NOT "_s),
                     {}};
    }
    if ((column.field.type == u"id"_s || column.field.isReference() || column.field.type == u"boolean"_s) &&
        condition.op != u"="_s && condition.op != u"!="_s && column.field.type == u"boolean"_s)
        return pointed(left.field.at, u"INVALID_QUERY_FILTER_OPERATOR"_s,
                       u"invalid operator on boolean field"_s);
    const bool isNot = condition.op == u"!="_s;
    return Piece{u"ifnull(%1 %2 ?, %3)"_s.arg(column.comparable, isNot ? u"<>"_s : condition.op,
                                              isNot ? u"1"_s : u"0"_s),
                 {*value}};
}

Outcome<Piece> Planner::textComparison(const Condition &condition, const Column &column)
{
    const Literal &literal = condition.values.first();
    const bool isNot = condition.op == u"!="_s;
    if (condition.op == u"LIKE"_s) {
        if (!column.field.isText() || column.field.type == u"multipicklist"_s)
            return pointed(condition.left.field.at, u"INVALID_QUERY_FILTER_OPERATOR"_s,
                           u"invalid operator on %1 field"_s.arg(column.field.type));
        if (literal.kind != Literal::Kind::String)
            return pointed(
                condition.left.field.at, u"INVALID_FIELD"_s,
                u"value of filter criterion for field '%1' must be of type string and should be enclosed in quotes"_s
                    .arg(column.field.name));
        if (literal.like.size() > kMaxPattern)
            return Piece{u"0"_s, {}};
        return Piece{u"ifnull(%1 LIKE ? ESCAPE '\\', 0)"_s.arg(column.comparable), {folded(literal.like)}};
    }
    const auto value = literalFor(column.field, condition.op, literal);
    if (!value)
        return refuse(value.error());
    if (value->toString().isEmpty()) { // '' and null are the same to Salesforce
        if (condition.op == u"="_s || isNot)
            return Piece{u"(%1 IS %2NULL)"_s.arg(column.value, isNot ? u"NOT "_s : QString()), {}};
        return Piece{u"0"_s, {}};
    }
    return Piece{u"ifnull(%1 %2 ?, %3)"_s.arg(column.comparable, isNot ? u"<>"_s : condition.op,
                                              isNot ? u"1"_s : u"0"_s),
                 {*value}};
}

Outcome<Piece> Planner::membership(const Condition &condition, const Column &column)
{
    const bool negated = condition.op == u"NOT IN"_s || condition.op == u"EXCLUDES"_s;
    const QString wrap = negated ? u"(NOT ifnull(%1, 0))"_s : u"ifnull(%1, 0)"_s;
    if (condition.subquery) {
        if (column.field.type != u"id"_s && !column.field.isReference())
            return pointed(condition.left.field.at, u"MALFORMED_QUERY"_s,
                           u"The left operand of a semi-join must be an Id or a reference"_s);
        const auto inner = Planner(m_context, *condition.subquery, m_text, m_depth + 1)
                               .semiJoin(condition.left.field, column.field, *m_object);
        if (!inner)
            return inner;
        return Piece{QString(wrap).replace(u"%1"_s, column.value + u" IN "_s + inner->sql), inner->values};
    }
    const bool multi = condition.op.endsWith(u"CLUDES"_s);
    if (multi != (column.field.type == u"multipicklist"_s))
        return pointed(condition.left.field.at, u"INVALID_QUERY_FILTER_OPERATOR"_s,
                       multi ? u"includes and excludes may only be used with multi-select picklist fields"_s
                             : u"invalid operator on multipicklist field"_s);
    QVariantList values;
    QStringList parts;
    QStringList marks;
    for (const Literal &literal : condition.values) {
        if (literal.kind == Literal::Kind::DateWord)
            return pointed(literal.at, u"MALFORMED_QUERY"_s, u"unexpected token: '%1'"_s.arg(literal.text));
        const auto value = literalFor(column.field, condition.op, literal);
        if (!value)
            return refuse(value.error());
        if (multi) { // 'A;B' asks for both, a further literal is an alternative
            QStringList all;
            for (const QString &one : value->toString().split(u';', Qt::SkipEmptyParts)) {
                all.append(u"instr(';' || %1 || ';', ?) > 0"_s.arg(column.comparable));
                values.append(QString(u';' + one.trimmed() + u';'));
            }
            parts.append(all.isEmpty() ? column.value + u" IS NULL"_s
                                       : u'(' + balanced(all, u" AND "_s) + u')');
        } else if (value->isNull() || (column.field.isText() && value->toString().isEmpty())) {
            parts.append(column.value + u" IS NULL"_s);
        } else {
            marks.append(u"?"_s);
            values.append(*value);
        }
    }
    if (!marks.isEmpty())
        parts.append(column.comparable + u" IN ("_s + marks.join(u',') + u')');
    return Piece{QString(wrap).replace(u"%1"_s, balanced(parts, u" OR "_s)), values};
}

Outcome<Piece> Planner::dateWordComparison(const Condition &condition, const Column &column,
                                           const Literal &literal)
{
    const bool isDate = column.field.type == u"date"_s;
    if (!isDate && column.field.type != u"datetime"_s)
        return pointed(condition.left.field.at, u"INVALID_FIELD"_s,
                       u"value of filter criterion for field '%1' must be of type %2"_s.arg(
                           column.field.name, soapName(column.field)));
    const auto range = dateRange(literal.text, literal.n, m_context.now);
    const auto text = [isDate](const QDateTime &instant) {
        return isDate ? instant.date().toString(Qt::ISODate) : datetimeText(instant);
    };
    const QString from = text(range->from);
    const QString to = text(range->to);
    const QString &c = column.value;
    if (condition.op == u"="_s)
        return Piece{u"ifnull(%1 >= ? AND %1 < ?, 0)"_s.arg(c), {from, to}};
    if (condition.op == u"!="_s)
        return Piece{u"ifnull(%1 < ? OR %1 >= ?, 1)"_s.arg(c), {from, to}};
    if (condition.op == u"<"_s || condition.op == u">="_s)
        return Piece{u"ifnull(%1 %2 ?, 0)"_s.arg(c, condition.op), {from}};
    if (condition.op == u"LIKE"_s)
        return pointed(condition.left.field.at, u"INVALID_QUERY_FILTER_OPERATOR"_s,
                       u"invalid operator on date field"_s);
    return Piece{u"ifnull(%1 %2 ?, 0)"_s.arg(c, condition.op == u"<="_s ? u"<"_s : u">="_s), {to}};
}

Outcome<QVariant> Planner::literalFor(const Field &field, const QString &op, const Literal &literal) const
{
    using Kind = Literal::Kind;
    const auto wrongKind = [&](const QString &type, bool quotes) {
        return pointed(
            literal.at, u"INVALID_FIELD"_s,
            u"value of filter criterion for field '%1' must be of type %2 and should %3be enclosed in quotes"_s
                .arg(field.name, type, quotes ? QString() : u"not "_s));
    };
    if (literal.kind == Kind::Null)
        return QVariant();
    if (literal.kind == Kind::String && !literal.likeOnly.isEmpty() && op != u"LIKE"_s)
        return refuse(
            400, u"MALFORMED_QUERY"_s,
            u"Invalid string literal '%1'. Illegal character sequence '%2' in string literal."_s.arg(
                literal.text, literal.likeOnly));
    if (field.type == u"id"_s || field.isReference()) {
        if (literal.kind != Kind::String)
            return wrongKind(u"string"_s, true);
        if (literal.text.isEmpty())
            return QVariant();
        const auto id = normalizeId(literal.text);
        if (!id)
            return pointed(literal.at, u"INVALID_QUERY_FILTER_OPERATOR"_s,
                           u"invalid ID field: %1"_s.arg(literal.text));
        return QVariant(*id);
    }
    if (field.type == u"boolean"_s) {
        if (literal.kind != Kind::Boolean)
            return wrongKind(u"boolean"_s, false);
        return QVariant(literal.text == u"TRUE"_s ? 1 : 0);
    }
    if (field.isNumber()) {
        if (literal.kind != Kind::Number)
            return wrongKind(soapName(field), false);
        return QVariant(literal.text.toDouble());
    }
    if (field.type == u"date"_s) {
        if (literal.kind != Kind::Date || !QDate::fromString(literal.text, Qt::ISODate).isValid())
            return wrongKind(u"date"_s, false);
        return QVariant(literal.text);
    }
    if (field.type == u"datetime"_s) {
        const auto instant = literal.kind == Kind::DateTime ? parseDatetime(literal.text) : std::nullopt;
        if (!instant)
            return wrongKind(u"dateTime"_s, false);
        return QVariant(datetimeText(*instant));
    }
    if (literal.kind != Kind::String)
        return wrongKind(u"string"_s, true);
    return QVariant(field.isText() ? folded(literal.text) : literal.text);
}

} // namespace parley::sandbox::soql
