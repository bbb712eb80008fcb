#include "ui/panels/RecordCardView.h"

#include "ui/panels/DuplicatesView.h"
#include "ui/panels/RecordSummary.h"
#include "ui/style/Tip.h"
#include "ui/text/RecordText.h"

#include <QApplication>
#include <QPainter>
#include <QPainterPath>

namespace parley::ui {

using namespace Qt::Literals::StringLiterals;

namespace {

/// Below this the name needs the room more than a second way to read the record again.
constexpr int kRoomForRefresh = 340;

bool isPerson(const RecordKind &kind)
{
    return kind == kinds::contact || kind == kinds::lead;
}

} // namespace

/// The strip of unsaved changes at the card's lower edge.
class RecordCardView::Footer : public QWidget
{
public:
    Footer(Theme &theme, QWidget *parent)
        : QWidget(parent)
        , m_theme(theme)
    {}

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        QPainterPath path;
        path.addRoundedRect(QRectF(1, -8, width() - 2, height() + 7), 7, 7);
        painter.setClipRect(rect());
        painter.fillPath(path, m_theme.colours().warnTint);
        painter.fillRect(QRect(1, 0, width() - 2, 1), m_theme.colours().line);
    }

private:
    Theme &m_theme;
};

/// The square sign of a record that is no person.
class RecordCardView::Tile : public QWidget
{
public:
    Tile(Theme &theme, QWidget *parent)
        : QWidget(parent)
        , m_theme(theme)
    {
        setFixedSize(32, 32);
    }
    void setKind(const RecordKind &kind)
    {
        m_kind = kind;
        update();
    }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        const Tone tone = toneOf(m_kind);
        paint::box(painter, rect(), 8, toneFill(m_theme.colours(), tone));
        paint::icon(painter, m_theme, rect(), RecordText::kindIcon(m_kind), 18,
                    toneText(m_theme.colours(), tone));
    }

private:
    Theme &m_theme;
    RecordKind m_kind;
};

RecordCardView::RecordCardView(Theme &theme, FieldContext context, QWidget *parent)
    : Card(theme, parent)
    , m_theme(theme)
    , m_context(std::move(context))
    , m_fields(new QVBoxLayout)
    , m_banner(new Banner(theme, BannerKind::Bad, {}, {}, this))
{
    setHoverable(true);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    buildHeader(column);
    m_fields->setSpacing(0);
    m_fields->setContentsMargins(0, 4, 0, 4);
    column->addLayout(m_fields);
    m_bannerRow = new QWidget(this); // hidden with its margins, which a layout alone would keep
    auto *bannerRow = new QHBoxLayout(m_bannerRow);
    bannerRow->setContentsMargins(8, 0, 8, 8);
    bannerRow->addWidget(m_banner);
    m_bannerRow->hide();
    m_banner->setObjectName(u"saveProblem"_s);
    m_banner->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Preferred);
    column->addWidget(m_bannerRow);
    buildFooter(column);
    connect(qApp, &QApplication::focusChanged, this, &RecordCardView::tellNoteButton);
}

void RecordCardView::buildHeader(QVBoxLayout *column)
{
    auto *row = new QHBoxLayout;
    row->setContentsMargins(12, 12, 8, 8);
    row->setSpacing(8);
    m_avatar = new Avatar(m_theme, 32, this);
    m_tile = new Tile(m_theme, this);
    row->addWidget(m_avatar, 0, Qt::AlignTop);
    row->addWidget(m_tile, 0, Qt::AlignTop);
    auto *names = new QVBoxLayout;
    names->setSpacing(0);
    auto *first = new QHBoxLayout;
    first->setSpacing(8);
    m_title = new ElidedLabel(m_theme, {}, TextRole::Strong, &Palette::tx1, this);
    m_title->setObjectName(u"recordTitle"_s);
    m_title->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    m_chip = new Chip(m_theme, {}, Tone::Contact, this);
    m_chip->setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    first->addWidget(m_title, 0);
    first->addWidget(m_chip, 0);
    first->addStretch(1);
    names->addLayout(first);
    m_reason = new ElidedLabel(m_theme, {}, TextRole::Meta, &Palette::tx3, this);
    m_reason->setObjectName(u"matchReason"_s);
    names->addWidget(m_reason);
    row->addLayout(names, 1);
    auto *actions = new QHBoxLayout;
    actions->setSpacing(0);
    m_noteButton = new IconButton(m_theme, u"noteadd"_s, tr("Add chat transcript as note"), 28, this);
    m_noteButton->setIconSide(18);
    m_noteButton->setObjectName(u"addNote"_s);
    m_noteButton->setName(tr("Add chat transcript as note"), QKeySequence(u"Ctrl+Shift+J"_s));
    m_refresh = new IconButton(m_theme, u"refresh"_s, tr("Read this record again"), 28, this);
    m_open = new IconButton(m_theme, u"open"_s, tr("Open in the browser"), 28, this);
    m_open->setName(tr("Open in the browser"), QKeySequence(u"Ctrl+Shift+O"_s));
    m_open->setObjectName(u"openRecord"_s);
    m_more = new IconButton(m_theme, u"more"_s, tr("More for this record"), 28, this);
    m_more->setObjectName(u"moreOfRecord"_s);
    for (IconButton *button : {m_noteButton, m_refresh, m_open, m_more})
        actions->addWidget(button);
    row->addLayout(actions);
    row->setAlignment(actions, Qt::AlignTop);
    column->addLayout(row);
    connect(m_noteButton, &QPushButton::clicked, this, &RecordCardView::noteRequested);
    connect(m_refresh, &QPushButton::clicked, this, &RecordCardView::lookAgainRequested);
    connect(m_open, &QPushButton::clicked, this, &RecordCardView::openInBrowser);
    connect(m_more, &QPushButton::clicked, this, [this] {
        auto *menu = new QMenu(this);
        menu->setAttribute(Qt::WA_DeleteOnClose);
        fillMenu(menu);
        menu->popup(m_more->mapToGlobal(QPoint(0, m_more->height())));
    });
}

