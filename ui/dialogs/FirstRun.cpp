#include "ui/dialogs/FirstRun.h"

#include "ui/style/Announcer.h"
#include "ui/style/Button.h"
#include "ui/style/Label.h"
#include "ui/style/Marks.h"
#include "ui/style/Paint.h"
#include "ui/style/Surfaces.h"

#include <QAction>
#include <QCheckBox>
#include <QLineEdit>
#include <QMenu>
#include <QTimer>

#include <array>

namespace parley::ui {

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr int kWelcomeWidth = 360;
constexpr auto kTypingPause = 400ms;

class Logo : public QWidget
{
public:
    Logo(Theme &theme, QWidget *parent)
        : QWidget(parent)
        , m_theme(theme)
    {
        setFixedSize(40, 40);
    }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        paint::logo(painter, m_theme, rect());
    }

private:
    Theme &m_theme;
};

/// One of the steps at the left: a number in a disc and what it is about.
class Step : public QWidget
{
public:
    Step(Theme &theme, int number, const QString &text, bool current, QWidget *parent)
        : QWidget(parent)
        , m_theme(theme)
        , m_number(number)
        , m_text(text)
        , m_isCurrent(current)
    {
        setFixedHeight(44);
        setAccessibleName(FirstRun::tr("Step %1: %2").arg(number).arg(text));
    }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        const Palette &colours = m_theme.colours();
        if (m_isCurrent)
            paint::box(painter, rect(), 8, colours.bgPane, colours.line);
        const QRect disc = paint::placed(layoutDirection(), rect(), QRect(12, 10, 24, 24));
        paint::box(painter, disc, 12, m_isCurrent ? colours.accent : QColor(),
                   m_isCurrent ? QColor() : colours.lineInput);
        painter.setFont(m_theme.font(TextRole::Meta, QFont::DemiBold));
        painter.setPen(m_isCurrent ? colours.onAccent : colours.tx2);
        painter.drawText(disc, Qt::AlignCenter, QString::number(m_number));
        const QRect words = paint::placed(layoutDirection(), rect(), QRect(48, 0, width() - 60, height()));
        paint::text(painter, words, m_text, m_theme.font(m_isCurrent ? TextRole::Strong : TextRole::Body),
                    m_isCurrent ? colours.tx1 : colours.tx2);
    }

private:
    Theme &m_theme;
    int m_number;
    QString m_text;
    bool m_isCurrent;
};

/// The tinted square with an icon in the demo's card.
class IconTile : public QWidget
{
public:
    IconTile(Theme &theme, QString icon, QWidget *parent)
        : QWidget(parent)
        , m_theme(theme)
        , m_icon(std::move(icon))
    {
        setFixedSize(40, 40);
    }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        paint::box(painter, rect(), 8, m_theme.colours().accentTint);
        paint::icon(painter, m_theme, rect(), m_icon, 20, m_theme.colours().accentTx);
    }

private:
    Theme &m_theme;
    QString m_icon;
};

QVBoxLayout *columnOf(QWidget *widget, int spacing)
{
    auto *layout = new QVBoxLayout(widget);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(spacing);
    return layout;
}

QHBoxLayout *rowIn(QVBoxLayout *column, int spacing)
{
    auto *row = new QHBoxLayout;
    row->setSpacing(spacing);
    column->addLayout(row);
    return row;
}

} // namespace

