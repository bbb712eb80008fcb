#include "app/sandbox/Records.h"

#include "app/sandbox/RecordId.h"
#include "core/base/Clock.h"

namespace parley::sandbox {

using namespace Qt::Literals::StringLiterals;

Records::Records(Store &store, const Metadata &metadata, Clock &clock, const OrgSettings &settings)
    : m_store(store)
    , m_metadata(metadata)
    , m_clock(clock)
    , m_settings(settings)
{}

Outcome<QString> Records::existing(const ObjectInfo &object, const QString &id)
{
    const auto normal = normalizeId(id);
    if (!normal)
        return refuse(404, u"NOT_FOUND"_s,
                      u"Provided external ID field does not exist or is not accessible: "_s + id);
    const Store::Presence there = m_store.presence(object, *normal);
    if (!there.exists)
        return refuse(404, u"NOT_FOUND"_s, u"The requested resource does not exist"_s);
    if (there.deleted)
        return refuse(404, u"ENTITY_IS_DELETED"_s, u"entity is deleted"_s, {});
    return *normal;
}

const ObjectInfo &Records::whole(const ObjectInfo &seen) const
{
    const ObjectInfo *object = m_metadata.object(seen.name);
    return object ? *object : seen;
}

Outcome<Accepted> Records::checkLocks(const ObjectInfo &object, const QString &id, const QVariantMap &changed)
{
    QStringList touched{id};
    for (auto it = changed.cbegin(); it != changed.cend(); ++it) {
        const Field *field = object.field(it.key());
        const bool isParent = field && field->isReference() && !field->referenceTo.contains(u"User"_s);
        if (isParent)
            touched.append(it->toString());
    }
    for (const QString &one : std::as_const(touched)) {
        const auto until = m_settings.locks.constFind(one);
        if (!one.isEmpty() && until != m_settings.locks.cend() && m_clock.now() < *until)
            return refuse(400, u"UNABLE_TO_LOCK_ROW"_s,
                          u"unable to obtain exclusive access to this record or 1 records: "_s + one, {});
    }
    return Accepted{};
}

Outcome<QString> Records::create(const ObjectInfo &seen, const QJsonObject &body, const WriteContext &context)
{
    const ObjectInfo &object = whole(seen);
    if (!seen.createable && !context.ruleless)
        return refuse(400, u"CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY"_s,
                      u"entity type cannot be inserted: %1"_s.arg(object.label), {});
    Errors errors;
    auto parsed = values(seen, body, context, true, errors);
    if (!parsed)
        return refuse(parsed.error());
    QVariantMap all = *parsed;
    const QStringList absent = context.ruleless ? QStringList() : missing(object, all, true);
    if (!absent.isEmpty())
        errors.prepend(refusal(400, u"REQUIRED_FIELD_MISSING"_s,
                               u"Required fields are missing: [%1]"_s.arg(absent.join(u", "_s)), absent)
                           .errors.first());
    if (!errors.isEmpty())
        return refuse(Refusal{400, errors});
    applyDefaults(object, all, context);
    auto prepared = prepareContent(object, body, {}, all, context);
    if (!prepared)
        return refuse(prepared.error());
    all = *prepared;
    QVariantMap changed = all;
    derive(object, all, changed);
    if (!context.ruleless) {
        checkRecordType(object, all, changed, errors);
        checkUnique(object, {}, all, errors);
        checkTask(object, all, errors);
        checkValidationRules(object, all, errors);
        if (!errors.isEmpty())
            return refuse(Refusal{400, errors});
        if (const auto unique = checkDuplicates(object, {}, all, context); !unique)
            return refuse(unique.error());
    }
    if (const auto free = checkLocks(object, {}, all); !free)
        return refuse(free.error());
    stamp(object, all, context, true);
    Savepoint step(m_store);
    if (!all.contains(u"Id"_s))
        all.insert(u"Id"_s, m_store.newId(object));
    const QString id = all.value(u"Id"_s).toString();
    m_store.insert(object, all);
    afterContent(object, id, all, context);
    step.keep();
    return id;
}

Outcome<Accepted> Records::update(const ObjectInfo &seen, const QString &givenId, const QJsonObject &body,
                                  const WriteContext &context)
{
    const ObjectInfo &object = whole(seen);
    const auto id = existing(object, givenId);
    if (!id)
        return refuse(id.error());
    if (!seen.updateable)
        return refuse(400, u"CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY"_s,
                      u"entity type cannot be updated: %1"_s.arg(object.label), {});
    Errors errors;
    const auto parsed = values(seen, body, context, false, errors);
    if (!parsed)
        return refuse(parsed.error());
    const QStringList absent = missing(object, *parsed, false);
    if (!absent.isEmpty())
        errors.prepend(refusal(400, u"REQUIRED_FIELD_MISSING"_s,
                               u"Required fields are missing: [%1]"_s.arg(absent.join(u", "_s)), absent)
                           .errors.first());
    if (!errors.isEmpty())
        return refuse(Refusal{400, errors});
    const auto prepared = prepareContent(object, body, *id, *parsed, context);
    if (!prepared)
        return refuse(prepared.error());
    QVariantMap changed = *prepared;
    QVariantMap all = m_store.row(object, *id);
    for (auto it = changed.cbegin(); it != changed.cend(); ++it)
        all.insert(it.key(), *it);
    derive(object, all, changed);
    checkRecordType(object, all, changed, errors);
    checkUnique(object, *id, changed, errors);
    checkTask(object, all, errors);
    checkValidationRules(object, all, errors);
    if (!errors.isEmpty())
        return refuse(Refusal{400, errors});
    if (changed.contains(u"Email"_s) || changed.contains(u"LastName"_s)) {
        if (const auto unique = checkDuplicates(object, *id, all, context); !unique)
            return unique;
    }
    if (const auto free = checkLocks(object, *id, changed); !free)
        return free;
    stamp(object, changed, context, false);
    Savepoint step(m_store);
    m_store.update(object, *id, changed);
    afterContent(object, *id, changed, context);
    step.keep();
    return Accepted{};
}

Outcome<Accepted> Records::remove(const ObjectInfo &seen, const QString &givenId, const WriteContext &context)
{
    const ObjectInfo &object = whole(seen);
    const auto id = existing(object, givenId);
    if (!id)
        return refuse(id.error());
    if (const auto free = checkLocks(object, *id, {}); !free)
        return free;
    if (!seen.deletable)
        return refuse(400, u"INSUFFICIENT_ACCESS_OR_READONLY"_s,
                      u"entity type cannot be deleted: %1"_s.arg(object.label), {});
    if (object.name == u"Account"_s) {
        const auto cases = m_metadata.object(u"Case");
        const auto open =
            cases && cases->has(u"AccountId") && cases->has(u"CaseNumber") && cases->has(u"IsDeleted")
                ? m_store.run(u"SELECT \"Id\", \"CaseNumber\" FROM %1 WHERE \"AccountId\" = ? AND "
                              "\"IsDeleted\" = 0 LIMIT 1"_s.arg(tableOf(*cases)),
                              {*id})
                : QList<QVariantList>();
        if (!open.isEmpty())
            return refuse(
                400, u"DELETE_FAILED"_s,
                u"Your attempt to delete this account could not be completed because some cases of it could "
                "not be deleted: %1"_s.arg(open.first().at(1).toString()),
                {});
    }
    Savepoint step(m_store);
    if (object.has(u"IsDeleted")) {
        QVariantMap gone{{u"IsDeleted"_s, 1}};
        stamp(object, gone, context, false);
        m_store.update(object, *id, gone);
    } else {
        m_store.erase(object, *id);
    }
    removeContent(object, *id);
    step.keep();
    return Accepted{};
}

Outcome<QStringList> Records::byExternalId(const ObjectInfo &object, const QString &name,
                                           const QString &value)
{
    const Field *field = object.field(name);
    if (!field || !(field->externalId || field->idLookup))
        return refuse(404, u"NOT_FOUND"_s,
                      u"Provided external ID field does not exist or is not accessible: "_s + name);
    if (field->type == u"id"_s) {
        const auto id = existing(object, value);
        return id ? Outcome<QStringList>(QStringList{*id}) : refuse(id.error());
    }
    const QString column = hasFolded(*field) ? foldedColumnOf(field->name) : columnOf(field->name);
    const QString live = object.has(u"IsDeleted") ? u" AND \"IsDeleted\" = 0"_s : QString();
    QStringList ids;
    for (const QVariantList &row : m_store.run(
             u"SELECT \"Id\" FROM %1 WHERE %2 = ?%3 ORDER BY \"Id\""_s.arg(tableOf(object), column, live),
             {field->isNumber() ? QVariant(value.toDouble()) : QVariant(folded(value))}))
        ids.append(row.first().toString());
    return ids;
}

Outcome<Upserted> Records::upsert(const ObjectInfo &object, const QString &name, const QString &value,
                                  const QJsonObject &body, const WriteContext &context)
{
    const Field *field = object.field(name);
    const bool byId = field && field->type == u"id"_s;
    if (byId && value.isEmpty()) {
        const auto id = create(object, body, context);
        return id ? Outcome<Upserted>(Upserted{.id = *id, .created = true}) : refuse(id.error());
    }
    const auto ids = byExternalId(object, name, value);
    if (!ids)
        return refuse(ids.error());
    Q_ASSERT(field); // no ids without one
    for (const QString &key : body.keys()) {
        if (key.compare(field->name, Qt::CaseInsensitive) == 0)
            return refuse(400, u"INVALID_FIELD"_s,
                          u"The %1 field should not be specified in the sobject data."_s.arg(field->name));
    }
    if (ids->size() > 1)
        return Upserted{.several = *ids};
    if (ids->isEmpty()) {
        QJsonObject whole = body;
        whole.insert(field->name, field->isNumber() ? QJsonValue(value.toDouble()) : QJsonValue(value));
        const auto id = create(object, whole, context);
        return id ? Outcome<Upserted>(Upserted{.id = *id, .created = true}) : refuse(id.error());
    }
    const auto updated = update(object, ids->first(), body, context);
    return updated ? Outcome<Upserted>(Upserted{.id = ids->first()}) : refuse(updated.error());
}

} // namespace parley::sandbox
