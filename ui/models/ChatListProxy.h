// One section of the chat list, sorted; its order stands still while the agent is in the list.
#pragma once

#include "core/desk/DeskValues.h"

#include <QSortFilterProxyModel>

namespace parley::ui {

class ChatListModel;

enum class ChatSection { Mine, Waiting };
enum class ChatOrder { LongestWait, Newest };

class ChatListProxy : public QSortFilterProxyModel
{
    Q_OBJECT

public:
    ChatListProxy(ChatListModel &model, ChatSection section, QObject *parent = nullptr);

    void setOrder(ChatOrder order);
    [[nodiscard]] ChatOrder order() const { return m_order; }
    /// Frozen: rows keep their places, new ones come last.
    void setFrozen(bool frozen);
    [[nodiscard]] bool isFrozen() const { return m_isFrozen; }

    [[nodiscard]] const desk::ChatRow &rowAt(int row) const;
    [[nodiscard]] int rowOf(const ChatId &id) const; ///< -1: not in this section

protected:
    bool filterAcceptsRow(int sourceRow, const QModelIndex &sourceParent) const override;
    bool lessThan(const QModelIndex &left, const QModelIndex &right) const override;

private:
    void reorder();
    [[nodiscard]] bool isBefore(const desk::ChatRow &a, const desk::ChatRow &b) const;

    ChatListModel &m_model;
    ChatSection m_section;
    ChatOrder m_order = ChatOrder::LongestWait;
    bool m_isFrozen = false;
    QHash<ChatId, int> m_rank; ///< the order in force; whoever is not in it comes last
};

} // namespace parley::ui
