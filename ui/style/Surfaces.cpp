#include "ui/style/Surfaces.h"

#include "ui/style/Marks.h"
#include "ui/style/Paint.h"

#include <QEvent>

namespace parley::ui {

using namespace Qt::Literals::StringLiterals;

void emptyLayout(QLayout *layout)
{
    while (QLayoutItem *item = layout->takeAt(0)) {
        if (QWidget *widget = item->widget()) {
            widget->hide();
            widget->deleteLater();
        }
        delete item;
    }
}

Ground::Ground(Theme &theme, Ink fill, QWidget *parent, Qt::Edges lines)
    : QWidget(parent)
    , m_theme(theme)
    , m_fill(fill)
    , m_lines(lines)
{
    connect(&theme, &Theme::changed, this, [this] { update(); });
}

void Ground::setFill(Ink fill)
{
    m_fill = fill;
    update();
}

void Ground::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const QColor line = m_theme.colours().line;
    const int w = m_theme.lineWidth();
    painter.fillRect(rect(), m_theme.colours().*m_fill);
    const bool mirrored = layoutDirection() == Qt::RightToLeft;
    if (m_lines & (mirrored ? Qt::RightEdge : Qt::LeftEdge))
        painter.fillRect(0, 0, w, height(), line);
    if (m_lines & (mirrored ? Qt::LeftEdge : Qt::RightEdge))
        painter.fillRect(width() - w, 0, w, height(), line);
    if (m_lines & Qt::TopEdge)
        painter.fillRect(0, 0, width(), w, line);
    if (m_lines & Qt::BottomEdge)
        painter.fillRect(0, height() - w, width(), w, line);
}

Card::Card(Theme &theme, QWidget *parent)
    : QWidget(parent)
    , m_theme(theme)
{
    connect(&theme, &Theme::changed, this, [this] { update(); });
}

void Card::setFill(Ink fill)
{
    m_fill = fill;
    update();
}

void Card::setLine(Ink line)
{
    m_line = line;
    update();
}

void Card::setHoverable(bool hoverable)
{
    m_hoverable = hoverable;
    setAttribute(Qt::WA_Hover, hoverable);
}

void Card::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const Palette &c = m_theme.colours();
    paint::box(painter, rect(), 8, c.*m_fill, m_hoverable && underMouse() ? c.line2 : c.*m_line,
               m_theme.lineWidth());
}

bool Card::event(QEvent *event)
{
    if (event->type() == QEvent::HoverEnter || event->type() == QEvent::HoverLeave)
        update();
    return QWidget::event(event);
}

Line::Line(Theme &theme, Qt::Orientation orientation, QWidget *parent)
    : QWidget(parent)
    , m_theme(theme)
{
    if (orientation == Qt::Horizontal)
        setFixedHeight(theme.lineWidth());
    else
        setFixedWidth(theme.lineWidth());
    connect(&theme, &Theme::changed, this, [this] { update(); });
}

void Line::paintEvent(QPaintEvent *)
{
    QPainter(this).fillRect(rect(), m_theme.colours().line);
}

Banner::Banner(Theme &theme, BannerKind kind, const QString &title, const QString &detail, QWidget *parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_kind(kind)
    , m_icon(new IconLabel(theme, {}, 16, &Palette::tx2, this))
    , m_title(new Label(theme, title, TextRole::Body, &Palette::tx1, this))
    , m_detail(new Label(theme, detail, TextRole::Meta, &Palette::tx2, this))
    , m_row(new QHBoxLayout(this))
    , m_links(new QHBoxLayout)
{
    m_title->setWeight(QFont::Medium);
    m_title->setWordWrap(true);
    m_detail->setWordWrap(true);
    m_detail->setVisible(!detail.isEmpty());
    m_row->setContentsMargins(13, 9, 13, 9);
    m_row->setSpacing(8);
    auto *icons = new QVBoxLayout;
    icons->setContentsMargins(0, 2, 0, 0);
    icons->addWidget(m_icon);
    icons->addStretch();
    m_row->addLayout(icons);
    auto *words = new QVBoxLayout;
    words->setSpacing(2);
    words->addWidget(m_title);
    words->addWidget(m_detail);
    words->addLayout(m_links);
    m_links->setSpacing(4);
    m_links->setContentsMargins(-4, 0, 0, 0);
    m_links->addStretch();
    m_row->addLayout(words, 1);
    connect(&theme, &Theme::changed, this, [this] { update(); });
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Preferred); // Maximum would cut wrapped words
    tell();
}

