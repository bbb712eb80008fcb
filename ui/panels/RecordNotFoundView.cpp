#include "ui/panels/RecordNotFoundView.h"

#include "ui/panels/OptionsView.h"
#include "ui/text/RecordText.h"

namespace parley::ui {

using namespace Qt::Literals::StringLiterals;
using crm::RuleResult;
using desk::CreateOption;

namespace {

/// The round sign before the heading of an answer that is no record.
class RoundSign : public QWidget
{
public:
    RoundSign(Theme &theme, QString icon, QWidget *parent)
        : QWidget(parent)
        , m_theme(theme)
        , m_icon(std::move(icon))
    {
        setFixedSize(32, 32);
    }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        paint::box(painter, rect(), 16, m_theme.colours().entNoneT);
        paint::icon(painter, m_theme, rect(), m_icon, 18, m_theme.colours().entNone);
    }

private:
    Theme &m_theme;
    QString m_icon;
};

} // namespace

RecordNotFoundView::RecordNotFoundView(Theme &theme, RecordSearch search, QWidget *parent)
    : QWidget(parent)
    , m_theme(theme)
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(12);
    buildSearched(column);
    buildSearch(column, std::move(search));
    buildOptions(column);
}

void RecordNotFoundView::buildSearched(QVBoxLayout *column)
{
    auto *card = new Card(m_theme, this);
    card->setObjectName(u"notFound"_s);
    auto *inside = new QVBoxLayout(card);
    inside->setContentsMargins(0, 0, 0, 0);
    inside->setSpacing(0);
    auto *header = new QHBoxLayout;
    header->setContentsMargins(12, 12, 8, 8);
    header->setSpacing(8);
    header->addWidget(new RoundSign(m_theme, u"question"_s, card), 0, Qt::AlignTop);
    auto *words = new QVBoxLayout;
    words->setSpacing(0);
    m_title = new Label(m_theme, {}, TextRole::Strong, &Palette::tx1, card);
    m_title->setObjectName(u"notFoundTitle"_s);
    m_title->setWordWrap(true);
    m_summary = new Label(m_theme, {}, TextRole::Meta, &Palette::tx2, card);
    m_summary->setWordWrap(true);
    words->addWidget(m_title);
    words->addWidget(m_summary);
    header->addLayout(words, 1);
    auto *refresh = new IconButton(m_theme, u"refresh"_s, tr("Look again"), 28, card);
    header->addWidget(refresh, 0, Qt::AlignTop);
    connect(refresh, &QPushButton::clicked, this, &RecordNotFoundView::lookAgainRequested);
    inside->addLayout(header);
    m_rules = new QVBoxLayout;
    m_rules->setContentsMargins(12, 0, 12, 8);
    m_rules->setSpacing(0);
    inside->addLayout(m_rules);
    m_again = new QWidget(card);
    m_again->setObjectName(u"newDetails"_s);
    auto *outer = new QVBoxLayout(m_again);
    outer->setContentsMargins(1, 0, 1, 0);
    outer->setSpacing(0);
    outer->addWidget(new Line(m_theme, Qt::Horizontal, m_again));
    auto *row = new QHBoxLayout;
    row->setContentsMargins(12, 8, 12, 8);
    row->setSpacing(8);
    row->addWidget(new IconLabel(m_theme, u"phone"_s, 14, &Palette::tx1, m_again));
    auto *text = new Label(m_theme, tr("An email or phone has come in since."), TextRole::Meta, &Palette::tx1,
                           m_again);
    text->setWordWrap(true);
    row->addWidget(text, 1);
    auto *again = new Button(m_theme, tr("Look again"), ButtonKind::Normal, ButtonSize::Xs, m_again);
    again->setObjectName(u"lookAgain"_s);
    connect(again, &QPushButton::clicked, this, &RecordNotFoundView::lookAgainRequested);
    row->addWidget(again);
    outer->addLayout(row);
    inside->addWidget(m_again);
    column->addWidget(card);
}

