#include "ui/panels/CandidateList.h"

#include "ui/panels/FieldChoice.h"
#include "ui/panels/FieldDate.h"
#include "ui/panels/OptionsView.h"
#include "ui/panels/RecordSummary.h"
#include "ui/text/RecordText.h"

#include <QButtonGroup>

namespace parley::ui {

using namespace Qt::Literals::StringLiterals;

namespace {

/// In this order they tell people apart; fields that machines write do not.
const QStringList kTelling{u"FirstName"_s,    u"LastName"_s, u"Name"_s,        u"Email"_s,
                           u"Account.Name"_s, u"Company"_s,  u"Title"_s,       u"Department"_s,
                           u"MobilePhone"_s,  u"Phone"_s,    u"MailingCity"_s, u"City"_s};

QString lastActivityOf(const Record &record)
{
    for (const QString &field : {u"LastActivityDate"_s, u"LastModifiedDate"_s}) {
        const QVariant value = record.fields.value(field);
        const QDate date =
            value.typeId() == QMetaType::QDateTime ? value.toDateTime().toLocalTime().date() : value.toDate();
        if (!date.isValid())
            continue;
        const QString text = dateText(date, QLocale());
        return field == u"LastActivityDate"_s ? CandidateList::tr("Last activity %1").arg(text)
                                              : CandidateList::tr("Last changed %1").arg(text);
    }
    return {};
}

} // namespace

QString labelOfApiName(const QString &name)
{
    QString base = name;
    if (base.endsWith(u".Name"_s))
        base.chop(5);
    if (base.endsWith(u"__c"_s))
        base.chop(3);
    QString label;
    for (qsizetype i = 0; i < base.size(); ++i) {
        const QChar c = base.at(i);
        if (c == u'_' || c == u'.') {
            label.append(u' ');
            continue;
        }
        const bool isWordStart = i > 0 && c.isUpper() && base.at(i - 1).isLower();
        if (isWordStart)
            label.append(u' ');
        label.append(c);
    }
    return label.simplified();
}

std::optional<Difference> differenceOf(const crm::Candidate &candidate, const QList<crm::Candidate> &all)
{
    if (all.isEmpty() || all.first().record.ref == candidate.record.ref)
        return std::nullopt;
    for (const QString &field : kTelling) {
        const QString value = candidate.record.text(field);
        const bool isEvidence = std::ranges::any_of(
            candidate.evidence, [&](const crm::Evidence &evidence) { return evidence.field == field; });
        if (!value.isEmpty() && !isEvidence && all.first().record.text(field) != value)
            return Difference{labelOfApiName(field), RecordText::oneLine(value)};
    }
    return std::nullopt;
}

CandidateList::CandidateList(Theme &theme, QWidget *parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_banner(new Banner(theme, BannerKind::Warn, {}, tr("Pick the one to show and write to."), this))
    , m_cards(new QVBoxLayout)
    , m_group(new QButtonGroup(this))
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(12);
    m_banner->setObjectName(u"severalBanner"_s);
    m_banner->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Preferred);
    column->addWidget(m_banner);
    m_cards->setSpacing(8);
    column->addLayout(m_cards);
    buildActions(column);
    connect(m_group, &QButtonGroup::idToggled, this, [this] { tellRemember(); });
}

void CandidateList::buildActions(QVBoxLayout *column)
{
    auto *remember = new QVBoxLayout;
    remember->setSpacing(0);
    m_remember = new FieldCheckBox(m_theme, tr("Remember for this visitor"), this);
    m_remember->setObjectName(u"remember"_s);
    m_remember->setChecked(true);
    remember->addWidget(m_remember);
    m_rememberHint = new Label(m_theme, {}, TextRole::Meta, &Palette::tx2, this);
    m_rememberHint->setWordWrap(true);
    m_rememberHint->setContentsMargins(28, 0, 4, 0);
    remember->addWidget(m_rememberHint);
    column->addLayout(remember);
    auto *row = new QHBoxLayout;
    row->setSpacing(8);
    m_use = new Button(m_theme, tr("Use this contact"), ButtonKind::Primary, ButtonSize::Md, this);
    m_use->setObjectName(u"useCandidate"_s);
    m_use->setKeyHint(QKeySequence(Qt::Key_Enter));
    auto *none = new Button(m_theme, tr("None of these"), ButtonKind::Normal, ButtonSize::Md, this);
    none->setObjectName(u"noneOfThese"_s);
    row->addWidget(m_use);
    row->addWidget(none);
    row->addStretch();
    column->addLayout(row);
    connect(m_use, &QPushButton::clicked, this, &CandidateList::use);
    connect(none, &QPushButton::clicked, this, &CandidateList::candidatesRejected);
}

