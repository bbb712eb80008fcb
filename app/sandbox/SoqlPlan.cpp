#include "app/sandbox/SoqlPlanner.h"

#include <QTimeZone>

namespace parley::sandbox::soql {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int kMaxOffset = 2000;
constexpr int kMaxUnboundedLimit = 200; // FIELDS(ALL) and FIELDS(CUSTOM)

QString addressKey(const QString &part, const QString &compound)
{
    // MailingStreet of MailingAddress -> street; Loc__Latitude__s of Loc__c -> latitude
    QString stem = compound;
    stem.chop(compound.endsWith(u"__c"_s) ? 1 : int(u"Address"_s.size()));
    QString key = part.startsWith(stem) ? part.sliced(stem.size()) : part;
    if (key.endsWith(u"__s"_s))
        key.chop(3);
    key[0] = key.at(0).toLower();
    return key;
}

} // namespace

QString datetimeText(const QDateTime &instant)
{
    return instant.toUTC().toString(u"yyyy-MM-dd'T'HH:mm:ss.zzz"_s) + u"+0000"_s;
}

std::optional<QDateTime> parseDatetime(const QString &text)
{
    QString normal = text;
    if (normal.size() > 5 && (normal.at(normal.size() - 5) == u'+' || normal.at(normal.size() - 5) == u'-'))
        normal.insert(normal.size() - 2, u':'); // +0000 is not ISO enough for Qt
    const QDateTime parsed = QDateTime::fromString(normal, Qt::ISODateWithMs);
    return parsed.isValid() && normal.contains(u'T') ? std::optional(parsed.toUTC()) : std::nullopt;
}

Planner::Planner(const Context &context, const Query &query, const QString &text, int depth)
    : m_context(context)
    , m_query(query)
    , m_text(text)
    , m_depth(depth)
{}

Outcome<Accepted> Planner::findObject(const std::optional<QPair<QString, QString>> &childOf)
{
    Q_UNUSED(childOf)
    m_object =
        m_query.from.parts.size() == 1 ? m_context.metadata.object(m_query.from.parts.first()) : nullptr;
    if (!m_object)
        return pointed(
            m_query.from.at, u"INVALID_TYPE"_s,
            u"sObject type '%1' is not supported. If you are attempting to use a custom object, be sure to "
            "append the '__c' after the entity name. Please reference your WSDL or the describe call for "
            "the appropriate names."_s.arg(m_query.from.parts.join(u'.')));
    m_joins.push_back({QString(), u"t%1_0"_s.arg(m_depth), m_object, QString()});
    return Accepted{};
}

int Planner::addColumn(const QString &sql)
{
    m_columns.append(sql);
    return int(m_columns.size()) - 1;
}

void Planner::addRelation(Plan &plan, const QStringList &path, const Join &join)
{
    for (const Relation &known : std::as_const(plan.relations)) {
        if (known.path == path)
            return;
    }
    Relation relation;
    relation.path = path;
    relation.object = join.object->name;
    relation.idColumn = addColumn(join.alias + u".\"Id\""_s);
    if (join.object == &nameObject())
        relation.typeColumn = addColumn(join.alias + u".\"Type\""_s);
    plan.relations.append(relation);
}

void Planner::addCompound(Plan &plan, const Join &scope, const QStringList &relations, const Field &field)
{
    Output output{
        .kind = Output::Kind::Compound, .relations = relations, .key = field.name, .type = field.type};
    output.column = int(m_columns.size());
    for (const Field &part : scope.object->fields) {
        if (part.compoundFieldName == field.name && part.isStored()) {
            addColumn(scope.alias + u'.' + columnOf(part.name));
            output.parts.append(addressKey(part.name, field.name));
        }
    }
    plan.outputs.append(output);
}

