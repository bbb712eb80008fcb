// Drives a sandbox in process, without a socket, as a signed-in client would.
#pragma once

#include "app/sandbox/Sandbox.h"
#include "tests/fakes/FakeClock.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>
#include <QUrl>

namespace parley::sandbox {

class Driver
{
public:
    explicit Driver(Config config = {})
        : m_sandbox(m_clock, std::move(config))
    {}

    bool start()
    {
        const auto started = m_sandbox.start();
        if (!started) {
            qInfo("%s", qPrintable(started.error().detail));
            return false;
        }
        return signIn();
    }

    /// A fresh session, as the integration's own user.
    bool signIn()
    {
        m_token.clear();
        const Reply reply = form(QStringLiteral("/services/oauth2/token"),
                                 {{QStringLiteral("grant_type"), QStringLiteral("client_credentials")},
                                  {QStringLiteral("client_id"), m_sandbox.oauth().clientId},
                                  {QStringLiteral("client_secret"), m_sandbox.oauth().clientSecret}});
        m_token = reply.json[QStringLiteral("access_token")].toString();
        return !m_token.isEmpty();
    }

    Reply send(const QByteArray &method, const QString &url, const QJsonValue &body = {},
               const QList<QPair<QByteArray, QByteArray>> &headers = {})
    {
        Request request;
        request.method = method;
        const qsizetype mark = url.indexOf(u'?');
        request.rawPath = mark < 0 ? url : url.first(mark);
        request.path = QUrl::fromPercentEncoding(request.rawPath.toUtf8());
        request.rawQuery = mark < 0 ? QString() : url.sliced(mark + 1);
        request.headers = headers;
        if (!m_token.isEmpty())
            request.addHeader("Authorization", "Bearer " + m_token.toLatin1());
        if (body.isObject() || body.isArray()) {
            request.body =
                (body.isObject() ? QJsonDocument(body.toObject()) : QJsonDocument(body.toArray())).toJson();
            request.addHeader("Content-Type", "application/json");
        } else if (body.isString()) {
            request.body = body.toString().toUtf8();
        }
        return m_sandbox.serve(request);
    }

    Reply form(const QString &path, const QList<QPair<QString, QString>> &values,
               const QList<QPair<QByteArray, QByteArray>> &headers = {})
    {
        Request request;
        request.method = "POST";
        request.path = request.rawPath = path;
        request.headers = headers;
        request.addHeader("Content-Type", "application/x-www-form-urlencoded");
        for (const auto &[name, value] : values)
            request.body += (request.body.isEmpty() ? "" : "&") + QUrl::toPercentEncoding(name) + '=' +
                            QUrl::toPercentEncoding(value);
        return m_sandbox.serve(request);
    }

    static QString data(const QString &path) { return QStringLiteral("/services/data/v62.0/") + path; }
    Reply get(const QString &path) { return send("GET", data(path)); }
    Reply create(const QString &object, const QJsonObject &body,
                 const QList<QPair<QByteArray, QByteArray>> &headers = {})
    {
        return send("POST", data(QStringLiteral("sobjects/") + object), body, headers);
    }
    QString created(const QString &object, const QJsonObject &body)
    {
        return create(object, body).json[QStringLiteral("id")].toString();
    }
    Reply query(const QString &soql, const QList<QPair<QByteArray, QByteArray>> &headers = {})
    {
        return send("GET",
                    data(QStringLiteral("query?q=")) + QString::fromLatin1(QUrl::toPercentEncoding(soql)), {},
                    headers);
    }
    /// One field of all records, in order.
    QStringList column(const QString &soql, const QString &field = QStringLiteral("Name"))
    {
        QStringList values;
        const Reply reply = query(soql);
        for (const QJsonValue &record : reply.json[QStringLiteral("records")].toArray()) {
            QJsonValue value = record;
            for (const QString &part : field.split(u'.'))
                value = QJsonValue(value[part]);
            values.append(value.toVariant().toString());
        }
        if (reply.status != 200)
            values.append(QString::fromUtf8(reply.bytes()));
        return values;
    }
    static QString codeOf(const Reply &reply)
    {
        return reply.json[0][QStringLiteral("errorCode")].toString();
    }
    static QString messageOf(const Reply &reply)
    {
        return reply.json[0][QStringLiteral("message")].toString();
    }

    void setToken(const QString &token) { m_token = token; }
    [[nodiscard]] QString token() const { return m_token; }
    [[nodiscard]] Sandbox &sandbox() { return m_sandbox; }
    [[nodiscard]] fakes::FakeClock &clock() { return m_clock; }

private:
    fakes::FakeClock m_clock;
    Sandbox m_sandbox;
    QString m_token;
};

} // namespace parley::sandbox
