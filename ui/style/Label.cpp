#include "ui/style/Label.h"

#include "ui/style/Paint.h"
#include "ui/style/Tip.h"

#include <QAccessible>

namespace parley::ui {

Label::Label(Theme &theme, const QString &text, TextRole role, Ink ink, QWidget *parent)
    : QLabel(parent)
    , m_theme(theme)
    , m_role(role)
    , m_ink(ink)
{
    setTextFormat(Qt::PlainText);
    setText(text);
    setFont(theme.font(role));
    dress();
    align();
    connect(&theme, &Theme::changed, this, [this] {
        wear();
        dress();
    });
}

void Label::changeEvent(QEvent *event)
{
    QLabel::changeEvent(event);
    if (event->type() == QEvent::LayoutDirectionChange)
        align();
}

// QLabel takes the side from the direction of its text; a window that reads from the right wants all words
// there.
void Label::align()
{
    if (alignment() & Qt::AlignHCenter)
        return;
    setAlignment((layoutDirection() == Qt::RightToLeft ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignAbsolute |
                 Qt::AlignVCenter);
}

void Label::setInk(Ink ink)
{
    m_ink = ink;
    dress();
}

void Label::setRole(TextRole role)
{
    m_role = role;
    m_weight.reset();
    wear();
}

void Label::setWeight(QFont::Weight weight)
{
    m_weight = weight;
    wear();
}

void Label::wear()
{
    // Again at each change of the look: a new style sheet gives a widget back the font of its first polish.
    setFont(m_weight ? m_theme.font(m_role, *m_weight) : m_theme.font(m_role));
}

void Label::dress()
{
    QPalette colours = palette();
    colours.setColor(QPalette::WindowText, m_theme.colours().*m_ink);
    setPalette(colours);
}

ElidedLabel::ElidedLabel(Theme &theme, const QString &text, TextRole role, Ink ink, QWidget *parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_text(text)
    , m_role(role)
    , m_ink(ink)
{
    setFont(theme.font(role));
    setAccessibleName(text);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    connect(&theme, &Theme::changed, this, [this] {
        wear();
        update();
    });
}

void ElidedLabel::wear()
{
    setFont(m_weight ? m_theme.font(m_role, *m_weight) : m_theme.font(m_role));
}

void ElidedLabel::setText(const QString &text)
{
    if (text == m_text)
        return;
    m_text = text;
    setAccessibleName(text);
    updateGeometry();
    tellTip();
    update();
}

void ElidedLabel::setInk(Ink ink)
{
    m_ink = ink;
    update();
}

void ElidedLabel::setWeight(QFont::Weight weight)
{
    m_weight = weight;
    wear();
    updateGeometry();
}

void ElidedLabel::setElideMode(Qt::TextElideMode mode)
{
    m_mode = mode;
    update();
}

bool ElidedLabel::isElided() const
{
    return paint::textWidth(font(), m_text) > width();
}

QSize ElidedLabel::sizeHint() const
{
    return {paint::textWidth(font(), m_text), Theme::lineHeight(m_role)};
}

QSize ElidedLabel::minimumSizeHint() const
{
    return {std::min(24, sizeHint().width()), Theme::lineHeight(m_role)};
}

void ElidedLabel::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    paint::text(painter, rect(), m_text, font(), m_theme.colours().*m_ink,
                Qt::AlignLeading | Qt::AlignVCenter, m_mode);
}

void ElidedLabel::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    tellTip();
}

void ElidedLabel::tellTip()
{
    Tip::attach(this, m_theme, isElided() ? m_text : QString());
}

} // namespace parley::ui
