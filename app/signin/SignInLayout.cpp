// How the sign-in window is put together and coloured; SignInShell.cpp is what it does.
#include "app/signin/AddressLabel.h"
#include "app/signin/SignInShell.h"

#include <QApplication>
#include <QButtonGroup>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QShortcut>
#include <QStackedWidget>
#include <QToolButton>
#include <QWebEngineProfile>
#include <QWebEngineView>

namespace parley::signin {

using namespace Qt::Literals::StringLiterals;

namespace {

QLabel *plainLabel(const QString &name, QWidget *parent)
{
    auto *const label = new QLabel(parent);
    label->setObjectName(name);
    label->setTextFormat(Qt::PlainText); // the CRM's words are shown as they are
    return label;
}

QToolButton *iconButton(const QString &name, const QString &words, QWidget *parent)
{
    auto *const button = new QToolButton(parent);
    button->setObjectName(name);
    button->setAccessibleName(words);
    button->setToolTip(words);
    button->setFixedSize(24, 24);
    button->setIconSize({16, 16});
    button->setFocusPolicy(Qt::TabFocus);
    return button;
}

} // namespace

void SignInShell::build()
{
    auto *const column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(buildHead());
    auto *const body = new QVBoxLayout;
    body->setContentsMargins(24, 0, 24, 0);
    body->setSpacing(0);
    body->addWidget(buildBar());
    body->addWidget(buildBody(), 1);
    column->addLayout(body, 1);
    column->addWidget(buildFoot());
    auto *const escape = new QShortcut(Qt::Key_Escape, this);
    connect(escape, &QShortcut::activated, this, &QWidget::close);
    for (const auto key : {QKeySequence::Refresh, QKeySequence::Back}) {
        auto *const shortcut = new QShortcut(QKeySequence(key), this);
        connect(shortcut, &QShortcut::activated, key == QKeySequence::Back ? m_back : m_reload,
                &QToolButton::click);
    }
}

QWidget *SignInShell::buildHead()
{
    auto *const head = new QWidget(this);
    auto *const column = new QVBoxLayout(head);
    column->setContentsMargins(24, 16, 24, 12);
    column->setSpacing(8);
    auto *const row = new QHBoxLayout;
    m_title = plainLabel(u"title"_s, head);
    row->addWidget(m_title);
    row->addStretch(); // not the label: it would put English words at the wrong side of a mirrored window
    m_segments = new QFrame(head);
    m_segments->setObjectName(u"environments"_s);
    m_segments->setAccessibleName(tr("Environment"));
    auto *const segments = new QHBoxLayout(m_segments);
    segments->setContentsMargins(1, 1, 1, 1);
    segments->setSpacing(0);
    m_environments = new QButtonGroup(this);
    const QList<std::pair<QString, QString>> choices{{u"production"_s, tr("Production")},
                                                     {u"sandbox"_s, tr("Sandbox")},
                                                     {u"custom"_s, tr("Custom domain")}};
    for (const auto &[environment, words] : choices) {
        auto *const button = new QPushButton(words, m_segments);
        button->setObjectName(u"environment-"_s + environment);
        button->setProperty("environment", environment);
        button->setCheckable(true);
        button->setAutoDefault(false);
        m_environments->addButton(button);
        segments->addWidget(button);
        connect(button, &QPushButton::clicked, this,
                [this, chosen = environment] { chooseEnvironment(chosen); });
    }
    row->addWidget(m_segments);
    column->addLayout(row);
    m_promise = plainLabel(u"promise"_s, head);
    m_promise->setWordWrap(true);
    column->addWidget(m_promise);
    return head;
}

QWidget *SignInShell::buildBar()
{
    auto *const bar = new QFrame(this);
    bar->setObjectName(u"bar"_s);
    bar->setFixedHeight(40);
    auto *const row = new QHBoxLayout(bar);
    row->setContentsMargins(12, 0, 8, 0);
    row->setSpacing(8);
    m_lock = new QLabel(bar);
    row->addWidget(m_lock);
    m_address = new AddressLabel(bar);
    m_address->setObjectName(u"address"_s);
    row->addWidget(m_address, 1);
    m_chip = new QFrame(bar);
    m_chip->setObjectName(u"chip"_s);
    m_chip->setFixedHeight(18);
    auto *const chip = new QHBoxLayout(m_chip);
    chip->setContentsMargins(6, 0, 6, 0);
    chip->setSpacing(4);
    m_chipIcon = new QLabel(m_chip);
    m_chipWords = plainLabel(u"chipWords"_s, m_chip);
    chip->addWidget(m_chipIcon);
    chip->addWidget(m_chipWords);
    row->addWidget(m_chip, 0, Qt::AlignVCenter);
    m_back = iconButton(u"back"_s, tr("Back"), bar);
    m_reload = iconButton(u"reload"_s, tr("Reload"), bar);
    m_back->setEnabled(false);
    row->addWidget(m_back);
    row->addWidget(m_reload);
    return bar;
}

QWidget *SignInShell::buildBody()
{
    auto *const frame = new QFrame(this);
    frame->setObjectName(u"body"_s);
    auto *const column = new QVBoxLayout(frame);
    column->setContentsMargins(1, 0, 1, 1);
    column->setSpacing(0);
    m_progress = new QProgressBar(frame);
    m_progress->setObjectName(u"progress"_s);
    m_progress->setAccessibleName(tr("Loading"));
    m_progress->setTextVisible(false);
    m_progress->setFixedHeight(2);
    column->addWidget(m_progress);
    m_stack = new QStackedWidget(frame);
    m_view = new QWebEngineView(m_stack);
    m_view->setObjectName(u"page"_s);
    m_view->setAccessibleName(tr("Sign-in page"));
    m_view->setContextMenuPolicy(Qt::NoContextMenu);
    m_page = new SignInPage(m_profile.get());
    m_view->setPage(m_page);
    m_stack->addWidget(m_view);
    m_stack->addWidget(buildNotice());
    m_stack->addWidget(buildDomainForm());
    column->addWidget(m_stack, 1);
    connect(m_back, &QToolButton::clicked, m_page, [this] { m_page->triggerAction(QWebEnginePage::Back); });
    const auto again = [this] {
        if (m_stack->currentWidget() == m_notice)
            m_page->load(m_bounds.authorizeUrl);
        else if (m_stack->currentWidget() == m_view)
            m_page->triggerAction(QWebEnginePage::Reload);
    };
    connect(m_reload, &QToolButton::clicked, this, again);
    connect(m_retry, &QPushButton::clicked, this, again);
    return frame;
}

QWidget *SignInShell::buildNotice()
{
    m_notice = new QWidget(m_stack);
    m_notice->setObjectName(u"notice"_s);
    auto *const column = new QVBoxLayout(m_notice);
    column->setContentsMargins(64, 0, 64, 0);
    column->setSpacing(12);
    column->addStretch();
    m_noticeIcon = new QLabel(m_notice);
    column->addWidget(m_noticeIcon, 0, Qt::AlignHCenter);
    m_noticeTitle = plainLabel(u"noticeTitle"_s, m_notice);
    m_noticeTitle->setAlignment(Qt::AlignHCenter);
    m_noticeTitle->setWordWrap(true);
    column->addWidget(m_noticeTitle);
    m_noticeText = plainLabel(u"noticeText"_s, m_notice);
    m_noticeText->setAlignment(Qt::AlignHCenter);
    m_noticeText->setWordWrap(true);
    column->addWidget(m_noticeText);
    auto *const row = new QHBoxLayout;
    row->setSpacing(8);
    row->addStretch();
    m_retry = new QPushButton(tr("Try again"), m_notice);
    m_retry->setObjectName(u"retry"_s);
    m_noticeBrowser = new QPushButton(tr("Use my system browser"), m_notice);
    m_noticeBrowser->setObjectName(u"noticeBrowser"_s);
    for (QPushButton *const button : {m_retry, m_noticeBrowser})
        row->addWidget(button);
    row->addStretch();
    column->addLayout(row);
    column->addStretch();
    connect(m_noticeBrowser, &QPushButton::clicked, this, [this] { finish({{u"wantsBrowser"_s, true}}); });
    return m_notice;
}

QWidget *SignInShell::buildDomainForm()
{
    m_domainForm = new QWidget(m_stack);
    m_domainForm->setObjectName(u"domainForm"_s);
    auto *const column = new QVBoxLayout(m_domainForm);
    column->setContentsMargins(136, 64, 136, 0);
    column->setSpacing(4);
    auto *const label = plainLabel(u"domainLabel"_s, m_domainForm);
    label->setText(tr("Your company’s address"));
    column->addWidget(label);
    m_domain = new QLineEdit(m_domainForm);
    m_domain->setObjectName(u"domain"_s);
    m_domain->setAccessibleName(label->text());
    m_domain->setPlaceholderText(u"acme.my.salesforce.com"_s);
    m_domain->setMaxLength(253);
    label->setBuddy(m_domain);
    column->addWidget(m_domain);
    m_domainProblem = plainLabel(u"domainProblem"_s, m_domainForm);
    m_domainProblem->setWordWrap(true);
    m_domainProblem->hide();
    column->addWidget(m_domainProblem);
    auto *const go = new QPushButton(tr("Continue"), m_domainForm);
    go->setObjectName(u"domainGo"_s);
    column->addSpacing(8);
    column->addWidget(go, 0, Qt::AlignLeft);
    column->addStretch();
    connect(m_domain, &QLineEdit::returnPressed, this, &SignInShell::submitDomain);
    connect(go, &QPushButton::clicked, this, &SignInShell::submitDomain);
    return m_domainForm;
}

QWidget *SignInShell::buildFoot()
{
    auto *const foot = new QWidget(this);
    auto *const column = new QVBoxLayout(foot);
    column->setContentsMargins(24, 12, 24, 16);
    column->setSpacing(12);
    auto *const facts = new QHBoxLayout;
    facts->setSpacing(6);
    m_keptIcon = new QLabel(foot);
    m_kept = plainLabel(u"kept"_s, foot);
    m_scopesIcon = new QLabel(foot);
    m_scopes = plainLabel(u"scopes"_s, foot);
    facts->addWidget(m_keptIcon);
    facts->addWidget(m_kept);
    facts->addSpacing(10);
    facts->addWidget(m_scopesIcon);
    facts->addWidget(m_scopes);
    facts->addStretch();
    column->addLayout(facts);
    auto *const row = new QHBoxLayout;
    m_browser = new QPushButton(tr("Use my system browser instead"), foot);
    m_browser->setObjectName(u"browser"_s);
    m_browser->setIconSize({16, 16});
    row->addWidget(m_browser);
    row->addStretch();
    m_cancel = new QPushButton(foot);
    m_cancel->setObjectName(u"cancel"_s);
    m_cancel->setAccessibleName(tr("Cancel"));
    m_cancel->setAccessibleDescription(tr("Escape"));
    auto *const inside = new QHBoxLayout(m_cancel);
    inside->setContentsMargins(12, 0, 12, 0);
    inside->setSpacing(6);
    auto *const words = plainLabel(u"cancelWords"_s, m_cancel);
    words->setText(tr("Cancel"));
    m_escape = plainLabel(u"kbd"_s, m_cancel);
    m_escape->setText(tr("Esc"));
    for (QLabel *const label : {words, m_escape}) {
        label->setAttribute(Qt::WA_TransparentForMouseEvents);
        inside->addWidget(label, 0, Qt::AlignVCenter);
    }
    row->addWidget(m_cancel);
    column->addLayout(row);
    connect(m_browser, &QPushButton::clicked, this, [this] { finish({{u"wantsBrowser"_s, true}}); });
    connect(m_cancel, &QPushButton::clicked, this, &QWidget::close);
    return foot;
}

void SignInShell::applyTheme()
{
    const ui::Palette &c = m_theme.colours();
    QApplication::setFont(m_theme.font(ui::TextRole::Body));
    m_title->setFont(m_theme.font(ui::TextRole::Title));
    m_noticeTitle->setFont(m_theme.font(ui::TextRole::Title));
    m_address->setLook(m_theme.font(ui::TextRole::Body), c.tx1, c.tx3);
    const qreal ratio = devicePixelRatioF();
    m_keptIcon->setPixmap(
        m_theme.icon(m_isKept ? u"shield"_s : u"warning"_s, 14, m_isKept ? c.tx2 : c.warn, ratio));
    m_scopesIcon->setPixmap(m_theme.icon(u"record"_s, 14, c.tx2, ratio));
    QIcon back(m_theme.icon(isRightToLeft() ? u"arrowright"_s : u"arrowleft"_s, 16, c.tx2, ratio));
    back.addPixmap(m_theme.icon(isRightToLeft() ? u"arrowright"_s : u"arrowleft"_s, 16, c.txDis, ratio),
                   QIcon::Disabled);
    m_back->setIcon(back);
    m_reload->setIcon(m_theme.icon(u"refresh"_s, 16, c.tx2, ratio));
    m_browser->setIcon(m_theme.icon(u"globe"_s, 16, c.accentTx, ratio));
    const QString sheet =
        u"#signIn{background:%bgSide;color:%tx1} QLabel{color:%tx1;background:transparent}"
        "#promise,#kept,#scopes,#noticeText,#domainLabel{color:%tx2;font-size:12px} "
        "#domainProblem{color:%bad;font-size:12px}"
        "#environments{border:1px solid %line2;border-radius:6px;background:%bgSunken}"
        "#environments QPushButton{border:1px solid "
        "transparent;border-radius:5px;background:transparent;color:%tx2;"
        "font-size:13px;font-weight:500;padding:0 13px;height:28px}"
        "#environments QPushButton:hover{color:%tx1}"
        "#environments QPushButton:checked{background:%bgCard;color:%tx1;border-color:%line2}"
        "#bar{background:%bgSunken;border:1px solid "
        "%line2;border-bottom:none;border-top-left-radius:8px;border-top-right-radius:8px}"
        "#body{background:%bgCard;border:1px solid "
        "%line2;border-top:none;border-bottom-left-radius:8px;border-bottom-right-radius:8px}"
        "#chip{background:%bgPressed;border-radius:4px} #chipWords{color:%tx2;font-size:11px;font-weight:500}"
        "#chip[look=\"secure\"]{background:%okTint} #chip[look=\"secure\"] #chipWords{color:%ok}"
        "#chip[look=\"bad\"]{background:%badTint} #chip[look=\"bad\"] #chipWords{color:%bad}"
        "#progress{border:none;background:%line} #progress::chunk{background:%accent}"
        "QToolButton{border:1px solid transparent;border-radius:6px;background:transparent} "
        "QToolButton:hover{background:%bgHover}"
        "QPushButton,QToolButton{outline:none} QPushButton{height:30px;border-radius:6px;border:1px solid "
        "%line2;background:%bgCard;color:%tx1;padding:0 12px;"
        "font-size:13px;font-weight:500} QPushButton:hover{background:%bgHover} "
        "QPushButton:pressed{background:%bgPressed}"
        "#domainGo,#retry{background:%accent;border-color:%accent;color:%onAccent} "
        "#domainGo:hover,#retry:hover{background:%accentHover}"
        "#browser{border-color:transparent;background:transparent;color:%accentTx;padding:0;"
        "text-align:left}"
        "#cancelWords{font-size:13px;font-weight:500}"
        "#kbd{color:%tx3;font-size:11px;font-weight:500;border:1px solid %line2;border-radius:4px;padding:0 "
        "4px;background:%bgCard}"
        "QLineEdit{height:34px;border:1px solid %lineInput;border-radius:6px;padding:0 "
        "10px;background:%bgInput;color:%tx1;font-size:14px}"
        "QPushButton:focus,QToolButton:focus,QLineEdit:focus,#environments QPushButton:focus,#browser:focus{border:2px solid %focus} #retry:focus,#domainGo:focus{border:2px solid %tx1}"_s;
    const QList<std::pair<QString, QColor>> colours{{u"bgSide"_s, c.bgSide},
                                                    {u"bgSunken"_s, c.bgSunken},
                                                    {u"bgCard"_s, c.bgCard},
                                                    {u"bgHover"_s, c.bgHover},
                                                    {u"bgPressed"_s, c.bgPressed},
                                                    {u"bgInput"_s, c.bgInput},
                                                    {u"lineInput"_s, c.lineInput},
                                                    {u"line2"_s, c.line2},
                                                    {u"line"_s, c.line},
                                                    {u"tx1"_s, c.tx1},
                                                    {u"tx2"_s, c.tx2},
                                                    {u"tx3"_s, c.tx3},
                                                    {u"okTint"_s, c.okTint},
                                                    {u"ok"_s, c.ok},
                                                    {u"badTint"_s, c.badTint},
                                                    {u"bad"_s, c.bad},
                                                    {u"accentTx"_s, c.accentTx},
                                                    {u"accentHover"_s, c.accentHover},
                                                    {u"accent"_s, c.accent},
                                                    {u"onAccent"_s, c.onAccent},
                                                    {u"focus"_s, c.focus}};
    QString filled = sheet;
    // Longer names first where one is the beginning of another.
    for (const auto &[name, colour] : colours)
        filled.replace(u'%' + name, colour.name(QColor::HexArgb));
    setStyleSheet(filled);
    m_cancel->setFixedSize(m_cancel->layout()->sizeHint().width(), 32);
    // Pages that set no ground of their own expect a white one.
    m_page->setBackgroundColor(Qt::white);
}

} // namespace parley::signin
