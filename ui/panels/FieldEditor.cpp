#include "ui/panels/FieldEditor.h"

#include "ui/panels/FieldChoice.h"
#include "ui/panels/FieldDate.h"
#include "ui/panels/FieldReference.h"
#include "ui/panels/FieldText.h"

#include <QFocusEvent>
#include <QVBoxLayout>

#include <algorithm>

namespace parley::ui {

using crm::FieldType;

FieldEditor::FieldEditor(Theme &theme, QWidget *parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_layout(new QVBoxLayout(this))
{
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setSpacing(0);
}

void FieldEditor::install(QWidget *target, QWidget *frame)
{
    m_target = target;
    target->setFocusPolicy(Qt::StrongFocus);
    target->installEventFilter(this);
    setFocusProxy(target);
    m_layout->addWidget(frame);
}

bool FieldEditor::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_target && event->type() == QEvent::FocusOut) {
        const auto reason = static_cast<QFocusEvent *>(event)->reason();
        // A popup or another window does not mean that the person is done with the field.
        if (reason != Qt::PopupFocusReason && reason != Qt::ActiveWindowFocusReason)
            emit left();
    }
    return QWidget::eventFilter(watched, event);
}

void FieldEditor::setRefused(bool refused)
{
    if (m_frame && m_frame->look() != FieldFrame::Look::ReadOnly)
        m_frame->setLook(refused ? FieldFrame::Look::Error : FieldFrame::Look::Rest);
}

void FieldEditor::setName(const QString &name, const QString &description)
{
    m_target->setAccessibleName(name);
    m_target->setAccessibleDescription(description);
}

FieldEditor *makeFieldEditor(Theme &theme, const crm::Field &field, const FieldContext &context,
                             QWidget *parent)
{
    switch (field.type) {
    case FieldType::String:
    case FieldType::Email:
    case FieldType::Phone:
    case FieldType::Url:
    case FieldType::Encrypted:
    case FieldType::Other:
        return new FieldTextEditor(theme, field, context, parent);
    case FieldType::TextArea:
    case FieldType::RichText:
        return new FieldAreaEditor(theme, field, context, parent);
    case FieldType::Integer:
    case FieldType::Double:
    case FieldType::Currency:
    case FieldType::Percent:
        return new FieldNumberEditor(theme, field, context, parent);
    case FieldType::Date:
    case FieldType::DateTime:
    case FieldType::Time:
        return new FieldDateEditor(theme, field, context, parent);
    case FieldType::Boolean:
        return new FieldCheckEditor(theme, field, parent);
    case FieldType::Picklist:
    case FieldType::Combobox:
        return new FieldPicklistEditor(theme, field, context, parent);
    case FieldType::MultiPicklist:
        return new FieldMultiEditor(theme, field, context, parent);
    case FieldType::Reference:
        return new FieldReferenceEditor(theme, field, context, parent);
    case FieldType::Address:
    case FieldType::PersonName:
    case FieldType::Location:
    case FieldType::Id:
    case FieldType::Binary:
        break;
    }
    return new FieldReadOnly(theme, field, context, parent);
}

QList<crm::Choice> allowedChoices(const crm::Field &dependent, const crm::Field *controller,
                                  const QVariant &controlling)
{
    QList<crm::Choice> allowed;
    int index = -1;
    if (controller && controller->type == FieldType::Boolean) {
        index = controlling.toBool() ? 1 : 0; // the CRM counts an unticked box first
    } else if (controller) {
        const auto it = std::ranges::find(controller->choices, controlling.toString(), &crm::Choice::value);
        index = it == controller->choices.end() ? -1 : int(std::distance(controller->choices.begin(), it));
    }
    for (const crm::Choice &choice : dependent.choices) {
        // A controller that the person may not see cannot be asked: the CRM decides then.
        const bool isAllowed =
            dependent.controller.isEmpty() || !controller || choice.validFor.contains(index);
        if (choice.isActive && isAllowed)
            allowed.append(choice);
    }
    return allowed;
}

} // namespace parley::ui