FirstRun::FirstRun(Theme &theme, CheckHub checkHub, QWidget *parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_checkHub(std::move(checkHub))
    , m_wait(new QTimer(this))
{
    setObjectName(u"firstRun"_s);
    setWindowTitle(tr("Parley"));
    resize(960, 640);
    setMinimumSize(880, 600);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    row->addWidget(makeWelcome());
    row->addWidget(makeForm(), 1);
    m_wait->setSingleShot(true);
    m_wait->setInterval(kTypingPause);
    connect(m_wait, &QTimer::timeout, this, &FirstRun::check);
    connect(&m_theme, &Theme::changed, this, [this] {
        nameTheme();
        update();
    });
    m_address->setFocus();
}

QWidget *FirstRun::makeWelcome()
{
    auto *ground = new Ground(m_theme, &Palette::bgRail, this, Qt::RightEdge);
    ground->setFixedWidth(kWelcomeWidth);
    auto *column = new QVBoxLayout(ground);
    column->setContentsMargins(32, 32, 32, 28);
    column->setSpacing(0);
    column->addWidget(new Logo(m_theme, ground), 0, Qt::AlignLeading);
    column->addSpacing(24);
    column->addWidget(new Label(m_theme, tr("Welcome to Parley"), TextRole::Figure, &Palette::tx1, ground));
    column->addSpacing(8);
    auto *promise = new Label(m_theme, tr("Answer visitors and keep your CRM right, from one window."),
                              TextRole::Message, &Palette::tx2, ground);
    promise->setWordWrap(true);
    column->addWidget(promise);
    column->addSpacing(32);
    column->addWidget(new Step(m_theme, 1, tr("Connect to your hub"), true, ground));
    column->addSpacing(4);
    column->addWidget(new Step(m_theme, 2, tr("Connect your CRM"), false, ground));
    column->addStretch();
    auto *themeRow = rowIn(column, 8);
    themeRow->addWidget(new IconLabel(m_theme, u"moon"_s, 14, &Palette::tx2, ground));
    m_themeLink = new Button(m_theme, {}, ButtonKind::Link, ButtonSize::Xs, ground);
    m_themeLink->setObjectName(u"themeMenu"_s);
    auto *menu = new QMenu(m_themeLink);
    const std::array<std::pair<QString, ThemeChoice>, 3> choices{
        {{tr("Follow the system"), ThemeChoice::System},
         {tr("Light"), ThemeChoice::Light},
         {tr("Dark"), ThemeChoice::Dark}}};
    for (const auto &[text, choice] : choices)
        connect(menu->addAction(text), &QAction::triggered, this,
                [this, choice = choice] { emit themeChosen(choice); });
    connect(m_themeLink, &QPushButton::clicked, menu,
            [this, menu] { menu->popup(m_themeLink->mapToGlobal(QPoint(0, -menu->sizeHint().height()))); });
    themeRow->addWidget(m_themeLink);
    themeRow->addStretch();
    nameTheme();
    return ground;
}

void FirstRun::nameTheme()
{
    const QString name = m_theme.choice() == ThemeChoice::System ? tr("Theme: follow the system")
                         : m_theme.choice() == ThemeChoice::Dark ? tr("Theme: dark")
                                                                 : tr("Theme: light");
    m_themeLink->setText(name);
    m_themeLink->setAccessibleName(tr("%1, change").arg(name));
}

QLineEdit *FirstRun::makeField(const QString &name, const QString &label, QWidget *column)
{
    auto *layout = columnOf(column, 4);
    auto *caption = new Label(m_theme, label, TextRole::Meta, &Palette::tx2, column);
    caption->setWeight(QFont::Medium);
    auto *edit = new QLineEdit(column);
    edit->setObjectName(name);
    edit->setAccessibleName(label);
    caption->setBuddy(edit);
    layout->addWidget(caption);
    layout->addWidget(edit);
    connect(edit, &QLineEdit::returnPressed, this, &FirstRun::submit);
    return edit;
}

QWidget *FirstRun::makeForm()
{
    auto *ground = new Ground(m_theme, &Palette::bgPane, this);
    auto *column = new QVBoxLayout(ground);
    column->setContentsMargins(48, 32, 48, 24);
    column->setSpacing(0);
    column->addWidget(new Label(m_theme, tr("Connect to your hub"), TextRole::Page, &Palette::tx1, ground));
    column->addSpacing(4);
    column->addWidget(new Label(m_theme, tr("The hub passes chats between your website and your team."),
                                TextRole::Body, &Palette::tx2, ground));
    column->addSpacing(20);

    auto *addressColumn = new QWidget(ground);
    m_address = makeField(u"hubAddress"_s, tr("Hub address"), addressColumn);
    m_address->setPlaceholderText(u"https://chat.example.com"_s);
    m_address->setLayoutDirection(Qt::LeftToRight);
    auto *server = new IconLabel(m_theme, u"server"_s, 14, &Palette::tx2, m_address);
    server->setAttribute(Qt::WA_TransparentForMouseEvents);
    server->setGeometry(11, 0, 16, 32);
    m_address->setTextMargins(24, 0, 0, 0);
    column->addWidget(addressColumn);
    auto *foundRow = rowIn(column, 6);
    foundRow->setContentsMargins(0, 4, 0, 12);
    m_foundIcon = new IconLabel(m_theme, u"check"_s, 14, &Palette::ok, ground);
    m_found = new Label(m_theme, {}, TextRole::Meta, &Palette::ok, ground);
    m_found->setObjectName(u"hubFound"_s);
    m_found->setMinimumHeight(16);
    foundRow->addWidget(m_foundIcon);
    foundRow->addWidget(m_found, 1);
    m_foundIcon->hide();

    auto *who = rowIn(column, 16);
    auto *emailColumn = new QWidget(ground);
    m_email = makeField(u"email"_s, tr("Your email"), emailColumn);
    m_email->setLayoutDirection(Qt::LeftToRight);
    auto *passwordColumn = new QWidget(ground);
    m_password = makeField(u"password"_s, tr("Password"), passwordColumn);
    m_password->setEchoMode(QLineEdit::Password);
    m_password->setLayoutDirection(Qt::LeftToRight);
    auto *inside = new QHBoxLayout(m_password);
    inside->setContentsMargins(0, 0, 4, 0);
    inside->addStretch();
    auto *eye = new IconButton(m_theme, u"eye"_s, tr("Show the password"), 24, m_password);
    eye->setObjectName(u"showPassword"_s);
    eye->setCursor(Qt::ArrowCursor);
    inside->addWidget(eye);
    m_password->setTextMargins(0, 0, 26, 0);
    connect(eye, &QPushButton::clicked, this, [this, eye] {
        const bool isShown = m_password->echoMode() == QLineEdit::Password;
        m_password->setEchoMode(isShown ? QLineEdit::Normal : QLineEdit::Password);
        eye->setIconName(isShown ? u"eyeoff"_s : u"eye"_s);
        eye->setName(isShown ? tr("Hide the password") : tr("Show the password"));
    });
    who->addWidget(emailColumn, 1);
    who->addWidget(passwordColumn, 1);
    column->addSpacing(8);
    m_problemRow = new QWidget(ground);
    auto *problem = new QHBoxLayout(m_problemRow);
    problem->setContentsMargins(0, 0, 0, 4);
    problem->setSpacing(6);
    problem->addWidget(new IconLabel(m_theme, u"error"_s, 14, &Palette::bad, m_problemRow), 0, Qt::AlignTop);
    m_problem = new Label(m_theme, {}, TextRole::Meta, &Palette::bad, m_problemRow);
    m_problem->setObjectName(u"problem"_s);
    m_problem->setWordWrap(true);
    problem->addWidget(m_problem, 1);
    m_problemRow->hide();
    column->addWidget(m_problemRow);
    column->addSpacing(8);

    auto *actions = rowIn(column, 8);
    m_connect = new Button(m_theme, tr("Connect"), ButtonKind::Primary, ButtonSize::Lg, ground);
    m_connect->setObjectName(u"connect"_s);
    m_connect->setKeyHint(QKeySequence(Qt::Key_Enter));
    connect(m_connect, &QPushButton::clicked, this, &FirstRun::submit);
    m_keep = new QCheckBox(tr("Keep me signed in"), ground);
    m_keep->setObjectName(u"keepSignedIn"_s);
    m_keep->setChecked(true);
    actions->addWidget(m_connect);
    actions->addStretch();
    actions->addWidget(m_keep);

    m_demo = makeDemoCard();
    column->addWidget(m_demo);
    column->addStretch();
    column->addWidget(makeCrmCard());
    connect(m_address, &QLineEdit::textEdited, this, &FirstRun::checkSoon);
    return ground;
}

QWidget *FirstRun::makeDemoCard()
{
    auto *part = new QWidget(this);
    auto *column = columnOf(part, 0);
    column->setContentsMargins(0, 24, 0, 0);
    auto *divider = rowIn(column, 12);
    divider->addWidget(new Line(m_theme, Qt::Horizontal, part), 1);
    divider->addWidget(new Label(m_theme, tr("or"), TextRole::Meta, &Palette::tx3, part));
    divider->addWidget(new Line(m_theme, Qt::Horizontal, part), 1);
    column->addSpacing(24);
    auto *card = new Card(m_theme, part);
    card->setLine(&Palette::line2);
    auto *row = new QHBoxLayout(card);
    row->setContentsMargins(12, 12, 16, 12);
    row->setSpacing(12);
    row->addWidget(new IconTile(m_theme, u"play"_s, card));
    auto *words = new QVBoxLayout;
    words->setSpacing(0);
    words->addWidget(new Label(m_theme, tr("Try the demo"), TextRole::Strong, &Palette::tx1, card));
    words->addWidget(new Label(m_theme, tr("Made-up data. Nothing leaves this computer."), TextRole::Meta,
                               &Palette::tx2, card));
    row->addLayout(words, 1);
    auto *start = new Button(m_theme, tr("Start the demo"), ButtonKind::Normal, ButtonSize::Md, card);
    start->setObjectName(u"startDemo"_s);
    connect(start, &QPushButton::clicked, this, &FirstRun::demoRequested);
    row->addWidget(start);
    column->addWidget(card);
    return part;
}

QWidget *FirstRun::makeCrmCard()
{
    auto *part = new QWidget(this);
    auto *column = columnOf(part, 8);
    auto *captions = rowIn(column, 8);
    auto *caption = new Label(m_theme, tr("Then connect your CRM"), TextRole::Meta, &Palette::tx2, part);
    caption->setWeight(QFont::DemiBold);
    captions->addWidget(caption, 1);
    captions->addWidget(new Label(m_theme, tr("You can skip this and chat without one"), TextRole::Meta,
                                  &Palette::tx3, part));
    auto *card = new Card(m_theme, part);
    card->setFill(&Palette::bgSide);
    auto *row = new QHBoxLayout(card);
    row->setContentsMargins(12, 10, 12, 10);
    row->setSpacing(12);
    auto *badge = new CrmBadge(m_theme, card);
    badge->setBadge(u"SF"_s, {}, Tone::Plain);
    row->addWidget(badge);
    auto *words = new QVBoxLayout;
    words->setSpacing(0);
    words->addWidget(new Label(m_theme, u"Salesforce"_s, TextRole::Strong, &Palette::tx1, card));
    words->addWidget(new Label(m_theme, tr("Production or sandbox"), TextRole::Meta, &Palette::tx2, card));
    row->addLayout(words, 1);
    auto *connectCrm =
        new Button(m_theme, tr("Connect Salesforce"), ButtonKind::Normal, ButtonSize::Md, card);
    connectCrm->setObjectName(u"connectCrm"_s);
    connect(connectCrm, &QPushButton::clicked, this, &FirstRun::crmRequested);
    row->addWidget(connectCrm);
    column->addWidget(card);
    return part;
}

QUrl FirstRun::hubUrlFrom(const QString &typed)
{
    QString address = typed.trimmed();
    if (address.isEmpty())
        return {};
    if (!address.contains("://"_L1)) {
        const QString host = QUrl(u"http://"_s + address).host();
        const bool isLoopback = host == "localhost"_L1 || host.startsWith("127."_L1) || host == "::1"_L1;
        address.prepend(isLoopback ? u"http://"_s : u"https://"_s);
    }
    const QUrl url(address, QUrl::StrictMode);
    const bool isUsable = url.isValid() && !url.host().isEmpty() &&
                          (url.scheme() == "http"_L1 || url.scheme() == "https"_L1) &&
                          url.userInfo().isEmpty();
    if (!isUsable)
        return {};
    QUrl hub = url.adjusted(QUrl::RemoveQuery | QUrl::RemoveFragment | QUrl::StripTrailingSlash);
    if (hub.path() == "/"_L1)
        hub.setPath({});
    return hub;
}

void FirstRun::setHubAddress(const QString &address)
{
    m_address->setText(address);
    check();
    (m_email->text().isEmpty() ? m_email : m_password)->setFocus();
}

void FirstRun::setEmail(const QString &email)
{
    m_email->setText(email);
    if (!email.isEmpty())
        m_password->setFocus();
}

void FirstRun::setDemoOffered(bool offered)
{
    m_demo->setVisible(offered);
}

void FirstRun::setConnecting(bool connecting)
{
    for (QWidget *widget : {static_cast<QWidget *>(m_address), static_cast<QWidget *>(m_email),
                            static_cast<QWidget *>(m_password), static_cast<QWidget *>(m_keep),
                            static_cast<QWidget *>(m_connect), m_demo})
        widget->setEnabled(!connecting);
    m_connect->setText(connecting ? tr("Connecting…") : tr("Connect"));
    if (connecting)
        m_problemRow->hide();
}

void FirstRun::showProblem(const QString &sentence)
{
    m_problem->setText(sentence);
    m_problemRow->setVisible(!sentence.isEmpty());
    announce(this, sentence);
    if (!sentence.isEmpty()) {
        m_password->setFocus();
        m_password->selectAll();
    }
}

void FirstRun::checkSoon()
{
    m_found->clear();
    m_foundIcon->hide();
    m_checked.clear();
    m_wait->start();
}

void FirstRun::check()
{
    m_wait->stop();
    if (m_address->text().trimmed().isEmpty())
        return;
    const QUrl url = hubUrlFrom(m_address->text());
    m_checked = url;
    if (!url.isValid()) {
        tell(u"warning"_s, tr("This is not an address. It looks like https://chat.example.com"),
             &Palette::bad);
        return;
    }
    tell(u"clock"_s, tr("Looking for a hub at %1…").arg(url.host()), &Palette::tx2);
    whenDone(m_checkHub(url), this, [this, url](const Result<HubFound> &found) {
        if (url != m_checked)
            return; // another address was typed meanwhile
        if (!found) {
            tell(u"warning"_s,
                 tr("No hub answers at %1. Check the address, or ask whoever runs it.").arg(url.authority()),
                 &Palette::bad);
            return;
        }
        const QString name = tr("Hub found: %1, version %2.").arg(found->name, found->version);
        const bool isEncrypted = url.scheme() == "https"_L1;
        tell(u"check"_s,
             name + u' ' +
                 (isEncrypted ? tr("The connection is encrypted.") : tr("The connection is not encrypted.")),
             isEncrypted ? &Palette::ok : &Palette::tx2);
    });
}

void FirstRun::tell(const QString &icon, const QString &sentence, QColor Palette::*ink)
{
    m_foundIcon->setIconName(icon);
    m_foundIcon->setInk(ink);
    m_foundIcon->show();
    m_found->setInk(ink);
    m_found->setText(sentence);
}

void FirstRun::submit()
{
    const QUrl url = hubUrlFrom(m_address->text());
    if (!url.isValid()) {
        check();
        if (m_address->text().trimmed().isEmpty())
            tell(u"warning"_s, tr("Enter the address of your hub."), &Palette::bad);
        m_address->setFocus();
        return;
    }
    if (m_email->text().trimmed().isEmpty()) {
        showProblem(tr("Enter the email of your account at the hub."));
        m_email->setFocus();
        return;
    }
    if (m_password->text().isEmpty()) {
        showProblem(tr("Enter your password."));
        return;
    }
    emit connectRequested(url, m_email->text().trimmed(), m_password->text(), m_keep->isChecked());
}

void FirstRun::paintEvent(QPaintEvent *)
{
    QPainter(this).fillRect(rect(), m_theme.colours().bgPane);
}

} // namespace parley::ui
