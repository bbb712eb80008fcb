// Editor for a date, a time or both, typed in the locale's way or picked from a calendar; may be empty.
#pragma once

#include "ui/panels/FieldEditor.h"

namespace parley::ui {

class FieldDateEditor : public FieldEditor
{
    Q_OBJECT

public:
    FieldDateEditor(Theme &theme, const crm::Field &field, const FieldContext &context, QWidget *parent);
    [[nodiscard]] QVariant value() const override;
    void setValue(const QVariant &value) override;
    [[nodiscard]] bool hasOpenPopup() const override;
    void selectAll() override;

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void openCalendar();

    crm::FieldType m_type;
    FieldLine *m_line;
    QPointer<QWidget> m_popup;
};

/// A date as people type it: the locale's long, short and narrow ways and ISO; invalid when it is none of
/// them.
QDate typedDate(const QString &text, const QLocale &locale);
QTime typedTime(const QString &text, const QLocale &locale);
/// "21 May 2026"
QString dateText(QDate date, const QLocale &locale);

} // namespace parley::ui
