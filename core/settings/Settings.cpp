#include "core/settings/Settings.h"

#include <QDir>
#include <QSettings>

namespace parley::settings {

using namespace Qt::Literals::StringLiterals;

Settings::Settings(const QString &profileDir)
    : m_file(std::make_unique<QSettings>(QDir(profileDir).filePath(u"settings.ini"_s), QSettings::IniFormat))
{}

Settings::~Settings() = default;

QVariant Settings::value(const Key &key) const
{
    const QVariant stored = m_file->value(QLatin1StringView(key.name), key.fallback);
    // An ini file holds text: give back the type of the row.
    QVariant typed = stored;
    if (key.fallback.isValid() && !typed.convert(key.fallback.metaType()))
        return key.fallback;
    return typed;
}

void Settings::setValue(const Key &key, const QVariant &value)
{
    m_file->setValue(QLatin1StringView(key.name), value);
}

} // namespace parley::settings
