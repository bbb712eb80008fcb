#include "ui/style/Tip.h"

#include "ui/style/Paint.h"

#include <QEvent>
#include <QHelpEvent>
#include <QPointer>
#include <QScreen>
#include <QTextLayout>
#include <QTimer>

namespace parley::ui {

using namespace Qt::Literals::StringLiterals;

namespace {

class TipWindow final : public QWidget
{
public:
    TipWindow(Theme &theme, const QString &text, const QString &keys, QWidget *owner)
        : QWidget(owner, Qt::ToolTip | Qt::FramelessWindowHint)
        , m_theme(theme)
        , m_text(text)
        , m_keys(keys)
    {
        setAttribute(Qt::WA_TranslucentBackground);
        setAttribute(Qt::WA_ShowWithoutActivating);
        setAttribute(Qt::WA_DeleteOnClose);
        setAttribute(Qt::WA_TransparentForMouseEvents);
        const QFont font = theme.font(TextRole::Meta);
        const int hint = keys.isEmpty() ? 0 : paint::keyHintWidth(theme, keys) + 8;
        m_area = QFontMetrics(font).boundingRect(QRect(0, 0, kWidest, 4000), kFlags, text);
        resize(m_area.width() + 1 + hint + 16, std::max(m_area.height(), 16) + 8);
    }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        const Palette &c = m_theme.colours();
        paint::box(painter, rect(), 6, c.bgTooltip, m_theme.isHighContrast() ? c.line : QColor());
        painter.setFont(m_theme.font(TextRole::Meta));
        painter.setPen(c.txTooltip);
        const int hint = m_keys.isEmpty() ? 0 : paint::keyHintWidth(m_theme, m_keys);
        const QRect words(8, 4, width() - 16 - (hint ? hint + 8 : 0), height() - 8);
        painter.drawText(paint::placed(layoutDirection(), rect(), words), kFlags, m_text);
        if (hint) {
            QColor line = c.txTooltip;
            line.setAlphaF(0.35F);
            paint::keyHint(
                painter, m_theme,
                paint::placed(layoutDirection(), rect(), QRect(width() - 8 - hint, 0, hint, height())),
                m_keys, c.txTooltip, line, {});
        }
    }

private:
    static constexpr int kWidest = 360;
    static constexpr int kFlags =
        int(Qt::AlignLeading | Qt::AlignVCenter) | Qt::TextWrapAnywhere | Qt::TextWordWrap;
    Theme &m_theme;
    QString m_text;
    QString m_keys;
    QRect m_area;
};

QPointer<TipWindow> g_shown; // at most one tip is on the screen

void showWindow(const QPoint &wanted, Theme &theme, const QString &text, const QString &keys, QWidget *owner)
{
    if (g_shown)
        g_shown->close();
    g_shown = new TipWindow(theme, text, keys, owner);
    QRect place(wanted, g_shown->size());
    if (const QScreen *screen = owner->screen()) {
        const QRect room = screen->availableGeometry();
        place.moveLeft(std::clamp(place.left(), room.left() + 4,
                                  std::max(room.left() + 4, room.right() - place.width() - 4)));
        if (place.bottom() > room.bottom())
            place.moveBottom(wanted.y() - 36);
    }
    g_shown->move(place.topLeft());
    g_shown->show();
    QTimer::singleShot(8000, g_shown, &QWidget::close);
}

} // namespace

Tip::Tip(QWidget *widget, Theme &theme)
    : QObject(widget)
    , m_theme(theme)
{
    setObjectName(u"tip"_s);
    widget->installEventFilter(this);
}

void Tip::attach(QWidget *widget, Theme &theme, const QString &text, const QKeySequence &keys)
{
    auto *tip = dynamic_cast<Tip *>(widget->findChild<QObject *>(u"tip"_s, Qt::FindDirectChildrenOnly));
    if (tip == nullptr)
        tip = new Tip(widget, theme);
    tip->m_text = text;
    tip->m_keys = keyText(keys);
}

void Tip::showAt(const QPoint &globalPos, Theme &theme, const QString &text, QWidget *owner)
{
    showWindow(globalPos, theme, text, {}, owner);
}

void Tip::hide()
{
    if (g_shown)
        g_shown->close();
}

bool Tip::eventFilter(QObject *object, QEvent *event)
{
    auto *widget = static_cast<QWidget *>(object);
    switch (event->type()) {
    case QEvent::ToolTip:
        if (m_text.isEmpty())
            return false;
        showWindow(widget->mapToGlobal(QPoint(0, widget->height() + 6)), m_theme, m_text, m_keys, widget);
        return true;
    case QEvent::Leave:
    case QEvent::MouseButtonPress:
    case QEvent::KeyPress:
    case QEvent::Hide:
        hide();
        return false;
    default:
        return false;
    }
}

} // namespace parley::ui
