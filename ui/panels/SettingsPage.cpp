#include "ui/panels/SettingsPage.h"

#include "ui/panels/ConnectionsView.h"
#include "ui/panels/ShortcutsDialog.h"
#include "ui/text/PlainText.h"
#include "ui/text/Sentences.h"

#include <QGridLayout>
#include <QScrollArea>

namespace parley::ui {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr std::array<const char16_t *, 3> kLooks{u"system", u"light",
                                                 u"dark"}; // the words of the setting, never translated

QString hubStateText(const desk::HubStatus &hub)
{
    switch (hub.state) {
    case desk::LineState::SignedOut:
        return SettingsPage::tr("Signed out");
    case desk::LineState::Connecting:
        return SettingsPage::tr("Connecting");
    case desk::LineState::Online:
        return SettingsPage::tr("Online");
    case desk::LineState::Offline:
        return hub.lastError
                   ? SettingsPage::tr("Offline. %1").arg(explain(*hub.lastError, Doing::ConnectHub).detail)
                   : SettingsPage::tr("Offline");
    }
    return {};
}

QString crmStateText(const desk::CrmStatus &crm)
{
    switch (crm.state) {
    case desk::CrmState::NotConnected:
        return SettingsPage::tr("Not connected");
    case desk::CrmState::Connecting:
        return SettingsPage::tr("Connecting");
    case desk::CrmState::Connected:
        return crm.isMemoryOnly ? SettingsPage::tr("Connected until you close Parley: no keychain answered")
                                : SettingsPage::tr("Connected");
    case desk::CrmState::SignInNeeded:
        return SettingsPage::tr("Sign in again");
    }
    return {};
}

} // namespace

void applyThemeSetting(Theme &theme, const settings::Settings &settings)
{
    const QString look = settings.value(settings::keys::theme).toString();
    theme.choose(look == "dark"_L1    ? ThemeChoice::Dark
                 : look == "light"_L1 ? ThemeChoice::Light
                                      : ThemeChoice::System);
}

SettingsPage::SettingsPage(Theme &theme, settings::Settings &settings, QWidget *parent)
    : Ground(theme, &Palette::bgPane, parent)
    , m_theme(theme)
    , m_settings(settings)
    , m_look(new SegmentedControl(theme, this))
    , m_facts(new QGridLayout)
    , m_connections(new ConnectionsView(theme, this))
{
    setObjectName(u"settingsPage"_s);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    auto *head = new Ground(theme, &Palette::bgPane, this, Qt::BottomEdge);
    head->setFixedHeight(64);
    auto *headRow = new QHBoxLayout(head);
    headRow->setContentsMargins(24, 0, 24, 0);
    headRow->addWidget(new Label(theme, tr("Settings"), TextRole::Page, &Palette::tx1, head));
    column->addWidget(head);
    auto *scroll = new QScrollArea(this);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setFocusPolicy(Qt::NoFocus);
    auto *body = new QWidget;
    body->setObjectName(u"scrollBody"_s);
    auto *inner = new QVBoxLayout(body);
    inner->setContentsMargins(24, 20, 24, 24);
    inner->setSpacing(12);
    const auto section = [&](const QString &text) {
        inner->addWidget(new Label(theme, text, TextRole::Title, &Palette::tx1, body));
    };
    section(tr("Look"));
    m_look->setObjectName(u"themeChoice"_s);
    m_look->setAccessibleName(tr("Look"));
    m_look->addSegment(tr("As the system"), u"page"_s);
    m_look->addSegment(tr("Light"), u"star"_s);
    m_look->addSegment(tr("Dark"), u"moon"_s);
    const QString look = settings.value(settings::keys::theme).toString();
    for (int i = 0; i < int(kLooks.size()); ++i) {
        if (look == QStringView(kLooks.at(size_t(i))))
            m_look->setCurrent(i);
    }
    connect(m_look, &SegmentedControl::currentChanged, this, [this](int index) {
        m_settings.setValue(settings::keys::theme, QString::fromUtf16(kLooks.at(size_t(index))));
        applyThemeSetting(m_theme, m_settings);
    });
    inner->addWidget(m_look);
    inner->addSpacing(12);
    section(tr("Connection"));
    m_facts->setHorizontalSpacing(16);
    m_facts->setVerticalSpacing(4);
    m_facts->setColumnStretch(1, 1);
    inner->addLayout(m_facts);
    inner->addSpacing(12);
    section(tr("CRM"));
    m_connections->setObjectName(u"crmConnections"_s);
    inner->addWidget(m_connections);
    inner->addSpacing(12);
    section(tr("Shortcuts"));
    QWidget *shortcuts = makeShortcutList(theme, body);
    shortcuts->setMaximumWidth(560);
    inner->addWidget(shortcuts);
    inner->addStretch();
    scroll->setWidget(body);
    column->addWidget(scroll, 1);
}

void SettingsPage::fact(const QString &name, const QString &value)
{
    if (value.isEmpty())
        return;
    auto *label = new Label(m_theme, name, TextRole::Meta, &Palette::tx2, this);
    auto *text = new Label(m_theme, safeLine(value), TextRole::Body, &Palette::tx1, this);
    text->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    text->setAccessibleName(name + u": "_s + safeLine(value));
    m_facts->addWidget(label, m_factRows, 0);
    m_facts->addWidget(text, m_factRows, 1);
    ++m_factRows;
}

void SettingsPage::showConnection(const desk::HubStatus &hub, const Agent &me, const QString &hubAddress,
                                  const desk::CrmStatus &crm)
{
    while (QLayoutItem *item = m_facts->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    m_factRows = 0;
    fact(tr("Hub"), hub.hubName);
    fact(tr("Address"), hubAddress);
    fact(tr("State"), hubStateText(hub));
    fact(tr("You"), me.email.isEmpty() ? me.name : tr("%1, %2").arg(me.name, me.email));
    fact(tr("CRM"), crm.name);
    fact(tr("CRM state"), crmStateText(crm));
    fact(tr("CRM user"), crm.userName);
    fact(tr("CRM host"), crm.host);
}

} // namespace parley::ui
