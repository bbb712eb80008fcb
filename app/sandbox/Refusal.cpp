#include "app/sandbox/Refusal.h"

namespace parley::sandbox {

using namespace Qt::Literals::StringLiterals;

Refusal refusal(int status, const QString &code, const QString &message)
{
    return {status, QJsonArray{QJsonObject{{u"message"_s, message}, {u"errorCode"_s, code}}}};
}

Refusal refusal(int status, const QString &code, const QString &message, const QStringList &fields)
{
    return {status, QJsonArray{QJsonObject{{u"message"_s, message},
                                           {u"errorCode"_s, code},
                                           {u"fields"_s, QJsonArray::fromStringList(fields)}}}};
}

QJsonArray saveErrors(const Refusal &refusal)
{
    QJsonArray errors;
    for (const QJsonValue value : refusal.errors) {
        QJsonObject error = value.toObject();
        error.insert(u"statusCode"_s, error.take(u"errorCode"_s));
        if (!error.contains(u"fields"_s))
            error.insert(u"fields"_s, QJsonArray());
        errors.append(error);
    }
    return errors;
}

} // namespace parley::sandbox
