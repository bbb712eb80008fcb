// What the CRM refused because there is such a record already, a new one or a change: which ones, and the
// ways on.
#pragma once

#include "core/desk/DeskValues.h"
#include "ui/style/Button.h"
#include "ui/style/Surfaces.h"

#include <QPointer>

namespace parley::ui {

class DuplicatesView : public QWidget
{
    Q_OBJECT

public:
    DuplicatesView(Theme &theme, QWidget *parent);

    enum class About { Create, Edit };

    /// said: the words of the company's own rule; may be empty. canUse: the others may take this one's place.
    void show(const desk::PossibleDuplicates &duplicates, About about, const RecordKind &kind,
              const QString &crm, const QString &said, bool canUse = true);

signals:
    void chosen(const parley::RecordRef &ref);
    void insisted(); ///< it is to be written although there is one
    void urlOpened(const QUrl &url);

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void addRecord(const Record &record, bool canUse);
    void arrange(); ///< beside each record its button, or below where the names need the room

    Theme &m_theme;
    std::optional<desk::PossibleDuplicates> m_shown;
    Label *m_title;
    Label *m_text;
    QVBoxLayout *m_records;
    QList<QPointer<QBoxLayout>> m_rows;
    Button *m_insist;
};

} // namespace parley::ui
