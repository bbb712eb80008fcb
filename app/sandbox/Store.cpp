#include "app/sandbox/Store.h"

#include "app/sandbox/RecordId.h"
#include "core/base/Log.h"

#include <QSet>
#include <QSqlError>
#include <QSqlQuery>
#include <QSqlRecord>
#include <QUuid>

namespace parley::sandbox {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr qsizetype kMaxNamed = 450; // SQLite joins five hundred SELECTs at most

QString quoted(const QString &name)
{
    return u'"' + QString(name).replace(u'"', u"\"\""_s) + u'"';
}

QString affinityOf(const Field &field)
{
    if (field.type == u"boolean"_s || field.type == u"int"_s || field.type == u"long"_s)
        return u" INTEGER"_s;
    return field.isNumber() ? u" REAL"_s : u" TEXT"_s;
}

} // namespace

QString tableOf(const ObjectInfo &object)
{
    return quoted(u"r_"_s + object.name);
}

QString columnOf(const QString &field)
{
    return quoted(field);
}

QString foldedColumnOf(const QString &field)
{
    return quoted(field + u'~');
}

// Long text is neither filtered nor sorted by, so it needs no second copy.
bool hasFolded(const Field &field)
{
    return field.isText() && field.isStored() && (field.filterable || field.sortable);
}

QString folded(const QString &text)
{
    return text.toCaseFolded();
}

Store::~Store()
{
    m_database.close();
    m_database = QSqlDatabase();
    if (!m_connection.isEmpty())
        QSqlDatabase::removeDatabase(m_connection);
}

Result<Done> Store::open(const QString &file, const Metadata &metadata)
{
    m_connection = u"sandbox-"_s + QUuid::createUuid().toString(QUuid::WithoutBraces);
    m_database = QSqlDatabase::addDatabase(u"QSQLITE"_s, m_connection);
    m_database.setDatabaseName(file.isEmpty() ? u":memory:"_s : file);
    if (!m_database.open())
        return fail(Errc::Storage, file + u": "_s + m_database.lastError().text());
    QSqlQuery query(m_database);
    if (!file.isEmpty() &&
        (!query.exec(u"PRAGMA journal_mode=WAL"_s) || !query.exec(u"PRAGMA synchronous=FULL"_s)))
        return fail(Errc::Storage, file + u": "_s + query.lastError().text());
    m_isNew = !m_database.tables().contains(u"sandbox_meta"_s);
    run(u"CREATE TABLE IF NOT EXISTS sandbox_meta (key TEXT PRIMARY KEY, value TEXT)"_s);
    run(u"CREATE TABLE IF NOT EXISTS sandbox_sequence (name TEXT PRIMARY KEY, value INTEGER)"_s);
    run(u"CREATE TABLE IF NOT EXISTS sandbox_blob (id TEXT PRIMARY KEY, data BLOB)"_s);
    run(u"CREATE TABLE IF NOT EXISTS sandbox_token (token TEXT PRIMARY KEY, kind TEXT, user TEXT, client "
        u"TEXT, "
        "scope TEXT, family TEXT, issued INTEGER, expires INTEGER)"_s);
    Savepoint all(*this);
    for (const ObjectInfo &object : metadata.objects())
        makeTable(object);
    makeNameView(metadata);
    all.keep();
    return Done{};
}

void Store::makeTable(const ObjectInfo &object)
{
    QSet<QString> present;
    for (const QVariantList &column : run(u"PRAGMA table_info("_s + tableOf(object) + u')'))
        present.insert(column.at(1).toString());
    QStringList wanted;
    for (const Field &field : object.fields) {
        if (!field.isStored())
            continue;
        if (!present.contains(field.name))
            wanted.append(columnOf(field.name) + affinityOf(field) +
                          (field.name == u"Id"_s ? u" PRIMARY KEY"_s : QString()));
        if (hasFolded(field) && !present.contains(field.name + u'~'))
            wanted.append(foldedColumnOf(field.name) + u" TEXT"_s);
    }
    if (present.isEmpty())
        run(u"CREATE TABLE %1 (%2)"_s.arg(tableOf(object), wanted.join(u", "_s)));
    else
        for (const QString &column : std::as_const(wanted))
            run(u"ALTER TABLE %1 ADD COLUMN %2"_s.arg(tableOf(object), column));
    for (const Field &field : object.fields) {
        const bool looked =
            !object.namedOnly && (field.type == u"email"_s || field.externalId || field.isReference());
        if (looked && field.isStored() && field.filterable && object.fields.size() < 200)
            run(u"CREATE INDEX IF NOT EXISTS %1 ON %2 (%3)"_s.arg(
                quoted(u"i_%1_%2"_s.arg(object.name, field.name)), tableOf(object),
                hasFolded(field) ? foldedColumnOf(field.name) : columnOf(field.name)));
    }
}

