// A section of the chat list: as tall as its rows, one Tab stop, click or Enter opens.
#pragma once

#include "ui/panels/ChatRowDelegate.h"

#include <QListView>

namespace parley::ui {

class ChatListProxy;

class ChatListView : public QListView
{
    Q_OBJECT

public:
    ChatListView(Theme &theme, ChatListProxy &proxy, ChatRowDelegate &delegate, QWidget *parent = nullptr);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return {40, 0}; }

signals:
    void opened(const parley::ChatId &id);
    void acceptAsked(const parley::ChatId &id);
    /// The arrow went past the last (1) or the first (-1) row.
    void wentPast(int direction);
    void attentionChanged(); ///< focus came or went

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;
    bool viewportEvent(QEvent *event) override;

private:
    void openRow(const QModelIndex &index);
    void takeSelection();

    Theme &m_theme;
    ChatListProxy &m_proxy;
    ChatRowDelegate &m_delegate;
    QPersistentModelIndex m_pressed;
};

} // namespace parley::ui
