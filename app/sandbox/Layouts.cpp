#include "app/sandbox/Metadata.h"
namespace parley::sandbox {
QJsonObject describeLayouts(const ObjectInfo &, const QString &)
{
    return {};
}
QJsonObject describeLayout(const ObjectInfo &, const QString &)
{
    return {};
}
} // namespace parley::sandbox
