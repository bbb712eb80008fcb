// What the hub's port answers to plain HTTP: the widget, a page to try it on, and who it is.
#pragma once

#include "core/hub/HttpHead.h"

#include <QStringList>

namespace parley::hub {

class Site
{
public:
    /// sites: whose pages may frame the widget; empty: any.
    Site(QString name, const QStringList &sites);
    [[nodiscard]] HttpAnswer answer(const HttpHead &head, bool isStorageGood) const;

private:
    [[nodiscard]] HttpAnswer resource(const QByteArray &path, const HttpHead &head) const;

    QString m_name;
    QByteArray m_framedBy; ///< as Content-Security-Policy says it
};

} // namespace parley::hub
