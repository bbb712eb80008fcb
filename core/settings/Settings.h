// The table of settings and the one place that reads and writes them.
#pragma once

#include <QString>
#include <QVariant>

#include <memory>

class QSettings;

namespace parley::settings {

/// One row: a key, its type by the default, whether it stays on this machine, whether it must not be shown or
/// logged.
struct Key {
    const char *name;
    QVariant fallback;
    bool isMachineLocal = true;
    bool isSensitive = false;
};

namespace keys {
inline const Key hubUrl{"hub/url", QString()};
inline const Key agentEmail{"hub/agentEmail", QString()};
inline const Key staySignedIn{"hub/staySignedIn", true};
inline const Key theme{"look/theme", QStringLiteral("system"), false}; ///< "system", "light", "dark"
inline const Key windowGeometry{"window/geometry", QByteArray()};
inline const Key windowState{"window/state", QByteArray()};
inline const Key signInWith{"crm/signInWith", QStringLiteral("embedded")}; ///< "embedded", "browser"
} // namespace keys

class Settings
{
public:
    /// Keeps its file in that folder (the profile).
    explicit Settings(const QString &profileDir);
    ~Settings();
    Settings(const Settings &) = delete;
    Settings &operator=(const Settings &) = delete;

    [[nodiscard]] QVariant value(const Key &key) const;
    void setValue(const Key &key, const QVariant &value);

private:
    std::unique_ptr<QSettings> m_file;
};

} // namespace parley::settings
