// Editors for text and numbers.
#pragma once

#include "ui/panels/FieldEditor.h"

class QPlainTextEdit;

namespace parley::ui {

class FieldTextEditor : public FieldEditor
{
    Q_OBJECT

public:
    FieldTextEditor(Theme &theme, const crm::Field &field, const FieldContext &context, QWidget *parent);
    [[nodiscard]] QVariant value() const override;
    void setValue(const QVariant &value) override;
    void selectAll() override;

protected:
    [[nodiscard]] FieldLine *line() const { return m_line; }

private:
    FieldLine *m_line;
};

/// Whole numbers, decimals, money and percents, in the locale's way of writing.
class FieldNumberEditor : public FieldTextEditor
{
    Q_OBJECT

public:
    FieldNumberEditor(Theme &theme, const crm::Field &field, const FieldContext &context, QWidget *parent);
    [[nodiscard]] QVariant value() const override;
    void setValue(const QVariant &value) override;

private:
    crm::FieldType m_type;
    int m_scale;
};

/// Several lines. Rich text is edited as plain text and stored as markup made from it.
class FieldAreaEditor : public FieldEditor
{
    Q_OBJECT

public:
    FieldAreaEditor(Theme &theme, const crm::Field &field, const FieldContext &context, QWidget *parent);
    [[nodiscard]] QVariant value() const override;
    void setValue(const QVariant &value) override;
    [[nodiscard]] bool takesEnter() const override { return true; }
    void selectAll() override;

private:
    QPlainTextEdit *m_text;
    bool m_isRich;
};

/// True when the markup says more than plain paragraphs do, so that editing it as text would lose something.
bool isFormatted(const QString &html);

class FieldReadOnly : public FieldEditor
{
    Q_OBJECT

public:
    FieldReadOnly(Theme &theme, const crm::Field &field, const FieldContext &context, QWidget *parent);
    [[nodiscard]] QVariant value() const override { return m_value; }
    void setValue(const QVariant &value) override;
    void setShown(const QString &text) override;
    [[nodiscard]] QString shown() const override;

private:
    crm::Field m_field;
    QVariant m_value;
    FieldLine *m_line;
};

} // namespace parley::ui
