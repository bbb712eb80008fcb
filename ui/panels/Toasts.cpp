#include "ui/panels/Toasts.h"

#include "ui/style/Announcer.h"
#include "ui/style/Marks.h"

#include <QTimer>

namespace parley::ui {

using namespace Qt::Literals::StringLiterals;

class Toasts::Frame : public PopupFrame
{
public:
    Frame(Theme &theme, const Toast &toast, Toasts &owner)
        : PopupFrame(theme, owner.parentWidget())
        , content(toast)
        , m_owner(owner)
        , m_title(new Label(theme, toast.title, TextRole::Body, &Palette::tx1, this))
    {
        setObjectName(u"toast"_s);
        setFixedWidth(312);
        auto *row = new QHBoxLayout(this);
        row->setContentsMargins(13, 11, 9, 11);
        row->setSpacing(8);
        const bool bad = toast.kind == BannerKind::Bad;
        auto *mark = new IconLabel(theme,
                                   bad                            ? u"error"_s
                                   : toast.kind == BannerKind::Ok ? u"check"_s
                                                                  : u"info"_s,
                                   14,
                                   bad                            ? &Palette::bad
                                   : toast.kind == BannerKind::Ok ? &Palette::ok
                                                                  : &Palette::tx2,
                                   this);
        row->addWidget(mark, 0, Qt::AlignTop);
        auto *words = new QVBoxLayout;
        words->setSpacing(0);
        m_title->setWeight(QFont::Medium);
        m_title->setWordWrap(true);
        words->addWidget(m_title);
        if (!toast.detail.isEmpty()) {
            auto *detail = new Label(theme, toast.detail, TextRole::Meta, &Palette::tx2, this);
            detail->setWordWrap(true);
            words->addWidget(detail);
        }
        row->addLayout(words, 1);
        if (!toast.action.isEmpty()) {
            auto *action = new Button(theme, toast.action, ButtonKind::Link, ButtonSize::Xs, this);
            action->setObjectName(u"toastAction"_s);
            connect(action, &QAbstractButton::clicked, this, [this] {
                const auto run = content.run;
                m_owner.remove(this);
                if (run)
                    run();
            });
            row->addWidget(action, 0, Qt::AlignTop);
        }
        if (toast.stays) {
            auto *close = new IconButton(theme, u"close"_s, Toasts::tr("Close"), 24, this);
            connect(close, &QAbstractButton::clicked, this, [this] { m_owner.remove(this); });
            row->addWidget(close, 0, Qt::AlignTop);
        } else {
            m_life.setSingleShot(true);
            m_life.setInterval(kLifetimeMs);
            connect(&m_life, &QTimer::timeout, this, [this] {
                if (underMouse())
                    m_life.start(); // whoever reads it keeps it
                else
                    m_owner.remove(this);
            });
            m_life.start();
        }
        setAccessibleName(toast.detail.isEmpty() ? toast.title : toast.title + u". "_s + toast.detail);
    }

    void merge()
    {
        ++m_count;
        if (content.mergedTitle)
            m_title->setText(content.mergedTitle(m_count));
        setAccessibleName(m_title->text());
        if (m_life.isActive())
            m_life.start();
    }

    const Toast content;

private:
    Toasts &m_owner;
    Label *m_title;
    QTimer m_life;
    int m_count = 1;
};

Toasts::Toasts(Theme &theme, QWidget *parent)
    : QWidget(parent)
    , m_theme(theme)
{
    hide();
}

void Toasts::show(Toast toast)
{
    Frame *frame = nullptr;
    for (Frame *shown : std::as_const(m_shown)) {
        if (!toast.group.isEmpty() && shown->content.group == toast.group)
            frame = shown;
    }
    if (frame) {
        frame->merge();
    } else {
        if (m_shown.size() >= 3) {
            // The oldest that would have gone by itself makes room, else the oldest of all.
            const auto it =
                std::ranges::find_if(m_shown, [](const Frame *shown) { return !shown->content.stays; });
            remove(it == m_shown.end() ? m_shown.first() : *it);
        }
        frame = new Frame(m_theme, toast, *this);
        m_shown += frame;
        frame->show();
    }
    layOut();
    announce(this, frame->accessibleName());
}

void Toasts::remove(Frame *frame)
{
    if (!m_shown.removeOne(frame))
        return;
    frame->hide();
    frame->deleteLater(); // we may be inside one of its own buttons
    layOut();
}

void Toasts::place(const QRect &room)
{
    m_room = room;
    layOut();
}

void Toasts::layOut()
{
    int bottom = m_room.bottom() - 8;
    for (auto it = m_shown.crbegin(); it != m_shown.crend(); ++it) {
        Frame *frame = *it;
        frame->adjustSize();
        const int height = frame->height();
        const QRect wanted(m_room.right() + 1 - 16 - frame->width(), bottom - height, frame->width(), height);
        frame->setGeometry(paint::placed(layoutDirection(), m_room, wanted));
        frame->raise();
        bottom -= height + 8;
    }
}

} // namespace parley::ui
