// Runs a statement with bound values: the one way in which the profile's table classes write.
#pragma once

#include "core/base/Result.h"

#include <QSqlDatabase>
#include <QVariant>

class QSqlQuery;

namespace parley::store {

/// What the database said of a query that failed.
Error errorOf(const QSqlQuery &query);

/// Binds the values in order. A null QString is an empty text: Qt's driver would write NULL, which no text
/// column of ours takes. Who means NULL gives an invalid QVariant.
Result<Done> execute(QSqlQuery &prepared, const QVariantList &values);
Result<Done> execute(QSqlDatabase &database, const QString &statement, const QVariantList &values);

} // namespace parley::store
