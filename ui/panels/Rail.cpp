#include "ui/panels/Rail.h"

#include "ui/panels/Shortcuts.h"
#include "ui/style/Tip.h"
#include "ui/text/ChatText.h"
#include "ui/text/PlainText.h"

#include <QKeyEvent>
#include <QMenu>

namespace parley::ui {

using namespace Qt::Literals::StringLiterals;

class Rail::Item : public QPushButton
{
public:
    Item(Theme &theme, const QString &icon, const QString &text, Tone countTone, int height, QWidget *parent)
        : QPushButton(text, parent)
        , m_theme(theme)
        , m_icon(icon)
        , m_tone(countTone)
    {
        setFixedSize(64, height);
        setAutoDefault(false);
        setAttribute(Qt::WA_Hover);
        setProperty("focusRadius", 4);
        connect(&theme, &Theme::changed, this, [this] { update(); });
    }
    void setCount(int count)
    {
        m_count = count;
        update();
    }
    [[nodiscard]] int count() const { return m_count; }
    Page page = Page::Chats;

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        const Palette &c = m_theme.colours();
        const bool on = isChecked();
        if (on)
            paint::box(painter, rect(), 8, c.bgPane, c.line, m_theme.lineWidth());
        else if (underMouse())
            paint::box(painter, rect(), 8, c.bgHover);
        const QColor ink = on ? c.accentTx : c.tx2;
        const int top = (height() - 36) / 2;
        paint::icon(painter, m_theme, QRect(0, top, width(), 20), m_icon, 20, ink);
        paint::text(painter, QRect(1, top + 23, width() - 2, 14), text(),
                    m_theme.font(TextRole::Caption, on ? QFont::DemiBold : QFont::Medium), ink,
                    Qt::AlignCenter);
        if (m_count <= 0)
            return;
        const int w = paint::countWidth(m_theme, m_count);
        const QRect badge = paint::placed(layoutDirection(), rect(), QRect(width() - 3 - w, 3, w, 16));
        paint::box(painter, QRectF(badge).adjusted(-2, -2, 2, 2), 10, on ? c.bgPane : c.bgRail);
        paint::count(painter, m_theme, badge, m_count, m_tone);
    }

private:
    Theme &m_theme;
    QString m_icon;
    Tone m_tone;
    int m_count = 0;
};

class Rail::Me : public QPushButton
{
public:
    Me(Theme &theme, QWidget *parent)
        : QPushButton(parent)
        , m_theme(theme)
        , m_face(new Avatar(theme, 36, this))
    {
        setFixedSize(64, 66);
        setAutoDefault(false);
        setAttribute(Qt::WA_Hover);
        m_face->setAttribute(Qt::WA_TransparentForMouseEvents);
        m_face->setGeometry(14, 8, 40, 40);
        connect(&theme, &Theme::changed, this, [this] { update(); });
    }
    void show(const QString &name, Presence presence)
    {
        m_face->setName(name);
        m_face->setDot(presence == Presence::Available ? Avatar::Dot::Online
                       : presence == Presence::Away    ? Avatar::Dot::Away
                                                       : Avatar::Dot::Offline);
        m_face->setGeometry(layoutDirection() == Qt::RightToLeft ? 10 : 14, 8, 40, 40);
        m_text = presenceText(presence);
        setAccessibleName(Rail::tr("%1, my status: %2").arg(name, m_text));
        Tip::attach(this, m_theme, Rail::tr("My status"), keyOf(Act::Status));
        update();
    }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        const Palette &c = m_theme.colours();
        if (underMouse())
            paint::box(painter, rect(), 8, c.bgHover);
        const QFont font = m_theme.font(TextRole::Caption, QFont::Medium);
        const int words = std::min(width() - 12, paint::textWidth(font, m_text));
        const int x = (width() - words - 12) / 2;
        paint::text(painter, paint::placed(layoutDirection(), rect(), QRect(x, 47, words, 14)), m_text, font,
                    c.tx2);
        paint::icon(painter, m_theme,
                    paint::placed(layoutDirection(), rect(), QRect(x + words + 2, 47, 10, 14)), u"down"_s, 10,
                    c.tx2);
    }

private:
    Theme &m_theme;
    Avatar *m_face;
    QString m_text;
};

