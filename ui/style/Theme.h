// The look in force: colours, fonts and icons of the light or the dark theme. Widgets get it by reference.
#pragma once

#include "ui/style/Palette.h"

#include <QFont>
#include <QHash>
#include <QIcon>
#include <QObject>
#include <QPixmap>

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

    [[nodiscard]] QFont font(TextRole role) const;
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

signals:
    void changed();

private:
    void apply(bool dark);

    Palette m_palette;
    bool m_isDark = false;
    ThemeChoice m_choice = ThemeChoice::System;
    mutable QHash<QString, QPixmap> m_pixmaps;
};

} // namespace parley::ui
