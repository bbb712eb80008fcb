// A record in two lines, wherever it is offered among others: face, name, kind, what else tells it apart, the
// way to its page in the CRM.
#pragma once

#include "core/domain/Record.h"
#include "ui/style/Marks.h"

namespace parley::ui {

class RecordSummary : public QWidget
{
    Q_OBJECT

public:
    RecordSummary(Theme &theme, const Record &record, QWidget *parent);

    /// "Amelia Hart, Contact, Head of Purchasing, Northgate Logistics"
    [[nodiscard]] QStringList spoken() const { return m_spoken; }

signals:
    void urlOpened(const QUrl &url);

private:
    QStringList m_spoken;
};

[[nodiscard]] Tone toneOf(const RecordKind &kind);

} // namespace parley::ui
