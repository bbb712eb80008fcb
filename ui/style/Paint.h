// The small shapes that widgets and delegates both draw, so that a badge in a row and a badge in a header are
// one badge.
#pragma once

#include "ui/style/Theme.h"

#include <QKeySequence>
#include <QPainter>
#include <QRect>

#include <chrono>

namespace parley::ui {

/// What a mark is about; the words beside it always say the same.
enum class Tone { Plain, None, Contact, Lead, Account, Case, Task, Several, Ok, Warn, Bad, Accent };

[[nodiscard]] QColor toneText(const Palette &colours, Tone tone);
[[nodiscard]] QColor toneFill(const Palette &colours, Tone tone);

/// How long a visitor has waited, in the three steps of the design.
enum class WaitStep { Fresh, Warn, Late };
[[nodiscard]] WaitStep waitStep(std::chrono::seconds waited);
/// "0:38", "4:06", "1:02:09".
[[nodiscard]] QString waitText(std::chrono::seconds waited);

/// "Ctrl S" on Linux and Windows, the system's own signs on a Mac.
[[nodiscard]] QString keyText(const QKeySequence &keys);

/// The first letters of the first and the last word; what has no letter gives "?".
[[nodiscard]] QString initialsOf(const QString &name);

namespace paint {

/// A box with round corners and a line inside its edge; an invalid colour is not drawn.
void box(QPainter &painter, const QRectF &rect, qreal radius, const QColor &fill, const QColor &line = {},
         qreal lineWidth = 1, Qt::PenStyle lineStyle = Qt::SolidLine);
/// One line of plain text that takes its direction from itself and its side from the widget.
void text(QPainter &painter, const QRect &rect, const QString &text, const QFont &font, const QColor &colour,
          Qt::Alignment alignment = Qt::AlignLeading | Qt::AlignVCenter,
          Qt::TextElideMode elide = Qt::ElideRight);
[[nodiscard]] int textWidth(const QFont &font, const QString &text);
/// The icon in the middle of rect; arrows and the like are mirrored where the painter's direction is right to
/// left.
void icon(QPainter &painter, const Theme &theme, const QRect &rect, const QString &name, int size,
          const QColor &colour);
/// True for the icons that point somewhere and so turn round with the reading direction.
[[nodiscard]] bool isMirrored(const QString &icon);
void focusRing(QPainter &painter, const Theme &theme, const QRectF &rect, qreal radius);

/// Each draws itself with its leading edge at rect's leading edge, in the vertical middle, and tells its
/// width.
[[nodiscard]] int keyHintWidth(const Theme &theme, const QString &keys);
void keyHint(QPainter &painter, const Theme &theme, const QRect &rect, const QString &keys,
             const QColor &text, const QColor &line, const QColor &fill);
[[nodiscard]] int chipWidth(const Theme &theme, const QString &label, bool large, bool hasIcon);
void chip(QPainter &painter, const Theme &theme, const QRect &rect, const QString &label, Tone tone,
          bool large = false, const QString &iconName = {});
[[nodiscard]] int crmBadgeWidth(const Theme &theme, const QString &crm, const QString &label, Tone tone);
void crmBadge(QPainter &painter, const Theme &theme, const QRect &rect, const QString &crm,
              const QString &label, Tone tone);
[[nodiscard]] int waitWidth(const Theme &theme, std::chrono::seconds waited);
void wait(QPainter &painter, const Theme &theme, const QRect &rect, std::chrono::seconds waited);
[[nodiscard]] int countWidth(const Theme &theme, int count);
void count(QPainter &painter, const Theme &theme, const QRect &rect, int count, Tone tone);
void avatar(QPainter &painter, const Theme &theme, const QRect &rect, const QString &name, int fontSize);
/// The round sign at the avatar's lower trailing corner that says by which channel the visitor came.
void channelSign(QPainter &painter, const Theme &theme, const QRect &avatar, const QString &iconName);
void logo(QPainter &painter, const Theme &theme, const QRectF &rect);

/// rect's mirror image inside bounds when the direction is right to left.
[[nodiscard]] QRect placed(Qt::LayoutDirection direction, const QRect &bounds, const QRect &rect);

} // namespace paint
} // namespace parley::ui
