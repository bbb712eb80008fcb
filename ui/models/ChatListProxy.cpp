#include "ui/models/ChatListProxy.h"

#include "ui/models/ChatListModel.h"

namespace parley::ui {

ChatListProxy::ChatListProxy(ChatListModel &model, ChatSection section, QObject *parent)
    : QSortFilterProxyModel(parent)
    , m_model(model)
    , m_section(section)
{
    setSourceModel(&model);
    // After the proxy's own handlers, so that its rows are up to date when the order is made.
    connect(&model, &QAbstractItemModel::rowsInserted, this, &ChatListProxy::reorder);
    connect(&model, &QAbstractItemModel::dataChanged, this, &ChatListProxy::reorder);
    connect(&model, &QAbstractItemModel::rowsRemoved, this, &ChatListProxy::reorder);
    setDynamicSortFilter(true);
    sort(0);
    reorder();
}

void ChatListProxy::setOrder(ChatOrder order)
{
    if (order == m_order)
        return;
    m_order = order;
    const bool wasFrozen = std::exchange(m_isFrozen, false); // the agent asked for it: now
    reorder();
    m_isFrozen = wasFrozen;
}

void ChatListProxy::setFrozen(bool frozen)
{
    m_isFrozen = frozen;
    if (!frozen)
        reorder();
}

const desk::ChatRow &ChatListProxy::rowAt(int row) const
{
    return m_model.at(mapToSource(index(row, 0)).row());
}

int ChatListProxy::rowOf(const ChatId &id) const
{
    for (int row = 0; row < rowCount(); ++row) {
        if (rowAt(row).id == id)
            return row;
    }
    return -1;
}

bool ChatListProxy::filterAcceptsRow(int sourceRow, const QModelIndex &) const
{
    return (m_model.at(sourceRow).state == ChatState::Waiting) == (m_section == ChatSection::Waiting);
}

bool ChatListProxy::isBefore(const desk::ChatRow &a, const desk::ChatRow &b) const
{
    const bool aEnded = a.state == ChatState::Ended;
    const bool bEnded = b.state == ChatState::Ended;
    if (aEnded != bEnded)
        return bEnded;
    if (m_order == ChatOrder::LongestWait) {
        const bool aWaits = a.waitingSince.isValid();
        const bool bWaits = b.waitingSince.isValid();
        if (aWaits != bWaits)
            return aWaits;
        if (aWaits && a.waitingSince != b.waitingSince)
            return a.waitingSince < b.waitingSince;
    }
    if (a.lastAt != b.lastAt)
        return a.lastAt > b.lastAt;
    return a.id < b.id;
}

bool ChatListProxy::lessThan(const QModelIndex &left, const QModelIndex &right) const
{
    const ChatId a = m_model.at(left.row()).id;
    const ChatId b = m_model.at(right.row()).id;
    const int last = int(m_rank.size());
    const int rankA = m_rank.value(a, last);
    const int rankB = m_rank.value(b, last);
    return rankA != rankB ? rankA < rankB : left.row() < right.row();
}

void ChatListProxy::reorder()
{
    if (m_isFrozen)
        return;
    QList<int> rows;
    for (int row = 0; row < m_model.rowCount(); ++row)
        rows += row;
    std::ranges::stable_sort(rows, [this](int a, int b) { return isBefore(m_model.at(a), m_model.at(b)); });
    QHash<ChatId, int> rank;
    for (int i = 0; i < rows.size(); ++i)
        rank.insert(m_model.at(rows.at(i)).id, i);
    if (rank == m_rank)
        return;
    m_rank = rank;
    invalidate();
}

} // namespace parley::ui
