// Takes members out of a JSON object that came from outside and remembers the first one that was not as it
// must be.
#pragma once

#include "core/wire/Names.h"

#include <QJsonArray>
#include <QJsonObject>

namespace parley::wire {

class Reader
{
public:
    explicit Reader(const QJsonObject &object)
        : m_object(object)
    {}

    /// A member that must be there, and be of that type.
    QString text(QLatin1StringView name);
    qint64 number(QLatin1StringView name);
    bool flag(QLatin1StringView name);
    QJsonObject object(QLatin1StringView name);
    QJsonArray array(QLatin1StringView name);
    ClientId cid();
    ChatId chat();
    QByteArray base64(QLatin1StringView name);

    /// A member that may be absent (or null), but is of that type when it is there.
    QString textOr(QLatin1StringView name, const QString &otherwise = {});
    qint64 numberOr(QLatin1StringView name, qint64 otherwise = 0);
    bool flagOr(QLatin1StringView name, bool otherwise = false);
    QJsonObject objectOr(QLatin1StringView name);
    QJsonArray arrayOr(QLatin1StringView name);
    QDateTime timeOr(QLatin1StringView name);
    /// Values that are texts, numbers or booleans, as text.
    QMap<QString, QString> textsOr(QLatin1StringView name);

    void refuse(QLatin1StringView name, const QString &why);
    [[nodiscard]] bool isGood() const { return m_why.isEmpty(); }

    /// value when nothing was wrong, else the error `malformed` with the member's name.
    template <class T> Result<T> finish(T value) const
    {
        if (!isGood())
            return fail(refusal(Code::Malformed, m_why));
        return value;
    }

private:
    bool has(QLatin1StringView name) const;

    QJsonObject m_object;
    QString m_why;
};

} // namespace parley::wire
