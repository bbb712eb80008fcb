// One field of a record card: read, edited in place, changed, saving, refused or locked.
#pragma once

#include "core/desk/DeskValues.h"
#include "ui/panels/FieldEditor.h"
#include "ui/style/Label.h"
#include "ui/style/Marks.h"

#include <QAbstractButton>

class QHBoxLayout;
class QVBoxLayout;

namespace parley::ui {

class Button;
class IconButton;

class FieldRow : public QAbstractButton
{
    Q_OBJECT

public:
    FieldRow(Theme &theme, FieldContext context, QWidget *parent);

    /// An open editor stays open with what was typed.
    void setField(const desk::CardField &field, bool isSaving);
    [[nodiscard]] const desk::CardField &field() const { return m_field; }
    void setTight(bool tight); ///< 24 px, as in the account's card; seen with the next setField()

    void startEdit();
    /// Takes over what was typed; false when it cannot be read, and then the editor stays open and says why.
    bool keep();
    /// The agent moves on: what is typed is kept as it is, readable or not, so that it is there on coming
    /// back.
    void keepAsTyped();
    /// True when the kept edit could be saved; else the editor opens and says why not.
    bool checkEdit();
    void cancelEdit();
    void letGo(); ///< blank, and without a name by which it could be found
    [[nodiscard]] bool isEditing() const { return m_editor != nullptr; }
    [[nodiscard]] bool isEditable() const;
    [[nodiscard]] QString shownText() const;
    [[nodiscard]] QSize sizeHint() const override;

signals:
    void kept(const QString &field, const QVariant &value, const QVariant &base);
    void undone(const QString &field);
    void mineKept(const QString &field); ///< of a contested field; theirs: undone()
    void editingChanged();
    void linkOpened(const QUrl &url);
    void moved(int by); ///< an arrow key asks for the row above or below

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void enterEvent(QEnterEvent *event) override;
    void leaveEvent(QEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void build();
    void tell();
    void buildContest();
    void tellMark();
    void shareRoom();
    void tellTrailing();
    void closeEditor();
    [[nodiscard]] crm::Field editedField() const;
    [[nodiscard]] QUrl link() const;
    [[nodiscard]] QString textBefore() const; ///< what the field held before it was edited

    Theme &m_theme;
    FieldContext m_context;
    desk::CardField m_field;
    bool m_isSaving = false;
    bool m_isTight = false;
    QString m_problem; ///< our own words about what was typed

    Label *m_label;
    Label *m_star;
    Avatar *m_avatar;
    ElidedLabel *m_value;
    QWidget *m_contest = nullptr; ///< made when the field is contested for the first time
    Label *m_theirs = nullptr;
    Label *m_refusal;
    IconLabel *m_refusalIcon;
    IconLabel *m_markIcon;
    ElidedLabel *m_mark;
    IconButton *m_open;
    IconLabel *m_pencil;
    QHBoxLayout *m_row;
    QVBoxLayout *m_middle;
    FieldEditor *m_editor = nullptr;
    IconButton *m_keep = nullptr;
    IconButton *m_drop = nullptr;
    QVariant m_base;     ///< the field's value where the edit began
    QVariant m_original; ///< the CRM's value, as the editor would give it back
};

} // namespace parley::ui
