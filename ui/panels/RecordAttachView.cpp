#include "ui/panels/RecordAttachView.h"

#include "ui/panels/FieldEditor.h"
#include "ui/style/Marks.h"
#include "ui/text/RecordText.h"

namespace parley::ui {

using namespace Qt::Literals::StringLiterals;
using crm::Attach;
using desk::WriteState;

namespace {

const QString kSubject = QStringLiteral("Subject");
const QString kPriority = QStringLiteral("Priority");
const QString kDescription = QStringLiteral("Description");

struct WriteSign {
    QString icon;
    Ink ink;
};

WriteSign signOf(WriteState state)
{
    switch (state) {
    case WriteState::Planned:
    case WriteState::Queued:
    case WriteState::ForAnotherOrg:
        return {u"clock"_s, &Palette::tx3};
    case WriteState::Sending:
        return {u"sync"_s, &Palette::tx3};
    case WriteState::Retrying:
        return {u"warning"_s, &Palette::warn};
    case WriteState::NeedsYou:
        return {u"error"_s, &Palette::bad};
    case WriteState::Done:
        return {u"check"_s, &Palette::ok};
    }
    return {u"clock"_s, &Palette::tx3};
}

} // namespace

RecordAttachView::RecordAttachView(Theme &theme, QWidget *parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_heading(new Label(theme, tr("When this chat ends"), TextRole::Meta, &Palette::tx2, this))
    , m_case(new Button(theme, tr("Attach Case"), ButtonKind::Normal, ButtonSize::Sm, this))
    , m_task(new Button(theme, tr("Attach Task"), ButtonKind::Normal, ButtonSize::Sm, this))
    , m_strip(new Banner(theme, BannerKind::Info, {}, {}, this))
    , m_writes(new QVBoxLayout)
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    m_heading->setWeight(QFont::DemiBold);
    column->addWidget(m_heading);
    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    m_case->setKeyHint(QKeySequence(u"Ctrl+Shift+C"_s));
    m_task->setKeyHint(QKeySequence(u"Ctrl+Shift+T"_s));
    m_case->setObjectName(u"attachCase"_s);
    m_task->setObjectName(u"attachTask"_s);
    for (Button *button : {m_case, m_task}) {
        button->setCheckable(true);
        button->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
        buttons->addWidget(button);
    }
    column->addLayout(buttons);
    m_strip->setObjectName(u"attachStrip"_s);
    m_strip->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Preferred); // wraps where the pane is narrow
    m_editLink = m_strip->addLink(tr("Edit details"));
    m_editLink->setObjectName(u"editDetails"_s);
    m_dropLink = m_strip->addLink(tr("Do not attach"));
    m_dropLink->setObjectName(u"doNotAttach"_s);
    column->addWidget(m_strip);
    m_details = new Card(theme, this);
    m_details->setObjectName(u"attachDetails"_s);
    m_details->hide();
    column->addWidget(m_details);
    m_writes->setSpacing(4);
    column->addLayout(m_writes);
    connect(m_case, &QPushButton::clicked, this, [this] { toggle(Attach::Case); });
    connect(m_task, &QPushButton::clicked, this, [this] { toggle(Attach::Task); });
    connect(m_editLink, &QPushButton::clicked, this, &RecordAttachView::editDetails);
    connect(m_dropLink, &QPushButton::clicked, this, [this] { emit attachChosen(Attach::Nothing); });
}

void RecordAttachView::toggle(Attach attach)
{
    const Button *button = attach == Attach::Case ? m_case : m_task;
    // The button's own tick is only what the desk says: it is set again when the plan comes back.
    m_case->setChecked(m_tab.plan.attach == Attach::Case);
    m_task->setChecked(m_tab.plan.attach == Attach::Task);
    if (m_tab.isChatEnded || button->isHidden() || !button->isEnabled())
        return;
    emit attachChosen(m_tab.plan.attach == attach ? Attach::Nothing : attach);
}