Rail::Rail(Theme &theme, QWidget *parent)
    : Ground(theme, &Palette::bgRail, parent, Qt::RightEdge)
    , m_theme(theme)
    , m_column(new QVBoxLayout(this))
    , m_keys(nullptr)
    , m_me(new Me(theme, this))
{
    setObjectName(u"rail"_s);
    setAccessibleName(tr("Pages"));
    setFixedWidth(72);
    m_column->setContentsMargins(4, 60, 4, 12);
    m_column->setSpacing(4);
    add(u"chats"_s, tr("Chats"), Page::Chats, Tone::Accent)->setObjectName(u"railChats"_s);
    add(u"queue"_s, tr("Queue"), Page::Queue, Tone::Plain)->setObjectName(u"railQueue"_s);
    add(u"sync"_s, tr("Sync"), Page::Sync, Tone::Bad)->setObjectName(u"railSync"_s);
    add(u"settings"_s, tr("Settings"), Page::Settings, Tone::Plain)->setObjectName(u"railSettings"_s);
    m_column->addStretch(1);
    m_keys = new Item(theme, u"keyboard"_s, tr("Keys"), Tone::Plain, 44, this);
    m_keys->setObjectName(u"railKeys"_s);
    m_keys->setAccessibleName(tr("All shortcuts"));
    m_keys->installEventFilter(this);
    Tip::attach(m_keys, theme, tr("All shortcuts"), keyOf(Act::Shortcuts));
    connect(m_keys, &QAbstractButton::clicked, this, &Rail::shortcutsAsked);
    m_column->addWidget(m_keys);
    m_me->setObjectName(u"railMe"_s);
    m_me->installEventFilter(this);
    connect(m_me, &QAbstractButton::clicked, this, &Rail::openStatusMenu);
    m_column->addWidget(m_me);
    m_me->raise(); // children are read in this order: below the pages, as on the screen
    setMe({}, Presence::Offline);
    tellNames();
}

Rail::Item *Rail::add(const QString &icon, const QString &text, Page page, Tone countTone)
{
    auto *item = new Item(m_theme, icon, text, countTone, 52, this);
    item->page = page;
    item->setCheckable(true);
    item->setAutoExclusive(true);
    item->setChecked(page == m_page);
    item->installEventFilter(this);
    connect(item, &QAbstractButton::clicked, this, [this, page] { emit pageAsked(page); });
    m_items += item;
    m_column->addWidget(item);
    return item;
}

void Rail::setPage(Page page)
{
    m_page = page;
    for (Item *item : std::as_const(m_items))
        item->setChecked(item->page == page);
}

void Rail::setUnread(int count)
{
    m_items.at(0)->setCount(count);
    tellNames();
}

void Rail::setWaiting(int count)
{
    m_items.at(1)->setCount(count);
    tellNames();
}

void Rail::setNeedsYou(int count)
{
    m_items.at(2)->setCount(count);
    tellNames();
}

void Rail::tellNames()
{
    const auto name = [](const QString &plain, const QString &counted, int count) {
        return count > 0 ? counted : plain;
    };
    const int unread = m_items.at(0)->count();
    const int waiting = m_items.at(1)->count();
    const int needs = m_items.at(2)->count();
    m_items.at(0)->setAccessibleName(name(tr("Chats"), tr("Chats, %n unread", nullptr, unread), unread));
    m_items.at(1)->setAccessibleName(name(tr("Queue"), tr("Queue, %n waiting", nullptr, waiting), waiting));
    m_items.at(2)->setAccessibleName(name(tr("Sync"), tr("Sync, %n need you", nullptr, needs), needs));
    m_items.at(3)->setAccessibleName(tr("Settings"));
}

void Rail::setMe(const QString &name, Presence presence)
{
    m_me->show(safeLine(name, 100), presence);
}

void Rail::openStatusMenu()
{
    auto *menu = new QMenu(this);
    menu->setObjectName(u"statusMenu"_s);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    for (const Presence presence : {Presence::Available, Presence::Away, Presence::Offline}) {
        QAction *action = menu->addAction(presenceText(presence));
        connect(action, &QAction::triggered, this, [this, presence] { emit presenceChosen(presence); });
    }
    menu->popup(m_me->mapToGlobal(QPoint(m_me->width() + 4, m_me->height() - menu->sizeHint().height())));
}

void Rail::focusCurrent()
{
    for (Item *item : std::as_const(m_items)) {
        if (item->isChecked())
            item->setFocus(Qt::TabFocusReason);
    }
}

bool Rail::eventFilter(QObject *object, QEvent *event)
{
    if (event->type() != QEvent::KeyPress)
        return Ground::eventFilter(object, event);
    const int key = static_cast<QKeyEvent *>(event)->key();
    if (key != Qt::Key_Up && key != Qt::Key_Down)
        return Ground::eventFilter(object, event);
    QList<QWidget *> all(m_items.begin(), m_items.end());
    all += {m_keys, m_me};
    const qsizetype at = all.indexOf(qobject_cast<QWidget *>(object));
    const qsizetype next = std::clamp<qsizetype>(at + (key == Qt::Key_Down ? 1 : -1), 0, all.size() - 1);
    all.at(next)->setFocus(Qt::TabFocusReason);
    return true;
}

void Rail::paintEvent(QPaintEvent *event)
{
    Ground::paintEvent(event);
    QPainter painter(this);
    paint::logo(painter, m_theme, QRectF((width() - 1 - 32) / 2.0, 12, 32, 32));
    for (const Item *item : std::as_const(m_items)) {
        if (item->isChecked()) {
            const QRect bar(0, item->y() + 14, 3, 24);
            painter.fillRect(paint::placed(layoutDirection(), rect(), bar), m_theme.colours().accent);
        }
    }
}

} // namespace parley::ui
