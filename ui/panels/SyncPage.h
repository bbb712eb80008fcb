// What is being written to the CRM, chat by chat: needs you, retrying, sending, queued, done.
#pragma once

#include "core/desk/DeskValues.h"
#include "ui/style/Marks.h"
#include "ui/style/Surfaces.h"

#include <functional>

namespace parley::ui {

struct SyncRow {
    ChatId chat;
    QString visitor;
    desk::WriteLine line;
};

class SyncPage : public Ground
{
    Q_OBJECT

public:
    SyncPage(Theme &theme, std::function<QDateTime()> now, QWidget *parent = nullptr);
    void showWrites(const QList<SyncRow> &rows, const desk::CrmStatus &crm);

signals:
    void chatAsked(const parley::ChatId &id);
    void recordAsked(const QUrl &url);

private:
    QWidget *makeRow(const SyncRow &row, const QString &crm);

    Theme &m_theme;
    std::function<QDateTime()> m_now;
    Banner *m_signIn;
    EmptyState *m_empty;
    QWidget *m_scroll;
    QWidget *m_list = nullptr;
    QVBoxLayout *m_rows;
};

} // namespace parley::ui