void RecordAttachView::setTab(const desk::RecordTab &tab)
{
    const bool isOtherAttachment = tab.plan.attach != m_tab.plan.attach;
    m_tab = tab;
    const bool isLead = !tab.cards.isEmpty() && tab.cards.first().record.ref.kind == kinds::lead;
    const bool isMatched = tab.state == desk::TabState::Matched;
    const bool isPlanOpen = !tab.isChatEnded && isMatched;
    m_heading->setText(isPlanOpen        ? tr("When this chat ends")
                       : tab.isChatEnded ? tr("This chat has ended")
                                         : tr("Written from this chat"));
    m_case->setVisible(isPlanOpen && !isLead);
    m_task->setVisible(isPlanOpen);
    m_case->setChecked(tab.plan.attach == Attach::Case);
    m_task->setChecked(tab.plan.attach == Attach::Task);
    for (Button *button : {m_case, m_task}) {
        button->setIconName(button->isChecked() ? u"check"_s : button == m_case ? u"case"_s : u"task"_s);
        const QString state = button->isChecked() ? tr("on, at chat end") : tr("off");
        button->setAccessibleName(tr("%1, %2").arg(button->text(), state));
    }
    if (isOtherAttachment)
        m_details->hide();
    tellStrip();
    tellWrites();
    setVisible(isPlanOpen || !m_shownWrites.isEmpty() || (isMatched && tab.plan.attach != Attach::Nothing));
}

void RecordAttachView::tellStrip()
{
    const Attach attach = m_tab.plan.attach;
    // Once it is on its way, its own line below says more than the plan does.
    const bool isOnItsWay = std::ranges::any_of(m_tab.writes, [attach](const desk::WriteLine &line) {
        const bool isIt = (attach == Attach::Case && line.kind == kinds::crmCase) ||
                          (attach == Attach::Task && line.kind == kinds::task);
        return isIt && line.state != WriteState::Planned;
    });
    m_strip->setVisible(attach != Attach::Nothing && m_tab.state == desk::TabState::Matched && !isOnItsWay &&
                        m_details->isHidden());
    m_strip->setIconName(attach == Attach::Task ? u"task"_s : u"case"_s);
    m_strip->setTitle(RecordText::attachTitle(attach, m_tab.isChatEnded));
    m_strip->setDetail(RecordText::attachText(m_tab));
    m_editLink->setVisible(!m_tab.isChatEnded);
    m_dropLink->setVisible(!m_tab.isChatEnded);
}

void RecordAttachView::reset()
{
    m_details->hide();
    m_tab = {};
}

void RecordAttachView::buildDetails()
{
    auto *column = new QVBoxLayout(m_details);
    column->setContentsMargins(12, 8, 12, 12);
    column->setSpacing(4);
    const auto add = [&](const QString &name, const QString &label, crm::FieldType type,
                         QList<crm::Choice> choices) {
        crm::Field field;
        field.name = name;
        field.label = label;
        field.type = type;
        field.choices = std::move(choices);
        auto *words = new Label(m_theme, label, TextRole::Meta, &Palette::tx2, m_details);
        words->setWeight(QFont::Medium);
        column->addWidget(words);
        FieldEditor *editor = makeFieldEditor(m_theme, field, {}, m_details);
        editor->setObjectName(u"details."_s + name);
        editor->setName(label, {});
        column->addWidget(editor);
        connect(editor, &FieldEditor::edited, this, &RecordAttachView::sendDetails);
        return editor;
    };
    m_subject = add(kSubject, tr("Subject"), crm::FieldType::String, {});
    m_priority = add(kPriority, tr("Priority"), crm::FieldType::Picklist, {});
    m_description = add(kDescription, tr("Description"), crm::FieldType::TextArea, {});
    auto *done = new Button(m_theme, tr("Done"), ButtonKind::Normal, ButtonSize::Xs, m_details);
    done->setObjectName(u"detailsDone"_s);
    column->addWidget(done, 0, Qt::AlignTrailing);
    connect(done, &QPushButton::clicked, this, [this] {
        m_details->hide();
        tellStrip();
        m_editLink->setFocus();
    });
}

