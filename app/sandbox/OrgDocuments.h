// What makes a document of an --org folder unusable, said before anything rests on it.
#pragma once

#include <QJsonObject>
#include <QString>

namespace parley::sandbox {

/// Empty: it can be used. Else what is wrong and where in it: "field 3 (Phone): length is no number from 0
/// up". Members that the sandbox does not read, and those that a trimmed document leaves out, may be
/// anything.
QString faultOfDescribe(const QJsonObject &describe, const QString &name);
QString faultOfGlobal(const QJsonObject &global);
QString faultOfLayouts(const QJsonObject &layouts);
QString faultOfLayout(const QJsonObject &layout);

} // namespace parley::sandbox
