#include "ui/style/Paint.h"

#include <QFontMetrics>
#include <QPainterPath>
#include <QSet>
#include <QStyle>
#include <QTextLayout>

#include <cmath>

namespace parley::ui {

using namespace Qt::Literals::StringLiterals;

QColor toneText(const Palette &c, Tone tone)
{
    switch (tone) {
    case Tone::Plain:
        return c.tx2;
    case Tone::None:
        return c.entNone;
    case Tone::Contact:
        return c.entContact;
    case Tone::Lead:
        return c.entLead;
    case Tone::Account:
        return c.entAccount;
    case Tone::Case:
        return c.entCase;
    case Tone::Task:
        return c.entTask;
    case Tone::Several:
    case Tone::Warn:
        return c.warn;
    case Tone::Ok:
        return c.ok;
    case Tone::Bad:
        return c.bad;
    case Tone::Accent:
        return c.accentTx;
    }
    return c.tx2;
}

QColor toneFill(const Palette &c, Tone tone)
{
    switch (tone) {
    case Tone::Plain:
        return c.bgPressed;
    case Tone::None:
        return c.entNoneT;
    case Tone::Contact:
        return c.entContactT;
    case Tone::Lead:
        return c.entLeadT;
    case Tone::Account:
        return c.entAccountT;
    case Tone::Case:
        return c.entCaseT;
    case Tone::Task:
        return c.entTaskT;
    case Tone::Several:
    case Tone::Warn:
        return c.warnTint;
    case Tone::Ok:
        return c.okTint;
    case Tone::Bad:
        return c.badTint;
    case Tone::Accent:
        return c.accentTint;
    }
    return c.bgPressed;
}

WaitStep waitStep(std::chrono::seconds waited)
{
    using namespace std::chrono_literals;
    return waited >= 180s ? WaitStep::Late : waited >= 60s ? WaitStep::Warn : WaitStep::Fresh;
}

QString waitText(std::chrono::seconds waited)
{
    const qint64 all = std::max<qint64>(0, waited.count());
    const QString seconds = u"%1"_s.arg(int(all % 60), 2, 10, QChar(u'0'));
    if (all < 3600)
        return u"%1:%2"_s.arg(all / 60).arg(seconds);
    return u"%1:%2:%3"_s.arg(all / 3600).arg(int(all / 60 % 60), 2, 10, QChar(u'0')).arg(seconds);
}

QString keyText(const QKeySequence &keys)
{
    // Qt calls the big key "Return" and the small one "Enter"; people call both Enter.
    QString text = keys == QKeySequence(Qt::Key_Return)
                       ? QKeySequence(Qt::Key_Enter).toString(QKeySequence::NativeText)
                       : keys.toString(QKeySequence::NativeText);
    // A lone "+" or a key named plus stays: only the joints go.
    for (qsizetype i = 1; i + 1 < text.size(); ++i) {
        if (text.at(i) == u'+' && text.at(i - 1) != u' ')
            text[i] = u' ';
    }
    return text;
}

QString initialsOf(const QString &name)
{
    QStringList letters;
    for (const QString &word : name.split(u' ', Qt::SkipEmptyParts)) {
        const QList<uint> points = word.toUcs4();
        if (!points.isEmpty() && QChar::isLetter(points.first()))
            letters += QString::fromUcs4(reinterpret_cast<const char32_t *>(points.constData()), 1).toUpper();
    }
    if (letters.isEmpty())
        return u"?"_s;
    return letters.size() == 1 ? letters.first() : letters.first() + letters.last();
}

namespace paint {

QRect placed(Qt::LayoutDirection direction, const QRect &bounds, const QRect &rect)
{
    return QStyle::visualRect(direction, bounds, rect);
}

void box(QPainter &painter, const QRectF &rect, qreal radius, const QColor &fill, const QColor &line,
         qreal lineWidth, Qt::PenStyle lineStyle)
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    QRectF inner = rect;
    if (line.isValid()) {
        inner.adjust(lineWidth / 2, lineWidth / 2, -lineWidth / 2, -lineWidth / 2);
        QPen pen(line, lineWidth, lineStyle);
        if (lineStyle == Qt::DashLine)
            pen.setDashPattern({2.5, 2});
        painter.setPen(pen);
    } else {
        painter.setPen(Qt::NoPen);
    }
    painter.setBrush(fill.isValid() ? QBrush(fill) : QBrush(Qt::NoBrush));
    const qreal r = std::max(0.0, line.isValid() ? radius - lineWidth / 2 : radius);
    painter.drawRoundedRect(inner, r, r);
    painter.restore();
}

int textWidth(const QFont &font, const QString &text)
{
    return int(std::ceil(QFontMetricsF(font).horizontalAdvance(text)));
}

void text(QPainter &painter, const QRect &rect, const QString &text, const QFont &font, const QColor &colour,
          Qt::Alignment alignment, Qt::TextElideMode elide)
{
    if (rect.width() <= 0 || text.isEmpty())
        return;
    const QFontMetrics metrics(font);
    const QString shown =
        metrics.horizontalAdvance(text) > rect.width() ? metrics.elidedText(text, elide, rect.width()) : text;
    const Qt::Alignment side = QStyle::visualAlignment(painter.layoutDirection(), alignment);
    painter.save();
    painter.setFont(font);
    painter.setPen(colour);
    painter.setLayoutDirection(text.isRightToLeft() ? Qt::RightToLeft : Qt::LeftToRight);
    painter.drawText(rect, int(side | Qt::AlignAbsolute) | Qt::TextSingleLine | Qt::TextDontClip, shown);
    painter.restore();
}

bool isMirrored(const QString &icon)
{
    static const QSet<QString> pointing{u"arrowleft"_s, u"arrowright"_s, u"left"_s,
                                        u"right"_s,     u"send"_s,       u"undo"_s,
                                        u"list"_s,      u"transfer"_s,   u"sidebar"_s};
    return pointing.contains(icon);
}

void icon(QPainter &painter, const Theme &theme, const QRect &rect, const QString &name, int size,
          const QColor &colour)
{
    const QPixmap pixmap = theme.icon(name, size, colour, painter.device()->devicePixelRatioF());
    const QPointF corner(rect.x() + (rect.width() - size) / 2.0, rect.y() + (rect.height() - size) / 2.0);
    if (painter.layoutDirection() == Qt::RightToLeft && isMirrored(name)) {
        painter.save();
        painter.translate(corner.x() + size, corner.y());
        painter.scale(-1, 1);
        painter.drawPixmap(QPointF(0, 0), pixmap);
        painter.restore();
        return;
    }
    painter.drawPixmap(corner, pixmap);
}

void focusRing(QPainter &painter, const Theme &theme, const QRectF &rect, qreal radius)
{
    box(painter, rect, radius, {}, theme.colours().focus, 2);
}

int keyHintWidth(const Theme &theme, const QString &keys)
{
    return textWidth(theme.font(TextRole::Caption, QFont::Medium), keys) + 10;
}

void keyHint(QPainter &painter, const Theme &theme, const QRect &rect, const QString &keys,
             const QColor &textColour, const QColor &line, const QColor &fill)
{
    const QRect area =
        placed(painter.layoutDirection(), rect,
               QRect(rect.x(), rect.y() + (rect.height() - 16) / 2, keyHintWidth(theme, keys), 16));
    box(painter, area, 4, fill, line);
    // Keys keep their order in every reading direction.
    text(painter, area, keys, theme.font(TextRole::Caption, QFont::Medium), textColour, Qt::AlignCenter,
         Qt::ElideNone);
}

int chipWidth(const Theme &theme, const QString &label, bool large, bool hasIcon)
{
    const QFont font = theme.font(large ? TextRole::Meta : TextRole::Caption, QFont::Medium);
    return textWidth(font, label) + (large ? 16 : 12) + (hasIcon ? 16 : 0);
}

void chip(QPainter &painter, const Theme &theme, const QRect &rect, const QString &label, Tone tone,
          bool large, const QString &iconName)
{
    const Palette &c = theme.colours();
    const int height = large ? 24 : 18;
    const int pad = large ? 8 : 6;
    const int width = std::min(rect.width(), chipWidth(theme, label, large, !iconName.isEmpty()));
    const auto direction = painter.layoutDirection();
    const QRect logical(rect.x(), rect.y() + (rect.height() - height) / 2, width, height);
    const QRect area = placed(direction, rect, logical);
    box(painter, area, large ? 6 : 4, toneFill(c, tone), theme.isHighContrast() ? c.line : QColor());
    int x = area.x() + pad;
    if (!iconName.isEmpty()) {
        icon(painter, theme, placed(direction, area, QRect(x, area.y(), 12, height)), iconName, 12,
             toneText(c, tone));
        x += 16;
    }
    text(painter, placed(direction, area, QRect(x, area.y(), area.right() + 1 - pad - x, height)), label,
         theme.font(large ? TextRole::Meta : TextRole::Caption, QFont::Medium), toneText(c, tone));
}

namespace {

QFont signFont(const Theme &theme)
{
    QFont font = theme.font(TextRole::Caption, QFont::DemiBold);
    font.setPixelSize(10);
    return font;
}

// Salesforce has the cloud beside its letters; any other CRM its short name alone.
bool hasCloud(const QString &crm)
{
    return crm == "SF"_L1;
}

int signWidth(const Theme &theme, const QString &crm)
{
    return textWidth(signFont(theme), crm) + (hasCloud(crm) ? 3 + 12 + 2 + 4 + 2 : 10);
}

} // namespace

int crmBadgeWidth(const Theme &theme, const QString &crm, const QString &label, Tone tone)
{
    const int sign = crm.isEmpty() ? 0 : signWidth(theme, crm) + 5;
    return sign +
           textWidth(theme.font(TextRole::Meta, tone == Tone::None ? QFont::Normal : QFont::Medium), label);
}

void crmBadge(QPainter &painter, const Theme &theme, const QRect &rect, const QString &crm,
              const QString &label, Tone tone)
{
    const Palette &c = theme.colours();
    const auto direction = painter.layoutDirection();
    int x = rect.x();
    if (!crm.isEmpty()) {
        const int width = signWidth(theme, crm);
        const QRect sign(x, rect.y() + (rect.height() - 16) / 2, width, 16);
        const QColor ink = tone == Tone::None ? c.tx3 : c.tx2;
        box(painter, placed(direction, rect, sign), 4, c.bgCard, tone == Tone::None ? c.lineInput : c.line2,
            1, tone == Tone::None ? Qt::DashLine : Qt::SolidLine);
        int inner = x + 5;
        if (hasCloud(crm)) {
            icon(painter, theme, placed(direction, rect, QRect(x + 4, sign.y(), 12, 16)), u"cloud"_s, 12,
                 ink);
            inner = x + 4 + 12 + 2;
        }
        text(painter, placed(direction, rect, QRect(inner, sign.y(), textWidth(signFont(theme), crm), 16)),
             crm, signFont(theme), ink, Qt::AlignCenter, Qt::ElideNone);
        x += width + 5;
    }
    text(painter, placed(direction, rect, QRect(x, rect.y(), rect.right() + 1 - x, rect.height())), label,
         theme.font(TextRole::Meta, tone == Tone::None ? QFont::Normal : QFont::Medium), toneText(c, tone));
}

int waitWidth(const Theme &theme, std::chrono::seconds waited)
{
    return textWidth(theme.font(TextRole::Meta, QFont::Medium), waitText(waited)) + 15 +
           (waitStep(waited) == WaitStep::Fresh ? 0 : 10);
}

void wait(QPainter &painter, const Theme &theme, const QRect &rect, std::chrono::seconds waited)
{
    const Palette &c = theme.colours();
    const WaitStep step = waitStep(waited);
    const auto direction = painter.layoutDirection();
    const int width = waitWidth(theme, waited);
    const QRect area =
        placed(direction, rect, QRect(rect.x(), rect.y() + (rect.height() - 18) / 2, width, 18));
    const int pad = step == WaitStep::Fresh ? 0 : 5;
    const QColor ink = step == WaitStep::Late ? c.onBad : step == WaitStep::Warn ? c.warn : c.tx3;
    if (step != WaitStep::Fresh)
        box(painter, area, 4, step == WaitStep::Late ? c.bad : c.warnTint);
    const QString name = step == WaitStep::Late   ? u"error"_s
                         : step == WaitStep::Warn ? u"warning"_s
                                                  : u"clock"_s;
    icon(painter, theme, placed(direction, area, QRect(area.x() + pad, area.y(), 12, 18)), name, 12, ink);
    text(painter,
         placed(direction, area, QRect(area.x() + pad + 15, area.y(), area.width() - 15 - 2 * pad + 1, 18)),
         waitText(waited), theme.font(TextRole::Meta, QFont::Medium), ink,
         Qt::AlignTrailing | Qt::AlignVCenter, Qt::ElideNone);
}

namespace {

QString countText(int count)
{
    return count > 99 ? u"99+"_s : QString::number(count);
}

} // namespace

int countWidth(const Theme &theme, int count)
{
    return std::max(16, textWidth(theme.font(TextRole::Caption, QFont::DemiBold), countText(count)) + 10);
}

void count(QPainter &painter, const Theme &theme, const QRect &rect, int value, Tone tone)
{
    const Palette &c = theme.colours();
    const QColor fill = tone == Tone::Bad ? c.bad : tone == Tone::Plain ? c.bgPressed : c.accent;
    const QColor ink = tone == Tone::Bad ? c.onBad : tone == Tone::Plain ? c.tx1 : c.onAccent;
    const QRect area =
        placed(painter.layoutDirection(), rect,
               QRect(rect.x(), rect.y() + (rect.height() - 16) / 2, countWidth(theme, value), 16));
    box(painter, area, 8, fill, theme.isHighContrast() ? c.line : QColor());
    text(painter, area, countText(value), theme.font(TextRole::Caption, QFont::DemiBold), ink,
         Qt::AlignCenter, Qt::ElideNone);
}

void avatar(QPainter &painter, const Theme &theme, const QRect &rect, const QString &name, int fontSize)
{
    const Theme::AvatarColours pair = theme.avatarColours(name);
    box(painter, rect, rect.width() / 2.0, pair.background, theme.isHighContrast() ? pair.text : QColor());
    QFont font = theme.font(TextRole::Meta, QFont::DemiBold);
    font.setPixelSize(fontSize);
    text(painter, rect, initialsOf(name), font, pair.text, Qt::AlignCenter, Qt::ElideNone);
}

void channelSign(QPainter &painter, const Theme &theme, const QRect &avatar, const QString &iconName)
{
    const QRect logical(avatar.right() + 1 + 4 - 18, avatar.bottom() + 1 + 3 - 18, 18, 18);
    const QRect area = placed(painter.layoutDirection(), avatar, logical);
    box(painter, area, 9, theme.colours().bgPane, theme.colours().line2);
    icon(painter, theme, area, iconName, 12, theme.colours().tx2);
}

void logo(QPainter &painter, const Theme &theme, const QRectF &rect)
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.translate(rect.topLeft());
    painter.scale(rect.width() / 32, rect.height() / 32);
    box(painter, QRectF(0, 0, 32, 32), 8, theme.colours().accent);
    QPainterPath letter(QPointF(9.5, 24.5));
    letter.lineTo(9.5, 10.5);
    letter.arcTo(QRectF(9.5, 8, 5, 5), 180, -90);
    letter.lineTo(17.5, 8);
    letter.arcTo(QRectF(11.5, 8, 12, 12), 90, -180);
    letter.lineTo(13.8, 20);
    letter.closeSubpath();
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(theme.colours().onAccent, 2.5, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.drawPath(letter);
    painter.drawLine(QPointF(14, 14), QPointF(18, 14));
    painter.restore();
}

} // namespace paint
} // namespace parley::ui
