// The first window of a new profile: which hub, who, and a demo for those who only want to look.
#pragma once

#include "core/base/Async.h"
#include "ui/style/Theme.h"

#include <QUrl>
#include <QWidget>

#include <functional>

class QCheckBox;
class QLineEdit;
class QTimer;

namespace parley::ui {

class Button;
class Label;
class IconLabel;

/// What answered at the address of a hub.
struct HubFound {
    QString name;
    QString version;
};

class FirstRun : public QWidget
{
    Q_OBJECT

public:
    /// Asks whether a hub answers there.
    using CheckHub = std::function<Async<HubFound>(QUrl)>;

    FirstRun(Theme &theme, CheckHub checkHub, QWidget *parent = nullptr);

    void setHubAddress(const QString &address);
    void setEmail(const QString &email);
    /// While the sign-in is under way nothing can be pressed twice; what was typed stays.
    void setConnecting(bool connecting);
    /// Why it did not work, in words; shown under the password.
    void showProblem(const QString &sentence);
    /// No: the demo cannot be started from here (it is running already).
    void setDemoOffered(bool offered);

    /// "chat.example" becomes "https://chat.example", a loopback address "http://…"; invalid when it is no
    /// address.
    [[nodiscard]] static QUrl hubUrlFrom(const QString &typed);

signals:
    void connectRequested(const QUrl &hub, const QString &email, const QString &password, bool keepSignedIn);
    void demoRequested();
    void crmRequested();
    void themeChosen(parley::ui::ThemeChoice choice);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QWidget *makeWelcome();
    QWidget *makeForm();
    QWidget *makeDemoCard();
    QWidget *makeCrmCard();
    QLineEdit *makeField(const QString &name, const QString &label, QWidget *column);
    void checkSoon();
    void check();
    void tell(const QString &icon, const QString &sentence, QColor Palette::*ink);
    void submit();
    void nameTheme();

    Theme &m_theme;
    const CheckHub m_checkHub;
    QTimer *m_wait = nullptr;
    QLineEdit *m_address = nullptr;
    QLineEdit *m_email = nullptr;
    QLineEdit *m_password = nullptr;
    QCheckBox *m_keep = nullptr;
    Button *m_connect = nullptr;
    Button *m_themeLink = nullptr;
    IconLabel *m_foundIcon = nullptr;
    Label *m_found = nullptr;
    Label *m_problem = nullptr;
    QWidget *m_problemRow = nullptr; ///< with its icon
    QWidget *m_demo = nullptr;
    QUrl m_checked; // what the answer that is shown is about
};

} // namespace parley::ui
