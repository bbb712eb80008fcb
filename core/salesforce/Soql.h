// Builds SOQL statements in which a value can never become syntax.
#pragma once

#include "core/base/Result.h"

#include <QList>
#include <QString>
#include <QStringList>
#include <QVariant>

namespace parley::salesforce::soql {

/// One API name: "Email", "Order_Id__c", "ns__Member__r".
bool isName(QStringView text);
/// Up to six API names joined by dots: "Account.Owner.Name".
bool isPath(QStringView text);
/// A record's id of 15 or 18 characters.
bool isId(QStringView text);

/// The text as a quoted literal. Exact: whatever the text holds, the literal means that text and nothing
/// else.
QString literal(QStringView text);
/// A LIKE pattern in which the text's own % and _ are ordinary characters, between before and after ("%" or
/// "").
QString likeLiteral(QStringView before, QStringView text, QStringView after);

/// A condition; only the functions below make one.
class Condition
{
public:
    [[nodiscard]] const QString &text() const { return m_text; }

private:
    explicit Condition(QString text)
        : m_text(std::move(text))
    {}
    friend Result<Condition> equals(const QString &path, const QVariant &value);
    friend Result<Condition> contains(const QString &path, const QString &text);
    friend Result<Condition> isOneOf(const QString &path, const QStringList &ids);
    QString m_text;
};

/// By the value's type: text quoted; numbers, booleans, dates and instants not; an invalid value is NULL.
/// InvalidInput when the path is no path or the value has another type.
Result<Condition> equals(const QString &path, const QVariant &value);
Result<Condition> contains(const QString &path, const QString &text);
Result<Condition> isOneOf(const QString &path, const QStringList &ids);

struct Select {
    QStringList fields;
    QString from;
    QList<Condition> where = {}; ///< joined by AND
    QStringList order = {};      ///< "LastModifiedDate DESC"
    int limit = 0;               ///< 0: none
};

/// InvalidInput when a name in it is not a name.
Result<QString> statementOf(const Select &select);

} // namespace parley::salesforce::soql
