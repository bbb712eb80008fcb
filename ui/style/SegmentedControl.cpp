#include "ui/style/SegmentedControl.h"

#include "ui/style/Paint.h"

#include <QAbstractButton>
#include <QHBoxLayout>
#include <QKeyEvent>

namespace parley::ui {

using namespace Qt::Literals::StringLiterals;

// An exclusive checkable button, so that assistive technology hears a radio button and its state.
class SegmentedControl::Segment : public QPushButton
{
public:
    Segment(Theme &theme, const QString &text, const QString &icon, QWidget *parent)
        : QPushButton(text, parent)
        , m_theme(theme)
        , m_icon(icon)
    {
        setCheckable(true);
        setAutoExclusive(true);
        setAutoDefault(false);
        setFont(theme.font(TextRole::Meta, QFont::Medium));
        setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
        setProperty("focusRadius", 5);
    }
    QSize sizeHint() const override
    {
        return {paint::textWidth(font(), text()) + 20 + (m_icon.isEmpty() ? 0 : 20), 26};
    }
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        const Palette &c = m_theme.colours();
        if (isChecked())
            paint::box(painter, QRectF(rect()).adjusted(-1, -1, 1, 1), 6, c.bgCard, c.line2);
        const QColor ink = isChecked() || underMouse() ? c.tx1 : c.tx2;
        int x = 10;
        if (!m_icon.isEmpty()) {
            paint::icon(painter, m_theme, paint::placed(layoutDirection(), rect(), QRect(x, 0, 14, height())),
                        m_icon, 14, isChecked() ? c.accentTx : c.tx2);
            x += 20;
        }
        paint::text(painter, paint::placed(layoutDirection(), rect(), QRect(x, 0, width() - x, height())),
                    text(), font(), ink);
    }

private:
    Theme &m_theme;
    QString m_icon;
};

SegmentedControl::SegmentedControl(Theme &theme, QWidget *parent)
    : QWidget(parent)
    , m_theme(theme)
{
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(2, 2, 2, 2);
    row->setSpacing(0);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    connect(&theme, &Theme::changed, this, [this] { update(); });
}

void SegmentedControl::addSegment(const QString &text, const QString &icon)
{
    auto *segment = new Segment(m_theme, text, icon, this);
    const int index = int(m_segments.size());
    m_segments += segment;
    layout()->addWidget(segment);
    segment->installEventFilter(this);
    connect(segment, &QAbstractButton::clicked, this, [this, index] { setCurrent(index); });
    segment->setFocusPolicy(index == 0 ? Qt::StrongFocus : Qt::ClickFocus);
    if (index == 0)
        setCurrent(0);
}

void SegmentedControl::setText(int index, const QString &text)
{
    m_segments.at(index)->setText(text);
}

void SegmentedControl::setCurrent(int index)
{
    if (index < 0 || index >= m_segments.size())
        return;
    m_segments.at(index)->setChecked(true);
    if (index == m_current)
        return;
    m_current = index;
    // One Tab stop: the chosen one.
    for (int i = 0; i < m_segments.size(); ++i)
        m_segments.at(i)->setFocusPolicy(i == index ? Qt::StrongFocus : Qt::ClickFocus);
    emit currentChanged(index);
}

void SegmentedControl::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    paint::box(painter, rect(), 6, m_theme.colours().bgSunken, m_theme.colours().line2, m_theme.lineWidth());
}

void SegmentedControl::keyPressEvent(QKeyEvent *event)
{
    const bool mirrored = layoutDirection() == Qt::RightToLeft;
    const int key = event->key();
    int step = 0;
    if (key == Qt::Key_Down || key == (mirrored ? Qt::Key_Left : Qt::Key_Right))
        step = 1;
    else if (key == Qt::Key_Up || key == (mirrored ? Qt::Key_Right : Qt::Key_Left))
        step = -1;
    if (step == 0 || m_segments.isEmpty()) {
        QWidget::keyPressEvent(event);
        return;
    }
    const int count = int(m_segments.size());
    setCurrent((m_current + step + count) % count);
    m_segments.at(m_current)->setFocus(Qt::TabFocusReason);
}

bool SegmentedControl::eventFilter(QObject *object, QEvent *event)
{
    if (event->type() == QEvent::KeyPress) {
        switch (static_cast<QKeyEvent *>(event)->key()) {
        case Qt::Key_Left:
        case Qt::Key_Right:
        case Qt::Key_Up:
        case Qt::Key_Down:
            keyPressEvent(static_cast<QKeyEvent *>(event));
            return true;
        default:
            break;
        }
    }
    return QWidget::eventFilter(object, event);
}

} // namespace parley::ui