Outcome<Accepted> Planner::addField(Plan &plan, const Term &term)
{
    if (isDateFunction(term.function))
        return ungrouped(term);
    QStringList parts = localParts(term.field);
    parts.removeLast();
    const auto column = resolve(term.field);
    if (!column)
        return refuse(column.error());
    const auto join = joinFor(parts, term.field);
    QStringList canonical;
    if (!parts.isEmpty()) {
        canonical = m_joins.at(size_t(*join)).key.split(u'.');
        for (int depth = 1; depth <= canonical.size(); ++depth) {
            const auto at = joinFor(canonical.first(depth), term.field);
            addRelation(plan, canonical.first(depth), m_joins.at(size_t(*at)));
        }
    }
    const Field *own = m_joins.at(size_t(*join)).object->field(localParts(term.field).last());
    Output output{.relations = canonical, .key = own->name, .type = column->field.type};
    output.mask = column->field.mask;
    output.masksAll = column->field.masksAll;
    if (!term.alias.isEmpty())
        output.key = term.alias;
    for (const Output &known : std::as_const(plan.outputs)) {
        if (known.relations == output.relations && known.key == output.key)
            return pointed(term.field.at, u"INVALID_FIELD"_s,
                           u"duplicate field selected: %1"_s.arg(output.key));
    }
    if (column->field.isCompound()) {
        addCompound(plan, m_joins.at(size_t(*join)), canonical, column->field);
        return Accepted{};
    }
    if (const auto dressed = dress(output, term, column->field); !dressed)
        return dressed;
    const auto sql = termSql(term, &output.type);
    if (!sql)
        return refuse(sql.error());
    output.column = addColumn(*sql);
    plan.outputs.append(output);
    return Accepted{};
}

// toLabel(), FORMAT() and convertCurrency() change how a value is shown, not which it is.
Outcome<Accepted> Planner::dress(Output &output, const Term &term, const Field &field) const
{
    if (term.rendering == u"TOLABEL"_s) {
        for (const auto &[value, label] : field.values)
            output.labels.insert(value, label);
    }
    if (term.rendering == u"CONVERTCURRENCY"_s)
        return pointed(term.field.at, u"MALFORMED_QUERY"_s,
                       u"convertCurrency is not supported: multiple currencies are not enabled for this "
                       "organization"_s);
    output.formatted = term.rendering == u"FORMAT"_s;
    return Accepted{};
}

tl::unexpected<Refusal> Planner::ungrouped(const Term &term) const
{
    return pointed(term.field.at, u"MALFORMED_QUERY"_s,
                   u"Field must be grouped or aggregated: %1"_s.arg(term.field.parts.last()));
}

qsizetype Planner::groupOf(const QString &sql) const
{
    const auto it = std::ranges::find_if(
        m_groups, [&sql](const Group &group) { return group.value == sql || group.comparable == sql; });
    return it == m_groups.end() ? -1 : std::distance(m_groups.begin(), it);
}

Outcome<Accepted> Planner::addAllFields(Plan &plan, const SelectItem &item)
{
    if (item.fields != u"STANDARD"_s && (!m_query.limit || *m_query.limit > kMaxUnboundedLimit))
        return pointed(item.at, u"MALFORMED_QUERY"_s,
                       u"The SOQL FIELDS function must have a LIMIT of at most 200"_s);
    for (const Field &field : m_object->fields) {
        if (item.fields != u"ALL"_s && field.custom != (item.fields == u"CUSTOM"_s))
            continue;
        Term term;
        term.field = {{field.name}, item.at};
        if (const auto added = addField(plan, term); !added)
            return added;
    }
    return Accepted{};
}

Outcome<Accepted> Planner::addAggregate(Plan &plan, const Term &term)
{
    Output output;
    const bool counted = isAggregate(term.function);
    const bool grouping = term.function == u"GROUPING"_s;
    const auto sql = termSql(term, &output.type);
    if (!sql)
        return refuse(sql.error());
    const qsizetype group = groupOf(*sql);
    if (!counted && group < 0)
        return ungrouped(term);
    Field field;
    if (!term.field.parts.isEmpty()) {
        const auto column = resolve(term.field);
        field = column->field;
    }
    if (const auto dressed = dress(output, term, field); !dressed)
        return dressed;
    output.column = addColumn(grouping ? u"0"_s : *sql);
    if (grouping) {
        m_groupingColumns.insert(output.column, group);
        output.type = u"int"_s;
    }
    if (!term.alias.isEmpty())
        output.key = term.alias;
    else if (!term.function.isEmpty())
        output.key = u"expr%1"_s.arg(m_unnamed++);
    else
        output.key = field.name;
    for (const Output &known : std::as_const(plan.outputs)) {
        if (known.key.compare(output.key, Qt::CaseInsensitive) == 0)
            return pointed(term.field.at, u"MALFORMED_QUERY"_s, u"duplicate alias: %1"_s.arg(output.key));
    }
    plan.outputs.append(output);
    return Accepted{};
}

