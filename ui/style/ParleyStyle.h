// Draws what a style sheet cannot: radios, checks, and the ring around what the keyboard is on.
#pragma once

#include "ui/style/Theme.h"

#include <QPointer>
#include <QProxyStyle>

class QFocusFrame;

namespace parley::ui {

class ParleyStyle : public QProxyStyle
{
    Q_OBJECT

public:
    explicit ParleyStyle(Theme &theme);

    void drawPrimitive(PrimitiveElement element, const QStyleOption *option, QPainter *painter,
                       const QWidget *widget) const override;
    void drawControl(ControlElement element, const QStyleOption *option, QPainter *painter,
                     const QWidget *widget) const override;
    int pixelMetric(PixelMetric metric, const QStyleOption *option, const QWidget *widget) const override;
    int styleHint(StyleHint hint, const QStyleOption *option, const QWidget *widget,
                  QStyleHintReturn *data) const override;

private:
    Theme &m_theme;
};

/// Puts the ring around the focused control when the keyboard brought the focus there. Inputs, lists and
/// whatever has the property "drawsFocus" show their focus themselves.
class FocusRing : public QObject
{
    Q_OBJECT

public:
    explicit FocusRing(QObject *parent);
    ~FocusRing() override;
    /// The control that wears the ring now, or null.
    [[nodiscard]] QWidget *target() const;

protected:
    bool eventFilter(QObject *object, QEvent *event) override;

private:
    void show(QWidget *widget);

    QPointer<QFocusFrame> m_frame;
    bool m_lastInputWasKeyboard = false;
};

} // namespace parley::ui
