// The org's records in SQLite: a table per kind of record, made from its metadata, and a few of the sandbox's
// own.
#pragma once

#include "app/sandbox/Metadata.h"
#include "core/base/Result.h"

#include <QSqlDatabase>
#include <QVariantMap>

namespace parley::sandbox {

/// "r_Contact", quoted.
[[nodiscard]] QString tableOf(const ObjectInfo &object);
/// The column of a field, quoted.
[[nodiscard]] QString columnOf(const QString &field);
/// The column that holds the same text folded, for comparing and sorting whatever the case; quoted.
[[nodiscard]] QString foldedColumnOf(const QString &field);
[[nodiscard]] bool hasFolded(const Field &field);
[[nodiscard]] QString folded(const QString &text);

class Store
{
public:
    Store() = default;
    ~Store();
    Store(const Store &) = delete;
    Store &operator=(const Store &) = delete;

    /// file empty: in memory. Makes the tables and columns that the metadata asks for.
    Result<Done> open(const QString &file, const Metadata &metadata);
    /// What is seen through the relationships that may point to several kinds: of these objects, these
    /// fields.
    void makeNameView(const Metadata &visible);
    [[nodiscard]] bool isNew() const { return m_isNew; }

    [[nodiscard]] QString newId(const ObjectInfo &object);
    /// The next number of a named sequence, from `first` on.
    [[nodiscard]] qint64 next(const QString &sequence, qint64 first = 1);

    void insert(const ObjectInfo &object, const QVariantMap &values);
    void update(const ObjectInfo &object, const QString &id, const QVariantMap &values);
    void erase(const ObjectInfo &object, const QString &id);
    /// All stored fields; empty when there is no such record. Deleted ones are found too.
    [[nodiscard]] QVariantMap row(const ObjectInfo &object, const QString &id);

    struct Presence {
        bool exists = false;
        bool deleted = false;
        bool active = false; ///< true where the object knows no IsActive
    };
    [[nodiscard]] Presence presence(const ObjectInfo &object, const QString &id);

    void putBlob(const QString &id, const QByteArray &data);
    [[nodiscard]] QByteArray blob(const QString &id);

    void putMeta(const QString &key, const QString &value);
    [[nodiscard]] QString meta(const QString &key);

    /// Runs one statement with bound values; rows as lists. A statement of ours that fails is our mistake: it
    /// asserts.
    QList<QVariantList> run(const QString &sql, const QVariantList &values = {});

    void savepoint(const QString &name);
    void release(const QString &name);
    void rollback(const QString &name);

private:
    void makeTable(const ObjectInfo &object);

    struct RowRead {
        QString sql;
        QStringList names;
    };

    QHash<QString, RowRead> m_rowReads; ///< by object
    QString m_connection;
    QSqlDatabase m_database;
    bool m_isNew = true;
};

/// All or nothing: undone when it goes out of scope without keep().
class Savepoint
{
public:
    explicit Savepoint(Store &store);
    ~Savepoint();
    Savepoint(const Savepoint &) = delete;
    Savepoint &operator=(const Savepoint &) = delete;
    void keep();

private:
    Store &m_store;
    QString m_name;
    bool m_open = true;
};

} // namespace parley::sandbox
