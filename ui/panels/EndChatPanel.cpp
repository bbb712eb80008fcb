#include "ui/panels/EndChatPanel.h"

#include "ui/style/Paint.h"

#include "ui/text/ChatText.h"
#include "ui/text/PlainText.h"

#include <QCheckBox>
#include <QKeyEvent>
#include <QPlainTextEdit>
#include <QSignalBlocker>

namespace parley::ui {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int kPanelWidth = 440;

// A check box takes "&" for a mnemonic, and these texts hold words of strangers.
QString plain(QString text)
{
    return text.replace(u'&', u"&&"_s);
}

/// As much of it as there is room for; a screen reader gets the whole.
void tell(QCheckBox *box, const QString &text)
{
    const int room = kPanelWidth - 2 * 16 - 28; // without the box itself
    box->setAccessibleName(text);
    box->setText(plain(box->fontMetrics().elidedText(text, Qt::ElideRight, room)));
}

} // namespace

EndChatPanel::EndChatPanel(Theme &theme, QWidget *parent)
    : PopupFrame(theme, parent)
    , m_title(new Label(theme, {}, TextRole::Title, &Palette::tx1, this))
    , m_detail(new Label(theme, {}, TextRole::Meta, &Palette::tx2, this))
    , m_wrapUpTitle(new Label(theme, tr("Wrap-up note"), TextRole::Meta, &Palette::tx2, this))
    , m_wrapUp(new QPlainTextEdit(this))
    , m_listTitle(new Label(theme, {}, TextRole::Meta, &Palette::tx2, this))
    , m_nothing(new Label(theme, {}, TextRole::Meta, &Palette::tx2, this))
    , m_attach(new QCheckBox(this))
    , m_changes(new QCheckBox(this))
    , m_note(new QCheckBox(this))
    , m_failure(new Banner(theme, BannerKind::Bad, {}, {}, this))
    , m_keep(new Button(theme, tr("Keep chatting"), ButtonKind::Ghost, ButtonSize::Md, this))
    , m_end(new Button(theme, tr("End chat"), ButtonKind::DangerFilled, ButtonSize::Md, this))
{
    setObjectName(u"endChatPanel"_s);
    setFixedWidth(kPanelWidth);
    m_title->setWordWrap(true);
    m_detail->setWordWrap(true);
    m_nothing->setWordWrap(true);
    m_listTitle->setWeight(QFont::Medium);
    m_wrapUpTitle->setWeight(QFont::Medium);
    m_wrapUpTitle->setBuddy(m_wrapUp);
    m_wrapUp->setObjectName(u"wrapUp"_s);
    m_wrapUp->setAccessibleName(tr("Wrap-up note"));
    m_wrapUp->setPlaceholderText(tr("For the case and the transcript note"));
    m_wrapUp->setFont(theme.font(TextRole::Body));
    m_wrapUp->setTabChangesFocus(true);
    m_wrapUp->setFixedHeight(56);
    m_attach->setObjectName(u"endAttach"_s);
    m_changes->setObjectName(u"endChanges"_s);
    m_note->setObjectName(u"endNote"_s);
    m_keep->setObjectName(u"keepChatting"_s);
    m_end->setObjectName(u"confirmEnd"_s);
    m_keep->setKeyHint(QKeySequence(Qt::Key_Escape));
    m_end->setIconName(u"endchat"_s);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(1, 1, 1, 1);
    column->setSpacing(0);
    auto *head = new QVBoxLayout;
    head->setContentsMargins(16, 16, 16, 12);
    head->setSpacing(2);
    head->addWidget(m_title);
    head->addWidget(m_detail);
    column->addLayout(head);
    column->addWidget(new Line(theme, Qt::Horizontal, this));
    auto *list = new QVBoxLayout;
    list->setContentsMargins(16, 12, 16, 12);
    list->setSpacing(8);
    auto *writing = new QVBoxLayout;
    writing->setSpacing(4);
    writing->addWidget(m_wrapUpTitle);
    writing->addWidget(m_wrapUp);
    list->addLayout(writing);
    list->addWidget(m_listTitle);
    list->addWidget(m_nothing);
    list->addWidget(m_attach);
    list->addWidget(m_changes);
    list->addWidget(m_note);
    list->addWidget(m_failure);
    column->addLayout(list);
    auto *foot = new QHBoxLayout;
    foot->setContentsMargins(16, 12, 16, 12);
    foot->setSpacing(8);
    foot->addStretch();
    foot->addWidget(m_keep);
    foot->addWidget(m_end);
    column->addWidget(new Line(theme, Qt::Horizontal, this));
    column->addLayout(foot);
    connect(m_wrapUp, &QPlainTextEdit::textChanged, this, [this] { emit wrapUpTyped(wrapUp()); });
    connect(m_keep, &QAbstractButton::clicked, this, &EndChatPanel::cancelled);
    connect(m_end, &QAbstractButton::clicked, this, &EndChatPanel::confirmed);
    hide();
}

