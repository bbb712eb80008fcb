// Draws a chat's row as in the list: avatar, name, CRM badge, segment, wait, last message, unread.
#pragma once

#include "core/desk/DeskValues.h"
#include "ui/style/Theme.h"

#include <QStyledItemDelegate>

#include <functional>

namespace parley::ui {

class ChatRowDelegate : public QStyledItemDelegate
{
    Q_OBJECT

public:
    ChatRowDelegate(Theme &theme, std::function<QDateTime()> now, QObject *parent);

    void setOpenChat(const ChatId &id) { m_open = id; }
    void setCrmShortName(const QString &name) { m_crm = name; }
    void setCompact(bool compact) { m_isCompact = compact; }
    [[nodiscard]] bool isCompact() const { return m_isCompact; }

    void paint(QPainter *painter, const QStyleOptionViewItem &option,
               const QModelIndex &index) const override;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    /// Where a waiting row's Accept is, in the coordinates of row.
    [[nodiscard]] QRect acceptRect(const QRect &row, Qt::LayoutDirection direction) const;

private:
    void paintFull(QPainter &painter, const QStyleOptionViewItem &option, const desk::ChatRow &row,
                   bool isLast) const;
    void paintCompact(QPainter &painter, const QStyleOptionViewItem &option, const desk::ChatRow &row) const;
    void paintSecondLine(QPainter &painter, const QRect &line, const desk::ChatRow &row) const;
    void paintThirdLine(QPainter &painter, const QRect &line, const QRect &row, const desk::ChatRow &chat,
                        bool offersAccept) const;
    [[nodiscard]] std::chrono::seconds waited(const desk::ChatRow &row) const;

    Theme &m_theme;
    std::function<QDateTime()> m_now;
    ChatId m_open;
    QString m_crm;
    bool m_isCompact = false;
};

} // namespace parley::ui
