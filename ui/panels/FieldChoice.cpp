#include "ui/panels/FieldChoice.h"

#include "ui/text/RecordText.h"

#include <QAbstractItemView>
#include <QBoxLayout>
#include <QKeyEvent>
#include <QListWidget>
#include <QMouseEvent>
#include <QPainter>
#include <QStandardItemModel>
#include <QStyleOption>
#include <QStyledItemDelegate>
#include <QWheelEvent>

namespace parley::ui {

using namespace Qt::Literals::StringLiterals;

namespace {

void dressList(QWidget *list, const Theme &theme)
{
    const Palette &colours = theme.colours();
    QPalette palette = list->palette();
    palette.setColor(QPalette::Base, colours.bgPopup);
    palette.setColor(QPalette::Window, colours.bgPopup);
    palette.setColor(QPalette::Text, colours.tx1);
    palette.setColor(QPalette::Highlight, colours.bgSelected);
    palette.setColor(QPalette::HighlightedText, colours.tx1);
    list->setPalette(palette);
    list->setFont(theme.font(TextRole::Body));
}

/// Rows of 32 px whose text is never taken for more than text.
class ChoiceDelegate : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        QSize size = QStyledItemDelegate::sizeHint(option, index);
        size.setHeight(std::max(32, size.height()));
        return size;
    }
};

} // namespace