void RecordNotFoundView::buildSearch(QVBoxLayout *column, RecordSearch search)
{
    auto *group = new QVBoxLayout;
    group->setSpacing(4);
    auto *label = new Label(m_theme, tr("Find a record by hand"), TextRole::Meta, &Palette::tx2, this);
    label->setWeight(QFont::Medium);
    group->addWidget(label);
    auto *box = new FieldFrame(m_theme, 32, this);
    m_line = new FieldLine(m_theme, box);
    m_line->setObjectName(u"findRecord"_s);
    m_line->setHint(tr("Name, email, phone or company"));
    m_line->setAccessibleName(tr("Find a record by hand"));
    box->setContent(m_line);
    box->setLeading(u"search"_s);
    box->addTrailing(new KeyHint(m_theme, keyText(QKeySequence(u"Ctrl+Shift+F"_s)), box));
    group->addWidget(box);
    column->addLayout(group);
    label->setBuddy(m_line);
    const QList<RecordKind> kinds{kinds::contact, kinds::lead, kinds::account};
    m_search = new FieldSearch(m_theme, m_line, box, std::move(search), kinds);
    connect(m_line, &QLineEdit::textEdited, m_search, &FieldSearch::search);
    connect(m_search, &FieldSearch::picked, this, [this](const Record &record) {
        m_line->clear();
        emit linkRequested(record.ref);
    });
}

void RecordNotFoundView::buildOptions(QVBoxLayout *column)
{
    auto *group = new QVBoxLayout;
    group->setSpacing(8);
    auto *heading = new QHBoxLayout;
    m_optionsTitle = new Label(m_theme, tr("Or add the visitor"), TextRole::Meta, &Palette::tx2, this);
    m_optionsTitle->setWeight(QFont::DemiBold);
    m_chooseOne = new Label(m_theme, tr("Choose one"), TextRole::Meta, &Palette::tx3, this);
    heading->addWidget(m_optionsTitle, 1);
    heading->addWidget(m_chooseOne);
    group->addLayout(heading);
    m_options = new OptionsView(m_theme, this);
    m_options->setObjectName(u"options"_s);
    group->addWidget(m_options);
    auto *row = new QHBoxLayout;
    row->setContentsMargins(0, 4, 0, 0);
    row->setSpacing(8);
    m_openForm = new Button(m_theme, {}, ButtonKind::Primary, ButtonSize::Md, this);
    m_openForm->setObjectName(u"openForm"_s);
    m_openForm->setKeyHint(QKeySequence(Qt::Key_Enter));
    m_formHint = new Label(m_theme, {}, TextRole::Meta, &Palette::tx2, this);
    m_formHint->setWordWrap(true);
    row->addWidget(m_openForm);
    row->addWidget(m_formHint, 1);
    group->addLayout(row);
    m_strip = new Banner(m_theme, BannerKind::Info, {}, {}, this);
    m_strip->setObjectName(u"optionStrip"_s);
    m_strip->setIconName(u"case"_s);
    m_strip->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Preferred);
    Button *drop = m_strip->addLink(tr("Do not create"));
    drop->setObjectName(u"doNotCreate"_s);
    connect(drop, &QPushButton::clicked, this, [this] { emit optionChosen(std::nullopt); });
    group->addWidget(m_strip);
    column->addLayout(group);
    column->addStretch(1);
    m_noChoice = new QWidget(this);
    m_noChoice->setObjectName(u"noChoice"_s);
    auto *none = new QHBoxLayout(m_noChoice);
    none->setContentsMargins(4, 0, 4, 0);
    none->setSpacing(8);
    none->addWidget(new IconLabel(m_theme, u"info"_s, 14, &Palette::tx3, m_noChoice), 0, Qt::AlignTop);
    auto *noneText = new Label(m_theme, tr("If you choose nothing, nothing is written when this chat ends."),
                               TextRole::Meta, &Palette::tx2, m_noChoice);
    noneText->setWordWrap(true);
    none->addWidget(noneText, 1);
    column->addWidget(m_noChoice);
    connect(m_options, &OptionsView::optionChosen, this,
            [this](CreateOption option) { emit optionChosen(option); });
    connect(m_options, &OptionsView::entered, this, &RecordNotFoundView::act);
    connect(m_openForm, &QPushButton::clicked, this, [this] {
        if (const auto option = m_options->chosen())
            act(*option);
    });
}

