#include "ui/style/Marks.h"

namespace parley::ui {

using namespace Qt::Literals::StringLiterals;

namespace {

void follow(Theme &theme, QWidget *widget)
{
    widget->setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    QObject::connect(&theme, &Theme::changed, widget, [widget] { widget->update(); });
}

void remeasure(QWidget *widget)
{
    widget->updateGeometry();
    widget->update();
}

} // namespace

KeyHint::KeyHint(Theme &theme, const QString &keys, QWidget *parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_keys(keys)
{
    follow(theme, this);
}

void KeyHint::setKeys(const QString &keys)
{
    m_keys = keys;
    remeasure(this);
}

QSize KeyHint::sizeHint() const
{
    return {paint::keyHintWidth(m_theme, m_keys), 16};
}

void KeyHint::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const Palette &c = m_theme.colours();
    paint::keyHint(painter, m_theme, rect(), m_keys, c.tx3, c.line2, c.bgCard);
}

Avatar::Avatar(Theme &theme, int side, QWidget *parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_side(side)
{
    follow(theme, this);
}

void Avatar::setName(const QString &name)
{
    m_name = name;
    update();
}

void Avatar::setChannelIcon(const QString &icon)
{
    m_icon = icon;
    remeasure(this);
}

void Avatar::setDot(Dot dot)
{
    m_dot = dot;
    remeasure(this);
}

QSize Avatar::sizeHint() const
{
    const int hang = m_icon.isEmpty() && m_dot == Dot::None ? 0 : 4;
    return {m_side + hang, m_side + hang};
}

void Avatar::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const Palette &c = m_theme.colours();
    const QRect face = paint::placed(layoutDirection(), rect(),
                                     QRect(0, (height() - sizeHint().height()) / 2, m_side, m_side));
    paint::avatar(painter, m_theme, face, m_name, m_side >= 40 ? 14 : m_side >= 32 ? 12 : 9);
    if (!m_icon.isEmpty())
        paint::channelSign(painter, m_theme, face, m_icon);
    if (m_dot == Dot::None)
        return;
    const QRect dot =
        paint::placed(layoutDirection(), face, QRect(face.right() + 3 - 14, face.bottom() + 3 - 14, 14, 14));
    paint::box(painter, dot, 7, c.bgRail);
    const QRect inner = dot.adjusted(2, 2, -2, -2);
    if (m_dot == Dot::Offline)
        paint::box(painter, inner, 5, c.bgRail, c.offline, 2);
    else
        paint::box(painter, inner, 5, m_dot == Dot::Away ? c.away : c.online);
    if (m_dot == Dot::Online)
        paint::icon(painter, m_theme, inner, u"check"_s, 10, c.bgRail);
}

CrmBadge::CrmBadge(Theme &theme, QWidget *parent)
    : QWidget(parent)
    , m_theme(theme)
{
    follow(theme, this);
}

void CrmBadge::setBadge(const QString &crm, const QString &label, Tone tone)
{
    m_crm = crm;
    m_label = label;
    m_tone = tone;
    setAccessibleName(label);
    remeasure(this);
}

QSize CrmBadge::sizeHint() const
{
    return {paint::crmBadgeWidth(m_theme, m_crm, m_label, m_tone), 20};
}

void CrmBadge::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    paint::crmBadge(painter, m_theme, rect(), m_crm, m_label, m_tone);
}

Chip::Chip(Theme &theme, const QString &label, Tone tone, QWidget *parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_tone(tone)
{
    follow(theme, this);
    setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
    setLabel(label);
}

void Chip::setLabel(const QString &label)
{
    m_label = label;
    setAccessibleName(label);
    remeasure(this);
}

void Chip::setTone(Tone tone)
{
    m_tone = tone;
    update();
}

void Chip::setLarge(bool large)
{
    m_large = large;
    remeasure(this);
}

void Chip::setIconName(const QString &icon)
{
    m_icon = icon;
    remeasure(this);
}

QSize Chip::sizeHint() const
{
    return {paint::chipWidth(m_theme, m_label, m_large, !m_icon.isEmpty()), m_large ? 24 : 18};
}

QSize Chip::minimumSizeHint() const
{
    return {std::min(sizeHint().width(), 40), sizeHint().height()};
}

void Chip::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    paint::chip(painter, m_theme, rect(), m_label, m_tone, m_large, m_icon);
}

WaitLabel::WaitLabel(Theme &theme, QWidget *parent)
    : QWidget(parent)
    , m_theme(theme)
{
    follow(theme, this);
}

void WaitLabel::setWaited(std::chrono::seconds waited)
{
    if (waited == m_waited)
        return;
    m_waited = waited;
    remeasure(this);
}

QSize WaitLabel::sizeHint() const
{
    return {paint::waitWidth(m_theme, m_waited), 18};
}

void WaitLabel::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    paint::wait(painter, m_theme, rect(), m_waited);
}

CountLabel::CountLabel(Theme &theme, Tone tone, QWidget *parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_tone(tone)
{
    follow(theme, this);
}

void CountLabel::setCount(int count)
{
    m_count = count;
    remeasure(this);
}

QSize CountLabel::sizeHint() const
{
    return {m_count > 0 ? paint::countWidth(m_theme, m_count) : 0, 16};
}

void CountLabel::paintEvent(QPaintEvent *)
{
    if (m_count <= 0)
        return;
    QPainter painter(this);
    paint::count(painter, m_theme, rect(), m_count, m_tone);
}

IconLabel::IconLabel(Theme &theme, const QString &icon, int size, QColor Palette::*ink, QWidget *parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_icon(icon)
    , m_size(size)
    , m_ink(ink)
{
    follow(theme, this);
}

void IconLabel::setIconName(const QString &icon)
{
    m_icon = icon;
    update();
}

void IconLabel::setInk(QColor Palette::*ink)
{
    m_ink = ink;
    update();
}

QSize IconLabel::sizeHint() const
{
    return {m_size, m_size};
}

void IconLabel::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    paint::icon(painter, m_theme, rect(), m_icon, m_size, m_theme.colours().*m_ink);
}

} // namespace parley::ui
