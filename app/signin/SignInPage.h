// The CRM's page: stays on the CRM's hosts, hands out the redirect before anything is sent there, allows
// nothing else.
#pragma once

#include <QStringList>
#include <QUrl>
#include <QWebEnginePage>
#include <QWebEngineUrlRequestInterceptor>

namespace parley::signin {

/// Where one sign-in may go.
struct Bounds {
    QUrl authorizeUrl;
    QUrl redirectUri;
    QStringList allowedHosts; ///< hosts, or "*.example.com" for all below it

    /// May the window itself show this address? https, or plain http where the sign-in began on this very
    /// computer.
    [[nodiscard]] bool allow(const QUrl &url) const;
};

/// Stops every request to the redirect's origin, whatever page or frame makes it: nobody listens there, and
/// the code must not be told to whoever might.
class RedirectGuard final : public QWebEngineUrlRequestInterceptor
{
    Q_OBJECT

public:
    using QWebEngineUrlRequestInterceptor::QWebEngineUrlRequestInterceptor;
    void setBounds(const Bounds &bounds) { m_bounds = bounds; }
    void interceptRequest(QWebEngineUrlRequestInfo &info) override;

signals:
    void redirected(const QUrl &url);

private:
    Bounds m_bounds;
};

class SignInPage final : public QWebEnginePage
{
    Q_OBJECT

public:
    explicit SignInPage(QWebEngineProfile *profile, QObject *parent = nullptr);
    void setBounds(const Bounds &bounds) { m_bounds = bounds; }

signals:
    void redirected(const QUrl &url);
    /// The CRM sends the person elsewhere (a company's own sign-in): not shown here.
    void leaving(const QUrl &url);
    void certificateRefused(const QString &host, const QString &why);

protected:
    bool acceptNavigationRequest(const QUrl &url, NavigationType type, bool isMainFrame) override;
    QWebEnginePage *createWindow(WebWindowType type) override;
    QStringList chooseFiles(FileSelectionMode mode, const QStringList &oldFiles,
                            const QStringList &types) override;
    void javaScriptAlert(const QUrl &origin, const QString &text) override;
    bool javaScriptConfirm(const QUrl &origin, const QString &text) override;
    void javaScriptConsoleMessage(JavaScriptConsoleMessageLevel level, const QString &message, int line,
                                  const QString &source) override;

private:
    Bounds m_bounds;
};

} // namespace parley::signin
