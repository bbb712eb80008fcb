// Connects a CRM: which environment, in which window to sign in, and in words what became of it. It only asks
// and tells; the sign-in itself is the app's.
#pragma once

#include "core/base/Error.h"
#include "ui/style/Surfaces.h"

#include <QDialog>
#include <QUrl>

#include <optional>

class QLineEdit;
class QStackedWidget;

namespace parley::ui {

class SegmentedControl;

enum class ConnectEnvironment { Production, Sandbox, CustomDomain };
enum class ConnectWay { OwnWindow, SystemBrowser };

struct ConnectRequest {
    QUrl loginUrl; ///< scheme and host: "https://login.salesforce.com"
    ConnectWay way = ConnectWay::OwnWindow;
    QString clientId;
    friend bool operator==(const ConnectRequest &, const ConnectRequest &) = default;
};

class ConnectDialog : public QDialog
{
    Q_OBJECT

public:
    ConnectDialog(Theme &theme, const QString &crm, QWidget *parent);

    /// What the program knows beforehand: the last host, the connected app.
    void setEnvironment(ConnectEnvironment environment, const QString &customDomain = {});
    void setClientId(const QString &clientId);
    /// False: no keychain answers, the sign-in will be kept in memory only. Said before anybody signs in.
    void setKeychain(bool isPresent);

    void showWaiting(ConnectWay way); ///< the page is open, Parley waits for the answer
    void showFinishing();             ///< the answer came; the token is being fetched
    void showError(const Error &error);
    void showConnected(const QString &userName, const QString &host, bool isMemoryOnly);

    /// The address to sign in at; nothing when what was typed is no host. Plain http is taken for this
    /// computer only.
    [[nodiscard]] static std::optional<QUrl> loginUrlOf(ConnectEnvironment environment, const QString &typed);

signals:
    void signInRequested(const parley::ui::ConnectRequest &request);
    void
    cancelRequested(); ///< while waiting; the app stops the sign-in and says so with showError(Cancelled)

public slots:
    void reject() override;

private:
    void buildTop(QVBoxLayout *column);
    QWidget *buildChoice();
    QWidget *buildWaiting();
    QWidget *buildDone();
    Button *addWay(QBoxLayout *row, ConnectWay way, const QString &icon, const QString &title,
                   const QString &detail);
    void tellHost();
    void ask(ConnectWay way);
    [[nodiscard]] ConnectEnvironment environment() const;

    Theme &m_theme;
    QString m_crm;
    bool m_isWaiting = false;
    ConnectWay m_way = ConnectWay::OwnWindow;
    SegmentedControl *m_environment;
    QWidget *m_domainRow;
    QLineEdit *m_domain;
    QLineEdit *m_clientId;
    Label *m_domainProblem;
    ElidedLabel *m_host;
    Banner *m_problem;
    Banner *m_keychain;
    QStackedWidget *m_pages;
    Button *m_ownWindow;
    Button *m_browser;
    Label *m_waitingTitle;
    Label *m_waitingText;
    Button *m_again;
    Label *m_doneText;
    Button *m_cancel;
};

} // namespace parley::ui