// Who, What and Owner may point to several kinds: SOQL sees them through the pseudo object "Name".
void Store::makeNameView(const Metadata &metadata)
{
    static const QStringList shared{u"Alias"_s, u"Email"_s,    u"FirstName"_s, u"LastName"_s,    u"Phone"_s,
                                    u"Title"_s, u"Username"_s, u"IsActive"_s,  u"RecordTypeId"_s};
    QStringList parts;
    for (const ObjectInfo &object : metadata.objects()) {
        const Field *name = object.nameField();
        if (!name || !name->isStored() || !object.has(u"Id") || object.keyPrefix.isEmpty() ||
            (object.namedOnly && !object.custom) || parts.size() >= kMaxNamed)
            continue;
        QString select =
            u"SELECT \"Id\", %1 AS \"Name\", %2 AS \"Name~\", '%3' AS \"Type\", '%4' AS \"Type~\""_s.arg(
                columnOf(name->name), hasFolded(*name) ? foldedColumnOf(name->name) : columnOf(name->name),
                object.name, folded(object.name));
        for (const QString &field : shared) {
            const Field *own = object.field(field);
            const bool there = own && own->isStored();
            select += u", %1 AS \"%2\""_s.arg(there ? columnOf(own->name) : u"NULL"_s, field);
            select += u", %1 AS \"%2~\""_s.arg(
                there && hasFolded(*own) ? foldedColumnOf(own->name) : u"NULL"_s, field);
        }
        parts.append(select + u" FROM "_s + tableOf(object));
    }
    run(u"DROP VIEW IF EXISTS \"r_Name\""_s);
    run(u"CREATE VIEW \"r_Name\" AS "_s + parts.join(u" UNION ALL "_s));
}

QString Store::newId(const ObjectInfo &object)
{
    return makeId(object.keyPrefix.isEmpty() ? u"000"_s : object.keyPrefix,
                  next(u"id/"_s + object.name, 1001));
}

qint64 Store::next(const QString &sequence, qint64 first)
{
    return run(u"INSERT INTO sandbox_sequence VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = value + "
               u"1 "
               "RETURNING value"_s,
               {sequence, first})
        .first()
        .first()
        .toLongLong();
}

void Store::insert(const ObjectInfo &object, const QVariantMap &values)
{
    QStringList columns;
    QStringList marks;
    QVariantList bound;
    for (auto it = values.cbegin(); it != values.cend(); ++it) {
        const Field *field = object.field(it.key());
        if (!field || !field->isStored())
            continue;
        columns.append(columnOf(field->name));
        bound.append(*it);
        if (hasFolded(*field)) {
            columns.append(foldedColumnOf(field->name));
            bound.append(it->isNull() ? QVariant() : QVariant(folded(it->toString())));
        }
    }
    marks.fill(u"?"_s, columns.size());
    run(u"INSERT INTO %1 (%2) VALUES (%3)"_s.arg(tableOf(object), columns.join(u", "_s), marks.join(u", "_s)),
        bound);
}

void Store::update(const ObjectInfo &object, const QString &id, const QVariantMap &values)
{
    QStringList sets;
    QVariantList bound;
    for (auto it = values.cbegin(); it != values.cend(); ++it) {
        const Field *field = object.field(it.key());
        if (!field || !field->isStored())
            continue;
        sets.append(columnOf(field->name) + u" = ?"_s);
        bound.append(*it);
        if (hasFolded(*field)) {
            sets.append(foldedColumnOf(field->name) + u" = ?"_s);
            bound.append(it->isNull() ? QVariant() : QVariant(folded(it->toString())));
        }
    }
    if (sets.isEmpty())
        return;
    bound.append(id);
    run(u"UPDATE %1 SET %2 WHERE \"Id\" = ?"_s.arg(tableOf(object), sets.join(u", "_s)), bound);
}

