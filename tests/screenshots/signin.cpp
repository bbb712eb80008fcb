// Writes the sign-in window's states to a folder: parley-signin's own window over the sandbox's pages, light
// and dark. The screen is photographed, not the widget: a page that Chromium never painted would show as a
// hole.
#include "app/demo/SandboxThread.h"
#include "app/signin/SignInShell.h"

#include <QApplication>
#include <QDir>
#include <QElapsedTimer>
#include <QJsonArray>
#include <QLineEdit>
#include <QPushButton>
#include <QScreen>
#include <QStackedWidget>
#include <QTcpServer>
#include <QTest>
#include <QUrlQuery>

#include <cstdio>

using namespace parley;
using namespace Qt::Literals::StringLiterals;

namespace {

/// What the console's side of a sign-in tells the window first.
QJsonObject opening(const QUrl &authorizeUrl, const QUrl &redirectUri, bool isDark)
{
    return {{u"authorizeUrl"_s, authorizeUrl.toString(QUrl::FullyEncoded)},
            {u"redirectUri"_s, redirectUri.toString(QUrl::FullyEncoded)},
            {u"allowedHosts"_s, QJsonArray{u"127.0.0.1"_s}},
            {u"crm"_s, u"Salesforce"_s},
            {u"dark"_s, isDark},
            {u"kept"_s, true},
            {u"canChooseEnvironment"_s, true},
            {u"environment"_s, u"production"_s},
            {u"parent"_s, QJsonObject{{u"x"_s, 0}, {u"y"_s, 0}, {u"width"_s, 1440}, {u"height"_s, 900}}}};
}

class Photographer
{
public:
    Photographer(QString folder, const QJsonObject &salesforce)
        : m_folder(std::move(folder))
        , m_redirect(salesforce.value(u"redirectUris"_s).toArray().first().toString())
        , m_authorize(salesforce.value(u"loginUrl"_s).toString() + u"/services/oauth2/authorize"_s)
    {
        m_authorize.setQuery(
            {{u"response_type"_s, u"code"_s},
             {u"client_id"_s, salesforce.value(u"clientId"_s).toString()},
             {u"redirect_uri"_s, m_redirect.toString()},
             {u"state"_s, u"picture"_s},
             {u"code_challenge"_s, u"E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"_s}, // RFC 7636, appendix B
             {u"code_challenge_method"_s, u"S256"_s}});
    }

    int run()
    {
        for (const bool isDark : {false, true}) {
            m_look = isDark ? u"dark"_s : u"light"_s;
            signin::SignInShell shell;
            QJsonObject line = opening(m_authorize, m_redirect, isDark);
            shell.hear(line);
            shootPage(shell, u"signin"_s);
            shell.resize(shell.minimumSize());
            shootPage(shell, u"signin-narrow"_s);
            shell.resize(640, 720);
            shell.findChild<QPushButton *>(u"environment-custom"_s)->click();
            shoot(shell, u"signin-domain"_s);
            shell.findChild<QLineEdit *>(u"domain"_s)->setText(u"acme.example.org"_s);
            shell.hear({{u"refusedHost"_s, u"acme.example.org"_s}});
            shoot(shell, u"signin-domain-refused"_s);
            line.insert(u"authorizeUrl"_s, unreachable());
            shell.hear(line);
            waitForNotice(shell);
            shoot(shell, u"signin-unreachable"_s);
            shootWithoutKeychain(isDark);
        }
        QApplication::setLayoutDirection(Qt::RightToLeft);
        m_look = u"light"_s;
        signin::SignInShell shell;
        shell.hear(opening(m_authorize, m_redirect, false));
        shootPage(shell, u"signin-rtl"_s);
        return m_missed;
    }

private:
    void shootWithoutKeychain(bool isDark)
    {
        signin::SignInShell shell;
        QJsonObject line = opening(m_authorize, m_redirect, isDark);
        line.insert(u"kept"_s, false);
        line.insert(u"canChooseEnvironment"_s, false);
        shell.hear(line);
        shootPage(shell, u"signin-nokeychain"_s);
    }

    /// A port that was free a moment ago.
    static QString unreachable()
    {
        QTcpServer server;
        server.listen(QHostAddress::LocalHost);
        return u"http://127.0.0.1:%1/services/oauth2/authorize"_s.arg(server.serverPort());
    }

    void waitForNotice(signin::SignInShell &shell)
    {
        const auto *const title = shell.findChild<QWidget *>(u"noticeTitle"_s);
        if (!QTest::qWaitFor([title] { return title->isVisible(); }, 20'000))
            miss(u"the notice"_s);
    }

    QImage photograph(const QWidget &shell) const
    {
        const QRect place(shell.mapToGlobal(QPoint()), shell.size());
        return QGuiApplication::primaryScreen()
            ->grabWindow(0, place.x(), place.y(), place.width(), place.height())
            .toImage();
    }

    /// Once the page has something on it: Chromium paints on its own time.
    void shootPage(signin::SignInShell &shell, const QString &name)
    {
        const auto *const page = shell.findChild<QWidget *>(u"page"_s);
        shoot(shell, name, [&](const QImage &now) {
            return colours(now.copy(QRect(page->mapTo(&shell, QPoint()), page->size()))) > 8;
        });
    }

    /// Once it is as wanted, and two looks in a row see the same: the server draws what it was sent.
    void shoot(
        signin::SignInShell &shell, const QString &name,
        const std::function<bool(const QImage &)> &isWanted = [](const QImage &) { return true; })
    {
        QImage last;
        const bool isPainted = QTest::qWaitFor(
            [&] {
                QTest::qWait(100); // between two looks
                const QImage now = photograph(shell);
                const bool isStill = now == std::exchange(last, now);
                return isStill && isWanted(now);
            },
            30'000);
        if (!isPainted)
            miss(name);
        keep(last, name);
    }

    static qsizetype colours(const QImage &image)
    {
        QSet<QRgb> seen;
        for (int y = 0; y < image.height(); y += 2) {
            for (int x = 0; x < image.width(); x += 2)
                seen.insert(image.pixel(x, y));
        }
        return seen.size();
    }

    void keep(const QImage &image, const QString &name)
    {
        const QString path = u"%1/%2-%3.png"_s.arg(m_folder, name, m_look);
        if (!image.save(path))
            miss(path);
    }

    void miss(const QString &what)
    {
        fprintf(stderr, "no picture of %s (%s)\n", qPrintable(what), qPrintable(m_look));
        m_missed = 1;
    }

    const QString m_folder;
    const QUrl m_redirect;
    QUrl m_authorize;
    QString m_look;
    int m_missed = 0;
};

} // namespace

int main(int argc, char **argv)
{
    QApplication app(argc, argv);
    Q_INIT_RESOURCE(icons); // lies in a static library: nothing else would pull it in
    if (argc != 2 || !QDir().mkpath(QString::fromLocal8Bit(argv[1]))) {
        fprintf(stderr, "usage: signin_shots FOLDER\n");
        return 2;
    }
    QApplication::setQuitOnLastWindowClosed(false);
    demo::SandboxThread sandbox({});
    const auto ready = sandbox.start();
    if (!ready) {
        fprintf(stderr, "the sandbox did not start: %s\n", qPrintable(ready.error().detail));
        return 1;
    }
    return Photographer(QString::fromLocal8Bit(argv[1]), ready->value(u"salesforce"_s).toObject()).run();
}
