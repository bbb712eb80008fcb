// The head of an HTTP/1.1 request, as far as a server of few fixed pages and WebSocket doors needs it.
#pragma once

#include <QByteArray>
#include <QByteArrayView>
#include <QList>

#include <optional>

namespace parley::hub {

struct HttpHead {
    QByteArray method;
    QByteArray path;  ///< percent-decoded, without the query; starts with a slash
    QByteArray query; ///< as it came
    QList<std::pair<QByteArray, QByteArray>> headers;

    /// The first of that name, case ignored.
    [[nodiscard]] QByteArray header(QByteArrayView name) const;
    /// All headers of that name, in order, joined by commas as one list.
    [[nodiscard]] QByteArray joined(QByteArrayView name) const;
    /// True where a comma-separated header has that token, case ignored.
    [[nodiscard]] bool hasToken(QByteArrayView name, QByteArrayView token) const;

    /// head without the empty line that ends it; nothing when it is not HTTP.
    static std::optional<HttpHead> parse(const QByteArray &head);
};

struct HttpAnswer {
    int status = 200;
    QByteArray contentType = "text/plain; charset=utf-8";
    QByteArray body;
    QList<std::pair<QByteArray, QByteArray>> headers = {};
    /// The whole answer, `Connection: close`; the body is left out for HEAD.
    [[nodiscard]] QByteArray toBytes(bool isHead) const;
};

} // namespace parley::hub
