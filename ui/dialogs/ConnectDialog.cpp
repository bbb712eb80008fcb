#include "ui/dialogs/ConnectDialog.h"

#include "ui/style/Marks.h"
#include "ui/style/SegmentedControl.h"
#include "ui/text/RecordText.h"

#include <QHostAddress>
#include <QLineEdit>
#include <QStackedWidget>

namespace parley::ui {

using namespace Qt::Literals::StringLiterals;

ConnectDialog::ConnectDialog(Theme &theme, const QString &crm, QWidget *parent)
    : QDialog(parent)
    , m_theme(theme)
    , m_crm(crm)
    , m_problem(new Banner(theme, BannerKind::Bad, {}, {}, this))
    , m_keychain(new Banner(
          theme, BannerKind::Warn, tr("No system keychain answers"),
          tr("The sign-in is kept in memory only and ends with Parley. Nothing is written to a file."), this))
    , m_pages(new QStackedWidget(this))
{
    setObjectName(u"connectDialog"_s);
    setWindowTitle(tr("Connect %1").arg(crm));
    setMinimumWidth(560);
    auto *outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    auto *ground = new Ground(theme, &Palette::bgSide, this);
    outer->addWidget(ground);
    auto *column = new QVBoxLayout(ground);
    column->setContentsMargins(24, 16, 24, 16);
    column->setSpacing(12);
    buildTop(column);
    for (Banner *banner : {m_problem, m_keychain}) {
        banner->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Preferred);
        banner->hide();
        column->addWidget(banner);
    }
    m_problem->setObjectName(u"connectProblem"_s);
    m_keychain->setObjectName(u"connectKeychain"_s);
    m_pages->addWidget(buildChoice());
    m_pages->addWidget(buildWaiting());
    m_pages->addWidget(buildDone());
    column->addWidget(m_pages);
    auto *footer = new QHBoxLayout;
    footer->setSpacing(6);
    footer->addWidget(new IconLabel(theme, u"lock"_s, 14, &Palette::tx2, ground));
    auto *kept =
        new Label(theme, tr("Parley reads and keeps no password"), TextRole::Meta, &Palette::tx2, ground);
    footer->addWidget(kept, 1);
    m_cancel = new Button(theme, tr("Cancel"), ButtonKind::Normal, ButtonSize::Md, ground);
    m_cancel->setObjectName(u"connectCancel"_s);
    m_cancel->setKeyHint(QKeySequence(Qt::Key_Escape));
    connect(m_cancel, &QPushButton::clicked, this, &ConnectDialog::reject);
    footer->addWidget(m_cancel);
    column->addLayout(footer);
    setEnvironment(ConnectEnvironment::Production);
}

void ConnectDialog::buildTop(QVBoxLayout *column)
{
    auto *row = new QHBoxLayout;
    row->setSpacing(12);
    row->addWidget(new Label(m_theme, tr("Connect %1").arg(m_crm), TextRole::Title, &Palette::tx1, this), 1);
    m_environment = new SegmentedControl(m_theme, this);
    m_environment->setObjectName(u"connectEnvironment"_s);
    m_environment->setAccessibleName(tr("Environment"));
    m_environment->addSegment(tr("Production"));
    m_environment->addSegment(tr("Sandbox"));
    m_environment->addSegment(tr("Custom domain"));
    row->addWidget(m_environment);
    column->addLayout(row);
    auto *hint = new Label(
        m_theme, tr("You sign in on %1's own page. Parley does not read or keep your password.").arg(m_crm),
        TextRole::Meta, &Palette::tx2, this);
    hint->setWordWrap(true);
    column->addWidget(hint);
    m_domainRow = new QWidget(this);
    auto *domain = new QVBoxLayout(m_domainRow);
    domain->setContentsMargins(0, 0, 0, 0);
    domain->setSpacing(4);
    auto *label = new Label(m_theme, tr("Your domain"), TextRole::Meta, &Palette::tx2, m_domainRow);
    label->setWeight(QFont::Medium);
    domain->addWidget(label);
    m_domain = new QLineEdit(m_domainRow);
    m_domain->setObjectName(u"connectDomain"_s);
    m_domain->setAccessibleName(tr("Your domain"));
    m_domain->setPlaceholderText(u"company.my.salesforce.com"_s);
    m_domain->setLayoutDirection(Qt::LeftToRight);
    m_domain->setFont(m_theme.font(TextRole::Body));
    domain->addWidget(m_domain);
    m_domainProblem = new Label(m_theme, tr("Type a host, such as company.my.salesforce.com"), TextRole::Meta,
                                &Palette::bad, m_domainRow);
    m_domainProblem->setObjectName(u"connectDomainProblem"_s);
    domain->addWidget(m_domainProblem);
    column->addWidget(m_domainRow);
    auto *host = new QHBoxLayout;
    host->setSpacing(6);
    host->addWidget(new IconLabel(m_theme, u"shield"_s, 16, &Palette::ok, this));
    m_host = new ElidedLabel(m_theme, {}, TextRole::Strong, &Palette::tx1, this);
    m_host->setObjectName(u"connectHost"_s);
    host->addWidget(m_host, 1);
    column->addLayout(host);
    connect(m_environment, &SegmentedControl::currentChanged, this, [this](int) {
        m_problem->hide();
        tellHost();
    });
    connect(m_domain, &QLineEdit::textChanged, this, &ConnectDialog::tellHost);
}

