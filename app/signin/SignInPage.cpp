#include "app/signin/SignInPage.h"

#include "core/auth/AuthorizationRequest.h"
#include "core/auth/OAuthSettings.h"

#include <QDesktopServices>
#include <QMessageBox>
#include <QWebEngineCertificateError>
#include <QWebEngineProfile>
#include <QWebEngineSettings>

namespace parley::signin {

using namespace Qt::Literals::StringLiterals;

bool Bounds::allow(const QUrl &url) const
{
    if (!auth::isSafeForTokens(url) || (url.scheme() == u"http" && authorizeUrl.scheme() != u"http"))
        return false;
    const QString host = url.host().toLower();
    if (host == authorizeUrl.host().toLower())
        return true;
    return std::ranges::any_of(allowedHosts, [&host](const QString &allowed) {
        return allowed.startsWith(u"*.") ? host.endsWith(QStringView(allowed).sliced(1)) : host == allowed;
    });
}

void RedirectGuard::interceptRequest(QWebEngineUrlRequestInfo &info)
{
    const QUrl url = info.requestUrl();
    const bool isThere =
        url.scheme() == m_bounds.redirectUri.scheme() && url.authority() == m_bounds.redirectUri.authority();
    if (!isThere || m_bounds.authorizeUrl.authority() == m_bounds.redirectUri.authority())
        return;
    info.block(true);
    if (info.resourceType() == QWebEngineUrlRequestInfo::ResourceTypeMainFrame &&
        auth::isRedirect(url, m_bounds.redirectUri))
        emit redirected(url);
}

SignInPage::SignInPage(QWebEngineProfile *profile, QObject *parent)
    : QWebEnginePage(profile, parent)
{
    settings()->setAttribute(QWebEngineSettings::ErrorPageEnabled, false);
    settings()->setAttribute(QWebEngineSettings::PluginsEnabled, false);
    settings()->setAttribute(QWebEngineSettings::PdfViewerEnabled, false);
    settings()->setAttribute(QWebEngineSettings::FullScreenSupportEnabled, false);
    settings()->setAttribute(QWebEngineSettings::ScreenCaptureEnabled, false);
    settings()->setAttribute(QWebEngineSettings::JavascriptCanOpenWindows, false);
    settings()->setAttribute(QWebEngineSettings::LocalContentCanAccessRemoteUrls, false);
    settings()->setAttribute(QWebEngineSettings::DnsPrefetchEnabled, false);
    connect(this, &QWebEnginePage::featurePermissionRequested, this,
            [this](const QUrl &origin, Feature feature) {
                setFeaturePermission(origin, feature, PermissionDeniedByUser);
            });
    connect(this, &QWebEnginePage::certificateError, this, [this](QWebEngineCertificateError error) {
        error.rejectCertificate();
        emit certificateRefused(error.url().host(), error.description());
    });
}

bool SignInPage::acceptNavigationRequest(const QUrl &url, NavigationType type, bool isMainFrame)
{
    // Frames and other parts of the page are the CRM's business; RedirectGuard watches them.
    if (!isMainFrame || url == QUrl(u"about:blank"_s))
        return true;
    if (auth::isRedirect(url, m_bounds.redirectUri)) {
        emit redirected(url);
        return false;
    }
    if (m_bounds.allow(url))
        return true;
    const bool isWeb = url.scheme() == u"https" || url.scheme() == u"http";
    if (isWeb && type == NavigationTypeLinkClicked)
        QDesktopServices::openUrl(url);
    else if (isWeb)
        emit leaving(url);
    return false;
}

QWebEnginePage *SignInPage::createWindow(WebWindowType)
{
    return this; // "Forgot your password?" and the like: one window, one address in view
}

QStringList SignInPage::chooseFiles(FileSelectionMode, const QStringList &, const QStringList &)
{
    return {};
}

void SignInPage::javaScriptAlert(const QUrl &origin, const QString &text)
{
    QMessageBox box(QMessageBox::NoIcon, origin.host(), text.left(2000), QMessageBox::Ok);
    box.setTextFormat(Qt::PlainText);
    box.exec();
}

bool SignInPage::javaScriptConfirm(const QUrl &origin, const QString &text)
{
    QMessageBox box(QMessageBox::NoIcon, origin.host(), text.left(2000),
                    QMessageBox::Ok | QMessageBox::Cancel);
    box.setTextFormat(Qt::PlainText);
    return box.exec() == QMessageBox::Ok;
}

void SignInPage::javaScriptConsoleMessage(JavaScriptConsoleMessageLevel, const QString &, int,
                                          const QString &)
{
    // What a sign-in page writes there may hold what was typed: it is not logged.
}

} // namespace parley::signin
