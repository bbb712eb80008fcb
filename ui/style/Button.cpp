#include "ui/style/Button.h"

#include "ui/style/Paint.h"
#include "ui/style/Tip.h"

#include <QEvent>

#include <algorithm>

namespace parley::ui {

using namespace Qt::Literals::StringLiterals;

namespace {

int heightOf(ButtonSize size)
{
    switch (size) {
    case ButtonSize::Xs:
        return 24;
    case ButtonSize::Sm:
        return 28;
    case ButtonSize::Md:
        return 32;
    case ButtonSize::Lg:
        return 36;
    }
    return 32;
}

QFont fontOf(const Theme &theme, ButtonSize size)
{
    return theme.font(size == ButtonSize::Xs || size == ButtonSize::Sm ? TextRole::Meta : TextRole::Body,
                      QFont::Medium);
}

// A button's text is words of ours, but "&" in it must not be taken for a mnemonic mark when it is drawn.
QString withoutMnemonic(QString text)
{
    return text.replace(u"&&"_s, u"&"_s);
}

} // namespace

Button::Button(Theme &theme, const QString &text, ButtonKind kind, ButtonSize size, QWidget *parent)
    : QPushButton(text, parent)
    , m_theme(theme)
    , m_kind(kind)
    , m_size(size)
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setCursor(kind == ButtonKind::Link ? Qt::PointingHandCursor : Qt::ArrowCursor);
    setAttribute(Qt::WA_Hover);
    setAutoDefault(false);
    setFont(fontOf(theme, size));
    connect(&theme, &Theme::changed, this, [this] { update(); });
}

void Button::setKind(ButtonKind kind)
{
    m_kind = kind;
    updateGeometry();
    update();
}

void Button::setSize(ButtonSize size)
{
    m_size = size;
    setFont(fontOf(m_theme, size));
    updateGeometry();
    update();
}

void Button::setIconName(const QString &name)
{
    m_icon = name;
    updateGeometry();
    update();
}

void Button::setTrailingIconName(const QString &name)
{
    m_trailing = name;
    updateGeometry();
    update();
}

void Button::setInkQuiet(bool quiet)
{
    m_isQuiet = quiet;
    setFont(quiet ? m_theme.font(TextRole::Meta) : fontOf(m_theme, m_size));
    updateGeometry();
    update();
}

void Button::setKeyHint(const QKeySequence &keys)
{
    m_hint = keyText(keys);
    updateGeometry();
    update();
}

void Button::setFlush(bool flush)
{
    m_isFlush = flush;
    updateGeometry();
    update();
}

int Button::padding() const
{
    if (m_kind == ButtonKind::Link)
        return m_isFlush ? 0 : 4;
    switch (m_size) {
    case ButtonSize::Xs:
        return 8;
    case ButtonSize::Sm:
        return 10;
    case ButtonSize::Md:
        return 12;
    case ButtonSize::Lg:
        return 16;
    }
    return 12;
}

int Button::contentWidth(bool withHint) const
{
    const int iconSide = m_size == ButtonSize::Md || m_size == ButtonSize::Lg ? 16 : 14;
    return paint::textWidth(font(), withoutMnemonic(text())) + (m_icon.isEmpty() ? 0 : iconSide + 6) +
           (m_trailing.isEmpty() ? 0 : 16) +
           (withHint && !m_hint.isEmpty() ? paint::keyHintWidth(m_theme, m_hint) + 6 : 0);
}

QSize Button::sizeHint() const
{
    return {contentWidth(true) + 2 * padding() + 2, heightOf(m_size)};
}

QSize Button::minimumSizeHint() const
{
    // Where room is short the hint goes first, so that the words stay.
    return {contentWidth(false) + std::min(10, 2 * padding() + 2), heightOf(m_size)};
}

Button::Look Button::look() const
{
    const Palette &c = m_theme.colours();
    const bool hover = underMouse() && isEnabled();
    const bool pressed = isDown();
    if (!isEnabled()) {
        const bool flat = m_kind == ButtonKind::Ghost || m_kind == ButtonKind::Link;
        return {flat ? QColor() : c.bgSunken, flat ? QColor() : c.line, c.txDis, c.txDis};
    }
    if (isCheckable() && isChecked())
        return {pressed ? c.accentTint2 : c.accentTint, c.accent, c.accentTx, c.accentTx};
    const QColor ground = pressed ? c.bgPressed : hover ? c.bgHover : QColor();
    switch (m_kind) {
    case ButtonKind::Primary: {
        const QColor fill = pressed ? c.accentPress : hover ? c.accentHover : c.accent;
        return {fill, fill, c.onAccent, c.onAccent};
    }
    case ButtonKind::DangerFilled: {
        QColor fill = c.bad;
        if (hover || pressed)
            fill = m_theme.isDark() ? fill.lighter(pressed ? 90 : 108) : fill.darker(pressed ? 125 : 112);
        return {fill, fill, c.onBad, c.onBad};
    }
    case ButtonKind::Danger:
        return {pressed || hover ? c.badTint : c.bgCard, c.badLine, c.bad, c.bad};
    case ButtonKind::Ghost:
        return {ground, {}, m_isQuiet ? c.tx3 : c.tx1, m_isQuiet ? c.tx3 : c.tx2};
    case ButtonKind::Link:
        return {ground, {}, c.accentTx, c.accentTx};
    case ButtonKind::Normal:
        break;
    }
    return {ground.isValid() ? ground : c.bgCard, c.line2, c.tx1, c.tx2};
}

