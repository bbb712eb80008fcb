// One SQLite connection with prepared statements and nothing in between, for paths where QSqlQuery's
// QVariants cost more than the work itself. Used by the thread that opened it alone.
#pragma once

#include "core/base/Result.h"

#include <QByteArray>
#include <QString>

#include <memory>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace parley::store {

/// A prepared statement. Bind, then step; reset() makes it ready for the next use.
class Statement
{
public:
    enum class Step { Row, Done, Failed };

    Statement() = default;
    explicit Statement(sqlite3_stmt *statement);
    ~Statement();
    Statement(Statement &&other) noexcept;
    Statement &operator=(Statement &&other) noexcept;

    /// Binds all parameters in order; texts are kept until reset().
    template <class... Values> Statement &bind(const Values &...values)
    {
        reset();
        int at = 0;
        (bindOne(++at, values), ...);
        return *this;
    }

    Step step();
    /// Steps once; true when it ended without a row and without an error.
    bool run();
    void reset();

    [[nodiscard]] qint64 number(int column) const;
    [[nodiscard]] QString text(int column) const;
    [[nodiscard]] QByteArray bytes(int column) const;
    [[nodiscard]] bool isNull(int column) const;

private:
    void bindOne(int at, qint64 value);
    void bindOne(int at, int value) { bindOne(at, qint64(value)); }
    void bindOne(int at, bool value) { bindOne(at, qint64(value)); }
    void bindOne(int at, const QString &text);
    void bindOne(int at, const QByteArray &blob);
    void bindOne(int at, std::nullptr_t);

    sqlite3_stmt *m_statement = nullptr;
};

class Sqlite
{
public:
    /// Opens an existing file: WAL, synchronous FULL (a commit that was reported survives a power cut),
    /// foreign keys on.
    static Result<std::unique_ptr<Sqlite>> open(const QString &path);
    ~Sqlite();
    Sqlite(const Sqlite &) = delete;
    Sqlite &operator=(const Sqlite &) = delete;

    Statement prepare(const QByteArray &sql);
    Result<Done> exec(const char *sql);
    Result<Done> begin() { return exec("BEGIN IMMEDIATE"); }
    Result<Done> commit() { return exec("COMMIT"); }
    /// Also where SQLite has rolled back on its own already (disk full).
    void rollback();

    /// What went wrong last, as an Error with code Storage.
    [[nodiscard]] Error lastError() const;
    [[nodiscard]] qint64 lastRowId() const;
    /// Rows that the last statement changed.
    [[nodiscard]] int changes() const;
    /// The file grows no further than this; 0 lifts the limit.
    void limitSize(qint64 bytes);

private:
    Sqlite() = default;
    sqlite3 *m_handle = nullptr;
};

} // namespace parley::store
