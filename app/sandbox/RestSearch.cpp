#include "app/sandbox/Rest.h"
#include "app/sandbox/SoqlRun.h"

#include <QRegularExpression>

namespace parley::sandbox {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int kDefaultLimit = 2000;
constexpr int kMostFound = 2000; // Salesforce's bound of a search, whatever is asked for
constexpr int kMaxOffset = 2000;

// A word of the search term: letters and digits count, `*` and `?` are wildcards, the rest parts the words.
struct Term {
    QString pattern; ///< LIKE pattern with ESCAPE '\', folded
};

QString digitsOf(const QString &text)
{
    QString digits;
    for (const QChar c : text) {
        if (c >= u'0' && c <= u'9')
            digits += c;
    }
    return digits;
}

QList<Term> termsOf(const QString &text)
{
    // A telephone number is one term, however it is grouped.
    static const QRegularExpression number(u"^[+()\\\\\\d\\s./-]+$"_s);
    if (number.match(text).hasMatch() && digitsOf(text).size() >= 6)
        return {{digitsOf(text)}};
    QList<Term> terms;
    QString word;
    bool quoted = false;
    const auto finish = [&] {
        const QString trimmed = word.trimmed();
        if (!trimmed.isEmpty())
            terms.append({trimmed});
        word.clear();
    };
    for (qsizetype i = 0; i < text.size(); ++i) {
        const QChar c = text.at(i);
        if (c == u'\\' && i + 1 < text.size()) {
            const QChar next = text.at(++i);
            word += next == u'%' || next == u'_' || next == u'\\' ? u'\\' + QString(next) : QString(next);
        } else if (c == u'"') {
            finish();
            quoted = !quoted;
        } else if (c == u'*' || c == u'?') {
            word += c == u'*' ? u'%' : u'_';
        } else if (c == u'%' || c == u'_') {
            word += u'\\' + QString(c);
        } else if (c.isSpace() && !quoted) {
            finish();
        } else {
            word += c;
        }
    }
    finish();
    for (Term &term : terms)
        term.pattern = folded(term.pattern);
    terms.removeIf([](const Term &term) { return term.pattern == u"and"_s; });
    return terms;
}

Refusal notANumber(const QString &name, const QString &value)
{
    return refusal(400, u"MALFORMED_SEARCH"_s, u"%1 is not a whole number from 0 up: %2"_s.arg(name, value));
}

// What a POSTed search and each of its sobjects may hold.
using Members = QMap<QString, QJsonValue::Type>;
const Members kMembers{{u"q"_s, QJsonValue::String},
                       {u"in"_s, QJsonValue::String},
                       {u"fields"_s, QJsonValue::Array},
                       {u"sobjects"_s, QJsonValue::Array},
                       {u"defaultLimit"_s, QJsonValue::Double},
                       {u"overallLimit"_s, QJsonValue::Double},
                       {u"offset"_s, QJsonValue::Double},
                       {u"spellCorrection"_s, QJsonValue::Bool},
                       {u"updateTracking"_s, QJsonValue::Bool},
                       {u"updateViewStat"_s, QJsonValue::Bool},
                       {u"netId"_s, QJsonValue::String},
                       {u"metadata"_s, QJsonValue::String},
                       {u"dataCategories"_s, QJsonValue::Array}};
const Members kObjectMembers{{u"name"_s, QJsonValue::String},
                             {u"fields"_s, QJsonValue::Array},
                             {u"limit"_s, QJsonValue::Double},
                             {u"where"_s, QJsonValue::String},
                             {u"orderBy"_s, QJsonValue::String}};

Outcome<Accepted> fits(const Members &members, const QString &whose, const QString &name,
                       const QJsonValue &value)
{
    const auto known = members.constFind(name);
    if (known == members.cend())
        return refuse(400, u"JSON_PARSER_ERROR"_s, u"Unrecognized field \"%1\" of %2"_s.arg(name, whose));
    if (value.type() != *known)
        return refuse(400, u"JSON_PARSER_ERROR"_s, u"%1 of %2 is of the wrong type"_s.arg(name, whose));
    if (*known == QJsonValue::Double && (value.toInt(-1) < 0))
        return refuse(notANumber(name, value.toVariant().toString()));
    return Accepted{};
}

bool isSearched(const Field &field, const QString &in)
{
    if (!hasFolded(field))
        return false;
    if (in == u"EMAIL"_s)
        return field.type == u"email"_s;
    if (in == u"PHONE"_s)
        return field.type == u"phone"_s;
    if (in == u"NAME"_s)
        return field.nameField || field.compoundFieldName == u"Name"_s;
    return field.type == u"string"_s || field.type == u"email"_s || field.type == u"phone"_s ||
           field.type == u"url"_s || field.type == u"textarea"_s || field.type == u"combobox"_s;
}

// SQLite nests a chain of ORs as deep as it is long, and takes a thousand levels: so they stand in a tree.
QString anyOf(const QStringList &conditions)
{
    if (conditions.size() <= 2)
        return u'(' + conditions.join(u" OR "_s) + u')';
    const qsizetype half = conditions.size() / 2;
    return u'(' + anyOf(conditions.first(half)) + u" OR "_s + anyOf(conditions.sliced(half)) + u')';
}

} // namespace