void CandidateList::setTab(const desk::RecordTab &tab)
{
    const auto refsOf = [](const desk::RecordTab &of) {
        QList<RecordRef> refs;
        for (const crm::Candidate &candidate : of.candidates)
            refs.append(candidate.record.ref);
        return refs;
    };
    const bool isSame = refsOf(tab) == refsOf(m_tab) && m_cards->count() > 0;
    m_tab = tab;
    const RecordKind kind =
        tab.candidates.isEmpty() ? kinds::contact : tab.candidates.first().record.ref.kind;
    m_banner->setTitle(RecordText::severalTitle(int(tab.candidates.size()), kind));
    m_use->setText(tr("Use this %1").arg(RecordText::kindWord(kind)));
    if (isSame)
        return;
    for (QAbstractButton *card : m_group->buttons()) {
        m_group->removeButton(card);
        m_cards->removeWidget(card);
        card->hide();
        card->deleteLater();
    }
    for (int i = 0; i < int(tab.candidates.size()); ++i) {
        OptionCard *card = addCandidate(tab.candidates.at(i), i);
        m_group->addButton(card, i);
        m_cards->addWidget(card);
        connect(card, &OptionCard::entered, this, &CandidateList::use);
    }
    if (QAbstractButton *first = m_group->button(0))
        first->setChecked(true);
    tellRemember();
}

OptionCard *CandidateList::addCandidate(const crm::Candidate &candidate, int place)
{
    const Record &record = candidate.record;
    auto *card = new OptionCard(m_theme, this);
    card->setObjectName(u"candidate.%1"_s.arg(place + 1));
    card->setRadioTop(21);
    auto *outer = new QVBoxLayout(card);
    outer->setContentsMargins(40, 13, 12, 13);
    outer->setSpacing(0);
    auto *summary = new RecordSummary(m_theme, record, card);
    connect(summary, &RecordSummary::urlOpened, this, &CandidateList::urlOpened);
    outer->addWidget(summary);
    outer->addSpacing(8);
    outer->addWidget(new Line(m_theme, Qt::Horizontal, card));
    outer->addSpacing(6);
    addEvidence(outer, card, candidate);
    const QString activity = lastActivityOf(record);
    if (!activity.isEmpty()) {
        outer->addSpacing(4);
        outer->addWidget(new ElidedLabel(m_theme, activity, TextRole::Meta, &Palette::tx3, card));
    }
    QStringList spoken = summary->spoken();
    for (const crm::Evidence &evidence : candidate.evidence)
        spoken.append(
            tr("%1 is %2").arg(labelOfApiName(evidence.field), RecordText::oneLine(evidence.value)));
    if (const auto difference = differenceOf(candidate, m_tab.candidates))
        spoken.append(tr("differs: %1 is %2").arg(difference->label, difference->value));
    card->setAccessibleName(
        tr("%1, %2 of %3").arg(spoken.join(u", "_s)).arg(place + 1).arg(m_tab.candidates.size()));
    return card;
}

void CandidateList::addEvidence(QVBoxLayout *column, QWidget *parent, const crm::Candidate &candidate)
{
    const auto add = [&](const QString &icon, Ink ink, const QString &kind, const QString &label,
                         const QString &value) {
        auto *line = new QWidget(parent);
        line->setFixedHeight(20);
        line->setAttribute(Qt::WA_TransparentForMouseEvents);
        auto *row = new QHBoxLayout(line);
        row->setContentsMargins(0, 0, 0, 0);
        row->setSpacing(4);
        row->addWidget(new IconLabel(m_theme, icon, 14, ink, line));
        row->addSpacing(2);
        auto *name = new ElidedLabel(m_theme, kind, TextRole::Meta, &Palette::tx2, line);
        name->setFixedWidth(52);
        row->addWidget(name);
        // The value stands out: it is what the agent compares.
        auto *text = new ElidedLabel(m_theme, tr("%1 is").arg(label), TextRole::Meta, &Palette::tx1, line);
        text->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
        row->addWidget(text);
        auto *what = new ElidedLabel(m_theme, value, TextRole::Meta, &Palette::tx1, line);
        what->setWeight(QFont::Medium);
        row->addWidget(what, 1);
        column->addWidget(line);
    };
    for (const crm::Evidence &evidence : candidate.evidence)
        add(u"check"_s, &Palette::ok, RecordText::oneLine(evidence.rule), labelOfApiName(evidence.field),
            RecordText::oneLine(evidence.value));
    if (const auto difference = differenceOf(candidate, m_tab.candidates))
        add(u"minus"_s, &Palette::tx3, tr("Differs"), difference->label, difference->value);
}

void CandidateList::tellRemember()
{
    const int id = m_group->checkedId();
    QString value;
    if (id >= 0 && id < m_tab.candidates.size() && !m_tab.candidates.at(id).evidence.isEmpty())
        value = RecordText::oneLine(m_tab.candidates.at(id).evidence.first().value);
    const QString kind = RecordText::kindWord(selected().kind);
    m_rememberHint->setText(
        value.isEmpty()
            ? tr("Next time this visitor opens this %1. You can undo it in the match history.").arg(kind)
            : tr("Next time %1 opens this %2. You can undo it in the match history.").arg(value, kind));
    m_remember->setAccessibleDescription(m_rememberHint->text());
    m_use->setEnabled(id >= 0);
}

RecordRef CandidateList::selected() const
{
    const int id = m_group->checkedId();
    return id >= 0 && id < m_tab.candidates.size() ? m_tab.candidates.at(id).record.ref : RecordRef();
}

bool CandidateList::isRemembering() const
{
    return m_remember->isChecked();
}

void CandidateList::use()
{
    const RecordRef ref = selected();
    if (!ref.isEmpty())
        emit candidateChosen(ref, m_remember->isChecked());
}

void CandidateList::reset()
{
    m_tab.candidates.clear();
    m_remember->setChecked(true);
}

} // namespace parley::ui