void Banner::tell()
{
    QString icon = u"info"_s;
    Ink ink = &Palette::accentTx;
    if (m_kind == BannerKind::Ok) {
        icon = u"check"_s;
        ink = &Palette::ok;
    } else if (m_kind == BannerKind::Warn) {
        icon = u"warning"_s;
        ink = &Palette::warn;
    } else if (m_kind == BannerKind::Bad) {
        icon = u"error"_s;
        ink = &Palette::bad;
    }
    m_icon->setIconName(m_iconName.isEmpty() ? icon : m_iconName);
    m_icon->setInk(ink);
    setAccessibleName(m_detail->text().isEmpty() ? m_title->text()
                                                 : m_title->text() + u' ' + m_detail->text());
    update();
}

void Banner::setKind(BannerKind kind)
{
    m_kind = kind;
    tell();
}

void Banner::setTitle(const QString &title)
{
    m_title->setText(title);
    tell();
}

void Banner::setDetail(const QString &detail)
{
    m_detail->setText(detail);
    m_detail->setVisible(!detail.isEmpty());
    tell();
}

void Banner::setIconName(const QString &icon)
{
    m_iconName = icon;
    tell();
}

QString Banner::title() const
{
    return m_title->text();
}

Button *Banner::addLink(const QString &text)
{
    auto *link = new Button(m_theme, text, ButtonKind::Link, ButtonSize::Xs, this);
    m_links->insertWidget(m_links->count() - 1, link);
    m_actions += link;
    return link;
}

Button *Banner::addButton(const QString &text)
{
    auto *button = new Button(m_theme, text, ButtonKind::Normal, ButtonSize::Xs, this);
    m_row->addWidget(button, 0, Qt::AlignTop);
    m_actions += button;
    return button;
}

void Banner::clearActions()
{
    for (const QPointer<QWidget> &action : std::as_const(m_actions)) {
        if (action) {
            action->hide(); // at once, for it may be the sender of the call that we are in
            action->deleteLater();
        }
    }
    m_actions.clear();
}

void Banner::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const Palette &c = m_theme.colours();
    switch (m_kind) {
    case BannerKind::Info:
        paint::box(painter, rect(), 8, c.accentTint, c.accentTint2, m_theme.lineWidth());
        break;
    case BannerKind::Ok:
        paint::box(painter, rect(), 8, c.okTint, c.okLine, m_theme.lineWidth());
        break;
    case BannerKind::Warn:
        paint::box(painter, rect(), 8, c.warnTint, c.warnLine, m_theme.lineWidth());
        break;
    case BannerKind::Bad:
        paint::box(painter, rect(), 8, c.badTint, c.badLine, m_theme.lineWidth());
        break;
    }
}

class EmptyState::Disc : public QWidget
{
public:
    Disc(Theme &theme, const QString &icon, QWidget *parent)
        : QWidget(parent)
        , m_theme(theme)
        , m_icon(icon)
    {
        setFixedSize(40, 40);
    }
    void setIcon(const QString &icon)
    {
        m_icon = icon;
        update();
    }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        paint::box(painter, rect(), 20, m_theme.colours().bgSunken);
        paint::icon(painter, m_theme, rect(), m_icon, 20, m_theme.colours().tx2);
    }

private:
    Theme &m_theme;
    QString m_icon;
};

