#include "core/hub/Site.h"

#include <QCryptographicHash>
#include <QFile>
#include <QHash>
#include <QJsonDocument>
#include <QJsonObject>

// A static library's resources are lost unless somebody names them; Qt wants it said outside every namespace.
static void nameWidgetResources()
{
#ifdef PARLEY_WIDGET
    Q_INIT_RESOURCE(widget);
#endif
}

namespace parley::hub {

using namespace Qt::Literals::StringLiterals;

namespace {

// The page may talk to this hub alone; the widget brings its own style sheet and no third party's.
constexpr char kPolicy[] =
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "font-src 'self'; media-src 'self'; connect-src 'self' ws: wss:; frame-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors ";

QByteArray typeOf(const QString &name)
{
    static const QHash<QString, QByteArray> types{{u"html"_s, "text/html; charset=utf-8"},
                                                  {u"js"_s, "text/javascript; charset=utf-8"},
                                                  {u"mjs"_s, "text/javascript; charset=utf-8"},
                                                  {u"css"_s, "text/css; charset=utf-8"},
                                                  {u"json"_s, "application/json"},
                                                  {u"svg"_s, "image/svg+xml"},
                                                  {u"png"_s, "image/png"},
                                                  {u"ico"_s, "image/x-icon"},
                                                  {u"woff2"_s, "font/woff2"},
                                                  {u"wav"_s, "audio/wav"},
                                                  {u"mp3"_s, "audio/mpeg"},
                                                  {u"ogg"_s, "audio/ogg"},
                                                  {u"txt"_s, "text/plain; charset=utf-8"}};
    return types.value(name.section(u'.', -1).toLower(), "application/octet-stream");
}

HttpAnswer plain(int status, const QByteArray &text)
{
    return {.status = status, .body = text + '\n'};
}

HttpAnswer json(int status, const QJsonObject &object)
{
    return {.status = status,
            .contentType = "application/json",
            .body = QJsonDocument(object).toJson(QJsonDocument::Compact) + '\n',
            .headers = {{"Cache-Control", "no-store"}, {"Access-Control-Allow-Origin", "*"}}};
}

bool isSafe(const QByteArray &path)
{
    const auto isAllowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
               c == '_' || c == '.' || c == '/';
    };
    return std::ranges::all_of(path, isAllowed) && !path.contains("..") && !path.contains("//");
}

} // namespace

Site::Site(QString name, const QStringList &sites)
    : m_name(std::move(name))
    , m_framedBy(sites.isEmpty() ? QByteArray("*") : "'self' " + sites.join(u' ').toLatin1())
{
    nameWidgetResources();
}

HttpAnswer Site::answer(const HttpHead &head, bool isStorageGood) const
{
    if (head.method != "GET" && head.method != "HEAD") {
        HttpAnswer refused = plain(405, "only GET and HEAD");
        refused.headers = {{"Allow", "GET, HEAD"}};
        return refused;
    }
    if (head.path == "/health")
        return json(isStorageGood ? 200 : 503, {{u"status"_s, isStorageGood ? u"ok"_s : u"storage"_s}});
    if (head.path == "/info")
        return json(200, {{u"name"_s, m_name},
                          {u"version"_s, QStringLiteral(PARLEY_VERSION)},
                          {u"product"_s, u"parley-hub"_s}});
    if (head.path == "/ws/visitor" || head.path == "/ws/agent")
        return plain(426, "this is a WebSocket door");
    if (head.path == "/")
        return resource("demo.html", head);
    if (head.path == "/widget.js") {
        // Who opens the script's address in a browser wants to see the widget, not its source.
        if (head.header("Sec-Fetch-Dest") == "document") {
            HttpAnswer moved = plain(302, "the page with the widget is at /");
            moved.headers = {{"Location", "/"}, {"Vary", "Sec-Fetch-Dest"}, {"Cache-Control", "no-store"}};
            return moved;
        }
        return resource("widget.js", head);
    }
    if (head.path.startsWith("/widget/"))
        return resource(head.path.sliced(8), head);
    return plain(404, "nothing here");
}

HttpAnswer Site::resource(const QByteArray &path, const HttpHead &head) const
{
    const QString name = QString::fromLatin1(path);
    QFile file(u":/parley/widget/"_s + name);
    if (!isSafe(path) || path.isEmpty() || path.endsWith('/') || !file.open(QIODevice::ReadOnly))
        return plain(404, "nothing here");
    HttpAnswer answer{.contentType = typeOf(name), .body = file.readAll()};
    const QByteArray tag =
        '"' + QCryptographicHash::hash(answer.body, QCryptographicHash::Sha256).left(12).toHex() + '"';
    // The widget is for pages of any origin; what it may do is decided at the WebSocket door.
    answer.headers = {{"ETag", tag},
                      {"Cache-Control", "no-cache"},
                      {"Access-Control-Allow-Origin", "*"},
                      {"Cross-Origin-Resource-Policy", "cross-origin"},
                      {"Vary", "Sec-Fetch-Dest"},
                      {"Referrer-Policy", "no-referrer"}};
    if (answer.contentType.startsWith("text/html"))
        // The widget's panel is a frame in other people's websites (docs/widget.md); no other page of ours
        // may be one.
        answer.headers.emplaceBack("Content-Security-Policy",
                                   QByteArray(kPolicy) +
                                       (name == u"frame.html" ? m_framedBy : QByteArray("'self'")));
    if (head.header("If-None-Match") == tag) {
        answer.status = 304;
        answer.body.clear();
    }
    return answer;
}

} // namespace parley::hub
