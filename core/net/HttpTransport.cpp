#include "core/net/HttpTransport.h"

namespace parley::net {

QByteArray HttpReply::header(QByteArrayView name) const
{
    for (const auto &[key, value] : headers) {
        if (key.compare(name, Qt::CaseInsensitive) == 0)
            return value;
    }
    return {};
}

QByteArray HttpReply::contentType() const
{
    return header("content-type").split(';').first().trimmed().toLower();
}

} // namespace parley::net
