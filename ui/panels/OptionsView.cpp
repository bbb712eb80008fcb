#include "ui/panels/OptionsView.h"

#include "ui/style/Paint.h"
#include "ui/text/RecordText.h"

#include <QButtonGroup>
#include <QKeyEvent>
#include <QPainter>
#include <QVBoxLayout>

namespace parley::ui {

using namespace Qt::Literals::StringLiterals;
using desk::CreateOption;

namespace {
constexpr int kTextStart = 40; ///< 12 padding, 16 circle, 12 gap
}

OptionCard::OptionCard(Theme &theme, QWidget *parent)
    : QRadioButton(parent)
    , m_theme(theme)
{
    setFocusPolicy(Qt::StrongFocus);
    setProperty("drawsFocus", true);
    setAttribute(Qt::WA_Hover);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

void OptionCard::setWords(const QString &title, const QString &hint, const QString &keys)
{
    m_title = title;
    m_hint = hint;
    m_keys = keys;
    updateGeometry();
    update();
}

void OptionCard::setRadioTop(int top)
{
    m_radioTop = top;
    update();
}

QRect OptionCard::hintRect(int width) const
{
    const QFontMetrics metrics(m_theme.font(TextRole::Meta));
    const int room = std::max(40, width - kTextStart - 12);
    const QRect bounds = metrics.boundingRect(QRect(0, 0, room, 1000), Qt::TextWordWrap, m_hint);
    return {kTextStart, 32, room, std::max(16, bounds.height())};
}

bool OptionCard::hasHeightForWidth() const
{
    return layout() ? layout()->hasHeightForWidth() : true;
}

int OptionCard::heightForWidth(int width) const
{
    if (layout())
        return layout()->hasHeightForWidth() ? layout()->totalHeightForWidth(width)
                                             : layout()->totalSizeHint().height();
    return hintRect(width).bottom() + 11;
}

QSize OptionCard::sizeHint() const
{
    if (layout())
        return layout()->totalSizeHint();
    return {200, heightForWidth(std::max(200, width()))};
}

QSize OptionCard::minimumSizeHint() const
{
    if (layout())
        return layout()->totalMinimumSize();
    return {120, heightForWidth(std::max(200, width()))};
}

void OptionCard::focusInEvent(QFocusEvent *event)
{
    m_hasRing = event->reason() != Qt::MouseFocusReason;
    QRadioButton::focusInEvent(event);
}

void OptionCard::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) {
        if (!isChecked())
            click();
        emit entered();
        return;
    }
    QRadioButton::keyPressEvent(event);
}

void OptionCard::paintEvent(QPaintEvent *)
{
    const Palette &colours = m_theme.colours();
    QPainter painter(this);
    const bool isFocused = hasFocus() && m_hasRing;
    // The ring stands inside the card's own place, so that no neighbour cuts it off.
    const QRectF box = isFocused ? QRectF(rect()).adjusted(3, 3, -3, -3) : QRectF(rect());
    if (isFocused)
        paint::box(painter, rect(), 9, {}, colours.focus, 2);
    const QColor fill = isChecked() ? colours.accentTint : underMouse() ? colours.bgHover : colours.bgCard;
    paint::box(painter, box, 8, fill, isChecked() ? colours.accent : colours.line, m_theme.lineWidth());
    const auto direction = layoutDirection();
    const QRect circle = paint::placed(direction, rect(), QRect(12, m_radioTop, 16, 16));
    if (isChecked()) {
        paint::box(painter, circle, 8, colours.accent);
        paint::box(painter, QRectF(circle).adjusted(5, 5, -5, -5), 3, colours.onAccent);
    } else {
        paint::box(painter, circle, 8, colours.bgInput, colours.lineInput, m_theme.lineWidth());
    }
    if (m_title.isEmpty())
        return;
    const int hintKeys = m_keys.isEmpty() ? 0 : paint::keyHintWidth(m_theme, m_keys);
    if (hintKeys > 0)
        paint::keyHint(painter, m_theme,
                       paint::placed(direction, rect(), QRect(width() - 12 - hintKeys, 10, hintKeys, 16)),
                       m_keys, colours.tx3, colours.line2, colours.bgCard);
    paint::text(
        painter,
        paint::placed(direction, rect(), QRect(kTextStart, 10, width() - kTextStart - 20 - hintKeys, 20)),
        m_title, m_theme.font(TextRole::Body, QFont::Medium), colours.tx1);
    painter.setFont(m_theme.font(TextRole::Meta));
    painter.setPen(colours.tx2);
    // The side comes from the window, the direction from the words.
    const int side = direction == Qt::RightToLeft ? Qt::AlignRight : Qt::AlignLeft;
    const int reading = m_hint.isRightToLeft() ? Qt::TextForceRightToLeft : Qt::TextForceLeftToRight;
    painter.drawText(paint::placed(direction, rect(), hintRect(width())),
                     int(Qt::TextWordWrap | Qt::AlignAbsolute) | side | reading, m_hint);
}

OptionsView::OptionsView(Theme &theme, QWidget *parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_group(new QButtonGroup(this))
    , m_column(new QVBoxLayout(this))
{
    m_column->setContentsMargins(0, 0, 0, 0);
    m_column->setSpacing(8);
    setAccessibleName(tr("Add the visitor, choose one"));
    connect(m_group, &QButtonGroup::idClicked, this, [this](int id) { emit optionChosen(m_options.at(id)); });
}

void OptionsView::setOptions(const QList<CreateOption> &options, std::optional<CreateOption> chosen)
{
    if (options != m_options) {
        m_options = options;
        for (QAbstractButton *card : m_group->buttons()) {
            m_group->removeButton(card);
            m_column->removeWidget(card);
            card->hide();
            card->deleteLater();
        }
        for (int i = 0; i < int(options.size()); ++i) {
            const CreateOption option = options.at(i);
            auto *card = new OptionCard(m_theme, this);
            card->setObjectName(u"option.%1"_s.arg(i + 1));
            card->setWords(RecordText::optionTitle(option), RecordText::optionHint(option),
                           keyText(QKeySequence(u"Alt+%1"_s.arg(i + 1))));
            card->setAccessibleName(RecordText::optionName(option, i + 1, int(options.size())));
            card->setAccessibleDescription(RecordText::optionHint(option));
            m_group->addButton(card, i);
            m_column->addWidget(card);
            connect(card, &OptionCard::entered, this, [this, option] { emit entered(option); });
        }
    }
    const qsizetype wanted = chosen ? options.indexOf(*chosen) : -1;
    if (wanted == m_group->checkedId())
        return;
    // An exclusive group has no way back to "none": it is let go of for the moment.
    m_group->setExclusive(false);
    for (QAbstractButton *card : m_group->buttons())
        card->setChecked(m_group->id(card) == wanted);
    m_group->setExclusive(true);
}

std::optional<CreateOption> OptionsView::chosen() const
{
    const int id = m_group->checkedId();
    return id < 0 ? std::nullopt : std::optional(m_options.at(id));
}

void OptionsView::choose(int index)
{
    if (QAbstractButton *card = m_group->button(index)) {
        card->setFocus(Qt::ShortcutFocusReason);
        card->click();
    }
}

} // namespace parley::ui
