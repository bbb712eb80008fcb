#include "ui/panels/FieldFrame.h"

#include <QContextMenuEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QMouseEvent>
#include <QPainter>

#include <memory>

namespace parley::ui {

using namespace Qt::Literals::StringLiterals;

FieldGlyph::FieldGlyph(Theme &theme, QString icon, int size, QColor Palette::*colour, QWidget *parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_icon(std::move(icon))
    , m_size(size)
    , m_colour(colour)
{
    setFixedSize(size, size);
    setAttribute(Qt::WA_TransparentForMouseEvents);
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

void FieldGlyph::show(const QString &icon, QColor Palette::*colour)
{
    m_icon = icon;
    m_colour = colour;
    update();
}

void FieldGlyph::setMirrored(bool mirrored)
{
    m_isMirrored = mirrored;
    update();
}

void FieldGlyph::paintEvent(QPaintEvent *)
{
    if (m_icon.isEmpty())
        return;
    QPainter painter(this);
    if (m_isMirrored && layoutDirection() == Qt::RightToLeft) {
        painter.translate(width(), 0);
        painter.scale(-1, 1);
    }
    painter.drawPixmap(0, 0, m_theme.icon(m_icon, m_size, m_theme.colours().*m_colour, devicePixelRatioF()));
}

FieldLine::FieldLine(Theme &theme, QWidget *parent)
    : QLineEdit(parent)
    , m_theme(theme)
{
    setFrame(false);
    setAttribute(Qt::WA_MacShowFocusRect, false);
    // Whatever the application's style sheet says of line edits, the frame around this one draws the box.
    setStyleSheet(u"QLineEdit { border: 0; background: transparent; padding: 0; }"_s);
    dress();
    connect(&theme, &Theme::changed, this, &FieldLine::dress);
}

void FieldLine::dress()
{
    const Palette &colours = m_theme.colours();
    QPalette palette = this->palette();
    palette.setColor(QPalette::Base, Qt::transparent);
    palette.setColor(QPalette::Text, colours.tx1);
    palette.setColor(QPalette::Disabled, QPalette::Text, colours.tx3);
    palette.setColor(QPalette::PlaceholderText, colours.tx3);
    palette.setColor(QPalette::Highlight, colours.accent);
    palette.setColor(QPalette::HighlightedText, colours.onAccent);
    setPalette(palette);
    setFont(m_theme.font(TextRole::Body));
}

void FieldLine::setAlwaysLeftToRight()
{
    m_isLeftToRight = true;
    setLayoutDirection(Qt::LeftToRight);
    align();
}

void FieldLine::align()
{
    if (!m_isLeftToRight)
        return;
    const bool mirrored = parentWidget() && parentWidget()->layoutDirection() == Qt::RightToLeft;
    setAlignment((mirrored ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignAbsolute | Qt::AlignVCenter);
}

void FieldLine::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::LayoutDirectionChange || event->type() == QEvent::ParentChange)
        align();
    QLineEdit::changeEvent(event);
}

void FieldLine::contextMenuEvent(QContextMenuEvent *event)
{
    const std::unique_ptr<QMenu> menu(createStandardContextMenu());
    // createStandardContextMenu knows nothing of the pane around it, so Escape must end with the menu.
    menu->exec(event->globalPos());
    event->accept();
}

FieldFrame::FieldFrame(Theme &theme, int height, QWidget *parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_row(new QHBoxLayout(this))
{
    setMinimumHeight(height);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    const int side = height < 32 ? 8 : 10;
    m_row->setContentsMargins(side, 2, side, 2);
    m_row->setSpacing(8);
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

void FieldFrame::setLeading(const QString &icon)
{
    m_row->insertWidget(0, new FieldGlyph(m_theme, icon, 16, &Palette::tx3, this));
}

void FieldFrame::setPrefix(const QString &text)
{
    auto *label = new QLabel(this);
    label->setTextFormat(Qt::PlainText);
    label->setText(text);
    label->setFont(m_theme.font(TextRole::Body));
    const auto dress = [this, label] {
        QPalette palette = label->palette();
        palette.setColor(QPalette::WindowText, m_theme.colours().tx3);
        label->setPalette(palette);
    };
    dress();
    connect(&m_theme, &Theme::changed, label, dress);
    m_row->insertWidget(0, label);
}

void FieldFrame::setContent(QWidget *content)
{
    m_content = content;
    m_content->installEventFilter(this);
    m_row->addWidget(content, 1);
    setFocusProxy(content);
}

void FieldFrame::addTrailing(QWidget *widget)
{
    m_row->addWidget(widget);
}

void FieldFrame::setLook(Look look)
{
    m_look = look;
    update();
}

bool FieldFrame::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::FocusIn || event->type() == QEvent::FocusOut ||
        event->type() == QEvent::EnabledChange)
        update();
    return QWidget::eventFilter(watched, event);
}

void FieldFrame::mousePressEvent(QMouseEvent *event)
{
    if (m_content)
        m_content->setFocus(Qt::MouseFocusReason);
    QWidget::mousePressEvent(event);
}

void FieldFrame::paintEvent(QPaintEvent *)
{
    const Palette &colours = m_theme.colours();
    const bool isOff = m_look == Look::Off || !isEnabled();
    QColor border = colours.lineInput;
    QColor fill = colours.bgInput;
    qreal width = 1;
    if (isOff) {
        border = colours.line2;
        fill = colours.bgSunken;
    } else if (m_look == Look::ReadOnly) {
        border = colours.line;
        fill = colours.bgSunken;
    }
    if (m_look == Look::Error) {
        border = colours.bad;
        width = 2;
    } else if (m_content && m_content->hasFocus()) {
        border = colours.focus;
        width = 2;
    }
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(border, width));
    painter.setBrush(fill);
    const qreal inset = width / 2;
    painter.drawRoundedRect(QRectF(rect()).adjusted(inset, inset, -inset, -inset), 6 - inset, 6 - inset);
}

} // namespace parley::ui
