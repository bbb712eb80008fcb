#include "ui/panels/RecentView.h"

#include "ui/style/Announcer.h"
#include "ui/style/Marks.h"

#include <QLocale>

namespace parley::ui {

using namespace Qt::Literals::StringLiterals;

namespace {

QString dayOf(const QDateTime &at)
{
    return at.isValid() ? QLocale().toString(at.toLocalTime().date(), QLocale::ShortFormat) : QString();
}

} // namespace

RecentView::RecentView(Theme &theme, QWidget *parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_head(new Button(theme, tr("Recent cases and tasks"), ButtonKind::Ghost, ButtonSize::Sm, this))
    , m_body(new Card(theme, this))
    , m_rows(new QVBoxLayout(m_body))
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    m_head->setObjectName(u"recentHead"_s);
    m_head->setInkQuiet(true);
    m_head->setFlush(true);
    column->addWidget(m_head, 0, Qt::AlignLeft);
    m_body->setObjectName(u"recentRows"_s);
    m_rows->setContentsMargins(12, 8, 8, 8);
    m_rows->setSpacing(6);
    column->addWidget(m_body);
    connect(m_head, &QPushButton::clicked, this, [this] {
        m_isOpen = !m_isOpen;
        tellOpen();
        if (m_isOpen)
            ask();
    });
    tellOpen();
}

void RecentView::tellOpen()
{
    m_head->setIconName(m_isOpen ? u"down"_s : u"right"_s);
    m_head->setAccessibleDescription(m_isOpen ? tr("Open") : tr("Closed"));
    m_body->setVisible(m_isOpen);
}

void RecentView::setRecord(const RecordRef &record)
{
    if (m_record == record)
        return;
    m_record = record;
    emptyLayout(m_rows);
    if (m_isOpen && !record.isEmpty())
        ask();
}

void RecentView::ask()
{
    say(tr("Looking…"));
    emit asked();
}

void RecentView::say(const QString &text)
{
    emptyLayout(m_rows);
    auto *label = new Label(m_theme, text, TextRole::Meta, &Palette::tx2, m_body);
    label->setWordWrap(true);
    m_rows->addWidget(label);
}

void RecentView::setProblem(const Words &words)
{
    say(words.title);
    auto *again = new Button(m_theme, tr("Try again"), ButtonKind::Link, ButtonSize::Xs, m_body);
    again->setObjectName(u"recentAgain"_s);
    again->setFlush(true);
    m_rows->addWidget(again, 0, Qt::AlignLeft);
    connect(again, &QPushButton::clicked, this, &RecentView::ask);
    announce(this, words.title);
}

void RecentView::setActivities(const QList<crm::Activity> &activities)
{
    emptyLayout(m_rows);
    for (const crm::Activity &activity : activities)
        addActivity(activity);
    if (activities.isEmpty())
        say(tr("None yet."));
    announce(this, activities.isEmpty() ? tr("None yet.")
                                        : tr("%n cases and tasks", nullptr, int(activities.size())));
}

void RecentView::addActivity(const crm::Activity &activity)
{
    auto *row = new QWidget(m_body);
    row->setObjectName(u"recent."_s + activity.ref.id.value);
    auto *layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    const QString kind = RecordText::kindName(activity.ref.kind);
    layout->addWidget(new IconLabel(m_theme, RecordText::kindIcon(activity.ref.kind), 16,
                                    activity.isClosed ? &Palette::tx3 : &Palette::tx2, row),
                      0, Qt::AlignTop);
    auto *words = new QVBoxLayout;
    words->setSpacing(0);
    const QString subject = RecordText::oneLine(activity.subject);
    const QString title = subject.isEmpty() ? kind : subject;
    words->addWidget(new ElidedLabel(m_theme, title, TextRole::Body,
                                     activity.isClosed ? &Palette::tx2 : &Palette::tx1, row));
    QStringList facts{RecordText::oneLine(activity.number), RecordText::oneLine(activity.status),
                      dayOf(activity.changedAt)};
    facts.removeAll(QString());
    words->addWidget(new ElidedLabel(m_theme, facts.join(tr(", ")), TextRole::Meta, &Palette::tx3, row));
    layout->addLayout(words, 1);
    row->setAccessibleName(tr("%1: %2. %3").arg(kind, title, facts.join(tr(", "))));
    if (activity.url.isValid()) {
        auto *open = new Button(m_theme, tr("Open"), ButtonKind::Link, ButtonSize::Xs, row);
        open->setAccessibleName(tr("Open %1 in the browser").arg(title));
        connect(open, &QPushButton::clicked, this, [this, url = activity.url] { emit urlOpened(url); });
        layout->addWidget(open, 0, Qt::AlignTop);
    }
    m_rows->addWidget(row);
}

} // namespace parley::ui
