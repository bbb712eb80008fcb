#include "ui/panels/FormField.h"

#include "ui/panels/FormChecks.h"
#include "ui/style/Tip.h"
#include "ui/text/RecordText.h"

#include <QBoxLayout>

namespace parley::ui {

using namespace Qt::Literals::StringLiterals;
using crm::FieldType;

FormField::FormField(Theme &theme, const FormCell &cell, const FormState &state, const FieldContext &context,
                     QWidget *parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_cell(cell)
{
    setObjectName(u"formField."_s + cell.field.name);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    if (cell.field.type == FieldType::Boolean)
        column->addSpacing(cell.isAlone ? 0 : 20); // the box stands level with the inputs beside it
    else
        buildLabel(column, state);
    crm::Field field = cell.field;
    if (cell.isReadOnly)
        field.type = FieldType::Id; // a line that can be read and copied
    m_editor = makeFieldEditor(theme, field, context, this);
    m_editor->setObjectName(u"editor."_s + field.name);
    column->addWidget(m_editor);
    column->addStretch(1);
    connect(m_editor, &FieldEditor::edited, this, [this] {
        tellCounter();
        emit edited(name());
    });
    connect(m_editor, &FieldEditor::left, this, [this] { emit left(name()); });
    showValue(state);
}

void FormField::buildLabel(QBoxLayout *column, const FormState &state)
{
    auto *row = new QHBoxLayout;
    row->setSpacing(4);
    auto *label = new ElidedLabel(m_theme, RecordText::oneLine(m_cell.field.label), TextRole::Meta,
                                  &Palette::tx2, this);
    label->setWeight(QFont::Medium);
    label->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    row->addWidget(label);
    if (m_cell.isRequired) {
        auto *star = new Label(m_theme, u"*"_s, TextRole::Meta, &Palette::bad, this);
        star->setWeight(QFont::DemiBold);
        star->setFixedHeight(16);
        row->addWidget(star);
    }
    if (m_cell.isFromChat) {
        auto *sign = new IconLabel(m_theme, u"chats"_s, 12, &Palette::accentTx, this);
        Tip::attach(sign, m_theme, tr("Filled from this chat"));
        row->addWidget(sign);
    }
    if (!m_cell.field.controller.isEmpty()) {
        const QString parent = RecordText::oneLine(state.controllerLabel(m_cell.field));
        row->addWidget(
            new ElidedLabel(m_theme, tr("depends on %1").arg(parent), TextRole::Meta, &Palette::tx3, this));
    }
    if (!m_cell.field.help.isEmpty()) {
        auto *help = new IconLabel(m_theme, u"info"_s, 12, &Palette::tx3, this);
        Tip::attach(help, m_theme, m_cell.field.help);
        row->addWidget(help);
    }
    row->addStretch(1);
    if (m_cell.field.length > 0) {
        m_counter = new Label(m_theme, {}, TextRole::Caption, &Palette::tx3, this);
        m_counter->setFixedHeight(16);
        row->addWidget(m_counter);
    }
    column->addLayout(row);
}

int FormField::estimatedHeight(const FormCell &cell)
{
    const bool isTall = cell.field.type == FieldType::TextArea || cell.field.type == FieldType::RichText;
    return 16 + 4 + (isTall && !cell.isReadOnly ? 76 : 32);
}

void FormField::tellCounter()
{
    if (!m_counter)
        return;
    const QVariant value = m_editor->value();
    m_counter->setText(FormChecks::counter(m_cell.field, value));
    m_counter->setInk(FormChecks::lengthOf(value) > m_cell.field.length ? &Palette::bad : &Palette::tx3);
}

void FormField::showValue(const FormState &state)
{
    m_editor->setValue(state.value(name()));
    if (m_cell.field.type == FieldType::Reference || m_cell.isReadOnly) {
        const QString shown = state.shown(m_cell.field);
        if (!shown.isEmpty())
            m_editor->setShown(shown);
    }
    showState(state);
    tellCounter();
}

void FormField::showState(const FormState &state)
{
    if (!m_cell.field.controller.isEmpty() && !m_cell.isReadOnly) {
        QString off;
        const QList<crm::Choice> choices = state.choices(m_cell.field, &off);
        m_editor->setChoices(choices, off);
        m_editor->setValue(state.value(name()));
    }
    const QString words = RecordText::oneLine(state.problem(name()));
    if (!words.isEmpty() && !m_problemLine) {
        m_problemLine = new QWidget(this);
        auto *row = new QHBoxLayout(m_problemLine);
        row->setContentsMargins(0, 0, 0, 0);
        row->setSpacing(4);
        auto *sign = new QVBoxLayout;
        sign->setContentsMargins(0, 1, 0, 0);
        sign->addWidget(new IconLabel(m_theme, u"error"_s, 14, &Palette::bad, m_problemLine));
        sign->addStretch(1);
        row->addLayout(sign);
        m_problem = new Label(m_theme, {}, TextRole::Meta, &Palette::bad, m_problemLine);
        m_problem->setWordWrap(true);
        m_problem->setObjectName(u"problem."_s + name());
        row->addWidget(m_problem, 1);
        static_cast<QVBoxLayout *>(layout())->insertWidget(layout()->count() - 1, m_problemLine);
    }
    if (m_problemLine) {
        m_problem->setText(words);
        m_problemLine->setVisible(!words.isEmpty());
    }
    m_editor->setRefused(!words.isEmpty());
    QString spoken = RecordText::oneLine(m_cell.field.label);
    if (m_cell.isRequired)
        spoken = tr("%1, required").arg(spoken);
    if (m_cell.isFromChat)
        spoken = tr("%1, filled from this chat").arg(spoken);
    if (!m_cell.field.controller.isEmpty())
        spoken =
            tr("%1, depends on %2").arg(spoken, RecordText::oneLine(state.controllerLabel(m_cell.field)));
    m_editor->setName(spoken, words.isEmpty() ? RecordText::oneLine(m_cell.field.help) : words);
}

void FormField::takeFocus()
{
    m_editor->focusTarget()->setFocus(Qt::OtherFocusReason);
    m_editor->selectAll();
}

} // namespace parley::ui
