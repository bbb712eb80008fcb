#include "ui/panels/ThreadView.h"
#include "ui/style/Paint.h"
#include "ui/text/ChatText.h"
#include "ui/text/PlainText.h"
#include "ui/text/When.h"

#include <QPainterPath>

namespace parley::ui {

using namespace Qt::Literals::StringLiterals;

namespace {

using Kind = ThreadEntry::Kind;

QPainterPath bubblePath(const QRectF &r, bool smallCornerLeft)
{
    const qreal big = std::min(12.0, r.height() / 2);
    const qreal small = 4;
    const qreal left = smallCornerLeft ? small : big;
    const qreal right = smallCornerLeft ? big : small;
    QPainterPath path;
    path.moveTo(r.left() + big, r.top());
    path.lineTo(r.right() - big, r.top());
    path.arcTo(r.right() - 2 * big, r.top(), 2 * big, 2 * big, 90, -90);
    path.lineTo(r.right(), r.bottom() - right);
    path.arcTo(r.right() - 2 * right, r.bottom() - 2 * right, 2 * right, 2 * right, 0, -90);
    path.lineTo(r.left() + left, r.bottom());
    path.arcTo(r.left(), r.bottom() - 2 * left, 2 * left, 2 * left, 270, -90);
    path.lineTo(r.left(), r.top() + big);
    path.arcTo(r.left(), r.top(), 2 * big, 2 * big, 180, -90);
    path.closeSubpath();
    return path;
}

} // namespace

ThreadDelegate::ThreadDelegate(Theme &theme, ThreadView &view)
    : QStyledItemDelegate(&view)
    , m_theme(theme)
    , m_view(view)
{}

QSize ThreadDelegate::sizeHint(const QStyleOptionViewItem &, const QModelIndex &index) const
{
    return {50, m_view.heightOf(index.row())};
}

void ThreadDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option,
                           const QModelIndex &index) const
{
    const ThreadEntry &entry = m_view.m_model->entry(index.row());
    const std::shared_ptr<ThreadLayout> layout = m_view.layoutOf(index.row());
    const Palette &c = m_theme.colours();
    const QRect row = option.rect;
    painter->save();
    painter->setLayoutDirection(option.direction);
    switch (entry.kind) {
    case Kind::Day:
        paintDay(*painter, index.data(Qt::DisplayRole).toString(), m_view.mirrored(row, layout->words));
        break;
    case Kind::System:
        paintText(*painter, *layout, m_view.mirrored(row, layout->words), c.tx3, index.row());
        break;
    case Kind::Note:
        paintNote(*painter, entry, *layout, row);
        paintText(*painter, *layout, m_view.mirrored(row, layout->words), c.tx1, index.row());
        break;
    case Kind::In:
    case Kind::Out:
    case Kind::Bot:
        paintBubble(*painter, entry, m_view.mirrored(row, layout->bubble));
        if (entry.item.message.attachment)
            paintFile(*painter, entry, *layout, row);
        else
            paintText(*painter, *layout, m_view.mirrored(row, layout->words), c.tx1, index.row());
        if (!layout->showAll.isEmpty())
            paint::text(*painter, m_view.mirrored(row, layout->showAll),
                        m_view.m_expanded.contains(m_view.keyOf(entry)) ? tr("Show less")
                                                                        : tr("Show the whole message"),
                        m_theme.font(TextRole::Meta, QFont::Medium), c.accentTx);
        paintMeta(*painter, entry, *layout, row);
        break;
    }
    if ((option.state & QStyle::State_HasFocus) && m_view.property("keyboardFocus").toBool())
        paint::focusRing(*painter, m_theme, QRectF(row).adjusted(4, 1, -4, -1), 6);
    painter->restore();
}

void ThreadDelegate::paintDay(QPainter &painter, const QString &text, const QRect &area) const
{
    const Palette &c = m_theme.colours();
    const QFont font = m_theme.font(TextRole::Meta, QFont::Medium);
    const int words = paint::textWidth(font, text);
    const int lines = (area.width() - words - 24) / 2;
    paint::text(painter, area, text, font, c.tx3, Qt::AlignCenter);
    painter.fillRect(area.x(), area.center().y(), lines, 1, c.line);
    painter.fillRect(area.right() + 1 - lines, area.center().y(), lines, 1, c.line);
}

