#include "app/sandbox/SoqlPlanner.h"

namespace parley::sandbox::soql {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int kMaxRelations = 5;
constexpr size_t kMaxJoins = 55;

const QString kFieldHint =
    u" If you are attempting to use a custom field, be sure to append the '__c' after the custom "
    "field name. Please reference your WSDL or the describe call for the appropriate names."_s;
const QString kRelationHint =
    u" If you are attempting to use a custom relationship, be sure to append the '__r' after the custom "
    u"relationship "
    "name. Please reference your WSDL or the describe call for the appropriate names."_s;

QString inAlias(const QString &alias, const QString &column)
{
    return alias + u'.' + column;
}

} // namespace

const ObjectInfo &nameObject()
{
    static const ObjectInfo s_object = [] {
        ObjectInfo object;
        object.name = u"Name"_s;
        for (const QString &name :
             {u"Id"_s, u"Name"_s, u"Type"_s, u"Alias"_s, u"Email"_s, u"FirstName"_s, u"LastName"_s,
              u"Phone"_s, u"Title"_s, u"Username"_s, u"IsActive"_s, u"RecordTypeId"_s}) {
            Field field;
            field.name = name;
            field.type = name == u"Id"_s || name == u"RecordTypeId"_s ? u"id"_s
                         : name == u"IsActive"_s                      ? u"boolean"_s
                                                                      : u"string"_s;
            object.index.insert(name.toLower(), int(object.fields.size()));
            object.fields.push_back(field);
        }
        return object;
    }();
    return s_object;
}

tl::unexpected<Refusal> Planner::pointed(qsizetype at, const QString &code, const QString &message) const
{
    return refuse(pointedRefusal(m_text, at, code, message));
}

// "c.Name" and "Contact.Name" are the field itself when c or Contact is what we select from.
QStringList Planner::localParts(const FieldPath &path) const
{
    QStringList parts = path.parts;
    if (parts.size() > 1) {
        const bool byAlias =
            !m_query.alias.isEmpty() && parts.first().compare(m_query.alias, Qt::CaseInsensitive) == 0;
        const bool byName = parts.first().compare(m_object->name, Qt::CaseInsensitive) == 0 &&
                            !m_object->byRelationship(parts.first());
        if (byAlias || byName)
            parts.removeFirst();
    }
    return parts;
}

Outcome<int> Planner::joinFor(const QStringList &relations, const FieldPath &path)
{
    if (relations.size() > kMaxRelations)
        return pointed(path.at, u"MALFORMED_QUERY"_s,
                       u"SOQL relationship paths cannot be more than 5 levels deep."_s);
    int current = 0;
    QString key;
    for (const QString &relation : relations) {
        const ObjectInfo *object = m_joins.at(size_t(current)).object;
        const Field *reference = object->byRelationship(relation);
        const ObjectInfo *target = nullptr;
        if (reference && reference->isPolymorphic())
            target = &nameObject();
        else if (reference && !reference->referenceTo.isEmpty())
            target = m_context.metadata.object(reference->referenceTo.first());
        if (!target)
            return pointed(path.at, u"INVALID_FIELD"_s,
                           u"Didn't understand relationship '%1' in field path."_s.arg(relation) +
                               kRelationHint);
        key += (key.isEmpty() ? QString() : u"."_s) + reference->relationshipName;
        const auto known = std::ranges::find(m_joins, key, &Join::key);
        if (known != m_joins.end()) {
            current = int(std::distance(m_joins.begin(), known));
            continue;
        }
        if (m_joins.size() > kMaxJoins)
            return pointed(path.at, u"MALFORMED_QUERY"_s, u"too many relationships in one query"_s);
        // A semi-join stands inside another statement: the depth keeps its aliases apart.
        const QString alias = u"t%1_%2"_s.arg(m_depth).arg(m_joins.size());
        m_joins.push_back({key, alias, target,
                           u" LEFT JOIN \"r_%1\" %2 ON %2.\"Id\" = %3"_s.arg(
                               target->name, alias,
                               inAlias(m_joins.at(size_t(current)).alias, columnOf(reference->name)))});
        current = int(m_joins.size()) - 1;
    }
    return current;
}

Outcome<Column> Planner::resolve(const FieldPath &path)
{
    QStringList parts = localParts(path);
    const QString last = parts.takeLast();
    const auto join = joinFor(parts, path);
    if (!join)
        return refuse(join.error());
    const ObjectInfo *object = m_joins.at(size_t(*join)).object;
    const Field *field = object->field(last);
    if (!field)
        return pointed(path.at, u"INVALID_FIELD"_s,
                       u"No such column '%1' on entity '%2'."_s.arg(last, object->name) + kFieldHint);
    return columnIn(*join, *field, path);
}

