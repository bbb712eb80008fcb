#include "ui/panels/ChatRowDelegate.h"

#include "ui/models/ChatListModel.h"
#include "ui/style/Paint.h"
#include "ui/text/ChatText.h"
#include "ui/text/PlainText.h"
#include "ui/text/When.h"

#include <QAbstractItemView>
#include <QCoreApplication>

namespace parley::ui {

using namespace Qt::Literals::StringLiterals;

namespace {

Tone toneOf(desk::CrmBadge badge)
{
    switch (badge) {
    case desk::CrmBadge::Contact:
        return Tone::Contact;
    case desk::CrmBadge::Lead:
        return Tone::Lead;
    case desk::CrmBadge::Account:
        return Tone::Account;
    case desk::CrmBadge::Several:
        return Tone::Several;
    case desk::CrmBadge::Failed:
        return Tone::Bad;
    case desk::CrmBadge::Looking:
    case desk::CrmBadge::NotInCrm:
    case desk::CrmBadge::NotConnected:
        break;
    }
    return Tone::None;
}

} // namespace

ChatRowDelegate::ChatRowDelegate(Theme &theme, std::function<QDateTime()> now, QObject *parent)
    : QStyledItemDelegate(parent)
    , m_theme(theme)
    , m_now(std::move(now))
{}

QSize ChatRowDelegate::sizeHint(const QStyleOptionViewItem &, const QModelIndex &) const
{
    return m_isCompact ? QSize(71, 64) : QSize(120, 80);
}

QRect ChatRowDelegate::acceptRect(const QRect &row, Qt::LayoutDirection direction) const
{
    const int width = paint::textWidth(m_theme.font(TextRole::Meta, QFont::Medium), tr("Accept")) + 18;
    return paint::placed(direction, row, QRect(row.right() + 1 - 12 - width, row.top() + 50, width, 24));
}

std::chrono::seconds ChatRowDelegate::waited(const desk::ChatRow &row) const
{
    return std::chrono::seconds(std::max<qint64>(0, row.waitingSince.secsTo(m_now())));
}

void ChatRowDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option,
                            const QModelIndex &index) const
{
    const auto row = index.data(ChatListModel::RowRole).value<desk::ChatRow>();
    const Palette &c = m_theme.colours();
    painter->save();
    painter->setLayoutDirection(option.direction);
    const bool isOpen = row.id == m_open;
    if (isOpen)
        painter->fillRect(option.rect, c.bgSelected);
    else if (option.state & QStyle::State_MouseOver)
        painter->fillRect(option.rect, c.bgHover);
    if (isOpen)
        painter->fillRect(paint::placed(option.direction, option.rect,
                                        QRect(option.rect.x(), option.rect.y(), 3, option.rect.height())),
                          c.accent);
    if (m_isCompact)
        paintCompact(*painter, option, row);
    else
        paintFull(*painter, option, row, index.row() == index.model()->rowCount() - 1);
    const auto *view = qobject_cast<const QAbstractItemView *>(option.widget);
    if (view && (option.state & QStyle::State_HasFocus) && view->property("keyboardFocus").toBool())
        paint::focusRing(*painter, m_theme, QRectF(option.rect).adjusted(3, 2, -3, -2), 6);
    painter->restore();
}

void ChatRowDelegate::paintFull(QPainter &painter, const QStyleOptionViewItem &option,
                                const desk::ChatRow &row, bool isLast) const
{
    const Palette &c = m_theme.colours();
    const QRect r = option.rect;
    const auto at = [&](int x, int y, int w, int h) {
        return paint::placed(option.direction, r, QRect(r.x() + x, r.y() + y, w, h));
    };
    const QString name = visitorName(row);
    const bool isEnded = row.state == ChatState::Ended;
    const QRect face = at(16, 12, 36, 36);
    paint::avatar(painter, m_theme, face, name, 12);
    paint::channelSign(painter, m_theme, face, channelIcon(row.channel));
    const int right = r.width() - 12;

    // The first line: name, a pencil for unsaved edits, the time (or, while it waits, the department).
    const QString time = row.state == ChatState::Waiting && !row.department.isEmpty()
                             ? safeLine(row.department, 60)
                             : rowTimeText(row.lastAt, m_now());
    const QFont small = m_theme.font(TextRole::Caption);
    const int timeWidth = std::min(paint::textWidth(small, time), 110);
    paint::text(painter, at(right - timeWidth, 12, timeWidth, 20), time, small, c.tx3,
                Qt::AlignTrailing | Qt::AlignVCenter);
    int nameRight = right - timeWidth - 8;
    if (row.hasUnsavedEdits) {
        paint::icon(painter, m_theme, at(nameRight - 12, 12, 12, 20), u"edit"_s, 12, c.warn);
        nameRight -= 18;
    }
    paint::text(painter, at(64, 12, nameRight - 64, 20), name, m_theme.font(TextRole::Strong),
                isEnded ? c.tx2 : c.tx1);

    paintSecondLine(painter, at(64, 32, right - 64, 20), row);
    const auto *view = qobject_cast<const QAbstractItemView *>(option.widget);
    const bool isHere =
        (option.state & QStyle::State_MouseOver) ||
        ((option.state & QStyle::State_HasFocus) && view && view->property("keyboardFocus").toBool());
    paintThirdLine(painter, at(64, 52, right - 64, 20), r, row, isHere && row.state == ChatState::Waiting);
    if (!isLast)
        painter.fillRect(at(64, r.height() - 1, r.width() - 64, 1), c.line);
}

