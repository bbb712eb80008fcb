#include "app/ctl/CrmCommands.h"

#include "app/ctl/CrmJson.h"
#include "core/crm/Plan.h"

#include <QDir>
#include <QDirIterator>
#include <QFileInfo>
#include <QJsonDocument>
#include <QSaveFile>

namespace parley::ctl {

using namespace Qt::Literals::StringLiterals;

namespace {

QJsonObject jsonOf(const crm::Connection &connection)
{
    return {{u"id"_s, connection.id},
            {u"name"_s, connection.name},
            {u"kind"_s, connection.kind},
            {u"loginUrl"_s, connection.loginUrl.toString(QUrl::FullyEncoded)},
            {u"clientId"_s, connection.clientId},
            {u"grant"_s, connection.grant},
            {u"active"_s, connection.isActive}};
}

Reply recordsReply(const QList<Record> &records)
{
    QJsonArray json;
    for (const Record &record : records)
        json += ctl::jsonOf(record);
    return {.json = {{u"records"_s, json}, {u"count"_s, records.size()}}, .lines = linesOf(records)};
}

QString keyOf(const QString &name)
{
    static const QMap<QString, QString> plain{{u"name"_s, fields::visitorName},
                                              {u"email"_s, fields::visitorEmail},
                                              {u"phone"_s, fields::phone},
                                              {u"company"_s, fields::company},
                                              {u"product"_s, fields::product},
                                              {u"department"_s, fields::department},
                                              {u"page"_s, fields::visitorPage},
                                              {u"referrer"_s, fields::visitorReferrer},
                                              {u"country"_s, fields::visitorCountry},
                                              {u"city"_s, fields::visitorCity},
                                              {u"language"_s, fields::visitorLanguage}};
    if (const auto reference = fieldKeyOf(name))
        return *reference;
    if (name.contains(u'.'))
        return name;
    return plain.value(name.toLower(), u"Variable."_s + name);
}

tl::unexpected<Error> notAValue(const QString &key)
{
    return fail(Errc::InvalidInput,
                u"The visitor's \"%1\" is not a value: write a text, a number, true or false."_s.arg(key));
}

/// Nothing of a list or an object; null is no text.
std::optional<QString> scalarText(const QJsonValue &value)
{
    if (value.isNull())
        return QString();
    if (value.isString())
        return value.toString();
    if (value.isBool())
        return value.toBool() ? u"true"_s : u"false"_s;
    if (value.isDouble())
        return value.toVariant().toString();
    return std::nullopt;
}

Result<Done> writeFile(const QString &path, const QByteArray &content)
{
    std::ignore = QDir().mkpath(QFileInfo(path).path()); // what it could not make, open() says
    QSaveFile file(path);
    const bool isWritten =
        file.open(QIODevice::WriteOnly) && file.write(content) == content.size() && file.commit();
    if (!isWritten)
        return fail(Error{.code = Errc::Storage,
                          .detail = u"%1 cannot be written: %2."_s.arg(path, file.errorString()),
                          .remoteCode = u"cannot_write"_s});
    return Done{};
}

/// Documents that a sandbox would read as well, though this snapshot did not write them.
QStringList othersIn(const QDir &folder, const QJsonArray &written)
{
    QStringList others;
    QDirIterator files(folder.filePath(u"salesforce"_s), {u"*.json"_s}, QDir::Files,
                       QDirIterator::Subdirectories);
    while (files.hasNext()) {
        const QString name =
            QDir(folder.absolutePath()).relativeFilePath(QFileInfo(files.next()).absoluteFilePath());
        if (!written.contains(name))
            others += name;
    }
    others.sort();
    return others;
}

} // namespace

Result<LiveChatFields> fieldsFromJson(const QByteArray &json)
{
    QJsonParseError problem{};
    const QJsonDocument document = QJsonDocument::fromJson(json, &problem);
    if (problem.error != QJsonParseError::NoError)
        return fail(Errc::InvalidInput,
                    u"The visitor is not a JSON object: %1 at byte %2."_s.arg(problem.errorString())
                        .arg(problem.offset));
    if (!document.isObject())
        return fail(
            Errc::InvalidInput,
            u"The visitor is not a JSON object of live-chat fields, as in {\"email\": \"a@b.example\"}."_s);
    LiveChatFields fields;
    const QJsonObject object = document.object();
    for (auto it = object.begin(); it != object.end(); ++it) {
        if (it->isObject()) { // {"Visitor": {"Email": "…"}}
            const QJsonObject category = it->toObject();
            for (auto inner = category.begin(); inner != category.end(); ++inner) {
                const QString key = it.key() + u'.' + inner.key();
                const auto text = scalarText(*inner);
                if (!text)
                    return notAValue(key);
                if (!text->isNull())
                    fields.insert(key, *text);
            }
        } else if (const auto text = scalarText(*it)) {
            if (!text->isNull())
                fields.insert(keyOf(it.key()), *text);
        } else {
            return notAValue(it.key());
        }
    }
    return fields;
}

CrmCommands::CrmCommands(std::shared_ptr<Session> session)
    : m_session(std::move(session))
{}

Async<Reply> CrmCommands::add(NewConnection wanted)
{
    const auto self = shared_from_this();
    auto added = co_await m_session->add(wanted);
    if (!added)
        co_return fail(added.error());
    Reply reply;
    reply.json = {{u"connection"_s, jsonOf(*added)}};
    reply.lines = {u"Connected: %1 (%2)"_s.arg(added->name, added->id)};
    co_return reply;
}

Async<Reply> CrmCommands::list()
{
    const auto self = shared_from_this();
    const auto all = m_session->connections().load();
    if (!all)
        co_return fail(all.error());
    Reply reply;
    QJsonArray json;
    for (const crm::Connection &connection : *all) {
        json += jsonOf(connection);
        reply.lines +=
            u"%1 %2  %3  %4  %5"_s.arg(connection.isActive ? u"*"_s : u" "_s, connection.id, connection.name,
                                       connection.loginUrl.toString(), connection.grant);
    }
    if (all->isEmpty())
        reply.lines += u"No connections."_s;
    reply.json = {{u"connections"_s, json}};
    co_return reply;
}

Async<Reply> CrmCommands::remove(QString id)
{
    const auto self = shared_from_this();
    auto removed = co_await m_session->remove(id);
    if (!removed)
        co_return fail(removed.error());
    Reply reply;
    reply.json = {{u"removed"_s, id}};
    reply.lines = {u"Signed out and forgotten: "_s + id};
    co_return reply;
}

Async<Reply> CrmCommands::check()
{
    const auto self = shared_from_this();
    auto client = co_await m_session->open();
    if (!client)
        co_return fail(client.error());
    auto report =
        co_await (*client)->checkAccess(crm::neededFields(crm::defaultMapping()), crm::defaultShownFields());
    if (!report)
        co_return fail(report.error());
    QJsonArray missing;
    Reply reply;
    if (!report->userName.isEmpty())
        reply.lines += u"%1, signed in as %2"_s.arg(report->organisation, report->userName);
    for (const crm::AccessFinding &finding : report->missing) {
        missing += QJsonObject{{u"kind"_s, finding.kind.name},
                               {u"field"_s, finding.field},
                               {u"right"_s, finding.right},
                               {u"where"_s, finding.where}};
        const QString field = finding.field.isEmpty() ? QString() : u'.' + finding.field;
        reply.lines +=
            finding.right == u"api"
                ? u"missing: this user may not use the API (%1)"_s.arg(finding.where)
                : u"missing: %1 %2%3 (%4)"_s.arg(finding.right, finding.kind.name, field, finding.where);
    }
    if (report->isComplete())
        reply.lines += u"All rights that Parley needs are there."_s;
    reply.json = {{u"connection"_s, jsonOf(m_session->connection())},
                  {u"userName"_s, report->userName},
                  {u"organisation"_s, report->organisation},
                  {u"complete"_s, report->isComplete()},
                  {u"missing"_s, missing}};
    if (const auto usage = (*client)->usage()) {
        reply.json[u"usage"] = QJsonObject{{u"used"_s, usage->used}, {u"limit"_s, usage->limit}};
        reply.lines += u"API requests used: %1 of %2"_s.arg(usage->used).arg(usage->limit);
    }
    reply.exitCode = report->isComplete() ? Ok : Incomplete;
    co_return reply;
}

Async<Reply> CrmCommands::identify(LiveChatFields values)
{
    const auto self = shared_from_this();
    auto client = co_await m_session->open();
    if (!client)
        co_return fail(client.error());
    const crm::IdentifyRequest request{
        .values = values, .rules = crm::defaultMatchRules(), .shown = crm::defaultShownFields()};
    auto outcome = co_await (*client)->identify(request);
    if (!outcome)
        co_return fail(outcome.error());
    Reply reply;
    reply.json = ctl::jsonOf(*outcome);
    reply.lines = linesOf(*outcome);
    co_return reply;
}

Async<Reply> CrmCommands::kinds()
{
    const auto self = shared_from_this();
    auto client = co_await m_session->open();
    if (!client)
        co_return fail(client.error());
    auto all = co_await (*client)->describeKinds();
    if (!all)
        co_return fail(all.error());
    Reply reply;
    QJsonArray json;
    for (const crm::KindSummary &kind : *all) {
        json += QJsonObject{{u"kind"_s, kind.kind.name},
                            {u"label"_s, kind.label},
                            {u"createable"_s, kind.isCreateable},
                            {u"updateable"_s, kind.isUpdateable},
                            {u"queryable"_s, kind.isQueryable}};
        reply.lines += u"%1  %2"_s.arg(kind.kind.name.leftJustified(40), kind.label);
    }
    reply.json = {{u"kinds"_s, json}};
    co_return reply;
}

Async<Reply> CrmCommands::describe(QString kind)
{
    const auto self = shared_from_this();
    auto client = co_await m_session->open();
    if (!client)
        co_return fail(client.error());
    const RecordKind wanted{kind};
    auto schema = co_await (*client)->describe(wanted);
    if (!schema)
        co_return fail(schema.error());
    Reply reply;
    reply.json = ctl::jsonOf(*schema, true);
    reply.lines = {u"%1 (%2): %3 fields, %4 record types"_s.arg(schema->label, schema->kind.name)
                       .arg(schema->fields.size())
                       .arg(schema->variants.size())};
    for (const crm::Variant &variant : schema->variants)
        reply.lines += u"  record type %1  %2%3"_s.arg(variant.id, variant.name,
                                                       variant.isDefault ? u" (default)"_s : QString());
    co_return reply;
}

Async<Reply> CrmCommands::fields(QString kind)
{
    const auto self = shared_from_this();
    auto client = co_await m_session->open();
    if (!client)
        co_return fail(client.error());
    const RecordKind wanted{kind};
    auto schema = co_await (*client)->describe(wanted);
    if (!schema)
        co_return fail(schema.error());
    Reply reply;
    QJsonArray json;
    for (const crm::Field &field : schema->fields) {
        json += ctl::jsonOf(field);
        reply.lines += u"%1  %2  %3%4"_s.arg(field.name.leftJustified(32), field.remoteType.leftJustified(14),
                                             field.label, field.isRequired ? u" *"_s : QString());
    }
    reply.json = {{u"kind"_s, schema->kind.name}, {u"fields"_s, json}};
    co_return reply;
}

Async<Reply> CrmCommands::layout(QString kind, crm::LayoutPurpose purpose, QString variantId)
{
    const auto self = shared_from_this();
    auto client = co_await m_session->open();
    if (!client)
        co_return fail(client.error());
    const RecordKind wanted{kind};
    auto layout = co_await (*client)->layout(wanted, purpose, variantId);
    if (!layout)
        co_return fail(layout.error());
    Reply reply;
    reply.json = ctl::jsonOf(*layout);
    reply.json[u"for"] = purpose == crm::LayoutPurpose::Create ? u"create"_s : u"edit"_s;
    reply.lines = linesOf(*layout);
    co_return reply;
}

Async<Reply> CrmCommands::search(QString text, int limit)
{
    const auto self = shared_from_this();
    auto client = co_await m_session->open();
    if (!client)
        co_return fail(client.error());
    const QList<RecordKind> all;
    auto records = co_await (*client)->search(text, all, limit);
    if (!records)
        co_return fail(records.error());
    co_return recordsReply(*records);
}

Async<Reply> CrmCommands::query(QString statement)
{
    const auto self = shared_from_this();
    auto client = co_await m_session->open();
    if (!client)
        co_return fail(client.error());
    auto records = co_await (*client)->query(statement);
    if (!records)
        co_return fail(records.error());
    co_return recordsReply(*records);
}

Async<Reply> CrmCommands::get(QString kind, QString id)
{
    const auto self = shared_from_this();
    auto client = co_await m_session->open();
    if (!client)
        co_return fail(client.error());
    const RecordRef ref{.kind = {kind}, .id = {id}};
    const QStringList shown;
    auto record = co_await (*client)->get(ref, shown);
    if (!record)
        co_return fail(record.error());
    Reply reply;
    reply.json = ctl::jsonOf(*record);
    reply.lines = linesOf(QList<Record>{*record});
    co_return reply;
}

Async<Reply> CrmCommands::snapshot(QString folder, QStringList kinds)
{
    const auto self = shared_from_this();
    if (folder.trimmed().isEmpty())
        co_return fail(Errc::InvalidInput, u"The folder to write to has no name."_s);
    auto client = co_await m_session->open();
    if (!client)
        co_return fail(client.error());
    QList<RecordKind> wanted;
    for (const QString &kind : kinds)
        wanted.append({kind});
    auto taken = co_await (*client)->snapshot(wanted);
    if (!taken)
        co_return fail(taken.error());
    Reply reply;
    QJsonArray files;
    const QDir target(folder);
    for (const crm::OrgDocument &document : taken->documents) {
        const auto written = writeFile(target.filePath(document.name), document.content);
        if (!written)
            co_return fail(written.error());
        files += document.name;
        reply.lines += document.name;
    }
    const QStringList left = othersIn(target, files);
    if (!left.isEmpty())
        reply.lines += u"there before, and not of this snapshot: "_s + left.join(u", "_s);
    if (!taken->skipped.isEmpty() && !kinds.isEmpty())
        reply.exitCode = NotFound; // what was asked for by name
    if (!taken->skipped.isEmpty())
        reply.lines += u"not there, or not to be seen by this user: "_s + taken->skipped.join(u", "_s);
    reply.lines += u"Start a sandbox that behaves as this org does: parley-sandbox --org "_s + folder;
    reply.json = {{u"folder"_s, target.absolutePath()},
                  {u"files"_s, files},
                  {u"left"_s, QJsonArray::fromStringList(left)},
                  {u"skipped"_s, QJsonArray::fromStringList(taken->skipped)}};
    co_return reply;
}

} // namespace parley::ctl
