// The icons at the edge of the window: pages, counts, and the agent with their status.
#pragma once

#include "core/desk/DeskValues.h"
#include "ui/style/Marks.h"
#include "ui/style/Surfaces.h"

class QMenu;

namespace parley::ui {

enum class Page { Chats, Queue, Sync, Settings };

class Rail : public Ground
{
    Q_OBJECT

public:
    Rail(Theme &theme, QWidget *parent = nullptr);

    void setPage(Page page);
    [[nodiscard]] Page page() const { return m_page; }
    void setUnread(int count);
    void setWaiting(int count);
    void setNeedsYou(int count);
    void setMe(const QString &name, Presence presence);
    void openStatusMenu();
    void focusCurrent();

signals:
    void pageAsked(parley::ui::Page page);
    void shortcutsAsked();
    void presenceChosen(parley::Presence presence);

protected:
    void paintEvent(QPaintEvent *event) override;
    bool eventFilter(QObject *object, QEvent *event) override;

private:
    class Item;
    class Me;
    Item *add(const QString &icon, const QString &text, Page page, Tone countTone);
    void tellNames();

    Theme &m_theme;
    QBoxLayout *m_column;
    QList<Item *> m_items;
    Item *m_keys;
    Me *m_me;
    Page m_page = Page::Chats;
};

} // namespace parley::ui
