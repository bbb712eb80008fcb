#include "ui/panels/FieldFrame.h"

#include "ui/style/Label.h"

#include <QContextMenuEvent>
#include <QHBoxLayout>
#include <QMenu>
#include <QMouseEvent>
#include <QPainter>

#include <memory>

namespace parley::ui {

using namespace Qt::Literals::StringLiterals;

FieldLine::FieldLine(Theme &theme, QWidget *parent)
    : QLineEdit(parent)
    , m_theme(theme)
{
    setFrame(false);
    setProperty("bare", true); // the frame around it draws the box
    setFont(m_theme.font(TextRole::Body));
    align();
}

void FieldLine::setAlwaysLeftToRight()
{
    m_isLeftToRight = true;
    setLayoutDirection(Qt::LeftToRight);
    align();
}

void FieldLine::align()
{
    const bool mirrored = parentWidget() && parentWidget()->layoutDirection() == Qt::RightToLeft;
    setAlignment((mirrored ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignAbsolute | Qt::AlignVCenter);
}

void FieldLine::setHint(const QString &text)
{
    m_hint = text;
    setAccessibleDescription(text);
    update();
}

void FieldLine::paintEvent(QPaintEvent *event)
{
    QLineEdit::paintEvent(event);
    if (m_hint.isEmpty() || !displayText().isEmpty())
        return;
    const bool mirrored = parentWidget() && parentWidget()->layoutDirection() == Qt::RightToLeft;
    QPainter painter(this);
    paint::text(painter, contentsRect().adjusted(2, 0, -2, 0), m_hint, font(), m_theme.colours().tx3,
                (mirrored ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignAbsolute | Qt::AlignVCenter);
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
    if (height <= 32)
        setFixedHeight(height);
    else
        setMinimumHeight(height);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    const int side = height < 32 ? 8 : 10;
    m_row->setContentsMargins(side, 1, side, 1);
    m_row->setSpacing(8);
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

void FieldFrame::setLeading(const QString &icon)
{
    m_row->insertWidget(0, new IconLabel(m_theme, icon, 16, &Palette::tx3, this));
}

void FieldFrame::setPrefix(const QString &text)
{
    auto *label = new Label(m_theme, text, TextRole::Body, &Palette::tx3, this);
    m_row->insertWidget(0, label);
}

void FieldFrame::setContent(QWidget *content)
{
    m_content = content;
    content->setProperty("small", height() < 32);
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
    paint::box(painter, rect(), 6, fill, border, std::max(width, qreal(m_theme.lineWidth())));
}

} // namespace parley::ui