FieldCheckBox::FieldCheckBox(Theme &theme, const QString &text, QWidget *parent)
    : QAbstractButton(parent)
    , m_theme(theme)
{
    setCheckable(true);
    setText(text);
    setFocusPolicy(Qt::StrongFocus);
    setProperty("drawsFocus", true);
    setFont(theme.font(TextRole::Body));
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

QSize FieldCheckBox::sizeHint() const
{
    const int text = this->text().isEmpty() ? 0 : 8 + fontMetrics().horizontalAdvance(this->text());
    return {4 + 16 + text + 4, std::max(28, fontMetrics().height() + 8)};
}

QSize FieldCheckBox::minimumSizeHint() const
{
    return {24, sizeHint().height()};
}

void FieldCheckBox::paintEvent(QPaintEvent *)
{
    const Palette &colours = m_theme.colours();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    QRect box(4, (height() - 16) / 2, 16, 16);
    QRect words(28, 0, width() - 32, height());
    if (layoutDirection() == Qt::RightToLeft) {
        box.moveLeft(width() - box.right() - 1);
        words.moveLeft(4);
    }
    if (hasFocus()) {
        painter.setPen(QPen(colours.focus, 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(QRectF(box).adjusted(-3, -3, 3, 3), 6, 6);
    }
    painter.setPen(QPen(isChecked() ? colours.accent : colours.lineInput, 1));
    painter.setBrush(isChecked() ? colours.accent : colours.bgInput);
    painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4);
    if (isChecked())
        painter.drawPixmap(box.topLeft() + QPoint(2, 2),
                           m_theme.icon(u"check"_s, 12, colours.onAccent, devicePixelRatioF()));
    painter.setPen(isEnabled() ? colours.tx1 : colours.txDis);
    painter.drawText(words, Qt::AlignVCenter | Qt::AlignLeading | Qt::TextSingleLine,
                     fontMetrics().elidedText(text(), Qt::ElideRight, words.width()));
}

FieldCheckEditor::FieldCheckEditor(Theme &theme, const crm::Field &field, QWidget *parent)
    : FieldEditor(theme, parent)
    , m_box(new FieldCheckBox(theme, RecordText::oneLine(field.label), this))
{
    install(m_box, m_box);
    connect(m_box, &QAbstractButton::clicked, this, &FieldEditor::edited);
}

QVariant FieldCheckEditor::value() const
{
    return m_box->isChecked();
}

void FieldCheckEditor::setValue(const QVariant &value)
{
    m_box->setChecked(value.toBool());
}

FieldCombo::FieldCombo(Theme &theme, int height, QWidget *parent)
    : QComboBox(parent)
    , m_theme(theme)
    , m_height(height)
{
    setFocusPolicy(Qt::StrongFocus);
    setProperty("drawsFocus", true);
    setProperty("small", height < 32);
    setFixedHeight(height);
    setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    setMinimumContentsLength(4);
    setMaxVisibleItems(12);
    setItemDelegate(new ChoiceDelegate(this));
    dress();
    connect(&theme, &Theme::changed, this, &FieldCombo::dress);
}

void FieldCombo::dress()
{
    setFont(m_theme.font(TextRole::Body));
    dressList(this, m_theme);
    update();
}

QSize FieldCombo::sizeHint() const
{
    return {160, m_height};
}

QSize FieldCombo::minimumSizeHint() const
{
    return {64, m_height};
}

void FieldCombo::setLook(FieldFrame::Look look)
{
    m_look = look;
    update();
}

bool FieldCombo::isPopupOpen() const
{
    return view() && view()->isVisible();
}

void FieldCombo::wheelEvent(QWheelEvent *event)
{
    event->ignore();
}

void FieldCombo::paintEvent(QPaintEvent *)
{
    const Palette &colours = m_theme.colours();
    const bool isError = m_look == FieldFrame::Look::Error;
    const bool isFocused = hasFocus();
    const qreal pen = isError || isFocused ? 2 : 1;
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(isError       ? colours.bad
                        : isFocused   ? colours.focus
                        : isEnabled() ? colours.lineInput
                                      : colours.line2,
                        pen));
    painter.setBrush(isEnabled() ? colours.bgInput : colours.bgSunken);
    painter.drawRoundedRect(QRectF(rect()).adjusted(pen / 2, pen / 2, -pen / 2, -pen / 2), 6 - pen / 2,
                            6 - pen / 2);
    const bool isMirrored = layoutDirection() == Qt::RightToLeft;
    const int side = m_height < 32 ? 8 : 10;
    const QRect words = isMirrored ? QRect(side + 22, 0, width() - 2 * side - 22, height())
                                   : QRect(side, 0, width() - 2 * side - 22, height());
    const int arrow = isMirrored ? side : width() - side - 14;
    painter.drawPixmap(arrow, (height() - 14) / 2,
                       m_theme.icon(u"down"_s, 14, colours.tx3, devicePixelRatioF()));
    const bool isEmpty = currentIndex() < 0 || !currentData().isValid();
    painter.setPen(isEmpty || !isEnabled() ? colours.tx3 : colours.tx1);
    painter.drawText(words, Qt::AlignVCenter | Qt::AlignLeading | Qt::TextSingleLine,
                     fontMetrics().elidedText(currentText(), Qt::ElideRight, words.width()));
}

FieldPicklistEditor::FieldPicklistEditor(Theme &theme, const crm::Field &field, const FieldContext &context,
                                         QWidget *parent)
    : FieldEditor(theme, parent)
    , m_combo(new FieldCombo(theme, context.isCompact ? 28 : 32, this))
{
    install(m_combo, m_combo);
    fill(field.choices, tr("None"));
    connect(m_combo, &QComboBox::activated, this, &FieldEditor::edited);
}

void FieldPicklistEditor::fill(const QList<crm::Choice> &choices, const QString &empty)
{
    m_combo->clear();
    m_combo->addItem(empty, QVariant());
    for (const crm::Choice &choice : choices) {
        if (choice.isActive)
            m_combo->addItem(RecordText::oneLine(choice.label.isEmpty() ? choice.value : choice.label),
                             choice.value);
    }
}

void FieldPicklistEditor::setChoices(const QList<crm::Choice> &choices, const QString &off)
{
    const QVariant kept = value();
    fill(choices, off.isEmpty() ? tr("None") : off);
    m_combo->setEnabled(off.isEmpty());
    const int index = kept.isValid() ? m_combo->findData(kept) : 0;
    m_combo->setCurrentIndex(std::max(0, index));
}

QVariant FieldPicklistEditor::value() const
{
    return m_combo->currentData();
}

void FieldPicklistEditor::setValue(const QVariant &value)
{
    const QString wanted = value.toString();
    if (wanted.isEmpty()) {
        m_combo->setCurrentIndex(0);
        return;
    }
    int index = m_combo->findData(wanted);
    if (index < 0) { // an inactive choice or one that the CRM takes without listing it: shown, never dropped
        m_combo->addItem(RecordText::oneLine(wanted), wanted);
        index = m_combo->count() - 1;
    }
    m_combo->setCurrentIndex(index);
}

QString FieldPicklistEditor::shown() const
{
    return value().isValid() ? m_combo->currentText() : QString();
}

void FieldPicklistEditor::setRefused(bool refused)
{
    m_combo->setLook(refused ? FieldFrame::Look::Error : FieldFrame::Look::Rest);
}

FieldMultiEditor::FieldMultiEditor(Theme &theme, const crm::Field &field, const FieldContext &context,
                                   QWidget *parent)
    : FieldEditor(theme, parent)
    , m_choices(field.choices)
    , m_line(new FieldLine(theme, this))
{
    auto *box = new FieldFrame(theme, context.isCompact ? 28 : 32, this);
    box->setContent(m_line);
    box->addTrailing(new IconLabel(theme, u"down"_s, 14, &Palette::tx3, box));
    setFrame(box);
    m_line->setReadOnly(true);
    m_line->setCursor(Qt::ArrowCursor);
    install(m_line, box);
    box->installEventFilter(this);
    showText();
}

QVariant FieldMultiEditor::value() const
{
    return m_values.isEmpty() ? QVariant() : QVariant(m_values);
}

void FieldMultiEditor::setValue(const QVariant &value)
{
    m_values = value.typeId() == QMetaType::QStringList ? value.toStringList()
                                                        : value.toString().split(u';', Qt::SkipEmptyParts);
    showText();
}

QString FieldMultiEditor::shown() const
{
    return RecordText::fieldText(crm::FieldType::MultiPicklist, value(), m_choices);
}

void FieldMultiEditor::setChoices(const QList<crm::Choice> &choices, const QString &off)
{
    m_choices = choices;
    m_off = off;
    QStringList kept;
    for (const QString &value : std::as_const(m_values)) {
        if (std::ranges::find(choices, value, &crm::Choice::value) != choices.end())
            kept.append(value);
    }
    m_values = kept;
    m_line->setEnabled(off.isEmpty());
    frame()->setLook(off.isEmpty() ? FieldFrame::Look::Rest : FieldFrame::Look::Off);
    showText();
}

void FieldMultiEditor::showText()
{
    m_line->setHint(m_off.isEmpty() ? tr("None") : m_off);
    m_line->setText(RecordText::oneLine(shown()));
    m_line->setCursorPosition(0);
}

bool FieldMultiEditor::hasOpenPopup() const
{
    return m_popup && m_popup->isVisible();
}

bool FieldMultiEditor::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::KeyPress && watched == m_line) {
        const int key = static_cast<QKeyEvent *>(event)->key();
        if (key == Qt::Key_Space || key == Qt::Key_Down || key == Qt::Key_F4) {
            openPopup();
            return true;
        }
    }
    if (event->type() == QEvent::MouseButtonRelease && m_off.isEmpty())
        openPopup();
    return FieldEditor::eventFilter(watched, event);
}

