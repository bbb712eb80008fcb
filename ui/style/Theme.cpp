#include "ui/style/Theme.h"

#include "ui/style/ParleyStyle.h"
#include "ui/style/Spoken.h"
#include "ui/style/StyleSheet.h"
#include "ui/style/SystemLook.h"

#include <QApplication>
#include <QFile>
#include <QFontDatabase>
#include <QPainter>
#include <QPalette>
#include <QRegularExpression>
#include <QSvgRenderer>

#include <array>

// Outside any namespace, as the macro wants it: a static library's resources are not there until they are
// named.
static void bringIcons()
{
    Q_INIT_RESOURCE(icons);
}

namespace parley::ui {

using namespace Qt::Literals::StringLiterals;

namespace {

struct TypeStep {
    int size;
    int lineHeight;
    QFont::Weight weight;
};

constexpr TypeStep typeStep(TextRole role)
{
    switch (role) {
    case TextRole::Caption:
        return {11, 16, QFont::Normal};
    case TextRole::Meta:
        return {12, 16, QFont::Normal};
    case TextRole::Body:
        return {13, 20, QFont::Normal};
    case TextRole::Message:
        return {14, 20, QFont::Normal};
    case TextRole::Strong:
        return {13, 20, QFont::DemiBold};
    case TextRole::Title:
        return {15, 20, QFont::DemiBold};
    case TextRole::Page:
        return {18, 24, QFont::DemiBold};
    case TextRole::Figure:
        return {24, 32, QFont::DemiBold};
    case TextRole::Mono:
        return {12, 20, QFont::Normal};
    }
    return {13, 20, QFont::Normal};
}

QString uiFamily()
{
    static const QString family = [] {
        const QStringList installed = QFontDatabase::families();
        for (const QString &wanted : {u"Inter"_s, u"Noto Sans"_s, u"Segoe UI"_s}) {
            if (installed.contains(wanted))
                return wanted;
        }
        return QFontDatabase::systemFont(QFontDatabase::GeneralFont).family();
    }();
    return family;
}

// Qt 6.4 has no QStyleHints::colorScheme: a window text lighter than its window means dark. Our own palette
// must be off while we look, or we would see ourselves.
bool systemIsDark()
{
    if (qEnvironmentVariable("GTK_THEME").contains(u"dark"_s, Qt::CaseInsensitive))
        return true;
    if (qApp)
        QApplication::setPalette(QPalette());
    const QPalette palette = QGuiApplication::palette();
    return palette.color(QPalette::WindowText).lightness() > palette.color(QPalette::Window).lightness();
}

} // namespace

Theme::Theme(QObject *parent)
    : QObject(parent)
    , m_isHighContrast(qEnvironmentVariable("GTK_THEME").contains(u"HighContrast"_s, Qt::CaseInsensitive))
{
    bringIcons();
    apply(systemIsDark());
}

void Theme::choose(ThemeChoice choice)
{
    m_choice = choice;
    if (choice == ThemeChoice::System)
        apply(m_desktopSaysDark ? *m_desktopSaysDark : systemIsDark());
    else
        apply(choice == ThemeChoice::Dark);
}

void Theme::apply(bool dark)
{
    m_isDark = dark;
    m_palette = dark ? darkPalette() : lightPalette();
    if (m_isHighContrast)
        m_palette = highContrastPalette(dark);
    m_pixmaps.clear();
    emit changed();
}

QFont Theme::font(TextRole role) const
{
    const TypeStep step = typeStep(role);
    QFont font(role == TextRole::Mono ? QFontDatabase::systemFont(QFontDatabase::FixedFont).family()
                                      : uiFamily());
    font.setPixelSize(step.size);
    font.setWeight(step.weight);
    return font;
}

int Theme::lineHeight(TextRole role)
{
    return typeStep(role).lineHeight;
}

QPixmap Theme::icon(const QString &name, int size, const QColor &colour, qreal devicePixelRatio) const
{
    const QString key = u"%1/%2/%3/%4"_s.arg(name).arg(size).arg(colour.rgba()).arg(devicePixelRatio);
    const auto cached = m_pixmaps.constFind(key);
    if (cached != m_pixmaps.constEnd())
        return *cached;
    QPixmap pixmap(QSize(size, size) * devicePixelRatio);
    pixmap.fill(Qt::transparent);
    QFile file(u":/parley/icons/"_s + name + u".svg"_s);
    if (file.open(QIODevice::ReadOnly)) {
        // The optical strokes of the design tokens: small icons need a thicker line on the 24 px grid.
        QByteArray svg = file.readAll();
        svg.replace("stroke-width=\"1.75\"", size <= 14   ? "stroke-width=\"2.1\""
                                             : size <= 16 ? "stroke-width=\"1.95\""
                                                          : "stroke-width=\"1.75\"");
        QSvgRenderer renderer(svg);
        QPainter painter(&pixmap);
        renderer.render(&painter);
        painter.setCompositionMode(QPainter::CompositionMode_SourceIn);
        painter.fillRect(pixmap.rect(), colour);
    }
    pixmap.setDevicePixelRatio(devicePixelRatio);
    m_pixmaps.insert(key, pixmap);
    return pixmap;
}

Theme::AvatarColours Theme::avatarColours(const QString &name) const
{
    const std::array<AvatarColours, 6> pairs{{{m_palette.av1, m_palette.av1x},
                                              {m_palette.av2, m_palette.av2x},
                                              {m_palette.av3, m_palette.av3x},
                                              {m_palette.av4, m_palette.av4x},
                                              {m_palette.av5, m_palette.av5x},
                                              {m_palette.av6, m_palette.av6x}}};
    uint sum = 0;
    for (const QChar c : name)
        sum = sum * 31 + c.unicode();
    return pairs.at(sum % pairs.size());
}

QString Theme::styleSheet() const
{
    return styleSheetOf(m_palette, lineWidth());
}

void Theme::setHighContrast(bool on)
{
    if (on == m_isHighContrast)
        return;
    m_isHighContrast = on;
    apply(m_isDark);
}

QFont Theme::font(TextRole role, QFont::Weight weight) const
{
    QFont made = font(role);
    made.setWeight(weight);
    return made;
}

void Theme::dress(QApplication &app)
{
    installSpokenRoles();
    app.setStyle(new ParleyStyle(*this));
    new FocusRing(&app);
    dressAgain(app);
    connect(this, &Theme::changed, &app, [this, &app] { dressAgain(app); });
    app.installEventFilter(this);
    followSystem();
}

void Theme::followSystem()
{
    listenToDesktop(this, [this](bool dark) {
        m_desktopSaysDark = dark;
        if (m_choice == ThemeChoice::System && dark != m_isDark)
            apply(dark);
    });
}

bool Theme::eventFilter(QObject *object, QEvent *event)
{
    // Comes to every window when the desktop changes its look.
    if (event->type() == QEvent::ThemeChange && m_choice == ThemeChoice::System && !m_desktopSaysDark) {
        const bool dark = systemIsDark();
        if (dark != m_isDark)
            apply(dark);
        else if (auto *app = qobject_cast<QApplication *>(qApp))
            dressAgain(*app);
    }
    return QObject::eventFilter(object, event);
}

void Theme::dressAgain(QApplication &app) const
{
    const Palette &c = m_palette;
    QPalette palette;
    palette.setColor(QPalette::Window, c.bgPane);
    palette.setColor(QPalette::WindowText, c.tx1);
    palette.setColor(QPalette::Base, c.bgInput);
    palette.setColor(QPalette::AlternateBase, c.bgSunken);
    palette.setColor(QPalette::Text, c.tx1);
    palette.setColor(QPalette::PlaceholderText, c.tx3);
    palette.setColor(QPalette::Button, c.bgCard);
    palette.setColor(QPalette::ButtonText, c.tx1);
    palette.setColor(QPalette::BrightText, c.onAccent);
    palette.setColor(QPalette::Highlight, c.accent);
    palette.setColor(QPalette::HighlightedText, c.onAccent);
    palette.setColor(QPalette::Link, c.accentTx);
    palette.setColor(QPalette::LinkVisited, c.accentTx);
    palette.setColor(QPalette::ToolTipBase, c.bgTooltip);
    palette.setColor(QPalette::ToolTipText, c.txTooltip);
    palette.setColor(QPalette::Light, c.bgCard);
    palette.setColor(QPalette::Midlight, c.line);
    palette.setColor(QPalette::Mid, c.line2);
    palette.setColor(QPalette::Dark, c.line2);
    for (const QPalette::ColorRole role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        palette.setColor(QPalette::Disabled, role, c.txDis);
    app.setPalette(palette);
    app.setFont(font(TextRole::Body));
    app.setStyleSheet(styleSheet());
}

} // namespace parley::ui
