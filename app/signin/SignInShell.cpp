#include "app/signin/SignInShell.h"

#include "app/signin/AddressLabel.h"

#include <QButtonGroup>
#include <QCloseEvent>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QJsonArray>
#include <QLabel>
#include <QLineEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QScreen>
#include <QShortcut>
#include <QStackedWidget>
#include <QToolButton>
#include <QWebEngineCookieStore>
#include <QWebEngineDownloadRequest>
#include <QWebEngineHistory>
#include <QWebEngineLoadingInfo>
#include <QWebEngineProfile>
#include <QWebEngineView>

namespace parley::signin {

using namespace Qt::Literals::StringLiterals;

SignInShell::SignInShell(QWidget *parent)
    : QWidget(parent)
    , m_profile(std::make_unique<QWebEngineProfile>()) // no name: off the record
{
    m_profile->setHttpCacheType(QWebEngineProfile::MemoryHttpCache);
    m_profile->setPersistentCookiesPolicy(QWebEngineProfile::NoPersistentCookies);
    m_profile->setSpellCheckEnabled(false);
    m_guard = new RedirectGuard(m_profile.get());
    m_profile->setUrlRequestInterceptor(m_guard);
    connect(m_profile.get(), &QWebEngineProfile::downloadRequested, this,
            [](QWebEngineDownloadRequest *download) { download->cancel(); });
    setObjectName(u"signIn"_s);
    resize(640, 720);
    setMinimumHeight(480); // the width: what the layout needs to show every word
    build();
    connectPage();
    applyTheme();
}

SignInShell::~SignInShell()
{
    delete m_view;
    delete m_page;
}

void SignInShell::connectPage()
{
    const auto redirected = [this](const QUrl &url) {
        finish({{u"redirect"_s, url.toString(QUrl::FullyEncoded)}});
    };
    // Queued: both speak from inside Chromium's own call.
    connect(m_guard, &RedirectGuard::redirected, this, redirected, Qt::QueuedConnection);
    connect(m_page, &SignInPage::redirected, this, redirected, Qt::QueuedConnection);
    connect(
        m_page, &SignInPage::leaving, this,
        [this](const QUrl &url) {
            showNotice(u"globe"_s, tr("%1 is not %2").arg(url.host(QUrl::FullyEncoded), m_crm),
                       tr("Your company signs in on a page of its own. Go on in your system browser, where "
                          "that page is at home."),
                       false);
        },
        Qt::QueuedConnection);
    connect(
        m_page, &SignInPage::certificateRefused, this,
        [this](const QString &host, const QString &why) {
            showNotice(
                u"warning"_s, tr("%1 cannot be trusted").arg(host),
                tr("Its certificate was refused: %1 Nothing was sent. Ask your administrator.").arg(why),
                true);
        },
        Qt::QueuedConnection);
    connect(m_page, &QWebEnginePage::urlChanged, this, &SignInShell::showAddress);
    connect(m_page, &QWebEnginePage::loadingChanged, this, [this](const QWebEngineLoadingInfo &info) {
        if (info.status() == QWebEngineLoadingInfo::LoadStartedStatus)
            showSafety(Safety::NotYetKnown);
        else
            m_progress->setValue(m_progress->maximum());
        m_back->setEnabled(m_page->history()->canGoBack());
        if (info.status() == QWebEngineLoadingInfo::LoadSucceededStatus &&
            m_stack->currentWidget() != m_domainForm && info.url() != QUrl(u"about:blank"_s)) {
            showSafety(info.url().scheme() == u"https" ? Safety::Secure : Safety::ThisComputer);
            showPage();
        }
        constexpr int kAborted = -3; // what stopping at the redirect or at a strange host looks like
        constexpr int kBlocked = -20;
        const bool isOurDoing = info.errorCode() == kAborted || info.errorCode() == kBlocked ||
                                info.errorDomain() == QWebEngineLoadingInfo::CertificateErrorDomain;
        if (info.status() == QWebEngineLoadingInfo::LoadFailedStatus && !isOurDoing && !m_isOver)
            showNotice(u"plug"_s, tr("%1 cannot be reached").arg(info.url().host()),
                       tr("Check your network and try again. (%1)").arg(info.errorString()), true);
    });
    connect(m_page, &QWebEnginePage::loadProgress, m_progress, &QProgressBar::setValue);
    connect(m_page, &QWebEnginePage::renderProcessTerminated, this,
            [this](QWebEnginePage::RenderProcessTerminationStatus status) {
                if (status != QWebEnginePage::NormalTerminationStatus)
                    showNotice(u"warning"_s, tr("The page stopped working"),
                               tr("Nothing was lost but what you typed into it."), true);
            });
    connect(m_page, &QWebEnginePage::windowCloseRequested, this, &QWidget::close);
}

void SignInShell::hear(const QJsonObject &line)
{
    if (line.contains(u"authorizeUrl"_s))
        begin(line);
    else if (line.contains(u"refusedHost"_s))
        askForDomain(tr("That is not an address of %1. It looks like acme.my.salesforce.com.").arg(m_crm));
}

void SignInShell::begin(const QJsonObject &line)
{
    m_bounds.authorizeUrl = QUrl(line.value(u"authorizeUrl"_s).toString(), QUrl::StrictMode);
    m_bounds.redirectUri = QUrl(line.value(u"redirectUri"_s).toString(), QUrl::StrictMode);
    m_bounds.allowedHosts = line.value(u"allowedHosts"_s).toVariant().toStringList();
    m_environment = line.value(u"environment"_s).toString();
    if (!m_bounds.allow(m_bounds.authorizeUrl) || !m_bounds.redirectUri.isValid()) {
        finish({{u"error"_s, u"the sign-in address is not https"_s}});
        return;
    }
    m_guard->setBounds(m_bounds);
    m_page->setBounds(m_bounds);
    if (!m_hasBegun) {
        m_hasBegun = true;
        m_crm = line.value(u"crm"_s).toString();
        m_title->setText(tr("Connect %1").arg(m_crm));
        m_promise->setText(
            tr("You sign in on %1’s own page below. Parley does not read or keep your password.").arg(m_crm));
        setWindowTitle(tr("Connect %1 – Parley").arg(m_crm));
        m_segments->setVisible(line.value(u"canChooseEnvironment"_s).toBool());
        m_isKept = line.value(u"kept"_s).toBool(true);
        m_kept->setText(m_isKept ? tr("The sign-in is kept in your system keychain")
                                 : tr("No keychain here: you sign in again next time"));
        const QString scopes = line.value(u"scopes"_s).toString();
        m_scopes->setText(scopes.isEmpty() ? tr("Contacts, leads, accounts, cases, tasks") : scopes);
        if (line.contains(u"dark"_s))
            m_theme.choose(line.value(u"dark"_s).toBool() ? ui::ThemeChoice::Dark : ui::ThemeChoice::Light);
        applyTheme();
        const QJsonObject parent = line.value(u"parent"_s).toObject();
        const QRect around(parent.value(u"x"_s).toInt(), parent.value(u"y"_s).toInt(),
                           parent.value(u"width"_s).toInt(), parent.value(u"height"_s).toInt());
        if (around.width() > 0 && around.height() > 0)
            move(around.center() - rect().center());
    }
    for (QAbstractButton *const button : m_environments->buttons())
        button->setChecked(button->property("environment").toString() == m_environment);
    showAddress(m_bounds.authorizeUrl);
    showSafety(Safety::NotYetKnown);
    showPage();
    m_page->load(m_bounds.authorizeUrl);
    show();
    raise();
    activateWindow();
}

void SignInShell::chooseEnvironment(const QString &environment)
{
    if (environment == u"custom") {
        clearPage();
        askForDomain({});
        return;
    }
    if (environment == m_environment && m_stack->currentWidget() != m_domainForm)
        return;
    clearPage();
    m_environment = environment;
    showPage();
    emit said({{u"environment"_s, environment}}, false);
}

void SignInShell::askForDomain(const QString &problem)
{
    m_environment = u"custom"_s;
    m_domainProblem->setText(problem);
    m_domainProblem->setVisible(!problem.isEmpty());
    m_stack->setCurrentWidget(m_domainForm);
    m_domain->setFocus();
    m_domain->selectAll();
}

void SignInShell::submitDomain()
{
    const QString host = m_domain->text().trimmed();
    if (host.isEmpty()) {
        askForDomain(tr("Type your company’s address first."));
        return;
    }
    showPage();
    emit said({{u"environment"_s, u"custom"_s}, {u"host"_s, host.left(253)}}, false);
}

void SignInShell::clearPage()
{
    // Nothing typed for one environment may be left when another's page comes.
    m_page->triggerAction(QWebEnginePage::Stop);
    m_page->load(QUrl(u"about:blank"_s));
    m_page->history()->clear();
    m_profile->cookieStore()->deleteAllCookies();
    m_profile->clearHttpCache();
    showAddress({});
}

void SignInShell::showPage()
{
    m_stack->setCurrentWidget(m_view);
    if (m_view->isVisible())
        m_view->setFocus();
}

void SignInShell::showNotice(const QString &icon, const QString &title, const QString &text, bool canRetry)
{
    m_noticeIcon->setPixmap(m_theme.icon(icon, 32, m_theme.colours().tx3, devicePixelRatioF()));
    m_noticeTitle->setText(title);
    m_noticeText->setText(text);
    m_retry->setVisible(canRetry);
    m_stack->setCurrentWidget(m_notice);
    showSafety(Safety::NotConnected);
    (canRetry ? m_retry : m_noticeBrowser)->setFocus();
}

void SignInShell::showAddress(const QUrl &url)
{
    const bool isNothing = url.isEmpty() || url == QUrl(u"about:blank"_s);
    m_address->setUrl(isNothing ? QUrl() : url);
    m_lock->setVisible(!isNothing);
    m_chip->setVisible(!isNothing);
}

void SignInShell::showSafety(Safety safety)
{
    const ui::Palette &colours = m_theme.colours();
    const auto show = [this](const QString &icon, const QColor &colour, const QString &words,
                             const char *look) {
        m_lock->setPixmap(m_theme.icon(icon, 16, colour, devicePixelRatioF()));
        m_lock->setAccessibleName(words);
        m_chipWords->setText(words);
        m_chip->setProperty("look", QLatin1StringView(look));
        for (QWidget *const part : {m_chip, static_cast<QWidget *>(m_chipWords)}) {
            part->style()->unpolish(part);
            part->style()->polish(part);
        }
    };
    m_chipIcon->setPixmap(m_theme.icon(u"check"_s, 12, colours.ok, devicePixelRatioF()));
    m_chipIcon->setVisible(safety == Safety::Secure);
    switch (safety) {
    case Safety::NotYetKnown:
        show(u"globe"_s, colours.tx2, tr("Connecting"), "plain");
        break;
    case Safety::Secure:
        show(u"lock"_s, colours.ok, tr("Secure, address locked"), "secure");
        break;
    case Safety::ThisComputer:
        show(u"info"_s, colours.tx2, tr("This computer, address locked"), "plain");
        break;
    case Safety::NotConnected:
        show(u"warning"_s, colours.bad, tr("Not connected"), "bad");
        break;
    }
}

void SignInShell::finish(const QJsonObject &line)
{
    if (m_isOver)
        return;
    m_isOver = true;
    m_page->triggerAction(QWebEnginePage::Stop);
    emit said(line, true);
}

void SignInShell::closeEvent(QCloseEvent *event)
{
    finish({{u"cancelled"_s, true}});
    QWidget::closeEvent(event);
}

} // namespace parley::signin
