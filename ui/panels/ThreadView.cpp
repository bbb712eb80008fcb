#include "ui/panels/ThreadView.h"

#include "ui/style/Paint.h"
#include "ui/text/ChatText.h"
#include "ui/text/PlainText.h"

#include <QAccessible>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QGuiApplication>
#include <QKeyEvent>
#include <QMenu>
#include <QScrollBar>
#include <QTextBoundaryFinder>

namespace parley::ui {

using namespace Qt::Literals::StringLiterals;

ThreadView::ThreadView(Theme &theme, std::function<QDateTime()> now, QWidget *parent)
    : QListView(parent)
    , m_theme(theme)
    , m_now(std::move(now))
    , m_model(new ThreadModel(m_now, this))
    , m_delegate(new ThreadDelegate(theme, *this))
    , m_pill(new Button(theme, {}, ButtonKind::Primary, ButtonSize::Sm, this))
    , m_layouts(300)
{
    setObjectName(u"thread"_s);
    setAccessibleName(tr("Messages"));
    setModel(m_model);
    setItemDelegate(m_delegate);
    setSelectionMode(SingleSelection); // not drawn: a screen reader asks which message the keys are at
    setEditTriggers(NoEditTriggers);
    setVerticalScrollMode(ScrollPerPixel);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setMouseTracking(true);
    setFrameShape(QFrame::NoFrame);
    setMinimumHeight(40);
    m_pill->setObjectName(u"newMessages"_s);
    m_pill->setIconName(u"arrowdown"_s);
    m_pill->hide();
    connect(m_pill, &QAbstractButton::clicked, this, &ThreadView::scrollToEnd);
    connect(&theme, &Theme::changed, this, [this] {
        forget();
        viewport()->update();
    });
    connect(m_model, &QAbstractItemModel::dataChanged, this,
            [this](const QModelIndex &from, const QModelIndex &to) {
                for (int row = from.row(); row <= to.row(); ++row) {
                    m_layouts.remove(keyOf(m_model->entry(row)));
                    m_heights.remove(keyOf(m_model->entry(row)));
                }
            });
    // A rough height was wrong: lay out again once, not once per row.
    m_correction.setSingleShot(true);
    m_correction.setInterval(0);
    connect(&m_correction, &QTimer::timeout, this, [this] {
        const bool wasAtEnd = isAtEnd();
        doItemsLayout();
        if (wasAtEnd)
            scrollToEnd();
    });
}

QString ThreadView::keyOf(const ThreadEntry &entry) const
{
    if (entry.kind == ThreadEntry::Kind::Day)
        return u"d"_s + QString::number(entry.day.toJulianDay());
    const Message &message = entry.item.message;
    return message.clientId.isEmpty() ? u"s"_s + QString::number(message.seq) : message.clientId.value;
}

ThreadContext ThreadView::contextOf(int row) const
{
    const ThreadEntry &entry = m_model->entry(row);
    return {.theme = &m_theme,
            .width = width(),
            .isFirst = row == 0,
            .isLast = row == m_model->rowCount() - 1,
            .isExpanded = !m_expanded.isEmpty() && m_expanded.contains(keyOf(entry))};
}

int ThreadView::heightOf(int row) const
{
    if (m_heightsWidth != width()) {
        m_heights.clear();
        m_layouts.clear();
        m_heightsWidth = width();
    }
    const QString key = keyOf(m_model->entry(row));
    const auto known = m_heights.constFind(key);
    const bool isEdge = row == 0 || row >= m_model->rowCount() - 2; // its paddings depend on where it stands
    if (known != m_heights.constEnd() && !isEdge)
        return *known;
    const int height = roughHeight(m_model->entry(row), contextOf(row));
    m_heights.insert(key, height);
    return height;
}

std::shared_ptr<ThreadLayout> ThreadView::layoutOf(int row) const
{
    const ThreadEntry &entry = m_model->entry(row);
    const QString key = keyOf(entry);
    const bool isEdge = row == 0 || row >= m_model->rowCount() - 2;
    if (m_heightsWidth == width() && !isEdge) {
        if (const auto *cached = m_layouts.object(key))
            return *cached;
    }
    auto layout = std::make_shared<ThreadLayout>(layOut(entry, contextOf(row)));
    m_layouts.insert(key, new std::shared_ptr<ThreadLayout>(layout));
    const auto known = m_heights.constFind(key);
    if (known == m_heights.constEnd() || *known != layout->height) {
        m_heights.insert(key, layout->height);
        if (known != m_heights.constEnd() || !isEdge)
            m_correction.start();
    }
    return layout;
}

void ThreadView::forget()
{
    m_heights.clear();
    m_layouts.clear();
    scheduleDelayedItemsLayout();
}

void ThreadView::showThread(const QList<desk::ThreadItem> &items)
{
    m_selection = {};
    m_expanded.clear();
    m_heights.clear();
    m_layouts.clear();
    m_newCount = 0;
    m_model->reset(items);
    doItemsLayout();
    scrollToEnd();
    updatePill();
}

void ThreadView::updateThread(const QList<desk::ThreadItem> &items)
{
    const bool wasAtEnd = isAtEnd();
    const int before = m_model->rowCount();
    m_model->update(items);
    const int added = m_model->rowCount() - before;
    if (wasAtEnd) {
        doItemsLayout();
        scrollToEnd();
        return;
    }
    int visitors = 0;
    for (int row = std::max(0, before); row < m_model->rowCount() && added > 0; ++row)
        visitors += m_model->entry(row).kind == ThreadEntry::Kind::In ? 1 : 0;
    m_newCount += visitors;
    updatePill();
}

void ThreadView::setOffline(bool offline)
{
    m_isOffline = offline;
    viewport()->update();
}

void ThreadView::setImage(const FileId &id, const QImage &image)
{
    m_images.insert(id, image);
    viewport()->update();
}

bool ThreadView::isAtEnd() const
{
    return verticalScrollBar()->value() >= verticalScrollBar()->maximum() - 8;
}

void ThreadView::scrollToEnd()
{
    m_isSettling = true;
    scrollToBottom();
    verticalScrollBar()->setValue(verticalScrollBar()->maximum());
    m_isSettling = false;
    m_newCount = 0;
    updatePill();
    emit reachedEnd();
}

void ThreadView::scrollPage(int direction)
{
    verticalScrollBar()->setValue(verticalScrollBar()->value() + direction * (viewport()->height() - 40));
}

void ThreadView::updatePill()
{
    m_pill->setVisible(m_newCount > 0);
    if (m_newCount == 0)
        return;
    m_pill->setText(newMessagesText(m_newCount));
    m_pill->setAccessibleName(tr("%n new messages, go to the end", nullptr, m_newCount));
    placePill();
}

void ThreadView::placePill()
{
    const QSize size = m_pill->sizeHint();
    m_pill->setGeometry((width() - size.width()) / 2, height() - size.height() - 12, size.width(),
                        size.height());
    m_pill->raise();
}

void ThreadView::resizeEvent(QResizeEvent *event)
{
    const bool wasAtEnd = isAtEnd();
    QListView::resizeEvent(event);
    if (event->size().width() != event->oldSize().width()) {
        doItemsLayout();
        if (wasAtEnd)
            scrollToEnd();
    } else if (wasAtEnd) {
        verticalScrollBar()->setValue(verticalScrollBar()->maximum());
    }
    placePill();
}

void ThreadView::scrollContentsBy(int dx, int dy)
{
    QListView::scrollContentsBy(dx, dy);
    if (!m_isSettling && m_newCount > 0 && isAtEnd()) {
        m_newCount = 0;
        updatePill();
        emit reachedEnd();
    }
}

QRect ThreadView::mirrored(const QRect &row, const QRect &part) const
{
    // Layouts are as wide as the view: a scroll bar stands in the padding and moves nothing.
    QRect whole(row.left(), row.top(), width(), row.height());
    if (layoutDirection() == Qt::RightToLeft)
        whole.moveRight(row.right());
    return paint::placed(layoutDirection(), whole, part.translated(whole.topLeft()));
}

int ThreadView::cursorAt(int row, const QPoint &pos, bool nearest) const
{
    const std::shared_ptr<ThreadLayout> layout = layoutOf(row);
    if (!layout->text || layout->text->lineCount() == 0 ||
        m_model->entry(row).kind == ThreadEntry::Kind::System)
        return -1;
    const QRect words = mirrored(visualRect(m_model->index(row)), layout->words);
    if (!nearest && !words.adjusted(-4, -4, 4, 4).contains(pos))
        return -1;
    const QPoint local = pos - words.topLeft();
    const int lineHeight = words.height() / layout->text->lineCount();
    const int line = std::clamp(local.y() / std::max(1, lineHeight), 0, layout->text->lineCount() - 1);
    if (local.y() < 0)
        return 0;
    if (local.y() >= words.height())
        return int(layout->text->text().size());
    return layout->text->lineAt(line).xToCursor(local.x());
}

void ThreadView::mousePressEvent(QMouseEvent *event)
{
    setProperty("keyboardFocus", false);
    const QModelIndex index = indexAt(event->pos());
    if (event->button() != Qt::LeftButton || !index.isValid()) {
        event->accept();
        return;
    }
    setCurrentIndex(index);
    const std::shared_ptr<ThreadLayout> layout = layoutOf(index.row());
    const QRect row = visualRect(index);
    const auto isOn = [&](const QRect &part) {
        return !part.isEmpty() && mirrored(row, part).contains(event->pos());
    };
    const ThreadEntry &entry = m_model->entry(index.row());
    if (isOn(layout->tryAgain)) {
        emit resendAsked(entry.item.message.clientId);
    } else if (isOn(layout->discard)) {
        emit discardAsked(entry.item.message.clientId);
    } else if (isOn(layout->showAll)) {
        const QString key = keyOf(entry);
        if (!m_expanded.remove(key))
            m_expanded.insert(key);
        forget();
    } else if (entry.item.message.attachment && isOn(layout->bubble)) {
        emit fileAsked(*entry.item.message.attachment);
    } else {
        const int cursor = cursorAt(index.row(), event->pos(), false);
        m_isSelecting = cursor >= 0;
        m_selection = cursor >= 0 ? Selection{index.row(), cursor, cursor} : Selection{};
        viewport()->update();
    }
    event->accept();
}

void ThreadView::mouseMoveEvent(QMouseEvent *event)
{
    if (m_isSelecting && m_selection.row >= 0 && m_selection.row < m_model->rowCount()) {
        m_selection.to = cursorAt(m_selection.row, event->pos(), true);
        viewport()->update();
        return;
    }
    const QModelIndex index = indexAt(event->pos());
    Qt::CursorShape shape = Qt::ArrowCursor;
    if (index.isValid()) {
        const std::shared_ptr<ThreadLayout> layout = layoutOf(index.row());
        const QRect row = visualRect(index);
        const auto isOn = [&](const QRect &part) {
            return !part.isEmpty() && mirrored(row, part).contains(event->pos());
        };
        const bool isFile = m_model->entry(index.row()).item.message.attachment.has_value();
        if (isOn(layout->tryAgain) || isOn(layout->discard) || isOn(layout->showAll) ||
            (isFile && isOn(layout->bubble)))
            shape = Qt::PointingHandCursor;
        else if (cursorAt(index.row(), event->pos(), false) >= 0)
            shape = Qt::IBeamCursor;
    }
    viewport()->setCursor(shape);
}

void ThreadView::mouseReleaseEvent(QMouseEvent *event)
{
    m_isSelecting = false;
    event->accept();
}

void ThreadView::mouseDoubleClickEvent(QMouseEvent *event)
{
    const QModelIndex index = indexAt(event->pos());
    const int cursor = index.isValid() ? cursorAt(index.row(), event->pos(), false) : -1;
    if (cursor < 0)
        return;
    const QString text = layoutOf(index.row())->text->text();
    QTextBoundaryFinder finder(QTextBoundaryFinder::Word, text);
    finder.setPosition(std::min<qsizetype>(cursor, text.size()));
    if (!finder.isAtBoundary())
        finder.toPreviousBoundary();
    const int from = int(finder.position());
    finder.toNextBoundary();
    m_selection = {index.row(), from, std::max(from, int(finder.position()))};
    viewport()->update();
}

void ThreadView::focusInEvent(QFocusEvent *event)
{
    if (event->reason() != Qt::MouseFocusReason && event->reason() != Qt::ActiveWindowFocusReason) {
        setProperty("keyboardFocus", true);
        if (!currentIndex().isValid() && m_model->rowCount() > 0)
            setCurrentIndex(m_model->index(m_model->rowCount() - 1));
    }
    QListView::focusInEvent(event);
    viewport()->update();
}

void ThreadView::keyPressEvent(QKeyEvent *event)
{
    setProperty("keyboardFocus", true);
    if (event->matches(QKeySequence::Copy)) {
        copySelection();
        return;
    }
    const int row = currentIndex().row();
    if (row >= 0 && (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)) {
        actOn(row);
        return;
    }
    if (row >= 0 && event->key() == Qt::Key_Delete &&
        m_model->entry(row).item.delivery == desk::Delivery::NotSent) {
        emit discardAsked(m_model->entry(row).item.message.clientId);
        return;
    }
    QListView::keyPressEvent(event);
}

void ThreadView::actOn(int row)
{
    const ThreadEntry &entry = m_model->entry(row);
    if (entry.kind == ThreadEntry::Kind::Day)
        return;
    if (entry.item.delivery == desk::Delivery::NotSent)
        emit resendAsked(entry.item.message.clientId);
    else if (entry.item.message.attachment)
        emit fileAsked(*entry.item.message.attachment);
}

QString ThreadView::selectedText() const
{
    if (m_selection.row < 0 || m_selection.row >= m_model->rowCount() || m_selection.from == m_selection.to)
        return {};
    const std::shared_ptr<ThreadLayout> layout = layoutOf(m_selection.row);
    if (!layout->text)
        return {};
    const int from = std::min(m_selection.from, m_selection.to);
    return layout->text->text()
        .mid(from, std::abs(m_selection.to - m_selection.from))
        .replace(QChar(QChar::LineSeparator), u'\n');
}

void ThreadView::copyText(const QString &text)
{
    if (!text.isEmpty())
        QGuiApplication::clipboard()->setText(text);
}

void ThreadView::copySelection()
{
    const QString selected = selectedText();
    if (!selected.isEmpty())
        copyText(selected);
    else if (currentIndex().isValid())
        copyText(currentIndex().data(ThreadModel::TextRole).toString());
}

void ThreadView::contextMenuEvent(QContextMenuEvent *event)
{
    const bool byKey = event->reason() == QContextMenuEvent::Keyboard;
    const QModelIndex index = byKey ? currentIndex() : indexAt(event->pos());
    if (!index.isValid())
        return;
    const ThreadEntry entry = m_model->entry(index.row());
    if (entry.kind == ThreadEntry::Kind::Day)
        return;
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    const QString selected = selectedText();
    if (!selected.isEmpty())
        connect(menu->addAction(tr("Copy")), &QAction::triggered, this,
                [this, selected] { copyText(selected); });
    const QString whole = index.data(ThreadModel::TextRole).toString();
    if (!whole.isEmpty())
        connect(menu->addAction(tr("Copy message")), &QAction::triggered, this,
                [this, whole] { copyText(whole); });
    if (entry.item.message.attachment)
        connect(menu->addAction(tr("Save the file")), &QAction::triggered, this,
                [this, entry] { emit fileAsked(*entry.item.message.attachment); });
    if (entry.item.delivery == desk::Delivery::NotSent) {
        connect(menu->addAction(tr("Try again")), &QAction::triggered, this,
                [this, entry] { emit resendAsked(entry.item.message.clientId); });
        connect(menu->addAction(tr("Delete")), &QAction::triggered, this,
                [this, entry] { emit discardAsked(entry.item.message.clientId); });
    }
    if (menu->isEmpty())
        delete menu;
    else
        menu->popup(byKey ? viewport()->mapToGlobal(visualRect(index).center()) : event->globalPos());
}

bool ThreadView::find(const QString &words, bool backwards)
{
    const int count = m_model->rowCount();
    if (words.isEmpty() || count == 0)
        return false;
    const int start = m_selection.row >= 0 ? m_selection.row : backwards ? 0 : count - 1;
    for (int i = 0; i <= count; ++i) {
        const int row = ((backwards ? start + i : start - i) % count + count) % count;
        if (i == 0 && m_selection.row >= 0 && m_selection.from != m_selection.to)
            continue; // go on from the place that is selected
        if (m_model->entry(row).kind == ThreadEntry::Kind::Day ||
            m_model->entry(row).kind == ThreadEntry::Kind::System)
            continue;
        const QString text = m_model->index(row).data(ThreadModel::TextRole).toString();
        const qsizetype at = text.indexOf(words, 0, Qt::CaseInsensitive);
        if (at < 0)
            continue;
        m_selection = {row, int(at), int(at + words.size())};
        setCurrentIndex(m_model->index(row));
        scrollTo(m_model->index(row), PositionAtCenter);
        viewport()->update();
        return true;
    }
    return false;
}

} // namespace parley::ui
