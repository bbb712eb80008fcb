// What an agent can set: the look; and what this console is connected to; and all shortcuts.
#pragma once

#include "core/desk/DeskValues.h"
#include "core/settings/Settings.h"
#include "ui/style/SegmentedControl.h"
#include "ui/style/Surfaces.h"

class QGridLayout;

namespace parley::ui {

class ConnectionsView;

/// Puts the setting's words into the theme: at the start, and when they change.
void applyThemeSetting(Theme &theme, const settings::Settings &settings);

class SettingsPage : public Ground
{
    Q_OBJECT

public:
    SettingsPage(Theme &theme, settings::Settings &settings, QWidget *parent = nullptr);
    void showConnection(const desk::HubStatus &hub, const Agent &me, const QString &hubAddress,
                        const desk::CrmStatus &crm);

    [[nodiscard]] ConnectionsView &connections() { return *m_connections; }

private:
    void fact(const QString &name, const QString &value);

    Theme &m_theme;
    settings::Settings &m_settings;
    SegmentedControl *m_look;
    QGridLayout *m_facts;
    ConnectionsView *m_connections;
    int m_factRows = 0;
};

} // namespace parley::ui
