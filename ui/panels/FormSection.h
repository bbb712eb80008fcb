// A section of a form that folds, and builds its editors only when they come near the window.
#pragma once

#include "ui/panels/FormField.h"

#include <QAbstractButton>

class QGridLayout;
class QVBoxLayout;

namespace parley::ui {

/// A few rows of a section: an empty place of about the right height until it is built.
class FormChunk : public QWidget
{
    Q_OBJECT

public:
    FormChunk(Theme &theme, QList<QList<FormCell>> rows, int columns, QWidget *parent);

    [[nodiscard]] bool isBuilt() const { return m_isBuilt; }
    void build(const FormState &state, const FieldContext &context);
    void setColumns(int columns);
    [[nodiscard]] bool contains(const QString &field) const;
    [[nodiscard]] const QList<FormField *> &fields() const { return m_fields; }

signals:
    void fieldBuilt(parley::ui::FormField *field);
    void neededByFocus();

protected:
    void focusInEvent(QFocusEvent *event) override;

private:
    void place();
    void reserve();

    Theme &m_theme;
    QList<QList<FormCell>> m_rows;
    int m_columns;
    bool m_isBuilt = false;
    QGridLayout *m_grid = nullptr;
    QList<FormField *> m_fields;
};

/// The heading of a section: a click or Space folds it.
class FormHeading : public QAbstractButton
{
    Q_OBJECT

public:
    FormHeading(Theme &theme, const QString &text, QWidget *parent);
    [[nodiscard]] QSize sizeHint() const override { return {100, 32}; }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    Theme &m_theme;
};

class FormSection : public QWidget
{
    Q_OBJECT

public:
    FormSection(Theme &theme, const FormSectionCells &cells, QWidget *parent);

    [[nodiscard]] const QList<FormChunk *> &chunks() const { return m_chunks; }
    void setColumns(int columns);
    void setOpen(bool open);
    [[nodiscard]] bool isOpen() const;

signals:
    void opened();

private:
    FormHeading *m_heading = nullptr;
    QWidget *m_body;
    QList<FormChunk *> m_chunks;
    int m_ownColumns;
};

} // namespace parley::ui
