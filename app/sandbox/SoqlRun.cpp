#include "app/sandbox/SoqlRun.h"

namespace parley::sandbox::soql {

using namespace Qt::Literals::StringLiterals;

namespace {

class Runner
{
public:
    Runner(Store &store, const Context &context, const QString &text, QString version)
        : m_store(store)
        , m_context(context)
        , m_text(text)
        , m_version(std::move(version))
    {}

    Outcome<Found> run(const Query &query, const std::optional<QPair<QString, QString>> &childOf)
    {
        const auto planned = plan(m_context, query, m_text, childOf);
        if (!planned)
            return refuse(planned.error());
        const auto rows = m_store.run(planned->sql, planned->values);
        Found found;
        if (planned->countOnly) {
            found.totalSize = rows.first().first().toLongLong();
            return found;
        }
        for (const QVariantList &row : rows) {
            auto record = recordOf(*planned, row);
            if (!record)
                return refuse(record.error());
            found.records.append(*record);
        }
        found.totalSize = found.records.size();
        return found;
    }

private:
    QJsonObject attributes(const QString &type, const QString &actualType, const QString &id) const
    {
        return {{u"type"_s, type},
                {u"url"_s, u"/services/data/%1/sobjects/%2/%3"_s.arg(m_version, actualType, id)}};
    }

    Outcome<QJsonObject> recordOf(const Plan &planned, const QVariantList &row)
    {
        QJsonObject record;
        if (planned.aggregate) {
            record.insert(u"attributes"_s, QJsonObject{{u"type"_s, u"AggregateResult"_s}});
            for (const Output &output : planned.outputs)
                record.insert(output.key, jsonOf(output, row.at(output.column)));
            return record;
        }
        const QString id = row.at(planned.relations.first().idColumn).toString();
        record = withOutputs(planned, row, {});
        for (const Output &output : planned.outputs) {
            if (output.kind != Output::Kind::TypeOf)
                continue;
            const auto inner = typeOf(output, row);
            if (!inner)
                return refuse(inner.error());
            record.insert(output.key, *inner);
        }
        for (const ChildPlan &child : planned.children) {
            const auto inner = run(*child.query, QPair<QString, QString>{child.childField, id});
            if (!inner)
                return refuse(inner.error());
            if (inner->totalSize == 0)
                record.insert(child.relationship, QJsonValue());
            else
                record.insert(child.relationship, QJsonObject{{u"totalSize"_s, inner->totalSize},
                                                              {u"done"_s, true},
                                                              {u"records"_s, inner->records}});
        }
        return record;
    }

    // The object at this path with its own values and, below it, the objects that the statement reached
    // through it.
    QJsonObject withOutputs(const Plan &planned, const QVariantList &row, const QStringList &path) const
    {
        QJsonObject object;
        for (const Relation &relation : planned.relations) {
            if (relation.path == path) {
                const QString actual =
                    relation.typeColumn < 0 ? relation.object : row.at(relation.typeColumn).toString();
                object.insert(u"attributes"_s,
                              attributes(relation.object, actual, row.at(relation.idColumn).toString()));
            } else if (relation.path.size() == path.size() + 1 && relation.path.first(path.size()) == path) {
                object.insert(relation.path.last(),
                              row.at(relation.idColumn).isNull()
                                  ? QJsonValue()
                                  : QJsonValue(withOutputs(planned, row, relation.path)));
            }
        }
        for (const Output &output : planned.outputs) {
            if (output.relations != path)
                continue;
            if (output.kind == Output::Kind::Value)
                object.insert(output.key, jsonOf(output, row.at(output.column)));
            else if (output.kind == Output::Kind::Compound)
                object.insert(output.key, compound(output, row));
        }
        return object;
    }

    static QJsonValue compound(const Output &output, const QVariantList &row)
    {
        QJsonObject object;
        bool any = false;
        for (qsizetype i = 0; i < output.parts.size(); ++i) {
            const QVariant &value = row.at(output.column + i);
            any = any || !value.isNull();
            object.insert(output.parts.at(i), value.isNull() ? QJsonValue() : QJsonValue::fromVariant(value));
        }
        return any ? QJsonValue(object) : QJsonValue();
    }

    // FORMAT() in the locale of the built-in users: en_US, UTC, dollars.
    static QString formatted(const QString &type, const QVariant &value)
    {
        const QLocale locale(QLocale::English, QLocale::UnitedStates);
        if (type == u"int"_s || type == u"long"_s)
            return locale.toString(value.toLongLong());
        if (type == u"currency"_s)
            return u'$' + locale.toString(value.toDouble(), 'f', 2);
        if (type == u"double"_s || type == u"percent"_s)
            return locale.toString(value.toDouble(), 'f', QLocale::FloatingPointShortest) +
                   (type == u"percent"_s ? u"%"_s : QString());
        if (type == u"date"_s)
            return locale.toString(QDate::fromString(value.toString(), Qt::ISODate), u"M/d/yyyy"_s);
        if (const auto instant = type == u"datetime"_s ? parseDatetime(value.toString()) : std::nullopt)
            return locale.toString(*instant, u"M/d/yyyy, h:mm AP"_s);
        return value.toString();
    }

    QJsonValue jsonOf(const Output &output, const QVariant &value) const
    {
        if (value.isNull())
            return output.type == u"boolean"_s ? QJsonValue(false) : QJsonValue();
        if (output.formatted)
            return formatted(output.type, value);
        if (output.type == u"boolean"_s)
            return value.toInt() != 0;
        if (output.type == u"int"_s || output.type == u"long"_s)
            return value.toLongLong();
        if (output.type == u"double"_s || output.type == u"currency"_s || output.type == u"percent"_s)
            return value.toDouble();
        const QString text = value.toString();
        if (!output.mask.isEmpty()) {
            const qsizetype hidden = output.masksAll ? text.size() : std::max<qsizetype>(0, text.size() - 4);
            return output.mask.repeated(hidden) + text.sliced(hidden);
        }
        if (output.type == u"base64"_s) // a body is named by its address
            return u"/services/data/"_s + m_version + text;
        return output.labels.value(text, text);
    }

    Outcome<QJsonValue> typeOf(const Output &output, const QVariantList &row)
    {
        const QString id = row.at(output.column).toString();
        const QString type = row.at(output.column + 1).toString();
        if (id.isEmpty())
            return QJsonValue();
        const TypeOfBranch *chosen = nullptr;
        for (const TypeOfBranch &branch : output.branches) {
            if (branch.type.compare(type, Qt::CaseInsensitive) == 0 || (branch.type.isEmpty() && !chosen))
                chosen = &branch;
        }
        if (!chosen)
            return QJsonValue(QJsonObject{{u"attributes"_s, attributes(type, type, id)}});
        Query query;
        query.from.parts = {type};
        for (const FieldPath &field : chosen->fields) {
            SelectItem item;
            item.term.field = field;
            query.select.append(item);
        }
        const auto inner = run(query, QPair<QString, QString>{u"Id"_s, id});
        if (!inner)
            return refuse(inner.error());
        return inner->records.isEmpty() ? QJsonValue() : inner->records.first();
    }

    Store &m_store;
    const Context &m_context;
    const QString &m_text;
    QString m_version;
};

} // namespace

Outcome<Found> run(Store &store, const Context &context, const QString &text, const QString &version)
{
    const auto query = parse(text);
    if (!query)
        return refuse(query.error());
    return run(store, context, *query, text, version);
}

Outcome<Found> run(Store &store, const Context &context, const Query &query, const QString &text,
                   const QString &version)
{
    return Runner(store, context, text, version).run(query, {});
}

} // namespace parley::sandbox::soql
