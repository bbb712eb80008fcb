// SOQL as text and as a tree: the lexer, the parser and what they can say is wrong.
#pragma once

#include "app/sandbox/Refusal.h"

#include <QList>
#include <QString>
#include <QStringList>

#include <memory>
#include <optional>

namespace parley::sandbox::soql {

struct Token {
    enum class Kind { Word, String, Number, Date, DateTime, Symbol, End };
    Kind kind = Kind::End;
    QString text; ///< as written; for String the value, escapes resolved
    QString like; ///< for String: the same, with \% and \_ kept apart from wildcards (see lexer)
    qsizetype at = 0;
    QString likeOnly = {}; ///< for String: the first escape that only LIKE allows, or empty
};

struct FieldPath {
    QStringList parts; ///< {"Account", "Owner", "Name"}
    qsizetype at = 0;
};

/// A field, or a function of a field: COUNT(Id), CALENDAR_YEAR(CreatedDate), toLabel(Status).
struct Term {
    QString function;  ///< upper case; empty for a plain field
    QString rendering; ///< upper case, around all the rest: FORMAT(MAX(CreatedDate))
    FieldPath field;   ///< no parts for COUNT()
    QString alias;
};

struct Literal {
    enum class Kind { Null, Boolean, Number, String, Date, DateTime, DateWord };
    Kind kind = Kind::Null;
    QString text;     ///< String: the value; DateWord: upper case
    QString like;     ///< String: as LIKE sees it
    QString likeOnly; ///< the first escape in it that only LIKE allows
    int n = 0;        ///< LAST_N_DAYS:n
    qsizetype at = 0;
};

struct Query;

struct Condition {
    enum class Kind { And, Or, Not, Compare };
    Kind kind = Kind::Compare;
    std::vector<Condition> children;
    Term left;
    QString op; ///< =, !=, <, <=, >, >=, LIKE, IN, NOT IN, INCLUDES, EXCLUDES
    QList<Literal> values;
    std::shared_ptr<Query> subquery; ///< IN (SELECT …)
};

struct TypeOfBranch {
    QString type; ///< empty: ELSE
    QList<FieldPath> fields;
};

struct SelectItem {
    enum class Kind { Term, Subquery, Fields, TypeOf };
    Kind kind = Kind::Term;
    Term term;
    std::shared_ptr<Query> subquery;
    QString fields; ///< ALL, STANDARD, CUSTOM
    FieldPath typeOf;
    QList<TypeOfBranch> branches;
    qsizetype at = 0;
};

struct Order {
    Term term;
    bool descending = false;
    bool nullsLast = false;
};

struct Query {
    QList<SelectItem> select;
    FieldPath from; ///< one part; in a subquery the relationship
    QString alias;
    QString scope; ///< USING SCOPE, lower case
    std::optional<Condition> where;
    QList<Term> groupBy;
    std::optional<Condition> having;
    QList<Order> orderBy;
    std::optional<int> limit;
    int offset = 0;
    enum class Rollup { None, Rollup, Cube };
    Rollup rollup = Rollup::None;
    qsizetype orderAt = 0;
    qsizetype limitAt = 0;
};

[[nodiscard]] Outcome<QList<Token>> tokenize(const QString &text);
[[nodiscard]] Outcome<Query> parse(const QString &text);

/// An error with the caret under the place, as Salesforce words it.
[[nodiscard]] Refusal pointedRefusal(const QString &text, qsizetype at, const QString &code,
                                     const QString &message);

[[nodiscard]] bool isAggregate(const QString &function);
[[nodiscard]] bool isDateFunction(const QString &function);
/// toLabel() and its like: the field's value in other clothes.
[[nodiscard]] bool isRendering(const QString &function);
[[nodiscard]] bool isDateWord(const QString &word);

/// From the first instant (inclusive) to the last (exclusive) of a date literal.
struct DateRange {
    QDateTime from;
    QDateTime to;
};
[[nodiscard]] std::optional<DateRange> dateRange(const QString &word, int n, const QDateTime &now);

} // namespace parley::sandbox::soql
