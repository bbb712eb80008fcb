#include "core/store/Execute.h"

#include <QSqlError>
#include <QSqlQuery>

namespace parley::store {

using namespace Qt::Literals::StringLiterals;

Error errorOf(const QSqlQuery &query)
{
    return {.code = Errc::Storage, .detail = query.lastError().text()};
}

Result<Done> execute(QSqlQuery &prepared, const QVariantList &values)
{
    for (int i = 0; i < values.size(); ++i) {
        const QVariant &value = values.at(i);
        const bool isNullText = value.typeId() == QMetaType::QString && value.toString().isNull();
        prepared.bindValue(i, isNullText ? QVariant(u""_s) : value);
    }
    if (!prepared.exec())
        return fail(errorOf(prepared));
    return Done{};
}

Result<Done> execute(QSqlDatabase &database, const QString &statement, const QVariantList &values)
{
    QSqlQuery query(database);
    query.prepare(statement);
    return execute(query, values);
}

} // namespace parley::store