Button *ConnectDialog::addWay(QBoxLayout *row, ConnectWay way, const QString &icon, const QString &title,
                              const QString &detail)
{
    auto *card = new Card(m_theme, this);
    auto *column = new QVBoxLayout(card);
    column->setContentsMargins(16, 14, 16, 14);
    column->setSpacing(4);
    column->addWidget(new IconLabel(m_theme, icon, 20, &Palette::accentTx, card));
    column->addWidget(new Label(m_theme, title, TextRole::Strong, &Palette::tx1, card));
    auto *words = new Label(m_theme, detail, TextRole::Meta, &Palette::tx2, card);
    words->setWordWrap(true);
    words->setMinimumHeight(3 * Theme::lineHeight(TextRole::Meta)); // a dialog's first size knows no wrapping
    words->setAlignment(Qt::AlignTop | Qt::AlignLeading);
    column->addWidget(words);
    column->addStretch(1);
    // Both ways are equal: neither is the filled one.
    auto *button = new Button(m_theme, tr("Sign in"), ButtonKind::Normal, ButtonSize::Md, card);
    button->setAccessibleName(tr("Sign in: %1").arg(title));
    button->setAccessibleDescription(detail);
    button->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    column->addWidget(button);
    connect(button, &QPushButton::clicked, this, [this, way] { ask(way); });
    row->addWidget(card, 1);
    return button;
}

QWidget *ConnectDialog::buildChoice()
{
    auto *page = new QWidget(this);
    auto *column = new QVBoxLayout(page);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(12);
    auto *ways = new QHBoxLayout;
    ways->setSpacing(12);
    m_ownWindow = addWay(ways, ConnectWay::OwnWindow, u"record"_s, tr("In Parley's window"),
                         tr("The page opens here, with its address in view. Nothing of it is kept."));
    m_ownWindow->setObjectName(u"connectOwnWindow"_s);
    m_browser = addWay(ways, ConnectWay::SystemBrowser, u"globe"_s, tr("In my system browser"),
                       tr("Your passwords, passkeys and single sign-on work as ever."));
    m_browser->setObjectName(u"connectBrowser"_s);
    column->addLayout(ways);
    auto *label =
        new Label(m_theme, tr("Client ID of the connected app"), TextRole::Meta, &Palette::tx2, page);
    label->setWeight(QFont::Medium);
    column->addWidget(label);
    m_clientId = new QLineEdit(page);
    m_clientId->setObjectName(u"connectClientId"_s);
    m_clientId->setAccessibleName(label->text());
    m_clientId->setPlaceholderText(tr("From your administrator"));
    m_clientId->setFont(m_theme.font(TextRole::Body));
    m_clientId->setLayoutDirection(Qt::LeftToRight);
    connect(m_clientId, &QLineEdit::textChanged, this, &ConnectDialog::tellHost);
    column->addWidget(m_clientId);
    return page;
}

QWidget *ConnectDialog::buildWaiting()
{
    auto *page = new QWidget(this);
    page->setObjectName(u"connectWaiting"_s);
    auto *column = new QVBoxLayout(page);
    column->setContentsMargins(0, 16, 0, 16);
    column->setSpacing(4);
    m_waitingTitle = new Label(m_theme, {}, TextRole::Strong, &Palette::tx1, page);
    m_waitingTitle->setObjectName(u"connectWaitingTitle"_s);
    m_waitingText = new Label(m_theme, {}, TextRole::Meta, &Palette::tx2, page);
    m_waitingText->setWordWrap(true);
    column->addWidget(m_waitingTitle);
    column->addWidget(m_waitingText);
    m_again = new Button(m_theme, tr("Open the page again"), ButtonKind::Link, ButtonSize::Sm, page);
    m_again->setObjectName(u"connectAgain"_s);
    column->addWidget(m_again, 0, Qt::AlignLeading);
    connect(m_again, &QPushButton::clicked, this, [this] { ask(m_way); });
    column->addStretch(1);
    return page;
}

QWidget *ConnectDialog::buildDone()
{
    auto *page = new QWidget(this);
    auto *column = new QVBoxLayout(page);
    column->setContentsMargins(0, 16, 0, 16);
    auto *row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(new IconLabel(m_theme, u"check"_s, 20, &Palette::ok, page));
    m_doneText = new Label(m_theme, {}, TextRole::Strong, &Palette::tx1, page);
    m_doneText->setObjectName(u"connectDone"_s);
    m_doneText->setWordWrap(true);
    row->addWidget(m_doneText, 1);
    column->addLayout(row);
    column->addStretch(1);
    return page;
}