Outcome<Accepted> Planner::addTypeOf(Plan &plan, const SelectItem &item)
{
    const QStringList parts = localParts(item.typeOf);
    const auto join = joinFor(parts, item.typeOf);
    if (!join)
        return refuse(join.error());
    if (m_joins.at(size_t(*join)).object != &nameObject())
        return pointed(item.typeOf.at, u"INVALID_FIELD"_s,
                       u"TYPEOF is not supported on the relationship %1"_s.arg(parts.join(u'.')));
    Output output{
        .kind = Output::Kind::TypeOf, .key = m_joins.at(size_t(*join)).key, .branches = item.branches};
    output.column = addColumn(m_joins.at(size_t(*join)).alias + u".\"Id\""_s);
    addColumn(m_joins.at(size_t(*join)).alias + u".\"Type\""_s);
    for (const TypeOfBranch &branch : item.branches) {
        const ObjectInfo *type = m_context.metadata.object(branch.type);
        if (!branch.type.isEmpty() && !type)
            return pointed(item.typeOf.at, u"INVALID_TYPE"_s,
                           u"sObject type '%1' is not supported."_s.arg(branch.type));
        // Planned once here: a wrong field is wrong although no row reaches its branch.
        Query tried;
        tried.from.parts = {type ? type->name : nameObject().name};
        for (const FieldPath &field : branch.fields) {
            SelectItem wanted;
            wanted.term.field = field;
            tried.select.append(wanted);
        }
        if (const auto planned = type ? soql::plan(m_context, tried, m_text) : Outcome<Plan>(Plan{});
            !planned)
            return refuse(planned.error());
    }
    plan.outputs.append(output);
    return Accepted{};
}

Outcome<Accepted> Planner::addChild(Plan &plan, const Query &child)
{
    const QString name = child.from.parts.last();
    const auto it = std::ranges::find_if(m_object->children, [&](const ChildRelationship &relationship) {
        return relationship.name.compare(name, Qt::CaseInsensitive) == 0 &&
               m_context.metadata.object(relationship.child);
    });
    if (it == m_object->children.end())
        return pointed(
            child.from.at, u"INVALID_TYPE"_s,
            u"Didn't understand relationship '%1' in FROM part of query call. If you are attempting to use a "
            "custom relationship, be sure to append the '__r' after the custom relationship name. Please "
            "reference your WSDL or the describe call for the appropriate names."_s.arg(name));
    auto bound = std::make_shared<Query>(child);
    bound->from.parts = {it->child};
    // Planned once here so that its errors come with the whole statement's, not with the first row.
    const auto tried = soql::plan(m_context, *bound, m_text, QPair<QString, QString>{it->field, QString()});
    if (!tried)
        return refuse(tried.error());
    if (tried->aggregate || tried->countOnly)
        return pointed(child.from.at, u"MALFORMED_QUERY"_s,
                       u"only root queries support aggregate expressions"_s);
    plan.children.append({it->name, it->field, bound});
    return Accepted{};
}

