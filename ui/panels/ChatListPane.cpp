#include "ui/panels/ChatListPane.h"

#include "ui/panels/ChatListView.h"
#include "ui/panels/Shortcuts.h"
#include "ui/style/Marks.h"
#include "ui/style/Paint.h"
#include "ui/style/Tip.h"
#include "ui/text/ChatText.h"

#include <QActionGroup>
#include <QMenu>
#include <QScrollArea>

namespace parley::ui {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr auto kThaw = std::chrono::seconds(2);

/// Looks like a field and opens the one field for everything: what is typed there is typed there.
class SearchField : public QPushButton
{
public:
    SearchField(Theme &theme, QWidget *parent)
        : QPushButton(ChatListPane::tr("Search or run a command"), parent)
        , m_theme(theme)
    {
        setFixedHeight(32);
        setAutoDefault(false);
        setAttribute(Qt::WA_Hover);
        setCursor(Qt::IBeamCursor);
        setProperty("focusRadius", 6);
        setAccessibleName(text());
        connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
    }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        const Palette &c = m_theme.colours();
        const auto at = [this](int x, int w) {
            return paint::placed(layoutDirection(), rect(), QRect(x, 0, w, height()));
        };
        paint::box(painter, rect(), 6, c.bgInput, underMouse() ? c.lineInput : c.line2, m_theme.lineWidth());
        paint::icon(painter, m_theme, at(11, 16), u"search"_s, 16, c.tx3);
        const QString keys = keyText(keyOf(Act::Search));
        const int hint = paint::keyHintWidth(m_theme, keys);
        paint::text(painter, at(35, width() - 35 - hint - 14), text(), m_theme.font(TextRole::Body), c.tx3);
        paint::keyHint(painter, m_theme, at(width() - 8 - hint, hint), keys, c.tx3, c.line2, c.bgInput);
    }

private:
    Theme &m_theme;
};

} // namespace

ChatListPane::ChatListPane(Theme &theme, std::function<QDateTime()> now, QWidget *parent)
    : Ground(theme, &Palette::bgList, parent, Qt::RightEdge)
    , m_theme(theme)
    , m_now(std::move(now))
    , m_model(new ChatListModel(m_now, this))
    , m_mine(new ChatListProxy(*m_model, ChatSection::Mine, this))
    , m_waiting(new ChatListProxy(*m_model, ChatSection::Waiting, this))
    , m_delegate(new ChatRowDelegate(theme, m_now, this))
{
    setObjectName(u"chatList"_s);
    setAccessibleName(tr("Chats"));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, theme.lineWidth(), 0);
    column->setSpacing(0);
    buildHeader(*column);
    buildSections(*column);
    for (QAbstractItemModel *model :
         {static_cast<QAbstractItemModel *>(m_model), static_cast<QAbstractItemModel *>(m_mine),
          static_cast<QAbstractItemModel *>(m_waiting)}) {
        connect(model, &QAbstractItemModel::rowsInserted, this, &ChatListPane::tell);
        connect(model, &QAbstractItemModel::rowsRemoved, this, &ChatListPane::tell);
    }
    // The waits run on: only the rows on the screen are drawn again, and no model signal tells of it.
    m_tick.setInterval(1000);
    connect(&m_tick, &QTimer::timeout, this, [this] {
        m_mineView->viewport()->update();
        m_waitingView->viewport()->update();
    });
    m_tick.start();
    m_thaw.setSingleShot(true);
    m_thaw.setInterval(kThaw);
    connect(&m_thaw, &QTimer::timeout, this, [this] {
        m_mine->setFrozen(false);
        m_waiting->setFrozen(false);
    });
    tell();
}

