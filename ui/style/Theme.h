// The look in force: colours, fonts and icons of the light or the dark theme. Widgets get it by reference.
#pragma once

#include "ui/style/Palette.h"

#include <QFont>
#include <QHash>
#include <QIcon>
#include <QObject>
#include <QPixmap>

#include <optional>

class QApplication;

namespace parley::ui {

enum class ThemeChoice { System, Light, Dark };

/// The type scale of the design tokens.
enum class TextRole { Caption, Meta, Body, Message, Strong, Title, Page, Figure, Mono };

class Theme : public QObject
{
    Q_OBJECT

public:
    explicit Theme(QObject *parent = nullptr);

    [[nodiscard]] const Palette &colours() const { return m_palette; }
    [[nodiscard]] bool isDark() const { return m_isDark; }
    void choose(ThemeChoice choice);
    [[nodiscard]] ThemeChoice choice() const { return m_choice; }
    /// High contrast: the system's own window and text colours, lines of 2 px, no tints.
    [[nodiscard]] bool isHighContrast() const { return m_isHighContrast; }
    void setHighContrast(bool on);
    [[nodiscard]] int lineWidth() const { return m_isHighContrast ? 2 : 1; }
    /// Dresses the program now and at every change: style, palette, font, style sheet, focus ring.
    void dress(QApplication &app);

    [[nodiscard]] QFont font(TextRole role) const;
    /// The same role in another weight: the design's "500" and "600".
    [[nodiscard]] QFont font(TextRole role, QFont::Weight weight) const;
    /// Line height in px for that role.
    [[nodiscard]] static int lineHeight(TextRole role);

    /// An icon of resources/icons by its file name without ".svg", drawn in that colour at that size in
    /// device-independent px; cached per size, colour and device pixel ratio. Mirrored by the caller where it
    /// must be.
    [[nodiscard]] QPixmap icon(const QString &name, int size, const QColor &colour,
                               qreal devicePixelRatio = 1.0) const;

    /// A person's colour pair (background, text), always the same for the same name.
    struct AvatarColours {
        QColor background;
        QColor text;
    };
    [[nodiscard]] AvatarColours avatarColours(const QString &name) const;

    /// The style sheet of the flat parts, for the application.
    [[nodiscard]] QString styleSheet() const;

protected:
    bool eventFilter(QObject *object, QEvent *event) override;

signals:
    void changed();

private:
    void apply(bool dark);
    void dressAgain(QApplication &app) const;
    void followSystem();

    Palette m_palette;
    bool m_isDark = false;
    bool m_isHighContrast = false;
    std::optional<bool> m_desktopSaysDark; ///< what the desktop itself told, where it can
    ThemeChoice m_choice = ThemeChoice::System;
    mutable QHash<QString, QPixmap> m_pixmaps;
};

} // namespace parley::ui
