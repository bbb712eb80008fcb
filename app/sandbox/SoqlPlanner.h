// The planner's inside: how a path becomes a column and a condition becomes SQL.
#pragma once

#include "app/sandbox/SoqlPlan.h"
#include "app/sandbox/Store.h"

namespace parley::sandbox::soql {

struct Piece {
    QString sql;
    QVariantList values;
};

struct Column {
    QString value;      ///< SQL of the stored value
    QString comparable; ///< SQL of what comparing and sorting use
    Field field;
};

class Planner
{
public:
    Planner(const Context &context, const Query &query, const QString &text, int depth);

    Outcome<Plan> run(const std::optional<QPair<QString, QString>> &childOf);
    /// SELECT of one column only, as the inside of IN (…).
    Outcome<Piece> semiJoin(const FieldPath &left, const Field &outer, const ObjectInfo &outerObject);

private:
    struct Join {
        QString key;
        QString alias;
        const ObjectInfo *object;
        QString sql;
    };

    Outcome<Accepted> findObject(const std::optional<QPair<QString, QString>> &childOf);
    Outcome<Accepted> outputs(Plan &plan);
    Outcome<Accepted> addField(Plan &plan, const Term &term);
    Outcome<Accepted> dress(Output &output, const Term &term, const Field &field) const;
    Outcome<Accepted> addAllFields(Plan &plan, const SelectItem &item);
    Outcome<Accepted> addAggregate(Plan &plan, const Term &term);
    Outcome<Accepted> addTypeOf(Plan &plan, const SelectItem &item);
    Outcome<Accepted> addChild(Plan &plan, const Query &child);
    void addCompound(Plan &plan, const Join &scope, const QStringList &relations, const Field &field);
    int addColumn(const QString &sql);
    void addRelation(Plan &plan, const QStringList &path, const Join &join);

    Outcome<Piece> whereClause(const std::optional<QPair<QString, QString>> &childOf);
    Outcome<QString> orderClause(const Plan &plan);
    Outcome<Accepted> groupTerms();
    [[nodiscard]] qsizetype groupOf(const QString &sql) const;
    tl::unexpected<Refusal> ungrouped(const Term &term) const;
    Outcome<Accepted> checkShape(const Plan &plan) const;
    Outcome<Accepted> checkSemiJoins(const Condition &condition, const QString &below, int &count) const;
    [[nodiscard]] QString grouped(const QString &from, const QString &having, const QVariantList &values,
                                  const QString &order, Plan &plan) const;

    QStringList localParts(const FieldPath &path) const;
    Outcome<int> joinFor(const QStringList &relations, const FieldPath &path);
    Outcome<Column> resolve(const FieldPath &path);
    Outcome<Column> columnIn(int join, const Field &field, const FieldPath &path);
    Outcome<QString> termSql(const Term &term, QString *type = nullptr);

    Outcome<Piece> condition(const Condition &condition, bool having);
    Outcome<Piece> comparison(const Condition &condition, bool having);
    Outcome<Piece> membership(const Condition &condition, const Column &column);
    Outcome<Piece> textComparison(const Condition &condition, const Column &column);
    Outcome<Piece> dateWordComparison(const Condition &condition, const Column &column,
                                      const Literal &literal);
    Outcome<QVariant> literalFor(const Field &field, const QString &op, const Literal &literal) const;
    tl::unexpected<Refusal> pointed(qsizetype at, const QString &code, const QString &message) const;

    const Context &m_context;
    const Query &m_query;
    const QString &m_text;
    int m_depth;
    const ObjectInfo *m_object = nullptr;
    std::vector<Join> m_joins; ///< the first is the object itself
    QStringList m_columns;
    struct Group {
        QString value;      ///< SQL of what SELECT shows
        QString comparable; ///< SQL of what is grouped by
    };
    QList<Group> m_groups;
    int m_unnamed = 0;                       ///< expr0, expr1, …
    QHash<int, qsizetype> m_groupingColumns; ///< GROUPING(): column -> group
};

/// The pseudo object behind Owner, Who and What.
[[nodiscard]] const ObjectInfo &nameObject();

} // namespace parley::sandbox::soql
