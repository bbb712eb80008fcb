// Turns a SOQL tree into one SQL statement with bound values, checked against the org's metadata.
#pragma once

#include "app/sandbox/Metadata.h"
#include "app/sandbox/Soql.h"

#include <QDateTime>
#include <QVariantList>

namespace parley::sandbox::soql {

struct Context {
    const Metadata &metadata;
    QDateTime now;
    QString userId;
    bool includeDeleted = false;
};

struct Output {
    enum class Kind { Value, Compound, TypeOf };
    Kind kind = Kind::Value;
    QStringList relations; ///< the objects to nest in, by relationship name
    QString key;
    int column = 0;                 ///< Compound: the first of its parts; TypeOf: Id, then Type
    QString type;                   ///< describe's type name; decides the JSON form
    QStringList parts;              ///< Compound: the JSON keys of its columns
    QHash<QString, QString> labels; ///< toLabel()
    QString mask;                   ///< of encrypted text, see Field
    bool masksAll = true;
    bool formatted = false; ///< FORMAT(): text as the user's locale shows it
    QList<TypeOfBranch> branches;
};

/// One nested object of a row: where its Id and (for the pseudo object Name) its kind stand.
struct Relation {
    QStringList path;
    int idColumn = 0;
    int typeColumn = -1;
    QString object; ///< "Name" for polymorphic references
};

struct ChildPlan {
    QString relationship;
    QString childField;
    std::shared_ptr<Query> query;
};

struct Plan {
    const ObjectInfo *object = nullptr;
    QString sql;
    QVariantList values;
    bool countOnly = false;
    bool aggregate = false;
    QList<Output> outputs;
    QList<Relation> relations;
    QList<ChildPlan> children;
};

/// text is the statement as given: errors quote it. childOf: the parent field and id that a subquery is bound
/// to.
[[nodiscard]] Outcome<Plan> plan(const Context &context, const Query &query, const QString &text,
                                 const std::optional<QPair<QString, QString>> &childOf = {});

/// The instant in the one form in which datetimes are stored and sent.
[[nodiscard]] QString datetimeText(const QDateTime &instant);
/// Parses what a client may send as a datetime.
[[nodiscard]] std::optional<QDateTime> parseDatetime(const QString &text);

} // namespace parley::sandbox::soql
