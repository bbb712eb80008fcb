// The chats of the desk, one row each, in the order in which they came.
#pragma once

#include "core/desk/DeskValues.h"

#include <QAbstractListModel>

#include <functional>

namespace parley::ui {

class ChatListModel : public QAbstractListModel
{
    Q_OBJECT

public:
    enum Role { IdRole = Qt::UserRole + 1, RowRole };

    /// now: for the accessible text, which says how long a visitor waits.
    explicit ChatListModel(std::function<QDateTime()> now, QObject *parent = nullptr);

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;

    void upsert(const desk::ChatRow &row);
    void remove(const ChatId &id);
    /// Makes the rows these, with the fewest signals.
    void assign(const QList<desk::ChatRow> &rows);
    [[nodiscard]] const desk::ChatRow &at(int row) const { return m_rows.at(row); }
    [[nodiscard]] std::optional<desk::ChatRow> find(const ChatId &id) const;
    [[nodiscard]] int unread() const;  ///< messages, of chats that are open
    [[nodiscard]] int waiting() const; ///< visitors nobody has accepted

private:
    QList<desk::ChatRow> m_rows;
    std::function<QDateTime()> m_now;
};

} // namespace parley::ui

Q_DECLARE_METATYPE(parley::ChatId)
Q_DECLARE_METATYPE(parley::desk::ChatRow)
