#include "ui/style/SystemLook_linux.h"

#include "ui/style/SystemLook.h"

#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>

namespace parley::ui {

using namespace Qt::Literals::StringLiterals;

namespace {

// org.freedesktop.appearance color-scheme: 0 no preference, 1 dark, 2 light.
constexpr auto kService = "org.freedesktop.portal.Desktop"_L1;
constexpr auto kPath = "/org/freedesktop/portal/desktop"_L1;
constexpr auto kInterface = "org.freedesktop.portal.Settings"_L1;
constexpr auto kGroup = "org.freedesktop.appearance"_L1;
constexpr auto kKey = "color-scheme"_L1;

} // namespace

PortalListener::PortalListener(QObject *parent, std::function<void(bool)> heard)
    : QObject(parent)
    , m_heard(std::move(heard))
{
    QDBusConnection bus = QDBusConnection::sessionBus();
    if (!bus.isConnected())
        return;
    bus.connect(kService, kPath, kInterface, u"SettingChanged"_s, this,
                SLOT(onChanged(QString, QString, QDBusVariant)));
    QDBusMessage question = QDBusMessage::createMethodCall(kService, kPath, kInterface, u"Read"_s);
    question << QString(kGroup) << QString(kKey);
    question.setAutoStartService(
        false); // a portal that does not run has nothing to say, and must not delay the start
    auto *answer = new QDBusPendingCallWatcher(bus.asyncCall(question, 2000), this);
    connect(answer, &QDBusPendingCallWatcher::finished, this, [this, answer] {
        const QDBusPendingReply<QDBusVariant> reply = *answer;
        if (reply.isValid())
            take(reply.value().variant());
        answer->deleteLater();
    });
}

void PortalListener::onChanged(const QString &group, const QString &key, const QDBusVariant &value)
{
    if (group == kGroup && key == kKey)
        take(value.variant());
}

void PortalListener::take(QVariant value)
{
    // Read wraps its answer twice.
    while (value.canConvert<QDBusVariant>())
        value = value.value<QDBusVariant>().variant();
    const uint scheme = value.toUInt();
    if (scheme == 1 || scheme == 2)
        m_heard(scheme == 1);
}

void listenToDesktop(QObject *context, std::function<void(bool)> heard)
{
    new PortalListener(context, std::move(heard));
}

} // namespace parley::ui
