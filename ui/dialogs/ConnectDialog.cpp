#include "ui/dialogs/ConnectDialog.h"

#include "ui/style/Announcer.h"
#include "ui/style/Button.h"
#include "ui/style/Label.h"
#include "ui/style/Marks.h"
#include "ui/style/SegmentedControl.h"
#include "ui/style/Surfaces.h"

#include <QLineEdit>
#include <QPainter>
#include <QStackedWidget>
#include <QUrl>

namespace parley::ui {

using namespace Qt::Literals::StringLiterals;

namespace {
constexpr int kWidth = 480;
} // namespace

ConnectDialog::ConnectDialog(Theme &theme, const QString &crmName, QWidget *parent)
    : QDialog(parent)
    , m_theme(theme)
    , m_crmName(crmName)
{
    setObjectName(u"connectDialog"_s);
    setWindowTitle(tr("Connect %1").arg(crmName));
    setFixedWidth(kWidth);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(24, 24, 24, 20);
    column->setSpacing(12);
    column->addWidget(new Label(m_theme, tr("Connect %1").arg(crmName), TextRole::Page, &Palette::tx1, this));
    auto *promise = new Label(
        m_theme, tr("You sign in on %1’s own page. Parley does not read or keep your password.").arg(crmName),
        TextRole::Body, &Palette::tx2, this);
    promise->setWordWrap(true);
    column->addWidget(promise);
    m_problem = new Banner(m_theme, BannerKind::Bad, {}, {}, this);
    m_problem->setObjectName(u"problem"_s);
    m_problem->hide();
    column->addWidget(m_problem);
    m_pages = new QStackedWidget(this);
    m_pages->addWidget(makeChoicePage());
    m_pages->addWidget(makeWaitingPage());
    column->addWidget(m_pages);
    showChoice();
}

QWidget *ConnectDialog::makeChoicePage()
{
    auto *page = new QWidget(this);
    auto *column = new QVBoxLayout(page);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    m_environment = new SegmentedControl(m_theme, page);
    m_environment->setObjectName(u"environment"_s);
    m_environment->setAccessibleName(tr("Environment"));
    m_environment->addSegment(tr("Production"));
    m_environment->addSegment(tr("Sandbox"));
    m_environment->addSegment(tr("Custom domain"));
    column->addWidget(m_environment, 0, Qt::AlignLeading);
    m_host = new QLineEdit(page);
    m_host->setObjectName(u"customHost"_s);
    m_host->setAccessibleName(tr("Your domain"));
    m_host->setPlaceholderText(u"acme.my.salesforce.com"_s);
    m_host->setLayoutDirection(Qt::LeftToRight);
    m_hostHint =
        new Label(m_theme, tr("The address at which you sign in."), TextRole::Meta, &Palette::tx3, page);
    column->addWidget(m_host);
    column->addWidget(m_hostHint);
    connect(m_environment, &SegmentedControl::currentChanged, this, [this](int index) {
        const bool isCustom = index == int(SignInChoice::Environment::Custom);
        m_host->setVisible(isCustom);
        m_hostHint->setVisible(isCustom);
        if (isCustom)
            m_host->setFocus();
        adjustSize();
    });
    m_environment->setCurrent(0);
    m_host->hide();
    m_hostHint->hide();

    m_clientIdPart = new QWidget(page);
    auto *clientIdColumn = new QVBoxLayout(m_clientIdPart);
    clientIdColumn->setContentsMargins(0, 8, 0, 0);
    clientIdColumn->setSpacing(4);
    auto *clientIdLabel = new Label(m_theme, tr("Client id"), TextRole::Meta, &Palette::tx2, m_clientIdPart);
    clientIdLabel->setWeight(QFont::Medium);
    m_clientId = new QLineEdit(m_clientIdPart);
    m_clientId->setObjectName(u"clientId"_s);
    m_clientId->setAccessibleName(tr("Client id"));
    m_clientId->setLayoutDirection(Qt::LeftToRight);
    clientIdLabel->setBuddy(m_clientId);
    auto *clientIdHint =
        new Label(m_theme,
                  tr("Your administrator finds it in %1 at the app that stands for Parley. It is asked for "
                     "once.")
                      .arg(m_crmName),
                  TextRole::Meta, &Palette::tx3, m_clientIdPart);
    clientIdHint->setWordWrap(true);
    clientIdColumn->addWidget(clientIdLabel);
    clientIdColumn->addWidget(m_clientId);
    clientIdColumn->addWidget(clientIdHint);
    column->addWidget(m_clientIdPart);
    m_clientIdPart->hide();

    m_kept = new Label(m_theme, {}, TextRole::Meta, &Palette::tx2, page);
    m_kept->setObjectName(u"kept"_s);
    m_kept->setWordWrap(true);
    column->addWidget(m_kept);
    setKept(true);
    column->addSpacing(8);

    auto *actions = new QHBoxLayout;
    actions->setSpacing(8);
    auto *here = new Button(m_theme, tr("Sign in here"), ButtonKind::Primary, ButtonSize::Lg, page);
    here->setObjectName(u"signInHere"_s);
    here->setDefault(true);
    auto *browser =
        new Button(m_theme, tr("Use my system browser"), ButtonKind::Normal, ButtonSize::Lg, page);
    browser->setObjectName(u"signInBrowser"_s);
    browser->setIconName(u"globe"_s);
    browser->setAutoDefault(false);
    auto *cancel = new Button(m_theme, tr("Cancel"), ButtonKind::Ghost, ButtonSize::Lg, page);
    cancel->setObjectName(u"cancel"_s);
    cancel->setKeyHint(QKeySequence(Qt::Key_Escape));
    cancel->setAutoDefault(false);
    actions->addWidget(here);
    actions->addWidget(browser);
    actions->addStretch();
    actions->addWidget(cancel);
    column->addLayout(actions);
    connect(here, &QPushButton::clicked, this, [this] { submit(false); });
    connect(browser, &QPushButton::clicked, this, [this] { submit(true); });
    connect(cancel, &QPushButton::clicked, this, &ConnectDialog::reject);
    return page;
}

QWidget *ConnectDialog::makeWaitingPage()
{
    auto *page = new QWidget(this);
    auto *column = new QVBoxLayout(page);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    m_waiting = new Label(m_theme, {}, TextRole::Body, &Palette::tx1, page);
    m_waiting->setObjectName(u"waiting"_s);
    m_waiting->setWordWrap(true);
    column->addWidget(m_waiting);
    m_address = new QLineEdit(page);
    m_address->setObjectName(u"address"_s);
    m_address->setAccessibleName(tr("Address of the sign-in page"));
    m_address->setReadOnly(true);
    m_address->setLayoutDirection(Qt::LeftToRight);
    column->addWidget(m_address);
    column->addStretch();
    auto *actions = new QHBoxLayout;
    auto *stop = new Button(m_theme, tr("Cancel"), ButtonKind::Normal, ButtonSize::Lg, page);
    stop->setObjectName(u"stopWaiting"_s);
    stop->setKeyHint(QKeySequence(Qt::Key_Escape));
    connect(stop, &QPushButton::clicked, this, &ConnectDialog::reject);
    actions->addStretch();
    actions->addWidget(stop);
    column->addLayout(actions);
    return page;
}

void ConnectDialog::setCustomHost(const QString &host)
{
    m_host->setText(host);
    m_environment->setCurrent(int(SignInChoice::Environment::Custom));
    m_host->show();
    m_hostHint->show();
}

void ConnectDialog::setEnvironment(SignInChoice::Environment environment)
{
    m_environment->setCurrent(int(environment));
}

void ConnectDialog::askForClientId(const QString &known)
{
    m_clientId->setText(known);
    m_clientIdPart->show();
    adjustSize();
}

void ConnectDialog::setKept(bool kept)
{
    m_kept->setInk(kept ? &Palette::tx2 : &Palette::warn);
    m_kept->setText(
        kept ? tr("The sign-in is kept in your system keychain.")
             : tr("No keychain answers on this computer: the sign-in ends when you close Parley."));
    // A stack of pages asks no page for its height at a width.
    m_kept->setMinimumHeight(m_kept->heightForWidth(kWidth - 48));
    adjustSize();
}

void ConnectDialog::showChoice()
{
    m_isWaiting = false;
    m_pages->setCurrentIndex(0);
    adjustSize();
}

void ConnectDialog::showWaiting(bool inSystemBrowser, const QUrl &address)
{
    m_isWaiting = true;
    m_problem->hide();
    m_waiting->setText(
        inSystemBrowser
            ? tr("Your browser shows %1’s page. Sign in there; Parley goes on by itself. If no page "
                 "came up, copy this address:")
                  .arg(m_crmName)
            : tr("Sign in in the window that has opened."));
    m_address->setVisible(!address.isEmpty());
    m_address->setText(address.toString(QUrl::FullyEncoded));
    m_address->setCursorPosition(0);
    m_pages->setCurrentIndex(1);
    adjustSize();
}

void ConnectDialog::showProblem(const QString &title, const QString &detail)
{
    m_problem->setTitle(title);
    m_problem->setDetail(detail);
    m_problem->show();
    showChoice();
    announce(this, detail.isEmpty() ? title : title + u". "_s + detail);
}

SignInChoice ConnectDialog::choice() const
{
    return {.environment = SignInChoice::Environment(m_environment->current()),
            .host = m_host->text().trimmed(),
            .clientId = m_clientId->text().trimmed()};
}

void ConnectDialog::submit(bool inSystemBrowser)
{
    SignInChoice chosen = choice();
    chosen.inSystemBrowser = inSystemBrowser;
    if (chosen.environment == SignInChoice::Environment::Custom && chosen.host.isEmpty()) {
        showProblem(tr("Enter your domain"),
                    tr("It is the address at which you sign in, such as acme.my.salesforce.com."));
        m_host->setFocus();
        return;
    }
    if (m_clientIdPart->isVisibleTo(this) && chosen.clientId.isEmpty()) {
        showProblem(tr("Enter the client id"), tr("Without it %1 does not know Parley.").arg(m_crmName));
        m_clientId->setFocus();
        return;
    }
    emit signInRequested(chosen);
}

void ConnectDialog::reject()
{
    if (m_isWaiting) {
        emit cancelled();
        showChoice();
        return; // the first Esc ends the waiting, the second one the dialog
    }
    QDialog::reject();
}

void ConnectDialog::paintEvent(QPaintEvent *)
{
    QPainter(this).fillRect(rect(), m_theme.colours().bgPane);
}

} // namespace parley::ui
