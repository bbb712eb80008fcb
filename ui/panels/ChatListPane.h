// The list of chats: my chats above, waiting visitors below, with "Accept next".
#pragma once

#include "ui/models/ChatListModel.h"
#include "ui/models/ChatListProxy.h"
#include "ui/style/Surfaces.h"

#include <QTimer>

class QScrollArea;

namespace parley::ui {

class ChatListView;
class ChatRowDelegate;
class CountLabel;

class ChatListPane : public Ground
{
    Q_OBJECT

public:
    ChatListPane(Theme &theme, std::function<QDateTime()> now, QWidget *parent = nullptr);

    [[nodiscard]] ChatListModel &model() { return *m_model; }
    void setOpenChat(const ChatId &id);
    [[nodiscard]] ChatId openChat() const { return m_open; }
    void setCapacity(int capacity);
    void setCrmShortName(const QString &name);
    /// Shown above the rows: offline, an error. Empty title: nothing.
    void setNotice(BannerKind kind, const QString &title, const QString &detail);
    void setLoading(bool loading); ///< skeleton rows while the first list comes
    void setCompact(bool compact);
    [[nodiscard]] bool isCompact() const { return m_isCompact; }
    /// Only waiting visitors: the rail's "Queue".
    void setQueueOnly(bool queueOnly);
    [[nodiscard]] bool isQueueOnly() const { return m_isQueueOnly; }
    void focusList();

    // Which chat a key means, in the order on the screen.
    [[nodiscard]] ChatId nth(int n) const; ///< 1..9 of my chats
    [[nodiscard]] ChatId neighbour(int step) const;
    [[nodiscard]] ChatId longestWaiting() const; ///< of my chats

signals:
    void chatOpened(const parley::ChatId &id);
    void acceptAsked(const parley::ChatId &id); ///< empty: whoever waits longest
    void searchAsked();
    void widthAsked();                       ///< the strip must become a list before the waiting are seen
    void moreAsked(const QPoint &globalPos); ///< what concerns the whole window

protected:
    void enterEvent(QEnterEvent *event) override;
    void leaveEvent(QEvent *event) override;

private:
    void buildHeader(QVBoxLayout &column);
    void buildSections(QVBoxLayout &column);
    QWidget *buildSectionHeader(ChatSection section);
    void tell();
    void updateFreeze();
    void showOrderMenu();

    Theme &m_theme;
    std::function<QDateTime()> m_now;
    ChatListModel *m_model;
    ChatListProxy *m_mine;
    ChatListProxy *m_waiting;
    ChatRowDelegate *m_delegate;
    ChatListView *m_mineView = nullptr;
    ChatListView *m_waitingView = nullptr;
    QWidget *m_header = nullptr;
    QWidget *m_searchRow = nullptr;
    QPushButton *m_search = nullptr;
    IconButton *m_compactSearch = nullptr;
    IconButton *m_compactMore = nullptr;
    IconButton *m_compactQueue = nullptr;
    CountLabel *m_compactQueueCount = nullptr;
    QWidget *m_compactQueueBox = nullptr;
    Banner *m_notice = nullptr;
    QWidget *m_noticeRow = nullptr;
    bool m_hasNotice = false;
    QScrollArea *m_scroll = nullptr;
    QWidget *m_mineHeader = nullptr;
    QWidget *m_waitingHeader = nullptr;
    Label *m_mineCount = nullptr;
    Label *m_waitingCount = nullptr;
    Button *m_order = nullptr;
    Button *m_acceptNext = nullptr;
    EmptyState *m_empty = nullptr;
    Button *m_emptyAccept = nullptr;
    Skeleton *m_skeleton = nullptr;
    QTimer m_tick;
    QTimer m_thaw;
    ChatId m_open;
    int m_capacity = 0;
    bool m_isCompact = false;
    bool m_isQueueOnly = false;
    bool m_isPointerIn = false;
    bool m_isLoading = false;
};

} // namespace parley::ui
