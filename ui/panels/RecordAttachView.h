// "When this chat ends": attach a case or a task, its details, and what became of the writes.
#pragma once

#include "core/desk/DeskValues.h"
#include "ui/style/Surfaces.h"

class QComboBox;
class QPlainTextEdit;

namespace parley::ui {

class FieldEditor;

class RecordAttachView : public QWidget
{
    Q_OBJECT

public:
    RecordAttachView(Theme &theme, QWidget *parent);

    void setTab(const desk::RecordTab &tab);
    void reset(); ///< another chat: the details editor closes
    /// Ctrl+Shift+C and T: turns it on, or off when it is on already.
    void toggle(crm::Attach attach);
    void editDetails();

signals:
    void attachChosen(parley::crm::Attach attach);
    void detailsEdited(const parley::FieldMap &fields);
    void urlOpened(const QUrl &url);
    void syncOpened();

private:
    void buildDetails();
    void tellStrip();
    void tellWrites();
    void fillDetails();
    void sendDetails();

    Theme &m_theme;
    desk::RecordTab m_tab;
    Label *m_heading;
    Button *m_case;
    Button *m_task;
    Banner *m_strip;
    Button *m_editLink;
    Button *m_dropLink;
    Card *m_details = nullptr;
    FieldEditor *m_subject = nullptr;
    FieldEditor *m_priority = nullptr;
    FieldEditor *m_description = nullptr;
    QVBoxLayout *m_writes;
    QList<desk::WriteLine> m_shownWrites;
};

} // namespace parley::ui
