// A request that the org refuses, in the shape in which Salesforce says so: a status and a list of coded
// errors.
#pragma once

#include <QJsonArray>
#include <QJsonObject>
#include <QStringList>

#include <tl/expected.hpp>

namespace parley::sandbox {

struct Refusal {
    int status = 400;
    QJsonArray errors; ///< {message, errorCode, fields?}
};

template <class T> using Outcome = tl::expected<T, Refusal>;
struct Accepted {
};

[[nodiscard]] Refusal refusal(int status, const QString &code, const QString &message);
[[nodiscard]] Refusal refusal(int status, const QString &code, const QString &message,
                              const QStringList &fields);

[[nodiscard]] inline tl::unexpected<Refusal> refuse(int status, const QString &code, const QString &message)
{
    return tl::unexpected<Refusal>(refusal(status, code, message));
}

[[nodiscard]] inline tl::unexpected<Refusal> refuse(int status, const QString &code, const QString &message,
                                                    const QStringList &fields)
{
    return tl::unexpected<Refusal>(refusal(status, code, message, fields));
}

[[nodiscard]] inline tl::unexpected<Refusal> refuse(Refusal refusal)
{
    return tl::unexpected<Refusal>(std::move(refusal));
}

/// The same errors as the collection resources word them: statusCode in place of errorCode, fields always
/// there.
[[nodiscard]] QJsonArray saveErrors(const Refusal &refusal);

} // namespace parley::sandbox