void ChatListPane::buildHeader(QVBoxLayout &column)
{
    m_header = new QWidget(this);
    m_header->setFixedHeight(48);
    auto *row = new QHBoxLayout(m_header);
    row->setContentsMargins(16, 0, 8, 0);
    row->setSpacing(0);
    auto *title = new Label(m_theme, tr("Chats"), TextRole::Title, &Palette::tx1, m_header);
    title->setObjectName(u"chatListTitle"_s);
    row->addWidget(title);
    row->addStretch(1);
    auto *filter = new IconButton(m_theme, u"filter"_s, tr("Order of the chats"), 28, m_header);
    filter->setObjectName(u"chatListOrder"_s);
    connect(filter, &QAbstractButton::clicked, this, &ChatListPane::showOrderMenu);
    row->addWidget(filter);
    const auto asksMore = [this](IconButton *more) {
        connect(more, &QAbstractButton::clicked, this,
                [this, more] { emit moreAsked(more->mapToGlobal(QPoint(0, more->height()))); });
    };
    auto *more = new IconButton(m_theme, u"more"_s, tr("More"), 28, m_header);
    more->setObjectName(u"windowMore"_s);
    asksMore(more);
    row->addWidget(more);
    column.addWidget(m_header);

    m_searchRow = new QWidget(this);
    auto *searchLayout = new QHBoxLayout(m_searchRow);
    searchLayout->setContentsMargins(12, 0, 12, 8);
    m_search = new SearchField(m_theme, m_searchRow);
    m_search->setObjectName(u"chatSearch"_s);
    connect(m_search, &QAbstractButton::clicked, this, &ChatListPane::searchAsked);
    searchLayout->addWidget(m_search);
    column.addWidget(m_searchRow);

    m_compactSearch = new IconButton(m_theme, u"search"_s, {}, 32, this);
    m_compactSearch->setName(tr("Search or run a command"), keyOf(Act::Search));
    m_compactSearch->setObjectName(u"compactSearch"_s);
    m_compactSearch->hide();
    connect(m_compactSearch, &QAbstractButton::clicked, this, &ChatListPane::searchAsked);
    column.addWidget(m_compactSearch, 0, Qt::AlignHCenter);
    m_compactMore = new IconButton(m_theme, u"more"_s, tr("More"), 32, this);
    m_compactMore->setObjectName(u"compactMore"_s);
    m_compactMore->hide();
    asksMore(m_compactMore);
}

QWidget *ChatListPane::buildSectionHeader(ChatSection section)
{
    const bool isMine = section == ChatSection::Mine;
    auto *header = new Ground(m_theme, &Palette::bgList, this, isMine ? Qt::Edges() : Qt::Edges(Qt::TopEdge));
    header->setFixedHeight(32);
    auto *row = new QHBoxLayout(header);
    row->setContentsMargins(16, 0, 7, 0); // the button's own padding is the rest
    row->setSpacing(8);
    auto *name =
        new Label(m_theme, isMine ? tr("My chats") : tr("Waiting"), TextRole::Meta, &Palette::tx2, header);
    name->setWeight(QFont::DemiBold);
    row->addWidget(name);
    auto *count = new Label(m_theme, {}, TextRole::Meta, &Palette::tx3, header);
    row->addWidget(count);
    row->addStretch();
    auto *action = new Button(m_theme, isMine ? tr("Longest wait") : tr("Accept next"), ButtonKind::Ghost,
                              ButtonSize::Xs, header);
    action->setInkQuiet(true);
    row->addWidget(action);
    if (isMine) {
        m_mineCount = count;
        m_order = action;
        action->setObjectName(u"chatOrder"_s);
        action->setTrailingIconName(u"down"_s);
        connect(action, &QAbstractButton::clicked, this, &ChatListPane::showOrderMenu);
    } else {
        m_waitingCount = count;
        m_acceptNext = action;
        action->setObjectName(u"acceptNext"_s);
        action->setKeyHint(QKeySequence(Qt::Key_F8));
        connect(action, &QAbstractButton::clicked, this, [this] { emit acceptAsked({}); });
    }
    return header;
}

