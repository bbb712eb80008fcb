// One editor per kind of CRM field, behind one face, for forms and for editing in place.
#pragma once

#include "core/base/Result.h"
#include "core/crm/Schema.h"
#include "ui/panels/FieldFrame.h"

#include <QPointer>
#include <QWidget>

#include <functional>

class QBoxLayout;

namespace parley::ui {

/// Searches records and answers later, on the thread of context, and not at all when context is gone.
using RecordSearch = std::function<void(QString text, QList<RecordKind> kinds, QObject *context,
                                        std::function<void(Result<QList<Record>>)> answer)>;

struct FieldContext {
    RecordSearch search;
    QString crm;            ///< the CRM's name, for the words
    QString currency;       ///< shown before amounts; empty: not known
    bool isCompact = false; ///< in a card: 28 px instead of 32
};

/// What a person typed into a field. Text that cannot be read as the field's type stays the text that it is,
/// so that nothing typed is lost; FormChecks says what is wrong with it.
class FieldEditor : public QWidget
{
    Q_OBJECT

public:
    FieldEditor(Theme &theme, QWidget *parent);

    [[nodiscard]] virtual QVariant value() const = 0; ///< invalid: empty
    virtual void setValue(const QVariant &value) = 0;
    /// What is shown of the value: a reference's name.
    [[nodiscard]] virtual QString shown() const { return value().toString(); }
    virtual void setShown(const QString &text) { Q_UNUSED(text) }
    /// Of a picklist; off says why there is nothing to choose from.
    virtual void setChoices(const QList<crm::Choice> &choices, const QString &off)
    {
        Q_UNUSED(choices)
        Q_UNUSED(off)
    }
    virtual void setRefused(bool refused);
    virtual void setName(const QString &name, const QString &description); ///< for screen readers
    /// True while a popup of the editor is open: Escape and Enter belong to it.
    [[nodiscard]] virtual bool hasOpenPopup() const { return false; }
    [[nodiscard]] virtual bool takesEnter() const { return false; } ///< several lines
    [[nodiscard]] QWidget *focusTarget() const { return m_target; }
    virtual void selectAll() {}

signals:
    void edited();   ///< by a person
    void accepted(); ///< Enter in a line
    void left();     ///< the focus went elsewhere

protected:
    void install(QWidget *target, QWidget *frame);
    bool eventFilter(QObject *watched, QEvent *event) override;
    [[nodiscard]] Theme &theme() const { return m_theme; }
    [[nodiscard]] FieldFrame *frame() const { return m_frame; }
    void setFrame(FieldFrame *frame) { m_frame = frame; }

private:
    Theme &m_theme;
    QWidget *m_target = nullptr;
    FieldFrame *m_frame = nullptr;
    QBoxLayout *m_layout;
};

/// Never null. A field that cannot be typed (an id, a formula, a file) gets a read-only line.
FieldEditor *makeFieldEditor(Theme &theme, const crm::Field &field, const FieldContext &context,
                             QWidget *parent);

/// The choices of a dependent field that the controlling field's value allows.
QList<crm::Choice> allowedChoices(const crm::Field &dependent, const crm::Field *controller,
                                  const QVariant &controlling);

} // namespace parley::ui