void ThreadDelegate::paintBubble(QPainter &painter, const ThreadEntry &entry, const QRect &bubble) const
{
    const Palette &c = m_theme.colours();
    const bool isIn = entry.kind == Kind::In;
    const bool smallLeft = isIn == (painter.layoutDirection() != Qt::RightToLeft);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(m_theme.isHighContrast() ? QPen(c.line, 2) : QPen(Qt::NoPen));
    painter.setBrush(isIn ? c.bubIn : entry.kind == Kind::Bot ? c.bubBot : c.bubOut);
    const QRectF area = m_theme.isHighContrast() ? QRectF(bubble).adjusted(1, 1, -1, -1) : QRectF(bubble);
    painter.drawPath(bubblePath(area, smallLeft));
    painter.restore();
}

void ThreadDelegate::paintText(QPainter &painter, const ThreadLayout &layout, const QRect &words,
                               const QColor &ink, int row) const
{
    if (!layout.text)
        return;
    QList<QTextLayout::FormatRange> marks;
    if (m_view.m_selection.row == row && m_view.m_selection.from != m_view.m_selection.to) {
        QTextLayout::FormatRange mark;
        mark.start = std::min(m_view.m_selection.from, m_view.m_selection.to);
        mark.length = std::abs(m_view.m_selection.to - m_view.m_selection.from);
        mark.format.setBackground(m_theme.colours().accent);
        mark.format.setForeground(m_theme.colours().onAccent);
        marks += mark;
    }
    painter.setPen(ink);
    layout.text->draw(&painter, words.topLeft(), marks,
                      words.isEmpty() ? QRectF() : QRectF(words.adjusted(-2, -2, 2, 2)));
}

void ThreadDelegate::paintMeta(QPainter &painter, const ThreadEntry &entry, const ThreadLayout &layout,
                               const QRect &row) const
{
    if (layout.meta.isEmpty())
        return;
    if (entry.item.delivery == desk::Delivery::NotSent) {
        paintFailure(painter, layout, row);
        return;
    }
    const Palette &c = m_theme.colours();
    const QFont font = m_theme.font(TextRole::Caption);
    const QRect area = layout.meta;
    const QString time = timeText(entry.item.message.at);
    if (entry.kind == Kind::In) {
        paint::text(painter, m_view.mirrored(row, area), time, font, c.tx3);
        return;
    }
    const QString separator = u" · "_s;
    QString head = time;
    if (entry.kind == Kind::Bot)
        head = tr("Bot") + separator + time;
    else if (!entry.item.isMine)
        head = safeLine(entry.item.message.authorName, 60) + separator + time;
    if (!entry.item.isMine || entry.kind == Kind::Bot) {
        paint::text(painter, m_view.mirrored(row, area), head, font, c.tx3,
                    Qt::AlignTrailing | Qt::AlignVCenter);
        return;
    }
    const desk::Delivery delivery = entry.item.delivery;
    const bool isRead = delivery == desk::Delivery::Read;
    const bool waits = delivery == desk::Delivery::Sending && m_view.m_isOffline;
    const QString state = waits ? tr("Waiting for connection") : deliveryText(delivery);
    const QString icon = delivery == desk::Delivery::Sending ? u"clock"_s
                         : delivery == desk::Delivery::Sent  ? u"check"_s
                                                             : u"checks"_s;
    const QColor ink = isRead ? c.accentTx : c.tx3;
    int right = area.right() + 1;
    const int stateWidth = paint::textWidth(font, state);
    paint::text(painter, m_view.mirrored(row, QRect(right - stateWidth, area.y(), stateWidth, 16)), state,
                font, ink);
    right -= stateWidth + 4 + 12;
    paint::icon(painter, m_theme, m_view.mirrored(row, QRect(right, area.y(), 12, 16)), icon, 12, ink);
    if (!waits) {
        // Digits and a dot have no direction of their own: the dot's side must be said.
        const bool isMirrored = m_view.layoutDirection() == Qt::RightToLeft;
        const QString text = isMirrored ? separator + time : time + separator;
        const int width = paint::textWidth(font, text);
        paint::text(painter, m_view.mirrored(row, QRect(right - width, area.y(), width, 16)), text, font,
                    c.tx3);
    }
}

