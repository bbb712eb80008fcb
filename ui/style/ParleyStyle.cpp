#include "ui/style/ParleyStyle.h"

#include "ui/style/Paint.h"

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QAbstractSpinBox>
#include <QComboBox>
#include <QFocusEvent>
#include <QFocusFrame>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QStyleFactory>
#include <QStyleOption>
#include <QTextEdit>

namespace parley::ui {

using namespace Qt::Literals::StringLiterals;

ParleyStyle::ParleyStyle(Theme &theme)
    : QProxyStyle(QStyleFactory::create(u"Fusion"_s))
    , m_theme(theme)
{}

void ParleyStyle::drawPrimitive(PrimitiveElement element, const QStyleOption *option, QPainter *painter,
                                const QWidget *widget) const
{
    const Palette &c = m_theme.colours();
    const bool on = option->state & State_On;
    const bool enabled = option->state & State_Enabled;
    switch (element) {
    case PE_FrameFocusRect:
        return; // FocusRing does it, with its gap
    case PE_IndicatorCheckBox: {
        const QRectF box = QRectF(option->rect);
        if (option->state & (State_On | State_NoChange)) {
            paint::box(*painter, box, 4, enabled ? c.accent : c.txDis);
            paint::icon(*painter, m_theme, option->rect, on ? u"check"_s : u"minus"_s, 12, c.onAccent);
        } else {
            paint::box(*painter, box, 4, enabled ? c.bgInput : c.bgSunken, enabled ? c.lineInput : c.line2);
        }
        return;
    }
    case PE_IndicatorRadioButton: {
        const QRectF box = QRectF(option->rect);
        if (on)
            paint::box(*painter, box, 8, c.onAccent, enabled ? c.accent : c.txDis, 5);
        else
            paint::box(*painter, box, 8, enabled ? c.bgInput : c.bgSunken, enabled ? c.lineInput : c.line2);
        return;
    }
    default:
        QProxyStyle::drawPrimitive(element, option, painter, widget);
    }
}

void ParleyStyle::drawControl(ControlElement element, const QStyleOption *option, QPainter *painter,
                              const QWidget *widget) const
{
    if (element == CE_FocusFrame) {
        const auto *frame = qobject_cast<const QFocusFrame *>(widget);
        const QVariant radius =
            frame && frame->widget() ? frame->widget()->property("focusRadius") : QVariant();
        paint::focusRing(*painter, m_theme, QRectF(option->rect),
                         (radius.isValid() ? radius.toReal() : 6) + 4);
        return;
    }
    QProxyStyle::drawControl(element, option, painter, widget);
}

int ParleyStyle::pixelMetric(PixelMetric metric, const QStyleOption *option, const QWidget *widget) const
{
    switch (metric) {
    case PM_FocusFrameHMargin:
    case PM_FocusFrameVMargin:
        return 4; // a gap of 2 and a ring of 2
    case PM_IndicatorWidth:
    case PM_IndicatorHeight:
    case PM_ExclusiveIndicatorWidth:
    case PM_ExclusiveIndicatorHeight:
        return 16;
    case PM_CheckBoxLabelSpacing:
    case PM_RadioButtonLabelSpacing:
        return 8;
    case PM_SplitterWidth:
        return 1;
    case PM_ButtonShiftHorizontal:
    case PM_ButtonShiftVertical:
        return 0;
    default:
        return QProxyStyle::pixelMetric(metric, option, widget);
    }
}

int ParleyStyle::styleHint(StyleHint hint, const QStyleOption *option, const QWidget *widget,
                           QStyleHintReturn *data) const
{
    switch (hint) {
    case SH_FocusFrame_AboveWidget:
        return 1;
    case SH_FocusFrame_Mask:
        return 0;
    case SH_ToolTip_WakeUpDelay:
        return 500;
    case SH_UnderlineShortcut:
    case SH_DialogButtonBox_ButtonsHaveIcons:
        return 0;
    default:
        return QProxyStyle::styleHint(hint, option, widget, data);
    }
}

FocusRing::FocusRing(QObject *parent)
    : QObject(parent)
{
    qApp->installEventFilter(this);
}

FocusRing::~FocusRing()
{
    delete m_frame.data();
}

QWidget *FocusRing::target() const
{
    return m_frame ? m_frame->widget() : nullptr;
}

void FocusRing::show(QWidget *widget)
{
    if (target() == widget)
        return;
    // A frame is made anew for each control: one that is moved between windows would be deleted with the
    // first.
    delete m_frame.data();
    if (widget == nullptr)
        return;
    m_frame = new QFocusFrame;
    m_frame->setWidget(widget);
}

bool FocusRing::eventFilter(QObject *object, QEvent *event)
{
    switch (event->type()) {
    case QEvent::KeyPress:
        m_lastInputWasKeyboard = true;
        break;
    case QEvent::MouseButtonPress:
        m_lastInputWasKeyboard = false;
        break;
    case QEvent::FocusIn: {
        auto *widget = qobject_cast<QWidget *>(object);
        if (widget == nullptr)
            break;
        const Qt::FocusReason reason = static_cast<QFocusEvent *>(event)->reason();
        const bool byKeyboard = reason == Qt::TabFocusReason || reason == Qt::BacktabFocusReason ||
                                reason == Qt::ShortcutFocusReason ||
                                (reason != Qt::MouseFocusReason && m_lastInputWasKeyboard);
        const bool drawsItself =
            qobject_cast<QLineEdit *>(widget) || qobject_cast<QTextEdit *>(widget) ||
            qobject_cast<QPlainTextEdit *>(widget) || qobject_cast<QAbstractItemView *>(widget) ||
            qobject_cast<QAbstractSpinBox *>(widget) || qobject_cast<QComboBox *>(widget) ||
            widget->isWindow() || widget->property("drawsFocus").toBool();
        show(byKeyboard && !drawsItself ? widget : nullptr);
        break;
    }
    case QEvent::FocusOut:
        if (object == target())
            show(nullptr);
        break;
    default:
        break;
    }
    return QObject::eventFilter(object, event);
}

} // namespace parley::ui
