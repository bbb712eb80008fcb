#include "core/crm/Connections.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSaveFile>

#include <algorithm>

namespace parley::crm {

using namespace Qt::Literals::StringLiterals;

namespace {

Connection connectionOf(const QJsonObject &json)
{
    return {.id = json[u"id"].toString(),
            .name = json[u"name"].toString(),
            .kind = json[u"kind"].toString(),
            .loginUrl = QUrl(json[u"loginUrl"].toString()),
            .clientId = json[u"clientId"].toString(),
            .grant = json[u"grant"].toString(),
            .secretFile = json[u"secretFile"].toString(),
            .isSecretInKeychain = json[u"secretInKeychain"].toBool(),
            .userName = json[u"userName"].toString(),
            .isActive = json[u"active"].toBool(),
            .organisation = json[u"organisation"].toString(),
            .keyFile = json[u"keyFile"].toString(),
            .instanceHost = json[u"instanceHost"].toString()};
}

void put(QJsonObject &json, const Connection &connection)
{
    json[u"id"] = connection.id;
    json[u"name"] = connection.name;
    json[u"kind"] = connection.kind;
    json[u"loginUrl"] = connection.loginUrl.toString(QUrl::FullyEncoded);
    json[u"clientId"] = connection.clientId;
    json[u"grant"] = connection.grant;
    json[u"secretFile"] = connection.secretFile;
    if (!connection.organisation.isEmpty())
        json[u"organisation"] = connection.organisation;
    if (!connection.instanceHost.isEmpty())
        json[u"instanceHost"] = connection.instanceHost;
    if (!connection.keyFile.isEmpty())
        json[u"keyFile"] = connection.keyFile;
    json[u"secretInKeychain"] = connection.isSecretInKeychain;
    json[u"userName"] = connection.userName;
    json[u"active"] = connection.isActive;
}

Result<QJsonArray> readEntries(const QString &path)
{
    QFile file(path);
    if (!file.exists())
        return QJsonArray();
    if (!file.open(QIODevice::ReadOnly))
        return fail(Errc::Storage, u"connections.json cannot be read: "_s + file.errorString());
    QJsonParseError problem{};
    const QJsonDocument document = QJsonDocument::fromJson(file.readAll(), &problem);
    if (problem.error != QJsonParseError::NoError || !document.object()[u"connections"].isArray())
        return fail(Errc::Storage, u"connections.json is damaged: "_s + problem.errorString());
    return document.object()[u"connections"].toArray();
}

} // namespace

QString Connection::tokensKey(const QString &profileDir) const
{
    return u"%1|%2"_s.arg(QDir(profileDir).absolutePath(), id);
}

QString Connection::secretKey(const QString &profileDir) const
{
    return tokensKey(profileDir) + u"|secret"_s;
}

ConnectionStore::ConnectionStore(QString profileDir)
    : m_profileDir(std::move(profileDir))
{}

QString ConnectionStore::path() const
{
    return m_profileDir + u"/connections.json"_s;
}

Result<QList<Connection>> ConnectionStore::load() const
{
    const auto entries = readEntries(path());
    if (!entries)
        return fail(entries.error());
    QList<Connection> connections;
    for (const QJsonValue entry : *entries)
        connections += connectionOf(entry.toObject());
    return connections;
}

Result<Done> ConnectionStore::save(const QList<Connection> &connections) const
{
    const auto before = readEntries(path());
    if (!before)
        return fail(before.error()); // a damaged file is for a person to look at, not to be written over
    QJsonArray entries;
    for (const Connection &connection : connections) {
        QJsonObject json;
        for (const QJsonValue entry : *before) {
            if (entry.toObject()[u"id"].toString() == connection.id)
                json = entry.toObject();
        }
        put(json, connection);
        entries += json;
    }
    if (!QDir().mkpath(m_profileDir))
        return fail(Errc::Storage, u"the profile's folder cannot be made"_s);
    QSaveFile file(path());
    if (!file.open(QIODevice::WriteOnly))
        return fail(Errc::Storage, u"connections.json cannot be written: "_s + file.errorString());
    file.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
    file.write(QJsonDocument(QJsonObject{{u"connections"_s, entries}}).toJson());
    if (!file.commit())
        return fail(Errc::Storage, u"connections.json cannot be written: "_s + file.errorString());
    return Done{};
}

Result<Connection> ConnectionStore::add(Connection connection) const
{
    auto connections = load();
    if (!connections)
        return fail(connections.error());
    const auto isTaken = [&connections](const QString &id) {
        return std::ranges::any_of(*connections, [&id](const Connection &other) { return other.id == id; });
    };
    connection.id = connection.kind;
    for (int n = 2; isTaken(connection.id); ++n)
        connection.id = u"%1-%2"_s.arg(connection.kind).arg(n);
    for (Connection &other : *connections)
        other.isActive = false;
    connection.isActive = true;
    connections->append(connection);
    if (const auto saved = save(*connections); !saved)
        return fail(saved.error());
    return connection;
}

Result<Done> ConnectionStore::remove(const QString &id) const
{
    auto connections = load();
    if (!connections)
        return fail(connections.error());
    if (connections->removeIf([&id](const Connection &connection) { return connection.id == id; }) == 0)
        return fail(Errc::NotFound, u"no such connection"_s);
    if (!connections->isEmpty() && std::ranges::none_of(*connections, &Connection::isActive))
        connections->last().isActive = true;
    return save(*connections);
}

Result<Done> ConnectionStore::use(const QString &id) const
{
    auto connections = load();
    if (!connections)
        return fail(connections.error());
    if (std::ranges::find(*connections, id, &Connection::id) == connections->end())
        return fail(Errc::NotFound, u"no such connection"_s);
    for (Connection &connection : *connections)
        connection.isActive = connection.id == id;
    return save(*connections);
}

Result<Done> ConnectionStore::useNone() const
{
    auto connections = load();
    if (!connections)
        return fail(connections.error());
    for (Connection &connection : *connections)
        connection.isActive = false;
    return save(*connections);
}

Result<Done> ConnectionStore::change(const Connection &connection) const
{
    auto connections = load();
    if (!connections)
        return fail(connections.error());
    const auto found = std::ranges::find(*connections, connection.id, &Connection::id);
    if (found == connections->end())
        return fail(Errc::NotFound, u"no such connection"_s);
    *found = connection;
    return save(*connections);
}

Result<Connection> ConnectionStore::active() const
{
    const auto connections = load();
    if (!connections)
        return fail(connections.error());
    const auto found = std::ranges::find_if(*connections, &Connection::isActive);
    if (found == connections->end())
        return fail(Errc::NotFound, u"the profile has no CRM connection"_s);
    return *found;
}

} // namespace parley::crm
