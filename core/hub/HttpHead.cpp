#include "core/hub/HttpHead.h"

namespace parley::hub {

namespace {

QByteArray reasonOf(int status)
{
    switch (status) {
    case 200:
        return "OK";
    case 302:
        return "Found";
    case 304:
        return "Not Modified";
    case 400:
        return "Bad Request";
    case 403:
        return "Forbidden";
    case 404:
        return "Not Found";
    case 405:
        return "Method Not Allowed";
    case 408:
        return "Request Timeout";
    case 426:
        return "Upgrade Required";
    case 429:
        return "Too Many Requests";
    case 431:
        return "Request Header Fields Too Large";
    case 503:
        return "Service Unavailable";
    default:
        return "Unknown";
    }
}

} // namespace

QByteArray HttpHead::header(QByteArrayView name) const
{
    for (const auto &[key, value] : headers) {
        if (key.compare(name, Qt::CaseInsensitive) == 0)
            return value;
    }
    return {};
}

QByteArray HttpHead::joined(QByteArrayView name) const
{
    QByteArrayList values;
    for (const auto &[key, value] : headers) {
        if (key.compare(name, Qt::CaseInsensitive) == 0)
            values += value;
    }
    return values.join(',');
}

bool HttpHead::hasToken(QByteArrayView name, QByteArrayView token) const
{
    const QList<QByteArray> tokens = header(name).split(',');
    return std::ranges::any_of(tokens, [token](const QByteArray &one) {
        return one.trimmed().compare(token, Qt::CaseInsensitive) == 0;
    });
}

std::optional<HttpHead> HttpHead::parse(const QByteArray &head)
{
    QList<QByteArray> lines = head.split('\n');
    const QList<QByteArray> request = lines.takeFirst().trimmed().split(' ');
    if (request.size() != 3 || !request[2].startsWith("HTTP/1.") || !request[1].startsWith('/'))
        return std::nullopt;
    HttpHead parsed;
    parsed.method = request[0];
    const qsizetype mark = request[1].indexOf('?');
    parsed.path = QByteArray::fromPercentEncoding(mark < 0 ? request[1] : request[1].left(mark));
    parsed.query = mark < 0 ? QByteArray() : request[1].sliced(mark + 1);
    for (const QByteArray &line : lines) {
        const qsizetype colon = line.indexOf(':');
        if (colon <= 0 || line[0] == ' ' || line[0] == '\t')
            return std::nullopt; // folded headers are obsolete and a way to smuggle
        parsed.headers.append({line.left(colon), line.sliced(colon + 1).trimmed()});
    }
    return parsed;
}

QByteArray HttpAnswer::toBytes(bool isHead) const
{
    QByteArray bytes = "HTTP/1.1 " + QByteArray::number(status) + ' ' + reasonOf(status) +
                       "\r\nContent-Type: " + contentType +
                       "\r\nContent-Length: " + QByteArray::number(body.size()) +
                       "\r\nConnection: close\r\nX-Content-Type-Options: nosniff\r\n";
    for (const auto &[name, value] : headers)
        bytes += name + ": " + value + "\r\n";
    bytes += "\r\n";
    if (!isHead)
        bytes += body;
    return bytes;
}

} // namespace parley::hub