// A record is found when each word begins a word of one of its fields.
Outcome<QJsonArray> Rest::find(const Call &call, const QString &text, const QString &in,
                               const QList<Wanted> &wanted, int overall)
{
    const QList<Term> terms = termsOf(text);
    QJsonArray found;
    for (const Wanted &want : wanted) {
        QStringList all;
        QVariantList values;
        for (const Term &term : terms) {
            QStringList any;
            const QString digits = digitsOf(term.pattern);
            for (const Field &field : want.object->fields) {
                if (!isSearched(field, in))
                    continue;
                const QString column = foldedColumnOf(field.name);
                if (field.type == u"phone"_s &&
                    digits.size() >= 4) { // numbers are found however they are written
                    any.append(
                        u"replace(replace(replace(replace(replace(%1,' ',''),'-',''),'(',''),')',''),'.','') LIKE ?"_s
                            .arg(column));
                    values.append(QString(u'%' + digits + u'%'));
                    continue;
                }
                any.append(
                    u"(%1 LIKE ? ESCAPE '\\' OR %1 LIKE ? ESCAPE '\\' OR %1 LIKE ? ESCAPE '\\' OR %1 LIKE ? ESCAPE '\\')"_s
                        .arg(column));
                for (const QString &before : {u""_s, u"% "_s, u"%@"_s, u"%."_s})
                    values.append(QString(before + term.pattern + u'%'));
            }
            all.append(any.isEmpty() ? u"0"_s : anyOf(any));
        }
        if (all.isEmpty())
            continue;
        if (want.object->has(u"IsDeleted"))
            all.append(u"\"IsDeleted\" = 0"_s);
        const auto rows = m_store.run(u"SELECT \"Id\" FROM %1 WHERE %2 ORDER BY \"Id\" LIMIT %3"_s
                                          .arg(tableOf(*want.object), all.join(u" AND "_s))
                                          .arg(kMostFound),
                                      values);
        QStringList hits;
        for (const QVariantList &row : rows)
            hits.append(row.first().toString());
        const auto ids = sifted(call, want, hits);
        if (!ids)
            return refuse(ids.error());
        const qsizetype limit = std::min<qsizetype>(want.limit, overall - found.size());
        for (const QString &id : ids->first(std::clamp<qsizetype>(limit, 0, ids->size()))) {
            const Reply record = readRecord(call, *want.object, id,
                                            want.fields.isEmpty() ? QStringList{u"Id"_s} : want.fields);
            if (record.status != 200)
                return refuse(Refusal{record.status, record.json.toArray()});
            QJsonObject json = record.json.toObject();
            if (!want.fields.isEmpty() && !want.fields.contains(u"Id"_s, Qt::CaseInsensitive))
                json.remove(u"Id"_s);
            found.append(json);
        }
    }
    return found;
}

Outcome<QStringList> Rest::sifted(const Call &call, const Wanted &want, const QStringList &ids) const
{
    if (want.where.isEmpty() && want.order.isEmpty())
        return ids;
    QString statement = u"SELECT Id FROM "_s + want.object->name;
    // By itself first: a condition that reads well only between our brackets is none.
    if (!want.where.isEmpty()) {
        if (const auto alone = soql::parse(statement + u" WHERE "_s + want.where); !alone)
            return refuse(alone.error());
    }
    QStringList quoted;
    for (const QString &id : ids)
        quoted.append(u'\'' + id + u'\'');
    // Without a hit the statement still says what is wrong with it.
    statement += u" WHERE Id IN (%1)"_s.arg(quoted.isEmpty() ? u"''"_s : quoted.join(u','));
    if (!want.where.isEmpty())
        statement += u" AND ("_s + want.where + u')';
    if (!want.order.isEmpty())
        statement += u" ORDER BY "_s + want.order;
    const auto found = soql::run(m_store, context(call), statement, call.version);
    if (!found)
        return refuse(found.error());
    QStringList left;
    for (const QJsonValue record : found->records)
        left.append(record[u"Id"_s].toString());
    return left;
}

