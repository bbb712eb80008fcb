// What a create form holds: values as typed, what depends on what, and what is wrong. No widgets.
#pragma once

#include "core/desk/DeskValues.h"

#include <QCoreApplication>

namespace parley::ui {

struct FormProblem {
    QString field;
    QString text;
    bool isFromCrm = false;
    friend bool operator==(const FormProblem &, const FormProblem &) = default;
};

/// One place of the form, ready to be shown.
struct FormCell {
    crm::Field field;
    bool isRequired = false;
    bool isReadOnly = false;
    bool isFromChat = false;
    bool isGap = false;
    bool isAlone = false; ///< in its row
};

struct FormSectionCells {
    QString label;
    int columns = 2;
    QList<QList<FormCell>> rows;
};

class FormState
{
    Q_DECLARE_TR_FUNCTIONS(parley::ui::FormState)

public:
    void setForm(const desk::RecordForm &form, const QString &crm);
    [[nodiscard]] const desk::RecordForm &form() const { return m_form; }
    [[nodiscard]] const QString &crm() const { return m_crm; }
    [[nodiscard]] const QList<FormSectionCells> &sections() const { return m_sections; }

    [[nodiscard]] QVariant value(const QString &field) const { return m_values.value(field); }
    /// What to show for a reference; kept beside its id under "<relationship>.Name".
    [[nodiscard]] QString shown(const crm::Field &field) const;
    /// Sets it and empties what depends on it and no longer fits. Returns the fields whose choices changed.
    QStringList set(const QString &field, const QVariant &value, const QString &shown = {});
    [[nodiscard]] const FieldMap &values() const { return m_values; }
    /// Without the names of references, empty values and what cannot be written.
    [[nodiscard]] FieldMap valuesToSave() const;

    /// Choices that the controlling field allows; off says why there are none.
    [[nodiscard]] QList<crm::Choice> choices(const crm::Field &field, QString *off) const;
    [[nodiscard]] QString controllerLabel(const crm::Field &field) const;

    void check(const QString &field);
    QList<FormProblem> checkAll(); ///< in the form's order
    [[nodiscard]] QString problem(const QString &field) const;
    [[nodiscard]] QList<FormProblem> problems() const; ///< in the form's order, those without a place last
    [[nodiscard]] QString labelOf(const QString &field) const;

private:
    void buildSections();
    [[nodiscard]] FormCell cellOf(const crm::LayoutCell &cell) const;
    void fillDefaults();
    [[nodiscard]] QList<FormCell> cells() const;
    [[nodiscard]] static bool isEmpty(const QVariant &value);

    desk::RecordForm m_form;
    QString m_crm;
    QList<FormSectionCells> m_sections;
    FieldMap m_values;
    QMap<QString, FormProblem> m_problems;
    QHash<QString, QStringList> m_dependents;
};

} // namespace parley::ui
