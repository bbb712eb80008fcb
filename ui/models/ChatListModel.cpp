#include "ui/models/ChatListModel.h"

#include "ui/text/ChatText.h"

#include <ranges>

namespace parley::ui {

ChatListModel::ChatListModel(std::function<QDateTime()> now, QObject *parent)
    : QAbstractListModel(parent)
    , m_now(std::move(now))
{}

int ChatListModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

QVariant ChatListModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const desk::ChatRow &row = m_rows.at(index.row());
    switch (role) {
    case Qt::DisplayRole:
        return visitorName(row);
    case Qt::AccessibleTextRole:
        return spokenRow(row, m_now());
    case IdRole:
        return QVariant::fromValue(row.id);
    case RowRole:
        return QVariant::fromValue(row);
    default:
        return {};
    }
}

void ChatListModel::upsert(const desk::ChatRow &row)
{
    const auto it = std::ranges::find(m_rows, row.id, &desk::ChatRow::id);
    if (it == m_rows.end()) {
        beginInsertRows({}, int(m_rows.size()), int(m_rows.size()));
        m_rows.push_back(row);
        endInsertRows();
    } else if (*it != row) {
        *it = row;
        const QModelIndex changed = index(int(std::distance(m_rows.begin(), it)));
        emit dataChanged(changed, changed);
    }
}

void ChatListModel::remove(const ChatId &id)
{
    const auto it = std::ranges::find(m_rows, id, &desk::ChatRow::id);
    if (it == m_rows.end())
        return;
    const int row = int(std::distance(m_rows.begin(), it));
    beginRemoveRows({}, row, row);
    m_rows.erase(it);
    endRemoveRows();
}

void ChatListModel::assign(const QList<desk::ChatRow> &rows)
{
    for (qsizetype i = m_rows.size() - 1; i >= 0; --i) {
        const ChatId id = m_rows.at(i).id;
        if (std::ranges::find(rows, id, &desk::ChatRow::id) == rows.end())
            remove(id);
    }
    for (const desk::ChatRow &row : rows)
        upsert(row);
}

std::optional<desk::ChatRow> ChatListModel::find(const ChatId &id) const
{
    const auto it = std::ranges::find(m_rows, id, &desk::ChatRow::id);
    return it == m_rows.end() ? std::nullopt : std::optional(*it);
}

int ChatListModel::unread() const
{
    int sum = 0;
    for (const desk::ChatRow &row : m_rows)
        sum += row.state == ChatState::Waiting ? 0 : row.unread;
    return sum;
}

int ChatListModel::waiting() const
{
    return int(std::ranges::count(m_rows, ChatState::Waiting, &desk::ChatRow::state));
}

} // namespace parley::ui
