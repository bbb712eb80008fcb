#include "ui/style/Spoken.h"

#include "ui/style/Announcer.h"
#include "ui/style/Label.h"
#include "ui/style/Marks.h"

#include <QAbstractItemView>
#include <QAccessibleWidget>
#include <QButtonGroup>
#include <QCheckBox>
#include <QComboBox>
#include <QLineEdit>
#include <QPushButton>
#include <QRadioButton>
#include <QToolButton>

namespace parley::ui {

namespace {

/// A pane or a window. What has no name of its own is no group: a reader walks through to what is in it.
class Group : public QAccessibleWidget
{
public:
    explicit Group(QWidget *widget)
        : QAccessibleWidget(widget)
    {}
    [[nodiscard]] QAccessible::Role role() const override
    {
        if (widget()->isWindow())
            return QAccessible::Window;
        return widget()->accessibleName().isEmpty() ? QAccessible::Client : QAccessible::Grouping;
    }
};

/// A button, whether it stays pressed or not: an interface is made while its button is still being built,
/// when nobody knows. Qt's own flips the one that stays pressed behind its back: "clicked", on which all it
/// does hangs, never comes.
class Press : public QAccessibleWidget
{
public:
    explicit Press(QAbstractButton *button)
        : QAccessibleWidget(button)
    {}
    [[nodiscard]] QAccessible::Role role() const override
    {
        if (!button().isCheckable())
            return hasMenu() ? QAccessible::ButtonMenu : QAccessible::PushButton;
        const bool isOneOfMany = qobject_cast<QRadioButton *>(object()) || button().autoExclusive() ||
                                 (button().group() && button().group()->exclusive());
        return isOneOfMany ? QAccessible::RadioButton : QAccessible::CheckBox;
    }
    [[nodiscard]] QAccessible::State state() const override
    {
        QAccessible::State now = QAccessibleWidget::state();
        const auto *box = qobject_cast<QCheckBox *>(object());
        now.checkable = button().isCheckable();
        now.checkStateMixed = box && box->checkState() == Qt::PartiallyChecked;
        now.checked = button().isChecked() && !now.checkStateMixed;
        now.pressed = button().isDown();
        now.hasPopup = hasMenu();
        return now;
    }
    [[nodiscard]] QString text(QAccessible::Text kind) const override
    {
        const QString own = QAccessibleWidget::text(kind);
        if (kind != QAccessible::Name || !own.isEmpty())
            return own;
        QString words = button().text().replace(QLatin1StringView("&&"), QLatin1StringView("\n"));
        return words.remove(QLatin1Char('&')).replace(QLatin1Char('\n'), QLatin1Char('&'));
    }
    [[nodiscard]] QStringList actionNames() const override
    {
        QStringList names = QAccessibleWidget::actionNames();
        if (button().isEnabled())
            names.prepend(button().isCheckable() ? toggleAction() : pressAction());
        return names;
    }
    void doAction(const QString &action) override
    {
        if (action != toggleAction() && action != pressAction())
            QAccessibleWidget::doAction(action);
        else if (button().isEnabled())
            button().click();
    }

private:
    [[nodiscard]] QAbstractButton &button() const { return *static_cast<QAbstractButton *>(object()); }
    [[nodiscard]] bool hasMenu() const
    {
        const auto *push = qobject_cast<QPushButton *>(object());
        return push && push->menu();
    }
};

/// A picklist. On Linux Qt's own gives the chosen value for its name as well, so that a reader hears "None"
/// and not of what.
class Picklist : public QAccessibleWidget
{
public:
    explicit Picklist(QComboBox *box)
        : QAccessibleWidget(box, QAccessible::ComboBox)
    {}
    [[nodiscard]] int childCount() const override { return box().isEditable() ? 2 : 1; }
    [[nodiscard]] QAccessibleInterface *child(int index) const override
    {
        return QAccessible::queryAccessibleInterface(index == 0   ? static_cast<QWidget *>(box().view())
                                                     : index == 1 ? static_cast<QWidget *>(box().lineEdit())
                                                                  : nullptr);
    }
    [[nodiscard]] int indexOfChild(const QAccessibleInterface *child) const override
    {
        return child && child->object() == box().view()                          ? 0
               : child && child->object() && child->object() == box().lineEdit() ? 1
                                                                                 : -1;
    }
    [[nodiscard]] QAccessible::State state() const override
    {
        QAccessible::State now = QAccessibleWidget::state();
        now.expandable = true;
        now.expanded = box().view()->isVisible();
        now.editable = box().isEditable();
        now.hasPopup = true;
        return now;
    }
    [[nodiscard]] QString text(QAccessible::Text kind) const override
    {
        if (kind == QAccessible::Value)
            return box().currentText();
        const QString own = QAccessibleWidget::text(kind);
        return kind == QAccessible::Name && own.isEmpty() ? box().currentText() : own;
    }
    [[nodiscard]] QStringList actionNames() const override
    {
        QStringList names = QAccessibleWidget::actionNames();
        if (box().isEnabled())
            names.prepend(showMenuAction());
        return names;
    }
    void doAction(const QString &action) override
    {
        if (action != showMenuAction() && action != pressAction())
            QAccessibleWidget::doAction(action);
        else if (box().view()->isVisible())
            box().hidePopup();
        else if (box().isEnabled())
            box().showPopup();
    }

private:
    [[nodiscard]] QComboBox &box() const { return *static_cast<QComboBox *>(object()); }
};

bool isWords(const QWidget *widget)
{
    return qobject_cast<const ElidedLabel *>(widget) || qobject_cast<const Chip *>(widget) ||
           qobject_cast<const KeyHint *>(widget) || qobject_cast<const CrmBadge *>(widget) ||
           qobject_cast<const WaitLabel *>(widget) || qobject_cast<const CountLabel *>(widget);
}

QAccessibleInterface *speak(const QString &className, QObject *object)
{
    // Qt asks for every class an object is, down to QWidget: whatever is still nameless there is ours.
    auto *widget = qobject_cast<QWidget *>(object);
    if (!widget)
        return nullptr;
    // A tool button may have two parts: that is Qt's to tell.
    if (auto *button = qobject_cast<QAbstractButton *>(object);
        button && !qobject_cast<QToolButton *>(object))
        return new Press(button);
    if (auto *box = qobject_cast<QComboBox *>(object))
        return new Picklist(box);
    if (className == QLatin1StringView("QSplitterHandle"))
        return new QAccessibleWidget(widget, QAccessible::Separator);
    if (className != QLatin1StringView("QWidget"))
        return nullptr;
    if (qobject_cast<Announcer *>(widget))
        return new QAccessibleWidget(widget, QAccessible::Notification);
    if (isWords(widget))
        return new QAccessibleWidget(widget, QAccessible::StaticText);
    return new Group(widget);
}

} // namespace

void installSpokenRoles()
{
    static const bool isInstalled = [] {
        QAccessible::installFactory(speak);
        return true;
    }();
    Q_UNUSED(isInstalled)
}

} // namespace parley::ui
