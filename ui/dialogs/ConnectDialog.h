// Connecting a CRM from the console: which environment, signing in here or in the system browser, and how it
// went.
#pragma once

#include "ui/style/Theme.h"

#include <QDialog>

class QLineEdit;
class QStackedWidget;

namespace parley::ui {

class Banner;
class Button;
class Label;
class SegmentedControl;

/// Where to sign in. Custom: a My Domain or a CRM of one's own, as it was typed.
struct SignInChoice {
    enum class Environment { Production, Sandbox, Custom } environment = Environment::Production;
    QString host;
    QString clientId; ///< as it was typed, where it was asked for
    bool inSystemBrowser = false;
};

class ConnectDialog : public QDialog
{
    Q_OBJECT

public:
    ConnectDialog(Theme &theme, const QString &crmName, QWidget *parent = nullptr);

    /// A known address: the custom environment is chosen and holds it.
    void setCustomHost(const QString &host);
    void setEnvironment(SignInChoice::Environment environment);
    /// The dialog asks under which client id the company registered Parley, and holds the one that is known.
    void askForClientId(const QString &known);
    /// False: no keychain answered, the sign-in ends with the program.
    void setKept(bool kept);

    void showChoice();
    /// The sign-in is under way, here or in the browser (then with the address, for copying).
    void showWaiting(bool inSystemBrowser, const QUrl &address = {});
    /// Why it did not work, in words; back to the choice, nothing typed is lost.
    void showProblem(const QString &title, const QString &detail);

    [[nodiscard]] SignInChoice choice() const;

signals:
    void signInRequested(const parley::ui::SignInChoice &choice);
    /// The sign-in that is under way is not wanted any more.
    void cancelled();

protected:
    void paintEvent(QPaintEvent *event) override;
    void reject() override;

private:
    QWidget *makeChoicePage();
    QWidget *makeWaitingPage();
    void submit(bool inSystemBrowser);

    Theme &m_theme;
    const QString m_crmName;
    QStackedWidget *m_pages = nullptr;
    SegmentedControl *m_environment = nullptr;
    QLineEdit *m_host = nullptr;
    Label *m_hostHint = nullptr;
    QWidget *m_clientIdPart = nullptr;
    QLineEdit *m_clientId = nullptr;
    Banner *m_problem = nullptr;
    Label *m_kept = nullptr;
    Label *m_waiting = nullptr;
    QLineEdit *m_address = nullptr;
    bool m_isWaiting = false;
};

} // namespace parley::ui
