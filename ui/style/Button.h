// The buttons of the design: filled, framed, dangerous, ghost and link, in four heights, with a key hint
// inside.
#pragma once

#include "ui/style/Theme.h"

#include <QKeySequence>
#include <QPushButton>

namespace parley::ui {

/// DangerFilled is the one that does it, after the question.
enum class ButtonKind { Normal, Primary, Danger, DangerFilled, Ghost, Link };
enum class ButtonSize { Xs, Sm, Md, Lg }; ///< 24, 28, 32, 36 px high

class Button : public QPushButton
{
    Q_OBJECT

public:
    Button(Theme &theme, const QString &text, ButtonKind kind = ButtonKind::Normal,
           ButtonSize size = ButtonSize::Md, QWidget *parent = nullptr);

    void setKind(ButtonKind kind);
    void setFlush(bool flush); ///< a link whose words begin where the words above begin
    void setSize(ButtonSize size);
    void setIconName(const QString &name);         ///< of resources/icons; 14 px when small, else 16
    void setTrailingIconName(const QString &name); ///< 12 px, after the words: a menu's arrow
    /// Words in the colour of secondary text: for the heads of lists.
    void setInkQuiet(bool quiet);
    /// Shown as a chip after the text. It is a hint only: the shortcut itself belongs to the window.
    void setKeyHint(const QKeySequence &keys);
    /// Shows "chosen" (a tint and a check) while checked; for checkable buttons.
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    bool event(QEvent *event) override;

private:
    struct Look {
        QColor fill;
        QColor line;
        QColor text;
        QColor icon;
    };
    [[nodiscard]] Look look() const;
    [[nodiscard]] int padding() const;
    [[nodiscard]] int contentWidth(bool withHint) const;

    Theme &m_theme;
    bool m_isFlush = false;
    ButtonKind m_kind;
    ButtonSize m_size;
    QString m_icon;
    QString m_hint;
    QString m_trailing;
    bool m_isQuiet = false;
};

/// A square button with an icon and no text; its accessible name and tip say what it does.
class IconButton : public QPushButton
{
    Q_OBJECT

public:
    /// side: 24, 28 or 32. The icon is 16 px (18 in 32).
    IconButton(Theme &theme, const QString &icon, const QString &name, int side = 28,
               QWidget *parent = nullptr);

    void setIconName(const QString &icon);
    void setIconSide(int px);
    /// The tip and accessible name, and the key that does the same.
    void setName(const QString &name, const QKeySequence &keys = {});
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    bool event(QEvent *event) override;

private:
    Theme &m_theme;
    QString m_icon;
    int m_side;
    int m_iconSide;
};

} // namespace parley::ui
