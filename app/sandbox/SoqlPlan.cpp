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
    if (column->field.isCompound()) {
        addCompound(plan, m_joins.at(size_t(*join)), canonical, column->field);
        return Accepted{};
    }
    Output output{.relations = canonical, .key = own->name, .type = column->field.type};
    for (const Output &known : std::as_const(plan.outputs)) {
        if (known.relations == output.relations && known.key == output.key && term.function.isEmpty())
            return pointed(term.field.at, u"INVALID_FIELD"_s,
                           u"duplicate field selected: %1"_s.arg(own->name));
    }
    if (!term.alias.isEmpty())
        output.key = term.alias;
    if (term.function == u"TOLABEL"_s) {
        for (const auto &[value, label] : column->field.values)
            output.labels.insert(value, label);
    }
    QString type = output.type;
    const auto sql = termSql(term, &type);
    if (!sql)
        return refuse(sql.error());
    output.type = type;
    output.column = addColumn(*sql);
    plan.outputs.append(output);
    return Accepted{};
}

Outcome<Accepted> Planner::addAllFields(Plan &plan, const SelectItem &item)
{
    if (item.fields != u"STANDARD"_s && (!m_query.limit || *m_query.limit > kMaxUnboundedLimit))
        return pointed(item.at, u"MALFORMED_QUERY"_s,
                       u"The SOQL FIELDS function must have a LIMIT of at most 200"_s);
    for (const Field &field : m_object->fields) {
        const bool wanted = item.fields == u"ALL"_s || field.custom == (item.fields == u"CUSTOM"_s);
        const bool there = std::ranges::any_of(plan.outputs, [&field](const Output &output) {
            return output.relations.isEmpty() && output.key == field.name;
        });
        if (!wanted || there)
            continue;
        if (const auto added =
                addField(plan, Term{.function = {}, .field = {{field.name}, item.at}, .alias = {}});
            !added)
            return added;
    }
    return Accepted{};
}

Outcome<Accepted> Planner::addAggregate(Plan &plan, const Term &term)
{
    QString type;
    const auto sql = termSql(term, &type);
    if (!sql)
        return refuse(sql.error());
    const bool counted = isAggregate(term.function);
    if (!counted) {
        const bool grouped = std::ranges::any_of(m_query.groupBy, [&](const Term &by) {
            const auto other = termSql(by);
            return other && *other == *sql;
        });
        if (!grouped)
            return pointed(term.field.at, u"MALFORMED_QUERY"_s,
                           u"Field must be grouped or aggregated: %1"_s.arg(term.field.parts.last()));
    }
    Output output;
    output.type = type;
    output.column = addColumn(*sql);
    const auto unnamed = std::ranges::count_if(
        plan.outputs, [](const Output &known) { return known.key.startsWith(u"expr"_s); });
    if (!term.alias.isEmpty()) {
        output.key = term.alias;
    } else if (counted || !term.function.isEmpty()) {
        output.key = u"expr%1"_s.arg(unnamed);
    } else {
        const auto column = resolve(term.field);
        output.key = column->field.name;
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
        if (!branch.type.isEmpty() && !m_context.metadata.object(branch.type))
            return pointed(item.typeOf.at, u"INVALID_TYPE"_s,
                           u"sObject type '%1' is not supported."_s.arg(branch.type));
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
        } else if (item.kind == SelectItem::Kind::Fields) {
            done = addAllFields(plan, item);
        } else if (item.kind == SelectItem::Kind::Subquery) {
            done = addChild(plan, *item.subquery);
        } else if (item.kind == SelectItem::Kind::TypeOf) {
            done = addTypeOf(plan, item);
        } else if (plan.aggregate) {
            done = addAggregate(plan, item.term);
        } else if (!item.term.alias.isEmpty()) {
            done = pointed(item.at, u"MALFORMED_QUERY"_s, u"only aggregate expressions use field aliasing"_s);
        } else {
            done = addField(plan, item.term);
        }
        if (!done)
            return done;
    }
    return Accepted{};
}