void ChatListPane::buildSections(QVBoxLayout &column)
{
    m_notice = new Banner(m_theme, BannerKind::Warn, {}, {}, this);
    m_notice->setObjectName(u"chatListNotice"_s);
    m_noticeRow = new QWidget(this);
    auto *noticeRow = new QHBoxLayout(m_noticeRow);
    noticeRow->setContentsMargins(8, 0, 8, 8);
    noticeRow->addWidget(m_notice);
    m_noticeRow->hide();
    column.addWidget(m_noticeRow);

    m_scroll = new QScrollArea(this);
    m_scroll->setObjectName(u"chatScroll"_s);
    m_scroll->setWidgetResizable(true);
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_scroll->setFocusPolicy(Qt::NoFocus);
    auto *body = new QWidget;
    body->setObjectName(u"scrollBody"_s);
    auto *rows = new QVBoxLayout(body);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(0);
    m_mineHeader = buildSectionHeader(ChatSection::Mine);
    m_waitingHeader = buildSectionHeader(ChatSection::Waiting);
    m_mineView = new ChatListView(m_theme, *m_mine, *m_delegate, body);
    m_mineView->setObjectName(u"myChats"_s);
    m_mineView->setAccessibleName(tr("My chats"));
    m_waitingView = new ChatListView(m_theme, *m_waiting, *m_delegate, body);
    m_waitingView->setObjectName(u"waitingChats"_s);
    m_waitingView->setAccessibleName(tr("Waiting"));
    m_skeleton = new Skeleton(m_theme, Skeleton::Shape::ChatRows, body);
    m_skeleton->hide();
    m_empty = new EmptyState(m_theme, u"chats"_s, tr("No chats yet"),
                             tr("Visitors who wait are listed below. Press F8 to take the next one."), body);
    m_emptyAccept = m_empty->addButton(tr("Accept next"));
    m_emptyAccept->setKeyHint(QKeySequence(Qt::Key_F8));
    connect(m_emptyAccept, &QAbstractButton::clicked, this, [this] { emit acceptAsked({}); });
    rows->addWidget(m_mineHeader);
    rows->addWidget(m_skeleton);
    rows->addWidget(m_empty);
    rows->addWidget(m_mineView);
    m_compactQueueBox = new QWidget(body);
    m_compactQueueBox->setFixedSize(71, 69);
    auto *rule = new Line(m_theme, Qt::Horizontal, m_compactQueueBox);
    rule->setGeometry(16, 8, 40, 1);
    m_compactQueue = new IconButton(m_theme, u"queue"_s, tr("Waiting visitors"), 32, m_compactQueueBox);
    m_compactQueue->setObjectName(u"compactQueue"_s);
    m_compactQueue->setIconSide(20);
    m_compactQueue->move(20, 27);
    m_compactQueueCount = new CountLabel(m_theme, Tone::Plain, m_compactQueueBox);
    m_compactQueueCount->setAttribute(Qt::WA_TransparentForMouseEvents);
    connect(m_compactQueue, &QAbstractButton::clicked, this, [this] {
        emit widthAsked();
        m_waitingView->setFocus(Qt::TabFocusReason);
    });
    rows->addWidget(m_compactQueueBox);
    rows->addWidget(m_waitingHeader);
    rows->addWidget(m_waitingView);
    rows->addStretch(1);
    for (QWidget *part : {m_mineHeader, static_cast<QWidget *>(m_mineView), m_waitingHeader,
                          static_cast<QWidget *>(m_waitingView)})
        part->raise(); // children are read in this order
    m_scroll->setWidget(body);
    column.addWidget(m_scroll, 1);
    column.addWidget(m_compactMore, 0, Qt::AlignHCenter); // below: the strip's rows begin where the list's do

    for (ChatListView *view : {m_mineView, m_waitingView}) {
        connect(view, &ChatListView::opened, this, &ChatListPane::chatOpened);
        connect(view, &ChatListView::acceptAsked, this, &ChatListPane::acceptAsked);
        connect(view, &ChatListView::attentionChanged, this, &ChatListPane::updateFreeze);
        connect(view->selectionModel(), &QItemSelectionModel::currentChanged, this,
                [this, view](const QModelIndex &index) {
                    if (!view->hasFocus())
                        return;
                    const QRect row = view->visualRect(index).translated(view->pos());
                    m_scroll->ensureVisible(row.center().x(), row.bottom(), 0, 4);
                    m_scroll->ensureVisible(row.center().x(), row.top(), 0, 4);
                });
    }
    const auto step = [](ChatListView *to, int row) {
        if (!to->isVisible())
            return;
        to->setCurrentIndex(to->model()->index(row, 0));
        to->setFocus(Qt::TabFocusReason);
    };
    connect(m_mineView, &ChatListView::wentPast, this, [this, step](int direction) {
        if (direction > 0)
            step(m_waitingView, 0);
    });
    connect(m_waitingView, &ChatListView::wentPast, this, [this, step](int direction) {
        if (direction < 0)
            step(m_mineView, m_mine->rowCount() - 1);
    });
}

