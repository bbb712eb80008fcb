// Editors that offer choices: a tick box, a picklist, a picklist of several.
#pragma once

#include "ui/panels/FieldEditor.h"

#include <QAbstractButton>
#include <QComboBox>

class QListWidget;

namespace parley::ui {

/// A tick box as the design draws it.
class FieldCheckBox : public QAbstractButton
{
    Q_OBJECT

public:
    FieldCheckBox(Theme &theme, const QString &text, QWidget *parent);
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    bool hitButton(const QPoint &pos) const override { return rect().contains(pos); }

private:
    Theme &m_theme;
};

class FieldCheckEditor : public FieldEditor
{
    Q_OBJECT

public:
    FieldCheckEditor(Theme &theme, const crm::Field &field, QWidget *parent);
    [[nodiscard]] QVariant value() const override;
    void setValue(const QVariant &value) override;

private:
    FieldCheckBox *m_box;
};

/// A drop-down list in the frame of the other inputs; the wheel scrolls the form and never changes a value.
class FieldCombo : public QComboBox
{
    Q_OBJECT

public:
    FieldCombo(Theme &theme, int height, QWidget *parent);
    void setLook(FieldFrame::Look look);
    [[nodiscard]] FieldFrame::Look look() const { return m_look; }
    [[nodiscard]] bool isPopupOpen() const;
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;

private:
    void dress();

    Theme &m_theme;
    int m_height;
    FieldFrame::Look m_look = FieldFrame::Look::Rest;
};

class FieldPicklistEditor : public FieldEditor
{
    Q_OBJECT

public:
    FieldPicklistEditor(Theme &theme, const crm::Field &field, const FieldContext &context, QWidget *parent);
    [[nodiscard]] QVariant value() const override;
    void setValue(const QVariant &value) override;
    [[nodiscard]] QString shown() const override;
    void setChoices(const QList<crm::Choice> &choices, const QString &off) override;
    void setRefused(bool refused) override;
    [[nodiscard]] bool hasOpenPopup() const override { return m_combo->isPopupOpen(); }

private:
    void fill(const QList<crm::Choice> &choices, const QString &empty);

    FieldCombo *m_combo;
};

/// Shows what is ticked; opens a list of tick boxes.
class FieldMultiEditor final : public FieldEditor
{
    Q_OBJECT

public:
    FieldMultiEditor(Theme &theme, const crm::Field &field, const FieldContext &context, QWidget *parent);
    [[nodiscard]] QVariant value() const override;
    void setValue(const QVariant &value) override;
    [[nodiscard]] QString shown() const override;
    void setChoices(const QList<crm::Choice> &choices, const QString &off) override;
    [[nodiscard]] bool hasOpenPopup() const override;

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void openPopup();
    void showText();

    QList<crm::Choice> m_choices;
    QStringList m_values;
    QString m_off;
    FieldLine *m_line;
    QPointer<QWidget> m_popup;
};

} // namespace parley::ui
