#include "ui/models/ThreadModel.h"

#include "ui/text/ChatText.h"
#include "ui/text/PlainText.h"
#include "ui/text/When.h"

namespace parley::ui {

namespace {

using Kind = ThreadEntry::Kind;

Kind kindOf(const desk::ThreadItem &item)
{
    if (item.message.kind == MessageKind::Event || item.message.author == Author::System)
        return Kind::System;
    if (item.message.kind == MessageKind::Note)
        return Kind::Note;
    switch (item.message.author) {
    case Author::Visitor:
        return Kind::In;
    case Author::Bot:
        return Kind::Bot;
    default:
        return Kind::Out;
    }
}

/// A link is told by the record pane, with its name; in the thread it would be a line about nothing said.
bool isShown(const Message &message)
{
    return message.kind != MessageKind::Event || message.event != QLatin1StringView("recordLinked");
}

bool isBubble(Kind kind)
{
    return kind == Kind::In || kind == Kind::Out || kind == Kind::Bot;
}

// Three minutes of silence end a run: later its time would tell nothing about its first message.
constexpr qint64 kRunGapSeconds = 180;

bool areOneRun(const ThreadEntry &a, const ThreadEntry &b)
{
    return isBubble(a.kind) && a.kind == b.kind && a.item.message.agent == b.item.message.agent &&
           a.item.delivery != desk::Delivery::NotSent &&
           a.item.message.at.secsTo(b.item.message.at) < kRunGapSeconds;
}

bool areTheSame(const ThreadEntry &a, const ThreadEntry &b)
{
    if (a.kind == Kind::Day || b.kind == Kind::Day)
        return a.kind == b.kind && a.day == b.day;
    const Message &left = a.item.message;
    const Message &right = b.item.message;
    if (!left.clientId.isEmpty() || !right.clientId.isEmpty())
        return left.clientId == right.clientId;
    return left.seq == right.seq;
}

} // namespace

ThreadModel::ThreadModel(std::function<QDateTime()> now, QObject *parent)
    : QAbstractListModel(parent)
    , m_now(std::move(now))
{}

int ThreadModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_entries.size());
}

QVariant ThreadModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const ThreadEntry &entry = m_entries.at(index.row());
    switch (role) {
    case Qt::DisplayRole:
    case Qt::AccessibleTextRole:
        return entry.kind == Kind::Day ? dayText(entry.day, m_now().toLocalTime().date())
                                       : spokenItem(entry.item, m_visitor);
    case TextRole:
        return safeText(entry.item.message.text);
    case EntryRole:
        return QVariant::fromValue(entry);
    default:
        return {};
    }
}

int ThreadModel::rowOf(const ClientId &id) const
{
    for (int row = int(m_entries.size()) - 1; row >= 0; --row) {
        if (m_entries.at(row).kind != Kind::Day && m_entries.at(row).item.message.clientId == id)
            return row;
    }
    return -1;
}

QList<ThreadEntry> ThreadModel::entriesOf(const QList<desk::ThreadItem> &items)
{
    QList<ThreadEntry> entries;
    entries.reserve(items.size() + 8);
    // Asking the time zone for each of ten thousand messages would cost more than all the rest: ask once per
    // day.
    qint64 dayStart = 0;
    qint64 dayEnd = 0;
    for (const desk::ThreadItem &item : items) {
        if (!isShown(item.message))
            continue;
        const qint64 at = item.message.at.toMSecsSinceEpoch();
        if (item.message.at.isValid() && (at < dayStart || at >= dayEnd)) {
            const QDate day = item.message.at.toLocalTime().date();
            dayStart = day.startOfDay().toMSecsSinceEpoch();
            dayEnd = day.addDays(1).startOfDay().toMSecsSinceEpoch();
            entries.push_back(ThreadEntry{.kind = Kind::Day, .day = day});
        }
        ThreadEntry entry{.kind = kindOf(item), .item = item};
        if (!entries.isEmpty() && areOneRun(entries.constLast(), entry)) {
            entries.last().endsRun = false;
            entry.startsRun = false;
        }
        entries.push_back(entry);
    }
    return entries;
}

void ThreadModel::reset(const QList<desk::ThreadItem> &items)
{
    beginResetModel();
    m_entries = entriesOf(items);
    endResetModel();
}

void ThreadModel::update(const QList<desk::ThreadItem> &items)
{
    const QList<ThreadEntry> wanted = entriesOf(items);
    qsizetype head = 0;
    while (head < m_entries.size() && head < wanted.size() && areTheSame(m_entries.at(head), wanted.at(head)))
        ++head;
    qsizetype tail = 0;
    while (tail < m_entries.size() - head && tail < wanted.size() - head &&
           areTheSame(m_entries.at(m_entries.size() - 1 - tail), wanted.at(wanted.size() - 1 - tail)))
        ++tail;
    const qsizetype gone = m_entries.size() - head - tail;
    if (gone > 0) {
        beginRemoveRows({}, int(head), int(head + gone - 1));
        m_entries.remove(head, gone);
        endRemoveRows();
    }
    const qsizetype come = wanted.size() - head - tail;
    if (come > 0) {
        beginInsertRows({}, int(head), int(head + come - 1));
        // In one go: row by row, the rest of a long chat would be moved once for each.
        m_entries.insert(head, come, ThreadEntry());
        std::copy_n(wanted.begin() + head, come, m_entries.begin() + head);
        endInsertRows();
    }
    for (qsizetype i = 0; i < wanted.size(); ++i) {
        if (m_entries.at(i) != wanted.at(i)) {
            m_entries[i] = wanted.at(i);
            emit dataChanged(index(int(i)), index(int(i)));
        }
    }
}

} // namespace parley::ui
