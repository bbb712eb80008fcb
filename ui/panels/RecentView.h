// What else is going on with the visitor: recent cases and tasks of the record, read when the agent opens the
// list. Passive.
#pragma once

#include "core/crm/CrmClient.h"
#include "ui/style/Surfaces.h"
#include "ui/text/RecordText.h"

namespace parley::ui {

class RecentView : public QWidget
{
    Q_OBJECT

public:
    RecentView(Theme &theme, QWidget *parent);

    /// Another record: what was read is about the one before. An open list stays open and asks anew.
    void setRecord(const RecordRef &record);
    [[nodiscard]] const RecordRef &record() const { return m_record; }
    void setActivities(const QList<crm::Activity> &activities);
    void setProblem(const Words &words);

signals:
    void asked();
    void urlOpened(const QUrl &url);

private:
    void tellOpen();
    void ask();
    void addActivity(const crm::Activity &activity);
    void say(const QString &text);

    Theme &m_theme;
    RecordRef m_record;
    bool m_isOpen = false; // whichever record it is about
    Button *m_head;
    QWidget *m_body;
    QVBoxLayout *m_rows;
};

} // namespace parley::ui