void ChatRowDelegate::paintSecondLine(QPainter &painter, const QRect &line, const desk::ChatRow &row) const
{
    const auto direction = painter.layoutDirection();
    int x = line.x();
    int right = line.right() + 1;
    if (row.waitingSince.isValid()) {
        const auto time = waited(row);
        const int width = paint::waitWidth(m_theme, time);
        paint::wait(painter, m_theme,
                    paint::placed(direction, line, QRect(right - width, line.y(), width, 20)), time);
        right -= width + 8;
    }
    const QString badge = badgeText(row.badge, row.matches);
    if (!badge.isEmpty()) {
        const Tone tone = toneOf(row.badge);
        const int width = std::min(right - x, paint::crmBadgeWidth(m_theme, m_crm, badge, tone));
        paint::crmBadge(painter, m_theme, paint::placed(direction, line, QRect(x, line.y(), width, 20)),
                        m_crm, badge, tone);
        x += width + 8;
    }
    const QString segment = safeLine(row.state == ChatState::Ended ? tr("Ended") : row.segment, 60);
    if (!segment.isEmpty() && right - x >= 44) {
        const int width = std::min(right - x, paint::chipWidth(m_theme, segment, false, false));
        paint::chip(painter, m_theme, paint::placed(direction, line, QRect(x, line.y(), width, 20)), segment,
                    Tone::Plain);
    }
}

void ChatRowDelegate::paintThirdLine(QPainter &painter, const QRect &line, const QRect &row,
                                     const desk::ChatRow &chat, bool offersAccept) const
{
    const Palette &c = m_theme.colours();
    const auto direction = painter.layoutDirection();
    int right = line.right() + 1;
    if (offersAccept) {
        const QRect button = acceptRect(row, direction);
        paint::box(painter, button, 6, c.accent);
        paint::text(painter, button, tr("Accept"), m_theme.font(TextRole::Meta, QFont::Medium), c.onAccent,
                    Qt::AlignCenter);
        right -= button.width() + 8;
    } else if (chat.unread > 0) {
        const int width = paint::countWidth(m_theme, chat.unread);
        paint::count(painter, m_theme,
                     paint::placed(direction, line, QRect(right - width, line.y(), width, 20)), chat.unread,
                     Tone::Accent);
        right -= width + 8;
    }
    const bool isBold = chat.unread > 0 && chat.state == ChatState::Open;
    QFont font = m_theme.font(TextRole::Meta, isBold ? QFont::Medium : QFont::Normal);
    paint::text(painter, paint::placed(direction, line, QRect(line.x(), line.y(), right - line.x(), 20)),
                previewText(chat), font, isBold ? c.tx1 : c.tx2);
}

void ChatRowDelegate::paintCompact(QPainter &painter, const QStyleOptionViewItem &option,
                                   const desk::ChatRow &row) const
{
    const QRect r = option.rect;
    const bool waits = row.waitingSince.isValid() && waitStep(waited(row)) != WaitStep::Fresh;
    const QRect face((r.x() + (r.width() - 36) / 2), r.y() + (waits ? 8 : 14), 36, 36);
    paint::avatar(painter, m_theme, face, visitorName(row), 12);
    paint::channelSign(painter, m_theme, face, channelIcon(row.channel));
    if (row.unread > 0) {
        const int width = paint::countWidth(m_theme, row.unread);
        const QRect place(r.right() + 1 - 10 - width, r.y() + 6, width, 16);
        paint::count(painter, m_theme, paint::placed(option.direction, r, place), row.unread, Tone::Accent);
    }
    if (waits) {
        const int width = paint::waitWidth(m_theme, waited(row));
        paint::wait(painter, m_theme, QRect(r.x() + (r.width() - width) / 2, r.bottom() - 19, width, 18),
                    waited(row));
    }
}

} // namespace parley::ui
