// One field of a form: its label with what is to know about it, its editor, and what is wrong with it.
#pragma once

#include "ui/panels/FieldEditor.h"
#include "ui/panels/FormState.h"
#include "ui/style/Label.h"
#include "ui/style/Marks.h"

namespace parley::ui {

class FormField : public QWidget
{
    Q_OBJECT

public:
    FormField(Theme &theme, const FormCell &cell, const FormState &state, const FieldContext &context,
              QWidget *parent);

    [[nodiscard]] const QString &name() const { return m_cell.field.name; }
    [[nodiscard]] FieldEditor *editor() const { return m_editor; }
    void showState(const FormState &state); ///< its problem and its choices
    void showValue(const FormState &state); ///< also its value
    void takeFocus();
    /// Height that a row with this cell takes before it is built.
    [[nodiscard]] static int estimatedHeight(const FormCell &cell);

signals:
    void edited(const QString &field);
    void left(const QString &field);

private:
    void buildLabel(QBoxLayout *column, const FormState &state);
    void tellCounter();

    Theme &m_theme;
    FormCell m_cell;
    FieldEditor *m_editor;
    Label *m_counter = nullptr;
    QWidget *m_problemLine = nullptr;
    Label *m_problem = nullptr;
};

} // namespace parley::ui