void RecordCardView::fillMenu(QMenu *menu)
{
    if (m_isMain) {
        QAction *note = menu->addAction(m_note.isEmpty() ? tr("Add chat transcript as note")
                                                         : tr("Update the transcript note"));
        note->setShortcut(QKeySequence(u"Ctrl+Shift+J"_s));
        note->setEnabled(!m_isNoteAdding);
        connect(note, &QAction::triggered, this, &RecordCardView::noteRequested);
    }
    QAction *open = menu->addAction(tr("Open in the browser"));
    open->setEnabled(m_card.record.url.isValid());
    connect(open, &QAction::triggered, this, &RecordCardView::openInBrowser);
    connect(menu->addAction(tr("Read this record again")), &QAction::triggered, this,
            &RecordCardView::lookAgainRequested);
    if (m_isMain) {
        menu->addSeparator();
        connect(menu->addAction(tr("This is not the visitor")), &QAction::triggered, this,
                [this] { emit unlinkRequested(ref()); });
    }
}

void RecordCardView::buildFooter(QVBoxLayout *column)
{
    m_footer = new Footer(m_theme, this);
    m_footer->setObjectName(u"unsavedChanges"_s);
    auto *row = new QHBoxLayout(m_footer);
    row->setContentsMargins(12, 8, 8, 8);
    row->setSpacing(8);
    row->addWidget(new IconLabel(m_theme, u"edit"_s, 14, &Palette::warn, m_footer));
    m_summary = new ElidedLabel(m_theme, {}, TextRole::Meta, &Palette::tx1, m_footer);
    m_summary->setWeight(QFont::Medium);
    row->addWidget(m_summary, 1);
    m_discard = new Button(m_theme, tr("Discard"), ButtonKind::Ghost, ButtonSize::Xs, m_footer);
    m_discard->setObjectName(u"discardEdits"_s);
    m_save = new Button(m_theme, tr("Save"), ButtonKind::Primary, ButtonSize::Xs, m_footer);
    m_save->setObjectName(u"saveEdits"_s);
    m_save->setKeyHint(QKeySequence(u"Ctrl+S"_s));
    row->addWidget(m_discard);
    row->addWidget(m_save);
    column->addWidget(m_footer);
    m_footer->hide();
    connect(m_save, &QPushButton::clicked, this, [this] { save(); });
    connect(m_discard, &QPushButton::clicked, this, [this] {
        const QList<FieldRow *> rows = m_rows;
        for (FieldRow *fieldRow : rows) {
            if (fieldRow->isEditing())
                fieldRow->cancelEdit();
        }
        if (m_card.changedCount() > 0)
            emit discardRequested(ref());
    });
}

void RecordCardView::setCard(const desk::RecordCard &card, bool isMain, bool isAccountOfContact)
{
    const bool isSame = card.record.ref == m_card.record.ref;
    m_card = card;
    m_isMain = isMain;
    m_isAccountOfContact = isAccountOfContact;
    setObjectName(u"card."_s + card.record.ref.kind.name);
    QStringList names;
    for (const desk::CardField &field : card.fields)
        names.append(field.name);
    QStringList shown;
    for (const FieldRow *row : std::as_const(m_rows))
        shown.append(row->field().name);
    if (names != shown)
        tellFields();
    if (!isSame)
        tellTabStop();
    for (qsizetype i = 0; i < m_rows.size(); ++i) {
        m_rows.at(i)->setTight(isAccountOfContact);
        m_rows.at(i)->setField(card.fields.at(i), card.isSaving && card.fields.at(i).edited.has_value());
    }
    tellHeader();
    tellFooter();
}

