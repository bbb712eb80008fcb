#include "app/sandbox/Faults.h"

namespace parley::sandbox {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int kMaxSeen = 20000; // a long training day must not grow without end

struct KindName {
    const char16_t *name;
    Fault::Kind kind;
};
constexpr KindName kKinds[] = {
    {u"latency", Fault::Kind::Latency},
    {u"drop", Fault::Kind::Drop},
    {u"dropBefore", Fault::Kind::DropBefore},
    {u"hang", Fault::Kind::Hang},
    {u"unauthorized", Fault::Kind::Unauthorized},
    {u"limit", Fault::Kind::Limit},
    {u"tooMany", Fault::Kind::TooMany},
    {u"unavailable", Fault::Kind::Unavailable},
    {u"lock", Fault::Kind::Lock},
    {u"html", Fault::Kind::Html},
    {u"truncated", Fault::Kind::Truncated},
};

// The numbers by which people know them serve as names too.
std::optional<Fault::Kind> kindOf(const QString &name)
{
    static const QHash<QString, Fault::Kind> numbers{{u"401"_s, Fault::Kind::Unauthorized},
                                                     {u"403"_s, Fault::Kind::Limit},
                                                     {u"429"_s, Fault::Kind::TooMany},
                                                     {u"503"_s, Fault::Kind::Unavailable}};
    for (const auto &[text, kind] : kKinds) {
        if (name == QStringView(text))
            return kind;
    }
    const auto number = numbers.constFind(name);
    return number == numbers.cend() ? std::nullopt : std::optional(*number);
}

QJsonObject toJson(const Fault &fault)
{
    QString name;
    for (const auto &[text, kind] : kKinds) {
        if (kind == fault.kind)
            name = QStringView(text).toString();
    }
    return {{u"kind"_s, name},       {u"times"_s, fault.times},
            {u"skip"_s, fault.skip}, {u"path"_s, fault.path},
            {u"ms"_s, fault.ms},     {u"method"_s, QString::fromLatin1(fault.method)}};
}

} // namespace

std::optional<Fault> Faults::take(const Request &request)
{
    for (qsizetype i = 0; i < m_faults.size(); ++i) {
        Fault &fault = m_faults[i];
        const bool hits = (fault.path.isEmpty() ? request.path.startsWith(u"/services"_s)
                                                : request.path.contains(fault.path)) &&
                          (fault.method.isEmpty() || fault.method == request.method);
        if (!hits)
            continue;
        if (fault.skip > 0) {
            --fault.skip;
            continue;
        }
        const Fault taken = fault;
        if (fault.times > 0 && --fault.times == 0)
            m_faults.removeAt(i);
        return taken;
    }
    return std::nullopt;
}

void Faults::count(const Request &request, int status)
{
    if (m_seen.size() >= kMaxSeen)
        m_seen.remove(0, kMaxSeen / 2);
    m_seen.append({request.method, request.path, status});
}

int Faults::requests(const QString &pathPart, const QByteArray &method) const
{
    return int(std::ranges::count_if(m_seen, [&](const Seen &seen) {
        return seen.path.contains(pathPart) && (method.isEmpty() || seen.method == method);
    }));
}

Reply Faults::serve(const Request &request)
{
    const bool aboutFaults = request.path.endsWith(u"/faults"_s);
    if (request.method == "DELETE") {
        aboutFaults ? clear() : forgetRequests();
    } else if (request.method == "POST" && aboutFaults) {
        const QJsonDocument document = QJsonDocument::fromJson(request.body);
        const QJsonArray list = document.isArray() ? document.array() : QJsonArray{document.object()};
        QList<Fault> added;
        for (const QJsonValue value : list) {
            const auto fault = fromJson(value.toObject());
            if (!fault)
                return jsonReply(QJsonObject{{u"error"_s, u"unknown kind of fault"_s}, {u"given"_s, value}},
                                 400);
            added.append(*fault);
        }
        m_faults.append(added);
    }
    if (aboutFaults) {
        QJsonArray list;
        for (const Fault &fault : std::as_const(m_faults))
            list.append(toJson(fault));
        return jsonReply(QJsonObject{{u"faults"_s, list}});
    }
    QJsonObject paths;
    QJsonArray log;
    for (const Seen &seen : std::as_const(m_seen)) {
        const QString key = QString::fromLatin1(seen.method) + u' ' + seen.path;
        paths.insert(key, paths.value(key).toInt() + 1);
        log.append(QJsonObject{{u"method"_s, QString::fromLatin1(seen.method)},
                               {u"path"_s, seen.path},
                               {u"status"_s, seen.status}});
    }
    return jsonReply(QJsonObject{{u"total"_s, m_seen.size()}, {u"paths"_s, paths}, {u"log"_s, log}});
}

std::optional<Fault> Faults::parse(const QString &text)
{
    const qsizetype at = text.indexOf(u'@');
    const QStringList parts = text.left(at).split(u':');
    QJsonObject object{{u"kind"_s, parts.first()}};
    if (at >= 0)
        object.insert(u"path"_s, text.mid(at + 1));
    bool fine = parts.size() <= 3;
    bool isNumber = true;
    if (parts.size() > 1)
        object.insert(u"times"_s, parts.at(1).toInt(&isNumber));
    fine = fine && isNumber;
    if (parts.size() > 2)
        object.insert(u"ms"_s, parts.at(2).toInt(&isNumber));
    return fine && isNumber ? fromJson(object) : std::nullopt;
}

std::optional<Fault> Faults::fromJson(const QJsonObject &object)
{
    const auto kind = kindOf(object.value(u"kind"_s).toVariant().toString());
    if (!kind)
        return std::nullopt;
    Fault fault;
    fault.kind = *kind;
    fault.times = object.value(u"times"_s).toInt(1);
    fault.skip = object.value(u"skip"_s).toInt();
    fault.path = object.value(u"path"_s).toString();
    fault.method = object.value(u"method"_s).toString().toUpper().toLatin1();
    fault.ms = object.value(u"ms"_s).toInt();
    return fault;
}

} // namespace parley::sandbox