Outcome<Accepted> Rest::want(Search &search, const QString &name, const QStringList &fields, Wanted by) const
{
    const ObjectInfo *object = m_metadata.object(name);
    if (!object || !object->searchable)
        return refuse(400, u"INVALID_TYPE"_s, u"sObject type '%1' is not supported in search."_s.arg(name));
    by.object = object;
    by.fields = fields;
    search.wanted.append(by);
    return Accepted{};
}

Outcome<Rest::Search> Rest::searchFromBody(const Call &call) const
{
    const auto body = bodyObject(call);
    if (!body)
        return refuse(body.error());
    for (auto it = body->begin(); it != body->end(); ++it) {
        const auto fine = fits(kMembers, u"search"_s, it.key(), *it);
        if (!fine)
            return refuse(fine.error());
    }
    const auto names = [](const QJsonValue &list) {
        QStringList result;
        for (const QJsonValue name : list.toArray())
            result.append(name.toString());
        return result;
    };
    Search search{.text = body->value(u"q"_s).toString(),
                  .in = body->value(u"in"_s).toString().toUpper(),
                  .wanted = {},
                  .overall = body->value(u"overallLimit"_s).toInt(kDefaultLimit),
                  .offset = body->value(u"offset"_s).toInt()};
    const QStringList common = names(body->value(u"fields"_s));
    const int limit = body->value(u"defaultLimit"_s).toInt(kDefaultLimit);
    for (const QJsonValue entry : body->value(u"sobjects"_s).toArray()) {
        const QJsonObject object = entry.toObject();
        for (auto it = object.begin(); it != object.end(); ++it) {
            const auto fine = fits(kObjectMembers, u"sobjects"_s, it.key(), *it);
            if (!fine)
                return refuse(fine.error());
        }
        const QStringList own = names(object[u"fields"_s]);
        const auto wanted = want(search, object[u"name"_s].toString(), own.isEmpty() ? common : own,
                                 {.limit = object[u"limit"_s].toInt(limit),
                                  .where = object[u"where"_s].toString(),
                                  .order = object[u"orderBy"_s].toString()});
        if (!wanted)
            return refuse(wanted.error());
    }
    return search;
}

Outcome<Rest::Search> Rest::searchFromQuery(const Call &call) const
{
    const FormValues &query = call.query;
    const auto number = [&query](const QString &key, int otherwise) -> Outcome<int> {
        if (!query.has(key))
            return otherwise;
        bool ok = false;
        const int value = query.value(key).toInt(&ok);
        return ok && value >= 0 ? Outcome<int>(value) : refuse(notANumber(key, query.value(key)));
    };
    const auto overall = number(u"overallLimit"_s, kDefaultLimit);
    const auto each = number(u"defaultLimit"_s, kDefaultLimit);
    const auto offset = number(u"offset"_s, 0);
    for (const auto *read : {&overall, &each, &offset}) {
        if (!*read)
            return refuse(read->error());
    }
    Search search{.text = query.value(u"q"),
                  .in = query.value(u"in").toUpper(),
                  .wanted = {},
                  .overall = *overall,
                  .offset = *offset};
    const auto ownOr = [&query](const QString &own, const QString &common) {
        return query.value(query.has(own) ? own : common);
    };
    for (const auto &[key, value] : query.all()) {
        if (key != u"sobject"_s)
            continue;
        for (const QString &name : value.split(u',', Qt::SkipEmptyParts)) {
            const auto limit = number(name + u".limit"_s, *each);
            if (!limit)
                return refuse(limit.error());
            const auto wanted =
                want(search, name, ownOr(name + u".fields"_s, u"fields"_s).split(u',', Qt::SkipEmptyParts),
                     {.limit = *limit,
                      .where = query.value(name + u".where"_s),
                      .order = query.value(name + u".orderBy"_s)});
            if (!wanted)
                return refuse(wanted.error());
        }
    }
    return search;
}

std::optional<Reply> Rest::shortTerm(const QString &text)
{
    if (text.trimmed().size() > 1)
        return std::nullopt;
    return refusedReply(refusal(400, u"MALFORMED_SEARCH"_s,
                                u"search term must be longer than one character: %1"_s.arg(text)));
}

