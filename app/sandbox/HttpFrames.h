// A request and a reply as the sandbox's rooms see them: no sockets, no server.
#pragma once

#include "app/sandbox/Refusal.h"

#include <QByteArray>
#include <QDateTime>
#include <QJsonDocument>
#include <QJsonValue>
#include <QList>
#include <QPair>
#include <QUrlQuery>

namespace parley::sandbox {

/// A '%' that begins no escape is itself, as in a LIKE pattern that somebody forgot to encode.
[[nodiscard]] QString percentDecoded(QStringView text);

struct Request {
    QByteArray method; ///< upper case
    QString path;      ///< decoded, without query
    QString rawPath;   ///< as sent, still percent-encoded
    QString rawQuery;  ///< as sent, still percent-encoded
    QList<QPair<QByteArray, QByteArray>> headers;
    QByteArray body;
    bool keepAlive = true;

    void addHeader(const QByteArray &name, const QByteArray &value)
    {
        headers.append(qMakePair(name, value));
    }
    [[nodiscard]] QByteArray header(QByteArrayView name) const
    {
        for (const auto &[key, value] : headers) {
            if (key.compare(name.toByteArray(), Qt::CaseInsensitive) == 0)
                return value;
        }
        return {};
    }
};

/// Name and value pairs of a query string or a form body: percent-decoded, '+' is a blank.
class FormValues
{
public:
    explicit FormValues(QStringView encoded);
    [[nodiscard]] QString value(QStringView name) const;
    [[nodiscard]] bool has(QStringView name) const;
    [[nodiscard]] const QList<QPair<QString, QString>> &all() const { return m_pairs; }

private:
    QList<QPair<QString, QString>> m_pairs;
};

struct Reply {
    int status = 200;
    QJsonValue json = QJsonValue(QJsonValue::Undefined); ///< the body, unless raw is set
    QByteArray raw;
    QByteArray contentType = "application/json;charset=UTF-8";
    QList<QPair<QByteArray, QByteArray>> headers;

    void addHeader(const QByteArray &name, const QByteArray &value)
    {
        headers.append(qMakePair(name, value));
    }
    [[nodiscard]] QByteArray bytes() const
    {
        if (json.isUndefined())
            return raw;
        if (json.isArray())
            return QJsonDocument(json.toArray()).toJson(QJsonDocument::Compact);
        if (json.isObject())
            return QJsonDocument(json.toObject()).toJson(QJsonDocument::Compact);
        return QJsonDocument(QJsonArray{json}).toJson(QJsonDocument::Compact).chopped(1).sliced(1);
    }
};

[[nodiscard]] inline Reply jsonReply(const QJsonValue &value, int status = 200)
{
    Reply reply;
    reply.status = status;
    reply.json = value;
    return reply;
}

[[nodiscard]] inline Reply refusedReply(const Refusal &refusal)
{
    return jsonReply(refusal.errors, refusal.status);
}

} // namespace parley::sandbox
