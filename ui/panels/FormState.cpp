#include "ui/panels/FormState.h"

#include "ui/panels/FieldEditor.h"
#include "ui/panels/FormChecks.h"

#include <algorithm>

namespace parley::ui {

using namespace Qt::Literals::StringLiterals;
using crm::FieldType;

namespace {

QString nameKey(const crm::Field &field)
{
    return (field.relationship.isEmpty() ? field.name : field.relationship) + u".Name"_s;
}

} // namespace

bool FormState::isEmpty(const QVariant &value)
{
    return !value.isValid() || value.isNull() ||
           (value.typeId() == QMetaType::QString && value.toString().isEmpty()) ||
           (value.typeId() == QMetaType::QStringList && value.toStringList().isEmpty());
}

void FormState::setForm(const desk::RecordForm &form, const QString &crm)
{
    m_form = form;
    m_crm = crm;
    m_values = form.values;
    m_problems.clear();
    m_dependents.clear();
    for (const crm::Field &field : m_form.schema.fields) {
        if (!field.controller.isEmpty())
            m_dependents[field.controller].append(field.name);
    }
    buildSections();
    fillDefaults();
    for (const FieldError &refusal : m_form.refusals)
        m_problems.insert(refusal.field, FormProblem{refusal.field, refusal.message, true});
}

FormCell FormState::cellOf(const crm::LayoutCell &cell) const
{
    const crm::Field *field = cell.field.isEmpty() ? nullptr : m_form.schema.field(cell.field);
    FormCell shown;
    // A new record has nothing to show in a field that only the CRM can fill.
    if (!field || (!field->isCreateable && isEmpty(m_values.value(field->name)))) {
        shown.isGap = true;
        return shown;
    }
    shown.field = *field;
    if (!cell.label.isEmpty())
        shown.field.label = cell.label;
    if (shown.field.label.isEmpty())
        shown.field.label = field->name;
    shown.isReadOnly = cell.isReadOnly || !field->isCreateable;
    shown.isRequired = !shown.isReadOnly && (cell.isRequired || field->isRequired);
    shown.isFromChat = m_form.filledFromChat.contains(field->name);
    return shown;
}

void FormState::buildSections()
{
    m_sections.clear();
    QSet<QString> placed;
    for (const crm::LayoutSection &section : std::as_const(m_form.layout.sections)) {
        FormSectionCells cells;
        cells.label = section.label;
        cells.columns = section.columns;
        for (const QList<crm::LayoutCell> &row : section.rows) {
            QList<FormCell> shown;
            for (const crm::LayoutCell &cell : row) {
                shown.append(placed.contains(cell.field) ? FormCell{.isGap = true} : cellOf(cell));
                if (!shown.last().isGap)
                    placed.insert(cell.field);
            }
            const auto filled =
                std::ranges::count_if(shown, [](const FormCell &cell) { return !cell.isGap; });
            for (FormCell &cell : shown)
                cell.isAlone = filled == 1;
            if (filled > 0)
                cells.rows.append(shown);
        }
        if (!cells.rows.isEmpty())
            m_sections.append(cells);
    }
    // What the CRM insists on and the page forgot: without it no record could ever be made here.
    FormSectionCells missing;
    missing.label = m_sections.isEmpty() ? QString() : tr("Also required");
    for (const crm::Field &field : std::as_const(m_form.schema.fields)) {
        const bool isNeeded = field.isRequired && field.isCreateable && !placed.contains(field.name) &&
                              field.type != FieldType::Boolean && !field.defaultValue.isValid() &&
                              field.compound.isEmpty();
        if (isNeeded) {
            FormCell cell{.field = field, .isRequired = true};
            cell.isFromChat = m_form.filledFromChat.contains(field.name);
            if (missing.rows.isEmpty() || missing.rows.last().size() == 2)
                missing.rows.append(QList<FormCell>{});
            missing.rows.last().append(cell);
        }
    }
    if (!missing.rows.isEmpty())
        m_sections.append(missing);
}

QList<FormCell> FormState::cells() const
{
    QList<FormCell> all;
    for (const FormSectionCells &section : m_sections) {
        for (const QList<FormCell> &row : section.rows) {
            std::ranges::copy_if(row, std::back_inserter(all),
                                 [](const FormCell &cell) { return !cell.isGap; });
        }
    }
    return all;
}

void FormState::fillDefaults()
{
    for (const FormCell &cell : cells()) {
        const crm::Field &field = cell.field;
        if (m_values.contains(field.name) || cell.isReadOnly)
            continue;
        QVariant value = field.defaultValue;
        const auto allowed = choices(field, nullptr);
        const auto it = std::ranges::find_if(allowed, &crm::Choice::isDefault);
        if (!value.isValid() && it != allowed.end())
            value = it->value;
        if (!isEmpty(value))
            m_values.insert(field.name, value);
    }
}

QString FormState::shown(const crm::Field &field) const
{
    return m_values.value(nameKey(field)).toString();
}

QStringList FormState::set(const QString &name, const QVariant &value, const QString &shown)
{
    if (isEmpty(value))
        m_values.insert(name, QVariant()); // said to be empty: the default does not come back
    else
        m_values.insert(name, value);
    const crm::Field *field = m_form.schema.field(name);
    if (field && field->type == FieldType::Reference) {
        if (shown.isEmpty())
            m_values.remove(nameKey(*field));
        else
            m_values.insert(nameKey(*field), shown);
    }
    m_problems.remove(name);
    QStringList changed;
    QStringList waiting = m_dependents.value(name);
    while (!waiting.isEmpty()) {
        const QString next = waiting.takeFirst();
        if (changed.contains(next))
            continue;
        changed.append(next);
        const crm::Field *dependent = m_form.schema.field(next);
        const QList<crm::Choice> allowed = choices(*dependent, nullptr);
        const auto isAllowed = [&](const QString &one) {
            return std::ranges::find(allowed, one, &crm::Choice::value) != allowed.end();
        };
        const QVariant now = m_values.value(next);
        if (now.typeId() == QMetaType::QStringList) {
            QStringList kept = now.toStringList();
            kept.removeIf([&](const QString &one) { return !isAllowed(one); });
            m_values.insert(next, kept.isEmpty() ? QVariant() : QVariant(kept));
        } else if (!isEmpty(now) && !isAllowed(now.toString())) {
            m_values.insert(next, QVariant());
        }
        waiting += m_dependents.value(next);
    }
    return changed;
}

FieldMap FormState::valuesToSave() const
{
    FieldMap values;
    for (auto it = m_values.constBegin(); it != m_values.constEnd(); ++it) {
        const crm::Field *field = m_form.schema.field(it.key());
        // A name that the schema does not know is the desk's business, except the shown names of references.
        if (it.key().contains(u'.') || isEmpty(it.value()) || (field && !field->isCreateable))
            continue;
        values.insert(it.key(), it.value());
    }
    return values;
}

QString FormState::controllerLabel(const crm::Field &field) const
{
    return field.controller.isEmpty() ? QString() : labelOf(field.controller);
}

QList<crm::Choice> FormState::choices(const crm::Field &field, QString *off) const
{
    const crm::Field *controller =
        field.controller.isEmpty() ? nullptr : m_form.schema.field(field.controller);
    const QList<crm::Choice> allowed = allowedChoices(field, controller, m_values.value(field.controller));
    if (off && controller && controller->type != FieldType::Boolean &&
        isEmpty(m_values.value(field.controller)))
        *off = tr("Choose %1 first").arg(labelOf(field.controller));
    else if (off && controller && allowed.isEmpty())
        *off = tr("Nothing to choose for this %1").arg(labelOf(field.controller));
    return allowed;
}

void FormState::check(const QString &name)
{
    for (const FormCell &cell : cells()) {
        if (cell.field.name != name || cell.isReadOnly)
            continue;
        const auto words = FormChecks::check(cell.field, cell.isRequired, m_values.value(name));
        if (words)
            m_problems.insert(name, FormProblem{name, *words, false});
        else if (m_problems.contains(name) && !m_problems.value(name).isFromCrm)
            m_problems.remove(name);
        return;
    }
}

QList<FormProblem> FormState::checkAll()
{
    m_problems.clear();
    for (const FormCell &cell : cells()) {
        if (cell.isReadOnly)
            continue;
        const QString &name = cell.field.name;
        if (const auto words = FormChecks::check(cell.field, cell.isRequired, m_values.value(name)))
            m_problems.insert(name, FormProblem{name, *words, false});
    }
    return problems();
}

QString FormState::problem(const QString &field) const
{
    const auto it = m_problems.constFind(field);
    if (it == m_problems.constEnd())
        return {};
    return it->isFromCrm ? tr("%1: %2").arg(m_crm, it->text) : it->text;
}

QList<FormProblem> FormState::problems() const
{
    QList<FormProblem> sorted;
    QSet<QString> seen;
    for (const FormCell &cell : cells()) {
        const auto it = m_problems.constFind(cell.field.name);
        if (it != m_problems.constEnd()) {
            sorted.append(*it);
            seen.insert(it.key());
        }
    }
    for (const FormProblem &problem : m_problems) {
        if (!seen.contains(problem.field))
            sorted.append(problem);
    }
    return sorted;
}

QString FormState::labelOf(const QString &name) const
{
    for (const FormSectionCells &section : m_sections) {
        for (const QList<FormCell> &row : section.rows) {
            for (const FormCell &cell : row) {
                if (!cell.isGap && cell.field.name == name)
                    return cell.field.label;
            }
        }
    }
    const crm::Field *field = m_form.schema.field(name);
    return field && !field->label.isEmpty() ? field->label : name;
}

} // namespace parley::ui