void Store::erase(const ObjectInfo &object, const QString &id)
{
    run(u"DELETE FROM %1 WHERE \"Id\" = ?"_s.arg(tableOf(object)), {id});
}

QVariantMap Store::row(const ObjectInfo &object, const QString &id)
{
    RowRead &read = m_rowReads[object.name]; // a wide object's statement is built once
    if (read.names.isEmpty()) {
        QStringList columns;
        for (const Field &field : object.fields) {
            if (field.isStored()) {
                read.names.append(field.name);
                columns.append(columnOf(field.name));
            }
        }
        read.sql = u"SELECT %1 FROM %2 WHERE \"Id\" = ?"_s.arg(columns.join(u", "_s), tableOf(object));
    }
    const auto rows = run(read.sql, {id});
    QVariantMap values;
    if (!rows.isEmpty()) {
        for (qsizetype i = 0; i < read.names.size(); ++i)
            values.insert(read.names.at(i), rows.first().at(i));
    }
    return values;
}

Store::Presence Store::presence(const ObjectInfo &object, const QString &id)
{
    const auto rows = run(u"SELECT %1, %2 FROM %3 WHERE \"Id\" = ?"_s.arg(
                              object.has(u"IsDeleted") ? u"\"IsDeleted\""_s : u"0"_s,
                              object.has(u"IsActive") ? u"\"IsActive\""_s : u"1"_s, tableOf(object)),
                          {id});
    if (rows.isEmpty())
        return {};
    return {.exists = true,
            .deleted = rows.first().at(0).toInt() != 0,
            .active = rows.first().at(1).toInt() != 0};
}

void Store::putBlob(const QString &id, const QByteArray &data)
{
    run(u"INSERT OR REPLACE INTO sandbox_blob VALUES (?, ?)"_s, {id, data});
}

QByteArray Store::blob(const QString &id)
{
    const auto rows = run(u"SELECT data FROM sandbox_blob WHERE id = ?"_s, {id});
    return rows.isEmpty() ? QByteArray() : rows.first().first().toByteArray();
}

void Store::putMeta(const QString &key, const QString &value)
{
    run(u"INSERT OR REPLACE INTO sandbox_meta VALUES (?, ?)"_s, {key, value});
}

QString Store::meta(const QString &key)
{
    const auto rows = run(u"SELECT value FROM sandbox_meta WHERE key = ?"_s, {key});
    return rows.isEmpty() ? QString() : rows.first().first().toString();
}

QList<QVariantList> Store::run(const QString &sql, const QVariantList &values)
{
    QSqlQuery query(m_database);
    query.setForwardOnly(true);
    bool ok = query.prepare(sql);
    for (const QVariant &value : values)
        query.addBindValue(value);
    ok = ok && query.exec();
    if (!ok) {
        qCCritical(lcSandbox) << "statement failed:" << query.lastError().text() << sql;
        Q_ASSERT_X(false, "Store::run", "a statement failed");
    }
    QList<QVariantList> rows;
    const int width = query.record().count();
    while (query.next()) {
        QVariantList row;
        row.reserve(width);
        for (int i = 0; i < width; ++i)
            row.append(query.isNull(i) ? QVariant() : query.value(i));
        rows.append(std::move(row));
    }
    return rows;
}

void Store::savepoint(const QString &name)
{
    run(u"SAVEPOINT "_s + name);
}

void Store::release(const QString &name)
{
    run(u"RELEASE "_s + name);
}

void Store::rollback(const QString &name)
{
    run(u"ROLLBACK TO "_s + name);
    run(u"RELEASE "_s + name);
}

Savepoint::Savepoint(Store &store)
    : m_store(store)
{
    static int s_counter = 0;
    m_name = u"s%1"_s.arg(++s_counter);
    m_store.savepoint(m_name);
}

Savepoint::~Savepoint()
{
    if (m_open)
        m_store.rollback(m_name);
}

void Savepoint::keep()
{
    m_store.release(m_name);
    m_open = false;
}

} // namespace parley::sandbox
