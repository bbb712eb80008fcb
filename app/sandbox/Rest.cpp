#include "app/sandbox/Rest.h"

#include "core/base/Clock.h"

#include <QRegularExpression>

namespace parley::sandbox {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int kOldest = 31; // Salesforce retired v21 to v30 in Summer '25
constexpr int kNewest = 66;

// Nothing: this version is spoken. Else why not.
std::optional<Refusal> versionFault(const QString &version)
{
    static const QRegularExpression form(u"^v(\\d{1,3})\\.(\\d)$"_s);
    const auto match = form.match(version);
    const int number = match.captured(1).toInt();
    if (!match.hasMatch() || number > kNewest || match.captured(2) != u"0"_s)
        return refusal(404, u"NOT_FOUND"_s, u"The requested resource does not exist"_s);
    if (number < kOldest)
        return refusal(410, u"UNSUPPORTED_API_VERSION"_s,
                       u"The requested API version %1.0 is no longer supported."_s.arg(number));
    return std::nullopt;
}

} // namespace

Reply Rest::notFound()
{
    return refusedReply(refusal(404, u"NOT_FOUND"_s, u"The requested resource does not exist"_s));
}

Reply Rest::notAllowed(const Call &call, const QString &allowed)
{
    return refusedReply(refusal(
        405, u"METHOD_NOT_ALLOWED"_s,
        u"HTTP Method '%1' not allowed. Allowed are %2"_s.arg(QString::fromLatin1(call.method), allowed)));
}

Rest::Rest(Store &store, const Metadata &whole, const Metadata &visible, Clock &clock,
           const OrgSettings &settings, QString baseUrl)
    : m_store(store)
    , m_metadata(visible)
    , m_clock(clock)
    , m_settings(settings)
    , m_records(store, whole, clock, settings)
    , m_baseUrl(std::move(baseUrl))
    , m_metadataSince(clock.now())
{}

void Rest::metadataChanged()
{
    // HTTP's dates know whole seconds only.
    m_metadataSince = std::max(m_clock.now(), m_metadataSince.addSecs(1));
}

Reply Rest::serve(const Request &request, const std::optional<Session> &session)
{
    QStringList parts;
    for (const QString &part : request.rawPath.split(u'/', Qt::SkipEmptyParts))
        parts.append(percentDecoded(part));
    parts = parts.sliced(2); // services, data
    if (parts.isEmpty())
        return versions();
    if (const auto fault = versionFault(parts.first()))
        return refusedReply(*fault);
    if (!session) {
        Reply reply = refusedReply(refusal(401, u"INVALID_SESSION_ID"_s, u"Session expired or invalid"_s));
        reply.addHeader("WWW-Authenticate", "Token");
        return reply;
    }
    ++m_used;
    Call call{.request = request,
              .version = parts.takeFirst(),
              .parts = parts,
              .query = FormValues(request.rawQuery),
              .session = *session,
              .method = request.method};
    if (call.method == "POST" && call.query.has(u"_HttpMethod"))
        call.method = call.query.value(u"_HttpMethod").toUpper().toLatin1();
    if (call.method == "HEAD")
        call.method = "GET";
    Reply reply =
        m_used > m_settings.apiLimit
            ? refusedReply(refusal(403, u"REQUEST_LIMIT_EXCEEDED"_s, u"TotalRequests Limit exceeded."_s))
            : dispatch(call);
    reply.addHeader("Sforce-Limit-Info",
                    "api-usage=" + QByteArray::number(std::min(m_used, m_settings.apiLimit)) + '/' +
                        QByteArray::number(m_settings.apiLimit));
    return reply;
}

Reply Rest::dispatch(const Call &call)
{
    const QString root = call.parts.value(0);
    const QString second = call.parts.value(1);
    if (root == u"sobjects"_s)
        return sobjects(call);
    if (root == u"composite"_s)
        return compositeFamily(call);
    if (root == u"ui-api"_s)
        return uiApi(call);
    if (root == u"parameterizedSearch"_s)
        return call.method == "GET" || call.method == "POST" ? parameterizedSearch(call)
                                                             : notAllowed(call, u"HEAD,GET,POST"_s);
    static const QStringList readOnly{u"query"_s, u"queryAll"_s, u"search"_s, u"limits"_s, u"recent"_s};
    if (!call.parts.isEmpty() && !readOnly.contains(root))
        return notFound();
    if (call.method != "GET")
        return notAllowed(call, u"HEAD,GET"_s);
    if (call.parts.isEmpty())
        return resources(call);
    if (root == u"query"_s || root == u"queryAll"_s)
        return second.isEmpty() ? query(call, root == u"queryAll"_s) : nextPage(call, second, root);
    if (root == u"search"_s && second.isEmpty())
        return sosl(call);
    if (root == u"limits"_s)
        return second.isEmpty() ? limits() : second == u"recordCount"_s ? recordCount(call) : notFound();
    if (root == u"recent"_s && second.isEmpty())
        return recent(call, {});
    return notFound();
}

// A subrequest of a composite or a batch: the same resources, one level deeper.
Reply Rest::inner(const Call &outer, const QByteArray &method, const QString &url, const QJsonValue &body,
                  const QJsonObject &headers)
{
    Request request;
    request.method = method;
    const qsizetype mark = url.indexOf(u'?');
    QString path = mark < 0 ? url : url.first(mark);
    if (path.startsWith(u"v"_s)) // composite/batch names its resources from the version on
        path.prepend(u"/services/data/"_s);
    request.rawPath = path;
    request.path = percentDecoded(path);
    request.rawQuery = mark < 0 ? QString() : url.sliced(mark + 1);
    for (auto it = headers.begin(); it != headers.end(); ++it)
        request.addHeader(it.key().toLatin1(), it->toVariant().toString().toLatin1());
    request.addHeader("Content-Type", "application/json");
    if (body.isObject())
        request.body = QJsonDocument(body.toObject()).toJson(QJsonDocument::Compact);
    else if (body.isArray())
        request.body = QJsonDocument(body.toArray()).toJson(QJsonDocument::Compact);
    if (!path.startsWith(u"/services/data/v"_s))
        return notFound();
    QStringList parts;
    for (const QString &part : path.split(u'/', Qt::SkipEmptyParts))
        parts.append(percentDecoded(part));
    if (const auto fault = versionFault(parts.at(2)))
        return refusedReply(*fault);
    Call call{.request = request,
              .version = parts.at(2),
              .parts = parts.sliced(3),
              .query = FormValues(request.rawQuery),
              .session = outer.session,
              .method = method == "HEAD" ? QByteArray("GET") : method,
              .depth = outer.depth + 1};
    return dispatch(call);
}

} // namespace parley::sandbox