void ChatListPane::setOpenChat(const ChatId &id)
{
    m_open = id;
    m_delegate->setOpenChat(id);
    for (auto [view, proxy] : {std::pair(m_mineView, m_mine), std::pair(m_waitingView, m_waiting)}) {
        const int row = proxy->rowOf(id);
        if (row >= 0)
            view->setCurrentIndex(proxy->index(row, 0));
        view->viewport()->update();
    }
}

void ChatListPane::setCapacity(int capacity)
{
    m_capacity = capacity;
    tell();
}

void ChatListPane::setCrmShortName(const QString &name)
{
    m_delegate->setCrmShortName(name);
    m_mineView->viewport()->update();
    m_waitingView->viewport()->update();
}

void ChatListPane::setNotice(BannerKind kind, const QString &title, const QString &detail)
{
    m_notice->setKind(kind);
    m_notice->setTitle(title);
    m_notice->setDetail(detail);
    m_hasNotice = !title.isEmpty();
    m_noticeRow->setVisible(m_hasNotice && !m_isCompact);
}

void ChatListPane::setLoading(bool loading)
{
    if (loading == m_isLoading)
        return;
    m_isLoading = loading;
    tell();
}

void ChatListPane::setCompact(bool compact)
{
    m_isCompact = compact;
    m_delegate->setCompact(compact);
    m_header->setVisible(!compact);
    m_searchRow->setVisible(!compact);
    m_compactSearch->setVisible(compact);
    m_compactMore->setVisible(compact);
    m_noticeRow->setVisible(m_hasNotice && !compact);
    layout()->setContentsMargins(0, compact ? 8 : 0, m_theme.lineWidth(), compact ? 8 : 0);
    m_scroll->setContentsMargins(0, compact ? 8 : 0, 0, 0);
    for (ChatListView *view : {m_mineView, m_waitingView}) {
        view->doItemsLayout();
        view->updateGeometry();
    }
    tell();
}

void ChatListPane::setQueueOnly(bool queueOnly)
{
    m_isQueueOnly = queueOnly;
    tell();
}

void ChatListPane::tell()
{
    const bool showsMine = !m_isQueueOnly;
    int mineCount = 0;
    for (int row = 0; row < m_model->rowCount(); ++row)
        mineCount += m_model->at(row).state == ChatState::Open ? 1 : 0;
    m_mineCount->setText(m_capacity > 0 ? tr("%1 of %2").arg(mineCount).arg(m_capacity)
                                        : QString::number(mineCount));
    m_waitingCount->setText(visitorsText(m_model->waiting()));
    m_mineHeader->setVisible(showsMine && !m_isCompact);
    m_mineView->setVisible(showsMine && m_mine->rowCount() > 0);
    m_waitingHeader->setVisible(!m_isCompact && (m_waiting->rowCount() > 0 || m_isQueueOnly));
    m_waitingView->setVisible(m_waiting->rowCount() > 0 && !m_isCompact);
    m_compactQueueBox->setVisible(m_isCompact && m_model->waiting() > 0);
    m_compactQueueCount->setCount(m_model->waiting());
    const QSize count = m_compactQueueCount->sizeHint();
    m_compactQueueCount->setGeometry(layoutDirection() == Qt::RightToLeft ? 10 : 62 - count.width(), 19,
                                     count.width(), 16);
    m_compactQueue->setName(tr("%1 wait. Show them").arg(visitorsText(m_model->waiting())));
    m_skeleton->setVisible(m_isLoading && m_model->rowCount() == 0 && !m_isCompact);
    const bool isEmpty =
        !m_isLoading && !m_isCompact && (m_isQueueOnly ? m_model->waiting() == 0 : m_mine->rowCount() == 0);
    if (m_isQueueOnly)
        m_empty->setTexts(u"queue"_s, tr("Nobody waits"), tr("New visitors appear here by themselves."));
    else
        m_empty->setTexts(u"chats"_s, tr("No chats yet"),
                          m_model->waiting() > 0
                              ? tr("Visitors who wait are listed below. Press F8 to take the next one.")
                              : tr("New visitors appear here by themselves."));
    m_emptyAccept->setVisible(!m_isQueueOnly && m_model->waiting() > 0);
    m_empty->setVisible(isEmpty);
    m_acceptNext->setEnabled(m_model->waiting() > 0);
}