Outcome<Accepted> Planner::outputs(Plan &plan)
{
    plan.aggregate =
        !m_query.groupBy.isEmpty() || std::ranges::any_of(m_query.select, [](const SelectItem &item) {
            return item.kind == SelectItem::Kind::Term && isAggregate(item.term.function);
        });
    for (const SelectItem &item : m_query.select) {
        Outcome<Accepted> done = Accepted{};
        const bool bareCount = item.kind == SelectItem::Kind::Term && item.term.function == u"COUNT"_s &&
                               item.term.field.parts.isEmpty();
        if (bareCount && m_query.select.size() == 1 && m_query.groupBy.isEmpty()) {
            plan.countOnly = true;
        } else if (bareCount) {
            done = pointed(item.at, u"MALFORMED_QUERY"_s, u"unexpected token: COUNT()"_s);
        } else if (plan.aggregate && item.kind != SelectItem::Kind::Term) {
            done = pointed(item.at, u"MALFORMED_QUERY"_s, u"Field must be grouped or aggregated"_s);
        } else if (item.kind == SelectItem::Kind::Fields) {
            done = addAllFields(plan, item);
        } else if (item.kind == SelectItem::Kind::Subquery) {
            done = addChild(plan, *item.subquery);
        } else if (item.kind == SelectItem::Kind::TypeOf) {
            done = addTypeOf(plan, item);
        } else if (plan.aggregate) {
            done = addAggregate(plan, item.term);
        } else if (!item.term.alias.isEmpty() && item.term.rendering.isEmpty()) {
            done = pointed(item.at, u"MALFORMED_QUERY"_s, u"only aggregate expressions use field aliasing"_s);
        } else if (item.term.function == u"GROUPING"_s) {
            done = ungrouped(item.term);
        } else {
            done = addField(plan, item.term);
        }
        if (!done)
            return done;
    }
    return Accepted{};
}

Outcome<Accepted> Planner::groupTerms()
{
    for (const Term &by : m_query.groupBy) {
        if (isAggregate(by.function))
            return pointed(by.field.at, u"MALFORMED_QUERY"_s,
                           u"Grouped field should not be aggregated: %1"_s.arg(
                               by.field.parts.isEmpty() ? by.function : by.field.parts.last()));
        const auto column = resolve(by.field);
        if (!column)
            return refuse(column.error());
        if (column->value.isEmpty() || (by.function.isEmpty() && !column->field.groupable))
            return pointed(by.field.at, u"MALFORMED_QUERY"_s,
                           u"field '%1' can not be grouped in a query call"_s.arg(column->field.name));
        const auto sql = termSql(by);
        if (!sql)
            return refuse(sql.error());
        m_groups.append({*sql, by.function.isEmpty() ? column->comparable : *sql});
    }
    return Accepted{};
}

Outcome<QString> Planner::orderClause(const Plan &plan)
{
    QStringList terms;
    for (const Order &order : m_query.orderBy) {
        QString sql;
        if (order.term.function.isEmpty()) {
            const auto column = resolve(order.term.field);
            if (!column)
                return refuse(column.error());
            if (!column->field.sortable || column->value.isEmpty())
                return pointed(order.term.field.at, u"MALFORMED_QUERY"_s,
                               u"field '%1' can not be sorted in a query call"_s.arg(column->field.name));
            sql = column->comparable;
        } else {
            const auto made = termSql(order.term);
            if (!made)
                return made;
            sql = *made;
        }
        const bool grouped = plan.aggregate || plan.countOnly;
        if (grouped ? !isAggregate(order.term.function) && groupOf(sql) < 0
                    : isAggregate(order.term.function) && !order.term.field.parts.isEmpty())
            return ungrouped(order.term);
        if (!grouped && isAggregate(order.term.function))
            return pointed(order.term.field.at, u"MALFORMED_QUERY"_s, u"unexpected token: COUNT()"_s);
        // Rows of several groupings are joined under numbered columns and sorted by these.
        if (m_query.rollup != Query::Rollup::None)
            sql = u"c%1"_s.arg(addColumn(sql));
        terms.append(sql + (order.descending ? u" DESC"_s : u" ASC"_s) +
                     (order.nullsLast ? u" NULLS LAST"_s : u" NULLS FIRST"_s));
    }
    if (!plan.aggregate && terms.isEmpty() && m_object->has(u"Id"))
        terms.append(m_joins.front().alias + u".\"Id\""_s);
    return terms.isEmpty() ? QString() : u" ORDER BY "_s + terms.join(u", "_s);
}

