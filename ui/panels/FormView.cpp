#include "ui/panels/FormView.h"

#include "ui/panels/DuplicatesView.h"
#include "ui/style/Announcer.h"
#include "ui/text/RecordText.h"

#include <QScrollBar>

namespace parley::ui {

using namespace Qt::Literals::StringLiterals;

namespace {
constexpr int kTypedMs = 400;
constexpr int kIdleMs = 10;
constexpr int kNear = 300; ///< px beyond the window that are built ahead
constexpr int kTwoColumnsFrom = 480;
constexpr int kChunksAtOnce = 3;
} // namespace

FormView::FormView(Theme &theme, RecordSearch search, QWidget *parent)
    : QWidget(parent)
    , m_theme(theme)
{
    m_context.search = std::move(search);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(buildHeader());
    column->addWidget(buildBody(), 1);
    column->addWidget(buildFooter());
    m_typed.setSingleShot(true);
    m_typed.setInterval(kTypedMs);
    connect(&m_typed, &QTimer::timeout, this, [this] { emit valuesTyped(m_state.values()); });
    m_idle.setInterval(kIdleMs);
    connect(&m_idle, &QTimer::timeout, this, &FormView::buildNext);
}

QWidget *FormView::buildHeader()
{
    auto *header = new Ground(m_theme, &Palette::bgSide, this, Qt::BottomEdge);
    header->setFixedHeight(48);
    auto *row = new QHBoxLayout(header);
    row->setContentsMargins(12, 0, 16, 0);
    row->setSpacing(12);
    auto *back = new IconButton(m_theme, u"arrowleft"_s, tr("Back to the visitor's options"), 28, header);
    back->setObjectName(u"formBack"_s);
    connect(back, &QPushButton::clicked, this, &FormView::cancel);
    row->addWidget(back);
    m_title = new Label(m_theme, {}, TextRole::Title, &Palette::tx1, header);
    row->addWidget(m_title);
    m_chip = new Chip(m_theme, {}, Tone::Lead, header);
    m_chip->setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    row->addWidget(m_chip);
    m_layoutName = new ElidedLabel(m_theme, {}, TextRole::Meta, &Palette::tx3, header);
    row->addStretch(1);
    row->addWidget(m_layoutName);
    auto *reload = new IconButton(m_theme, u"refresh"_s, tr("Read the layout again"), 24, header);
    connect(reload, &QPushButton::clicked, this, &FormView::reloadRequested);
    row->addWidget(reload);
    return header;
}

QWidget *FormView::buildBody()
{
    m_scroll = new QScrollArea(this);
    m_scroll->setWidgetResizable(true);
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setFocusPolicy(Qt::NoFocus);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto *body = new Ground(m_theme, &Palette::bgCard);
    m_column = new QVBoxLayout(body);
    m_column->setContentsMargins(20, 12, 20, 12);
    m_column->setSpacing(0);
    m_summary = new FormSummary(m_theme, body);
    m_summary->setObjectName(u"formSummary"_s);
    m_summary->hide();
    m_column->addWidget(m_summary);
    m_duplicates = new DuplicatesView(m_theme, body);
    m_duplicates->setObjectName(u"formDuplicates"_s);
    m_duplicates->hide();
    m_column->addWidget(m_duplicates);
    m_legend = new QWidget(body);
    auto *legend = new QHBoxLayout(m_legend);
    legend->setContentsMargins(0, 8, 0, 0);
    legend->setSpacing(4);
    legend->addWidget(new IconLabel(m_theme, u"chats"_s, 12, &Palette::accentTx, m_legend));
    legend->addWidget(
        new Label(m_theme, tr("Filled from this chat"), TextRole::Meta, &Palette::tx2, m_legend));
    legend->addSpacing(12);
    legend->addWidget(new Label(m_theme, u"*"_s, TextRole::Meta, &Palette::bad, m_legend));
    legend->addWidget(new Label(m_theme, tr("Required"), TextRole::Meta, &Palette::tx3, m_legend));
    legend->addStretch(1);
    m_column->addWidget(m_legend);
    m_skeleton = new Skeleton(m_theme, Skeleton::Shape::Fields, body);
    m_skeleton->hide();
    m_column->addWidget(m_skeleton);
    m_failed = new EmptyState(m_theme, u"refresh"_s, {}, {}, body);
    m_failed->setObjectName(u"formFailed"_s);
    Button *again = m_failed->addButton(tr("Read again"));
    connect(again, &QPushButton::clicked, this, &FormView::reloadRequested);
    m_failed->hide();
    m_column->addWidget(m_failed);
    m_column->addStretch(1);
    m_scroll->setWidget(body);
    connect(m_summary, &FormSummary::fieldChosen, this, &FormView::reveal);
    connect(m_duplicates, &DuplicatesView::chosen, this, &FormView::duplicateChosen);
    connect(m_duplicates, &DuplicatesView::urlOpened, this, &FormView::urlOpened);
    connect(m_duplicates, &DuplicatesView::insisted, this, [this] {
        if (isReadyToSave())
            emit createAnywayRequested(m_state.valuesToSave());
    });
    connect(m_summary, &FormSummary::signInRequested, this, &FormView::signInRequested);
    connect(m_scroll->verticalScrollBar(), &QScrollBar::valueChanged, this, &FormView::buildNear);
    return m_scroll;
}

QWidget *FormView::buildFooter()
{
    auto *footer = new Ground(m_theme, &Palette::bgSide, this, Qt::TopEdge);
    footer->setFixedHeight(56);
    auto *row = new QHBoxLayout(footer);
    row->setContentsMargins(16, 0, 16, 0);
    row->setSpacing(8);
    m_attachIcon = new IconLabel(m_theme, u"task"_s, 16, &Palette::tx2, footer);
    row->addWidget(m_attachIcon);
    m_attachText = new ElidedLabel(m_theme, {}, TextRole::Meta, &Palette::tx1, footer);
    m_attachText->setWeight(QFont::Medium);
    m_attachText->setObjectName(u"formAttach"_s);
    row->addWidget(m_attachText, 1);
    m_cancel = new Button(m_theme, tr("Cancel"), ButtonKind::Ghost, ButtonSize::Md, footer);
    m_cancel->setObjectName(u"formCancel"_s);
    m_cancel->setKeyHint(QKeySequence(Qt::Key_Escape));
    m_save = new Button(m_theme, tr("Save"), ButtonKind::Primary, ButtonSize::Md, footer);
    m_save->setObjectName(u"formSave"_s);
    m_save->setKeyHint(QKeySequence(u"Ctrl+S"_s));
    row->addWidget(m_cancel);
    row->addWidget(m_save);
    connect(m_cancel, &QPushButton::clicked, this, &FormView::cancel);
    connect(m_save, &QPushButton::clicked, this, &FormView::submit);
    return footer;
}

void FormView::setLoading(desk::CreateOption option, const QString &crm)
{
    desk::RecordForm empty;
    empty.option = option;
    empty.kind = RecordText::optionKind(option);
    setForm(empty, crm);
    m_isLoading = true;
    m_skeleton->show();
    m_legend->hide();
    tellFooter();
}

void FormView::setLoadError(const Error &error, const QString &crm)
{
    const Words words = RecordText::problem(error, crm);
    m_isLoading = true; // nothing can be saved
    m_skeleton->hide();
    m_legend->hide();
    m_failed->setTexts(u"refresh"_s, tr("The form could not be read"), words.title + u". "_s + words.text);
    m_failed->show();
    tellFooter();
}

void FormView::setForm(const desk::RecordForm &form, const QString &crm)
{
    const bool isSame = !m_isLoading && !m_sections.isEmpty() && form.kind == m_state.form().kind &&
                        form.option == m_option && form.layout.readAt == m_state.form().layout.readAt &&
                        form.layout.variantId == m_state.form().layout.variantId &&
                        form.layout.sections.size() == m_state.form().layout.sections.size();
    const bool hadRefusals = !m_state.form().refusals.isEmpty() || m_state.form().error.has_value();
    const bool wasSaving = m_state.form().isSaving;
    m_isLoading = false;
    m_option = form.option;
    m_context.crm = crm;
    desk::RecordForm shown = form;
    if (isSame && !m_state.values().isEmpty())
        shown.values = m_state.values(); // what is in the editors is newer than what the desk has heard of
    m_state.setForm(shown, crm);
    m_context.currency = m_state.value(u"CurrencyIsoCode"_s).toString();
    m_skeleton->hide();
    m_failed->hide();
    m_legend->setVisible(!form.layout.sections.isEmpty());
    if (!isSame)
        rebuild();
    tellHeader();
    tellFooter();
    tellProblems();
    const bool isRefusedNow =
        (!form.refusals.isEmpty() || form.error) && (wasSaving || !hadRefusals || !isSame);
    if (isRefusedNow && !form.isSaving) {
        const QList<FormProblem> problems = m_state.problems();
        if (!problems.isEmpty())
            reveal(problems.first().field);
        else
            m_scroll->verticalScrollBar()->setValue(0);
    }
}

void FormView::rebuild()
{
    m_idle.stop();
    for (FormSection *section : std::as_const(m_sections)) {
        section->hide();
        section->deleteLater();
    }
    m_sections.clear();
    m_fields.clear();
    setUpdatesEnabled(false);
    const int columns = width() < kTwoColumnsFrom ? 1 : 2;
    for (const FormSectionCells &cells : m_state.sections()) {
        auto *section = new FormSection(m_theme, cells, m_scroll->widget());
        section->setColumns(columns);
        m_column->insertWidget(m_column->count() - 1, section);
        m_sections.append(section);
        connect(section, &FormSection::opened, this, &FormView::buildNear);
        for (FormChunk *chunk : section->chunks()) {
            connect(chunk, &FormChunk::fieldBuilt, this, &FormView::adopt);
            connect(chunk, &FormChunk::neededByFocus, this, [this, chunk] { build(chunk); });
        }
    }
    // The first screenful at once; the rest as it is scrolled to, and meanwhile a little at a time, so that a
    // screen reader finds the whole form soon after.
    const QList<FormChunk *> all = chunks();
    for (qsizetype i = 0; i < std::min(all.size(), qsizetype(kChunksAtOnce)); ++i)
        build(all.at(i));
    setUpdatesEnabled(true);
    m_scroll->verticalScrollBar()->setValue(0);
    if (all.size() > kChunksAtOnce)
        m_idle.start();
}

QList<FormChunk *> FormView::chunks() const
{
    QList<FormChunk *> all;
    for (const FormSection *section : m_sections)
        all += section->chunks();
    return all;
}

void FormView::build(FormChunk *chunk)
{
    chunk->build(m_state, m_context);
}

void FormView::adopt(FormField *field)
{
    m_fields.insert(field->name(), field);
    connect(field, &FormField::edited, this, &FormView::fieldEdited);
    connect(field, &FormField::left, this, &FormView::fieldLeft);
}

void FormView::buildNear()
{
    const QRect window = m_scroll->viewport()->rect().adjusted(0, -kNear, 0, kNear);
    for (FormChunk *chunk : chunks()) {
        if (chunk->isBuilt() || !chunk->isVisible())
            continue;
        const QRect place(chunk->mapTo(m_scroll->viewport(), QPoint(0, 0)), chunk->size());
        if (window.intersects(place))
            build(chunk);
    }
}

void FormView::buildNext()
{
    for (FormChunk *chunk : chunks()) {
        if (!chunk->isBuilt()) {
            build(chunk);
            return;
        }
    }
    m_idle.stop();
}

int FormView::builtFields() const
{
    return int(m_fields.size());
}

FormField *FormView::field(const QString &name)
{
    if (!m_fields.contains(name)) {
        for (FormChunk *chunk : chunks()) {
            if (chunk->contains(name))
                build(chunk);
        }
    }
    return m_fields.value(name);
}

void FormView::reveal(const QString &name)
{
    FormField *shown = field(name);
    if (!shown)
        return;
    for (FormSection *section : std::as_const(m_sections)) {
        if (section->isAncestorOf(shown))
            section->setOpen(true);
    }
    shown->takeFocus();
    // The place of a field that was built just now, or moved by the summary above, is known after the layout
    // pass.
    QTimer::singleShot(0, shown, [this, shown] {
        const int bottom = shown->mapTo(m_scroll->widget(), QPoint(0, shown->height())).y();
        if (bottom < m_scroll->viewport()->height())
            m_scroll->verticalScrollBar()->setValue(0); // the summary and the field are both in view
        else
            m_scroll->ensureWidgetVisible(shown, 0, 24);
    });
}

void FormView::fieldEdited(const QString &name)
{
    FormField *source = m_fields.value(name);
    const QStringList changed = m_state.set(name, source->editor()->value(), source->editor()->shown());
    source->showState(m_state);
    for (const QString &dependent : changed) {
        if (FormField *shown = m_fields.value(dependent))
            shown->showState(m_state);
    }
    m_typed.start();
}

void FormView::fieldLeft(const QString &name)
{
    m_state.check(name);
    if (FormField *source = m_fields.value(name))
        source->showState(m_state);
}

void FormView::flush()
{
    if (!m_typed.isActive())
        return;
    m_typed.stop();
    emit valuesTyped(m_state.values());
}

void FormView::submit()
{
    if (isReadyToSave())
        emit saveRequested(m_state.valuesToSave());
}

bool FormView::isReadyToSave()
{
    if (m_isLoading || m_state.form().isSaving)
        return false;
    flush();
    const QList<FormProblem> problems = m_state.checkAll();
    tellProblems();
    if (!problems.isEmpty())
        reveal(problems.first().field);
    return problems.isEmpty();
}

void FormView::cancel()
{
    flush();
    emit cancelled();
}

void FormView::tellHeader()
{
    const desk::RecordForm &form = m_state.form();
    const QString kind = RecordText::kindWord(form.kind);
    m_title->setText(tr("New %1").arg(kind));
    m_chip->setLabel(RecordText::kindName(form.kind));
    m_chip->setTone(form.kind == kinds::lead ? Tone::Lead : Tone::Contact);
    m_chip->setIconName(RecordText::kindIcon(form.kind));
    const QString at = RecordText::time(form.layout.readAt);
    const QString name = RecordText::oneLine(form.layout.name);
    m_layoutName->setText(name.isEmpty() ? (at.isEmpty() ? QString() : tr("Layout read %1").arg(at))
                          : at.isEmpty() ? tr("Layout “%1”").arg(name)
                                         : tr("Layout “%1”, read %2").arg(name, at));
    setAccessibleName(tr("New %1").arg(kind));
}

void FormView::tellFooter()
{
    const desk::RecordForm &form = m_state.form();
    const auto attaches = RecordText::optionAttaches(m_option);
    m_attachIcon->setVisible(attaches.has_value());
    m_attachIcon->setIconName(attaches ? RecordText::kindIcon(*attaches) : QString());
    if (form.isSaving)
        m_attachText->setText(tr("Saving in %1…").arg(m_context.crm));
    else if (attaches)
        m_attachText->setText(
            RecordText::attachTitle(*attaches == kinds::task ? crm::Attach::Task : crm::Attach::Case, false));
    else
        m_attachText->setText({});
    m_save->setText(tr("Save %1").arg(RecordText::kindWord(form.kind)));
    m_save->setEnabled(!m_isLoading && !form.isSaving);
}

void FormView::tellProblems()
{
    for (FormField *shown : std::as_const(m_fields))
        shown->showState(m_state);
    const QList<FormProblem> problems = m_state.problems();
    const desk::RecordForm &form = m_state.form();
    const bool isFromCrm = std::ranges::any_of(problems, &FormProblem::isFromCrm);
    const bool hasDuplicates = problems.isEmpty() && form.duplicates && !form.isSaving;
    m_summary->setVisible((!problems.isEmpty() || form.error) && !form.isSaving && !hasDuplicates);
    if (hasDuplicates) {
        m_duplicates->show(*form.duplicates, DuplicatesView::About::Create, form.kind, m_context.crm,
                           form.error ? form.error->remoteMessage : QString());
        announce(this, m_duplicates->accessibleName());
    } else {
        m_duplicates->hide();
    }
    if (m_summary->isHidden())
        return;
    const bool isOurs = !isFromCrm && !problems.isEmpty();
    const int count = int(problems.size());
    Words words;
    if (isOurs)
        words.title =
            count == 1
                ? tr("One field needs a change before this %1 is saved.").arg(RecordText::kindWord(form.kind))
                : tr("%1 fields need a change before this %2 is saved.")
                      .arg(RecordText::count(count), RecordText::kindWord(form.kind));
    else
        words = RecordText::saveProblem(form.error.value_or(Error{.code = Errc::InvalidInput}), m_context.crm,
                                        form.kind, count);
    m_summary->show(words.title, words.text, problems, m_state);
    announce(this, m_summary->accessibleName());
    m_summary->setSignIn(!isOurs && form.error && form.error->code == Errc::Unauthorized);
}

void FormView::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    const int columns = width() < kTwoColumnsFrom ? 1 : 2;
    for (FormSection *section : std::as_const(m_sections))
        section->setColumns(columns);
    QMetaObject::invokeMethod(this, &FormView::buildNear, Qt::QueuedConnection);
}

