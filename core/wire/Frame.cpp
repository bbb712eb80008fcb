#include "core/wire/Frame.h"

#include <QJsonDocument>

namespace parley::wire {

using namespace Qt::Literals::StringLiterals;

QString Frame::chat() const
{
    const QString id = body.value("chat"_L1).toString();
    return isClientId(id) ? id : QString();
}

QString Frame::cid() const
{
    const QString id = body.value("cid"_L1).toString();
    return isClientId(id) ? id : QString();
}

Result<Frame> parseFrame(const QByteArray &bytes)
{
    QJsonParseError why;
    const QJsonDocument document = QJsonDocument::fromJson(bytes, &why);
    if (why.error != QJsonParseError::NoError)
        return fail(
            refusal(Code::Malformed, u"not JSON: %1 at byte %2"_s.arg(why.errorString()).arg(why.offset)));
    if (!document.isObject())
        return fail(refusal(Code::Malformed, u"not a JSON object"_s));
    Frame frame{.type = {}, .body = document.object()};
    const QJsonValue type = frame.body.value("t"_L1);
    if (!type.isString() || type.toString().isEmpty())
        return fail(refusal(Code::Malformed, u"t: a text is needed"_s));
    frame.type = type.toString();
    return frame;
}

QByteArray encode(const QJsonObject &object)
{
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

} // namespace parley::wire
