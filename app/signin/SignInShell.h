// The sign-in window around the CRM's page: whose page it is, the way back, and the ways out.
#pragma once

#include "app/signin/SignInPage.h"
#include "ui/style/Theme.h"

#include <QJsonObject>
#include <QWidget>

class QAbstractButton;
class QButtonGroup;
class QLabel;
class QLineEdit;
class QProgressBar;
class QPushButton;
class QStackedWidget;
class QToolButton;
class QWebEngineProfile;
class QWebEngineView;

namespace parley::signin {

class AddressLabel;

/// Speaks with the console in lines (docs: core/auth/SignInFlow.h); said() is what goes out, hear() what came
/// in.
class SignInShell final : public QWidget
{
    Q_OBJECT

public:
    explicit SignInShell(QWidget *parent = nullptr);
    ~SignInShell() override;

    void hear(const QJsonObject &line);

signals:
    /// isLast: the window has nothing more to say and closes.
    void said(const QJsonObject &line, bool isLast);

protected:
    void closeEvent(QCloseEvent *event) override;

private:
    void build();
    QWidget *buildHead();
    QWidget *buildBar();
    QWidget *buildBody();
    QWidget *buildFoot();
    QWidget *buildNotice();
    QWidget *buildDomainForm();
    void connectPage();
    void applyTheme();
    void begin(const QJsonObject &line);
    void chooseEnvironment(const QString &environment);
    void askForDomain(const QString &problem);
    void submitDomain();
    void clearPage();
    void showPage();
    void showNotice(const QString &icon, const QString &title, const QString &text, bool canRetry);
    void showAddress(const QUrl &url);
    /// What may be said of the connection; Secure only once a page has come over it.
    enum class Safety { NotYetKnown, Secure, ThisComputer, NotConnected };
    void showSafety(Safety safety);
    void finish(const QJsonObject &line);

    ui::Theme m_theme;
    Bounds m_bounds;
    QString m_crm;
    QString m_environment;
    bool m_hasBegun = false;
    bool m_isOver = false;
    bool m_isKept = true;

    QLabel *m_title = nullptr;
    QLabel *m_promise = nullptr;
    QWidget *m_segments = nullptr;
    QButtonGroup *m_environments = nullptr;
    QLabel *m_lock = nullptr;
    AddressLabel *m_address = nullptr;
    QWidget *m_chip = nullptr;
    QLabel *m_chipIcon = nullptr;
    QLabel *m_chipWords = nullptr;
    QToolButton *m_back = nullptr;
    QToolButton *m_reload = nullptr;
    QProgressBar *m_progress = nullptr;
    QStackedWidget *m_stack = nullptr;
    QWidget *m_notice = nullptr;
    QLabel *m_noticeIcon = nullptr;
    QLabel *m_noticeTitle = nullptr;
    QLabel *m_noticeText = nullptr;
    QPushButton *m_retry = nullptr;
    QPushButton *m_noticeBrowser = nullptr;
    QWidget *m_domainForm = nullptr;
    QLineEdit *m_domain = nullptr;
    QLabel *m_domainProblem = nullptr;
    QLabel *m_keptIcon = nullptr;
    QLabel *m_kept = nullptr;
    QLabel *m_scopesIcon = nullptr;
    QLabel *m_scopes = nullptr;
    QPushButton *m_browser = nullptr;
    QPushButton *m_cancel = nullptr;
    QLabel *m_escape = nullptr;

    // The page must go before its profile.
    std::unique_ptr<QWebEngineProfile> m_profile;
    RedirectGuard *m_guard = nullptr;
    QWebEngineView *m_view = nullptr;
    SignInPage *m_page = nullptr;
};

} // namespace parley::signin