void FieldMultiEditor::openPopup()
{
    if (!m_off.isEmpty())
        return;
    auto *popup = new QFrame(this, Qt::Popup);
    popup->setAttribute(Qt::WA_DeleteOnClose);
    popup->setObjectName(u"choices"_s);
    auto *list = new QListWidget(popup);
    list->setFrameShape(QFrame::NoFrame);
    list->setItemDelegate(new ChoiceDelegate(list));
    list->setAccessibleName(m_line->accessibleName());
    dressList(popup, theme());
    dressList(list, theme());
    popup->setAutoFillBackground(true);
    auto *layout = new QVBoxLayout(popup);
    layout->setContentsMargins(1, 1, 1, 1);
    layout->addWidget(list);
    for (const crm::Choice &choice : std::as_const(m_choices)) {
        if (!choice.isActive && !m_values.contains(choice.value))
            continue;
        auto *item = new QListWidgetItem(
            RecordText::oneLine(choice.label.isEmpty() ? choice.value : choice.label), list);
        item->setData(Qt::UserRole, choice.value);
        item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsUserCheckable);
        item->setCheckState(m_values.contains(choice.value) ? Qt::Checked : Qt::Unchecked);
    }
    connect(list, &QListWidget::itemChanged, this, [this, list] {
        m_values.clear();
        for (int i = 0; i < list->count(); ++i) {
            if (list->item(i)->checkState() == Qt::Checked)
                m_values.append(list->item(i)->data(Qt::UserRole).toString());
        }
        showText();
        emit edited();
    });
    connect(list, &QListWidget::itemActivated, popup, &QWidget::close);
    popup->setFixedWidth(std::max(160, width()));
    popup->setFixedHeight(2 + 32 * std::clamp(list->count(), 1, 8));
    popup->move(mapToGlobal(QPoint(0, height() + 2)));
    m_popup = popup;
    popup->show();
    list->setCurrentRow(0);
    list->setFocus();
}

} // namespace parley::ui