Outcome<Column> Planner::columnIn(int join, const Field &field, const FieldPath &path)
{
    const QString alias = m_joins.at(size_t(join)).alias;
    const QStringList prefix = m_joins.at(size_t(join)).key.split(u'.', Qt::SkipEmptyParts);
    const auto sibling = [&](const QString &dotted) {
        return FieldPath{prefix + dotted.split(u'.'), path.at};
    };
    if (!field.derivedFrom.isEmpty()) {
        auto column = resolve(sibling(field.derivedFrom));
        if (column)
            column->field.label = field.label;
        return column;
    }
    if (!field.concat.isEmpty()) {
        QStringList pieces;
        for (const QString &part : field.concat) {
            if (part.startsWith(u'\'')) {
                pieces.append(u"'%1'"_s.arg(QString(part.sliced(1)).chopped(1).replace(u'\'', u"''"_s)));
                continue;
            }
            const auto column = resolve(sibling(part));
            if (!column)
                return column;
            pieces.append(u"ifnull(%1, '')"_s.arg(column->value));
        }
        const QString sql = u"nullif(trim("_s + pieces.join(u" || "_s) + u"), '')"_s;
        return Column{sql, sql, field};
    }
    if (field.isCompound())
        return Column{QString(), QString(), field};
    const QString value = inAlias(alias, columnOf(field.name));
    const bool folds =
        hasFolded(field) || (m_joins.at(size_t(join)).object == &nameObject() && field.isText());
    return Column{value, folds ? inAlias(alias, foldedColumnOf(field.name)) : value, field};
}

Outcome<QString> Planner::termSql(const Term &term, QString *type)
{
    const auto setType = [type](const QString &name) {
        if (type)
            *type = name;
    };
    if (term.field.parts.isEmpty()) {
        setType(u"int"_s);
        return u"COUNT(*)"_s;
    }
    const auto column = resolve(term.field);
    if (!column)
        return refuse(column.error());
    const QString &f = term.function;
    setType(column->field.type);
    if (column->value.isEmpty() || (isAggregate(f) && !column->field.aggregatable))
        return pointed(term.field.at, u"MALFORMED_QUERY"_s,
                       u"field %1 does not support aggregate operator %2"_s.arg(column->field.name, f));
    if (f == u"COUNT"_s || f == u"COUNT_DISTINCT"_s) {
        setType(u"int"_s);
        return (f == u"COUNT"_s ? u"COUNT(%1)"_s : u"COUNT(DISTINCT %1)"_s).arg(column->comparable);
    }
    if (f == u"SUM"_s || f == u"AVG"_s) {
        if (!column->field.isNumber())
            return pointed(term.field.at, u"MALFORMED_QUERY"_s,
                           u"field %1 does not support aggregate operator %2"_s.arg(column->field.name, f));
        setType(u"double"_s);
        return f + u'(' + column->value + u')';
    }
    if (f == u"MIN"_s || f == u"MAX"_s)
        return f + u'(' + column->value + u')';
    if (!isDateFunction(f))
        return column->value;
    static const QHash<QString, QString> forms{{u"CALENDAR_YEAR"_s, u"%Y"_s},  {u"FISCAL_YEAR"_s, u"%Y"_s},
                                               {u"CALENDAR_MONTH"_s, u"%m"_s}, {u"FISCAL_MONTH"_s, u"%m"_s},
                                               {u"DAY_IN_MONTH"_s, u"%d"_s},   {u"DAY_IN_YEAR"_s, u"%j"_s},
                                               {u"HOUR_IN_DAY"_s, u"%H"_s},    {u"WEEK_IN_YEAR"_s, u"%W"_s}};
    if (column->field.type != u"date"_s && column->field.type != u"datetime"_s)
        return pointed(term.field.at, u"MALFORMED_QUERY"_s,
                       u"field '%1' does not support the date function %2"_s.arg(column->field.name, f));
    const QString day = u"substr(%1, 1, 19)"_s.arg(column->value);
    setType(u"int"_s);
    if (f == u"DAY_ONLY"_s) {
        setType(u"date"_s);
        return u"substr(%1, 1, 10)"_s.arg(column->value);
    }
    if (f == u"DAY_IN_WEEK"_s)
        return u"(CAST(strftime('%w', %1) AS INTEGER) + 1)"_s.replace(u"%1"_s, day);
    if (f.endsWith(u"QUARTER"_s))
        return u"((CAST(strftime('%m', %1) AS INTEGER) + 2) / 3)"_s.replace(u"%1"_s, day);
    return u"CAST(strftime('"_s + forms.value(f) + u"', "_s + day + u") AS INTEGER)"_s;
}

} // namespace parley::sandbox::soql