EmptyState::EmptyState(Theme &theme, const QString &icon, const QString &title, const QString &detail,
                       QWidget *parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_disc(new Disc(theme, icon, this))
    , m_title(new Label(theme, title, TextRole::Strong, &Palette::tx1, this))
    , m_detail(new Label(theme, detail, TextRole::Meta, &Palette::tx2, this))
    , m_buttons(new QHBoxLayout)
{
    m_title->setAlignment(Qt::AlignCenter);
    m_title->setWordWrap(true);
    m_detail->setAlignment(Qt::AlignCenter);
    m_detail->setWordWrap(true);
    m_detail->setMaximumWidth(280);
    m_detail->setMinimumWidth(std::min(260, paint::textWidth(m_detail->font(), detail) + 4));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(24, 16, 24, 16);
    column->setSpacing(4);
    column->addStretch();
    column->addWidget(m_disc, 0, Qt::AlignHCenter);
    column->addSpacing(8);
    column->addWidget(m_title);
    column->addWidget(m_detail, 0, Qt::AlignHCenter);
    m_buttons->setContentsMargins(0, 8, 0, 0);
    m_buttons->setSpacing(8);
    m_buttons->addStretch();
    m_buttons->addStretch();
    column->addLayout(m_buttons);
    column->addStretch();
    connect(&theme, &Theme::changed, m_disc, [this] { m_disc->update(); });
}

void EmptyState::setTexts(const QString &icon, const QString &title, const QString &detail)
{
    m_disc->setIcon(icon);
    m_title->setText(title);
    m_detail->setText(detail);
    m_detail->setMinimumWidth(std::min(260, paint::textWidth(m_detail->font(), detail) + 4));
    m_detail->setVisible(!detail.isEmpty());
}

Button *EmptyState::addButton(const QString &text, ButtonKind kind)
{
    auto *button = new Button(m_theme, text, kind, ButtonSize::Sm, this);
    m_buttons->insertWidget(m_buttons->count() - 1, button);
    return button;
}

Skeleton::Skeleton(Theme &theme, Shape shape, QWidget *parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_shape(shape)
{
    connect(&theme, &Theme::changed, this, [this] { update(); });
}

QSize Skeleton::sizeHint() const
{
    return m_shape == Shape::ChatRows  ? QSize(200, 172)
           : m_shape == Shape::Bubbles ? QSize(240, 144)
                                       : QSize(200, 112);
}

void Skeleton::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const QColor bar = m_theme.colours().bgPressed;
    const auto put = [&](int x, int y, int w, int h, int radius) {
        paint::box(painter, paint::placed(layoutDirection(), rect(), QRect(x, y, w, h)), radius, bar);
    };
    const int room = width() - 32;
    if (m_shape == Shape::ChatRows) {
        constexpr int kWidths[3][2] = {{60, 80}, {48, 88}, {70, 64}};
        for (int i = 0; i < 3; ++i) {
            const int y = 16 + i * 52;
            put(16, y, 36, 36, 18);
            put(64, y + 5, (room - 48) * kWidths[i][0] / 100, 10, 4);
            put(64, y + 23, (room - 48) * kWidths[i][1] / 100, 8, 4);
        }
    } else if (m_shape == Shape::Bubbles) {
        put(16, 16, room * 62 / 100, 32, 12);
        put(16, 56, room * 44 / 100, 32, 12);
        put(16 + room * 44 / 100, 96, room * 56 / 100, 32, 12);
    } else {
        constexpr int kWidths[4] = {98, 70, 115, 84};
        for (int i = 0; i < 4; ++i) {
            put(16, 17 + i * 22, 80, 8, 4);
            put(108, 16 + i * 22, kWidths[i], 10, 4);
        }
    }
}

Switch::Switch(Theme &theme, const QString &name, QWidget *parent)
    : QAbstractButton(parent)
    , m_theme(theme)
{
    setCheckable(true);
    setAccessibleName(name);
    setFixedSize(32, 18);
    setFocusPolicy(Qt::StrongFocus);
    setProperty("focusRadius", 9);
    connect(&theme, &Theme::changed, this, [this] { update(); });
}

void Switch::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const Palette &c = m_theme.colours();
    paint::box(painter, rect(), 9, isChecked() ? c.accent : c.lineInput);
    const QRect knob = paint::placed(layoutDirection(), rect(), QRect(isChecked() ? 16 : 2, 2, 14, 14));
    paint::box(painter, knob, 7, isChecked() ? c.onAccent : c.bgPane);
}

} // namespace parley::ui
