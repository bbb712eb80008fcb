#include "core/store/Database.h"

#include "core/base/Log.h"

#include <QFile>
#include <QSqlError>
#include <QUuid>

namespace parley::store {

using namespace Qt::Literals::StringLiterals;

namespace {

Result<Done> prepare(QSqlDatabase &database, const QString &path, std::span<const Migration> steps,
                     bool isNew)
{
    if (!database.open())
        return fail(Errc::Storage, database.lastError().text());
    QSqlQuery query(database);
    // FULL: a commit that was reported must survive a power cut, not only a crash of this process.
    for (const QString &pragma : {u"PRAGMA journal_mode = WAL"_s, u"PRAGMA synchronous = FULL"_s,
                                  u"PRAGMA foreign_keys = ON"_s, u"PRAGMA busy_timeout = 5000"_s}) {
        if (!query.exec(pragma))
            return fail(Errc::Storage, query.lastError().text());
        query.finish();
    }
    if (!query.exec(u"PRAGMA user_version"_s) || !query.next())
        return fail(Errc::Storage, query.lastError().text());
    const int present = query.value(0).toInt();
    query.finish();
    const bool mustMigrate = !steps.empty() && present < steps.back().version;
    if (mustMigrate && !isNew && present > 0) {
        const QString copy = u"%1.before-%2"_s.arg(path).arg(steps.back().version);
        if (!QFile::exists(copy) &&
            !query.exec(u"VACUUM INTO '%1'"_s.arg(QString(copy).replace(u'\'', u"''"_s))))
            return fail(Errc::Storage,
                        u"could not copy the file before migrating: "_s + query.lastError().text());
        query.finish();
    }
    return migrate(database, steps);
}

} // namespace

Result<std::shared_ptr<Database>> Database::open(const QString &path, std::span<const Migration> steps)
{
    std::shared_ptr<Database> self(new Database);
    self->m_thread.setObjectName(u"database"_s);
    self->m_worker = new QObject;
    self->m_worker->moveToThread(&self->m_thread);
    QObject::connect(&self->m_thread, &QThread::finished, self->m_worker, &QObject::deleteLater);
    self->m_thread.start();
    const bool isNew = !QFile::exists(path);
    const QString connection = u"parley-"_s + QUuid::createUuid().toString(QUuid::WithoutBraces);
    Database *database = self.get();
    const auto opened = self->runBlocking([database, connection, path, steps, isNew](QSqlDatabase &) {
        database->m_database = QSqlDatabase::addDatabase(u"QSQLITE"_s, connection);
        database->m_database.setDatabaseName(path);
        return prepare(database->m_database, path, steps, isNew);
    });
    if (!opened) {
        qCWarning(lcStore) << "cannot open" << path << opened.error().detail;
        return fail(opened.error());
    }
    return self;
}

Database::~Database()
{
    if (!m_worker)
        return;
    runBlocking([](QSqlDatabase &database) -> Result<Done> {
        const QString connection = database.connectionName();
        database.close();
        database = QSqlDatabase();
        QSqlDatabase::removeDatabase(connection);
        return Done{};
    });
    m_thread.quit();
    m_thread.wait();
}

} // namespace parley::store
