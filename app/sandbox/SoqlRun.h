// Runs SOQL over the store and gives records in Salesforce's JSON form.
#pragma once

#include "app/sandbox/SoqlPlan.h"
#include "app/sandbox/Store.h"

#include <QJsonArray>

namespace parley::sandbox::soql {

struct Found {
    qsizetype totalSize = 0; ///< of COUNT() too, which has no records
    QJsonArray records;
};

/// version: "v62.0", for the urls in the records' attributes.
[[nodiscard]] Outcome<Found> run(Store &store, const Context &context, const QString &text,
                                 const QString &version);
[[nodiscard]] Outcome<Found> run(Store &store, const Context &context, const Query &query,
                                 const QString &text, const QString &version);

} // namespace parley::sandbox::soql