void Button::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const Look colours = look();
    paint::box(painter, rect(), 6, colours.fill, colours.line, m_theme.lineWidth());
    const bool hinted = !m_hint.isEmpty() && contentWidth(true) + 8 <= width();
    const int iconSide = m_size == ButtonSize::Md || m_size == ButtonSize::Lg ? 16 : 14;
    const int inset = std::min(padding(), 4); // none where the words are flush
    const int content = std::min(contentWidth(hinted), width() - 2 * inset);
    int x = (width() - content) / 2;
    const int right = x + content;
    const auto direction = layoutDirection();
    if (!m_icon.isEmpty()) {
        paint::icon(painter, m_theme, paint::placed(direction, rect(), QRect(x, 0, iconSide, height())),
                    m_icon, iconSide, colours.icon);
        x += iconSide + 6;
    }
    const int hintWidth = hinted ? paint::keyHintWidth(m_theme, m_hint) : 0;
    int textRight = hinted ? right - hintWidth - 6 : right;
    if (!m_trailing.isEmpty()) {
        paint::icon(painter, m_theme,
                    paint::placed(direction, rect(), QRect(textRight - 12, 0, 12, height())), m_trailing, 12,
                    colours.icon);
        textRight -= 16;
    }
    paint::text(painter, paint::placed(direction, rect(), QRect(x, 0, textRight - x, height())),
                withoutMnemonic(text()), font(), colours.text, Qt::AlignLeading | Qt::AlignVCenter);
    if (hinted) {
        const bool filled =
            (m_kind == ButtonKind::Primary || m_kind == ButtonKind::DangerFilled) && isEnabled();
        paint::keyHint(
            painter, m_theme,
            paint::placed(direction, rect(), QRect(right - hintWidth, 0, hintWidth, height())), m_hint,
            filled        ? colours.text
            : isEnabled() ? m_theme.colours().tx3
                          : m_theme.colours().txDis,
            filled ? colours.text : m_theme.colours().line2, filled ? QColor() : m_theme.colours().bgCard);
    }
}

bool Button::event(QEvent *event)
{
    if (event->type() == QEvent::HoverEnter || event->type() == QEvent::HoverLeave)
        update();
    return QPushButton::event(event);
}

IconButton::IconButton(Theme &theme, const QString &icon, const QString &name, int side, QWidget *parent)
    : QPushButton(parent)
    , m_theme(theme)
    , m_icon(icon)
    , m_side(side)
    , m_iconSide(side >= 32 ? 18 : 16)
{
    setFixedSize(side, side);
    setAttribute(Qt::WA_Hover);
    setAutoDefault(false);
    setName(name);
    connect(&theme, &Theme::changed, this, [this] { update(); });
}

void IconButton::setIconName(const QString &icon)
{
    m_icon = icon;
    update();
}

void IconButton::setIconSide(int px)
{
    m_iconSide = px;
    update();
}

void IconButton::setName(const QString &name, const QKeySequence &keys)
{
    setAccessibleName(name);
    Tip::attach(this, m_theme, name, keys);
}

QSize IconButton::sizeHint() const
{
    return {m_side, m_side};
}

void IconButton::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const Palette &c = m_theme.colours();
    const bool hover = underMouse() && isEnabled();
    if (isChecked())
        paint::box(painter, rect(), 6, c.accentTint);
    else if (isDown())
        paint::box(painter, rect(), 6, c.bgPressed);
    else if (hover)
        paint::box(painter, rect(), 6, c.bgHover);
    const QColor ink = !isEnabled() ? c.txDis : isChecked() ? c.accentTx : hover ? c.tx1 : c.tx2;
    paint::icon(painter, m_theme, rect(), m_icon, m_iconSide, ink);
}

bool IconButton::event(QEvent *event)
{
    if (event->type() == QEvent::HoverEnter || event->type() == QEvent::HoverLeave)
        update();
    return QPushButton::event(event);
}

} // namespace parley::ui
