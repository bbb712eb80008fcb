#include "ui/panels/DuplicatesView.h"

#include "ui/panels/RecordSummary.h"
#include "ui/text/RecordText.h"

#include <QPainter>

namespace parley::ui {

using namespace Qt::Literals::StringLiterals;

namespace {
constexpr int kBesideFrom = 480;
constexpr int kUnderTheName = 40; ///< past the face
} // namespace

DuplicatesView::DuplicatesView(Theme &theme, QWidget *parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_title(new Label(theme, {}, TextRole::Body, &Palette::tx1, this))
    , m_text(new Label(theme, {}, TextRole::Meta, &Palette::tx2, this))
    , m_records(new QVBoxLayout)
    , m_insist(new Button(theme, {}, ButtonKind::Normal, ButtonSize::Sm, this))
{
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(13, 9, 13, 11);
    row->setSpacing(8);
    auto *sign = new QVBoxLayout;
    sign->setContentsMargins(0, 2, 0, 0);
    sign->addWidget(new IconLabel(theme, u"warning"_s, 16, &Palette::warn, this));
    sign->addStretch(1);
    row->addLayout(sign);
    auto *column = new QVBoxLayout;
    column->setSpacing(2);
    m_title->setWeight(QFont::Medium);
    m_title->setWordWrap(true);
    m_title->setObjectName(u"duplicatesTitle"_s);
    m_text->setWordWrap(true);
    m_text->setObjectName(u"duplicatesText"_s);
    column->addWidget(m_title);
    column->addWidget(m_text);
    m_records->setContentsMargins(0, 6, 0, 0);
    m_records->setSpacing(6);
    column->addLayout(m_records);
    auto *actions = new QHBoxLayout;
    actions->setContentsMargins(0, 8, 0, 0);
    m_insist->setObjectName(u"insist"_s);
    actions->addWidget(m_insist);
    actions->addStretch(1);
    column->addLayout(actions);
    row->addLayout(column, 1);
    connect(m_insist, &QPushButton::clicked, this, &DuplicatesView::insisted);
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

void DuplicatesView::show(const desk::PossibleDuplicates &duplicates, About about, const RecordKind &kind,
                          const QString &crm, const QString &said, bool canUse)
{
    const bool isEdit = about == About::Edit;
    const auto count = int(duplicates.records.size()) + duplicates.hidden;
    m_title->setText(
        duplicates.mayOverride ? (count == 1 ? tr("%1 has a record like this one").arg(crm)
                                             : tr("%1 has records like this one").arg(crm))
        : isEdit               ? tr("%1 does not take this change: there is such a %2 already")
                       .arg(crm, RecordText::kindWord(kind))
                 : tr("%1 does not take this %2: it has one already").arg(crm, RecordText::kindWord(kind)));
    QStringList sentences;
    if (!said.isEmpty())
        sentences.append(tr("It says: “%1”").arg(RecordText::oneLine(said)));
    if (duplicates.records.isEmpty())
        sentences.append(tr("Your user may not see it."));
    else if (duplicates.hidden > 0)
        sentences.append(duplicates.hidden == 1
                             ? tr("One more is not shown.")
                             : tr("%1 more are not shown.").arg(RecordText::count(duplicates.hidden)));
    if (!duplicates.mayOverride)
        sentences.append(canUse ? tr("Use the one that is there, or change what is the same.")
                                : tr("Change what is the same."));
    m_text->setText(sentences.join(u' '));
    m_text->setVisible(!sentences.isEmpty());
    if (m_shown != duplicates) { // the same again leaves the buttons, and the focus on them, where they are
        m_shown = duplicates;
        emptyLayout(m_records);
        m_rows.clear();
        for (const Record &record : duplicates.records)
            addRecord(record, canUse);
        arrange();
    }
    m_insist->setText(isEdit ? tr("Save the change anyway")
                             : tr("Create the %1 anyway").arg(RecordText::kindWord(kind)));
    m_insist->setVisible(duplicates.mayOverride);
    setAccessibleName(m_title->text() + u". "_s + m_text->text());
    QWidget::show();
}

void DuplicatesView::addRecord(const Record &record, bool canUse)
{
    auto *card = new QWidget(this);
    auto *row = new QHBoxLayout(card);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(8);
    auto *summary = new RecordSummary(m_theme, record, card);
    connect(summary, &RecordSummary::urlOpened, this, &DuplicatesView::urlOpened);
    row->addWidget(summary, 1);
    auto *use = new Button(m_theme, tr("Use this one"), ButtonKind::Normal, ButtonSize::Sm, card);
    use->setObjectName(u"useDuplicate.%1"_s.arg(m_records->count() + 1));
    use->setVisible(canUse);
    use->setAccessibleName(tr("Use %1").arg(summary->spoken().join(u", "_s)));
    connect(use, &QPushButton::clicked, this, [this, ref = record.ref] { emit chosen(ref); });
    auto *under = new QHBoxLayout;
    under->addWidget(use);
    under->addStretch(1);
    row->addLayout(under);
    m_rows.append(row);
    m_records->addWidget(card);
}

void DuplicatesView::arrange()
{
    const bool isBeside = width() >= kBesideFrom;
    for (const QPointer<QBoxLayout> &row : std::as_const(m_rows)) {
        if (!row)
            continue;
        row->setDirection(isBeside ? QBoxLayout::LeftToRight : QBoxLayout::TopToBottom);
        row->setSpacing(isBeside ? 8 : 4);
        row->itemAt(1)->layout()->setContentsMargins(isBeside ? 0 : kUnderTheName, 0, 0, 0);
    }
}

void DuplicatesView::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    arrange();
}

void DuplicatesView::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    paint::box(painter, rect(), 8, m_theme.colours().warnTint, m_theme.colours().warnLine,
               m_theme.lineWidth());
}

} // namespace parley::ui
