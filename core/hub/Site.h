// What the hub's port answers to plain HTTP: the widget, a page to try it on, and who it is.
#pragma once

#include "core/hub/HttpHead.h"

#include <QString>

namespace parley::hub {

class Site
{
public:
    explicit Site(QString name);
    [[nodiscard]] HttpAnswer answer(const HttpHead &head, bool isStorageGood) const;

private:
    [[nodiscard]] HttpAnswer resource(const QByteArray &path, const HttpHead &head) const;

    QString m_name;
};

} // namespace parley::hub