void RecordAttachView::fillDetails()
{
    QList<crm::Choice> priorities;
    const QString middle = m_tab.plan.attach == Attach::Task ? u"Normal"_s : u"Medium"_s;
    for (const QString &value : {u"High"_s, middle, u"Low"_s})
        priorities.append(crm::Choice{.value = value, .label = value});
    m_priority->setChoices(priorities, {});
    const FieldMap &edited = m_tab.plan.edited;
    m_subject->setValue(edited.contains(kSubject) ? edited.value(kSubject) : QVariant(m_tab.caseSubject));
    m_priority->setValue(edited.value(kPriority));
    m_description->setValue(edited.value(kDescription));
}

void RecordAttachView::editDetails()
{
    if (m_tab.plan.attach == Attach::Nothing || m_tab.isChatEnded)
        return;
    if (!m_subject)
        buildDetails();
    fillDetails();
    m_details->show();
    tellStrip();
    m_subject->focusTarget()->setFocus(Qt::OtherFocusReason);
}

void RecordAttachView::sendDetails()
{
    FieldMap fields = m_tab.plan.edited;
    for (const auto &[name, editor] : {std::pair(kSubject, m_subject), std::pair(kPriority, m_priority),
                                       std::pair(kDescription, m_description)}) {
        const QVariant value = editor->value();
        // An emptied field falls back to the mapping; writing it empty would hide what the chat was about.
        if (value.isValid())
            fields.insert(name, value);
        else
            fields.remove(name);
    }
    if (fields.value(kSubject).toString() == m_tab.caseSubject && !m_tab.plan.edited.contains(kSubject))
        fields.remove(kSubject);
    emit detailsEdited(fields);
}

void RecordAttachView::tellWrites()
{
    QList<desk::WriteLine> lines;
    for (const desk::WriteLine &line : std::as_const(m_tab.writes)) {
        const bool isSaidByStrip =
            line.state == WriteState::Planned && (line.kind == kinds::crmCase || line.kind == kinds::task);
        if (!isSaidByStrip)
            lines.append(line);
    }
    if (lines == m_shownWrites)
        return;
    m_shownWrites = lines;
    emptyLayout(m_writes);
    const QString crm = RecordText::crmName(m_tab.crm);
    for (const desk::WriteLine &line : std::as_const(lines)) {
        const Words words = RecordText::writeLine(line, crm);
        const WriteSign sign = signOf(line.state);
        auto *row = new QWidget(this);
        row->setObjectName(u"write."_s + line.key);
        row->setAccessibleName(words.text.isEmpty() ? words.title
                                                    : tr("%1. %2").arg(words.title, words.text));
        auto *layout = new QHBoxLayout(row);
        layout->setContentsMargins(4, 2, 0, 2);
        layout->setSpacing(8);
        auto *icon = new IconLabel(m_theme, sign.icon, 16, sign.ink, row);
        layout->addWidget(icon, 0, Qt::AlignTop);
        auto *texts = new QVBoxLayout;
        texts->setSpacing(0);
        auto *title = new Label(m_theme, words.title, TextRole::Body, &Palette::tx1, row);
        title->setWeight(QFont::Medium);
        title->setWordWrap(true);
        texts->addWidget(title);
        if (!words.text.isEmpty()) {
            auto *text = new Label(m_theme, words.text, TextRole::Meta, &Palette::tx2, row);
            text->setWordWrap(true);
            texts->addWidget(text);
        }
        layout->addLayout(texts, 1);
        if (line.state == WriteState::Done && line.url.isValid()) {
            auto *open = new Button(m_theme, tr("Open"), ButtonKind::Link, ButtonSize::Xs, row);
            open->setAccessibleName(tr("Open %1 in the browser").arg(words.title));
            connect(open, &QPushButton::clicked, this, [this, url = line.url] { emit urlOpened(url); });
            layout->addWidget(open, 0, Qt::AlignTop);
        } else if (line.state == WriteState::NeedsYou) {
            auto *sync = new Button(m_theme, tr("Open Sync"), ButtonKind::Link, ButtonSize::Xs, row);
            connect(sync, &QPushButton::clicked, this, &RecordAttachView::syncOpened);
            layout->addWidget(sync, 0, Qt::AlignTop);
        }
        m_writes->addWidget(row);
    }
}

} // namespace parley::ui
