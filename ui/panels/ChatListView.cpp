#include "ui/panels/ChatListView.h"

#include "ui/models/ChatListModel.h"
#include "ui/models/ChatListProxy.h"
#include "ui/style/Tip.h"
#include "ui/text/ChatText.h"

#include <QHelpEvent>
#include <QKeyEvent>

namespace parley::ui {

ChatListView::ChatListView(Theme &theme, ChatListProxy &proxy, ChatRowDelegate &delegate, QWidget *parent)
    : QListView(parent)
    , m_theme(theme)
    , m_proxy(proxy)
    , m_delegate(delegate)
{
    setModel(&proxy);
    setItemDelegate(&delegate);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollMode(ScrollPerPixel);
    setUniformItemSizes(true);
    setSelectionMode(SingleSelection);
    setEditTriggers(NoEditTriggers);
    setMouseTracking(true);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    for (const auto signal : {&QAbstractItemModel::rowsInserted, &QAbstractItemModel::rowsRemoved})
        connect(&proxy, signal, this, [this] { updateGeometry(); });
    connect(&proxy, &QAbstractItemModel::modelReset, this, [this] { updateGeometry(); });
    connect(&proxy, &QAbstractItemModel::layoutChanged, this, [this] { updateGeometry(); });
    connect(selectionModel(), &QItemSelectionModel::selectionChanged, this, &ChatListView::takeSelection,
            Qt::QueuedConnection);
    connect(&theme, &Theme::changed, viewport(), qOverload<>(&QWidget::update));
}

QSize ChatListView::sizeHint() const
{
    const int rows = m_proxy.rowCount();
    return {200, rows * m_delegate.sizeHint({}, {}).height()};
}

void ChatListView::takeSelection()
{
    // The mouse and the keys move the current row, and the selection goes with it. Assistive technology has
    // no other way to press a row than to select it.
    const QModelIndexList selected = selectionModel()->selectedIndexes();
    if (selected.isEmpty() || selected.first() == currentIndex())
        return;
    setCurrentIndex(selected.first());
    openRow(selected.first());
}

void ChatListView::openRow(const QModelIndex &index)
{
    if (index.isValid())
        emit opened(m_proxy.rowAt(index.row()).id);
}

void ChatListView::keyPressEvent(QKeyEvent *event)
{
    setProperty("keyboardFocus", true);
    viewport()->update();
    switch (event->key()) {
    case Qt::Key_Return:
    case Qt::Key_Enter:
    case Qt::Key_Space: {
        const QModelIndex index = currentIndex();
        if (!index.isValid())
            return;
        if (m_proxy.rowAt(index.row()).state == ChatState::Waiting)
            emit acceptAsked(m_proxy.rowAt(index.row()).id);
        else
            openRow(index);
        return;
    }
    case Qt::Key_Down:
        if (event->modifiers() == Qt::NoModifier && currentIndex().row() == m_proxy.rowCount() - 1) {
            emit wentPast(1);
            return;
        }
        break;
    case Qt::Key_Up:
        if (event->modifiers() == Qt::NoModifier && currentIndex().row() <= 0) {
            emit wentPast(-1);
            return;
        }
        break;
    default:
        break;
    }
    // Letters are no shortcuts here, but they do find a name: QListView's own search.
    QListView::keyPressEvent(event);
}

void ChatListView::mousePressEvent(QMouseEvent *event)
{
    setProperty("keyboardFocus", false);
    m_pressed = event->button() == Qt::LeftButton ? indexAt(event->pos()) : QModelIndex();
    if (m_pressed.isValid())
        setCurrentIndex(m_pressed);
    event->accept();
}

void ChatListView::mouseReleaseEvent(QMouseEvent *event)
{
    const QModelIndex index = indexAt(event->pos());
    const bool isClick = event->button() == Qt::LeftButton && index.isValid() && m_pressed == index;
    m_pressed = QModelIndex();
    if (!isClick)
        return;
    const bool waits = m_proxy.rowAt(index.row()).state == ChatState::Waiting;
    if (waits && !m_delegate.isCompact() &&
        m_delegate.acceptRect(visualRect(index), layoutDirection()).contains(event->pos()))
        emit acceptAsked(m_proxy.rowAt(index.row()).id);
    else
        openRow(index);
}

void ChatListView::focusInEvent(QFocusEvent *event)
{
    if (event->reason() != Qt::MouseFocusReason && event->reason() != Qt::ActiveWindowFocusReason)
        setProperty("keyboardFocus", true);
    if (!currentIndex().isValid() && m_proxy.rowCount() > 0)
        setCurrentIndex(m_proxy.index(0, 0));
    QListView::focusInEvent(event);
    emit attentionChanged();
}

void ChatListView::focusOutEvent(QFocusEvent *event)
{
    QListView::focusOutEvent(event);
    emit attentionChanged();
}

bool ChatListView::viewportEvent(QEvent *event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto *help = static_cast<QHelpEvent *>(event);
        const QModelIndex index = indexAt(help->pos());
        if (index.isValid())
            Tip::showAt(help->globalPos() + QPoint(8, 16), m_theme, visitorName(m_proxy.rowAt(index.row())),
                        this);
        return true;
    }
    if (event->type() == QEvent::Leave)
        Tip::hide();
    return QListView::viewportEvent(event);
}

} // namespace parley::ui