void ThreadDelegate::paintFailure(QPainter &painter, const ThreadLayout &layout, const QRect &row) const
{
    const Palette &c = m_theme.colours();
    const QFont font = m_theme.font(TextRole::Caption, QFont::Medium);
    const QString words = tr("Not sent.");
    const int width = paint::textWidth(font, words);
    const int right = layout.tryAgain.left() - 6;
    paint::text(painter, m_view.mirrored(row, layout.discard), tr("Delete"), font, c.accentTx);
    paint::text(painter, m_view.mirrored(row, layout.tryAgain), tr("Try again"), font, c.accentTx);
    paint::text(painter, m_view.mirrored(row, QRect(right - width, layout.meta.y(), width, 16)), words, font,
                c.bad);
    paint::icon(painter, m_theme, m_view.mirrored(row, QRect(right - width - 16, layout.meta.y(), 12, 16)),
                u"error"_s, 12, c.bad);
}

void ThreadDelegate::paintFile(QPainter &painter, const ThreadEntry &entry, const ThreadLayout &layout,
                               const QRect &row) const
{
    const Palette &c = m_theme.colours();
    const Attachment &file = *entry.item.message.attachment;
    if (!layout.image.isEmpty()) {
        const QRect area = m_view.mirrored(row, layout.image);
        paint::box(painter, area, 8, c.bgPressed);
        const QImage image = m_view.m_images.value(file.id);
        if (!image.isNull()) {
            const QSize size = image.size().scaled(area.size(), Qt::KeepAspectRatio);
            painter.setRenderHint(QPainter::SmoothPixmapTransform);
            painter.drawImage(
                QRect(area.center() - QPoint(size.width() / 2 - 1, size.height() / 2 - 1), size), image);
        } else {
            paint::icon(painter, m_theme, area, u"image"_s, 24, c.tx3);
            if (!m_view.m_wanted.contains(file.id)) {
                m_view.m_wanted.insert(file.id);
                // Not from inside a paint event: the answer may come at once and change what is painted.
                QMetaObject::invokeMethod(
                    &m_view, [view = &m_view, file] { emit view->imageWanted(file); }, Qt::QueuedConnection);
            }
        }
    }
    const QRect line = layout.file;
    const QFont font = m_theme.font(TextRole::Meta);
    const QString size = sizeText(file.size);
    const int sizeWidth = paint::textWidth(font, size);
    const QString name = safeLine(file.name, 120);
    const int room = line.width() - 22 - sizeWidth - 8 - 30;
    const int nameWidth = std::min(room, paint::textWidth(font, name));
    const auto put = [&](int x, int w) {
        return m_view.mirrored(row, QRect(line.x() + x, line.y(), w, line.height()));
    };
    paint::icon(painter, m_theme, put(0, 14), isImage(file) ? u"image"_s : u"file"_s, 14, c.tx2);
    paint::text(painter, put(22, nameWidth), name, font, c.tx1, Qt::AlignLeading | Qt::AlignVCenter,
                Qt::ElideMiddle);
    paint::text(painter, put(22 + nameWidth + 8, sizeWidth), size, font, c.tx3);
    paint::icon(painter, m_theme, put(line.width() - 14, 14), u"download"_s, 14, c.tx2);
}

void ThreadDelegate::paintNote(QPainter &painter, const ThreadEntry &entry, const ThreadLayout &layout,
                               const QRect &row) const
{
    const Palette &c = m_theme.colours();
    const Message &message = entry.item.message;
    paint::box(painter, m_view.mirrored(row, layout.bubble), 8, c.note, c.noteLine, m_theme.lineWidth());
    const QString words = tr("Internal note from %1, %2. Only agents see this")
                              .arg(safeLine(message.authorName, 60), timeText(message.at));
    const QRect head = layout.meta;
    paint::icon(painter, m_theme, m_view.mirrored(row, QRect(head.x(), head.y(), 12, 16)), u"lock"_s, 12,
                c.noteTx);
    paint::text(painter, m_view.mirrored(row, QRect(head.x() + 18, head.y(), head.width() - 18, 16)), words,
                m_theme.font(TextRole::Caption, QFont::Medium), c.noteTx);
}

} // namespace parley::ui
