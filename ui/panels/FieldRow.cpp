#include "ui/panels/FieldRow.h"

#include "ui/panels/FieldText.h"
#include "ui/panels/FormChecks.h"
#include "ui/style/Button.h"
#include "ui/style/Tip.h"
#include "ui/text/RecordText.h"

#include <QClipboard>
#include <QContextMenuEvent>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QMenu>
#include <QPainter>

namespace parley::ui {

using namespace Qt::Literals::StringLiterals;
using crm::FieldType;

namespace {
constexpr int kLabelWidth = 112;
}

FieldRow::FieldRow(Theme &theme, FieldContext context, QWidget *parent)
    : QAbstractButton(parent)
    , m_theme(theme)
    , m_context(std::move(context))
    , m_label(new Label(theme, {}, TextRole::Meta, &Palette::tx2, this))
    , m_star(new Label(theme, u"*"_s, TextRole::Meta, &Palette::bad, this))
    , m_avatar(new Avatar(theme, 20, this))
    , m_value(new ElidedLabel(theme, {}, TextRole::Body, &Palette::tx1, this))
    , m_refusal(new Label(theme, {}, TextRole::Meta, &Palette::bad, this))
    , m_refusalIcon(new IconLabel(theme, u"error"_s, 12, &Palette::bad, this))
    , m_markIcon(new IconLabel(theme, u"edit"_s, 12, &Palette::warn, this))
    , m_mark(new ElidedLabel(theme, {}, TextRole::Meta, &Palette::warn, this))
    , m_open(new IconButton(theme, u"open"_s, {}, 24, this))
    , m_pencil(new IconLabel(theme, u"edit"_s, 14, &Palette::tx3, this))
    , m_row(new QHBoxLayout)
    , m_middle(new QVBoxLayout)
{
    m_context.isCompact = true;
    // A button's children would take the colours of button text.
    setBackgroundRole(QPalette::Window);
    setForegroundRole(QPalette::WindowText);
    setFocusPolicy(Qt::StrongFocus);
    setAttribute(Qt::WA_Hover);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Minimum);
    build();
    connect(this, &QAbstractButton::clicked, this, &FieldRow::startEdit);
    connect(m_open, &QPushButton::clicked, this, [this] { emit linkOpened(link()); });
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

void FieldRow::build()
{
    auto *outer = new QHBoxLayout(this);
    outer->setContentsMargins(12, 0, 12, 0);
    outer->setSpacing(8);
    auto *name = new QWidget(this);
    name->setFixedWidth(kLabelWidth);
    name->setAttribute(Qt::WA_TransparentForMouseEvents);
    auto *names = new QHBoxLayout(name);
    names->setContentsMargins(0, 0, 0, 0);
    names->setSpacing(3);
    m_label->setWordWrap(true);
    m_star->setWeight(QFont::DemiBold);
    names->addWidget(m_label);
    names->addWidget(m_star);
    names->addStretch();
    outer->addWidget(name);
    m_row->setSpacing(6);
    m_row->addWidget(m_avatar);
    m_value->setAttribute(Qt::WA_TransparentForMouseEvents, false);
    m_row->addWidget(m_value, 1);
    m_row->addWidget(m_markIcon);
    m_row->addWidget(m_mark);
    m_row->addWidget(m_open);
    m_row->addWidget(m_pencil);
    m_middle->setContentsMargins(0, 0, 0, 0);
    m_middle->setSpacing(0);
    // Room to spare is shared out evenly, so that the value stands beside its label and not above it.
    m_middle->addStretch(1);
    m_middle->addLayout(m_row);
    auto *refusal = new QHBoxLayout;
    refusal->setSpacing(4);
    m_refusal->setContentsMargins(0, 0, 0, 4); // of the label: a layout's would stay when it is hidden
    refusal->addWidget(m_refusalIcon, 0, Qt::AlignTop);
    m_refusal->setWordWrap(true);
    refusal->addWidget(m_refusal, 1);
    m_middle->addLayout(refusal);
    m_middle->addStretch(1);
    outer->addLayout(m_middle, 1);
    m_refusal->hide();
    m_refusalIcon->hide();
    m_mark->hide();
    m_markIcon->hide();
    m_open->setName(tr("Open"));
    m_open->hide();
    m_open->setFocusPolicy(Qt::NoFocus); // the row's menu and Ctrl+Enter reach it from the keyboard
    m_pencil->hide();
    m_avatar->hide();
}

void FieldRow::buildContest()
{
    m_contest = new QWidget(this);
    m_contest->setObjectName(u"contest."_s + m_field.name);
    auto *column = new QVBoxLayout(m_contest);
    column->setContentsMargins(0, 0, 0, 4);
    column->setSpacing(0);
    m_theirs = new Label(m_theme, {}, TextRole::Meta, &Palette::warn, m_contest);
    m_theirs->setWordWrap(true);
    column->addWidget(m_theirs);
    auto *choices = new QHBoxLayout;
    choices->setSpacing(12);
    auto *mine = new Button(m_theme, tr("Keep mine"), ButtonKind::Link, ButtonSize::Xs, m_contest);
    mine->setObjectName(u"keepMine"_s);
    mine->setFlush(true);
    auto *theirs = new Button(m_theme, tr("Take theirs"), ButtonKind::Link, ButtonSize::Xs, m_contest);
    theirs->setObjectName(u"takeTheirs"_s);
    choices->addWidget(mine);
    choices->addWidget(theirs);
    choices->addStretch(1);
    column->addLayout(choices);
    m_middle->insertWidget(2, m_contest); // below the value, above a refusal
    // The choice goes with the click: the focus stays in the row.
    connect(mine, &QPushButton::clicked, this, [this] {
        setFocus();
        emit mineKept(m_field.name);
    });
    connect(theirs, &QPushButton::clicked, this, [this] {
        setFocus();
        emit undone(m_field.name);
    });
    setTabOrder(this, mine);
    setTabOrder(mine, theirs);
}

QSize FieldRow::sizeHint() const
{
    const int least = m_editor ? (m_editor->takesEnter() ? 76 : 40) : m_isTight ? 24 : 28;
    return {200, std::max(least, layout()->sizeHint().height())};
}

void FieldRow::setTight(bool tight)
{
    m_isTight = tight;
}

bool FieldRow::isEditable() const
{
    if (m_field.isReadOnly || m_isSaving)
        return false;
    switch (m_field.type) {
    case FieldType::Reference:
    case FieldType::Address:
    case FieldType::PersonName:
    case FieldType::Location:
    case FieldType::Id:
    case FieldType::Binary:
        return false;
    case FieldType::RichText:
        return !isFormatted(m_field.value.toString());
    default:
        return true;
    }
}

void FieldRow::setField(const desk::CardField &field, bool isSaving)
{
    m_field = field;
    m_isSaving = isSaving;
    tell();
}

QString FieldRow::shownText() const
{
    if (m_field.edited)
        return RecordText::oneLine(RecordText::fieldText(m_field.type, *m_field.edited, m_field.choices));
    return textBefore();
}

QString FieldRow::textBefore() const
{
    return RecordText::oneLine(m_field.isPromised
                                   ? RecordText::fieldText(m_field.type, m_field.value, m_field.choices)
                                   : m_field.text);
}

void FieldRow::tell()
{
    setObjectName(u"field."_s + m_field.name);
    const QString label = RecordText::oneLine(m_field.label.isEmpty() ? m_field.name : m_field.label);
    m_label->setText(label);
    m_label->setInk(isEditing() ? &Palette::tx1 : &Palette::tx2);
    m_label->setWeight(isEditing() ? QFont::Medium : QFont::Normal);
    m_star->setVisible(m_field.isRequired);
    const QString shown = shownText();
    m_value->setText(shown.isEmpty() && isEditable() && (underMouse() || hasFocus()) ? tr("Add")
                     : shown.isEmpty()                                               ? u"–"_s
                                                                                     : shown);
    m_value->setInk(shown.isEmpty()                ? &Palette::tx3
                    : m_isSaving && m_field.edited ? &Palette::tx2
                                                   : &Palette::tx1);
    m_value->setWeight(m_field.edited ? QFont::Medium : QFont::Normal);
    m_value->setLayoutDirection(layoutDirection());
    m_value->setVisible(!isEditing());
    const bool isOwner = m_field.name.startsWith(u"Owner"_s) && !shown.isEmpty();
    m_avatar->setVisible(isOwner && !isEditing());
    if (isOwner)
        m_avatar->setName(shown);
    const QString refusal = m_problem.isEmpty() ? RecordText::oneLine(m_field.refusal) : m_problem;
    m_refusal->setText(refusal);
    m_refusal->setVisible(!refusal.isEmpty());
    m_refusalIcon->setVisible(!refusal.isEmpty());
    if (m_editor)
        m_editor->setRefused(!refusal.isEmpty());
    const bool isContested = m_field.isContested && !m_isSaving;
    if (isContested && !m_contest)
        buildContest();
    if (m_contest) {
        const QString theirs = RecordText::oneLine(m_field.text);
        m_theirs->setText(theirs.isEmpty() ? tr("Emptied in %1 meanwhile").arg(m_context.crm)
                                           : tr("Now in %1: %2").arg(m_context.crm, theirs));
        for (auto *choice : m_contest->findChildren<QPushButton *>())
            choice->setAccessibleName(tr("%1: %2").arg(label, choice->text()));
        m_contest->setVisible(isContested);
    }
    tellMark();
    tellTrailing();
    setAccessibleName(RecordText::fieldName(m_field, shown, isEditing()));
    setMinimumHeight(sizeHint().height());
    updateGeometry();
    update();
}

void FieldRow::tellMark()
{
    // A contested one says below what there is now.
    const bool isChanged = m_field.edited.has_value() && !isEditing() && !m_field.isContested;
    const bool isWaiting = m_field.isPromised && !m_field.edited && !isEditing();
    m_mark->setVisible(isChanged || isWaiting);
    m_markIcon->setVisible(isChanged || isWaiting);
    if (isChanged && m_isSaving) {
        m_mark->setText(tr("Saving"));
        m_mark->setInk(&Palette::tx3);
        m_markIcon->setIconName(u"sync"_s);
        m_markIcon->setInk(&Palette::tx3);
    } else if (isChanged) {
        const QString was = textBefore();
        m_mark->setText(was.isEmpty() ? tr("was empty") : tr("was %1").arg(was));
        m_mark->setInk(&Palette::warn);
        m_markIcon->setIconName(u"edit"_s);
        m_markIcon->setInk(&Palette::warn);
    } else if (isWaiting) {
        m_mark->setText(tr("waits"));
        m_mark->setInk(&Palette::tx3);
        m_markIcon->setIconName(u"clock"_s);
        m_markIcon->setInk(&Palette::tx3);
    }
    shareRoom();
}

// What it is now comes before what it was.
void FieldRow::shareRoom()
{
    const int room = width() - kLabelWidth - 24;
    m_mark->setMaximumWidth(std::clamp(room / 3, 48, 120));
}

void FieldRow::resizeEvent(QResizeEvent *event)
{
    QAbstractButton::resizeEvent(event);
    shareRoom();
}

void FieldRow::tellTrailing()
{
    const bool isNear = underMouse() || hasFocus();
    const bool isLocked = !isEditable() && !m_isSaving;
    // A locked field says so at once; one of a related record (an owner) only when it is looked at.
    const bool isRelated = m_field.name.contains(u'.') || m_field.type == FieldType::Reference;
    const bool isShownLock = isLocked && (!isRelated || isNear);
    m_pencil->setVisible(!isEditing() && (isShownLock || (isNear && isEditable() && !m_field.edited)));
    m_pencil->setIconName(isLocked ? u"lock"_s : u"edit"_s);
    Tip::attach(m_pencil, m_theme, isLocked ? RecordText::readOnlyReason(m_field, m_context.crm) : QString());
    setAccessibleDescription(isLocked ? RecordText::readOnlyReason(m_field, m_context.crm) : QString());
    const QUrl url = link();
    m_open->setVisible(!isEditing() && isNear && url.isValid());
    if (url.isValid()) {
        m_open->setIconName(url.scheme() == u"mailto"_s ? u"mail"_s
                            : url.scheme() == u"tel"_s  ? u"phone"_s
                                                        : u"open"_s);
        m_open->setName(tr("Open %1").arg(shownText()));
    }
}

QUrl FieldRow::link() const
{
    const QString text = m_field.edited ? m_field.edited->toString() : m_field.value.toString().trimmed();
    if (text.isEmpty() || text.size() > 2000)
        return {};
    QUrl url;
    if (m_field.type == FieldType::Email && text.contains(u'@')) {
        url.setScheme(u"mailto"_s);
        url.setPath(text); // encodes "?": the value cannot add headers of its own
    } else if (m_field.type == FieldType::Phone) {
        QString digits;
        for (const QChar c : text) {
            if (c.isDigit() || (c == u'+' && digits.isEmpty()))
                digits.append(c);
        }
        if (digits.isEmpty())
            return {};
        url.setScheme(u"tel"_s);
        url.setPath(digits);
    } else if (m_field.type == FieldType::Url) {
        url = QUrl(text.contains(u"://"_s) ? text : u"https://"_s + text, QUrl::StrictMode);
        if (url.scheme() != u"https"_s && url.scheme() != u"http"_s)
            return {}; // a CRM field is no reason to start whatever "file:" or "x-app:" stands for
    }
    return url;
}

crm::Field FieldRow::editedField() const
{
    crm::Field field;
    field.name = m_field.name;
    field.label = m_field.label;
    field.type = m_field.type;
    field.choices = m_field.choices;
    field.isRequired = m_field.isRequired;
    return field;
}

void FieldRow::startEdit()
{
    if (isEditing()) {
        m_editor->focusTarget()->setFocus();
        return;
    }
    if (!isEditable())
        return;
    m_editor = makeFieldEditor(m_theme, editedField(), m_context, this);
    m_editor->setObjectName(u"editor."_s + m_field.name);
    m_editor->setName(RecordText::oneLine(m_field.label), tr("Enter keeps the change, Escape undoes it"));
    m_base = m_field.value;
    m_editor->setValue(m_field.value);
    m_original = m_editor->value();
    if (m_field.edited)
        m_editor->setValue(*m_field.edited);
    m_editor->focusTarget()->installEventFilter(this);
    m_keep = new IconButton(m_theme, u"check"_s, tr("Keep this change"), 24, this);
    m_drop = new IconButton(m_theme, u"close"_s, tr("Undo this change"), 24, this);
    m_row->insertWidget(1, m_editor, 1);
    m_row->addWidget(m_keep);
    m_row->addWidget(m_drop);
    connect(m_keep, &QPushButton::clicked, this, &FieldRow::keep);
    connect(m_drop, &QPushButton::clicked, this, &FieldRow::cancelEdit);
    connect(m_editor, &FieldEditor::accepted, this, &FieldRow::keep);
    connect(m_editor, &FieldEditor::edited, this, [this] {
        if (!m_problem.isEmpty()) {
            m_problem.clear();
            tell();
        }
    });
    tell();
    m_editor->show();
    m_editor->focusTarget()->setFocus(Qt::OtherFocusReason);
    m_editor->selectAll();
    emit editingChanged();
}

bool FieldRow::keep()
{
    if (!isEditing())
        return true;
    const QVariant value = m_editor->value();
    const auto problem = FormChecks::check(editedField(), m_field.isRequired, value);
    if (problem) {
        m_problem = *problem;
        tell();
        m_editor->focusTarget()->setFocus();
        return false;
    }
    const bool isOriginal = value == m_original;
    const bool wasEdited = m_field.edited.has_value();
    closeEditor();
    if (!isOriginal)
        emit kept(m_field.name, value, m_base);
    else if (wasEdited)
        emit undone(m_field.name);
    return true;
}

void FieldRow::keepAsTyped()
{
    if (!isEditing())
        return;
    const QVariant value = m_editor->value();
    const bool isOriginal = value == m_original;
    closeEditor();
    if (!isOriginal)
        emit kept(m_field.name, value, m_base);
}

bool FieldRow::checkEdit()
{
    if (isEditing() || !m_field.edited ||
        !FormChecks::check(editedField(), m_field.isRequired, *m_field.edited))
        return true;
    startEdit();
    return keep();
}

void FieldRow::cancelEdit()
{
    if (isEditing())
        closeEditor();
    else if (m_field.edited)
        emit undone(m_field.name);
}

void FieldRow::letGo()
{
    if (isEditing())
        closeEditor();
    const QString name = m_field.name;
    m_field = {};
    m_field.name = name; // which row of a card it is
    setObjectName(QString());
    setAccessibleName(QString());
    for (ElidedLabel *label : {m_value, m_mark})
        label->setText(QString());
    m_refusal->setText(QString());
    m_avatar->setName(QString());
    m_open->setName(tr("Open")); // it names an address or a number
    if (m_contest) {
        m_contest->deleteLater();
        m_contest->setObjectName(QString());
        m_contest->hide();
        m_contest = nullptr;
    }
}

void FieldRow::closeEditor()
{
    const bool hadFocus = isAncestorOf(focusWidget()) || m_editor->focusTarget()->hasFocus();
    for (QWidget *widget : std::initializer_list<QWidget *>{m_editor, m_keep, m_drop}) {
        m_row->removeWidget(widget);
        widget->hide();
        widget->deleteLater();
    }
    m_editor = nullptr;
    m_keep = nullptr;
    m_drop = nullptr;
    m_problem.clear();
    tell();
    if (hadFocus)
        setFocus(Qt::OtherFocusReason);
    emit editingChanged();
}

bool FieldRow::eventFilter(QObject *watched, QEvent *event)
{
    if (m_editor && watched == m_editor->focusTarget() && !m_editor->hasOpenPopup()) {
        const bool isKey = event->type() == QEvent::KeyPress || event->type() == QEvent::ShortcutOverride;
        if (isKey) {
            const auto *key = static_cast<QKeyEvent *>(event);
            const bool isEnter = key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter;
            const bool isKeep =
                isEnter && (!m_editor->takesEnter() || key->modifiers().testFlag(Qt::ControlModifier));
            if (event->type() == QEvent::ShortcutOverride && (isKeep || key->key() == Qt::Key_Escape)) {
                event->accept();
                return true;
            }
            if (event->type() == QEvent::KeyPress && key->key() == Qt::Key_Escape) {
                cancelEdit();
                return true;
            }
            if (event->type() == QEvent::KeyPress && isKeep) {
                keep();
                return true;
            }
        }
    }
    return QAbstractButton::eventFilter(watched, event);
}

void FieldRow::keyPressEvent(QKeyEvent *event)
{
    switch (event->key()) {
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (m_keep && m_keep->hasFocus())
            keep();
        else if (m_drop && m_drop->hasFocus())
            cancelEdit();
        else if (auto *choice = qobject_cast<Button *>(focusWidget()); choice && choice->hasFocus())
            choice->click(); // mine or theirs
        else if (event->modifiers().testFlag(Qt::ControlModifier) && link().isValid())
            emit linkOpened(link());
        else
            startEdit();
        return;
    case Qt::Key_F2:
        startEdit();
        return;
    case Qt::Key_Escape:
        if (isEditing() || (m_field.edited && !m_isSaving)) {
            cancelEdit();
            return;
        }
        break;
    case Qt::Key_Up:
        emit moved(-1);
        return;
    case Qt::Key_Down:
        emit moved(1);
        return;
    default:
        if (event->matches(QKeySequence::Copy)) {
            QGuiApplication::clipboard()->setText(shownText());
            return;
        }
        break;
    }
    QAbstractButton::keyPressEvent(event);
}

void FieldRow::contextMenuEvent(QContextMenuEvent *event)
{
    QMenu menu(this);
    const QString text = shownText();
    connect(menu.addAction(tr("Copy")), &QAction::triggered, this,
            [text] { QGuiApplication::clipboard()->setText(text); });
    if (isEditable())
        connect(menu.addAction(tr("Edit")), &QAction::triggered, this, &FieldRow::startEdit);
    if (m_field.edited && !m_isSaving)
        connect(menu.addAction(tr("Undo this change")), &QAction::triggered, this,
                [this] { emit undone(m_field.name); });
    if (const QUrl url = link(); url.isValid())
        connect(menu.addAction(tr("Open")), &QAction::triggered, this, [this, url] { emit linkOpened(url); });
    menu.exec(event->globalPos());
}

void FieldRow::enterEvent(QEnterEvent *event)
{
    QAbstractButton::enterEvent(event);
    tell();
}

void FieldRow::leaveEvent(QEvent *event)
{
    QAbstractButton::leaveEvent(event);
    tell();
}

void FieldRow::focusInEvent(QFocusEvent *event)
{
    QAbstractButton::focusInEvent(event);
    tell();
}

void FieldRow::focusOutEvent(QFocusEvent *event)
{
    QAbstractButton::focusOutEvent(event);
    tell();
}

void FieldRow::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const Palette &colours = m_theme.colours();
    if (underMouse() && isEditable() && !isEditing())
        painter.fillRect(rect().adjusted(1, 0, -1, 0), colours.bgHover);
    if (m_field.edited && !isEditing() && !m_isSaving) {
        const int x = layoutDirection() == Qt::RightToLeft ? width() - 3 : 0;
        paint::box(painter, QRectF(x, 4, 3, height() - 8), 1.5, colours.warn);
    }
}

} // namespace parley::ui