void FormView::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    QMetaObject::invokeMethod(this, &FormView::buildNear, Qt::QueuedConnection);
}

FormSummary::FormSummary(Theme &theme, QWidget *parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_title(new Label(theme, {}, TextRole::Body, &Palette::tx1, this))
    , m_detail(new Label(theme, {}, TextRole::Meta, &Palette::tx2, this))
    , m_links(new QVBoxLayout)
    , m_signIn(new Button(theme, tr("Sign in"), ButtonKind::Normal, ButtonSize::Xs, this))
{
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(13, 9, 13, 9);
    row->setSpacing(8);
    auto *sign = new QVBoxLayout;
    sign->setContentsMargins(0, 2, 0, 0);
    sign->addWidget(new IconLabel(theme, u"error"_s, 16, &Palette::bad, this));
    sign->addStretch(1);
    row->addLayout(sign);
    auto *words = new QVBoxLayout;
    words->setSpacing(2);
    m_title->setWeight(QFont::Medium);
    m_title->setWordWrap(true);
    m_title->setObjectName(u"formSummaryTitle"_s);
    m_detail->setWordWrap(true);
    words->addWidget(m_title);
    words->addWidget(m_detail);
    m_links->setSpacing(0);
    words->addLayout(m_links);
    row->addLayout(words, 1);
    row->addWidget(m_signIn, 0, Qt::AlignTop);
    m_signIn->hide();
    connect(m_signIn, &QPushButton::clicked, this, &FormSummary::signInRequested);
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

void FormSummary::show(const QString &title, const QString &detail, const QList<FormProblem> &problems,
                       const FormState &state)
{
    m_title->setText(title);
    m_detail->setText(detail);
    m_detail->setVisible(!detail.isEmpty());
    emptyLayout(m_links);
    for (const FormProblem &problem : problems) {
        auto *line = new QWidget(this);
        auto *row = new QHBoxLayout(line);
        row->setContentsMargins(0, 0, 0, 0);
        row->setSpacing(0);
        const QString label = RecordText::oneLine(state.labelOf(problem.field));
        auto *link = new Button(m_theme, QString(label).replace(u"&"_s, u"&&"_s), ButtonKind::Link,
                                ButtonSize::Xs, line);
        link->setObjectName(u"summary."_s + problem.field);
        link->setAccessibleName(tr("Go to %1").arg(label));
        connect(link, &QPushButton::clicked, this,
                [this, field = problem.field] { emit fieldChosen(field); });
        row->addWidget(link, 0, Qt::AlignTop);
        auto *text =
            new Label(m_theme, RecordText::oneLine(problem.text), TextRole::Meta, &Palette::tx2, line);
        text->setWordWrap(true);
        row->addWidget(text, 1);
        m_links->addWidget(line);
    }
    setAccessibleName(detail.isEmpty() ? title : title + u' ' + detail);
    QWidget::show();
}

void FormSummary::setSignIn(bool offered)
{
    m_signIn->setVisible(offered);
}

void FormSummary::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    paint::box(painter, rect(), 8, m_theme.colours().badTint, m_theme.colours().badLine, m_theme.lineWidth());
}

} // namespace parley::ui