Outcome<QString> Planner::groupClause()
{
    QStringList terms;
    for (const Term &by : m_query.groupBy) {
        if (by.function.isEmpty()) {
            const auto column = resolve(by.field);
            if (!column)
                return refuse(column.error());
            if (!column->field.groupable)
                return pointed(by.field.at, u"MALFORMED_QUERY"_s,
                               u"field '%1' can not be grouped in a query call"_s.arg(column->field.name));
            terms.append(column->comparable);
            continue;
        }
        const auto sql = termSql(by);
        if (!sql)
            return sql;
        terms.append(*sql);
    }
    return terms.isEmpty() ? QString() : u" GROUP BY "_s + terms.join(u", "_s);
}

Outcome<QString> Planner::orderClause()
{
    QStringList terms;
    for (const Order &order : m_query.orderBy) {
        QString sql;
        if (order.term.function.isEmpty()) {
            const auto column = resolve(order.term.field);
            if (!column)
                return refuse(column.error());
            if (!column->field.sortable)
                return pointed(order.term.field.at, u"MALFORMED_QUERY"_s,
                               u"field '%1' can not be sorted in a query call"_s.arg(column->field.name));
            sql = column->comparable;
        } else {
            const auto made = termSql(order.term);
            if (!made)
                return made;
            sql = *made;
        }
        terms.append(sql + (order.descending ? u" DESC"_s : u" ASC"_s) +
                     (order.nullsLast ? u" NULLS LAST"_s : u" NULLS FIRST"_s));
    }
    if (m_query.groupBy.isEmpty() && terms.isEmpty() && m_object->has(u"Id"))
        terms.append(m_joins.front().alias + u".\"Id\""_s);
    return terms.isEmpty() ? QString() : u" ORDER BY "_s + terms.join(u", "_s);
}

Outcome<Plan> Planner::run(const std::optional<QPair<QString, QString>> &childOf)
{
    if (const auto found = findObject(childOf); !found)
        return refuse(found.error());
    if (m_query.offset > kMaxOffset)
        return refuse(400, u"NUMBER_OUTSIDE_VALID_RANGE"_s, u"Maximum SOQL offset allowed is 2000"_s);
    Plan plan;
    plan.object = m_object;
    if (!m_query.groupBy.isEmpty() && m_query.select.isEmpty())
        return pointed(0, u"MALFORMED_QUERY"_s, u"unexpected token: GROUP"_s);
    if (const auto done = outputs(plan); !done)
        return refuse(done.error());
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
    const auto group = groupClause();
    if (!group)
        return refuse(group.error());
    QString having;
    QVariantList values = where->values;
    if (m_query.having) {
        const auto compiled = condition(*m_query.having, true);
        if (!compiled)
            return refuse(compiled.error());
        having = u" HAVING "_s + compiled->sql;
        values += compiled->values;
    }
    const auto order = plan.countOnly || (plan.aggregate && m_query.groupBy.isEmpty())
                           ? Outcome<QString>(QString())
                           : orderClause();
    if (!order)
        return refuse(order.error());
    QString joins;
    for (const Join &join : m_joins)
        joins += join.sql;
    const QString from = u" FROM "_s + tableOf(*m_object) + u' ' + m_joins.front().alias + joins + where->sql;
    if (plan.countOnly)
        plan.sql = u"SELECT COUNT(*)"_s + from;
    else
        plan.sql = u"SELECT "_s + m_columns.join(u", "_s) + from + *group + having + *order;
    if (!plan.countOnly && (m_query.limit || m_query.offset))
        plan.sql += u" LIMIT %1 OFFSET %2"_s.arg(m_query.limit.value_or(-1)).arg(m_query.offset);
    plan.values = values;
    return plan;
}

Outcome<Piece> Planner::semiJoin()
{
    if (const auto found = findObject({}); !found)
        return refuse(found.error());
    if (m_query.select.size() != 1 || m_query.select.first().kind != SelectItem::Kind::Term)
        return pointed(m_query.from.at, u"MALFORMED_QUERY"_s,
                       u"The inner select must have exactly one field of type reference or Id"_s);
    const auto column = resolve(m_query.select.first().term.field);
    if (!column)
        return refuse(column.error());
    if (column->field.type != u"id"_s && !column->field.isReference())
        return pointed(m_query.select.first().at, u"MALFORMED_QUERY"_s,
                       u"The inner select field '%1' cannot be of type %2"_s.arg(column->field.name,
                                                                                 column->field.type));
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