void RecordCardView::tellFields()
{
    // Rows of fields that stay keep their open editors; the others go.
    QHash<QString, FieldRow *> old;
    for (FieldRow *row : std::as_const(m_rows)) {
        m_fields->removeWidget(row);
        old.insert(row->field().name, row);
    }
    m_rows.clear();
    for (const desk::CardField &field : std::as_const(m_card.fields)) {
        FieldRow *row = old.take(field.name);
        if (!row) {
            row = new FieldRow(m_theme, m_context, this);
            connect(row, &FieldRow::kept, this,
                    [this](const QString &name, const QVariant &value, const QVariant &base) {
                        m_hasKept = true;
                        emit editKept(ref(), name, value, base);
                    });
            connect(row, &FieldRow::undone, this,
                    [this](const QString &name) { emit editUndone(ref(), name); });
            connect(row, &FieldRow::mineKept, this,
                    [this](const QString &name) { emit mineKept(ref(), name); });
            connect(row, &FieldRow::editingChanged, this, &RecordCardView::tellFooter);
            connect(row, &FieldRow::linkOpened, this, &RecordCardView::urlOpened);
            connect(row, &FieldRow::moved, this, [this, row](int by) { moveFocus(row, by); });
        }
        m_fields->addWidget(row);
        row->show();
        m_rows.append(row);
    }
    for (FieldRow *row : std::as_const(old)) {
        row->hide();
        row->deleteLater();
    }
    tellTabStop();
}

// One Tab stop for the rows, the arrows move inside.
void RecordCardView::tellTabStop()
{
    for (qsizetype i = 0; i < m_rows.size(); ++i)
        m_rows.at(i)->setFocusPolicy(i == 0 ? Qt::StrongFocus : Qt::ClickFocus);
}

void RecordCardView::moveFocus(FieldRow *from, int by)
{
    const qsizetype to = std::clamp(m_rows.indexOf(from) + by, qsizetype(0), m_rows.size() - 1);
    for (FieldRow *row : std::as_const(m_rows))
        row->setFocusPolicy(Qt::ClickFocus);
    m_rows.at(to)->setFocusPolicy(Qt::StrongFocus);
    m_rows.at(to)->setFocus(Qt::TabFocusReason);
}

void RecordCardView::tellHeader()
{
    const RecordKind &kind = m_card.record.ref.kind;
    const QString title = RecordText::oneLine(m_card.record.title);
    m_avatar->setVisible(isPerson(kind));
    m_tile->setVisible(!isPerson(kind));
    m_avatar->setName(title);
    m_tile->setKind(kind);
    m_title->setText(title.isEmpty() ? tr("No name") : title);
    m_chip->setLabel(RecordText::kindName(kind));
    m_chip->setTone(toneOf(kind));
    m_chip->setIconName(RecordText::kindIcon(kind));
    const QString reason = RecordText::reason(m_card, m_isAccountOfContact);
    m_reason->setText(reason);
    m_reason->setVisible(!reason.isEmpty());
    m_open->setVisible(m_card.record.url.isValid());
    m_refresh->setVisible(m_isMain && width() >= kRoomForRefresh);
    m_more->setVisible(m_isMain);
    setAccessibleName(tr("%1, %2. %3").arg(RecordText::kindName(kind), title, reason));
    tellNoteButton();
}

void RecordCardView::tellNoteButton()
{
    const bool isNear =
        underMouse() || (focusWidget() && isAncestorOf(focusWidget()) && focusWidget()->hasFocus());
    // Its place is kept, so that the name beside it does not jump when the pointer comes.
    QSizePolicy policy = m_noteButton->sizePolicy();
    policy.setRetainSizeWhenHidden(m_isMain && width() >= kRoomForRefresh);
    m_noteButton->setSizePolicy(policy);
    m_noteButton->setVisible(m_isMain && (isNear || m_isNoteAdding));
    m_noteButton->setEnabled(!m_isNoteAdding);
}

void RecordCardView::setNote(bool isAdding, const RecordRef &note)
{
    m_isNoteAdding = isAdding;
    m_note = note;
    tellNoteButton();
}

void RecordCardView::tellFooter()
{
    const int changed = m_card.changedCount();
    const int editing = editingCount();
    m_footer->setVisible(changed > 0 || editing > 0);
    m_summary->setText(m_card.isSaving ? tr("Saving in %1…").arg(m_context.crm)
                                       : RecordText::changedSummary(changed, editing));
    m_save->setEnabled(!m_card.isSaving);
    m_discard->setEnabled(!m_card.isSaving);
    tellProblem();
}