// SQLite knows neither ROLLUP nor CUBE: one SELECT per grouping, and what is not grouped by is null in it.
QString Planner::grouped(const QString &from, const QString &having, const QVariantList &values,
                         const QString &order, Plan &plan) const
{
    const int all = (1 << m_groups.size()) - 1;
    QStringList selects;
    for (int subset = all; subset >= 0; --subset) {
        // ROLLUP keeps only the prefixes: a, b, c; a, b; a; none.
        if (m_query.rollup == Query::Rollup::Rollup && ((subset + 1) & subset) != 0)
            continue;
        QStringList columns;
        for (int i = 0; i < m_columns.size(); ++i) {
            const qsizetype group = m_groupingColumns.value(i, groupOf(m_columns.at(i)));
            const bool folded = group >= 0 && (subset & (1 << group)) == 0;
            columns.append((m_groupingColumns.contains(i) ? QString(folded ? u"1"_s : u"0"_s)
                            : folded                      ? u"NULL"_s
                                                          : m_columns.at(i)) +
                           u" AS c%1"_s.arg(i));
        }
        QStringList terms;
        for (int group = 0; group < m_groups.size(); ++group) {
            if (subset & (1 << group))
                terms.append(m_groups.at(group).comparable);
        }
        selects.append(u"SELECT "_s + columns.join(u", "_s) + from + u" GROUP BY "_s +
                       (terms.isEmpty() ? u"NULL"_s : terms.join(u", "_s)) + having);
        plan.values += values;
    }
    return u"SELECT * FROM ("_s + selects.join(u" UNION ALL "_s) + u')' + order;
}

// What no clause is wrong with by itself, but with the others.
Outcome<Accepted> Planner::checkShape(const Plan &plan) const
{
    if (m_query.offset > kMaxOffset)
        return refuse(400, u"NUMBER_OUTSIDE_VALID_RANGE"_s, u"Maximum SOQL offset allowed is 2000"_s);
    if (plan.aggregate && !plan.countOnly && m_query.groupBy.isEmpty() && m_query.limit)
        return pointed(m_query.limitAt, u"MALFORMED_QUERY"_s,
                       u"Non-grouped query that uses overall aggregate functions cannot also use LIMIT"_s);
    int semiJoins = 0;
    return m_query.where ? checkSemiJoins(*m_query.where, {}, semiJoins) : Accepted{};
}

Outcome<Accepted> Planner::checkSemiJoins(const Condition &condition, const QString &below, int &count) const
{
    if (condition.subquery) {
        if (m_depth > 0)
            return pointed(condition.left.field.at, u"MALFORMED_QUERY"_s,
                           u"Nesting of semi join sub-selects is not supported"_s);
        if (!below.isEmpty())
            return pointed(condition.left.field.at, u"MALFORMED_QUERY"_s,
                           u"Semi join sub-selects are not allowed with the '%1' operator"_s.arg(below));
        if (++count > 2)
            return pointed(condition.left.field.at, u"MALFORMED_QUERY"_s,
                           u"Maximum 2 semi join sub-selects are allowed"_s);
    }
    const QString here = condition.kind == Condition::Kind::Or    ? u"OR"_s
                         : condition.kind == Condition::Kind::Not ? u"NOT"_s
                                                                  : below;
    for (const Condition &child : condition.children) {
        if (const auto fine = checkSemiJoins(child, here, count); !fine)
            return fine;
    }
    return Accepted{};
}