void RecordNotFoundView::act(CreateOption option)
{
    if (RecordText::hasForm(option))
        emit formRequested(option);
}

void RecordNotFoundView::setTab(const desk::RecordTab &tab)
{
    m_tab = tab;
    const QString crm = RecordText::crmName(tab.crm);
    m_title->setText(tr("This visitor is not in %1").arg(crm));
    m_summary->setText(RecordText::searchedSummary(tab.searched));
    m_again->setVisible(tab.hasNewDetails);
    tellSearched();
    m_options->setOptions(tab.options, tab.chosen);
    tellChoice();
}

void RecordNotFoundView::tellSearched()
{
    emptyLayout(m_rules);
    for (const RuleResult &rule : std::as_const(m_tab.searched)) {
        auto *line = new QWidget(this);
        line->setFixedHeight(24);
        auto *row = new QHBoxLayout(line);
        row->setContentsMargins(0, 0, 0, 0);
        row->setSpacing(8);
        const bool isSkipped = rule.state == RuleResult::State::Skipped;
        const QString icon = isSkipped                                ? u"minus"_s
                             : rule.state == RuleResult::State::Found ? u"check"_s
                                                                      : u"close"_s;
        row->addWidget(new IconLabel(m_theme, icon, 14, &Palette::tx3, line));
        const bool isMany = m_tab.searched.size() > 1;
        const QString name = isMany ? tr("%1, %2").arg(RecordText::oneLine(rule.rule.name),
                                                       RecordText::kindWord(rule.rule.kind))
                                    : RecordText::oneLine(rule.rule.name);
        auto *ruleName = new ElidedLabel(m_theme, name, TextRole::Meta, &Palette::tx1, line);
        row->addWidget(ruleName);
        row->addWidget(
            new ElidedLabel(m_theme, RecordText::ruleValue(rule), TextRole::Meta, &Palette::tx3, line), 1);
        const QString outcome = RecordText::ruleOutcome(rule);
        row->addWidget(new Label(m_theme, outcome, TextRole::Meta, &Palette::tx2, line));
        line->setAccessibleName(tr("%1: %2, %3").arg(name, RecordText::ruleValue(rule), outcome));
        m_rules->addWidget(line);
    }
}

void RecordNotFoundView::tellChoice()
{
    const auto chosen = m_tab.chosen;
    const bool isAny = !m_tab.options.isEmpty() && !m_tab.isChatEnded;
    m_optionsTitle->setVisible(isAny);
    m_chooseOne->setVisible(isAny && !chosen);
    m_options->setVisible(isAny);
    const bool hasForm = isAny && chosen && RecordText::hasForm(*chosen);
    m_openForm->setVisible(hasForm);
    m_formHint->setVisible(hasForm);
    if (hasForm) {
        m_openForm->setText(RecordText::formButton(*chosen));
        m_formHint->setText(m_tab.filledFromChat > 0 ? RecordText::filledFromChat(m_tab.filledFromChat)
                                                     : tr("Nothing is written before you save"));
    }
    m_noChoice->setVisible(isAny && !chosen);
    const bool isAtEnd = isAny && chosen && !RecordText::hasForm(*chosen);
    m_strip->setVisible(isAtEnd);
    if (isAtEnd) {
        m_strip->setTitle(tr("A case will be made when this chat ends"));
        m_strip->setDetail(RecordText::attachText(m_tab));
    }
}

void RecordNotFoundView::reset()
{
    m_line->clear();
    m_search->close();
}

void RecordNotFoundView::chooseOption(int index)
{
    m_options->choose(index);
}

void RecordNotFoundView::focusSearch()
{
    m_line->setFocus(Qt::ShortcutFocusReason);
    m_line->selectAll();
}

} // namespace parley::ui