void EndChatPanel::ask(const EndChatOffer &offer)
{
    m_title->setText(tr("End the chat with %1?").arg(isolated(offer.visitor)));
    setAccessibleName(m_title->text());
    m_detail->setText(offer.isTyping ? tr("%1 is typing.").arg(isolated(shortName(offer.visitor)))
                                     : QString());
    m_detail->setVisible(offer.isTyping);
    m_failure->hide();
    {
        const QSignalBlocker quiet(m_wrapUp);
        m_wrapUp->setPlainText(offer.wrapUp);
    }
    m_wrapUp->setVisible(!offer.crm.isEmpty()); // the hub keeps none: without a CRM it would go nowhere
    m_wrapUpTitle->setVisible(!offer.crm.isEmpty());
    const bool isCase = offer.attach == crm::Attach::Case;
    const bool attaches = offer.attach != crm::Attach::Nothing;
    m_attach->setVisible(attaches || !offer.chosen.isEmpty());
    m_attach->setChecked(attaches || !offer.chosen.isEmpty());
    const QString what = !offer.chosen.isEmpty() ? offer.chosen
                         : isCase                ? tr("Attach Case")
                                                 : tr("Attach Task");
    tell(m_attach, offer.subject.isEmpty() ? what : tr("%1  “%2”").arg(what, safeLine(offer.subject, 60)));
    m_changes->setVisible(offer.changedFields > 0);
    m_changes->setChecked(offer.changedFields > 0);
    tell(m_changes, (offer.changedFields == 1 ? tr("Save 1 change")
                                              : tr("Save %n changes", nullptr, offer.changedFields)) +
                        u"  "_s + safeLine(offer.changedNames, 60));
    m_note->setVisible(offer.canAddNote && !offer.hasTranscriptNote);
    m_note->setChecked(false);
    m_note->setText(tr("Transcript as a note"));
    const bool anything =
        m_attach->isVisibleTo(this) || m_changes->isVisibleTo(this) || m_note->isVisibleTo(this);
    m_listTitle->setText(tr("Written to %1").arg(offer.crm));
    m_listTitle->setVisible(!offer.crm.isEmpty() && anything);
    m_nothing->setText(offer.crm.isEmpty() ? tr("No CRM is connected. The chat stays in the hub's history.")
                                           : tr("Nothing is written to %1.").arg(offer.crm));
    m_nothing->setVisible(!anything);
    setBusy(false);
    fit();
    if (!isVisible())
        m_opener = window()->focusWidget();
    show();
    raise();
    m_end->setFocus(Qt::OtherFocusReason);
}

bool EndChatPanel::leave()
{
    // The focus first: hidden with it, the panel would pass it on to anyone.
    const bool isThere = m_opener && m_opener->isVisible() && m_opener->isEnabled();
    if (isThere)
        m_opener->setFocus(Qt::OtherFocusReason);
    hide();
    return isThere;
}

bool EndChatPanel::saveChanges() const
{
    return m_changes->isVisibleTo(this) && m_changes->isChecked();
}

bool EndChatPanel::keepAttachment() const
{
    return !m_attach->isVisibleTo(this) || m_attach->isChecked();
}

QString EndChatPanel::wrapUp() const
{
    return m_wrapUp->toPlainText();
}

bool EndChatPanel::addNote() const
{
    return m_note->isVisibleTo(this) && m_note->isChecked();
}

void EndChatPanel::setBusy(bool busy)
{
    m_end->setEnabled(!busy);
    m_end->setText(busy ? tr("Ending…") : tr("End chat"));
}

void EndChatPanel::setFailure(const QString &title, const QString &detail)
{
    m_failure->setTitle(title);
    m_failure->setDetail(detail);
    m_failure->show();
    setBusy(false);
    fit();
}

void EndChatPanel::fit()
{
    // Of labels that may wrap, adjustSize() takes the height at a width of its own.
    adjustSize();
    if (const int height = layout()->totalHeightForWidth(kPanelWidth); height > 0)
        resize(kPanelWidth, height);
}

void EndChatPanel::paintEvent(QPaintEvent *event)
{
    PopupFrame::paintEvent(event);
    QPainter painter(this);
    const int foot = m_end->y() - 12;
    painter.setClipRect(0, foot, width(), height() - foot);
    paint::box(painter, QRectF(rect()), 8, m_theme.colours().bgSunken, m_theme.colours().line2,
               m_theme.lineWidth());
}

void EndChatPanel::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Escape)
        emit cancelled();
    else
        PopupFrame::keyPressEvent(event);
}

} // namespace parley::ui
