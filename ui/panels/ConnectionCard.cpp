#include "ui/panels/ConnectionCard.h"

#include "ui/style/Announcer.h"
#include "ui/style/Marks.h"
#include "ui/text/RecordText.h"

#include <QApplication>
#include <QKeyEvent>

namespace parley::ui {

using namespace Qt::Literals::StringLiterals;

ConnectionCard::ConnectionCard(Theme &theme, const QString &id, QWidget *parent)
    : Card(theme, parent)
    , m_theme(theme)
    , m_id(id)
    , m_name(new ElidedLabel(theme, {}, TextRole::Strong, &Palette::tx1, this))
    , m_state(new Chip(theme, {}, Tone::Plain, this))
    , m_facts(new ElidedLabel(theme, {}, TextRole::Meta, &Palette::tx2, this))
    , m_usage(new Label(theme, {}, TextRole::Meta, &Palette::tx2, this))
    , m_promised(new Label(theme, {}, TextRole::Meta, &Palette::tx2, this))
    , m_reason(new Label(theme, {}, TextRole::Meta, &Palette::warn, this))
    , m_acts(new QWidget(this))
    , m_signIn(makeButton(u"signInCrm"_s, ButtonKind::Primary, m_acts))
    , m_check(makeButton(u"checkAccess"_s, ButtonKind::Normal, m_acts))
    , m_read(makeButton(u"readSchemas"_s, ButtonKind::Normal, m_acts))
    , m_use(makeButton(u"useConnection"_s, ButtonKind::Normal, m_acts))
    , m_signOut(makeButton(u"signOutCrm"_s, ButtonKind::Ghost, m_acts))
    , m_question(new QWidget(this))
    , m_asked(new Label(theme, {}, TextRole::Body, &Palette::tx1, m_question))
    , m_yes(makeButton(u"signOutYes"_s, ButtonKind::Danger, m_question))
    , m_no(makeButton(u"signOutNo"_s, ButtonKind::Normal, m_question))
{
    setObjectName(u"connection."_s + id);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(14, 10, 10, 10);
    column->setSpacing(8);
    auto *row = new QHBoxLayout;
    row->setSpacing(8);
    auto *words = new QVBoxLayout;
    words->setSpacing(0);
    auto *first = new QHBoxLayout;
    first->setSpacing(8);
    m_state->setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    first->addWidget(m_name);
    first->addWidget(m_state);
    first->addStretch(1);
    words->addLayout(first);
    words->addWidget(m_facts);
    m_promised->setObjectName(u"promised."_s + id);
    m_usage->setObjectName(u"usage."_s + id);
    for (Label *label : {m_usage, m_promised, m_reason}) {
        label->setWordWrap(true);
        words->addWidget(label);
    }
    row->addLayout(words, 1);
    auto *acts = new QHBoxLayout(m_acts);
    acts->setContentsMargins(0, 0, 0, 0);
    acts->setSpacing(8);
    for (Button *button : {m_signIn, m_check, m_read, m_use, m_signOut})
        acts->addWidget(button);
    row->addWidget(m_acts);
    column->addLayout(row);
    auto *question = new QHBoxLayout(m_question);
    question->setContentsMargins(0, 0, 0, 0);
    question->setSpacing(8);
    m_asked->setWordWrap(true);
    question->addWidget(m_asked, 1);
    question->addWidget(m_no);
    question->addWidget(m_yes);
    column->addWidget(m_question);
    m_question->hide();
    connect(m_signIn, &QPushButton::clicked, this, &ConnectionCard::signInAsked);
    connect(m_check, &QPushButton::clicked, this, &ConnectionCard::checkAsked);
    connect(m_read, &QPushButton::clicked, this, &ConnectionCard::readAsked);
    connect(m_use, &QPushButton::clicked, this, &ConnectionCard::useAsked);
    connect(m_signOut, &QPushButton::clicked, this, &ConnectionCard::ask);
    connect(m_no, &QPushButton::clicked, this, &ConnectionCard::leaveQuestion);
    connect(m_yes, &QPushButton::clicked, this, [this] {
        leaveQuestion();
        emit signOutAsked();
    });
}

Button *ConnectionCard::makeButton(const QString &name, ButtonKind kind, QWidget *parent)
{
    auto *button = new Button(m_theme, {}, kind, ButtonSize::Sm, parent);
    button->setObjectName(name + u'.' + m_id);
    return button;
}

void ConnectionCard::nameButton(Button *button, const QString &text)
{
    button->setText(text);
    button->setAccessibleName(
        tr("%1: %2, %3").arg(text, m_name->text(), RecordText::oneLine(m_connection.host)));
}

void ConnectionCard::setConnection(const desk::CrmConnection &connection, const desk::CrmStatus &crm)
{
    m_connection = connection;
    showWords(crm);
    showActs(crm);
}

void ConnectionCard::showWords(const desk::CrmStatus &crm)
{
    const bool isActive = m_connection.isActive;
    const bool isConnected = isActive && crm.state == desk::CrmState::Connected;
    m_name->setText(RecordText::oneLine(m_connection.name));
    m_state->setVisible(isActive);
    m_state->setTone(isConnected ? Tone::Contact : Tone::Plain);
    m_state->setLabel(isConnected ? tr("In use")
                      : crm.state == desk::CrmState::SignInNeeded
                          ? (m_connection.isService ? tr("Refused") : tr("Signed out"))
                      : crm.state == desk::CrmState::Connecting ? tr("Connecting")
                                                                : tr("Not connected"));
    const QString user = isActive && !crm.userName.isEmpty() ? crm.userName : m_connection.userName;
    QStringList facts{RecordText::oneLine(m_connection.host), RecordText::oneLine(user)};
    if (m_connection.isService)
        facts.append(tr("as a service"));
    facts.removeAll(QString());
    m_facts->setText(facts.join(tr(", ")));
    m_usage->setVisible(isConnected && crm.usage);
    if (crm.usage) {
        m_usage->setText(RecordText::usage(*crm.usage));
        m_usage->setInk(crm.usage->isNearLimit() ? &Palette::warn : &Palette::tx2);
    }
    const int promised = isActive ? 0 : m_connection.promised; // of the one in use Sync tells
    m_promised->setVisible(promised > 0);
    m_promised->setText(promised == 1 ? tr("1 write was promised to it and waits until it is used again.")
                                      : tr("%n writes were promised to it and wait until it is used again.",
                                           nullptr, promised));
    const bool hasReason = isActive && crm.lastError;
    m_reason->setVisible(hasReason);
    if (hasReason) {
        const Error &error = *crm.lastError;
        m_reason->setText(RecordText::oneLine(error.remoteMessage.isEmpty()
                                                  ? RecordText::problem(error, RecordText::crmName(crm)).title
                                                  : error.remoteMessage));
    }
}

void ConnectionCard::showActs(const desk::CrmStatus &crm)
{
    const bool isActive = m_connection.isActive;
    const bool isConnected = isActive && crm.state == desk::CrmState::Connected;
    const bool isLapsed = isActive && crm.state == desk::CrmState::SignInNeeded && !m_connection.isService;
    const bool isConnecting = isActive && crm.state == desk::CrmState::Connecting;
    nameButton(m_signIn, tr("Sign in again"));
    nameButton(m_check, tr("Check access"));
    nameButton(m_read, tr("Refresh fields"));
    m_read->setToolTip(tr("After an administrator changed fields, choices or page layouts"));
    nameButton(m_use, isActive ? tr("Try again") : tr("Use"));
    nameButton(m_signOut, m_connection.isService ? tr("Remove") : tr("Sign out"));
    nameButton(m_yes, m_connection.isService ? tr("Remove it") : tr("Sign out now"));
    nameButton(m_no, tr("Keep it"));
    // A button that goes hands its focus to one that stays, instead of to whatever comes next in the window.
    const QWidget *focused = QApplication::focusWidget();
    const bool hadFocus = focused && m_acts->isAncestorOf(focused);
    m_signIn->setVisible(isLapsed);
    m_check->setVisible(isConnected);
    m_read->setVisible(isConnected);
    m_use->setVisible(!isLapsed && !isConnected && !isConnecting);
    if (hadFocus && !focused->isVisibleTo(this))
        m_signOut->setFocus();
}

void ConnectionCard::ask()
{
    const QString host = RecordText::oneLine(m_connection.host);
    QString text = m_connection.isService ? tr("Remove the connection to %1?").arg(host)
                                          : tr("Sign out of %1?").arg(host);
    text += u' ';
    text += m_connection.isActive ? tr("Visitors are not looked up any more, and nothing is filed.")
                                  : tr("It leaves this list.");
    if (m_connection.promised == 1)
        text += u' ' + tr("One promised write waits until you are connected to it again.");
    else if (m_connection.promised > 1)
        text += u' ' + tr("%n promised writes wait until you are connected to it again.", nullptr,
                          m_connection.promised);
    m_asked->setText(text);
    m_question->show();
    m_signOut->setEnabled(false);
    m_no->setFocus();
    announce(this, text);
}

void ConnectionCard::leaveQuestion()
{
    m_question->hide();
    m_signOut->setEnabled(true);
    m_signOut->setFocus();
}

void ConnectionCard::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Escape && m_question->isVisible())
        leaveQuestion();
    else
        Card::keyPressEvent(event);
}

} // namespace parley::ui
