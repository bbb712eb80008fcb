#include "ui/panels/SyncPage.h"

#include "ui/text/ChatText.h"
#include "ui/text/PlainText.h"

#include <QScrollArea>

namespace parley::ui {

using namespace Qt::Literals::StringLiterals;

namespace {

// In the order in which they matter to the agent.
int urgency(desk::WriteState state)
{
    switch (state) {
    case desk::WriteState::NeedsYou:
        return 0;
    case desk::WriteState::Retrying:
        return 1;
    case desk::WriteState::Sending:
        return 2;
    case desk::WriteState::Queued:
        return 3;
    case desk::WriteState::ForAnotherOrg:
        return 4;
    case desk::WriteState::Planned:
        return 5;
    case desk::WriteState::Done:
        return 6;
    }
    return 7;
}

QString iconOf(desk::WriteState state)
{
    switch (state) {
    case desk::WriteState::NeedsYou:
        return u"error"_s;
    case desk::WriteState::Retrying:
        return u"warning"_s;
    case desk::WriteState::Sending:
        return u"sync"_s;
    case desk::WriteState::Done:
        return u"check"_s;
    default:
        return u"clock"_s;
    }
}

Ink inkOf(desk::WriteState state)
{
    switch (state) {
    case desk::WriteState::NeedsYou:
        return &Palette::bad;
    case desk::WriteState::Retrying:
        return &Palette::warn;
    case desk::WriteState::Done:
        return &Palette::ok;
    default:
        return &Palette::tx2;
    }
}

} // namespace

SyncPage::SyncPage(Theme &theme, std::function<QDateTime()> now, QWidget *parent)
    : Ground(theme, &Palette::bgPane, parent)
    , m_theme(theme)
    , m_now(std::move(now))
    , m_signIn(new Banner(theme, BannerKind::Warn, {}, {}, this))
    , m_empty(new EmptyState(theme, u"check"_s, tr("Nothing waits"),
                             tr("Everything has been written to your CRM."), this))
    , m_rows(new QVBoxLayout)
{
    setObjectName(u"syncPage"_s);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    auto *head = new Ground(theme, &Palette::bgPane, this, Qt::BottomEdge);
    head->setFixedHeight(64);
    auto *headRow = new QHBoxLayout(head);
    headRow->setContentsMargins(24, 0, 24, 0);
    headRow->addWidget(new Label(theme, tr("Sync"), TextRole::Page, &Palette::tx1, head));
    headRow->addStretch();
    column->addWidget(head);
    auto *notice = new QHBoxLayout;
    notice->setContentsMargins(24, 12, 24, 0);
    notice->addWidget(m_signIn);
    column->addLayout(notice);
    column->addWidget(m_empty, 1);
    auto *scroll = new QScrollArea(this);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setFocusPolicy(Qt::NoFocus);
    m_list = new QWidget;
    m_list->setObjectName(u"scrollBody"_s);
    auto *body = new QVBoxLayout(m_list);
    body->setContentsMargins(24, 12, 24, 24);
    body->setSpacing(0);
    body->addLayout(m_rows);
    body->addStretch();
    m_rows->setSpacing(0);
    scroll->setWidget(m_list);
    m_scroll = scroll;
    column->addWidget(scroll, 1);
    showWrites({}, {});
}

void SyncPage::showWrites(const QList<SyncRow> &rows, const desk::CrmStatus &crm)
{
    emptyLayout(m_rows);
    QList<SyncRow> sorted = rows;
    std::ranges::stable_sort(sorted, {}, [](const SyncRow &row) { return urgency(row.line.state); });
    const QString name = crm.name.isEmpty() ? tr("The CRM") : crm.name;
    for (const SyncRow &row : std::as_const(sorted))
        m_rows->addWidget(makeRow(row, name));
    m_empty->setVisible(sorted.isEmpty());
    m_scroll->setVisible(!sorted.isEmpty());
    const auto open = int(std::ranges::count_if(sorted, [](const SyncRow &row) {
        return row.line.state != desk::WriteState::Done && row.line.state != desk::WriteState::ForAnotherOrg;
    }));
    m_signIn->setVisible(crm.state == desk::CrmState::SignInNeeded);
    m_signIn->setTitle(tr("%1 asks you to sign in again").arg(name));
    m_signIn->setDetail(open > 0 ? tr("%n waiting. They are sent as soon as you sign in.", nullptr, open)
                                 : QString());
}

QWidget *SyncPage::makeRow(const SyncRow &row, const QString &crm)
{
    auto *line = new Ground(m_theme, &Palette::bgPane, m_list, Qt::BottomEdge);
    line->setMinimumHeight(44);
    auto *layout = new QHBoxLayout(line);
    layout->setContentsMargins(0, 6, 0, 6);
    layout->setSpacing(12);
    layout->addWidget(new IconLabel(m_theme, iconOf(row.line.state), 16, inkOf(row.line.state), line));
    auto *words = new QVBoxLayout;
    words->setSpacing(0);
    QString kind = kindText(row.line.kind);
    if (!kind.isEmpty())
        kind[0] = kind.at(0).toUpper();
    const QString what =
        row.line.resultTitle.isEmpty() ? safeLine(row.line.title, 120) : safeLine(row.line.resultTitle, 120);
    auto *title = new ElidedLabel(m_theme, what.isEmpty() ? kind : kind + u" · "_s + what, TextRole::Body,
                                  &Palette::tx1, line);
    title->setWeight(QFont::Medium);
    words->addWidget(title);
    words->addWidget(new ElidedLabel(m_theme, writeStateText(row.line, crm, m_now()), TextRole::Meta,
                                     inkOf(row.line.state), line));
    layout->addLayout(words, 1);
    auto *chat = new Button(m_theme, row.visitor, ButtonKind::Link, ButtonSize::Sm, line);
    chat->setAccessibleName(tr("Open the chat with %1").arg(row.visitor));
    connect(chat, &QAbstractButton::clicked, this, [this, id = row.chat] { emit chatAsked(id); });
    layout->addWidget(chat);
    if (row.line.url.isValid()) {
        auto *open = new IconButton(m_theme, u"open"_s, tr("Open in the browser"), 28, line);
        connect(open, &QAbstractButton::clicked, this, [this, url = row.line.url] { emit recordAsked(url); });
        layout->addWidget(open);
    }
    return line;
}

} // namespace parley::ui
