#include "ui/panels/FormSection.h"

#include "ui/style/Paint.h"
#include "ui/text/RecordText.h"

#include <QFocusEvent>
#include <QGridLayout>
#include <QPainter>

namespace parley::ui {

using namespace Qt::Literals::StringLiterals;

namespace {
constexpr int kRowsOfChunk = 4;
constexpr int kRowGap = 12;
constexpr int kColumnGap = 20;
} // namespace

FormChunk::FormChunk(Theme &theme, QList<QList<FormCell>> rows, int columns, QWidget *parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_rows(std::move(rows))
    , m_columns(columns)
{
    // Until it is built it can be tabbed into, and then builds itself: no field is out of the keyboard's
    // reach.
    setFocusPolicy(Qt::TabFocus);
    reserve();
}

void FormChunk::reserve()
{
    int height = 0;
    for (const QList<FormCell> &row : std::as_const(m_rows)) {
        int tallest = 0;
        for (const FormCell &cell : row) {
            const int own = cell.isGap ? 0 : FormField::estimatedHeight(cell);
            if (m_columns > 1)
                tallest = std::max(tallest, own);
            else
                height += own > 0 ? own + kRowGap : 0;
        }
        height += m_columns > 1 ? tallest + kRowGap : 0;
    }
    setMinimumHeight(std::max(0, height));
}

void FormChunk::build(const FormState &state, const FieldContext &context)
{
    if (m_isBuilt)
        return;
    m_isBuilt = true;
    setFocusPolicy(Qt::NoFocus);
    m_grid = new QGridLayout(this);
    m_grid->setContentsMargins(0, 0, 0, kRowGap);
    m_grid->setHorizontalSpacing(kColumnGap);
    m_grid->setVerticalSpacing(kRowGap);
    for (const QList<FormCell> &row : std::as_const(m_rows)) {
        for (const FormCell &cell : row) {
            if (cell.isGap) {
                m_fields.append(nullptr);
                continue;
            }
            auto *field = new FormField(m_theme, cell, state, context, this);
            m_fields.append(field);
            emit fieldBuilt(field);
        }
    }
    place();
    setMinimumHeight(0);
}

void FormChunk::place()
{
    if (!m_grid)
        return;
    while (QLayoutItem *item = m_grid->takeAt(0))
        delete item;
    int index = 0;
    int line = 0;
    for (const QList<FormCell> &row : std::as_const(m_rows)) {
        int column = 0;
        for (qsizetype i = 0; i < row.size(); ++i, ++index) {
            FormField *field = m_fields.at(index);
            if (m_columns == 1) {
                if (field)
                    m_grid->addWidget(field, line++, 0);
            } else {
                if (field)
                    m_grid->addWidget(field, line, column);
                ++column;
            }
        }
        if (m_columns > 1)
            ++line;
    }
    for (int column = 0; column < 2; ++column)
        m_grid->setColumnStretch(column, column < m_columns ? 1 : 0);
    // Both columns are equally wide, whatever stands in them.
    for (int column = 0; column < m_columns; ++column)
        m_grid->setColumnMinimumWidth(column, 40);
}

void FormChunk::setColumns(int columns)
{
    if (columns == m_columns)
        return;
    m_columns = columns;
    if (m_isBuilt)
        place();
    else
        reserve();
}

bool FormChunk::contains(const QString &field) const
{
    return std::ranges::any_of(m_rows, [&](const QList<FormCell> &row) {
        return std::ranges::any_of(
            row, [&](const FormCell &cell) { return !cell.isGap && cell.field.name == field; });
    });
}

void FormChunk::focusInEvent(QFocusEvent *event)
{
    QWidget::focusInEvent(event);
    if (m_isBuilt)
        return;
    const bool isBackwards = event->reason() == Qt::BacktabFocusReason;
    emit neededByFocus();
    QList<FormField *> fields = m_fields;
    fields.removeAll(nullptr);
    if (!fields.isEmpty())
        (isBackwards ? fields.last() : fields.first())->takeFocus();
}

FormHeading::FormHeading(Theme &theme, const QString &text, QWidget *parent)
    : QAbstractButton(parent)
    , m_theme(theme)
{
    setText(text);
    setAccessibleName(text);
    setCheckable(true);
    setChecked(true);
    setFocusPolicy(Qt::StrongFocus);
    setFixedHeight(32);
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

void FormHeading::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setLayoutDirection(layoutDirection());
    const QRect sign = paint::placed(layoutDirection(), rect(), QRect(0, 9, 14, 14));
    paint::icon(painter, m_theme, sign, isChecked() ? u"down"_s : u"right"_s, 14, m_theme.colours().tx3);
    paint::text(painter, paint::placed(layoutDirection(), rect(), QRect(22, 0, width() - 22, height())),
                text(), m_theme.font(TextRole::Strong), m_theme.colours().tx1);
}

FormSection::FormSection(Theme &theme, const FormSectionCells &cells, QWidget *parent)
    : QWidget(parent)
    , m_body(new QWidget(this))
    , m_ownColumns(std::clamp(cells.columns, 1, 2))
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 4, 0, 0);
    column->setSpacing(0);
    if (!cells.label.isEmpty()) {
        m_heading = new FormHeading(theme, RecordText::oneLine(cells.label), this);
        column->addWidget(m_heading);
        connect(m_heading, &QAbstractButton::toggled, this, &FormSection::setOpen);
    }
    column->addWidget(m_body);
    auto *inside = new QVBoxLayout(m_body);
    inside->setContentsMargins(0, 0, 0, 0);
    inside->setSpacing(0);
    for (qsizetype i = 0; i < cells.rows.size(); i += kRowsOfChunk) {
        auto *chunk = new FormChunk(theme, cells.rows.mid(i, kRowsOfChunk), m_ownColumns, m_body);
        inside->addWidget(chunk);
        m_chunks.append(chunk);
    }
}

void FormSection::setColumns(int columns)
{
    for (FormChunk *chunk : std::as_const(m_chunks))
        chunk->setColumns(std::min(columns, m_ownColumns));
}

void FormSection::setOpen(bool open)
{
    m_body->setVisible(open);
    if (!m_heading)
        return;
    m_heading->setChecked(open);
    m_heading->setAccessibleDescription(open ? tr("open") : tr("folded"));
    if (open)
        emit opened();
}

bool FormSection::isOpen() const
{
    return !m_body->isHidden();
}

} // namespace parley::ui
