// The Visitor tab: everything known about the visitor and the visit, grouped, to read and to copy.
#pragma once

#include "core/domain/Chat.h"
#include "ui/style/Marks.h"
#include "ui/style/Surfaces.h"

#include <QAbstractButton>

namespace parley::ui {

class VisitorPane : public QWidget
{
    Q_OBJECT

public:
    VisitorPane(Theme &theme, QWidget *parent);

    void setChat(const Chat &chat);

    struct Group {
        QString title;
        QList<std::pair<QString, QString>> rows; ///< label and value; empty values are left out
    };
    /// What is shown of a chat, in order; a field that no group names still appears, under its category.
    [[nodiscard]] static QList<Group> groupsOf(const Chat &chat);

private:
    void addGroup(const Group &group);

    Theme &m_theme;
    LiveChatFields m_fields;
    QString m_name;
    QVBoxLayout *m_column;
};

/// A label and a value; Ctrl+C, the menu and a small button copy the value.
class VisitorRow : public QAbstractButton
{
    Q_OBJECT

public:
    VisitorRow(Theme &theme, const QString &label, const QString &value, QWidget *parent);
    [[nodiscard]] QString value() const { return m_value; }
    [[nodiscard]] QSize sizeHint() const override { return {200, 24}; }

protected:
    void paintEvent(QPaintEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;
    void enterEvent(QEnterEvent *event) override;
    void leaveEvent(QEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;

private:
    void copy();
    void tell();

    Theme &m_theme;
    QString m_value;
    IconButton *m_copy;
};

} // namespace parley::ui
