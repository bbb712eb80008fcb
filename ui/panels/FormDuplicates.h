// Above a create form that the CRM refused because there is such a record already: which ones, and the ways
// on.
#pragma once

#include "core/desk/DeskValues.h"
#include "ui/style/Button.h"
#include "ui/style/Surfaces.h"

#include <QPointer>

namespace parley::ui {

class FormDuplicates : public QWidget
{
    Q_OBJECT

public:
    FormDuplicates(Theme &theme, QWidget *parent);

    /// said: the words of the company's own rule; may be empty.
    void show(const desk::PossibleDuplicates &duplicates, const RecordKind &kind, const QString &crm,
              const QString &said);

signals:
    void chosen(const parley::RecordRef &ref);
    void createRequested(); ///< although there is one
    void urlOpened(const QUrl &url);

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void addRecord(const Record &record);
    void arrange(); ///< beside each record its button, or below where the names need the room

    Theme &m_theme;
    Label *m_title;
    Label *m_text;
    QVBoxLayout *m_records;
    QList<QPointer<QBoxLayout>> m_rows;
    Button *m_create;
};

} // namespace parley::ui