Reply Rest::parameterizedSearch(const Call &call)
{
    auto search = call.method == "POST" ? searchFromBody(call) : searchFromQuery(call);
    if (!search)
        return refusedReply(search.error());
    if (const auto refused = shortTerm(search->text))
        return *refused;
    static const QStringList scopes{u""_s, u"ALL"_s, u"EMAIL"_s, u"NAME"_s, u"PHONE"_s, u"SIDEBAR"_s};
    if (!scopes.contains(search->in))
        return refusedReply(refusal(400, u"MALFORMED_SEARCH"_s,
                                    u"in must be one of ALL, EMAIL, NAME, PHONE, SIDEBAR: "_s + search->in));
    if (search->offset > kMaxOffset || (search->offset > 0 && search->wanted.size() != 1))
        return refusedReply(refusal(400, u"MALFORMED_SEARCH"_s,
                                    u"offset is at most %1, and for one sObject"_s.arg(kMaxOffset)));
    if (search->wanted.isEmpty()) {
        for (const ObjectInfo &object : m_metadata.objects()) {
            if (object.searchable)
                search->wanted.append({&object, {}, kDefaultLimit, {}, {}});
        }
    }
    auto found = find(call, search->text, search->in, search->wanted, search->overall + search->offset);
    for (int i = 0; found && i < search->offset && !found->isEmpty(); ++i)
        found->removeFirst();
    return found ? jsonReply(QJsonObject{{u"searchRecords"_s, *found}}) : refusedReply(found.error());
}

// FIND {term} [IN … FIELDS] [RETURNING Contact(Id, Name LIMIT 5), Lead] [LIMIT n]
Reply Rest::sosl(const Call &call)
{
    const QString text = call.query.value(u"q");
    static const QRegularExpression form(
        uR"(^\s*FIND\s*\{((?:\\.|[^\\}])*)\}\s*(?:IN\s+(ALL|EMAIL|NAME|PHONE|SIDEBAR)\s+FIELDS)?\s*(?:RETURNING\s+(.*?))?\s*(?:LIMIT\s+(\d+))?\s*$)"_s,
        QRegularExpression::CaseInsensitiveOption | QRegularExpression::DotMatchesEverythingOption);
    const auto match = form.match(text);
    if (!match.hasMatch())
        return refusedReply(refusal(400, u"MALFORMED_SEARCH"_s,
                                    u"No search term found. The search term must be enclosed in braces."_s));
    if (const auto refused = shortTerm(match.captured(1)))
        return *refused;
    QList<Wanted> wanted;
    static const QRegularExpression returning(uR"(([A-Za-z]\w*)\s*(?:\(([^()]*)\))?)"_s);
    auto parts = returning.globalMatch(match.captured(3));
    while (parts.hasNext()) {
        const auto part = parts.next();
        const ObjectInfo *object = m_metadata.object(part.captured(1));
        if (!object || !object->searchable)
            return refusedReply(
                refusal(400, u"INVALID_TYPE"_s,
                        u"sObject type '%1' is not supported in search."_s.arg(part.captured(1))));
        static const QRegularExpression limited(u"\\s+LIMIT\\s+(\\d+)\\s*$"_s,
                                                QRegularExpression::CaseInsensitiveOption);
        QString inside = part.captured(2);
        const auto limit = limited.match(inside);
        if (limit.hasMatch())
            inside = inside.first(limit.capturedStart());
        static const QRegularExpression rest(uR"(^(.*?)(?:\s+WHERE\s+(.*?))?(?:\s+ORDER\s+BY\s+(.*?))?$)"_s,
                                             QRegularExpression::CaseInsensitiveOption |
                                                 QRegularExpression::DotMatchesEverythingOption);
        const auto clauses = rest.match(inside);
        const QString where = clauses.captured(2);
        const QString order = clauses.captured(3);
        inside = clauses.captured(1);
        QStringList fields;
        for (const QString &field : inside.split(u',', Qt::SkipEmptyParts))
            fields.append(field.trimmed());
        wanted.append(
            {object, fields, limit.hasMatch() ? limit.captured(1).toInt() : kDefaultLimit, where, order});
    }
    if (wanted.isEmpty()) {
        for (const ObjectInfo &object : m_metadata.objects()) {
            if (object.searchable)
                wanted.append({&object, {}, kDefaultLimit, {}, {}});
        }
    }
    const int overall = match.captured(4).isEmpty() ? kDefaultLimit : match.captured(4).toInt();
    QString term = match.captured(1);
    const auto found = find(call, term, match.captured(2).toUpper(), wanted, overall);
    return found ? jsonReply(QJsonObject{{u"searchRecords"_s, *found}}) : refusedReply(found.error());
}

} // namespace parley::sandbox