Outcome<Plan> Planner::run(const std::optional<QPair<QString, QString>> &childOf)
{
    if (const auto found = findObject(childOf); !found)
        return refuse(found.error());
    Plan plan;
    plan.object = m_object;
    if (const auto done = groupTerms(); !done)
        return refuse(done.error());
    if (const auto done = outputs(plan); !done)
        return refuse(done.error());
    if (const auto fine = checkShape(plan); !fine)
        return refuse(fine.error());
    Relation self;
    self.object = m_object->name;
    const bool plainRows = !plan.aggregate && !plan.countOnly;
    if (plainRows) {
        self.idColumn = addColumn(m_joins.front().alias + u".\"Id\""_s);
        plan.relations.prepend(self);
    }
    const auto where = whereClause(childOf);
    if (!where)
        return refuse(where.error());
    QString having;
    QVariantList values = where->values;
    if (m_query.having) {
        const auto compiled = condition(*m_query.having, true);
        if (!compiled)
            return refuse(compiled.error());
        having = u" HAVING "_s + compiled->sql;
        values += compiled->values;
    }
    const auto order = orderClause(plan);
    if (!order)
        return refuse(order.error());
    QString joins;
    for (const Join &join : m_joins)
        joins += join.sql;
    const QString from = u" FROM "_s + tableOf(*m_object) + u' ' + m_joins.front().alias + joins + where->sql;
    const QString cut = m_query.limit || m_query.offset
                            ? u" LIMIT %1 OFFSET %2"_s.arg(m_query.limit.value_or(-1)).arg(m_query.offset)
                            : QString();
    if (m_query.rollup != Query::Rollup::None) {
        plan.sql = grouped(from, having, values, *order, plan) + cut;
        return plan;
    }
    QStringList groups;
    for (const Group &group : std::as_const(m_groups))
        groups.append(group.comparable);
    const QString group = groups.isEmpty() ? QString() : u" GROUP BY "_s + groups.join(u", "_s);
    if (plan.countOnly)
        plan.sql = u"SELECT COUNT(*) FROM (SELECT 1"_s + from + cut + u')';
    else
        plan.sql = u"SELECT "_s + m_columns.join(u", "_s) + from + group + having + *order + cut;
    plan.values = values;
    return plan;
}

Outcome<Piece> Planner::semiJoin(const FieldPath &left, const Field &outer, const ObjectInfo &outerObject)
{
    if (const auto found = findObject({}); !found)
        return refuse(found.error());
    if (m_query.select.size() != 1 || m_query.select.first().kind != SelectItem::Kind::Term ||
        !m_query.select.first().term.function.isEmpty())
        return pointed(m_query.from.at, u"MALFORMED_QUERY"_s,
                       u"The inner select must have exactly one field of type reference or Id"_s);
    if (!m_query.groupBy.isEmpty() || !m_query.orderBy.isEmpty())
        return pointed(m_query.orderAt, u"MALFORMED_QUERY"_s, u"unexpected token: 'ORDER'"_s);
    if (m_query.limit || m_query.offset)
        return pointed(m_query.limitAt, u"MALFORMED_QUERY"_s, u"unexpected token: 'LIMIT'"_s);
    if (m_object == &outerObject)
        return pointed(m_query.from.at, u"MALFORMED_QUERY"_s,
                       u"The inner and outer selects should not be on the same object type"_s);
    const Term &selected = m_query.select.first().term;
    const auto column = resolve(selected.field);
    if (!column)
        return refuse(column.error());
    if (column->field.type != u"id"_s && !column->field.isReference())
        return pointed(selected.field.at, u"MALFORMED_QUERY"_s,
                       u"The inner select field '%1' cannot be of type %2"_s.arg(column->field.name,
                                                                                 column->field.type));
    const auto targets = [](const Field &field, const ObjectInfo &object) {
        return field.type == u"id"_s ? QStringList{object.name} : field.referenceTo;
    };
    const QStringList inner = targets(column->field, *m_object);
    const bool meet = std::ranges::any_of(targets(outer, outerObject),
                                          [&inner](const QString &name) { return inner.contains(name); });
    if (!meet && selected.field.parts.size() == 1 && left.parts.size() == 1)
        return pointed(
            selected.field.at, u"MALFORMED_QUERY"_s,
            u"The selected field '%1' in the subquery and the left operand field '%2' in the where "
            "expression in the outer query should point to the same object type"_s.arg(column->field.name,
                                                                                       outer.name));
    if (const auto fine = checkShape({}); !fine)
        return refuse(fine.error());
    const auto where = whereClause({});
    if (!where)
        return refuse(where.error());
    QString joins;
    for (const Join &join : m_joins)
        joins += join.sql;
    return Piece{u"(SELECT "_s + column->value + u" FROM "_s + tableOf(*m_object) + u' ' +
                     m_joins.front().alias + joins + where->sql + u" AND "_s + column->value +
                     u" IS NOT NULL)"_s,
                 where->values};
}

Outcome<Plan> plan(const Context &context, const Query &query, const QString &text,
                   const std::optional<QPair<QString, QString>> &childOf)
{
    return Planner(context, query, text, 0).run(childOf);
}

} // namespace parley::sandbox::soql