void RecordCardView::tellProblem()
{
    const bool hasDuplicates = m_card.saveError && m_card.duplicates && !m_card.isSaving;
    if (hasDuplicates) {
        if (!m_duplicates) {
            m_duplicates = new DuplicatesView(m_theme, this);
            m_duplicates->setObjectName(u"editDuplicates"_s);
            m_bannerRow->layout()->addWidget(m_duplicates);
            connect(m_duplicates, &DuplicatesView::chosen, this, &RecordCardView::duplicateChosen);
            connect(m_duplicates, &DuplicatesView::urlOpened, this, &RecordCardView::urlOpened);
            connect(m_duplicates, &DuplicatesView::insisted, this, [this] { save(true); });
        }
        m_duplicates->show(*m_card.duplicates, DuplicatesView::About::Edit, ref().kind, m_context.crm,
                           m_card.saveError->remoteMessage, m_isMain);
    } else if (m_duplicates) {
        m_duplicates->hide();
    }
    m_banner->setVisible(!hasDuplicates);
    if (!m_card.saveError || hasDuplicates) {
        m_bannerRow->setVisible(hasDuplicates);
        return;
    }
    int refused = 0;
    for (const desk::CardField &field : std::as_const(m_card.fields))
        refused += field.refusal.isEmpty() ? 0 : 1;
    const Words words = m_card.contestedCount() > 0
                            ? RecordText::conflict(m_card, m_context.crm)
                            : RecordText::saveProblem(*m_card.saveError, m_context.crm, ref().kind, refused);
    m_banner->setTitle(words.title);
    m_banner->setDetail(words.text);
    if (m_card.saveError->code == Errc::Conflict && !m_bannerLink) {
        m_bannerLink = m_banner->addLink(tr("Read it again"));
        connect(m_bannerLink, &QPushButton::clicked, this, &RecordCardView::lookAgainRequested);
    }
    if (m_bannerLink)
        m_bannerLink->setVisible(m_card.saveError->code == Errc::Conflict && m_card.contestedCount() == 0);
    m_bannerRow->setVisible(!m_card.isSaving);
}

FieldRow *RecordCardView::row(const QString &field) const
{
    const auto it =
        std::ranges::find_if(m_rows, [&](const FieldRow *row) { return row->field().name == field; });
    return it == m_rows.end() ? nullptr : *it;
}

int RecordCardView::editingCount() const
{
    return int(std::ranges::count_if(m_rows, &FieldRow::isEditing));
}

bool RecordCardView::hasUnsaved() const
{
    return m_card.changedCount() > 0 || editingCount() > 0;
}

bool RecordCardView::keepOpenEdits()
{
    bool isGood = true;
    const QList<FieldRow *> rows = m_rows; // telling the desk may tell the rows anew
    for (FieldRow *row : rows)
        isGood = row->keep() && isGood;
    return isGood;
}

void RecordCardView::keepAsTyped()
{
    const QList<FieldRow *> rows = m_rows;
    for (FieldRow *row : rows)
        row->keepAsTyped();
}

void RecordCardView::letGo()
{
    for (FieldRow *row : std::as_const(m_rows))
        row->letGo();
    m_isNoteAdding = false;
    m_note = {};
    const RecordKind kind = m_card.record.ref.kind;
    m_card = {};
    m_card.record.ref.kind = kind;
    setObjectName(QString());
    setAccessibleName(QString());
    m_title->setText(QString());
    m_reason->setText(QString());
    m_avatar->setName(QString());
    // It names people. Its own button may have led here: it goes, but not at once.
    if (auto *const gone = std::exchange(m_duplicates, nullptr)) {
        gone->setParent(nullptr);
        gone->deleteLater();
    }
}

void RecordCardView::save(bool evenIfDuplicate)
{
    m_hasKept = false;
    if (m_card.isSaving || !keepOpenEdits())
        return;
    if (!std::ranges::all_of(QList<FieldRow *>(m_rows), &FieldRow::checkEdit))
        return;
    // What was kept just now counts, whether or not the desk has told so yet.
    if (m_hasKept || m_card.changedCount() > 0)
        emit saveRequested(ref(), evenIfDuplicate);
}

void RecordCardView::openInBrowser()
{
    if (m_card.record.url.isValid())
        emit urlOpened(m_card.record.url);
}

void RecordCardView::focusFirst()
{
    if (!m_rows.isEmpty())
        m_rows.first()->setFocus(Qt::TabFocusReason);
}

void RecordCardView::resizeEvent(QResizeEvent *event)
{
    Card::resizeEvent(event);
    m_refresh->setVisible(m_isMain && width() >= kRoomForRefresh);
    tellNoteButton();
}

bool RecordCardView::event(QEvent *event)
{
    const bool isHover = event->type() == QEvent::HoverEnter || event->type() == QEvent::HoverLeave ||
                         event->type() == QEvent::Enter || event->type() == QEvent::Leave;
    const bool handled = Card::event(event);
    if (isHover)
        tellNoteButton();
    return handled;
}

} // namespace parley::ui
