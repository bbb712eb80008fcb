// The question before a chat ends: what will be written, keep chatting, or end. A panel, never a modal
// window.
#pragma once

#include "core/desk/DeskValues.h"
#include "ui/panels/CannedPopup.h"
#include "ui/style/Surfaces.h"

class QCheckBox;
class QPlainTextEdit;

namespace parley::ui {

/// What the panel shows; made by whoever knows the record tab.
struct EndChatOffer {
    QString visitor;
    bool isTyping = false;
    QString crm; ///< empty: no CRM is connected
    crm::Attach attach = crm::Attach::Nothing;
    QString subject;        ///< of the case or task
    bool canAttach = false; ///< a record is matched, or an option was chosen
    QString chosen;         ///< the option that will be written, in the CRM's words
    int changedFields = 0;
    QString changedNames; ///< "Title, Phone"
    bool hasTranscriptNote = false;
    bool canAddNote = false;
    QString wrapUp; ///< as typed so far
};

class EndChatPanel : public PopupFrame
{
    Q_OBJECT

public:
    EndChatPanel(Theme &theme, QWidget *parent);
    void ask(const EndChatOffer &offer);
    /// Goes, and gives the focus back to who had it; false: that one is gone.
    bool leave();
    [[nodiscard]] bool saveChanges() const;
    [[nodiscard]] bool keepAttachment() const;
    [[nodiscard]] bool addNote() const;
    /// What the agent says about the chat as a whole; goes into the case and the transcript note.
    [[nodiscard]] QString wrapUp() const;
    void setBusy(bool busy);
    void setFailure(const QString &title, const QString &detail);

signals:
    void wrapUpTyped(const QString &text);
    void confirmed();
    void cancelled();

protected:
    void paintEvent(QPaintEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    void fit();

    Label *m_title;
    Label *m_detail;
    Label *m_wrapUpTitle;
    QPlainTextEdit *m_wrapUp;
    Label *m_listTitle;
    Label *m_nothing;
    QCheckBox *m_attach;
    QCheckBox *m_changes;
    QCheckBox *m_note;
    QPointer<QWidget> m_opener;
    Banner *m_failure;
    Button *m_keep;
    Button *m_end;
};

} // namespace parley::ui
