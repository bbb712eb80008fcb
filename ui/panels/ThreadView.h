// The thread of one chat: bubbles, notes, files, days, delivery; words can be selected and copied.
#pragma once

#include "ui/panels/ThreadLayout.h"
#include "ui/style/Button.h"

#include <QCache>
#include <QListView>
#include <QStyledItemDelegate>
#include <QTimer>

namespace parley::ui {

class ThreadView;

/// Paints what ThreadLayout says.
class ThreadDelegate : public QStyledItemDelegate
{
    Q_OBJECT

public:
    ThreadDelegate(Theme &theme, ThreadView &view);
    void paint(QPainter *painter, const QStyleOptionViewItem &option,
               const QModelIndex &index) const override;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;

private:
    void paintBubble(QPainter &painter, const ThreadEntry &entry, const QRect &bubble) const;
    void paintText(QPainter &painter, const ThreadLayout &layout, const QRect &words, const QColor &ink,
                   int row) const;
    void paintMeta(QPainter &painter, const ThreadEntry &entry, const ThreadLayout &layout,
                   const QRect &row) const;
    void paintFailure(QPainter &painter, const ThreadLayout &layout, const QRect &row) const;
    void paintFile(QPainter &painter, const ThreadEntry &entry, const ThreadLayout &layout,
                   const QRect &row) const;
    void paintNote(QPainter &painter, const ThreadEntry &entry, const ThreadLayout &layout,
                   const QRect &row) const;
    void paintDay(QPainter &painter, const QString &text, const QRect &area) const;

    Theme &m_theme;
    ThreadView &m_view;
};

class ThreadView : public QListView
{
    Q_OBJECT

public:
    ThreadView(Theme &theme, std::function<QDateTime()> now, QWidget *parent = nullptr);

    /// Another chat: shown from its end.
    void showThread(const QList<desk::ThreadItem> &items);
    /// The same chat: stays where it is, and at the end if it was there.
    void updateThread(const QList<desk::ThreadItem> &items);
    void setOffline(bool offline);
    void setImage(const FileId &id, const QImage &image);
    [[nodiscard]] ThreadModel &thread() { return *m_model; }
    [[nodiscard]] bool isAtEnd() const;
    [[nodiscard]] int newCount() const { return m_newCount; }
    void scrollToEnd();
    void scrollPage(int direction);
    [[nodiscard]] QString selectedText() const;
    void copySelection();
    /// Selects the next place of those words, from the selection on; false: not found.
    bool find(const QString &words, bool backwards);

signals:
    void imageWanted(const parley::Attachment &attachment);
    void fileAsked(const parley::Attachment &attachment);
    void resendAsked(const parley::ClientId &id);
    void discardAsked(const parley::ClientId &id);
    void reachedEnd(); ///< everything has been on the screen

protected:
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void scrollContentsBy(int dx, int dy) override;
    void focusInEvent(QFocusEvent *event) override;

private:
    friend class ThreadDelegate;
    struct Selection {
        int row = -1;
        int from = 0;
        int to = 0;
    };
    [[nodiscard]] QString keyOf(const ThreadEntry &entry) const;
    [[nodiscard]] ThreadContext contextOf(int row) const;
    [[nodiscard]] std::shared_ptr<ThreadLayout> layoutOf(int row) const;
    [[nodiscard]] int heightOf(int row) const;
    /// Where in the text of that row the point is; -1: not over text.
    [[nodiscard]] int cursorAt(int row, const QPoint &pos, bool nearest) const;
    [[nodiscard]] QRect mirrored(const QRect &row, const QRect &part) const;
    void actOn(int row);
    void forget();
    void updatePill();
    void placePill();
    void copyText(const QString &text);

    Theme &m_theme;
    std::function<QDateTime()> m_now;
    ThreadModel *m_model;
    ThreadDelegate *m_delegate;
    Button *m_pill;
    Selection m_selection;
    bool m_isSelecting = false;
    bool m_isOffline = false;
    bool m_isSettling = false;
    int m_newCount = 0;
    QSet<QString> m_expanded;
    QHash<FileId, QImage> m_images;
    mutable QSet<FileId> m_wanted;
    mutable QHash<QString, int> m_heights;
    mutable int m_heightsWidth = 0;
    mutable QCache<QString, std::shared_ptr<ThreadLayout>> m_layouts;
    mutable QTimer m_correction;
};

} // namespace parley::ui
