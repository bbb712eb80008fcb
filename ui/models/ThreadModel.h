// A chat's messages as the thread shows them: with a line for each day, and runs of one author's messages.
#pragma once

#include "core/desk/DeskValues.h"

#include <QAbstractListModel>

#include <functional>

namespace parley::ui {

/// One line of the thread.
struct ThreadEntry {
    enum class Kind { Day, System, In, Out, Bot, Note };
    Kind kind = Kind::System;
    QDate day;             ///< of Kind::Day
    desk::ThreadItem item; ///< of the others
    bool startsRun = true; ///< the first of one author's messages in a row: it stands further off
    bool endsRun = true;   ///< the last: it shows time and delivery
    friend bool operator==(const ThreadEntry &, const ThreadEntry &) = default;
};

class ThreadModel : public QAbstractListModel
{
    Q_OBJECT

public:
    enum Role { EntryRole = Qt::UserRole + 1, TextRole };

    explicit ThreadModel(std::function<QDateTime()> now, QObject *parent = nullptr);

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] const ThreadEntry &entry(int row) const { return m_entries.at(row); }
    [[nodiscard]] int rowOf(const ClientId &id) const; ///< -1: none

    /// As spoken rows call the visitor.
    void setVisitorName(const QString &name) { m_visitor = name; }
    /// Another chat: everything is new.
    void reset(const QList<desk::ThreadItem> &items);
    /// The same chat, a little different: only what differs is signalled.
    void update(const QList<desk::ThreadItem> &items);

private:
    [[nodiscard]] static QList<ThreadEntry> entriesOf(const QList<desk::ThreadItem> &items);

    QList<ThreadEntry> m_entries;
    std::function<QDateTime()> m_now;
    QString m_visitor;
};

} // namespace parley::ui

Q_DECLARE_METATYPE(parley::ui::ThreadEntry)