void ChatListPane::focusList()
{
    ChatListView *view = m_mineView->isVisible() && m_mine->rowCount() > 0 ? m_mineView : m_waitingView;
    if (view->isVisible())
        view->setFocus(Qt::TabFocusReason);
    else
        (m_isCompact ? static_cast<QWidget *>(m_compactSearch) : m_search)->setFocus(Qt::TabFocusReason);
}

ChatId ChatListPane::nth(int n) const
{
    return n >= 1 && n <= m_mine->rowCount() ? m_mine->rowAt(n - 1).id : ChatId();
}

ChatId ChatListPane::neighbour(int step) const
{
    const int count = m_mine->rowCount();
    if (count == 0)
        return {};
    const int row = m_mine->rowOf(m_open);
    if (row < 0)
        return m_mine->rowAt(step > 0 ? 0 : count - 1).id;
    return m_mine->rowAt((row + step + count) % count).id;
}

ChatId ChatListPane::longestWaiting() const
{
    const desk::ChatRow *longest = nullptr;
    for (int row = 0; row < m_model->rowCount(); ++row) {
        const desk::ChatRow &chat = m_model->at(row);
        if (chat.state != ChatState::Open || !chat.waitingSince.isValid())
            continue;
        if (longest == nullptr || chat.waitingSince < longest->waitingSince)
            longest = &chat;
    }
    return longest ? longest->id : ChatId();
}

void ChatListPane::enterEvent(QEnterEvent *event)
{
    m_isPointerIn = true;
    updateFreeze();
    Ground::enterEvent(event);
}

void ChatListPane::leaveEvent(QEvent *event)
{
    m_isPointerIn = false;
    updateFreeze();
    Ground::leaveEvent(event);
}

void ChatListPane::updateFreeze()
{
    if (m_isPointerIn || m_mineView->hasFocus() || m_waitingView->hasFocus()) {
        m_thaw.stop();
        m_mine->setFrozen(true);
        m_waiting->setFrozen(true);
    } else if (m_mine->isFrozen()) {
        m_thaw.start();
    }
}

void ChatListPane::showOrderMenu()
{
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    auto *group = new QActionGroup(menu);
    const auto add = [&](const QString &text, ChatOrder order) {
        QAction *action = menu->addAction(text);
        action->setCheckable(true);
        action->setChecked(m_mine->order() == order);
        group->addAction(action);
        connect(action, &QAction::triggered, this, [this, text, order] {
            m_mine->setOrder(order);
            m_waiting->setOrder(order);
            m_order->setText(text);
        });
    };
    add(tr("Longest wait"), ChatOrder::LongestWait);
    add(tr("Newest"), ChatOrder::Newest);
    const QWidget *below = m_order->isVisible() ? static_cast<QWidget *>(m_order) : this;
    menu->popup(below->mapToGlobal(QPoint(0, below->height())));
}

} // namespace parley::ui
