#include "core/store/Sqlite.h"

#include <sqlite3.h>

#include <utility>

namespace parley::store {

using namespace Qt::Literals::StringLiterals;

Statement::Statement(sqlite3_stmt *statement)
    : m_statement(statement)
{}

Statement::~Statement()
{
    sqlite3_finalize(m_statement);
}

Statement::Statement(Statement &&other) noexcept
    : m_statement(std::exchange(other.m_statement, nullptr))
{}

Statement &Statement::operator=(Statement &&other) noexcept
{
    std::swap(m_statement, other.m_statement);
    return *this;
}

Statement::Step Statement::step()
{
    switch (sqlite3_step(m_statement)) {
    case SQLITE_ROW:
        return Step::Row;
    case SQLITE_DONE:
        return Step::Done;
    default:
        return Step::Failed;
    }
}

bool Statement::run()
{
    const bool isDone = step() == Step::Done;
    reset();
    return isDone;
}

void Statement::reset()
{
    sqlite3_reset(m_statement);
}

qint64 Statement::number(int column) const
{
    return sqlite3_column_int64(m_statement, column);
}

QString Statement::text(int column) const
{
    const auto *utf8 = reinterpret_cast<const char *>(sqlite3_column_text(m_statement, column));
    return QString::fromUtf8(utf8, sqlite3_column_bytes(m_statement, column));
}

QByteArray Statement::bytes(int column) const
{
    const auto *data = static_cast<const char *>(sqlite3_column_blob(m_statement, column));
    return {data, sqlite3_column_bytes(m_statement, column)};
}

bool Statement::isNull(int column) const
{
    return sqlite3_column_type(m_statement, column) == SQLITE_NULL;
}

void Statement::bindOne(int at, qint64 value)
{
    sqlite3_bind_int64(m_statement, at, value);
}

void Statement::bindOne(int at, const QString &text)
{
    // SQLite copies: the UTF-8 form lives no longer than this call. A null QString is an empty text, not
    // NULL.
    const QByteArray utf8 = text.toUtf8();
    sqlite3_bind_text64(m_statement, at, utf8.constData(), sqlite3_uint64(utf8.size()), SQLITE_TRANSIENT,
                        SQLITE_UTF8);
}

void Statement::bindOne(int at, const QByteArray &blob)
{
    sqlite3_bind_blob64(m_statement, at, blob.constData(), sqlite3_uint64(blob.size()), SQLITE_TRANSIENT);
}

void Statement::bindOne(int at, std::nullptr_t)
{
    sqlite3_bind_null(m_statement, at);
}

Result<std::unique_ptr<Sqlite>> Sqlite::open(const QString &path)
{
    std::unique_ptr<Sqlite> self(new Sqlite);
    const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;
    if (sqlite3_open_v2(path.toUtf8().constData(), &self->m_handle, flags, nullptr) != SQLITE_OK)
        return fail(self->lastError());
    sqlite3_extended_result_codes(self->m_handle, 1);
    sqlite3_busy_timeout(self->m_handle, 5000);
    // 16 MiB of log before it is carried over: with the default of 4 the checkpoint's fsyncs show in the p99.
    const auto set =
        self->exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;"
                   "PRAGMA wal_autocheckpoint = 4096; PRAGMA cache_size = -32768");
    if (!set)
        return fail(set.error());
    return self;
}

Sqlite::~Sqlite()
{
    sqlite3_close_v2(m_handle);
}

Statement Sqlite::prepare(const QByteArray &sql)
{
    sqlite3_stmt *statement = nullptr;
    const int answer =
        sqlite3_prepare_v3(m_handle, sql.constData(), -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
    if (answer != SQLITE_OK)
        qFatal("SQL does not fit the schema: %s", sqlite3_errmsg(m_handle));
    return Statement(statement);
}

Result<Done> Sqlite::exec(const char *sql)
{
    if (sqlite3_exec(m_handle, sql, nullptr, nullptr, nullptr) != SQLITE_OK)
        return fail(lastError());
    return Done{};
}

void Sqlite::rollback()
{
    if (sqlite3_get_autocommit(m_handle) == 0)
        std::ignore = exec("ROLLBACK"); // nothing better can be done than to go on without it
}

Error Sqlite::lastError() const
{
    return {.code = Errc::Storage,
            .detail = QString::fromUtf8(sqlite3_errmsg(m_handle)),
            .remoteCode = QString::number(sqlite3_extended_errcode(m_handle))};
}

qint64 Sqlite::lastRowId() const
{
    return sqlite3_last_insert_rowid(m_handle);
}

int Sqlite::changes() const
{
    return sqlite3_changes(m_handle);
}

void Sqlite::limitSize(qint64 bytes)
{
    Statement size = prepare("PRAGMA page_size");
    const qint64 page = size.step() == Statement::Step::Row ? size.number(0) : 4096;
    const qint64 pages = bytes > 0 ? std::max<qint64>(1, bytes / page) : 1'073'741'823;
    const QByteArray pragma = "PRAGMA max_page_count = " + QByteArray::number(pages);
    std::ignore = exec(pragma.constData()); // answers with the number now in force
}

} // namespace parley::store
