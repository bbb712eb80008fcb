// One CRM connection in the settings: where it goes and as whom, and what can be done with it. Passive.
#pragma once

#include "core/desk/DeskValues.h"
#include "ui/style/Marks.h"
#include "ui/style/Surfaces.h"

namespace parley::ui {

class ConnectionCard : public Card
{
    Q_OBJECT

public:
    ConnectionCard(Theme &theme, const QString &id, QWidget *parent);

    [[nodiscard]] QString id() const { return m_id; }
    void setConnection(const desk::CrmConnection &connection, const desk::CrmStatus &crm);

signals:
    void signInAsked(); ///< again, by a person
    void checkAsked();  ///< of the rights
    void readAsked();   ///< anew, of fields and pages
    void useAsked();
    void signOutAsked(); ///< after the question was answered

protected:
    void keyPressEvent(QKeyEvent *event) override;

private:
    Button *makeButton(const QString &name, ButtonKind kind, QWidget *parent);
    void nameButton(Button *button, const QString &text);
    void showWords(const desk::CrmStatus &crm);
    void showActs(const desk::CrmStatus &crm);
    void ask();
    void leaveQuestion();

    Theme &m_theme;
    const QString m_id;
    desk::CrmConnection m_connection;
    ElidedLabel *m_name;
    Chip *m_state;
    ElidedLabel *m_facts;
    Label *m_usage;
    Label *m_promised;
    Label *m_reason;
    QWidget *m_acts;
    Button *m_signIn;
    Button *m_check;
    Button *m_read;
    Button *m_use;
    Button *m_signOut;
    QWidget *m_question;
    Label *m_asked;
    Button *m_yes;
    Button *m_no;
};

} // namespace parley::ui
