// Hears the settings of the desktop portal.
#pragma once

#include <QDBusVariant>
#include <QObject>

#include <functional>

namespace parley::ui {

class PortalListener : public QObject
{
    Q_OBJECT

public:
    PortalListener(QObject *parent, std::function<void(bool)> heard);

public slots: // NOLINT(readability-redundant-access-specifiers): D-Bus signals connect by name only
    void onChanged(const QString &group, const QString &key, const QDBusVariant &value);

private:
    void take(QVariant value);
    std::function<void(bool)> m_heard;
};

} // namespace parley::ui