ConnectEnvironment ConnectDialog::environment() const
{
    return ConnectEnvironment(std::clamp(m_environment->current(), 0, 2));
}

void ConnectDialog::setEnvironment(ConnectEnvironment environment, const QString &customDomain)
{
    m_domain->setText(customDomain);
    m_environment->setCurrent(int(environment));
    tellHost();
}

void ConnectDialog::setClientId(const QString &clientId)
{
    m_clientId->setText(clientId);
}

void ConnectDialog::setKeychain(bool isPresent)
{
    m_keychain->setVisible(!isPresent);
}

std::optional<QUrl> ConnectDialog::loginUrlOf(ConnectEnvironment environment, const QString &typed)
{
    if (environment == ConnectEnvironment::Production)
        return QUrl(u"https://login.salesforce.com"_s);
    if (environment == ConnectEnvironment::Sandbox)
        return QUrl(u"https://test.salesforce.com"_s);
    const QString text = typed.trimmed();
    const QUrl url(text.contains(u"://"_s) ? text : u"https://"_s + text, QUrl::StrictMode);
    if (!url.isValid() || url.host().isEmpty() || !url.userInfo().isEmpty())
        return std::nullopt;
    const QHostAddress address(url.host());
    const bool isThisComputer = address.isLoopback() || url.host() == u"localhost"_s;
    const bool isSecure = url.scheme() == u"https"_s || (url.scheme() == u"http"_s && isThisComputer);
    if (!isSecure || (!isThisComputer && !url.host().contains(u'.')))
        return std::nullopt;
    QUrl login; // the rest of a pasted address (a path, a query) is no part of where one signs in
    login.setScheme(url.scheme());
    login.setHost(url.host());
    login.setPort(url.port());
    return login;
}

void ConnectDialog::tellHost()
{
    const bool isCustom = environment() == ConnectEnvironment::CustomDomain;
    m_domainRow->setVisible(isCustom);
    const auto url = loginUrlOf(environment(), m_domain->text());
    m_domainProblem->setVisible(isCustom && !url && !m_domain->text().trimmed().isEmpty());
    m_host->setText(url ? url->authority() : tr("No address yet"));
    const bool canAsk = url && !m_clientId->text().trimmed().isEmpty();
    m_ownWindow->setEnabled(canAsk);
    m_browser->setEnabled(canAsk);
}

void ConnectDialog::ask(ConnectWay way)
{
    const auto url = loginUrlOf(environment(), m_domain->text());
    if (!url)
        return;
    m_problem->hide();
    m_way = way;
    emit signInRequested({*url, way, m_clientId->text().trimmed()});
}

void ConnectDialog::showWaiting(ConnectWay way)
{
    m_isWaiting = true;
    m_way = way;
    m_problem->hide();
    m_environment->setEnabled(false);
    m_domainRow->setEnabled(false);
    const bool isBrowser = way == ConnectWay::SystemBrowser;
    m_waitingTitle->setText(isBrowser ? tr("Waiting for your browser…")
                                      : tr("Waiting for the sign-in window…"));
    m_waitingText->setText(isBrowser ? tr("Sign in there and allow the access. Parley goes on by itself.")
                                     : tr("Sign in and allow the access. Your chats go on meanwhile."));
    m_again->setVisible(isBrowser);
    m_pages->setCurrentIndex(1);
    m_cancel->setFocus();
}

void ConnectDialog::showFinishing()
{
    m_waitingTitle->setText(tr("Connecting…"));
    m_waitingText->setText(tr("%1 allowed the access. Parley reads what it may see.").arg(m_crm));
    m_again->hide();
    m_pages->setCurrentIndex(1);
}

void ConnectDialog::showError(const Error &error)
{
    m_isWaiting = false;
    m_environment->setEnabled(true);
    m_domainRow->setEnabled(true);
    m_pages->setCurrentIndex(0);
    const Words words = RecordText::signInProblem(error, m_crm);
    m_problem->setKind(error.code == Errc::Cancelled ? BannerKind::Info : BannerKind::Bad);
    m_problem->setTitle(words.title);
    m_problem->setDetail(words.text);
    m_problem->show();
    (m_way == ConnectWay::OwnWindow ? m_ownWindow : m_browser)->setFocus();
}

void ConnectDialog::showConnected(const QString &userName, const QString &host, bool isMemoryOnly)
{
    m_isWaiting = false;
    m_problem->hide();
    m_keychain->setVisible(isMemoryOnly);
    m_doneText->setText(
        tr("Connected to %1 as %2").arg(RecordText::oneLine(host), RecordText::oneLine(userName)));
    m_pages->setCurrentIndex(2);
    m_cancel->setText(tr("Done"));
    m_cancel->setKind(ButtonKind::Primary);
    m_cancel->setFocus();
}

void ConnectDialog::reject()
{
    if (m_isWaiting) { // one layer at a time: first the waiting, then the dialog
        emit cancelRequested();
        return;
    }
    QDialog::reject();
}

} // namespace parley::ui
