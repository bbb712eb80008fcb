#include "app/sandbox/Rest.h"

#include <QRegularExpression>

namespace parley::sandbox {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int kDefaultLimit = 2000;

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
                    u"%1 LIKE ? ESCAPE '\\' OR %1 LIKE ? ESCAPE '\\' OR %1 LIKE ? ESCAPE '\\' OR %1 LIKE ? ESCAPE '\\'"_s
                        .arg(column));
                for (const QString &before : {u""_s, u"% "_s, u"%@"_s, u"%."_s})
                    values.append(QString(before + term.pattern + u'%'));
            }
            all.append(any.isEmpty() ? u"0"_s : u'(' + any.join(u" OR "_s) + u')');
        }
        if (all.isEmpty())
            continue;
        const int limit = std::min(want.limit, overall - int(found.size()));
        const auto rows =
            m_store.run(u"SELECT \"Id\" FROM %1 WHERE \"IsDeleted\" = 0 AND %2 ORDER BY \"Id\" LIMIT %3"_s
                            .arg(tableOf(*want.object), all.join(u" AND "_s))
                            .arg(std::max(0, limit)),
                        values);
        for (const QVariantList &row : rows) {
            const Reply record = readRecord(call, *want.object, row.first().toString(),
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

Reply Rest::parameterizedSearch(const Call &call)
{
    QString text = call.query.value(u"q");
    QString in = call.query.value(u"in").toUpper();
    int overall = kDefaultLimit;
    QList<Wanted> wanted;
    Refusal fault;
    const auto want = [&](const QString &name, const QStringList &fields, int limit) {
        const ObjectInfo *object = m_metadata.object(name);
        if (!object || !object->searchable || !object->has(u"IsDeleted"))
            fault =
                refusal(400, u"INVALID_TYPE"_s, u"sObject type '%1' is not supported in search."_s.arg(name));
        else
            wanted.append({object, fields, limit});
    };
    const auto split = [](const QString &list) {
        return list.split(u',', Qt::SkipEmptyParts);
    };
    if (call.method == "POST") {
        const auto body = bodyObject(call);
        if (!body)
            return refusedReply(body.error());
        text = body->value(u"q"_s).toString();
        in = body->value(u"in"_s).toString().toUpper();
        overall = body->value(u"overallLimit"_s).toInt(kDefaultLimit);
        QStringList common;
        for (const QJsonValue &field : body->value(u"fields"_s).toArray())
            common.append(field.toString());
        for (const QJsonValue &entry : body->value(u"sobjects"_s).toArray()) {
            QStringList fields;
            for (const QJsonValue &field : entry[u"fields"_s].toArray())
                fields.append(field.toString());
            want(entry[u"name"_s].toString(), fields.isEmpty() ? common : fields,
                 entry[u"limit"_s].toInt(body->value(u"defaultLimit"_s).toInt(kDefaultLimit)));
        }
    } else {
        if (call.query.has(u"overallLimit"))
            overall = call.query.value(u"overallLimit").toInt();
        for (const auto &[key, value] : call.query.all()) {
            if (key != u"sobject"_s)
                continue;
            for (const QString &name : split(value)) {
                const QString fields = call.query.has(QString(name + u".fields"_s))
                                           ? call.query.value(QString(name + u".fields"_s))
                                           : call.query.value(u"fields");
                const QString limit = call.query.has(QString(name + u".limit"_s))
                                          ? call.query.value(QString(name + u".limit"_s))
                                          : call.query.value(u"defaultLimit");
                want(name, split(fields), limit.isEmpty() ? kDefaultLimit : limit.toInt());
            }
        }
    }
    if (!fault.errors.isEmpty())
        return refusedReply(fault);
    if (text.trimmed().size() < 2)
        return refusedReply(refusal(400, u"MALFORMED_SEARCH"_s,
                                    u"search term must be longer than one character: %1"_s.arg(text)));
    if (wanted.isEmpty()) {
        for (const ObjectInfo &object : m_metadata.objects()) {
            if (object.searchable && object.has(u"IsDeleted"))
                wanted.append({&object, {}, kDefaultLimit});
        }
    }
    const auto found = find(call, text, in, wanted, overall);
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
    QList<Wanted> wanted;
    static const QRegularExpression returning(uR"(([A-Za-z]\w*)\s*(?:\(([^()]*)\))?)"_s);
    auto parts = returning.globalMatch(match.captured(3));
    while (parts.hasNext()) {
        const auto part = parts.next();
        const ObjectInfo *object = m_metadata.object(part.captured(1));
        if (!object || !object->has(u"IsDeleted"))
            return refusedReply(
                refusal(400, u"INVALID_TYPE"_s,
                        u"sObject type '%1' is not supported in search."_s.arg(part.captured(1))));
        static const QRegularExpression limited(u"\\s+LIMIT\\s+(\\d+)\\s*$"_s,
                                                QRegularExpression::CaseInsensitiveOption);
        QString inside = part.captured(2);
        const auto limit = limited.match(inside);
        if (limit.hasMatch())
            inside = inside.first(limit.capturedStart());
        static const QRegularExpression rest(u"\\s+(WHERE|ORDER)\\s.*$"_s,
                                             QRegularExpression::CaseInsensitiveOption |
                                                 QRegularExpression::DotMatchesEverythingOption);
        if (inside.contains(rest))
            return refusedReply(refusal(400, u"MALFORMED_SEARCH"_s,
                                        u"the sandbox does not know WHERE and ORDER BY in RETURNING"_s));
        QStringList fields;
        for (const QString &field : inside.split(u',', Qt::SkipEmptyParts))
            fields.append(field.trimmed());
        wanted.append({object, fields, limit.hasMatch() ? limit.captured(1).toInt() : kDefaultLimit});
    }
    if (wanted.isEmpty()) {
        for (const ObjectInfo &object : m_metadata.objects()) {
            if (object.searchable && object.has(u"IsDeleted"))
                wanted.append({&object, {}, kDefaultLimit});
        }
    }
    const int overall = match.captured(4).isEmpty() ? kDefaultLimit : match.captured(4).toInt();
    QString term = match.captured(1);
    const auto found = find(call, term, match.captured(2).toUpper(), wanted, overall);
    return found ? jsonReply(QJsonObject{{u"searchRecords"_s, *found}}) : refusedReply(found.error());
}

} // namespace parley::sandbox
